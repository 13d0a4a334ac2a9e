//! Which part of the population base of a county holds a child.

use serde::{Deserialize, Serialize};

use crate::Child;

/// The parts of the population base of a county: registered children, resident others, children in no register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base {
    /// A live row of the county's population register.
    Registered,
    /// In the county and not in its register, with a valid ID number or an address of registration outside
    /// its towns: it is registered somewhere.
    ResidentOther,
    /// In no household register as far as any source tells.
    InNoRegister,
    /// No population register has come: nobody can say.
    Unknown,
}

impl Base {
    /// All parts, in the order of the tables.
    pub const ALL: [Self; 4] =
        [Self::Registered, Self::ResidentOther, Self::InNoRegister, Self::Unknown];

    /// The heading in zh-CN.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Registered => "本县户籍儿童",
            Self::ResidentOther => "常住的外来儿童",
            Self::InNoRegister => "无户籍儿童",
            Self::Unknown => "户籍待核",
        }
    }

    /// The heading in English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::Registered => "registered children",
            Self::ResidentOther => "resident others",
            Self::InNoRegister => "children in no register",
            Self::Unknown => "register not at hand",
        }
    }

    pub(crate) fn of(child: &Child<'_>, registered: bool, elsewhere: bool) -> Self {
        match (child.has_register, registered, elsewhere) {
            (_, true, _) => Self::Registered,
            (false, false, _) => Self::Unknown,
            (true, false, true) => Self::ResidentOther,
            (true, false, false) => Self::InNoRegister,
        }
    }
}
