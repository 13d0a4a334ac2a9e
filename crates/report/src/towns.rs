//! The town table: what each town reported, what of it is no dropout by the rules, what inspection and registers found
//! besides. Internal, real counts; a table for the public needs its small cells hidden (T-61) and is not made here.

use baoxue_claim::TownCode;
use baoxue_determine::towns::TownRow;

use crate::{
    Head, Lang, ReportError, Workbook,
    cell::Cell,
    sheet::{Book, Field, Page},
    style::Kind::Short,
    width::{display_width, pad_left, pad_right},
};

/// The town table with a row of totals; `n_rows` counts towns. `silent` are the towns that sent no report, or whose
/// rows were returned: that they reported nobody prints blank, never 0.
///
/// # Errors
/// [`ReportError`] when a date cannot be written or the writer refuses.
pub fn town_table(
    rows: &[TownRow],
    silent: &[TownCode],
    head: &Head,
) -> Result<Workbook, ReportError> {
    let towns: Vec<Town<'_>> = rows.iter().map(|row| Town::new(row, silent)).collect();
    let total = total(rows);
    let lang = head.lang;
    let mut fields = vec![Field::new(("镇办", "Town"), Short, 16, |town: &Town<'_>, head| {
        Cell::text(town.name(head.lang))
    })];
    for (n, measure) in MEASURES.iter().enumerate() {
        fields.push(Field::nth(lang.pick(measure.zh, measure.en), n, |town, n| {
            Cell::count(town.value(&MEASURES[n]))
        }));
    }
    let sums = MEASURES.iter().map(|measure| Cell::Number((measure.of)(&total)));
    let page = Page {
        form: "BX-09 v1",
        tab: lang.pick("分镇办统计表", "Towns"),
        title: &match lang {
            Lang::Zh => format!("{}控辍保学情况分镇办统计表", head.county),
            Lang::En => format!("Children out of school by town, {}", head.county),
        },
        unit: ("个镇办", "towns"),
        notes: notes(rows, silent, lang),
        totals: Some(std::iter::once(Cell::text(lang.pick("合计", "Total"))).chain(sums).collect()),
        n_fixed_columns: 2,
    };
    let mut book = Book::new(page.tab, head)?;
    book.table(&page, &fields, &towns.iter().collect::<Vec<_>>())?;
    book.finish()
}

/// The town table for a terminal, columns aligned with Chinese characters two cells wide, totals and notes below.
pub fn town_table_text(rows: &[TownRow], silent: &[TownCode], lang: Lang) -> String {
    let mut table = vec![
        std::iter::once(lang.pick("镇办", "Town").to_owned())
            .chain(
                MEASURES.iter().map(|measure| lang.pick(measure.brief_zh, measure.brief_en).into()),
            )
            .collect::<Vec<String>>(),
    ];
    table.extend(rows.iter().map(|row| text_row(&Town::new(row, silent), lang)));
    let total = TownRow { name: lang.pick("合计", "Total").to_owned(), ..total(rows) };
    table.push(text_row(&Town { row: &total, silent: false, total: true }, lang));
    let widths: Vec<usize> = (0..=MEASURES.len())
        .map(|n| table.iter().map(|row| display_width(&row[n])).max().unwrap_or(0))
        .collect();
    let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * MEASURES.len());
    let mut lines: Vec<String> = table.iter().map(|row| align(row, &widths)).collect();
    lines.insert(lines.len() - 1, rule.clone());
    lines.insert(1, rule);
    lines.extend(notes(rows, silent, lang));
    lines.join("\n")
}

/// One count of the table.
struct Measure {
    zh: &'static str,
    en: &'static str,
    brief_zh: &'static str,
    brief_en: &'static str,
    /// Whether it is unknown, not 0, for a town that sent nothing.
    from_report: bool,
    of: fn(&TownRow) -> u32,
}

impl Measure {
    const fn new(
        [zh, en]: [&'static str; 2],
        [brief_zh, brief_en]: [&'static str; 2],
        from_report: bool,
        of: fn(&TownRow) -> u32,
    ) -> Self {
        Self { zh, en, brief_zh, brief_en, from_report, of }
    }
}

const MEASURES: [Measure; 12] = [
    Measure::new(
        ["上报(含督查发现)", "Reported (with inspection)"],
        ["上报", "reported"],
        true,
        |row| row.reported,
    ),
    Measure::new(
        ["其中：按政策不属于辍学", "Of these: not a dropout by policy"],
        ["按政策不属辍学", "not by policy"],
        true,
        |row| row.not_dropout_by_policy,
    ),
    Measure::new(
        ["其中：待定（疑似、说法不一、核实中）", "Of these: undecided"],
        ["待定", "undecided"],
        true,
        |row| row.undecided,
    ),
    Measure::new(
        ["其中：政策落实不到位", "Of these: policy mishandled"],
        ["政策落实不到位", "mishandled"],
        true,
        |row| row.mishandled_policy,
    ),
    Measure::new(
        ["其中：督查发现", "Of these: found by inspection"],
        ["督查发现", "inspection"],
        true,
        |row| row.city_inspection,
    ),
    Measure::new(
        ["其中：原因不明", "Of these: unexplained"],
        ["原因不明", "unexplained"],
        true,
        |row| row.unexplained,
    ),
    Measure::new(
        ["认定失学辍学", "Out of school by this finding"],
        ["认定失学辍学", "out of school"],
        false,
        |row| row.out_of_school,
    ),
    Measure::new(
        ["其中：未上报", "Of these: on no list"],
        ["其中未上报", "unreported"],
        false,
        |row| row.unreported,
    ),
    Measure::new(["疑似辍学", "Suspected"], ["疑似", "suspected"], false, |row| {
        row.suspected
    }),
    Measure::new(["说法不一", "In conflict"], ["说法不一", "conflict"], false, |row| {
        row.conflict
    }),
    Measure::new(["核实中", "Unverified"], ["核实中", "unverified"], false, |row| {
        row.unverified
    }),
    Measure::new(["适龄人口", "Of compulsory age"], ["适龄", "of age"], false, |row| {
        row.of_age
    }),
];

struct Town<'a> {
    row: &'a TownRow,
    silent: bool,
    total: bool,
}

impl<'a> Town<'a> {
    fn new(row: &'a TownRow, silent: &[TownCode]) -> Self {
        // A town that sent no list but has children on one was heard after all: by the inspection.
        let silent = row.reported == 0 && row.town.is_some_and(|town| silent.contains(&town));
        Self { row, silent, total: false }
    }

    fn name(&self, lang: Lang) -> &str {
        match self.row.town {
            None if !self.total && self.row.name.is_empty() => {
                lang.pick("（镇办不明）", "(not known)")
            }
            None | Some(_) => &self.row.name,
        }
    }

    fn value(&self, measure: &Measure) -> Option<u32> {
        (!self.silent || !measure.from_report).then(|| (measure.of)(self.row))
    }
}

fn total(rows: &[TownRow]) -> TownRow {
    rows.iter().fold(TownRow::default(), |sum, row| TownRow {
        town: None,
        name: String::new(),
        reported: sum.reported + row.reported,
        not_dropout_by_policy: sum.not_dropout_by_policy + row.not_dropout_by_policy,
        undecided: sum.undecided + row.undecided,
        mishandled_policy: sum.mishandled_policy + row.mishandled_policy,
        city_inspection: sum.city_inspection + row.city_inspection,
        unexplained: sum.unexplained + row.unexplained,
        out_of_school: sum.out_of_school + row.out_of_school,
        unreported: sum.unreported + row.unreported,
        suspected: sum.suspected + row.suspected,
        conflict: sum.conflict + row.conflict,
        unverified: sum.unverified + row.unverified,
        of_age: sum.of_age + row.of_age,
    })
}

/// What the reader must know of the sums: rows that do not add up, towns that sent nothing, children of no town.
fn notes(rows: &[TownRow], silent: &[TownCode], lang: Lang) -> Vec<String> {
    let parts = |row: &TownRow| {
        let out = row.mishandled_policy + row.city_inspection + row.unexplained;
        row.not_dropout_by_policy + row.undecided + out
    };
    let names = |wrong: &dyn Fn(&TownRow) -> bool| {
        let wrong = rows.iter().filter(|row| wrong(row));
        wrong.map(|row| Town::new(row, silent).name(lang).to_owned()).collect::<Vec<_>>()
    };
    let off_reported = names(&|row| parts(row) != row.reported);
    let off_out = names(&|row| {
        let not_out = row.not_dropout_by_policy + row.undecided;
        row.out_of_school + not_out != row.unreported + row.reported
    });
    let unheard = names(&|row| Town::new(row, silent).silent);
    let lost: u32 = rows.iter().filter(|row| row.town.is_none()).map(|row| row.of_age).sum();
    let mut notes = vec![
        lang.pick(
            "上报＝按政策不属于辍学＋待定＋政策落实不到位＋督查发现＋原因不明；认定失学辍学＝上报－按政策不属于辍学－待定＋未上报。",
            "Reported = not by policy + undecided + mishandled + inspection + unexplained; out of school = reported - not by \
             policy - undecided + unreported.",
        )
        .to_owned(),
    ];
    let mut say = |names: &[String], zh: &str, en: &str| {
        if !names.is_empty() {
            let sign = lang.pick("、", ", ");
            notes.push(format!("{}{}", lang.pick(zh, en), names.join(sign)));
        }
    };
    say(&off_reported, "上报数与分项之和不符，须查清：", "Reported differs from its parts: ");
    say(
        &off_out,
        "认定数与上报数对不上，须查清：",
        "Out of school does not follow from reported: ",
    );
    say(
        &unheard,
        "未报送，或有行被退回还没有更正（空白不等于零）：",
        "Sent no report, or rows were returned and have not come back (blank is not zero): ",
    );
    if lost > 0 {
        notes.push(match lang {
            Lang::Zh => format!("另有{lost}名适龄儿童镇办不明，单列一行，已计入合计。"),
            Lang::En => format!(
                "{lost} children of age have no known town; they stand in a row of their own."
            ),
        });
    }
    notes
}

fn text_row(town: &Town<'_>, lang: Lang) -> Vec<String> {
    let values = MEASURES.iter().map(|measure| {
        town.value(measure)
            .map_or_else(|| lang.pick("未报", "none sent").to_owned(), |n| n.to_string())
    });
    std::iter::once(town.name(lang).to_owned()).chain(values).collect()
}

fn align(row: &[String], widths: &[usize]) -> String {
    let mut cells = row.iter().zip(widths);
    let first = cells.next().map(|(text, width)| pad_right(text, *width));
    let rest = cells.map(|(text, width)| pad_left(text, *width));
    first.into_iter().chain(rest).collect::<Vec<_>>().join("  ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{data, head, read_back};

    fn row(code: &str, name: &str, counts: [u32; 5], [out, unreported]: [u32; 2]) -> TownRow {
        TownRow {
            town: code.parse().ok(),
            name: name.into(),
            reported: counts[0],
            not_dropout_by_policy: counts[1],
            mishandled_policy: counts[2],
            city_inspection: counts[3],
            unexplained: counts[4],
            out_of_school: out,
            unreported,
            of_age: 100,
            ..TownRow::default()
        }
    }

    fn rows() -> Vec<TownRow> {
        vec![
            row("990001001", "河口办", [0, 0, 0, 0, 0], [0, 0]),
            row("990001101", "柳林镇", [3, 1, 1, 1, 0], [4, 2]),
            row("990001102", "石桥镇", [0, 0, 0, 0, 0], [1, 1]),
        ]
    }

    fn silent() -> Vec<TownCode> {
        vec!["990001102".parse().unwrap()]
    }

    #[test]
    fn totals_add_up_and_a_silent_town_is_blank() {
        let book = town_table(&rows(), &silent(), &head()).unwrap();
        assert_eq!(book.n_rows, 3);
        let sheets = read_back(&book.bytes);
        let (header, rows) = data(&sheets[0].1);
        assert_eq!(header[..3], ["序号", "镇办", "上报(含督查发现)"]);
        assert_eq!(rows[0][1..5], ["河口办", "0", "0", "0"]);
        assert_eq!(rows[2][1..10], ["石桥镇", "", "", "", "", "", "", "1", "1"]);
        assert_eq!(rows[3][1..10], ["合计", "3", "1", "0", "1", "1", "0", "5", "3"]);
        assert_eq!(rows[3][13], "300");
        assert!(
            sheets[0]
                .1
                .iter()
                .any(|row| row[0] == "未报送，或有行被退回还没有更正（空白不等于零）：石桥镇")
        );
        assert!(!sheets[0].1.iter().any(|row| row[0].contains("须查清")));
    }

    #[test]
    fn a_town_whose_parts_do_not_add_up_is_named() {
        let mut rows = rows();
        rows[1].reported = 5;
        rows.push(TownRow { of_age: 7, ..TownRow::default() });
        let text = town_table_text(&rows, &[], Lang::Zh);
        assert!(text.contains("上报数与分项之和不符，须查清：柳林镇"), "{text}");
        assert!(text.contains("认定数与上报数对不上，须查清：柳林镇"), "{text}");
        assert!(text.contains("另有7名适龄儿童镇办不明"), "{text}");
        assert!(text.contains("（镇办不明）"), "{text}");
    }

    #[test]
    fn the_terminal_table_is_aligned() {
        let text = town_table_text(&rows(), &silent(), Lang::Zh);
        let table: Vec<&str> = text.lines().take(7).collect();
        let widths: Vec<usize> = table.iter().map(|line| display_width(line)).collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "{widths:?}\n{text}");
        insta::assert_snapshot!(text);
    }
}
