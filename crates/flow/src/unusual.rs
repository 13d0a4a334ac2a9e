//! 异常查阅: whose opening of children's pages is unlike that of the others, week by week (T-25). It accuses nobody: it
//! says to the audit where to ask first, and why.
//!
//! Each reason is a count that would be unlikely if the account opened children as the others do. How unlikely is told in
//! bits: how often one would have to halve the chance to get there. Bits of several reasons add up.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use baoxue_authz::{Action, Actor, Factor, Scope, State, scope};
use baoxue_claim::{ChildId, TownCode};
use baoxue_store::{Store, StoredLook};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, Timelike, Utc};

use crate::{Entry, FlowError, Kind, Roll, limits::PAGES, people::Account};

mod chance;

use chance::{bits, usual};

/// China has one time, eight hours before Greenwich.
const EAST: TimeDelta = TimeDelta::hours(8);
/// From this hour of the evening to [`MORNING`] messages are held back too: nobody need work.
const EVENING: u32 = 20;
/// Hour and minute at which the day begins.
const MORNING: (u32, u32) = (7, 30);
/// With fewer children opened in a week nothing can be told from them.
const FEW: usize = 10;
/// Bits above which an account is named.
const NAMED_FROM: f64 = 20.0;
/// No reason weighs more: habits differ, and a person on night duty is no snooper by that alone.
const MOST: f64 = 40.0;
/// Accounts of a report; the audit asks each of them.
const LINES: usize = 10;

/// What is done about a child, by the words of the log.
const ACTS: [Action; 5] = [
    Action::AddClaim,
    Action::AnswerConflict,
    Action::DecideIdentity,
    Action::ExportMasked,
    Action::ExportFull,
];

/// The looks of the week that begins on `monday`.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub async fn looks_of_week(store: &Store, monday: NaiveDate) -> Result<Vec<StoredLook>, FlowError> {
    let begin = |day: NaiveDate| day.and_time(chrono::NaiveTime::MIN).and_utc() - EAST;
    let words = |actions: &[Action]| -> Vec<&str> { actions.iter().map(|a| a.name()).collect() };
    let (shown, done) = (words(&PAGES), words(&ACTS));
    let week = (begin(monday), begin(monday + TimeDelta::days(7)));
    Ok(store.looks_between(week, (&shown, &done)).await?)
}

/// Somebody who may open children.
#[derive(Clone, Debug)]
pub struct Reader {
    /// The account.
    pub account: i64,
    /// The person's name.
    pub name: String,
    /// Which children the account may open.
    pub scope: Scope,
}

/// Who may open children, of these accounts.
pub fn readers(accounts: &[Account]) -> Vec<Reader> {
    let reader = |account: &Account| {
        let actor = Actor {
            account: account.id,
            role: account.grant.role,
            areas: account.grant.areas.clone(),
            // Closed since or not: what it could open in that week is the question.
            state: State::Active,
            factor: Factor::Fresh,
        };
        let scope = scope(&actor, Action::ReadChild);
        Reader { account: account.id, name: account.name.clone(), scope }
    };
    accounts.iter().map(reader).filter(|reader| reader.scope != Scope::Nothing).collect()
}

/// Why an account is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Children of the reader's own surname.
    OwnSurname,
    /// Children of one group of one village.
    OnePlace,
    /// In the evening or at night.
    Night,
    /// Children about whom nothing is open or due.
    NoOccasion,
    /// Nothing was done about them.
    NoAct,
}

impl Reason {
    /// All.
    pub const ALL: [Self; 5] =
        [Self::OwnSurname, Self::OnePlace, Self::Night, Self::NoOccasion, Self::NoAct];
}

/// A reason with its numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Finding {
    /// The reason.
    pub reason: Reason,
    /// Children that it is about, of those that the account opened.
    pub n: usize,
    /// How many would be usual.
    pub usual: f64,
    /// How unlikely that is.
    pub bits: f64,
}

/// An account that opened children unlike others.
#[derive(Clone, Debug, PartialEq)]
pub struct Unusual {
    /// The account.
    pub account: i64,
    /// Children that it opened; one on two days counts twice.
    pub n_opened: usize,
    /// Of all reasons.
    pub bits: f64,
    /// The reasons that weigh anything, the heaviest first.
    pub findings: Vec<Finding>,
}

/// The first day of the week, a Monday.
pub fn week_of(day: NaiveDate) -> NaiveDate {
    let since = TimeDelta::days(i64::from(day.weekday().num_days_from_monday()));
    day.checked_sub_signed(since).unwrap_or(day)
}

/// What an account did in a week.
#[derive(Default)]
struct Week<'r> {
    /// With its line, where the newest run still has the child.
    opened: Vec<Option<&'r Entry>>,
    counts: BTreeMap<Reason, usize>,
}

/// Who opened children unlike the others, the most unlike first, at most ten. `looks` are those of one week.
pub fn unusual(looks: &[StoredLook], readers: &[Reader], roll: &Roll) -> Vec<Unusual> {
    let weeks = weeks(looks, readers, roll);
    let known = readers.iter().filter_map(|reader| Some((reader, weeks.get(&reader.account)?)));
    let mut found: Vec<Unusual> = known
        .filter(|(_, week)| week.opened.len() >= FEW)
        .map(|(reader, week)| judged(reader, week, (&weeks, roll)))
        .filter(|line| line.bits >= NAMED_FROM)
        .collect();
    found.sort_by(|a, b| b.bits.total_cmp(&a.bits).then(a.account.cmp(&b.account)));
    found.truncate(LINES);
    found
}

/// The children that each account opened, once a day, with what can be counted of each by itself.
fn weeks<'r>(looks: &[StoredLook], readers: &[Reader], roll: &'r Roll) -> HashMap<i64, Week<'r>> {
    let acted: BTreeSet<(i64, ChildId)> =
        looks.iter().filter(|look| look.acted).map(|look| (look.account, look.child)).collect();
    let mut days: BTreeMap<(i64, ChildId, NaiveDate), bool> = BTreeMap::new();
    for look in looks.iter().filter(|look| !look.acted) {
        let at = by_the_clock(look.at);
        let night = days.entry((look.account, look.child, at.date())).or_default();
        *night |= is_night(at);
    }
    let surnames: HashMap<i64, Option<char>> =
        readers.iter().map(|reader| (reader.account, reader.name.chars().next())).collect();
    let mut weeks: HashMap<i64, Week<'r>> = HashMap::new();
    for ((account, child, _), night) in days {
        let week = weeks.entry(account).or_default();
        let entry = roll.entry(child);
        let own = surnames.get(&account).copied().flatten();
        let holds = [
            (Reason::Night, night),
            (Reason::NoAct, !acted.contains(&(account, child))),
            (Reason::NoOccasion, entry.is_some_and(|entry| !has_occasion(entry))),
            (Reason::OwnSurname, own.is_some() && entry.and_then(surname) == own),
        ];
        for (reason, _) in holds.into_iter().filter(|(_, holds)| *holds) {
            *week.counts.entry(reason).or_default() += 1;
        }
        week.opened.push(entry);
    }
    weeks
}

fn is_night(at: NaiveDateTime) -> bool {
    at.hour() >= EVENING || (at.hour(), at.minute()) < MORNING
}

/// Whether there is something to do about the child: it is not known to be in school or lawfully out of it, sources disagree,
/// or something falls due.
fn has_occasion(entry: &Entry) -> bool {
    !matches!(entry.kind(), Kind::InSchool | Kind::Excepted | Kind::Gone)
        || entry.quarrel
        || entry.due().is_some()
}

/// The first sign of the name: of the rare surnames of two signs the first tells them from others well enough.
fn surname(entry: &Entry) -> Option<char> {
    entry.name.as_deref()?.chars().next()
}

/// The place that neighbours share.
fn place(entry: &Entry) -> Option<(TownCode, &str, Option<u8>)> {
    Some((entry.town?, entry.village.as_deref()?, entry.group))
}

fn judged(
    reader: &Reader,
    week: &Week<'_>,
    (weeks, roll): (&HashMap<i64, Week<'_>>, &Roll),
) -> Unusual {
    let n = week.opened.len();
    let count = |reason| week.counts.get(&reason).copied().unwrap_or_default();
    let habit = |reason: Reason| {
        let others = weeks.iter().filter(|(account, _)| **account != reader.account);
        let shares = others.map(|(_, week)| {
            (week.counts.get(&reason).copied().unwrap_or_default(), week.opened.len())
        });
        (reason, count(reason), usual(shares.collect()), 0.0)
    };
    let mut tried: Vec<(Reason, usize, f64, f64)> =
        [Reason::Night, Reason::NoOccasion, Reason::NoAct].map(habit).into();
    tried.push((Reason::OwnSurname, count(Reason::OwnSurname), own_share(reader, roll), 0.0));
    tried.extend(crowded(reader, week, roll));
    let finding = |(reason, k, share, looked_for): (Reason, usize, f64, f64)| Finding {
        reason,
        n: k,
        usual: share * as_f64(n),
        bits: (bits(k, n, share) - looked_for).clamp(0.0, MOST),
    };
    let mut findings: Vec<Finding> =
        tried.into_iter().map(finding).filter(|finding| finding.bits >= 1.0).collect();
    findings.sort_by(|a, b| b.bits.total_cmp(&a.bits).then(a.reason.cmp(&b.reason)));
    let bits = findings.iter().map(|finding| finding.bits).sum();
    Unusual { account: reader.account, n_opened: n, bits, findings }
}

/// The share of the reader's own surname among the children that it may open.
fn own_share(reader: &Reader, roll: &Roll) -> f64 {
    let own = reader.name.chars().next();
    let seen = roll.entries().iter().filter(|entry| reader.scope.sees(entry.standing()));
    let (mut n, mut n_own) = (0, 0);
    for entry in seen {
        n += 1;
        n_own += usize::from(own.is_some() && surname(entry) == own);
    }
    as_f64(n_own + 1) / as_f64(n + 2)
}

/// The place of which most children were opened, with its share among those that may be opened, and what it costs that any
/// place would have done.
fn crowded(reader: &Reader, week: &Week<'_>, roll: &Roll) -> Option<(Reason, usize, f64, f64)> {
    let mut opened: BTreeMap<_, BTreeSet<ChildId>> = BTreeMap::new();
    for entry in week.opened.iter().copied().flatten() {
        if let Some(at) = place(entry) {
            opened.entry(at).or_default().insert(entry.child);
        }
    }
    let (most, children) = opened.iter().max_by_key(|(_, children)| children.len())?;
    let mut places = BTreeSet::new();
    let (mut n, mut n_there) = (0, 0);
    for entry in roll.entries().iter().filter(|entry| reader.scope.sees(entry.standing())) {
        let Some(at) = place(entry) else { continue };
        places.insert(at);
        n += 1;
        n_there += usize::from(at == *most);
    }
    let share = as_f64(n_there + 1) / as_f64(n + 2);
    let looked_for = as_f64(places.len().max(1)).log2();
    Some((Reason::OnePlace, children.len(), share, looked_for))
}

#[expect(clippy::cast_precision_loss, reason = "counts of a county")]
fn as_f64(n: usize) -> f64 {
    n as f64
}

/// A moment by the county's clock.
fn by_the_clock(at: DateTime<Utc>) -> NaiveDateTime {
    (at + EAST).naive_utc()
}

#[cfg(test)]
mod tests;
