//! Three answers about a child that are easily taken for one: is it dropout, does it count as in school, is it watched.

use std::collections::BTreeMap;

use baoxue_claim::VerdictCode;
use serde::{Deserialize, Serialize};

/// Whether a child counts as dropout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IsDropout {
    /// No.
    No,
    /// Absent past the first threshold, not the second.
    NotYet,
    /// Yes: it left school, or never entered one.
    Yes,
    /// Not decided.
    Open,
}

/// Whether a child counts in the numerator of enrolment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InSchool {
    /// Yes.
    Yes,
    /// No.
    No,
    /// By name, while its absence is looked into.
    Nominally,
    /// Neither: it is not in the population of compulsory age.
    Left,
    /// Not decided.
    Open,
}

/// How long a child of some status is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Watch {
    /// As long as it has the status.
    Always,
    /// Not at all.
    Never,
    /// Until the age of [`Settings::watch_until_age`](crate::Settings): nobody may employ it before.
    #[serde(rename = "under_16")]
    UntilAge,
}

/// The three answers for one child on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Is it dropout?
    pub dropout: IsDropout,
    /// Does it count as in school?
    pub in_school: InSchool,
    /// Is it on the watch list?
    pub watched: bool,
}

impl Answer {
    /// Nothing is decided, so the child is watched: of what rests on one word that is still to be confirmed.
    pub const OPEN: Self =
        Self { dropout: IsDropout::Open, in_school: InSchool::Open, watched: true };
}

/// The answers for each verdict: a county decides what its rates count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Table", into = "Table")]
pub struct Answers(Table);

type Table = BTreeMap<VerdictCode, (IsDropout, InSchool, Watch)>;

impl TryFrom<Table> for Answers {
    type Error = String;

    fn try_from(table: Table) -> Result<Self, Self::Error> {
        let lacks = VerdictCode::ALL.iter().find(|code| !table.contains_key(code));
        match lacks {
            Some(code) => Err(format!("no answers for {code}")),
            None => Ok(Self(table)),
        }
    }
}

impl From<Answers> for Table {
    fn from(answers: Answers) -> Self {
        answers.0
    }
}

impl Answers {
    /// The answers for a verdict; `young` tells whether the child is below the age at which watching ends, or may be.
    pub(crate) fn of(&self, code: VerdictCode, young: bool) -> Answer {
        // Every code has an answer by construction; what had none would be open and watched.
        let open = (IsDropout::Open, InSchool::Open, Watch::Always);
        let (dropout, in_school, watch) = self.0.get(&code).copied().unwrap_or(open);
        let watched = match watch {
            Watch::Always => true,
            Watch::Never => false,
            Watch::UntilAge => young,
        };
        Answer { dropout, in_school, watched }
    }
}

impl IsDropout {
    /// The word in zh-CN.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::No => "否",
            Self::NotYet => "尚未",
            Self::Yes => "是",
            Self::Open => "未定",
        }
    }

    /// The word in English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::NotYet => "not yet",
            Self::Yes => "yes",
            Self::Open => "open",
        }
    }
}

impl InSchool {
    /// The word in zh-CN.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Yes => "是",
            Self::No => "否",
            Self::Nominally => "名义在校",
            Self::Left => "不在基数",
            Self::Open => "未定",
        }
    }

    /// The word in English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Nominally => "nominally",
            Self::Left => "not in the base",
            Self::Open => "open",
        }
    }
}
