//! The office's side: a tip-off is linked to a child, verified by its case, answered; what its sender left is opened by two.

use baoxue_act::{CaseId, Moment, Rules, Trigger, What};
use baoxue_store::{NewStreamEvent, Store, StoreError::Damaged};
use chrono::{DateTime, NaiveDate, Utc};

use super::{OPEN, Tip, TipBook, TipError, TipEvent, TipOutcome, UNFOUNDED};
use crate::{
    Entry,
    cases::{CaseBook, Voice, appends_of},
};

/// What came of linking a tip-off to a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Linked {
    /// It is verified in that case.
    Case(CaseId),
    /// Its channel has told untruths of the child: it is marked and opens nothing.
    Harassing,
}

/// What work on tip-offs needs.
#[derive(Clone, Copy, Debug)]
pub struct TipDesk<'a> {
    /// The store.
    pub store: &'a Store,
    /// The tip-offs.
    pub tips: &'a TipBook,
    /// The cases.
    pub cases: &'a CaseBook,
    /// What the county decides about cases.
    pub rules: &'a Rules,
    /// The day for which children were judged.
    pub as_of: NaiveDate,
    /// The moment of cases.
    pub moment: Moment,
    /// Now.
    pub now: DateTime<Utc>,
}

impl TipDesk<'_> {
    /// Says about which child a tip-off is: its case is told, or one is opened to verify it. No verdict changes by that.
    /// A channel that told [`UNFOUNDED`] untruths of the child is marked instead, unless somebody gives a reason to verify it
    /// `despite` that.
    ///
    /// # Errors
    /// [`TipError::State`] when it is linked to this child already or answered; [`TipError::Case`] when the case moved.
    pub async fn link(
        &self,
        tip: &Tip,
        entry: &Entry,
        by: &str,
        despite: Option<&str>,
    ) -> Result<Linked, TipError> {
        let is_open = tip.answered.as_ref().is_none_or(|answer| answer.at < tip.last);
        let is_same =
            tip.case.is_some() && tip.child == Some(entry.child) && tip.answered.is_none();
        if !is_open || is_same {
            return Err(TipError::State);
        }
        let despite = despite.map(str::trim).filter(|reason| !reason.is_empty());
        let child = entry.child;
        if self.tips.n_unfounded(tip, child) >= UNFOUNDED && despite.is_none() {
            self.append(tip, by, &TipEvent::Harassing { child }).await?;
            return Ok(Linked::Harassing);
        }
        let voice = Voice { trigger: Trigger::TipOff, whats: vec![What::TippedOff], by };
        let rules = (self.cases, self.rules);
        let appends = appends_of(rules, (entry, self.as_of), voice, self.moment)?;
        let despite = despite.map(str::to_owned);
        let (at, by) = (self.now, by.to_owned());
        let event = |case: i64| {
            let linked = TipEvent::Linked { child, case: CaseId(case), despite };
            let body = serde_json::to_string(&linked);
            Ok(NewStreamEvent { at, by, body: body.map_err(|_| Damaged("tip_event.body"))? })
        };
        let case = self.store.append_case_of_tip(appends, (tip.id, tip.n_events), event).await?;
        self.store.settle().await?;
        Ok(Linked::Case(CaseId(case)))
    }

    /// Answers the sender.
    ///
    /// # Errors
    /// [`TipError::State`] when it is answered and did not come again; [`TipError::Wordless`].
    pub async fn answer(
        &self,
        tip: &Tip,
        (outcome, words): (TipOutcome, &str),
        by: &str,
    ) -> Result<(), TipError> {
        if tip.answered.as_ref().is_some_and(|answer| answer.at >= tip.last) {
            return Err(TipError::State);
        }
        let words = worded(words)?;
        self.append(tip, by, &TipEvent::Answered { outcome, words }).await
    }

    /// Asks for what the sender left of himself.
    ///
    /// # Errors
    /// [`TipError::State`] when nothing was left or somebody asked already; [`TipError::Wordless`].
    pub async fn ask_informer(
        &self,
        tip: &Tip,
        (account, by): (i64, &str),
        reason: &str,
    ) -> Result<(), TipError> {
        let waits = tip.asked.is_some() && tip.opened.is_none();
        if !tip.has_informer || waits || is_readable(tip, self.now) {
            return Err(TipError::State);
        }
        let reason = worded(reason)?;
        self.append(tip, by, &TipEvent::InformerAsked { account, reason }).await
    }

    /// Agrees, as a second person, that both read it.
    ///
    /// # Errors
    /// [`TipError::SamePerson`] when it is the one who asked; [`TipError::State`] when nobody asked; [`TipError::Wordless`].
    pub async fn open_informer(
        &self,
        tip: &Tip,
        (account, by): (i64, &str),
        reason: &str,
    ) -> Result<(), TipError> {
        let asked = tip.asked.as_ref().filter(|_| tip.opened.is_none()).ok_or(TipError::State)?;
        if asked.account == account {
            return Err(TipError::SamePerson);
        }
        let reason = worded(reason)?;
        self.append(tip, by, &TipEvent::InformerOpened { account, reason }).await
    }

    /// What the senders left of themselves, for one of the two persons, within a day of the second's agreement; nothing for
    /// anybody else. Whoever shows it keeps that in the access log first.
    ///
    /// # Errors
    /// [`TipError::Flow`] when the store refuses.
    pub async fn informers(
        &self,
        tip: &Tip,
        account: i64,
    ) -> Result<Option<Vec<String>>, TipError> {
        let both = [tip.asked.as_ref(), tip.opened.as_ref()];
        let is_one = both.into_iter().flatten().any(|opener| opener.account == account);
        if !is_one || !is_readable(tip, self.now) {
            return Ok(None);
        }
        Ok(Some(self.store.informers(tip.id).await?))
    }

    async fn append(&self, tip: &Tip, by: &str, what: &TipEvent) -> Result<(), TipError> {
        let body = serde_json::to_string(what)?;
        let event = NewStreamEvent { at: self.now, by: by.to_owned(), body };
        self.store.append_tip_event((tip.id, tip.n_events), &event).await?;
        Ok(self.store.settle().await?)
    }
}

/// Whether two persons have opened it and the day is not over.
fn is_readable(tip: &Tip, now: DateTime<Utc>) -> bool {
    let (Some(asked), Some(opened)) = (&tip.asked, &tip.opened) else { return false };
    asked.account != opened.account && now - opened.at < OPEN
}

fn worded(words: &str) -> Result<String, TipError> {
    let words = words.trim();
    if words.is_empty() { Err(TipError::Wordless) } else { Ok(words.to_owned()) }
}
