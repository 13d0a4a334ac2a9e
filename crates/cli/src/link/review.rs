//! `baoxue link review`: the pairs that a person should look at, as CSV; with `--sample` those that measure the linkage.

use std::io::{ErrorKind, Write};

use baoxue_columnar::Ids;
use baoxue_link::{Asked, Choice, Column, ColumnKind, Pair, Question, ReviewReason, choose};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang};

use super::{
    engine, fault, files, judged,
    kind::{for_review, kinds},
    load::{self, Job},
    progress::Line,
    stakes, untrained,
};

/// Links and writes the list.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let mut line = Line::new(lang, false);
    let mut job = load::job(matches, &load::inputs(matches), &mut line, lang)?;
    let stake = match args::path(matches, "stakes") {
        Some(path) => stakes::read(path, &job.records.ids, &line, lang)?,
        None => Vec::new(),
    };
    let linkage =
        engine::link(&mut job, &mut |p| line.show(p)).map_err(|error| fault::link(&error, lang))?;
    let list = if matches.get_one::<usize>("sample").is_some() {
        let sample = judged::sample(matches, &job, &linkage, lang)?;
        let blind = |asked: &Asked| (asked.left, asked.right, Vec::new());
        List { heads: &[], pairs: sample.asked.iter().map(blind).collect() }
    } else {
        let mut choices = choose(&linkage, &job.constraints, &stake)
            .map_err(|error| fault::link(&error, lang))?;
        in_order(&mut choices, &job.records.ids);
        choices.truncate(matches.get_one::<usize>("limit").copied().unwrap_or(usize::MAX));
        let pair = |choice: &Choice| (choice.left, choice.right, told(choice, lang));
        List { heads: &TOLD, pairs: choices.iter().map(pair).collect() }
    };
    line.end();
    untrained::note(&job.untrained, lang);
    let csv = list.csv(&job);
    match args::path(matches, "out") {
        Some(path) => files::replace(path, lang, |out| Ok(out.write_all(csv.as_bytes())?))?,
        None => match std::io::stdout().lock().write_all(csv.as_bytes()) {
            // Whoever reads has seen enough.
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                return Err(anyhow::Error::from(error).into());
            }
            Ok(()) | Err(_) => {}
        },
    }
    Ok(if list.pairs.is_empty() { Done::Clean } else { Done::NeedsPerson })
}

/// What changes equally much by ids, so that the list does not depend on how the rows came.
fn in_order(choices: &mut [Choice], ids: &Ids) {
    let both = |choice: &Choice| by_id((choice.left, choice.right), ids);
    choices.sort_by(|a, b| {
        let ((a_l, a_r), (b_l, b_r)) = (both(a), both(b));
        b.change.total_cmp(&a.change).then(ids.order(a_l, b_l)).then(ids.order(a_r, b_r))
    });
}

/// The row with the smaller id first.
fn by_id((left, right): (u32, u32), ids: &Ids) -> (u32, u32) {
    if ids.order(left, right).is_gt() { (right, left) } else { (left, right) }
}

/// What stands beside a pair: how sure, why it is asked, and what the answer changes.
const TOLD: [&str; 6] = ["probability", "weight", "reason", "rows", "stake", "change"];

fn told(choice: &Choice, lang: Lang) -> Vec<String> {
    let Choice { left, right, bits, question, n_rows, stake, change, .. } = *choice;
    let probability = Pair { left, right, bits }.probability();
    vec![
        format!("{probability:.4}"),
        format!("{bits:.2}"),
        reason(question, lang).to_owned(),
        n_rows.to_string(),
        format!("{stake}"),
        format!("{change:.3}"),
    ]
}

const fn reason(question: Question, lang: Lang) -> &'static str {
    let (zh, en) = match question {
        Question::Split => {
            ("已归为一人，这一对最不牢", "they are joined, and this is the weakest link")
        }
        Question::Join(ReviewReason::Unsure) => {
            ("证据在两个门槛之间", "the evidence lies between the thresholds")
        }
        Question::Join(ReviewReason::ReviewOnly) => ("只能由人工关联", "only a person may link it"),
        Question::Join(ReviewReason::TwoIdentities) => {
            ("两个有效身份证号", "two different valid numbers")
        }
        Question::Join(ReviewReason::SameSource) => {
            ("同一名单中两行", "two records of one register")
        }
        Question::Join(ReviewReason::WeakBridge) => {
            ("两组之间证据不足", "the groups that it would join are unlike")
        }
    };
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// Pairs of rows with what is told about each.
struct List<'l> {
    heads: &'l [&'l str],
    pairs: Vec<(u32, u32, Vec<String>)>,
}

impl List<'_> {
    /// One line per pair: ids, what is told, and each column side by side. `match` is left for the person, so that the
    /// file comes back as `--decisions` or `--labels`.
    fn csv(&self, job: &Job) -> String {
        let table = &job.records.table;
        let kinds = kinds(table).into_iter().map(|guess| guess.kind);
        let columns: Vec<(&Column, ColumnKind)> = table.columns().iter().zip(kinds).collect();
        let mut head: Vec<String> = ["id_l", "id_r", "match"].map(str::to_owned).to_vec();
        head.extend(self.heads.iter().map(|name| (*name).to_owned()));
        for (column, _) in &columns {
            head.extend([format!("{}_l", column.name()), format!("{}_r", column.name())]);
        }
        // Spreadsheet programs take a file without a mark for the old national encoding.
        let mut csv = format!("\u{feff}{}\r\n", line(&head));
        for (left, right, told) in &self.pairs {
            let ids = &job.records.ids;
            let (left, right) = by_id((*left, *right), ids);
            let id = |row: u32| ids.text(row).into_owned();
            let mut cells = vec![id(left), id(right), String::new()];
            cells.extend(told.iter().cloned());
            for (column, kind) in &columns {
                cells.extend([left, right].map(|row| for_review(*kind, column.text(row))));
            }
            csv.push_str(&line(&cells));
            csv.push_str("\r\n");
        }
        csv
    }
}

fn line(cells: &[String]) -> String {
    cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",")
}

/// A cell that no spreadsheet program takes for a formula. A negative number is none.
pub(super) fn quoted(cell: &str) -> String {
    let is_formula =
        cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
    let cell = if is_formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains([',', '"', '\n', '\r']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_no_formula() {
        let cells = ["=1+1", "-2.5", "-x", "a,b", "say \"x\""].map(quoted);
        assert_eq!(cells, ["'=1+1", "-2.5", "'-x", "\"a,b\"", "\"say \"\"x\"\"\""]);
    }
}
