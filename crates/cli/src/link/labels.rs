//! What people have judged: pairs of ids with 1 (the same person) or 0 (not), as `baoxue link review` writes them.

use std::{borrow::Cow, collections::HashMap, path::Path};

use baoxue_columnar::{ColumnChoice, Ids, Wanted};
use baoxue_link::{Constraints, Label, say};

use crate::{failure::Failure, lang::Lang};

use super::{evaluate, load, page::words, progress::Line};

/// Answers about the rows of a table.
pub(super) struct Labels {
    pub(super) labels: Vec<Label>,
    /// Answers about ids that the table does not have.
    pub(super) n_unknown: u64,
}

/// The row of each id.
pub(super) fn rows(ids: &Ids) -> HashMap<Cow<'_, str>, u32> {
    (0..u32::try_from(ids.len()).unwrap_or(u32::MAX)).map(|row| (ids.text(row), row)).collect()
}

/// Reads a file with the columns `id_l`, `id_r` and `match`. A pair without an answer is left out.
pub(super) fn read(path: &Path, ids: &Ids, line: &Line, lang: Lang) -> Result<Labels, Failure> {
    let columns = ["id_l", "id_r", "match"].map(str::to_owned).to_vec();
    let wanted = Wanted { id: None, source: None, columns: ColumnChoice::Named(columns) };
    let found = load::records(&[path.to_owned()], &wanted, line, lang)?;
    let rows = rows(ids);
    let mut answers = Labels { labels: Vec::new(), n_unknown: 0 };
    for at in 0..found.table.n_rows() {
        let text = |column: &str| found.table.column(column).map_or("", |column| column.text(at));
        if text("match").is_empty() {
            continue;
        }
        let (Some(left), Some(right)) = (rows.get(text("id_l")), rows.get(text("id_r"))) else {
            answers.n_unknown += 1;
            continue;
        };
        let is_same = verdict(text("match")).ok_or_else(|| bad(path, at, text("match"), lang))?;
        if left == right {
            return Err(itself(path, at, text("id_l"), lang));
        }
        answers.labels.push(Label { left: *left.min(right), right: *left.max(right), is_same });
    }
    Ok(answers)
}

/// Adds the rulings of a file, which linking obeys and training learns from.
///
/// Rulings that contradict each other are refused with the chain that shows it.
pub(super) fn rule(
    path: &Path,
    (constraints, ids): (&mut Constraints, &Ids),
    line: &Line,
    lang: Lang,
) -> Result<(), Failure> {
    let answers = read(path, ids, line, lang)?;
    if let Some(note) = evaluate::unknown(answers.n_unknown, lang) {
        eprintln!("{}{note}", lang.pick("注意：", "note: "));
    }
    constraints.add_labels(&answers.labels);
    if let Some(found) = constraints.contradictions().first() {
        let names =
            say::Names { row: &|row| ids.text(row).into_owned(), source: &|_| String::new() };
        let said = say::contradiction(found, &names, words(lang));
        return Err(Failure::File(format!("{}: {said}", path.display())));
    }
    Ok(())
}

fn verdict(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "1" | "1.0" | "true" | "yes" | "是" | "same" => Some(true),
        "0" | "0.0" | "false" | "no" | "否" | "different" => Some(false),
        _ => None,
    }
}

fn bad(path: &Path, at: u32, text: &str, lang: Lang) -> Failure {
    let (path, record) = (path.display(), at + 1);
    Failure::File(lang.pick(
        format!("“{path}”第 {record} 条记录 match 列的“{text}”不是 1（是）或 0（不是）。"),
        format!("`{path}`, record {record}, column `match`: `{text}` is neither 1 nor 0"),
    ))
}

fn itself(path: &Path, at: u32, id: &str, lang: Lang) -> Failure {
    let (path, record) = (path.display(), at + 1);
    Failure::File(lang.pick(
        format!(
            "“{path}”第 {record} 条记录的 id_l 和 id_r 是同一个编号“{id}”；请写两个不同的编号。"
        ),
        format!("`{path}`, record {record}: id_l and id_r are the same id `{id}`; give two"),
    ))
}
