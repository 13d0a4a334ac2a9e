//! Sound and shape of Chinese characters, from the table `data/characters.tsv` (origins in `data/derive.py`).

use std::{collections::HashMap, sync::LazyLock};

const TABLE: &str = include_str!("../data/characters.tsv");

/// Narrow forms of radicals: they stand in a name only when a character was written in two halves (`亻尔` for 你).
const HALVES: &str = "亻氵扌忄犭纟钅讠饣礻衤彳阝冫宀艹木土王女口日月石禾";

/// A character of the table by its place there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Code(pub(crate) u16);

/// A syllable without tone, by its place among all spellings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Syllable(pub(crate) u16);

/// Stands where a character has fewer than three readings.
const SILENT: u16 = u16::MAX;

/// What is known about one character.
struct Character {
    char: char,
    /// Up to three readings, then what southern speakers may confuse them with.
    sounds: [u16; 3],
    /// The most usual reading with its tone: eight times the syllable and the tone.
    toned: u16,
    nears: [u16; 3],
    four_corner: [u8; 5],
    strokes: u8,
    form: Option<char>,
    parts: Box<[char]>,
    /// Those of the parts that are no radical and have three strokes or more.
    heavy: Box<[char]>,
    /// The bits of `char`, `parts` and `heavy`, see [`bit`].
    bits: [u64; 3],
}

struct Characters {
    all: Vec<Character>,
    /// For each character from [`FIRST`] on its place in `all`, [`SILENT`] when it is not there.
    code: Vec<u16>,
    /// Likewise the place of its standard form.
    standard: Vec<u16>,
    /// Both halves, and the character that they make.
    halves: HashMap<(char, char), char>,
    /// Spelling without tone, and number.
    syllables: HashMap<String, u16>,
    spellings: Vec<String>,
    /// For each syllable that with the southern confusions folded.
    near: Vec<u16>,
}

/// The table has no character before this one.
const FIRST: u32 = 0x3400;

static CHARACTERS: LazyLock<Characters> = LazyLock::new(Characters::load);

impl Characters {
    fn load() -> Self {
        let mut all = Self {
            all: Vec::new(),
            code: Vec::new(),
            standard: Vec::new(),
            halves: HashMap::new(),
            syllables: HashMap::new(),
            spellings: Vec::new(),
            near: Vec::new(),
        };
        for line in TABLE.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            if let [char, said, parts, four, strokes, form] = cells.as_slice()
                && let Some(char) = char.chars().next()
            {
                let (sounds, toned, nears) = all.readings(said);
                all.push(Character {
                    char,
                    sounds,
                    toned,
                    nears,
                    four_corner: four.as_bytes().try_into().unwrap_or_default(),
                    strokes: strokes.parse().unwrap_or_default(),
                    form: form.chars().next(),
                    parts: parts.chars().collect(),
                    heavy: Box::default(),
                    bits: [0; 3],
                });
            }
        }
        all.weigh_parts();
        all.find_standard_forms();
        all
    }

    fn push(&mut self, character: Character) {
        if let [left, right] = *character.parts
            && HALVES.contains(left)
        {
            self.halves.entry((left, right)).or_insert(character.char);
        }
        let Some(at) = u32::from(character.char).checked_sub(FIRST) else { return };
        let at = at as usize;
        if self.code.len() <= at {
            self.code.resize(at + 1, SILENT);
        }
        self.code[at] = u16::try_from(self.all.len()).unwrap_or(SILENT);
        self.all.push(character);
    }

    fn weigh_parts(&mut self) {
        let heavy: Vec<Box<[char]>> = self
            .all
            .iter()
            .map(|character| {
                let weighs = |part: &&char| self.strokes(**part) >= 3 && !HALVES.contains(**part);
                character.parts.iter().filter(weighs).copied().collect()
            })
            .collect();
        for (character, heavy) in self.all.iter_mut().zip(heavy) {
            character.bits = [bit(character.char), bits(&character.parts), bits(&heavy)];
            character.heavy = heavy;
        }
    }

    fn find_standard_forms(&mut self) {
        let standard = |code: &u16| {
            let form = self.all.get(usize::from(*code))?.form;
            form.map_or(Some(Code(*code)), |form| self.code(form))
        };
        self.standard =
            self.code.iter().map(|code| standard(code).map_or(SILENT, |code| code.0)).collect();
    }

    fn strokes(&self, char: char) -> u8 {
        // A part that is no character of the table is a rare one, and those are not small.
        self.code(char).map_or(4, |code| self.get(code).strokes)
    }

    fn code(&self, char: char) -> Option<Code> {
        entry(&self.code, char)
    }

    fn get(&self, code: Code) -> &Character {
        &self.all[usize::from(code.0)]
    }

    fn readings(&mut self, said: &str) -> ([u16; 3], u16, [u16; 3]) {
        let (mut sounds, mut toned, mut nears) = ([SILENT; 3], SILENT, [SILENT; 3]);
        let spellings = said.split(',').filter(|spelling| !spelling.is_empty());
        for (at, spelling) in (0..3).zip(spellings) {
            let plain = spelling.trim_end_matches(|c: char| c.is_ascii_digit());
            sounds[at] = self.number(plain);
            let tone: u16 = spelling[plain.len()..].parse().unwrap_or_default();
            if at == 0 {
                toned = sounds[at] * 8 + tone.min(7);
            }
            nears[at] = self.near[usize::from(sounds[at])];
        }
        // 洪 and 冯 are one to those who take h for f before o; as a sound of its own, or 红 and 芬 would be one too.
        let is_said = |said: &str| said.starts_with("hong") || said.starts_with("feng");
        if let Some(free) = nears.iter_mut().find(|near| **near == SILENT)
            && said.split(',').any(is_said)
        {
            *free = self.number("hong, feng");
        }
        (sounds, toned, nears)
    }

    fn number(&mut self, spelling: &str) -> u16 {
        if let Some(number) = self.syllables.get(spelling) {
            return *number;
        }
        let number = u16::try_from(self.spellings.len()).unwrap_or(SILENT);
        self.spellings.push(spelling.to_owned());
        self.syllables.insert(spelling.to_owned(), number);
        self.near.push(number);
        let folded = southern(spelling);
        if folded != spelling {
            self.near[usize::from(number)] = self.number(&folded);
        }
        number
    }
}

/// The entry of a character in a list that begins with [`FIRST`].
fn entry(codes: &[u16], char: char) -> Option<Code> {
    let at = u32::from(char).checked_sub(FIRST)? as usize;
    codes.get(at).copied().filter(|code| *code != SILENT).map(Code)
}

/// One bit of 64 for a character: two sets of characters that share none have none in common.
fn bit(char: char) -> u64 {
    1 << (u32::from(char).wrapping_mul(0x9e37_79b9) >> 26)
}

fn bits(chars: &[char]) -> u64 {
    chars.iter().fold(0, |all, char| all | bit(*char))
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

/// The character's place in the table, `None` when it is not there.
pub(crate) fn code(char: char) -> Option<Code> {
    CHARACTERS.code(char)
}

/// The standard form of a traditional or variant character, else the character itself.
pub(crate) fn standard(char: char) -> char {
    code(char).and_then(|code| CHARACTERS.get(code).form).unwrap_or(char)
}

/// The place in the table of the standard form of a character, `None` when it is not there.
pub(crate) fn standard_code(char: char) -> Option<Code> {
    entry(&CHARACTERS.standard, char)
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
    /// Sound alike, in their most usual readings with the same tone.
    ToneSound,
    /// Sound alike but for the tone.
    Sound,
    /// Sound alike to a southern ear.
    NearSound,
    /// Look alike.
    Glyph,
    /// Neither.
    Unlike,
}

/// Compares two characters in their standard form.
pub(crate) fn likeness(left: Code, right: Code) -> Likeness {
    if left == right {
        return Likeness::Same;
    }
    let (l, r) = (CHARACTERS.get(left), CHARACTERS.get(right));
    let heard = |a: &[u16; 3], b: &[u16; 3]| a.iter().any(|s| *s != SILENT && b.contains(s));
    if heard(&l.sounds, &r.sounds) {
        if l.toned == r.toned { Likeness::ToneSound } else { Likeness::Sound }
    } else if heard(&l.nears, &r.nears) {
        Likeness::NearSound
    } else if look_alike(l, r) {
        Likeness::Glyph
    } else {
        Likeness::Unlike
    }
}

/// One is a part of the other, both have a part beyond the radical in common and similar corners, or nearly all
/// corners and the strokes agree.
fn look_alike(l: &Character, r: &Character) -> bool {
    let close = l.strokes.abs_diff(r.strokes);
    let ([l_char, l_parts, l_heavy], [r_char, r_parts, _]) = (l.bits, r.bits);
    let is_part = || {
        l_parts & r_char != 0 && l.parts.contains(&r.char)
            || r_parts & l_char != 0 && r.parts.contains(&l.char)
    };
    if close <= 6 && is_part() {
        return true;
    }
    let corners = (0..4).filter(|at| l.four_corner[*at] == r.four_corner[*at]).count();
    match corners {
        4 if close <= 2 => true,
        3 if close <= 1 => true,
        2.. if close <= 4 && l_heavy & r_parts != 0 => {
            l.heavy.iter().any(|part| r.parts.contains(part))
        }
        _ => false,
    }
}

/// The syllable that the letters spell, in any case, with ü as v and perhaps with the mark of its tone.
pub(crate) fn syllable(letters: &str) -> Option<Syllable> {
    let plain: String = letters.to_lowercase().chars().map(toneless).collect();
    CHARACTERS.syllables.get(&plain).copied().map(Syllable)
}

const fn toneless(c: char) -> char {
    match c {
        'ā' | 'á' | 'ǎ' | 'à' => 'a',
        'ē' | 'é' | 'ě' | 'è' => 'e',
        'ī' | 'í' | 'ǐ' | 'ì' => 'i',
        'ō' | 'ó' | 'ǒ' | 'ò' => 'o',
        'ū' | 'ú' | 'ǔ' | 'ù' => 'u',
        'ü' | 'ǖ' | 'ǘ' | 'ǚ' | 'ǜ' => 'v',
        _ => c,
    }
}

/// Whether the syllable is one of the character's readings.
pub(crate) fn is_read(code: Code, syllable: Syllable) -> bool {
    CHARACTERS.get(code).sounds.contains(&syllable.0)
}

/// The most usual reading of a character; `None` when none is known.
pub(crate) fn reading(code: Code) -> Option<Syllable> {
    Some(CHARACTERS.get(code).sounds[0]).filter(|sound| *sound != SILENT).map(Syllable)
}

/// The syllable with the southern confusions folded.
pub(crate) fn near(syllable: Syllable) -> Syllable {
    Syllable(CHARACTERS.near[usize::from(syllable.0)])
}

/// The letters of a syllable.
pub(crate) fn spelling(syllable: Syllable) -> &'static str {
    &CHARACTERS.spellings[usize::from(syllable.0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_are_mistaken_for_each_other() {
        let table = [
            ('丽', '莉', Likeness::ToneSound),
            ('燕', '艳', Likeness::ToneSound),
            ('林', '玲', Likeness::NearSound),
            ('宁', '林', Likeness::NearSound),
            ('黄', '方', Likeness::NearSound),
            ('张', '赞', Likeness::NearSound),
            ('璐', '露', Likeness::ToneSound),
            ('雨', '玉', Likeness::Sound),
            ('宏', '红', Likeness::ToneSound),
            ('己', '已', Likeness::Glyph),
            ('未', '末', Likeness::Glyph),
            ('钰', '玉', Likeness::ToneSound),
            ('王', '李', Likeness::Unlike),
            ('曾', '增', Likeness::Sound),
        ];
        for (left, right, expected) in table {
            let (l, r) = (code(left).unwrap(), code(right).unwrap());
            assert_eq!(likeness(l, r), expected, "{left}{right}");
            assert_eq!(likeness(r, l), expected, "{right}{left}");
        }
    }

    #[test]
    fn other_forms_have_their_standard_form() {
        assert_eq!(['楊', '峯', '鋒', '杨'].map(standard), ['杨', '峰', '锋', '杨']);
        assert_eq!(joined('亻', '尔'), Some('你'));
        let spelt = |char, letters| is_read(code(char).unwrap(), syllable(letters).unwrap());
        assert!(spelt('艺', "YI") && spelt('吕', "lü") && !spelt('艺', "er"));
    }
}
