//! Learning a model's probabilities from the table that is linked, without labels.
//!
//! Pairs are sampled once and kept as counts of patterns (which level each field has), so that a round costs what the
//! patterns cost and not what the pairs cost. Levels of one person are learnt from the pairs that the blocking rules reach;
//! those of strangers from these and from random pairs, each weighed by the inverse of its chance to be drawn, so that
//! levels which random pairs never show are learnt too; that of `equal` in closed form from the frequencies of values.
//! Levels of brothers and sisters are learnt from pairs that agree in what a household shares.

mod mixture;
mod pattern;

use mixture::{Frame, Levels, Mixture, Seen, starting_strangers};
use pattern::{MOST_FIELDS, Ruled, Sample, sample};

use serde::Serialize;

use crate::{
    BlockRule, Constraints, LinkError, Linkage, Model, Progress, Stage, Table,
    block::Blocks,
    cluster::{self, check_lengths},
    prepare::Prepared,
};

/// Rounds after which learning stops even when it has not settled.
const MOST_ROUNDS: u32 = 60;

/// Learning has settled when no probability and not the prior moves by more than this.
const SETTLED: f64 = 1e-4;

/// A level is learnt when at least so many pairs spoke for it.
const FEWEST: f64 = 5.0;

/// A model whose probabilities were learnt, and how well each is founded.
#[derive(Clone, Debug, PartialEq)]
pub struct Training {
    /// The model with its learnt probabilities.
    pub model: Model,
    /// For each field of the model its levels, in the order of the comparator.
    pub fields: Vec<TrainedField>,
    /// Rounds that were needed.
    pub rounds: u32,
    /// Whether the last round changed next to nothing.
    pub settled: bool,
    /// Candidate pairs and random pairs that were looked at.
    pub n_pairs: (u64, u64),
}

/// How well the probabilities of one field are founded.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainedField {
    /// Name of the field.
    pub name: String,
    /// Its levels.
    pub levels: Vec<TrainedLevel>,
}

/// How many pairs spoke for a level, in expectation.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainedLevel {
    /// Name of the level.
    pub name: String,
    /// Pairs of one person.
    pub same: f64,
    /// Pairs of strangers, scaled up to the table.
    pub strangers: f64,
    /// Pairs of brothers and sisters; `None` when the field needs none, see [`Training::shared`].
    pub family: Option<f64>,
}

/// What two rows can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Hypothesis {
    /// One person.
    Same,
    /// Strangers.
    Strangers,
    /// Brothers and sisters.
    Family,
}

/// A level whose probability rests on the starting value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Untrained {
    /// Name of the field.
    pub field: String,
    /// Name of the level.
    pub level: String,
    /// Of what rows it was not learnt.
    pub of: Vec<Hypothesis>,
}

impl Training {
    /// Levels that too few pairs of one person, too few of one family, or none of strangers spoke for.
    pub fn untrained(&self) -> impl Iterator<Item = Untrained> + '_ {
        self.fields.iter().flat_map(|field| {
            field.levels.iter().filter_map(|level| {
                let of = level.untrained();
                let (field, level) = (field.name.clone(), level.name.clone());
                (!of.is_empty()).then_some(Untrained { field, level, of })
            })
        })
    }

    /// Fields that a household shares: their probabilities for brothers and sisters are those for one person, and not learnt
    /// from pairs of theirs.
    pub fn shared(&self) -> impl Iterator<Item = &str> {
        let with_family = self.model.prior.relatives_per_record > 0.0;
        let fields = self.fields.iter().filter(move |_| with_family);
        fields
            .filter(|field| field.levels.iter().all(|level| level.family.is_none()))
            .map(|field| &*field.name)
    }
}

impl TrainedLevel {
    fn untrained(&self) -> Vec<Hypothesis> {
        let is_weak = [
            (Hypothesis::Same, self.same < FEWEST),
            (Hypothesis::Strangers, self.strangers <= 0.0),
            (Hypothesis::Family, self.family.is_some_and(|n| n < FEWEST)),
        ];
        is_weak.into_iter().filter(|(_, is_weak)| *is_weak).map(|(of, _)| of).collect()
    }
}

/// Learns the probabilities of `model` from the table. `constraints` brings people's rulings, which are believed; the
/// seed chooses the sample.
///
/// ```
/// use baoxue_link::{Column, Constraints, Model, Table, train};
/// // Three rows of one girl, and one of her brother.
/// let table = include!("../tests/reference/girl.in");
/// let model: Model = toml::from_str(include_str!("../tests/reference/model.toml"))?;
/// let training = train(&table, &model, &Constraints::default(), 1, &mut |_| {})?;
/// // Four rows teach next to nothing, and that is said.
/// assert!(training.untrained().any(|found| found.field == "name" && found.level == "glyph"));
/// assert_eq!(training.model.fields.len(), model.fields.len());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`LinkError`] when the model does not fit the table or has more than 30 fields.
pub fn train(
    table: &Table,
    model: &Model,
    constraints: &Constraints,
    seed: u64,
    progress: &mut dyn FnMut(Progress),
) -> Result<Training, LinkError> {
    check_lengths(constraints, table.n_rows())?;
    let prepared = Prepared::new(table, model)?;
    let blocks = cluster::blocks(table, model, progress);
    learn(table, model, (&prepared, &blocks), (constraints, seed), progress)
}

/// [`train`] and then [`clusters`](crate::clusters) with what was learnt, in little more time than the latter.
///
/// # Errors
/// As for both.
pub fn train_and_link(
    table: &Table,
    model: &Model,
    constraints: &Constraints,
    seed: u64,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Training, Linkage), LinkError> {
    check_lengths(constraints, table.n_rows())?;
    let mut prepared = Prepared::new(table, model)?;
    let blocks = cluster::blocks(table, model, progress);
    let training = learn(table, model, (&prepared, &blocks), (constraints, seed), progress)?;
    prepared.weigh_as(&training.model);
    let linkage = cluster::join(&prepared, blocks, (model, constraints), progress)?;
    Ok((training, linkage))
}

fn learn(
    table: &Table,
    model: &Model,
    (prepared, blocks): (&Prepared, &Blocks),
    (constraints, seed): (&Constraints, u64),
    progress: &mut dyn FnMut(Progress),
) -> Result<Training, LinkError> {
    if model.fields.len() > MOST_FIELDS {
        return Err(LinkError::Fields(model.fields.len(), MOST_FIELDS));
    }
    let mut step = |done| {
        progress(Progress { stage: Stage::Training, done, total: u64::from(MOST_ROUNDS) });
    };
    step(0);
    let households = model
        .relatives
        .as_ref()
        .map(|rule| Blocks::new(table, std::slice::from_ref(rule), &mut |_| {}));
    let ruled = ruled(prepared, constraints)?;
    let sample = sample(prepared, blocks, households.as_ref(), &ruled, seed);
    let frame = frame(model, prepared, households.is_some());
    let mut mixture = frame.start.clone();
    let (mut rounds, mut settled) = (0, false);
    let mut evidence = None;
    while rounds < MOST_ROUNDS && !settled {
        let (next, now) = mixture.round(&frame, &sample);
        settled = next.change(&mixture) < SETTLED;
        mixture = next;
        evidence = Some(now);
        rounds += 1;
        step(u64::from(rounds));
    }
    step(u64::from(MOST_ROUNDS));
    let evidence = evidence.unwrap_or_else(|| mixture.round(&frame, &sample).1);
    equal_in_closed_form(&mut mixture, &evidence, &frame);
    Ok(training(model, &mixture, (&frame, &evidence), (rounds, settled, &sample)))
}

/// What stays the same while learning.
fn frame<'f>(model: &Model, prepared: &'f Prepared, with_households: bool) -> Frame<'f> {
    let n_rows = f64::from(prepared.n_rows().max(2));
    let n_pairs = (n_rows * (n_rows - 1.0) / 2.0).max(1.0);
    let start = Mixture::of(model, n_rows);
    let near = |(same, family): (&Vec<f64>, &Vec<f64>)| {
        same.iter().zip(family).map(|(a, b)| (a - b).abs()).sum::<f64>() / 2.0 < 0.15
    };
    let of_household = start.same.iter().zip(&start.family).map(near).collect();
    let in_key = |columns: &[String]| {
        let keys = |rule: &BlockRule| {
            rule.keys.iter().flat_map(|key| &key.columns).any(|name| columns.contains(name))
        };
        model.relatives.as_ref().is_some_and(keys)
    };
    Frame {
        prepared,
        of_household,
        in_household_key: model.fields.iter().map(|field| in_key(&field.columns)).collect(),
        n_rows,
        n_pairs,
        starting_strangers: starting_strangers(n_rows, n_pairs),
        with_family: with_households && model.prior.relatives_per_record > 0.0,
        start,
    }
}

fn ruled(prepared: &Prepared, constraints: &Constraints) -> Result<Ruled, LinkError> {
    let n_rows = prepared.n_rows();
    let pair = |(left, right): &(u32, u32)| {
        let last = *left.max(right);
        (last < n_rows).then(|| (*left.min(right), last)).ok_or(LinkError::RowMissing(last, n_rows))
    };
    let each_once = |pairs: &[(u32, u32)]| {
        let mut pairs = pairs.iter().map(pair).collect::<Result<Vec<_>, _>>()?;
        pairs.sort_unstable();
        pairs.dedup();
        Ok::<_, LinkError>(pairs)
    };
    Ok(Ruled {
        same: each_once(&constraints.must_link)?,
        different: each_once(&constraints.cannot_link)?,
    })
}

/// How often strangers have the same value follows from how often each value occurs; no sample is needed. Where most of
/// the rows that agree are of one person, as with a number of identity, the sample knows better.
fn equal_in_closed_form(mixture: &mut Mixture, seen: &Seen, frame: &Frame<'_>) {
    for (at, field) in frame.prepared.fields.iter().enumerate() {
        let Some(agreement) = field.agreement() else { continue };
        let all: f64 = seen.strangers[at].iter().sum();
        let by_one_person = seen.same[at].first().copied().unwrap_or_default();
        let by_relatives = mixture.prior.1 * frame.n_pairs * mixture.family[at][0];
        let by_strangers = agreement * all - by_one_person - by_relatives;
        if all <= 0.0 || by_strangers < by_one_person + by_relatives {
            continue;
        }
        let pairs = frame.starting_strangers;
        let start = frame.start.strangers[at][0];
        let equal = ((by_strangers + pairs * start) / (all + pairs)).clamp(1e-12, 1.0);
        let levels = &mut mixture.strangers[at];
        let rest = (1.0 - equal) / (1.0 - levels[0]).max(1e-12);
        for level in &mut levels[1..] {
            *level = (*level * rest).min(1.0);
        }
        levels[0] = equal;
    }
}

fn training(
    model: &Model,
    mixture: &Mixture,
    (frame, seen): (&Frame<'_>, &Seen),
    (rounds, settled, sample): (u32, bool, &Sample),
) -> Training {
    let mut model = model.clone();
    let n_rows = f64::from(frame.prepared.n_rows().max(2));
    model.prior.partners_per_record = mixture.prior.0 * n_rows;
    if frame.with_family {
        model.prior.relatives_per_record = mixture.prior.1 * n_rows;
    }
    let with_relatives = model.prior.relatives_per_record > 0.0;
    let mut fields = Vec::with_capacity(model.fields.len());
    for (at, field) in model.fields.iter_mut().enumerate() {
        let names = field.comparator.levels();
        let value = |levels: &Levels, name: &str| {
            let position = names.iter().position(|other| *other == name);
            position.map_or(0.0, |position| levels[at][position])
        };
        for level in &mut field.levels {
            level.m = value(&mixture.same, &level.name);
            level.u = value(&mixture.strangers, &level.name);
            if frame.with_family {
                level.family = Some(value(&mixture.family, &level.name));
            }
        }
        // Without a rule that finds households nothing is seen of them, though the hypothesis is weighed.
        let is_shared = frame.of_household[at] || frame.in_household_key[at];
        let is_asked = with_relatives && !(frame.with_family && is_shared);
        let trained = |name: &&str| TrainedLevel {
            name: (*name).to_owned(),
            same: value(&seen.same, name),
            strangers: value(&seen.strangers, name),
            family: is_asked.then(|| value(&seen.family, name)),
        };
        fields.push(TrainedField {
            name: field.name.clone(),
            levels: names.iter().map(trained).collect(),
        });
    }
    Training { model, fields, rounds, settled, n_pairs: sample.n_looked_at }
}
