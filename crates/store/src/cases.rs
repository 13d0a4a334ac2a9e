//! The events of cases: appended at the end of a case and never changed.

use std::fmt;

use baoxue_claim::ChildId;
use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, QueryResult, Value};

use crate::{
    Class, Sealer, Store, StoreError,
    body::Column,
    sql::{Table, begin_write, get, next_id, number, query, scalar},
    streams::{NewStreamEvent, TIP},
    tree::{Kind, grow},
};

/// An event of a case, to be appended.
#[derive(Clone, PartialEq, Eq)]
pub struct NewCaseEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// Who; kept sealed.
    pub by: String,
    /// What, as JSON; kept sealed.
    pub body: String,
}

/// Events to be appended to one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseAppend {
    /// The case; `None` begins a new one.
    pub case: Option<i64>,
    /// Its child.
    pub child: ChildId,
    /// How many events the case has, as far as whoever appends knows.
    pub position: u32,
    /// For a new case the number of the last event of all cases that is known: a child whose cases have a later one is not
    /// given a second case.
    pub known: i64,
    /// The events.
    pub events: Vec<NewCaseEvent>,
}

/// An event of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseEvent {
    /// Its number among the events of all cases, from 1.
    pub id: i64,
    /// Its case.
    pub case: i64,
    /// Its position in the case, from 0.
    pub position: u32,
    /// Its child.
    pub child: ChildId,
    /// The event.
    pub event: NewCaseEvent,
}

impl fmt::Debug for NewCaseEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewCaseEvent({})", self.at)
    }
}

const CASE_EVENT: Table = Table {
    name: "case_event",
    columns: &[
        "case_event_id",
        "case_id",
        "position",
        "child_id",
        "recorded_at",
        "recorded_by",
        "body",
    ],
};
const BY: Column = Column::new("case_event.recorded_by", Class::Journal);
const BODY: Column = Column::new("case_event.body", Class::Journal);

impl Store {
    /// Appends events to cases in one transaction; gives the numbers of the cases in the order of `appends`.
    ///
    /// # Errors
    /// [`StoreError::CaseMoved`] when a case has other events than whoever appends knows: nothing is appended then.
    pub async fn append_case_events(
        &self,
        appends: Vec<CaseAppend>,
    ) -> Result<Vec<i64>, StoreError> {
        let tx = begin_write(&self.writer).await?;
        let cases = append_events(&tx, &self.sealer, appends).await?;
        tx.commit().await?;
        Ok(cases)
    }

    /// Appends events to one case and, in the same transaction, an event to a tip-off that has so many; that one may name the
    /// case.
    ///
    /// # Errors
    /// [`StoreError::CaseMoved`] and [`StoreError::Moved`]: nothing is appended then.
    pub async fn append_case_of_tip(
        &self,
        case: Vec<CaseAppend>,
        (tip, position): (i64, u32),
        event: impl FnOnce(i64) -> Result<NewStreamEvent, StoreError>,
    ) -> Result<i64, StoreError> {
        let tx = begin_write(&self.writer).await?;
        let cases = append_events(&tx, &self.sealer, case).await?;
        let case = cases.first().copied().ok_or(StoreError::Damaged("case_event.case_id"))?;
        TIP.append(&tx, &self.sealer, (tip, position), &event(case)?).await?;
        tx.commit().await?;
        Ok(case)
    }

    /// The events after one of that number, of all cases, in the order of recording; 0 gives all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn case_events_after(&self, after: i64) -> Result<Vec<CaseEvent>, StoreError> {
        let sql = "\
            select case_event_id, case_id, position, recorded_at, recorded_by, body, child_id
            from case_event
            where case_event_id > ?
            order by case_event_id";
        let rows = query(&self.reader, sql, vec![after.into()]).await?;
        rows.iter().map(|row| case_event(&self.sealer, row)).collect()
    }

    /// The number of the last event of all cases; 0 when there is none.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn last_case_event(&self) -> Result<i64, StoreError> {
        let sql = "select max(case_event_id) from case_event";
        Ok(scalar::<Option<i64>>(&self.reader, sql, Vec::new()).await?.flatten().unwrap_or(0))
    }
}

/// Appends within a transaction.
pub(crate) async fn append_events(
    tx: &DatabaseTransaction,
    sealer: &Sealer,
    appends: Vec<CaseAppend>,
) -> Result<Vec<i64>, StoreError> {
    let first = next_id(tx, "select max(case_event_id) from case_event").await?;
    let mut next_case = next_id(tx, "select max(case_id) from case_event").await?;
    let mut id = first;
    let mut cases = Vec::with_capacity(appends.len());
    let mut values: Vec<Value> = Vec::new();
    for append in appends {
        let case = if let Some(case) = append.case {
            must_have(tx, case, append.position).await?;
            case
        } else {
            must_be_known(tx, append.child, append.known).await?;
            next_case += 1;
            next_case - 1
        };
        for (event, position) in append.events.iter().zip(append.position..) {
            let place = (case, i64::from(position), append.child.0);
            values.extend(event_values(sealer, id, place, event)?);
            id += 1;
        }
        cases.push(case);
    }
    CASE_EVENT.append(tx, values).await?;
    grow(tx, sealer, &[(Kind::CaseEvent, (first..id).collect())]).await?;
    Ok(cases)
}

/// Refuses unless the case has exactly so many events.
async fn must_have(tx: &DatabaseTransaction, case: i64, n: u32) -> Result<(), StoreError> {
    let sql = "select count(*) from case_event where case_id = ?";
    match scalar::<i64>(tx, sql, vec![case.into()]).await? {
        Some(found) if found == i64::from(n) && n > 0 => Ok(()),
        Some(_) | None => Err(StoreError::CaseMoved(case)),
    }
}

/// Refuses when the child has an event that whoever opens a case for it does not know.
async fn must_be_known(
    tx: &DatabaseTransaction,
    child: ChildId,
    known: i64,
) -> Result<(), StoreError> {
    let sql = "select max(case_id) from case_event where child_id = ? and case_event_id > ?";
    let values = vec![child.0.into(), known.into()];
    match scalar::<Option<i64>>(tx, sql, values).await?.flatten() {
        Some(case) => Err(StoreError::CaseMoved(case)),
        None => Ok(()),
    }
}

fn event_values(
    sealer: &Sealer,
    id: i64,
    (case, position, child): (i64, i64, i64),
    event: &NewCaseEvent,
) -> Result<[Value; 7], StoreError> {
    Ok([
        id.into(),
        case.into(),
        position.into(),
        child.into(),
        event.at.into(),
        sealer.seal_text(BY, (id, 0), &event.by)?.into(),
        sealer.seal_text(BODY, (id, 0), &event.body)?.into(),
    ])
}

fn case_event(sealer: &Sealer, row: &QueryResult) -> Result<CaseEvent, StoreError> {
    let id: i64 = get(row, 0)?;
    Ok(CaseEvent {
        id,
        case: get(row, 1)?,
        position: number(row, 2, "case_event.position")?,
        child: ChildId(get(row, 6)?),
        event: NewCaseEvent {
            at: get(row, 3)?,
            by: sealer.open_text(BY, (id, 0), &get::<Vec<u8>>(row, 4)?)?,
            body: sealer.open_text(BODY, (id, 0), &get::<Vec<u8>>(row, 5)?)?,
        },
    })
}
