//! What it is about.

use baoxue_claim::{Source, TownCode};

/// Where a child stands. An empty name is as good as none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The town in charge.
    pub town: Option<TownCode>,
    /// The village within the town.
    pub village: Option<String>,
    /// The school, by name.
    pub school: Option<String>,
    /// The class within the school.
    pub class: Option<String>,
}

/// What an action is about. An action on the wrong kind is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// A child, or the figures of a place.
    Child(Place),
    /// The county as a whole.
    County,
    /// A file that somebody brings.
    File {
        /// The kind of list.
        source: Source,
        /// The town it is about.
        town: Option<TownCode>,
        /// The school it is about.
        school: Option<String>,
    },
    /// An export that waits for approval.
    Export {
        /// The account that asked for it.
        requester: i64,
    },
    /// What a department is asked (联控联保).
    Task {
        /// The department's unit, as [`Actor::unit`](crate::Actor::unit) tells.
        unit: Option<String>,
    },
    /// An account.
    Account(i64),
    /// Entries of the access log of one account.
    Log {
        /// The account.
        account: i64,
        /// Its unit, as [`Actor::unit`](crate::Actor::unit) tells.
        unit: Option<String>,
    },
}
