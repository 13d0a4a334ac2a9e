//! Families with one to three children, each child in two lists, drawn from known rates.

use baoxue_link::{
    BlockKey, BlockRule, Column, Comparator, FieldModel, Level, Model, Prior, Table, Thresholds,
    Transform, household_levels, starting_levels,
};

use super::people::Lots;

/// Given names: so many stems, each with two endings that differ in one letter.
const STEMS: u64 = 750;
const TOWNS: u64 = 200;
const BIRTHS: u64 = 3000;

/// Of a thousand: names with a slip of the pen, wrong towns, children who live elsewhere than their family, wrong guardians and
/// telephones.
const SLIPS: u64 = 60;
const WRONG_TOWN: u64 = 30;
const MOVED: u64 = 100;
const WRONG_GUARDIAN: u64 = 30;
const WRONG_PHONE: u64 = 50;

/// What these come to: both rows right, or one of two with a slip.
pub(crate) const TOWN_SAME: f64 = 0.97 * 0.97;
pub(crate) const TOWN_FAMILY: f64 =
    0.9 * 0.9 * 0.97 * 0.97 + (1.0 - 0.9 * 0.9 * 0.97 * 0.97) / 200.0;
pub(crate) const SLIP_SAME: f64 = 2.0 * 0.06 * 0.94;
/// The other ending of the same stem, both written without a slip, or one of two with a slip of the same name.
pub(crate) const SLIP_STRANGERS: f64 = (0.94 * 0.94 + 2.0 * 0.06 * 0.94) / 1500.0;

/// Rows of given name, birth, town, guardian and telephone.
pub(crate) struct Families {
    rows: Vec<[String; 5]>,
    /// Rows of each family.
    sizes: Vec<u32>,
}

impl Families {
    pub(crate) fn new(n: u32, seed: u64) -> Self {
        let mut lots = Lots::new(seed);
        let (mut rows, mut sizes) = (Vec::new(), Vec::new());
        for family in 0..n {
            let home = lots.below(TOWNS);
            let n_children = family % 3 + 1;
            sizes.push(2 * n_children);
            for _ in 0..n_children {
                let stem = mixed(lots.below(STEMS));
                let given = format!("{stem}{}", ["a", "o"][usize::from(lots.happens(500))]);
                let birth = lots.below(BIRTHS);
                let town = if lots.happens(MOVED) { lots.below(TOWNS) } else { home };
                for _ in 0..2 {
                    let own = if lots.happens(WRONG_TOWN) { lots.below(TOWNS) } else { town };
                    let mut of_family = |wrong: u64| {
                        if lots.happens(wrong) {
                            u64::from(n) + lots.next() % (1 << 40)
                        } else {
                            family.into()
                        }
                    };
                    let (guardian, phone) = (of_family(WRONG_GUARDIAN), of_family(WRONG_PHONE));
                    rows.push([
                        if lots.happens(SLIPS) {
                            slipped(&given, lots.below(5))
                        } else {
                            given.clone()
                        },
                        birth.to_string(),
                        format!("t{own}"),
                        format!("g{guardian}"),
                        format!("p{phone}"),
                    ]);
                }
            }
        }
        Self { rows, sizes }
    }

    /// Rows of a brother or sister that a row has on average.
    pub(crate) fn relatives_per_record(&self) -> f64 {
        let all: u32 = self.sizes.iter().map(|n| n * (n - 2)).sum();
        f64::from(all) / f64::from(self.sizes.iter().sum::<u32>())
    }

    pub(crate) fn table(&self) -> Table {
        let names = ["given", "birth", "town", "guardian", "phone"];
        let column =
            |at: usize| Column::new(names[at], self.rows.iter().map(|row| row[at].as_str()));
        Table::new((0..names.len()).map(column).collect(), Vec::new()).unwrap()
    }
}

/// Six letters that differ in two places at least from those of every other number.
fn mixed(number: u64) -> String {
    let letter = |n: u64| char::from(b'b' + u8::try_from(n % 24).unwrap());
    let (a, b, c) = (number % 24, number / 24 % 24, number / 576);
    [a, b, c, a + b, b + 2 * c, a + c].into_iter().map(letter).collect()
}

/// One of the first letters as a sign that no name has.
fn slipped(name: &str, at: u64) -> String {
    let at = usize::try_from(at).unwrap();
    format!("{}z{}", &name[..at], &name[at + 1..])
}

pub(crate) fn model() -> Model {
    let field = |name: &str, comparator: Comparator, levels: Vec<Level>| FieldModel {
        name: name.to_owned(),
        columns: vec![name.to_owned()],
        comparator,
        of: Vec::new(),
        term_frequency: false,
        contained_in: Vec::new(),
        levels,
    };
    let mut town = starting_levels(Comparator::Exact);
    (town[0].family, town[1].family) = (Some(0.5), Some(0.5));
    let rule = |names: &[&str]| BlockRule {
        name: names.join(" + "),
        keys: names
            .iter()
            .map(|name| BlockKey { columns: vec![(*name).to_owned()], transform: Transform::Whole })
            .collect(),
        refine: Vec::new(),
        most_rows: 400,
    };
    Model {
        name: "families".to_owned(),
        prior: Prior { partners_per_record: 1.5, relatives_per_record: 1.0 },
        thresholds: Thresholds { join_bits: 3.0, review_bits: -6.0, bridge_bits: 0.0 },
        identity: None,
        relatives: Some(rule(&["guardian"])),
        fields: vec![
            field("given", Comparator::Text, starting_levels(Comparator::Text)),
            field("birth", Comparator::Exact, starting_levels(Comparator::Exact)),
            field("town", Comparator::Exact, town),
            field("guardian", Comparator::Exact, household_levels(Comparator::Exact)),
            // Without a second thing that families share nothing tells sisters from strangers whose guardians have one name.
            field("phone", Comparator::Exact, household_levels(Comparator::Exact)),
        ],
        blocks: vec![rule(&["guardian"]), rule(&["birth"]), rule(&["town", "given"])],
    }
}
