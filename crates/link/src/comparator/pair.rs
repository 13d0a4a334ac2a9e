//! Two columns whose values may have been entered the wrong way round: given name and surname, street and house name.

use super::{latin::folded, text::jaro_winkler};
use crate::texts::{Growing, Interner, Texts};

/// Stands between the two values.
pub(crate) const BETWEEN: char = '\u{1f}';

/// Pairs of values, by number.
pub(crate) struct Pairs {
    values: Growing,
    pairs: Vec<(u32, u32)>,
}

impl Pairs {
    /// Takes texts with [`BETWEEN`] in them.
    pub(crate) fn new(texts: &Texts) -> Self {
        let mut values = Interner::new();
        let pairs = texts.iter().map(|text| pair(text, |value| values.intern(value))).collect();
        Self { values: Growing::new(values.finish()), pairs }
    }

    /// Takes one more text.
    pub(crate) fn push(&mut self, text: &str) {
        self.pairs.push(pair(text, |value| self.values.intern(value)));
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.pairs.len()
    }

    /// The level of two pairs: `equal`, both values there; `crossed` when each value stands in the other place, `half`
    /// when one of them does and the other is missing or alike, else `other`; `None` when a row has no value at all.
    pub(crate) fn compare(&self, left: u32, right: u32) -> Option<u8> {
        let (l, r) = (self.pairs[left as usize], self.pairs[right as usize]);
        if l == (0, 0) || r == (0, 0) {
            return None;
        }
        let one = |a: u32, b: u32| a == b && a != 0;
        let straight = (one(l.0, r.0), one(l.1, r.1));
        Some(match (straight, (one(l.0, r.1), one(l.1, r.0))) {
            ((true, true), _) => 0,
            ((false, false), (true, true)) => 1,
            ((false, false), (true, false)) if self.may_be(l.1, r.0) => 2,
            ((false, false), (false, true)) if self.may_be(l.0, r.1) => 2,
            _ => 3,
        })
    }

    fn may_be(&self, left: u32, right: u32) -> bool {
        left == 0
            || right == 0
            || jaro_winkler(self.values.get(left), self.values.get(right)) >= 0.8
    }
}

/// The numbers of the two values of a text.
fn pair(text: &str, mut number: impl FnMut(&str) -> u32) -> (u32, u32) {
    let (first, second) = text.split_once(BETWEEN).unwrap_or((text, ""));
    (number(first), number(second))
}

/// One text for the dresses of a pair; empty when both values are missing.
pub(crate) fn canonical(text: &str) -> String {
    let (first, second) = text.split_once(BETWEEN).unwrap_or((text, ""));
    let (first, second) = (folded(first), folded(second));
    if first.is_empty() && second.is_empty() {
        return String::new();
    }
    format!("{first}{BETWEEN}{second}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_in_the_wrong_column() {
        for (left, right, expected) in [
            (("Isla", "Hall"), ("Hall", "isla"), Some(1)),
            (("Caleb", "Rwoe"), ("Rowe", "Caleb"), Some(2)),
            (("Isla", "Hall"), ("Hall", ""), Some(2)),
            (("", "Hall"), ("Hall", "Isla"), Some(2)),
            (("Isla", "Hall"), ("Isla", "Hall"), Some(0)),
            (("Thomas", "Gabriel"), ("Peter", "Thomas"), Some(3)),
            (("Thomas", "Thomas"), ("Thomas", "Thomas"), Some(0)),
            (("小明", "王"), ("王", "小明"), Some(1)),
            (("Isla", ""), ("Isla", ""), Some(3)),
            (("", ""), ("Hall", "Isla"), None),
        ] {
            let mut texts = Interner::new();
            let mut intern = |(a, b)| texts.intern(&canonical(&format!("{a}{BETWEEN}{b}")));
            let (l, r) = (intern(left), intern(right));
            let pairs = Pairs::new(&texts.finish());
            assert_eq!(pairs.compare(l, r), expected, "{left:?} {right:?}");
            assert_eq!(pairs.compare(r, l), expected, "{right:?} {left:?}");
        }
    }
}
