//! Cell texts folded for comparison, without paying for what most cells do not need.

use std::borrow::Cow;

use baoxue_claim::{compact, half_width};

/// [`compact`], borrowed when nothing has to change.
pub(crate) fn fold(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c.is_ascii_graphic() || is_han(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(compact(text))
}

/// [`half_width`], borrowed when nothing has to change.
pub(crate) fn tidy(text: &str) -> Cow<'_, str> {
    if text.chars().all(|c| c.is_ascii_graphic() || is_han(c)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(half_width(text))
}

/// Whether nothing but blanks and invisible characters is in the text.
pub(crate) fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{0}')
    })
}

/// A character of the unified ideographs, extensions among them.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')
}

/// Whether any of the words of a list stands in `text`. A list is one text, its words apart by blanks.
pub(crate) fn has(text: &str, list: &str) -> bool {
    words(list).any(|word| text.contains(word))
}

/// Whether the text begins with one of the words of a list.
pub(crate) fn begins(text: &str, list: &str) -> bool {
    words(list).any(|word| text.starts_with(word))
}

/// Whether the text ends with one of the words of a list.
pub(crate) fn ends(text: &str, list: &str) -> bool {
    words(list).any(|word| text.ends_with(word))
}

/// Whether the text is one of the words of a list.
pub(crate) fn is_one(text: &str, list: &str) -> bool {
    words(list).any(|word| word == text)
}

/// The words of a list.
pub(crate) fn words(list: &str) -> impl Iterator<Item = &str> {
    list.split(' ').filter(|word| !word.is_empty())
}

/// The first run of ASCII digits as a number.
pub(crate) fn first_number(text: &str) -> Option<u32> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let digits = &text[start..];
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

/// A whole number up to 99 in Chinese numerals or digits at the start of `text`, and the rest.
pub(crate) fn leading_number(text: &str) -> Option<(u8, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        return Some((text[..digits].parse().ok()?, &text[digits..]));
    }
    let end = text.find(|c: char| !"零一二三四五六七八九十".contains(c)).unwrap_or(text.len());
    Some((numeral(&text[..end])?, &text[end..]))
}

/// 一 to 九十九.
fn numeral(text: &str) -> Option<u8> {
    let digit = |c: char| {
        "零一二三四五六七八九".chars().position(|d| d == c).and_then(|at| u8::try_from(at).ok())
    };
    let chars: Vec<char> = text.chars().collect();
    match *chars.as_slice() {
        ['十'] => Some(10),
        [one] => digit(one),
        ['十', ones] => Some(10 + digit(ones)?),
        [tens, '十'] => Some(digit(tens)? * 10),
        [tens, '十', ones] => Some(digit(tens)? * 10 + digit(ones)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_borrows_what_is_plain() {
        assert!(matches!(fold("姓名"), Cow::Borrowed("姓名")));
        assert_eq!(fold("性\u{3000}别（男）"), "性别(男)");
        assert!(is_blank(" \u{3000}\u{200b}"));
    }

    #[test]
    fn numerals_up_to_ninety_nine() {
        for (text, number, rest) in
            [("5组", 5, "组"), ("十二组", 12, "组"), ("二十", 20, ""), ("三十一号", 31, "号")]
        {
            assert_eq!(leading_number(text), Some((number, rest)), "{text}");
        }
        assert_eq!(leading_number("组"), None);
        assert_eq!(first_number("合计：390人"), Some(390));
    }
}
