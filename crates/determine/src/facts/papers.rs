//! Papers: suspension and sick leave, deferral and exemption.

use baoxue_claim::{Deferral, DeferralKind, Leave, LeaveKind, Statement};
use chrono::{Days, Months, NaiveDate};

use super::{Basis, Facts, Registry, Slot, Stance};
use crate::{Body, Settings, body, evidence::Evidence, verdict::Why};

/// A registry entry is made within so many days after the paper it is about.
const ENTRY_LAG_DAYS: u64 = 31;

/// Suspension and sick leave.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts that rules name")]
pub(crate) struct LeaveFacts {
    pub(crate) suspension: bool,
    pub(crate) sick: bool,
    /// A paper in force names somebody who may approve it.
    pub(crate) certified: bool,
    /// On its face a paper is in force, but the longest time that one approval may last is over.
    pub(crate) overlong: bool,
    pub(crate) by_registry: bool,
    /// Every suspension that is known has ended, and none is approved for days to come.
    pub(crate) lapsed: bool,
    /// An approved suspension on paper has not begun.
    to_begin: bool,
    /// The registry says suspended and gives no day.
    pub(crate) undated: bool,
    /// It has ended and the child is not back.
    pub(crate) not_resumed: bool,
    /// Approved periods, first and last day.
    periods: Vec<(NaiveDate, NaiveDate)>,
}

impl LeaveFacts {
    /// How many days from `since` to `until` lie within approved leave. Day `since` is the first missed, `until` is
    /// not counted, as schools count.
    pub(crate) fn covered_days(&self, since: NaiveDate, until: NaiveDate) -> i64 {
        let days = since.iter_days().take_while(|day| *day < until);
        let covered = |day: &NaiveDate| self.periods.iter().any(|(a, b)| a <= day && day <= b);
        if self.periods.is_empty() {
            return 0;
        }
        i64::try_from(days.filter(covered).count()).unwrap_or_default()
    }
}

/// Reads suspensions and sick leave, on paper and in the registry.
pub(crate) fn leave<'a>(
    evidence: &Evidence<'a>,
    settings: &Settings,
    registry: &Registry,
    basis: &mut Basis<'a>,
) -> LeaveFacts {
    let mut leave = LeaveFacts::default();
    let mut papers: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for (item, row) in evidence.of(|claim| {
        let Statement::Leave(row) = &claim.what else { return None };
        Some(row)
    }) {
        let paper = match approved_leave(row, settings) {
            Ok(paper) => paper,
            Err(why) => {
                basis.refuse(item, why);
                continue;
            }
        };
        leave.take(row.kind, &paper, settings.as_of, basis);
        if settings.as_of < paper.from {
            leave.to_begin |= row.kind == LeaveKind::Suspension;
            basis.refuse(item, NOT_BEGUN);
            continue;
        }
        // What is over excuses nothing any more; it is cited for its last day.
        let stance = if paper.holds(settings.as_of) { Stance::Excused } else { Stance::Nothing };
        basis.cite(Slot::Leave, stance, item);
        if paper.is_overlong(settings.as_of) {
            leave.overlong = true;
            basis.refuse(item, paper.too_long());
        }
        if row.kind == LeaveKind::Suspension {
            papers.push((paper.from, paper.to));
        }
    }
    leave.by_registry(registry, &papers, settings, basis);
    let ended = papers.iter().any(|(_, to)| *to < settings.as_of);
    let registry_ended = registry.suspended && !leave.by_registry && !leave.undated;
    let holds = leave.suspension || leave.by_registry || leave.to_begin || leave.overlong;
    leave.lapsed = !holds && (ended || registry_ended);
    leave
}

impl LeaveFacts {
    fn take(&mut self, kind: LeaveKind, paper: &Paper, as_of: NaiveDate, basis: &mut Basis<'_>) {
        self.periods.push((paper.from, paper.last));
        if !paper.holds(as_of) {
            return;
        }
        self.certified |= paper.certified;
        let (flag, end) = match kind {
            LeaveKind::Suspension => (&mut self.suspension, &mut basis.ends.suspension),
            LeaveKind::SickLeave => (&mut self.sick, &mut basis.ends.sick_leave),
        };
        *flag = true;
        *end = (*end).max(Some(paper.last));
    }

    /// A suspension that stands in the registry holds for some months, unless a paper about the same suspension says
    /// until when. `papers` are those that have begun.
    fn by_registry(
        &mut self,
        registry: &Registry,
        papers: &[(NaiveDate, NaiveDate)],
        settings: &Settings,
        basis: &mut Basis<'_>,
    ) {
        if !registry.suspended {
            return;
        }
        let Some(on) = registry.suspended_on.filter(|on| *on <= settings.as_of) else {
            self.undated = papers.is_empty() && !self.to_begin;
            return;
        };
        let earliest = on.checked_sub_days(Days::new(ENTRY_LAG_DAYS)).unwrap_or(on);
        if papers.iter().any(|(from, _)| *from >= earliest) {
            return;
        }
        // The suspension begins on that day, so the same day a year later is the first one after it.
        let months = Months::new(settings.registry_suspension_months);
        let end = on.checked_add_months(months).and_then(|day| day.pred_opt());
        if end.is_some_and(|end| settings.as_of <= end) {
            self.by_registry = true;
            self.periods.extend(end.map(|end| (on, end)));
            basis.ends.registry_suspension = end;
        }
    }
}

/// Whether the suspension is over and the child not back. Somebody must say so: the registry by still holding it as
/// suspended, or the town.
pub(crate) fn not_resumed(facts: &Facts) -> bool {
    let held = facts.registry.suspended || (!facts.registry.any && facts.town_says_out());
    let said_in = facts.survey.in_school || facts.survey.split;
    let back = said_in || facts.school.returned || facts.registry.live;
    facts.leave.lapsed && held && !back
}

type Period = (NaiveDate, NaiveDate);

/// A reason that may name bodies.
type Because = (String, String);

/// A paper that somebody approved who may, as far as its words tell.
struct Paper {
    from: NaiveDate,
    /// Its last day as written.
    to: NaiveDate,
    /// Its last day that counts: no approval lasts longer than the longest time.
    last: NaiveDate,
    /// The longest time in months.
    months: u32,
    /// Whether its words name who approved it.
    certified: bool,
}

impl Paper {
    fn new((from, to): Period, months: u32, certified: bool) -> Self {
        let longest = from.checked_add_months(Months::new(months));
        let last = longest.and_then(|day| day.pred_opt()).map_or(to, |last| last.min(to));
        Self { from, to, last, months, certified }
    }

    fn holds(&self, as_of: NaiveDate) -> bool {
        (self.from..=self.last).contains(&as_of)
    }

    fn is_overlong(&self, as_of: NaiveDate) -> bool {
        self.last < as_of && as_of <= self.to
    }

    fn too_long(&self) -> Because {
        let months = self.months;
        (
            format!("一次批准最长{months}个月，已满，须重新申请、重新批准"),
            format!(
                "one approval lasts {months} months at most; these are over, it takes a new one"
            ),
        )
    }
}

fn approved_leave(row: &Leave, settings: &Settings) -> Result<Paper, Because> {
    let period = in_order(row.period).map_err(owned)?;
    if row.approved != Some(true) {
        return Err(owned(NOT_APPROVED));
    }
    let (may, months) = match row.kind {
        LeaveKind::Suspension => {
            (&settings.certifiers.suspension, settings.papers.suspension_months)
        }
        LeaveKind::SickLeave => {
            (&settings.certifiers.sick_leave, settings.papers.sick_leave_months)
        }
    };
    let certified = certified(row.approver.as_deref(), may)?;
    Ok(Paper::new(period, months, certified))
}

/// Whether the words name who approved it, and that is somebody who may. Words that name nobody who is known are let pass,
/// for they are a number or a name, and are shown as missing.
fn certified(approver: Option<&str>, may: &[Body]) -> Result<bool, Because> {
    let by = body::named(approver.unwrap_or_default());
    if by.is_empty() || by.iter().any(|body| may.contains(body)) {
        return Ok(!by.is_empty());
    }
    let list = |of: &[Body], word: fn(Body) -> &'static str, comma: &str| {
        of.iter().map(|body| word(*body)).collect::<Vec<_>>().join(comma)
    };
    Err((
        format!(
            "由{}批准，无权批准；有权批准的是：{}",
            list(&by, Body::zh, "、"),
            list(may, Body::zh, "、")
        ),
        format!(
            "approved by {}, who may not; it takes: {}",
            list(&by, Body::en, ", "),
            list(may, Body::en, ", ")
        ),
    ))
}

fn owned((zh, en): Why) -> Because {
    (zh.to_owned(), en.to_owned())
}

fn in_order(period: Option<Period>) -> Result<Period, Why> {
    let (from, to) = period.ok_or(NO_PERIOD)?;
    if to < from {
        Err(("结束日期早于开始日期", "it ends before it begins"))
    } else {
        Ok((from, to))
    }
}

const NO_PERIOD: Why = ("起止日期缺失或无法识别", "first and last day are missing or unreadable");
const NOT_APPROVED: Why = ("没有批准", "not approved");
const OVER: Why = ("已过期", "out of date");
const NOT_BEGUN: Why = ("尚未开始", "not begun");

/// Deferral and exemption in force.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts that rules name")]
pub(crate) struct DeferralFacts {
    pub(crate) deferral: bool,
    pub(crate) exemption: bool,
    pub(crate) lapsed: bool,
    /// A paper in force names somebody who may approve it.
    pub(crate) certified: bool,
    /// On its face a paper is in force, but the longest time that one approval may last is over.
    pub(crate) overlong: bool,
}

/// Reads deferrals and exemptions.
pub(crate) fn deferral<'a>(
    evidence: &Evidence<'a>,
    settings: &Settings,
    basis: &mut Basis<'a>,
) -> DeferralFacts {
    let mut facts = DeferralFacts::default();
    for (item, row) in evidence.of(|claim| {
        let Statement::Deferral(row) = &claim.what else { return None };
        Some(row)
    }) {
        match approved_deferral(row, settings) {
            Ok(paper) if paper.holds(settings.as_of) => {
                let (flag, end) = match row.kind {
                    DeferralKind::Deferral => (&mut facts.deferral, &mut basis.ends.deferral),
                    DeferralKind::Exemption => (&mut facts.exemption, &mut basis.ends.exemption),
                };
                *flag = true;
                *end = (*end).max(Some(paper.last));
                facts.certified |= paper.certified;
                basis.cite(Slot::Deferral, Stance::Excused, item);
            }
            Ok(paper) if settings.as_of < paper.from => basis.refuse(item, NOT_BEGUN),
            Ok(paper) if paper.is_overlong(settings.as_of) => {
                facts.overlong = true;
                basis.refuse(item, paper.too_long());
                basis.cite(Slot::Deferral, Stance::Nothing, item);
            }
            Ok(_) => {
                facts.lapsed = true;
                basis.refuse(item, OVER);
            }
            Err(why) => basis.refuse(item, why),
        }
    }
    facts
}

fn approved_deferral(row: &Deferral, settings: &Settings) -> Result<Paper, Because> {
    let period = in_order(row.period).map_err(owned)?;
    if row.approved != Some(true) {
        return Err(owned(NOT_APPROVED));
    }
    let (may, months) = match row.kind {
        DeferralKind::Deferral => (&settings.certifiers.deferral, settings.papers.deferral_months),
        DeferralKind::Exemption => {
            (&settings.certifiers.exemption, settings.papers.exemption_months)
        }
    };
    let certified = certified(row.document.as_deref(), may)?;
    Ok(Paper::new(period, months, certified))
}
