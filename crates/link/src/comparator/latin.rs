//! One part of a person's name in Latin letters, or in any script that spells: a given name or a surname.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use super::text::{edits, jaro_winkler};
use crate::texts::Texts;

/// Given names and what their bearers are called, a family of names in each line. Facts of English usage, collected for
/// this file. A name that stands in several lines belongs to each of them.
const CALLED: &str = include_str!("../../data/nicknames.txt");

/// A name belongs to at most so many families.
const FAMILIES: usize = 4;

/// Names made ready, by number.
pub(crate) struct LatinNames {
    texts: Arc<Texts>,
    /// The families of each name, 0 for none.
    families: Vec<[u8; FAMILIES]>,
}

impl LatinNames {
    /// Takes canonical texts, see [`folded`].
    pub(crate) fn new(texts: Arc<Texts>) -> Self {
        let families = texts.iter().map(families_of).collect();
        Self { texts, families }
    }

    /// Goes on with more texts than before.
    pub(crate) fn extend(&mut self, texts: Arc<Texts>) {
        self.families.extend(texts.from(self.families.len()).map(families_of));
        self.texts = texts;
    }

    /// The level of two names that are not the same.
    pub(crate) fn compare(&self, left: u32, right: u32) -> u8 {
        let family = |number: u32| self.families[number as usize];
        let (l, r) = (family(left), family(right));
        if l.iter().any(|family| *family != 0 && r.contains(family)) {
            return Level::Nickname as u8;
        }
        level(self.texts.get(left), self.texts.get(right)) as u8
    }
}

fn families_of(name: &str) -> [u8; FAMILIES] {
    static KNOWN: LazyLock<HashMap<&str, [u8; FAMILIES]>> = LazyLock::new(families);
    KNOWN.get(name).copied().unwrap_or_default()
}

fn families() -> HashMap<&'static str, [u8; FAMILIES]> {
    let mut families: HashMap<&str, [u8; FAMILIES]> = HashMap::new();
    let lines = CALLED.lines().filter(|line| !line.starts_with('#'));
    for (number, line) in (1..=u8::MAX).zip(lines) {
        for name in line.split_whitespace() {
            let of = families.entry(name).or_default();
            if let Some(free) = of.iter_mut().find(|family| **family == 0) {
                *free = number;
            }
        }
    }
    families
}

/// The levels of [`Comparator::LatinName`](crate::Comparator::LatinName) by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
enum Level {
    Slip = 1,
    Nickname,
    Prefix,
    Close,
    Near,
    Far,
    Other,
}

fn level(left: &str, right: &str) -> Level {
    let (short, long) = if left.len() <= right.len() { (left, right) } else { (right, left) };
    let n_short = short.chars().count();
    if n_short >= 3 && edits(left, right, 1) == 1 {
        return Level::Slip;
    }
    if (n_short == 1 || n_short >= 3) && long.starts_with(short) {
        return Level::Prefix;
    }
    match jaro_winkler(left, right) {
        similarity if similarity >= 0.90 => Level::Close,
        similarity if similarity >= 0.82 => Level::Near,
        similarity if similarity >= 0.70 => Level::Far,
        _ => Level::Other,
    }
}

/// Letters and digits in lower case, without accents: `Mary-Ann`, `mary ann` and `MaryAnn` are one.
pub(crate) fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'a'..='z' | '0'..='9' => folded.push(c),
            'A'..='Z' => folded.push(c.to_ascii_lowercase()),
            _ if c.is_ascii() => {}
            _ if c.is_alphanumeric() => match plain(c) {
                Some(letters) => folded.push_str(letters),
                None => folded.extend(c.to_lowercase()),
            },
            _ => {}
        }
    }
    folded
}

/// The first letter, and up to three consonants after it by groups that sound alike.
///
/// Source: the Soundex code of Russell (US patent 1,261,167, 1918), as the US National Archives describe it.
pub(crate) fn sound(text: &str) -> String {
    let folded = folded(text);
    let group = |c: char| match c {
        'b' | 'f' | 'p' | 'v' => '1',
        'c' | 'g' | 'j' | 'k' | 'q' | 's' | 'x' | 'z' => '2',
        'd' | 't' => '3',
        'l' => '4',
        'm' | 'n' => '5',
        'r' => '6',
        'h' | 'w' => '-',
        _ => '0',
    };
    let mut letters = folded.chars().filter(|c| c.is_alphabetic());
    let Some(first) = letters.next() else { return String::new() };
    let (mut code, mut last) = (String::from(first), group(first));
    for letter in letters {
        let group = group(letter);
        if group != '0' && group != '-' && group != last {
            code.push(group);
        }
        // H and W do not part two letters of one group.
        if group != '-' {
            last = group;
        }
        if code.len() == first.len_utf8() + 3 {
            break;
        }
    }
    code
}

/// The letters that stand for an accented one where accents cannot be written.
const fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' | 'ǎ' => "a",
        'Æ' | 'æ' => "ae",
        'Ç' | 'ç' | 'Ć'..='č' => "c",
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' => "e",
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' | 'ǐ' => "i",
        'Ð' | 'ð' | 'Ď'..='đ' => "d",
        'Ñ' | 'ñ' | 'Ń'..='ň' => "n",
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'Ō'..='ő' | 'ǒ' => "o",
        'Œ' | 'œ' => "oe",
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' | 'ǔ' => "u",
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' => "y",
        'ß' => "ss",
        'Þ' | 'þ' => "th",
        'Ĝ'..='ģ' => "g",
        'Ĺ'..='ł' => "l",
        'Ŕ'..='ř' => "r",
        'Ś'..='š' | 'Ș' | 'ș' => "s",
        'Ţ'..='ŧ' | 'Ț' | 'ț' => "t",
        'Ź'..='ž' => "z",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lists_write_in_two_ways() {
        let table = [
            ("Robert", "Rob", Level::Nickname),
            ("Elizabeth", "Betty", Level::Nickname),
            ("Henry", "Harry", Level::Nickname),
            ("Jack", "John", Level::Nickname),
            ("Nicholas", "Nixholas", Level::Slip),
            ("geo rge", "goerge", Level::Slip),
            ("T.", "Thomas", Level::Prefix),
            ("macfarlane", "macfarl.", Level::Prefix),
            ("Cousins", "Cousinsson", Level::Prefix),
            ("mozley", "moseley", Level::Near),
            ("bulstrode", "bulstrodus", Level::Close),
            ("Li", "Lu", Level::Far),
            ("barrie", "ansell", Level::Other),
            ("", "ansell", Level::Other),
        ];
        for (left, right, expected) in table {
            let mut texts = crate::texts::Interner::new();
            let (l, r) = (texts.intern(&folded(left)), texts.intern(&folded(right)));
            let names = LatinNames::new(Arc::new(texts.finish()));
            assert_eq!(names.compare(l, r), expected as u8, "{left} {right}");
            assert_eq!(names.compare(r, l), expected as u8, "{right} {left}");
        }
    }

    #[test]
    fn sounds_are_those_of_the_archives() {
        let table = [
            ("Robert", "r163"),
            ("Rupert", "r163"),
            ("Ashcraft", "a261"),
            ("Tymczak", "t522"),
            ("Lee", "l"),
            ("", ""),
        ];
        for (name, code) in table {
            assert_eq!(sound(name), code, "{name}");
        }
    }

    #[test]
    fn dress_does_not_make_another_name() {
        for (left, right) in [
            ("Mary-Ann", "mary ann"),
            ("O'Brien", "OBRIEN"),
            ("Müller", "Muller"),
            ("Łukasz", "Lukasz"),
            ("José", "JOSE"),
            ("Иванова", "ИВАНОВА"),
        ] {
            assert_eq!(folded(left), folded(right));
        }
        assert_eq!(folded("张 三"), "张三");
    }
}
