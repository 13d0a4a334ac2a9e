//! 儿童台账: the ledger with facets and search.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderMap, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use baoxue_authz::{Action, Resource, Scope};
use baoxue_claim::TownCode;
use baoxue_flow::{
    Counts, County, Entry, Filter, FoundChildren, Group, Kind, Population, Roll, SchoolStage, Sort,
};
use chrono::NaiveDate;

use super::{
    cases::{case_key, case_of},
    pager::Pager,
    views::{self, View},
};
use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{
        Status, Strip, age, child_key, day, html, name_of, pair_of, sex_key, strip_word, thousands,
    },
    door::{Signed, place},
    forms::Asked,
    i18n::{Lang, number},
    trouble::Trouble,
};

/// One choice of a facet with how many it would give.
struct Choice {
    value: String,
    word: String,
    status: Option<Status>,
    n: String,
    on: bool,
}

/// A group of choices.
struct Facet {
    name: &'static str,
    title: String,
    open: bool,
    /// The words are data and not to be translated.
    data: bool,
    choices: Vec<Choice>,
}

/// A choice in force, with the address without it.
pub(crate) struct Chip {
    pub(crate) word: String,
    href: String,
}

/// A line of the list.
struct Row {
    key: String,
    name: String,
    who: String,
    id_end: String,
    town: String,
    village: String,
    school: String,
    grade: String,
    strip: Strip,
    status: Status,
    next: String,
    due: String,
    due_class: &'static str,
}

#[derive(Template)]
#[template(path = "children.html", blocks = ["list"])]
struct ChildrenPage {
    chrome: Chrome,
    scope: String,
    /// Address, word, whether in force.
    orders: Vec<(String, String, bool)>,
    typed: String,
    sort: String,
    facets: Vec<Facet>,
    /// What the search form carries on.
    kept: Vec<(String, String)>,
    chips: Vec<Chip>,
    found: String,
    /// Where the list can be exported, and whether with whole numbers.
    export: Option<(String, bool)>,
    views: Vec<View>,
    /// The query that a view keeps.
    query: String,
    /// Whether the reader may keep a view for everybody.
    shares: bool,
    rows: Vec<Row>,
    pager: Pager,
}

pub(crate) const SORTS: [(&str, Sort); 5] = [
    ("urgency", Sort::Urgency),
    ("name", Sort::Name),
    ("place", Sort::Place),
    ("due", Sort::Due),
    ("birth", Sort::Birth),
];

/// The word of a query that says that the search stands in the head of a page; no filter of the list carries it on.
const JUMP: &str = "jump";

/// The list, or only its table where a filter changed. A search in the head of a page that names one child or case leads
/// there at once.
pub(crate) async fn list(
    State(app): State<App>,
    signed: Signed,
    mut asked: Asked,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let scope = signed.scope(Action::ReadChild)?;
    let jumps = asked.one(JUMP).is_some() && asked.one("q").is_some();
    asked.0.retain(|(name, _)| name != JUMP);
    let lang = Lang::of(&headers);
    let (roll, county) = (app.roll(), app.county());
    let filter = filter(&asked, county.settings.as_of);
    let visible = |entry: &Entry| scope.sees(entry.standing());
    let first = (asked.page() - 1) * asked.size();
    let found = roll.find(&visible, &filter, (first, asked.size()));
    if jumps && let Some(to) = only(&app, &signed, &filter.typed, &found).await? {
        return Ok(Redirect::to(&to).into_response());
    }
    let shown: Vec<_> = found.entries.iter().map(|entry| entry.child).collect();
    signed.lists(&app, Action::ReadChild, &shown).await?;
    let title = lang.t("nav-children");
    let as_of = county.settings.as_of;
    let full = signed.could_on_some(Action::ExportFull);
    let query = list_query(&asked);
    let exports = signed.could_on_some(Action::ExportMasked) && found.total > 0;
    let page = ChildrenPage {
        scope: scope_words(&scope, found.visible, lang),
        orders: orders(&asked, filter.sort, lang),
        typed: filter.typed.clone(),
        sort: asked.one("sort").unwrap_or_default().to_owned(),
        facets: facets(&filter, &found.counts, &county, lang),
        kept: kept(&asked),
        chips: chips(&asked, &county, lang),
        found: lang.with(
            "n-found",
            &[("n", number(found.total)), ("shown", thousands(found.total).into())],
        ),
        export: exports.then(|| (query.clone(), full)),
        views: views::listed(&app, &signed, &query).await?,
        shares: signed.can(Action::ShareView, &Resource::County),
        query,
        rows: found.entries.iter().map(|entry| row(entry, &roll, as_of, lang)).collect(),
        pager: Pager::new(&asked, found.total, found.entries.len(), lang),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Children, &title),
    };
    let part = headers.get("hx-target").is_some_and(|target| target == "list");
    let response = if part { Html(page.as_list().render()?).into_response() } else { html(&page)? };
    Ok(([(header::VARY, "HX-Request")], response).into_response())
}

/// The case of the number that was typed, or the only child that was found, when the reader may open it.
async fn only(
    app: &App,
    signed: &Signed,
    typed: &str,
    found: &FoundChildren<'_>,
) -> Result<Option<String>, Trouble> {
    if let Some(id) = case_of(&typed.trim().to_ascii_lowercase()) {
        let (desk, roll) = (app.cases().await?, app.roll());
        let entry = desk.book.get(id).and_then(|file| roll.entry(file.case.child));
        let reads = |entry: &Entry| signed.could(Action::ReadCase, &Resource::Child(place(entry)));
        return Ok(entry.filter(|entry| reads(entry)).map(|_| format!("/cases/{}", case_key(id))));
    }
    let only = found.entries.first().filter(|_| found.total == 1);
    let reads = |entry: &Entry| signed.could(Action::ReadChild, &Resource::Child(place(entry)));
    let only = only.filter(|entry| reads(entry));
    Ok(only.map(|entry| format!("/children/{}", child_key(entry.child))))
}

/// Days of "ends in a month".
pub(crate) const MONTH_DAYS: u64 = 30;

pub(crate) fn filter(asked: &Asked, today: NaiveDate) -> Filter {
    let sort = asked.one("sort").and_then(|key| SORTS.iter().find(|(k, _)| *k == key));
    let due_by = match asked.one("due") {
        Some("over") => today.pred_opt(),
        Some("soon") => today.checked_add_days(chrono::Days::new(3)),
        Some(_) | None => None,
    };
    let ends_by = match asked.one("ends") {
        Some("month") => today.checked_add_days(chrono::Days::new(MONTH_DAYS)),
        Some(_) | None => None,
    };
    let stages = asked
        .all("stage")
        .filter_map(|key| SchoolStage::ALL.into_iter().find(|stage| stage.key() == key));
    Filter {
        typed: asked.one("q").unwrap_or_default().chars().take(80).collect(),
        population: match asked.one("all") {
            Some("1") => Population::Everybody,
            Some(_) | None => Population::OfAge,
        },
        kinds: asked.all("status").filter_map(Kind::from_key).collect(),
        code: asked.one("code").and_then(|code| code.parse().ok()),
        towns: asked.all("town").filter_map(|code| code.parse::<TownCode>().ok()).collect(),
        no_town: asked.all("town").any(|code| code == "none"),
        village: asked.one("village").map(str::to_owned),
        school: asked.one("school").map(str::to_owned),
        groups: asked.all("group").filter_map(Group::from_key).collect(),
        stages: stages.collect(),
        due_by,
        ends_by,
        pair: asked.one("pair").and_then(pair_of),
        sort: sort.map(|(_, sort)| *sort).unwrap_or_default(),
    }
}

/// What an order is called.
pub(crate) fn sort_word(sort: Sort, lang: Lang) -> String {
    let key = SORTS.iter().find(|(_, by)| *by == sort).map_or("urgency", |(key, _)| key);
    lang.t(&format!("sort-{key}"))
}

/// The names of an address that say which children a list holds, and in which order.
const CHOICES: [&str; 13] = [
    "q", "all", "status", "code", "town", "village", "school", "group", "stage", "due", "ends",
    "pair", "sort",
];

/// The query of an address that says which list it is, without the page.
pub(crate) fn list_query(asked: &Asked) -> String {
    let says =
        |(name, value): &&(String, String)| CHOICES.contains(&name.as_str()) && !value.is_empty();
    // Texts always encode.
    serde_urlencoded::to_string(asked.0.iter().filter(says).collect::<Vec<_>>()).unwrap_or_default()
}

/// What the page head says of whom the reader may see.
fn scope_words(scope: &Scope, visible: usize, lang: Lang) -> String {
    let key = if *scope == Scope::All { "scope-county" } else { "scope-own" };
    lang.with(key, &[("n", number(visible)), ("shown", thousands(visible).into())])
}

fn orders(asked: &Asked, sort: Sort, lang: Lang) -> Vec<(String, String, bool)> {
    let order = |(key, by): &(&str, Sort)| {
        (asked.with("sort", Some(key)), lang.t(&format!("sort-{key}")), *by == sort)
    };
    SORTS.iter().map(order).collect()
}

fn facets(filter: &Filter, hits: &Counts, county: &County, lang: Lang) -> Vec<Facet> {
    let shown = |n: Option<&usize>| thousands(n.copied().unwrap_or_default());
    let kinds = Kind::ALL
        .into_iter()
        .filter(|kind| *kind != Kind::Gone || filter.population == Population::Everybody);
    let kinds = kinds.map(|kind| Choice {
        value: kind.key().to_owned(),
        word: String::new(),
        status: Some(Status::of(kind, lang)),
        n: shown(hits.kinds.get(&kind)),
        on: filter.kinds.contains(&kind),
    });
    let towns = county.towns.all().iter().filter(|town| hits.towns.contains_key(&Some(town.code)));
    let towns = towns.map(|town| Choice {
        value: town.code.to_string(),
        word: town.name.clone(),
        status: None,
        n: shown(hits.towns.get(&Some(town.code))),
        on: filter.towns.contains(&town.code),
    });
    let no_town = hits.towns.get(&None).map(|n| Choice {
        value: "none".to_owned(),
        word: lang.t("no-town"),
        status: None,
        n: thousands(*n),
        on: filter.no_town,
    });
    let groups = Group::ALL.into_iter().map(|group| Choice {
        value: group.key().to_owned(),
        word: lang.t(&format!("group-{}", group.key())),
        status: None,
        n: shown(hits.groups.get(&group)),
        on: filter.groups.contains(&group),
    });
    let stages = SchoolStage::ALL.into_iter().map(|stage| Choice {
        value: stage.key().to_owned(),
        word: lang.t(&format!("stage-{}", stage.key())),
        status: None,
        n: shown(hits.stages.get(&stage)),
        on: filter.stages.contains(&stage),
    });
    let facet = |name, key: &str, open, data, choices: Vec<Choice>| Facet {
        name,
        title: lang.t(key),
        open,
        data,
        choices,
    };
    vec![
        facet("status", "facet-status", true, false, kinds.collect()),
        facet("town", "facet-town", true, true, towns.chain(no_town).collect()),
        facet("group", "facet-group", true, false, groups.collect()),
        facet("stage", "facet-stage", !filter.stages.is_empty(), false, stages.collect()),
    ]
}

/// The facets in force, which a new search keeps.
fn kept(asked: &Asked) -> Vec<(String, String)> {
    let pairs =
        asked.0.iter().filter(|(n, v)| !matches!(n.as_str(), "q" | "page") && !v.is_empty());
    pairs.cloned().collect()
}

pub(crate) fn chips(asked: &Asked, county: &County, lang: Lang) -> Vec<Chip> {
    let word = |name: &str, value: &str| -> Option<String> {
        Some(match name {
            "q" => format!("“{value}”"),
            "status" => Status::of(Kind::from_key(value)?, lang).word,
            "town" if value == "none" => lang.t("no-town"),
            "town" => county.towns.get(value.parse().ok()?)?.name.clone(),
            "group" => lang.t(&format!("group-{}", Group::from_key(value)?.key())),
            "stage" => {
                let stage = SchoolStage::ALL.into_iter().find(|stage| stage.key() == value)?;
                lang.t(&format!("stage-{}", stage.key()))
            }
            "village" | "school" => value.to_owned(),
            "code" => {
                let code: baoxue_claim::VerdictCode = value.parse().ok()?;
                lang.pick(code.zh(), code.en()).to_owned()
            }
            "due" if value == "over" || value == "soon" => lang.t(&format!("due-{value}")),
            "ends" if value == "month" => lang.t("ends-month"),
            "pair" => {
                let (one, other) = pair_of(value)?;
                format!("{} ≠ {}", strip_word(one, lang), strip_word(other, lang))
            }
            "all" if value == "1" => lang.t("everybody"),
            _ => return None,
        })
    };
    let chip = |(name, value): &(String, String)| {
        Some(Chip { word: word(name, value)?, href: asked.without(name, value) })
    };
    asked.0.iter().filter(|(_, value)| !value.is_empty()).filter_map(chip).collect()
}

/// What is due, and how near: text, then colour.
pub(crate) fn due_words(due: NaiveDate, today: NaiveDate, lang: Lang) -> (String, &'static str) {
    const SOON_DAYS: i64 = 2;
    let left = (due - today).num_days();
    let days = || number(usize::try_from(left.unsigned_abs()).unwrap_or(usize::MAX));
    match left {
        ..0 => (lang.with("due-days-over", &[("n", days())]), "due-over"),
        0 => (lang.t("due-today"), "due-soon"),
        1..=SOON_DAYS => (lang.with("due-days-left", &[("n", days())]), "due-soon"),
        _ => (day(due, today, lang), "muted"),
    }
}

fn row(entry: &Entry, roll: &Roll, as_of: NaiveDate, lang: Lang) -> Row {
    let sex = entry.sex.map(|sex| lang.t(sex_key(sex)));
    let age = entry.birth.and_then(|birth| age(birth, as_of));
    let age = age.map(|age| lang.n("years-old", usize::try_from(age).unwrap_or_default()));
    let who: Vec<String> = sex.into_iter().chain(age).collect();
    let end = entry.id.as_deref().map(|id| id.chars().rev().take(4).collect::<Vec<_>>());
    let (due, due_class) =
        entry.due().map_or_else(Default::default, |due| due_words(due, as_of, lang));
    let next = match (entry.answer_by, entry.expires) {
        (Some(_), _) => lang.t("next-answer"),
        (None, Some(_)) => lang.t("next-expires"),
        (None, None) => String::new(),
    };
    Row {
        key: child_key(entry.child),
        name: name_of(entry, lang),
        who: who.join(&lang.t("comma")),
        id_end: end.map(|end| end.into_iter().rev().collect()).unwrap_or_default(),
        town: roll.town_name(entry).unwrap_or_default().to_owned(),
        village: entry.village.as_deref().unwrap_or_default().to_owned(),
        school: entry.school_shown().unwrap_or_default().to_owned(),
        grade: entry.grade.map(|grade| lang.n("grade", usize::from(grade))).unwrap_or_default(),
        strip: Strip::of(entry, lang),
        status: Status::of_entry(entry, lang),
        next,
        due,
        due_class,
    }
}
