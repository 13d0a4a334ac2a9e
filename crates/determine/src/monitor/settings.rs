//! What a county decides about monitoring.

use baoxue_claim::Source;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Days and shares of monitoring. Our proposals, all of them: no source was found that sets them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MonitorRules {
    /// Calendar days after a transfer within which the child must show at another school. Default 30.
    ///
    /// Source: our proposal; practice speaks of ten working days on either side.
    pub transfer_days: u32,
    /// An absence is shown when it would pass the next threshold within so many days after its report. Default 31, so that
    /// the next monthly report is the first that can be late.
    pub absence_days: u32,
    /// A newer register in which more than so many percent of a list's children have another ID number does not replace the
    /// older one. Default 5.
    pub renumbered_percent: u32,
    /// Registers that a person has looked at and found right although they differ that much.
    pub accepted: Vec<AcceptedSnapshot>,
}

/// A register that replaces older ones however different it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptedSnapshot {
    /// Whose.
    pub source: Source,
    /// Its day.
    pub day: NaiveDate,
}

impl Default for MonitorRules {
    fn default() -> Self {
        Self { transfer_days: 30, absence_days: 31, renumbered_percent: 5, accepted: Vec::new() }
    }
}

impl MonitorRules {
    /// Whether a person has accepted the register of a day.
    pub(crate) fn accepts(&self, source: Source, day: NaiveDate) -> bool {
        self.accepted.contains(&AcceptedSnapshot { source, day })
    }
}
