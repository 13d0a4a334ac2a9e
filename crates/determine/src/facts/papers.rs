//! Papers: suspension and sick leave, deferral and exemption, certificates of study elsewhere.

use baoxue_claim::{Certificate, Deferral, DeferralKind, Leave, LeaveKind, Statement, compact};
use chrono::{Days, Months, NaiveDate};

use super::{Basis, Facts, Registry, Slot, Stance};
use crate::{
    Settings,
    evidence::{Evidence, Item},
};

/// Words of an approver that is a school and nobody above it: not enough for a suspension, enough for sick leave.
///
/// Source: Compulsory Education Law art. 11 names the town government or the county education bureau.
const SCHOOL_ONLY: [&str; 3] = ["学校", "校长", "班主任"];
/// Words of an approver that is above the school.
const ABOVE_SCHOOL: [&str; 9] =
    ["教体", "教育", "学籍", "政府", "镇", "乡", "街道", "办事处", "号"];
/// A registry entry is made within so many days after the paper it is about.
const ENTRY_LAG_DAYS: u64 = 31;

/// Suspension and sick leave.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts that rules name")]
pub(crate) struct LeaveFacts {
    pub(crate) suspension: bool,
    pub(crate) sick: bool,
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
        match approved_leave(row) {
            Ok(period) => {
                leave.take(row.kind, period, settings.as_of, basis);
                if settings.as_of < period.0 {
                    leave.to_begin |= row.kind == LeaveKind::Suspension;
                    basis.refuse(item, NOT_BEGUN);
                    continue;
                }
                // What is over excuses nothing any more; it is cited for its last day.
                let in_force = settings.as_of <= period.1;
                let stance = if in_force { Stance::Excused } else { Stance::Nothing };
                basis.cite(Slot::Leave, stance, item);
                if row.kind == LeaveKind::Suspension {
                    papers.push(period);
                }
            }
            Err(why) => basis.refuse(item, why),
        }
    }
    leave.by_registry(registry, &papers, settings, basis);
    let ended = papers.iter().any(|(_, to)| *to < settings.as_of);
    let registry_ended = registry.suspended && !leave.by_registry && !leave.undated;
    let holds = leave.suspension || leave.by_registry || leave.to_begin;
    leave.lapsed = !holds && (ended || registry_ended);
    leave
}

impl LeaveFacts {
    fn take(
        &mut self,
        kind: LeaveKind,
        (from, to): (NaiveDate, NaiveDate),
        as_of: NaiveDate,
        basis: &mut Basis<'_>,
    ) {
        self.periods.push((from, to));
        if !(from..=to).contains(&as_of) {
            return;
        }
        let (flag, end) = match kind {
            LeaveKind::Suspension => (&mut self.suspension, &mut basis.ends.suspension),
            LeaveKind::SickLeave => (&mut self.sick, &mut basis.ends.sick_leave),
        };
        *flag = true;
        *end = (*end).max(Some(to));
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
    let back = facts.survey.in_school || facts.school.returned || facts.registry.live;
    facts.leave.lapsed && held && !back
}

fn approved_leave(row: &Leave) -> Result<(NaiveDate, NaiveDate), &'static str> {
    let period = in_order(row.period)?;
    if row.approved != Some(true) {
        return Err("没有批准");
    }
    let approver = row.approver.as_deref().map(compact).unwrap_or_default();
    let says = |words: &[&str]| words.iter().any(|word| approver.contains(word));
    if row.kind == LeaveKind::Suspension && says(&SCHOOL_ONLY) && !says(&ABOVE_SCHOOL) {
        return Err("休学须由镇政府、街道办或县级教育行政部门批准，学校无权批准");
    }
    Ok(period)
}

fn in_order(
    period: Option<(NaiveDate, NaiveDate)>,
) -> Result<(NaiveDate, NaiveDate), &'static str> {
    let (from, to) = period.ok_or("起止日期缺失或无法识别")?;
    if to < from { Err("结束日期早于开始日期") } else { Ok((from, to)) }
}

/// Deferral and exemption in force.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct DeferralFacts {
    pub(crate) deferral: bool,
    pub(crate) exemption: bool,
    pub(crate) lapsed: bool,
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
        match approved_deferral(row, settings.as_of) {
            Ok(to) => {
                let (flag, end) = match row.kind {
                    DeferralKind::Deferral => (&mut facts.deferral, &mut basis.ends.deferral),
                    DeferralKind::Exemption => (&mut facts.exemption, &mut basis.ends.exemption),
                };
                *flag = true;
                *end = (*end).max(Some(to));
                basis.cite(Slot::Deferral, Stance::Excused, item);
            }
            Err(why) => {
                facts.lapsed |= why == OVER;
                basis.refuse(item, why);
            }
        }
    }
    facts
}

const OVER: &str = "已过期";
const NOT_BEGUN: &str = "尚未开始";

fn approved_deferral(row: &Deferral, as_of: NaiveDate) -> Result<NaiveDate, &'static str> {
    let (from, to) = in_order(row.period)?;
    if row.approved != Some(true) {
        return Err("没有批准");
    }
    if as_of < from {
        return Err(NOT_BEGUN);
    }
    if to < as_of { Err(OVER) } else { Ok(to) }
}

/// Certificates of a school elsewhere.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CertificateFacts {
    pub(crate) valid: bool,
    /// There is a certificate and none is accepted.
    pub(crate) refused: bool,
}

/// Reads certificates.
pub(crate) fn certificate<'a>(
    evidence: &Evidence<'a>,
    settings: &Settings,
    basis: &mut Basis<'a>,
) -> CertificateFacts {
    let mut facts = CertificateFacts::default();
    for (item, row) in evidence.of(|claim| {
        let Statement::Certificate(row) = &claim.what else { return None };
        Some(row)
    }) {
        match good_certificate(&item, row, settings) {
            Ok(end) => {
                facts.valid = true;
                basis.ends.certificate = basis.ends.certificate.max(Some(end));
                basis.cite(Slot::Certificate, Stance::Elsewhere, item);
            }
            Err(why) => {
                facts.refused = true;
                basis.refuse(item, why);
                basis.cite(Slot::Certificate, Stance::Nothing, item);
            }
        }
    }
    facts.refused &= !facts.valid;
    facts
}

fn good_certificate(
    item: &Item<'_>,
    row: &Certificate,
    settings: &Settings,
) -> Result<NaiveDate, String> {
    let rules = settings.certificate;
    let mut why = Vec::new();
    if row.school.as_deref().is_none_or(|school| compact(school).is_empty()) {
        why.push("未写明学校");
    }
    let lacks = |asked: bool, has: Option<bool>| asked && has != Some(true);
    if lacks(rules.must_be_sealed, row.sealed) {
        why.push(if row.sealed.is_some() { "未盖学校公章" } else { "看不出是否盖章" });
    }
    if lacks(rules.must_be_verified, row.verified) {
        why.push(if row.verified.is_some() { "未经核实" } else { "看不出是否核实" });
    }
    let issued = row.issued.unwrap_or(item.claim.on);
    let end = issued
        .checked_add_months(Months::new(rules.valid_months))
        .and_then(|day| day.pred_opt())
        .unwrap_or(issued);
    if issued > settings.as_of {
        why.push("开具日期在判定日之后");
    } else if end < settings.as_of {
        why.push("已过期，须重新开具");
    }
    if why.is_empty() { Ok(end) } else { Err(why.join("，")) }
}
