//! Evidence that people can bring: the papers at hand mended, and one statement of each kind dated on the day.

use baoxue_claim::{
    Absence, BatchId, Certificate, Claim, Deferral, DeferralKind, Departure, Enrolment,
    EnrolmentStatus, HomeVisit, InspectionFinding, Leave, LeaveKind, Origin, Person, Record,
    RecordId, Source, Statement, StudyMode, SurveyFinding,
};
use chrono::{Months, NaiveDate};

use crate::{Child, Settings, Verdict, say};

/// A row that somebody could bring.
pub(super) struct Supposed {
    pub(super) record: Record,
    /// The row that it would take the place of.
    pub(super) replaces: Option<RecordId>,
    pub(super) zh: String,
    pub(super) en: String,
}

/// Everything that is supposed for a child.
pub(super) fn all(child: &Child<'_>, verdict: &Verdict, settings: &Settings) -> Vec<Supposed> {
    let mut all: Vec<Supposed> = child
        .records
        .iter()
        .filter(|record| verdict.refused.iter().any(|refused| refused.claim.record == record.id))
        .filter_map(|record| mended(record, settings))
        .collect();
    let today = settings.as_of;
    let said = |source: Source, what: Statement, (zh, en): (&str, &str)| Supposed {
        record: record(child, source, today, what),
        replaces: None,
        zh: zh.to_owned(),
        en: en.to_owned(),
    };
    all.extend(school(child, today).into_iter().map(|(s, w, words)| said(s, w, words)));
    all.extend(papers(child, today).into_iter().map(|(s, w, words)| said(s, w, words)));
    all.extend(people(today).into_iter().map(|(s, w, words)| said(s, w, words)));
    all
}

/// A paper that was refused, with what it lacked.
fn mended(record: &Record, settings: &Settings) -> Option<Supposed> {
    let mut good = record.clone();
    let mut words = None;
    for claim in &mut good.claims {
        let (zh, en) = say::statement(&claim.what);
        let Some(what) = mend(&mut claim.what, claim.on, settings) else { continue };
        words = Some((format!("“{zh}”{}", what.0), format!("\"{en}\" {}", what.1)));
    }
    let (zh, en) = words?;
    Some(Supposed { record: good, replaces: Some(record.id), zh, en })
}

/// Makes a paper good; says how.
fn mend(
    what: &mut Statement,
    said: NaiveDate,
    settings: &Settings,
) -> Option<(&'static str, &'static str)> {
    let today = settings.as_of;
    if let Statement::Certificate(row) = what {
        row.sealed = Some(true);
        row.verified = Some(true);
        row.issued = row.issued.filter(|_| is_fresh(row, said, settings)).or(Some(today));
        return Some(("按要求重新开具并核实", "is issued anew as required and verified"));
    }
    let (approved, by, period) = match what {
        Statement::Leave(row) => (&mut row.approved, &mut row.approver, &mut row.period),
        Statement::Deferral(row) => (&mut row.approved, &mut row.document, &mut row.period),
        Statement::Registered
        | Statement::Enrolment(_)
        | Statement::Survey { .. }
        | Statement::Ledger(_)
        | Statement::Absence(_)
        | Statement::Inspection { .. }
        | Statement::TipOff
        | Statement::Certificate(_)
        | Statement::Departure(_)
        | Statement::Poverty { .. }
        | Statement::Disability { .. }
        | Statement::Aid(_)
        | Statement::HomeVisit(_)
        | Statement::HomePlan(_) => return None,
    };
    (*approved, *by, *period) = (Some(true), None, Some(around(*period, today)));
    Some(("由有权机关批准且在有效期内", "is approved by who may, for these days"))
}

fn is_fresh(row: &Certificate, said: NaiveDate, settings: &Settings) -> bool {
    let issued = row.issued.unwrap_or(said);
    let end = issued.checked_add_months(Months::new(settings.certificate.valid_months));
    issued <= settings.as_of && end.is_some_and(|end| settings.as_of < end)
}

/// The period when it is good and holds on the day, else a year from the day on.
fn around(period: Option<(NaiveDate, NaiveDate)>, today: NaiveDate) -> (NaiveDate, NaiveDate) {
    period
        .filter(|(from, to)| from <= to && *from <= today && today <= *to)
        .unwrap_or_else(|| year(today))
}

fn year(today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let end = today.checked_add_months(Months::new(12)).and_then(|day| day.pred_opt());
    (today, end.unwrap_or(today))
}

type Said = (Source, Statement, (&'static str, &'static str));

/// What the school and the registry could say.
fn school(child: &Child<'_>, today: NaiveDate) -> Vec<Said> {
    let known = child.records.iter().flat_map(|record| &record.claims).find_map(|claim| {
        if let Statement::Enrolment(row) = &claim.what {
            return Some(row.school.clone());
        }
        let Statement::Absence(row) = &claim.what else { return None };
        row.school.clone()
    });
    let enrolled = Enrolment {
        school: known.clone().unwrap_or_else(|| "本县学校".to_owned()),
        grade: None,
        status: EnrolmentStatus::Attending,
        mode: None,
        transfer: None,
    };
    let mut all = vec![(
        Source::StudentRegistry,
        Statement::Enrolment(enrolled),
        ("学籍登记为在校", "the registry has it on a roll"),
    )];
    let at_home = child.records.iter().flat_map(|record| &record.claims).any(|claim| {
        matches!(&claim.what, Statement::Enrolment(row) if row.mode == Some(StudyMode::HomeTeaching))
    });
    if at_home {
        let visit = HomeVisit {
            school: known.clone(),
            periods: None,
            signed: Some(true),
            next: None,
            teachers: None,
            contents: None,
            from: None,
            to: None,
        };
        let words =
            ("学校上门送教，监护人签字", "its school teaches it at home, and the guardian signs");
        all.push((Source::HomeTeachingLog, Statement::HomeVisit(visit), words));
    }
    if known.is_some() {
        let back = Absence {
            until: today,
            since: None,
            days: None,
            school_days: None,
            persuasions: None,
            returned: true,
            returned_on: Some(today),
            no_show: false,
            school: known,
            cause: None,
        };
        let words = ("学校报告已返校", "the school reports that it is back");
        all.push((Source::SchoolReport, Statement::Absence(back), words));
    }
    all
}

/// Papers that could be handed in. Who was on a roll can be suspended, who was not can be deferred.
fn papers(child: &Child<'_>, today: NaiveDate) -> Vec<Said> {
    let period = Some(year(today));
    let certificate = Certificate {
        school: Some("外地学校".to_owned()),
        place: None,
        issued: Some(today),
        until: None,
        sealed: Some(true),
        verified: Some(true),
        verified_how: None,
    };
    let approved = Some(true);
    let deferral = |kind| Deferral { kind, period, approved, document: None, diagnosed: None };
    let was_on_a_roll = child.records.iter().any(|record| record.source == Source::StudentRegistry);
    let pause = if was_on_a_roll {
        let kind = LeaveKind::Suspension;
        let leave = Leave { kind, period, approved, approver: None, school: None, diagnosed: None };
        (Statement::Leave(leave), ("有权机关批准休学", "a suspension is approved by who may"))
    } else {
        let deferral = deferral(DeferralKind::Deferral);
        let words = ("有权机关批准延缓入学", "a deferral is approved by who may");
        (Statement::Deferral(deferral), words)
    };
    vec![
        (
            Source::Certificate,
            Statement::Certificate(certificate),
            (
                "交来盖有公章并经核实的外地就读证明",
                "a sealed and verified certificate of a school elsewhere is handed in",
            ),
        ),
        (Source::Approval, pause.0, pause.1),
        (
            Source::Approval,
            Statement::Deferral(deferral(DeferralKind::Exemption)),
            ("专家委员会认定不具备学习条件", "the expert committee finds it unable to learn"),
        ),
    ]
}

/// What people could find.
fn people(today: NaiveDate) -> Vec<Said> {
    let seen = |finding| Statement::Inspection { finding, seen: true };
    let found = |finding| Statement::Survey { finding };
    vec![
        (
            Source::TownSurvey,
            found(SurveyFinding::InSchool { school: None, grade: None }),
            ("镇村核实在校", "town and village find it in school"),
        ),
        (
            Source::Inspection,
            seen(InspectionFinding::InSchool),
            ("督查到班见到该生", "an inspection sees it in class"),
        ),
        (
            Source::Departure,
            Statement::Departure(Departure::MovedOut { on: Some(today) }),
            ("公安登记户籍迁出", "the police record that its registration moved away"),
        ),
        (
            Source::TownSurvey,
            found(SurveyFinding::Out { cause: None }),
            ("镇村核实不在校", "town and village find it out of school"),
        ),
        (
            Source::Inspection,
            seen(InspectionFinding::Out),
            ("督查见到该生不在校", "an inspection sees it out of school"),
        ),
    ]
}

fn record(child: &Child<'_>, source: Source, today: NaiveDate, what: Statement) -> Record {
    // The same town speaks again, the same child is spoken of.
    let town = child.records.iter().filter(|r| r.source == source).find_map(|r| r.town);
    Record {
        id: RecordId::new(BatchId(u32::MAX >> 1), 0),
        origin: Origin { file: "".into(), sheet: "".into(), row: 1 },
        source,
        as_of: today,
        town,
        person: Person::default(),
        claims: vec![Claim { what, on: today, words: None }],
        doubts: Vec::new(),
        review_only: None,
    }
}
