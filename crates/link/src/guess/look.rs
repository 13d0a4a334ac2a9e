//! What a column's values look like.

use crate::{
    comparator::{code, date::Day, resident_id::Id},
    table::Column,
};

/// So many different texts of a column are looked at, spread over all of them.
const SAMPLE: usize = 2000;

/// A column and its values in shares from 0 to 1 of different texts, unless said otherwise.
pub(crate) struct Look<'t> {
    pub(crate) column: &'t Column,
    /// The name in lower case without anything but letters and digits.
    pub(crate) name: String,
    /// The words of the name.
    pub(crate) words: Vec<String>,
    pub(crate) n_rows: usize,
    pub(crate) n_distinct: usize,
    /// Of rows: with a value.
    pub(crate) present: f64,
    /// Of rows with a value: those whose value no other row has.
    pub(crate) single: f64,
    pub(crate) date: f64,
    pub(crate) resident_id: f64,
    pub(crate) email: f64,
    /// Digits only, perhaps with blanks and dashes between.
    pub(crate) digits: f64,
    /// Has a digit and no more than one blank, no longer than 20 signs.
    pub(crate) code: f64,
    pub(crate) number: f64,
    pub(crate) han: f64,
    pub(crate) list: f64,
    /// Mean number of words.
    pub(crate) n_words: f64,
    /// Median number of signs.
    pub(crate) length: usize,
    pub(crate) phone: f64,
    pub(crate) region_code: f64,
}

impl<'t> Look<'t> {
    pub(crate) fn new(column: &'t Column) -> Self {
        let n_distinct = column.texts().len() - 1;
        let mut counts = vec![0u32; n_distinct + 1];
        column.values().iter().for_each(|value| counts[*value as usize] += 1);
        let n_rows = column.values().len();
        let n_present = n_rows - counts[0] as usize;
        let n_single = counts[1..].iter().filter(|count| **count == 1).count();
        let step = n_distinct.div_ceil(SAMPLE).max(1);
        let texts: Vec<&str> = column.texts().iter().skip(1).step_by(step).collect();
        let share = |is: &dyn Fn(&str) -> bool| {
            ratio(texts.iter().filter(|text| is(text)).count(), texts.len())
        };
        let mut lengths: Vec<usize> = texts.iter().map(|text| text.chars().count()).collect();
        lengths.sort_unstable();
        let n_words: usize = texts.iter().map(|text| text.split_whitespace().count()).sum();
        Self {
            column,
            name: column.name().to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect(),
            words: words(column.name()),
            n_rows,
            n_distinct,
            present: ratio(n_present, n_rows),
            single: ratio(n_single, n_present),
            date: share(&is_date),
            resident_id: share(&|text| Id::parse(text).is_some_and(|id| id.is_likely())),
            email: share(&is_email),
            digits: share(&|text| text.chars().all(|c| c.is_ascii_digit() || " -".contains(c))),
            code: share(&is_code),
            number: share(&|text| code::number(text).is_some()),
            han: share(&|text| text.contains(is_han)),
            list: share(&|text| text.contains([';', '、', '；', ',', '，'])),
            n_words: ratio(n_words, texts.len()),
            length: lengths.get(lengths.len() / 2).copied().unwrap_or_default(),
            phone: share(&is_phone),
            region_code: share(&is_region_code),
        }
    }

    /// Different texts for each row with a value.
    pub(crate) fn variety(&self) -> f64 {
        ratio(self.n_distinct, self.n_rows) / self.present.max(1e-9)
    }
}

/// A part of a whole, 0 of nothing.
pub(crate) fn ratio(part: usize, whole: usize) -> f64 {
    let float = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    float(part) / float(whole.max(1))
}

/// `dateOfBirth` and `date_of_birth` have three words.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        let starts = !c.is_alphanumeric() || (c.is_uppercase() && was_lower);
        if starts {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A day that exists, in a year of people who are in registers, written as a date and not as any number.
fn is_date(text: &str) -> bool {
    text.len() >= 6
        && Day::parse(text).is_some_and(|day| {
            day.any_order().is_some()
                && day.month().is_some()
                && (1000..=2100).contains(&day.year())
        })
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
}

fn is_code(text: &str) -> bool {
    text.len() <= 20
        && text.contains(|c: char| c.is_ascii_digit())
        && text.split_whitespace().count() <= 2
        && text.is_ascii()
}

fn is_han(c: char) -> bool {
    ('\u{3400}'..='\u{9fff}').contains(&c)
}

/// A mobile number of China, or digits as long as a number with a code before it.
fn is_phone(text: &str) -> bool {
    let n_digits = text.chars().filter(char::is_ascii_digit).count();
    let is_mobile = n_digits == 11 && text.starts_with('1');
    let signs = |c: char| c.is_ascii_digit() || " +-()/".contains(c);
    let is_dressed = text.starts_with(['+', '(', '0']) && (9..=15).contains(&n_digits);
    text.chars().all(signs) && (is_mobile || is_dressed)
}

/// 6, 9 or 12 digits that begin with the number of a province.
fn is_region_code(text: &str) -> bool {
    let province = text.get(..2).and_then(|digits| digits.parse::<u32>().ok()).unwrap_or_default();
    matches!(text.len(), 6 | 9 | 12)
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(province, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81 | 82)
}
