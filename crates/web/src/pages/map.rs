//! 一张图: how the reader's area stands. Each number leads to the list whose length it is.

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use baoxue_authz::{Action, Resource, Scope};
use baoxue_claim::TownCode;
use baoxue_flow::{County, Kind, MapFigures, TALKERS, Tally};

use super::map_numbers::{Kpi, Step, kpis, of, steps};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{html, pair_key, status_look, strip_word, thousands},
    door::Signed,
    i18n::Lang,
    trouble::Trouble,
};

/// A town: name, whether it reported, its numbers with their addresses.
struct TownLine {
    name: String,
    silent: bool,
    cells: Vec<NumberCell>,
}

struct NumberCell {
    n: String,
    href: String,
    class: &'static str,
    zero: bool,
}

struct Tile {
    name: String,
    href: String,
    class: &'static str,
    icon: &'static str,
    n: String,
    word: String,
}

/// A row of the matrix: a source, then a cell per later source.
struct MatrixRow {
    name: String,
    cells: Vec<Option<NumberCell>>,
}

#[derive(Template)]
#[template(path = "map.html")]
struct MapPage {
    chrome: Chrome,
    meta: String,
    kpis: Vec<Kpi>,
    steps: Vec<Step>,
    heads: Vec<String>,
    towns: Vec<TownLine>,
    total: Option<TownLine>,
    tiles: Vec<Tile>,
    columns: Vec<String>,
    matrix: Vec<MatrixRow>,
    ruled: bool,
}

#[derive(Template)]
#[template(path = "definitions.html")]
struct DefinitionsPage {
    chrome: Chrome,
    /// Word and meaning.
    lines: Vec<(String, String)>,
}

/// Statuses of children of compulsory age, in the order of the town table.
const KINDS: [Kind; 6] =
    [Kind::Out, Kind::Suspected, Kind::Conflict, Kind::Unverified, Kind::Excepted, Kind::InSchool];

/// The map of what the reader may see.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let scope = signed.scope(Action::ReadMap)?;
    let (roll, county, lang) = (app.roll(), app.county(), Lang::of(&headers));
    let as_of = county.settings.as_of;
    let figures = roll.figures_of(&scope, as_of);
    let silent = if signed.can(Action::ReadSources, &Resource::County) {
        app.sources().await?.silent.clone()
    } else {
        Vec::new()
    };
    let key = if scope == Scope::All { "map-county" } else { "map-own" };
    let towns = town_lines(&figures, &county, (&scope, &silent), lang);
    html(&MapPage {
        meta: lang.with(key, &[("on", as_of.to_string().into())]),
        kpis: kpis(&figures, lang),
        steps: steps(&figures, lang),
        heads: heads(lang),
        total: (towns.len() > 1).then(|| total_line(&figures, lang)),
        towns,
        tiles: tiles(&figures, &county, (&scope, &silent), lang),
        columns: TALKERS.skip(1).map(|at| strip_word(at, lang)).collect(),
        matrix: matrix(&figures, lang),
        ruled: roll.run.is_some(),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Map, &lang.t("nav-map")),
    })
}

fn heads(lang: Lang) -> Vec<String> {
    let kinds = KINDS.into_iter().map(|kind| lang.t(status_look(kind).2));
    std::iter::once(lang.t("kpi-of-age")).chain(kinds).chain([lang.t("kpi-quarrel")]).collect()
}

/// The numbers of a town, or of all; `query` begins each address.
fn cells(tally: &Tally, query: &str) -> Vec<NumberCell> {
    let cell = |n: usize, more: &str, class: &'static str| {
        let parts: Vec<&str> = [query, more].into_iter().filter(|part| !part.is_empty()).collect();
        let query = parts.join("&");
        let href =
            if query.is_empty() { "/children".to_owned() } else { format!("/children?{query}") };
        NumberCell { n: thousands(n), href, class, zero: n == 0 }
    };
    let kinds = KINDS.into_iter().map(|kind| {
        let class = match kind {
            Kind::Out => "c-out",
            Kind::Suspected => "c-sus",
            Kind::Conflict => "c-con",
            Kind::Unverified | Kind::Excepted | Kind::InSchool | Kind::Gone => "",
        };
        cell(of(tally, &[kind]), &format!("status={}", kind.key()), class)
    });
    std::iter::once(cell(tally.of_age, "", ""))
        .chain(kinds)
        .chain([cell(tally.quarrels, "group=quarrel", "c-con")])
        .collect()
}

/// The towns that are the reader's, whether a child of theirs is known or not; then children of no known town.
pub(crate) fn own_towns<'c>(
    figures: &'c MapFigures,
    county: &'c County,
    scope: &'c Scope,
) -> impl Iterator<Item = (Option<TownCode>, &'c str)> {
    let shown = |code: TownCode| match scope {
        Scope::All => true,
        Scope::Places { towns, .. } => {
            towns.contains(&code) || figures.towns.contains_key(&Some(code))
        }
        Scope::Nothing => false,
    };
    let all = county.towns.all().iter().filter(move |town| shown(town.code));
    all.map(|town| (Some(town.code), town.name.as_str()))
}

fn town_lines(
    figures: &MapFigures,
    county: &County,
    (scope, silent): (&Scope, &[TownCode]),
    lang: Lang,
) -> Vec<TownLine> {
    let none = Tally::default();
    let line = |code: Option<TownCode>, name: String| {
        let query = code.map_or_else(|| "town=none".to_owned(), |code| format!("town={code}"));
        TownLine {
            name,
            silent: code.is_some_and(|code| silent.contains(&code)),
            cells: cells(figures.towns.get(&code).unwrap_or(&none), &query),
        }
    };
    let own = own_towns(figures, county, scope);
    let mut lines: Vec<TownLine> = own.map(|(code, name)| line(code, name.to_owned())).collect();
    // Children of a town that the county does not name are children all the same.
    let known = |code: &TownCode| county.towns.get(*code).is_some();
    let strange = figures.towns.keys().flatten().filter(|code| !known(code));
    lines.extend(strange.map(|code| line(Some(*code), code.to_string())));
    if figures.towns.contains_key(&None) {
        lines.push(line(None, lang.t("no-town")));
    }
    lines
}

fn total_line(figures: &MapFigures, lang: Lang) -> TownLine {
    TownLine { name: lang.t("total"), silent: false, cells: cells(&figures.whole, "") }
}

fn tiles(
    figures: &MapFigures,
    county: &County,
    (scope, silent): (&Scope, &[TownCode]),
    lang: Lang,
) -> Vec<Tile> {
    let tile = |(code, name): (Option<TownCode>, &str)| {
        let tally = figures.towns.get(&code).cloned().unwrap_or_default();
        let (out, open) = (of(&tally, &[Kind::Out]), of(&tally, &[Kind::Suspected]));
        let (class, icon, n, key) = match (out, open) {
            _ if code.is_some_and(|code| silent.contains(&code)) => {
                ("", "help-circle", String::new(), "not-reported")
            }
            (0, 0) => ("ok", "circle-check", String::new(), "tile-none"),
            (0, n) => ("l1", "alert-triangle", thousands(n), "tile-sus"),
            (n, _) => ("l2", "circle-x", thousands(n), "tile-out"),
        };
        let town = code.map(|code| code.to_string()).unwrap_or_default();
        let status = match (out, open) {
            (0, 0) => "",
            (0, _) => "&status=sus",
            _ => "&status=out",
        };
        let href = format!("/children?town={town}{status}");
        Tile { name: name.to_owned(), href, class, icon, n, word: lang.t(key) }
    };
    own_towns(figures, county, scope).map(tile).collect()
}

fn matrix(figures: &MapFigures, lang: Lang) -> Vec<MatrixRow> {
    let most = figures.pairs.values().copied().max().unwrap_or_default();
    let cell = |one: usize, other: usize| {
        if other <= one {
            return None;
        }
        let n = figures.pairs.get(&(one, other)).copied().unwrap_or_default();
        let class = match n {
            0 => "m0",
            n if n * 3 > most * 2 => "m3",
            n if n * 3 > most => "m2",
            _ => "m1",
        };
        let href = format!("/children?group=quarrel&pair={}", pair_key((one, other)));
        Some(NumberCell { n: thousands(n), href, class, zero: n == 0 })
    };
    let row = |one: usize| MatrixRow {
        name: strip_word(one, lang),
        cells: TALKERS.skip(1).map(|other| cell(one, other)).collect(),
    };
    TALKERS.take(TALKERS.len() - 1).map(row).collect()
}

/// How each number is counted.
pub(crate) async fn definitions(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.scope(Action::ReadMap)?;
    let lang = Lang::of(&headers);
    let keys = [
        "kpi-of-age",
        "step-all",
        "kpi-settled",
        "kpi-out",
        "kpi-sus",
        "status-con",
        "kpi-unk",
        "status-ex",
        "status-in",
        "kpi-quarrel",
        "kpi-over",
        "town-table",
        "not-reported",
        "matrix",
    ];
    let lines = keys.map(|key| (lang.t(key), lang.t(&format!("def-{key}"))));
    let title = lang.t("definitions");
    let chrome = Chrome::new(&app, Some(&signed), lang, Tab::Map, &title);
    html(&DefinitionsPage { lines: lines.into(), chrome })
}
