//! Decisions of people, remembered layouts and the log of events: all append-only.

use baoxue_claim::RecordId;
use chrono::{DateTime, Utc};

use crate::{Store, StoreError};

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
#[derive(Clone, Debug, PartialEq, Eq)]
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Who sends files of this layout; empty when it does not matter.
    pub sender: String,
    /// Fingerprint of the layout.
    pub fingerprint: String,
    /// The answers as TOML; kept sealed.
    pub toml: String,
}

/// Something that happened, to be appended to the log.
#[derive(Clone, Debug, PartialEq)]
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

impl Store {
    /// Appends a ruling.
    pub async fn decide(&self, decision: NewDecision) -> Result<DecisionId, StoreError> {
        let _ = decision;
        todo!()
    }
    /// Revokes a ruling by an event.
    pub async fn revoke(
        &self,
        id: DecisionId,
        reason: &str,
        by: &str,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let _ = (id, reason, by, at);
        todo!()
    }
    /// The rulings in force, in the order in which they were made.
    pub async fn decisions(&self) -> Result<Vec<Decision>, StoreError> {
        todo!()
    }
    /// Remembers the answers for a layout; the newest answers for a sender and fingerprint count.
    pub async fn remember_layout(
        &self,
        layout: Layout,
        at: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let _ = (layout, at);
        todo!()
    }
    /// The layouts that count, in the order of sender and fingerprint.
    pub async fn layouts(&self) -> Result<Vec<Layout>, StoreError> {
        todo!()
    }
    /// Appends to the log and gives the entry's number.
    pub async fn log(&self, event: NewEvent) -> Result<i64, StoreError> {
        let _ = event;
        todo!()
    }
    /// The log, oldest first.
    pub async fn events(&self) -> Result<Vec<Event>, StoreError> {
        todo!()
    }
}
