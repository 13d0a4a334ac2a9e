//! The conflict list (数出多门): what each side says of the same child, in which file and row, and who must answer.

use chrono::NaiveDate;

use crate::{
    Evidence, Head, Lang, ReportError, Who, Workbook,
    cell::Cell,
    ledger::cells::source_word,
    sealed::shown_words,
    sheet::{Book, Field, Page},
    style::Kind::{Code, Day, Short, Words},
};

/// One child about whom sources disagree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// The child.
    pub who: Who,
    /// What they disagree about, such as `是否在校`.
    pub about: String,
    /// Both sides, or more; one row each.
    pub sides: Vec<Side>,
    /// The day on which it was first shown.
    pub opened: Option<NaiveDate>,
    /// The day by which the sides must answer.
    pub answer_by: Option<NaiveDate>,
    /// Where it stands: whose answers are awaited or late, who decides.
    pub standing: String,
}

/// One side of a disagreement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// What it holds, in a word of the ledgers, such as `在校` or `辍学`.
    pub says: String,
    /// The claim with its words, file and row.
    pub evidence: Evidence,
    /// Who must answer for it: department, school or town.
    pub must_answer: Option<String>,
    /// What it has answered: that it was wrong, or that it still disagrees, because.
    pub answer: Option<String>,
    /// Who answered, and when.
    pub answered: Option<String>,
}

/// The conflict list: one row per side, the child's cells repeated so that filters find them; `n_rows` counts sides.
///
/// # Errors
/// [`ReportError`] when the table is longer than a sheet, a date cannot be written, or the writer refuses.
pub fn conflict_list(items: &[Disagreement], head: &Head) -> Result<Workbook, ReportError> {
    let rows: Vec<SideRow<'_>> = (1u32..)
        .zip(items)
        .flat_map(|(n, item)| item.sides.iter().map(move |side| SideRow { n, item, side }))
        .collect();
    let n_children = items.len();
    let page = Page {
        form: "BX-04 v1",
        tab: head.lang.pick("数出多门清单", "Conflicts"),
        title: &match head.lang {
            Lang::Zh => format!("{}各部门数据不一致（数出多门）核对清单", head.county),
            Lang::En => format!("Contradicting sources, {}", head.county),
        },
        unit: ("条说法", "statements"),
        notes: vec![match head.lang {
            Lang::Zh => format!(
                "涉及儿童{n_children}人，每人各方说法各占一行；未核清前不推定在校或辍学，由“核对责任方”在期限内书面答复。"
            ),
            Lang::En => format!(
                "{n_children} children, one row for each side; nobody is taken as in or out of school before the sides \
                 have answered."
            ),
        }],
        totals: None,
        n_fixed_columns: 5,
    };
    let mut book = Book::new(page.tab, head)?;
    book.table(&page, &fields(), &rows.iter().collect::<Vec<_>>())?;
    book.finish()
}

struct SideRow<'a> {
    n: u32,
    item: &'a Disagreement,
    side: &'a Side,
}

fn fields<'a>() -> Vec<Field<SideRow<'a>>> {
    vec![
        Field::new(("儿童编号", "Child no."), Short, 6, |row, _| Cell::Number(row.n)),
        Field::new(("镇办", "Town"), Short, 8, |row, _| {
            Cell::maybe(row.item.who.town.as_deref())
        }),
        Field::new(("村/社区", "Village"), Short, 10, |row, _| {
            Cell::maybe(row.item.who.village.as_deref())
        }),
        Field::new(("儿童姓名", "Child"), Short, 8, |row, _| row.item.who.name_cell()),
        Field::new(("性别", "Sex"), Short, 4, |row, head| row.item.who.sex_cell(head)),
        Field::new(("出生日期", "Born"), Day, 11, |row, _| row.item.who.birth_cell()),
        Field::new(("身份证号", "Resident ID"), Code, 19, |row, head| {
            row.item.who.id_cell(head)
        }),
        Field::new(("争议事项", "About"), Short, 12, |row, _| {
            Cell::text(row.item.about.as_str())
        }),
        Field::new(("数据来源", "Source"), Short, 10, |row, head| {
            Cell::text(source_word(row.side.evidence.source, head.lang))
        }),
        Field::new(("该方说法", "Says"), Short, 14, |row, head| {
            Cell::text(shown_words(&row.side.says, head))
        }),
        Field::new(("原话", "In its words"), Words, 28, |row, head| {
            Cell::maybe(row.side.evidence.shown(&row.item.who, head))
        }),
        Field::new(("说法日期", "Said on"), Day, 11, |row, _| Cell::Date(row.side.evidence.on)),
        Field::new(("出处(文件/表/行)", "File/sheet/row"), Words, 26, |row, head| {
            Cell::text(row.side.evidence.place(head.lang))
        }),
        Field::new(("核对责任方", "Must answer"), Short, 12, |row, _| {
            Cell::maybe(row.side.must_answer.as_deref())
        }),
        Field::new(("答复期限", "Answer by"), Day, 11, |row, _| Cell::day(row.item.answer_by)),
        Field::new(("首次列出", "First shown"), Day, 11, |row, _| Cell::day(row.item.opened)),
        Field::new(("答复情况", "Standing"), Short, 14, |row, _| {
            Cell::text(row.item.standing.as_str())
        }),
        Field::new(("答复意见", "Answer"), Words, 14, |row, head| {
            Cell::maybe(row.side.answer.as_ref().map(|answer| shown_words(answer, head)))
        }),
        Field::new(("答复人/日期", "Answered by/on"), Short, 10, |row, _| {
            Cell::maybe(row.side.answered.as_deref())
        }),
    ]
}

#[cfg(test)]
mod tests {
    use baoxue_claim::{Private, Source, VerdictCode};

    use super::*;
    use crate::sample::{data, day, full_head, head, line, read_back};

    pub(crate) fn disagreement(n: u32) -> Disagreement {
        let child = line(n, VerdictCode::Conflict);
        let side = |says: &str, source, words: &str, row| Side {
            says: says.into(),
            evidence: Evidence {
                source,
                on: day(2019, 7, 5),
                words: Some(Private::new(words)),
                file: "来源.xlsx".into(),
                sheet: "表1".into(),
                row,
            },
            must_answer: Some("石桥中学".into()),
            answer: (row == 12).then(|| "仍不一致，因为已入户，电话13812345678".into()),
            answered: (row == 12).then(|| "周明 2019-08-27".into()),
        };
        Disagreement {
            who: child.who,
            about: "是否在校".into(),
            sides: vec![
                side("在校", Source::StudentRegistry, "在读", 8),
                side("辍学", Source::TownSurvey, "打工，电话13812345678", 12),
            ],
            opened: Some(day(2019, 8, 25)),
            answer_by: Some(day(2019, 9, 9)),
            standing: "等待答复：校长".into(),
        }
    }

    #[test]
    fn both_sides_stand_with_words_file_and_row() {
        let book = conflict_list(&[disagreement(0), disagreement(1)], &head()).unwrap();
        assert_eq!(book.n_rows, 4);
        let sheets = read_back(&book.bytes);
        assert!(sheets[0].1.iter().any(|row| row[0].contains("涉及儿童2人")));
        let (_, rows) = data(&sheets[0].1);
        assert_eq!(rows.len(), 4);
        assert_eq!(rows[1][1..5], ["1", "柳林镇", "青石村", "赵小雨"]);
        assert_eq!(
            rows[1][8..20],
            [
                "是否在校",
                "镇办摸排",
                "辍学",
                "打工，电话138****5678",
                "2019-07-05",
                "来源.xlsx/表1/第12行",
                "石桥中学",
                "2019-09-09",
                "2019-08-25",
                "等待答复：校长",
                "仍不一致，因为已入户，电话138****5678",
                "周明 2019-08-27"
            ]
        );
        let mut tip = disagreement(0);
        tip.sides[1].evidence.source = Source::TipOff;
        for head in [head(), full_head()] {
            let sheets =
                read_back(&conflict_list(std::slice::from_ref(&tip), &head).unwrap().bytes);
            assert_eq!(data(&sheets[0].1).1[1][11], "（举报内容保密）");
        }
        let full = read_back(&conflict_list(&[disagreement(0)], &full_head()).unwrap().bytes);
        assert_eq!(data(&full[0].1).1[1][11], "打工，电话13812345678");
    }
}
