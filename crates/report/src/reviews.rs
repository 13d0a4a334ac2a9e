//! The review list (待人工核对的疑似同一人): rows that may be the same child and that no program may join.

use baoxue_claim::Source;

use crate::{
    Head, Lang, ReportError, Who, Workbook,
    cell::Cell,
    ledger::cells::{address, place, source_word},
    sealed::unless_sealed,
    sheet::{Book, Field, Page},
    style::Kind::{Code, Count, Day, Short, Words},
};

/// Two rows that may be one child, or one row that only a person can place.
#[derive(Clone, Debug, PartialEq)]
pub struct Review {
    /// Probability that they are the same, 0 to 1; `None` for a row that was not scored.
    pub score: Option<f64>,
    /// What speaks for and against it.
    pub reason: String,
    /// The row.
    pub left: ReviewRow,
    /// The other row, if there is a candidate.
    pub right: Option<ReviewRow>,
}

/// One row as its sender wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRow {
    /// Whom it mentions.
    pub who: Who,
    /// School as written.
    pub school: Option<String>,
    /// Who says it.
    pub source: Source,
    /// Name of the file.
    pub file: String,
    /// Name of the sheet; empty for csv.
    pub sheet: String,
    /// 1-based row.
    pub row: u32,
}

/// The review list: the two rows of a pair stand one below the other; `n_rows` counts rows.
///
/// # Errors
/// [`ReportError`] when the table is longer than a sheet, a date cannot be written, or the writer refuses.
pub fn review_list(items: &[Review], head: &Head) -> Result<Workbook, ReportError> {
    let rows: Vec<Half<'_>> = (1u32..)
        .zip(items)
        .flat_map(|(n, item)| {
            let halves = [("甲", "A", Some(&item.left)), ("乙", "B", item.right.as_ref())];
            halves.into_iter().filter_map(move |(zh, en, row)| {
                row.map(|row| Half { n, item, row, side: (zh, en) })
            })
        })
        .collect();
    let n_items = items.len();
    let page = Page {
        form: "BX-06 v1",
        tab: head.lang.pick("疑似同一人待核清单", "To be reviewed"),
        title: &match head.lang {
            Lang::Zh => format!("{}疑似同一人待人工核对清单", head.county),
            Lang::En => format!("Rows that may be the same child, {}", head.county),
        },
        unit: ("行", "rows"),
        notes: vec![match head.lang {
            Lang::Zh => format!(
                "共{n_items}组；同组甲、乙两行可能是同一名儿童，只有一行的表示该行须由人认定是谁。程序未自行合并，请在“人工认定”栏填“同一人”或“不是”。"
            ),
            Lang::En => format!(
                "{n_items} groups; rows A and B of a group may be one child, a single row must be placed by a person. \
                 Nothing was merged: write `same` or `not the same`."
            ),
        }],
        totals: None,
        n_fixed_columns: 6,
    };
    let mut book = Book::new(page.tab, head)?;
    book.table(&page, &fields(), &rows.iter().collect::<Vec<_>>())?;
    book.finish()
}

struct Half<'a> {
    n: u32,
    item: &'a Review,
    row: &'a ReviewRow,
    side: (&'static str, &'static str),
}

fn fields<'a>() -> Vec<Field<Half<'a>>> {
    vec![
        Field::new(("组号", "Group no."), Count, 5, |half, _| Cell::Number(half.n)),
        Field::new(("甲/乙", "Side"), Short, 4, |half, head| {
            Cell::text(head.lang.pick(half.side.0, half.side.1))
        }),
        Field::new(("行号", "Row"), Code, 9, |half, _| {
            Cell::maybe(
                half.row.who.child.map(|row| row.to_string().trim_start_matches('C').to_owned()),
            )
        }),
        Field::new(("可能性", "Likelihood"), Short, 6, |half, _| {
            Cell::maybe(half.item.score.map(|score| format!("{:.0}%", score * 100.0)))
        }),
        Field::new(("姓名", "Name"), Short, 8, |half, _| half.row.who.name_cell()),
        Field::new(("性别", "Sex"), Short, 4, |half, head| half.row.who.sex_cell(head)),
        Field::new(("出生日期", "Born"), Day, 11, |half, _| half.row.who.birth_cell()),
        Field::new(("身份证号", "Resident ID"), Code, 19, |half, head| {
            half.row.who.id_cell(head)
        }),
        Field::new(("镇办", "Town"), Short, 8, |half, _| {
            Cell::maybe(half.row.who.town.as_deref())
        }),
        Field::new(("村/社区", "Village"), Short, 10, |half, _| {
            Cell::maybe(half.row.who.village.as_deref())
        }),
        Field::new(("住址", "Address"), Words, 14, |half, head| {
            address(&half.row.who.registered_at, head)
        }),
        Field::new(("监护人/电话", "Guardian/telephone"), Words, 12, |half, head| {
            half.row.who.guardian_cell(None, head)
        }),
        Field::new(("学校", "School"), Words, 14, |half, head| {
            Cell::maybe(half.row.school.as_deref().map(|school| unless_sealed(school, head.lang)))
        }),
        Field::new(("数据来源", "Source"), Short, 10, |half, head| {
            Cell::text(source_word(half.row.source, head.lang))
        }),
        Field::new(("出处(文件/表/行)", "File/sheet/row"), Words, 26, |half, head| {
            Cell::text(place(&half.row.file, &half.row.sheet, half.row.row, head.lang))
        }),
        Field::new(("为何疑似", "Why"), Words, 24, |half, _| {
            Cell::text(half.item.reason.as_str())
        }),
        Field::by_hand(("人工认定", "Ruling"), 8),
        Field::by_hand(("认定人/日期", "Ruled by/on"), 10),
    ]
}

#[cfg(test)]
mod tests {
    use baoxue_claim::VerdictCode;

    use super::*;
    use crate::sample::{data, head, line, read_back};

    pub(crate) fn row(n: u32) -> ReviewRow {
        ReviewRow {
            who: line(n, VerdictCode::Unverified).who,
            school: Some("石桥中学".into()),
            source: Source::TownSurvey,
            file: "来源.xlsx".into(),
            sheet: String::new(),
            row: n + 5,
        }
    }

    #[test]
    fn pairs_stand_together_and_a_single_row_is_kept() {
        let pair = Review {
            score: Some(0.874),
            reason: "姓名同音，出生日期相同".into(),
            left: row(1),
            right: Some(row(2)),
        };
        let single = Review { score: None, right: None, ..pair.clone() };
        let book = review_list(&[pair, single], &head()).unwrap();
        assert_eq!(book.n_rows, 3);
        let sheets = read_back(&book.bytes);
        let (_, rows) = data(&sheets[0].1);
        let keys: Vec<[&str; 5]> =
            rows.iter().map(|row| [1, 2, 3, 4, 15].map(|at: usize| row[at].as_str())).collect();
        assert_eq!(
            keys,
            [
                ["1", "甲", "0-1", "87%", "来源.xlsx/第6行"],
                ["1", "乙", "0-2", "87%", "来源.xlsx/第7行"],
                ["2", "甲", "0-1", "", "来源.xlsx/第6行"],
            ]
        );
    }
}
