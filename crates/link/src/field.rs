//! One comparison over the whole table: its distinct values parsed once, its levels with their bits.

use std::{collections::HashMap, sync::Arc};

use crate::{
    Comparator, FieldModel, Table,
    comparator::{Forms, Memory, resident_id},
    table::{ALTERNATIVE, Column},
    texts::{Interner, Texts},
};

/// No comparison: a value is missing, or the two have nothing to say about each other.
pub(crate) const MISSING: u8 = u8::MAX;

/// Bits by which a sum of a few weights may be off.
pub(crate) const ROUNDING: f32 = 0.001;

/// Marks in a cell: its row contradicts the number; it holds several values.
pub(crate) const DOUBTFUL: u32 = 1 << 30;
const SEVERAL: u32 = 1 << 31;
/// What is left of a cell without these marks.
const NUMBER: u32 = DOUBTFUL - 1;

/// One comparison over the whole table.
pub(crate) struct Field {
    pub(crate) runs: Runs,
    pub(crate) forms: Forms,
    /// How often each distinct value stands in the table.
    counts: Vec<u32>,
    /// For each distinct value what `equal` weighs more or less than on average, in bits; empty when that is not asked.
    rarity: Vec<f32>,
    /// For each level how much of the rarity it takes.
    shares: Vec<f32>,
    /// Bits of each level.
    pub(crate) bits: Vec<LevelBits>,
    /// Fields and, as bit masks, their levels that contain this field's evidence.
    pub(crate) containers: Vec<(usize, u16)>,
    /// The two fields that this one is about, when it has no values of its own.
    pub(crate) together: Option<[usize; 2]>,
}

/// What a level speaks for, against strangers, in bits.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct LevelBits {
    pub(crate) same: f32,
    pub(crate) family: f32,
}

/// Values of cells that hold several.
#[derive(Default)]
pub(crate) struct Runs {
    ends: Vec<u32>,
    items: Vec<u32>,
    pub(crate) known: HashMap<Box<[u32]>, u32>,
}

impl Runs {
    /// The cell of some values.
    pub(crate) fn cell(&mut self, values: &[u32]) -> u32 {
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
    pub(crate) fn of<'r>(&'r self, cell: &'r u32) -> &'r [u32] {
        if cell & SEVERAL == 0 {
            return if *cell == 0 { &[] } else { std::slice::from_ref(cell) };
        }
        let number = (cell & !SEVERAL) as usize;
        let from = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.items[from as usize..self.ends[number] as usize]
    }
}

/// For each row of the table its cell of one field, by the texts of its columns.
pub(crate) enum Values<'t> {
    /// One column whose texts are the distinct values.
    Same(&'t [u32]),
    /// One column: by its values the cells of its texts.
    Texts(&'t [u32], Vec<u32>),
    /// Several columns: by row.
    Rows(Vec<u32>),
}

impl Values<'_> {
    pub(crate) fn cell(&self, row: u32) -> u32 {
        match self {
            Self::Same(values) => values[row as usize],
            Self::Texts(values, cells) => cells[values[row as usize] as usize],
            Self::Rows(cells) => cells[row as usize],
        }
    }
}

impl Field {
    /// A field of a table, the cells of its rows, and its distinct values. Frequencies are those of the first
    /// `n_counted` rows.
    pub(crate) fn new<'t>(
        table: &'t Table,
        n_counted: u32,
        model: &FieldModel,
        all: &[FieldModel],
    ) -> (Self, Values<'t>, Arc<Texts>) {
        let columns: Vec<&Column> =
            model.columns.iter().filter_map(|name| table.column(name)).collect();
        let mut runs = Runs::default();
        let n_rows = table.n_rows() as usize;
        let (values, texts) = intern(&columns, n_rows, model.comparator, &mut runs);
        let counts = counts(&values, &runs, n_counted, texts.len());
        let about = all.iter().filter(|field| model.of.contains(&field.name));
        let containers = about
            .chain([model])
            .flat_map(|field| &field.contained_in)
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
        let place = |name: &String| all.iter().position(|field| field.name == *name);
        let places: Option<Vec<usize>> = model.of.iter().map(place).collect();
        let together = places.and_then(|places| places.try_into().ok());
        let forms = model.comparator.prepare(Arc::clone(&texts), &counts);
        let (rarity, shares, bits) = (Vec::new(), Vec::new(), Vec::new());
        let mut field = Self { runs, forms, counts, rarity, shares, bits, containers, together };
        field.weigh_as(model, 1.0);
        (field, values, texts)
    }

    /// Takes the values that came after those it has. No row that is counted has them.
    pub(crate) fn extend(&mut self, texts: &Arc<Texts>) {
        self.forms.extend(texts);
        self.counts.resize(texts.len(), 0);
        if !self.rarity.is_empty() {
            self.rarity.resize(texts.len(), bits(1.0 / UNSEEN));
        }
    }

    /// Takes over the probabilities of a model for the same field. `own` is in how many rows a value stands because of
    /// one person and the relatives who share it.
    pub(crate) fn weigh_as(&mut self, model: &FieldModel, own: f64) {
        self.bits = level_bits(model);
        self.shares = shares(model);
        self.rarity =
            if model.term_frequency { rarity(&self.counts, model, own) } else { Vec::new() };
    }

    /// The share of pairs of rows that have the same value here; `None` without two values. Values that are too
    /// poor to be `equal`, as a year without its day, do not count.
    pub(crate) fn agreement(&self) -> Option<f64> {
        let n: f64 = self.counts.iter().copied().map(f64::from).sum();
        let pairs = |n: f64| n * (n - 1.0);
        let can_be_equal =
            |value: u32| self.forms.level(value, value, &mut Memory::default()) == Some(0);
        let counted = (0..).zip(&self.counts).filter(|(value, n)| **n > 1 && can_be_equal(*value));
        let same: f64 = counted.map(|(_, n)| pairs(f64::from(*n))).sum();
        (n > 1.0).then(|| same / pairs(n))
    }

    /// The best level of any two values, and these values: of several the rarest.
    pub(crate) fn level(&self, left: u32, right: u32, memory: &mut Memory) -> (u8, [u32; 2]) {
        if left == right && left & !NUMBER == 0 && left != 0 && self.forms.is_equal_to_itself() {
            return (0, [left; 2]);
        }
        if (left | right) & SEVERAL == 0 {
            return match (left, right) {
                (0, _) | (_, 0) => (MISSING, [0; 2]),
                _ => self.level_of(left, right, memory),
            };
        }
        let mut best = (MISSING, [0; 2]);
        for l in self.runs.of(&left) {
            for r in self.runs.of(&right) {
                let found = self.level_of(*l, *r, memory);
                let rarer = || self.rarity(found.1) > self.rarity(best.1);
                if found.0 < best.0 || (found.0 == best.0 && found.0 != MISSING && rarer()) {
                    best = found;
                }
            }
        }
        best
    }

    /// Reads a little of what comparing and weighing two cells will need; what it gives means nothing.
    pub(crate) fn touch(&self, left: u32, right: u32) -> u32 {
        if (left | right) & SEVERAL != 0 {
            return 0;
        }
        let (left, right) = (left & NUMBER, right & NUMBER);
        let rarity = |value: u32| self.rarity.get(value as usize).map_or(0, |bits| bits.to_bits());
        // Of equal values most comparators need nothing; the missing value is at hand.
        let differ = u32::from(left != right);
        let (l, r) = (left * differ, right * differ);
        rarity(left) ^ rarity(right) ^ self.forms.touch(l) ^ self.forms.touch(r)
    }

    fn level_of(&self, left: u32, right: u32, memory: &mut Memory) -> (u8, [u32; 2]) {
        let values = [left & !DOUBTFUL, right & !DOUBTFUL];
        let Some(level) = self.forms.level(values[0], values[1], memory) else {
            return (MISSING, values);
        };
        let doubtful = (left | right) & DOUBTFUL != 0;
        (if doubtful { believed(level) } else { level }, values)
    }

    /// Mean rarity of two values.
    fn rarity(&self, values: [u32; 2]) -> f32 {
        let [l, r] = values.map(|value| self.rarity.get(value as usize).copied().unwrap_or(0.0));
        f32::midpoint(l, r)
    }

    /// The most bits that any outcome gives for the same person.
    pub(crate) fn most(&self) -> f32 {
        let rarest = self.rarity.iter().copied().fold(0.0, f32::max);
        let bits = self.bits.iter().zip(&self.shares);
        bits.map(|(bits, share)| bits.same + share * rarest).fold(0.0, f32::max)
    }

    /// The level of a field about two others, by the levels of these.
    pub(crate) fn level_together(&self, level_of: impl Fn(usize) -> u8) -> u8 {
        let Some(levels) = self.together.map(|fields| fields.map(level_of)) else { return MISSING };
        match levels {
            [MISSING, _] | [_, MISSING] => MISSING,
            [0, 0] => 0,
            [0, _] => 1,
            [_, 0] => 2,
            _ => 3,
        }
    }

    /// Whether another field contains this one's evidence, by the levels of the fields before it.
    pub(crate) fn is_contained(&self, level_of: impl Fn(usize) -> u8) -> bool {
        self.containers.iter().any(|(other, mask)| {
            let level = level_of(*other);
            level != MISSING && mask & (1 << level) != 0
        })
    }

    pub(crate) fn weigh(&self, level: u8, values: [u32; 2]) -> LevelBits {
        let at = usize::from(level);
        let (bits, share) = (self.bits[at], self.shares[at]);
        let more = if share > 0.0 { share * self.rarity(values) } else { 0.0 };
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

/// For each level how much of the rarity of the values it takes.
#[expect(clippy::cast_possible_truncation, reason = "a share from 0 to 1 fits f32")]
fn shares(model: &FieldModel) -> Vec<f32> {
    let of = |name: &&str| model.levels.iter().find(|level| level.name == *name);
    let share = |(at, name): (usize, &&str)| match of(name) {
        _ if at == 0 => 1.0,
        Some(level) => level.term_frequency_weight as f32,
        None => 0.0,
    };
    model.comparator.levels().iter().enumerate().map(share).collect()
}

/// A number that its own row contradicts proves neither sameness nor difference.
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
        && comparator.leaves_all(column.texts())
        && !column.texts().contain(ALTERNATIVE)
    {
        return (Values::Same(column.values()), column.shared_texts());
    }
    if comparator.is_joined() {
        let (rows, texts) = crate::joined::intern(columns, n_rows, comparator);
        return (Values::Rows(rows), Arc::new(texts));
    }
    let mut interner = Interner::new();
    let mut numbers = |text: &str, into: &mut Vec<u32>| {
        each_value(text, comparator, into, |value| interner.intern(value));
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

/// The numbers of the values of a cell.
pub(crate) fn each_value(
    cell: &str,
    comparator: Comparator,
    into: &mut Vec<u32>,
    mut number: impl FnMut(&str) -> u32,
) {
    for part in cell.split(ALTERNATIVE) {
        // A cell of blanks, and an address of which nothing is left, have no value.
        let number = number(&comparator.canonical(part.trim()));
        if number != 0 && !into.contains(&number) {
            into.push(number);
        }
    }
}

/// How often each value stands in the counted rows.
fn counts(values: &Values<'_>, runs: &Runs, n_counted: u32, n_texts: usize) -> Vec<u32> {
    let mut counts = vec![0u32; n_texts];
    for row in 0..n_counted {
        for value in runs.of(&values.cell(row)) {
            counts[*value as usize] += 1;
        }
    }
    counts
}

/// For each distinct value log2(mean chance that a stranger has the same value / chance of this value).
fn rarity(counts: &[u32], model: &FieldModel, own: f64) -> Vec<f32> {
    let n: f64 = counts.iter().copied().map(f64::from).sum();
    let u = model.levels.iter().find(|level| level.name == "equal").map_or(1.0, |level| level.u);
    let others = |count: u32| (f64::from(count) - own).max(0.0) / (n + FEW_ROWS);
    counts.iter().map(|count| bits(u / (others(*count) + UNSEEN * u))).collect()
}

/// In a small table a value that two of three rows share is not a frequent one.
const FEW_ROWS: f64 = 500.0;

/// A value that no stranger in the table has is still had by some stranger: with this share of the mean chance.
const UNSEEN: f64 = 0.3;
