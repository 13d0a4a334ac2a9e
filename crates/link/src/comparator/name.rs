//! Names of persons.

use std::cmp::Ordering;

use super::text::jaro_winkler;
use crate::characters::{self, Likeness};

/// Surnames of two characters that occur in registers.
const COMPOUND: [&str; 24] = [
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "夏侯",
    "长孙", "宇文", "司空", "端木", "百里", "南宫", "轩辕", "呼延", "独孤", "澹台", "闻人", "东郭",
];

/// One sign of a name.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Sign {
    /// A character in its standard form.
    Char(char),
    /// One character that could not be written: `?`, `□`, `*`, a private-use character.
    Unknown,
    /// Latin letters in the place of a character.
    Letters(Box<str>),
}

/// A name made ready for comparison.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    /// The signs, dots left out.
    signs: Box<[Sign]>,
    /// Where each part of a name with middle dots ends, as an index into `signs`; one entry without dots.
    ends: Box<[u8]>,
    /// A name without any Chinese character, in lower case.
    latin: Option<Box<str>>,
    /// Signs of the surname, 1 or 2.
    surname: u8,
}

/// The levels of [`Comparator::PersonName`](crate::Comparator::PersonName), by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Level {
    Variant = 1,
    Sound,
    NearSound,
    Glyph,
    Fragment,
    Nickname,
    Given,
    Shared,
    Surname,
    Other,
}

impl Name {
    pub(crate) fn parse(text: &str) -> Self {
        let latin = text.chars().all(|c| c.is_ascii() || c.is_alphabetic() && !is_han(c));
        let unknown = text.chars().any(is_unknown);
        let mut signs = Vec::new();
        let mut ends = Vec::new();
        for part in text.split('\u{b7}').filter(|part| !part.is_empty()) {
            push_signs(part, &mut signs);
            ends.push(u8::try_from(signs.len()).unwrap_or(u8::MAX));
        }
        let start: String = signs.iter().take(2).filter_map(Sign::char).collect();
        Self {
            surname: if COMPOUND.contains(&start.as_str()) && signs.len() > 2 { 2 } else { 1 },
            signs: signs.into(),
            ends: ends.into(),
            latin: (latin && !unknown).then(|| text.to_lowercase().into()),
        }
    }

    /// Spelling of all signs from `skip` on, southern confusions folded; `None` when a sign has no sound.
    pub(crate) fn sound(&self, skip_surname: bool) -> Option<String> {
        let skip = if skip_surname { usize::from(self.surname) } else { 0 };
        let mut out = String::new();
        for sign in self.signs.get(skip..)? {
            match sign {
                Sign::Char(char) => out.push_str(characters::near_spelling(*char)?),
                Sign::Letters(letters) => out.push_str(&characters::near_letters(letters)),
                Sign::Unknown => return None,
            }
        }
        (!out.is_empty()).then_some(out)
    }

    /// Two signs that call and do not name.
    fn is_nickname(&self) -> bool {
        match &*self.signs {
            [Sign::Char(a), Sign::Char(b)] => is_nickname(*a, *b).is_some(),
            _ => false,
        }
    }

    fn spelt(&self) -> Option<String> {
        self.signs.iter().map(|sign| characters::spelling(sign.char()?)).collect()
    }
}

impl Sign {
    const fn char(&self) -> Option<char> {
        match self {
            Self::Char(char) => Some(*char),
            Self::Unknown | Self::Letters(_) => None,
        }
    }
}

fn push_signs(part: &str, signs: &mut Vec<Sign>) {
    let mut letters = String::new();
    for c in part.chars().filter(|c| !c.is_whitespace()) {
        if c.is_alphabetic() && !is_han(c) {
            letters.push(c);
            continue;
        }
        flush(&mut letters, signs);
        if is_unknown(c) {
            signs.push(Sign::Unknown);
            continue;
        }
        let char = characters::standard(c);
        let whole =
            signs.last().and_then(Sign::char).and_then(|left| characters::joined(left, char));
        match whole {
            Some(whole) if signs.len() > 1 && is_half(signs.last()) => {
                signs.pop();
                signs.push(Sign::Char(whole));
            }
            Some(_) | None => signs.push(Sign::Char(char)),
        }
    }
    flush(&mut letters, signs);
}

/// A left half that is no name by itself, as in `亻尔`.
fn is_half(sign: Option<&Sign>) -> bool {
    sign.and_then(Sign::char).is_some_and(|char| "亻氵扌忄犭纟钅讠饣礻衤彳阝冫宀艹".contains(char))
}

fn flush(letters: &mut String, signs: &mut Vec<Sign>) {
    if !letters.is_empty() {
        signs.push(Sign::Letters(std::mem::take(letters).into()));
    }
}

fn is_unknown(c: char) -> bool {
    matches!(c, '?' | '□' | '■' | '*' | '○' | '〇' | '\u{fffd}' | '？' | '＊')
        || ('\u{e000}'..='\u{f8ff}').contains(&c)
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// The level of two names that are not the same text; `None` when one is a mere nickname (豆豆, 老幺), which can be
/// anybody's.
pub(crate) fn compare(left: &Name, right: &Name) -> Option<u8> {
    let level = level(left, right);
    let says_nothing = level > Level::Nickname && (left.is_nickname() || right.is_nickname());
    (!says_nothing).then_some(level as u8)
}

fn level(left: &Name, right: &Name) -> Level {
    match (&left.latin, &right.latin) {
        (Some(l), Some(r)) => return latin(l, r),
        (Some(l), None) => return spelt(l, right),
        (None, Some(r)) => return spelt(r, left),
        (None, None) => {}
    }
    if left.signs == right.signs {
        return Level::Variant;
    }
    if left.ends.len() != right.ends.len() && short_form(left, right) {
        return Level::Fragment;
    }
    let level = match left.signs.len().cmp(&right.signs.len()) {
        Ordering::Equal => same_length(left, right),
        Ordering::Less => different_length(left, right),
        Ordering::Greater => different_length(right, left),
    };
    let may_be_nickname =
        level > Level::Fragment && (nicknames(left, right) || nicknames(right, left));
    if may_be_nickname { Level::Nickname } else { level }
}

/// Whether one name is a nickname that can be the other person's: the surname and then 亮亮, 小亮, 阿亮 or 亮娃, whatever
/// the given name is; without the surname, one of its characters must be that of the given name.
fn nicknames(nickname: &Name, name: &Name) -> bool {
    let signs: Vec<char> = nickname.signs.iter().filter_map(Sign::char).collect();
    if signs.len() != nickname.signs.len() {
        return false;
    }
    match signs.as_slice() {
        [surname, a, b] => {
            is_nickname(*a, *b).is_some() && name.signs.first() == Some(&Sign::Char(*surname))
        }
        [a, b] => is_nickname(*a, *b).is_some_and(|called| {
            name.signs
                .get(usize::from(name.surname)..)
                .is_some_and(|given| given.contains(&Sign::Char(called)))
        }),
        _ => false,
    }
}

/// The character by which a nickname calls.
fn is_nickname(a: char, b: char) -> Option<char> {
    match (a, b) {
        (a, b) if a == b => Some(a),
        ('小' | '阿' | '大' | '老', b) => Some(b),
        (a, '娃' | '儿' | '仔' | '妹') => Some(a),
        _ => None,
    }
}

fn latin(left: &str, right: &str) -> Level {
    match jaro_winkler(left, right) {
        similarity if similarity >= 0.94 => Level::Glyph,
        similarity if similarity >= 0.87 => Level::Fragment,
        _ => Level::Other,
    }
}

/// A name in Latin letters against one in characters: its spelling or not.
fn spelt(letters: &str, name: &Name) -> Level {
    let plain: String = letters.chars().filter(|c| c.is_alphabetic()).collect();
    if name.spelt().is_some_and(|spelling| spelling == plain) { Level::Sound } else { Level::Other }
}

/// One name consists of the first parts, or the first and last part, of the other.
fn short_form(left: &Name, right: &Name) -> bool {
    let (short, long) =
        if left.ends.len() <= right.ends.len() { (left, right) } else { (right, left) };
    let long_parts = parts(long);
    parts(short).iter().all(|part| {
        long_parts.iter().any(|other| {
            part == other
                || (part.len() >= 3 && part.len() == other.len() && n_unlike(part, other) <= 1)
        })
    })
}

fn parts(name: &Name) -> Vec<&[Sign]> {
    let mut start = 0;
    name.ends
        .iter()
        .map(|end| {
            let part = &name.signs[start..usize::from(*end)];
            start = usize::from(*end);
            part
        })
        .collect()
}

fn n_unlike(left: &[Sign], right: &[Sign]) -> usize {
    left.iter().zip(right).filter(|(l, r)| sign_level(l, r).is_none()).count()
}

/// How two signs in one place agree, `None` when they do not.
fn sign_level(left: &Sign, right: &Sign) -> Option<Level> {
    match (left, right) {
        (Sign::Char(l), Sign::Char(r)) => match characters::likeness(*l, *r) {
            Likeness::Same => Some(Level::Variant),
            Likeness::Sound => Some(Level::Sound),
            Likeness::NearSound => Some(Level::NearSound),
            Likeness::Glyph => Some(Level::Glyph),
            Likeness::Unlike => None,
        },
        (Sign::Unknown, _) | (_, Sign::Unknown) => Some(Level::Fragment),
        (Sign::Letters(letters), Sign::Char(c)) | (Sign::Char(c), Sign::Letters(letters)) => {
            characters::spelt(*c, letters).then_some(Level::Sound)
        }
        (Sign::Letters(l), Sign::Letters(r)) => (l == r).then_some(Level::Variant),
    }
}

fn same_length(left: &Name, right: &Name) -> Level {
    let n = left.signs.len();
    let levels: Vec<Option<Level>> =
        left.signs.iter().zip(&right.signs).map(|(l, r)| sign_level(l, r)).collect();
    let unlike: Vec<usize> = (0..n).filter(|at| levels[*at].is_none()).collect();
    let worst = levels.iter().flatten().max().copied().unwrap_or(Level::Other);
    let n_slips = levels.iter().flatten().filter(|level| **level > Level::Variant).count();
    let surname = usize::from(left.surname.max(right.surname));
    match unlike.as_slice() {
        // Two slips in one name are rare; more so in a short one.
        [] if n_slips < n || n == 1 => worst,
        [] => worst.max(Level::Fragment),
        _ if is_transposed(left, right) => Level::Fragment,
        // A minority name written with seven or more signs, one of them another.
        [_] if n >= 5 => Level::Glyph,
        [at] if n >= 4 && surname == 1 && *at > 0 => Level::Glyph,
        _ if unlike.iter().all(|at| *at < surname) && n > surname => Level::Given,
        [at] if n > surname + 1 && *at >= surname => Level::Shared,
        _ if unlike.iter().all(|at| *at >= surname) => Level::Surname,
        _ => Level::Other,
    }
}

/// Two neighbours of the given name are swapped.
fn is_transposed(left: &Name, right: &Name) -> bool {
    let (l, r) = (&left.signs, &right.signs);
    (1..l.len().saturating_sub(1)).any(|at| {
        l[at] == r[at + 1]
            && l[at + 1] == r[at]
            && (0..l.len()).all(|other| other == at || other == at + 1 || l[other] == r[other])
    })
}

/// A character was dropped or could not be entered; or only the surname agrees.
fn different_length(short: &Name, long: &Name) -> Level {
    let missing = long.signs.len() - short.signs.len();
    let kept = is_within(&short.signs, &long.signs);
    let given = &long.signs[usize::from(long.surname)..];
    if kept && short.signs.len() >= 2 && (missing == 1 || short.signs.len() >= missing + 2) {
        // The given name alone, without the surname, is a habit of village lists.
        return Level::Fragment;
    }
    if *short.signs == *given && given.len() >= 2 {
        return Level::Fragment;
    }
    match (short.signs.first(), long.signs.first()) {
        (Some(s), Some(l)) if sign_level(s, l).is_some() => Level::Surname,
        (Some(_) | None, _) => Level::Other,
    }
}

/// All signs of `short` stand in `long` in this order, alike at least by sound.
fn is_within(short: &[Sign], long: &[Sign]) -> bool {
    let mut rest = long.iter();
    short.iter().all(|sign| {
        rest.any(|other| {
            matches!(sign_level(sign, other), Some(Level::Variant | Level::Sound))
                || (*sign == Sign::Unknown)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lists_write_in_two_ways() {
        let table = [
            ("楊鋒", "杨锋", Level::Variant),
            ("张丽", "张莉", Level::Sound),
            ("王燕", "王艳", Level::Sound),
            ("王玲", "王林", Level::NearSound),
            ("刘黄", "刘方", Level::NearSound),
            ("李未明", "李末明", Level::Glyph),
            ("张?明", "张小明", Level::Fragment),
            ("张□明", "张小明", Level::Fragment),
            ("张yi", "张艺", Level::Sound),
            ("王亻尔明", "王你明", Level::Variant),
            ("廖占", "廖占月", Level::Fragment),
            ("小明", "王小明", Level::Fragment),
            ("王小明", "王明小", Level::Fragment),
            ("王小明", "李小明", Level::Given),
            ("欧阳小明", "李阳小明", Level::Given),
            ("李琪琪", "李浩伟", Level::Nickname),
            ("亮亮", "张明亮", Level::Nickname),
            ("亮亮", "张浩然", Level::Other),
            ("张浩然", "张浩宇", Level::Shared),
            ("张浩然", "张立军", Level::Surname),
            ("张伟", "张敏", Level::Surname),
            ("张伟", "李敏", Level::Other),
            ("买买提·艾力", "买买提", Level::Fragment),
            ("买买提艾力", "买买提·艾力", Level::Variant),
            ("阿依古丽·买买提", "阿依古力·买买提", Level::Sound),
            ("zhangwei", "张伟", Level::Sound),
            ("katherine", "katharine", Level::Glyph),
            ("katherine", "peter", Level::Other),
        ];
        for (left, right, expected) in table {
            let (l, r) = (Name::parse(left), Name::parse(right));
            assert_eq!(level(&l, &r), expected, "{left} {right}");
            assert_eq!(level(&r, &l), expected, "{right} {left}");
        }
    }

    #[test]
    fn a_mere_nickname_says_nothing_about_other_names() {
        let compared = |left, right| compare(&Name::parse(left), &Name::parse(right));
        assert_eq!(compared("豆豆", "李俊"), None);
        assert_eq!(compared("老幺", "韩婷"), None);
        assert_eq!(compared("李俊", "韩婷"), Some(Level::Other as u8));
        assert_eq!(compared("亮亮", "张明亮"), Some(Level::Nickname as u8));
    }

    #[test]
    fn the_sound_of_a_name_forgives_southern_ears() {
        let sound = |text| Name::parse(text).sound(false);
        assert_eq!(sound("张林"), sound("臧玲"));
        assert_eq!(sound("张yi"), sound("张艺"));
        assert_eq!(sound("张?"), None);
        assert_eq!(Name::parse("欧阳小明").sound(true), Name::parse("王小明").sound(true));
    }
}
