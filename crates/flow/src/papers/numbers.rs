//! Numbers of identity on papers: who may not see them whole sees them covered (T-23).

use std::collections::BTreeMap;

use baoxue_report::masked_id;

/// Whether a whole number of identity stands among the fields of a paper (T-23).
pub fn holds_number(fields: &BTreeMap<String, String>) -> bool {
    fields.values().any(|value| without_numbers(value) != *value)
}

/// The text with the middle of each number of identity covered; telephones of offices stand as they are.
pub fn without_numbers(text: &str) -> String {
    let is_sign = |c: char| c.is_ascii_digit() || matches!(c, 'x' | 'X');
    let mut told = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(is_sign) {
        let (before, from) = rest.split_at(at);
        let end = from.find(|c| !is_sign(c)).unwrap_or(from.len());
        let (run, after) = from.split_at(end);
        told.push_str(before);
        if [15, 18].contains(&run.len()) {
            told.push_str(&masked_id(run));
        } else {
            told.push_str(run);
        }
        rest = after;
    }
    told + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t23_numbers_of_persons_are_covered_and_those_of_offices_are_not() {
        let said =
            "监护人11010519491231002X，电话0915-3232001，文号〔2019〕1号，610902200701011234。";
        let told = without_numbers(said);
        assert!(told.contains("0915-3232001") && told.contains("〔2019〕1号"), "{told}");
        assert!(!told.contains("19491231002X") && !told.contains("20070101"), "{told}");
        assert!(holds_number(&[("a".to_owned(), said.to_owned())].into()));
        assert!(!holds_number(&[("a".to_owned(), told)].into()));
    }
}
