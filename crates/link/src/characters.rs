//! Sound and shape of Chinese characters, from the table `data/characters.tsv` (origins in `data/derive.py`).

use std::{collections::HashMap, sync::LazyLock};

const TABLE: &str = include_str!("../data/characters.tsv");

/// Narrow forms of radicals: they stand in a name only when a character was written in two halves (`亻尔` for 你).
const HALVES: &str = "亻氵扌忄犭纟钅讠饣礻衤彳阝冫宀艹木土王女口日月石禾";

/// One syllable: the sound and what southern speakers may confuse it with, both as numbers. Tones are left out: two
/// lists that heard the same name agree in it, and a slip of tone is no rarer than another slip.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Syllable {
    sound: u16,
    near: u16,
}

/// What is known about one character.
struct Character {
    readings: [Option<Syllable>; 3],
    parts: Box<[char]>,
    four_corner: [u8; 5],
    strokes: u8,
    form: Option<char>,
}

struct Characters {
    of: HashMap<char, Character>,
    /// Both halves, and the character that they make.
    halves: HashMap<(char, char), char>,
    /// Spelling without tone, and number; the near number is that of the folded spelling.
    syllables: HashMap<String, u16>,
    spellings: Vec<String>,
}

static CHARACTERS: LazyLock<Characters> = LazyLock::new(Characters::load);

impl Characters {
    fn load() -> Self {
        let mut all = Self {
            of: HashMap::new(),
            halves: HashMap::new(),
            syllables: HashMap::new(),
            spellings: Vec::new(),
        };
        for line in TABLE.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            let [char, said, parts, four, strokes, form] = cells.as_slice() else { continue };
            let Some(char) = char.chars().next() else { continue };
            let character = Character {
                readings: all.readings(said),
                parts: parts.chars().collect(),
                four_corner: four.as_bytes().try_into().unwrap_or_default(),
                strokes: strokes.parse().unwrap_or_default(),
                form: form.chars().next(),
            };
            if let [left, right] = *character.parts
                && HALVES.contains(left)
            {
                all.halves.entry((left, right)).or_insert(char);
            }
            all.of.insert(char, character);
        }
        all
    }

    fn readings(&mut self, said: &str) -> [Option<Syllable>; 3] {
        let mut readings = [None; 3];
        let spellings = said.split(',').filter(|spelling| !spelling.is_empty());
        for (slot, spelling) in readings.iter_mut().zip(spellings) {
            let plain = spelling.trim_end_matches(|c: char| c.is_ascii_digit());
            let near = self.number(&southern(plain));
            *slot = Some(Syllable { sound: self.number(plain), near });
        }
        readings
    }

    fn number(&mut self, spelling: &str) -> u16 {
        if let Some(number) = self.syllables.get(spelling) {
            return *number;
        }
        let number = u16::try_from(self.spellings.len()).unwrap_or(u16::MAX);
        self.spellings.push(spelling.to_owned());
        self.syllables.insert(spelling.to_owned(), number);
        number
    }
}

/// Folds what southern speakers confuse: zh/z, ch/c, sh/s, n/l, hu-/f-, final -ng/-n.
fn southern(spelling: &str) -> String {
    let folded = ["zh", "ch", "sh"]
        .iter()
        .find_map(|initial| {
            spelling.strip_prefix(initial).map(|rest| format!("{}{rest}", &initial[..1]))
        })
        .unwrap_or_else(|| spelling.to_owned());
    let folded = match folded.as_str() {
        "hu" => "fu".to_owned(),
        "hui" => "fei".to_owned(),
        "hun" => "fen".to_owned(),
        other => match (other.strip_prefix("hu"), other.strip_prefix('n')) {
            (Some(rest), _) => format!("f{rest}"),
            (None, Some(rest)) if !rest.is_empty() => format!("l{rest}"),
            (None, _) => other.to_owned(),
        },
    };
    match folded.strip_suffix('g') {
        Some(open) if !folded.ends_with("ong") => open.to_owned(),
        Some(_) | None => folded,
    }
}

/// The standard form of a traditional or variant character, else the character itself.
pub(crate) fn standard(char: char) -> char {
    CHARACTERS.of.get(&char).and_then(|character| character.form).unwrap_or(char)
}

/// The character whose left and right half were written one after the other.
pub(crate) fn joined(left: char, right: char) -> Option<char> {
    CHARACTERS.halves.get(&(left, right)).copied()
}

/// How alike two characters are, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    /// The same character.
    Same,
    /// Sound alike.
    Sound,
    /// Sound alike to a southern ear.
    NearSound,
    /// Look alike.
    Glyph,
    /// Neither.
    Unlike,
}

/// Compares two characters in their standard form.
pub(crate) fn likeness(left: char, right: char) -> Likeness {
    if left == right {
        return Likeness::Same;
    }
    let (Some(l), Some(r)) = (CHARACTERS.of.get(&left), CHARACTERS.of.get(&right)) else {
        return Likeness::Unlike;
    };
    let heard = |same: fn(Syllable, Syllable) -> bool| {
        l.readings.iter().flatten().any(|a| r.readings.iter().flatten().any(|b| same(*a, *b)))
    };
    if heard(|a, b| a.sound == b.sound) {
        Likeness::Sound
    } else if heard(|a, b| a.near == b.near) {
        Likeness::NearSound
    } else if look_alike((left, l), (right, r)) {
        Likeness::Glyph
    } else {
        Likeness::Unlike
    }
}

/// One is a part of the other, both have a part beyond the radical in common and similar corners, or nearly all
/// corners and the strokes agree.
fn look_alike(left: (char, &Character), right: (char, &Character)) -> bool {
    let ((left_char, l), (right_char, r)) = (left, right);
    if l.parts.contains(&right_char) || r.parts.contains(&left_char) {
        return l.strokes.abs_diff(r.strokes) <= 6;
    }
    let corners = (0..4).filter(|at| l.four_corner[*at] == r.four_corner[*at]).count();
    let shared = l
        .parts
        .iter()
        .any(|part| r.parts.contains(part) && strokes(*part) >= 3 && !HALVES.contains(*part));
    let close = l.strokes.abs_diff(r.strokes);
    (shared && corners >= 2 && close <= 4)
        || (corners == 4 && close <= 2)
        || (corners == 3 && close <= 1)
}

fn strokes(char: char) -> u8 {
    // A part that is no character of the table is a rare one, and those are not small.
    CHARACTERS.of.get(&char).map_or(4, |character| character.strokes)
}

/// Whether the letters spell one of the character's readings.
pub(crate) fn spelt(char: char, letters: &str) -> bool {
    let letters = plain_spelling(letters);
    let Some(number) = CHARACTERS.syllables.get(&letters) else { return false };
    CHARACTERS
        .of
        .get(&char)
        .is_some_and(|character| character.readings.iter().flatten().any(|s| s.sound == *number))
}

/// The most usual spelling of a character, southern confusions folded; `None` when it is in no table.
pub(crate) fn near_spelling(char: char) -> Option<&'static str> {
    let first = CHARACTERS.of.get(&char)?.readings[0]?;
    Some(&CHARACTERS.spellings[first.near as usize])
}

/// The most usual spelling of a character; `None` when it is in no table.
pub(crate) fn spelling(char: char) -> Option<&'static str> {
    let first = CHARACTERS.of.get(&char)?.readings[0]?;
    Some(&CHARACTERS.spellings[first.sound as usize])
}

/// The folded spelling of a syllable in Latin letters.
pub(crate) fn near_letters(letters: &str) -> String {
    southern(&plain_spelling(letters))
}

/// Lower case, ü as v.
fn plain_spelling(letters: &str) -> String {
    letters.to_lowercase().replace('ü', "v")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_are_mistaken_for_each_other() {
        let table = [
            ('丽', '莉', Likeness::Sound),
            ('燕', '艳', Likeness::Sound),
            ('林', '玲', Likeness::NearSound),
            ('宁', '林', Likeness::NearSound),
            ('黄', '方', Likeness::NearSound),
            ('张', '赞', Likeness::NearSound),
            ('璐', '露', Likeness::Sound),
            ('己', '已', Likeness::Glyph),
            ('未', '末', Likeness::Glyph),
            ('钰', '玉', Likeness::Sound),
            ('王', '李', Likeness::Unlike),
            ('曾', '增', Likeness::Sound),
        ];
        for (left, right, expected) in table {
            assert_eq!(likeness(left, right), expected, "{left}{right}");
            assert_eq!(likeness(right, left), expected, "{right}{left}");
        }
    }

    #[test]
    fn other_forms_have_their_standard_form() {
        assert_eq!(['楊', '峯', '鋒', '杨'].map(standard), ['杨', '峰', '锋', '杨']);
        assert_eq!(joined('亻', '尔'), Some('你'));
        assert!(spelt('艺', "YI") && spelt('吕', "lü") && !spelt('艺', "er"));
    }
}
