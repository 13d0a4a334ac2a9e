//! Decisions of people, remembered layouts and the log of events: all append-only.

use std::fmt;

use baoxue_claim::RecordId;
use chrono::{DateTime, Utc};

use crate::{
    Class, Store, StoreError,
    body::Column,
    sql::{Table, begin_write, get, next_id, query, scalar},
    tree::{Kind, grow},
};

/// Number of a decision, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DecisionId(pub i64);

/// A person's ruling on two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ruling {
    /// They are the same child.
    MustLink,
    /// They are two children.
    CannotLink,
}

/// A ruling to be appended.
#[derive(Clone, PartialEq, Eq)]
pub struct NewDecision {
    /// The ruling.
    pub ruling: Ruling,
    /// The two records.
    pub records: (RecordId, RecordId),
    /// Why; kept sealed.
    pub reason: String,
    /// Who; kept sealed.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A ruling in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Its number.
    pub id: DecisionId,
    /// What was decided.
    pub decision: NewDecision,
}

/// The remembered answers for a layout of a sender.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Layout {
    /// Who sends files of this layout; empty when it does not matter.
    pub sender: String,
    /// Fingerprint of the layout.
    pub fingerprint: String,
    /// The answers as TOML; kept sealed.
    pub toml: String,
}

/// Something that happened, to be appended to the log.
#[derive(Clone, PartialEq)]
pub struct NewEvent {
    /// What, a stable word such as `unmasked`.
    pub what: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; kept sealed.
    pub by: String,
    /// The rest; kept sealed.
    pub body: serde_json::Value,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its number, from 1.
    pub id: i64,
    /// What happened.
    pub event: NewEvent,
}

impl fmt::Debug for NewDecision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewDecision({:?}, {:?})", self.ruling, self.records)
    }
}

impl fmt::Debug for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Layout({}, {})", self.sender, self.fingerprint)
    }
}

impl fmt::Debug for NewEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewEvent({}, {})", self.what, self.at)
    }
}

impl Ruling {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::MustLink => "must_link",
            Self::CannotLink => "cannot_link",
        }
    }

    fn from_word(word: &str) -> Result<Self, StoreError> {
        [Self::MustLink, Self::CannotLink]
            .into_iter()
            .find(|ruling| ruling.word() == word)
            .ok_or(StoreError::Damaged("decision.ruling"))
    }
}

const DECISION: Table = Table {
    name: "decision",
    columns: &[
        "decision_id",
        "ruling",
        "first_record_id",
        "second_record_id",
        "reason",
        "made_by",
        "made_at",
    ],
};
const DECISION_EVENT: Table = Table {
    name: "decision_event",
    columns: &["decision_event_id", "decision_id", "what", "reason", "done_by", "happened_at"],
};
const LAYOUT: Table = Table {
    name: "layout",
    columns: &["layout_id", "sender", "fingerprint", "answers", "remembered_at"],
};
const EVENT: Table =
    Table { name: "event", columns: &["event_id", "what", "happened_at", "done_by", "body"] };

const REASON: Column = Column::new("decision.reason", Class::Journal);
const MADE_BY: Column = Column::new("decision.made_by", Class::Journal);
const REVOKED_REASON: Column = Column::new("decision_event.reason", Class::Journal);
const REVOKED_BY: Column = Column::new("decision_event.done_by", Class::Journal);
const ANSWERS: Column = Column::new("layout.answers", Class::Journal);
const DONE_BY: Column = Column::new("event.done_by", Class::Journal);
const BODY: Column = Column::new("event.body", Class::Journal);

impl Store {
    /// Appends a ruling.
    ///
    /// # Errors
    /// [`StoreError::Database`] when a record is not in the store or both are the same.
    pub async fn decide(&self, decision: NewDecision) -> Result<DecisionId, StoreError> {
        let tx = begin_write(&self.writer).await?;
        let id = next_id(&tx, "select max(decision_id) from decision").await?;
        let values = vec![
            id.into(),
            decision.ruling.word().into(),
            decision.records.0.0.into(),
            decision.records.1.0.into(),
            self.sealer.seal_text(REASON, (id, 0), &decision.reason)?.into(),
            self.sealer.seal_text(MADE_BY, (id, 0), &decision.by)?.into(),
            decision.at.into(),
        ];
        DECISION.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::Decision, vec![id])]).await?;
        tx.commit().await?;
        Ok(DecisionId(id))
    }

    /// Revokes a ruling by an event.
    ///
    /// # Errors
    /// [`StoreError::NoDecision`] when it is not in force.
    pub async fn revoke(
        &self,
        id: DecisionId,
        reason: &str,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        let sql = "\
            select count(*)
            from decision d
            where d.decision_id = ?
            and not exists (select 1 from decision_event e where e.decision_id = d.decision_id)";
        if scalar::<i64>(&tx, sql, vec![id.0.into()]).await? != Some(1) {
            return Err(StoreError::NoDecision(id.0));
        }
        let event = next_id(&tx, "select max(decision_event_id) from decision_event").await?;
        let values = vec![
            event.into(),
            id.0.into(),
            "revoked".into(),
            self.sealer.seal_text(REVOKED_REASON, (event, 0), reason)?.into(),
            self.sealer.seal_text(REVOKED_BY, (event, 0), by)?.into(),
            at.into(),
        ];
        DECISION_EVENT.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::DecisionEvent, vec![event])]).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The rulings in force, in the order in which they were made.
    pub async fn decisions(&self) -> Result<Vec<Decision>, StoreError> {
        let sql = "\
            select d.decision_id, d.ruling, d.first_record_id, d.second_record_id, d.reason,
                d.made_by, d.made_at
            from decision d
            where not exists (select 1 from decision_event e where e.decision_id = d.decision_id)
            order by d.decision_id";
        let rows = query(&self.reader, sql, Vec::new()).await?;
        rows.iter()
            .map(|row| {
                let id = get(row, 0)?;
                let decision = NewDecision {
                    ruling: Ruling::from_word(&get::<String>(row, 1)?)?,
                    records: (RecordId(get(row, 2)?), RecordId(get(row, 3)?)),
                    reason: self.sealer.open_text(REASON, (id, 0), &get::<Vec<u8>>(row, 4)?)?,
                    by: self.sealer.open_text(MADE_BY, (id, 0), &get::<Vec<u8>>(row, 5)?)?,
                    at: get(row, 6)?,
                };
                Ok(Decision { id: DecisionId(id), decision })
            })
            .collect()
    }

    /// Remembers the answers for a layout; the newest answers for a sender and fingerprint count.
    pub async fn remember_layout(
        &self,
        layout: Layout,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        let id = next_id(&tx, "select max(layout_id) from layout").await?;
        let answers = self.sealer.seal_text(ANSWERS, (id, 0), &layout.toml)?;
        let values = vec![
            id.into(),
            layout.sender.into(),
            layout.fingerprint.into(),
            answers.into(),
            at.into(),
        ];
        LAYOUT.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::Layout, vec![id])]).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The layouts that count, in the order of sender and fingerprint.
    pub async fn layouts(&self) -> Result<Vec<Layout>, StoreError> {
        let sql = "\
            select layout_id, sender, fingerprint, answers
            from layout
            where layout_id in (select max(layout_id) from layout group by sender, fingerprint)
            order by layout_id";
        let rows = query(&self.reader, sql, Vec::new()).await?;
        let mut layouts: Vec<Layout> = rows
            .iter()
            .map(|row| {
                let answers: Vec<u8> = get(row, 3)?;
                let toml = self.sealer.open_text(ANSWERS, (get(row, 0)?, 0), &answers)?;
                Ok(Layout { sender: get(row, 1)?, fingerprint: get(row, 2)?, toml })
            })
            .collect::<Result<_, StoreError>>()?;
        // Not by the database: the engines order texts differently.
        layouts.sort();
        Ok(layouts)
    }

    /// Appends to the log and gives the entry's number.
    pub async fn log(&self, event: NewEvent) -> Result<i64, StoreError> {
        let tx = begin_write(&self.writer).await?;
        let id = next_id(&tx, "select max(event_id) from event").await?;
        let values = vec![
            id.into(),
            event.what.into(),
            event.at.into(),
            self.sealer.seal_text(DONE_BY, (id, 0), &event.by)?.into(),
            self.sealer.seal_json(BODY, (id, 0), &event.body)?.into(),
        ];
        EVENT.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::Event, vec![id])]).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// The log, oldest first.
    pub async fn events(&self) -> Result<Vec<Event>, StoreError> {
        let sql = "select event_id, what, happened_at, done_by, body from event order by event_id";
        let rows = query(&self.reader, sql, Vec::new()).await?;
        rows.iter()
            .map(|row| {
                let id = get(row, 0)?;
                let event = NewEvent {
                    what: get(row, 1)?,
                    at: get(row, 2)?,
                    by: self.sealer.open_text(DONE_BY, (id, 0), &get::<Vec<u8>>(row, 3)?)?,
                    body: self.sealer.open_json(BODY, (id, 0), &get::<Vec<u8>>(row, 4)?)?,
                };
                Ok(Event { id, event })
            })
            .collect()
    }
}
