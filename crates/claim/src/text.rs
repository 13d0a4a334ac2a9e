//! Folding of text as typed: full width to half width, no invisible characters.

use unicode_normalization::UnicodeNormalization;

/// The text in compatibility form (NFKC): full-width letters, digits and signs become half width. Spaces of any kind
/// become one ordinary space, zero-width and control characters go, the ends are trimmed.
///
/// ```
/// assert_eq!(baoxue_claim::half_width("６１０９０２　Ｘ\u{a0}"), "610902 X");
/// ```
pub fn half_width(text: &str) -> String {
    if text.chars().all(is_plain) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.nfkc() {
        if is_invisible(c) {
            continue;
        }
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        out.push(c);
    }
    out
}

/// [`half_width`] without any blank inside: what headers and codes are compared by.
///
/// ```
/// assert_eq!(baoxue_claim::compact("性　别"), "性别");
/// ```
pub fn compact(text: &str) -> String {
    half_width(text).chars().filter(|c| *c != ' ').collect()
}

/// Characters that are their own compatibility form, whatever stands beside them, and no blanks: most texts have no others, and
/// every cell of every file comes through here.
const fn is_plain(c: char) -> bool {
    matches!(c, '!'..='~' | '\u{4e00}'..='\u{9fff}')
}

/// Zero-width characters, byte-order marks and controls other than white space.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{0}')
        || (c.is_control() && !c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_width_and_line_breaks_vanish() {
        assert_eq!(half_width("张\u{200b}三\n（大）"), "张三 (大)");
        assert_eq!(compact(" 身 份 证 号\u{3000}"), "身份证号");
        assert_eq!(compact("\u{0}\u{feff}"), "");
    }

    #[test]
    fn plain_characters_are_their_own_form() {
        for c in ('\u{0}'..='\u{ffff}').filter(|c| is_plain(*c)) {
            let pair: String = [c, c].iter().collect();
            assert_eq!(pair.nfkc().collect::<String>(), pair);
            assert!(!c.is_whitespace() && !is_invisible(c));
        }
    }
}
