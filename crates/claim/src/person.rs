//! The person that a row mentions.

use serde::{Deserialize, Serialize};

use crate::{Birth, DisabilityNumber, Grade, IdMention, Name, Place, Private, StudentNumber};

/// Sex as registered.
///
/// Source: GB/T 2261.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 男, code 1.
    Male,
    /// 女, code 2.
    Female,
}

impl Sex {
    /// Reads 男, 女, 1, 2, 01, 02, M, F; `None` for the rest, 未知 and 未说明 among them.
    pub fn read(cell: &str) -> Option<Self> {
        match crate::text::compact(cell).as_str() {
            "男" | "1" | "01" | "男性" | "M" | "m" => Some(Self::Male),
            "女" | "2" | "02" | "女性" | "F" | "f" => Some(Self::Female),
            _ => None,
        }
    }

    /// 男 or 女.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Male => "男",
            Self::Female => "女",
        }
    }
}

/// A guardian, parent or head of household named in the child's row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Guardian {
    /// Name.
    pub name: Option<Name>,
    /// Resident ID.
    pub id: Option<IdMention>,
    /// The relation as written, such as 父亲, 户主, 祖孙.
    pub relation: Option<String>,
    /// Telephone numbers, digits and hyphens only.
    pub phones: Vec<Private>,
}

/// Whom a row mentions, as far as the row says. Nothing is guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// Name.
    pub name: Option<Name>,
    /// Former name (曾用名).
    pub former_name: Option<Name>,
    /// Resident ID as found.
    pub id: Option<IdMention>,
    /// National student number.
    pub student_number: Option<StudentNumber>,
    /// Disability certificate number.
    pub disability_number: Option<DisabilityNumber>,
    /// Birth date as precise as written; not taken from the ID.
    pub birth: Option<Birth>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Ethnicity without 族.
    pub ethnicity: Option<String>,
    /// Guardians, parents, head of household, in the order of the columns.
    pub guardians: Vec<Guardian>,
    /// Telephone numbers that stand for the family as a whole.
    pub phones: Vec<Private>,
    /// Household number (户号) of the police, or of the poverty register when the source is that one.
    pub household: Option<Private>,
    /// Where registered (户籍地).
    pub registered_at: Place,
    /// Where living (现住址).
    pub lives_at: Place,
    /// School as written.
    pub school: Option<String>,
    /// Grade.
    pub grade: Option<Grade>,
    /// Class as written.
    pub class: Option<String>,
}
