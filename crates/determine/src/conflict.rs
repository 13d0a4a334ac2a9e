//! A quarrel between sources that no order decides: both sides' words, who must answer, by when.
//!
//! The time to answer runs from the day on which the quarrel was first shown and from no later one, however often the county
//! is judged and the same thing said again.

use std::{
    cmp::Reverse,
    collections::BTreeMap,
    fmt,
    mem::{Discriminant, discriminant},
};

use baoxue_claim::{
    Claim, ClaimId, EnrolmentStatus, InspectionFinding, Source, Statement, SurveyFinding,
    VerdictCode,
};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{
    Child, Settings,
    evidence::{Evidence, Item},
    facts::{Basis, Current, Slot, Stance, survey_stance},
    pack::Rule,
    say,
    seat::{self, Seat},
};

/// Claims that cannot all hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// What it is about.
    #[serde(default)]
    pub about: About,
    /// Two sides or more, each with its claims.
    pub sides: Vec<Side>,
    /// Since when both sides have said what they say, by the dates of their claims.
    #[serde(default)]
    pub since: NaiveDate,
    /// The day on which it was first shown.
    #[serde(default)]
    pub opened: NaiveDate,
    /// The day by which each side must answer: [`Settings::conflict_answer_days`] after `opened`.
    pub answer_by: NaiveDate,
    /// The seats of both duty lines that look at the child together.
    pub seats: Vec<Seat>,
}

/// What sources contradict each other about.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Whether the child is in school.
    #[default]
    Schooling,
    /// When it was born.
    Birth,
}

impl About {
    /// The words in zh-CN.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Schooling => "是否在校",
            Self::Birth => "出生日期",
        }
    }
}

/// A quarrel about a child as it was first shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// What it is about.
    pub about: About,
    /// The day.
    pub on: NaiveDate,
}

/// One side of a conflict. `Debug` does not show its words: they may name people.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// Who says it.
    pub source: Source,
    /// Whose seat answers for it.
    pub seat: Seat,
    /// The claims.
    pub claims: Vec<ClaimId>,
    /// What it says, in zh-CN, with its own words where nothing in them is sealed.
    pub says: String,
}

impl fmt::Debug for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Side")
            .field("source", &self.source)
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}

impl Conflict {
    /// Whether a day on which a quarrel about the child was first shown is that of this one: since then neither side has
    /// said anything else.
    pub fn is_of(&self, opening: &Opening) -> bool {
        opening.about == self.about && opening.on >= self.since
    }
}

/// The quarrel of a child whom a rule calls one.
pub(crate) fn of(
    child: &Child<'_>,
    rule: &Rule,
    basis: &Basis<'_>,
    settings: &Settings,
) -> Option<Conflict> {
    if rule.code != VerdictCode::Conflict {
        return None;
    }
    let mut sides = Vec::new();
    for slots in &rule.sides {
        // Two towns that say opposite things are two sides of one source.
        let mut by_voice: BTreeMap<(Source, Stance), Vec<&Current<'_>>> = BTreeMap::new();
        for current in basis.current.iter().filter(|current| slots.contains(&current.slot)) {
            by_voice.entry((current.item.source(), current.stance)).or_default().push(current);
        }
        for ((source, _), currents) in by_voice {
            let says: Vec<String> = currents.iter().map(|current| say::quote_zh(current)).collect();
            let claims = currents.iter().map(|current| current.item.id).collect();
            let seat = seat::answers_for(source);
            sides.push(Side { source, seat, claims, says: says.join("；") });
        }
    }
    let born = rule.sides.iter().flatten().any(|slot| *slot == Slot::Birth);
    let at_school = |current: &Current<'_>| matches!(current.slot, Slot::Registry | Slot::School);
    let mut conflict = Conflict {
        about: if born { About::Birth } else { About::Schooling },
        since: since(&sides, &Evidence::gather(child, settings.as_of)).unwrap_or(settings.as_of),
        sides,
        opened: settings.as_of,
        answer_by: settings.as_of,
        seats: seat::both_lines(basis.current.iter().any(at_school)),
    };
    let known = child.files.and_then(|files| files.openings.get(&child.id));
    if let Some(opening) = known.into_iter().flatten().find(|opening| conflict.is_of(opening)) {
        conflict.opened = opening.on.min(settings.as_of);
    }
    let days = Days::new(u64::from(settings.conflict_answer_days));
    conflict.answer_by = conflict.opened.checked_add_days(days).unwrap_or(conflict.opened);
    Some(conflict)
}

/// The first day on which all sides had said what they say now. A side that says the same thing again has said it since the
/// first time; one that said something else in between, since then.
fn since(sides: &[Side], evidence: &Evidence<'_>) -> Option<NaiveDate> {
    let items: BTreeMap<ClaimId, &Item<'_>> =
        evidence.items.iter().map(|item| (item.id, item)).collect();
    let words = |side: &Side| -> Vec<Word> {
        side.claims.iter().filter_map(|id| word(items.get(id)?.claim)).collect()
    };
    let first = |side: &Side| {
        // Another side of the same source, a second row of one town for example, is no change of mind.
        let of_source = sides.iter().filter(|other| other.source == side.source);
        let (own, all): (Vec<Word>, Vec<Word>) = (words(side), of_source.flat_map(words).collect());
        let mut said: Vec<(NaiveDate, Word)> = evidence
            .items
            .iter()
            .filter(|item| item.source() == side.source)
            .filter_map(|item| Some((item.claim.on, word(item.claim)?)))
            .filter(|(_, word)| all.iter().any(|known| known.0 == word.0))
            .collect();
        // Latest first; of one day what is said now comes first.
        said.sort_by_key(|(on, word)| (Reverse(*on), !all.contains(word)));
        let same = said.into_iter().take_while(|(_, word)| all.contains(word));
        same.filter(|(_, word)| own.contains(word)).map(|(on, _)| on).last()
    };
    sides.iter().filter_map(first).max()
}

/// What a claim says, so far that one who says it again has not changed his mind.
type Word = (Discriminant<Statement>, Said);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Said {
    Row,
    Found(Stance),
    OnRoll(EnrolmentStatus),
    Seen(Discriminant<InspectionFinding>),
    Back(bool),
}

/// `None` for a blank row and for words that leave it open: neither says anything, and neither takes anything back.
fn word(claim: &Claim) -> Option<Word> {
    let said = match &claim.what {
        Statement::Survey { finding: SurveyFinding::Silent | SurveyFinding::Unclear } => {
            return None;
        }
        Statement::Survey { finding } => Said::Found(survey_stance(finding)),
        Statement::Enrolment(row) => Said::OnRoll(row.status),
        Statement::Inspection { finding, .. } => Said::Seen(discriminant(finding)),
        Statement::Absence(row) => Said::Back(row.returned),
        Statement::Registered
        | Statement::Ledger(_)
        | Statement::TipOff
        | Statement::Certificate(_)
        | Statement::Leave(_)
        | Statement::Deferral(_)
        | Statement::Departure(_)
        | Statement::Poverty { .. }
        | Statement::Disability { .. }
        | Statement::Aid(_)
        | Statement::HomeVisit(_)
        | Statement::HomePlan(_) => Said::Row,
    };
    Some((discriminant(&claim.what), said))
}

#[cfg(test)]
mod tests;
