//! Texts as sets of words or of entries, where rare words weigh more.

use super::{pair::BETWEEN, text::edits};
use crate::texts::{Growing, Interner, Texts};

/// Words of a text beyond these are left out.
const MOST_WORDS: usize = 32;

/// Texts as sets of words, by number.
pub(crate) struct WordSets {
    split: Split,
    words: Growing,
    /// For each word what it weighs: the bits of its rarity among the texts.
    weights: Vec<f32>,
    /// What a word weighs that stands in one text only.
    rare: f32,
    /// Where the words of each text end in `members`.
    ends: Vec<u32>,
    members: Vec<u32>,
}

/// Where one word ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Split {
    /// At every sign that is no letter or digit.
    Words,
    /// At commas, semicolons and the like; where there are none, at blanks.
    Entries,
}

impl Split {
    fn each(self, text: &str) -> Vec<&str> {
        let is_list = |c: char| ",;、，；/&+".contains(c);
        let parts: Vec<&str> = match self {
            Self::Entries if text.contains(is_list) => text.split(is_list).collect(),
            Self::Entries => text.split_whitespace().collect(),
            Self::Words => text.split(|c: char| !c.is_alphanumeric() && c != '\'').collect(),
        };
        let mut parts: Vec<&str> =
            parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect();
        parts.sort_unstable();
        parts.dedup();
        parts.truncate(MOST_WORDS);
        parts
    }

    /// One text for all orders and dresses of the same words.
    pub(crate) fn canonical(self, text: &str) -> String {
        let lower = text.to_lowercase();
        let between = if self == Self::Words { " " } else { ";" };
        self.each(&lower).join(between)
    }
}

/// The words of the first of several values that none of the others has.
pub(crate) fn rest(text: &str) -> String {
    let lower = text.to_lowercase();
    let (whole, others) = lower.split_once(BETWEEN).unwrap_or((&lower, ""));
    let others = Split::Words.each(others);
    let mut words = Split::Words.each(whole);
    words.retain(|word| !others.contains(word));
    words.join(" ")
}

impl WordSets {
    /// Takes canonical texts, see [`Split::canonical`]. Words weigh by the texts with a count that is not 0.
    pub(crate) fn new(texts: &Texts, split: Split, text_counts: &[u32]) -> Self {
        let mut words = Interner::new();
        let (mut ends, mut members) = (Vec::new(), Vec::new());
        let mut counts: Vec<u32> = Vec::new();
        let is_counted = |text: usize| text_counts.get(text).is_some_and(|count| *count > 0);
        for (number, text) in texts.iter().enumerate() {
            let start = members.len();
            members.extend(split.each(text).into_iter().map(|word| words.intern(word)));
            members[start..].sort_unstable();
            for word in &members[start..] {
                counts.resize(counts.len().max(*word as usize + 1), 0);
                counts[*word as usize] += u32::from(is_counted(number));
            }
            ends.push(u32::try_from(members.len()).unwrap_or(u32::MAX));
        }
        let n = 1 + (0..texts.len()).filter(|text| is_counted(*text)).count();
        let n = f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        let weight = |count: &u32| crate::field::bits(1.0 + n / f64::from((*count).max(1)));
        let (weights, rare) = (counts.iter().map(weight).collect(), weight(&1));
        Self { split, words: Growing::new(words.finish()), weights, rare, ends, members }
    }

    /// Takes one more canonical text; a word that is new weighs as one that stands in one text only.
    pub(crate) fn push(&mut self, text: &str) {
        let start = self.members.len();
        let words = self.split.each(text);
        self.members.extend(words.into_iter().map(|word| self.words.intern(word)));
        self.members[start..].sort_unstable();
        let last = self.members[start..].last().map_or(0, |word| *word as usize);
        self.weights.resize(self.weights.len().max(last + 1), self.rare);
        self.ends.push(u32::try_from(self.members.len()).unwrap_or(u32::MAX));
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.ends.len()
    }

    fn get(&self, number: u32) -> &[u32] {
        let at = number as usize;
        let from = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.members[from as usize..self.ends[at] as usize]
    }

    /// The level of two texts that are not the same: `contains`, `most`, `half`, `some` or `other`.
    pub(crate) fn compare(&self, left: u32, right: u32) -> u8 {
        let (l, r) = (self.get(left), self.get(right));
        let weight = |word: &u32| self.weights[*word as usize];
        let both = |words: &[u32]| words.iter().map(weight).sum::<f32>();
        let (of_left, of_right) = (both(l), both(r));
        // Each word finds at most one partner, the same one from both sides: equal words first, then slips.
        let (mut used_l, mut used_r) = (0u32, 0u32);
        let mut shared = 0.0;
        for may_slip in [false, true] {
            let alike = |a: u32, b: u32| if may_slip { self.is_slip(a, b) } else { a == b };
            for (at, word) in l.iter().enumerate() {
                let free = |place: usize| used_r & 1 << place == 0;
                let mut places = r.iter().enumerate().filter(|(place, _)| free(*place));
                let hit = (used_l & 1 << at == 0)
                    .then(|| places.find(|(_, other)| alike(*word, **other)))
                    .flatten();
                if let Some((place, other)) = hit {
                    used_l |= 1 << at;
                    used_r |= 1 << place;
                    shared += weight(word).min(weight(other));
                }
            }
        }
        level(shared, of_left.min(of_right), of_left.max(of_right), l.len().min(r.len()))
    }

    fn is_slip(&self, left: u32, right: u32) -> bool {
        let (l, r) = (self.words.get(left), self.words.get(right));
        l.len().min(r.len()) >= 4 && edits(l, r, 1) <= 1
    }
}

/// By the weight of what is shared, of the lighter and of the heavier text.
fn level(shared: f32, lighter: f32, heavier: f32, n_words: usize) -> u8 {
    let all = lighter + heavier - shared;
    if shared <= 0.0 {
        5
    } else if n_words >= 2 && shared >= lighter * 0.999 {
        1
    } else if shared >= all * 0.6 {
        2
    } else if shared >= all * 0.35 {
        3
    } else {
        4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compared(split: Split, left: &str, right: &str) -> u8 {
        let mut texts = Interner::new();
        let (l, r) = (texts.intern(&split.canonical(left)), texts.intern(&split.canonical(right)));
        for common in ["of st a", "of st b", "of c d e"] {
            texts.intern(&split.canonical(common));
        }
        let texts = texts.finish();
        let sets = WordSets::new(&texts, split, &vec![1; texts.len()]);
        assert_eq!(sets.compare(l, r), sets.compare(r, l), "{left} {right}");
        if l == r { 0 } else { sets.compare(l, r) }
    }

    #[test]
    fn words_in_any_order_and_number() {
        for (left, right, expected) in [
            ("Clifford, Thomas", "thomas clifford", 0),
            ("thomas clifford, 1st baron", "thomas clifford", 1),
            ("thomas clifford baron kent", "thomas clifford baron kant", 1),
            ("thomas clifford baron kent", "tom clifford baron kent", 3),
            ("thomas x clifford 1st baron kent", "thomas clifford 1st y baron kent", 2),
            ("thomas clifford", "thomas baron", 4),
            ("thomas of", "mary of", 4),
            ("thomas clifford", "mary baron", 5),
        ] {
            assert_eq!(compared(Split::Words, left, right), expected, "{left} {right}");
        }
    }

    #[test]
    fn what_a_whole_name_says_beyond_its_parts() {
        let table = [
            ("Thomas Clifford, 1st Baron of Kent\u{1f}thomas\u{1f}Kent", "1st baron clifford of"),
            ("Thomas Kent\u{1f}thomas\u{1f}Kent", ""),
            ("Thomas Kent\u{1f}\u{1f}", "kent thomas"),
        ];
        for (text, expected) in table {
            assert_eq!(rest(text), expected);
        }
    }

    #[test]
    fn entries_of_a_list() {
        for (left, right, expected) in [
            ("heart disease; asthma", "asthma, heart disease", 0),
            ("heart disease; asthma; gout", "asthma, heart disease", 1),
            ("哮喘、痛风", "痛风；心脏病", 4),
            ("red green", "blue", 5),
        ] {
            assert_eq!(compared(Split::Entries, left, right), expected, "{left} {right}");
        }
    }
}
