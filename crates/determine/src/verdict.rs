//! The status of a child on a day, with its grounds.

use baoxue_claim::{Cause, ChildId, ClaimId, Source, VerdictCode};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Child, Pack, Settings};

/// The status of a child on a day and why. Derived, never stored by hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Whose.
    pub child: ChildId,
    /// The status.
    pub code: VerdictCode,
    /// Stable code of the reason, such as `LONG_ABSENCE`.
    pub reason: String,
    /// The rule that decided.
    pub ground: Ground,
    /// The claims on which the rule stands, in ascending order.
    pub claims: Vec<ClaimId>,
    /// All other rules that matched, in the order in which evidence decides.
    pub also: Vec<Matched>,
    /// Evidence that was not accepted, with the reason.
    pub refused: Vec<Refused>,
    /// The quarrel, when claims cannot all hold and no order decides; always there when the code is `CONFLICT`.
    pub conflict: Option<Conflict>,
    /// Last day on which the ground holds; the day after, the child is judged without it.
    pub expires: Option<NaiveDate>,
    /// Whether two independent sources, an inspection that saw the child, or a recorded visit agree. Only a confirmed verdict
    /// may reach a family.
    pub confirmed: bool,
    /// Why the child is out of school, if anybody states a cause.
    pub cause: Option<Cause>,
    /// What is so, who said it, which rule; for a village cadre.
    pub words_zh: String,
    /// The same in English.
    pub words_en: String,
}

/// The rule that decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// Stable id of the rule.
    pub rule: String,
    /// Its version.
    pub version: String,
    /// What it is called, in zh-CN.
    pub title: String,
    /// The article it stands on, or that it is the county's own rule.
    pub law: String,
}

/// A rule that matched too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matched {
    /// Stable id of the rule.
    pub rule: String,
    /// What it would have said.
    pub code: VerdictCode,
}

/// Evidence that was not accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The claim.
    pub claim: ClaimId,
    /// Why not, in zh-CN.
    pub why: String,
}

/// Claims that cannot all hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// Two sides or more, each with its claims.
    pub sides: Vec<Side>,
    /// The day by which each side must answer.
    pub answer_by: NaiveDate,
}

/// One side of a conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// Who says it.
    pub source: Source,
    /// The claims.
    pub claims: Vec<ClaimId>,
    /// What it says, in zh-CN.
    pub says: String,
}

/// The verdict on one child.
pub fn verdict(child: &Child<'_>, pack: &Pack, settings: &Settings) -> Verdict {
    let _ = (pack, settings);
    Verdict {
        child: child.id,
        code: VerdictCode::Unverified,
        reason: "NO_EVIDENCE".to_owned(),
        ground: Ground {
            rule: "unverified".to_owned(),
            version: "1".to_owned(),
            title: "核实中".to_owned(),
            law: String::new(),
        },
        claims: Vec::new(),
        also: Vec::new(),
        refused: Vec::new(),
        conflict: None,
        expires: None,
        confirmed: false,
        cause: None,
        words_zh: String::new(),
        words_en: String::new(),
    }
}
