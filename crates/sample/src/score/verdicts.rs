//! How well the status of the children was found.

use std::collections::{BTreeMap, HashMap};

use baoxue_claim::VerdictCode;

use super::{
    Conflicts, Score, SeedChild, TownLine, Wrong,
    table::{Answered, ChildTruth, Determination, Truth},
};

const OUT: [&str; 2] = ["DROPOUT", "NEVER_ENROLLED"];
const SAFE: [&str; 11] = [
    "ENROLLED_LOCAL",
    "ENROLLED_ELSEWHERE",
    "HOME_TEACHING",
    "COMPLETED",
    "NOT_YET_OF_AGE",
    "EXEMPT_MEDICAL",
    "DISABILITY_DEFERRED",
    "SUSPENDED_WITH_APPROVAL",
    "DEAD",
    "EMIGRATED",
    "REGISTER_ERROR",
];
const OPEN: [&str; 3] = ["SUSPECTED", "CONFLICT", "MISSING"];

/// The codes of the truth that a code of the product may stand for, the likeliest first; empty when the code is none.
fn meanings(code: &str) -> Vec<&'static str> {
    if let Some(same) = SAFE.iter().chain(&OUT).chain(&OPEN).find(|known| **known == code) {
        return vec![same];
    }
    let Ok(code) = code.parse::<VerdictCode>() else { return Vec::new() };
    match code {
        VerdictCode::Deferred => vec!["DISABILITY_DEFERRED", "EXEMPT_MEDICAL"],
        VerdictCode::Unable => vec!["EXEMPT_MEDICAL", "DISABILITY_DEFERRED"],
        VerdictCode::Suspended => vec!["SUSPENDED_WITH_APPROVAL"],
        VerdictCode::MovedOut => vec!["EMIGRATED"],
        VerdictCode::OverageIncomplete => vec!["COMPLETED"],
        VerdictCode::Missing | VerdictCode::Unverified | VerdictCode::OtherArrangement => {
            vec!["MISSING"]
        }
        VerdictCode::EnrolledLocal
        | VerdictCode::EnrolledElsewhere
        | VerdictCode::HomeTeaching
        | VerdictCode::NotYetOfAge
        | VerdictCode::Completed
        | VerdictCode::Dead
        | VerdictCode::Emigrated
        | VerdictCode::RegisterError
        | VerdictCode::Suspected
        | VerdictCode::Dropout
        | VerdictCode::NeverEnrolled
        | VerdictCode::Conflict => vec![code.code()],
    }
}

/// One determination that touches a child.
struct Said {
    /// Weight of the child's rows in the cluster.
    weight: u64,
    /// Children in the cluster.
    shared_by: usize,
    code: &'static str,
}

/// Everything said, by child of the truth.
struct Verdicts {
    said: Vec<Vec<Said>>,
}

impl Verdicts {
    /// The code that counts: that of the cluster with most of the child's rows. A second registration that lies with the
    /// child that it repeats, or that nobody speaks of, is what a careful reader makes of it.
    fn of(&self, truth: &Truth, child: usize) -> Option<&'static str> {
        let said = &self.said[child];
        let mut best: Option<&Said> = None;
        for one in said {
            let order = |s: &Said| (s.weight, std::cmp::Reverse(s.shared_by));
            if best.is_none_or(|best| order(one) > order(best)) {
                best = Some(one);
            }
        }
        let shared = said.iter().any(|one| one.shared_by > 1);
        if truth.children[child].alias_of.is_some() && (best.is_none() || shared) {
            return Some("REGISTER_ERROR");
        }
        best.map(|said| said.code)
    }
}

pub(super) fn score(truth: &Truth, answered: &Answered, score: &mut Score) {
    let verdicts = gather(truth, answered, score);
    let got: Vec<Option<&'static str>> =
        (0..truth.children.len()).map(|child| verdicts.of(truth, child)).collect();
    let scored: Vec<usize> =
        (0..truth.children.len()).filter(|at| truth.children[*at].n_rows > 0).collect();
    for at in &scored {
        agreement(&truth.children[*at], got[*at], score);
        accusation(truth, (*at, got[*at]), &verdicts.said[*at], score);
    }
    score.conflicts = conflicts(truth, &scored, &got);
    score.seed = seed(truth, &got);
    score.towns = towns(truth, (&scored, &got), score);
}

/// Finds for every determination the children that it is about: by the rows of its cluster, else by the ID, else by a
/// name that only one child has.
fn gather(truth: &Truth, answered: &Answered, score: &mut Score) -> Verdicts {
    let mut weights: HashMap<&str, BTreeMap<usize, u64>> = HashMap::new();
    for row in &truth.rows {
        let Some(link) = answered.links.get(&row.key).filter(|link| !link.child.is_empty()) else {
            continue;
        };
        // The police register says who the child is; its rows weigh three times.
        let weight = if row.has("register") || row.has("register_supplement") { 3 } else { 1 };
        *weights.entry(link.child.as_str()).or_default().entry(row.child).or_default() += weight;
    }
    let mut verdicts = Verdicts { said: truth.children.iter().map(|_| Vec::new()).collect() };
    let people = People::new(truth);
    let mut unknown: BTreeMap<String, u64> = BTreeMap::new();
    for determination in &answered.determinations {
        let codes = meanings(&determination.code);
        if codes.is_empty() {
            *unknown.entry(determination.code.clone()).or_default() += 1;
            continue;
        }
        let children = match weights.get(determination.child.as_str()) {
            Some(children) => children.clone(),
            None => people.find(determination).map(|child| (child, 1)).into_iter().collect(),
        };
        score.for_nobody += u64::from(children.is_empty());
        for (child, weight) in &children {
            let expected = &truth.children[*child].expected;
            let code = codes.iter().find(|code| *code == expected).unwrap_or(&codes[0]);
            verdicts.said[*child].push(Said { weight: *weight, shared_by: children.len(), code });
        }
    }
    score.unknown_codes = unknown.into_iter().collect();
    verdicts
}

/// Finds children without links.
struct People<'t> {
    by_id: HashMap<&'t str, usize>,
    by_name: HashMap<&'t str, Option<usize>>,
}

impl<'t> People<'t> {
    fn new(truth: &'t Truth) -> Self {
        let mut by_name = HashMap::new();
        for (at, child) in truth.children.iter().enumerate() {
            by_name
                .entry(child.name.as_str())
                .and_modify(|known| *known = None)
                .or_insert(Some(at));
        }
        let with_id = truth.children.iter().enumerate().filter(|(_, child)| !child.id.is_empty());
        Self { by_id: with_id.map(|(at, child)| (child.id.as_str(), at)).collect(), by_name }
    }

    fn find(&self, determination: &Determination) -> Option<usize> {
        let by_id = self.by_id.get(determination.id.as_str()).copied();
        by_id.or_else(|| self.by_name.get(determination.name.as_str()).copied().flatten())
    }
}

fn is(code: Option<&str>, codes: &[&str]) -> bool {
    code.is_some_and(|code| codes.contains(&code))
}

/// Strict agreement, the two sets of children at risk, and the list of wrong codes.
fn agreement(child: &ChildTruth, got: Option<&'static str>, score: &mut Score) {
    let expected = Some(child.expected.as_str());
    score.strict.of += 1;
    score.strict.right += u64::from(got == expected);
    score.not_determined += u64::from(got.is_none());
    for (found, set) in [(&mut score.out, OUT.as_slice()), (&mut score.suspected, &["SUSPECTED"])] {
        match (is(expected, set), is(got, set)) {
            (true, true) => found.hits += 1,
            (true, false) => found.missed += 1,
            (false, true) => found.wrong += 1,
            (false, false) => {}
        }
    }
    if is(expected, &OUT) {
        if !child.reported {
            score.hidden.of += 1;
            score.hidden.right += u64::from(is(got, &OUT));
        }
        if is(got, &SAFE) {
            score.missed_called_safe.push(child.uid.clone());
        }
    }
    let acceptable = got.is_some_and(|got| child.acceptable.iter().any(|code| code == got));
    if got != expected && !acceptable && child.alias_of.is_none() {
        score.wrong.push(Wrong {
            uid: child.uid.clone(),
            expected: child.expected.clone(),
            reason: child.reason.clone(),
            got: got.map(str::to_owned),
        });
    }
}

/// A family is accused when any cluster that holds rows of its child says that it is out of school.
fn accusation(
    truth: &Truth,
    (at, got): (usize, Option<&'static str>),
    said: &[Said],
    score: &mut Score,
) {
    let child = &truth.children[at];
    let innocent = SAFE.contains(&child.expected.as_str()) && child.in_school != "0";
    if child.alias_of.is_some() || !innocent {
        return;
    }
    if is(got, &OUT) {
        score.wrongly_accused.push(child.uid.clone());
    } else if said.iter().any(|one| OUT.contains(&one.code)) {
        score.accused_by_split.push(child.uid.clone());
    }
}

fn conflicts(truth: &Truth, scored: &[usize], got: &[Option<&'static str>]) -> Conflicts {
    let mut conflicts = Conflicts::default();
    for at in scored {
        let child = &truth.children[*at];
        let shown = got[*at] == Some("CONFLICT");
        if child.expected == "CONFLICT" {
            conflicts.of += 1;
            conflicts.surfaced += u64::from(shown);
            conflicts.decided_out += u64::from(is(got[*at], &OUT));
            conflicts.decided_safe += u64::from(is(got[*at], &SAFE));
        } else if shown && !child.acceptable.iter().any(|code| code == "CONFLICT") {
            conflicts.invented += 1;
        }
    }
    conflicts
}

fn seed(truth: &Truth, got: &[Option<&'static str>]) -> Vec<SeedChild> {
    let mut seed: Vec<SeedChild> = truth
        .children
        .iter()
        .zip(got)
        .filter(|(child, _)| !child.seed.is_empty())
        .map(|(child, got)| SeedChild {
            seed: child.seed.clone(),
            town: child.town.clone(),
            class: child.seed_class.clone(),
            expected: child.expected.clone(),
            got: got.map(str::to_owned),
        })
        .collect();
    seed.sort_by(|a, b| a.seed.cmp(&b.seed));
    seed
}

fn towns(
    truth: &Truth,
    (scored, got): (&[usize], &[Option<&'static str>]),
    score: &Score,
) -> Vec<TownLine> {
    let mut lines: Vec<TownLine> = truth
        .towns
        .iter()
        .map(|(town, reported)| TownLine {
            town: town.clone(),
            reported: *reported,
            ..TownLine::default()
        })
        .collect();
    let at: HashMap<&str, usize> =
        truth.towns.iter().enumerate().map(|(at, (town, _))| (town.as_str(), at)).collect();
    let accused: std::collections::HashSet<&str> =
        score.wrongly_accused.iter().map(String::as_str).collect();
    for child_at in scored {
        let child = &truth.children[*child_at];
        let Some(line) = at.get(child.town.as_str()).map(|at| &mut lines[*at]) else { continue };
        if child.alias_of.is_some() {
            continue;
        }
        let (so, said) = (OUT.contains(&child.expected.as_str()), is(got[*child_at], &OUT));
        line.true_out += u64::from(so);
        line.said_out += u64::from(said);
        line.found += u64::from(so && said);
        line.accused += u64::from(accused.contains(child.uid.as_str()));
        line.suspected += u64::from(got[*child_at] == Some("SUSPECTED"));
        line.conflict += u64::from(got[*child_at] == Some("CONFLICT"));
    }
    for child in &score.seed {
        if let Some(at) = at.get(child.town.as_str()) {
            lines[*at].seed_right += u64::from(child.is_right());
        }
    }
    lines
}
