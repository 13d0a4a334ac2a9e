//! 报表: who was asked what and did it when, which department owes what, and the order of towns. Every figure on a page is the
//! figure of its workbook, made from one table.

mod departments;
mod desk;
mod duties;
mod monthly;
mod table;
mod towns;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use baoxue_authz::{Action, Resource};
use baoxue_flow::papers::{Circular, Form, PaperError, circular};
use baoxue_report::figure_table;

use self::monthly::Monthly;
use self::{
    desk::Reach,
    duties::Duties,
    table::{Report, Section},
};
pub(super) use self::{
    desk::{Desk, Late},
    duties::{Choice, seat_of},
};
use super::papers::attached;
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::html,
    door::Signed,
    forms::Asked,
    i18n::Lang,
    routes::{Line as RouteLine, Needs, get, post},
    trouble::Trouble,
};

/// Rows of a table on a page; the workbook has all of them.
const SHOWN: usize = 60;

pub(in crate::pages) const XLSX: &str =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The routes about reports.
pub(super) fn table() -> Vec<RouteLine> {
    let reads = Needs::Action(&[Action::ReadReports]);
    // A department has its own line and nothing else.
    let or_own = Needs::Action(&[Action::ReadReports, Action::ReadTask]);
    vec![
        get("/reports", index, or_own),
        get("/reports/duties", duties, reads),
        get("/reports/departments", departments, or_own),
        get("/reports/towns", towns, reads),
        get("/reports/monthly", monthly::page, reads),
        post("/reports/monthly", monthly::send, Needs::Action(&[Action::SubmitReport])),
        get("/reports/{report}", file, or_own),
    ]
}

#[derive(Template)]
#[template(path = "reports.html")]
struct IndexPage {
    chrome: Chrome,
    /// Address, icon, title, what it tells.
    reports: Vec<(&'static str, &'static str, String, String)>,
}

/// Word, icon and keys of each report; whether a department has a line in it.
const REPORTS: [(&str, &str, &str, &str, bool); 5] = [
    ("/reports/monthly", "calendar-event", "monthly", "monthly-sub", false),
    ("/reports/duties", "clipboard-check", "reports-duties", "reports-duties-sub", false),
    ("/reports/departments", "users", "reports-departments", "reports-departments-sub", true),
    ("/reports/towns", "map-pin", "reports-towns", "reports-towns-sub", false),
    ("/letters", "file-certificate", "letters", "letters-report-sub", false),
];

async fn index(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    let desk = Desk::of(&app, &signed, lang).await?;
    let is_own = matches!(desk.reach, Reach::Department(_));
    let shown = REPORTS.into_iter().filter(|(.., of_departments)| *of_departments || !is_own);
    let shown = shown.map(|(href, icon, title, sub, _)| (href, icon, lang.t(title), lang.t(sub)));
    html(&IndexPage {
        reports: shown.collect(),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Papers, &lang.t("reports")),
    })
}

#[derive(Template)]
#[template(path = "report.html")]
struct ReportPage {
    chrome: Chrome,
    title: String,
    meta: String,
    xlsx: String,
    /// The address of the same page with every row.
    all: Option<String>,
    /// The address of the circular, for whoever may draft one.
    circular: Option<String>,
    /// Name, label, choices with value, word and whether in force.
    filters: Vec<(&'static str, String, Vec<Choice>)>,
    sections: Vec<Section>,
    notes: Vec<String>,
}

fn shown(
    (app, signed): (&App, &Signed),
    asked: &Asked,
    report: Report,
    filters: Vec<(&'static str, String, Vec<Choice>)>,
    lang: Lang,
) -> Result<Response, Trouble> {
    let mut report = report;
    let most = if asked.one("all").is_some() { usize::MAX } else { SHOWN };
    let is_cut = report.sections.iter().any(|section| section.rows.len() > most);
    for section in &mut report.sections {
        let n = section.rows.len();
        if n > most {
            section.rows.truncate(SHOWN);
            let values = [("n", SHOWN.into()), ("all", n.into())];
            section.sub = lang.with("reports-first", &values);
        }
    }
    let query = asked.with("seat", None);
    let query = if query == "?" { String::new() } else { query };
    let drafts = report.name == "duties" && signed.can(Action::SubmitReport, &Resource::County);
    html(&ReportPage {
        chrome: Chrome::new(app, Some(signed), lang, Tab::Papers, &report.title),
        title: report.title,
        meta: report.meta,
        xlsx: format!("/reports/{}.xlsx{query}", report.name),
        all: is_cut.then(|| format!("/reports/{}{}", report.name, asked.with("all", Some("1")))),
        circular: drafts.then(|| format!("/reports/circular.pdf{query}")),
        filters,
        sections: report.sections,
        notes: report.notes,
    })
}

async fn duties(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    let desk = Desk::of(&app, &signed, lang).await?;
    let duties = Duties::of(&desk, &asked)?;
    shown((&app, &signed), &asked, duties.report(), duties.filters(), lang)
}

async fn departments(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    let desk = Desk::of(&app, &signed, lang).await?;
    shown((&app, &signed), &asked, departments::report(&desk), Vec::new(), lang)
}

async fn towns(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    let desk = Desk::of(&app, &signed, lang).await?;
    shown((&app, &signed), &asked, towns::report(&desk)?, Vec::new(), lang)
}

/// A report as a workbook, or the circular as a draft.
async fn file(
    State(app): State<App>,
    signed: Signed,
    Path(name): Path<String>,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let known = ["monthly.xlsx", "duties.xlsx", "departments.xlsx", "towns.xlsx", "circular.pdf"];
    if !known.contains(&name.as_str()) {
        return Err(Trouble::NotFound);
    }
    let desk = Desk::of(&app, &signed, Lang::of(&headers)).await?;
    let report = match name.as_str() {
        "circular.pdf" => return drafted(&desk, &asked).await,
        "duties.xlsx" => Duties::of(&desk, &asked)?.report(),
        "departments.xlsx" => departments::report(&desk),
        "monthly.xlsx" => {
            Monthly::of(&desk, asked.one("month"), asked.one("version")).await?.report()?
        }
        _ => towns::report(&desk)?,
    };
    let head = desk.head();
    let book = figure_table(&report.table(), &head).map_err(|error| Trouble::broken(&error))?;
    signed.noted(&app, (Action::ReadReports.name(), true), &name).await?;
    attached(book.bytes, XLSX, &name)
}

/// The circular (通报) of the figures that the page shows, with 草稿 on every page.
async fn drafted(desk: &Desk<'_>, asked: &Asked) -> Result<Response, Trouble> {
    let (app, signed) = (desk.app, desk.signed);
    signed.may(Action::SubmitReport, &Resource::County)?;
    let duties = Duties::of(desk, asked)?;
    let (area, units, whole) = (duties.area(), duties.units(), duties.whole());
    let sheet = circular(&Circular {
        county: &desk.county,
        area: &area,
        units: &units,
        whole: &whole,
        now: desk.now,
        by: &signed.name,
    });
    let printed = match app.press().await {
        Ok(press) => tokio::task::spawn_blocking(move || press.print(Form::Circular, &sheet))
            .await
            .unwrap_or_else(|error| Err(PaperError::Typesetter(error.to_string()))),
        Err(error) => Err(error),
    };
    let pdf = printed.map_err(|error| Trouble::broken(&error))?.pdf;
    signed.noted(app, (Action::SubmitReport.name(), true), "circular.pdf").await?;
    attached(pdf, "application/pdf", "circular.pdf")
}
