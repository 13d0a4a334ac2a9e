//! Names of persons.

use std::{cmp::Ordering, collections::HashMap, sync::LazyLock};

use super::text::jaro_winkler;
use crate::{
    characters::{self, Code, Likeness, Syllable},
    prepare::mix,
};

/// Surnames of two characters that occur in registers.
const COMPOUND: [&str; 24] = [
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "夏侯",
    "长孙", "宇文", "司空", "端木", "百里", "南宫", "轩辕", "呼延", "独孤", "澹台", "闻人", "东郭",
];

/// One sign of a name, in 32 bits: names are millions.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Sign(u32);

/// What a sign is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A character of the table, in its standard form.
    Known(Code),
    /// A character that no table has.
    Rare(u32),
    /// One character that could not be written: `?`, `□`, `*`, a private-use character.
    Unknown,
    /// Latin letters in the place of a character: a syllable.
    Spelt(Syllable),
    /// Latin letters that spell nothing, as a digest.
    Letters(u32),
}

impl Sign {
    const RARE: u32 = 1 << 24;
    const UNKNOWN: u32 = 2 << 24;
    const SPELT: u32 = 3 << 24;
    const LETTERS: u32 = 4 << 24;

    fn of_char(char: char) -> Self {
        let char = characters::standard(char);
        Self(characters::code(char).map_or(Self::RARE | u32::from(char), |code| code.0.into()))
    }

    fn of_letters(letters: &str) -> Self {
        if let Some(syllable) = characters::syllable(letters) {
            return Self(Self::SPELT | u32::from(syllable.0));
        }
        let digest = crate::prepare::hash(letters.to_lowercase().as_bytes());
        Self(Self::LETTERS | u32::try_from(digest >> 40).unwrap_or_default())
    }

    const fn kind(self) -> Kind {
        let low = self.0 & 0x00ff_ffff;
        // The low half of a code or a syllable is all of it.
        #[expect(clippy::cast_possible_truncation, reason = "codes and syllables have 16 bits")]
        match self.0 & !0x00ff_ffff {
            Self::RARE => Kind::Rare(low),
            Self::UNKNOWN => Kind::Unknown,
            Self::SPELT => Kind::Spelt(Syllable(low as u16)),
            Self::LETTERS => Kind::Letters(low),
            _ => Kind::Known(Code(low as u16)),
        }
    }

    const fn is_char(self) -> bool {
        matches!(self.kind(), Kind::Known(_) | Kind::Rare(_))
    }
}

/// A name made ready for comparison.
#[derive(Clone, Copy)]
pub(crate) struct Name<'n> {
    /// The signs, dots left out.
    signs: &'n [Sign],
    /// Where each part of a name with middle dots ends, as an index into `signs`; empty without dots.
    ends: &'n [u8],
    /// A name without any Chinese character, in lower case.
    latin: Option<&'n str>,
    shape: Shape,
}

/// Lengths and kinds of a name.
#[derive(Clone, Copy, Default)]
struct Shape {
    /// Signs in all.
    n: u8,
    /// Signs of the surname, 1 or 2.
    surname: u8,
    /// The place from 1 of the sign by which a nickname calls: of two signs, or of the last two of three.
    calls: u8,
    /// Whether more is kept beside: parts or Latin letters.
    more: bool,
}

/// Names made ready, by number.
pub(crate) struct Names {
    signs: Vec<Sign>,
    /// Where each name begins in `signs`.
    starts: Vec<(u32, Shape)>,
    more: HashMap<u32, More>,
}

/// What few names have: the ends of their parts, Latin letters.
struct More {
    ends: Box<[u8]>,
    latin: Option<Box<str>>,
}

impl Names {
    pub(crate) fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut all = Self { signs: Vec::new(), starts: Vec::new(), more: HashMap::new() };
        all.extend(texts);
        all
    }

    /// Takes more names.
    pub(crate) fn extend<'t>(&mut self, texts: impl Iterator<Item = &'t str>) {
        let mut parser = Parser::default();
        let first = u32::try_from(self.starts.len()).unwrap_or(u32::MAX);
        for (number, text) in (first..).zip(texts) {
            let name = parser.parse(text);
            let start = u32::try_from(self.signs.len()).unwrap_or(u32::MAX);
            self.signs.extend(name.signs);
            self.starts.push((start, name.shape));
            if name.shape.more {
                let latin = name.latin.map(Into::into);
                self.more.insert(number, More { ends: name.ends.into(), latin });
            }
        }
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.starts.len()
    }

    pub(crate) fn get(&self, number: u32) -> Name<'_> {
        let (start, shape) = self.starts[number as usize];
        let start = start as usize;
        let more = if shape.more { self.more.get(&number) } else { None };
        Name {
            signs: &self.signs[start..start + usize::from(shape.n)],
            ends: more.map_or(&[], |more| &more.ends),
            latin: more.and_then(|more| more.latin.as_deref()),
            shape,
        }
    }
}

/// Reads one name after another, keeping its memory.
#[derive(Default)]
pub(crate) struct Parser {
    signs: Vec<Sign>,
    ends: Vec<u8>,
    latin: Option<String>,
    letters: String,
}

/// Signs of a name that are kept: no person's name is longer.
const MOST_SIGNS: usize = 48;

impl Parser {
    pub(crate) fn parse(&mut self, text: &str) -> Name<'_> {
        self.signs.clear();
        self.ends.clear();
        self.latin = None;
        for part in text.split(is_dot).filter(|part| !part.is_empty()) {
            self.push_signs(part);
            self.ends.push(u8::try_from(self.signs.len()).unwrap_or(u8::MAX));
        }
        if self.ends.len() < 2 {
            self.ends.clear();
        }
        if text.chars().all(|c| !is_unknown(c) && (c.is_ascii() || c.is_alphabetic() && !is_han(c)))
        {
            self.latin = Some(text.to_lowercase());
        }
        let n = u8::try_from(self.signs.len()).unwrap_or(u8::MAX);
        let shape = Shape {
            n,
            surname: if n > 2 && is_compound(&self.signs) { 2 } else { 1 },
            calls: match self.signs.as_slice() {
                [a, b] | [_, a, b] => calls(*a, *b).map_or(0, |at| n - 2 + at),
                _ => 0,
            },
            more: !self.ends.is_empty() || self.latin.is_some(),
        };
        Name { signs: &self.signs, ends: &self.ends, latin: self.latin.as_deref(), shape }
    }

    fn push_signs(&mut self, part: &str) {
        for c in part.chars().filter(|c| !c.is_whitespace()) {
            if self.signs.len() >= MOST_SIGNS {
                break;
            }
            if c.is_alphabetic() && !is_han(c) {
                self.letters.push(c);
                continue;
            }
            self.flush();
            if is_unknown(c) {
                self.signs.push(Sign(Sign::UNKNOWN));
                continue;
            }
            let sign = self.whole(c).unwrap_or_else(|| Sign::of_char(c));
            self.signs.push(sign);
        }
        self.flush();
    }

    /// The character whose left half was the sign before, which is taken back. A left half is no name by itself, as in
    /// `亻尔`.
    fn whole(&mut self, right: char) -> Option<Sign> {
        let left = self.signs.last().filter(|_| self.signs.len() > 1)?;
        let left = HALVES.chars().find(|half| Sign::of_char(*half) == *left)?;
        let whole = characters::joined(left, characters::standard(right))?;
        self.signs.pop();
        Some(Sign::of_char(whole))
    }

    fn flush(&mut self) {
        if !self.letters.is_empty() {
            self.signs.push(Sign::of_letters(&self.letters));
            self.letters.clear();
        }
    }
}

/// Left halves of characters that are no name by themselves.
const HALVES: &str = "亻氵扌忄犭纟钅讠饣礻衤彳阝冫宀艹";

fn is_compound(signs: &[Sign]) -> bool {
    static KNOWN: LazyLock<Vec<[Sign; 2]>> = LazyLock::new(|| {
        let signs = |name: &str| {
            let mut signs = name.chars().map(Sign::of_char);
            Some([signs.next()?, signs.next()?])
        };
        COMPOUND.iter().filter_map(|name| signs(name)).collect()
    });
    signs.len() > 1 && KNOWN.iter().any(|known| signs.starts_with(known))
}

impl Name<'_> {
    /// A digest of the sound of all signs, or of those after the surname, southern confusions folded; `None` when a sign
    /// has no sound.
    pub(crate) fn sound(&self, skip_surname: bool) -> Option<u64> {
        let skip = if skip_surname { usize::from(self.shape.surname) } else { 0 };
        let signs = self.signs.get(skip..).filter(|signs| !signs.is_empty())?;
        signs.iter().try_fold(0, |all, sign| {
            let sound = match sign.kind() {
                Kind::Known(code) => u64::from(characters::near(characters::reading(code)?).0),
                Kind::Spelt(syllable) => u64::from(characters::near(syllable).0),
                Kind::Letters(digest) => u64::from(digest) << 16,
                Kind::Rare(_) | Kind::Unknown => return None,
            };
            Some(mix(all ^ (sound + 1)))
        })
    }

    /// A digest of the first sign, its form folded.
    pub(crate) fn first(&self) -> Option<u64> {
        self.signs.first().map(|sign| mix(u64::from(sign.0) + 1))
    }

    /// Two signs that call and do not name.
    const fn is_nickname(&self) -> bool {
        self.shape.n == 2 && self.shape.calls > 0
    }

    fn n_parts(&self) -> usize {
        self.ends.len().max(1)
    }

    fn spelt(&self) -> Option<String> {
        let letters = |sign: &Sign| match sign.kind() {
            Kind::Known(code) => characters::reading(code).map(characters::spelling),
            Kind::Rare(_) | Kind::Unknown | Kind::Spelt(_) | Kind::Letters(_) => None,
        };
        self.signs.iter().map(letters).collect()
    }
}

/// The levels of [`Comparator::PersonName`](crate::Comparator::PersonName), by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
enum Level {
    Variant = 1,
    ToneSound,
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

/// The middle dot of minority names, and the signs that stand for it where it cannot be written.
const fn is_dot(c: char) -> bool {
    matches!(c, '\u{b7}' | '•' | '・' | '‧' | '∙' | '⋅' | '･' | '．' | '.')
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
pub(crate) fn compare(left: Name<'_>, right: Name<'_>) -> Option<u8> {
    let level = level(left, right);
    let says_nothing = level > Level::Nickname && (left.is_nickname() || right.is_nickname());
    (!says_nothing).then_some(level as u8)
}

fn level(left: Name<'_>, right: Name<'_>) -> Level {
    match (left.latin, right.latin) {
        (Some(l), Some(r)) => return latin(l, r),
        (Some(l), None) => return spelt(l, right),
        (None, Some(r)) => return spelt(r, left),
        (None, None) => {}
    }
    if left.signs == right.signs {
        return Level::Variant;
    }
    if left.n_parts() != right.n_parts() && short_form(left, right) {
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
fn nicknames(nickname: Name<'_>, name: Name<'_>) -> bool {
    let Some(called) = nickname.shape.calls.checked_sub(1) else { return false };
    if nickname.shape.n == 3 {
        return nickname.signs.first() == name.signs.first();
    }
    let given = name.signs.get(usize::from(name.shape.surname)..).unwrap_or_default();
    given.contains(&nickname.signs[usize::from(called)])
}

/// Which of two signs calls, from 1, when they are a nickname.
fn calls(a: Sign, b: Sign) -> Option<u8> {
    static BEFORE: LazyLock<[Sign; 4]> =
        LazyLock::new(|| ['小', '阿', '大', '老'].map(Sign::of_char));
    static AFTER: LazyLock<[Sign; 4]> =
        LazyLock::new(|| ['娃', '儿', '仔', '妹'].map(Sign::of_char));
    if !a.is_char() || !b.is_char() {
        return None;
    }
    if a == b {
        return Some(1);
    }
    if BEFORE.contains(&a) {
        return Some(2);
    }
    AFTER.contains(&b).then_some(1)
}

fn latin(left: &str, right: &str) -> Level {
    match jaro_winkler(left, right) {
        similarity if similarity >= 0.94 => Level::Glyph,
        similarity if similarity >= 0.87 => Level::Fragment,
        _ => Level::Other,
    }
}

/// A name in Latin letters against one in characters: its spelling or not.
fn spelt(letters: &str, name: Name<'_>) -> Level {
    let plain: String = letters.chars().filter(|c| c.is_alphabetic()).collect();
    if name.spelt().is_some_and(|spelling| spelling == plain) { Level::Sound } else { Level::Other }
}

/// One name consists of the first parts, or the first and last part, of the other.
fn short_form(left: Name<'_>, right: Name<'_>) -> bool {
    let (short, long) =
        if left.n_parts() <= right.n_parts() { (left, right) } else { (right, left) };
    parts(short).all(|part| {
        parts(long).any(|other| {
            part == other
                || (part.len() >= 3 && part.len() == other.len() && n_unlike(part, other) <= 1)
        })
    })
}

fn parts(name: Name<'_>) -> impl Iterator<Item = &[Sign]> {
    let whole = name.ends.is_empty().then_some(name.signs);
    let mut start = 0;
    let parts = name.ends.iter().filter_map(move |end| {
        let part = name.signs.get(start..usize::from(*end));
        start = usize::from(*end);
        part
    });
    whole.into_iter().chain(parts)
}

fn n_unlike(left: &[Sign], right: &[Sign]) -> usize {
    left.iter().zip(right).filter(|(l, r)| sign_level(**l, **r).is_none()).count()
}

/// How two signs in one place agree, `None` when they do not.
fn sign_level(left: Sign, right: Sign) -> Option<Level> {
    if left == right && left.0 != Sign::UNKNOWN {
        return Some(Level::Variant);
    }
    match (left.kind(), right.kind()) {
        (Kind::Known(l), Kind::Known(r)) => match characters::likeness(l, r) {
            Likeness::Same => Some(Level::Variant),
            Likeness::ToneSound => Some(Level::ToneSound),
            Likeness::Sound => Some(Level::Sound),
            Likeness::NearSound => Some(Level::NearSound),
            Likeness::Glyph => Some(Level::Glyph),
            Likeness::Unlike => None,
        },
        (Kind::Unknown, _) | (_, Kind::Unknown) => Some(Level::Fragment),
        (Kind::Spelt(syllable), Kind::Known(code)) | (Kind::Known(code), Kind::Spelt(syllable)) => {
            characters::is_read(code, syllable).then_some(Level::Sound)
        }
        (Kind::Rare(_) | Kind::Spelt(_) | Kind::Letters(_), _)
        | (_, Kind::Rare(_) | Kind::Letters(_)) => None,
    }
}

/// What the places of two names of one length say together.
struct Places {
    n_unlike: usize,
    first_unlike: usize,
    last_unlike: usize,
    n_slips: usize,
    worst: Level,
}

impl Places {
    fn of(left: Name<'_>, right: Name<'_>) -> Self {
        let mut places = Self {
            n_unlike: 0,
            first_unlike: 0,
            last_unlike: 0,
            n_slips: 0,
            worst: Level::Variant,
        };
        for (at, (l, r)) in left.signs.iter().zip(right.signs).enumerate() {
            if let Some(level) = sign_level(*l, *r) {
                places.worst = places.worst.max(level);
                places.n_slips += usize::from(level > Level::Variant);
                continue;
            }
            if places.n_unlike == 0 {
                places.first_unlike = at;
            }
            places.n_unlike += 1;
            places.last_unlike = at;
        }
        places
    }
}

fn same_length(left: Name<'_>, right: Name<'_>) -> Level {
    let n = left.signs.len();
    let places = Places::of(left, right);
    let surname = usize::from(left.shape.surname.max(right.shape.surname));
    let (one, at) = (places.n_unlike == 1, places.first_unlike);
    match places.n_unlike {
        0 if n == 0 => Level::Other,
        // Two slips in one name are rare; more so in a short one.
        0 if places.n_slips < n || n == 1 => places.worst,
        0 => places.worst.max(Level::Fragment),
        _ if is_transposed(left, right) => Level::Fragment,
        // A minority name written with seven or more signs, one of them another.
        _ if one && n >= 5 => Level::Glyph,
        _ if one && n >= 4 && surname == 1 && at > 0 => Level::Glyph,
        _ if places.last_unlike < surname && n > surname => Level::Given,
        _ if one && n > surname + 1 && at >= surname => Level::Shared,
        _ if places.first_unlike >= surname => Level::Surname,
        _ => Level::Other,
    }
}

/// Two neighbours of the given name are swapped.
fn is_transposed(left: Name<'_>, right: Name<'_>) -> bool {
    let (l, r) = (left.signs, right.signs);
    (1..l.len().saturating_sub(1)).any(|at| {
        l[at] == r[at + 1]
            && l[at + 1] == r[at]
            && (0..l.len()).all(|other| other == at || other == at + 1 || l[other] == r[other])
    })
}

/// A character was dropped or could not be entered; or only the surname agrees.
fn different_length(short: Name<'_>, long: Name<'_>) -> Level {
    let missing = long.signs.len() - short.signs.len();
    let kept = is_within(short.signs, long.signs);
    let given = long.signs.get(usize::from(long.shape.surname)..).unwrap_or_default();
    if kept && short.signs.len() >= 2 && (missing == 1 || short.signs.len() >= missing + 2) {
        // The given name alone, without the surname, is a habit of village lists.
        return Level::Fragment;
    }
    if *short.signs == *given && given.len() >= 2 {
        return Level::Fragment;
    }
    let of_short = short.signs.get(usize::from(short.shape.surname)..).unwrap_or_default();
    if of_short == given && given.len() >= 2 {
        return Level::Given;
    }
    match (short.signs.first(), long.signs.first()) {
        (Some(s), Some(l)) if sign_level(*s, *l).is_some() => Level::Surname,
        (Some(_) | None, _) => Level::Other,
    }
}

/// All signs of `short` stand in `long` in this order, alike at least by sound.
fn is_within(short: &[Sign], long: &[Sign]) -> bool {
    let mut rest = long.iter();
    short.iter().all(|sign| {
        rest.any(|other| {
            matches!(
                sign_level(*sign, *other),
                Some(Level::Variant | Level::ToneSound | Level::Sound)
            ) || sign.0 == Sign::UNKNOWN
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
            ("张丽", "张莉", Level::ToneSound),
            ("张雨", "张玉", Level::Sound),
            ("王燕", "王艳", Level::ToneSound),
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
            ("阿依古丽·买买提", "阿依古力·买买提", Level::ToneSound),
            ("zhangwei", "张伟", Level::Sound),
            ("katherine", "katharine", Level::Glyph),
            ("katherine", "peter", Level::Other),
        ];
        for (left, right, expected) in table {
            let names = Names::new([left, right].into_iter());
            let (l, r) = (names.get(0), names.get(1));
            assert_eq!(level(l, r), expected, "{left} {right}");
            assert_eq!(level(r, l), expected, "{right} {left}");
        }
    }

    #[test]
    fn a_mere_nickname_says_nothing_about_other_names() {
        let compared = |left, right| {
            let names = Names::new([left, right].into_iter());
            compare(names.get(0), names.get(1))
        };
        assert_eq!(compared("豆豆", "李俊"), None);
        assert_eq!(compared("老幺", "韩婷"), None);
        assert_eq!(compared("李俊", "韩婷"), Some(Level::Other as u8));
        assert_eq!(compared("亮亮", "张明亮"), Some(Level::Nickname as u8));
    }

    #[test]
    fn the_sound_of_a_name_forgives_southern_ears() {
        let sound = |text| Parser::default().parse(text).sound(false);
        let given = |text| Parser::default().parse(text).sound(true);
        assert_eq!(sound("张林"), sound("臧玲"));
        assert_eq!(sound("张yi"), sound("张艺"));
        assert_eq!(sound("张?"), None);
        assert_eq!(given("欧阳小明"), given("王小明"));
    }
}
