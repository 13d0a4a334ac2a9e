//! Row accounting: for every sheet, rows = records + rejects + known + recognised non-data rows. A sheet that does not
//! add up prints its difference; nothing is rounded away.

use baoxue_claim::Source;
use chrono::NaiveDate;

use crate::{
    Head, Lang, ReportError, Workbook,
    cell::Cell,
    ledger::cells::source_word,
    sheet::{Book, Field, Page},
    style::Kind::{Count, Day, Short, Words},
};

/// The count of one sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetCount {
    /// Name of the file.
    pub file: String,
    /// Name of the sheet; empty for csv.
    pub sheet: String,
    /// Whether the sheet is hidden in the workbook.
    pub hidden: bool,
    /// Who sent it; `None` when the file could not be used.
    pub source: Option<Source>,
    /// The day of the file.
    pub as_of: Option<NaiveDate>,
    /// Rows of the sheet.
    pub n_rows: u32,
    /// Rows that became records.
    pub n_records: u32,
    /// Rows set aside with a reason.
    pub n_rejects: u32,
    /// Rows that were in the store already.
    pub n_known: u32,
    /// Recognised non-data rows by kind, such as `("标题", 1)`.
    pub non_data: Vec<(String, u32)>,
    /// What happened to the file in a few words, such as `已导入`.
    pub outcome: String,
}

impl SheetCount {
    /// Rows that no class accounts for; negative when rows are counted twice. 0 in a sound run.
    pub fn difference(&self) -> i64 {
        let non_data: i64 = self.non_data.iter().map(|(_, n)| i64::from(*n)).sum();
        let accounted = [self.n_records, self.n_rejects, self.n_known].map(i64::from);
        i64::from(self.n_rows) - accounted.iter().sum::<i64>() - non_data
    }
}

/// One doubt about a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DoubtLine {
    /// Name of the file.
    pub file: String,
    /// Name of the sheet; empty for csv, or when it is about the file.
    pub sheet: String,
    /// 1-based row, if it is about one.
    pub row: Option<u32>,
    /// 1-based column, if it is about one.
    pub column: Option<u32>,
    /// Whether a person should look; else it is worth knowing.
    pub grave: bool,
    /// What is doubted and what to do.
    pub words: String,
}

/// The accounting table, with a row of totals, and the doubts on a second sheet; `n_rows` counts sheets.
///
/// # Errors
/// [`ReportError`] when the table is longer than a sheet, a date cannot be written, or the writer refuses.
pub fn accounting(
    items: &[SheetCount],
    doubts: &[DoubtLine],
    head: &Head,
) -> Result<Workbook, ReportError> {
    let kinds = kinds(items);
    let rows: Vec<Row<'_>> = items.iter().map(|item| Row::new(item, &kinds)).collect();
    let mut fields = fields();
    let tail = fields.split_off(fields.len() - 2);
    for (n, kind) in kinds.iter().enumerate() {
        fields.push(Field::nth(kind, n, |row: &Row<'_>, n| {
            Cell::count(row.non_data.get(n).copied())
        }));
    }
    fields.extend(tail);
    let page = Page {
        form: "BX-08 v1",
        tab: head.lang.pick("数据行数核对", "Row accounting"),
        title: &match head.lang {
            Lang::Zh => format!("{}来源文件行数核对表", head.county),
            Lang::En => format!("Rows of the files, accounted for, {}", head.county),
        },
        unit: ("张表", "sheets"),
        notes: vec![verdict_of(items, head)],
        totals: Some(totals(&rows, kinds.len(), head)),
        n_fixed_columns: 3,
    };
    let mut book = Book::new(page.tab, head)?;
    book.table(&page, &fields, &rows.iter().collect::<Vec<_>>())?;
    book.sheet(&doubt_page(head), DOUBTS, &doubts.iter().collect::<Vec<_>>())?;
    book.finish()
}

fn doubt_page(head: &Head) -> Page<'_> {
    Page {
        form: "BX-08 v1",
        tab: head.lang.pick("存疑", "Doubts"),
        title: head.lang.pick("来源文件存疑清单", "Doubts about the files"),
        unit: ("处", "doubts"),
        notes: vec![
            head.lang
                .pick(
                    "数据已按所写读取，请逐条核对；退回的行另见退回修改表。",
                    "What was written was read; please check. Rows that went back stand in their own workbooks.",
                )
                .to_owned(),
        ],
        totals: None,
        n_fixed_columns: 2,
    }
}

const DOUBTS: &[Field<DoubtLine>] = &[
    Field::new(("文件", "File"), Words, 36, |l, _| Cell::text(l.file.as_str())),
    Field::new(("工作表", "Sheet"), Words, 18, |l, _| Cell::text(l.sheet.as_str())),
    Field::new(("行", "Row"), Count, 7, |l, _| Cell::count(l.row)),
    Field::new(("列", "Column"), Count, 6, |l, _| Cell::count(l.column)),
    Field::new(("程度", "Level"), Short, 8, |l, head| {
        Cell::text(if l.grave {
            head.lang.pick("须核对", "to check")
        } else {
            head.lang.pick("提示", "notice")
        })
    }),
    Field::new(("说明", "What"), Words, 70, |l, _| Cell::text(l.words.as_str())),
];

struct Row<'a> {
    item: &'a SheetCount,
    non_data: Vec<u32>,
}

impl<'a> Row<'a> {
    fn new(item: &'a SheetCount, kinds: &[&str]) -> Self {
        let of =
            |kind: &&str| item.non_data.iter().filter(|(k, _)| k == kind).map(|(_, n)| n).sum();
        Self { item, non_data: kinds.iter().map(of).collect() }
    }
}

fn fields<'a>() -> Vec<Field<Row<'a>>> {
    vec![
        Field::new(("文件", "File"), Words, 36, |row, _| Cell::text(row.item.file.as_str())),
        Field::new(("工作表", "Sheet"), Words, 18, |row, head| {
            let hidden = head.lang.pick("（隐藏）", " (hidden)");
            Cell::text(format!("{}{}", row.item.sheet, if row.item.hidden { hidden } else { "" }))
        }),
        Field::new(("来源", "Source"), Short, 12, |row, head| {
            Cell::maybe(row.item.source.map(|source| source_word(source, head.lang)))
        }),
        Field::new(("截止日期", "As of"), Day, 11, |row, _| Cell::day(row.item.as_of)),
        Field::new(("总行数", "Rows"), Count, 9, |row, _| Cell::Number(row.item.n_rows)),
        Field::new(("入库记录", "Records"), Count, 9, |row, _| {
            Cell::Number(row.item.n_records)
        }),
        Field::new(("退回", "Rejects"), Count, 9, |row, _| Cell::Number(row.item.n_rejects)),
        Field::new(("已有(重复)", "Known"), Count, 9, |row, _| Cell::Number(row.item.n_known)),
        Field::new(("差额", "Difference"), Short, 8, |row, _| {
            Cell::text(row.item.difference().to_string())
        }),
        Field::new(("处理结果", "Outcome"), Words, 30, |row, _| {
            Cell::text(row.item.outcome.as_str())
        }),
    ]
}

/// Kinds of non-data rows in the order in which they occur first.
fn kinds(items: &[SheetCount]) -> Vec<&str> {
    let mut kinds: Vec<&str> = Vec::new();
    for (kind, _) in items.iter().flat_map(|item| &item.non_data) {
        if !kinds.contains(&kind.as_str()) {
            kinds.push(kind);
        }
    }
    kinds
}

fn verdict_of(items: &[SheetCount], head: &Head) -> String {
    let off: Vec<String> = items
        .iter()
        .filter(|item| item.difference() != 0)
        .map(|item| crate::cell::join([Some(item.file.clone()), Some(item.sheet.clone())], "/"))
        .collect();
    match (off.is_empty(), head.lang) {
        (true, Lang::Zh) => {
            "每张表：总行数＝入库记录＋退回＋已有＋各类非数据行，全部相符。".to_owned()
        }
        (true, Lang::En) => {
            "Every sheet: rows = records + rejects + known + non-data rows.".to_owned()
        }
        (false, Lang::Zh) => format!("行数不符，须查清后再使用：{}", off.join("；")),
        (false, Lang::En) => {
            format!("These do not add up and must be looked into: {}", off.join("; "))
        }
    }
}

fn totals(rows: &[Row<'_>], n_kinds: usize, head: &Head) -> Vec<Cell> {
    // A city may add up more rows than one sheet's counter holds; then the total saturates rather than wrap.
    let sum = |part: &dyn Fn(&Row<'_>) -> u32| {
        Cell::Number(rows.iter().map(part).fold(0u32, u32::saturating_add))
    };
    let mut cells =
        vec![Cell::text(head.lang.pick("合计", "Total")), Cell::Blank, Cell::Blank, Cell::Blank];
    cells.extend([
        sum(&|row| row.item.n_rows),
        sum(&|row| row.item.n_records),
        sum(&|row| row.item.n_rejects),
        sum(&|row| row.item.n_known),
    ]);
    cells.extend((0..n_kinds).map(|n| sum(&|row| row.non_data[n])));
    let difference: i64 = rows.iter().map(|row| row.item.difference()).sum();
    cells.extend([Cell::text(difference.to_string()), Cell::Blank]);
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{data, day, head, read_back};

    fn sheet(file: &str, n_rows: u32, non_data: &[(&str, u32)]) -> SheetCount {
        SheetCount {
            file: file.into(),
            sheet: "Sheet1".into(),
            hidden: file.contains('2'),
            source: Some(Source::TownSurvey),
            as_of: Some(day(2019, 8, 20)),
            n_rows,
            n_records: 10,
            n_rejects: 2,
            n_known: 1,
            non_data: non_data.iter().map(|(kind, n)| ((*kind).to_owned(), *n)).collect(),
            outcome: "已导入".into(),
        }
    }

    #[test]
    fn every_kind_has_a_column_and_the_totals_add_up() {
        let items = [
            sheet("1.xlsx", 16, &[("标题", 1), ("表头", 2)]),
            sheet("2.xlsx", 18, &[("表头", 1), ("合计", 4)]),
        ];
        let book = accounting(&items, &[], &head()).unwrap();
        assert_eq!(book.n_rows, 2);
        let rows = &read_back(&book.bytes)[0].1;
        assert!(rows.iter().any(|row| row[0].ends_with("全部相符。")));
        let (header, rows) = data(rows);
        assert_eq!(
            header[5..],
            [
                "总行数",
                "入库记录",
                "退回",
                "已有(重复)",
                "标题",
                "表头",
                "合计",
                "差额",
                "处理结果"
            ]
        );
        assert_eq!(rows[0][5..13], ["16", "10", "2", "1", "1", "2", "0", "0"]);
        assert_eq!(rows[1][2], "Sheet1（隐藏）");
        assert_eq!(rows[2][5..13], ["34", "20", "4", "2", "1", "3", "4", "0"]);
    }

    #[test]
    fn doubts_stand_on_a_sheet_of_their_own() {
        let doubt = DoubtLine {
            file: "1.xlsx".into(),
            row: Some(7),
            grave: true,
            words: "就读情况看不懂".into(),
            ..DoubtLine::default()
        };
        let book = accounting(&[sheet("1.xlsx", 13, &[])], &[doubt], &head()).unwrap();
        let sheets = read_back(&book.bytes);
        assert_eq!((book.n_rows, sheets[1].0.as_str()), (1, "存疑"));
        let (_, rows) = data(&sheets[1].1);
        assert_eq!(rows[0][1..], ["1.xlsx", "", "7", "", "须核对", "就读情况看不懂"]);
    }

    #[test]
    fn a_sheet_that_does_not_add_up_is_named() {
        let items = [sheet("1.xlsx", 20, &[("标题", 1)]), sheet("2.xlsx", 12, &[])];
        assert_eq!((items[0].difference(), items[1].difference()), (6, -1));
        let rows = &read_back(&accounting(&items, &[], &head()).unwrap().bytes)[0].1;
        let said = rows.iter().find(|row| row[0].starts_with("行数不符")).unwrap();
        assert!(said[0].contains("1.xlsx/Sheet1；2.xlsx/Sheet1"), "{}", said[0]);
    }
}
