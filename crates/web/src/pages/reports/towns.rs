//! The order of towns with what it is made of, and why children of each are out of school.

use std::collections::BTreeSet;

use baoxue_act::account::{Causes, causes};
use baoxue_authz::{Scope, Standing};
use baoxue_claim::{Cause, TownCode};
use baoxue_determine::accounting::{Ranked, ReportState, TownAccount, ranked};

use super::{
    desk::Desk,
    table::{Report, Row, Section, Word},
};
use crate::trouble::Trouble;

pub(super) fn report(desk: &Desk<'_>) -> Result<Report, Trouble> {
    let lang = desk.lang;
    let scope = desk.scope()?;
    Ok(Report {
        name: "towns",
        form: "BX-20 v1",
        title: lang.t("reports-towns"),
        meta: desk.meta(),
        unit: ("个镇办", "towns"),
        sections: vec![order(desk, scope), by_cause(desk)?],
        notes: ["reports-note-order", "reports-note-silent", "reports-note-own"]
            .map(|key| lang.t(key))
            .to_vec(),
    })
}

/// The towns in their order; whoever answers for some sees those, each with its place among all.
fn order(desk: &Desk<'_>, scope: &Scope) -> Section {
    let lang = desk.lang;
    let all = ranked(&desk.roll.towns_account);
    let n_placed = all.iter().filter(|ranked| ranked.place.is_some()).count();
    let is_shown = |town| scope.sees(Standing { town, ..Standing::default() });
    let shown: Vec<&Ranked<'_>> = all.iter().filter(|of| is_shown(of.town.town)).collect();
    let sum = |part: fn(&TownAccount) -> Option<u32>| {
        let known: Vec<u32> = shown.iter().filter_map(|of| part(of.town)).collect();
        (!known.is_empty()).then(|| known.iter().sum())
    };
    let mut totals: Vec<Option<u32>> = PARTS.iter().map(|(_, part)| sum(*part)).collect();
    // The longest wait is no sum.
    totals.pop();
    totals.push(shown.iter().filter_map(|of| longest(of.town)).max());
    let words = vec![Word::plain(lang.t("total")), Word::default(), Word::default()];
    Section {
        title: lang.t("reports-towns"),
        sub: lang.n("reports-placed", n_placed),
        words: ["reports-place", "facet-town", "reports-sent"].map(|key| lang.t(key)).to_vec(),
        numbers: PARTS.iter().map(|(key, _)| lang.t(key)).collect(),
        totals: (shown.len() > 1).then_some(Row { words, numbers: totals, late: false }),
        rows: shown.iter().map(|of| row(desk, of)).collect(),
        none: lang.t("reports-towns-none"),
    }
}

/// A figure of a town: key of its heading, and its value where anybody can know it.
type Part = (&'static str, fn(&TownAccount) -> Option<u32>);

const PARTS: [Part; 7] = [
    ("reports-missed", |town| Some(town.missed)),
    ("reports-found-later", |town| heard(town, town.found_later)),
    ("reports-wrong", |town| heard(town, town.wrong)),
    ("reports-found-first", |town| heard(town, town.found_first)),
    ("reports-out", |town| Some(town.out)),
    ("reports-zero", |town| heard(town, town.zero_contradicted)),
    ("reports-waited", longest),
];

/// What a town's own word tells is unknown, not 0, when it has sent none.
fn heard(town: &TownAccount, n: u32) -> Option<u32> {
    (town.report != ReportState::None).then_some(n)
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "a part of the table like the others, which may be unknown"
)]
fn longest(town: &TownAccount) -> Option<u32> {
    Some(town.longest_days)
}

fn row(desk: &Desk<'_>, of: &Ranked<'_>) -> Row {
    let (lang, town) = (desk.lang, of.town);
    let place = of.place.map_or_else(|| lang.t("reports-unplaced"), |place| place.to_string());
    let (name, href) = match town.town {
        Some(code) => (town.name.clone(), format!("/children?town={code}&status=out")),
        None => (lang.t("no-town"), "/children?town=none&status=out".to_owned()),
    };
    let sent = lang.t(match town.report {
        _ if town.town.is_none() => "reports-sent-nobody",
        ReportState::None => "not-reported",
        ReportState::Zero => "reports-sent-zero",
        ReportState::Named => "reports-sent-named",
    });
    Row {
        words: vec![Word::plain(place), Word::link(name, href), Word::plain(sent)],
        numbers: PARTS.iter().map(|(_, part)| part(town)).collect(),
        late: town.missed > 0,
    }
}

/// Why children are out of school, by town; the sum is the number of cases.
fn by_cause(desk: &Desk<'_>) -> Result<Section, Trouble> {
    let lang = desk.lang;
    let by_town = causes(desk.own_cases()?);
    // What is not known yet stands last.
    let known: BTreeSet<Option<Cause>> = by_town.values().flat_map(Causes::keys).copied().collect();
    let mut columns: Vec<Option<Cause>> = known.iter().copied().flatten().map(Some).collect();
    columns.extend(known.contains(&None).then_some(None));
    let word = |cause: &Option<Cause>| match cause {
        Some(cause) => lang.pick(cause.zh(), cause.en()).to_owned(),
        None => lang.t("reports-cause-open"),
    };
    let numbers = |of: &Causes| {
        let counts = columns.iter().map(|cause| of.get(cause).copied().unwrap_or(0));
        let sum = of.values().sum();
        counts.chain([sum]).map(Some).collect::<Vec<_>>()
    };
    let name = |town: Option<TownCode>| {
        let known = town.and_then(|town| desk.county.towns.get(town));
        match (known, town) {
            (Some(known), _) => known.name.clone(),
            (None, Some(code)) => code.to_string(),
            (None, None) => lang.t("no-town"),
        }
    };
    let mut whole = Causes::new();
    for (cause, n) in by_town.values().flatten() {
        *whole.entry(*cause).or_default() += n;
    }
    let row = |words: String, of: &Causes| Row {
        words: vec![Word::plain(words)],
        numbers: numbers(of),
        late: false,
    };
    Ok(Section {
        title: lang.t("reports-causes"),
        sub: lang.t("reports-causes-sub"),
        words: vec![lang.t("facet-town")],
        numbers: columns.iter().map(word).chain([lang.t("total")]).collect(),
        totals: (by_town.len() > 1).then(|| row(lang.t("total"), &whole)),
        rows: by_town.iter().map(|(town, of)| row(name(*town), of)).collect(),
        none: lang.t("reports-none"),
    })
}
