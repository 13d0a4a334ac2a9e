//! Small registers made from a few families, with the slips of real lists.

use baoxue_link::{Column, Constraints, Model, Table};
use proptest::prelude::*;

/// Names of the columns of a row.
const COLUMNS: [&str; 6] = ["id", "name", "birth", "guardian", "village", "sex"];

/// Rows and what is known about them.
#[derive(Clone, Debug)]
pub(crate) struct Register {
    /// One text per column.
    pub(crate) rows: Vec<[String; 6]>,
    /// Two lists, the first with one row per person.
    pub(crate) constraints: Constraints,
}

impl Register {
    /// As a table; rows are told apart by their text, so keys are left to positions.
    pub(crate) fn table(&self) -> Table {
        let column =
            |at: usize| Column::new(COLUMNS[at], self.rows.iter().map(|row| row[at].as_str()));
        Table::new((0..COLUMNS.len()).map(column).collect(), Vec::new()).unwrap()
    }

    /// A permutation of the rows.
    pub(crate) fn shuffled(&self, seed: u64) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|row| (*row as u64 + 1).wrapping_mul(seed | 1).rotate_left(17));
        order
    }

    /// The same rows in another order.
    pub(crate) fn in_order(&self, order: &[usize]) -> Self {
        let source = order.iter().map(|row| self.constraints.source[*row]).collect();
        Self {
            rows: order.iter().map(|row| self.rows[*row].clone()).collect(),
            constraints: Constraints { source, ..self.constraints.clone() },
        }
    }
}

/// The model of the crate's README.
pub(crate) fn model() -> Model {
    toml::from_str(include_str!("model.toml")).unwrap()
}

/// Registers with so many rows, no two of them equal in every column.
pub(crate) fn register(n_rows: std::ops::Range<usize>) -> impl Strategy<Value = Register> {
    prop::collection::vec((row(), 0u16..2), n_rows).prop_map(|mut rows| {
        // Equal rows are interchangeable: which of them joins a third one is a matter of position.
        rows.sort();
        rows.dedup_by(|a, b| a.0 == b.0);
        let (rows, source) = rows.into_iter().unzip();
        let constraints =
            Constraints { source, one_per_source: vec![true, false], ..Constraints::default() };
        Register { rows, constraints }
    })
}

/// One of eight children of three families, seen with slips.
fn row() -> impl Strategy<Value = [String; 6]> {
    (0usize..8, any::<[u8; 5]>()).prop_map(|(child, slips)| {
        let family = child / 3;
        let (month, day) = (child % 5 + 1, child * 3 % 27 + 1);
        let birth = format!("20{:02}-{month:02}-{day:02}", 6 + child % 6);
        let given = ["小雨", "浩然", "子轩", "浩宇", "丽", "玲", "明亮", "欣怡"][child];
        let name = format!("{}{given}", ["张", "王", "李"][family]);
        let village = ["三柳村3组", "铁沟村1组", "上岩村八组"][family];
        let id = id(child);
        let hidden = format!("{}********{}", &id[..6], id[14..].to_lowercase());
        [
            slip(slips[0], [&id, "", &hidden, &format!("{}????", &id[..14])]),
            slip(slips[1], [&name, &name.replace('丽', "莉"), &name.replace('浩', "皓"), &name]),
            slip(slips[2], [&birth, &birth, &birth[..7], ""]),
            slip(
                slips[3],
                [
                    ["张大山", "王建国", "李卫东"][family],
                    ["张大山", "刘英", "李卫东"][family],
                    "",
                    "陈秀兰",
                ],
            ),
            slip(slips[4], [village, village, "", "五里村"]),
            slip(slips[1] / 4, [["男", "女"][child % 2], "", ["男", "女"][child % 2], "男"]),
        ]
    })
}

fn slip(choice: u8, forms: [&str; 4]) -> String {
    forms[usize::from(choice) % 4].to_owned()
}

/// A number whose check character fits.
fn id(child: usize) -> String {
    let (month, day) = (child % 5 + 1, child * 3 % 27 + 1);
    let first = format!("61090220{:02}{month:02}{day:02}09{:1}", 6 + child % 6, child);
    let check = (0..11).map(|at| "0123456789X".as_bytes()[at] as char);
    check.map(|check| format!("{first}{check}")).find(|text| is_valid(text)).unwrap()
}

/// ISO 7064 MOD 11-2, the slow way: the weighted sum of all 18 leaves 1.
pub(crate) fn is_valid(text: &str) -> bool {
    let value = |c: char| if c == 'X' { Some(10) } else { c.to_digit(10) };
    let digits: Option<Vec<u32>> = text.chars().map(value).collect();
    digits.is_some_and(|digits| {
        digits.len() == 18
            && digits
                .iter()
                .rev()
                .enumerate()
                .map(|(at, d)| d * 2u32.pow(u32::try_from(at).unwrap()) % 11)
                .sum::<u32>()
                % 11
                == 1
    })
}
