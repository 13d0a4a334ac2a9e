//! Names of persons.

mod parsed;
mod sign;

use std::cmp::Ordering;

use super::text::jaro_winkler;
use crate::characters::{self, Likeness};

pub(crate) use parsed::{Name, Names, Parser};
pub(crate) use sign::is_unknown;
use sign::{Kind, Sign};

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
        // A 小 that stands in both names is part of them and calls nobody: 张小莉 and 张小军 are two persons.
        let calling = 3 - usize::from(called);
        let is_twice = nickname.signs[1] == nickname.signs[2];
        let is_in_both = !is_twice && name.signs.get(calling) == nickname.signs.get(calling);
        return nickname.signs.first() == name.signs.first() && !is_in_both;
    }
    let given = name.signs.get(usize::from(name.shape.surname)..).unwrap_or_default();
    given.contains(&nickname.signs[usize::from(called)])
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
    if is_lost_in(long.signs, short.signs) {
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

/// A character that could not be written left a sign for each of its bytes, and what stands around these agrees.
fn is_lost_in(signs: &[Sign], whole: &[Sign]) -> bool {
    let is_unknown = |sign: &Sign| sign.0 == Sign::UNKNOWN;
    let Some(from) = signs.iter().position(is_unknown) else { return false };
    let n = signs[from..].iter().take_while(|sign| is_unknown(sign)).count();
    let (head, tail) = (&signs[..from], &signs[from + n..]);
    let alike = |a: &[Sign], b: &[Sign]| a.iter().zip(b).all(|(a, b)| sign_level(*a, *b).is_some());
    let around = head.len() + tail.len();
    n > 1
        && (1..whole.len()).contains(&around)
        && alike(head, whole)
        && alike(tail, &whole[whole.len() - tail.len()..])
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
            ("李琪琪", "李琪伟", Level::Nickname),
            ("李小伟", "李浩伟", Level::Nickname),
            ("张小莉", "张小军", Level::Shared),
            ("张军娃", "张红娃", Level::Shared),
            ("张军娃", "张军红", Level::Nickname),
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
