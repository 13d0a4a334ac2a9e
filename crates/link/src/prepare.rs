//! A table made ready for a model: every distinct value of a field parsed once, every level with its bits, and for every
//! row what decides ties, so that no result depends on the order in which rows came.

use std::{collections::HashMap, sync::Arc};

use rayon::prelude::*;

use crate::{
    IdentityRule, LinkError, Model, Table,
    comparator::{Forms, Memory},
    doubt::Said,
    field::{DOUBTFUL, Field, LevelBits, MISSING, Values, bits},
    texts::Texts,
};

/// A table and a model, checked against each other.
pub(crate) struct Prepared {
    /// For each row a digest of its content: what decides ties instead of the place where a row happens to stand.
    pub(crate) content: Vec<u64>,
    /// For each row its key, which decides between rows of the same content; empty when the table has none.
    keys: Arc<Vec<i64>>,
    /// By row, then by field: 0 for a missing value, else the number of a distinct value, marked as [`DOUBTFUL`], or the
    /// number of a run of values, marked as several. All of a row stands together: comparing reads it at once.
    cells: Vec<u32>,
    pub(crate) fields: Vec<Field>,
    /// Frequencies and the prior are those of so many rows, the first ones.
    n_counted: u32,
    /// Log2 odds that two random rows are the same person, and that they are relatives, against strangers.
    pub(crate) prior_match: f32,
    pub(crate) prior_family: f32,
    /// Index of the field that tells persons apart for certain.
    pub(crate) identity: Option<usize>,
    /// In which order fields are looked at and their bits added up: a field about two others as soon as both are known.
    pub(crate) order: Vec<usize>,
    /// For each field the most that it can say for the same person.
    most: Vec<f32>,
    /// The sum of it over fields that are about others.
    most_together: f32,
}

/// What comparing needs besides the rows: the outcomes of the pair at hand and the memories of the fields.
#[derive(Default)]
pub(crate) struct Scratch {
    /// Every field's outcome, in the order of the model.
    pub(crate) outcomes: Vec<Outcome>,
    memories: Vec<Memory>,
}

impl Scratch {
    /// A memory for each field.
    fn memories(&mut self, n_fields: usize) -> &mut [Memory] {
        if self.memories.len() != n_fields {
            self.memories.resize_with(n_fields, Memory::default);
        }
        &mut self.memories
    }
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
        Ok(Self::counting(table, model, table.n_rows())?.0)
    }

    /// As [`new`](Self::new), with the frequencies and the prior of the first `n_counted` rows. Gives the distinct
    /// values of the fields too, which [`extend`](Self::extend) needs.
    pub(crate) fn counting(
        table: &Table,
        model: &Model,
        n_counted: u32,
    ) -> Result<(Self, Vec<Arc<Texts>>), LinkError> {
        model.check(table)?;
        let new = |field| Field::new(table, n_counted, field, &model.fields);
        let made: Vec<(Field, Values<'_>, Arc<Texts>)> = model.fields.par_iter().map(new).collect();
        let (mut fields, mut values, mut texts) = (Vec::new(), Vec::new(), Vec::new());
        for made in made {
            fields.push(made.0);
            values.push(made.1);
            texts.push(made.2);
        }
        let mut cells = cells(table.n_rows(), &mut fields, &values);
        drop(values);
        let identity = identity(table, model, &mut fields, &mut cells);
        let mut prepared = Self {
            content: content(table),
            keys: table.keys(),
            cells,
            order: order(&fields),
            fields,
            n_counted,
            prior_match: 0.0,
            prior_family: 0.0,
            identity,
            most: Vec::new(),
            most_together: 0.0,
        };
        prepared.weigh_as(model);
        Ok((prepared, texts))
    }

    /// Takes more rows. `texts` are the distinct values of the fields with those that came, `cells` those of the rows
    /// that came, `rule` that of the field of identity.
    pub(crate) fn extend(
        &mut self,
        rows: &Table,
        texts: &[Arc<Texts>],
        mut cells: Vec<u32>,
        rule: Option<&IdentityRule>,
    ) {
        for (field, texts) in self.fields.iter_mut().zip(texts) {
            field.extend(texts);
        }
        let said = rule.and_then(|rule| Said::new(rows, rule));
        if let (Some(at), Some(said)) = (self.identity, said) {
            mark_doubtful((&mut self.fields, at), &said, &mut cells);
        }
        self.cells.extend(cells);
        self.content.extend(content(rows));
        Arc::make_mut(&mut self.keys).extend(rows.keys().iter());
        self.note_most();
    }

    /// Takes over the probabilities of a model with the same fields.
    pub(crate) fn weigh_as(&mut self, model: &Model) {
        let n_rows = f64::from(self.n_counted.max(2));
        let odds = |per_record: f64| {
            let p = (per_record / n_rows).min(0.5);
            bits(p / (1.0 - p))
        };
        self.prior_match = odds(model.prior.partners_per_record);
        self.prior_family = odds(model.prior.relatives_per_record);
        self.fields.par_iter_mut().zip(&model.fields).for_each(|(field, trained)| {
            let equal = trained.levels.iter().find(|level| level.name == "equal");
            let own = equal.map_or(1.0, |level| {
                let relatives = level.family.unwrap_or(level.u);
                1.0 + model.prior.partners_per_record * level.m
                    + model.prior.relatives_per_record * relatives
            });
            field.weigh_as(trained, own);
        });
        self.note_most();
    }

    fn note_most(&mut self) {
        self.most = self.fields.iter().map(Field::most).collect();
        let together =
            self.fields.iter().zip(&self.most).filter(|(field, _)| field.together.is_some());
        self.most_together = together.map(|(_, most)| most).sum();
    }

    pub(crate) fn n_rows(&self) -> u32 {
        u32::try_from(self.content.len()).unwrap_or(u32::MAX)
    }

    /// What decides ties between rows: content, then key, then place.
    pub(crate) fn tie(&self, row: u32) -> (u64, i64, u32) {
        let key = self.keys.get(row as usize).copied().unwrap_or_default();
        (self.content[row as usize], key, row)
    }

    /// Half a digest of what stands in two rows, the same in both orders: enough to break ties.
    #[expect(clippy::cast_possible_truncation, reason = "half a digest is enough to break ties")]
    pub(crate) fn pair_tie(&self, left: u32, right: u32) -> u32 {
        mix(self.content[left as usize].wrapping_add(self.content[right as usize])) as u32
    }

    /// The cells of a row, by field.
    pub(crate) fn cells_of(&self, row: u32) -> &[u32] {
        let n_values = n_values(&self.fields);
        &self.cells[row as usize * n_values..][..n_values]
    }

    /// For each field the most that it can say for the same person.
    pub(crate) fn most(&self) -> &[f32] {
        &self.most
    }

    /// The most that the fields about others can say for the same person.
    pub(crate) const fn most_together(&self) -> f32 {
        self.most_together
    }

    /// Every field's outcome for two rows, in the order of the model.
    pub(crate) fn outcomes(&self, left: u32, right: u32, scratch: &mut Scratch) {
        scratch.memories(self.fields.len());
        let Scratch { outcomes, memories } = scratch;
        outcomes.clear();
        let cells = self.cells_of(left).iter().zip(self.cells_of(right));
        // Fields about others have no cells, and stand at the end.
        let cells = cells.chain(std::iter::repeat((&0, &0)));
        for ((field, memory), (l, r)) in self.fields.iter().zip(memories).zip(cells) {
            let level_of =
                |field: usize| outcomes.get(field).map_or(MISSING, |o: &Outcome| o.level);
            let (level, values) = if field.together.is_some() {
                (field.level_together(level_of), [0; 2])
            } else {
                field.level(*l, *r, memory)
            };
            let contained = level != MISSING && field.is_contained(level_of);
            let bits = if contained || level == MISSING {
                LevelBits::default()
            } else {
                field.weigh(level, values)
            };
            outcomes.push(Outcome { level, bits, contained });
        }
    }

    /// Every field's level for two rows, in the order of the model.
    pub(crate) fn levels<'p>(
        &'p self,
        left: u32,
        right: u32,
        scratch: &'p mut Scratch,
    ) -> impl Iterator<Item = u8> + 'p {
        self.outcomes(left, right, scratch);
        scratch.outcomes.iter().map(|outcome| outcome.level)
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
    pub(crate) fn sure_identities(&self, row: u32) -> impl Iterator<Item = u32> + '_ {
        let at = self.identity.filter(|at| matches!(self.fields[*at].forms, Forms::Ids(_)));
        let values = at.map_or(&[][..], |at| self.fields[at].runs.of(&self.cells_of(row)[at]));
        values.iter().copied().filter(move |value| {
            let ids = at.map(|at| &self.fields[at].forms);
            let Some(Forms::Ids(ids)) = ids else { return false };
            value & DOUBTFUL == 0 && ids[*value as usize].is_some_and(|id| id.is_valid())
        })
    }
}

/// How many fields have values; those about others come after them.
pub(crate) fn n_values(fields: &[Field]) -> usize {
    fields.iter().take_while(|field| field.together.is_none()).count()
}

/// The fields as they are looked at.
fn order(fields: &[Field]) -> Vec<usize> {
    let known_at = |at: usize| fields[at].together.map_or(at, |[a, b]| a.max(b));
    let mut order: Vec<usize> = (0..fields.len()).collect();
    order.sort_by_key(|at| known_at(*at));
    order
}

/// The cells of all rows.
fn cells(n_rows: u32, fields: &mut [Field], values: &[Values<'_>]) -> Vec<u32> {
    for field in fields.iter_mut() {
        field.runs.known = HashMap::new();
    }
    let n_values = n_values(fields);
    let mut cells = vec![0; n_rows as usize * n_values];
    if n_values == 0 {
        return cells;
    }
    cells.par_chunks_mut(n_values).zip(0..n_rows).with_min_len(4096).for_each(|(cells, row)| {
        for (cell, values) in cells.iter_mut().zip(values) {
            *cell = values.cell(row);
        }
    });
    cells
}

/// The field that tells persons apart; marks its values that their row contradicts.
fn identity(
    table: &Table,
    model: &Model,
    fields: &mut [Field],
    cells: &mut [u32],
) -> Option<usize> {
    let rule = model.identity.as_ref()?;
    let at = model.fields.iter().position(|field| field.name == rule.field)?;
    if let Some(said) = Said::new(table, rule) {
        mark_doubtful((fields, at), &said, cells);
    }
    Some(at)
}

/// Marks the numbers in the cells of some rows that these rows contradict.
fn mark_doubtful((fields, at): (&mut [Field], usize), said: &Said<'_>, cells: &mut [u32]) {
    let n_values = n_values(fields);
    let Field { forms: Forms::Ids(ids), runs, .. } = &mut fields[at] else { return };
    for (row, cells) in cells.chunks_mut(n_values).enumerate() {
        let contradicts =
            |value: &u32| ids[*value as usize].as_ref().is_some_and(|id| said.contradicts(row, id));
        let cell = &mut cells[at];
        let values = runs.of(cell);
        if values.iter().any(contradicts) {
            let mark = |value: &u32| value | if contradicts(value) { DOUBTFUL } else { 0 };
            let marked: Vec<u32> = values.iter().map(mark).collect();
            *cell = runs.cell(&marked);
        }
    }
}

/// For each row a digest of what stands in it.
pub(crate) fn content(table: &Table) -> Vec<u64> {
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
    (0..table.n_rows()).into_par_iter().map(content).collect()
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
