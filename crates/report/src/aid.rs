//! 应助尽助: who is entitled to aid and did not get it, who got it without title or twice, with the reason. Amounts in yuan.

use baoxue_determine::aid::{AidCase, AidCount, Standing};

use crate::{
    Evidence, Head, Lang, Line, ReportError, Workbook,
    cell::Cell,
    sheet::{Book, Field, Page},
    style::Kind::{Code, Day, Short, Words},
};

/// A case with the child and the rows of its payments.
#[derive(Clone, Debug, PartialEq)]
pub struct AidLine {
    /// The case.
    pub case: AidCase,
    /// The child.
    pub line: Line,
    /// The rows.
    pub payments: Vec<Evidence>,
}

/// Counts of all cases, then those that are not right by name; `n_rows` counts the latter.
///
/// # Errors
/// [`ReportError`] when a sheet is too long, a date cannot be written, or the writer refuses.
pub fn aid(counts: &[AidCount], cases: &[AidLine], head: &Head) -> Result<Workbook, ReportError> {
    let mut book = Book::new(head.lang.pick("应助尽助核对表", "Aid"), head)?;
    add_counts(&mut book, counts, head)?;
    let page = Page {
        form: "BX-13 v1",
        tab: head.lang.pick("差异名单", "Differences"),
        title: &match head.lang {
            Lang::Zh => format!("{}学生资助差异名单", head.county),
            Lang::En => format!("Aid entitled and received, differences, {}", head.county),
        },
        unit: ("条", "cases"),
        notes: vec![
            head.lang
                .pick(
                    "本表只列与条件、标准不符的，由学校和资助中心认定；名单内部使用，不得公示身份信息。",
                    "Only cases that differ; the school and the aid centre decide. For internal use.",
                )
                .to_owned(),
        ],
        totals: None,
        n_fixed_columns: 3,
    };
    book.table(&page, &fields(), &cases.iter().collect::<Vec<_>>())?;
    book.finish()
}

fn add_counts(book: &mut Book<'_>, counts: &[AidCount], head: &Head) -> Result<(), ReportError> {
    let page = Page {
        form: "BX-13 v1",
        tab: head.lang.pick("汇总", "Counts"),
        title: &match head.lang {
            Lang::Zh => format!("{}学生资助应助已助汇总表", head.county),
            Lang::En => format!("Aid entitled and received, {}", head.county),
        },
        unit: ("项资助", "kinds of aid"),
        notes: vec![
            head.lang
                .pick("人数＝后面各类之和。", "Pupils = the sum of the classes after it.")
                .to_owned(),
        ],
        totals: None,
        n_fixed_columns: 2,
    };
    let mut fields = vec![
        Field::new(("资助项目", "Aid"), Words, 24, |row: &AidCount, head| {
            Cell::text(head.lang.pick(row.aid.zh(), row.aid.en()))
        }),
        Field::number(("人数", "Pupils"), |row, _| Cell::Number(row.cases)),
    ];
    for (n, standing) in Standing::ALL.iter().enumerate() {
        let heading = head.lang.pick(standing.zh(), standing.en());
        fields.push(Field::nth(heading, n, |row, n| Cell::count(row.standings.get(n).copied())));
    }
    fields.push(Field::new(("应助金额(元)", "Due, yuan"), Code, 14, |row, _| {
        Cell::text(yuan(row.due_fen))
    }));
    fields.push(Field::new(("已发金额(元)", "Received, yuan"), Code, 14, |row, _| {
        Cell::text(yuan(row.received_fen))
    }));
    book.sheet(&page, &fields, &counts.iter().collect::<Vec<_>>())
}

fn fields() -> Vec<Field<AidLine>> {
    vec![
        Field::new(("情况", "Standing"), Words, 18, |row: &AidLine, head| {
            let standing = row.case.standing;
            Cell::text(head.lang.pick(standing.zh(), standing.en()))
        }),
        Field::new(("资助项目", "Aid"), Words, 18, |row, head| {
            Cell::text(head.lang.pick(row.case.aid.zh(), row.case.aid.en()))
        }),
        Field::new(("学期", "Term"), Short, 10, |row, _| Cell::text(row.case.term.to_string())),
        Field::new(("镇办", "Town"), Short, 8, |row, _| {
            Cell::maybe(row.line.who.town.as_deref())
        }),
        Field::new(("村/社区", "Village"), Short, 10, |row, _| {
            Cell::maybe(row.line.who.village.as_deref())
        }),
        Field::new(("儿童姓名", "Child"), Short, 8, |row, _| row.line.who.name_cell()),
        Field::new(("出生日期", "Born"), Day, 11, |row, _| row.line.who.birth_cell()),
        Field::new(("身份证号", "Resident ID"), Code, 19, |row, head| {
            row.line.who.id_cell(head)
        }),
        Field::new(("就读学校", "School"), Words, 18, |row, head| row.line.school_cell(head)),
        Field::new(("年级班", "Grade and class"), Short, 12, |row, _| row.line.class_cell()),
        Field::new(("依据", "Because"), Words, 26, |row, head| {
            let reasons = row.case.reasons.iter();
            let words = reasons.map(|reason| Some(head.lang.pick(reason.zh(), reason.en()).into()));
            Cell::joined(words, head.lang.pick("；", "; "))
        }),
        Field::new(("本学期应发(元)", "Due"), Code, 10, |row, _| {
            Cell::maybe(row.case.due_fen.map(|fen| yuan(u64::from(fen))))
        }),
        Field::new(("本学期已发(元)", "Received"), Code, 10, |row, _| {
            Cell::text(yuan(u64::from(row.case.received_fen)))
        }),
        Field::new(("发放记录(文件/表/行)", "Payments"), Words, 30, |row, head| {
            let places = row.payments.iter().map(|payment| Some(payment.place(head.lang)));
            Cell::joined(places, head.lang.pick("；", "; "))
        }),
        Field::by_hand(("核实意见", "Verified"), 14),
    ]
}

/// `625.00`.
fn yuan(fen: u64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

#[cfg(test)]
mod tests {
    use baoxue_claim::{AidKind, ChildId, SchoolTerm, VerdictCode};
    use baoxue_determine::aid::{Reason, Title};

    use super::*;
    use crate::sample::{data, head, line, read_back};

    #[test]
    fn counts_and_differences_print_with_reasons_and_amounts() {
        let case = AidCase {
            child: ChildId(1),
            aid: AidKind::BoardingLiving,
            term: SchoolTerm { year: 2019, autumn: false },
            standing: Standing::Gap,
            title: Title::Entitled,
            reasons: vec![Reason::InSchool, Reason::Poor, Reason::Boards],
            due_fen: Some(62_500),
            received_fen: 0,
            payments: Vec::new(),
        };
        let count = AidCount {
            aid: AidKind::BoardingLiving,
            cases: 3,
            standings: [1, 0, 0, 0, 0, 0, 0, 2],
            due_fen: 187_500,
            received_fen: 125_000,
        };
        let line = line(1, VerdictCode::EnrolledLocal);
        let row = AidLine { case, line, payments: Vec::new() };
        let book = aid(&[count], &[row], &head()).unwrap();
        assert_eq!(book.n_rows, 1);
        let sheets = read_back(&book.bytes);
        let (header, counts) = data(&sheets[0].1);
        assert_eq!(header[2..4], ["人数", "应助未助"]);
        assert_eq!(counts[0][2..4], ["3", "1"]);
        assert_eq!(counts[0][11..13], ["1875.00", "1250.00"]);
        let (_, rows) = data(&sheets[1].1);
        assert_eq!(rows[0][1], "应助未助");
        assert_eq!(
            rows[0][11..14],
            ["在本县就读；建档立卡（脱贫、监测）户；寄宿", "625.00", "0.00"]
        );
        assert!(!rows[0][8].contains("20080908"), "numbers are masked: {}", rows[0][8]);
    }
}
