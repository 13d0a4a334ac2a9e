//! The ids of records as they came in: numbers stay numbers, text stays text.

use std::{borrow::Cow, cmp::Ordering, collections::HashMap};

use baoxue_link::saved;
use rayon::prelude::*;

/// One id per record.
#[derive(Clone, PartialEq, Eq)]
pub enum Ids {
    /// Whole numbers.
    Integers(Vec<i64>),
    /// Texts one after the other, and where each ends.
    Texts {
        /// All texts.
        bytes: String,
        /// The end of each.
        ends: Vec<u64>,
    },
}

impl std::fmt::Debug for Ids {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Ids({})", self.len())
    }
}

impl Ids {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Integers(ids) => ids.len(),
            Self::Texts { ends, .. } => ends.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The id of a row as text.
    ///
    /// # Panics
    /// When there is no such row.
    pub fn text(&self, row: u32) -> Cow<'_, str> {
        match self {
            Self::Integers(ids) => ids[row as usize].to_string().into(),
            Self::Texts { .. } => self.slice(row as usize).into(),
        }
    }

    /// The order of two rows by id: numbers by size, texts by their bytes.
    pub fn order(&self, left: u32, right: u32) -> Ordering {
        match self {
            Self::Integers(ids) => ids[left as usize].cmp(&ids[right as usize]),
            Self::Texts { .. } => self.slice(left as usize).cmp(self.slice(right as usize)),
        }
    }

    /// All rows in order of their ids.
    pub fn sorted(&self) -> Vec<u32> {
        let rows: Vec<u32> = (0..u32::try_from(self.len()).unwrap_or(u32::MAX)).collect();
        if rows.is_sorted_by(|a, b| self.order(*a, *b) != Ordering::Greater) {
            return rows;
        }
        // The beginning of an id lies beside its row: most are told apart without a look at the text.
        let mut rows: Vec<(u64, u32)> =
            rows.into_par_iter().map(|row| (self.beginning(row), row)).collect();
        rows.par_sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| self.order(a.1, b.1)));
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// Numbers that are in the order of the ids, but for ids that begin alike.
    fn beginning(&self, row: u32) -> u64 {
        match self {
            Self::Integers(ids) => ids[row as usize].cast_unsigned() ^ 1 << 63,
            Self::Texts { .. } => {
                let text = self.slice(row as usize).as_bytes();
                let mut first = [0; 8];
                let n = text.len().min(8);
                first[..n].copy_from_slice(&text[..n]);
                u64::from_be_bytes(first)
            }
        }
    }

    /// The row with an id, written as text.
    pub fn find(&self, id: &str) -> Option<u32> {
        let at = match self {
            Self::Integers(ids) => {
                let id: i64 = id.trim().parse().ok()?;
                ids.iter().position(|other| *other == id)
            }
            Self::Texts { ends, .. } => (0..ends.len()).find(|row| self.slice(*row) == id.trim()),
        };
        at.and_then(|at| u32::try_from(at).ok())
    }

    /// By cluster the row with its smallest id. `cluster` has one number per row, equal for rows of one cluster and below the
    /// number of rows; numbers that no row has get `u32::MAX`.
    pub fn smallest(&self, cluster: &[u32]) -> Vec<u32> {
        smallest(&self.sorted(), cluster)
    }

    /// The ids of some rows.
    ///
    /// # Panics
    /// When there is no such row.
    #[must_use]
    pub fn select(&self, rows: &[u32]) -> Self {
        match self {
            Self::Integers(ids) => {
                Self::Integers(rows.iter().map(|row| ids[*row as usize]).collect())
            }
            Self::Texts { .. } => {
                let mut some = Self::Texts { bytes: String::new(), ends: Vec::new() };
                for row in rows {
                    some.push_text(self.slice(*row as usize));
                }
                some
            }
        }
    }

    /// These ids as numbers or as texts, whatever `others` are; `None` when they are others' numbers and one of them is
    /// no number in its usual form.
    #[must_use]
    pub fn like(self, others: &Self) -> Option<Self> {
        match (&self, others) {
            (Self::Integers(_), Self::Integers(_)) | (Self::Texts { .. }, Self::Texts { .. }) => {
                Some(self)
            }
            (Self::Integers(ids), Self::Texts { .. }) => {
                let mut texts = Self::Texts { bytes: String::new(), ends: Vec::new() };
                for id in ids {
                    texts.push_text(&id.to_string());
                }
                Some(texts)
            }
            (Self::Texts { ends, .. }, Self::Integers(_)) => {
                let number = |row: usize| {
                    let text = self.slice(row);
                    text.parse().ok().filter(|id: &i64| id.to_string() == text)
                };
                (0..ends.len()).map(number).collect::<Option<_>>().map(Self::Integers)
            }
        }
    }

    /// Takes more ids at the end.
    pub fn append(&mut self, more: &Self) {
        match more {
            Self::Integers(ids) => {
                for id in ids {
                    self.push_integer(*id);
                }
            }
            Self::Texts { ends, .. } => {
                for row in 0..ends.len() {
                    self.push_text(more.slice(row));
                }
            }
        }
    }

    /// Writes the ids, to be read again by [`load`](Self::load).
    ///
    /// # Errors
    /// When `out` fails.
    pub fn save(&self, out: &mut impl std::io::Write) -> std::io::Result<()> {
        match self {
            Self::Integers(ids) => {
                saved::put(out, 0)?;
                saved::put_i64s(out, ids)
            }
            Self::Texts { bytes, ends } => {
                saved::put(out, 1)?;
                saved::put_bytes(out, bytes.as_bytes())?;
                let ends: Vec<i64> = ends.iter().map(|end| end.cast_signed()).collect();
                saved::put_i64s(out, &ends)
            }
        }
    }

    /// The ids that come next.
    ///
    /// # Errors
    /// [`saved::Damaged`].
    pub fn load(pieces: &mut saved::Pieces<'_>) -> Result<Self, saved::Damaged> {
        if pieces.number()? == 0 {
            return Ok(Self::Integers(pieces.i64s()?));
        }
        let bytes = std::str::from_utf8(pieces.bytes()?).map_err(|_| saved::Damaged)?;
        let ends: Vec<u64> = pieces.i64s()?.into_iter().map(i64::cast_unsigned).collect();
        let at = |end: &u64| usize::try_from(*end).unwrap_or(usize::MAX);
        let fits = ends.is_sorted()
            && ends.iter().all(|end| bytes.is_char_boundary(at(end)))
            && ends.last().map_or(0, at) == bytes.len();
        if fits { Ok(Self::Texts { bytes: bytes.to_owned(), ends }) } else { Err(saved::Damaged) }
    }

    /// One number for each row that depends on its id alone: the id itself, or a digest of its text.
    pub fn keys(&self) -> Vec<i64> {
        match self {
            Self::Integers(ids) => ids.clone(),
            Self::Texts { ends, .. } => {
                (0..ends.len()).into_par_iter().map(|row| digest(self.slice(row))).collect()
            }
        }
    }

    /// The first two rows with one id. `keys` are those of [`keys`](Self::keys).
    pub(crate) fn twice(&self, keys: &[i64]) -> Option<(u32, u32)> {
        if keys.windows(2).all(|pair| pair[0] < pair[1]) {
            return None;
        }
        let mut sorted = keys.to_vec();
        sorted.par_sort_unstable();
        if sorted.windows(2).all(|pair| pair[0] != pair[1]) {
            return None;
        }
        drop(sorted);
        let mut first: HashMap<Cow<'_, str>, u32> = HashMap::new();
        (0..u32::try_from(self.len()).unwrap_or(u32::MAX))
            .find_map(|row| first.insert(self.text(row), row).map(|before| (before, row)))
    }

    pub(crate) fn slice(&self, row: usize) -> &str {
        let Self::Texts { bytes, ends } = self else { return "" };
        let at = |row: usize| usize::try_from(ends[row]).unwrap_or(usize::MAX);
        &bytes[if row == 0 { 0 } else { at(row - 1) }..at(row)]
    }

    pub(crate) const fn none() -> Self {
        Self::Integers(Vec::new())
    }

    pub(crate) fn push_integer(&mut self, id: i64) {
        match self {
            Self::Integers(ids) => ids.push(id),
            Self::Texts { .. } => self.push_text(&id.to_string()),
        }
    }

    /// Numbers that came before become texts.
    pub(crate) fn push_text(&mut self, id: &str) {
        match self {
            Self::Texts { bytes, ends } => {
                bytes.push_str(id);
                ends.push(bytes.len() as u64);
            }
            Self::Integers(before) => {
                let before = std::mem::take(before);
                *self = Self::Texts { bytes: String::new(), ends: Vec::new() };
                for id in before {
                    self.push_text(&id.to_string());
                }
                self.push_text(id);
            }
        }
    }
}

/// FNV-1a with a last mixing: the same on every machine and in every version.
fn digest(text: &str) -> i64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let mixed = (hash ^ hash >> 32).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed ^ mixed >> 29).cast_signed()
}

/// [`Ids::smallest`] for rows in the order of their ids.
pub(crate) fn smallest(order: &[u32], cluster: &[u32]) -> Vec<u32> {
    let mut smallest = vec![u32::MAX; cluster.len()];
    for row in order {
        let name = &mut smallest[cluster[*row as usize] as usize];
        if *name == u32::MAX {
            *name = *row;
        }
    }
    smallest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(ids: &[&str]) -> Ids {
        let mut texts = Ids::none();
        for id in ids {
            texts.push_text(id);
        }
        texts
    }

    #[test]
    fn numbers_become_texts_when_a_text_comes() {
        let mut ids = Ids::none();
        ids.push_integer(7);
        assert_eq!(ids, Ids::Integers(vec![7]));
        ids.push_text("07");
        ids.push_integer(-1);
        assert_eq!([0, 1, 2].map(|row| ids.text(row).into_owned()), ["7", "07", "-1"]);
        assert_eq!(ids.find("07"), Some(1));
        assert_eq!(ids.sorted(), [2, 1, 0]);
    }

    #[test]
    fn the_first_id_that_is_there_twice_is_found() {
        let ids = texts(&["b", "a", "c", "a", "b"]);
        assert_eq!(ids.twice(&ids.keys()), Some((1, 3)));
        let ids = texts(&["b", "a", "c"]);
        assert_eq!(ids.twice(&ids.keys()), None);
        let ids = Ids::Integers(vec![3, 1, 2, 1]);
        assert_eq!(ids.twice(&ids.keys()), Some((1, 3)));
    }
}
