//! `baoxue link profile`: what each column holds, without giving persons away.

use std::collections::HashMap;

use baoxue_columnar::{ColumnChoice, Wanted};
use baoxue_link::Column;
use clap::ArgMatches;

use crate::{Done, failure::Failure, lang::Lang};

use super::{kind::Kind, load, progress::Line};

/// Values and patterns shown of each column.
const SHOWN: usize = 3;

/// Prints one block for each column.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let is_json = matches.get_flag("json");
    let line = Line::new(lang, is_json);
    let wanted = Wanted { id: None, source: None, columns: ColumnChoice::All };
    let records = load::records(&load::inputs(matches), &wanted, &line, lang)?;
    line.end();
    for column in records.table.columns() {
        let profile = Profile::of(column);
        if is_json {
            println!("{}", profile.json(column.name()));
        } else {
            profile.print(column.name(), lang);
        }
    }
    Ok(Done::Clean)
}

/// What there is to say of a column.
struct Profile {
    kind: Kind,
    n_rows: u64,
    n_filled: u64,
    n_distinct: u64,
    /// The most frequent values, starred out where they tell persons apart.
    frequent: Vec<(String, u64)>,
    /// The most frequent patterns: 9 a digit, A a letter, 汉 a Chinese character.
    patterns: Vec<(String, u64)>,
}

impl Profile {
    fn of(column: &Column) -> Self {
        let kind = Kind::of(column);
        let mut counts = vec![0_u64; column.texts().len()];
        for value in column.values() {
            counts[*value as usize] += 1;
        }
        let n_missing = counts[0];
        counts[0] = 0;
        let mut patterns: HashMap<String, u64> = HashMap::new();
        for (text, n) in column.texts().iter().zip(&counts).skip(1) {
            *patterns.entry(pattern(text)).or_default() += n;
        }
        let texts = column.texts().iter().zip(counts).skip(1).filter(|(_, n)| *n > 1);
        let frequent = top(texts.map(|(text, n)| (text.to_owned(), n)).collect());
        let frequent = frequent.into_iter().map(|(text, n)| (kind.masked(&text), n)).collect();
        let n_rows = column.values().len() as u64;
        Self {
            kind,
            n_rows,
            n_filled: n_rows - n_missing,
            n_distinct: column.texts().len() as u64 - 1,
            frequent,
            patterns: top(patterns.into_iter().collect()),
        }
    }

    fn json(&self, name: &str) -> serde_json::Value {
        serde_json::json!({
            "column": name, "records": self.n_rows, "filled": self.n_filled, "distinct": self.n_distinct,
            "kind": self.kind.word(Lang::En), "comparator": self.kind.comparator(),
            "frequent": self.frequent, "patterns": self.patterns,
        })
    }

    fn print(&self, name: &str, lang: Lang) {
        let kind = self.kind.word(lang);
        println!("{name}  [{kind}]");
        let tenths = self.n_filled * 1000 / self.n_rows.max(1);
        let (whole, tenth) = (tenths / 10, tenths % 10);
        println!(
            "  {}",
            lang.pick(
                format!("已填 {}（{whole}.{tenth} %），不同值 {}", self.n_filled, self.n_distinct),
                format!(
                    "{} filled ({whole}.{tenth} %), {} distinct",
                    self.n_filled, self.n_distinct
                ),
            )
        );
        let list = |of: &[(String, u64)]| {
            of.iter().map(|(text, n)| format!("{text} ×{n}")).collect::<Vec<_>>().join("  ")
        };
        if !self.frequent.is_empty() {
            println!("  {}{}", lang.pick("最多：", "most frequent: "), list(&self.frequent));
        }
        if !self.patterns.is_empty() {
            println!("  {}{}", lang.pick("格式：", "patterns: "), list(&self.patterns));
        }
    }
}

/// The most frequent, by text when equally frequent.
fn top(mut counted: Vec<(String, u64)>) -> Vec<(String, u64)> {
    counted.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counted.truncate(SHOWN);
    counted
}

/// The shape of a text, runs of one kind as one sign with their length.
fn pattern(text: &str) -> String {
    let sign = |c: char| match c {
        c if c.is_ascii_digit() => '9',
        c if c.is_ascii_alphabetic() => 'A',
        c if ('\u{3400}'..='\u{9fff}').contains(&c) || c > '\u{ffff}' => '汉',
        c if c.is_alphanumeric() => 'A',
        other => other,
    };
    let mut runs: Vec<(char, usize)> = Vec::new();
    for c in text.chars().take(60).map(sign) {
        match runs.last_mut() {
            Some((last, n)) if *last == c => *n += 1,
            Some(_) | None => runs.push((c, 1)),
        }
    }
    let run = |(sign, n): (char, usize)| match n {
        1 => sign.to_string(),
        n => format!("{sign}{{{n}}}"),
    };
    runs.into_iter().map(run).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_show_shapes_and_no_values() {
        assert_eq!(pattern("2009-12-31"), "9{4}-9{2}-9{2}");
        assert_eq!(pattern("张三A1"), "汉{2}A9");
    }

    #[test]
    fn frequent_values_of_persons_are_starred_out() {
        let profile = Profile::of(&Column::new("姓名", ["张小莉", "张小莉", "王五", ""]));
        assert_eq!(profile.frequent, [("张**".to_owned(), 2)]);
        assert_eq!((profile.n_filled, profile.n_distinct), (3, 2));
    }
}
