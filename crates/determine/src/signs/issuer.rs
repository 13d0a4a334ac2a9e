//! Many diagnoses of one hospital, or of one doctor, within a short time.

use std::collections::BTreeMap;

use baoxue_claim::{ChildId, Claim, ClaimId, Diagnosed, Private, Statement, compact};
use chrono::{Days, NaiveDate};

use super::{Sign, Suspicion, paper, said};
use crate::{Child, Settings};

/// What the name of a hospital ends with, the longer endings first.
const ENDINGS: [&str; 8] = [
    "社区卫生服务中心",
    "妇幼保健院",
    "卫生服务站",
    "医疗中心",
    "卫生院",
    "卫生室",
    "诊所",
    "医院",
];

/// What stands before the name of a hospital and is no part of it.
const BEFORE: [&str; 12] = ["经", "在", "由", "到", "于", "往", "赴", "持", "据", "有", "附", "去"];

/// Hospitals and doctors, each with the children whose papers name them, by the day of the paper.
type Papers = BTreeMap<(Sign, String), Vec<(NaiveDate, ChildId, ClaimId)>>;

/// Notes each hospital and each doctor whose name stands on so many children's papers within the county's number of days.
pub(super) fn clusters(children: &[Child<'_>], settings: &Settings, all: &mut Vec<Suspicion>) {
    let mut papers = Papers::new();
    for child in children {
        for item in said(child, settings) {
            let Some(paper) = paper(&item) else { continue };
            let (id, _, claim) = item;
            let on = paper.signed.unwrap_or(paper.from);
            for key in issuers(claim) {
                papers.entry(key).or_default().push((on, child.id, id));
            }
        }
    }
    for ((sign, name), mut of_one) in papers {
        of_one.sort_unstable();
        if let Some(found) = densest(&of_one, settings) {
            all.push(Suspicion { sign, issuer: Some(name), ..found });
        }
    }
}

/// The first stretch of days with the most children, when they are enough to ask.
fn densest(papers: &[(NaiveDate, ChildId, ClaimId)], settings: &Settings) -> Option<Suspicion> {
    let days = Days::new(u64::from(settings.abuse.within_days));
    let mut most: Option<Suspicion> = None;
    for (at, (first, ..)) in papers.iter().enumerate() {
        let end = first.checked_add_days(days).unwrap_or(NaiveDate::MAX);
        let within: Vec<_> = papers[at..].iter().take_while(|(on, ..)| *on <= end).collect();
        let mut children: Vec<ChildId> = within.iter().map(|(_, child, _)| *child).collect();
        children.sort_unstable();
        children.dedup();
        let known = most.as_ref().map_or(0, |most| most.children.len());
        let enough = usize::try_from(settings.abuse.issuer_papers).unwrap_or(usize::MAX);
        if children.len() < enough.max(known + 1) {
            continue;
        }
        let mut claims: Vec<ClaimId> = within.iter().map(|(.., claim)| *claim).collect();
        claims.sort_unstable();
        let since = within.last().map_or(*first, |(on, ..)| *on);
        most = Some(Suspicion { sign: Sign::SameHospital, children, claims, since, issuer: None });
    }
    most
}

/// Who made the diagnosis: by the columns of the list, else by the words of the row.
fn issuers(claim: &Claim) -> Vec<(Sign, String)> {
    let diagnosed: Option<&Diagnosed> = match &claim.what {
        Statement::Leave(row) => row.diagnosed.as_deref(),
        Statement::Deferral(row) => row.diagnosed.as_deref(),
        Statement::Registered
        | Statement::Enrolment(_)
        | Statement::Survey { .. }
        | Statement::Ledger(_)
        | Statement::Absence(_)
        | Statement::Inspection { .. }
        | Statement::TipOff
        | Statement::Certificate(_)
        | Statement::Departure(_)
        | Statement::Poverty { .. }
        | Statement::Disability { .. }
        | Statement::Aid(_)
        | Statement::HomeVisit(_)
        | Statement::HomePlan(_) => None,
    };
    let words = claim.words.as_ref().map(Private::expose).unwrap_or_default();
    let hospital = diagnosed.and_then(|by| by.hospital.as_deref()).map(compact);
    let hospital = hospital.or_else(|| hospital_in(words));
    let doctor = diagnosed.and_then(|by| by.doctor.as_ref()).map(|name| compact(name.expose()));
    // Two hospitals may have doctors of one name.
    let at = hospital.clone().unwrap_or_default();
    let doctor = doctor.map(|name| (Sign::SameDoctor, format!("{at}{name}")));
    hospital.map(|name| (Sign::SameHospital, name)).into_iter().chain(doctor).collect()
}

/// The first name of a hospital in free words: what stands before its ending without a break.
fn hospital_in(words: &str) -> Option<String> {
    let is_name = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let parts = words.split(|c: char| !is_name(c));
    parts.into_iter().find_map(|part| {
        let end = ENDINGS.iter().find_map(|ending| Some(part.find(ending)? + ending.len()))?;
        let mut name = &part[..end];
        while let Some(start) = BEFORE.iter().filter_map(|w| Some(name.find(w)? + w.len())).max() {
            name = &name[start..];
        }
        let own = !ENDINGS.contains(&name) && !name.is_empty();
        own.then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_hospital_is_found_in_words() {
        for (words, expected) in [
            ("病假；经汉滨区第一医院诊断为骨折；2019-03-01至2019-08-31", Some("汉滨区第一医院")),
            ("县中医医院", Some("县中医医院")),
            ("大河镇卫生院证明", Some("大河镇卫生院")),
            ("在医院治疗", None),
            ("骨折，休养", None),
            ("", None),
        ] {
            assert_eq!(hospital_in(words).as_deref(), expected, "{words}");
        }
    }
}
