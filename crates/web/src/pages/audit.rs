//! 审计: who saw, changed and exported what. Everybody reads the own history, some that of a unit or of all.

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use baoxue_authz::{Action, Actor, Factor, Resource, State as AccountState};
use baoxue_claim::ChildId;
use baoxue_flow::people::Account;
use baoxue_store::{AccessFilter, StoredAccess};
use chrono::{NaiveDate, TimeZone};

use super::me::act_words;
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{child_key, china, covered, html, moment},
    door::{BULK_LIMIT, Signed, place},
    forms::Asked,
    i18n::Lang,
    trouble::Trouble,
};

/// Lines on a page.
const LINES: u32 = 50;
/// Children of an entry that are named; more are counted.
const NAMED: usize = 3;

/// What can be asked for by kind.
pub(crate) const ACTS: [&str; 34] = [
    "SignIn",
    "SignOut",
    "SecondFactor",
    "ReadChild",
    "ReadClaims",
    "ReadHistory",
    "RevealId",
    "ExportMasked",
    "ExportFull",
    "AskExport",
    "ApproveExport",
    "RefuseExport",
    BULK_LIMIT,
    "ShareView",
    "AddClaim",
    "AnswerConflict",
    "DecideIdentity",
    "Import",
    "StopImport",
    "UndoImport",
    "ManageAccounts",
    "ManageRoles",
    "ReadUnitAudit",
    "ReadAllAudit",
    "ReadSystemAudit",
    "ReadTips",
    "WorkTips",
    "OpenInformer",
    "AddFinding",
    "RecheckFinding",
    "ReadLetters",
    "KeepCountyLetters",
    "KeepTownLetters",
    "KeepSchoolLetters",
];

/// Whose entries are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    Own,
    Unit,
    Administrators,
    All,
}

impl Whose {
    pub(crate) const ALL: [Self; 4] = [Self::Own, Self::Unit, Self::Administrators, Self::All];

    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Unit => "unit",
            Self::Administrators => "system",
            Self::All => "all",
        }
    }

    pub(crate) const fn action(self) -> Action {
        match self {
            Self::Own => Action::ReadOwnAudit,
            Self::Unit => Action::ReadUnitAudit,
            Self::Administrators => Action::ReadSystemAudit,
            Self::All => Action::ReadAllAudit,
        }
    }

    pub(crate) fn resource(self, signed: &Signed) -> Resource {
        let account = signed.actor.account;
        match self {
            Self::Own | Self::Unit => Resource::Log { account, unit: signed.actor.unit() },
            Self::Administrators | Self::All => Resource::County,
        }
    }
}

struct Line {
    when: String,
    who: String,
    what: String,
    purpose: String,
    address: String,
    /// Key of each child with its address, where the reader may open it.
    children: Vec<(String, Option<String>)>,
    more: usize,
}

#[derive(Template)]
#[template(path = "audit.html")]
struct AuditPage {
    chrome: Chrome,
    /// Address, words, whether shown.
    tabs: Vec<(String, String, bool)>,
    whose: &'static str,
    asks_actor: bool,
    actor: String,
    from: String,
    /// Value, words, whether chosen.
    acts: Vec<(&'static str, String, bool)>,
    lines: Vec<Line>,
    newest: Option<String>,
    older: Option<String>,
}

/// The entries that the address asks for, newest first.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let lang = Lang::of(&headers);
    let open: Vec<Whose> =
        Whose::ALL.into_iter().filter(|w| signed.can(w.action(), &w.resource(&signed))).collect();
    let named = asked.one("whose").and_then(|key| Whose::ALL.into_iter().find(|w| w.key() == key));
    let whose = named.unwrap_or(Whose::Own);
    signed.may(whose.action(), &whose.resource(&signed))?;
    let accounts = app.people().accounts().await.map_err(|error| Trouble::broken(&error))?;
    let filter = filter(&signed, whose, &asked, &accounts);
    let found = app.access().entries(&filter, LINES).await?;
    if whose != Whose::Own {
        signed.kept(&app, (whose.action(), ""), &[]).await?;
    }
    let mut lines = Vec::new();
    for entry in &found {
        lines.push(line(&app, &signed, entry, (&accounts, lang)).await?);
    }
    let is_full = u32::try_from(found.len()).is_ok_and(|n| n == LINES);
    let last = found.last().filter(|_| is_full).map(|entry| entry.id.to_string());
    let tab = |one: Whose| {
        let words = lang.t(&format!("audit-{}", one.key()));
        (format!("/audit?whose={}", one.key()), words, one == whose)
    };
    let mut tabs: Vec<(String, String, bool)> = open.iter().copied().map(tab).collect();
    if open.contains(&Whose::All) {
        tabs.push(("/audit/unusual".to_owned(), lang.t("unusual-title"), false));
    }
    let chosen = asked.one("act").unwrap_or_default();
    let act = |act: &'static str| (act, lang.t(&format!("act-{act}")), act == chosen);
    html(&AuditPage {
        tabs,
        whose: whose.key(),
        asks_actor: whose != Whose::Own,
        actor: asked.one("actor").unwrap_or_default().to_owned(),
        from: asked.one("from").unwrap_or_default().to_owned(),
        acts: ACTS.into_iter().map(act).collect(),
        lines,
        newest: asked.one("before").map(|_| format!("/audit{}", asked.with("before", None))),
        older: last.map(|id| format!("/audit{}", asked.with("before", Some(&id)))),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Admin, &lang.t("audit-title")),
    })
}

/// The entries that an address asks for.
pub(crate) fn filter(
    signed: &Signed,
    whose: Whose,
    asked: &Asked,
    accounts: &[Account],
) -> AccessFilter {
    let of_unit = |account: &&Account| {
        let actor = Actor {
            account: account.id,
            role: account.grant.role,
            areas: account.grant.areas.clone(),
            state: AccountState::Active,
            factor: Factor::None,
        };
        actor.unit().is_some() && actor.unit() == signed.actor.unit()
    };
    let ids = |accounts: Vec<&Account>| Some(accounts.iter().map(|account| account.id).collect());
    let among: Option<Vec<i64>> = match whose {
        Whose::Own => Some(vec![signed.actor.account]),
        Whose::Unit => ids(accounts.iter().filter(of_unit).collect()),
        Whose::Administrators => {
            ids(accounts.iter().filter(|a| a.grant.role.is_administrator()).collect())
        }
        Whose::All => None,
    };
    let actor = asked.one("actor").map(str::trim).filter(|_| whose != Whose::Own);
    let actor = actor.map(|login| {
        let found = accounts.iter().find(|a| a.login == login || a.name == login);
        // Nobody has this number: who asks for an unknown account gets nothing.
        found.map_or(0, |account| account.id)
    });
    let day = asked.one("from").and_then(|day| day.parse::<NaiveDate>().ok());
    let since = day.and_then(|day| china().from_local_datetime(&day.into()).single());
    AccessFilter {
        account: actor,
        accounts: among,
        what: asked.one("act").map(str::to_owned),
        since: since.map(|at| at.to_utc()),
        before: asked.one("before").and_then(|id| id.parse().ok()),
        child: None,
    }
}

async fn line(
    app: &App,
    signed: &Signed,
    found: &StoredAccess,
    (accounts, lang): (&[Account], Lang),
) -> Result<Line, Trouble> {
    let account = accounts.iter().find(|account| Some(account.id) == found.entry.account);
    let subjects: Vec<ChildId> = match found.n_subjects {
        0 => Vec::new(),
        _ => app.access().subjects(found.id).await?,
    };
    let roll = app.roll();
    let child = |id: &ChildId| {
        let key = child_key(*id);
        let entry = roll.entry(*id);
        let may = entry
            .is_some_and(|entry| signed.can(Action::ReadChild, &Resource::Child(place(entry))));
        let href = may.then(|| format!("/children/{key}"));
        (key, href)
    };
    Ok(Line {
        when: moment(found.entry.at),
        who: account.map_or_else(
            || lang.t("audit-nobody"),
            |account| format!("{} {}", account.name, account.login),
        ),
        what: act_words(found, lang),
        purpose: covered(&found.entry.purpose, lang),
        address: found.entry.address.clone(),
        children: subjects.iter().take(NAMED).map(child).collect(),
        more: subjects.len().saturating_sub(NAMED),
    })
}
