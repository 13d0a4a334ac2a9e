//! Names made ready: their signs, their surname, whether they call and do not name.

use std::{collections::HashMap, sync::LazyLock};

use super::sign::{Kind, Sign, is_dot, is_han, is_unknown};
use crate::{characters, prepare::mix};

/// Surnames of two characters that occur in registers.
const COMPOUND: [&str; 33] = [
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "令狐", "慕容", "司徒", "夏侯",
    "长孙", "宇文", "司空", "端木", "百里", "南宫", "轩辕", "呼延", "独孤", "澹台", "闻人", "东郭",
    "万俟", "申屠", "太史", "鲜于", "钟离", "淳于", "濮阳", "赫连", "西门",
];

/// A name made ready for comparison.
#[derive(Clone, Copy)]
pub(crate) struct Name<'n> {
    /// The signs, dots left out.
    pub(super) signs: &'n [Sign],
    /// Where each part of a name with middle dots ends, as an index into `signs`; empty without dots.
    pub(super) ends: &'n [u8],
    /// A name without any Chinese character, in lower case.
    pub(super) latin: Option<&'n str>,
    pub(super) shape: Shape,
}

/// Lengths and kinds of a name.
#[derive(Clone, Copy, Default)]
pub(super) struct Shape {
    /// Signs in all.
    pub(super) n: u8,
    /// Signs of the surname, 1 or 2.
    pub(super) surname: u8,
    /// The place from 1 of the sign by which a nickname calls, such as 亮 in 小亮: of two signs, or of the last two of
    /// three; 0 when the name cannot be a nickname.
    pub(super) calls: u8,
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

    /// Reads a little of a name, so that it is at hand when it is compared.
    pub(crate) fn touch(&self, number: u32) -> u32 {
        let start = self.starts[number as usize].0;
        self.signs.get(start as usize).map_or(0, |sign| sign.0)
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
        if text.chars().all(|c| !is_han(c) && !is_unknown(c) && (c.is_ascii() || c.is_alphabetic()))
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
            if !is_han(c) && c.is_alphabetic() {
                self.letters.push(c);
                continue;
            }
            if !self.letters.is_empty() && matches!(c, '1'..='5') {
                self.flush(); // the tone of a syllable
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
        static LEFT: LazyLock<Vec<(Sign, char)>> =
            LazyLock::new(|| HALVES.chars().map(|half| (Sign::of_char(half), half)).collect());
        let left = self.signs.last().filter(|_| self.signs.len() > 1)?;
        let (_, left) = *LEFT.iter().find(|(sign, _)| sign == left)?;
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
    pub(super) const fn is_nickname(&self) -> bool {
        self.shape.n == 2 && self.shape.calls > 0
    }

    pub(super) fn n_parts(&self) -> usize {
        self.ends.len().max(1)
    }

    pub(super) fn spelt(&self) -> Option<String> {
        let letters = |sign: &Sign| match sign.kind() {
            Kind::Known(code) => characters::reading(code).map(characters::spelling),
            Kind::Rare(_) | Kind::Unknown | Kind::Spelt(_) | Kind::Letters(_) => None,
        };
        self.signs.iter().map(letters).collect()
    }
}

/// Which of two signs says whom is meant, from 1, when they are a nickname; the other one only calls, or says it again.
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
