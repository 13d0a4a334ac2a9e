//! Papers of a case (文书): drafted by one person, issued and frozen by another, served and proved.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Holder, event::words};

/// What will stand on a paper (拟稿).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The number that the paper has within the case when it is issued.
    pub paper: u32,
    /// Which form.
    pub kind: PaperKind,
    /// Who will issue it.
    pub issuer: Holder,
    /// The day by which it will want something done, if it does.
    pub until: Option<NaiveDate>,
    /// What is filled in, by the names of the form's fields.
    pub fields: BTreeMap<String, String>,
}

/// A paper that was issued (文书).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Its number within the case.
    pub paper: u32,
    /// Which form.
    pub kind: PaperKind,
    /// Its document number (文号).
    pub number: String,
    /// Who issues it.
    pub issuer: Holder,
    /// The day printed on it.
    pub on: NaiveDate,
    /// The day by which it wants something done, if it does.
    pub until: Option<NaiveDate>,
    /// SM3 of the frozen PDF, in hex.
    pub hash: String,
    /// The code under which anybody may ask whether the paper is genuine; empty on papers that carry none.
    #[serde(default)]
    pub code: String,
}

/// The forms that a case issues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperKind {
    /// 义务教育入学通知书.
    EntryNotice,
    /// 限期复学通知书.
    ReturnNotice,
    /// 责令限期改正通知书.
    CorrectionOrder,
    /// 学校辍学书面报告.
    SchoolReport,
    /// 部门协查函.
    Inquiry,
    /// 行政处罚决定书: locked until the county configures its local legal basis.
    Penalty,
}

impl PaperKind {
    /// Whether it is served on the family, with proof; the others go to offices.
    pub const fn is_served(self) -> bool {
        match self {
            Self::EntryNotice | Self::ReturnNotice | Self::CorrectionOrder | Self::Penalty => true,
            Self::SchoolReport | Self::Inquiry => false,
        }
    }
}

/// How a paper was served.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// The number of the paper within the case.
    pub paper: u32,
    /// The day.
    pub on: NaiveDate,
    /// By whom it was handed over.
    pub by: String,
    /// The proof.
    pub proof: Proof,
    /// The picture or scan that shows it: under which name the case has the file, if one was brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
}

/// What proves that a paper reached its receiver (送达回证).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// 直接送达: signed by the receiver.
    Signed {
        /// Who signed.
        receiver: String,
    },
    /// A photograph of the handing over or of the signed slip, by its SM3.
    Photo {
        /// Who received it.
        receiver: String,
        /// SM3 of the picture, in hex.
        hash: String,
    },
    /// 留置送达: refused, before two witnesses.
    Refused {
        /// Why, as said.
        words: String,
        /// The witnesses.
        witnesses: [String; 2],
    },
    /// 邮寄送达.
    Mailed {
        /// Number of the letter.
        number: String,
    },
}

words!(PaperKind {
    EntryNotice = "义务教育入学通知书", "enrolment notice";
    ReturnNotice = "限期复学通知书", "notice to return to school";
    CorrectionOrder = "责令限期改正通知书", "order to correct";
    SchoolReport = "学校辍学书面报告", "school's written report";
    Inquiry = "部门协查函", "inquiry to a department";
    Penalty = "行政处罚决定书", "penalty decision";
});
