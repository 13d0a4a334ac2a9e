//! The pairs that wait for a reader, and ruling on one: the same for pages and for programs.

use baoxue_authz::{Action, Place, Scope};
use baoxue_claim::{ChildId, RecordId};
use baoxue_flow::{
    FlowError, PairAnswer, PairRuling, PairRulings, QueuedPair, QueuedRow, Roll, answer_pair,
    pair_rulings,
};

use crate::{
    app::{App, Desk},
    display::{record_key, record_of},
    door::{Signed, place},
    i18n::Lang,
    trouble::Trouble,
};

/// Longest reason, in characters.
pub(crate) const REASON: usize = 200;

/// What somebody who judges pairs works with.
pub(crate) struct PairDesk<'a> {
    pub(crate) app: &'a App,
    pub(crate) signed: &'a Signed,
    pub(crate) scope: Scope,
    pub(crate) roll: &'a Roll,
    pub(crate) desk: &'a Desk,
    pub(crate) rulings: PairRulings,
}

/// The key of a pair in addresses.
pub(crate) fn key_of(queued: &QueuedPair) -> String {
    let (one, other) = queued.key();
    format!("{}_{}", record_key(one), record_key(other))
}

/// The rows of a key.
pub(crate) fn rows_of(key: &str) -> Option<(RecordId, RecordId)> {
    let (one, other) = key.split_once('_')?;
    Some((record_of(one)?, record_of(other)?))
}

/// The children of a pair that the ledger has.
pub(crate) fn children_of(queued: &QueuedPair) -> impl Iterator<Item = ChildId> + '_ {
    queued.rows.iter().filter_map(|row| row.child)
}

impl<'a> PairDesk<'a> {
    /// The pairs of the run that is shown, and what was ruled since.
    pub(crate) async fn open(
        (app, signed): (&'a App, &'a Signed),
        roll: &'a Roll,
        desk: &'a Desk,
    ) -> Result<Self, Trouble> {
        let scope = signed.scope(Action::DecideIdentity)?;
        let rulings = pair_rulings(app.store()).await?;
        Ok(Self { app, signed, scope, roll, desk, rulings })
    }

    /// Whether both rows are within the reader's scope. A row of no child stands where it says.
    pub(crate) fn may(&self, queued: &QueuedPair) -> bool {
        let of = |row: &QueuedRow| match row.child.and_then(|child| self.roll.entry(child)) {
            Some(entry) => place(entry),
            None => Place { town: row.town, ..Place::default() },
        };
        queued.rows.iter().all(|row| self.scope.holds(&of(row)))
    }

    pub(crate) fn answer(&self, queued: &QueuedPair) -> Option<PairAnswer> {
        self.rulings.get(&queued.key()).map(|ruling| ruling.answer)
    }

    /// The reader's pairs that wait, or those that nobody could judge.
    pub(crate) fn waiting(&self, unsure: bool) -> Vec<&'a QueuedPair> {
        let wanted = if unsure { Some(PairAnswer::Unsure) } else { None };
        let pairs = self.desk.pairs.pairs.iter();
        pairs.filter(|q| self.answer(q) == wanted).filter(|q| self.may(q)).collect()
    }

    pub(crate) fn found(&self, rows: (RecordId, RecordId)) -> Option<&'a QueuedPair> {
        let desk: &'a Desk = self.desk;
        desk.pairs.get(rows).filter(|queued| self.may(queued))
    }

    /// How the log names the reader.
    pub(crate) fn by(&self) -> String {
        format!("{} {}", self.signed.name, self.signed.login)
    }

    /// Rules, and keeps who did; when somebody has ruled before, nothing changes and that ruling is given back.
    pub(crate) async fn rule(
        &self,
        queued: &QueuedPair,
        answer: PairAnswer,
        (reason, lang): (&str, Lang),
    ) -> Result<Option<PairRuling>, Trouble> {
        let reason: String = reason.trim().chars().take(REASON).collect();
        let reason = if reason.is_empty() { lang.t("pair-reason-none") } else { reason };
        let by = self.by();
        let why = (reason.as_str(), by.as_str(), self.app.now());
        match answer_pair(self.app.store(), answer, queued.key(), why).await {
            Ok(None) => {}
            Ok(earlier) => return Ok(earlier),
            Err(FlowError::Contradiction(..)) => return Err(Trouble::Changed("contradiction")),
            Err(FlowError::NoRecord(_)) => return Err(Trouble::Changed("pair-gone")),
            Err(error) => return Err(error.into()),
        }
        let children: Vec<ChildId> = children_of(queued).collect();
        let purpose = match answer {
            PairAnswer::Same => "same",
            PairAnswer::Different => "different",
            PairAnswer::Unsure => "unsure",
        };
        self.signed.kept(self.app, (Action::DecideIdentity, purpose), &children).await?;
        Ok(None)
    }
}
