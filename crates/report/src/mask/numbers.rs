//! Numbers of persons inside a text, however they are written: full width, in groups, one after the other.

use baoxue_claim::compact;

use super::{masked_id, masked_phone};

/// Blanks or hyphens between two groups of one number; more part two numbers.
const JOINTS: usize = 3;
/// Digits of the longest number that is one: a disability certificate with its last two, and a little more.
const LONGEST: usize = 22;
/// Signs of a resident ID.
const ID: usize = 18;
/// Digits of a resident ID of before 1999: what is as long is masked as one.
const OLD_ID: usize = 15;
/// Digits of the shortest telephone.
const PHONE: usize = 7;

/// Digits that stand together.
struct Group {
    digits: String,
    from: usize,
    to: usize,
}

/// Free text with every identity number and telephone number in it masked: full-width digits, blanks or hyphens between
/// digits and several numbers in a row included. Days and years stay.
///
/// ```
/// assert_eq!(baoxue_report::masked_text("家长电话138 9123 1234，已劝返"), "家长电话138****1234，已劝返");
/// ```
pub fn masked_text(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let groups = run(&chars, at);
        let (Some(first), Some(last)) = (groups.first(), groups.last()) else {
            out.push(chars[at]);
            at += 1;
            continue;
        };
        let (mut done, end) = (first.from, last.to);
        for piece in pieces(&groups) {
            let (from, to) = (piece[0].from, piece[piece.len() - 1].to);
            out.extend(&chars[done..from]);
            out.push_str(&shown(piece, &chars[from..to]));
            done = to;
        }
        at = end;
    }
    out
}

/// The groups of digits that begin at `at` and follow one another with no more between them than one number may have.
fn run(chars: &[char], at: usize) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut from = at;
    loop {
        let digits: String = chars[from..].iter().map_while(|c| digit(*c)).collect();
        if digits.is_empty() {
            return groups;
        }
        let to = from + digits.chars().count();
        groups.push(Group { digits, from, to });
        let joints = chars[to..].iter().take_while(|c| is_joint(**c)).count();
        from = to + joints.min(JOINTS);
        let n: usize = groups.iter().map(|group| group.digits.len()).sum();
        // The last sign of an ID may be X.
        if n >= ID - 1 && chars.get(from).is_some_and(|c| is_x(*c)) {
            groups.push(Group { digits: "X".to_owned(), from, to: from + 1 });
            return groups;
        }
    }
}

/// A run cut where one number ends and another begins: days and years at its beginning, and what is a whole number by
/// itself.
fn pieces(groups: &[Group]) -> Vec<&[Group]> {
    let mut found = Vec::new();
    let mut begin = 0;
    while let Some(n) = days(&groups[begin..]) {
        found.push(&groups[begin..begin + n]);
        begin += n;
    }
    let mut at = begin;
    while at < groups.len() {
        if is_whole(&groups[at].digits) {
            if begin < at {
                found.push(&groups[begin..at]);
            }
            found.push(&groups[at..=at]);
            begin = at + 1;
        }
        at += 1;
    }
    if begin < groups.len() {
        found.push(&groups[begin..]);
    }
    found
}

/// How many groups at the beginning are a day or a year: `2019-08-25`, `20190825`, `201908`, `2019`.
fn days(groups: &[Group]) -> Option<usize> {
    let texts: Vec<&str> = groups.iter().take(3).map(|group| group.digits.as_str()).collect();
    let year = |text: &str| text.len() == 4 && (text.starts_with("19") || text.starts_with("20"));
    match texts.as_slice() {
        [y, m, d] if year(y) && m.len() <= 2 && d.len() <= 2 => Some(3),
        [y, ..] if year(y) || is_day(y) || is_month(y) => Some(1),
        _ => None,
    }
}

/// A mobile number or a resident ID that stands as one group.
fn is_whole(digits: &str) -> bool {
    let mobile = digits.len() == 11 && digits.starts_with('1') && !digits.starts_with("11");
    mobile || digits.len() == ID
}

fn shown(piece: &[Group], as_found: &[char]) -> String {
    let digits: String = piece.iter().map(|group| group.digits.as_str()).collect();
    match digits.len() {
        n if n > LONGEST => parted(&digits),
        OLD_ID.. => masked_id(&digits),
        PHONE.. if !is_date(piece, &digits) => masked_phone(&digits),
        _ => as_found.iter().collect(),
    }
}

/// Numbers that run together: IDs, and what is left.
fn parted(digits: &str) -> String {
    let mut out = String::new();
    let mut rest = digits;
    while rest.len() > LONGEST {
        out.push_str(&masked_id(&rest[..ID]));
        rest = &rest[ID..];
    }
    let mask = if rest.len() >= OLD_ID { masked_id } else { masked_phone };
    out + &mask(rest)
}

fn is_date(piece: &[Group], digits: &str) -> bool {
    days(piece) == Some(piece.len()) && (piece.len() > 1 || is_day(digits))
}

/// Eight digits that are a day of this or the last century are a date, not a telephone.
fn is_day(digits: &str) -> bool {
    digits.len() == 8
        && (digits.starts_with("19") || digits.starts_with("20"))
        && baoxue_claim::read_date(digits).is_some()
}

fn is_month(digits: &str) -> bool {
    digits.len() == 6
        && (digits.starts_with("19") || digits.starts_with("20"))
        && digits[4..].parse().is_ok_and(|month: u8| (1..=12).contains(&month))
}

/// The digit that a character is, in any width.
fn digit(c: char) -> Option<char> {
    if c.is_ascii() {
        return Some(c).filter(char::is_ascii_digit);
    }
    // Most of a text is Chinese and no digit.
    if !c.is_numeric() {
        return None;
    }
    let folded = compact(c.encode_utf8(&mut [0; 4]));
    folded.chars().next().filter(|c| folded.len() == 1 && c.is_ascii_digit())
}

fn is_x(c: char) -> bool {
    matches!(c, 'X' | 'x' | 'Ｘ' | 'ｘ')
}

/// What may stand inside one number: blanks, hyphens and dashes, and what is not seen.
fn is_joint(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '-' | '－' | '﹣' | '−' | '\u{2010}'..='\u{2015}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_free_text_are_masked_and_dates_are_not() {
        for (text, masked) in [
            ("张三 610902200809080018 在家", "张三 610902********0018 在家"),
            ("６１０９０２２００８０９０８００１Ｘ", "610902********001X"),
            ("610902-20080908-001x,联系13891231234", "610902********001X,联系138****1234"),
            ("610902 20130527 0869", "610902********0869"),
            ("610902\u{a0}\u{3000}2013—0527\u{200b}086 x", "610902********086X"),
            ("①③⑧⑨①②③①②③④", "138****1234"),
            ("2019年8月25日，20190825", "2019年8月25日，20190825"),
            (
                "2019-08-25 10:30，2018-2019-1，201908-202001",
                "2019-08-25 10:30，2018-2019-1，201908-202001",
            ),
            ("2019-08-25 13891231234", "2019-08-25 138****1234"),
            ("6.10902E+17", "6.10902E+17"),
            ("三（2）班12人", "三（2）班12人"),
            ("0915-3212345", "0915*****45"),
            ("家长电话3212345", "家长电话32***45"),
        ] {
            assert_eq!(masked_text(text), masked, "{text}");
        }
    }

    #[test]
    fn numbers_in_a_row_are_masked_each_by_itself() {
        for (text, masked) in [
            ("610902200908240018 13891231234", "610902********0018 138****1234"),
            ("13891231234 13891231235", "138****1234 138****1235"),
            ("13891231234\n20190825", "138****1234\n20190825"),
            ("610902200908240018610902201305270869", "610902********0018610902********0869"),
            ("61090220090824001813891231234", "610902********0018138****1234"),
            ("610902200908240018-1", "610902********0018-1"),
        ] {
            assert_eq!(masked_text(text), masked, "{text}");
        }
    }
}
