//! 控辍保学月报: the draft of a month, and what was submitted.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::{Action, Resource, Standing};
use baoxue_claim::TownCode;
use baoxue_flow::{
    findings::FindingBook,
    monthly::{
        Column, Counted, Month, MonthLine, Submitted, keep_states, month_lines, seal_of, submit,
        submitted, sum,
    },
};

use super::{
    desk::Desk,
    table::{Report, Row, Section, Word},
};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{html, moment},
    door::Signed,
    forms::{Asked, Posted},
    i18n::Lang,
    trouble::Trouble,
};

/// Longest words, in characters.
const WORDS: usize = 300;

/// A month's report as it stands.
pub(super) struct Monthly<'d> {
    desk: &'d Desk<'d>,
    pub(super) month: Month,
    /// As it is counted now.
    draft: Vec<MonthLine>,
    /// What was submitted of that month, the oldest first.
    sent: Vec<Submitted>,
    /// Which of them is shown, from 1; the last one where the address names none.
    version: Option<usize>,
}

impl<'d> Monthly<'d> {
    /// The month that is asked for, or that of today.
    pub(super) async fn of(
        desk: &'d Desk<'d>,
        asked: Option<&str>,
        version: Option<&str>,
    ) -> Result<Self, Trouble> {
        let today = desk.now.date();
        let month = match asked.filter(|text| !text.is_empty()) {
            Some(text) => Month::parse(text).ok_or(Trouble::NotFound)?,
            None => Month::of(today),
        };
        if month > Month::of(today) {
            return Err(Trouble::NotFound);
        }
        let findings = FindingBook::load(desk.app.store()).await?;
        let findings: Vec<_> = findings.all().into_iter().cloned().collect();
        let of = Counted {
            roll: &desk.roll,
            cases: &desk.cases.book,
            findings: &findings,
            scope: desk.scope()?,
        };
        let mut draft = month_lines(of, month)?;
        let sent = submitted(desk.app.store()).await?.remove(&month).unwrap_or_default();
        // Where the children stood at the end of a month is known on its day alone: a later correction is about cases.
        if let Some(last) = sent.last().filter(|_| month < Month::of(today)) {
            keep_states(&mut draft, &last.lines);
        }
        let version =
            version.and_then(|text| text.parse().ok()).filter(|n| (1..=sent.len()).contains(n));
        Ok(Self { desk, month, draft, sent, version })
    }

    /// What is shown: the report that was submitted last, with the reader's lines, or the draft.
    fn shown(&self) -> Result<Vec<MonthLine>, Trouble> {
        let at = self.version.unwrap_or(self.sent.len()).checked_sub(1);
        let Some(last) = at.and_then(|at| self.sent.get(at)) else { return Ok(self.draft.clone()) };
        let scope = self.desk.scope()?;
        let sees = |town| scope.sees(Standing { town, ..Standing::default() });
        Ok(last.lines.iter().filter(|line| sees(line.town)).cloned().collect())
    }

    /// Whether the figures are others now than those that were submitted.
    fn moved(&self) -> bool {
        self.sent.last().is_some_and(|last| last.lines != self.draft)
    }

    pub(super) fn report(&self) -> Result<Report, Trouble> {
        let (desk, lang) = (self.desk, self.desk.lang);
        let lines = self.shown()?;
        let name = |town: Option<TownCode>| {
            let known = town.and_then(|town| desk.county.towns.get(town));
            known.map_or_else(|| lang.t("no-town"), |known| known.name.clone())
        };
        let row = |words: Word, line: &MonthLine| Row {
            words: vec![words],
            numbers: Column::ALL.iter().map(|column| Some(line.get(*column))).collect(),
            late: false,
        };
        let whole = sum(&lines);
        let section = Section {
            title: lang.with("monthly-of", &[("month", self.month.to_string().into())]),
            sub: lang.t(if self.sent.is_empty() { "monthly-draft" } else { "monthly-sent" }),
            words: vec![lang.t("facet-town")],
            numbers: Column::ALL.iter().map(|c| lang.pick(c.zh(), c.en()).to_owned()).collect(),
            totals: (lines.len() > 1).then(|| row(Word::plain(lang.t("total")), &whole)),
            rows: lines.iter().map(|line| row(Word::plain(name(line.town)), line)).collect(),
            none: lang.t("monthly-none"),
        };
        let mut notes: Vec<String> =
            ["monthly-note-children", "monthly-note-cases", "monthly-note-today"]
                .map(|key| lang.t(key))
                .to_vec();
        if !lines.iter().all(MonthLine::adds_up) {
            notes.insert(0, lang.t("monthly-wrong"));
        }
        Ok(Report {
            name: "monthly",
            form: "BX-21 v1",
            title: lang.t("monthly"),
            meta: desk.meta(),
            unit: ("个镇办", "towns"),
            sections: vec![section],
            notes,
        })
    }
}

#[derive(Template)]
#[template(path = "monthly.html")]
struct MonthlyPage {
    chrome: Chrome,
    title: String,
    meta: String,
    xlsx: String,
    month: String,
    before: String,
    after: Option<String>,
    /// Who submitted it and when, the oldest first, why it was corrected, and its address.
    sent: Vec<(String, String, String)>,
    /// Whether the reader may submit it now, and by what the figures are known.
    submits: Option<String>,
    /// It was submitted, and the figures are others now.
    corrects: bool,
    why: String,
    error: Option<String>,
    sections: Vec<Section>,
    notes: Vec<String>,
}

/// The page of a month.
pub(super) async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let desk = Desk::of(&app, &signed, Lang::of(&headers)).await?;
    let monthly = Monthly::of(&desk, asked.one("month"), asked.one("version")).await?;
    show(&monthly, "", None)
}

fn show(monthly: &Monthly<'_>, why: &str, error: Option<String>) -> Result<Response, Trouble> {
    let (desk, lang) = (monthly.desk, monthly.desk.lang);
    let report = monthly.report()?;
    let moved = monthly.moved();
    let may = desk.signed.can(Action::SubmitReport, &Resource::County)
        && (monthly.sent.is_empty() || moved);
    let said = |(nth, sent): (usize, &Submitted)| {
        let on = sent.on.to_string();
        let by =
            [("who", sent.by.clone().into()), ("when", moment(sent.at).into()), ("on", on.into())];
        let href = format!("/reports/monthly?month={}&version={nth}", monthly.month);
        (lang.with("monthly-by", &by), sent.why.clone().unwrap_or_default(), href)
    };
    let this = Month::of(desk.now.date());
    html(&MonthlyPage {
        chrome: Chrome::new(desk.app, Some(desk.signed), lang, Tab::Papers, &report.title),
        title: report.title,
        meta: report.meta,
        xlsx: format!("/reports/monthly.xlsx?month={}", monthly.month),
        month: monthly.month.to_string(),
        before: monthly.month.before().to_string(),
        after: (monthly.month < this).then(|| monthly.month.next().to_string()),
        sent: (1..).zip(&monthly.sent).map(said).collect(),
        submits: if may { Some(seal_of(&monthly.draft)?) } else { None },
        corrects: moved,
        why: why.to_owned(),
        error,
        sections: report.sections,
        notes: report.notes,
    })
}

/// Submits the figures that were read.
pub(super) async fn send(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
    Posted(fields): Posted<BTreeMap<String, String>>,
) -> Result<Response, Trouble> {
    signed.may(Action::SubmitReport, &Resource::County)?;
    let lang = Lang::of(&headers);
    let desk = Desk::of(&app, &signed, lang).await?;
    // Read, compared and kept in one turn: a form that is sent twice is one report.
    let _turn = app.turn().await;
    let monthly = Monthly::of(&desk, fields.get("month").map(String::as_str), None).await?;
    let why: String = fields.get("why").map_or("", |why| why.trim()).chars().take(WORDS).collect();
    let wrong = |status: StatusCode, key: &str| {
        let page = show(&monthly, &why, Some(lang.t(key)))?;
        Ok((status, page).into_response())
    };
    // What was read is what is submitted, and once.
    if fields.get("seal").map(String::as_str) != Some(seal_of(&monthly.draft)?.as_str()) {
        return wrong(StatusCode::CONFLICT, "monthly-moved");
    }
    if !monthly.sent.is_empty() && !monthly.moved() {
        return wrong(StatusCode::CONFLICT, "monthly-again");
    }
    if !monthly.sent.is_empty() && why.is_empty() {
        return wrong(StatusCode::UNPROCESSABLE_ENTITY, "monthly-why-missing");
    }
    let report = Submitted {
        month: monthly.month,
        on: desk.now.date(),
        lines: monthly.draft.clone(),
        why: (!why.is_empty()).then_some(why),
        by: format!("{} {}", signed.name, signed.login),
        at: app.now(),
    };
    let month = report.month;
    submit(app.store(), report).await?;
    signed.noted(&app, (Action::SubmitReport.name(), true), &format!("monthly {month}")).await?;
    Ok(Redirect::to(&format!("/reports/monthly?month={month}")).into_response())
}
