//! 控辍保学月报: how a month ended and what happened in it, by town, so that each line adds up; submitted it is frozen.

use std::collections::BTreeMap;

use baoxue_act::{Case, CaseId, Event, Moment, PaperKind, fold};
use baoxue_authz::{Scope, Standing};
use baoxue_claim::{TownCode, VerdictCode};
use baoxue_store::{NewEvent, Store};
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use sm3::{Digest, Sm3};

use crate::{
    FlowError, Roll,
    cases::CaseBook,
    findings::{Finding, Lapse},
    hex::hex,
};

/// The word of the log for a submitted report.
const WHAT: &str = "month_reported";

/// A month, by its first day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Month(NaiveDate);

impl Month {
    /// The month of a day.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// Reads `2019-09`.
    pub fn parse(text: &str) -> Option<Self> {
        let day: NaiveDate = format!("{text}-01").parse().ok()?;
        ((2000..=2100).contains(&day.year()) && text.len() == 7).then_some(Self(day))
    }

    /// Its first day.
    pub const fn first(self) -> NaiveDate {
        self.0
    }

    /// Its last day.
    pub fn last(self) -> NaiveDate {
        self.next().0.checked_sub_days(Days::new(1)).unwrap_or(self.0)
    }

    /// The one after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0.checked_add_months(Months::new(1)).unwrap_or(self.0))
    }

    /// The one before it.
    #[must_use]
    pub fn before(self) -> Self {
        Self(self.0.checked_sub_months(Months::new(1)).unwrap_or(self.0))
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

macro_rules! columns {
    ($($(#[$doc:meta])* $variant:ident = $zh:literal, $en:literal;)*) => {
        /// A column of the report.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Column { $($(#[$doc])* $variant),* }

        impl Column {
            /// All, in the order of the form.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The heading in zh-CN.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),* }
            }

            /// The heading in English.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$variant => $en),* }
            }
        }
    };
}

columns! {
    /// Children of compulsory age in the population.
    OfAge = "适龄人口", "of age";
    /// In a school of the county, taught at home or under another arrangement.
    Enrolled = "已入学", "in school";
    /// In a school elsewhere.
    Elsewhere = "外地就读", "elsewhere";
    /// Taught at home; part of those in school.
    AtHome = "其中送教上门", "of them at home";
    /// Entry deferred.
    Deferred = "延缓入学", "deferred";
    /// Suspended, or on sick leave.
    Suspended = "休学", "suspended";
    /// Assessed unable to learn.
    Unable = "评估不具备学习条件", "unable";
    /// Completed.
    Completed = "已完成义务教育", "completed";
    /// Suspected at the end.
    Suspected = "疑似辍学（期末）", "suspected, end";
    /// Dropped out at the end.
    Dropout = "辍学（期末）", "dropped out, end";
    /// Never in a school, at the end.
    NeverEnrolled = "失学（期末）", "never enrolled, end";
    /// Past the age without completion.
    Overage = "超龄未完成", "overage, incomplete";
    /// Still being verified: shown, never hidden.
    Verifying = "核实中", "being verified";
    /// Cases of children out of school on the first day.
    Begun = "在控案件（期初）", "cases, start";
    /// Cases that became such in the month.
    New = "新增", "new";
    /// Of these, who came back in the month.
    Returned = "复学", "returned";
    /// Of these, whose case ended in another way.
    Otherwise = "其他减少", "ended otherwise";
    /// Cases at the end.
    Left = "在控案件（期末）", "cases, end";
    /// Attempts to persuade.
    Attempts = "劝返人次", "attempts";
    /// Notices to return that were issued.
    Notices = "限期复学通知书", "notices to return";
    /// Orders to correct.
    Orders = "责令改正通知书", "orders to correct";
    /// Findings of inspections that a list had missed.
    Missed = "督查漏报", "missed by lists";
    /// Findings that a list had wrong.
    Wrong = "督查误报", "wrong on lists";
}

/// The line of a town; `None` where no source tells the town.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthLine {
    /// The town.
    pub town: Option<TownCode>,
    /// The figures in the order of [`Column::ALL`].
    n: Vec<u32>,
}

impl MonthLine {
    const fn empty(town: Option<TownCode>, n: Vec<u32>) -> Self {
        Self { town, n }
    }

    /// A figure.
    pub fn get(&self, column: Column) -> u32 {
        self.n.get(column as usize).copied().unwrap_or_default()
    }

    fn add(&mut self, column: Column, n: u32) {
        if let Some(cell) = self.n.get_mut(column as usize) {
            *cell += n;
        }
    }

    /// Whether the children of age are those under one of the states, and the cases at the end those at the start with what
    /// came and went.
    pub fn adds_up(&self) -> bool {
        use Column as C;
        let states = [
            C::Enrolled,
            C::Elsewhere,
            C::Deferred,
            C::Suspended,
            C::Unable,
            C::Completed,
            C::Suspected,
            C::Dropout,
            C::NeverEnrolled,
            C::Overage,
            C::Verifying,
        ];
        let children: u32 = states.into_iter().map(|column| self.get(column)).sum();
        children == self.get(C::OfAge)
            && self.get(C::Begun) + self.get(C::New)
                == self.get(C::Left) + self.get(C::Returned) + self.get(C::Otherwise)
    }
}

/// The sum of lines.
pub fn sum(lines: &[MonthLine]) -> MonthLine {
    let mut whole = MonthLine::empty(None, vec![0; Column::ALL.len()]);
    for line in lines {
        for column in Column::ALL {
            whole.add(*column, line.get(*column));
        }
    }
    whole
}

/// What the lines are counted from.
#[derive(Clone, Copy, Debug)]
pub struct Counted<'a> {
    /// The children, as the newest run has them.
    pub roll: &'a Roll,
    /// The cases.
    pub cases: &'a CaseBook,
    /// The findings of inspections.
    pub findings: &'a [Finding],
    /// Whose children and cases.
    pub scope: &'a Scope,
}

/// The report of a month, by town in the order of codes. How many children stand where is known for today only: what is
/// counted for a month that is over is the state of the newest run.
///
/// # Errors
/// [`FlowError`] when the events of a case are none.
pub fn month_lines(of: Counted<'_>, month: Month) -> Result<Vec<MonthLine>, FlowError> {
    let mut lines: BTreeMap<Option<TownCode>, MonthLine> = BTreeMap::new();
    let mut count = |town: Option<TownCode>, column: Column, n: u32| {
        let empty = || MonthLine::empty(town, vec![0; Column::ALL.len()]);
        lines.entry(town).or_insert_with(empty).add(column, n);
    };
    for entry in of.roll.entries().iter().filter(|entry| of.scope.sees(entry.standing())) {
        if !entry.of_age {
            continue;
        }
        let Some(column) = column_of(entry.code) else { continue };
        count(entry.town, Column::OfAge, 1);
        count(entry.town, column, 1);
        count(entry.town, Column::AtHome, u32::from(entry.code == VerdictCode::HomeTeaching));
    }
    for file in of.cases.all() {
        let entry = of.roll.entry(file.case.child);
        let Some(entry) = entry.filter(|entry| of.scope.sees(entry.standing())) else { continue };
        for (column, n) in flow(file.case.id, &file.events, month)? {
            count(entry.town, column, n);
        }
    }
    let in_month = |day: NaiveDate| month.first() <= day && day <= month.last();
    for finding in of.findings.iter().filter(|finding| in_month(finding.entered.on)) {
        let town = finding.entered.town;
        if !of.scope.sees(Standing { town, ..Standing::default() }) {
            continue;
        }
        let missed = finding.entered.missed_by.iter();
        let wrong = missed.clone().any(|by| by.lapse == Lapse::SaidOut);
        count(town, Column::Wrong, u32::from(wrong));
        count(town, Column::Missed, u32::from(missed.len() > 0 && !wrong));
    }
    Ok(lines.into_values().collect())
}

/// Where children stand, by the lines of a report that was submitted when it was known.
pub fn keep_states(lines: &mut Vec<MonthLine>, known: &[MonthLine]) {
    let states = ..=Column::Verifying as usize;
    for line in lines.iter_mut() {
        let of = known.iter().find(|of| of.town == line.town);
        for (at, cell) in line.n.iter_mut().enumerate().filter(|(at, _)| states.contains(at)) {
            *cell = of.and_then(|of| of.n.get(at)).copied().unwrap_or_default();
        }
    }
    for gone in
        known.iter().filter(|of| lines.iter().all(|line| line.town != of.town)).collect::<Vec<_>>()
    {
        let flows = gone.n.iter().enumerate();
        let n = flows.map(|(at, n)| if states.contains(&at) { *n } else { 0 }).collect();
        lines.push(MonthLine { town: gone.town, n });
    }
    lines.sort_by_key(|line| line.town);
}

/// Under which state a child of age is counted; `None` for whoever is not in the population.
const fn column_of(code: VerdictCode) -> Option<Column> {
    Some(match code {
        VerdictCode::EnrolledLocal | VerdictCode::HomeTeaching | VerdictCode::OtherArrangement => {
            Column::Enrolled
        }
        VerdictCode::EnrolledElsewhere => Column::Elsewhere,
        VerdictCode::Deferred => Column::Deferred,
        VerdictCode::Suspended => Column::Suspended,
        VerdictCode::Unable => Column::Unable,
        VerdictCode::Completed => Column::Completed,
        VerdictCode::Suspected => Column::Suspected,
        VerdictCode::Dropout => Column::Dropout,
        VerdictCode::NeverEnrolled => Column::NeverEnrolled,
        VerdictCode::OverageIncomplete => Column::Overage,
        VerdictCode::Missing | VerdictCode::Conflict | VerdictCode::Unverified => Column::Verifying,
        VerdictCode::NotYetOfAge
        | VerdictCode::Dead
        | VerdictCode::MovedOut
        | VerdictCode::Emigrated
        | VerdictCode::RegisterError => return None,
    })
}

/// What a case adds to its month: whether it was open against a child out of school at either end, and what was done.
fn flow(id: CaseId, events: &[Event], month: Month) -> Result<Vec<(Column, u32)>, FlowError> {
    let until = |day: NaiveDate| {
        let n = events.iter().take_while(|event| event.at.date() < day).count();
        let known = events.get(..n).filter(|known| !known.is_empty());
        known.map(|known| fold(id, known).map_err(|_| FlowError::NoCase(id))).transpose()
    };
    let (start, end) = (until(month.first())?, until(month.next().first())?);
    let Some(end) = end else { return Ok(Vec::new()) };
    let in_month = |at: Moment| month.first() <= at.date() && at.date() <= month.last();
    let (was_out, is_out) = (start.as_ref().is_some_and(is_out), is_out(&end));
    // A return that is struck out makes it such again, too.
    let became_out = !was_out && (is_out || end.accused.is_some_and(in_month));
    let gone = (was_out || became_out) && !is_out;
    let returned = gone && end.returned.is_some();
    let visits = end.visits.iter().filter(|visit| in_month(visit.at));
    let attempts = visits.filter(|visit| visit.what.met.is_attempt()).count();
    let issued = |kind: PaperKind| {
        let all = end.papers.iter().filter(|paper| paper.stands());
        let all = all.filter(|paper| paper.issued.what.kind == kind && in_month(paper.issued.at));
        u32::try_from(all.count()).unwrap_or(u32::MAX)
    };
    Ok(vec![
        (Column::Begun, u32::from(was_out)),
        (Column::New, u32::from(became_out)),
        (Column::Returned, u32::from(returned)),
        (Column::Otherwise, u32::from(gone && !returned)),
        (Column::Left, u32::from(is_out)),
        (Column::Attempts, u32::try_from(attempts).unwrap_or(u32::MAX)),
        (Column::Notices, issued(PaperKind::ReturnNotice)),
        (Column::Orders, issued(PaperKind::CorrectionOrder)),
    ])
}

/// Whether a case stands against a child that is out of school.
fn is_out(case: &Case) -> bool {
    case.accused.is_some() && case.returned.is_none() && case.over.is_none()
}

/// What the lines are known by: who submits has read exactly these.
///
/// # Errors
/// [`FlowError`] never in practice: the lines are plain numbers.
pub fn seal_of(lines: &[MonthLine]) -> Result<String, FlowError> {
    Ok(hex(&Sm3::digest(serde_json::to_vec(lines)?)))
}

/// A report as it was submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    /// Its month.
    pub month: Month,
    /// The day of the figures.
    pub on: NaiveDate,
    /// The lines, frozen.
    pub lines: Vec<MonthLine>,
    /// Why it corrects an earlier one.
    pub why: Option<String>,
    /// By whom.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct Body {
    month: Month,
    on: NaiveDate,
    lines: Vec<MonthLine>,
    why: Option<String>,
}

/// Submits a report. It is kept for good; one that corrects it is another.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn submit(store: &Store, report: Submitted) -> Result<(), FlowError> {
    let Submitted { month, on, lines, why, by, at } = report;
    let body = serde_json::to_value(Body { month, on, lines, why })?;
    store.log(NewEvent { what: WHAT.to_owned(), at, by, body }).await?;
    Ok(store.settle().await?)
}

/// What was submitted, by month, the oldest first.
///
/// # Errors
/// [`FlowError`] when the store refuses or one cannot be read.
pub async fn submitted(store: &Store) -> Result<BTreeMap<Month, Vec<Submitted>>, FlowError> {
    let mut all: BTreeMap<Month, Vec<Submitted>> = BTreeMap::new();
    for event in store.events().await?.into_iter().filter(|event| event.event.what == WHAT) {
        let Body { month, on, lines, why } = serde_json::from_value(event.event.body)?;
        let (by, at) = (event.event.by, event.event.at);
        all.entry(month).or_default().push(Submitted { month, on, lines, why, by, at });
    }
    Ok(all)
}

/// The month whose report is owed on a day: the one before while it is not submitted, its own from ten days before `due` on.
/// Before the first case there is nothing to report.
pub fn owed(
    of: &BTreeMap<Month, Vec<Submitted>>,
    first_case: Option<NaiveDate>,
    (today, due): (NaiveDate, u32),
) -> Option<(Month, NaiveDate)> {
    const AHEAD: u32 = 10;
    let this = Month::of(today);
    let due_in = |month: Month| {
        let days = Days::new(u64::from(due.saturating_sub(1)));
        month.first().checked_add_days(days).map_or(month.last(), |day| day.min(month.last()))
    };
    let first = Month::of(first_case?);
    let open = |month: Month| month >= first && !of.contains_key(&month);
    let before = this.before();
    if open(before) {
        return Some((before, due_in(before)));
    }
    let near = today.day() + AHEAD >= due_in(this).day();
    (open(this) && near).then(|| (this, due_in(this)))
}

#[cfg(test)]
mod tests;
