//! What a cell says, column by column.

use baoxue_claim::{
    Absence, Birth, Cause, Certificate, Deferral, DeferralKind, Departure, Enrolment,
    EnrolmentStatus, Grade, HomePlan, HomeVisit, InspectionFinding, Leave, LeaveKind, Ledgered,
    Source, Statement, StudyMode, SurveyFinding, Transfer,
};
use chrono::NaiveDate;

use super::month_end;

type Reader = fn(&[&str], NaiveDate) -> Result<(Statement, NaiveDate), String>;

/// The source of a column and how its cells are read; `None` for the columns that describe the case itself.
pub(super) fn column_of(column: &str) -> Result<Option<(Source, Reader)>, String> {
    Ok(Some(match column {
        "case" | "today" | "born" | "duplicate" | "lacks" | "reported" | "rolls" | "logged"
        | "verdict" => {
            return Ok(None);
        }
        "register" => (Source::PopulationRegister, |_, today| Ok((Statement::Registered, today))),
        "registry" => (Source::StudentRegistry, enrolment),
        "survey" => (Source::TownSurvey, survey),
        "ledger" => (Source::TownLedger, ledger),
        "report" => (Source::SchoolReport, absence),
        "home-log" => (Source::HomeTeachingLog, home_visit),
        "home-plan" => (Source::HomeTeachingLog, home_plan),
        "leave" => (Source::Approval, leave),
        "deferral" => (Source::Approval, deferral),
        "certificate" => (Source::Certificate, certificate),
        "inspection" => (Source::Inspection, inspection),
        "departure" => (Source::Departure, departure),
        "tip-off" => (Source::TipOff, |_, today| Ok((Statement::TipOff, today))),
        "poverty" => (Source::PovertyRegister, |words, today| {
            Ok((Statement::Poverty { grade: None, out: words.contains(&"out") }, today))
        }),
        _ => return Err(format!("unknown column `{column}`")),
    }))
}

/// `attending 4`, `attending home 4`, `suspended 2019-03-01`, `out 2018-09-01`, `out 2018-09-01 to SCHOOL`,
/// `graduated 9`, `left`, `dead`, `abroad`, `missing`; each may end with `at SCHOOL` and `seen DAY` (day of the export).
fn enrolment(words: &[&str], today: NaiveDate) -> Result<(Statement, NaiveDate), String> {
    let status = match words.first().copied() {
        Some("attending") => EnrolmentStatus::Attending,
        Some("suspended") => EnrolmentStatus::Suspended,
        Some("out") => EnrolmentStatus::TransferredOut,
        Some("graduated") => EnrolmentStatus::Graduated,
        Some("left") => EnrolmentStatus::Left,
        Some("dead") => EnrolmentStatus::Dead,
        Some("abroad") => EnrolmentStatus::Abroad,
        Some("missing") => EnrolmentStatus::Missing,
        other => return Err(format!("unknown registry status `{}`", other.unwrap_or_default())),
    };
    let after = |word: &str| {
        words.iter().position(|w| *w == word).and_then(|at| words.get(at + 1)).copied()
    };
    let on = words.iter().skip(1).take_while(|w| **w != "seen").find_map(|word| day(word).ok());
    let grade = words.iter().find_map(|word| word.parse().ok().and_then(Grade::new));
    let seen = after("seen").map_or(Ok(today), day)?;
    let transfer = (on.is_some() || after("to").is_some()).then(|| Transfer {
        kind: String::new(),
        on,
        school: after("to").map(str::to_owned),
    });
    let row = Enrolment {
        school: after("at").unwrap_or("本县第一学校").to_owned(),
        grade,
        status,
        mode: words.contains(&"home").then_some(StudyMode::HomeTeaching),
        transfer,
    };
    Ok((Statement::Enrolment(row), seen))
}

/// `[DAY] FINDING [cause or school]`.
fn survey(words: &[&str], today: NaiveDate) -> Result<(Statement, NaiveDate), String> {
    let (on, words) = dated(words, today);
    Ok((Statement::Survey { finding: finding(words)? }, on))
}

fn finding(words: &[&str]) -> Result<SurveyFinding, String> {
    let school = words.get(1).map(|school| (*school).to_owned());
    Ok(match words.first().copied().unwrap_or_default() {
        "in" => SurveyFinding::InSchool { school, grade: None },
        "elsewhere" => SurveyFinding::InSchoolElsewhere {
            school: school.ok_or("expected the school after `elsewhere`")?,
            grade: None,
        },
        "elsewhere-unnamed" => SurveyFinding::ElsewhereUnnamed,
        "not-yet" => SurveyFinding::NotYetOfAge,
        "graduated" => SurveyFinding::Graduated,
        "out" => SurveyFinding::Out { cause: words.get(1).map(|word| cause(word)).transpose()? },
        "never" => SurveyFinding::NeverEnrolled,
        "returned" => SurveyFinding::Returned,
        "suspended" => SurveyFinding::Suspended,
        "lapsed" => SurveyFinding::SuspensionLapsed,
        "ill" => SurveyFinding::Ill,
        "disabled-at-home" => SurveyFinding::DisabledAtHome,
        "deferred" => SurveyFinding::Deferred,
        "home-teaching" => SurveyFinding::HomeTeaching,
        "transferred" => SurveyFinding::Transferred,
        "away" => SurveyFinding::Away,
        "unreachable" => SurveyFinding::Unreachable,
        "no-such-person" => SurveyFinding::NoSuchPerson,
        "twice" => SurveyFinding::RegisteredTwice,
        "moved-away" => SurveyFinding::MovedAway,
        "abroad" => SurveyFinding::Abroad,
        "dead" => SurveyFinding::Dead,
        "silent" => SurveyFinding::Silent,
        "unclear" => SurveyFinding::Unclear,
        other => return Err(format!("unknown finding `{other}`")),
    })
}

fn cause(word: &str) -> Result<Cause, String> {
    Ok(match word {
        "averse" => Cause::SchoolAverse,
        "work" => Cause::Work,
        "illness" => Cause::Illness,
        "disability" => Cause::Disability,
        "migration" => Cause::Migration,
        "no-registration" => Cause::NoRegistration,
        "offence" => Cause::Offence,
        "not-promoted" => Cause::NotPromoted,
        other => return Err(format!("unknown cause `{other}`")),
    })
}

/// `[DAY] listed [CAUSE] [persuaded N]`.
fn ledger(words: &[&str], today: NaiveDate) -> Result<(Statement, NaiveDate), String> {
    let (on, words) = dated(words, today);
    let cause = words.get(1).filter(|w| **w != "persuaded");
    let cause = cause.map(|word| self::cause(word)).transpose()?;
    let whereabouts = SurveyFinding::Silent;
    let persuasions = number_after(words, "persuaded")?;
    let row = Ledgered { school: None, since: None, cause, whereabouts, persuasions };
    Ok((Statement::Ledger(row), on))
}

/// `MONTH N days`, `MONTH school-days N`, `MONTH since DAY`, `MONTH no-show`, each with `returned`, `persuaded N` or
/// `at SCHOOL`.
fn absence(words: &[&str], _today: NaiveDate) -> Result<(Statement, NaiveDate), String> {
    let until = month_end(words.first().copied().unwrap_or_default())?;
    let after = |word: &str| {
        words.iter().position(|w| *w == word).and_then(|at| words.get(at + 1)).copied()
    };
    let before_days = words.iter().position(|w| *w == "days").and_then(|at| words.get(at - 1));
    let days = before_days.map(|n| n.parse::<u32>().map_err(|e| e.to_string())).transpose()?;
    let row = Absence {
        until,
        since: after("since").map(day).transpose()?,
        days,
        school_days: number_after(words, "school-days")?,
        persuasions: number_after(words, "persuaded")?,
        returned: words.contains(&"returned"),
        returned_on: None,
        no_show: words.contains(&"no-show"),
        school: after("at").map(str::to_owned),
        cause: None,
    };
    Ok((Statement::Absence(row), until))
}

/// The number after a word.
fn number_after(words: &[&str], word: &str) -> Result<Option<u32>, String> {
    let at = words.iter().position(|w| *w == word);
    let number = at.and_then(|at| words.get(at + 1));
    number.map(|n| n.parse().map_err(|_| format!("`{word} {n}` is no number"))).transpose()
}

/// `DAY [N] [unsigned] [at SCHOOL]`: a visit with so many lessons.
fn home_visit(words: &[&str], today: NaiveDate) -> Result<(Statement, NaiveDate), String> {
    let (on, words) = dated(words, today);
    let mut visit = HomeVisit {
        school: Some("本县第一学校".to_owned()),
        periods: None,
        signed: Some(true),
        next: None,
        teachers: None,
        contents: None,
        from: None,
        to: None,
    };
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "unsigned" => visit.signed = Some(false),
            "at" => visit.school = words.next().map(|school| (*school).to_owned()),
            number => {
                let wrong = |_| format!("`{number}` is no number of lessons");
                visit.periods = Some(number.parse().map_err(wrong)?);
            }
        }
    }
    Ok((Statement::HomeVisit(visit), on))
}

/// `DAY N`: a plan of so many visits a month from a day on.
fn home_plan(words: &[&str], today: NaiveDate) -> Result<(Statement, NaiveDate), String> {
    let (on, words) = dated(words, today);
    let planned = words.first().and_then(|word| word.parse().ok());
    let per_month = Some(planned.ok_or("a plan says how many visits a month")?);
    Ok((Statement::HomePlan(HomePlan { per_month, ..HomePlan::default() }), on))
}

/// `suspension DAY..DAY [unapproved | by-school | by-nobody | by BODY]`, `sick DAY..DAY`.
fn leave(words: &[&str], today: NaiveDate) -> Result<(Statement, NaiveDate), String> {
    let kind = match words.first().copied() {
        Some("suspension") => LeaveKind::Suspension,
        Some("sick") => LeaveKind::SickLeave,
        other => return Err(format!("unknown leave `{}`", other.unwrap_or_default())),
    };
    let by = if words.contains(&"by-school") { "学校批准" } else { "县教育局批准" };
    let row = Leave {
        kind,
        period: period(words.get(1))?,
        approved: Some(!words.contains(&"unapproved")),
        approver: approver(words, by),
        school: None,
        diagnosed: None,
    };
    Ok((Statement::Leave(row), today))
}

/// Who approved: after `by`, nobody for `by-nobody`, else the one given.
fn approver(words: &[&str], otherwise: &str) -> Option<String> {
    let named = words.iter().position(|word| *word == "by").and_then(|at| words.get(at + 1));
    let nobody = words.contains(&"by-nobody");
    (!nobody).then(|| named.copied().unwrap_or(otherwise).to_owned())
}

/// `deferral DAY..DAY [unapproved | by-nobody | by BODY]`, `exemption DAY..DAY`.
fn deferral(words: &[&str], today: NaiveDate) -> Result<(Statement, NaiveDate), String> {
    let kind = match words.first().copied() {
        Some("deferral") => DeferralKind::Deferral,
        Some("exemption") => DeferralKind::Exemption,
        other => return Err(format!("unknown approval `{}`", other.unwrap_or_default())),
    };
    let approved = Some(!words.contains(&"unapproved"));
    let period = period(words.get(1))?;
    let document = approver(words, "县教育局批准");
    let row = Deferral { kind, period, approved, document, diagnosed: None };
    Ok((Statement::Deferral(row), today))
}

/// `DAY [unsealed] [unverified] [at SCHOOL] [in PLACE] [told HOW] [until DAY]`: sealed and verified unless it says otherwise.
fn certificate(words: &[&str], today: NaiveDate) -> Result<(Statement, NaiveDate), String> {
    let (issued, rest) = dated(words, today);
    let after =
        |word: &str| rest.iter().position(|w| *w == word).and_then(|at| rest.get(at + 1)).copied();
    let row = Certificate {
        school: Some(after("at").unwrap_or("外县某中学").to_owned()),
        place: after("in").map(str::to_owned),
        issued: Some(issued),
        until: after("until").map(day).transpose()?,
        sealed: Some(!rest.contains(&"unsealed")),
        verified: Some(!rest.contains(&"unverified")),
        verified_how: after("told").map(str::to_owned),
    };
    Ok((Statement::Certificate(row), issued))
}

/// `saw in`, `saw out`, `saw unclear`, `heard in` and so on, with a day before it or not.
fn inspection(words: &[&str], today: NaiveDate) -> Result<(Statement, NaiveDate), String> {
    let (on, words) = dated(words, today);
    let (seen, finding) = match words {
        [how @ ("saw" | "heard"), "in"] => (*how == "saw", InspectionFinding::InSchool),
        [how @ ("saw" | "heard"), "out"] => (*how == "saw", InspectionFinding::Out),
        [how @ ("saw" | "heard"), "unclear"] => (*how == "saw", InspectionFinding::Unclear),
        _ => return Err(format!("expected `saw in`, found `{}`", words.join(" "))),
    };
    Ok((Statement::Inspection { finding, seen }, on))
}

/// `dead [DAY]`, `emigrated [DAY]`, `moved-out [DAY]`, `cancelled [DAY]`, `missing [DAY]`.
fn departure(words: &[&str], today: NaiveDate) -> Result<(Statement, NaiveDate), String> {
    let on = words.get(1).map(|text| day(text)).transpose()?;
    let departure = match words.first().copied() {
        Some("dead") => Departure::Dead { on },
        Some("emigrated") => Departure::Emigrated { on },
        Some("moved-out") => Departure::MovedOut { on },
        Some("cancelled") => Departure::Cancelled { on },
        Some("missing") => Departure::Missing { on },
        other => return Err(format!("unknown departure `{}`", other.unwrap_or_default())),
    };
    Ok((Statement::Departure(departure), today))
}

fn dated<'w, 't>(words: &'w [&'t str], today: NaiveDate) -> (NaiveDate, &'w [&'t str]) {
    match words.split_first() {
        Some((first, rest)) => day(first).map_or((today, words), |on| (on, rest)),
        None => (today, words),
    }
}

fn period(word: Option<&&str>) -> Result<Option<(NaiveDate, NaiveDate)>, String> {
    let Some((from, to)) = word.and_then(|word| word.split_once("..")) else { return Ok(None) };
    Ok(Some((day(from)?, day(to)?)))
}

pub(super) fn day(text: &str) -> Result<NaiveDate, String> {
    text.parse().map_err(|_| format!("expected a day such as 2019-05-06, found `{text}`"))
}

/// A day, a month `2012-08`, a year, or `unknown`.
pub(super) fn birth(text: &str, today: NaiveDate) -> Result<Option<Birth>, String> {
    if text == "unknown" {
        return Ok(None);
    }
    match Birth::read(text, today) {
        (Some(birth), _) => Ok(Some(birth)),
        (None, _) => Err(format!("`{text}` is no birth on or before {today}")),
    }
}
