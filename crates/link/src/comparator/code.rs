//! Numbers and codes that stand for something: membership numbers, social security numbers, postcodes, e-mail addresses.

use super::text::{edits, jaro_winkler};

/// Letters and digits only, letters in upper case.
pub(crate) fn bare(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// The level of two codes that differ: `slip`, `two`, `start` or `other`.
pub(crate) fn compare(left: &str, right: &str) -> u8 {
    match edits(left, right, 2) {
        // Two edits leave little of a short code.
        1 => 1,
        2 if left.len().min(right.len()) >= 5 => 2,
        _ if shared(left, right) * 2 >= left.len().max(right.len()) => 3,
        _ => 4,
    }
}

/// Bytes that both begin with.
fn shared(left: &str, right: &str) -> usize {
    left.bytes().zip(right.bytes()).take_while(|(l, r)| l == r).count()
}

/// The level of two postcodes that differ, both [`bare`]: `sector` when all but the last two signs agree (all but the
/// last of four or five), `slip`, `district` when all but the last three agree (all but the last two of four or five),
/// `area` when the first two agree, or `other`.
pub(crate) fn compare_postcodes(left: &str, right: &str) -> u8 {
    let short = left.len().min(right.len()) <= 5;
    let shared = shared(left, right);
    let all_but = |n: usize| {
        let n = if short { n - 1 } else { n };
        left.len() == right.len() && shared >= 2 && shared + n >= left.len()
    };
    if all_but(2) {
        1
    } else if edits(left, right, 1) == 1 {
        2
    } else if all_but(3) {
        3
    } else if shared >= 2 {
        4
    } else {
        5
    }
}

/// Lower case without blanks.
pub(crate) fn address(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
}

/// The level of two e-mail addresses that differ: `local` when what stands before the `@` agrees, `slip` when at most
/// two signs of the whole differ, `close` when what stands before the `@` is alike and the domains are too, `name` when
/// only the first is so, `domain` when the domains agree, or `other`.
pub(crate) fn compare_addresses(left: &str, right: &str) -> u8 {
    let parts = |text| str::split_once(text, '@').unwrap_or((text, ""));
    let ((l, domain_l), (r, domain_r)) = (parts(left), parts(right));
    if l == r {
        return 1;
    }
    if edits(left, right, 2) <= 2 {
        return 2;
    }
    let same_domain = !domain_l.is_empty() && domain_l == domain_r;
    match (jaro_winkler(l, r) >= 0.88, same_domain || jaro_winkler(domain_l, domain_r) >= 0.9) {
        (true, true) => 3,
        (true, false) => 4,
        (false, _) if same_domain => 5,
        (false, _) => 6,
    }
}

/// Digits as a number; `None` when the text is none. Blanks and the signs between thousands are left out.
pub(crate) fn number(text: &str) -> Option<f64> {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect();
    plain.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The level of two numbers: `equal`, `one` when they differ by at most 1 or 1 %, `close` by 5 %, `near` by 20 %, or
/// `other`. Texts that are no numbers are unlike each other.
pub(crate) fn compare_numbers(left: Option<f64>, right: Option<f64>) -> u8 {
    let (Some(l), Some(r)) = (left, right) else { return 4 };
    let (apart, size) = ((l - r).abs(), l.abs().max(r.abs()));
    if apart <= size * 1e-9 {
        0
    } else if (apart <= 1.0 && size >= 5.0) || apart <= size * 0.01 {
        1
    } else if apart <= size * 0.05 {
        2
    } else if apart <= size * 0.2 {
        3
    } else {
        4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_differ_by_slips() {
        for (left, right, expected) in [
            ("5312804", "5312814", 1),
            ("5312804", "531284", 1),
            ("5312804", "5321804", 1),
            ("5312804", "5321840", 2),
            ("5312804", "5312999", 3),
            ("5312804", "9847112", 4),
            ("12", "34", 4),
        ] {
            assert_eq!(compare(left, right), expected, "{left} {right}");
            assert_eq!(compare(right, left), expected, "{right} {left}");
        }
    }

    #[test]
    fn postcodes_agree_from_the_left() {
        for (left, right, expected) in [
            ("TQ13 8DF", "TQ13 8HU", 1),
            ("tq13 8df", "tq13 9df", 2),
            ("TQ13 8DF", "TQ13 9HU", 3),
            ("TQ13 8DF", "TQ14 9HU", 4),
            ("TQ13 8DF", "TQ1 9HU", 4),
            ("TQ13 8DF", "SE1 7SG", 5),
            ("2670", "2671", 1),
            ("2670", "2760", 2),
            ("2670", "2699", 3),
            ("2670", "6299", 5),
        ] {
            let (l, r) = (bare(left), bare(right));
            assert_eq!(compare_postcodes(&l, &r), expected, "{left} {right}");
            assert_eq!(compare_postcodes(&r, &l), expected, "{right} {left}");
        }
    }

    #[test]
    fn addresses_agree_before_or_after_the_sign() {
        for (left, right, expected) in [
            ("Rob.Allen@smith.net", "rob.allen@home.org", 1),
            ("robert255@smith.net", "roberta25@smith.net", 2),
            ("evied56@harris-bailey.net", "evihd56@earris-bailey.net", 2),
            ("robert.allen@smith.net", "robert.b.allen@smith.net", 2),
            ("robert.allen@smith.net", "robertallan22@smith.net", 3),
            ("robert.allen@smith.net", "robertallen@home.org", 4),
            ("robert.allen@smith.net", "kate@smith.net", 5),
            ("robert.allen@smith.net", "kate@home.org", 6),
        ] {
            let (l, r) = (address(left), address(right));
            assert_eq!(compare_addresses(&l, &r), expected, "{left} {right}");
            assert_eq!(compare_addresses(&r, &l), expected, "{right} {left}");
        }
    }

    #[test]
    fn numbers_differ_by_their_size() {
        for (left, right, expected) in [
            ("1,200", "1200.0", 0),
            ("41", "42", 1),
            ("1", "2", 4),
            ("1200", "1210", 1),
            ("1200", "1250", 2),
            ("1200", "1400", 3),
            ("1200", "12000", 4),
            ("1200", "much", 4),
        ] {
            assert_eq!(compare_numbers(number(left), number(right)), expected, "{left} {right}");
            assert_eq!(compare_numbers(number(right), number(left)), expected, "{right} {left}");
        }
    }
}
