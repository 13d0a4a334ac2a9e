//! 规则: what decides, on what law, in the order in which it decides.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use baoxue_authz::{Action, Resource};
use baoxue_determine::{CasePage, RulePage, RuleSummary};
use baoxue_flow::Kind;
use chrono::NaiveDate;

use crate::{
    app::App,
    chrome::{Chrome, Tab},
    display::{Status, html},
    door::Signed,
    i18n::Lang,
    trouble::Trouble,
};

/// A rule in the list.
struct Line {
    n: String,
    href: String,
    title: String,
    id: String,
    version: String,
    law: String,
    standing: String,
    firm: bool,
    status: Status,
    days: String,
    in_force: bool,
}

/// A pack.
struct PackLine {
    name: String,
    title: String,
    source: String,
    rules: String,
    cases: String,
}

#[derive(Template)]
#[template(path = "rules.html")]
struct RulesPage {
    chrome: Chrome,
    intro: String,
    packs: Vec<PackLine>,
    lines: Vec<Line>,
}

/// A worked case.
struct CaseLine {
    name: String,
    today: String,
    cells: Vec<(String, String)>,
    status: Status,
    until: String,
    /// Decided by the rule of this page.
    own: bool,
    rule: String,
}

#[derive(Template)]
#[template(path = "rule.html")]
struct RuleView {
    chrome: Chrome,
    title: String,
    line: Line,
    pack: String,
    heading: String,
    article: Vec<String>,
    /// In words, and as written.
    asks: Vec<(String, String)>,
    fallback: bool,
    /// What is needed, and whether files show it or somebody must look at paper.
    needs: Vec<(String, String)>,
    certifier: String,
    ends: String,
    cases: Vec<CaseLine>,
    versions: Vec<(String, String)>,
}

/// All rules.
pub(crate) async fn list(
    State(app): State<App>,
    signed: Signed,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ReadRules, &Resource::County)?;
    let (county, lang) = (app.county(), Lang::of(&headers));
    let as_of = county.settings.as_of;
    let rules = county.pack.reading_order(&county.settings);
    let packs = county.pack.heads().into_iter().map(|head| PackLine {
        name: format!("{} {}", head.id, head.version),
        title: head.title,
        source: head.source,
        rules: lang.n("rules-n", head.n_rules),
        cases: lang.n("cases-n", head.n_cases),
    });
    let lines = rules.iter().enumerate().map(|(at, rule)| line(rule, at + 1, as_of, lang));
    let title = lang.t("nav-rules");
    html(&RulesPage {
        intro: lang.with("rules-intro", &[("on", as_of.to_string().into())]),
        packs: packs.collect(),
        lines: lines.collect(),
        chrome: Chrome::new(&app, Some(&signed), lang, Tab::Rules, &title),
    })
}

fn line(rule: &RuleSummary, n: usize, on: NaiveDate, lang: Lang) -> Line {
    let (since, until) = rule.in_force;
    let in_force = since <= on && until.is_none_or(|until| on <= until);
    let until = until.map_or_else(|| lang.t("no-end"), |until| until.to_string());
    Line {
        n: n.to_string(),
        href: format!("/rules/{}@{}", rule.id, rule.version),
        title: lang.pick(&rule.title, &rule.title_en).to_owned(),
        id: rule.id.clone(),
        version: rule.version.clone(),
        law: rule.law.clone(),
        standing: lang.pick(rule.standing.zh(), rule.standing.en()).to_owned(),
        firm: rule.standing.is_firm(),
        status: status(rule.code, lang),
        days: lang
            .with("rule-days", &[("since", since.to_string().into()), ("until", until.into())]),
        in_force,
    }
}

fn status(code: baoxue_claim::VerdictCode, lang: Lang) -> Status {
    let word = lang.pick(code.zh(), code.en()).to_owned();
    Status { word, ..Status::of(Kind::of(code), lang) }
}

/// One rule; `id@version` or `id`, which is the one in force on the day.
pub(crate) async fn one(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    signed.may(Action::ReadRules, &Resource::County)?;
    let (county, lang) = (app.county(), Lang::of(&headers));
    let (id, version) = match key.split_once('@') {
        Some((id, version)) => (id, Some(version)),
        None => (key.as_str(), None),
    };
    let as_of = county.settings.as_of;
    let page = county.pack.rule_page(id, version, as_of).ok_or(Trouble::NotFound)?;
    let rules = county.pack.rules();
    let versions = rules.iter().filter(|rule| rule.id == id);
    let versions = versions.map(|rule| line(rule, 0, as_of, lang));
    let title = lang.pick(&page.rule.title, &page.rule.title_en).to_owned();
    let chrome = Chrome::new(&app, Some(&signed), lang, Tab::Rules, &title);
    let versions = versions.filter(|line| line.version != page.rule.version);
    let versions = versions.map(|line| (line.href, line.version)).collect();
    html(&view(&page, versions, as_of, chrome))
}

fn view(
    page: &RulePage,
    versions: Vec<(String, String)>,
    as_of: NaiveDate,
    chrome: Chrome,
) -> RuleView {
    let lang = chrome.lang;
    let asks = page.asks.iter().map(|a| (lang.pick(&a.zh, &a.en).to_owned(), a.code.clone()));
    let needs = page.needs.iter().map(|(zh, en, shown)| {
        let state = if *shown { "need-by-files" } else { "need-on-paper" };
        (lang.pick(zh, en).to_owned(), lang.t(state))
    });
    let certifier = page.certifier.as_ref().map(|(zh, en)| lang.pick(zh, en).to_owned());
    let ends = page.ends.map(|end| lang.t(&format!("ends-{end}")));
    let cases = page.cases.iter().enumerate();
    let cases = cases.map(|(at, case)| case_line((at + 1, case), &page.rule.id, lang));
    RuleView {
        title: lang.pick(&page.rule.title, &page.rule.title_en).to_owned(),
        line: line(&page.rule, 0, as_of, lang),
        pack: page.pack.clone(),
        heading: page.heading.clone(),
        article: page.article.lines().map(str::to_owned).collect(),
        asks: asks.collect(),
        fallback: page.fallback,
        needs: needs.collect(),
        certifier: certifier.unwrap_or_else(|| lang.t("no-certifier")),
        ends: ends.unwrap_or_else(|| lang.t("ends-never")),
        cases: cases.collect(),
        versions,
        chrome,
    }
}

fn case_line((n, case): (usize, &CasePage), rule: &str, lang: Lang) -> CaseLine {
    let until = case.until.map(|day| lang.with("holds-until", &[("on", day.to_string().into())]));
    let column = |(column, cell): &(String, String)| {
        let key = column.replace(' ', "-");
        let head = lang.known(&format!("case-{key}"));
        (head.unwrap_or_else(|| column.clone()), cell_words(cell, lang))
    };
    CaseLine {
        // Rule files name their cases in English; in Chinese a case is its number and what was said.
        name: match lang {
            Lang::Zh => lang.n("case-nth", n),
            Lang::En => case.name.clone(),
        },
        today: case.today.to_string(),
        cells: case.cells.iter().map(column).collect(),
        status: status(case.code, lang),
        until: until.unwrap_or_default(),
        own: case.rule == rule,
        rule: case.rule.clone(),
    }
}

/// What a cell of a worked case says. Its words are those of the table's grammar; days, numbers and names stay.
fn cell_words(cell: &str, lang: Lang) -> String {
    let word = |word: &str| lang.known(&format!("cell-{word}")).unwrap_or_else(|| word.to_owned());
    let part = |part: &str| part.split_whitespace().map(word).collect::<Vec<_>>().join(" ");
    let parts: Vec<String> = cell.split(';').map(part).filter(|part| !part.is_empty()).collect();
    parts.join(lang.pick("；", "; "))
}

#[cfg(test)]
mod tests {
    use baoxue_flow::County;

    use super::*;

    #[test]
    fn every_column_and_every_word_of_a_worked_case_is_translated() {
        let day = NaiveDate::from_ymd_opt(2019, 8, 25).unwrap();
        let county = County::unconfigured(day);
        let mut n = 0;
        for rule in county.pack.rules() {
            let page = county.pack.rule_page(&rule.id, Some(&rule.version), day).unwrap();
            for (column, cell) in page.cases.iter().flat_map(|case| &case.cells) {
                let plain = |word: &&str| {
                    word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-') && word.len() > 1
                };
                let words = cell.split([';', ' ']).filter(|word| !word.is_empty()).filter(plain);
                let keys = words.map(|word| format!("cell-{word}"));
                for key in keys.chain([format!("case-{}", column.replace(' ', "-"))]) {
                    for lang in [Lang::Zh, Lang::En] {
                        assert!(lang.known(&key).is_some(), "no word for `{key}`");
                    }
                    n += 1;
                }
            }
        }
        assert!(n > 1000, "{n}");
        let told = |cell: &str| cell_words(cell, Lang::Zh);
        assert_eq!(told("out averse; 2019-06-01 in"), "失学 厌学；2019-06-01 在学");
        assert_eq!(cell_words("not-promoted", Lang::En), "not promoted");
    }
}
