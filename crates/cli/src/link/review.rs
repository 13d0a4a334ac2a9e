//! `baoxue link review`: the pairs that a person should look at, as CSV.

use std::io::{ErrorKind, Write};

use baoxue_link::{Column, Review, ReviewReason};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang};

use super::{
    engine, fault, files,
    kind::Kind,
    load::{self, Job},
    progress::Line,
};

/// Links and writes the list.
pub(super) fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let mut line = Line::new(lang, false);
    let mut job = load::job(matches, &load::inputs(matches), &mut line, lang)?;
    let linkage =
        engine::link(&mut job, &mut |p| line.show(p)).map_err(|error| fault::link(&error, lang))?;
    line.end();
    let limit = matches.get_one::<usize>("limit").copied().unwrap_or(usize::MAX);
    let csv = csv(&job, &linkage.review[..linkage.review.len().min(limit)], lang);
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
    Ok(if linkage.review.is_empty() { Done::Clean } else { Done::NeedsPerson })
}

/// One line per pair: ids, evidence, why, and each column side by side. `match` is left for the person, so that the file
/// comes back as `--labels`.
fn csv(job: &Job, pairs: &[Review], lang: Lang) -> String {
    let columns: Vec<(&Column, Kind)> =
        job.records.table.columns().iter().map(|column| (column, Kind::of(column))).collect();
    let mut head: Vec<String> =
        ["id_l", "id_r", "match", "probability", "weight", "reason"].map(str::to_owned).to_vec();
    for (column, _) in &columns {
        head.extend([format!("{}_l", column.name()), format!("{}_r", column.name())]);
    }
    // Spreadsheet programs take a file without a mark for the old national encoding.
    let mut csv = format!("\u{feff}{}\r\n", line(&head));
    for pair in pairs {
        let ids = &job.records.ids;
        let mut cells = vec![
            ids.text(pair.left).into_owned(),
            ids.text(pair.right).into_owned(),
            String::new(),
            format!("{:.4}", pair.probability),
            format!("{:.2}", pair.bits),
            reason(pair.reason, lang).to_owned(),
        ];
        for (column, kind) in &columns {
            cells.extend([pair.left, pair.right].map(|row| kind.for_review(column.text(row))));
        }
        csv.push_str(&line(&cells));
        csv.push_str("\r\n");
    }
    csv
}

const fn reason(reason: ReviewReason, lang: Lang) -> &'static str {
    let (zh, en) = match reason {
        ReviewReason::Unsure => ("证据在两个门槛之间", "the evidence lies between the thresholds"),
        ReviewReason::ReviewOnly => ("只能由人工关联", "only a person may link it"),
        ReviewReason::TwoIdentities => ("两个有效身份证号", "two different valid numbers"),
        ReviewReason::SameSource => ("同一名单中两行", "two records of one register"),
        ReviewReason::WeakBridge => {
            ("两组之间证据不足", "the groups that it would join are unlike")
        }
    };
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

fn line(cells: &[String]) -> String {
    cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(",")
}

/// A cell that no spreadsheet program takes for a formula. A negative number is none.
fn quoted(cell: &str) -> String {
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
