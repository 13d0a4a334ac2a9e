//! Findings of inspections (督查): entered by an inspector, rectified by the unit that answers for it, checked again by another
//! person. A finding is a claim like any other: a row of a list of one row, which the next run uses; and it opens a case.

mod desk;
mod form;
mod sample;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use baoxue_act::Inspection;
use baoxue_claim::{BatchId, ChildId, RecordId, Source, TownCode};
use baoxue_store::{NewStreamEvent, Store, StoreError};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{FlowError, Roll, cases::CaseError, papers::FileError};

pub use desk::FindingDesk;
pub use form::{FindingForm, Subject};
pub use sample::sample;

/// How the inspectors looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// 入户核查.
    AtHome,
    /// 到校核查.
    AtSchool,
    /// 电话核查: nobody was seen.
    ByPhone,
}

/// What they found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundThere {
    /// 不在校.
    Out,
    /// 在校.
    In,
}

/// How a unit's list stands to what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lapse {
    /// 漏报: it does not name the child at all.
    NotListed,
    /// It says that the child is in school, and it is not (漏报).
    SaidIn,
    /// It says that the child is not in school, and it is (误报).
    SaidOut,
}

/// A unit whose list said otherwise (漏报、误报单位).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissedBy {
    /// The unit, as lists call it.
    pub unit: String,
    /// Its list; `None` when it has none that names the child.
    pub source: Option<Source>,
    /// How.
    pub lapse: Lapse,
}

/// What is to be done about it (整改措施).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The unit that answers for it (责任单位).
    pub unit: String,
    /// What it shall do.
    pub measures: String,
    /// The last day.
    pub until: NaiveDate,
}

/// What an inspector enters.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entered {
    /// The child, when it was in the ledger.
    pub child: Option<ChildId>,
    /// Its name.
    pub name: String,
    /// Where it belongs: town, village, school.
    pub town: Option<TownCode>,
    /// The village.
    pub village: Option<String>,
    /// The school.
    pub school: Option<String>,
    /// What was found.
    pub found: FoundThere,
    /// How.
    pub how: How,
    /// The words.
    pub words: String,
    /// The day.
    pub on: NaiveDate,
    /// Units whose lists said otherwise.
    pub missed_by: Vec<MissedBy>,
    /// What is to be done.
    pub plan: Plan,
    /// The list of one row that it became.
    pub batch: BatchId,
    /// The row.
    pub record: RecordId,
    /// Whoever entered it.
    pub account: i64,
}

impl fmt::Debug for Entered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Entered({}, {:?})", self.on, self.found)
    }
}

/// What happens to a finding.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub(crate) enum FindingEvent {
    /// It is entered.
    Entered(Box<Entered>),
    /// The unit reports what it did.
    Rectified {
        /// The words.
        words: String,
        /// By whom.
        account: i64,
    },
    /// Somebody else looks again.
    Rechecked {
        /// Whether it is rectified.
        passed: bool,
        /// The words.
        words: String,
        /// By whom.
        account: i64,
    },
}

/// Where a finding stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FindingState {
    /// 整改中.
    Open,
    /// 待复查.
    Rectified,
    /// 已销号.
    Closed,
}

impl FindingState {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::Open, Self::Rectified, Self::Closed];
}

/// Something that was said about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindingNote {
    /// `None` for a report of the unit; whether a check was passed.
    pub passed: Option<bool>,
    /// The words.
    pub words: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A finding as its events leave it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its number.
    pub id: i64,
    /// What was entered.
    pub entered: Entered,
    /// By whom.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What was said since.
    pub notes: Vec<FindingNote>,
    /// Who entered it or reported on it: none of them checks it again.
    pub involved: Vec<i64>,
    /// Where it stands.
    pub state: FindingState,
    /// How many events it has.
    pub n_events: u32,
}

impl Finding {
    /// Whether its day is over and nobody has reported.
    pub fn is_late(&self, today: NaiveDate) -> bool {
        self.state == FindingState::Open && self.entered.plan.until < today
    }

    fn apply(&mut self, what: FindingEvent, (by, at): (String, DateTime<Utc>)) {
        self.n_events += 1;
        let (passed, words, account) = match what {
            FindingEvent::Entered(_) => return,
            FindingEvent::Rectified { words, account } => {
                self.state = FindingState::Rectified;
                (None, words, account)
            }
            FindingEvent::Rechecked { passed, words, account } => {
                self.state = if passed { FindingState::Closed } else { FindingState::Open };
                (Some(passed), words, account)
            }
        };
        // Whoever sent it back may look again.
        if passed.is_none() {
            self.involved.push(account);
        }
        self.notes.push(FindingNote { passed, words, by, at });
    }
}

/// All findings that this program can read. A record that it cannot, such as one that a newer version wrote, stops its finding
/// alone: nothing is recorded behind it.
#[derive(Clone, Debug, Default)]
pub struct FindingBook(BTreeMap<i64, Finding>, BTreeSet<i64>);

impl FindingBook {
    /// All findings of the store.
    ///
    /// # Errors
    /// [`FlowError`] when the store refuses.
    pub async fn load(store: &Store) -> Result<Self, FlowError> {
        let mut findings: BTreeMap<i64, Finding> = BTreeMap::new();
        let mut unread = BTreeSet::new();
        for found in store.finding_events().await? {
            let NewStreamEvent { at, by, body } = found.event;
            let Ok(what) = serde_json::from_str(&body) else {
                unread.insert(found.of);
                continue;
            };
            if unread.contains(&found.of) {
                continue;
            }
            match (what, findings.get_mut(&found.of)) {
                (FindingEvent::Entered(entered), None) => {
                    let finding = Finding {
                        id: found.of,
                        involved: vec![entered.account],
                        entered: *entered,
                        by,
                        at,
                        notes: Vec::new(),
                        state: FindingState::Open,
                        n_events: 1,
                    };
                    findings.insert(found.of, finding);
                }
                (what, Some(finding)) => finding.apply(what, (by, at)),
                (_, None) => return Err(StoreError::Damaged("finding_event.body").into()),
            }
        }
        Ok(Self(findings, unread))
    }

    /// The numbers of findings with a record that cannot be read.
    pub fn unread(&self) -> impl Iterator<Item = i64> {
        self.1.iter().copied()
    }

    /// A finding.
    pub fn get(&self, id: i64) -> Option<&Finding> {
        self.0.get(&id)
    }

    /// All of them, those to be worked on first, and of those the first due.
    pub fn all(&self) -> Vec<&Finding> {
        let mut all: Vec<&Finding> = self.0.values().collect();
        all.sort_by_key(|finding| (finding.state, finding.entered.plan.until, finding.id));
        all
    }

    /// The findings that are not closed, as an open case is told of them, each with its row and whoever entered it.
    pub(crate) fn told(&self) -> impl Iterator<Item = (RecordId, &str, Inspection)> {
        let open = self.0.values().filter(|finding| finding.state != FindingState::Closed);
        open.map(|finding| {
            let Entered { on, found, words, record, .. } = &finding.entered;
            let out = *found == FoundThere::Out;
            let told = Inspection { finding: finding.id, on: *on, out, words: words.clone() };
            (*record, finding.by.as_str(), told)
        })
    }

    /// The child of each finding, by its number: as entered, or as the newest run has joined its row. A child that the
    /// newest run does not know is none.
    ///
    /// # Errors
    /// [`FlowError`] when the store refuses.
    pub async fn children(
        &self,
        store: &Store,
        roll: &Roll,
    ) -> Result<BTreeMap<i64, ChildId>, FlowError> {
        let rows: Vec<RecordId> = self.0.values().map(|finding| finding.entered.record).collect();
        let joined: BTreeMap<RecordId, ChildId> =
            store.children_of(&rows).await?.into_iter().collect();
        let child = |finding: &Finding| {
            let entered = &finding.entered;
            let known = joined.get(&entered.record).copied().or(entered.child);
            known.filter(|child| roll.entry(*child).is_some())
        };
        Ok(self.0.values().filter_map(|found| Some((found.id, child(found)?))).collect())
    }
}

/// Why nothing was done about a finding.
#[derive(Debug, thiserror::Error)]
pub enum FindingError {
    /// Words are missing.
    #[error("words are missing")]
    Wordless,
    /// The day has not come, or the last day lies before it.
    #[error("the days are not possible")]
    Day,
    /// The same was entered already.
    #[error("the same finding was entered already")]
    Again,
    /// The row could not be understood, and why in zh-CN and English.
    #[error("the row cannot be used: {1}")]
    Row(String, String),
    /// It is closed, or not where this could be done.
    #[error("the finding is not in the state for this")]
    State,
    /// Whoever entered or rectified it does not check it again.
    #[error("a second person must do this")]
    SamePerson,
    /// There is a photograph, and no case that could keep it.
    #[error("no case could keep the photograph")]
    NoCase,
    /// The photograph is not kept.
    #[error(transparent)]
    File(#[from] FileError),
    /// The case refuses.
    #[error(transparent)]
    Case(#[from] CaseError),
    /// The store refused.
    #[error(transparent)]
    Flow(#[from] FlowError),
}

impl From<StoreError> for FindingError {
    fn from(error: StoreError) -> Self {
        Self::Flow(error.into())
    }
}

impl From<serde_json::Error> for FindingError {
    fn from(error: serde_json::Error) -> Self {
        Self::Flow(error.into())
    }
}
