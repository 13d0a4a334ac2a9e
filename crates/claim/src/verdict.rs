//! Verdict codes: the status of a child on a day, stable for exports and the API.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

macro_rules! verdict_codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal, $zh:literal, $en:literal;)*) => {
        /// The status of a child on a day. A family is accused only by [`VerdictCode::accuses`] codes, and those need a
        /// positive claim.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum VerdictCode {
            $($(#[$doc])* #[serde(rename = $code)] $variant,)*
        }

        impl VerdictCode {
            /// All codes, in the order of the official tables.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable code, such as `NEVER_ENROLLED`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// The word in ledgers, in zh-CN.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),* }
            }

            /// The word in English.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$variant => $en),* }
            }
        }
    };
}

verdict_codes! {
    /// In a school of the county (在本县就读).
    EnrolledLocal = "ENROLLED_LOCAL", "在校就读", "enrolled locally";
    /// In a school elsewhere (外地就读).
    EnrolledElsewhere = "ENROLLED_ELSEWHERE", "外地就读", "enrolled elsewhere";
    /// Taught at home by teachers (送教上门).
    HomeTeaching = "HOME_TEACHING", "送教上门", "home teaching";
    /// Not yet of compulsory age (未到入学年龄).
    NotYetOfAge = "NOT_YET_OF_AGE", "未到入学年龄", "not yet of age";
    /// Completed compulsory schooling, or past its age (已完成义务教育).
    Completed = "COMPLETED", "已完成义务教育", "completed";
    /// Approved deferral of entry (延缓入学).
    Deferred = "DEFERRED", "延缓入学", "deferred";
    /// Approved suspension or sick leave (休学、病假).
    Suspended = "SUSPENDED", "休学（病假）", "suspended";
    /// Assessed unable to learn for reasons of the body (身体原因不具备学习条件).
    Unable = "UNABLE", "因身体原因不具备学习条件", "unable to learn";
    /// Other lawful arrangement, a neutral bucket (其他就学安排).
    OtherArrangement = "OTHER_ARRANGEMENT", "其他就学安排", "other arrangement";
    /// Dead (死亡).
    Dead = "DEAD", "死亡", "dead";
    /// Household registration moved away (户籍迁出).
    MovedOut = "MOVED_OUT", "户籍迁出", "moved out";
    /// Settled abroad (出国境定居).
    Emigrated = "EMIGRATED", "出国（境）定居", "emigrated";
    /// No such person, or registered twice (户籍信息有误).
    RegisterError = "REGISTER_ERROR", "户籍信息有误", "register error";
    /// Missing, said by the police (下落不明).
    Missing = "MISSING", "下落不明", "missing";
    /// Absent past the first threshold (疑似辍学).
    Suspected = "SUSPECTED", "疑似辍学", "suspected dropout";
    /// Dropped out (辍学).
    Dropout = "DROPOUT", "辍学", "dropout";
    /// Of age and never in a school (失学).
    NeverEnrolled = "NEVER_ENROLLED", "失学", "never enrolled";
    /// Past the age without completion (超龄未完成).
    OverageIncomplete = "OVERAGE_INCOMPLETE", "超龄未完成", "overage, incomplete";
    /// Claims that no order of evidence decides (数出多门，待核).
    Conflict = "CONFLICT", "说法不一", "conflict";
    /// Nothing known that would decide (核实中).
    Unverified = "UNVERIFIED", "核实中", "unverified";
}

/// The text is no verdict code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a verdict code")]
pub struct UnknownVerdict(pub String);

impl VerdictCode {
    /// Whether the code says that a child is, or may be, out of school against the law: only on positive evidence.
    pub const fn accuses(self) -> bool {
        matches!(self, Self::Suspected | Self::Dropout | Self::NeverEnrolled)
    }

    /// Whether the code says that the child is accounted for: in school, lawfully not, or not in the population.
    pub const fn clears(self) -> bool {
        match self {
            Self::EnrolledLocal
            | Self::EnrolledElsewhere
            | Self::HomeTeaching
            | Self::NotYetOfAge
            | Self::Completed
            | Self::Deferred
            | Self::Suspended
            | Self::Unable
            | Self::OtherArrangement
            | Self::Dead
            | Self::MovedOut
            | Self::Emigrated
            | Self::RegisterError => true,
            Self::Missing
            | Self::Suspected
            | Self::Dropout
            | Self::NeverEnrolled
            | Self::OverageIncomplete
            | Self::Conflict
            | Self::Unverified => false,
        }
    }

    /// Whether the code says that the child is out of school.
    pub const fn is_out(self) -> bool {
        matches!(self, Self::Dropout | Self::NeverEnrolled)
    }
}

impl fmt::Display for VerdictCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for VerdictCode {
    type Err = UnknownVerdict;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.code() == text)
            .ok_or_else(|| UnknownVerdict(text.to_owned()))
    }
}
