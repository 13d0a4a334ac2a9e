//! The page of all layers, and the list of who has not signed.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use baoxue_act::letter::{Layer, LetterState, Party};
use baoxue_authz::{Action, Scope};
use baoxue_flow::letters::{LetterLine, LetterTally};

use super::{Desk, Shown, States, children, letter_key};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::html,
    door::Signed,
    forms::Asked,
    i18n::{Lang, number},
    pages::{cases::case_key, pager::Pager},
    trouble::Trouble,
};

/// So many letters are drawn up at once; more in further turns.
pub(super) const AT_ONCE: usize = 50;

/// Value, word, whether it is in force.
type Choice = (String, String, bool);

/// A filter: name, label, choices.
type Choices = (&'static str, String, Vec<Choice>);

/// A layer in the table of all layers.
struct LayerLine {
    word: String,
    href: String,
    here: bool,
    demanded: usize,
    signed: usize,
    percent: usize,
    /// No scan, one has signed, drawn up, not drawn up, holder changed, empty seat.
    counts: [usize; 6],
}

/// A letter in the list.
pub(super) struct Line {
    /// The address of the letter; empty when there is none.
    pub(super) href: String,
    pub(super) number: String,
    pub(super) layer: String,
    layer_word: &'static str,
    pub(super) giver: String,
    pub(super) giver_who: String,
    pub(super) taker: String,
    pub(super) taker_who: String,
    /// The address of the child's case; empty for offices.
    case: String,
    pub(super) town: String,
    pub(super) state: String,
    icon: &'static str,
    class: &'static str,
    /// Who has not signed.
    pub(super) unsigned: String,
    pub(super) on: String,
    /// The word of its parties, when the reader may draw it up now.
    edge: String,
    /// The letter and how many events of it are seen, when the reader may record a signature.
    signs: String,
}

/// What came of a form.
pub(super) struct Told {
    pub(super) status: StatusCode,
    /// How many letters were signed.
    pub(super) done: usize,
    /// What could not be done.
    pub(super) why: Vec<String>,
}

impl Told {
    /// Nothing was done, and why.
    pub(super) fn refused((status, why): (StatusCode, String)) -> Self {
        Self { status, done: 0, why: vec![why] }
    }
}

#[derive(Template)]
#[template(path = "letters.html")]
struct LettersPage {
    chrome: Chrome,
    meta: String,
    years: Vec<Choice>,
    layers: Vec<LayerLine>,
    total: LayerLine,
    filters: Vec<Choices>,
    lines: Vec<Line>,
    pager: Pager,
    /// How many the button draws up, and how many wait; none without a layer.
    draws: Option<(usize, usize)>,
    /// Fields of the forms: year, layer, town.
    hidden: [(&'static str, String); 3],
    /// Parts of what waits to be signed: address and number.
    prints: Vec<(String, usize)>,
    xlsx: String,
    notes: Vec<String>,
    errors: Vec<String>,
    /// That so many letters were signed.
    done: Option<String>,
    today: String,
}

impl LettersPage {
    /// Whether the reader records a signature on a letter of the page.
    fn signs(&self) -> bool {
        self.lines.iter().any(|line| !line.signs.is_empty())
    }
}

/// The page.
pub(super) async fn page(
    State(app): State<App>,
    signed: Signed,
    mut asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let done = asked.one("signed").and_then(|n| n.parse().ok()).unwrap_or_default();
    // It is said once, and not on whatever is opened from here.
    asked.0.retain(|(name, _)| name != "signed");
    let told = Told { status: StatusCode::OK, done, why: Vec::new() };
    show((&app, &signed), &asked, &headers, told).await
}

/// The page, with what could not be done.
pub(super) async fn show(
    (app, signed): (&App, &Signed),
    asked: &Asked,
    headers: &HeaderMap,
    told: Told,
) -> Result<Response, Trouble> {
    let desk = Desk::of(app, signed, Lang::of(headers)).await?;
    let shown = desk.asked(asked)?;
    let view = View { desk: &desk, asked, shown: &shown };
    let all: Vec<&LetterLine<'_>> = shown.kept().collect();
    let start = (asked.page() - 1).saturating_mul(asked.size());
    let here: Vec<&LetterLine<'_>> = all.iter().skip(start).take(asked.size()).copied().collect();
    let seen = children(here.iter().copied());
    signed.lists(app, Action::ReadLetters, &seen).await?;
    let page = html(&LettersPage {
        chrome: Chrome::new(app, Some(signed), desk.lang, Tab::Papers, &desk.lang.t("letters")),
        meta: view.meta(),
        years: view.years(),
        layers: view.layers(),
        total: view.total(),
        filters: view.filters()?,
        pager: view.pager(all.len(), here.len()),
        lines: here.iter().map(|line| view.line(line)).collect(),
        draws: view.draws(),
        hidden: view.hidden(),
        prints: view.prints(),
        xlsx: format!("/letters/missing.xlsx{}", view.query(&["state", "page", "size"])),
        notes: view.notes(),
        done: (told.done > 0).then(|| desk.lang.n("letters-signed-n", told.done)),
        errors: told.why,
        today: desk.today.to_string(),
    })?;
    Ok((told.status, page).into_response())
}

/// What the page is made from.
pub(super) struct View<'v> {
    pub(super) desk: &'v Desk<'v>,
    pub(super) asked: &'v Asked,
    pub(super) shown: &'v Shown<'v>,
}

impl View<'_> {
    /// The query without some of its names, with its question mark; empty when nothing is left.
    fn query(&self, without: &[&str]) -> String {
        let kept = self
            .asked
            .0
            .iter()
            .filter(|(name, value)| !without.contains(&name.as_str()) && !value.is_empty());
        let query = Asked(kept.cloned().collect()).with("", None);
        if query == "?" { String::new() } else { query }
    }

    /// Page numbers; what is counted are letters and no children.
    fn pager(&self, total: usize, shown: usize) -> Pager {
        let lang = self.desk.lang;
        let range = lang.n("letters-range", total);
        Pager { range, ..Pager::new(self.asked, total, shown, lang) }
    }

    fn meta(&self) -> String {
        let desk = self.desk;
        let year = desk.year_words(self.shown.filter.year);
        let on = self.shown.desk.on().to_string();
        desk.lang.with("letters-sub", &[("year", year.into()), ("on", on.into())])
    }

    /// The years of which there are letters, the running one and the next.
    fn years(&self) -> Vec<Choice> {
        let this = self.desk.this_year();
        let next = super::year_of(Some(&(this.number() + 1).to_string()), this);
        let mut years = self.desk.shelf.book.years();
        years.extend([this, next]);
        let years = years
            .into_iter()
            .filter(|year| super::year_of(Some(&year.number().to_string()), this) == *year);
        let choice = |year: baoxue_act::letter::LetterYear| {
            let href = self.asked.with("year", Some(&year.number().to_string()));
            let here = year == self.shown.filter.year;
            (format!("/letters{href}"), self.desk.year_words(year), here)
        };
        years.map(choice).collect()
    }

    fn layers(&self) -> Vec<LayerLine> {
        let tallies = self.shown.desk.overview(self.shown.lines.iter().filter(|line| {
            self.shown.filter.town.is_none_or(|town| line.demand.place.town == Some(town))
        }));
        let line = |(layer, tally): (Layer, LetterTally)| {
            let href = self.asked.with("layer", Some(layer.word()));
            let word = self.desk.lang.pick(layer.zh(), layer.en()).to_owned();
            let here = self.shown.filter.layer == Some(layer);
            layer_line((word, format!("/letters{href}"), here), &tally)
        };
        // What is not the reader's is no layer with nothing in it.
        tallies.into_iter().filter(|(_, tally)| tally.demanded() > 0).map(line).collect()
    }

    fn total(&self) -> LayerLine {
        let mut sum = LetterTally::default();
        let town = self.shown.filter.town;
        for line in &self.shown.lines {
            if town.is_none_or(|town| line.demand.place.town == Some(town)) {
                sum.add(line.state);
            }
        }
        let href = self.asked.with("layer", None);
        let href = if href == "?" { "/letters".to_owned() } else { format!("/letters{href}") };
        let here = self.shown.filter.layer.is_none();
        layer_line((self.desk.lang.t("total"), href, here), &sum)
    }

    fn filters(&self) -> Result<Vec<Choices>, Trouble> {
        let (desk, lang, filter) = (self.desk, self.desk.lang, &self.shown.filter);
        let all = |on: bool| (String::new(), lang.t("reports-all"), on);
        let mut layers = vec![all(filter.layer.is_none())];
        layers.extend(desk.county.letters.layers.iter().map(|layer| {
            let word = lang.pick(layer.zh(), layer.en()).to_owned();
            (layer.word().to_owned(), word, filter.layer == Some(*layer))
        }));
        let scope = desk.signed.scope(Action::ReadLetters)?;
        let is_seen = |town| match &scope {
            Scope::All => true,
            Scope::Places { towns, .. } => towns.contains(&town),
            Scope::Nothing => false,
        };
        let mut towns = vec![all(filter.town.is_none())];
        let known = desk.county.towns.all().iter().filter(|town| is_seen(town.code));
        towns.extend(known.map(|town| {
            (town.code.to_string(), town.name.clone(), filter.town == Some(town.code))
        }));
        let mut states = vec![
            (String::new(), lang.t("letters-missing"), filter.states == States::Missing),
            ("all".to_owned(), lang.t("reports-all"), filter.states == States::All),
        ];
        states.extend(LetterState::ALL.iter().map(|state| {
            let word = lang.pick(state.zh(), state.en()).to_owned();
            (state.word().to_owned(), word, filter.states == States::One(*state))
        }));
        Ok(vec![
            ("layer", lang.t("letter-layer"), layers),
            ("town", lang.t("facet-town"), towns),
            ("state", lang.t("state"), states),
        ])
    }

    /// What can be drawn up now with one button: all of a layer that the reader keeps.
    fn draws(&self) -> Option<(usize, usize)> {
        let filter = &self.shown.filter;
        filter.layer?;
        let waiting = self.shown.lines.iter().filter(|line| filter.is_about(line));
        let n = waiting.filter(|line| is_drawable(line.state) && self.desk.keeps(line)).count();
        (n > 0).then_some((n.min(AT_ONCE), n))
    }

    fn hidden(&self) -> [(&'static str, String); 3] {
        let filter = &self.shown.filter;
        [
            ("year", filter.year.number().to_string()),
            ("layer", filter.layer.map(|layer| layer.word().to_owned()).unwrap_or_default()),
            ("town", filter.town.map(|town| town.to_string()).unwrap_or_default()),
        ]
    }

    /// Parts of what is drawn up and waits for a signature.
    fn prints(&self) -> Vec<(String, usize)> {
        let n = self.shown.lines.iter().filter(|line| waits(self.shown, line)).count();
        let query = self.query(&["state", "page", "size"]);
        let part = |part: usize| {
            let page = match (part, query.is_empty()) {
                (1, _) => query.clone(),
                (_, true) => format!("?page={part}"),
                (_, false) => format!("{query}&page={part}"),
            };
            (format!("/letters/to-sign.pdf{page}"), part)
        };
        (1..=n.div_ceil(AT_ONCE)).map(part).collect()
    }

    fn notes(&self) -> Vec<String> {
        let (desk, lang) = (self.desk, self.desk.lang);
        let mut notes = vec![lang.t("letters-note-sum"), lang.t("letters-note-changed")];
        if desk.county.letters.layers.iter().any(|layer| layer.is_of_families()) {
            notes.push(lang.t("letters-note-families"));
        }
        if desk.shelf.n_unknown > 0 {
            notes.push(lang.with("letters-note-unknown", &[("n", number(desk.shelf.n_unknown))]));
        }
        if desk.shelf.district.schools.is_empty() {
            notes.push(lang.t("letters-note-directory"));
        }
        notes
    }

    /// A letter as the list shows it.
    pub(super) fn line(&self, line: &LetterLine<'_>) -> Line {
        let (desk, lang, edge) = (self.desk, self.desk.lang, &line.demand.edge);
        let (giver, taker) = desk.parties(edge);
        let speaker = desk.cases.speaker(&desk.county, lang);
        let noon = self.shown.desk.on().and_time(chrono::NaiveTime::MIN);
        let person = |holder: &baoxue_act::Holder| speaker.person(holder, noon);
        let taker_who = match &edge.taker {
            Party::Seat(holder) if matches!(holder.office, baoxue_act::Office::Class(..)) => {
                named_on(line).unwrap_or_default()
            }
            Party::Seat(holder) => person(holder),
            Party::Guardian(_) => named_on(line).unwrap_or_default(),
        };
        let town = line.demand.place.town.and_then(|town| desk.county.towns.get(town));
        let (icon, class) = look(line.state);
        let letter = line.letter;
        let draws = is_drawable(line.state) && desk.keeps(line);
        Line {
            href: letter.map(|l| format!("/letters/{}", letter_key(l.id))).unwrap_or_default(),
            number: letter.map(|letter| letter.drawn.number.clone()).unwrap_or_default(),
            layer: lang.pick(edge.layer.zh(), edge.layer.en()).to_owned(),
            layer_word: edge.layer.word(),
            giver,
            giver_who: person(&edge.giver),
            taker,
            taker_who,
            case: self.case(&edge.taker),
            town: town.map(|town| town.name.clone()).unwrap_or_default(),
            state: lang.pick(line.state.zh(), line.state.en()).to_owned(),
            icon,
            class,
            unsigned: letter
                .filter(|_| matches!(line.state, LetterState::Drawn | LetterState::OneSigned))
                .map(|letter| desk.unsigned(&letter.unsigned()))
                .unwrap_or_default(),
            on: letter
                .map(|letter| desk.day(letter.signed_on().unwrap_or(letter.drawn.on)))
                .unwrap_or_default(),
            edge: if draws { line.key() } else { String::new() },
            signs: letter
                .filter(|_| matches!(line.state, LetterState::Drawn | LetterState::OneSigned))
                .filter(|_| desk.keeps(line))
                .map(|letter| format!("{}.{}", letter_key(letter.id), letter.n_events))
                .unwrap_or_default(),
        }
    }

    /// The address of the open case of the child whose guardian is a party.
    fn case(&self, party: &Party) -> String {
        let Party::Guardian(child) = party else { return String::new() };
        let mut open = self.desk.cases.book.of_child(*child).filter(|f| f.case.over.is_none());
        open.next().map(|file| format!("/cases/{}", case_key(file.case.id))).unwrap_or_default()
    }
}

/// Who is named on a letter for the taking party.
fn named_on(line: &LetterLine<'_>) -> Option<String> {
    let letter = line.letter?;
    let signed = letter.taker.as_ref().map(|signature| &signature.name);
    signed.or(letter.drawn.taker.as_ref()).map(|name| name.expose().to_owned())
}

fn layer_line((word, href, here): (String, String, bool), tally: &LetterTally) -> LayerLine {
    let (demanded, signed) = (tally.demanded(), tally.signed());
    LayerLine {
        word,
        href,
        here,
        demanded,
        signed,
        // Never 100 while one is missing.
        percent: (signed * 100).checked_div(demanded).unwrap_or_default(),
        counts: [
            LetterState::NoScan,
            LetterState::OneSigned,
            LetterState::Drawn,
            LetterState::NotDrawn,
            LetterState::Changed,
            LetterState::Vacant,
        ]
        .map(|state| tally.of(state)),
    }
}

/// Whether a letter may be drawn up now.
pub(super) const fn is_drawable(state: LetterState) -> bool {
    matches!(state, LetterState::NotDrawn | LetterState::Changed)
}

/// Whether a letter of the filter is on paper and waits for a signature.
pub(super) fn waits(shown: &Shown<'_>, line: &LetterLine<'_>) -> bool {
    let is_open = matches!(line.state, LetterState::Drawn | LetterState::OneSigned);
    is_open && shown.filter.is_about(line)
}

pub(super) const fn look(state: LetterState) -> (&'static str, &'static str) {
    match state {
        LetterState::Vacant => ("user-x", "c-out"),
        LetterState::Changed => ("refresh", "c-sus"),
        LetterState::NotDrawn => ("circle-dashed", "c-out"),
        LetterState::Drawn | LetterState::OneSigned => ("edit", "c-sus"),
        LetterState::NoScan => ("camera-plus", "c-con"),
        LetterState::Signed => ("circle-check", "c-in"),
    }
}
