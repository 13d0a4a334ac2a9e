//! A table made ready for a model: rows in an order that does not depend on how they came, every distinct value of a
//! field parsed once, every level with its bits.

use std::collections::HashMap;

use crate::{
    Comparator, FieldModel, LinkError, Model, Table,
    comparator::{
        Forms,
        date::{self, Day},
        resident_id::{self, Id},
    },
    table::{ALTERNATIVE, Column},
};

/// No comparison: a value is missing, or the two have nothing to say about each other.
pub(crate) const MISSING: u8 = u8::MAX;

/// A table and a model, checked against each other. Rows are numbered by rank, see `order`.
pub(crate) struct Prepared {
    /// For each rank the row of the table. Ranks follow the content of the rows, then their keys.
    pub(crate) order: Vec<u32>,
    pub(crate) fields: Vec<Field>,
    /// Log2 odds that two random rows are the same person, and that they are relatives, against strangers.
    pub(crate) prior_match: f32,
    pub(crate) prior_family: f32,
    /// Index of the field that tells persons apart for certain.
    pub(crate) identity: Option<usize>,
}

/// For each rank a run of numbers: `items[starts[rank]..starts[rank + 1]]`.
pub(crate) struct Runs {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Runs {
    pub(crate) fn of(&self, rank: u32) -> &[u32] {
        &self.items[self.range(rank)]
    }

    fn range(&self, rank: u32) -> std::ops::Range<usize> {
        self.starts[rank as usize] as usize..self.starts[rank as usize + 1] as usize
    }
}

/// One comparison over the whole table.
pub(crate) struct Field {
    /// The values of each row, as numbers of distinct values.
    pub(crate) values: Runs,
    /// For the identity field and each of its values whether the row's own birth date contradicts it; else empty.
    doubtful: Vec<bool>,
    pub(crate) forms: Forms,
    /// For each distinct value what `equal` weighs more or less than on average, in bits; empty when that is not asked.
    rarity: Vec<f32>,
    /// Bits of each level.
    pub(crate) bits: Vec<LevelBits>,
    /// Fields and, as bit masks, their levels that contain this field's evidence.
    containers: Vec<(usize, u16)>,
}

/// What a level speaks for, against strangers, in bits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct LevelBits {
    pub(crate) same: f32,
    pub(crate) family: f32,
}

/// The outcome of one field for one pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Outcome {
    /// Position of the level, or [`MISSING`].
    pub(crate) level: u8,
    pub(crate) bits: LevelBits,
    /// Another field contains the evidence, so `bits` is zero.
    pub(crate) contained: bool,
}

impl Prepared {
    pub(crate) fn new(table: &Table, model: &Model) -> Result<Self, LinkError> {
        model.check(table)?;
        let order = order(table);
        let n_rows = f64::from(table.n_rows().max(2));
        let odds = |per_record: f64| {
            let p = (per_record / n_rows).min(0.5);
            bits(p / (1.0 - p))
        };
        let mut fields = Vec::new();
        for field in &model.fields {
            fields.push(Field::new(table, &order, field, &model.fields));
        }
        let mut prepared = Self {
            order,
            fields,
            prior_match: odds(model.prior.partners_per_record),
            prior_family: odds(model.prior.relatives_per_record),
            identity: None,
        };
        prepared.set_identity(table, model);
        Ok(prepared)
    }

    fn set_identity(&mut self, table: &Table, model: &Model) {
        let Some(rule) = &model.identity else { return };
        self.identity = model.fields.iter().position(|field| field.name == rule.field);
        let birth = rule.birth.as_ref().and_then(|name| table.column(name));
        if let (Some(at), Some(birth)) = (self.identity, birth) {
            let doubtful = doubtful(&self.fields[at], &self.order, birth);
            self.fields[at].doubtful = doubtful;
        }
    }

    pub(crate) fn n_rows(&self) -> u32 {
        u32::try_from(self.order.len()).unwrap_or(u32::MAX)
    }

    /// Every field's outcome for two rows, in the order of the model.
    pub(crate) fn outcomes(&self, left: u32, right: u32, into: &mut Vec<Outcome>) {
        into.clear();
        for field in &self.fields {
            let (level, value) = field.level(left, right);
            let contained = level != MISSING
                && field.containers.iter().any(|(other, mask)| {
                    let at = into[*other].level;
                    at != MISSING && mask & (1 << at) != 0
                });
            let bits = if contained || level == MISSING {
                LevelBits::default()
            } else {
                field.weigh(level, value)
            };
            into.push(Outcome { level, bits, contained });
        }
    }

    /// Log2 odds of the same person against relatives and strangers together.
    pub(crate) fn odds(&self, same: f32, family: f32) -> f32 {
        let relatives = self.prior_family + family;
        // log2(1 + 2^x), without overflow for large x.
        let others = if relatives > 30.0 {
            relatives
        } else {
            relatives.exp2().ln_1p() / std::f32::consts::LN_2
        };
        self.prior_match + same - others
    }

    /// The verified and believed numbers of a row.
    pub(crate) fn sure_identities(&self, rank: u32) -> Vec<u32> {
        let Some(field) = self.identity.map(|at| &self.fields[at]) else { return Vec::new() };
        let Forms::Ids(ids) = &field.forms else { return Vec::new() };
        field
            .values
            .range(rank)
            .filter(|at| !field.is_doubtful(*at))
            .map(|at| field.values.items[at])
            .filter(|value| ids[*value as usize].is_some_and(|id| id.is_valid()))
            .collect()
    }
}

impl Field {
    fn new(table: &Table, order: &[u32], model: &FieldModel, all: &[FieldModel]) -> Self {
        let columns: Vec<&Column> =
            model.columns.iter().filter_map(|name| table.column(name)).collect();
        let (values, texts) = intern(&columns, order, model.comparator);
        let rarity =
            if model.term_frequency { rarity(&values, texts.len(), model) } else { Vec::new() };
        let containers = model
            .contained_in
            .iter()
            .filter_map(|containment| {
                let at = all.iter().position(|field| field.name == containment.field)?;
                let levels = all[at].comparator.levels();
                let mask = levels
                    .iter()
                    .enumerate()
                    .filter(|(_, level)| containment.levels.iter().any(|name| name == *level))
                    .fold(0, |mask, (position, _)| mask | 1 << position);
                Some((at, mask))
            })
            .collect();
        Self {
            values,
            doubtful: Vec::new(),
            forms: model.comparator.prepare(texts),
            rarity,
            bits: level_bits(model),
            containers,
        }
    }

    /// The best level of any two values, and the value that both rows have if it is `equal`.
    fn level(&self, left: u32, right: u32) -> (u8, Option<u32>) {
        let (lefts, rights) = (self.values.range(left), self.values.range(right));
        let mut best = (MISSING, None);
        for l in lefts {
            for r in rights.clone() {
                let (a, b) = (self.values.items[l], self.values.items[r]);
                let Some(level) = self.forms.level(a, b) else { continue };
                let level = self.believed(level, l, r);
                if level < best.0 {
                    best = (level, (a == b).then_some(a));
                }
                if level == 0 {
                    return best;
                }
            }
        }
        best
    }

    /// A number that contradicts the row's own birth date proves neither sameness nor difference.
    fn believed(&self, level: u8, left: usize, right: usize) -> u8 {
        if self.doubtful.is_empty() || !(self.is_doubtful(left) || self.is_doubtful(right)) {
            return level;
        }
        if level == resident_id::Level::Equal as u8 {
            resident_id::Level::Claimed as u8
        } else if level == resident_id::Level::Conflict as u8 {
            resident_id::Level::Unlike as u8
        } else {
            level
        }
    }

    fn is_doubtful(&self, at: usize) -> bool {
        self.doubtful.get(at).copied().unwrap_or(false)
    }

    fn weigh(&self, level: u8, value: Option<u32>) -> LevelBits {
        let bits = self.bits[usize::from(level)];
        let more = match value {
            Some(value) if level == 0 => self.rarity.get(value as usize).copied().unwrap_or(0.0),
            Some(_) | None => 0.0,
        };
        LevelBits { same: bits.same + more, family: bits.family + more }
    }
}

/// Log2 as `f32`; probabilities have far fewer than its seven digits.
#[expect(clippy::cast_possible_truncation, reason = "a weight of a few dozen bits fits f32")]
pub(crate) fn bits(ratio: f64) -> f32 {
    ratio.log2() as f32
}

fn level_bits(model: &FieldModel) -> Vec<LevelBits> {
    let of = |name: &&str| {
        let level = model.levels.iter().find(|level| level.name == *name);
        level.map_or_else(LevelBits::default, |level| LevelBits {
            same: bits(level.m / level.u),
            family: bits(level.family.unwrap_or(level.u) / level.u),
        })
    };
    model.comparator.levels().iter().map(of).collect()
}

/// Numbers the distinct canonical values of the columns and lists them for each rank.
fn intern(columns: &[&Column], order: &[u32], comparator: Comparator) -> (Runs, Vec<String>) {
    let mut texts: Vec<String> = Vec::new();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut cell = |text: &String| -> Vec<u32> {
        let mut cell = Vec::new();
        for part in text.split(ALTERNATIVE) {
            let canonical = comparator.canonical(part.trim());
            // A cell of blanks, and an address of which nothing is left.
            if canonical.is_empty() {
                continue;
            }
            let next = u32::try_from(texts.len()).unwrap_or(u32::MAX);
            let number = *numbers.entry(canonical).or_insert_with_key(|key| {
                texts.push(key.clone());
                next
            });
            cell.push(number);
        }
        cell
    };
    let dictionaries: Vec<Vec<Vec<u32>>> =
        columns.iter().map(|column| column.texts().iter().map(&mut cell).collect()).collect();
    let mut runs = Runs { starts: vec![0], items: Vec::with_capacity(order.len()) };
    let mut row_items: Vec<u32> = Vec::new();
    for row in order {
        row_items.clear();
        for (column, dictionary) in columns.iter().zip(&dictionaries) {
            row_items.extend(&dictionary[column.values()[*row as usize] as usize]);
        }
        row_items.sort_unstable();
        row_items.dedup();
        runs.items.extend(&row_items);
        runs.starts.push(u32::try_from(runs.items.len()).unwrap_or(u32::MAX));
    }
    (runs, texts)
}

/// For each distinct value log2(mean chance of agreement / chance of agreement in this value).
fn rarity(values: &Runs, n_texts: usize, model: &FieldModel) -> Vec<f32> {
    let mut counts = vec![0u32; n_texts];
    for value in &values.items {
        counts[*value as usize] += 1;
    }
    let n = f64::from(u32::try_from(values.items.len()).unwrap_or(u32::MAX));
    let u = model.levels.iter().find(|level| level.name == "equal").map_or(1.0, |level| level.u);
    let share = |count: &u32| (f64::from(*count) + EXPECTED * u) / (n + EXPECTED);
    // A value seen once or twice may be a slip that occurred twice, so its chance is not taken below 1 in 20,000.
    counts.iter().map(|count| bits(u / share(count).max(5e-5))).collect()
}

/// So many values are taken to have been seen before with the model's mean chance: in a small table a value that two of
/// three rows share is not a frequent one.
const EXPECTED: f64 = 500.0;

/// For each value of the identity field, in the order of its items, whether the row's birth contradicts it.
fn doubtful(field: &Field, order: &[u32], birth: &Column) -> Vec<bool> {
    let Forms::Ids(ids) = &field.forms else { return Vec::new() };
    let births: Vec<Vec<Day>> = birth
        .texts()
        .iter()
        .map(|text| text.split(ALTERNATIVE).filter_map(|part| Day::parse(part.trim())).collect())
        .collect();
    let inside: Vec<Option<Day>> =
        ids.iter().map(|id| id.as_ref().and_then(Id::birth).and_then(Day::parse)).collect();
    let mut doubtful = Vec::with_capacity(field.values.items.len());
    for (rank, row) in order.iter().enumerate() {
        let said = &births[birth.values()[*row as usize] as usize];
        for value in field.values.of(u32::try_from(rank).unwrap_or(u32::MAX)) {
            let contradicts = inside[*value as usize].is_some_and(|id_birth| {
                !said.is_empty() && !said.iter().any(|day| date::agree(*day, id_birth))
            });
            doubtful.push(contradicts);
        }
    }
    doubtful
}

/// Rows in the order of their content, then of their keys, then of their position.
fn order(table: &Table) -> Vec<u32> {
    let hashes: Vec<Vec<u64>> = table
        .columns()
        .iter()
        .map(|column| column.texts().iter().map(|text| hash(text.as_bytes())).collect())
        .collect();
    let content: Vec<u64> =
        (0..table.n_rows() as usize)
            .map(|row| {
                table.columns().iter().zip(&hashes).fold(0, |all, (column, hashes)| {
                    mix(all ^ hashes[column.values()[row] as usize])
                })
            })
            .collect();
    let mut order: Vec<u32> = (0..table.n_rows()).collect();
    order.sort_unstable_by_key(|row| (content[*row as usize], table.keys()[*row as usize], *row));
    order
}

/// FNV-1a with a final mix: the same on every machine and in every run.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325;
    mix(bytes
        .iter()
        .fold(start, |all, byte| (all ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)))
}

/// The finalizer of the generator `SplitMix64`.
pub(crate) const fn mix(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
