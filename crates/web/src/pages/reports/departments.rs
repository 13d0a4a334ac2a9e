//! What departments were asked and how they answered (联控联保), and who owes an answer now.

use baoxue_act::{
    Due,
    account::{DepartmentFigures, Outcome, department, departments},
};

use super::{
    desk::{Asked, Desk, Reach},
    duties::{asked_for, outcome_key},
    table::{Report, Row, Section, Word},
};
use crate::pages::{cases::case_key, tasks::task_href};

/// Headings of the figures.
const HEADS: [&str; 10] = [
    "reports-asked-of",
    "reports-waiting",
    "reports-accepted",
    "reports-answered",
    "reports-declined",
    "reports-withdrawn",
    "reports-cancelled-of",
    "reports-overdue",
    "reports-answered-late",
    "reports-median",
];

pub(super) fn report(desk: &Desk<'_>) -> Report {
    let lang = desk.lang;
    let charges = desk.charges();
    let mut sections = vec![figures(desk, &charges)];
    sections.push(board(desk, &charges));
    Report {
        name: "departments",
        form: "BX-19 v1",
        title: lang.t("reports-departments"),
        meta: desk.meta(),
        unit: ("个部门", "departments"),
        sections,
        notes: vec![lang.t("reports-note-departments")],
    }
}

fn cells(of: &DepartmentFigures) -> Vec<Option<u32>> {
    let counts = [
        of.asked,
        of.waiting,
        of.accepted,
        of.done,
        of.declined,
        of.withdrawn,
        of.cancelled,
        of.overdue,
        of.late,
    ];
    counts.into_iter().map(Some).chain([of.median_days()]).collect()
}

/// Each department of the county's list, asked or not: one that was asked nothing shows that.
fn figures(desk: &Desk<'_>, charges: &[Asked<'_>]) -> Section {
    let lang = desk.lang;
    let by_department = departments(charges.iter().map(|of| &of.charge), desk.now);
    let mut whole = DepartmentFigures::default();
    for of in charges {
        whole.count(&of.charge, desk.now);
    }
    let listed = desk.cases.rules.departments.iter();
    let mut all: Vec<(String, String)> = listed
        .map(|known| (known.id.clone(), lang.pick(&known.zh, &known.en).to_owned()))
        .collect();
    // What was asked of a department that the list has no more was asked all the same.
    let gone = by_department.keys().filter(|id| all.iter().all(|(known, _)| known != *id));
    let gone: Vec<(String, String)> = gone.map(|id| (id.clone(), id.clone())).collect();
    all.extend(gone);
    if let Reach::Department(own) = &desk.reach {
        all.retain(|(id, _)| Some(id) == own.as_ref());
    }
    let none = DepartmentFigures::default();
    let mut rows: Vec<Row> = all
        .iter()
        .map(|(id, name)| {
            let of = by_department.get(id).unwrap_or(&none);
            let words = vec![Word::plain(name.as_str())];
            Row { words, numbers: cells(of), late: of.overdue > 0 }
        })
        .collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.numbers[7], row.numbers[0])));
    let words = vec![Word::plain(lang.t("total"))];
    let totals = Row { words, numbers: cells(&whole), late: false };
    Section {
        title: lang.t("reports-departments"),
        sub: lang.n("reports-rows", rows.len()),
        words: vec![lang.t("reports-department")],
        numbers: HEADS.map(|key| lang.t(key)).to_vec(),
        totals: (rows.len() > 1).then_some(totals),
        rows,
        none: lang.t("reports-none"),
    }
}

/// Who owes what, by day.
fn board(desk: &Desk<'_>, charges: &[Asked<'_>]) -> Section {
    let lang = desk.lang;
    let mut open: Vec<&Asked<'_>> = charges
        .iter()
        .filter(|of| department(&of.charge).is_some())
        .filter(|of| matches!(of.charge.outcome, Outcome::Open | Outcome::OpenLate))
        .collect();
    open.sort_by_key(|of| {
        (of.charge.due.moment().is_none(), of.charge.due.moment(), of.charge.case)
    });
    let keys = [
        "reports-department",
        "reports-what",
        "case",
        "reports-start",
        "case-due",
        "reports-outcome",
        "reports-answer",
    ];
    Section {
        title: lang.t("reports-board"),
        sub: lang.n("reports-rows", open.len()),
        words: keys.map(|key| lang.t(key)).to_vec(),
        numbers: vec![lang.t("reports-late-days")],
        rows: open.into_iter().map(|of| line(desk, of)).collect(),
        totals: None,
        none: lang.t("reports-board-none"),
    }
}

fn line(desk: &Desk<'_>, of: &Asked<'_>) -> Row {
    let (charge, lang) = (&of.charge, desk.lang);
    let key = case_key(charge.case);
    let href = match &desk.reach {
        Reach::Department(_) => task_href(&key, charge.id.nth),
        Reach::Cases(_) if of.reads => format!("/cases/{key}"),
        Reach::Cases(_) => String::new(),
    };
    let due = match charge.due {
        Due::At(at) => desk.day(Some(at)),
        Due::Stopped => lang.t("case-stopped"),
    };
    let answer = charge.answer.map(|answer| lang.pick(answer.zh(), answer.en()));
    let words = vec![
        Word::plain(desk.speaker().office(&charge.by.owed_by.office)),
        Word::plain(asked_for(desk, of).unwrap_or_default()),
        Word::link(key, href),
        Word::plain(desk.day(charge.start)),
        Word::plain(due),
        Word::plain(lang.t(outcome_key(charge.outcome))),
        Word::plain(answer.unwrap_or_default()),
    ];
    let late = charge.outcome == Outcome::OpenLate;
    Row { words, numbers: vec![Some(charge.late_days(desk.now)).filter(|days| *days > 0)], late }
}
