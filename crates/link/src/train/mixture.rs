//! Expectation and maximisation: pairs are rows of one person, of brothers and sisters, or of strangers, and the levels
//! of a pair are what tells which.
//!
//! Source: Dempster, Laird and Rubin, "Maximum Likelihood from Incomplete Data via the EM Algorithm" (1977); for record
//! linkage Winkler (1988). The third class is ours.

use super::pattern::{Pattern, RANDOM, Sample};
use crate::{FieldModel, Model, prepare::Prepared};

/// Probabilities of one class: for each field those of its levels.
pub(crate) type Levels = Vec<Vec<f64>>;

/// So many pairs the starting values count for: what is seen less often than that stays near where it started.
const STARTING_PAIRS: f64 = 20.0;

/// No probability falls below this: a level never seen in a sample may still occur.
const LEAST: f64 = 1e-12;

/// Two strangers can have anything in common by an accident of a clerk.
const LEAST_OF_STRANGERS: f64 = 1e-10;

/// What is learnt.
#[derive(Clone)]
pub(crate) struct Mixture {
    pub(crate) same: Levels,
    pub(crate) strangers: Levels,
    pub(crate) family: Levels,
    /// The share of all pairs of rows that are of one person, and of brothers and sisters.
    pub(crate) prior: (f64, f64),
    /// The same and relatives among the household pairs.
    households: (f64, f64),
}

/// Probabilities that a pair is of one person and of brothers and sisters.
#[derive(Clone, Copy, Default)]
struct Posterior {
    same: f64,
    family: f64,
}

impl Posterior {
    fn of(weights: [f64; 3]) -> Self {
        let sum: f64 = weights.iter().sum();
        if sum > 0.0 {
            Self { same: weights[0] / sum, family: weights[1] / sum }
        } else {
            Self::default()
        }
    }

    fn strangers(self) -> f64 {
        (1.0 - self.same - self.family).max(0.0)
    }

    /// The probability of brothers and sisters, when it is known that the pair is of two persons.
    fn family_of_two(self) -> f64 {
        if self.same < 1.0 { (self.family / (1.0 - self.same)).min(1.0) } else { 0.0 }
    }
}

/// What stays the same while learning.
pub(crate) struct Frame<'f> {
    pub(crate) prepared: &'f Prepared,
    pub(crate) start: Mixture,
    /// By field: brothers and sisters have it in common, so that their levels are those of one person.
    pub(crate) of_household: Vec<bool>,
    /// By field: the household pairs were chosen by it.
    pub(crate) in_household_key: Vec<bool>,
    /// Rows, and pairs of them, in all.
    pub(crate) n_rows: f64,
    pub(crate) n_pairs: f64,
    /// So many pairs the starting values of strangers count for.
    pub(crate) starting_strangers: f64,
    /// Whether relatives are told from strangers at all.
    pub(crate) with_family: bool,
}

impl Frame<'_> {
    /// The share of all pairs that are of a kind, by how many were found and what was expected at the start: a table of few
    /// rows teaches little about how many rows a person has.
    fn prior(&self, found: f64, start: f64) -> f64 {
        let per_row = (2.0 * found + FEW_ROWS * start * self.n_rows) / (self.n_rows + FEW_ROWS);
        (per_row / self.n_rows).clamp(1e-15, 0.9)
    }
}

/// So many pairs the starting values of strangers count for. Random pairs are scaled up to the table, and so must these be;
/// and what few rows have in common says little about strangers, however many pairs they make.
pub(crate) fn starting_strangers(n_rows: f64, n_pairs: f64) -> f64 {
    let scale = (n_pairs / f64::from(RANDOM)).max(1.0);
    STARTING_PAIRS * scale + n_pairs * (FEW_ROWS / n_rows).powi(2)
}

/// So many rows teach as much as is held to be likely at the start.
const FEW_ROWS: f64 = 30.0;

/// How many pairs spoke for each level, by field.
#[derive(Clone)]
pub(crate) struct Seen {
    pub(crate) same: Levels,
    pub(crate) strangers: Levels,
    pub(crate) family: Levels,
}

impl Mixture {
    /// The starting values of a model.
    pub(crate) fn of(model: &Model, n_rows: f64) -> Self {
        let levels = |of: fn(&crate::Level) -> f64| -> Levels {
            model.fields.iter().map(|field| in_order(field, of)).collect()
        };
        Self {
            same: levels(|level| level.m),
            strangers: levels(|level| level.u),
            family: levels(|level| level.family.unwrap_or(level.u)),
            prior: (
                model.prior.partners_per_record / n_rows,
                model.prior.relatives_per_record / n_rows,
            ),
            households: (0.5, 0.45),
        }
    }

    /// One round: who the pairs are by what is known so far, and what follows from that. Says also what was seen.
    pub(crate) fn round(&self, frame: &Frame<'_>, sample: &Sample) -> (Self, Seen) {
        let mut seen = Seen::new(&self.same);
        let (mut n_same, mut n_same_household) = (0.0, 0.0);
        for (pattern, n) in &sample.candidates {
            let posterior = self.posterior(frame, *pattern, self.prior, false);
            n_same += n * posterior.same;
            if pattern.is_household() {
                n_same_household += n * posterior.same;
            }
            add(&mut seen.same, *pattern, n * posterior.same);
            add(&mut seen.strangers, *pattern, n * posterior.strangers());
        }
        for (pattern, n) in &sample.others {
            let posterior = self.posterior(frame, *pattern, self.prior, false);
            add(&mut seen.strangers, *pattern, n * posterior.strangers());
        }
        n_same = (n_same + self.correct(frame, sample, &mut seen)).max(0.0);
        let households = self.households(frame, sample, &mut seen.family);
        let mut next = self.clone();
        next.same = smoothed(&seen.same, &frame.start.same, STARTING_PAIRS);
        next.strangers =
            smoothed(&seen.strangers, &frame.start.strangers, frame.starting_strangers);
        let least = (1.0 / frame.n_pairs).max(LEAST_OF_STRANGERS);
        next.strangers.iter_mut().flatten().for_each(|u| *u = u.max(least));
        // These are no probabilities of an outcome, so the least one does not hold for them.
        for (at, field) in frame.prepared.fields.iter().enumerate() {
            if field.together.is_some() {
                next.same[at] = lifts(&seen.same[at], sample.candidate_scale);
                next.strangers[at] = lifts(&seen.strangers[at], sample.candidate_scale);
            }
        }
        next.prior.0 = frame.prior(n_same, frame.start.prior.0);
        if let Some((counts, weights)) = households {
            next.learn_family(frame, &seen, weights);
            let reach = if n_same > 0.0 { (n_same_household / n_same).max(0.05) } else { 1.0 };
            let relatives = counts * sample.household_scale / reach;
            next.prior.1 = frame.prior(relatives, frame.start.prior.1);
        }
        (next, seen)
    }

    /// Puts right what pairs were taken for that people have ruled about, and those that look the same; gives how many more
    /// are of one person.
    ///
    /// What was known without a ruling it does not count again: people are asked about doubtful pairs, and were each ruling
    /// a pair more, doubtful pairs would seem frequent.
    fn correct(&self, frame: &Frame<'_>, sample: &Sample, seen: &mut Seen) -> f64 {
        let mut more = 0.0;
        for judged in &sample.judged {
            let pattern = judged.pattern;
            let posterior = self.posterior(frame, pattern, self.prior, false);
            let same = judged.weight * judged.same;
            add(&mut seen.same, pattern, same * (1.0 - posterior.same));
            take(&mut seen.strangers, pattern, same * posterior.strangers());
            let wrong = judged.weight * judged.different * posterior.same;
            take(&mut seen.same, pattern, wrong);
            add(&mut seen.strangers, pattern, wrong * (1.0 - posterior.family_of_two()));
            more += same * (1.0 - posterior.same) - wrong;
        }
        more
    }

    /// Who the household pairs are: number of relatives, and the shares.
    fn households(
        &self,
        frame: &Frame<'_>,
        sample: &Sample,
        family: &mut Levels,
    ) -> Option<(f64, (f64, f64))> {
        let pairs = &sample.households;
        if !frame.with_family || pairs.is_empty() {
            return None;
        }
        let (mut all, mut same, mut relatives) = (0.0, 0.0, 0.0);
        for (pattern, n) in pairs {
            let posterior = self.posterior(frame, *pattern, self.households, true);
            all += n;
            same += n * posterior.same;
            relatives += n * posterior.family;
            add(family, *pattern, n * posterior.family);
        }
        for judged in sample.judged.iter().filter(|judged| judged.pattern.is_household()) {
            let posterior = self.posterior(frame, judged.pattern, self.households, true);
            let wrong = judged.different * posterior.same;
            let (found, lost) = (wrong * posterior.family_of_two(), judged.same * posterior.family);
            same += judged.same * (1.0 - posterior.same) - wrong;
            relatives += found - lost;
            add(family, judged.pattern, found);
            take(family, judged.pattern, lost);
        }
        let relatives = relatives.max(0.0);
        let share = |n: f64| (n / all).clamp(0.001, 0.998);
        Some((relatives, (share(same), share(relatives))))
    }

    fn learn_family(&mut self, frame: &Frame<'_>, seen: &Seen, households: (f64, f64)) {
        self.households = households;
        self.family = smoothed(&seen.family, &frame.start.family, STARTING_PAIRS);
        for (at, of_household) in frame.of_household.iter().enumerate() {
            if *of_household {
                self.family[at].clone_from(&self.same[at]);
            }
            if frame.prepared.fields[at].together.is_some() {
                self.family[at] = lifts(&seen.family[at], 1.0);
            }
        }
    }

    /// `households`: leave out the fields by which the pair was chosen.
    fn posterior(
        &self,
        frame: &Frame<'_>,
        pattern: Pattern,
        prior: (f64, f64),
        households: bool,
    ) -> Posterior {
        let family = if frame.with_family { prior.1 } else { 0.0 };
        let mut weights = [prior.0, family, (1.0 - prior.0 - family).max(1e-9)];
        for (at, field) in frame.prepared.fields.iter().enumerate() {
            let Some(level) = pattern.level(at) else { continue };
            let contained = field.containers.iter().any(|(other, mask)| {
                pattern.level(*other).is_some_and(|level| mask & (1 << level) != 0)
            });
            if contained || (households && frame.in_household_key[at]) {
                continue;
            }
            weights[0] *= self.same[at][level];
            weights[1] *= self.family[at][level];
            weights[2] *= self.strangers[at][level];
        }
        Posterior::of(weights)
    }

    /// The largest relative change of a probability that matters.
    pub(crate) fn change(&self, other: &Self) -> f64 {
        let pairs = self.same.iter().flatten().zip(other.same.iter().flatten());
        let levels = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        levels.max((self.prior.0 / other.prior.0 - 1.0).abs())
    }
}

impl Seen {
    fn new(like: &Levels) -> Self {
        let zero: Levels = like.iter().map(|levels| vec![0.0; levels.len()]).collect();
        Self { same: zero.clone(), strangers: zero.clone(), family: zero }
    }
}

fn in_order(field: &FieldModel, of: fn(&crate::Level) -> f64) -> Vec<f64> {
    let named = |name: &&str| field.levels.iter().find(|level| level.name == **name);
    field.comparator.levels().iter().map(|name| named(name).map_or(LEAST, of)).collect()
}

/// For each level of a field about two others how often it was seen against how often it would be if the two had nothing to
/// do with each other, in thousandths. `scale`: how many pairs one looked at stands for.
fn lifts(seen: &[f64], scale: f64) -> Vec<f64> {
    let [both, first, second, neither] = *seen else { return seen.to_vec() };
    let all = (both + first + second + neither).max(f64::MIN_POSITIVE);
    let (a, b) = (both + first, both + second);
    let by_chance = [a * b, a * (all - b), (all - a) * b, (all - a) * (all - b)];
    let few = FEW_PAIRS * scale;
    let lift = |(n, chance): (&f64, f64)| (n + few) / (chance / all + few) / 1000.0;
    let lifts = seen.iter().zip(by_chance).map(lift);
    lifts.map(|lift| lift.clamp(LEAST, 1.0)).collect()
}

/// So many pairs that were looked at must speak for two fields depending on each other before it counts half.
const FEW_PAIRS: f64 = 5.0;

fn add(levels: &mut Levels, pattern: Pattern, n: f64) {
    for (at, levels) in levels.iter_mut().enumerate() {
        if let Some(level) = pattern.level(at) {
            levels[level] += n;
        }
    }
}

fn take(levels: &mut Levels, pattern: Pattern, n: f64) {
    for (at, levels) in levels.iter_mut().enumerate() {
        if let Some(level) = pattern.level(at) {
            levels[level] = (levels[level] - n).max(0.0);
        }
    }
}

/// Shares of what was seen, with the starting values counted as so many pairs more.
fn smoothed(seen: &Levels, start: &Levels, pairs: f64) -> Levels {
    let field = |(seen, start): (&Vec<f64>, &Vec<f64>)| {
        let all: f64 = seen.iter().sum::<f64>() + pairs * start.iter().sum::<f64>();
        seen.iter().zip(start).map(|(n, s)| ((n + pairs * s) / all).max(LEAST)).collect()
    };
    seen.iter().zip(start).map(field).collect()
}
