//! Addresses, villages and schools: what is left when the ways of writing are taken away.

use super::text::jaro_winkler;
use crate::texts::{Growing, Interner};

/// Administrative words after which the finer place begins, the coarse ones first.
const PREFIX_ENDS: [&str; 17] = [
    "自治县",
    "自治州",
    "自治旗",
    "街道办事处",
    "街道办",
    "街道",
    "镇人民政府",
    "省",
    "市",
    "盟",
    "县",
    "旗",
    "区",
    "镇",
    "乡",
    "苏木",
    "办",
];

/// An address in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Village or street without the administrative prefix.
    core: Box<str>,
    /// The villagers' group.
    group: Option<u32>,
    /// The house.
    house: Option<u32>,
}

impl Place {
    /// Reads an address such as `高青镇曹家坪村第三村民小组110号`.
    pub(crate) fn parse(text: &str) -> Self {
        let text = arabic(&short_units(text));
        let text = without_prefix(&text);
        let (core, group, rest) = split_group(text);
        let house =
            number_in(rest).or_else(|| if group.is_none() { number_in(core) } else { None });
        let belongs_to_number = |c: char| matches!(c, '0'..='9' | '号' | '第' | '组' | '队' | '-');
        let core = core.trim_end_matches(belongs_to_number);
        let core = ["村民委员会", "居民委员会", "村委会", "居委会", "社区", "嘎查", "村"]
            .iter()
            .find_map(|end| core.strip_suffix(end).filter(|stem| stem.chars().count() >= 2))
            .unwrap_or(core);
        Self { core: core.into(), group, house }
    }

    /// One text for all ways to write the place; empty when nothing tells it from others.
    pub(crate) fn canonical(&self) -> String {
        if self.core.is_empty() {
            return String::new();
        }
        let mut text = String::with_capacity(self.core.len() + 8);
        text.push_str(&self.core);
        for number in [self.group, self.house] {
            text.push('/');
            if let Some(number) = number {
                push_number(number, &mut text);
            }
        }
        text
    }

    /// Reads what [`canonical`](Self::canonical) has written.
    pub(crate) fn from_canonical(text: &str) -> Self {
        let mut cells = text.splitn(3, '/');
        let core = cells.next().unwrap_or_default().into();
        let mut number = || cells.next().and_then(|cell| cell.parse().ok());
        Self { core, group: number(), house: number() }
    }

    /// Village or street without the administrative prefix and numbers.
    pub(crate) fn core(&self) -> &str {
        &self.core
    }
}

/// Places made ready, by number.
pub(crate) struct Places {
    cores: Growing,
    /// Core, group and house.
    parts: Vec<(u32, Option<u32>, Option<u32>)>,
}

/// How alike the cores of two places are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Cores {
    /// The same, or one is the end of the other.
    Same,
    /// Nearly the same.
    Near,
    /// Neither.
    Unlike,
}

impl Cores {
    /// The likeness by its number.
    pub(crate) const fn of(number: u8) -> Self {
        match number {
            0 => Self::Same,
            1 => Self::Near,
            _ => Self::Unlike,
        }
    }
}

impl Places {
    /// Reads canonical texts.
    pub(crate) fn new<'t>(canonical: impl Iterator<Item = &'t str>) -> Self {
        let mut cores = Interner::new();
        let parts = canonical.map(|text| parts(text, |core| cores.intern(core))).collect();
        Self { cores: Growing::new(cores.finish()), parts }
    }

    /// Reads one more canonical text.
    pub(crate) fn push(&mut self, canonical: &str) {
        self.parts.push(parts(canonical, |core| self.cores.intern(core)));
    }

    /// How many there are.
    pub(crate) const fn len(&self) -> usize {
        self.parts.len()
    }

    /// The numbers of the cores of two places.
    pub(crate) fn cores(&self, left: u32, right: u32) -> (u32, u32) {
        (self.parts[left as usize].0, self.parts[right as usize].0)
    }

    /// How alike two cores are, by their numbers.
    pub(crate) fn compare_cores(&self, left: u32, right: u32) -> Cores {
        let (left, right) = (self.cores.get(left), self.cores.get(right));
        if same_or_end(left, right) {
            Cores::Same
        } else if jaro_winkler(left, right) >= 0.90 {
            Cores::Near
        } else {
            Cores::Unlike
        }
    }

    /// The level of two places whose canonical texts differ: `contains`, `near` or `other`.
    pub(crate) fn level(&self, left: u32, right: u32, cores: Cores) -> u8 {
        let agree = |a: Option<u32>, b: Option<u32>| a.is_none() || b.is_none() || a == b;
        let ((_, group_l, house_l), (_, group_r, house_r)) =
            (self.parts[left as usize], self.parts[right as usize]);
        let (group, house) = (agree(group_l, group_r), agree(house_l, house_r));
        match cores {
            Cores::Same if group && house => 1,
            Cores::Same | Cores::Near => 2,
            Cores::Unlike => 3,
        }
    }
}

/// Number of the core, group and house of a canonical text.
fn parts(canonical: &str, number: impl FnOnce(&str) -> u32) -> (u32, Option<u32>, Option<u32>) {
    let place = Place::from_canonical(canonical);
    (number(&place.core), place.group, place.house)
}

fn same_or_end(left: &str, right: &str) -> bool {
    let long_enough = left.chars().count().min(right.chars().count()) >= 2;
    left == right || (long_enough && (left.ends_with(right) || right.ends_with(left)))
}

/// 村民小组 and 小组 as 组, 生产队 as 队.
fn short_units(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let drop_end = |out: &mut String, end: &str| {
        let kept = out.strip_suffix(end).map_or(out.len(), str::len);
        out.truncate(kept);
    };
    for c in text.chars() {
        if c == '组' {
            drop_end(&mut out, "村民小");
            drop_end(&mut out, "小");
        } else if c == '队' {
            drop_end(&mut out, "生产");
        }
        out.push(c);
    }
    out
}

/// Chinese numerals before 组, 队, 号 as digits; `第` dropped.
fn arabic(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut numeral = String::new();
    for c in text.chars().filter(|c| !c.is_whitespace()).map(narrow) {
        if is_numeral(c) {
            numeral.push(c);
            continue;
        }
        if !numeral.is_empty() {
            match value(&numeral) {
                Some(n) if matches!(c, '组' | '队' | '号' | '社' | '户' | '栋' | '单') => {
                    if out.ends_with('第') {
                        out.pop();
                    }
                    push_number(n, &mut out);
                }
                Some(_) | None => out.push_str(&numeral),
            }
            numeral.clear();
        }
        out.push(if c == '队' || c == '社' && out.ends_with(|d: char| d.is_ascii_digit()) {
            '组'
        } else {
            c
        });
    }
    out.push_str(&numeral);
    out.retain(|c| c != '第');
    out
}

const fn is_numeral(c: char) -> bool {
    numeral(c).is_some()
}

/// What a numeral is worth: a digit, or ten, twenty or a hundred times what stands before it. The forms of bank notes too.
const fn numeral(c: char) -> Option<u32> {
    Some(match c {
        '零' | '〇' => 0,
        '一' | '壹' => 1,
        '二' | '贰' | '两' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        '十' | '拾' => 10,
        '廿' => 20,
        '百' | '佰' => 100,
        _ => return None,
    })
}

fn push_number(number: u32, text: &mut String) {
    if number >= 10 {
        push_number(number / 10, text);
    }
    text.extend(char::from_digit(number % 10, 10));
}

/// A digit of the width of a Chinese character as a plain one.
fn narrow(c: char) -> char {
    match c {
        '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10).unwrap_or(c),
        _ => c,
    }
}

/// The value of a numeral up to 999, written with 十 and 百 or digit by digit.
fn value(text: &str) -> Option<u32> {
    let has_units = text.chars().any(|c| numeral(c).is_some_and(|n| n >= 10));
    let (mut total, mut last) = (0u32, 0u32);
    for c in text.chars().take(9) {
        let n = numeral(c)?;
        if n >= 10 {
            total += last.max(1) * n;
            last = 0;
            continue;
        }
        if !has_units {
            total = total * 10 + n;
        }
        last = n;
    }
    Some(if has_units { total + last } else { total })
}

/// What follows the last administrative word, if at least two characters follow.
fn without_prefix(text: &str) -> &str {
    let mut rest = text;
    // Most words are not there; the text is read once for all of them.
    let begun = text.chars().fold(0, |all, c| all | prefix_ends_from(c));
    let may_be_there = |(at, _): &(usize, &str)| begun >> at & 1 == 1;
    for (_, word) in PREFIX_ENDS.into_iter().enumerate().filter(may_be_there) {
        if let Some(at) = position(rest, word) {
            let after = &rest[at + word.len()..];
            let before = rest[..at].chars().count();
            // 红旗 and 同盟 are names of villages; no banner or league has a name of one character.
            let is_name = matches!(word, "旗" | "盟")
                && (before == 1 || after.starts_with(['村', '路', '街', '社']));
            if after.chars().nth(1).is_some()
                && (1..=9).contains(&before)
                && !is_name
                && !after.starts_with(['区', '中', '小'])
            {
                rest = after;
            }
        }
    }
    rest
}

/// By bits the administrative words that begin with a character.
const fn prefix_ends_from(first: char) -> u32 {
    match first {
        '自' => 0b111,
        '街' => 0b11_1000,
        '镇' => 1 << 6 | 1 << 13,
        '省' => 1 << 7,
        '市' => 1 << 8,
        '盟' => 1 << 9,
        '县' => 1 << 10,
        '旗' => 1 << 11,
        '区' => 1 << 12,
        '乡' => 1 << 14,
        '苏' => 1 << 15,
        '办' => 1 << 16,
        _ => 0,
    }
}

/// Where a word stands first; for short texts quicker than the search of the standard library, which prepares itself.
fn position(text: &str, word: &str) -> Option<usize> {
    let first = word.chars().next()?;
    let mut places = text.match_indices(first).map(|(at, _)| at);
    places.find(|at| text[*at..].starts_with(word))
}

fn split_group(text: &str) -> (&str, Option<u32>, &str) {
    let Some(at) = text.find('组') else { return (text, None, "") };
    let head = &text[..at];
    let core = head.trim_end_matches(|c: char| c.is_ascii_digit());
    (core, head[core.len()..].parse().ok(), &text[at + '组'.len_utf8()..])
}

fn number_in(text: &str) -> Option<u32> {
    let digits: String =
        text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// The name of a school without prefix, kinds of school made equal.
pub(crate) fn school(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let mut text = text
        .replace("九年一贯制学校", "九年制学校")
        .replace("完全小学", "小学")
        .replace("完小", "小学")
        .replace("中心小学", "中心校")
        .replace("中心学校", "中心校")
        .replace("初级中学", "中学")
        .replace("初中", "中学");
    if let Some(at) = text.find(['(', '（']) {
        text.truncate(at);
    }
    let rest = without_prefix(&text);
    // 大河镇中心小学 has nothing of its own after the prefix.
    let kinds = ["中心校", "小学", "中学", "九年制学校", "学校"];
    if kinds.contains(&rest) { text } else { rest.to_owned() }
}

/// The name of a school without the words for its township.
fn bare(school: &str) -> String {
    let mut out = String::with_capacity(school.len());
    for c in school.chars().filter(|c| !matches!(c, '镇' | '乡' | '办')) {
        if c == '道' && out.ends_with('街') {
            out.pop();
        } else {
            out.push(c);
        }
    }
    out
}

/// The level of two schools whose names differ: `contains`, `near` or `other`.
pub(crate) fn compare_schools(left: &str, right: &str) -> u8 {
    let (l, r) = (bare(left), bare(right));
    if same_or_end(&l, &r) {
        return 1;
    }
    if jaro_winkler(&l, &r) >= 0.88 { 2 } else { 3 }
}

/// The level of two codes of divisions that differ: `town`, `county` or `other`.
pub(crate) fn compare_codes(left: &str, right: &str) -> u8 {
    let same = |n: usize| {
        left.len() >= n && right.len() >= n && left.as_bytes()[..n] == right.as_bytes()[..n]
    };
    if same(9) {
        1
    } else if same(6) {
        2
    } else {
        3
    }
}

/// The level of two telephone numbers that differ: `digit` or `other`.
pub(crate) fn compare_phones(left: &str, right: &str) -> u8 {
    if left.len() >= 7 && super::text::one_slip(left.as_bytes(), right.as_bytes()) { 1 } else { 2 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(left: &str, right: &str, expected: u8) {
        let (l, r) = (Place::parse(left), Place::parse(right));
        let (canonical_l, canonical_r) = (l.canonical(), r.canonical());
        let places = Places::new([canonical_l.as_str(), canonical_r.as_str()].into_iter());
        let (core_l, core_r) = places.cores(0, 1);
        let cores = places.compare_cores(core_l, core_r);
        let found = if canonical_l == canonical_r { 0 } else { places.level(0, 1, cores) };
        assert_eq!(found, expected, "{left} {right} {l:?} {r:?}");
    }

    #[test]
    fn one_place_is_written_in_many_ways() {
        check("王家湾第六村民小组111", "塘古镇王家湾6组111号", 0);
        check("杜家湾八组141号", "杜家湾8组141", 0);
        check("曹家坪村三组", "曹家坪第三村民小组", 0);
        check("曹家坪十二组", "曹家坪12组", 0);
        check("高青镇曹家坪7组110号", "曹家坪7组", 1);
        check("陕西省安康市汉滨区洪山镇铁沟村5组", "铁沟村", 1);
        check("铁沟村5组", "铁沟村6组", 2);
        check("铁沟村5组", "李家湾村5组", 3);
    }

    #[test]
    fn one_school_is_written_in_many_ways() {
        assert_eq!(school("高青镇沈家坝完全小学"), school("沈家坝小学"));
        assert_eq!(compare_schools(&school("高青沈家坝完全小学"), &school("沈家坝小学")), 1);
        assert_eq!(compare_schools(&school("大河镇中心小学"), &school("五里镇中心小学")), 3);
        assert_eq!(school("大河镇初级中学"), "大河镇中学");
    }

    #[test]
    fn every_administrative_word_is_known_by_its_first_character() {
        for (at, word) in PREFIX_ENDS.iter().enumerate() {
            let first = word.chars().next().unwrap();
            assert_eq!(prefix_ends_from(first) >> at & 1, 1, "{word}");
        }
    }

    #[test]
    fn codes_agree_from_the_left() {
        assert_eq!(compare_codes("610902110201", "610902110000"), 1);
        assert_eq!(compare_codes("610902110201", "610902111000"), 2);
        assert_eq!(compare_codes("610902110201", "61"), 3);
        assert_eq!(compare_phones("13800000000", "13800000001"), 1);
    }
}
