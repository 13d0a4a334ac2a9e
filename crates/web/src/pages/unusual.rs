//! 异常查阅: which accounts opened children's pages unlike the others in a week, and why the audit should ask them (T-25).
//! The page names accounts and counts, never a child.

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use baoxue_authz::{Action, Resource};
use baoxue_flow::unusual::{Finding, Reason, Unusual, week_of};
use chrono::{NaiveDate, TimeDelta};

use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{china, html, thousands},
    door::Signed,
    forms::Asked,
    i18n::{Lang, number},
    trouble::Trouble,
};

/// Weeks that one can look back.
const WEEKS: i64 = 520;

/// An account that is named.
struct Line {
    who: String,
    role: String,
    opened: String,
    bits: String,
    reasons: Vec<String>,
    /// Address of what the account did since the week began.
    href: String,
}

#[derive(Template)]
#[template(path = "unusual.html")]
struct UnusualPage {
    chrome: Chrome,
    week: String,
    /// Whether the week is over.
    whole: bool,
    before: String,
    after: Option<String>,
    lines: Vec<Line>,
}

/// The report of the week that the address names by a day of it, else of the last whole one.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ReadAllAudit, &Resource::County)?;
    let lang = Lang::of(&headers);
    let now = this_week(&app);
    let named = asked.one("week").and_then(|day| day.parse::<NaiveDate>().ok()).map(week_of);
    let oldest = now - TimeDelta::days(7 * WEEKS);
    let monday = named.unwrap_or(now - TimeDelta::days(7)).clamp(oldest, now);
    let found = app.unusual(monday, monday < now).await?;
    signed.kept(&app, (Action::ReadAllAudit, "unusual"), &[]).await?;
    let accounts = app.people().accounts().await.map_err(|error| Trouble::broken(&error))?;
    let line = |one: &Unusual| {
        let account = accounts.iter().find(|account| account.id == one.account)?;
        Some(Line {
            who: format!("{} {}", account.name, account.login),
            role: lang.pick(account.grant.role.zh(), account.grant.role.en()).to_owned(),
            opened: thousands(one.n_opened),
            bits: format!("{:.0}", one.bits),
            reasons: one.findings.iter().map(|finding| reason(finding, lang)).collect(),
            href: format!("/audit?whose=all&actor={}&from={monday}", account.login),
        })
    };
    let sunday = monday + TimeDelta::days(6);
    let days = [("from", monday.to_string().into()), ("to", sunday.to_string().into())];
    let week = |monday: NaiveDate| format!("/audit/unusual?week={monday}");
    html(&UnusualPage {
        week: lang.with("unusual-week", &days),
        whole: monday < now,
        before: week(monday - TimeDelta::days(7)),
        after: (monday < now).then(|| week(monday + TimeDelta::days(7))),
        lines: found.iter().filter_map(line).collect(),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Admin, &lang.t("unusual-title")),
    })
}

/// The Monday of this week by the clock of China.
pub(crate) fn this_week(app: &App) -> NaiveDate {
    week_of(app.now().with_timezone(&china()).date_naive())
}

fn reason(finding: &Finding, lang: Lang) -> String {
    let key = match finding.reason {
        Reason::OwnSurname => "unusual-own-surname",
        Reason::OnePlace => "unusual-one-place",
        Reason::Night => "unusual-night",
        Reason::NoOccasion => "unusual-no-occasion",
        Reason::NoAct => "unusual-no-act",
    };
    let usual = format!("{:.0}", finding.usual.ceil());
    lang.with(key, &[("n", number(finding.n)), ("usual", usual.into())])
}
