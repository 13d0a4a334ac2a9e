//! 一户一案: the children of a household with what is known of its members, its needs, its aid, and what is done.

use std::collections::BTreeMap;

use baoxue_act::Case;
use baoxue_claim::{Birth, Record, VerdictCode};
use baoxue_determine::Seat;
use baoxue_paper::{Sheet, Spec};

use super::{
    OfChild, aid_rows,
    child::{cause, name, planned, printed},
    filled::Filled,
    signs,
};

/// An adult of a household, as rows of its children name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HouseholdMember {
    /// The name.
    pub name: String,
    /// The relation to the child whose row names it, as written; empty when none says it.
    pub relation: String,
    /// Whether rows call it the head of the household (户主).
    pub is_head: bool,
}

impl HouseholdMember {
    /// The adults whom rows of the children name, the one first whom most rows call head of the household.
    pub fn all<'r>(records: impl Iterator<Item = &'r Record>) -> Vec<Self> {
        let mut named: BTreeMap<&str, (usize, Option<&str>)> = BTreeMap::new();
        for guardian in records.flat_map(|record| &record.person.guardians) {
            let Some(name) = guardian.name.as_ref() else { continue };
            let (heads, relation) = named.entry(name.expose()).or_default();
            match guardian.relation.as_deref().map(str::trim).filter(|word| !word.is_empty()) {
                Some("户主") => *heads += 1,
                Some(word) => *relation = relation.or(Some(word)),
                None => {}
            }
        }
        let mut all: Vec<_> = named.into_iter().collect();
        all.sort_by_key(|(name, (heads, _))| (std::cmp::Reverse(*heads), *name));
        let member = |(at, (name, (heads, relation))): (usize, (&str, (usize, Option<&str>)))| {
            let relation = match relation {
                None if at == 0 && heads > 0 => "户主".to_owned(),
                None => String::new(),
                Some(word) if at == 0 && heads > 0 => format!("户主（儿童的{word}）"),
                Some(word) => format!("儿童的{word}"),
            };
            Self { name: name.to_owned(), relation, is_head: at == 0 && heads > 0 }
        };
        all.into_iter().enumerate().map(member).collect()
    }
}

/// The plan of a household, from its children, of which there is at least one; the first is the one that is asked for. A child in
/// the neutral class is not on it: a form would say why it is there.
pub fn household_plan(children: &[OfChild<'_>], spec: &Spec, by: &str) -> Option<Sheet> {
    let told = |child: &&OfChild<'_>| child.page.entry.code != VerdictCode::OtherArrangement;
    let children: Vec<OfChild<'_>> = children.iter().filter(told).copied().collect();
    let first = children.first()?;
    let mut filled = Filled::new(spec);
    let records = children.iter().flat_map(|child| &child.page.records);
    let members = HouseholdMember::all(records);
    let guardian = name(first.page.profile.guardian.as_ref()).to_owned();
    let head = members.iter().find(|member| member.is_head);
    let head = head.map_or(guardian, |member| member.name.clone());
    filled.text("householder", head);
    filled.text("address", first.address());
    filled.text("kind", kind(&children));
    let rows = members.into_iter().map(|m| vec![("name", m.name), ("relation", m.relation)]);
    filled.rows("members", rows.collect());
    filled.rows("children", children.iter().map(child_row).collect());
    let cases = || children.iter().filter_map(|child| Some((child, child.case?)));
    filled.words("difficulty", cases().filter_map(difficulty).collect::<Vec<_>>().join("\n"));
    filled.lines("needs", &cases().flat_map(needs).collect::<Vec<_>>());
    filled.rows("policies", children.iter().flat_map(policies).collect());
    filled.rows("measures", cases().flat_map(measures).collect());
    filled.words("helper", helper(cases().map(|(_, case)| case)));
    let issuer = town(first);
    Some(Sheet { date: Some(first.now.date()), fields: filled.done(), ..first.frame(&issuer, by) })
}

fn town(child: &OfChild<'_>) -> String {
    let entry = &child.page.entry;
    let place = baoxue_act::Place { town: entry.town, village: None, school: None, class: None };
    signs(&place.holder(Seat::TownHead), child.county)
}

fn kind(children: &[OfChild<'_>]) -> String {
    let any = |is: fn(&OfChild<'_>) -> bool| children.iter().any(is);
    let kinds = [
        any(|child| child.page.profile.hardship.poverty).then_some("脱贫（监测）户"),
        any(|child| child.page.profile.hardship.disabled).then_some("有残疾儿童"),
    ];
    let kinds: Vec<&str> = kinds.into_iter().flatten().collect();
    if kinds.is_empty() { "一般户".to_owned() } else { kinds.join("、") }
}

fn child_row(child: &OfChild<'_>) -> Vec<(&'static str, String)> {
    let birth = child.page.profile.birth.and_then(Birth::day);
    vec![
        ("name", child_name(child)),
        ("birth", birth.map(|day| day.to_string()).unwrap_or_default()),
        ("school", child.school()),
        ("status", child.page.entry.code.zh().to_owned()),
    ]
}

fn child_name(child: &OfChild<'_>) -> String {
    let known = name(child.page.profile.name.as_ref());
    if known.is_empty() { child.child().to_string() } else { known.to_owned() }
}

fn difficulty((child, case): (&OfChild<'_>, &Case)) -> Option<String> {
    let why = match case.plan() {
        Some(plan) => cause(case, &plan.what),
        None => case.cause.as_ref().map(|cause| printed(cause.what).to_owned())?,
    };
    Some(format!("{}：{why}", child_name(child)))
}

fn needs((child, case): (&OfChild<'_>, &Case)) -> Vec<String> {
    let heard = case.standing().filter_map(|visit| visit.what.heard.difficulty.as_ref());
    let mut needs: Vec<String> =
        heard.map(|words| format!("{}：{words}", child_name(child))).collect();
    needs.dedup();
    needs
}

fn policies(child: &OfChild<'_>) -> Vec<Vec<(&'static str, String)>> {
    let rows = aid_rows(child.aid).into_iter().map(|[policy, due, received]| {
        let policy = format!("{policy}（{}）", child_name(child));
        vec![("policy", policy), ("due", due), ("received", received)]
    });
    rows.collect()
}

fn measures((child, case): (&OfChild<'_>, &Case)) -> Vec<Vec<(&'static str, String)>> {
    let rows = case.plan().map(|plan| planned(case, plan)).unwrap_or_default();
    let named = rows.into_iter().map(|mut row| {
        for (column, cell) in &mut row {
            if *column == "what" {
                *cell = format!("{}：{cell}", child_name(child));
            }
        }
        row
    });
    named.collect()
}

/// Who is named as helper cadre (帮扶干部), else whoever looks after a case.
fn helper<'c>(cases: impl Iterator<Item = &'c Case>) -> String {
    let cases: Vec<&Case> = cases.collect();
    let named = cases.iter().find_map(|case| Some(case.helper.as_ref()?.what.clone()));
    let owner = || cases.iter().find_map(|case| Some(case.owner.as_ref()?.what.clone()));
    named.or_else(owner).unwrap_or_default()
}
