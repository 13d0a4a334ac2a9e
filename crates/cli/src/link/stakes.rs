//! What hangs on records: a file with the columns `id` and `stake`.

use std::path::Path;

use baoxue_columnar::{ColumnChoice, Ids, Wanted};

use crate::{failure::Failure, lang::Lang};

use super::{labels, load, progress::Line};

/// For each row its stake, in rows; 0 where the file says nothing. Ids that the table lacks are counted on standard error.
pub(super) fn read(path: &Path, ids: &Ids, line: &Line, lang: Lang) -> Result<Vec<f64>, Failure> {
    let wanted = Wanted {
        id: Some("id".to_owned()),
        source: None,
        columns: ColumnChoice::Named(vec!["stake".to_owned()]),
    };
    let found = load::records(&[path.to_owned()], &wanted, line, lang)?;
    let rows = labels::rows(ids);
    let mut stakes = vec![0.0; ids.len()];
    let mut n_unknown = 0_u64;
    for at in 0..found.table.n_rows() {
        let text = found.table.columns().first().map_or("", |column| column.text(at));
        let stake = number(text).ok_or_else(|| bad(path, at, text, lang))?;
        match rows.get(&found.ids.text(at)) {
            Some(row) => stakes[*row as usize] = stake,
            None => n_unknown += 1,
        }
    }
    if n_unknown > 0 {
        eprintln!(
            "{}",
            lang.pick(
                format!("注意：“{}”有 {n_unknown} 个编号不在文件中，没有用到。", path.display()),
                format!(
                    "note: `{}` has {n_unknown} ids that the files do not have; they are not used",
                    path.display()
                ),
            )
        );
    }
    Ok(stakes)
}

/// Nothing is 0; a stake is never negative.
fn number(text: &str) -> Option<f64> {
    if text.is_empty() {
        return Some(0.0);
    }
    text.parse().ok().filter(|stake: &f64| stake.is_finite() && *stake >= 0.0)
}

fn bad(path: &Path, at: u32, text: &str, lang: Lang) -> Failure {
    let (path, record) = (path.display(), at + 1);
    Failure::File(lang.pick(
        format!("“{path}”第 {record} 条记录 stake 列的“{text}”不是 0 以上的数。"),
        format!("`{path}`, record {record}, column `stake`: `{text}` is no number from 0 on"),
    ))
}
