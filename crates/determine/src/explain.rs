//! Everything about one child's verdict: who says what, what the ground needs, and what would change the result.
//!
//! What would change it is not written by hand: each piece of evidence that people can bring is put beside the child's own,
//! and the child is judged again.

mod suppose;

use baoxue_claim::{ClaimId, VerdictCode};
use chrono::NaiveDate;

use crate::{Base, Child, Settings, Verdict, pack::Rule, pending, say};

/// A verdict with all that stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The verdict.
    pub verdict: Verdict,
    /// Which part of the population base holds the child.
    pub base: Base,
    /// Every statement about the child up to the day, by day; none of a child in the neutral class.
    pub told: Vec<Telling>,
    /// What the ground needs.
    pub needs: Vec<Evidence>,
    /// Who may certify it, in zh-CN and English.
    pub certifier: Option<(String, String)>,
    /// Rules that matched too, in the order in which evidence decides: title and what they would have said; none of a child
    /// in the neutral class.
    pub also: Vec<(String, VerdictCode)>,
    /// What would change the result, what clears the child first.
    pub changes: Vec<WouldChange>,
}

/// One statement about the child.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The claim.
    pub claim: ClaimId,
    /// The day.
    pub on: NaiveDate,
    /// Whether the verdict stands on it.
    pub used: bool,
    /// Who says what, in zh-CN.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

/// A piece of evidence that a ground needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// What, in zh-CN.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// Whether it is there.
    pub state: EvidenceState,
}

/// Whether a piece of evidence is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EvidenceState {
    /// The files show it.
    Shown,
    /// The files would show it, and do not.
    Missing,
    /// No file tells of it: the paper itself must be looked at.
    OnPaper,
}

/// Evidence that would change the result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WouldChange {
    /// What somebody would have to bring or say, in zh-CN.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// The verdict then.
    pub code: VerdictCode,
    /// Its reason then.
    pub reason: String,
}

/// Explains a child that knows its context.
pub(crate) fn explain(child: &Child<'_>, rules: &[&Rule], settings: &Settings) -> Explanation {
    let verdict = pending::judge(child, rules, settings);
    let base = crate::profile(child, settings).base;
    let rule = rules.iter().find(|rule| *rule.id == *verdict.ground.rule);
    let open = verdict.code != VerdictCode::OtherArrangement;
    let also = verdict.also.iter().filter(|_| open).filter_map(|also| {
        let rule = rules.iter().find(|rule| rule.id == also.rule)?;
        Some((rule.ground.title.clone(), also.code))
    });
    Explanation {
        base,
        told: told(child, &verdict, settings),
        needs: rule.map_or_else(Vec::new, |rule| needs(rule, &verdict)),
        certifier: rule.and_then(|rule| rule.certifier.clone()),
        also: also.collect(),
        changes: changes(child, &verdict, rules, settings),
        verdict,
    }
}

fn told(child: &Child<'_>, verdict: &Verdict, settings: &Settings) -> Vec<Telling> {
    if verdict.code == VerdictCode::OtherArrangement {
        return Vec::new();
    }
    let evidence = crate::evidence::Evidence::gather(child, settings.as_of);
    let telling = |item: &crate::evidence::Item<'_>| {
        let (zh, en) = say::tell(item);
        Telling {
            claim: item.id,
            on: item.claim.on,
            used: verdict.claims.contains(&item.id),
            zh,
            en,
        }
    };
    let mut told: Vec<Telling> = evidence.items.iter().map(telling).collect();
    told.sort_by_key(|telling| (telling.on, telling.claim));
    told
}

fn needs(rule: &Rule, verdict: &Verdict) -> Vec<Evidence> {
    let state = |zh: &str, shown: bool| match shown {
        false => EvidenceState::OnPaper,
        true if verdict.missing.iter().any(|missing| missing.zh == zh) => EvidenceState::Missing,
        true => EvidenceState::Shown,
    };
    let needs = rule.needs.iter().map(|need| Evidence {
        state: state(&need.zh, need.shown.is_some()),
        zh: need.zh.clone(),
        en: need.en.clone(),
    });
    needs.collect()
}

fn changes(
    child: &Child<'_>,
    verdict: &Verdict,
    rules: &[&Rule],
    settings: &Settings,
) -> Vec<WouldChange> {
    let mut found: Vec<WouldChange> = Vec::new();
    for supposed in suppose::all(child, verdict, settings) {
        let mut with = child.clone();
        with.records.retain(|record| Some(record.id) != supposed.replaces);
        with.records.push(&supposed.record);
        let then = pending::judge(&with, rules, settings);
        let new = found.iter().all(|known| known.zh != supposed.zh);
        if then.code != verdict.code && new {
            let (zh, en) = (supposed.zh, supposed.en);
            found.push(WouldChange { zh, en, code: then.code, reason: then.reason });
        }
    }
    // What accuses comes last: the reader asks first how the child is cleared.
    found.sort_by_key(|change| (change.code.accuses(), !change.code.clears()));
    found
}
