//! The rules with their law and cases.

use axum::{
    Json,
    extract::{Path, State},
    response::Response,
};
use baoxue_authz::{Action, Resource};
use baoxue_determine::{CasePage, RulePage, RuleSummary};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::{CodeKey, Listed, Words},
    problem::Refusals,
    query::check,
};
use crate::{app::App, door::Signed, forms::Asked, trouble::Trouble};

/// A rule as the list shows it.
#[derive(Serialize, ToSchema)]
pub(crate) struct RuleLine {
    rule: String,
    version: String,
    title: Words,
    /// The article it stands on.
    law: String,
    /// How firm that is.
    standing: Words,
    /// Whether it is settled law; else it is configuration of the county.
    firm: bool,
    code: CodeKey,
    /// First day in force.
    since: NaiveDate,
    /// Last day in force.
    until: Option<NaiveDate>,
    /// Whether it is in force on the day of the run.
    in_force: bool,
}

/// A rule whole.
#[derive(Serialize, ToSchema)]
pub(crate) struct RuleWhole {
    line: RuleLine,
    /// Id and version of its pack.
    pack: String,
    heading: String,
    /// The article or its substance, in Chinese.
    article: String,
    /// All of these must hold.
    asks: Vec<RuleAsk>,
    /// Matches what no other rule does.
    fallback: bool,
    needs: Vec<RuleNeed>,
    /// Who may certify.
    certifier: Option<Words>,
    /// Whose last day ends it.
    ends: Option<&'static str>,
    /// Worked cases.
    cases: Vec<RuleCase>,
    /// Other versions.
    versions: Vec<String>,
}

/// A condition.
#[derive(Serialize, ToSchema)]
pub(crate) struct RuleAsk {
    words: Words,
    /// As the rule has it.
    condition: String,
}

/// Evidence that a rule needs.
#[derive(Serialize, ToSchema)]
pub(crate) struct RuleNeed {
    words: Words,
    /// Whether files can show it; else somebody must look at the paper.
    by_files: bool,
}

/// A worked case.
#[derive(Serialize, ToSchema)]
pub(crate) struct RuleCase {
    /// In English.
    name: String,
    /// The day on which it is judged.
    today: NaiveDate,
    /// What each source says.
    says: Vec<CaseCell>,
    code: CodeKey,
    until: Option<NaiveDate>,
    /// The rule that decides it.
    rule: String,
}

/// What a source says in a case.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseCell {
    column: String,
    text: String,
}

impl RuleLine {
    fn of(rule: &RuleSummary, on: NaiveDate) -> Self {
        let (since, until) = rule.in_force;
        Self {
            rule: rule.id.clone(),
            version: rule.version.clone(),
            title: Words::new(&rule.title, &rule.title_en),
            law: rule.law.clone(),
            standing: Words::new(rule.standing.zh(), rule.standing.en()),
            firm: rule.standing.is_firm(),
            code: rule.code.into(),
            since,
            until,
            in_force: since <= on && until.is_none_or(|until| on <= until),
        }
    }
}

/// All rules, in the order in which evidence decides.
#[utoipa::path(
    get,
    path = "/api/v1/rules",
    operation_id = "rules",
    responses((status = 200, description = "The list, whole.", body = Listed<RuleLine>), Refusals),
)]
pub(crate) async fn list(
    State(app): State<App>,
    signed: Signed,
    asked: Asked,
) -> Result<Response, Trouble> {
    signed.may(Action::ReadRules, &Resource::County)?;
    check(&asked, &[])?;
    let county = app.county();
    let rules = county.pack.reading_order(&county.settings);
    let as_of = county.settings.as_of;
    Ok(Listed::whole(rules.iter().map(|rule| RuleLine::of(rule, as_of)).collect()).answer())
}

/// One rule.
#[utoipa::path(
    get,
    path = "/api/v1/rules/{rule}",
    operation_id = "rule",
    params(("rule" = String, Path, description = "`id@version`, or `id` for the one in force on the day of the run.")),
    responses((status = 200, description = "The rule.", body = RuleWhole), Refusals),
)]
pub(crate) async fn one(
    State(app): State<App>,
    signed: Signed,
    Path(key): Path<String>,
) -> Result<Json<RuleWhole>, Trouble> {
    signed.may(Action::ReadRules, &Resource::County)?;
    let county = app.county();
    let (id, version) = match key.split_once('@') {
        Some((id, version)) => (id, Some(version)),
        None => (key.as_str(), None),
    };
    let as_of = county.settings.as_of;
    let page = county.pack.rule_page(id, version, as_of).ok_or(Trouble::NotFound)?;
    let others = county.pack.rules().into_iter();
    let versions = others.filter(|rule| rule.id == id && rule.version != page.rule.version);
    let versions = versions.map(|rule| rule.version).collect();
    Ok(Json(whole(page, versions, as_of)))
}

fn whole(page: RulePage, versions: Vec<String>, on: NaiveDate) -> RuleWhole {
    let asks = page.asks.into_iter();
    let needs = page.needs.into_iter();
    RuleWhole {
        line: RuleLine::of(&page.rule, on),
        pack: page.pack,
        heading: page.heading,
        article: page.article,
        asks: asks
            .map(|ask| RuleAsk { words: Words::new(ask.zh, ask.en), condition: ask.code })
            .collect(),
        fallback: page.fallback,
        needs: needs
            .map(|(zh, en, by_files)| RuleNeed { words: Words::new(zh, en), by_files })
            .collect(),
        certifier: page.certifier.map(|(zh, en)| Words::new(zh, en)),
        ends: page.ends,
        cases: page.cases.into_iter().map(case).collect(),
        versions,
    }
}

fn case(case: CasePage) -> RuleCase {
    let says = case.cells.into_iter();
    RuleCase {
        name: case.name,
        today: case.today,
        says: says.map(|(column, text)| CaseCell { column, text }).collect(),
        code: case.code.into(),
        until: case.until,
        rule: case.rule,
    }
}
