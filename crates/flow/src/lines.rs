//! A determined child as the ledgers print it: profile, verdict, and what its claims say of absence and whereabouts.

use baoxue_claim::{
    Absence, ChildId, Claim, ClaimId, Name, Private, Record, SchoolYear, Source, Statement,
    StudyMode, TownCode, Towns, VerdictCode,
};
use baoxue_determine::{Determined, Profile};
use baoxue_report::{
    Address, Duties, Evidence, Finding, Hardship, Line, OutOfSchool, Study, Verification, Who,
};
use chrono::{Datelike, Days, NaiveDate};

use crate::{County, derive::ChildRecords, derive::Derived};

/// The line of one child.
pub(crate) fn line(derived: &Derived, at: usize, county: &County) -> Line {
    let child = &derived.children[at];
    let found = &derived.determined[at];
    let records: Vec<&Record> = derived.records_of(child).collect();
    // Of whom a stopped register alone tells, nothing is adopted; the list shows whom to look for, as its sender wrote it.
    let waiting = records.first().filter(|_| found.is_waiting());
    let who = match waiting {
        Some(record) => Who { child: Some(child.id), ..who_of_record(record, &county.towns) },
        None => who(child, &found.profile, &records, &county.towns),
    };
    Line {
        who,
        study: study(&found.profile, &records, county),
        finding: finding(found, &records),
        verification: verification(&records, due(derived, child.id, county)),
        out: out_of_school(found, &records, county.settings.as_of),
        hardship: hardship(&found.profile, &records),
        duties: duties(found, &county.towns),
        evidence: if needs_evidence(found) { evidence(&records) } else { Vec::new() },
    }
}

/// Who a row mentions, as its sender wrote it.
pub(crate) fn who_of_record(record: &Record, towns: &Towns) -> Who {
    let person = &record.person;
    Who {
        child: None,
        town: town_name(person.registered_at.town.or(person.lives_at.town).or(record.town), towns),
        village: person.registered_at.village.clone().or_else(|| person.lives_at.village.clone()),
        group: person.registered_at.group,
        household_head: None,
        name: private(person.name.as_ref()),
        sex: person.sex,
        ethnicity: person.ethnicity.clone(),
        birth: person.birth,
        id: person.id.as_ref().and_then(|id| id.digits()).map(Private::new),
        registered_at: address(&person.registered_at, towns),
        lives_at: address(&person.lives_at, towns),
        guardian: person.guardians.iter().find_map(|g| private(g.name.as_ref())),
        relation: person.guardians.iter().find_map(|g| g.relation.clone()),
        phones: person.phones.clone(),
    }
}

/// The lists of children in school print no evidence; a county has a hundred thousand of them.
fn needs_evidence(found: &Determined) -> bool {
    let code = found.verdict.code;
    code.accuses()
        || found.verdict.conflict.is_some()
        || matches!(code, VerdictCode::Unverified | VerdictCode::Missing)
}

/// What each record of a child said, oldest first.
fn evidence(records: &[&Record]) -> Vec<Evidence> {
    let mut all: Vec<Evidence> =
        records.iter().flat_map(|r| r.claims.iter().map(|c| evidence_of(r, c))).collect();
    all.sort_by(|a, b| {
        (a.on, a.source, &a.file, &a.sheet, a.row).cmp(&(b.on, b.source, &b.file, &b.sheet, b.row))
    });
    all
}

/// One claim with its place.
pub(crate) fn evidence_of(record: &Record, claim: &Claim) -> Evidence {
    Evidence {
        source: record.source,
        on: claim.on,
        words: claim.words.clone(),
        file: record.origin.file.to_string(),
        sheet: record.origin.sheet.to_string(),
        row: record.origin.row,
    }
}

/// The name of a town as ledgers print it.
pub(crate) fn town_name(code: Option<TownCode>, towns: &Towns) -> Option<String> {
    code.and_then(|code| towns.get(code)).map(|town| town.name.clone())
}

fn private(name: Option<&Name>) -> Option<Private> {
    name.map(|name| Private::new(name.expose()))
}

fn address(place: &baoxue_claim::Place, towns: &Towns) -> Address {
    Address {
        town: town_name(place.town, towns),
        village: place.village.clone(),
        text: place.text.clone(),
    }
}

fn who(child: &ChildRecords, profile: &Profile, records: &[&Record], towns: &Towns) -> Who {
    let head = records
        .iter()
        .flat_map(|r| &r.person.guardians)
        .find(|g| g.relation.as_deref().is_some_and(|r| r.contains("户主")))
        .and_then(|g| private(g.name.as_ref()));
    Who {
        child: Some(child.id),
        town: town_name(profile.town, towns),
        village: profile.village.clone(),
        group: profile.group,
        household_head: head,
        name: private(profile.name.as_ref()),
        sex: profile.sex,
        ethnicity: profile.ethnicity.clone(),
        birth: profile.birth,
        id: profile.id.map(|id| Private::new(id.expose())).or_else(|| {
            records.iter().find_map(|r| r.person.id.as_ref()?.digits().map(Private::new))
        }),
        registered_at: Address {
            town: town_name(profile.town, towns),
            village: profile.village.clone(),
            text: profile.address.clone(),
        },
        lives_at: Address {
            town: town_name(profile.lives_in, towns),
            village: None,
            text: profile.lives_at.clone(),
        },
        guardian: private(profile.guardian.as_ref()),
        relation: profile.guardian_relation.clone(),
        phones: profile.phone.iter().cloned().collect(),
    }
}

fn study(profile: &Profile, records: &[&Record], county: &County) -> Study {
    let settings = &county.settings;
    let entry_year = profile.birth.map(|birth| entry_year(birth.latest(), county));
    let due_grade = entry_year
        .map(|year| SchoolYear::of(settings.as_of).0 - year + 1)
        .and_then(|grade| u8::try_from(grade).ok())
        .filter(|grade| (1..=settings.years).contains(grade))
        .and_then(baoxue_claim::Grade::new);
    let mode = records.iter().flat_map(|r| &r.claims).find_map(|claim| {
        let Statement::Enrolment(enrolment) = &claim.what else { return None };
        enrolment.mode
    });
    Study {
        entry_year,
        due_grade,
        school: profile.school.clone(),
        grade: profile.grade,
        class: profile.class.clone(),
        student_number: profile.student_number.as_ref().map(|n| Private::new(n.expose())),
        mode,
        categories: categories(profile, mode),
    }
}

/// The September in which a child born on `birth` had to enter grade one.
fn entry_year(birth: NaiveDate, county: &County) -> i32 {
    let cutoff = county.settings.cohort().last;
    let late = (birth.month(), birth.day()) > (cutoff.month(), cutoff.day());
    birth.year() + i32::from(county.settings.entry_age) + i32::from(late)
}

fn categories(profile: &Profile, mode: Option<StudyMode>) -> Vec<String> {
    let mut categories = Vec::new();
    if profile.hardship.poverty {
        categories.push("建档立卡".to_owned());
    }
    if let Some(kind) = &profile.hardship.disability {
        categories.push(format!("残疾（{kind}）"));
    }
    if mode == Some(StudyMode::HomeTeaching) {
        categories.push("送教上门".to_owned());
    }
    categories
}

fn finding(found: &Determined, records: &[&Record]) -> Finding {
    let verdict = &found.verdict;
    let cited = |record: &Record, position: usize| {
        let position = u8::try_from(position).unwrap_or(u8::MAX);
        verdict.claims.contains(&ClaimId { record: record.id, position })
    };
    let claims = records.iter().flat_map(|r| r.claims.iter().enumerate().map(move |c| (*r, c)));
    let document = claims.filter(|(r, (at, _))| cited(r, *at)).find_map(|(_, (_, claim))| {
        if let Statement::Leave(leave) = &claim.what {
            return leave.approver.clone();
        }
        let Statement::Deferral(deferral) = &claim.what else { return None };
        deferral.document.clone()
    });
    Finding {
        code: verdict.code,
        of_age: found.is_of_age(),
        waiting: found.is_waiting(),
        answer: verdict.answer,
        base: found.profile.base,
        confirmed: verdict.confirmed,
        rule: format!("{} {}", verdict.ground.rule, verdict.ground.version),
        law: verdict.ground.law.clone(),
        reason: Some(verdict.words_zh.clone()),
        document,
        valid_until: verdict.expires,
        remarks: None,
    }
}

/// The day by which somebody must have found out about a child of whom too little is known: as many days after it was first
/// shown as the sides of a conflict have for their answers, since no rule gives another number.
fn due(derived: &Derived, child: ChildId, county: &County) -> Option<NaiveDate> {
    let days = u64::from(county.settings.conflict_answer_days);
    derived.verifying.get(&child)?.checked_add_days(Days::new(days))
}

fn verification(records: &[&Record], due: Option<NaiveDate>) -> Verification {
    let visit = records
        .iter()
        .filter(|r| r.source == Source::TownSurvey)
        .flat_map(|r| r.claims.iter().map(|c| c.on))
        .max();
    Verification { by: visit.map(|_| "镇办摸排".to_owned()), on: visit, due }
}

fn out_of_school(found: &Determined, records: &[&Record], as_of: NaiveDate) -> OutOfSchool {
    if !found.verdict.code.accuses() {
        return OutOfSchool::default();
    }
    let claims = || records.iter().flat_map(|r| r.claims.iter().map(move |c| (*r, c)));
    let absence = claims()
        .filter_map(|(_, c)| {
            let Statement::Absence(absence) = &c.what else { return None };
            Some((c, absence))
        })
        .max_by_key(|(_, absence)| absence.until);
    let ledgered = claims().find_map(|(_, c)| {
        let Statement::Ledger(ledgered) = &c.what else { return None };
        Some((c, ledgered))
    });
    let said = claims()
        .filter(|(r, c)| {
            matches!(r.source, Source::TownSurvey | Source::TownLedger | Source::Inspection)
                && accuses(&c.what)
        })
        .max_by_key(|(_, c)| c.on);
    let first = claims().filter(|(_, c)| accuses(&c.what)).min_by_key(|(r, c)| (c.on, r.source));
    OutOfSchool {
        absent_since: absence.and_then(|(_, a)| a.since),
        n_absent_days: absence.and_then(|(_, a)| a.days),
        n_persuasions: absence
            .and_then(|(_, a)| a.persuasions)
            .max(ledgered.and_then(|(_, l)| l.persuasions)),
        cause: found.verdict.cause,
        cause_words: cause_words(found, records),
        whereabouts: said.and_then(|(_, c)| last_part(c.words.as_ref())),
        found_by: first.map(|(r, _)| r.source.zh().to_owned()),
        found_on: first.map(|(_, c)| c.on),
        determined_on: found.verdict.code.is_out().then_some(as_of),
        left_school: left_school(absence.map(|(_, a)| a), ledgered.map(|(_, l)| l)),
        grade_then: found.profile.grade,
        ..OutOfSchool::default()
    }
}

/// The words that name the cause of the verdict, from whichever claim holds them. A claim's words are cells joined by `；`.
fn cause_words(found: &Determined, records: &[&Record]) -> Option<Private> {
    let cause = found.verdict.cause?;
    let words = records.iter().flat_map(|r| &r.claims).filter_map(|claim| claim.words.as_ref());
    words
        .flat_map(|words| words.expose().split('；'))
        .find(|part| baoxue_intake::words::cause(part) == Some(cause))
        .map(|part| Private::new(part.trim()))
}

/// The last of the cells that a claim was read from: where the child is, in ledgers and surveys.
fn last_part(words: Option<&Private>) -> Option<Private> {
    let part = words?.expose().rsplit('；').next()?;
    Some(Private::new(part.trim()))
}

/// Whether a claim alone says that the child is, or was, out of school.
fn accuses(statement: &Statement) -> bool {
    use baoxue_claim::{InspectionFinding, SurveyFinding};
    match statement {
        Statement::Absence(absence) => !absence.returned,
        Statement::Ledger(_) | Statement::TipOff => true,
        Statement::Inspection { finding, .. } => {
            matches!(finding, InspectionFinding::Out | InspectionFinding::OutMissed)
        }
        Statement::Survey { finding } => matches!(
            finding,
            SurveyFinding::Out { .. }
                | SurveyFinding::NeverEnrolled
                | SurveyFinding::SuspensionLapsed
        ),
        Statement::Registered
        | Statement::Enrolment(_)
        | Statement::Certificate(_)
        | Statement::Leave(_)
        | Statement::Deferral(_)
        | Statement::Departure(_)
        | Statement::Poverty { .. }
        | Statement::Disability { .. }
        | Statement::Aid(_)
        | Statement::HomeVisit(_)
        | Statement::HomePlan(_) => false,
    }
}

fn left_school(
    absence: Option<&Absence>,
    ledgered: Option<&baoxue_claim::Ledgered>,
) -> Option<String> {
    ledgered
        .and_then(|l| l.since.clone())
        .or_else(|| absence.and_then(|a| a.since).map(|day| day.format("%Y-%m").to_string()))
}

fn hardship(profile: &Profile, records: &[&Record]) -> Hardship {
    let in_list = |source: Source| records.iter().any(|r| r.source == source);
    let disabled = profile.hardship.disability.is_some() || in_list(Source::DisabilityRegister);
    Hardship {
        // In no list is not the same as "no": the list may not have been sent.
        poverty: profile.hardship.poverty.then_some(true),
        disabled: disabled.then_some(true),
        ..Hardship::default()
    }
}

fn duties(found: &Determined, towns: &Towns) -> Duties {
    // Of a child of no school the education line is the bureau itself.
    let school = found.profile.school.clone();
    let bureau = || "县区教育行政部门".to_owned();
    let needs = matches!(found.verdict.code, VerdictCode::Unverified | VerdictCode::Missing);
    Duties {
        town_line: town_name(found.profile.town, towns),
        school_line: school.or_else(|| needs.then(bureau)),
        ..Duties::default()
    }
}
