//! Dynamic monitoring: two registers compared, and every change that somebody must look at, with its date.

use baoxue_determine::monitor::{Change, Finding, Monitoring, SnapshotPair};

use crate::{
    Evidence, Head, Lang, Line, ReportError, Workbook,
    cell::Cell,
    ledger::cells::source_word,
    sealed::unless_sealed,
    sheet::{Book, Field, Page},
    style::Kind::{Count, Day, Short, Words},
};

/// A finding with the child and the row that shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    /// The finding.
    pub finding: Finding,
    /// The child.
    pub line: Line,
    /// The row.
    pub evidence: Option<Evidence>,
}

/// The findings of monitoring, with counts and the sums of each pair of registers; `n_rows` counts findings.
///
/// # Errors
/// [`ReportError`] when a sheet is too long, a date cannot be written, or the writer refuses.
pub fn monitoring(
    found: &Monitoring,
    changed: &[Changed],
    head: &Head,
) -> Result<Workbook, ReportError> {
    let mut book = Book::new(head.lang.pick("动态监测清单", "Monitoring"), head)?;
    add_counts(&mut book, found, head)?;
    let page = Page {
        form: "BX-12 v1",
        tab: head.lang.pick("变动明细", "Findings"),
        title: &match head.lang {
            Lang::Zh => format!("{}动态监测变动明细", head.county),
            Lang::En => format!("Findings of monitoring, {}", head.county),
        },
        unit: ("条", "findings"),
        notes: vec![
            head.lang
                .pick(
                    "变动只是线索，不等于失学辍学；期限已过仍无结果的排在最先核查。",
                    "A finding is a lead and accuses nobody; those past their day come first.",
                )
                .to_owned(),
        ],
        totals: None,
        n_fixed_columns: 3,
    };
    book.table(&page, &fields(), &changed.iter().collect::<Vec<_>>())?;
    add_pairs(&mut book, &found.pairs, head)?;
    book.finish()
}

struct Counted {
    change: Change,
    n: u32,
    n_overdue: u32,
}

fn add_counts(book: &mut Book<'_>, found: &Monitoring, head: &Head) -> Result<(), ReportError> {
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let rows: Vec<Counted> = Change::ALL
        .into_iter()
        .map(|change| {
            let (n, overdue) = found.count(change);
            Counted { change, n: number(n), n_overdue: number(overdue) }
        })
        .collect();
    let page = Page {
        form: "BX-12 v1",
        tab: head.lang.pick("汇总", "Counts"),
        title: &match head.lang {
            Lang::Zh => format!("{}动态监测汇总", head.county),
            Lang::En => format!("Monitoring, {}", head.county),
        },
        unit: ("类", "kinds"),
        notes: Vec::new(),
        totals: None,
        n_fixed_columns: 2,
    };
    let fields = [
        Field::new(("变动", "Change"), Words, 24, |row: &Counted, head| {
            Cell::text(head.lang.pick(row.change.zh(), row.change.en()))
        }),
        Field::new(("条数", "Findings"), Count, 8, |row, _| Cell::Number(row.n)),
        Field::new(("其中期限已过", "Overdue"), Count, 8, |row, _| {
            Cell::Number(row.n_overdue)
        }),
    ];
    book.sheet(&page, &fields, &rows.iter().collect::<Vec<_>>())
}

fn fields() -> Vec<Field<Changed>> {
    vec![
        Field::new(("变动", "Change"), Words, 18, |row: &Changed, head| {
            Cell::text(head.lang.pick(row.finding.change.zh(), row.finding.change.en()))
        }),
        Field::new(("期限是否已过", "Overdue"), Short, 6, |row, head| {
            let word = if row.finding.overdue { head.lang.pick("已过", "yes") } else { "" };
            Cell::text(word)
        }),
        Field::new(("镇办", "Town"), Short, 8, |row, _| {
            Cell::maybe(row.line.who.town.as_deref())
        }),
        Field::new(("村/社区", "Village"), Short, 10, |row, _| {
            Cell::maybe(row.line.who.village.as_deref())
        }),
        Field::new(("儿童姓名", "Child"), Short, 8, |row, _| row.line.who.name_cell()),
        Field::new(("出生日期", "Born"), Day, 11, |row, _| row.line.who.birth_cell()),
        Field::new(("变动日期", "On"), Day, 11, |row, _| Cell::Date(row.finding.on)),
        Field::new(("核查期限", "Due"), Day, 11, |row, _| Cell::day(row.finding.due)),
        Field::new(("原学校（原年级）", "From"), Words, 18, |row, head| {
            row.shown(row.finding.from.as_deref(), head)
        }),
        Field::new(
            ("现学校、去向（现年级、缺课天数）", "To"),
            Words,
            18,
            |row, head| row.shown(row.finding.to.as_deref(), head),
        ),
        Field::new(("目前认定", "Status"), Short, 12, |row, head| row.line.status_cell(head)),
        Field::new(("来源", "Source"), Short, 10, |row, head| {
            Cell::text(source_word(row.finding.source, head.lang))
        }),
        Field::new(("出处(文件/表/行)", "File/sheet/row"), Words, 26, |row, head| {
            Cell::maybe(row.evidence.as_ref().map(|evidence| evidence.place(head.lang)))
        }),
        Field::by_hand(("核查结果", "Result"), 14),
        Field::by_hand(("核查人/日期", "Checked by/on"), 10),
    ]
}

impl Changed {
    /// A school, a grade or a number of days; nothing that a sealed circumstance shows in.
    fn shown(&self, text: Option<&str>, head: &Head) -> Cell {
        let text = text.filter(|_| !self.line.is_neutral());
        Cell::maybe(text.map(|text| unless_sealed(text, head.lang)))
    }
}

fn add_pairs(book: &mut Book<'_>, pairs: &[SnapshotPair], head: &Head) -> Result<(), ReportError> {
    let page = Page {
        form: "BX-12 v1",
        tab: head.lang.pick("名册比对", "Registers"),
        title: &match head.lang {
            Lang::Zh => format!("{}前后两期名册、摸排和月报比对", head.county),
            Lang::En => format!("Registers compared, {}", head.county),
        },
        unit: ("对", "pairs"),
        notes: pairs.iter().map(|pair| sums(pair, head.lang)).collect(),
        totals: None,
        n_fixed_columns: 3,
    };
    let fields = vec![
        Field::new(("来源", "Source"), Short, 10, |row: &SnapshotPair, head| {
            Cell::text(source_word(row.source, head.lang))
        }),
        Field::new(("上期", "Older"), Day, 11, |row, _| Cell::Date(row.older)),
        Field::new(("本期", "Newer"), Day, 11, |row, _| Cell::Date(row.newer)),
        Field::number(("学校（镇办）数", "Schools or towns"), |row, _| number(row.lists)),
        Field::number(("上期人数", "On the older"), |row, _| number(row.older_children)),
        Field::number(("本期人数", "On the newer"), |row, _| number(row.newer_children)),
        Field::number(("未变", "Stayed"), |row, _| number(row.stayed)),
        Field::number(("换学校", "Changed school"), |row, _| number(row.changed_school)),
        Field::number(("离开、返校", "Left, or back"), |row, _| number(row.left)),
        Field::number(("消失", "Vanished"), |row, _| number(row.vanished)),
        Field::number(("新增", "Arrived"), |row, _| number(row.arrived)),
    ];
    book.sheet(&page, &fields, &pairs.iter().collect::<Vec<_>>())
}

fn number(n: usize) -> Cell {
    Cell::count(u32::try_from(n).ok())
}

fn sums(pair: &SnapshotPair, lang: Lang) -> String {
    let source = source_word(pair.source, lang);
    let SnapshotPair { older, newer, stayed, changed_school, left, vanished, arrived, .. } = pair;
    let (before, after) = (pair.older_children, pair.newer_children);
    match lang {
        Lang::Zh => format!(
            "{source}{older}至{newer}：上期{before}＝未变{stayed}＋换学校{changed_school}＋离开{left}＋消失{vanished}；本期{after}＝未变{stayed}＋换学校{changed_school}＋新增{arrived}。"
        ),
        Lang::En => format!(
            "{source}, {older} to {newer}: {before} = {stayed} stayed + {changed_school} changed school + {left} left + {vanished} \
             vanished; {after} = {stayed} + {changed_school} + {arrived} arrived."
        ),
    }
}

#[cfg(test)]
mod tests {
    use baoxue_claim::{BatchId, ChildId, RecordId, Source, VerdictCode};

    use super::*;
    use crate::sample::{data, day, head, line, read_back};

    #[test]
    fn findings_print_with_their_dates_and_a_sealed_school_does_not() {
        let finding = Finding {
            change: Change::NotArrived,
            child: ChildId(1),
            on: day(2019, 5, 10),
            due: Some(day(2019, 6, 9)),
            overdue: true,
            source: Source::StudentRegistry,
            from: Some("柳林镇中心小学".into()),
            to: Some("某市专门学校".into()),
            record: RecordId::new(BatchId(1), 3),
        };
        let found = Monitoring {
            pairs: vec![SnapshotPair {
                source: Source::StudentRegistry,
                older: day(2019, 3, 1),
                newer: day(2019, 7, 5),
                lists: 2,
                older_children: 10,
                newer_children: 9,
                stayed: 7,
                changed_school: 1,
                left: 1,
                vanished: 1,
                arrived: 1,
            }],
            findings: vec![finding.clone()],
        };
        let changed = Changed { finding, line: line(1, VerdictCode::Unverified), evidence: None };
        let book = monitoring(&found, &[changed], &head()).unwrap();
        assert_eq!(book.n_rows, 1);
        let sheets = read_back(&book.bytes);
        let (_, rows) = data(&sheets[1].1);
        assert_eq!(rows[0][1..3], ["转出后无到校凭据", "已过"]);
        assert_eq!(rows[0][7..10], ["2019-05-10", "2019-06-09", "柳林镇中心小学"]);
        assert!(!rows[0].iter().any(|cell| cell.contains("专门学校")), "{:?}", rows[0]);
        assert!(
            sheets[2].1.iter().any(|row| row[0].contains("上期10＝未变7＋换学校1＋离开1＋消失1"))
        );
    }
}
