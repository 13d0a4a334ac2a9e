//! The plan for a child taught at home (送教计划) and its evaluation, as its school tells them: rows of its log, used by the next run.

use baoxue_act::Held;
use baoxue_claim::{HomePlan, RecordId, SchoolYear, Statement};
use baoxue_store::Store;
use chrono::{DateTime, NaiveDate, Utc};

use super::{Registered, TeachingLog, tell_row};
use crate::{ChildPage, County, FlowError, Roll};

/// A plan or an evaluation as the page sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanForm {
    /// What is planned for the school year of its day.
    Plan {
        /// The day from which it holds.
        on: NaiveDate,
        /// Who teaches.
        teachers: String,
        /// Visits a month.
        per_month: u32,
        /// Goals and contents.
        contents: String,
        /// The day of the assessment, if there was one.
        assessed: Option<NaiveDate>,
        /// The day on which the guardian consented, if it did.
        consented: Option<NaiveDate>,
    },
    /// How a term went.
    Evaluation {
        /// Its day.
        on: NaiveDate,
        /// The words.
        words: String,
    },
}

/// A plan or an evaluation that a row tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoggedPlan {
    /// Its row.
    pub record: RecordId,
    /// The day from which it holds, or that of the evaluation.
    pub on: NaiveDate,
    /// What the row says.
    pub plan: HomePlan,
}

/// All that rows plan and evaluate for a child in a school year, the newest first.
pub(super) fn plans(page: &ChildPage, year: SchoolYear) -> Vec<LoggedPlan> {
    let claims = page
        .records
        .iter()
        .flat_map(|record| record.claims.iter().map(move |claim| (record.id, claim)));
    let plans = claims.filter_map(|(record, claim)| {
        let Statement::HomePlan(plan) = &claim.what else { return None };
        Some(LoggedPlan { record, on: claim.on, plan: plan.clone() })
    });
    let mut plans: Vec<LoggedPlan> = plans.filter(|plan| SchoolYear::of(plan.on) == year).collect();
    plans.sort_by(|a, b| b.on.cmp(&a.on).then(b.plan.per_month.cmp(&a.plan.per_month)));
    plans
}

impl TeachingLog {
    /// The plan of the school year: the newest that names assessment and consent, else the newest. A log may repeat the number
    /// of visits beside each of them.
    pub fn plan(&self) -> Option<&LoggedPlan> {
        let planned = || self.plans.iter().filter(|plan| plan.plan.per_month.is_some());
        let is_whole =
            |plan: &&LoggedPlan| plan.plan.assessed.is_some() && plan.plan.consented.is_some();
        planned().find(is_whole).or_else(|| planned().next())
    }

    /// The evaluations of its terms, the newest first.
    pub fn evaluations(&self) -> impl Iterator<Item = &LoggedPlan> {
        self.plans.iter().filter(|plan| plan.plan.evaluated.is_some())
    }
}

/// What the folder of a child (一生一袋) has of home teaching: of a child taught at home a plan of the school year with assessment
/// and consent, and a visit.
pub fn held_teaching(log: Option<&TeachingLog>) -> Held {
    let Some(log) = log.filter(|log| log.state.is_some()) else { return Held::NotDue };
    let entitled =
        |plan: &LoggedPlan| plan.plan.assessed.is_some() && plan.plan.consented.is_some();
    let whole = log.plan().is_some_and(entitled) && !log.visits.is_empty();
    if whole { Held::Present } else { Held::Missing }
}

/// The headings of a plan and of an evaluation behind those of whose row it is.
const PLAN: [&str; 6] =
    ["计划起始日期", "送教教师", "计划每月送教次数", "送教内容", "评估鉴定日期", "监护人同意日期"];
const EVALUATION: [&str; 2] = ["学期评估日期", "学期评估"];

/// Takes a plan or an evaluation in as the word of the child's school.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn tell_plan(
    store: &Store,
    place: (&County, &Roll),
    (child, school, form): (baoxue_claim::ChildId, &str, &PlanForm),
    by: (&str, DateTime<Utc>),
) -> Result<Registered, FlowError> {
    let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let (on, name, said): (NaiveDate, String, Vec<(&str, String)>) = match form {
        PlanForm::Plan { on, teachers, per_month, contents, assessed, consented } => {
            let cells = [
                on.to_string(),
                teachers.clone(),
                per_month.to_string(),
                contents.clone(),
                day(*assessed),
                day(*consented),
            ];
            (*on, format!("送教计划_{on}"), PLAN.into_iter().zip(cells).collect())
        }
        PlanForm::Evaluation { on, words } => {
            let cells = [on.to_string(), words.clone()];
            (*on, format!("送教学期评估_{on}"), EVALUATION.into_iter().zip(cells).collect())
        }
    };
    tell_row(store, place, (child, school), (&name, on, said), by).await
}
