//! Names of persons as written in lists.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Doubt, text::half_width};

/// A name of a person in normal form: no blanks between Chinese characters, the middle dot of minority names as
/// U+00B7, a mark such as `(大)` or a trailing `1` cut off. Never empty. `Debug` shows the length only.
///
/// ```
/// use baoxue_claim::Name;
/// assert_eq!(Name::read("张　三（大）").unwrap().0.expose(), "张三");
/// assert_eq!(Name::read("买买提•艾力").unwrap().0.expose(), "买买提·艾力");
/// assert!(Name::read(" 无 ").is_none());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(Box<str>);

impl Name {
    /// Reads a name cell. Empty text, dashes and words for "nobody" (无, 空, 不详, 未知) give `None`.
    pub fn read(cell: &str) -> Option<(Self, Vec<Doubt>)> {
        let text = strip_mark(&half_width(cell));
        let name = join(&text);
        if name.is_empty() || is_nobody(&name) {
            return None;
        }
        let mut doubts = Vec::new();
        // A name in Latin letters alone is a name; among Chinese characters a letter stands for what could not be typed.
        let latin = name.chars().all(|c| c.is_ascii_alphabetic() || " '-.\u{b7}".contains(c));
        if !latin && name.chars().any(is_unencodable) {
            doubts.push(Doubt::NameUnencodable);
        }
        if is_nickname(&name) {
            doubts.push(Doubt::NameNickname);
        }
        Some((Self(name.into()), doubts))
    }

    /// The bare name; whoever calls this must not log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({} chars)", self.0.chars().count())
    }
}

fn is_nobody(name: &str) -> bool {
    matches!(
        name,
        "无" | "空" | "不详" | "未知" | "没有" | "/" | "-" | "--" | "0" | "零报告" | "暂无"
    )
}

/// Cuts `(大)`, `[小]` and trailing ASCII digits.
fn strip_mark(text: &str) -> String {
    let head = text.split(['(', '[', '【', '〔']).next().unwrap_or_default();
    head.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ').to_owned()
}

fn join(text: &str) -> String {
    let latin = text.chars().all(|c| c.is_ascii() || c == '\u{b7}');
    let mut out = String::new();
    for c in text.trim().chars() {
        match c {
            '\u{b7}' | '•' | '・' | '．' | '‧' | '∙' | '●' => push_dot(&mut out),
            '.' | '、' | '-' if !latin => push_dot(&mut out),
            ' ' if !latin => {}
            _ => out.push(c),
        }
    }
    while out.ends_with('\u{b7}') {
        out.pop();
    }
    out
}

fn push_dot(out: &mut String) {
    if !out.is_empty() && !out.ends_with('\u{b7}') {
        out.push('\u{b7}');
    }
}

/// `?`, `□`, `*`, a private-use character, or a Latin letter or digit among Chinese characters.
fn is_unencodable(c: char) -> bool {
    matches!(c, '?' | '□' | '■' | '*' | '〇' | '○' | '\u{fffd}')
        || ('\u{e000}'..='\u{f8ff}').contains(&c)
        || c.is_ascii_alphanumeric()
}

/// One character, or the same character twice (亮亮), or 小/阿/老 before one character.
fn is_nickname(name: &str) -> bool {
    let chars: Vec<char> = name.chars().collect();
    match chars.as_slice() {
        [_] => true,
        [a, b] => a == b || matches!(a, '阿') || matches!(b, '娃' | '儿'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, name: &str, doubts: &[Doubt]) {
        let (found, why) = Name::read(cell).unwrap();
        assert_eq!((found.expose(), why.as_slice()), (name, doubts));
    }

    #[test]
    fn marks_and_blanks_go() {
        check("张 三", "张三", &[]);
        check("张三1", "张三", &[]);
        check("古丽．阿依", "古丽·阿依", &[]);
        check("李\u{200b}四\n", "李四", &[]);
    }

    #[test]
    fn what_cannot_be_encoded_is_said() {
        check("王□明", "王□明", &[Doubt::NameUnencodable]);
        check("张yi", "张yi", &[Doubt::NameUnencodable]);
    }

    #[test]
    fn nicknames_are_said() {
        check("亮亮", "亮亮", &[Doubt::NameNickname]);
    }
}
