//! Streams of sealed events beside those of cases: tip-offs, findings of inspections, letters of responsibility. Each event has its position in its
//! stream, which is taken once.

use std::fmt;

use chrono::{DateTime, Utc};
use sea_orm::{DatabaseTransaction, QueryResult};

use crate::{
    Class, Sealer, Store, StoreError,
    body::Column,
    sql::{Table, begin_write, get, next_id, number, query, scalar},
    tree::{Kind, grow},
};

/// An event of a tip-off, a finding or a letter, to be appended.
#[derive(Clone, PartialEq, Eq)]
pub struct NewStreamEvent {
    /// When.
    pub at: DateTime<Utc>,
    /// Who; kept sealed.
    pub by: String,
    /// What, as JSON; kept sealed.
    pub body: String,
}

/// An event of a tip-off, a finding or a letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamEvent {
    /// The number of the tip-off, finding or letter, from 1.
    pub of: i64,
    /// Its position there, from 0.
    pub position: u32,
    /// The event.
    pub event: NewStreamEvent,
}

impl fmt::Debug for NewStreamEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewStreamEvent({})", self.at)
    }
}

/// Where a kind of stream stands.
pub(crate) struct Stream {
    name: &'static str,
    table: Table,
    kind: Kind,
    by: Column,
    body: Column,
    pub(crate) last: &'static str,
    count: &'static str,
    pub(crate) select: &'static str,
}

pub(crate) const TIP: Stream = Stream {
    name: "tip",
    table: Table {
        name: "tip_event",
        columns: &["tip_event_id", "tip_id", "position", "recorded_at", "recorded_by", "body"],
    },
    kind: Kind::TipEvent,
    by: Column::new("tip_event.recorded_by", Class::Tip),
    body: Column::new("tip_event.body", Class::Tip),
    last: "select max(tip_event_id) from tip_event",
    count: "select count(*) from tip_event where tip_id = ?",
    select: "\
        select tip_event_id, tip_id, position, recorded_at, recorded_by, body
        from tip_event order by tip_event_id",
};

const FINDING: Stream = Stream {
    name: "finding",
    table: Table {
        name: "finding_event",
        columns: &[
            "finding_event_id",
            "finding_id",
            "position",
            "recorded_at",
            "recorded_by",
            "body",
        ],
    },
    kind: Kind::FindingEvent,
    by: Column::new("finding_event.recorded_by", Class::Journal),
    body: Column::new("finding_event.body", Class::Journal),
    last: "select max(finding_event_id) from finding_event",
    count: "select count(*) from finding_event where finding_id = ?",
    select: "\
        select finding_event_id, finding_id, position, recorded_at, recorded_by, body
        from finding_event order by finding_event_id",
};

pub(crate) const LETTER: Stream = Stream {
    name: "letter",
    table: Table {
        name: "letter_event",
        columns: &[
            "letter_event_id",
            "letter_id",
            "position",
            "recorded_at",
            "recorded_by",
            "body",
        ],
    },
    kind: Kind::LetterEvent,
    by: Column::new("letter_event.recorded_by", Class::Journal),
    body: Column::new("letter_event.body", Class::Journal),
    last: "select max(letter_event_id) from letter_event",
    count: "select count(*) from letter_event where letter_id = ?",
    select: "\
        select letter_event_id, letter_id, position, recorded_at, recorded_by, body
        from letter_event where letter_event_id > ? order by letter_event_id",
};

impl Stream {
    /// Appends an event at a position, in a transaction that is under way.
    pub(crate) async fn append(
        &self,
        tx: &DatabaseTransaction,
        sealer: &Sealer,
        (of, position): (i64, u32),
        event: &NewStreamEvent,
    ) -> Result<(), StoreError> {
        let has: i64 = scalar(tx, self.count, vec![of.into()]).await?.unwrap_or_default();
        if has != i64::from(position) {
            return Err(StoreError::Moved(self.name, of));
        }
        let id = next_id(tx, self.last).await?;
        let values = vec![
            id.into(),
            of.into(),
            i64::from(position).into(),
            event.at.into(),
            sealer.seal_text(self.by, (id, 0), &event.by)?.into(),
            sealer.seal_text(self.body, (id, 0), &event.body)?.into(),
        ];
        self.table.append(tx, values).await?;
        grow(tx, sealer, &[(self.kind, vec![id])]).await
    }

    /// The events that a query gives.
    pub(crate) fn events(
        &self,
        sealer: &Sealer,
        rows: &[QueryResult],
    ) -> Result<Vec<StreamEvent>, StoreError> {
        rows.iter().map(|row| self.event(sealer, row)).collect()
    }

    fn event(&self, sealer: &Sealer, row: &QueryResult) -> Result<StreamEvent, StoreError> {
        let id: i64 = get(row, 0)?;
        Ok(StreamEvent {
            of: get(row, 1)?,
            position: number(row, 2, "stream.position")?,
            event: NewStreamEvent {
                at: get(row, 3)?,
                by: sealer.open_text(self.by, (id, 0), &get::<Vec<u8>>(row, 4)?)?,
                body: sealer.open_text(self.body, (id, 0), &get::<Vec<u8>>(row, 5)?)?,
            },
        })
    }
}

impl Store {
    /// Appends an event to a tip-off that has so many.
    ///
    /// # Errors
    /// [`StoreError::Moved`] when it has other events.
    pub async fn append_tip_event(
        &self,
        (tip, position): (i64, u32),
        event: &NewStreamEvent,
    ) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        if position == 0 {
            // Only a sending begins a tip-off.
            return Err(StoreError::Moved(TIP.name, tip));
        }
        TIP.append(&tx, &self.sealer, (tip, position), event).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The events of all tip-offs, in the order of recording.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tip_events(&self) -> Result<Vec<StreamEvent>, StoreError> {
        let rows = query(&self.reader, TIP.select, Vec::new()).await?;
        TIP.events(&self.sealer, &rows)
    }

    /// Appends an event to a finding that has so many, or begins one; gives its number.
    ///
    /// # Errors
    /// [`StoreError::Moved`] when it has other events.
    pub async fn append_finding_event(
        &self,
        (finding, position): (Option<i64>, u32),
        event: &NewStreamEvent,
    ) -> Result<i64, StoreError> {
        let tx = begin_write(&self.writer).await?;
        let id = match finding {
            Some(finding) if position > 0 => finding,
            Some(finding) => return Err(StoreError::Moved(FINDING.name, finding)),
            None => next_id(&tx, "select max(finding_id) from finding_event").await?,
        };
        FINDING.append(&tx, &self.sealer, (id, position), event).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The events of all findings, in the order of recording.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn finding_events(&self) -> Result<Vec<StreamEvent>, StoreError> {
        let rows = query(&self.reader, FINDING.select, Vec::new()).await?;
        FINDING.events(&self.sealer, &rows)
    }
}
