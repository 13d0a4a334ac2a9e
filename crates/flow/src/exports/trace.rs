//! Whose copy an excerpt is.

use std::{
    collections::{BTreeSet, HashMap},
    path::Path,
};

use baoxue_claim::ChildId;
use baoxue_store::Store;

use crate::{
    FlowError, Roll,
    worker::{self, WorkerError, WorkerLimits},
};

/// So many rows more must stand in one export's order than in that of anybody else. Of rows whose place is chance, ten that
/// stand right by chance are one case in a thousand.
const MARGIN: usize = 10;

/// The cells of a table that was found somewhere.
pub type Excerpt = Vec<Vec<String>>;

/// An export that holds children of the excerpt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suspect {
    /// Number of the export.
    pub export: i64,
    /// Who took it out.
    pub account: i64,
    /// Rows of the excerpt that name one child of the export.
    pub n_rows: usize,
    /// The most of them that stand in the export's order.
    pub n_in_order: usize,
}

/// What an excerpt tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// Rows that may name a child.
    pub n_rows: usize,
    /// The exports, the likeliest first.
    pub suspects: Vec<Suspect>,
}

impl Trace {
    /// The export whose order it is, when no other account's comes near.
    pub fn named(&self) -> Option<Suspect> {
        let first = *self.suspects.first()?;
        let other = self.suspects.iter().find(|suspect| suspect.account != first.account);
        let apart = first.n_in_order >= other.map_or(0, |other| other.n_in_order) + MARGIN;
        // A few rows may have been moved by hand.
        let holds = first.n_in_order * 20 >= first.n_rows * 19;
        (apart && holds).then_some(first)
    }
}

/// Reads a file that was found, in a process of its own (T-42).
///
/// # Errors
/// [`WorkerError`].
pub fn read_excerpt(program: &Path, file: &Path) -> Result<Excerpt, WorkerError> {
    let workbook = worker::read_in_worker(program, file, &WorkerLimits::default())?;
    let rows = workbook.sheets.iter().flat_map(|sheet| &sheet.rows);
    Ok(rows.map(|row| row.iter().map(|cell| cell.text().into_owned()).collect()).collect())
}

/// Compares an excerpt with the order of every export that was made.
///
/// # Errors
/// [`FlowError::Store`].
pub async fn trace(store: &Store, roll: &Roll, excerpt: &Excerpt) -> Result<Trace, FlowError> {
    let words = Words::of(roll);
    let rows: Vec<BTreeSet<ChildId>> =
        excerpt.iter().map(|row| words.named_by(row)).filter(|named| !named.is_empty()).collect();
    let mut suspects = Vec::new();
    for (export, account) in store.exports_made().await? {
        let order = store.export_order(export).await?;
        let (n_rows, n_in_order) = compare(&rows, &order);
        if n_rows > 0 {
            suspects.push(Suspect { export, account, n_rows, n_in_order });
        }
    }
    suspects.sort_by_key(|suspect| (std::cmp::Reverse(suspect.n_in_order), suspect.export));
    Ok(Trace { n_rows: rows.len(), suspects })
}

/// Rows that name one child of an order, and the most of them that stand in it.
fn compare(rows: &[BTreeSet<ChildId>], order: &[ChildId]) -> (usize, usize) {
    let place: HashMap<ChildId, usize> =
        order.iter().enumerate().map(|(at, child)| (*child, at)).collect();
    let only = |named: &BTreeSet<ChildId>| {
        let mut places = named.iter().filter_map(|child| place.get(child).copied());
        let first = places.next()?;
        places.next().is_none().then_some(first)
    };
    let places: Vec<usize> = rows.iter().filter_map(only).collect();
    (places.len(), longest_rising(&places))
}

/// The length of the longest part, gaps allowed, that rises.
fn longest_rising(places: &[usize]) -> usize {
    // The smallest end of a rising part of each length.
    let mut ends: Vec<usize> = Vec::new();
    for place in places {
        let at = ends.partition_point(|end| end < place);
        match ends.get_mut(at) {
            Some(end) => *end = *place,
            None => ends.push(*place),
        }
    }
    ends.len()
}

/// What a cell may be of a child: its name, its number in full or masked, and what narrows a name that several have.
struct Words {
    who: HashMap<String, BTreeSet<ChildId>>,
    places: HashMap<String, BTreeSet<ChildId>>,
}

impl Words {
    fn of(roll: &Roll) -> Self {
        let mut words = Self { who: HashMap::new(), places: HashMap::new() };
        for entry in roll.entries() {
            for word in [&entry.name, &entry.id].into_iter().flatten() {
                words.who.entry(key(word)).or_default().insert(entry.child);
            }
            let town = roll.town_name(entry);
            let places = [entry.village.as_deref(), entry.school.as_deref(), town];
            for word in places.into_iter().flatten() {
                words.places.entry(key(word)).or_default().insert(entry.child);
            }
        }
        words
    }

    /// The children that a row may be about.
    fn named_by(&self, row: &[String]) -> BTreeSet<ChildId> {
        let keys: Vec<String> = row.iter().map(|cell| key(cell)).collect();
        let mut named: Option<BTreeSet<ChildId>> = None;
        // Who first: a place alone names nobody.
        for found in keys.iter().filter_map(|key| self.who.get(key)) {
            named = Some(narrowed(named, found));
        }
        let Some(mut named) = named else { return BTreeSet::new() };
        for found in keys.iter().filter_map(|key| self.places.get(key)) {
            named = narrowed(Some(named), found);
        }
        named
    }
}

/// Those in both; as before when there are none, since a cell may be a child's name by chance.
fn narrowed(named: Option<BTreeSet<ChildId>>, found: &BTreeSet<ChildId>) -> BTreeSet<ChildId> {
    let Some(named) = named else { return found.clone() };
    let both: BTreeSet<ChildId> = named.intersection(found).copied().collect();
    if both.is_empty() { named } else { both }
}

/// A cell without blanks, a whole number masked as the roll has it.
fn key(cell: &str) -> String {
    let text = baoxue_claim::compact(cell);
    let is_number = text.len() == 18 && text.bytes().take(17).all(|byte| byte.is_ascii_digit());
    if is_number { baoxue_report::masked_id(&text) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_rising_part_is_found() {
        for (places, n) in [
            (vec![], 0),
            (vec![4], 1),
            (vec![1, 2, 3], 3),
            (vec![3, 2, 1], 1),
            (vec![1, 9, 2, 3, 8, 4], 4),
            (vec![2, 2, 2], 1),
        ] {
            assert_eq!(longest_rising(&places), n, "{places:?}");
        }
    }

    #[test]
    fn whole_numbers_are_compared_masked() {
        assert_eq!(key("6109022008 09080018"), "610902********0018");
        assert_eq!(key("61090220080908001X"), "610902********001X");
        assert_eq!(key("王 浩宇"), "王浩宇");
        // Eighteen bytes that are no number.
        assert_eq!(key("五里镇中学校"), "五里镇中学校");
    }

    #[test]
    fn nobody_is_named_where_two_come_near() {
        let suspect =
            |export, account, n_in_order| Suspect { export, account, n_rows: 20, n_in_order };
        let trace = |suspects: Vec<Suspect>| Trace { n_rows: 20, suspects };
        let named = |suspects| trace(suspects).named().map(|suspect| suspect.export);
        assert_eq!(named(vec![suspect(1, 7, 20), suspect(2, 8, 10)]), Some(1));
        assert_eq!(named(vec![suspect(1, 7, 20), suspect(2, 8, 11)]), None);
        assert_eq!(named(vec![suspect(1, 7, 20), suspect(3, 7, 20), suspect(2, 8, 9)]), Some(1));
        assert_eq!(named(vec![suspect(1, 7, 18)]), None, "sorted anew");
        assert_eq!(named(vec![]), None);
    }
}
