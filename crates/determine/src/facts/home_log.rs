//! Visits to the home of a child taught there, and whether they still count as schooling.
//!
//! What this knows of holidays is the county's own list of days of the year ([`HomeTeachingRules`]): without one every day
//! counts, those of the summer too. A plan of the child's own school for its school year asks for visits of its own, once it
//! has held for as long as visits are counted over; until then the one before it goes on asking.

use std::collections::BTreeMap;

use baoxue_claim::{ChildId, HomePlan, HomeVisit, Record, SchoolYear, Statement, same_school};
use chrono::{Months, NaiveDate};

use super::{Basis, Registry, Slot, Stance};
use crate::{
    Child, HomeTeachingRules, Settings,
    evidence::{Evidence, Item, Of},
    settings::Holiday,
    verdict::Why,
};

/// The visits to the home of a child that count, up to the day of the settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomeVisits {
    /// Their days, in ascending order; never empty.
    pub days: Vec<NaiveDate>,
    /// Whether they count as schooling on the day.
    pub fresh: bool,
    /// The last day on which they count, unless another comes.
    pub until: NaiveDate,
    /// The day for which the last visit promised the next.
    pub promised: Option<NaiveDate>,
    /// Visits within thirty days up to the day of the settings, holidays left out.
    pub recent: u32,
    /// How many the county or a plan for the child asks for within thirty days; 0 asks for none.
    pub asked: u32,
}

impl HomeVisits {
    /// The visits in the records of a child; `None` when none counts.
    pub fn of(records: &[&Record], settings: &Settings) -> Option<Self> {
        let child = Child::new(ChildId(0), records.to_vec());
        let evidence = Evidence::gather(&child, settings.as_of);
        let rules = &settings.home_teaching;
        let good = split(visits_in(&evidence), rules).0;
        let visits = Visits::of(&good, Asked::of(&evidence, rules));
        let (last, _) = visits.last()?;
        let end = last.checked_add_months(LONGEST).unwrap_or(last);
        let of_last = good.iter().filter(|(item, _)| item.claim.on == last);
        Some(Self {
            fresh: visits.are_fresh(settings.as_of),
            until: visits.fresh_until(last, end),
            promised: of_last.filter_map(|(_, visit)| visit.next).filter(|next| *next > last).max(),
            recent: u32::try_from(visits.recent(settings.as_of)).unwrap_or(u32::MAX),
            asked: visits.asked.visits(settings.as_of),
            days: visits.on.into_keys().collect(),
        })
    }

    /// The day by which the next visit is due: the promised one, and the last day on which the others count at the latest.
    pub fn due(&self) -> NaiveDate {
        self.promised.map_or(self.until, |promised| promised.min(self.until))
    }
}

/// A visit is followed no further, whatever the holidays of a county.
const LONGEST: Months = Months::new(12);

/// Days over which visits of a month are counted.
const MONTH: i64 = 30;

const UNSIGNED: Why =
    ("监护人没有签字，不算一次送教", "the guardian has not signed, so the visit does not count");

/// What the log of home teaching says of a child.
#[derive(Debug, Default)]
pub(crate) struct HomeLog {
    /// A visit that counts, however old.
    pub(crate) any: bool,
    /// A log is to be expected: the child has visits, its school keeps a log, or the county asks every school for one.
    pub(crate) kept: bool,
    /// The visits still count as schooling.
    pub(crate) fresh: bool,
    /// Days since the last visit, holidays left out; -1 when there is none.
    pub(crate) days: i64,
    /// Visits within the last thirty days, holidays left out.
    pub(crate) recent: i64,
}

/// Reads the visits up to the day. Of a child taught at home the last one is cited, with the reason when it is too old.
pub(crate) fn read<'a>(
    child: &Child<'a>,
    evidence: &Evidence<'a>,
    registry: &Registry,
    settings: &Settings,
    basis: &mut Basis<'a>,
) -> HomeLog {
    let rules = &settings.home_teaching;
    let rows = visits_in(evidence);
    let kept = !rows.is_empty() || is_kept(child, registry, rules);
    let (good, unsigned) = split(rows, rules);
    let visits = Visits::of(&good, Asked::of(evidence, rules));
    let today = settings.as_of;
    let log = HomeLog {
        any: visits.last().is_some(),
        kept,
        fresh: visits.are_fresh(today),
        days: visits.last().map_or(-1, |(day, _)| visits.days(day, today)),
        recent: visits.recent(today),
    };
    if !registry.home_teaching {
        return log;
    }
    for (item, _) in unsigned {
        basis.refuse(item, UNSIGNED);
    }
    if let Some((_, item)) = visits.last() {
        let stance = if log.fresh { Stance::HomeTeaching } else { Stance::Nothing };
        basis.cite(Slot::HomeLog, stance, item);
        if !log.fresh {
            basis.refuse(item, log.why(item, &visits.asked, today));
        }
    }
    if log.fresh {
        let end = basis.ends.home_teaching.unwrap_or(today);
        basis.ends.home_teaching = Some(visits.fresh_until(today, end));
    }
    log
}

/// How many visits are asked for: by the county, and by the plan for the child.
#[derive(Clone, Debug)]
struct Asked<'r> {
    rules: &'r HomeTeachingRules,
    /// The days from which plans hold and their visits a month, in ascending order: of two of one day the last asks for more.
    plans: Vec<(NaiveDate, u32)>,
}

impl<'r> Asked<'r> {
    fn of(evidence: &Evidence<'_>, rules: &'r HomeTeachingRules) -> Self {
        let plans = evidence.of(|claim| {
            let Statement::HomePlan(plan) = &claim.what else { return None };
            Some(plan)
        });
        let mut plans: Vec<(NaiveDate, u32)> = plans
            .iter()
            .filter_map(|(item, plan): &Of<'_, HomePlan>| Some((item.claim.on, plan.per_month?)))
            .collect();
        plans.sort_unstable();
        Self { rules, plans }
    }

    /// The visits that the newest plan asks for within thirty days up to a day, of those that have held for so long in its
    /// school year; `None` where there is none. Whoever plans anew goes on owing what was planned before until the new plan
    /// has held.
    fn planned(&self, day: NaiveDate) -> Option<u32> {
        let holds = |since: NaiveDate| {
            SchoolYear::of(since) == SchoolYear::of(day) && self.days(since, day) >= MONTH
        };
        self.plans.iter().rev().find(|(since, _)| holds(*since)).map(|(_, visits)| *visits)
    }

    /// The visits asked for within thirty days up to a day: a plan asks for no fewer than the county.
    fn visits(&self, day: NaiveDate) -> u32 {
        self.planned(day).unwrap_or(0).max(self.rules.min_per_month)
    }

    /// Days from one day to another, holidays left out.
    fn days(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let holidays: &[Holiday] = &self.rules.holidays;
        if holidays.is_empty() {
            return (to - from).num_days();
        }
        let counts = |day: &NaiveDate| !holidays.iter().any(|holiday| holiday.contains(*day));
        let days = from.iter_days().skip(1).take_while(|day| *day <= to).filter(counts).count();
        i64::try_from(days).unwrap_or(i64::MAX)
    }
}

type Rows<'a> = Vec<Of<'a, HomeVisit>>;

fn visits_in<'a>(evidence: &Evidence<'a>) -> Rows<'a> {
    evidence.of(|claim| {
        let Statement::HomeVisit(visit) = &claim.what else { return None };
        Some(visit)
    })
}

/// The rows that count, and those that the guardian has not signed.
fn split<'a>(rows: Rows<'a>, rules: &HomeTeachingRules) -> (Rows<'a>, Rows<'a>) {
    rows.into_iter().partition(|(_, visit)| rules.unsigned_counts || visit.signed != Some(false))
}

/// Whether the school on whose roll the child is keeps a log. One that names no school is the county's, of all.
fn is_kept(child: &Child<'_>, registry: &Registry, rules: &HomeTeachingRules) -> bool {
    let Some(files) = child.files else { return false };
    let at = |log: &String| registry.live_at.iter().any(|(name, _)| same_school(name, log));
    files.home_logs.iter().any(|log| rules.all_schools || log.is_empty() || at(log))
}

impl HomeLog {
    /// Why the last visit does not count any more, with its day.
    fn why(&self, last: Item<'_>, asked: &Asked<'_>, today: NaiveDate) -> (String, String) {
        let rules = asked.rules;
        let (on, days, gap) = (last.claim.on, self.days, rules.gap_days);
        if days <= i64::from(gap) {
            let (recent, min) = (self.recent, asked.visits(today));
            let (zh, en) = if asked.planned(today).is_some_and(|n| n > rules.min_per_month) {
                ("该生送教计划", "planned for the child")
            } else {
                ("要求", "asked for")
            };
            return (
                format!(
                    "最近一次送教是{on}，三十天内送教{recent}次，少于{zh}的{min}次，不算作就学"
                ),
                format!(
                    "the last visit was on {on}; {recent} in thirty days, fewer than the {min} {en}: this does not count as schooling"
                ),
            );
        }
        let (zh, en) = if rules.holidays.is_empty() {
            ("", "")
        } else {
            ("（假期不计）", " (holidays left out)")
        };
        (
            format!("最近一次送教是{on}，到{today}已有{days}天{zh}，超过{gap}天，不再算作就学"),
            format!(
                "the last visit was on {on}, {days} days{en} before {today} and more than {gap}: it counts as schooling no more"
            ),
        )
    }
}

/// The days of visits, each with one of its rows: a visit that two lists tell is one.
struct Visits<'a, 'r> {
    on: BTreeMap<NaiveDate, Item<'a>>,
    asked: Asked<'r>,
}

impl<'a, 'r> Visits<'a, 'r> {
    fn of(rows: &[Of<'a, HomeVisit>], asked: Asked<'r>) -> Self {
        let mut on = BTreeMap::new();
        for (item, _) in rows {
            on.entry(item.claim.on).or_insert(*item);
        }
        Self { on, asked }
    }

    fn last(&self) -> Option<(NaiveDate, Item<'a>)> {
        self.on.last_key_value().map(|(day, item)| (*day, *item))
    }

    fn days(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        self.asked.days(from, to)
    }

    /// Visits within thirty days up to the day.
    fn recent(&self, day: NaiveDate) -> i64 {
        let all = self.on.keys().rev().skip_while(|on| **on > day);
        let recent = all.take_while(|on| self.days(**on, day) < MONTH).count();
        i64::try_from(recent).unwrap_or(i64::MAX)
    }

    fn are_fresh(&self, day: NaiveDate) -> bool {
        let Some((last, _)) = self.last() else { return false };
        let (gap, min) = (i64::from(self.asked.rules.gap_days), i64::from(self.asked.visits(day)));
        self.days(last, day) <= gap && (min == 0 || self.recent(day) >= min)
    }

    /// The last day on which they are, if no further visit comes; `end` at the latest.
    fn fresh_until(&self, today: NaiveDate, end: NaiveDate) -> NaiveDate {
        let later = today.iter_days().skip(1).take_while(|day| *day <= end);
        later.take_while(|day| self.are_fresh(*day)).last().unwrap_or(today)
    }
}

#[cfg(test)]
mod tests {
    use baoxue_claim::{ChildId, Record, Statement};

    use super::HomeVisits;
    use crate::{Child, Files, HomeTeachingRules, Pack, Settings, Verdict, pack::records_of_case};

    const TODAY: &str = "2019-09-20";

    /// The verdict on a child that the registry says is taught at home, under rules of the county's own.
    fn verdict(log: &str, home_logs: &[&str], rules: HomeTeachingRules) -> Verdict {
        let today = TODAY.parse().unwrap();
        let row = [("registry", "attending home 5"), ("home-log", log)];
        let records = records_of_case(today, &row).unwrap();
        let records: Vec<&Record> = records.iter().collect();
        let home_logs = home_logs.iter().map(|name| (*name).to_owned()).collect();
        let files = Files { home_logs, ..Files::default() };
        let child = Child { files: Some(&files), ..Child::new(ChildId(1), records) };
        let settings = Settings { home_teaching: rules, ..Settings::new(today) };
        crate::verdict(&child, &Pack::builtin(), &settings)
    }

    fn said(log: &str, home_logs: &[&str], rules: HomeTeachingRules) -> String {
        let found = verdict(log, home_logs, rules);
        let until = found.expires.map(|day| format!(" until {day}")).unwrap_or_default();
        format!("{}{until}", found.reason)
    }

    fn rules() -> HomeTeachingRules {
        HomeTeachingRules::default()
    }

    #[test]
    fn no_visit_falls_due_in_the_holidays_that_the_county_names() {
        let summer = |days: &str| HomeTeachingRules {
            holidays: vec![days.to_owned().try_into().unwrap()],
            ..rules()
        };
        assert_eq!(said("2019-07-01", &[], rules()), "HOME_TEACHING_LAPSED");
        // Nine days of July and twenty of September.
        let found = said("2019-07-01", &[], summer("07-11..08-31"));
        assert_eq!(found, "HOME_TEACHING until 2019-09-21");
        // A holiday over the turn of the year.
        assert_eq!(said("2019-07-01", &[], summer("12-20..02-20")), "HOME_TEACHING_LAPSED");
        for wrong in ["07-11", "07-11..", "02-30..03-01", "summer"] {
            assert!(crate::Holiday::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn visits_may_be_too_few() {
        let weekly = || HomeTeachingRules { min_per_month: 2, ..rules() };
        assert_eq!(said("2019-09-10; 2019-09-01", &[], weekly()), "HOME_TEACHING until 2019-09-30");
        // The same day twice, in two lists, is one visit.
        let found = verdict("2019-09-10; 2019-09-10", &[], weekly());
        assert_eq!(found.reason, "HOME_TEACHING_LAPSED");
        assert!(
            found.words_zh.contains("2019-09-10，三十天内送教1次，少于要求的2次"),
            "{}",
            found.words_zh
        );
    }

    #[test]
    fn a_plan_asks_for_its_visits_once_it_has_held_for_a_month_and_never_for_fewer_than_the_county()
    {
        let said = |plan: &str, rules: HomeTeachingRules| {
            let today = TODAY.parse().unwrap();
            let log = "2019-09-18; 2019-09-03";
            let row = [("registry", "attending home 5"), ("home-log", log), ("home-plan", plan)];
            let records = records_of_case(today, &row).unwrap();
            let child = Child::new(ChildId(1), records.iter().collect());
            let settings = Settings { home_teaching: rules, ..Settings::new(today) };
            crate::verdict(&child, &Pack::builtin(), &settings).reason
        };
        let weekly = || HomeTeachingRules { min_per_month: 3, ..rules() };
        for (plan, rules, expected) in [
            // From the beginning of the school year it has held for 19 days.
            ("2019-09-01 4", rules(), "HOME_TEACHING"),
            ("2019-09-01 4", weekly(), "HOME_TEACHING_LAPSED"),
            // That of the last school year asks for nothing any more.
            ("2019-08-20 4", rules(), "HOME_TEACHING"),
            ("2019-09-01 1", weekly(), "HOME_TEACHING_LAPSED"),
        ] {
            assert_eq!(said(plan, rules), expected, "{plan}");
        }
    }

    #[test]
    fn a_plan_made_anew_leaves_the_one_before_it_standing_until_it_has_held_for_a_month() {
        let today = "2019-12-20".parse().unwrap();
        let said = |plans: &str| {
            let log = "2019-12-18; 2019-12-03";
            let row = [("registry", "attending home 5"), ("home-log", log), ("home-plan", plans)];
            let records = records_of_case(today, &row).unwrap();
            let records: Vec<&Record> = records.iter().collect();
            let asked = HomeVisits::of(&records, &Settings::new(today)).unwrap().asked;
            let child = Child::new(ChildId(1), records);
            (asked, crate::verdict(&child, &Pack::builtin(), &Settings::new(today)).reason)
        };
        let (fresh, lapsed) = ("HOME_TEACHING", "HOME_TEACHING_LAPSED");
        for (plans, expected) in [
            ("2019-10-01 4", (4, lapsed)),
            // Ten days old.
            ("2019-10-01 4; 2019-12-10 4", (4, lapsed)),
            ("2019-10-01 4; 2019-12-10 1", (4, lapsed)),
            // Anew every 29 days.
            ("2019-09-25 4; 2019-10-24 4; 2019-11-22 4; 2019-12-20 4", (4, lapsed)),
            // Thirty days old.
            ("2019-10-01 4; 2019-11-20 1", (1, fresh)),
            // Two of one day.
            ("2019-10-01 4; 2019-10-01 1", (4, lapsed)),
            // That of the last school year does not stand in.
            ("2019-08-20 4; 2019-12-10 4", (0, fresh)),
        ] {
            let (asked, reason) = said(plans);
            assert_eq!((asked, reason.as_str()), expected, "{plans}");
        }
    }

    #[test]
    fn a_county_may_ask_all_schools_for_a_log() {
        assert_eq!(said("", &["某校"], rules()), "HOME_TEACHING until 2020-08-31");
        let all = HomeTeachingRules { all_schools: true, ..rules() };
        assert_eq!(said("", &["某校"], all), "HOME_TEACHING_NO_VISIT");
        let all = HomeTeachingRules { all_schools: true, ..rules() };
        assert_eq!(said("", &[], all), "HOME_TEACHING until 2020-08-31");
        // A log that names no school is the county's.
        assert_eq!(said("", &[""], rules()), "HOME_TEACHING_NO_VISIT");
    }

    #[test]
    fn the_reason_names_the_day_of_the_last_visit() {
        let found = verdict("2019-06-10 2; 2019-05-10 2", &[], rules());
        assert!(
            found.words_zh.contains(
                "最近一次送教是2019-06-10，到2019-09-20已有102天，超过30天，不再算作就学"
            ),
            "{}",
            found.words_zh
        );
        assert!(
            found.words_en.contains("the last visit was on 2019-06-10, 102 days before 2019-09-20"),
            "{}",
            found.words_en
        );
        assert!(!found.code.accuses());
    }

    #[test]
    fn the_next_visit_is_due_when_promised_or_when_the_last_ceases_to_count() {
        let today = TODAY.parse().unwrap();
        let mut records =
            records_of_case(today, &[("home-log", "2019-09-10; 2019-08-01")]).unwrap();
        let due = |records: &[Record]| {
            let records: Vec<&Record> = records.iter().collect();
            let visits = HomeVisits::of(&records, &Settings::new(today)).unwrap();
            (visits.due().to_string(), visits.fresh, visits.days.len())
        };
        assert_eq!(due(&records), ("2019-10-10".to_owned(), true, 2));
        if let Statement::HomeVisit(visit) = &mut records[0].claims[0].what {
            visit.next = "2019-09-17".parse().ok();
        }
        assert_eq!(due(&records), ("2019-09-17".to_owned(), true, 2));
        assert_eq!(due(&records[1..]), ("2019-08-31".to_owned(), false, 1));
        assert!(HomeVisits::of(&[], &Settings::new(today)).is_none());
    }

    #[test]
    fn who_is_visited_is_not_dead() {
        let today = TODAY.parse().unwrap();
        let row = [
            ("registry", "attending home 5"),
            ("home-log", "2019-09-10"),
            ("departure", "dead 2019-09-01"),
        ];
        let records = records_of_case(today, &row).unwrap();
        let child = Child::new(ChildId(1), records.iter().collect());
        let found = crate::verdict(&child, &Pack::builtin(), &Settings::new(today));
        assert_eq!(found.code.code(), "CONFLICT");
    }
}
