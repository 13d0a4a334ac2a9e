//! Conflicts, reviews and the lines of the comparisons in the words of the report stage.

use std::collections::{BTreeMap, BTreeSet};

use baoxue_claim::{ChildId, ClaimId, Record, Source};
use baoxue_determine::{Determined, comparison::Comparisons};
use baoxue_link::ReviewReason;
use baoxue_report::{Disagreement, Lang, Line, Review, ReviewRow, Side};

use crate::{County, Derived, Reply, lines, replies};

/// A class with more children is counted in print, not listed: lines for it would be made for nothing.
const LISTED: usize = 10_000;

/// The lines of all children that the comparisons list by name.
pub(super) fn compared_lines(
    comparisons: &Comparisons,
    derived: &Derived,
    county: &County,
) -> Vec<Line> {
    let classes = comparisons.all().into_iter().flat_map(|comparison| &comparison.classes);
    let listed: BTreeSet<ChildId> = classes
        .filter(|class| class.children.len() <= LISTED)
        .flat_map(|class| class.children.iter().copied())
        .collect();
    derived
        .children
        .iter()
        .enumerate()
        .filter(|(_, child)| listed.contains(&child.id))
        .map(|(at, _)| lines::line(derived, at, county))
        .collect()
}

/// Children whose sources contradict each other, each side with its words and what it has answered.
pub(super) fn disagreements(
    derived: &Derived,
    county: &County,
    (replies, lang): (&BTreeMap<ChildId, Vec<Reply>>, Lang),
) -> Vec<Disagreement> {
    let at_conflict = |(at, found): (usize, &Determined)| {
        let conflict = found.verdict.conflict.as_ref()?;
        let line = lines::line(derived, at, county);
        let replies = replies.get(&found.verdict.child).map_or(&[][..], Vec::as_slice);
        let standing = replies::standing(conflict, replies, county.settings.as_of);
        let last: BTreeMap<Source, &Reply> =
            replies::of_quarrel(conflict, replies).map(|reply| (reply.side, reply)).collect();
        let sides = conflict
            .sides
            .iter()
            .flat_map(|side| side.claims.iter().map(move |claim| (side, claim)))
            .filter_map(|(side, claim)| {
                let record = record(derived, claim)?;
                let claim = record.claims.get(usize::from(claim.position))?;
                Some(Side {
                    says: side.says.clone(),
                    evidence: lines::evidence_of(record, claim),
                    must_answer: Some(format!(
                        "{}（{}）",
                        must_answer(side.source, record, county),
                        side.seat.zh()
                    )),
                    answer: last.get(&side.source).map(|reply| answer(reply, lang)),
                    answered: last
                        .get(&side.source)
                        .map(|reply| format!("{} {}", reply.by, reply.at.date_naive())),
                })
            })
            .collect();
        Some(Disagreement {
            who: line.who,
            about: conflict.about.zh().to_owned(),
            sides,
            opened: Some(conflict.opened),
            answer_by: Some(conflict.answer_by),
            standing: lang.pick(&standing.zh(), &standing.en()).to_owned(),
        })
    };
    derived.determined.iter().enumerate().filter_map(at_conflict).collect()
}

/// What a side has answered, in words.
fn answer(reply: &Reply, lang: Lang) -> String {
    let Reply { outcome, because, .. } = reply;
    format!("{} {because}", lang.pick(outcome.zh(), outcome.en()))
}

/// Pairs that wait for a person, then rows that nothing is similar to: also these must be seen by somebody.
pub(super) fn reviews(derived: &Derived, county: &County, lang: Lang) -> Vec<Review> {
    let row = |record: &Record| {
        let mut who = lines::who_of_record(record, &county.towns);
        who.child = Some(ChildId::from(record.id));
        ReviewRow {
            who,
            school: record.person.school.clone(),
            source: record.source,
            file: record.origin.file.to_string(),
            sheet: record.origin.sheet.to_string(),
            row: record.origin.row,
        }
    };
    let find = |id| {
        let at = derived.records.binary_search_by_key(&id, |r: &Record| r.id).ok()?;
        Some(row(&derived.records[at]))
    };
    let pairs = derived.reviews.iter().filter_map(|pair| {
        Some(Review {
            score: Some(f64::from(pair.probability)),
            reason: reason(pair.reason, lang).to_owned(),
            left: find(pair.left)?,
            right: find(pair.right),
        })
    });
    let alone = lang.pick(
        "名单中没有相似的人，须由人工查找；查明后请补全信息重新报送",
        "nobody similar in any list; find out who it is and send the row again with the missing cells",
    );
    let single = derived.unplaced().map(|record| Review {
        score: None,
        reason: alone.to_owned(),
        left: row(record),
        right: None,
    });
    pairs.chain(single).collect()
}

fn record<'a>(derived: &'a Derived, claim: &ClaimId) -> Option<&'a Record> {
    let at = derived.records.binary_search_by_key(&claim.record, |r| r.id).ok()?;
    Some(&derived.records[at])
}

/// Who must answer for what a source says.
fn must_answer(source: Source, record: &Record, county: &County) -> String {
    let town = lines::town_name(
        record.town.or(record.person.lives_at.town).or(record.person.registered_at.town),
        &county.towns,
    );
    match source {
        Source::TownSurvey | Source::TownLedger | Source::Certificate => {
            town.unwrap_or_else(|| source.zh().to_owned())
        }
        Source::StudentRegistry
        | Source::SchoolReport
        | Source::RollCall
        | Source::HomeTeachingLog => {
            record.person.school.clone().unwrap_or_else(|| source.zh().to_owned())
        }
        Source::PopulationRegister
        | Source::PovertyRegister
        | Source::DisabilityRegister
        | Source::CivilAffairs
        | Source::Inspection
        | Source::TipOff
        | Source::Approval
        | Source::Departure
        | Source::AidPayment
        | Source::SchoolDirectory
        | Source::OfficialsDirectory => source.zh().to_owned(),
    }
}

fn reason(reason: ReviewReason, lang: Lang) -> &'static str {
    match reason {
        ReviewReason::Unsure => lang.pick("相似但证据不足", "similar, evidence is not enough"),
        ReviewReason::ReviewOnly => lang.pick(
            "只有文字线索或小名，须人工认定",
            "free text or nickname, a person must place it",
        ),
        ReviewReason::TwoIdentities => lang.pick(
            "各项相同但身份证号不同，可能重复登记",
            "alike, but two ID numbers: perhaps registered twice",
        ),
        ReviewReason::SameSource => lang.pick("同一名单中出现两次", "twice in one list"),
        ReviewReason::WeakBridge => lang
            .pick("两行相似，但合并后其他行不一致", "alike, but the rest of the two groups is not"),
    }
}
