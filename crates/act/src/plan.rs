//! The plan for a child (一人一案): what is done, by whom, until when, and when it is looked at again.
//! Its clock starts when the first of its measures, or the day of its review, is over, and anew with each review.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::{Case, Moment, event::words};

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

/// A plan that was looked at again (复核).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanReview {
    /// The plan, by its number among the events of the case, steps of ladders not counted.
    pub plan: u32,
    /// The measures that are done by now, by their positions in the plan, from 0.
    pub done: BTreeSet<u8>,
    /// Whether they help, in words.
    pub words: String,
    /// The day on which it is looked at the next time; `None` when all is done.
    pub next: Option<NaiveDate>,
}

impl Plan {
    /// The first day on which somebody must look at it again: its review, or the day after the first of its measures was to be
    /// done.
    pub fn first_look(&self) -> NaiveDate {
        let measures = self.measures.iter().filter_map(|measure| measure.by.succ_opt());
        measures.chain([self.review]).min().unwrap_or(self.review)
    }
}

/// When a plan must be looked at again, in order: the moment, and the number of the plan or review that set it. What was looked
/// at before its day, or was replaced before, is owed no more. Nobody is late by a day that lay before the plan was entered.
pub(crate) fn looks(case: &Case) -> Vec<(Moment, u32)> {
    let starts = |on: NaiveDate, entered: Moment| on.and_time(NaiveTime::MIN).max(entered);
    let mut looks = Vec::new();
    let mut plans = case.plans.iter().peekable();
    while let Some(plan) = plans.next() {
        let mut set = Some((starts(plan.what.first_look(), plan.at), plan.no));
        for review in case.plan_reviews.iter().filter(|review| review.what.plan == plan.no) {
            looks.extend(set.filter(|(at, _)| *at <= review.at));
            set = review.what.next.map(|next| (starts(next, review.at), review.no));
        }
        let replaced = plans.peek().map(|later| later.at);
        looks.extend(set.filter(|(at, _)| replaced.is_none_or(|ended| *at <= ended)));
    }
    looks
}

/// The last day on which a review may have the plan looked at the next time: the first of the days that are still to come in it, or
/// a month. Whoever owes the look sets its next day, and must not put it off for ever.
pub(crate) fn latest_next(plan: &Plan, done: &BTreeSet<u8>, today: NaiveDate) -> NaiveDate {
    let open = (0_u8..).zip(&plan.measures).filter(|(at, _)| !done.contains(at));
    let days = open.filter_map(|(_, measure)| measure.by.succ_opt()).chain([plan.review]);
    let to_come = days.filter(|day| *day > today).min();
    to_come.unwrap_or_else(|| today + Days::new(MONTH))
}

const MONTH: u64 = 31;

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
