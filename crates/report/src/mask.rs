//! Masks of T-23: what a table shows of an identity number, a telephone, a name and an address unless asked in full.

mod numbers;

pub use numbers::masked_text;

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
