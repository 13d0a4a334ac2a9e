//! 管理: how the system is, towns and schools as configured. Accounts stand in `users`.

use askama::Template;
use axum::{
    extract::State,
    http::HeaderMap,
    response::{Redirect, Response},
};
use baoxue_authz::{Action, Resource};
use baoxue_flow::{MODEL_VERSION, findings::FindingBook, is_fresh};

use super::{cases::case_key, inspect::finding_key};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{html, moment, thousands},
    door::Signed,
    i18n::{Lang, number},
    trouble::Trouble,
};

/// A tab of 管理: address, words, whether here.
pub(crate) type AdminTab = (&'static str, String, bool);

/// Number that no account has: rights on accounts in general.
pub(crate) const ANY_ACCOUNT: Resource = Resource::Account(0);

/// Addresses, keys and the action without which a tab is absent.
const TABS: [(&str, &str, Action); 9] = [
    ("/admin/users", "admin-users", Action::ManageAccounts),
    ("/admin/users", "admin-users", Action::ManageRoles),
    ("/admin/towns", "admin-towns", Action::ManageCounty),
    ("/admin/schools", "admin-schools", Action::ManageCounty),
    ("/admin/calendar", "admin-calendar", Action::ManageCounty),
    ("/admin/escalation", "admin-escalation", Action::ManageCounty),
    ("/admin/health", "admin-health", Action::ReadHealth),
    ("/admin/notices", "admin-notices", Action::ReadHealth),
    ("/admin/keys", "admin-keys", Action::ManageKeys),
];

/// The tabs that the reader has.
pub(crate) fn tabs(signed: &Signed, here: &str, lang: Lang) -> Vec<AdminTab> {
    let may = |action: Action| {
        let on_accounts = matches!(action, Action::ManageAccounts | Action::ManageRoles);
        let it = if on_accounts { ANY_ACCOUNT } else { Resource::County };
        signed.could(action, &it)
    };
    let own = TABS.into_iter().filter(|(.., action)| may(*action));
    own.map(|(href, key, _)| (href, lang.t(key), href == here)).collect()
}

/// The first page of 管理 that the reader has; whoever watches the others goes to the audit.
pub(crate) async fn first(signed: Signed) -> Result<Redirect, Trouble> {
    let tabs = tabs(&signed, "", Lang::Zh);
    if let Some((href, ..)) = tabs.first() {
        return Ok(Redirect::to(href));
    }
    signed.may(Action::ReadAllAudit, &Resource::County)?;
    Ok(Redirect::to("/audit?whose=all"))
}

#[derive(Template)]
#[template(path = "health.html")]
struct HealthPage {
    chrome: Chrome,
    tabs: Vec<AdminTab>,
    facts: Vec<(String, String)>,
    is_fresh: bool,
    /// What keeps cases from going on, and what to do.
    faults: Vec<String>,
}

/// Versions, the database, the newest run.
pub(crate) async fn health(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ReadHealth, &Resource::County)?;
    let (lang, county) = (Lang::of(&headers), app.county());
    let begun = std::time::Instant::now();
    let run = app.store().latest_run().await?;
    let answered = begun.elapsed().as_micros();
    let batches = app.store().batches().await?;
    let accounts = app.people().accounts().await.map_err(|error| Trouble::broken(&error))?;
    let is_fresh = is_fresh(app.store(), &county).await?;
    let settings = app.people().settings();
    let minutes = |length: std::time::Duration| lang.n("minutes", to_minutes(length));
    let none = || lang.t("none");
    let run = run.as_ref();
    let facts = [
        ("health-program", env!("CARGO_PKG_VERSION").to_owned()),
        ("health-model", MODEL_VERSION.to_owned()),
        ("health-rules", county.pack.name()),
        ("health-database", format!("{}.{:03} ms", answered / 1000, answered % 1000)),
        ("health-run", run.map_or_else(none, |run| format!("{} · {}", run.id, run.as_of))),
        ("health-run-at", run.map_or_else(none, |run| moment(run.started_at))),
        ("health-files", thousands(batches.len())),
        ("health-accounts", thousands(accounts.len())),
        ("health-idle", minutes(settings.idle)),
        ("health-longest", minutes(settings.longest)),
        ("health-fresh", minutes(settings.fresh)),
        ("health-keys", lang.t("health-keys-text")),
    ];
    html(&HealthPage {
        tabs: tabs(&signed, "/admin/health", lang),
        facts: facts.into_iter().map(|(key, value)| (lang.t(key), value)).collect(),
        is_fresh,
        faults: faults(&app, lang).await?,
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Admin, &lang.t("admin-health")),
    })
}

/// Cases and findings with a record that cannot be read, and a clock of cases that is held.
async fn faults(app: &App, lang: Lang) -> Result<Vec<String>, Trouble> {
    let desk = app.cases().await?;
    let clock = desk.held(app.now()).map(|held| {
        let moment = |at: baoxue_act::Moment| at.format("%Y-%m-%d %H:%M").to_string().into();
        let values = [("at", moment(held.at)), ("shows", moment(held.shows))];
        lang.with("health-clock", &values)
    });
    let unread = desk.book.unread().map(|(case, of)| {
        let no = usize::try_from(of.no).unwrap_or_default();
        lang.with("health-unread", &[("case", case_key(case).into()), ("n", number(no))])
    });
    let findings = FindingBook::load(app.store()).await?;
    let findings = findings
        .unread()
        .map(|id| lang.with("health-finding", &[("finding", finding_key(id).into())]));
    Ok(clock.into_iter().chain(unread).chain(findings).collect())
}

#[derive(Template)]
#[template(path = "keys.html")]
struct KeysPage {
    chrome: Chrome,
    tabs: Vec<AdminTab>,
    facts: Vec<(String, String)>,
    /// No head was signed for longer than heads should take.
    is_late: bool,
}

/// Hours after which somebody should ask why no head was signed; the server signs at least hourly.
const HEAD_HOURS: i64 = 2;

/// The keys that seal and sign: where they lie, how one is exchanged, and whether heads are signed.
pub(crate) async fn keys(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ManageKeys, &Resource::County)?;
    let lang = Lang::of(&headers);
    let (heads, leaves) = (app.store().tree_heads().await?, app.store().tree_size().await?);
    let last = heads.values().next_back();
    let none = || lang.t("none");
    let since =
        |size: u64| thousands(usize::try_from(leaves.saturating_sub(size)).unwrap_or_default());
    let facts = [
        ("keys-seal", lang.t("health-keys-text")),
        ("keys-exchange", lang.t("keys-exchange-text")),
        ("keys-sign", last.map_or_else(none, |head| head.key_id.clone())),
        ("keys-heads", thousands(heads.len())),
        ("keys-signed", last.map_or_else(none, |head| moment(head.signed_at))),
        ("keys-since", last.map_or_else(none, |head| since(head.size))),
    ];
    let is_late = last.is_none_or(|head| (app.now() - head.signed_at).num_hours() >= HEAD_HOURS);
    html(&KeysPage {
        tabs: tabs(&signed, "/admin/keys", lang),
        facts: facts.into_iter().map(|(key, value)| (lang.t(key), value)).collect(),
        is_late,
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Admin, &lang.t("admin-keys")),
    })
}

fn to_minutes(length: std::time::Duration) -> usize {
    usize::try_from(length.as_secs() / 60).unwrap_or(usize::MAX)
}

#[derive(Template)]
#[template(path = "places.html")]
struct PlacesPage {
    chrome: Chrome,
    tabs: Vec<AdminTab>,
    how: String,
    /// What somebody must mend.
    warning: Option<String>,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The towns as configured.
pub(crate) async fn towns(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ManageCounty, &Resource::County)?;
    let (lang, county) = (Lang::of(&headers), app.county());
    let row = |town: &baoxue_claim::Town| {
        vec![town.code.to_string(), town.name.clone(), town.aliases.join("、")]
    };
    html(&PlacesPage {
        tabs: tabs(&signed, "/admin/towns", lang),
        how: lang.t("places-how"),
        warning: None,
        heads: ["place-code", "place-name", "place-aliases"].map(|key| lang.t(key)).into(),
        rows: county.towns.all().iter().map(row).collect(),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Admin, &lang.t("admin-towns")),
    })
}

/// The schools that lists name.
pub(crate) async fn schools(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ManageCounty, &Resource::County)?;
    let (lang, roll) = (Lang::of(&headers), app.roll());
    html(&PlacesPage {
        tabs: tabs(&signed, "/admin/schools", lang),
        how: lang.t("places-how"),
        warning: None,
        heads: vec![lang.t("place-name")],
        rows: roll.schools().into_iter().map(|name| vec![name.to_owned()]).collect(),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Admin, &lang.t("admin-schools")),
    })
}

/// Days of work and rest by year, and school terms, as clocks of cases count them.
pub(crate) async fn calendar(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ManageCounty, &Resource::County)?;
    let (lang, desk) = (Lang::of(&headers), app.cases().await?);
    let calendar = &desk.rules.calendar;
    let year = chrono::Datelike::year(&desk.moment(app.now()));
    let days = |days: Vec<chrono::NaiveDate>| {
        days.iter().map(|day| day.format("%m-%d").to_string()).collect::<Vec<_>>().join(" ")
    };
    let years = calendar.years().map(|year| {
        let (off, work) = calendar.changed(year);
        vec![year.to_string(), days(off), days(work)]
    });
    let terms = calendar
        .terms()
        .iter()
        .map(|term| vec![term.name.clone(), term.from.to_string(), term.to.to_string()]);
    html(&PlacesPage {
        tabs: tabs(&signed, "/admin/calendar", lang),
        how: lang.t("calendar-how"),
        warning: missing_years(calendar, year, lang),
        heads: ["calendar-year", "calendar-off", "calendar-work"].map(|key| lang.t(key)).into(),
        rows: years.chain(terms).collect(),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Admin, &lang.t("admin-calendar")),
    })
}

/// That holidays of this year or the next are not known: deadlines then count its weekdays.
pub(crate) fn missing_years(
    calendar: &baoxue_act::Calendar,
    year: i32,
    lang: Lang,
) -> Option<String> {
    let missing = [year, year + 1].into_iter().filter(|year| !calendar.knows(*year));
    let missing: Vec<String> = missing.map(|year| year.to_string()).collect();
    let years = missing.join(&lang.t("list-comma"));
    (!missing.is_empty()).then(|| lang.with("calendar-missing", &[("years", years.into())]))
}

/// What is owed on cases, by whom and how long, with the source of each length.
pub(crate) async fn escalation(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ManageCounty, &Resource::County)?;
    let (lang, desk) = (Lang::of(&headers), app.cases().await?);
    let today = desk.moment(app.now()).date();
    let term = |term: baoxue_act::Term| match lang {
        Lang::Zh => term.zh(),
        Lang::En => term.to_string().replace('_', " "),
    };
    let steps = desk.rules.timetable.on(today).map(|step| {
        let ladder = step.ladder.iter().map(|rung| match rung.after {
            Some(after) => format!("+{} ↑{}", term(after), rung.up),
            None => format!("↑{}", rung.up),
        });
        vec![
            step.id.clone(),
            lang.pick(&step.zh, &step.en).to_owned(),
            lang.pick(step.seat.zh(), step.seat.en()).to_owned(),
            term(step.term),
            ladder.collect::<Vec<_>>().join(&lang.t("list-comma")),
            step.law.clone().unwrap_or_else(|| step.source.clone()),
        ]
    });
    let heads = [
        "escalation-id",
        "escalation-what",
        "escalation-seat",
        "escalation-term",
        "escalation-ladder",
        "escalation-source",
    ];
    html(&PlacesPage {
        tabs: tabs(&signed, "/admin/escalation", lang),
        how: lang.t("escalation-how"),
        warning: None,
        heads: heads.map(|key| lang.t(key)).into(),
        rows: steps.collect(),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Admin, &lang.t("admin-escalation")),
    })
}
