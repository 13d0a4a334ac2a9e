//! A table made ready for a model: rows in an order that does not depend on how they came, every distinct value of a
//! field parsed once, every level with its bits.

use std::{collections::HashMap, sync::Arc};

use rayon::prelude::*;

use crate::{
    Comparator, FieldModel, LinkError, Model, Table,
    block::Order,
    comparator::{
        Forms, Memory,
        date::{self, Day},
        resident_id::{self, Id},
    },
    table::{ALTERNATIVE, Column},
    texts::{Interner, Texts},
};

/// No comparison: a value is missing, or the two have nothing to say about each other.
pub(crate) const MISSING: u8 = u8::MAX;

/// Marks in a cell: its row's own birth date contradicts the number; it holds several values.
const DOUBTFUL: u32 = 1 << 30;
const SEVERAL: u32 = 1 << 31;

/// A table and a model, checked against each other. Rows are numbered by rank, see `order`.
pub(crate) struct Prepared {
    /// For each rank the row of the table. Ranks follow the content of the rows, then their keys.
    pub(crate) order: Vec<u32>,
    /// For each row of the table its rank.
    pub(crate) rank_of: Vec<u32>,
    /// By rank, then by field: 0 for a missing value, else the number of a distinct value, marked as [`DOUBTFUL`], or the
    /// number of a run of values, marked as [`SEVERAL`]. All of a row stands together: comparing reads it at once.
    cells: Vec<u32>,
    pub(crate) fields: Vec<Field>,
    /// Log2 odds that two random rows are the same person, and that they are relatives, against strangers.
    pub(crate) prior_match: f32,
    pub(crate) prior_family: f32,
    /// Index of the field that tells persons apart for certain.
    pub(crate) identity: Option<usize>,
    /// For each field the most that it and those after it can say for the same person.
    rest: Vec<f32>,
}

/// One comparison over the whole table.
pub(crate) struct Field {
    runs: Runs,
    pub(crate) forms: Forms,
    /// For each distinct value what `equal` weighs more or less than on average, in bits; empty when that is not asked.
    rarity: Vec<f32>,
    /// Bits of each level.
    pub(crate) bits: Vec<LevelBits>,
    /// Fields and, as bit masks, their levels that contain this field's evidence.
    containers: Vec<(usize, u16)>,
}

/// Values of cells that hold several.
#[derive(Default)]
struct Runs {
    ends: Vec<u32>,
    items: Vec<u32>,
    known: HashMap<Box<[u32]>, u32>,
}

impl Runs {
    /// The cell of some values.
    fn cell(&mut self, values: &[u32]) -> u32 {
        match values {
            [] => 0,
            [value] => *value,
            _ => SEVERAL | self.number(values),
        }
    }

    fn number(&mut self, values: &[u32]) -> u32 {
        if let Some(number) = self.known.get(values) {
            return *number;
        }
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.items.extend(values);
        self.ends.push(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
        self.known.insert(values.into(), number);
        number
    }

    /// The values of a cell, each perhaps marked as doubtful.
    fn of<'r>(&'r self, cell: &'r u32) -> &'r [u32] {
        if cell & SEVERAL == 0 {
            return if *cell == 0 { &[] } else { std::slice::from_ref(cell) };
        }
        let number = (cell & !SEVERAL) as usize;
        let from = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.items[from as usize..self.ends[number] as usize]
    }
}

/// What comparing needs besides the rows: the outcomes of the pair at hand and the memories of the fields.
#[derive(Default)]
pub(crate) struct Scratch {
    /// Every field's outcome, in the order of the model.
    pub(crate) outcomes: Vec<Outcome>,
    memories: Vec<Memory>,
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
        let (mut fields, values): (Vec<Field>, Vec<Values<'_>>) = model
            .fields
            .par_iter()
            .map(|field| Field::new(table, &order, field, &model.fields))
            .collect::<Vec<_>>()
            .into_iter()
            .unzip();
        let mut cells = cells(&order, &mut fields, &values);
        drop(values);
        let identity = identity(table, model, &order, &mut fields, &mut cells);
        let mut rest: Vec<f32> = vec![0.0; fields.len() + 1];
        for at in (0..fields.len()).rev() {
            rest[at] = rest[at + 1] + fields[at].most();
        }
        Ok(Self {
            rank_of: inverse(&order),
            order,
            cells,
            fields,
            prior_match: odds(model.prior.partners_per_record),
            prior_family: odds(model.prior.relatives_per_record),
            identity,
            rest,
        })
    }

    pub(crate) fn order(&self) -> Order<'_> {
        Order { rows: &self.order, ranks: &self.rank_of }
    }

    pub(crate) fn n_rows(&self) -> u32 {
        u32::try_from(self.order.len()).unwrap_or(u32::MAX)
    }

    fn row(&self, rank: u32) -> &[u32] {
        &self.cells[rank as usize * self.fields.len()..][..self.fields.len()]
    }

    /// Every field's outcome for two rows, in the order of the model.
    pub(crate) fn outcomes(&self, left: u32, right: u32, scratch: &mut Scratch) {
        self.outcomes_until(left, right, scratch, |_, _, _| false);
    }

    /// As [`outcomes`](Self::outcomes), but `enough` is asked after every field, with its position, its outcome and the
    /// most that the fields after it can add for the same person, whether to stop. Says whether it was not stopped.
    pub(crate) fn outcomes_until(
        &self,
        left: u32,
        right: u32,
        scratch: &mut Scratch,
        mut enough: impl FnMut(usize, Outcome, f32) -> bool,
    ) -> bool {
        let Scratch { outcomes, memories } = scratch;
        outcomes.clear();
        memories.resize_with(self.fields.len(), Memory::default);
        let cells = self.row(left).iter().zip(self.row(right));
        for (at, ((field, memory), (l, r))) in
            self.fields.iter().zip(memories).zip(cells).enumerate()
        {
            let (level, value) = field.level(*l, *r, memory);
            let contained = level != MISSING
                && field.containers.iter().any(|(other, mask)| {
                    let at = outcomes[*other].level;
                    at != MISSING && mask & (1 << at) != 0
                });
            let bits = if contained || level == MISSING {
                LevelBits::default()
            } else {
                field.weigh(level, value)
            };
            let outcome = Outcome { level, bits, contained };
            outcomes.push(outcome);
            if enough(at, outcome, self.rest[at + 1]) {
                return false;
            }
        }
        true
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
    pub(crate) fn sure_identities(&self, rank: u32) -> impl Iterator<Item = u32> + '_ {
        let at = self.identity.filter(|at| matches!(self.fields[*at].forms, Forms::Ids(_)));
        let values = at.map_or(&[][..], |at| self.fields[at].runs.of(&self.row(rank)[at]));
        values.iter().copied().filter(move |value| {
            let ids = at.map(|at| &self.fields[at].forms);
            let Some(Forms::Ids(ids)) = ids else { return false };
            value & DOUBTFUL == 0 && ids[*value as usize].is_some_and(|id| id.is_valid())
        })
    }
}

/// For each row of the table its cell of one field, by the texts of its columns.
enum Values<'t> {
    /// One column whose texts are the distinct values.
    Same(&'t [u32]),
    /// One column: by its values the cells of its texts.
    Texts(&'t [u32], Vec<u32>),
    /// Several columns: by row.
    Rows(Vec<u32>),
}

impl Values<'_> {
    fn cell(&self, row: u32) -> u32 {
        match self {
            Self::Same(values) => values[row as usize],
            Self::Texts(values, cells) => cells[values[row as usize] as usize],
            Self::Rows(cells) => cells[row as usize],
        }
    }
}

/// The cells of all rows, by rank.
fn cells(order: &[u32], fields: &mut [Field], values: &[Values<'_>]) -> Vec<u32> {
    for field in fields.iter_mut() {
        field.runs.known = HashMap::new();
    }
    let mut cells = vec![0; order.len() * fields.len()];
    if fields.is_empty() {
        return cells;
    }
    cells.par_chunks_mut(fields.len()).zip(order).with_min_len(4096).for_each(|(cells, row)| {
        for (cell, values) in cells.iter_mut().zip(values) {
            *cell = values.cell(*row);
        }
    });
    cells
}

impl Field {
    fn new<'t>(
        table: &'t Table,
        order: &[u32],
        model: &FieldModel,
        all: &[FieldModel],
    ) -> (Self, Values<'t>) {
        let columns: Vec<&Column> =
            model.columns.iter().filter_map(|name| table.column(name)).collect();
        let mut runs = Runs::default();
        let (values, texts) = intern(&columns, order.len(), model.comparator, &mut runs);
        let rarity = if model.term_frequency {
            rarity(&values, &runs, order, texts.len(), model)
        } else {
            Vec::new()
        };
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
        let forms = model.comparator.prepare(texts);
        (Self { runs, forms, rarity, bits: level_bits(model), containers }, values)
    }

    /// The best level of any two values, and the value that both rows have if it is `equal`: of several the rarest.
    fn level(&self, left: u32, right: u32, memory: &mut Memory) -> (u8, Option<u32>) {
        if (left | right) & SEVERAL == 0 {
            return match (left, right) {
                (0, _) | (_, 0) => (MISSING, None),
                _ => self.level_of(left, right, memory),
            };
        }
        let mut best: (u8, Option<u32>) = (MISSING, None);
        for l in self.runs.of(&left) {
            for r in self.runs.of(&right) {
                let found = self.level_of(*l, *r, memory);
                let rarer = || {
                    let rarity = |value: Option<u32>| {
                        value.and_then(|value| self.rarity.get(value as usize)).unwrap_or(&0.0)
                    };
                    rarity(found.1) > rarity(best.1)
                };
                if found.0 < best.0 || (found.0 == best.0 && found.1.is_some() && rarer()) {
                    best = found;
                }
            }
        }
        best
    }

    fn level_of(&self, left: u32, right: u32, memory: &mut Memory) -> (u8, Option<u32>) {
        let (l, r) = (left & !DOUBTFUL, right & !DOUBTFUL);
        let Some(level) = self.forms.level(l, r, memory) else { return (MISSING, None) };
        let doubtful = (left | right) & DOUBTFUL != 0;
        (if doubtful { believed(level) } else { level }, (l == r).then_some(l))
    }

    /// The most bits that any outcome gives for the same person.
    fn most(&self) -> f32 {
        let rarest = self.rarity.iter().copied().fold(0.0, f32::max);
        let levels = self.bits.iter().enumerate();
        let bits = levels.map(|(level, bits)| bits.same + if level == 0 { rarest } else { 0.0 });
        bits.fold(0.0, f32::max)
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

/// A number that contradicts the row's own birth date proves neither sameness nor difference.
const fn believed(level: u8) -> u8 {
    if level == resident_id::Level::Equal as u8 {
        resident_id::Level::Claimed as u8
    } else if level == resident_id::Level::Conflict as u8 {
        resident_id::Level::Unlike as u8
    } else {
        level
    }
}

/// Numbers the distinct canonical values of the columns, and gives every row its cell.
fn intern<'t>(
    columns: &[&'t Column],
    n_rows: usize,
    comparator: Comparator,
    runs: &mut Runs,
) -> (Values<'t>, Arc<Texts>) {
    if let [column] = columns
        && comparator.is_plain()
        && !column.texts().contain(ALTERNATIVE)
    {
        return (Values::Same(column.values()), column.shared_texts());
    }
    let mut interner = Interner::new();
    let mut numbers = |text: &str, into: &mut Vec<u32>| {
        for part in text.split(ALTERNATIVE) {
            // A cell of blanks, and an address of which nothing is left, have no value.
            let number = interner.intern(&comparator.canonical(part.trim()));
            if number != 0 && !into.contains(&number) {
                into.push(number);
            }
        }
    };
    let mut several = Vec::new();
    if let [column] = columns {
        let mut cell = |text: &str| {
            several.clear();
            numbers(text, &mut several);
            runs.cell(&several)
        };
        let cells = column.texts().iter().map(&mut cell).collect();
        return (Values::Texts(column.values(), cells), Arc::new(interner.finish()));
    }
    let dictionaries: Vec<Vec<Box<[u32]>>> = columns
        .iter()
        .map(|column| {
            let numbers = |text: &str| {
                several.clear();
                numbers(text, &mut several);
                several.as_slice().into()
            };
            column.texts().iter().map(numbers).collect()
        })
        .collect();
    let mut row_cell = |row: usize| {
        several.clear();
        for (column, dictionary) in columns.iter().zip(&dictionaries) {
            several.extend(&dictionary[column.values()[row] as usize]);
        }
        several.sort_unstable();
        several.dedup();
        runs.cell(&several)
    };
    (Values::Rows((0..n_rows).map(&mut row_cell).collect()), Arc::new(interner.finish()))
}

/// For each distinct value log2(mean chance of agreement / chance of agreement in this value).
fn rarity(
    values: &Values<'_>,
    runs: &Runs,
    order: &[u32],
    n_texts: usize,
    model: &FieldModel,
) -> Vec<f32> {
    let mut counts = vec![0u32; n_texts];
    let mut n = 0.0;
    for row in order {
        for value in runs.of(&values.cell(*row)) {
            counts[*value as usize] += 1;
            n += 1.0;
        }
    }
    let u = model.levels.iter().find(|level| level.name == "equal").map_or(1.0, |level| level.u);
    let share = |count: &u32| (f64::from(*count) + EXPECTED * u) / (n + EXPECTED);
    // A value seen once or twice may be a slip that occurred twice, so its chance is not taken below 1 in 20,000.
    counts.iter().map(|count| bits(u / share(count).max(5e-5))).collect()
}

/// So many values are taken to have been seen before with the model's mean chance: in a small table a value that two of
/// three rows share is not a frequent one.
const EXPECTED: f64 = 500.0;

/// The field that tells persons apart; marks its values that the row's birth contradicts.
fn identity(
    table: &Table,
    model: &Model,
    order: &[u32],
    fields: &mut [Field],
    cells: &mut [u32],
) -> Option<usize> {
    let rule = model.identity.as_ref()?;
    let at = model.fields.iter().position(|field| field.name == rule.field)?;
    let n_fields = fields.len();
    let Field { forms: Forms::Ids(ids), runs, .. } = &mut fields[at] else { return Some(at) };
    let Some(birth) = rule.birth.as_ref().and_then(|name| table.column(name)) else {
        return Some(at);
    };
    let births: Vec<Vec<Day>> = birth
        .texts()
        .iter()
        .map(|text| text.split(ALTERNATIVE).filter_map(|part| Day::parse(part.trim())).collect())
        .collect();
    let inside: Vec<Option<Day>> =
        ids.iter().map(|id| id.as_ref().and_then(Id::birth).and_then(Day::parse)).collect();
    for (rank, row) in order.iter().enumerate() {
        let said = &births[birth.values()[*row as usize] as usize];
        let contradicts = |value: &u32| {
            inside[*value as usize].is_some_and(|id_birth| {
                !said.is_empty() && !said.iter().any(|day| date::agree(*day, id_birth))
            })
        };
        let cell = &mut cells[rank * n_fields + at];
        let values = runs.of(cell);
        if values.iter().any(contradicts) {
            let mark = |value: &u32| value | if contradicts(value) { DOUBTFUL } else { 0 };
            let marked: Vec<u32> = values.iter().map(mark).collect();
            *cell = runs.cell(&marked);
        }
    }
    Some(at)
}

/// Rows in the order of their content, then of their keys, then of their position.
fn order(table: &Table) -> Vec<u32> {
    let hashes: Vec<Vec<u64>> = table
        .columns()
        .par_iter()
        .map(|column| column.texts().iter().map(|text| hash(text.as_bytes())).collect())
        .collect();
    let content = |row: u32| {
        table.columns().iter().zip(&hashes).fold(0, |all, (column, hashes)| {
            mix(all ^ hashes[column.values()[row as usize] as usize])
        })
    };
    let mut order: Vec<(u64, u32)> =
        (0..table.n_rows()).into_par_iter().map(|row| (content(row), row)).collect();
    drop(hashes);
    order.par_sort_unstable_by_key(|(content, row)| (*content, table.key(*row), *row));
    order.into_iter().map(|(_, row)| row).collect()
}

/// For each row its rank.
fn inverse(order: &[u32]) -> Vec<u32> {
    let mut ranks = vec![0; order.len()];
    for (rank, row) in (0..).zip(order) {
        ranks[*row as usize] = rank;
    }
    ranks
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
