//! People in several lists, drawn from known rates of error: what training and evaluation should find again.

use baoxue_link::{
    BlockKey, BlockRule, Column, Comparator, FieldModel, Model, Prior, Table, Thresholds,
    Transform, starting_levels,
};

/// A generator whose draws depend on the seed alone.
pub(crate) struct Lots(u64);

impl Lots {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// Whether something happens that happens in so many of a thousand cases.
    pub(crate) fn happens(&mut self, per_thousand: u64) -> bool {
        self.below(1000) < per_thousand
    }
}

/// Fields that are equal or not, with the number of their values and how many of a thousand rows have a wrong one.
pub(crate) const FIELDS: [(&str, u64, u64); 5] =
    [("a", 500, 50), ("b", 2000, 30), ("c", 100, 100), ("d", 800, 20), ("e", 50, 60)];

/// Rows of each person, and for each row its person from 1 on.
pub(crate) struct People {
    pub(crate) rows: Vec<[String; 5]>,
    pub(crate) truth: Vec<u32>,
}

impl People {
    /// So many persons with two rows each.
    pub(crate) fn new(n_persons: u32, seed: u64) -> Self {
        let mut lots = Lots::new(seed);
        let (mut rows, mut truth) = (Vec::new(), Vec::new());
        for person in 1..=n_persons {
            let own = FIELDS.map(|(_, n_values, _)| lots.below(n_values));
            for _ in 0..2 {
                let mut at = 0;
                rows.push(own.map(|value| {
                    let (name, n_values, wrong) = FIELDS[at];
                    at += 1;
                    let written = if lots.happens(wrong) { lots.below(n_values) } else { value };
                    format!("{name}{written}")
                }));
                truth.push(person);
            }
        }
        Self { rows, truth }
    }

    pub(crate) fn table(&self) -> Table {
        let column =
            |at: usize| Column::new(FIELDS[at].0, self.rows.iter().map(|row| row[at].as_str()));
        Table::new((0..FIELDS.len()).map(column).collect(), Vec::new()).unwrap()
    }

    /// The same rows from last to first.
    pub(crate) fn reversed(&self) -> Self {
        Self {
            rows: self.rows.iter().rev().cloned().collect(),
            truth: self.truth.iter().rev().copied().collect(),
        }
    }
}

/// A model with starting weights and three rules that share no column.
pub(crate) fn model() -> Model {
    let field = |(name, ..): (&str, u64, u64)| FieldModel {
        name: name.to_owned(),
        columns: vec![name.to_owned()],
        comparator: Comparator::Exact,
        of: Vec::new(),
        term_frequency: false,
        contained_in: Vec::new(),
        levels: starting_levels(Comparator::Exact),
    };
    let rule = |names: &[&str]| BlockRule {
        name: names.join(" + "),
        keys: names
            .iter()
            .map(|name| BlockKey { columns: vec![(*name).to_owned()], transform: Transform::Whole })
            .collect(),
        refine: Vec::new(),
        most_rows: 200,
    };
    Model {
        name: "exact".to_owned(),
        prior: Prior { partners_per_record: 1.0, relatives_per_record: 0.0 },
        thresholds: Thresholds { join_bits: 3.0, review_bits: -6.0, bridge_bits: 0.0 },
        identity: None,
        relatives: None,
        fields: FIELDS.map(field).to_vec(),
        blocks: vec![rule(&["b"]), rule(&["a", "e"]), rule(&["d"])],
    }
}
