//! Which blocking rules suit a table: combinations of columns and transforms, each weighed by the matches that it brings
//! and the pairs that it costs.

use serde::{Deserialize, Serialize};

use crate::{
    BlockKey, BlockReport, BlockRule, Capped, Comparator, Constraints, FieldModel, LinkError,
    Model, Pair, Progress, Table, Training, Transform,
    block::{self, Blocks},
    prepare::{content, mix},
    train_and_link,
};

/// A key of the wide net that more rows share is not looked at while matches are gathered.
const NET_ROWS: u32 = 30;

/// Matches by which rules are measured, about.
const MATCHES: usize = 50_000;

/// Combinations of each length whose keys are counted: those that reach most.
const COUNTED: usize = 150;

/// A rule that costs less than this share of the budget is not made narrower by a further key.
const CHEAP: f64 = 0.1;

/// A rule costs this share of the budget besides its pairs, so that few broad rules go before many narrow ones.
const OVERHEAD: f64 = 0.02;

/// What rules may cost and must bring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wish {
    /// Pairs that all rules together may give for each row, on average.
    pub pairs_per_record: f64,
    /// The most rules.
    pub most_rules: usize,
    /// As in [`BlockRule::most_rows`], for every rule.
    pub most_rows: u32,
    /// A rule that brings a smaller share of the matches is not worth its name.
    pub least_gain: f64,
    /// Chooses the sample of the training.
    pub seed: u64,
}

/// A rule and what it is worth.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// The rule, as it can stand in a model.
    pub rule: BlockRule,
    /// Pairs that it gives, exactly; those of other rules included.
    pub n_pairs: u64,
    /// Its keys that too many rows share.
    pub capped: Capped,
    /// The share of the matches that it reaches.
    pub recall: f64,
    /// The share that it reaches and the rules before it do not.
    pub gain: f64,
    /// The share that this and the rules before it reach.
    pub recall_so_far: f64,
    /// Pairs of this and the rules before it, for each row; pairs that two rules give are counted twice.
    pub pairs_per_record_so_far: f64,
}

/// Proposes rules, the most rewarding first.
///
/// A first training and linkage with the rules of `model` and a wide net (every field alone, under each transform that
/// suits its comparator) tells which pairs are matches; what neither reaches cannot be known here. From these the reach
/// of every combination of one to three fields follows, and from counting keys its pairs. The rule that brings most
/// for its pairs is taken, again and again, until the budget is spent. The same rows, in any order, give the same rules.
/// Gives that training too.
///
/// ```
/// use baoxue_link::{Column, Constraints, Model, Table, Wish, propose};
/// // Three rows of one girl, and one of her brother.
/// let table = include!("../tests/reference/girl.in");
/// let model: Model = toml::from_str(include_str!("../tests/reference/model.toml"))?;
/// let wish = Wish { pairs_per_record: 5.0, most_rules: 3, most_rows: 50, least_gain: 0.01, seed: 1 };
/// let (_, rules) = propose(&table, &model, &Constraints::default(), wish, &mut |_| {})?;
/// assert!(rules.iter().all(|proposal| proposal.pairs_per_record_so_far <= 5.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`LinkError`] when the model does not fit the table or has more than 30 fields.
pub fn propose(
    table: &Table,
    model: &Model,
    constraints: &Constraints,
    wish: Wish,
    progress: &mut dyn FnMut(Progress),
) -> Result<(Training, Vec<Proposal>), LinkError> {
    let parts = parts(model);
    let mut net = model.clone();
    net.blocks.extend(parts.iter().map(|part| rule(&[part], NET_ROWS)));
    let (training, linkage) = train_and_link(table, &net, constraints, wish.seed, progress)?;
    let matches = Matches::new(table, &linkage.pairs, wish.seed);
    if matches.all <= 0.0 {
        return Ok((training, Vec::new()));
    }
    let search = Search { table, model, parts, matches, wish };
    Ok((training, search.greedy(search.candidates())))
}

/// One field under one transform.
struct Part {
    /// Position of the field.
    field: usize,
    key: BlockKey,
}

/// The transforms that suit a field.
fn transforms(comparator: Comparator) -> &'static [Transform] {
    use Transform::{
        DayAnyOrder, EachWord, First, Folded, GivenSound, IdAreaBirth, IdAreaTail, IdOneOff,
        LatinSound, LocalPart, Month, OneOff, Place, SixFirst, Sound, ThreeFirst, Whole, Year,
    };
    const SUIT: &[(Comparator, &[Transform])] = &[
        (Comparator::Text, &[Whole, SixFirst, ThreeFirst]),
        (Comparator::Words, &[Folded, EachWord]),
        // What the whole says beyond its parts is no key.
        (Comparator::Rest, &[]),
        (Comparator::Set, &[Whole, EachWord]),
        (Comparator::LatinName, &[Folded, LatinSound, ThreeFirst]),
        (Comparator::Pair, &[Folded, LatinSound]),
        (Comparator::Code, &[Folded, OneOff, SixFirst]),
        (Comparator::Postcode, &[Folded, ThreeFirst]),
        (Comparator::Email, &[Folded, LocalPart]),
        (Comparator::PersonName, &[Whole, Sound, GivenSound, First]),
        (Comparator::Date, &[Whole, DayAnyOrder, Month, Year]),
        (Comparator::ResidentId, &[Whole, IdAreaBirth, IdAreaTail, IdOneOff]),
        (Comparator::Place, &[Place]),
        (Comparator::School, &[Place]),
        (Comparator::RegionCode, &[Whole, SixFirst]),
    ];
    SUIT.iter().find(|(other, _)| *other == comparator).map_or(&[Whole], |(_, suit)| suit)
}

fn parts(model: &Model) -> Vec<Part> {
    let of = |(at, field): (usize, &FieldModel)| {
        let columns = field.columns.clone();
        transforms(field.comparator).iter().map(move |transform| Part {
            field: at,
            key: BlockKey { columns: columns.clone(), transform: *transform },
        })
    };
    model.fields.iter().enumerate().flat_map(of).collect()
}

fn rule(parts: &[&Part], most_rows: u32) -> BlockRule {
    let name = |part: &&Part| {
        let columns = part.key.columns.join("/");
        if part.key.transform == Transform::Whole {
            return columns;
        }
        format!("{columns} ({})", spaced(&format!("{:?}", part.key.transform)))
    };
    BlockRule {
        name: parts.iter().map(name).collect::<Vec<_>>().join(" + "),
        keys: parts.iter().map(|part| part.key.clone()).collect(),
        refine: Vec::new(),
        most_rows,
    }
}

/// `IdAreaBirth` as `id area birth`.
fn spaced(name: &str) -> String {
    let mut words = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

/// Which of the matches are reached, one bit each.
type Bits = Vec<u64>;

/// Pairs of rows that are matches, with their probabilities.
struct Matches {
    pairs: Vec<(u32, u32, f64)>,
    all: f64,
}

impl Matches {
    /// Some of the pairs that are more likely matches than not, drawn by lot.
    fn new(table: &Table, pairs: &[Pair], seed: u64) -> Self {
        let content = content(table);
        let lot = |pair: &Pair| {
            let (a, b) = (content[pair.left as usize], content[pair.right as usize]);
            mix(mix(seed ^ a.min(b)) ^ a.max(b))
        };
        let mut drawn: Vec<(u64, Pair)> =
            pairs.iter().filter(|pair| pair.bits >= 0.0).map(|pair| (lot(pair), *pair)).collect();
        drawn.sort_by_key(|(lot, pair)| (*lot, pair.left, pair.right));
        drawn.truncate(MATCHES);
        let weighed = |(_, pair): (u64, Pair)| (pair.left, pair.right, pair.probability().into());
        let pairs: Vec<(u32, u32, f64)> = drawn.into_iter().map(weighed).collect();
        let all = pairs.iter().map(|(_, _, weight)| weight).sum();
        Self { pairs, all }
    }

    fn bits(&self, reached: impl Fn(u32, u32) -> bool) -> Bits {
        let word = |pairs: &[(u32, u32, f64)]| {
            pairs.iter().enumerate().fold(0, |word, (at, (left, right, _))| {
                word | u64::from(reached(*left, *right)) << at
            })
        };
        self.pairs.chunks(64).map(word).collect()
    }

    /// The share of the matches that these are.
    fn share(&self, bits: impl Iterator<Item = u64>) -> f64 {
        let weight = |(word, pairs): (u64, &[(u32, u32, f64)])| -> f64 {
            let set = pairs.iter().enumerate().filter(|(at, _)| word >> at & 1 == 1);
            set.map(|(_, (_, _, weight))| weight).sum()
        };
        bits.zip(self.pairs.chunks(64)).map(weight).sum::<f64>() / self.all
    }

    /// The share that these have and those lack.
    fn gain(&self, bits: &Bits, covered: &Bits) -> f64 {
        self.share(bits.iter().zip(covered).map(|(new, old)| new & !old))
    }
}

/// A combination of parts.
struct Candidate {
    parts: Vec<usize>,
    bits: Bits,
    recall: f64,
    n_pairs: u64,
    capped: Capped,
    /// Whether `bits` leave out what hot keys hide.
    is_exact: bool,
}

struct Search<'t> {
    table: &'t Table,
    model: &'t Model,
    parts: Vec<Part>,
    matches: Matches,
    wish: Wish,
}

impl Search<'_> {
    fn budget(&self) -> f64 {
        self.wish.pairs_per_record * f64::from(self.table.n_rows())
    }

    /// All combinations that are worth a look: longer ones only of parts that are too broad alone.
    fn candidates(&self) -> Vec<Candidate> {
        let alone: Vec<Bits> = (0..self.parts.len())
            .map(|part| self.reached(&rule(&[&self.parts[part]], u32::MAX)))
            .collect();
        let mut all: Vec<Candidate> = Vec::new();
        let mut broad: Vec<Vec<usize>> = vec![Vec::new()];
        for length in 1..=3 {
            let longer: Vec<Vec<usize>> =
                broad.iter().flat_map(|parts| self.extended(parts)).collect();
            let mut found = self.counted(longer, &alone);
            // Of three parts no two may be narrow enough.
            if length == 3 {
                found.retain(|new| !all.iter().any(|old| self.is_narrow(old) && within(old, new)));
            }
            broad = found
                .iter()
                .filter(|new| !self.is_narrow(new))
                .map(|new| new.parts.clone())
                .collect();
            all.extend(found);
        }
        all
    }

    /// The combination with one more part, of a later field that says something else.
    fn extended(&self, parts: &[usize]) -> Vec<Vec<usize>> {
        let field = |part: usize| &self.model.fields[self.parts[part].field];
        let contains = |a: &FieldModel, b: &FieldModel| {
            b.contained_in.iter().any(|containment| containment.field == a.name)
                || a.columns.iter().any(|name| b.columns.contains(name))
        };
        let fits = |new: &usize| {
            parts.iter().all(|old| {
                let (a, b) = (field(*old), field(*new));
                self.parts[*old].field < self.parts[*new].field
                    && !contains(a, b)
                    && !contains(b, a)
            })
        };
        (0..self.parts.len()).filter(fits).map(|new| [parts, &[new]].concat()).collect()
    }

    /// Those that reach most, with their pairs.
    fn counted(&self, combinations: Vec<Vec<usize>>, alone: &[Bits]) -> Vec<Candidate> {
        let candidate = |parts: Vec<usize>| {
            let mut bits = alone[parts[0]].clone();
            for part in &parts[1..] {
                bits.iter_mut().zip(&alone[*part]).for_each(|(bits, more)| *bits &= more);
            }
            let recall = self.matches.share(bits.iter().copied());
            let capped = Capped::default();
            Candidate { parts, bits, recall, n_pairs: 0, capped, is_exact: false }
        };
        let mut found: Vec<Candidate> = combinations.into_iter().map(candidate).collect();
        found.retain(|candidate| candidate.recall >= self.wish.least_gain);
        found.sort_by(|a, b| b.recall.total_cmp(&a.recall).then_with(|| a.parts.cmp(&b.parts)));
        found.truncate(COUNTED);
        let rules: Vec<BlockRule> = found.iter().map(|candidate| self.rule(candidate)).collect();
        let reports = block::reports(self.table, &rules);
        for (candidate, BlockReport { n_pairs, capped, .. }) in found.iter_mut().zip(reports) {
            (candidate.n_pairs, candidate.capped) = (n_pairs, capped);
        }
        found
    }

    fn rule(&self, candidate: &Candidate) -> BlockRule {
        let parts: Vec<&Part> = candidate.parts.iter().map(|part| &self.parts[*part]).collect();
        rule(&parts, self.wish.most_rows)
    }

    fn is_narrow(&self, candidate: &Candidate) -> bool {
        let few_hidden = candidate.capped.n_rows * 20 <= u64::from(self.table.n_rows());
        few_hidden && crate::estimate::float(candidate.n_pairs) <= CHEAP * self.budget()
    }

    fn reached(&self, rule: &BlockRule) -> Bits {
        let blocks = Blocks::new(self.table, std::slice::from_ref(rule), &mut |_| {});
        self.matches.bits(|left, right| blocks.met.anywhere(left, right))
    }

    /// What brings most for its pairs, again and again.
    fn greedy(&self, mut candidates: Vec<Candidate>) -> Vec<Proposal> {
        let mut proposals: Vec<Proposal> = Vec::new();
        let mut covered: Bits = vec![0; self.matches.pairs.len().div_ceil(64)];
        let mut spent = 0.0;
        while proposals.len() < self.wish.most_rules {
            let Some((at, gain)) = self.best(&candidates, &covered, spent) else { break };
            if !candidates[at].is_exact {
                let bits = self.reached(&self.rule(&candidates[at]));
                candidates[at].recall = self.matches.share(bits.iter().copied());
                (candidates[at].bits, candidates[at].is_exact) = (bits, true);
                continue;
            }
            let taken = candidates.swap_remove(at);
            covered.iter_mut().zip(&taken.bits).for_each(|(covered, new)| *covered |= new);
            spent += crate::estimate::float(taken.n_pairs);
            proposals.push(Proposal {
                rule: self.rule(&taken),
                n_pairs: taken.n_pairs,
                capped: taken.capped,
                recall: taken.recall,
                gain,
                recall_so_far: self.matches.share(covered.iter().copied()),
                pairs_per_record_so_far: spent / f64::from(self.table.n_rows().max(1)),
            });
        }
        proposals
    }

    /// The candidate with the highest reward, and its gain.
    fn best(&self, candidates: &[Candidate], covered: &Bits, spent: f64) -> Option<(usize, f64)> {
        let budget = self.budget();
        let mut best: Option<(usize, f64, f64)> = None;
        for (at, candidate) in candidates.iter().enumerate() {
            let cost = crate::estimate::float(candidate.n_pairs);
            let gain = self.matches.gain(&candidate.bits, covered);
            if spent + cost > budget || gain <= 0.0 || gain < self.wish.least_gain {
                continue;
            }
            let reward = gain / (cost + OVERHEAD * budget);
            let before = |(other, _, most): &(usize, f64, f64)| {
                reward.total_cmp(most).is_gt()
                    || (reward.total_cmp(most).is_eq()
                        && candidate.parts < candidates[*other].parts)
            };
            if best.as_ref().is_none_or(before) {
                best = Some((at, gain, reward));
            }
        }
        best.map(|(at, gain, _)| (at, gain))
    }
}

/// Whether all parts of one are parts of the other.
fn within(small: &Candidate, large: &Candidate) -> bool {
    small.parts.iter().all(|part| large.parts.contains(part))
}
