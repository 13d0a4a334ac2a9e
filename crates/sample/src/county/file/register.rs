//! Source 1: the police register of people aged 0 to 17, and the later list of new and changed entries.

use chrono::Datelike;

use super::{County, Sink, mistyped};
use crate::county::{
    book::{Book, Cell, Encoding, Format, Row, Visible},
    chance::Chance,
    county_error::CountyError,
    fault::Supplement,
    people::{Adult, Child, Household},
    style::{Choice, Column, DateStyle, columns, heads},
    truth::Truth,
};

#[derive(Clone, Copy, Debug)]
enum What {
    Number,
    Household,
    Name,
    Former,
    Sex,
    Ethnicity,
    Birth,
    Id,
    Relation,
    Head,
    HeadId,
    Father,
    FatherId,
    Mother,
    MotherId,
    Town,
    Village,
    Group,
    Address,
    Phone,
    Remark,
    Station,
    Reason,
    ReasonOn,
}

const MAIN: &[Choice<What>] = &[
    (What::Number, "", &["序号", "编号"], 90),
    (What::Household, "household_no", &["户号", "户编号"], 90),
    (What::Name, "name", &["姓名"], 100),
    (What::Former, "old", &["曾用名"], 70),
    (What::Sex, "sex", &["性别"], 100),
    (What::Ethnicity, "eth", &["民族"], 85),
    (What::Birth, "birth", &["出生日期", "出生年月日"], 100),
    (What::Id, "id", &["公民身份号码", "身份证号码", "居民身份证号", "证件号码"], 100),
    (What::Relation, "relation", &["与户主关系", "与户主的关系"], 90),
    (What::Head, "head", &["户主姓名", "户主"], 95),
    (What::HeadId, "head_id", &["户主公民身份号码", "户主证件号码", "户主身份证号"], 80),
    (What::Father, "father", &["父亲姓名"], 100),
    (What::FatherId, "father_id", &["父亲身份证号", "父亲公民身份号码"], 80),
    (What::Mother, "mother", &["母亲姓名"], 100),
    (What::MotherId, "mother_id", &["母亲身份证号", "母亲公民身份号码"], 80),
    (What::Town, "town", &["乡镇(街道)", "镇办", "乡镇街道", "所属镇办"], 100),
    (What::Village, "village", &["村(社区)", "行政村", "村居", "所属村(社区)"], 100),
    (What::Group, "grp", &["组", "村民小组", "组别"], 80),
    (What::Address, "addr", &["详细地址", "户籍地址", "住址", "户籍地详址"], 80),
    (What::Phone, "phone", &["联系电话", "电话"], 60),
    (What::Remark, "", &["备注"], 70),
];

const LATER: &[Choice<What>] = &[
    (What::Station, "", &["派出所", "管辖派出所", "所属派出所"], 100),
    (What::Household, "household_no", &["户号"], 100),
    (What::Name, "name", &["姓名"], 100),
    (What::Former, "old", &["曾用名"], 70),
    (What::Sex, "sex", &["性别"], 100),
    (What::Ethnicity, "eth", &["民族"], 80),
    (What::Birth, "birth", &["出生日期", "出生年月"], 100),
    (What::Id, "id", &["证件号码", "身份证号", "公民身份号码"], 100),
    (What::Relation, "relation", &["与户主关系"], 90),
    (What::Head, "head", &["户主", "户主姓名"], 100),
    (What::HeadId, "head_id", &["户主证件号码", "户主身份证号"], 80),
    (What::Father, "guardian", &["监护人一", "监护人一姓名"], 100),
    (What::FatherId, "guardian_id", &["监护人一证件号码", "监护人一证件号"], 90),
    (What::Mother, "guardian2", &["监护人二", "监护人二姓名"], 100),
    (What::MotherId, "guardian2_id", &["监护人二证件号码", "监护人二证件号"], 90),
    (What::Address, "addr", &["户籍地住址", "户籍地址", "户口所在地"], 100),
    (What::Reason, "", &["变动原因", "变动类别"], 100),
    (What::ReasonOn, "", &["变动日期", "登记日期"], 100),
    (What::Phone, "phone", &["电话", "联系电话"], 70),
];

/// How the cells of one of the two files are written.
struct Hand {
    births: DateStyle,
    sex_code: bool,
    tab: bool,
    chance: Chance,
}

pub(in crate::county) fn write(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    main_file(county, truth, sink)?;
    later_file(county, truth, sink)
}

fn main_file(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    let mut style = county.style.chance(1);
    let columns = columns(MAIN, &mut style);
    let place = county.geography.county;
    let names = [
        format!("户籍人口(0-17周岁)_公安{place}局"),
        format!("{place}公安局未成年人户籍信息"),
        "公安户籍0-17岁人员名单".to_owned(),
    ];
    let format = if style.hit(0.8) { Format::Xlsx } else { Format::Ods };
    let one_sheet = style.hit(0.35);
    let mut hand = Hand {
        births: *style.pick(&[
            DateStyle::Iso,
            DateStyle::Compact,
            DateStyle::Slash,
            DateStyle::Real,
        ]),
        sex_code: false,
        tab: false,
        chance: county.chance(1),
    };
    let name = style.pick(&names).clone();
    let stem = county.style.stem(1, None, &name);
    let mut book = Book::new(&stem, county.format(format), truth);
    let by_town = in_register(county);
    if one_sheet {
        book.sheet("人口信息", columns.len(), Visible::Shown)?;
        book.header(&heads(&columns))?;
        for children in &by_town {
            rows(county, &mut book, &columns, (children, &mut hand))?;
        }
    } else {
        for (at, children) in by_town.iter().enumerate() {
            town_sheet(county, &mut book, &columns, (at, children, &mut hand))?;
        }
    }
    sink(book.finish()?)
}

/// The children of the main file by town, in the order of village and household.
fn in_register(county: &County<'_>) -> Vec<Vec<usize>> {
    let mut by_town = vec![Vec::new(); county.geography.places.len()];
    for (at, child) in county.children.iter().enumerate() {
        if child.registered && child.faults.supplement != Supplement::LaterOnly {
            by_town[county.household(child).town].push(at);
        }
    }
    for children in &mut by_town {
        children.sort_by_key(|at| {
            let child = &county.children[*at];
            (county.household(child).village, child.household, child.birth)
        });
    }
    by_town
}

fn town_sheet(
    county: &County<'_>,
    book: &mut Book<'_>,
    columns: &[Column<What>],
    (town, children, hand): (usize, &[usize], &mut Hand),
) -> Result<(), CountyError> {
    let place = &county.geography.places[town];
    let day = county.calendar.days_before(56);
    book.sheet(&place.town.name, columns.len(), Visible::Shown)?;
    let title =
        format!("{}公安局{}派出所辖区0-17周岁户籍人口花名册", county.geography.county, place.stem);
    book.line(Row::Title, &title)?;
    let note = format!(
        "填报单位:户政大队          数据截止日期:{}年{}月{}日          密级:内部资料",
        day.year(),
        day.month(),
        day.day()
    );
    book.line(Row::Note, &note)?;
    book.header(&heads(columns))?;
    rows(county, book, columns, (children, hand))?;
    let total = [Cell::text("合计"), Cell::Blank, Cell::text(format!("{}人", children.len()))];
    book.row(Row::Total, &total)?;
    book.line(
        Row::Note,
        "制表人:              审核人:              单位负责人:              (公章)",
    )
}

fn rows(
    county: &County<'_>,
    book: &mut Book<'_>,
    columns: &[Column<What>],
    (children, hand): (&[usize], &mut Hand),
) -> Result<(), CountyError> {
    for (n, at) in children.iter().enumerate() {
        let child = &county.children[*at];
        let cells: Vec<Cell> =
            columns.iter().map(|column| cell(county, child, (column.what, n + 1), hand)).collect();
        book.row(Row::Child(*at, "register"), &cells)?;
    }
    Ok(())
}

fn later_file(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    let mut style = county.style.chance(101);
    let columns = columns(LATER, &mut style);
    let names = ["户籍补录及变更_上半年", "户籍变动人员名单", "新增及变更户籍信息"];
    let format = match style.below(4) {
        0 => Format::Csv(Encoding::Utf8Bom),
        1 => Format::Xlsx,
        _ => Format::Csv(Encoding::Gbk),
    };
    let mut hand = Hand {
        births: *style.pick(&[DateStyle::Compact, DateStyle::Dots, DateStyle::Iso]),
        sex_code: style.hit(0.6),
        tab: format != Format::Xlsx,
        chance: county.chance(101),
    };
    let stem = county.style.stem(1, None, style.word(&names));
    let mut book = Book::new(&stem, format, truth);
    book.sheet("变动人员", columns.len(), Visible::Shown)?;
    book.header(&heads(&columns))?;
    let mut n = 0;
    for (at, child) in county.children.iter().enumerate() {
        if !child.registered || child.faults.supplement == Supplement::MainOnly {
            continue;
        }
        n += 1;
        let both = child.faults.supplement == Supplement::Both;
        let cells: Vec<Cell> =
            columns.iter().map(|column| cell(county, child, (column.what, n), &mut hand)).collect();
        let tag = if both { "register_supplement also_in_xlsx" } else { "register_supplement" };
        book.row(Row::Child(at, tag), &cells)?;
    }
    book.row(Row::Total, &[Cell::text(format!("共{n}条"))])?;
    sink(book.finish()?)
}

fn cell(county: &County<'_>, child: &Child, (what, n): (What, usize), hand: &mut Hand) -> Cell {
    let household = county.household(child);
    let place = &county.geography.places[household.town];
    match what {
        What::Number => Cell::count(n),
        What::Household => Cell::text(household_number(child, household)),
        What::Name => Cell::text(child.name.clone()),
        What::Former => former(child, hand),
        What::Sex => Cell::text(sex(child, hand)),
        What::Ethnicity => Cell::text(child.ethnicity),
        What::Birth => hand.births.write(child.birth, &mut hand.chance),
        What::Id => id(&child.id, hand),
        What::Relation => Cell::text(relation(child, household)),
        What::Head => Cell::text(household.head().name.clone()),
        What::HeadId => adult_id(household.head(), hand),
        What::Father => Cell::text(household.father.name.clone()),
        What::FatherId => adult_id(&household.father, hand),
        What::Mother => Cell::text(household.mother.name.clone()),
        What::MotherId => adult_id(&household.mother, hand),
        What::Town => Cell::text(place.formal.clone()),
        What::Village => Cell::text(place.villages[household.village].name.clone()),
        What::Group => Cell::text(format!("{}组", crate::county::place::hanzi(household.group))),
        What::Address => Cell::text(county.address(child, true)),
        What::Phone if hand.chance.hit(0.6) => Cell::text(household.phone.clone()),
        What::Remark if child.twin => Cell::text("双胞胎"),
        What::Phone | What::Remark => Cell::Blank,
        What::Station => Cell::text(format!("{}派出所", place.stem)),
        What::Reason => Cell::text(reason(child, &mut hand.chance)),
        What::ReasonOn => {
            let on = county.calendar.days_before(hand.chance.between(60, 230));
            hand.births.write(on, &mut hand.chance)
        }
    }
}

fn reason(child: &Child, chance: &mut Chance) -> &'static str {
    if child.faults.supplement == Supplement::Both {
        return "信息变更";
    }
    chance.word(&["迁入", "补报出生", "收养登记"])
}

/// The second registration of a child stands in a household of its own.
fn household_number(child: &Child, household: &Household) -> String {
    if child.alias_of.is_some() {
        return format!("{}9{}", &household.number[..6], &child.id[8..16]);
    }
    household.number.clone()
}

fn former(child: &Child, hand: &mut Hand) -> Cell {
    match &child.faults.school_name {
        Some(name) if hand.chance.hit(0.4) => Cell::text(name.clone()),
        Some(_) | None => Cell::Blank,
    }
}

fn sex(child: &Child, hand: &Hand) -> &'static str {
    match (hand.sex_code, child.male) {
        (true, true) => "1",
        (true, false) => "2",
        (false, true) => "男",
        (false, false) => "女",
    }
}

fn relation(child: &Child, household: &Household) -> &'static str {
    if household.grandparent.is_some() {
        return if child.male { "孙子" } else { "孙女" };
    }
    if child.male { "子" } else { "女" }
}

/// Exports for spreadsheets put a tab before the number so that it stays text.
fn id(id: &str, hand: &Hand) -> Cell {
    let front = if hand.tab { "\t" } else { "" };
    Cell::text(format!("{front}{id}"))
}

/// Now and then an adult still has the number of fifteen digits, or a mistyped one.
fn adult_id(adult: &Adult, hand: &mut Hand) -> Cell {
    if adult.birth.year() < 2000 && hand.chance.hit(0.03) {
        return Cell::text(format!("{}{}", &adult.id[..6], &adult.id[8..17]));
    }
    if hand.chance.hit(0.002) {
        return Cell::text(mistyped(&adult.id, &mut hand.chance));
    }
    id(&adult.id, hand)
}
