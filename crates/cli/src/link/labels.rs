//! What people have judged: pairs of ids with 1 (the same person) or 0 (not), as `baoxue link review` writes them.

use std::{borrow::Cow, collections::HashMap, path::Path};

use baoxue_columnar::{ColumnChoice, Ids, Wanted};
use baoxue_link::{Constraints, Label};

use crate::{failure::Failure, lang::Lang};

use super::{load, progress::Line};

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
    constraints.add_labels(&answers.labels);
    if let Some(contradiction) = constraints.contradictions().first() {
        let id = |row: u32| ids.text(row).into_owned();
        let said = |(left, right): &(u32, u32)| format!("{} = {}", id(*left), id(*right));
        let chain: Vec<String> = contradiction.chain.iter().map(said).collect();
        let (a, b) = (id(contradiction.apart.0), id(contradiction.apart.1));
        let (path, chain) = (path.display(), chain.join(lang.pick("，", ", ")));
        return Err(Failure::File(lang.pick(
            format!("“{path}”自相矛盾：{chain}，又说 {a} 与 {b} 不是同一人。请改正其中一条。"),
            format!("`{path}` contradicts itself: {chain}, and yet {a} and {b} are said to differ; correct one of them"),
        )));
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
