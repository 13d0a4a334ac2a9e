//! Aid: who is entitled, who received, and where the two differ (应助未助、错助、重复). The system says entitled, likely, not
//! or unknown, with the reason; school and bureau decide.

mod settings;
mod title;

use std::collections::{BTreeMap, BTreeSet};

use baoxue_claim::{
    AidKind, AidPaid, ChildId, Claim, ClaimId, Grade, Record, SchoolTerm, Statement,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Known, Settings, comparison::SumError};

pub use settings::{AidRules, Scheme, Stage};
pub use title::{Reason, Title};

/// How what a pupil received stands to what it is entitled to. Every pair of pupil and aid is exactly one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Entitled, and received what the table says.
    Right,
    /// Entitled, and nothing received though the term's list has come (应助未助).
    Gap,
    /// Entitled, and received another amount than the table's.
    OtherAmount,
    /// Received without title (错助).
    WithoutTitle,
    /// Received twice for one term (重复).
    Twice,
    /// Received after the day on which the child was out of school.
    PaidWhileOut,
    /// Entitled, and no list for the term has come: nobody can say.
    NoList,
    /// It is not known whether it is entitled.
    Unknown,
}

impl Standing {
    /// All of them, in the order of the tables.
    pub const ALL: [Self; 8] = [
        Self::Gap,
        Self::WithoutTitle,
        Self::Twice,
        Self::PaidWhileOut,
        Self::OtherAmount,
        Self::Unknown,
        Self::NoList,
        Self::Right,
    ];

    /// What a clerk calls it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Right => "已助，相符",
            Self::Gap => "应助未助",
            Self::OtherAmount => "金额与标准不符",
            Self::WithoutTitle => "不符合条件而领取（错助）",
            Self::Twice => "重复领取",
            Self::PaidWhileOut => "失学辍学期间领取",
            Self::NoList => "应助，未收到发放名单",
            Self::Unknown => "是否应助待核",
        }
    }

    /// The same in English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::Right => "received as entitled",
            Self::Gap => "entitled, nothing received",
            Self::OtherAmount => "another amount than the table's",
            Self::WithoutTitle => "received without title",
            Self::Twice => "received twice",
            Self::PaidWhileOut => "received while out of school",
            Self::NoList => "entitled, no payment list has come",
            Self::Unknown => "title not known",
        }
    }
}

/// One pupil and one aid in one term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AidCase {
    /// The child.
    pub child: ChildId,
    /// The aid.
    pub aid: AidKind,
    /// The term.
    pub term: SchoolTerm,
    /// How it stands.
    pub standing: Standing,
    /// Whether it is entitled.
    pub title: Title,
    /// Why, or why not.
    pub reasons: Vec<Reason>,
    /// What the table gives for the term, in fen; `None` when it has no amount.
    pub due_fen: Option<u32>,
    /// What was received for the term, in fen.
    pub received_fen: u32,
    /// The payments.
    pub payments: Vec<ClaimId>,
}

/// The aid of a term.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Aid {
    /// The term of the day of determination.
    pub term: SchoolTerm,
    /// For which aid a list of the term has come.
    pub lists: BTreeSet<AidKind>,
    /// The cases: everybody who is or may be entitled, or has received.
    pub cases: Vec<AidCase>,
}

/// Cases of one aid by how they stand; `cases` is their sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AidCount {
    /// The aid.
    pub aid: AidKind,
    /// All cases.
    pub cases: u32,
    /// By standing, in the order of [`Standing::ALL`].
    pub standings: [u32; 8],
    /// What the table gives those who are entitled, in fen.
    pub due_fen: u64,
    /// What was received, in fen.
    pub received_fen: u64,
}

/// Checks the aid of the term in which the day lies.
pub fn aid(children: &[Known<'_>], settings: &Settings) -> Aid {
    let term = SchoolTerm::of(settings.as_of);
    let records = children.iter().flat_map(|child| child.records.iter().copied());
    let lists = lists(records, settings);
    let cases = children.iter().flat_map(|child| aid_of(child, &lists, settings)).collect();
    Aid { term, lists, cases }
}

/// For which aid a list of the term has come.
pub fn lists<'r>(
    records: impl Iterator<Item = &'r Record>,
    settings: &Settings,
) -> BTreeSet<AidKind> {
    let claims = records.flat_map(|record| &record.claims);
    let paid = claims.filter_map(|claim| Some((claim, paid_in(claim, settings.as_of)?)));
    let term = SchoolTerm::of(settings.as_of);
    paid.filter(|(_, (of, _))| *of == term).map(|(_, (_, row))| row.aid).collect()
}

/// The payment of a claim that was made by a day, with its term. A list that names no term counts for that in which it was paid.
fn paid_in(claim: &Claim, as_of: NaiveDate) -> Option<(SchoolTerm, &AidPaid)> {
    let Statement::Aid(row) = &claim.what else { return None };
    (claim.on <= as_of).then(|| (row.term.unwrap_or_else(|| SchoolTerm::of(claim.on)), row))
}

/// The aid of one child in the term, when it is known for which aid a list has come.
pub fn aid_of(child: &Known<'_>, lists: &BTreeSet<AidKind>, settings: &Settings) -> Vec<AidCase> {
    let term = SchoolTerm::of(settings.as_of);
    let paid = payments(child, term, settings.as_of);
    let known = title::Circumstances::of(child, settings.as_of);
    let mut kinds: BTreeSet<AidKind> = settings.aid.in_force(term.first_day());
    kinds.extend(paid.keys());
    let case = |aid: AidKind| {
        let received = paid.get(&aid).map(Vec::as_slice).unwrap_or_default();
        let (title, reasons) = known.title(aid);
        if received.is_empty() && title == Title::Not {
            return None;
        }
        let grade = child.found.profile.grade;
        let due_fen = settings.aid.due(aid, grade, term.first_day());
        let case = Case { child, title, due_fen, received, has_list: lists.contains(&aid) };
        Some(AidCase {
            child: child.found.profile.child,
            aid,
            term,
            standing: case.standing(),
            title,
            reasons,
            due_fen,
            received_fen: case.received_fen(),
            payments: received.iter().map(|payment| payment.claim).collect(),
        })
    };
    kinds.into_iter().filter_map(case).collect()
}

/// A payment with the day on which it was made or listed.
struct Payment<'a> {
    claim: ClaimId,
    row: &'a AidPaid,
    on: NaiveDate,
}

/// What was paid to the child for the term.
fn payments<'a>(
    child: &Known<'a>,
    term: SchoolTerm,
    as_of: NaiveDate,
) -> BTreeMap<AidKind, Vec<Payment<'a>>> {
    let mut paid: BTreeMap<AidKind, Vec<Payment<'a>>> = BTreeMap::new();
    for (id, _, claim) in child.claims() {
        let Some((of, row)) = paid_in(claim, as_of) else { continue };
        if of == term {
            let payment = Payment { claim: id, row, on: row.on.unwrap_or(claim.on) };
            paid.entry(row.aid).or_default().push(payment);
        }
    }
    for payments in paid.values_mut() {
        payments.sort_by_key(|payment| payment.claim);
    }
    paid
}

struct Case<'c, 'a> {
    child: &'c Known<'a>,
    title: Title,
    due_fen: Option<u32>,
    received: &'c [Payment<'a>],
    has_list: bool,
}

impl Case<'_, '_> {
    fn received_fen(&self) -> u32 {
        self.received.iter().filter_map(|payment| payment.row.fen).sum()
    }

    /// The gravest thing that is so: twice, while out, without title, then amounts and gaps.
    fn standing(&self) -> Standing {
        if self.received.len() > 1 {
            return Standing::Twice;
        }
        if self.received.iter().any(|payment| was_out(self.child, payment.on)) {
            return Standing::PaidWhileOut;
        }
        match (self.title, self.received.first()) {
            (Title::Not, _) => Standing::WithoutTitle,
            (Title::Likely | Title::Unknown, _) => Standing::Unknown,
            (Title::Entitled, None) if self.has_list => Standing::Gap,
            (Title::Entitled, None) => Standing::NoList,
            (Title::Entitled, Some(payment)) => {
                let differs =
                    self.due_fen.zip(payment.row.fen).is_some_and(|(due, got)| due != got);
                if differs { Standing::OtherAmount } else { Standing::Right }
            }
        }
    }
}

/// Whether the child is out of school and somebody said so on or before the day.
fn was_out(child: &Known<'_>, on: NaiveDate) -> bool {
    let verdict = &child.found.verdict;
    verdict.code.is_out()
        && child.claims().any(|(id, _, claim)| verdict.claims.contains(&id) && claim.on <= on)
}

impl Aid {
    /// The cases of each aid by how they stand.
    ///
    /// # Errors
    /// [`SumError`] when a pupil stands twice under one aid.
    pub fn counts(&self) -> Result<Vec<AidCount>, SumError> {
        let mut counts: BTreeMap<AidKind, AidCount> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut twice = Vec::new();
        for case in &self.cases {
            if !seen.insert((case.child, case.aid)) {
                twice.push(case.child);
            }
            let count = counts.entry(case.aid).or_insert_with(|| AidCount::none(case.aid));
            let at = Standing::ALL.iter().position(|standing| *standing == case.standing);
            count.cases += 1;
            if let Some(slot) = at.and_then(|at| count.standings.get_mut(at)) {
                *slot += 1;
            }
            let entitled = case.title == Title::Entitled;
            count.due_fen += case.due_fen.filter(|_| entitled).map_or(0, u64::from);
            count.received_fen += u64::from(case.received_fen);
        }
        if twice.is_empty() {
            return Ok(counts.into_values().collect());
        }
        let (table, missing) = ("aid".to_owned(), Vec::new());
        Err(SumError { table, whole: seen.len(), parts: vec![self.cases.len()], missing, twice })
    }
}

impl AidCount {
    const fn none(aid: AidKind) -> Self {
        Self { aid, cases: 0, standings: [0; 8], due_fen: 0, received_fen: 0 }
    }
}

/// The stage of compulsory schooling of a grade.
pub(crate) fn stage(grade: Grade) -> Option<Stage> {
    match grade.number() {
        1..=6 => Some(Stage::Primary),
        7..=9 => Some(Stage::Junior),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
