//! What the three ledgers print, read back by another reader.

use baoxue_claim::VerdictCode::{
    Dropout, EnrolledLocal, NeverEnrolled, OtherArrangement, Suspected, Unverified,
};

use baoxue_determine::{
    Base, IsDropout,
    population::{BaseRow, Population},
};

use super::*;
use crate::{
    Lang, Masking,
    sample::{data, full_head, head, id, line, part, read_back},
};

/// The headings of `forms.md` §1.
const OF_AGE: &str = "序号, 镇办, 村/社区, 组, 户主, 儿童姓名, 性别, 民族, 出生日期, 身份证号, 户籍地, 现住址, 监护人/电话, 应入学年份, 应就读年级, 就读学校, 年级班, 学籍号, 就读形式(普通/特教/随班/送教), 特殊类别(多选), 就读状态, 依据/证明编号, 有效期至, 核实人, 核实日期, 备注";
/// What stands behind them.
const ANSWERS: &str = "算辍学, 计入在校, 持续关注, 人口基数";
const SUSPECTED: &str = "序号, 学校, 年级班, 姓名, 性别, 民族, 出生日期, 身份证号, 学籍号, 户籍地, 监护人/关系/电话, 缺勤起始日, 连续缺勤天数, 原因(编码+文字), 去向, 首次发现人/日期, 班主任, 包保领导, 劝返次数, 最近劝返日期/结果, 责任七长, 是否脱贫/监测/低保/残疾/留守/孤儿, 状态, 转辍学日期";
const DROPOUT: &str = "认定日期, 认定单位/人, 辍学年月, 辍学时年级, 是否失学, 采取措施, 通知书文号/送达日, 责令改正文号, 法律措施, 复学日期, 复学学校/形式, 稳定期核查, 销号日期/批准人";

fn lines() -> Vec<Line> {
    let codes = [EnrolledLocal, Suspected, Dropout, NeverEnrolled, Unverified, OtherArrangement];
    (0u32..).zip(codes).map(|(n, code)| line(n, code)).collect()
}

/// The of-age ledger of lines that were counted.
fn of_age(lines: &dyn Lines, head: &Head) -> Result<Workbook, ReportError> {
    of_age_ledger(lines, &counted(lines), head)
}

/// The population of these lines, all registered.
fn counted(lines: &dyn Lines) -> Population {
    let mut row = BaseRow { base: Some(Base::Registered), ..BaseRow::default() };
    let all = (0..lines.n_lines()).map(|at| lines.line(at).into_owned().finding);
    for finding in all.filter(|finding| finding.of_age) {
        row.children += 1;
        let out = finding.answer.dropout == IsDropout::Yes;
        *if out { &mut row.dropout.yes } else { &mut row.dropout.no } += 1;
        *if out { &mut row.in_school.no } else { &mut row.in_school.yes } += 1;
        *if out { &mut row.watched.yes } else { &mut row.watched.no } += 1;
    }
    let n_lines = u32::try_from(lines.n_lines()).unwrap();
    let others = [Base::ResidentOther, Base::InNoRegister, Base::Unknown];
    let empty = others.map(|base| BaseRow { base: Some(base), ..BaseRow::default() });
    let population = Population {
        determined: n_lines,
        outside: n_lines - row.children,
        waiting: 0,
        total: BaseRow { base: None, ..row.clone() },
        bases: std::iter::once(row).chain(empty).collect(),
    };
    population.check().unwrap();
    population
}

#[test]
fn a_ledger_that_lacks_children_who_were_counted_is_refused() {
    let (all, few) = (lines(), lines()[..5].to_vec());
    let refused = of_age_ledger(&few, &counted(&all), &head());
    assert!(matches!(refused, Err(ReportError::Population(5, 6))), "{refused:?}");
}

#[test]
fn the_population_stands_by_base_and_answer_with_its_sums() {
    let book = of_age(&lines(), &head()).unwrap();
    let (name, rows) = read_back(&book.bytes).remove(2);
    assert_eq!(name, "口径");
    let said = |text: &str| rows.iter().any(|row| row[0] == text);
    assert!(said(
        "认定6人 = 适龄人口6人 + 未到龄、超龄或已移出基数0人；适龄人口6人 = 本县户籍儿童6 + 常住的外来儿童0 + 无户籍儿童0 + 户籍待核0。"
    ));
    assert!(said("适龄人口6人 = 计入在校3 + 名义在校0 + 不计入在校3 + 不在基数0 + 未定0。"));
    let (header, rows) = data(&rows);
    let (totals, parts) = rows.split_last().unwrap();
    assert_eq!(parts.len(), 4);
    for (at, heading) in header.iter().enumerate().skip(2) {
        let sum: u32 = parts.iter().map(|row| row[at].parse::<u32>().unwrap()).sum();
        assert_eq!(totals[at], sum.to_string(), "{heading}");
    }
}

fn main_sheet(book: &Workbook) -> Vec<Vec<String>> {
    read_back(&book.bytes).remove(0).1
}

#[test]
fn the_headings_are_those_of_the_forms_in_their_order() {
    let lines = lines();
    let of_age = main_sheet(&of_age(&lines, &head()).unwrap());
    assert_eq!(data(&of_age).0.join(", "), format!("{OF_AGE}, {ANSWERS}"));
    let suspected = main_sheet(&suspected_ledger(&lines, &head()).unwrap());
    assert_eq!(data(&suspected).0.join(", "), SUSPECTED);
    let dropout = main_sheet(&dropout_ledger(&lines, &head()).unwrap());
    assert_eq!(data(&dropout).0.join(", "), format!("{SUSPECTED}, {DROPOUT}"));
}

#[test]
fn each_ledger_holds_its_own_children_and_says_how_many() {
    let mut lines = lines();
    lines[0].finding.of_age = false;
    for (book, n, name) in [
        (of_age(&lines, &head()).unwrap(), 5, "适龄儿童少年台账_清河县_20190825.xlsx"),
        (suspected_ledger(&lines, &head()).unwrap(), 1, "疑似辍学学生台账_清河县_20190825.xlsx"),
        (dropout_ledger(&lines, &head()).unwrap(), 2, "辍学学生台账_清河县_20190825.xlsx"),
        (dropout_ledger(&Vec::new(), &head()).unwrap(), 0, "辍学学生台账_清河县_20190825.xlsx"),
    ] {
        let rows = main_sheet(&book);
        assert_eq!(data(&rows).1.len(), n, "{name}");
        assert_eq!(book.n_rows as usize, n);
        assert_eq!(book.file_name, name);
        assert!(rows[1][0].contains(&format!("共{n}人")), "{}", rows[1][0]);
        assert!(rows[1][0].contains("截止日期：2019-08-25"));
    }
}

#[test]
fn a_dropout_row_reads_as_written() {
    let book = dropout_ledger(&lines(), &head()).unwrap();
    let rows = main_sheet(&book);
    let (header, rows) = data(&rows);
    let cells: Vec<String> = header
        .iter()
        .zip(&rows[0])
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(heading, cell)| format!("{heading}: {cell}"))
        .collect();
    insta::assert_snapshot!(cells.join("\n"));
}

#[test]
fn an_of_age_row_reads_as_written() {
    let book = of_age(&lines(), &head()).unwrap();
    let rows = main_sheet(&book);
    let above: Vec<String> = rows[..4].iter().map(|row| row[0].clone()).collect();
    let (header, rows) = data(&rows);
    let cells: Vec<String> = header
        .iter()
        .zip(&rows[0])
        .filter(|(_, cell)| !cell.is_empty())
        .map(|(heading, cell)| format!("{heading}: {cell}"))
        .collect();
    insta::assert_snapshot!(format!("{}\n\n{}", above.join("\n"), cells.join("\n")));
}

#[test]
fn a_masked_ledger_holds_no_full_number_and_a_full_one_says_why() {
    let lines = lines();
    let personal = [id(0), id(2), "13812345678".into(), "赵大山".into(), "三组12号".into()];
    for make in [of_age, suspected_ledger, dropout_ledger] {
        let text = format!("{:?}", read_back(&make(&lines, &head()).unwrap().bytes));
        for value in &personal {
            assert!(!text.contains(value.as_str()), "{value} shows");
        }
    }
    let full = format!("{:?}", read_back(&of_age(&lines, &full_head()).unwrap().bytes));
    for value in &personal {
        assert!(full.contains(value.as_str()), "{value} is missing");
    }
    assert!(full.contains("未遮盖，用途：上户核查"));
}

#[test]
fn a_neutral_placement_names_nothing_but_itself() {
    let mut child = line(5, OtherArrangement);
    child.study.school = Some("某地未成年犯管教所".into());
    child.finding.document = Some("刑执字第5号".into());
    child.finding.remarks = Some(baoxue_claim::Private::new("服刑"));
    child.evidence[0].words = Some(baoxue_claim::Private::new("在管教所"));
    for head in [head(), full_head()] {
        let rows = main_sheet(&of_age(&vec![child.clone()], &head).unwrap());
        let (header, rows) = data(&rows);
        let cell = |name: &str| &rows[0][header.iter().position(|h| h == name).unwrap()];
        assert_eq!(cell("就读状态"), "其他就学安排");
        for name in ["就读学校", "年级班", "依据/证明编号", "有效期至", "备注"] {
            assert_eq!(cell(name), "", "{name}");
        }
    }
}

#[test]
fn an_accusation_that_is_not_confirmed_says_so() {
    let rows = main_sheet(&suspected_ledger(&lines(), &head()).unwrap());
    let status =
        data(&rows).1[0].iter().filter(|cell| cell.contains("疑似辍学")).collect::<Vec<_>>();
    assert_eq!(status, ["疑似辍学（待确认）"]);
}

#[test]
fn the_summary_adds_up_and_keeps_children_of_no_town() {
    let mut lines = lines();
    lines[4].who.town = None;
    let book = of_age(&lines, &head()).unwrap();
    let (name, rows) = read_back(&book.bytes).remove(1);
    assert_eq!(name, "汇总");
    assert!(rows.iter().any(|row| row[0].contains("其中1人镇办不明")));
    let (header, rows) = data(&rows);
    let (totals, towns) = rows.split_last().unwrap();
    assert_eq!(towns.last().unwrap()[1], "（镇办不明）");
    for column in 2..header.len() {
        let sum: u32 = towns.iter().map(|row| row[column].parse::<u32>().unwrap()).sum();
        assert_eq!(totals[column], sum.to_string(), "{}", header[column]);
    }
    assert_eq!(totals.last().unwrap(), "6");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let lines = lines();
    for make in [of_age, suspected_ledger, dropout_ledger] {
        assert_eq!(make(&lines, &head()).unwrap().bytes, make(&lines, &head()).unwrap().bytes);
    }
}

#[test]
fn the_sheet_is_set_up_for_the_screen_and_for_paper() {
    let bytes = of_age(&lines(), &head()).unwrap().bytes;
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    for wanted in [
        r#"<pane xSplit="7" ySplit="5" topLeftCell="H6" activePane="bottomRight" state="frozen"/>"#,
        r#"<autoFilter ref="A5:AD11"/>"#,
        r#"paperSize="9""#,
        r#"orientation="landscape""#,
        r#"fitToHeight="0""#,
        "第 &amp;P 页 共 &amp;N 页",
        "<pageMargins ",
    ] {
        assert!(sheet.contains(wanted), "{wanted}");
    }
    let book = part(&bytes, "xl/workbook.xml");
    assert!(book.contains("_xlnm.Print_Titles") && book.contains("$5:$5"), "{book}");
    let core = part(&bytes, "docProps/core.xml");
    assert!(core.contains("<dc:title>适龄儿童少年台账</dc:title>") && core.contains("2019-08-28"));
    assert!(core.contains("<dc:creator></dc:creator>"), "{core}");
}

#[test]
fn a_ledger_too_wide_for_a4_prints_on_a3() {
    let bytes = dropout_ledger(&lines(), &head()).unwrap().bytes;
    let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains(r#"paperSize="8""#) && sheet.contains(r#"fitToHeight="0""#));
}

#[test]
fn an_english_ledger_has_english_headings_and_the_same_children() {
    let head = Head { lang: Lang::En, masking: Masking::Masked, ..head() };
    let (name, rows) = read_back(&dropout_ledger(&lines(), &head).unwrap().bytes).remove(0);
    assert_eq!(name, "Dropouts");
    assert!(rows[1][0].contains("2 children"));
    assert!(rows.iter().any(|row| row[0] == "No." && row[1] == "School"));
    assert_eq!(rows.iter().filter(|row| row.iter().any(|cell| cell == "赵小梅")).count(), 1);
}
