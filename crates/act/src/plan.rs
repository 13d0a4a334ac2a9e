//! The plan for a child (一人一案): what is done, by whom, until when, and when it is looked at again.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::event::words;

/// A plan. A later one takes its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Why the child is out of school, and what its family needs, as those who were there see it.
    pub analysis: String,
    /// What is done.
    pub measures: Vec<Measure>,
    /// The day on which the plan is looked at again.
    pub review: NaiveDate,
}

/// One measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Of which kind.
    pub kind: MeasureKind,
    /// What is done.
    pub what: String,
    /// Who does it, as written.
    pub who: String,
    /// Until when.
    pub by: NaiveDate,
}

/// The four ways to keep a child in school (控辍四类).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeasureKind {
    /// 质量控辍: lessons that the child can follow.
    Quality,
    /// 情感控辍: somebody who cares.
    Feeling,
    /// 兴趣控辍: something it likes to come for.
    Interest,
    /// 制度控辍: rules, aid and law.
    System,
}

words!(MeasureKind {
    Quality = "质量", "quality";
    Feeling = "情感", "feeling";
    Interest = "兴趣", "interest";
    System = "制度", "rules and aid";
});
