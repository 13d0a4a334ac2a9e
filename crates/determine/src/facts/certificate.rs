//! Certificates of study elsewhere.

use baoxue_claim::{Certificate, ClaimId, Statement, compact, same_school};
use chrono::{Months, NaiveDate};

use super::{Basis, Slot, Stance, arrangement};
use crate::{
    Child, Settings,
    evidence::{Evidence, Item},
    verdict::Why,
};

/// Certificates of a school elsewhere.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct CertificateFacts {
    pub(crate) valid: bool,
    /// There is a certificate and none is accepted.
    pub(crate) refused: bool,
}

/// Reads certificates. One of an institution of the neutral class is no certificate of a school: it is read there.
pub(crate) fn read<'a>(
    child: &Child<'a>,
    evidence: &Evidence<'a>,
    settings: &Settings,
    basis: &mut Basis<'a>,
) -> CertificateFacts {
    let mut facts = CertificateFacts::default();
    for (item, row) in evidence.of(|claim| {
        let Statement::Certificate(row) = &claim.what else { return None };
        Some(row)
    }) {
        let institution = row.school.as_deref().is_some_and(arrangement::is_institution);
        match good(&item, row, child, settings) {
            Ok(_) if institution => {}
            Ok(end) => {
                facts.valid = true;
                basis.ends.certificate = basis.ends.certificate.max(Some(end));
                basis.cite(Slot::Certificate, Stance::Elsewhere, item);
            }
            Err((zh, en)) => {
                facts.refused = true;
                basis.refuse(item, (zh.join("，"), en.join(", ")));
                basis.cite(Slot::Certificate, Stance::Nothing, item);
            }
        }
    }
    for item in misdated(child, settings) {
        facts.refused = true;
        basis.refuse(item, MISDATED);
        basis.cite(Slot::Certificate, Stance::Nothing, item);
    }
    facts.refused &= !facts.valid;
    facts
}

const MISDATED: Why = (
    "开具日期晚于名册日期，应为笔误，须核对原件",
    "dated after the list that tells of it: a slip, to be compared",
);

/// Certificates dated after the list in which they stand: a slip of the pen, by which a paper is neither good nor absent. One
/// dated after the day and before its list had not been issued on that day.
fn misdated<'a>(child: &Child<'a>, settings: &Settings) -> Vec<Item<'a>> {
    let mut found = Vec::new();
    for &record in child.records.iter().filter(|record| record.as_of <= settings.as_of) {
        for (claim, position) in record.claims.iter().zip(0..=u8::MAX) {
            let slip = claim.on > settings.as_of && claim.on > record.as_of;
            if slip && matches!(claim.what, Statement::Certificate(_)) {
                found.push(Item { id: ClaimId { record: record.id, position }, record, claim });
            }
        }
    }
    found.sort_by(|a, b| a.id.cmp(&b.id).then_with(|| a.record.origin.cmp(&b.record.origin)));
    found
}

/// The last day on which the certificate holds, or everything that is wrong with it.
pub(super) fn good(
    item: &Item<'_>,
    row: &Certificate,
    child: &Child<'_>,
    settings: &Settings,
) -> Result<NaiveDate, (Vec<&'static str>, Vec<&'static str>)> {
    let rules = &settings.certificate;
    let mut why: Vec<Why> = Vec::new();
    if row.school.as_deref().is_none_or(|school| compact(school).is_empty()) {
        why.push(("未写明学校", "names no school"));
    }
    let lacks = |asked: bool, has: Option<bool>| asked && has != Some(true);
    if lacks(rules.must_be_sealed, row.sealed) {
        why.push(match row.sealed {
            Some(_) => ("未盖学校公章", "without the school's seal"),
            None => ("看不出是否盖章", "a seal cannot be told"),
        });
    }
    if lacks(rules.must_be_verified, row.verified) {
        why.push(match row.verified {
            Some(_) => ("未经核实", "not verified"),
            None => ("看不出是否核实", "verification cannot be told"),
        });
    }
    let names = |text: Option<&str>, words: &[String]| {
        let text = text.map(compact).unwrap_or_default();
        words.iter().any(|word| text.contains(word.as_str()))
    };
    if names(row.school.as_deref(), &rules.no_schools) {
        why.push(("不是实施义务教育的学校", "no school of compulsory education"));
    }
    if names(row.verified_how.as_deref(), &rules.no_verification) {
        why.push(("家长自述不是核实", "the family's own word is no verification"));
    }
    if !on_its_roll(row, child) {
        why.push(("所写学校的学籍名册没有该生", "the roll of that school does not hold the child"));
    }
    let issued = row.issued.unwrap_or(item.claim.on);
    let longest = issued
        .checked_add_months(Months::new(rules.valid_months))
        .and_then(|day| day.pred_opt())
        .unwrap_or(issued);
    // Its own last day counts as far as the longest time of a certificate reaches.
    let end = row.until.map_or(longest, |until| until.min(longest));
    if row.until.is_some_and(|until| until < issued) {
        why.push(("结束日期早于开具日期", "it ends before it was issued"));
    }
    if issued > settings.as_of {
        why.push(("开具日期在判定日之后", "issued after the day of determination"));
    } else if end < settings.as_of {
        why.push(("已过期，须重新开具", "out of date, to be issued again"));
    }
    if why.is_empty() { Ok(end) } else { Err(why.into_iter().unzip()) }
}

/// Whether a place as written may be that of a school whose roll is here: none, 本区, or a part of the school's own name, or
/// one that holds the county in it.
fn is_here(place: &str, roll: &str) -> bool {
    let county = roll.find(['县', '区', '市', '旗']).and_then(|at| {
        let end = at + roll[at..].chars().next().map_or(0, char::len_utf8);
        roll.get(..end)
    });
    place.is_empty()
        || place.starts_with('本')
        || roll.contains(place)
        || county.is_some_and(|county| place.contains(county))
}

/// Whether the roll of the school is not in the store, or holds the child. A school of another place may have the name of
/// one whose roll is here: a certificate that names another place is then not doubted. However the school is written, in full
/// or without its county, it is the same.
pub(crate) fn on_its_roll(row: &Certificate, child: &Child<'_>) -> bool {
    let (Some(school), Some(files)) = (&row.school, child.files) else { return true };
    let place = row.place.as_deref().map(compact).unwrap_or_default();
    let here = |roll: &&String| same_school(roll, school) && is_here(&place, roll);
    if !files.rolls.iter().any(|roll| here(&roll)) {
        return true;
    }
    let holds = |claim: &baoxue_claim::Claim| match &claim.what {
        Statement::Enrolment(row) => same_school(&row.school, school),
        Statement::Registered
        | Statement::Survey { .. }
        | Statement::Ledger(_)
        | Statement::Absence(_)
        | Statement::Inspection { .. }
        | Statement::TipOff
        | Statement::Certificate(_)
        | Statement::Leave(_)
        | Statement::Deferral(_)
        | Statement::Departure(_)
        | Statement::Poverty { .. }
        | Statement::Disability { .. }
        | Statement::Aid(_)
        | Statement::HomeVisit(_)
        | Statement::HomePlan(_) => false,
    };
    child.records.iter().flat_map(|record| &record.claims).any(holds)
}
