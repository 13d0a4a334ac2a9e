//! Second registrations of the same child: same name, day of birth and guardian under another ID number.

use std::collections::HashMap;

use baoxue_claim::{Birth, ChildId, Claim, Name, Source, Statement, SurveyFinding};
use chrono::NaiveDate;

use crate::Child;

/// Marks each child that is nothing but a second registration: no school, paper, inspection or list knows it, and
/// another child of the same name, day of birth and guardian is known to one. Where neither or both are known nothing is
/// marked: which of two bare registrations is the mistake, the police must say.
pub fn mark_duplicates(children: &mut [Child<'_>]) {
    let mut same: HashMap<(Name, NaiveDate), Vec<usize>> = HashMap::new();
    for (at, child) in children.iter().enumerate() {
        if let Some(key) = registered_as(child) {
            same.entry(key).or_default().push(at);
        }
    }
    let mut found: Vec<(usize, ChildId)> = Vec::new();
    for group in same.into_values().filter(|group| group.len() > 1) {
        for &bare in group.iter().filter(|at| !is_known(&children[**at])) {
            let other = group.iter().find(|at| {
                is_known(&children[**at]) && share_guardian(&children[**at], &children[bare])
            });
            found.extend(other.map(|other| (bare, children[*other].id)));
        }
    }
    for (at, of) in found {
        children[at].duplicate_of.get_or_insert(of);
    }
}

/// Name and day of birth in the population register.
fn registered_as(child: &Child<'_>) -> Option<(Name, NaiveDate)> {
    let row = child.records.iter().find(|record| record.source == Source::PopulationRegister)?;
    let Some(Birth::Day(born)) = row.person.birth else { return None };
    Some((row.person.name.clone()?, born))
}

/// Whether anybody but the register and the hardship lists knows it: a school, a paper, an inspection, a list, or a town
/// that found more than a double registration.
fn is_known(child: &Child<'_>) -> bool {
    let found = |claim: &Claim| {
        let Statement::Survey { finding } = &claim.what else { return false };
        !matches!(
            finding,
            SurveyFinding::RegisteredTwice
                | SurveyFinding::NoSuchPerson
                | SurveyFinding::Silent
                | SurveyFinding::Unclear
        )
    };
    child.records.iter().any(|record| {
        let known = matches!(
            record.source,
            Source::StudentRegistry
                | Source::SchoolReport
                | Source::RollCall
                | Source::Certificate
                | Source::Approval
                | Source::Inspection
                | Source::TownLedger
        );
        known || record.claims.iter().any(found)
    })
}

fn share_guardian(one: &Child<'_>, other: &Child<'_>) -> bool {
    let names = |child: &Child<'_>| -> Vec<Name> {
        let people = child.records.iter().flat_map(|record| &record.person.guardians);
        people.filter_map(|guardian| guardian.name.clone()).collect()
    };
    let known = names(one);
    names(other).iter().any(|name| known.contains(name))
}
