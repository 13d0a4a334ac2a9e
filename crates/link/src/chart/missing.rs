//! How much of each column is filled.

use super::{
    Lang, field_word,
    svg::{Bar, Fill, Svg, TOP, bars, count, float, rows},
};

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// Its name.
    pub column: String,
    /// Rows with a value.
    pub n_filled: u64,
    /// All rows.
    pub n_rows: u64,
}

/// Missingness: the bar is what is filled, the number what is missing.
pub fn missing(columns: &[Filled], lang: Lang) -> String {
    let share = |column: &Filled| float(column.n_filled) / float(column.n_rows.max(1));
    let worst = columns.iter().min_by(|a, b| share(a).total_cmp(&share(b)));
    let title = lang.pick("各列的填写率", "How much of each column is filled");
    let describes = worst.map_or_else(String::new, |column| {
        let (name, percent) = (field_word(&column.column, lang), share(column) * 100.0);
        lang.pick(
            format!("填得最少的是“{name}”，{percent:.1} %。"),
            format!("`{name}` is filled least, {percent:.1} %."),
        )
    });
    let mut svg = Svg::new("missing", TOP + rows(columns.len()) + 8.0, title, &describes);
    let bar = |column: &Filled| {
        let (percent, missing) =
            (share(column) * 100.0, count(column.n_rows.saturating_sub(column.n_filled)));
        Bar {
            label: field_word(&column.column, lang).to_owned(),
            share: share(column),
            value: lang.pick(
                format!("{percent:.1} %，缺 {missing}"),
                format!("{percent:.1} %, {missing} missing"),
            ),
            fill: Fill::For,
        }
    };
    bars(&mut svg, &columns.iter().map(bar).collect::<Vec<_>>());
    svg.finish()
}
