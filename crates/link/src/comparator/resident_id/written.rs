//! Resident IDs as lists write them, and the one form in which they are compared.

use std::borrow::Cow;

use super::{check_sign, is_valid};
use crate::comparator::name::is_unknown;

/// No number is written with more signs than this.
const LONGEST: usize = 24;

/// So many digits of a number survive in a spreadsheet.
const KEPT_DIGITS: usize = 15;

/// The form in which a number is compared: 18 signs of digits, `?` for what is unknown, and at the end perhaps `X`.
/// Width, blanks, hyphens, apostrophes and lower case are dress; `*` and `x` before the end hide a digit; 15 digits are
/// completed; what a spreadsheet has rounded is unknown. A text that is no number stays as it is.
pub(crate) fn folded(text: &str) -> Cow<'_, str> {
    if is_folded(text) {
        return Cow::Borrowed(text);
    }
    let number = signs(text).and_then(|signs| number(&signs));
    number.map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Whether a text is in this form already.
fn is_folded(text: &str) -> bool {
    let Ok(signs) = <&[u8; 18]>::try_from(text.as_bytes()) else { return false };
    let (last, before) = (signs[17], &signs[..17]);
    before.iter().all(|sign| sign.is_ascii_digit() || *sign == b'?')
        && (last.is_ascii_digit() || last == b'?' || last == b'X')
        && !has_lost_tail(signs)
}

/// Stored as a number and shown in full: a spreadsheet keeps 15 digits and writes zeros for the rest. By luck one in
/// eleven of such numbers passes the check; it cannot be told from a true one.
fn has_lost_tail(signs: &[u8; 18]) -> bool {
    signs.ends_with(b"000") && !signs.contains(&b'?') && !is_valid(signs)
}

/// The signs that count, in ASCII; `None` when the text has one that no number has. `*` is an asterisk, `?` another sign
/// for what is unknown.
fn signs(text: &str) -> Option<Vec<u8>> {
    let mut signs = Vec::with_capacity(LONGEST);
    for c in text.chars() {
        let sign = match c {
            '0'..='9' | '.' | '+' => u8::try_from(c).ok()?,
            '０'..='９' => b'0' + u8::try_from(u32::from(c) - u32::from('０')).ok()?,
            'x' | 'X' | 'ｘ' | 'Ｘ' | '×' => b'X',
            'e' | 'E' => b'E',
            '*' | '＊' => b'*',
            '#' | '＃' | '●' | '•' | '_' => b'?',
            c if is_unknown(c) => b'?',
            c if is_dress(c) => continue,
            _ => return None,
        };
        if signs.len() == LONGEST {
            return None;
        }
        signs.push(sign);
    }
    Some(signs)
}

fn is_dress(c: char) -> bool {
    let is_mark = matches!(
        c,
        '-' | '－' | '‐'
            ..='—' | '\'' | '‘' | '’' | '＇' | '`' | '"' | '“' | '”' | '=' | ',' | '，'
    );
    is_mark || c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

fn number(signs: &[u8]) -> Option<String> {
    if let Some(at) = signs.iter().position(|sign| *sign == b'E') {
        return rounded(&signs[..at], &signs[at + 1..]);
    }
    if let Some(at) = signs.iter().position(|sign| *sign == b'.') {
        let is_zero = signs[at + 1..].iter().all(|sign| *sign == b'0');
        let digits: &[u8; 18] = signs[..at].try_into().ok().filter(|_| is_zero)?;
        return padded(&digits[..KEPT_DIGITS]);
    }
    match signs.len() {
        15 => completed(signs),
        18 => whole(signs.try_into().ok()?),
        _ => None,
    }
}

/// Scientific notation. With fewer digits than a spreadsheet keeps, the last was rounded.
fn rounded(mantissa: &[u8], exponent: &[u8]) -> Option<String> {
    let exponent = exponent.strip_prefix(b"+").unwrap_or(exponent);
    let (first, rest) = mantissa.split_first()?;
    let rest = rest.strip_prefix(b".").unwrap_or(rest);
    let digits: Vec<u8> = std::iter::once(first).chain(rest).copied().collect();
    match exponent {
        b"17" if digits.len() < KEPT_DIGITS => padded(&digits[..digits.len() - 1]),
        b"17" => padded(&digits[..KEPT_DIGITS]),
        b"14" if digits.len() == 15 => completed(&digits),
        _ => None,
    }
}

/// The first digits of a number whose others are unknown.
fn padded(digits: &[u8]) -> Option<String> {
    let text =
        digits.iter().all(u8::is_ascii_digit).then(|| std::str::from_utf8(digits).ok())??;
    Some(format!("{text:?<18}"))
}

/// A number of before 1999: the year without its century, and no check character.
fn completed(digits: &[u8]) -> Option<String> {
    let text =
        digits.iter().all(u8::is_ascii_digit).then(|| std::str::from_utf8(digits).ok())??;
    let is_day = ("01".."13").contains(&&text[8..10]) && ("01".."32").contains(&&text[10..12]);
    let first = format!("{}19{}", &text[..6], &text[6..]);
    is_day.then(|| format!("{first}{}", char::from(check_sign(first.as_bytes()))))
}

/// 18 signs, some of them perhaps hidden.
fn whole(mut signs: [u8; 18]) -> Option<String> {
    // An asterisk alone at the end stands for the X that somebody could not write, if the X fits.
    let stands_for_x = signs[..17].iter().all(u8::is_ascii_digit)
        && signs[17] == b'*'
        && check_sign(&signs) == b'X';
    if stands_for_x {
        signs[17] = b'X';
    }
    if signs[16] == b'X' && signs[17] == b'X' {
        signs[17] = b'?'; // the end of a row of x, each of which hides a digit
    }
    for (at, sign) in signs.iter_mut().enumerate() {
        if *sign == b'*' || (*sign == b'X' && at < 17) {
            *sign = b'?';
        }
    }
    if has_lost_tail(&signs) {
        signs[KEPT_DIGITS..].fill(b'?');
    }
    let text = std::str::from_utf8(&signs).ok()?;
    is_folded(text).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_they_are_written() {
        let table = [
            ("11010519491231002X", "11010519491231002X"),
            ("11010519491231002x", "11010519491231002X"),
            ("１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X"),
            ("'110105 19491231 002x", "11010519491231002X"),
            ("\u{feff}110105-19491231-002X\u{3000}", "11010519491231002X"),
            ("=\"11010519491231002X\"", "11010519491231002X"),
            ("11010519491231002×", "11010519491231002X"),
            // The X that somebody could not write, and a check that is another.
            ("11010519491231002*", "11010519491231002X"),
            ("11010520091231002*", "11010520091231002?"),
            // Hidden digits.
            ("110105********0028", "110105????????0028"),
            ("110105＊＊＊＊＊＊＊＊002x", "110105????????002X"),
            ("110105xxxxxxxx0028", "110105????????0028"),
            ("110105XXXXXXXX002X", "110105????????002X"),
            ("110105xxxxxxxxxxxx", "110105????????????"),
            ("110105●●●●●●●●0028", "110105????????0028"),
            // Of before 1999.
            ("110105491231002", "11010519491231002X"),
            ("1.10105491231002E+14", "11010519491231002X"),
            // Lost precision.
            ("110105200912310000", "110105200912310???"),
            ("110105200912310000.0", "110105200912310???"),
            ("1.10105200912310E+17", "110105200912310???"),
            ("1.10105200912310028e17", "110105200912310???"),
            ("1.10105E+17", "11010?????????????"),
            ("1E+17", "??????????????????"),
        ];
        for (written, expected) in table {
            assert_eq!(folded(written), expected, "{written}");
            assert_eq!(folded(expected), expected, "what is folded stays");
        }
    }

    #[test]
    fn what_is_no_number_stays_as_it_is() {
        for text in [
            "",
            "出生证明A12345678",
            "110105********028",
            "110105491331002",
            "1.5E+3",
            "X1010519491231002X1",
            "1101051949.1231002",
            "+11010519491231002",
            "1234567890123456789012345",
        ] {
            assert_eq!(folded(text), text);
        }
    }

    #[test]
    fn zeros_that_the_check_bears_out_are_digits() {
        let first = "11010520091231";
        let whole: Vec<String> = (0..10).map(|n| format!("{first}{n}000")).collect();
        let kept = whole.iter().filter(|text| folded(text) == text.as_str());
        assert_eq!(kept.count(), 1, "one check character of eleven is zero");
    }
}
