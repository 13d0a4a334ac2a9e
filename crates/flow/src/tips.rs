//! Tip-offs of the public (群众举报, T-54): taken without an account, read by few, verified by a case and never a status by
//! themselves.
//!
//! A tip is its events. Nothing about where it came from is kept: who sent it is known by what it left of itself, if it left
//! anything, and that lies sealed under a key of its own.

mod desk;
mod door;
mod limit;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use baoxue_act::CaseId;
use baoxue_claim::ChildId;
use baoxue_store::{NewStreamEvent, Store, StoreError, TipCopy};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{FlowError, cases::CaseError};

pub use desk::{Linked, TipDesk};
pub use door::{TipAnswer, TipForm, TipReceipt, answer_of_code, take};
pub use limit::AddressLimit;

/// So many unfounded tips of one channel about one child are no accident (T-54).
pub const UNFOUNDED: usize = 3;

/// How long both persons read what an informer left, after the second has agreed.
const OPEN: TimeDelta = TimeDelta::hours(24);

/// What somebody tells.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TipText {
    /// About which child; may be empty.
    pub child: String,
    /// Town and village.
    pub place: String,
    /// School.
    pub school: String,
    /// What is seen.
    pub what: String,
    /// Since when, as written.
    pub since: String,
}

impl fmt::Debug for TipText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TipText")
    }
}

/// What came of a tip-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TipOutcome {
    /// 属实.
    Founded,
    /// 不属实.
    Unfounded,
    /// 无法核实: too little is told.
    Unverifiable,
    /// 不属于控辍保学: another office's.
    Elsewhere,
}

impl TipOutcome {
    /// All of them.
    pub const ALL: [Self; 4] =
        [Self::Founded, Self::Unfounded, Self::Unverifiable, Self::Elsewhere];
}

/// What happens to a tip-off.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "tip", rename_all = "snake_case")]
pub(crate) enum TipEvent {
    /// It came.
    Received(TipText),
    /// It is about that child, whose case says so without the words.
    Linked {
        /// The child.
        child: ChildId,
        /// Its case.
        case: CaseId,
        /// Why it is verified although its channel has told untruths of the child.
        despite: Option<String>,
    },
    /// It is about that child, of whom its channel has told untruths: no case.
    Harassing {
        /// The child.
        child: ChildId,
    },
    /// The office answers.
    Answered {
        /// What came of it.
        outcome: TipOutcome,
        /// The words that its sender reads.
        words: String,
    },
    /// Somebody wants to know who told it.
    InformerAsked {
        /// The account.
        account: i64,
        /// Why.
        reason: String,
    },
    /// A second person agrees.
    InformerOpened {
        /// The account.
        account: i64,
        /// Why.
        reason: String,
    },
}

/// What the office answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TipAnswered {
    /// What came of it.
    pub outcome: TipOutcome,
    /// The words that the sender reads.
    pub words: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Somebody who wants to know, or agrees that it be known, who told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opener {
    /// The account.
    pub account: i64,
    /// By name.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Where a tip-off stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TipState {
    /// 待处理: nobody has looked.
    New,
    /// 又收到: it came again after it was answered.
    Again,
    /// 疑似滥诉骚扰: its channel has told untruths of the child.
    Harassing,
    /// 核实中.
    Verifying,
    /// 已答复.
    Answered,
}

impl TipState {
    /// All of them, the most urgent first.
    pub const ALL: [Self; 5] =
        [Self::New, Self::Again, Self::Harassing, Self::Verifying, Self::Answered];
}

/// A tip-off as its events leave it.
#[derive(Clone, PartialEq, Eq)]
pub struct Tip {
    /// Its number.
    pub id: i64,
    /// What is told.
    pub text: TipText,
    /// When it came first.
    pub received: DateTime<Utc>,
    /// When it came last.
    pub last: DateTime<Utc>,
    /// How often it came.
    pub n_copies: usize,
    /// Whether a sender left something of himself.
    pub has_informer: bool,
    /// The child that it is about.
    pub child: Option<ChildId>,
    /// The case in which it is verified.
    pub case: Option<CaseId>,
    /// Whether its channel has told untruths of the child.
    pub harassing: bool,
    /// The last answer.
    pub answered: Option<TipAnswered>,
    /// Who wants to know who told it.
    pub asked: Option<Opener>,
    /// Who agreed to that.
    pub opened: Option<Opener>,
    /// How many events it has.
    pub n_events: u32,
    /// By what its senders are known: keyed hashes.
    channels: BTreeSet<Vec<u8>>,
}

impl fmt::Debug for Tip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tip({}, {:?})", self.id, self.state())
    }
}

impl Tip {
    /// Where it stands.
    pub fn state(&self) -> TipState {
        match &self.answered {
            Some(answered) if answered.at < self.last => TipState::Again,
            Some(_) => TipState::Answered,
            None if self.case.is_some() => TipState::Verifying,
            None if self.harassing => TipState::Harassing,
            None => TipState::New,
        }
    }

    fn begun(id: i64, text: TipText, at: DateTime<Utc>) -> Self {
        Self {
            id,
            text,
            received: at,
            last: at,
            n_copies: 0,
            has_informer: false,
            child: None,
            case: None,
            harassing: false,
            answered: None,
            asked: None,
            opened: None,
            n_events: 1,
            channels: BTreeSet::new(),
        }
    }

    fn apply(&mut self, what: TipEvent, (by, at): (String, DateTime<Utc>)) {
        self.n_events += 1;
        match what {
            TipEvent::Received(_) => {}
            TipEvent::Linked { child, case, .. } => {
                (self.child, self.case, self.harassing) = (Some(child), Some(case), false);
            }
            TipEvent::Harassing { child } => {
                (self.child, self.case, self.harassing) = (Some(child), None, true);
            }
            TipEvent::Answered { outcome, words } => {
                self.answered = Some(TipAnswered { outcome, words, by, at });
            }
            TipEvent::InformerAsked { account, reason } => {
                self.asked = Some(Opener { account, by, reason, at });
                self.opened = None;
            }
            TipEvent::InformerOpened { account, reason } => {
                self.opened = Some(Opener { account, by, reason, at });
            }
        }
    }

    fn add(&mut self, copy: TipCopy) {
        self.n_copies += 1;
        self.last = self.last.max(copy.at);
        self.has_informer |= copy.has_informer;
        self.channels.insert(copy.channel);
    }
}

/// All tip-offs.
#[derive(Clone, Debug, Default)]
pub struct TipBook(BTreeMap<i64, Tip>);

impl TipBook {
    /// All tip-offs of the store.
    ///
    /// # Errors
    /// [`FlowError`] when one cannot be read.
    pub async fn load(store: &Store) -> Result<Self, FlowError> {
        let mut tips: BTreeMap<i64, Tip> = BTreeMap::new();
        for found in store.tip_events().await? {
            let NewStreamEvent { at, by, body } = found.event;
            match (serde_json::from_str(&body)?, tips.get_mut(&found.of)) {
                (TipEvent::Received(text), None) => {
                    tips.insert(found.of, Tip::begun(found.of, text, at));
                }
                (what, Some(tip)) => tip.apply(what, (by, at)),
                (_, None) => return Err(StoreError::Damaged("tip_event.body").into()),
            }
        }
        for copy in store.tip_copies().await? {
            if let Some(tip) = tips.get_mut(&copy.tip) {
                tip.add(copy);
            }
        }
        Ok(Self(tips))
    }

    /// A tip-off.
    pub fn get(&self, id: i64) -> Option<&Tip> {
        self.0.get(&id)
    }

    /// All of them, the most urgent first, and of those the oldest.
    pub fn all(&self) -> Vec<&Tip> {
        let mut all: Vec<&Tip> = self.0.values().collect();
        all.sort_by_key(|tip| (tip.state(), tip.received, tip.id));
        all
    }

    /// How many unfounded tips a sender of this one has sent about a child before.
    pub fn n_unfounded(&self, tip: &Tip, child: ChildId) -> usize {
        let unfounded = |other: &&Tip| {
            let answered = other.answered.as_ref();
            other.id != tip.id
                && other.child == Some(child)
                && answered.is_some_and(|answer| answer.outcome == TipOutcome::Unfounded)
                && !other.channels.is_disjoint(&tip.channels)
        };
        self.0.values().filter(unfounded).count()
    }
}

/// Why nothing was done about a tip-off.
#[derive(Debug, thiserror::Error)]
pub enum TipError {
    /// Words are missing.
    #[error("words are missing")]
    Wordless,
    /// A field is longer than anybody reads.
    #[error("a field is too long")]
    Long,
    /// It is answered, or not where this could be done.
    #[error("the tip-off is not in the state for this")]
    State,
    /// One person may not do both.
    #[error("a second person must do this")]
    SamePerson,
    /// Too many came.
    #[error("too many tip-offs came within an hour")]
    Full,
    /// The case refuses.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The store refused.
    #[error(transparent)]
    Flow(#[from] FlowError),
}

impl From<StoreError> for TipError {
    fn from(error: StoreError) -> Self {
        Self::Flow(error.into())
    }
}

impl From<serde_json::Error> for TipError {
    fn from(error: serde_json::Error) -> Self {
        Self::Flow(error.into())
    }
}

/// What somebody outside said, without what makes two writings of it differ.
fn folded(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkc().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
