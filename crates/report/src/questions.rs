//! What the program asks: columns and words whose meaning only the sender knows.

use crate::{
    Head, Lang, ReportError, Workbook,
    cell::Cell,
    sheet::{Book, Field, Page},
    style::Kind::{Count, Words},
};

/// One question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Name of the file.
    pub file: String,
    /// Name of the sheet; empty for csv.
    pub sheet: String,
    /// The 1-based column, if it is about one.
    pub column: Option<u32>,
    /// The column's header as written.
    pub header: String,
    /// What is asked.
    pub asked: String,
    /// The possible answers, the likeliest first.
    pub options: Vec<String>,
    /// Rows that hang on the answer.
    pub n_rows: u32,
}

/// The list of questions.
///
/// # Errors
/// [`ReportError`] when the table is longer than a sheet, a date cannot be written, or the writer refuses.
pub fn questions(items: &[Question], head: &Head) -> Result<Workbook, ReportError> {
    let page = Page {
        form: "BX-07 v1",
        tab: head.lang.pick("待答问题", "Questions"),
        title: &match head.lang {
            Lang::Zh => format!("{}数据导入待答问题", head.county),
            Lang::En => format!("Questions about the files, {}", head.county),
        },
        unit: ("个问题", "questions"),
        notes: Vec::new(),
        totals: None,
        n_fixed_columns: 1,
    };
    let mut book = Book::new(page.tab, head)?;
    book.table(&page, FIELDS, &items.iter().collect::<Vec<_>>())?;
    book.finish()
}

const FIELDS: &[Field<Question>] = &[
    Field::new(("文件", "File"), Words, 36, |q, _| Cell::text(q.file.as_str())),
    Field::new(("工作表", "Sheet"), Words, 18, |q, _| Cell::text(q.sheet.as_str())),
    Field::new(("列", "Column"), Count, 6, |q, _| Cell::count(q.column)),
    Field::new(("原表头", "Header"), Words, 18, |q, _| Cell::text(q.header.as_str())),
    Field::new(("问题", "Question"), Words, 44, |q, _| Cell::text(q.asked.as_str())),
    Field::new(("可选答案", "Possible answers"), Words, 30, |q, _| {
        Cell::text(q.options.join("；"))
    }),
    Field::new(("涉及行数", "Rows"), Count, 10, |q, _| Cell::Number(q.n_rows)),
    Field::by_hand(("答复", "Answer"), 16),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{data, head, read_back};

    #[test]
    fn a_question_prints_with_its_answers_and_room_for_one() {
        let question = Question {
            file: "摸排表.xlsx".into(),
            sheet: "青石村".into(),
            column: Some(4),
            header: "学生".into(),
            asked: "“学生”一列是姓名，还是是否在校？".into(),
            options: vec!["姓名".into(), "就读情况".into()],
            n_rows: 35,
        };
        let book = questions(&[question], &head()).unwrap();
        let sheets = read_back(&book.bytes);
        let (header, rows) = data(&sheets[0].1);
        assert_eq!(header.last().unwrap(), "答复");
        assert_eq!(
            rows[0][3..8],
            ["4", "学生", "“学生”一列是姓名，还是是否在校？", "姓名；就读情况", "35"]
        );
    }
}
