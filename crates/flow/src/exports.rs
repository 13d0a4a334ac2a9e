//! Exports of the ledger (T-22): asked for with a purpose, approved by a second person when they are many or in full, made
//! under a passphrase that is shown once, gone after a day.

mod lock;
mod mark;
mod rows;
mod trace;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use baoxue_claim::{ChildId, Private};
use baoxue_report::{ExportStamp, Head, Lang, Masking};
use baoxue_store::{
    ExportFile, ExportRuling, ExportTerms, ExportsOf, NewExport, Store, StoredExport,
};
use chrono::{DateTime, TimeDelta, Utc};
use sm3::{Digest, Sm3};

use crate::{County, FlowError, Roll, Sort, keep::Kept};

pub use trace::{Excerpt, Suspect, Trace, read_excerpt, trace};

/// How much may leave without a second person, and for how long it may be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportLimits {
    /// Children with masked numbers that somebody may export in an hour without approval.
    pub at_once: usize,
    /// Requests for approval by one account in an hour, those that still wait among them.
    pub waiting: usize,
    /// How long a file may be fetched, and how long after its approval it may be made.
    pub lasts: Duration,
}

impl Default for ExportLimits {
    /// T-22: fifty children, one request, a day.
    fn default() -> Self {
        Self { at_once: 50, waiting: 1, lasts: Duration::from_hours(24) }
    }
}

/// Where an export stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportState {
    /// A second person has not decided.
    Waiting,
    /// It may be made.
    Approved,
    /// A second person refused it.
    Refused,
    /// Whoever asked took it back.
    Withdrawn,
    /// It may be fetched.
    Ready,
    /// Its time is over, whether it was made or not.
    Over,
}

/// Somebody asks for an export.
#[derive(Debug)]
pub struct Asking<'a> {
    /// Who.
    pub account: i64,
    /// Whether numbers shall stand in it in full.
    pub full: bool,
    /// For what.
    pub purpose: &'a str,
    /// The filter as the query of an address.
    pub query: &'a str,
    /// The children that the filter gives.
    pub children: Vec<ChildId>,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AskedExport {
    /// It waits for a second person.
    Waits(i64),
    /// It may be made at once.
    AtOnce(i64),
    /// Too many requests of this account wait or waited in the last hour; nothing was kept.
    TooMany,
}

/// What a file is made of.
#[derive(Clone, Debug)]
pub struct Making {
    /// The request.
    pub export: StoredExport,
    /// Children whom whoever asked may still export, of those that the request is about.
    pub children: Vec<ChildId>,
    /// The order that was on screen.
    pub sort: Sort,
    /// Name and sign-in name of whoever asked.
    pub who: String,
    /// The language of the headings.
    pub lang: Lang,
}

/// A file that was made.
#[derive(Clone, PartialEq, Eq)]
pub struct Made {
    /// What opens it. Kept nowhere: whoever loses it asks again.
    pub passphrase: String,
    /// Children in it.
    pub n_rows: usize,
}

impl std::fmt::Debug for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Made({} rows)", self.n_rows)
    }
}

/// Where an export stands at a moment.
pub fn export_state(
    export: &StoredExport,
    limits: &ExportLimits,
    now: DateTime<Utc>,
) -> ExportState {
    if let Some(made) = &export.made {
        return if now < made.ends_at { ExportState::Ready } else { ExportState::Over };
    }
    let since = match &export.decision {
        None if export.needs_second => return ExportState::Waiting,
        None => export.asked_at,
        Some(decision) => match decision.ruling {
            ExportRuling::Approved => decision.at,
            ExportRuling::Refused => return ExportState::Refused,
            ExportRuling::Withdrawn => return ExportState::Withdrawn,
        },
    };
    if now < since + delta(limits.lasts) { ExportState::Approved } else { ExportState::Over }
}

/// Whether an export of so many children needs a second person: numbers in full always do, and so does what exceeds the
/// limit together with what the account took out in the last hour, so that many small exports are not one large one.
///
/// # Errors
/// [`FlowError::Store`].
pub async fn needs_second(
    store: &Store,
    (account, full): (i64, bool),
    n_children: usize,
    (limits, now): (&ExportLimits, DateTime<Utc>),
) -> Result<bool, FlowError> {
    let recent = recent(store, account, now).await?;
    Ok(full || n_children + taken(&recent) > limits.at_once)
}

/// Keeps a request. Two requests of one account at a time are one after the other: the caller sees to it.
///
/// # Errors
/// [`FlowError::Store`].
pub async fn ask_export(
    store: &Store,
    asking: Asking<'_>,
    (limits, now): (&ExportLimits, DateTime<Utc>),
) -> Result<AskedExport, FlowError> {
    let recent = recent(store, asking.account, now).await?;
    let needs_second = asking.full || asking.children.len() + taken(&recent) > limits.at_once;
    let withdrawn = |export: &StoredExport| {
        export.decision.as_ref().is_some_and(|d| d.ruling == ExportRuling::Withdrawn)
    };
    let asked = recent.iter().filter(|export| export.needs_second && !withdrawn(export));
    if needs_second && asked.count() >= limits.waiting {
        return Ok(AskedExport::TooMany);
    }
    let terms = ExportTerms { purpose: asking.purpose.to_owned(), query: asking.query.to_owned() };
    let new = NewExport {
        account: asking.account,
        full: asking.full,
        needs_second,
        terms,
        children: asking.children,
        at: now,
    };
    let id = store.ask_export(&new).await?;
    Ok(if needs_second { AskedExport::Waits(id) } else { AskedExport::AtOnce(id) })
}

/// The requests of an account in the last hour, and those of before that still wait.
async fn recent(
    store: &Store,
    account: i64,
    now: DateTime<Utc>,
) -> Result<Vec<StoredExport>, FlowError> {
    /// Nobody asks for more in an hour: each takes a page and a form.
    const MANY: u32 = 500;
    let mut all = store.exports(ExportsOf::Account(account), MANY).await?;
    let hour_ago = now - TimeDelta::hours(1);
    all.retain(|export| {
        export.asked_at > hour_ago || (export.needs_second && export.decision.is_none())
    });
    Ok(all)
}

/// Children that were exported without approval.
fn taken(recent: &[StoredExport]) -> usize {
    let alone = recent.iter().filter(|export| !export.needs_second);
    alone.map(|export| export.n_children as usize).sum()
}

/// Makes the file of a request that may be made, and keeps it until its end.
///
/// # Errors
/// [`FlowError`] when it was made before or is not approved, or the file cannot be written.
pub async fn make_export(
    store: &Store,
    (county, roll): (&County, &Arc<Roll>),
    making: Making,
    (limits, now): (&ExportLimits, DateTime<Utc>),
) -> Result<Made, FlowError> {
    let id = making.export.id;
    let ids =
        if making.export.full { full_ids(store, &making.children).await? } else { HashMap::new() };
    let head = head(county, &making, now);
    let stamp = ExportStamp {
        number: id,
        who: making.who.clone(),
        at: minute(now),
        purpose: making.export.terms.purpose.clone(),
    };
    let passphrase = lock::passphrase()?;
    let (roll, key) = (Arc::clone(roll), passphrase.clone());
    let made = tokio::task::spawn_blocking(move || {
        let order = mark::marked(&roll, &making.children, making.sort, mark::seed()?);
        let rows = rows::rows(&roll, &order, (&ids, head.as_of, head.lang));
        let workbook = baoxue_report::export_list(&rows, &stamp, &head)?;
        let bytes = lock::locked(&workbook, &key)?;
        Ok::<_, FlowError>((order, bytes))
    });
    let (order, bytes) = made.await.map_err(|_| FlowError::Export("the task ended"))??;
    let n_rows = order.len();
    let hash = Sm3::digest(&bytes).into();
    let file = ExportFile { order, hash, bytes, at: now, ends_at: now + delta(limits.lasts) };
    store.keep_export(id, &file).await?;
    Ok(Made { passphrase, n_rows })
}

/// The whole numbers of children, from their verdicts.
async fn full_ids(
    store: &Store,
    children: &[ChildId],
) -> Result<HashMap<ChildId, Private>, FlowError> {
    let wanted: HashSet<ChildId> = children.iter().copied().collect();
    let mut ids = HashMap::new();
    for stored in store.verdicts().await? {
        if !wanted.contains(&stored.child) {
            continue;
        }
        let kept: Kept = serde_json::from_slice(&stored.body)?;
        ids.extend(kept.id.map(|id| (stored.child, Private::new(id.expose()))));
    }
    Ok(ids)
}

fn head(county: &County, making: &Making, now: DateTime<Utc>) -> Head {
    let shown = if making.export.full {
        Masking::Full { reason: making.export.terms.purpose.clone() }
    } else {
        Masking::Masked
    };
    Head {
        county: county.name.clone(),
        as_of: county.settings.as_of,
        printed_on: china(now).date_naive(),
        printed_by: making.who.clone(),
        base: making.lang.pick("按页面筛选", "as filtered on screen").to_owned(),
        rule_pack: county.pack.name(),
        masking: shown,
        cautions: Vec::new(),
        lang: making.lang,
    }
}

/// China has one time, eight hours before Greenwich.
fn china(at: DateTime<Utc>) -> DateTime<Utc> {
    at + TimeDelta::hours(8)
}

fn minute(at: DateTime<Utc>) -> String {
    china(at).format("%Y-%m-%d %H:%M").to_string()
}

fn delta(duration: Duration) -> TimeDelta {
    TimeDelta::from_std(duration).unwrap_or(TimeDelta::MAX)
}
