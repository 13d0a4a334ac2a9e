//! 通知: what reached the reader, and for those who run the system how the channels stand by which it goes out.

use askama::Template;
use axum::{
    extract::State,
    http::HeaderMap,
    response::{Redirect, Response},
};
use baoxue_act::CaseId;
use baoxue_authz::{Action, Resource};
use baoxue_flow::notices::{DutyNotice, Notice, Queue, Why};
use baoxue_store::StoredNotice;
use serde::Deserialize;

use super::{
    admin::{AdminTab, tabs},
    cases::case_key,
    pager::Pager,
    tasks::task_href,
};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{html, moment, thousands},
    door::Signed,
    forms::{Asked, Posted},
    i18n::Lang,
    routes::{Line as RouteLine, Needs, get, post},
    trouble::Trouble,
};

/// The routes about notices.
pub(super) fn table() -> Vec<RouteLine> {
    let own = Needs::Action(&[Action::ManageOwn]);
    vec![
        get("/notices", page, own),
        post("/notices/read", read, own),
        get("/admin/notices", queues, Needs::Action(&[Action::ReadHealth])),
    ]
}

struct Line {
    what: String,
    due: String,
    href: String,
    when: String,
    is_read: bool,
}

#[derive(Template)]
#[template(path = "notices.html")]
struct NoticesPage {
    chrome: Chrome,
    lines: Vec<Line>,
    /// The newest notice on the page: reading goes up to it.
    last: i64,
    pager: Pager,
    has_address: bool,
}

async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ManageOwn, &Resource::Account(signed.actor.account))?;
    let (account, lang) = (signed.actor.account, Lang::of(&headers));
    let skip = u32::try_from((asked.page() - 1) * asked.size()).unwrap_or(u32::MAX);
    let most = u32::try_from(asked.size()).unwrap_or(u32::MAX);
    let found = app.store().notices_of(account, (skip, most)).await?;
    let lines: Vec<Line> = found.iter().filter_map(|notice| line(notice, lang)).collect();
    let total = app.notice_count(account).0;
    let pager = Pager::new(&asked, total, lines.len(), lang);
    let contact = &signed.session.account.contact;
    html(&NoticesPage {
        last: found.first().map_or(0, |notice| notice.id),
        has_address: !contact.mail.is_empty() || !contact.phone.is_empty(),
        pager: Pager { range: lang.n("notices-all", total), ..pager },
        lines,
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::None, &lang.t("notices")),
    })
}

/// What a notice says. One that cannot be read says nothing: it came from another version of the program.
fn line(stored: &StoredNotice, lang: Lang) -> Option<Line> {
    let notice: Notice = serde_json::from_str(&stored.body).ok()?;
    let (what, due, href) = match notice {
        Notice::Duty(duty) => of_duty(&duty, lang),
        Notice::Imported { batch } => {
            (lang.t("notice-imported"), String::new(), format!("/imports/i_{batch}"))
        }
        Notice::Stuck { channel } => {
            let what = lang.with("notice-stuck", &[("channel", word(&channel, lang).into())]);
            (what, String::new(), "/admin/notices".to_owned())
        }
    };
    Some(Line { what, due, href, when: moment(stored.at), is_read: stored.is_read })
}

fn of_duty(duty: &DutyNotice, lang: Lang) -> (String, String, String) {
    let case = case_key(CaseId(duty.case));
    let key = match duty.why {
        Why::Assigned => "notice-assigned",
        Why::Due => "notice-due",
        Why::Climbed => "notice-climbed",
    };
    let href = match duty.task {
        Some(task) => task_href(&case, task),
        None => format!("/cases/{case}"),
    };
    let what = lang.pick(&duty.zh, &duty.en).to_owned();
    let words = lang.with(key, &[("what", what.into()), ("case", case.into())]);
    (words, duty.due.map(|day| day.to_string()).unwrap_or_default(), href)
}

/// What a channel is called.
fn word(channel: &str, lang: Lang) -> String {
    match channel.strip_prefix("robot:") {
        Some(name) => lang.with("channel-robot", &[("name", name.to_owned().into())]),
        None if channel == "mail" => lang.t("channel-mail"),
        None => lang.t("channel-sms"),
    }
}

#[derive(Deserialize)]
pub(crate) struct ReadForm {
    last: i64,
}

/// The reader has read what stood on the page, and what is older.
async fn read(
    State(app): State<App>,
    signed: Signed,
    Posted(form): Posted<ReadForm>,
) -> Result<Redirect, Trouble> {
    let account = signed.actor.account;
    signed.may(Action::ManageOwn, &Resource::Account(account))?;
    app.store().read_notices(account, form.last, app.now()).await?;
    app.count_notices().await.map_err(|error| Trouble::broken(&error))?;
    Ok(Redirect::to("/notices"))
}

struct QueueLine {
    channel: String,
    is_set: bool,
    n_sent: String,
    n_waiting: String,
    n_failing: usize,
    n_dropped: u64,
    last_sent: String,
    failed: String,
    why: String,
    next: String,
}

#[derive(Template)]
#[template(path = "admin_notices.html")]
struct QueuesPage {
    chrome: Chrome,
    tabs: Vec<AdminTab>,
    lines: Vec<QueueLine>,
    quiet: String,
}

async fn queues(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ReadHealth, &Resource::County)?;
    let lang = Lang::of(&headers);
    let queues = app.queues().await.map_err(|error| Trouble::broken(&error))?;
    let quiet = app.options().notices.quiet;
    let hours = [("from", quiet.from), ("to", quiet.to)]
        .map(|(name, time)| (name, time.format("%H:%M").to_string().into()));
    html(&QueuesPage {
        tabs: tabs(&signed, "/admin/notices", lang),
        lines: queues.into_iter().map(|queue| queue_line(queue, lang)).collect(),
        quiet: if quiet.from == quiet.to {
            lang.t("queue-no-quiet")
        } else {
            lang.with("queue-quiet", &hours)
        },
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Admin, &lang.t("admin-notices")),
    })
}

fn queue_line(queue: Queue, lang: Lang) -> QueueLine {
    let (failed, why) = queue.last_failure.unzip();
    QueueLine {
        channel: word(&queue.channel, lang),
        is_set: queue.is_set,
        n_sent: thousands(usize::try_from(queue.n_sent).unwrap_or(usize::MAX)),
        n_waiting: thousands(queue.n_waiting),
        n_failing: queue.n_failing,
        n_dropped: queue.n_dropped,
        last_sent: queue.last_sent.map(moment).unwrap_or_default(),
        failed: failed.map(moment).unwrap_or_default(),
        why: why.unwrap_or_default(),
        next: queue.next_at.map(moment).unwrap_or_default(),
    }
}
