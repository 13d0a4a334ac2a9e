//! Who asks: role, areas, state and second factor.

use std::{collections::BTreeSet, str::FromStr};

use baoxue_claim::{Source, TownCode};
use serde::{Deserialize, Serialize};

macro_rules! roles {
    ($($(#[$doc:meta])* $variant:ident = ($word:literal, $zh:literal, $en:literal),)*) => {
        /// What an account is for. An account has one role, so that no account administers in two ways (T-15).
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum Role {
            $($(#[$doc])* $variant,)*
        }

        impl Role {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stable word.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// What a clerk calls it.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),* }
            }

            /// In English.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$variant => $en),* }
            }
        }
    };
}

roles! {
    /// Leaders of the county (县领导).
    CountyLeader = ("county_leader", "县领导", "county leader"),
    /// The office against dropout in the education bureau (教体局控辍办).
    Bureau = ("bureau", "教体局控辍办", "education bureau"),
    /// A town or street office (镇办).
    Town = ("town", "镇办", "town office"),
    /// Village and helper cadres (村干部、帮扶干部).
    Village = ("village", "村干部", "village cadre"),
    /// A school's principal (校长).
    Principal = ("principal", "校长", "principal"),
    /// A class teacher (班主任).
    Teacher = ("teacher", "班主任", "class teacher"),
    /// A linked department (联动部门).
    Department = ("department", "联动部门", "department"),
    /// The city's inspectors (市督查).
    Inspector = ("inspector", "市督查", "city inspector"),
    /// Audit and discipline (审计、纪检).
    Auditor = ("auditor", "审计纪检", "auditor"),
    /// Runs the system (系统管理员).
    SystemAdmin = ("system_admin", "系统管理员", "system administrator"),
    /// Grants roles and keeps keys (安全管理员).
    SecurityAdmin = ("security_admin", "安全管理员", "security administrator"),
    /// Watches the others (审计管理员).
    AuditAdmin = ("audit_admin", "审计管理员", "audit administrator"),
}

/// The text names no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no role")]
pub struct UnknownRole(pub String);

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|role| role.word() == text)
            .ok_or_else(|| UnknownRole(text.to_owned()))
    }
}

impl Role {
    /// One of the three administrators (三员).
    pub const fn is_administrator(self) -> bool {
        matches!(self, Self::SystemAdmin | Self::SecurityAdmin | Self::AuditAdmin)
    }

    /// Whether what it may see does not depend on areas.
    pub const fn is_county_wide(self) -> bool {
        matches!(self, Self::CountyLeader | Self::Bureau | Self::Inspector | Self::Auditor)
            || self.is_administrator()
    }
}

/// Where an account may look. What is empty permits nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Areas {
    /// Towns of a town office.
    pub towns: BTreeSet<TownCode>,
    /// Villages of a cadre: town and name.
    pub villages: BTreeSet<(TownCode, String)>,
    /// Schools of a principal, by name.
    pub schools: BTreeSet<String>,
    /// Classes of a teacher: school and class.
    pub classes: BTreeSet<(String, String)>,
    /// Registers that a department brings.
    pub sources: BTreeSet<Source>,
    /// The department, such as `民政局`.
    pub department: Option<String>,
}

/// Whether an account may be used at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// In use.
    Active,
    /// Disabled by an administrator.
    Suspended,
    /// Made, but not confirmed by the one who grants roles.
    Unconfirmed,
    /// The duty ended.
    Expired,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Active, Self::Suspended, Self::Unconfirmed, Self::Expired];

    /// The stable word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Unconfirmed => "unconfirmed",
            Self::Expired => "expired",
        }
    }
}

/// How well the second factor (T-14) is proved, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Factor {
    /// Not at all.
    None,
    /// When the session began.
    AtSignIn,
    /// In the last five minutes.
    Fresh,
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Number of the account.
    pub account: i64,
    /// Its role.
    pub role: Role,
    /// Its areas.
    pub areas: Areas,
    /// Its state.
    pub state: State,
    /// Its second factor in this session.
    pub factor: Factor,
}

impl Actor {
    /// Whether it sees more than one town, approves or administers, so that it needs a second factor to do anything.
    pub fn is_wide(&self) -> bool {
        self.role.is_county_wide() || self.areas.towns.len() > 1
    }

    /// The unit whose access log its members may read: the bureau, a town, a department.
    pub fn unit(&self) -> Option<String> {
        match self.role {
            Role::Bureau => Some("bureau".to_owned()),
            Role::Town => {
                let mut towns = self.areas.towns.iter();
                let only = towns.next().filter(|_| towns.next().is_none());
                only.map(|town| format!("town/{town}"))
            }
            Role::Department => {
                let name = self.areas.department.as_deref().filter(|name| !name.is_empty());
                name.map(|name| format!("department/{name}"))
            }
            Role::CountyLeader
            | Role::Village
            | Role::Principal
            | Role::Teacher
            | Role::Inspector
            | Role::Auditor
            | Role::SystemAdmin
            | Role::SecurityAdmin
            | Role::AuditAdmin => None,
        }
    }
}
