//! Facts about registry, town and school, counted again from the rows in the plainest way: which rows still count, whether
//! one holds the child on a roll, whether towns contradict each other, how long a word holds.

use std::collections::HashMap;

use baoxue_claim::{
    Absence, Birth, Cause, Enrolment, EnrolmentStatus, HomePlan, Record, Statement, StudyMode,
    SurveyFinding,
};
use chrono::{Datelike, NaiveDate, TimeDelta};
use toml::Value;

use super::{expression::Fact, recount::later};

/// Facts by name, and the case they are of.
pub(super) struct Told<'a> {
    pub(super) facts: &'a HashMap<&'static str, Fact>,
    pub(super) today: NaiveDate,
    pub(super) row: &'a [(&'a str, &'a str)],
}

impl Told<'_> {
    fn is(&self, path: &str, expected: bool) {
        let (today, row) = (self.today, self.row);
        assert_eq!(self.facts[path], Fact::Yes(expected), "{path} on {today} of {row:?}");
    }

    fn counts(&self, path: &str, expected: i64) {
        let (today, row) = (self.today, self.row);
        assert_eq!(self.facts[path], Fact::Number(expected), "{path} on {today} of {row:?}");
    }
}

/// Compares the facts with those counted here.
pub(super) fn check(records: &[Record], value: impl Fn(&str) -> Value, told: &Told<'_>) {
    let months = value("elsewhere_months").as_integer().unwrap();
    registry(records, months, told);
    school(records, told);
    visits(records, &value, told);
    for key in ["suspected_days", "suspected_school_days", "dropout_days", "dropout_persuasions"] {
        let written = value(&format!("thresholds.{key}")).as_integer().unwrap();
        told.counts(&format!("county.{key}"), written);
    }
    // The first row's birth is that of all rows where they give one day.
    let births: Vec<Option<Birth>> = records.iter().map(|record| record.person.birth).collect();
    let first = births.first().copied().flatten();
    if births.iter().any(|birth| *birth != first) {
        return;
    }
    match first {
        Some(Birth::Day(born)) if years(born, told.today) < 25 => {
            // 31 August of the year in which it is six: from the next day on it is of age.
            let year = born.year() + 6 + i32::from(born.month() > 8);
            town(records, NaiveDate::from_ymd_opt(year, 8, 31), months, told);
        }
        None => town(records, None, months, told),
        Some(_) => {}
    }
}

fn years(born: NaiveDate, today: NaiveDate) -> i32 {
    let early = (today.month(), today.day()) < (born.month(), born.day());
    today.year() - born.year() - i32::from(early)
}

fn registry(records: &[Record], months: i64, told: &Told<'_>) {
    let mut rows: Vec<(NaiveDate, &Enrolment)> = Vec::new();
    for record in records {
        for claim in record.claims.iter().filter(|claim| claim.on <= told.today) {
            if let Statement::Enrolment(row) = &claim.what {
                rows.push((record.as_of, row));
            }
        }
    }
    // Of each school the newest export.
    let newest = |school: &str| {
        rows.iter().filter(|(_, row)| row.school == school).map(|(day, _)| *day).max()
    };
    let current: Vec<(NaiveDate, &Enrolment)> =
        rows.iter().filter(|(day, row)| newest(&row.school) == Some(*day)).copied().collect();
    let any = |test: &dyn Fn(&Enrolment) -> bool| current.iter().any(|(_, row)| test(row));
    let has = |status: EnrolmentStatus| any(&|row| row.status == status);
    let at_home = |row: &Enrolment| row.mode == Some(StudyMode::HomeTeaching);
    let live = any(&|row| {
        row.status == EnrolmentStatus::Attending
            && !at_home(row)
            && row.grade.is_none_or(|grade| grade.number() <= 9)
    });
    told.is("registry.live", live);
    told.is("registry.suspended", has(EnrolmentStatus::Suspended) && !live);
    told.is("registry.transferred_out", has(EnrolmentStatus::TransferredOut));
    told.is("registry.left", has(EnrolmentStatus::Left) || has(EnrolmentStatus::DroppedOut));
    told.is("registry.missing", has(EnrolmentStatus::Missing));
    told.is("registry.dead", has(EnrolmentStatus::Dead));
    let finished = |test: &dyn Fn(u8) -> bool| {
        any(&|row| {
            row.status == EnrolmentStatus::Graduated && row.grade.is_some_and(|g| test(g.number()))
        })
    };
    // Whoever is on a senior roll has finished junior school.
    let senior = any(&|row| {
        let above = row.grade.is_some_and(|grade| grade.number() > 9);
        row.status == EnrolmentStatus::Attending && !at_home(row) && above
    });
    told.is("registry.graduated_junior", senior || finished(&|grade| grade >= 9));
    told.is("registry.graduated_primary", finished(&|grade| grade < 9));
    // Home teaching is of the school year of the export.
    let taught = current.iter().filter(|(_, row)| at_home(row)).map(|(day, _)| *day).max();
    let year_of = |day: NaiveDate| day.year() - i32::from(day.month() < 9);
    let same_year = taught.is_some_and(|day| year_of(day) == year_of(told.today));
    told.is("registry.home_teaching", same_year);
    let school_of = |row: &Enrolment| row.transfer.as_ref().and_then(|t| t.school.clone());
    let out = current.iter().filter(|(_, row)| row.status == EnrolmentStatus::TransferredOut);
    let last = out.max_by_key(|(_, row)| {
        (row.transfer.as_ref().and_then(|t| t.on), school_of(row).is_some())
    });
    let received = last
        .is_some_and(|(day, row)| school_of(row).is_some() && told.today <= later(*day, months));
    told.is("registry.received", received);
}

/// Reports of the latest month. What a change of school or leave makes of them is left to the engine.
fn school(records: &[Record], told: &Told<'_>) {
    let explained = told.row.iter().any(|(column, cell)| {
        matches!(*column, "leave" | "deferral")
            || (*column == "registry" && cell.contains("suspended"))
            || (*column == "report" && cell.contains("no-show"))
    });
    let mut rows: Vec<&Absence> = Vec::new();
    for claim in records.iter().flat_map(|record| &record.claims) {
        if let Statement::Absence(row) = &claim.what
            && claim.on <= told.today
        {
            rows.push(row);
        }
    }
    let latest = rows.iter().map(|row| row.until).max();
    rows.retain(|row| Some(row.until) == latest);
    if explained {
        return;
    }
    // Away again after the day on which it was back, the child is not back.
    let back = rows.iter().filter(|row| row.returned);
    let back = back.map(|row| row.returned_on.unwrap_or(row.until)).max();
    let away_until = |row: &Absence| {
        let since = row.since.or_else(|| {
            Some(row.until - TimeDelta::days(i64::from(row.days.or(row.school_days)?)))
        });
        let days = row.days.map(i64::from).or_else(|| Some((row.until - row.since?).num_days()));
        let days = days.or(row.school_days.map(i64::from));
        since.zip(days).map_or(row.until, |(since, days)| since + TimeDelta::days(days))
    };
    let again = |row: &Absence| {
        !row.returned && back.is_some_and(|back| row.until > back && away_until(row) > back)
    };
    let is_away_again = rows.iter().any(|row| again(row));
    if is_away_again {
        rows.retain(|row| again(row));
    }
    let returned = rows.iter().any(|row| row.returned);
    told.is("school.returned", returned);
    told.is("school.absent", !returned && !rows.is_empty());
    let most = |of: fn(&Absence) -> Option<u32>| {
        let most = rows.iter().filter(|row| !row.returned).filter_map(|row| of(row)).max();
        most.filter(|_| !returned).map_or(-1, i64::from)
    };
    told.counts("school.days", most(|row| row.days.or(row.school_days)));
    told.counts("school.school_days", most(|row| row.school_days));
}

/// Visits to the home, of a child of whose school nothing else is known.
fn visits(records: &[Record], value: &impl Fn(&str) -> Value, told: &Told<'_>) {
    let mut days: Vec<NaiveDate> = Vec::new();
    let mut all = 0;
    for claim in records.iter().flat_map(|record| &record.claims) {
        let Statement::HomeVisit(row) = &claim.what else { continue };
        if claim.on > told.today {
            continue;
        }
        all += 1;
        if row.signed != Some(false) && !days.contains(&claim.on) {
            days.push(claim.on);
        }
    }
    let gap = value("home_teaching.gap_days").as_integer().unwrap();
    let ago: Vec<i64> = days.iter().map(|day| (told.today - *day).num_days()).collect();
    told.is("home_log.kept", all > 0);
    told.is("home_log.any", !ago.is_empty());
    let recent = ago.iter().filter(|ago| **ago < 30).count();
    let recent = i64::try_from(recent).unwrap();
    let enough = planned(records, told.today).is_none_or(|visits| recent >= visits);
    told.is("home_log.fresh", ago.iter().any(|ago| *ago <= gap) && enough);
    told.counts("home_log.days", ago.iter().min().copied().unwrap_or(-1));
    told.counts("home_log.recent", recent);
}

/// The visits a month that the newest plan asks for, of those that are of this school year and thirty days old.
fn planned(records: &[Record], today: NaiveDate) -> Option<i64> {
    // The school year begins in September.
    let year = |day: NaiveDate| day.year() - i32::from(day.month() < 9);
    let holds = |since: NaiveDate| year(since) == year(today) && (today - since).num_days() >= 30;
    let mut newest: Option<(NaiveDate, u32)> = None;
    for claim in records.iter().flat_map(|record| &record.claims) {
        if let Statement::HomePlan(HomePlan { per_month: Some(visits), .. }) = &claim.what
            && holds(claim.on)
        {
            newest = newest.max(Some((claim.on, *visits)));
        }
    }
    newest.map(|(_, visits)| i64::from(visits))
}

/// What the towns found, all of one town: the rows of the latest day that say something.
fn town(records: &[Record], entry: Option<NaiveDate>, months: i64, told: &Told<'_>) {
    let mut found: Vec<(NaiveDate, &SurveyFinding)> = Vec::new();
    let mut listed: Vec<NaiveDate> = Vec::new();
    // That a child is out counts from the day on which it is of age.
    let early = |on: NaiveDate| entry.is_some_and(|entry| on <= entry);
    let claims = records.iter().flat_map(|record| &record.claims);
    for claim in claims.filter(|claim| claim.on <= told.today) {
        if let Statement::Survey { finding } = &claim.what
            && !(is_out(finding) && early(claim.on))
        {
            found.push((claim.on, finding));
        }
        if matches!(claim.what, Statement::Ledger(_)) && !early(claim.on) {
            listed.push(claim.on);
        }
    }
    let someone_out = found.iter().any(|(_, finding)| is_out(finding));
    let speaks = |finding: &SurveyFinding| {
        let unclear = matches!(finding, SurveyFinding::Unclear);
        let silent = matches!(finding, SurveyFinding::Silent);
        !silent && (!unclear || !someone_out)
    };
    if found.iter().any(|(_, finding)| speaks(finding)) {
        found.retain(|(_, finding)| speaks(finding));
    }
    let last = found.iter().map(|(on, _)| *on).max();
    found.retain(|(on, _)| Some(*on) == last);
    let says_in = found.iter().any(|(_, finding)| is_in(finding));
    let says_out = found.iter().any(|(_, finding)| is_out(finding));
    told.is("survey.any", !found.is_empty());
    told.is("survey.split", says_in && says_out);
    told.is("survey.in_school", says_in && !says_out);
    told.is("survey.out", says_out && !says_in);
    let named = found.iter().any(|(on, finding)| {
        let named = matches!(finding, SurveyFinding::InSchoolElsewhere { .. });
        named && told.today <= later(*on, months)
    });
    told.is("survey.elsewhere_named", named);
    // A list stands until the town finds the child in school on its day or later.
    let stands = listed.iter().any(|on| !(says_in && last.is_some_and(|last| *on <= last)));
    told.is("town.out", (says_out && !says_in) || stands);
}

fn is_in(finding: &SurveyFinding) -> bool {
    matches!(finding, SurveyFinding::InSchool { .. } | SurveyFinding::Returned)
}

fn is_out(finding: &SurveyFinding) -> bool {
    let plain = matches!(
        finding,
        SurveyFinding::Out { .. }
            | SurveyFinding::NeverEnrolled
            | SurveyFinding::SuspensionLapsed
            | SurveyFinding::DisabledAtHome
    );
    // Custody accuses nobody.
    plain && !matches!(finding, SurveyFinding::Out { cause: Some(Cause::Offence) })
}
