//! Masks of T-23: what a table shows of an identity number, a telephone, a name and an address unless asked in full.

use baoxue_claim::{Private, compact};

use crate::{Address, Head, Masking};

/// Words at whose end a masked address stops, the smallest unit first.
const UNITS: [&str; 8] = ["村", "社区", "居委会", "办事处", "街道", "街办", "镇", "乡"];

/// The first six and the last four characters of an identity number or student number, the rest hidden:
/// `610902********0018`, `G610902********0018`. A shorter text keeps its first two and last two; digits that nobody
/// knows stay `?` where they are shown.
///
/// ```
/// assert_eq!(baoxue_report::masked_id("610902200809080018"), "610902********0018");
/// assert_eq!(baoxue_report::masked_id("G610902200809080018"), "G610902********0018");
/// assert_eq!(baoxue_report::masked_id("610902080908001"), "610902*****8001");
/// ```
pub fn masked_id(id: &str) -> String {
    let chars: Vec<char> = compact(id).chars().collect();
    let letter = usize::from(chars.first().is_some_and(char::is_ascii_alphabetic));
    match chars.len() - letter {
        15.. => hide(&chars, letter + 6, 4),
        8.. => hide(&chars, letter + 2, 2),
        _ => hide(&chars, 0, 0),
    }
}

/// The first three and last four digits of a mobile number, the area code and last two digits of a fixed line, less of
/// anything shorter.
///
/// ```
/// assert_eq!(baoxue_report::masked_phone("13891231234"), "138****1234");
/// assert_eq!(baoxue_report::masked_phone("0915-3212345"), "0915******45");
/// ```
pub fn masked_phone(phone: &str) -> String {
    let chars: Vec<char> = compact(phone).chars().collect();
    if chars.first() == Some(&'0') {
        return hide(&chars, if chars.len() > 8 { 4 } else { 0 }, 2);
    }
    match chars.len() {
        11.. => hide(&chars, 3, 4),
        7.. => hide(&chars, 2, 2),
        _ => hide(&chars, 0, 0),
    }
}

/// The first character of a name, the rest hidden; of a name of one character nothing.
///
/// ```
/// assert_eq!(baoxue_report::masked_name("张三丰"), "张**");
/// assert_eq!(baoxue_report::masked_name("买买提·艾力"), "买*****");
/// ```
pub fn masked_name(name: &str) -> String {
    let chars: Vec<char> = name.trim().chars().collect();
    hide(&chars, usize::from(chars.len() > 1), 0)
}

/// An address cut after the village or community, else after the town; `***` when none is named.
///
/// ```
/// assert_eq!(baoxue_report::masked_address("某县大河镇铁沟村五组12号"), "某县大河镇铁沟村");
/// assert_eq!(baoxue_report::masked_address("铁沟5组"), "***");
/// ```
pub fn masked_address(text: &str) -> String {
    let text = compact(text);
    let end = UNITS
        .iter()
        .find_map(|unit| text.find(unit).filter(|at| *at > 0).map(|at| at + unit.len()));
    end.map_or_else(
        || if text.is_empty() { String::new() } else { "***".into() },
        |end| text[..end].into(),
    )
}

/// Free text with every identity number and telephone number in it masked, full-width digits and blanks or hyphens
/// between digits included.
///
/// ```
/// assert_eq!(baoxue_report::masked_text("家长电话138 9123 1234，已劝返"), "家长电话138****1234，已劝返");
/// ```
pub fn masked_text(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let end = number_end(&chars, at);
        let folded = compact(&chars[at..end].iter().collect::<String>()).replace('-', "");
        match folded.len() {
            0 => {
                out.push(chars[at]);
                at += 1;
                continue;
            }
            15.. => out.push_str(&masked_id(&folded)),
            7.. if !is_date(&folded) => out.push_str(&masked_phone(&folded)),
            _ => out.extend(&chars[at..end]),
        }
        at = end;
    }
    out
}

/// The end of the run of digits that begins at `at`, single blanks and hyphens inside it included; `at` when there is none.
fn number_end(chars: &[char], at: usize) -> usize {
    let digit = |i: usize| chars.get(i).is_some_and(|c| is_digit(*c));
    if !digit(at) {
        return at;
    }
    let mut end = at + 1;
    loop {
        let joint = chars.get(end).is_some_and(|c| matches!(c, ' ' | '-' | '－' | '\u{3000}'));
        if digit(end) {
            end += 1;
        } else if joint && digit(end + 1) {
            end += 2;
        } else if matches!(chars.get(end), Some('X' | 'x' | 'Ｘ' | 'ｘ')) && end - at >= 17 {
            return end + 1;
        } else {
            return end;
        }
    }
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// Eight digits that are a day of this or the last century are a date, not a telephone.
fn is_date(digits: &str) -> bool {
    digits.len() == 8
        && (digits.starts_with("19") || digits.starts_with("20"))
        && baoxue_claim::read_date(digits).is_some()
}

fn hide(chars: &[char], first: usize, last: usize) -> String {
    let n = chars.len();
    let last = last.min(n);
    chars
        .iter()
        .enumerate()
        .map(|(at, c)| if at < first || at + last >= n { *c } else { '*' })
        .collect()
}

impl Head {
    /// Whether personal numbers print in full.
    fn in_full(&self) -> bool {
        match self.masking {
            Masking::Masked => false,
            Masking::Full { .. } => true,
        }
    }

    /// An identity or student number as this table shows it.
    pub(crate) fn shown_id(&self, id: Option<&Private>) -> Option<String> {
        self.shown(id, masked_id)
    }

    /// A telephone as this table shows it.
    pub(crate) fn shown_phone(&self, phone: Option<&Private>) -> Option<String> {
        self.shown(phone, masked_phone)
    }

    /// An adult's name as this table shows it.
    pub(crate) fn shown_adult(&self, name: Option<&Private>) -> Option<String> {
        self.shown(name, masked_name)
    }

    /// An address as this table shows it: masked it is town and village, in full the text as found.
    pub(crate) fn shown_address(&self, address: &Address) -> Option<String> {
        let parts = crate::cell::join([address.town.clone(), address.village.clone()], "");
        let text = address.text.as_ref().map(Private::expose).filter(|text| !text.is_empty());
        match (self.in_full(), text) {
            (true, Some(text)) => Some(text.to_owned()),
            (false, Some(text)) if address.village.is_none() => Some(masked_address(text)),
            (_, _) => Some(parts).filter(|parts| !parts.is_empty()),
        }
    }

    fn shown(&self, value: Option<&Private>, mask: fn(&str) -> String) -> Option<String> {
        let text = value.map(Private::expose).filter(|text| !text.is_empty())?;
        Some(if self.in_full() { text.to_owned() } else { mask(text) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_free_text_are_masked_and_dates_are_not() {
        for (text, masked) in [
            ("张三 610902200809080018 在家", "张三 610902********0018 在家"),
            ("６１０９０２２００８０９０８００１Ｘ", "610902********001X"),
            ("610902-20080908-001x,联系13891231234", "610902********001x,联系138****1234"),
            ("2019年8月25日，20190825", "2019年8月25日，20190825"),
            ("6.10902E+17", "6.10902E+17"),
            ("三（2）班12人", "三（2）班12人"),
            ("0915-3212345", "0915*****45"),
            ("家长电话3212345", "家长电话32***45"),
        ] {
            assert_eq!(masked_text(text), masked, "{text}");
        }
    }

    #[test]
    fn short_and_empty_values_do_not_slip_through() {
        assert_eq!(masked_id(""), "");
        assert_eq!(masked_id("12345678"), "12****78");
        assert_eq!(masked_id("1234567"), "*******");
        assert_eq!(masked_phone("3212345"), "32***45");
        assert_eq!(masked_phone("123"), "***");
        assert_eq!(masked_name("张"), "*");
        assert_eq!(masked_name(""), "");
        assert_eq!(masked_address(""), "");
    }
}
