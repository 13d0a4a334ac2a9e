//! 一张图: how the reader's area stands. Each number leads to the list whose length it is.

use askama::Template;
use axum::{extract::State, http::HeaderMap, response::Response};
use baoxue_authz::{Action, Resource, Scope};
use baoxue_claim::TownCode;
use baoxue_flow::{County, Filter, Group, Kind, MapFigures, TALKERS, Tally};

use super::{
    map_late::LateList,
    map_numbers::{Kpi, Step, kpis, list, of, steps},
    reports::{Choice, Desk},
};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{html, pair_key, status_look, strip_word, thousands},
    door::Signed,
    forms::Asked,
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
    /// The town and the group that the numbers are about alone, and whether that is a name.
    chosen: Vec<(String, bool)>,
    /// Name, label, choices with value, word and whether in force.
    filters: Vec<(&'static str, String, Vec<Choice>)>,
    kpis: Vec<Kpi>,
    steps: Vec<Step>,
    heads: Vec<String>,
    towns: Vec<TownLine>,
    total: Option<TownLine>,
    tiles: Vec<Tile>,
    columns: Vec<String>,
    matrix: Vec<MatrixRow>,
    late: LateList,
    /// Whether the report of what is late has more than the numbers are about: it knows no groups.
    late_has_more: bool,
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

/// Which children the numbers are about: all of the reader's, those of a town, of a group, or both.
struct Part {
    filter: Filter,
    /// The town and the group in addresses of lists.
    town: String,
    group: String,
}

impl Part {
    fn of(asked: &Asked) -> Self {
        let town = asked.one("town");
        let code: Option<TownCode> = town.and_then(|town| town.parse().ok());
        let no_town = town == Some("none");
        let group = asked.one("group").and_then(Group::from_key);
        let in_query = |name: &str, value: &str| format!("{name}={value}");
        Self {
            town: match code {
                Some(code) => in_query("town", &code.to_string()),
                None if no_town => in_query("town", "none"),
                None => String::new(),
            },
            group: group.map(|group| in_query("group", group.key())).unwrap_or_default(),
            filter: Filter {
                towns: code.into_iter().collect(),
                no_town,
                groups: group.into_iter().collect(),
                ..Filter::default()
            },
        }
    }

    fn is_all(&self) -> bool {
        self.town.is_empty() && self.group.is_empty()
    }

    /// Both, as lists of all its children begin.
    fn query(&self) -> String {
        let parts = [self.town.as_str(), self.group.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("&")
    }

    /// Whether a line of a town stands on the map.
    fn shows(&self, town: Option<TownCode>) -> bool {
        self.town.is_empty()
            || town.map_or(self.filter.no_town, |town| self.filter.towns.contains(&town))
    }

    fn has_group(&self, group: Group) -> bool {
        self.filter.groups.contains(&group)
    }
}

/// What the parts of the map are made from.
struct View<'a> {
    figures: &'a MapFigures,
    /// The figures of all children of the reader.
    whole: &'a MapFigures,
    county: &'a County,
    scope: &'a Scope,
    /// Towns that have sent nothing.
    silent: &'a [TownCode],
    part: &'a Part,
    lang: Lang,
}

/// The map of what the reader may see, or of a part of it.
pub(crate) async fn page(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let scope = signed.scope(Action::ReadMap)?;
    let (roll, county, lang) = (app.roll(), app.county(), Lang::of(&headers));
    let as_of = county.settings.as_of;
    let part = Part::of(&asked);
    let whole = roll.figures_of(&scope, as_of);
    let of_part = (!part.is_all()).then(|| {
        roll.figures(&|entry| scope.sees(entry.standing()) && part.filter.wants(entry), as_of)
    });
    let figures = of_part.as_ref().unwrap_or(&whole);
    let silent = if signed.can(Action::ReadSources, &Resource::County) {
        app.sources().await?.silent.clone()
    } else {
        Vec::new()
    };
    let desk = Desk::of(&app, &signed, lang).await?;
    let late = LateList::of(&desk, &part.filter);
    signed.lists(&app, Action::ReadCase, &late.named).await?;
    let query = part.query();
    let mut kpis = kpis(figures, &query, lang);
    kpis.push(late.kpi(&desk));
    let view = View {
        figures,
        whole: &whole,
        county: &county,
        scope: &scope,
        silent: &silent,
        part: &part,
        lang,
    };
    let towns = view.town_lines();
    html(&MapPage {
        meta: view.meta(),
        chosen: view.chosen(),
        filters: view.filters(),
        kpis,
        steps: steps(figures, &query, lang),
        heads: heads(lang),
        total: (towns.len() > 1).then(|| view.total_line()),
        towns,
        tiles: view.tiles(),
        columns: TALKERS.skip(1).map(|at| strip_word(at, lang)).collect(),
        matrix: view.matrix(),
        late,
        late_has_more: !part.group.is_empty() || part.filter.no_town,
        ruled: roll.run.is_some(),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Map, &lang.t("nav-map")),
    })
}

fn heads(lang: Lang) -> Vec<String> {
    let kinds = KINDS.into_iter().map(|kind| lang.t(status_look(kind).2));
    std::iter::once(lang.t("kpi-of-age")).chain(kinds).chain([lang.t("kpi-quarrel")]).collect()
}

/// The numbers of a town, or of all; town and group begin each address.
fn cells(tally: &Tally, (town, group): (&str, &str)) -> Vec<NumberCell> {
    let cell = |n: usize, more: &str, class: &'static str| NumberCell {
        n: thousands(n),
        href: list(&[town, group, more]),
        class,
        zero: n == 0,
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

impl View<'_> {
    /// As of when, and of which part of the county.
    fn meta(&self) -> String {
        let key = if *self.scope == Scope::All { "map-county" } else { "map-own" };
        let on = self.county.settings.as_of.to_string();
        self.lang.with(key, &[("on", on.into())])
    }

    /// The choices in force.
    fn chosen(&self) -> Vec<(String, bool)> {
        let named = |name: &str, value: &str| name == "town" && value != "none";
        let all = self.filters().into_iter().flat_map(|(name, _, choices)| {
            let on = choices.into_iter().filter(|(value, _, on)| *on && !value.is_empty());
            on.map(move |(value, word, _)| (word, named(name, &value)))
        });
        all.collect()
    }

    /// What can be chosen: all, then each.
    fn filters(&self) -> Vec<(&'static str, String, Vec<Choice>)> {
        let (lang, part) = (self.lang, self.part);
        let mut towns = vec![(String::new(), lang.t("reports-all"), part.town.is_empty())];
        let own = own_towns(self.whole, self.county, self.scope);
        towns.extend(own.filter_map(|(code, name)| {
            let code = code?;
            Some((code.to_string(), name.to_owned(), part.filter.towns.contains(&code)))
        }));
        if self.whole.towns.contains_key(&None) {
            towns.push(("none".to_owned(), lang.t("no-town"), part.filter.no_town));
        }
        let mut groups = vec![(String::new(), lang.t("reports-all"), part.group.is_empty())];
        groups.extend(Group::ALL.map(|group| {
            let word = lang.t(&format!("group-{}", group.key()));
            (group.key().to_owned(), word, part.has_group(group))
        }));
        vec![("town", lang.t("facet-town"), towns), ("group", lang.t("facet-group"), groups)]
    }

    fn is_silent(&self, town: Option<TownCode>) -> bool {
        town.is_some_and(|code| self.silent.contains(&code))
    }

    fn town_lines(&self) -> Vec<TownLine> {
        let none = Tally::default();
        let line = |code: Option<TownCode>, name: String| {
            let town = code.map_or_else(|| "town=none".to_owned(), |code| format!("town={code}"));
            let tally = self.figures.towns.get(&code).unwrap_or(&none);
            TownLine {
                name,
                silent: self.is_silent(code),
                cells: cells(tally, (&town, &self.part.group)),
            }
        };
        let own = own_towns(self.whole, self.county, self.scope);
        let own = own.filter(|(code, _)| self.part.shows(*code));
        let mut lines: Vec<TownLine> =
            own.map(|(code, name)| line(code, name.to_owned())).collect();
        // Children of a town that the county does not name are children all the same.
        let known = |code: &TownCode| self.county.towns.get(*code).is_some();
        let strange = self.figures.towns.keys().flatten().filter(|code| !known(code));
        lines.extend(strange.map(|code| line(Some(*code), code.to_string())));
        if self.figures.towns.contains_key(&None) {
            lines.push(line(None, self.lang.t("no-town")));
        }
        lines
    }

    fn total_line(&self) -> TownLine {
        let cells = cells(&self.figures.whole, (&self.part.town, &self.part.group));
        TownLine { name: self.lang.t("total"), silent: false, cells }
    }

    fn tiles(&self) -> Vec<Tile> {
        let tile = |(code, name): (Option<TownCode>, &str)| {
            let tally = self.figures.towns.get(&code).cloned().unwrap_or_default();
            let (out, open) = (of(&tally, &[Kind::Out]), of(&tally, &[Kind::Suspected]));
            let (class, icon, n, key) = match (out, open) {
                _ if self.is_silent(code) => ("", "help-circle", String::new(), "not-reported"),
                (0, 0) => ("ok", "circle-check", String::new(), "tile-none"),
                (0, n) => ("l1", "alert-triangle", thousands(n), "tile-sus"),
                (n, _) => ("l2", "circle-x", thousands(n), "tile-out"),
            };
            let town = code.map(|code| format!("town={code}")).unwrap_or_default();
            let status = match (out, open) {
                (0, 0) => "",
                (0, _) => "status=sus",
                _ => "status=out",
            };
            let href = list(&[&town, &self.part.group, status]);
            Tile { name: name.to_owned(), href, class, icon, n, word: self.lang.t(key) }
        };
        let own = own_towns(self.whole, self.county, self.scope);
        own.filter(|(code, _)| self.part.shows(*code)).map(tile).collect()
    }

    fn matrix(&self) -> Vec<MatrixRow> {
        let (pairs, query) = (&self.figures.pairs, self.part.query());
        let most = pairs.values().copied().max().unwrap_or_default();
        let cell = |one: usize, other: usize| {
            if other <= one {
                return None;
            }
            let n = pairs.get(&(one, other)).copied().unwrap_or_default();
            let class = match n {
                0 => "m0",
                n if n * 3 > most * 2 => "m3",
                n if n * 3 > most => "m2",
                _ => "m1",
            };
            let pair = format!("pair={}", pair_key((one, other)));
            let href = list(&[&query, "group=quarrel", &pair]);
            Some(NumberCell { n: thousands(n), href, class, zero: n == 0 })
        };
        let row = |one: usize| MatrixRow {
            name: strip_word(one, self.lang),
            cells: TALKERS.skip(1).map(|other| cell(one, other)).collect(),
        };
        TALKERS.take(TALKERS.len() - 1).map(row).collect()
    }
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
        "kpi-late",
        "town-table",
        "not-reported",
        "matrix",
    ];
    let lines = keys.map(|key| (lang.t(key), lang.t(&format!("def-{key}"))));
    let title = lang.t("definitions");
    let chrome = Chrome::new(&app, Some(&signed), lang, Tab::Map, &title);
    html(&DefinitionsPage { lines: lines.into(), chrome })
}
