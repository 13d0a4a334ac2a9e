//! Tables of figures whose headings are known only when the rows are: what officials and departments owe, the order of
//! towns. Each row has words that say whose it is, then numbers.

use crate::{
    Head, ReportError, Workbook,
    cell::Cell,
    sheet::{Book, Field, Page},
};

/// A table of figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureTable {
    /// Form code and version, such as `BX-16 v1`.
    pub form: &'static str,
    /// What it is called, without the county.
    pub title: String,
    /// What a row is, such as `个责任岗位`, in both languages.
    pub unit: (&'static str, &'static str),
    /// Headings of the words.
    pub words: Vec<String>,
    /// Headings of the numbers.
    pub numbers: Vec<String>,
    /// The rows.
    pub rows: Vec<FigureRow>,
    /// The row of sums under them.
    pub totals: Option<FigureRow>,
    /// What must be known to read it, one row each.
    pub notes: Vec<String>,
}

/// A row: as many words and numbers as there are headings. A number that is not known is blank, never 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureRow {
    /// Whose figures they are.
    pub words: Vec<String>,
    /// The figures.
    pub numbers: Vec<Option<u32>>,
}

/// The table as a workbook; `n_rows` counts its rows without the sums.
///
/// # Errors
/// [`ReportError`] when the table is longer than a sheet, a date cannot be written, or the writer refuses.
pub fn figure_table(table: &FigureTable, head: &Head) -> Result<Workbook, ReportError> {
    let words = table.words.iter().enumerate();
    let words = words.map(|(n, heading)| Field::nth_words(heading, n, word));
    let numbers = table.numbers.iter().enumerate();
    let numbers = numbers.map(|(n, heading)| Field::nth(heading, n, number));
    let fields: Vec<Field<FigureRow>> = words.chain(numbers).collect();
    let sums = table.totals.as_ref().map(|row| {
        let words = (0..table.words.len()).map(|n| word(row, n));
        words.chain((0..table.numbers.len()).map(|n| number(row, n))).collect()
    });
    let page = Page {
        form: table.form,
        tab: &table.title,
        title: &format!("{}{}{}", head.county, head.lang.pick("", ": "), table.title),
        unit: table.unit,
        notes: table.notes.clone(),
        totals: sums,
        n_fixed_columns: u16::try_from(1 + table.words.len()).unwrap_or(1),
    };
    let mut book = Book::new(&table.title, head)?;
    book.table(&page, &fields, &table.rows.iter().collect::<Vec<_>>())?;
    book.finish()
}

fn word(row: &FigureRow, n: usize) -> Cell {
    Cell::maybe(row.words.get(n).cloned())
}

fn number(row: &FigureRow, n: usize) -> Cell {
    Cell::count(row.numbers.get(n).copied().flatten())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{data, head, read_back};

    fn row(words: [&str; 2], numbers: [Option<u32>; 2]) -> FigureRow {
        FigureRow { words: words.map(str::to_owned).into(), numbers: numbers.into() }
    }

    #[test]
    fn words_numbers_and_sums_stand_where_they_belong_and_unknown_is_blank() {
        let table = FigureTable {
            form: "BX-16 v1",
            title: "责任落实统计表".into(),
            unit: ("行", "rows"),
            words: vec!["岗位".into(), "姓名".into()],
            numbers: vec!["应办".into(), "逾期".into()],
            rows: vec![
                row(["柳林镇 镇长", "=1+1"], [Some(3), Some(0)]),
                row(["石桥镇 镇长", ""], [Some(2), None]),
            ],
            totals: Some(row(["合计", ""], [Some(5), Some(0)])),
            notes: vec!["说明".into()],
        };
        let book = figure_table(&table, &head()).unwrap();
        assert_eq!(book.n_rows, 2);
        assert!(book.file_name.starts_with("责任落实统计表"), "{}", book.file_name);
        let sheets = read_back(&book.bytes);
        let (header, rows) = data(&sheets[0].1);
        assert_eq!(header[1..], ["岗位", "姓名", "应办", "逾期"]);
        // What begins like a formula is text.
        assert_eq!(rows[0][1..], ["柳林镇 镇长", "=1+1", "3", "0"]);
        assert_eq!(rows[1][1..], ["石桥镇 镇长", "", "2", ""]);
        assert_eq!(rows[2][1..], ["合计", "", "5", "0"]);
    }
}
