//! `baoxue link profile`: what each column holds, without giving persons away; with a model what its rules reach.

use std::collections::HashMap;

use baoxue_columnar::{ColumnChoice, Wanted};
use baoxue_link::{Column, ColumnGuess, blocking_recall};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang};

use super::{engine, fault, kind, load, progress::Line, rules, untrained};

/// Values and patterns shown of each column.
const SHOWN: usize = 3;

/// Prints one block for each column.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let is_json = matches.get_flag("json");
    let mut line = Line::new(lang, is_json);
    let wanted = Wanted { id: None, source: None, columns: ColumnChoice::All };
    let records = load::records(&load::inputs(matches), &wanted, &line, lang)?;
    line.end();
    let table = &records.table;
    for (column, guess) in table.columns().iter().zip(kind::kinds(table)) {
        let profile = Profile::of(column, guess);
        if is_json {
            println!("{}", profile.json(column.name()));
        } else {
            profile.print(column.name(), lang);
        }
    }
    if args::text(matches, "model").is_some() {
        drop(records);
        reached(matches, &mut line, lang)?;
    }
    Ok(Done::Clean)
}

/// Links, and prints what each blocking rule reaches and what all of them miss.
fn reached(matches: &ArgMatches, line: &mut Line, lang: Lang) -> Result<(), Failure> {
    let mut job = load::job(matches, &load::inputs(matches), line, lang)?;
    let linkage =
        engine::link(&mut job, &mut |p| line.show(p)).map_err(|error| fault::link(&error, lang))?;
    let recall = blocking_recall(&job.records.table, &job.model, &linkage)
        .map_err(|error| fault::link(&error, lang))?;
    line.end();
    untrained::note(&job.untrained, lang);
    if matches.get_flag("json") {
        println!("{}", serde_json::json!({ "rules": recall }));
    } else {
        println!("{}", lang.pick("分组规则", "Blocking rules"));
        for line in rules::told(&recall, lang) {
            println!("  {line}");
        }
    }
    Ok(())
}

/// What there is to say of a column.
struct Profile {
    taken_for: ColumnGuess,
    n_rows: u64,
    n_filled: u64,
    n_distinct: u64,
    /// The most frequent values, starred out where they tell persons apart.
    frequent: Vec<(String, u64)>,
    /// The most frequent patterns: 9 a digit, A a letter, 汉 a Chinese character.
    patterns: Vec<(String, u64)>,
}

impl Profile {
    fn of(column: &Column, taken_for: ColumnGuess) -> Self {
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
        let kind = taken_for.kind;
        let n = u32::try_from(column.values().len()).unwrap_or(u32::MAX);
        let frequent =
            frequent.into_iter().map(|(text, count)| (kind::masked(kind, &text, n), count));
        let n_rows = u64::from(n);
        Self {
            taken_for,
            n_rows,
            n_filled: n_rows - n_missing,
            n_distinct: column.texts().len() as u64 - 1,
            frequent: frequent.collect(),
            patterns: top(patterns.into_iter().collect()),
        }
    }

    fn json(&self, name: &str) -> serde_json::Value {
        serde_json::json!({
            "column": name, "records": self.n_rows, "filled": self.n_filled, "distinct": self.n_distinct,
            "kind": self.taken_for.kind, "reason": self.taken_for.reason,
            "taken_for": kind::word(&self.taken_for, Lang::En),
            "frequent": self.frequent, "patterns": self.patterns,
        })
    }

    fn print(&self, name: &str, lang: Lang) {
        let kind = kind::word(&self.taken_for, lang);
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
    use baoxue_link::Table;

    use super::*;

    #[test]
    fn patterns_show_shapes_and_no_values() {
        assert_eq!(pattern("2009-12-31"), "9{4}-9{2}-9{2}");
        assert_eq!(pattern("张三A1"), "汉{2}A9");
    }

    #[test]
    fn frequent_values_of_persons_are_starred_out() {
        let table = Column::new("姓名", ["张小莉", "张小莉", "王五", ""]);
        let table = Table::new(vec![table], Vec::new()).unwrap();
        let profile = Profile::of(&table.columns()[0], kind::kinds(&table).remove(0));
        assert_eq!(profile.frequent, [("张**".to_owned(), 2)]);
        assert_eq!((profile.n_filled, profile.n_distinct), (3, 2));
    }
}
