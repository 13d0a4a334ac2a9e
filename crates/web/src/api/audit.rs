//! Who saw, changed and exported what.

use axum::{extract::State, response::Response};
use baoxue_flow::people::Account;
use baoxue_store::StoredAccess;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::{Listed, WhoseKey},
    problem::Refusals,
    query::{LARGEST_PART, LIMIT, Term, check, is_short, limit, one},
};
use crate::{
    app::App,
    display::child_key,
    door::Signed,
    forms::Asked,
    pages::audit::{Whose, filter},
    trouble::Trouble,
};

/// An entry of the access log.
#[derive(Serialize, ToSchema)]
pub(crate) struct AuditEntry {
    /// Its number.
    id: i64,
    at: DateTime<Utc>,
    /// Sign-in name and name of the account; absent when it is not known.
    login: Option<String>,
    name: Option<String>,
    /// What was done.
    act: String,
    result: String,
    purpose: String,
    address: String,
    /// How many children it showed.
    n_children: u32,
    /// Keys of the children, at most 200.
    children: Vec<String>,
}

/// No log grows longer, and every language counts so far.
const LARGEST_ID: i64 = 9_007_199_254_740_991;

const TERMS: [Term; 6] = [
    LIMIT,
    one("after", |text| text.parse().is_ok_and(|id| (1..=LARGEST_ID).contains(&id))),
    one("whose", |key| Whose::ALL.into_iter().any(|whose| whose.key() == key)),
    one("actor", is_short),
    one("act", is_short),
    one("from", |text| text.parse::<NaiveDate>().is_ok()),
];

/// Entries of the access log, newest first.
#[utoipa::path(
    get,
    path = "/api/v1/audit",
    operation_id = "audit",
    params(
        ("whose" = Option<WhoseKey>, Query, description = "Whose entries; `own` unless asked otherwise. More may be read by some roles only."),
        ("actor" = Option<String>, Query, description = "Sign-in name or name of an account.", max_length = 80),
        ("act" = Option<String>, Query, description = "A kind of act, such as `ReadChild`.", max_length = 80),
        ("from" = Option<NaiveDate>, Query, description = "From this day on, by the clock of China."),
        ("after" = Option<i64>, Query, description = "Number of the entry behind which the part begins: `next` of the part before.", minimum = 1, maximum = 9_007_199_254_740_991_i64),
        ("limit" = Option<usize>, Query, description = "Lines of a part.", minimum = 1, maximum = 200),
    ),
    responses((status = 200, description = "A part of the list.", body = Listed<AuditEntry>), Refusals),
)]
pub(crate) async fn list(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
) -> Result<Response, Trouble> {
    check(&asked, &TERMS)?;
    let named = asked.one("whose").and_then(|key| Whose::ALL.into_iter().find(|w| w.key() == key));
    let whose = named.unwrap_or(Whose::Own);
    signed.may(whose.action(), &whose.resource(&signed))?;
    let accounts = app.people().accounts().await.map_err(|error| Trouble::broken(&error))?;
    let mut wanted = filter(&signed, whose, &asked, &accounts);
    wanted.before = asked.one("after").and_then(|id| id.parse().ok());
    let limit = limit(&asked);
    let found = app.access().entries(&wanted, u32::try_from(limit).unwrap_or(1)).await?;
    if whose != Whose::Own {
        signed.kept(&app, (whose.action(), ""), &[]).await?;
    }
    let mut lines = Vec::new();
    for entry in &found {
        lines.push(line(&app, entry, &accounts).await?);
    }
    Ok(Listed::of(lines, None, limit, |line: &AuditEntry| line.id.to_string()).answer())
}

async fn line(
    app: &App,
    found: &StoredAccess,
    accounts: &[Account],
) -> Result<AuditEntry, Trouble> {
    let entry = &found.entry;
    let account = accounts.iter().find(|account| Some(account.id) == entry.account);
    let children = match found.n_subjects {
        0 => Vec::new(),
        _ => app.access().subjects(found.id).await?,
    };
    Ok(AuditEntry {
        id: found.id,
        at: entry.at,
        login: account.map(|account| account.login.clone()),
        name: account.map(|account| account.name.clone()),
        act: entry.what.clone(),
        result: entry.result.clone(),
        purpose: entry.purpose.clone(),
        address: entry.address.clone(),
        n_children: found.n_subjects,
        children: children.into_iter().take(LARGEST_PART).map(child_key).collect(),
    })
}
