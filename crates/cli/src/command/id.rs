//! `baoxue id`: checks resident IDs and suggests corrections.

use baoxue_claim::{Doubt, IdForm, IdMention, Sex, suggest_correction};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang};

/// Checks each number.
pub(crate) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let birth = matches.get_one::<chrono::NaiveDate>("birth").copied();
    let sex = args::text(matches, "sex")
        .map(|text| Sex::read(text).ok_or_else(|| Failure::usage("--sex 男|女")))
        .transpose()?;
    let areas: Vec<&str> =
        matches.get_many::<String>("area").into_iter().flatten().map(String::as_str).collect();
    let mut all_valid = true;
    for number in matches.get_many::<String>("number").into_iter().flatten() {
        let checked = check(number, birth, sex, &areas);
        all_valid &= checked.doubts.is_empty();
        if matches.get_flag("json") {
            println!("{}", checked.json(number));
        } else {
            println!("{}", checked.text(number, lang));
        }
    }
    Ok(if all_valid { Done::Clean } else { Done::NeedsPerson })
}

/// What there is to say of a number.
struct Checked {
    /// The verified number.
    valid: Option<String>,
    /// What is doubtful.
    doubts: Vec<Doubt>,
    /// Numbers that it may have been.
    suggestions: Vec<String>,
}

fn check(
    number: &str,
    birth: Option<chrono::NaiveDate>,
    sex: Option<Sex>,
    areas: &[&str],
) -> Checked {
    let Some((mention, mut doubts)) = IdMention::read(number) else {
        return Checked { valid: None, doubts: vec![Doubt::IdLength], suggestions: Vec::new() };
    };
    match &mention.form {
        IdForm::Valid(id) => {
            if birth.is_some_and(|birth| birth != id.birth()) {
                doubts.push(Doubt::IdBirthMismatch);
            }
            if sex.is_some_and(|sex| sex != id.sex()) {
                doubts.push(Doubt::IdSexMismatch);
            }
            Checked { valid: Some(id.expose().to_owned()), doubts, suggestions: Vec::new() }
        }
        IdForm::Partial(digits) => {
            let suggestions = suggest_correction(digits.expose(), birth, sex)
                .into_iter()
                .filter(|id| areas.is_empty() || areas.contains(&id.area()))
                .map(|id| id.expose().to_owned())
                .collect();
            Checked { valid: None, doubts, suggestions }
        }
        IdForm::Other => Checked { valid: None, doubts, suggestions: Vec::new() },
    }
}

impl Checked {
    fn json(&self, number: &str) -> serde_json::Value {
        serde_json::json!({
            "number": number,
            "valid": self.valid,
            "doubts": self.doubts,
            "suggestions": self.suggestions,
        })
    }

    fn text(&self, number: &str, lang: Lang) -> String {
        let verdict = self.valid.as_ref().filter(|_| self.doubts.is_empty()).map(|id| {
            if id == number {
                lang.pick("有效", "valid").to_owned()
            } else {
                lang.pick(format!("有效，规范写法 {id}"), format!("valid, properly {id}"))
            }
        });
        let doubts = self.doubts.iter().map(|d| lang.pick(d.zh(), d.en()).to_owned());
        let n = self.suggestions.len();
        let suggestion = match self.suggestions.as_slice() {
            [] => None,
            [one] => Some(lang.pick(format!("可能是 {one}"), format!("perhaps {one}"))),
            [..] => Some(lang.pick(
                format!("有 {n} 种可能的改法，加上 --birth、--sex、--area 可缩小范围"),
                format!("{n} corrections are possible, narrow them with --birth, --sex, --area"),
            )),
        };
        let parts =
            std::iter::once(number.to_owned()).chain(verdict).chain(doubts).chain(suggestion);
        parts.collect::<Vec<_>>().join("  ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_wrong_digit_of_the_birth_date_has_one_suggestion() {
        let birth = chrono::NaiveDate::from_ymd_opt(1949, 12, 31);
        let checked = check("11010519491131002X", birth, None, &["110105"]);
        assert_eq!(checked.suggestions, ["11010519491231002X"]);
    }

    #[test]
    fn a_valid_number_with_another_birth_date_is_no_typo() {
        let birth = chrono::NaiveDate::from_ymd_opt(1949, 12, 30);
        let checked = check("11010519491231002X", birth, None, &[]);
        assert_eq!(checked.doubts, [Doubt::IdBirthMismatch]);
        assert!(checked.suggestions.is_empty());
    }
}
