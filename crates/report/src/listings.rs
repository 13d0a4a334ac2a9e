//! 错报、漏报: for each town what it found itself, what others found, whom it listed wrongly; for each source how right it
//! was; then the children by name. Internal, real counts.

use baoxue_determine::accounting::{
    Accounting, FoundBy, OutChild, Outcome, ReportState, SourceAccount, TownAccount, WrongListing,
};

use crate::{
    Evidence, Head, Lang, Line, ReportError, Workbook,
    cell::Cell,
    ledger::cells::source_word,
    sheet::{Book, Field, Page},
    style::Kind::{Count, Day, Short, Words},
};

/// A child on one of the lists by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<T> {
    /// What the account says of it.
    pub of: T,
    /// The child.
    pub line: Line,
    /// The row that named it; `None` when nobody did.
    pub evidence: Option<Evidence>,
    /// The town or school that sent the row.
    pub sender: Option<String>,
}

/// The account of wrong and missing listings; `n_rows` counts the towns.
///
/// # Errors
/// [`ReportError`] when a sheet is too long, a date cannot be written, or the writer refuses.
pub fn listings(
    account: &Accounting,
    wrong: &[Listed<WrongListing>],
    out: &[Listed<OutChild>],
    head: &Head,
) -> Result<Workbook, ReportError> {
    let mut book = Book::new(head.lang.pick("错报漏报核算表", "Wrong and missing listings"), head)?;
    add_towns(&mut book, &account.towns, head)?;
    add_sources(&mut book, &account.sources, head)?;
    add_wrong(&mut book, wrong, head)?;
    add_out(&mut book, out, head)?;
    book.finish()
}

fn add_towns(book: &mut Book<'_>, towns: &[TownAccount], head: &Head) -> Result<(), ReportError> {
    let page = Page {
        form: "BX-11 v1",
        tab: head.lang.pick("分镇办核算", "Towns"),
        title: &match head.lang {
            Lang::Zh => format!("{}错报漏报分镇办核算表", head.county),
            Lang::En => format!("Wrong and missing listings by town, {}", head.county),
        },
        unit: ("个镇办", "towns"),
        notes: vec![
            head.lang
                .pick(
                    "认定失学辍学＝本镇办最先发现＋他人先发现、本镇办后列出＋仅由他人发现（漏报）。本镇办自己发现的不计为漏报；考核只看漏报和错报。",
                    "Out of school = found first by the town + named later by the town + named by others only (missed). What a \
                     town finds itself is never counted against it.",
                )
                .to_owned(),
            head.lang
                .pick(
                    "“未报送或被退回”不等于“报零”：其数字不详。",
                    "A town that sent nothing did not report zero: its figures are unknown.",
                )
                .to_owned(),
        ],
        totals: Some(totals(towns, head.lang)),
        n_fixed_columns: 2,
    };
    let fields = vec![
        Field::new(("镇办", "Town"), Short, 16, |row: &TownAccount, _| {
            Cell::text(row.name.as_str())
        }),
        Field::new(("报送情况", "Report"), Short, 10, |row, head| {
            Cell::text(state(row.report, head.lang))
        }),
        Field::number(("认定失学辍学", "Out of school"), |row, _| Cell::Number(row.out)),
        Field::number(("其中：本镇办最先发现", "Found first"), |row, _| {
            Cell::Number(row.found_first)
        }),
        Field::number(
            ("其中：他人先发现、本镇办后列出", "Named later"),
            |row, _| Cell::Number(row.found_later),
        ),
        Field::number(("其中：漏报（仅由他人发现）", "Missed"), |row, _| {
            Cell::Number(row.missed)
        }),
        Field::number(
            ("漏报中：报零而他人发现", "Missed by a zero report"),
            |row, _| Cell::Number(row.zero_contradicted),
        ),
        Field::number(
            ("错报（列为失学辍学而不属实）", "Listed wrongly"),
            |row, _| {
                let known = row.report != ReportState::None;
                Cell::count(known.then_some(row.wrong))
            },
        ),
        Field::number(("最长未列出天数", "Longest days"), |row, _| {
            Cell::Number(row.longest_days)
        }),
    ];
    book.table(&page, &fields, &towns.iter().collect::<Vec<_>>())
}

fn totals(towns: &[TownAccount], lang: Lang) -> Vec<Cell> {
    let sum = |part: fn(&TownAccount) -> u32| Cell::Number(towns.iter().map(part).sum());
    vec![
        Cell::text(lang.pick("合计", "Total")),
        Cell::Blank,
        sum(|row| row.out),
        sum(|row| row.found_first),
        sum(|row| row.found_later),
        sum(|row| row.missed),
        sum(|row| row.zero_contradicted),
        sum(|row| row.wrong),
        Cell::Blank,
    ]
}

const fn state(state: ReportState, lang: Lang) -> &'static str {
    match state {
        ReportState::None => lang.pick("未报送或被退回", "none, or returned"),
        ReportState::Zero => lang.pick("报零", "zero"),
        ReportState::Named => lang.pick("已报", "named"),
    }
}

fn add_sources(
    book: &mut Book<'_>,
    sources: &[SourceAccount],
    head: &Head,
) -> Result<(), ReportError> {
    let page = Page {
        form: "BX-11 v1",
        tab: head.lang.pick("各来源准确情况", "Sources"),
        title: &match head.lang {
            Lang::Zh => format!("{}各来源所列失学辍学儿童核实情况", head.county),
            Lang::En => format!("What became of the children each source named, {}", head.county),
        },
        unit: ("个来源", "sources"),
        notes: vec![
            head.lang
                .pick(
                    "列出人数＝属实＋疑似＋已返校＋缺课有手续或已返校＋错报＋待核。学校月报缺课达到疑似天数即计入。",
                    "Named = right + suspected + back + absence explained + wrong + open. A school's report counts from the \
                     days that make a suspected dropout.",
                )
                .to_owned(),
        ],
        totals: None,
        n_fixed_columns: 2,
    };
    let mut fields = vec![
        Field::new(("来源", "Source"), Short, 12, |row: &SourceAccount, head| {
            Cell::text(source_word(row.source, head.lang))
        }),
        Field::new(("列出人数", "Named"), Count, 10, |row, _| Cell::Number(row.named)),
    ];
    for (n, outcome) in Outcome::ALL.iter().enumerate() {
        fields.push(Field::nth(outcome_word(*outcome, head.lang), n, |row, n| {
            Cell::Number(row.outcomes[n])
        }));
    }
    book.sheet(&page, &fields, &sources.iter().collect::<Vec<_>>())
}

const fn outcome_word(outcome: Outcome, lang: Lang) -> &'static str {
    match outcome {
        Outcome::Right => lang.pick("属实", "right"),
        Outcome::Suspected => lang.pick("疑似", "suspected"),
        Outcome::CameBack => lang.pick("已返校", "back"),
        Outcome::Explained => lang.pick("缺课有手续或已返校", "absence explained"),
        Outcome::Wrong => lang.pick("错报", "wrong"),
        Outcome::Open => lang.pick("待核", "open"),
    }
}

/// The columns that say who a child is and who named it.
fn common<T>() -> Vec<Field<Listed<T>>> {
    vec![
        Field::new(("镇办", "Town"), Short, 8, |row: &Listed<T>, _| {
            Cell::maybe(row.line.who.town.as_deref())
        }),
        Field::new(("村/社区", "Village"), Short, 10, |row, _| {
            Cell::maybe(row.line.who.village.as_deref())
        }),
        Field::new(("儿童姓名", "Child"), Short, 8, |row, _| row.line.who.name_cell()),
        Field::new(("出生日期", "Born"), Day, 11, |row, _| row.line.who.birth_cell()),
        Field::new(("认定状态", "Status"), Short, 12, |row, head| row.line.status_cell(head)),
        Field::new(("最先列出的来源", "Named by"), Short, 12, |row, head| {
            let source = row.evidence.as_ref().map(|evidence| evidence.source);
            Cell::maybe(source.map(|source| source_word(source, head.lang)))
        }),
        Field::new(("报送单位", "Sender"), Words, 14, |row, _| {
            Cell::maybe(row.sender.as_deref())
        }),
        Field::new(("列出日期", "On"), Day, 11, |row, _| {
            Cell::day(row.evidence.as_ref().map(|evidence| evidence.on))
        }),
        Field::new(("出处(文件/表/行)", "File/sheet/row"), Words, 26, |row, head| {
            Cell::maybe(row.evidence.as_ref().map(|evidence| evidence.place(head.lang)))
        }),
    ]
}

fn add_wrong(
    book: &mut Book<'_>,
    rows: &[Listed<WrongListing>],
    head: &Head,
) -> Result<(), ReportError> {
    let page = Page {
        form: "BX-11 v1",
        tab: head.lang.pick("错报名单", "Wrong"),
        title: &match head.lang {
            Lang::Zh => format!("{}错报名单：列为失学辍学而不属实", head.county),
            Lang::En => format!("Listed as out of school and not, {}", head.county),
        },
        unit: ("条", "listings"),
        notes: Vec::new(),
        totals: None,
        n_fixed_columns: 4,
    };
    let mut fields = common::<WrongListing>();
    fields.push(Field::new(
        ("列出时是否已有相反依据", "Known then"),
        Short,
        10,
        |row, head| {
            Cell::text(if row.of.known_before {
                head.lang.pick("已有", "yes")
            } else {
                head.lang.pick("没有", "no")
            })
        },
    ));
    fields.push(Field::new(("更正日期", "Corrected on"), Day, 11, |row, _| {
        Cell::day(row.of.corrected_on)
    }));
    fields.push(Field::new(("历时天数", "Days"), Count, 8, |row, _| Cell::Number(row.of.days)));
    book.sheet(&page, &fields, &rows.iter().collect::<Vec<_>>())
}

fn add_out(book: &mut Book<'_>, rows: &[Listed<OutChild>], head: &Head) -> Result<(), ReportError> {
    let page = Page {
        form: "BX-11 v1",
        tab: head.lang.pick("谁先发现", "Who knew first"),
        title: &match head.lang {
            Lang::Zh => format!("{}失学辍学儿童由谁最先发现", head.county),
            Lang::En => format!("Who knew first of each child out of school, {}", head.county),
        },
        unit: ("人", "children"),
        notes: vec![
            head.lang
                .pick(
                    "没有来源的：无人直接列出，由各名册比对得出。历时天数自他人最先列出之日起，至本镇办列出之日，未列出的至认定日期。",
                    "Without a source: nobody named the child, it follows from the registers. Days run from the first word to \
                     the town's own, or to the day of determination.",
                )
                .to_owned(),
        ],
        totals: None,
        n_fixed_columns: 4,
    };
    let mut fields = common::<OutChild>();
    fields.push(Field::new(("归类", "Class"), Words, 16, |row, head| {
        Cell::text(found_by(row.of.found_by, head.lang))
    }));
    fields.push(Field::new(("本镇办报送情况", "Town's report"), Short, 8, |row, head| {
        Cell::text(state(row.of.report, head.lang))
    }));
    fields.push(Field::new(("本镇办列出日期", "Town named on"), Day, 11, |row, _| {
        Cell::day(row.of.town_on)
    }));
    fields.push(Field::new(("历时天数", "Days"), Count, 8, |row, _| Cell::Number(row.of.days)));
    book.sheet(&page, &fields, &rows.iter().collect::<Vec<_>>())
}

const fn found_by(found_by: FoundBy, lang: Lang) -> &'static str {
    match found_by {
        FoundBy::TownFirst => lang.pick("本镇办最先发现", "found first by the town"),
        FoundBy::TownLater => lang.pick("他人先发现，本镇办后列出", "named later by the town"),
        FoundBy::OthersOnly => lang.pick("漏报：仅由他人发现", "missed by the town"),
    }
}

#[cfg(test)]
mod tests {
    use baoxue_claim::{BatchId, ChildId, ClaimId, RecordId, Source, VerdictCode};
    use baoxue_determine::accounting::Naming;

    use super::*;
    use crate::sample::{data, day, head, line, read_back};

    fn town(name: &str, report: ReportState, [out, first, later, missed]: [u32; 4]) -> TownAccount {
        TownAccount {
            name: name.into(),
            report,
            out,
            found_first: first,
            found_later: later,
            missed,
            ..TownAccount::default()
        }
    }

    #[test]
    fn towns_sources_and_names_print_and_no_report_is_not_zero() {
        let naming = Naming {
            claim: ClaimId { record: RecordId::new(BatchId(1), 3), position: 0 },
            source: Source::Inspection,
            town: None,
            school: None,
            on: day(2019, 8, 10),
        };
        let account = Accounting {
            towns: vec![
                town("河口办", ReportState::Zero, [1, 0, 0, 1]),
                town("柳林镇", ReportState::None, [0; 4]),
            ],
            sources: vec![SourceAccount {
                source: Source::TownLedger,
                named: 6,
                outcomes: [1, 1, 1, 1, 1, 1],
            }],
            ..Accounting::default()
        };
        let out = Listed {
            of: OutChild {
                child: ChildId(1),
                town: None,
                found_by: FoundBy::OthersOnly,
                first: Some(naming.clone()),
                town_on: None,
                report: ReportState::Zero,
                days: 15,
            },
            line: line(1, VerdictCode::Dropout),
            evidence: line(1, VerdictCode::Dropout).evidence.pop(),
            sender: Some("市督查组".into()),
        };
        let wrong = Listed {
            of: WrongListing {
                child: ChildId(2),
                by: naming,
                code: VerdictCode::EnrolledLocal,
                known_before: true,
                corrected_on: None,
                days: 36,
            },
            line: line(2, VerdictCode::EnrolledLocal),
            evidence: line(2, VerdictCode::Dropout).evidence.pop(),
            sender: None,
        };
        let book = listings(&account, &[wrong], &[out], &head()).unwrap();
        let sheets = read_back(&book.bytes);
        let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["分镇办核算", "各来源准确情况", "错报名单", "谁先发现"]);
        let (_, towns) = data(&sheets[0].1);
        assert_eq!(towns[0][1..7], ["河口办", "报零", "1", "0", "0", "1"]);
        assert_eq!(towns[1][2..4], ["未报送或被退回", "0"]);
        assert_eq!(towns[1][8], "", "what a silent town listed wrongly is not known");
        assert_eq!(towns[2][1..8], ["合计", "", "1", "0", "0", "1", "0"]);
        let (_, sources) = data(&sheets[1].1);
        assert_eq!(sources[0][1..4], ["镇办台账", "6", "1"]);
        assert_eq!(data(&sheets[2].1).1[0][10..], ["已有", "", "36"]);
        assert_eq!(data(&sheets[3].1).1[0][10..12], ["漏报：仅由他人发现", "报零"]);
    }
}
