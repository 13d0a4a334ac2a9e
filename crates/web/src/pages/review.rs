//! 身份核对 and 重复登记: whether two rows are one child. Rows of two sources wait in one queue, two rows of one source (a
//! child entered twice, a card copied) in the other. A ruling binds the next run; nobody edits a record.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
};
use baoxue_authz::Action;
use baoxue_claim::{ChildId, RecordId};
use baoxue_flow::{
    PairAnswer, PairRuling, QueuedPair, QueuedRow, asked_between, holds_back, undo_pair,
};
use serde::Deserialize;

use super::{
    pair_desk::{PairDesk, children_of, key_of, rows_of},
    review_pair::{Column, Evidence, Line, columns, evidence, lines, of_bar, percent, reason_key},
};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{covered, html, moment, source_word},
    door::Signed,
    forms::{Asked, Posted},
    i18n::{Lang, number},
    trouble::Trouble,
};

/// Pairs in the list beside the one that is looked at.
const LISTED: usize = 12;

/// Where a pair waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Queue {
    /// Rows of two sources.
    Identity,
    /// Two rows of one source.
    Duplicates,
}

impl Queue {
    fn of(queued: &QueuedPair) -> Self {
        let [one, other] = &queued.rows;
        if one.source == other.source { Self::Duplicates } else { Self::Identity }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Identity => "/review/identity",
            Self::Duplicates => "/review/duplicates",
        }
    }

    /// The head of its page, and what stands below it.
    const fn heads(self) -> (&'static str, &'static str) {
        match self {
            Self::Identity => ("review-title", "review-sub"),
            Self::Duplicates => ("duplicates-title", "duplicates-sub"),
        }
    }
}

struct Item {
    href: String,
    here: bool,
    percent: String,
    names: String,
    about: String,
}

/// What somebody has said of the pair.
struct Said {
    words: String,
    reason: String,
}

/// The pair that is looked at.
struct PairView {
    /// Address below which it is answered.
    at: String,
    place: String,
    reason: String,
    /// Whether the question holds an accusation back.
    holds: bool,
    columns: Vec<Column>,
    lines: Vec<Line>,
    evidence: Option<Evidence>,
    percent: String,
    /// Of a bar of 300: where asking begins and ends, and where this pair stands.
    bar: (u32, u32, u32),
    said: Option<Said>,
    /// Whether it may still be answered.
    open: bool,
    before: Option<String>,
    after: Option<String>,
}

#[derive(Template)]
#[template(path = "review_identity.html")]
struct ReviewPage {
    chrome: Chrome,
    /// Address of the queue, the line below its head, and whether it is that of rows of one source.
    queue: &'static str,
    sub: String,
    doubled: bool,
    unsure: bool,
    /// Pairs of each queue that wait.
    n_identity: usize,
    n_doubled: usize,
    n_unsure: usize,
    n_today: usize,
    n_conflicts: usize,
    waits: Option<String>,
    items: Vec<Item>,
    pair: Option<PairView>,
    /// Address below which the pair stands that the reader ruled on last.
    last: Option<String>,
    taken: bool,
}

/// What a request works with.
struct Work<'a> {
    pairs: PairDesk<'a>,
    queue: Queue,
    lang: Lang,
}

/// The queue of rows of two sources, and the pair that the address names or the first.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    queue(Queue::Identity, (&app, &signed), &asked, Lang::of(&headers)).await
}

/// The queue of two rows of one source.
pub(crate) async fn duplicates(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    queue(Queue::Duplicates, (&app, &signed), &asked, Lang::of(&headers)).await
}

async fn queue(
    queue: Queue,
    (app, signed): (&App, &Signed),
    asked: &Asked,
    lang: Lang,
) -> Result<Response, Trouble> {
    let (roll, desk) = (app.roll(), app.desk().await?);
    let pairs = PairDesk::open((app, signed), &roll, &desk).await?;
    let unsure = asked.one("show") == Some("unsure");
    let named = match asked.one("pair") {
        Some(key) => Some(rows_of(key).ok_or(Trouble::NotFound)?),
        None => None,
    };
    // A pair is shown in its own queue, whatever the address says.
    let queue = named.and_then(|rows| pairs.found(rows)).map_or(queue, Queue::of);
    html(&Work { pairs, queue, lang }.view(named, unsure).await?)
}

impl Work<'_> {
    async fn view(
        &self,
        named: Option<(RecordId, RecordId)>,
        unsure: bool,
    ) -> Result<ReviewPage, Trouble> {
        let PairDesk { app, signed, roll, desk, .. } = self.pairs;
        let (open, undecided) = (self.waiting(false), self.waiting(true));
        let n_other = self.pairs.waiting(false).len() - open.len();
        let list = if unsure { &undecided } else { &open };
        let chosen = match named {
            Some(rows) => Some(self.pairs.found(rows).ok_or(Trouble::NotFound)?),
            None => list.first().copied(),
        };
        let at = chosen.and_then(|c| list.iter().position(|queued| queued.key() == c.key()));
        let first = at.unwrap_or_default().saturating_sub(LISTED / 3);
        let shown: Vec<&QueuedPair> = list.iter().skip(first).take(LISTED).copied().collect();
        let listed: Vec<ChildId> = shown.iter().flat_map(|queued| children_of(queued)).collect();
        signed.lists(app, Action::ReadChild, &listed).await?;
        let item = |queued: &&QueuedPair| self.item(queued, chosen, unsure);
        let items = shown.iter().map(item).collect();
        let pair = match chosen {
            Some(queued) => Some(self.pair(queued, (list, at), unsure).await?),
            None => None,
        };
        let conflicts = desk.conflicts.keys().filter_map(|child| roll.entry(*child));
        let (title, sub) = self.queue.heads();
        let doubled = self.queue == Queue::Duplicates;
        let (n_identity, n_doubled) =
            if doubled { (n_other, open.len()) } else { (open.len(), n_other) };
        Ok(ReviewPage {
            queue: self.queue.path(),
            sub: self.lang.t(sub),
            doubled,
            unsure,
            n_identity,
            n_doubled,
            n_unsure: undecided.len(),
            n_today: self.today(),
            n_conflicts: conflicts.filter(|entry| self.pairs.scope.sees(entry.standing())).count(),
            waits: self.waits(),
            items,
            pair,
            last: self.last(),
            taken: false,
            chrome: Chrome::new(app, Some(signed), self.lang, Tab::Review, &self.lang.t(title)),
        })
    }

    /// The reader's pairs of this queue that wait, or those that nobody could judge.
    fn waiting(&self, unsure: bool) -> Vec<&QueuedPair> {
        let mut pairs = self.pairs.waiting(unsure);
        pairs.retain(|queued| Queue::of(queued) == self.queue);
        pairs
    }

    fn item(&self, queued: &QueuedPair, chosen: Option<&QueuedPair>, unsure: bool) -> Item {
        let lang = self.lang;
        let name = |row: &QueuedRow| row.name.clone().unwrap_or_else(|| lang.t("no-name"));
        let [one, other] = &queued.rows;
        let entry = |row: &QueuedRow| row.child.and_then(|child| self.pairs.roll.entry(child));
        let town = queued.rows.iter().filter_map(entry).find_map(|e| self.pairs.roll.town_name(e));
        let sources =
            format!("{} × {}", source_word(one.source, lang), source_word(other.source, lang));
        let parts: Vec<String> = town.map(str::to_owned).into_iter().chain([sources]).collect();
        Item {
            href: address(queued, unsure),
            here: chosen.is_some_and(|chosen| chosen.key() == queued.key()),
            percent: percent(queued.pair.probability),
            names: format!("{} ｜ {}", name(one), name(other)),
            about: parts.join(&lang.t("comma")),
        }
    }

    async fn pair(
        &self,
        queued: &QueuedPair,
        (list, at): (&[&QueuedPair], Option<usize>),
        unsure: bool,
    ) -> Result<PairView, Trouble> {
        let (app, lang) = (self.pairs.app, self.lang);
        let pair = &queued.pair;
        let mut records = app.store().records(&[pair.left, pair.right]).await?;
        if pair.left > pair.right {
            records.reverse();
        }
        let [one, other] = records.as_slice() else { return Err(Trouble::Changed("pair-gone")) };
        let children: Vec<ChildId> = children_of(queued).collect();
        self.pairs.signed.looked(app, Action::ReadClaims, &children).await?;
        let why = pair.why.as_ref();
        let (low, high) = asked_between()?;
        let near = |at: Option<usize>| at.and_then(|at| list.get(at)).map(|q| address(q, unsure));
        let n = at.map_or(0, |at| at + 1);
        let place = [("n", number(n)), ("total", number(list.len()))];
        let ruling = self.pairs.rulings.get(&queued.key());
        Ok(PairView {
            at: desk_of(queued),
            place: if at.is_some() { lang.with("pair-of", &place) } else { lang.t("pair-decided") },
            reason: lang.t(reason_key(pair.reason)),
            holds: holds_back(pair.reason),
            columns: columns(queued, [one, other], lang),
            lines: lines([one, other], why, &app.county(), lang),
            evidence: why.map(|why| evidence(why, lang)),
            percent: percent(pair.probability),
            bar: (of_bar(low), of_bar(high), of_bar(pair.probability).min(297)),
            said: ruling.map(|ruling| said(ruling, lang)),
            open: ruling.is_none_or(|ruling| ruling.answer == PairAnswer::Unsure),
            before: near(at.and_then(|at| at.checked_sub(1))),
            after: near(at.map(|at| at + 1)),
        })
    }

    /// Pairs that the reader has answered today.
    fn today(&self) -> usize {
        let zone = crate::display::china();
        let today = self.pairs.app.now().with_timezone(&zone).date_naive();
        let by = self.pairs.by();
        let is_todays = |ruling: &&PairRuling| {
            ruling.by == by && ruling.at.with_timezone(&zone).date_naive() == today
        };
        self.pairs.rulings.values().filter(is_todays).count()
    }

    /// The pair that the reader answered last, since the run.
    fn last(&self) -> Option<String> {
        let by = self.pairs.by();
        let own = self.pairs.rulings.iter().filter(|(_, ruling)| ruling.by == by);
        let queued = own.filter_map(|(rows, ruling)| Some((ruling.at, self.pairs.found(*rows)?)));
        queued.max_by_key(|(at, _)| *at).map(|(_, queued)| desk_of(queued))
    }

    /// Says how many rulings the run that is shown has not seen.
    fn waits(&self) -> Option<String> {
        let since = self.pairs.roll.run.as_ref()?.started_at;
        let binding = |r: &&PairRuling| r.answer != PairAnswer::Unsure && r.at > since;
        let n = self.pairs.rulings.values().filter(binding).count();
        (n > 0).then(|| self.lang.n("rulings-wait", n))
    }
}

fn address(queued: &QueuedPair, unsure: bool) -> String {
    let show = if unsure { "&show=unsure" } else { "" };
    format!("{}?pair={}{show}", Queue::of(queued).path(), key_of(queued))
}

/// The address below which a pair is answered.
fn desk_of(queued: &QueuedPair) -> String {
    format!("{}/{}", Queue::of(queued).path(), key_of(queued))
}

fn said(ruling: &PairRuling, lang: Lang) -> Said {
    let key = match ruling.answer {
        PairAnswer::Same => "said-same",
        PairAnswer::Different => "said-different",
        PairAnswer::Unsure => "said-unsure",
    };
    let values = [("by", ruling.by.clone().into()), ("at", moment(ruling.at).into())];
    Said { words: lang.with(key, &values), reason: covered(&ruling.reason, lang) }
}

#[derive(Deserialize)]
pub(crate) struct AnswerForm {
    #[serde(default)]
    reason: String,
}

/// Takes an answer, or takes one back.
pub(crate) async fn answer(
    State(app): State<App>,
    signed: Signed,
    Path((key, verb)): Path<(String, String)>,
    headers: HeaderMap,
    Posted(form): Posted<AnswerForm>,
) -> Result<Response, Trouble> {
    let (roll, desk) = (app.roll(), app.desk().await?);
    signed.scope(Action::DecideIdentity)?;
    let rows = rows_of(&key).ok_or(Trouble::NotFound)?;
    let _turn = app.turn().await;
    let pairs = PairDesk::open((&app, &signed), &roll, &desk).await?;
    let queued = pairs.found(rows).ok_or(Trouble::Changed("pair-gone"))?;
    let work = Work { pairs, queue: Queue::of(queued), lang: Lang::of(&headers) };
    let unsure = work.pairs.answer(queued) == Some(PairAnswer::Unsure);
    let list = work.waiting(unsure);
    let at = list.iter().position(|other| other.key() == queued.key());
    let answer = match verb.as_str() {
        "same" => PairAnswer::Same,
        "different" => PairAnswer::Different,
        "unsure" => PairAnswer::Unsure,
        "undo" => return work.undo(queued).await,
        _ => return Err(Trouble::NotFound),
    };
    if let Some(taken) = work.rule(queued, answer, &form.reason).await? {
        return Ok(taken);
    }
    let next = at.and_then(|at| list.get(at + 1).or_else(|| list.get(at.checked_sub(1)?)));
    let none = format!("{}{}", work.queue.path(), if unsure { "?show=unsure" } else { "" });
    let to = next.map_or(none, |next| address(next, unsure));
    Ok(Redirect::to(&to).into_response())
}

impl Work<'_> {
    /// Rules; when somebody has ruled before, gives the page that says who and what.
    async fn rule(
        &self,
        queued: &QueuedPair,
        answer: PairAnswer,
        reason: &str,
    ) -> Result<Option<Response>, Trouble> {
        if self.pairs.rule(queued, answer, (reason, self.lang)).await?.is_none() {
            return Ok(None);
        }
        let mut page = self.view(Some(queued.key()), false).await?;
        page.taken = true;
        Ok(Some((StatusCode::CONFLICT, html(&page)?).into_response()))
    }

    /// Takes back what was said of a pair; it stands in the queue again.
    async fn undo(&self, queued: &QueuedPair) -> Result<Response, Trouble> {
        let PairDesk { app, signed, .. } = self.pairs;
        let (reason, by) = (self.lang.t("pair-undone"), self.pairs.by());
        let why = (reason.as_str(), by.as_str(), app.now());
        if undo_pair(app.store(), queued.key(), why).await? {
            let children: Vec<ChildId> = children_of(queued).collect();
            signed.kept(app, (Action::DecideIdentity, "undo"), &children).await?;
        }
        Ok(Redirect::to(&address(queued, false)).into_response())
    }
}
