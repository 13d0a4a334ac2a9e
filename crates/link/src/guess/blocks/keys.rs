//! Keys that a table offers, how often they agree for two rows of one person, and how many rows share them.

use super::Matches;
use crate::{
    BlockKey, Table, Transform,
    comparator::name::Parser,
    guess::{ColumnGuess, ColumnKind as Kind, look::Look},
    prepare::mix,
};

/// One key of a column.
pub(super) struct Key {
    pub(super) part: BlockKey,
    /// For reports.
    pub(super) name: String,
    /// The columns of the table that it is made of.
    columns: Vec<usize>,
    /// How often it agrees for two rows of one person that both have it.
    agrees: f64,
    /// How many rows have it.
    present: f64,
}

/// Keys of a kind of column, and how often they agree in registers of people whose rows have slips: judged in round
/// numbers, for the choice among rules only.
const fn transforms(kind: Kind, is_chinese: bool) -> &'static [(Transform, f64)] {
    use Transform as T;
    match kind {
        Kind::ResidentId => &[(T::Whole, 0.85), (T::IdOneOff, 0.92)],
        Kind::Identifier => &[(T::Folded, 0.8), (T::OneOff, 0.9)],
        Kind::GivenName | Kind::Surname if is_chinese => &[(T::Sound, 0.88)],
        Kind::GivenName | Kind::Surname => {
            &[(T::Folded, 0.65), (T::LatinSound, 0.75), (T::ThreeFirst, 0.78)]
        }
        Kind::FullName if is_chinese => &[(T::Sound, 0.88), (T::First, 0.95)],
        Kind::FullName => &[(T::Folded, 0.4), (T::EachWord, 0.85)],
        Kind::GuardianName if is_chinese => &[(T::Sound, 0.6)],
        Kind::GuardianName => &[(T::EachWord, 0.6)],
        Kind::Date => &[(T::DayAnyOrder, 0.75), (T::Month, 0.85), (T::Year, 0.9)],
        Kind::Email => &[(T::Folded, 0.7), (T::LocalPart, 0.75)],
        Kind::Place | Kind::School => &[(T::Place, 0.6)],
        Kind::RegionCode => &[(T::Whole, 0.7)],
        Kind::Phone | Kind::StreetNumber => &[(T::Folded, 0.75)],
        Kind::Address | Kind::Words => &[(T::Folded, 0.5), (T::EachWord, 0.75)],
        Kind::Postcode | Kind::Town | Kind::Text | Kind::Category => {
            &[(T::Folded, 0.65), (T::ThreeFirst, 0.75)]
        }
        Kind::Sex => &[(T::Folded, 0.9)],
        Kind::Number | Kind::Set => &[(T::Folded, 0.6)],
        Kind::RowId | Kind::Source | Kind::Truth | Kind::Empty | Kind::Copy => &[],
    }
}

/// All keys of the columns that the model uses.
pub(super) fn keys(looks: &[Look<'_>], columns: &[ColumnGuess]) -> Vec<Key> {
    let mut keys = Vec::new();
    for (at, (look, column)) in looks.iter().zip(columns).enumerate() {
        let transforms = transforms(column.kind, look.han >= 0.5);
        for (transform, agrees) in transforms.iter().filter(|_| column.is_used) {
            keys.push(Key::new(&[column], *transform, vec![at], (*agrees, look.present)));
        }
    }
    let only = |kind: Kind| {
        let mut found = columns.iter().enumerate().filter(|(_, column)| column.kind == kind);
        found.next().filter(|_| found.next().is_none())
    };
    if let (Some((g, given)), Some((s, surname))) = (only(Kind::GivenName), only(Kind::Surname)) {
        let present = looks[g].present.max(looks[s].present);
        keys.push(Key::new(&[given, surname], Transform::Folded, vec![g, s], (0.85, present)));
    }
    keys
}

impl Key {
    fn new(
        of: &[&ColumnGuess],
        transform: Transform,
        columns: Vec<usize>,
        (agrees, present): (f64, f64),
    ) -> Self {
        let names: Vec<String> = of.iter().map(|column| column.column.clone()).collect();
        let is_plain = matches!(transform, Transform::Whole | Transform::Folded);
        let how = if is_plain { String::new() } else { format!(" ({transform:?})") };
        Self {
            name: format!("{}{how}", names.join("/")),
            part: BlockKey { columns: names, transform },
            columns,
            agrees,
            present,
        }
    }
}

/// Random numbers from 0 to 1, the same in every run.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let high = u32::try_from(mix(self.0) >> 32).unwrap_or(u32::MAX);
        f64::from(high) / f64::from(u32::MAX)
    }
}

/// For each key the imagined matches that agree in it. What a column's finest key finds its coarser ones find too.
pub(super) fn imagined(keys: &[Key]) -> Vec<Matches> {
    keys.iter()
        .map(|key| {
            let mut dice = Dice(key.columns.iter().fold(1, |all, at| mix(all ^ *at as u64)));
            let mut found = Matches::none();
            for word in &mut found.0 {
                for bit in 0..64 {
                    let is_there = dice.roll() < key.present && dice.roll() < key.present;
                    let agrees = dice.roll() < key.agrees;
                    *word |= u64::from(is_there && agrees) << bit;
                }
            }
            found
        })
        .collect()
}

/// Rows that prices are counted in.
const ROWS: usize = 8000;

/// Values of a cell that are counted.
const MOST_VALUES: usize = 12;

/// The keys of some rows.
pub(super) struct Sample {
    /// By key, then by row.
    values: Vec<Vec<Vec<u64>>>,
    columns: Vec<Vec<usize>>,
    n_rows: f64,
    n_all: f64,
}

impl Sample {
    pub(super) fn new(table: &Table, keys: &[Key]) -> Self {
        let step = (table.n_rows() as usize).div_ceil(ROWS).max(1);
        let rows: Vec<u32> = (0..table.n_rows()).step_by(step).collect();
        let mut parser = Parser::default();
        let values = keys
            .iter()
            .map(|key| {
                let columns = key.part.columns.iter().filter_map(|name| table.column(name));
                let columns: Vec<_> = columns.collect();
                let of = |row: &u32| {
                    let mut values = Vec::new();
                    for column in &columns {
                        key.part.transform.keys(column.text(*row), &mut parser, &mut values);
                    }
                    values.sort_unstable();
                    values.dedup();
                    values.truncate(MOST_VALUES);
                    values
                };
                rows.iter().map(of).collect()
            })
            .collect();
        let n_rows = f64::from(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        Self {
            values,
            columns: keys.iter().map(|key| key.columns.clone()).collect(),
            n_rows,
            n_all: f64::from(table.n_rows()),
        }
    }

    /// Whether two keys have a column in common.
    pub(super) fn is_kindred(&self, a: usize, b: usize) -> bool {
        self.columns[a].iter().any(|column| self.columns[b].contains(column))
    }

    /// Pairs for each row of the whole table that agree in these keys, and the share of rows that lie under keys which
    /// more than `most_rows` rows share.
    pub(super) fn price(&self, keys: &[usize], most_rows: u32) -> (f64, f64) {
        let mut entries: Vec<u64> = Vec::new();
        for row in 0..self.values.first().map_or(0, Vec::len) {
            let start = entries.len();
            entries.push(0);
            for key in keys {
                let values = &self.values[*key][row];
                let before: Vec<u64> = entries.drain(start..).collect();
                let all = before.iter().flat_map(|b| values.iter().map(move |v| mix(b ^ v)));
                entries.extend(all.take(MOST_VALUES * 2));
            }
        }
        entries.sort_unstable();
        let grows = self.n_all / self.n_rows.max(1.0);
        let (mut n_pairs, mut n_hot) = (0.0, 0.0);
        for group in entries.chunk_by(|a, b| a == b) {
            let n = f64::from(u32::try_from(group.len()).unwrap_or(u32::MAX));
            if n > 1.0 && n * grows > f64::from(most_rows) {
                n_hot += n;
            } else {
                n_pairs += n * (n - 1.0) / 2.0;
            }
        }
        let n_entries = f64::from(u32::try_from(entries.len()).unwrap_or(u32::MAX)).max(1.0);
        (n_pairs * grows / self.n_rows.max(1.0), n_hot / n_entries)
    }
}
