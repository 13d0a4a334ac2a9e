//! Facts about age, papers and lists, counted again from the rows in the plainest way.

use std::collections::HashMap;

use baoxue_claim::{Birth, DeferralKind, Departure, LeaveKind, Record, Statement};
use chrono::{Datelike, NaiveDate};
use toml::Value;

use super::{expression::Fact, lists::Told};

/// Compares the facts of a child with those counted here.
pub(super) fn check(
    records: &[Record],
    today: NaiveDate,
    value: impl Fn(&str) -> Value,
    facts: &HashMap<&'static str, Fact>,
    row: &[(&str, &str)],
) {
    let is = |path: &str, expected: bool| {
        assert_eq!(facts[path], Fact::Yes(expected), "{path} on {today} of {row:?}");
    };
    let said: Vec<&Statement> =
        records.iter().flat_map(|r| &r.claims).filter(|c| c.on <= today).map(|c| &c.what).collect();
    let any = |test: &dyn Fn(&Statement) -> bool| said.iter().any(|what| test(what));
    is("register.any", any(&|what| matches!(what, Statement::Registered)));
    is("registry.any", any(&|what| matches!(what, Statement::Enrolment(_))));
    is("ledger.listed", any(&|what| matches!(what, Statement::Ledger(_))));
    is("tip_off.any", any(&|what| matches!(what, Statement::TipOff)));
    let gone = |on: &Option<NaiveDate>| on.is_none_or(|on| on <= today);
    is(
        "departure.dead",
        any(&|w| matches!(w, Statement::Departure(Departure::Dead { on }) if gone(on))),
    );
    is(
        "departure.missing",
        any(&|w| matches!(w, Statement::Departure(Departure::Missing { on }) if gone(on))),
    );
    papers(&said, today, &value, &is);
    let months = value("certificate.valid_months").as_integer().unwrap();
    let good = any(&|what| {
        let Statement::Certificate(row) = what else { return false };
        let issued = row.issued.unwrap();
        let school = row.school.as_deref().unwrap();
        row.sealed == Some(true)
            && row.verified == Some(true)
            && !school.contains("艺术团")
            && issued <= today
            && today < later(issued, months)
            && row.until.is_none_or(|until| issued <= until && today <= until)
    });
    is("certificate.valid", good);
    super::lists::check(records, &value, &Told { facts, today, row });
    age(records, today, value, facts);
}

/// Leave, deferral and exemption in force.
fn papers(
    said: &[&Statement],
    today: NaiveDate,
    value: &impl Fn(&str) -> Value,
    is: &impl Fn(&str, bool),
) {
    let any = |test: &dyn Fn(&Statement) -> bool| said.iter().any(|what| test(what));
    // No paper lasts longer than the longest time of its kind.
    let in_force = |period: Option<(NaiveDate, NaiveDate)>, months: &str| {
        let months = value(months).as_integer().unwrap();
        period.is_some_and(|(from, to)| from <= today && today <= to && today < later(from, months))
    };
    let leave = |kind: LeaveKind| {
        any(&|what| {
            let Statement::Leave(row) = what else { return false };
            let school_alone = row.approver.as_deref() == Some("学校批准");
            let may = kind == LeaveKind::SickLeave || !school_alone;
            let months = match kind {
                LeaveKind::Suspension => "papers.suspension_months",
                LeaveKind::SickLeave => "papers.sick_leave_months",
            };
            row.kind == kind && row.approved == Some(true) && may && in_force(row.period, months)
        })
    };
    is("leave.suspension", leave(LeaveKind::Suspension));
    is("leave.sick", leave(LeaveKind::SickLeave));
    let deferral = |kind: DeferralKind| {
        any(&|what| {
            let Statement::Deferral(row) = what else { return false };
            let months = match kind {
                DeferralKind::Deferral => "papers.deferral_months",
                DeferralKind::Exemption => "papers.exemption_months",
            };
            row.kind == kind && row.approved == Some(true) && in_force(row.period, months)
        })
    };
    is("deferral.deferral", deferral(DeferralKind::Deferral));
    is("deferral.exemption", deferral(DeferralKind::Exemption));
}

/// The same day so many months later, the last of a shorter month.
pub(super) fn later(day: NaiveDate, months: i64) -> NaiveDate {
    let months = i64::from(day.year()) * 12 + i64::from(day.month0()) + months;
    let (year, month) =
        (i32::try_from(months / 12).unwrap(), u32::try_from(months % 12).unwrap() + 1);
    (1..=day.day()).rev().find_map(|d| NaiveDate::from_ymd_opt(year, month, d)).unwrap()
}

/// Age where all rows give one day of birth.
fn age(
    records: &[Record],
    today: NaiveDate,
    value: impl Fn(&str) -> Value,
    facts: &HashMap<&'static str, Fact>,
) {
    let births: Vec<Option<Birth>> = records.iter().map(|record| record.person.birth).collect();
    let Some(Some(Birth::Day(born))) = births.first().copied() else { return };
    if births.iter().any(|birth| *birth != Some(Birth::Day(born))) {
        return;
    }
    let number = |key: &str| i32::try_from(value(key).as_integer().unwrap()).unwrap();
    // The school year that runs began on the last first of September.
    let year = today.year() - i32::from(today.month() < 9);
    let reached = |in_year: i32, years: i32| {
        NaiveDate::from_ymd_opt(in_year - years, 8, 31).is_some_and(|limit| born <= limit)
    };
    let (entry_age, years) = (number("entry_age"), number("years"));
    let old = today.year()
        - born.year()
        - i32::from((today.month(), today.day()) < (born.month(), born.day()));
    let is = |path: &str, expected: bool| {
        assert_eq!(facts[path], Fact::Yes(expected), "{path} on {today}, born {born}");
    };
    is("age.implausible", old >= 25);
    if old >= 25 {
        return;
    }
    is("age.not_yet", !reached(year, entry_age));
    is("age.over", reached(year, entry_age + years));
    is("age.enters_next", !reached(year, entry_age) && reached(year + 1, entry_age));
    is("age.watched", old < number("watch_until_age"));
    let first_year = reached(year, entry_age) && !reached(year - 1, entry_age);
    let september = today.year() == year && today.month() == 9;
    is("age.entering", first_year && september);
    assert_eq!(facts["age.years"], Fact::Number(i64::from(old)), "on {today}, born {born}");
}
