//! Source 2: the export of the national student registry.

use super::{County, Sink, mistyped, tags, transposed};
use crate::county::{
    book::{Book, Cell, Encoding, Format, Row, Visible},
    chance::Chance,
    county_error::CountyError,
    evidence::{Roll, RollStatus},
    fault::RegistryFault,
    names::Names,
    people::{Child, Role},
    style::{Choice, DateStyle, GradeStyle, columns, heads},
    truth::Truth,
};

#[derive(Clone, Copy, Debug)]
enum What {
    Number,
    SchoolCode,
    School,
    Grade,
    Class,
    LocalNumber,
    StudentNumber,
    Name,
    Spelling,
    Sex,
    Birth,
    IdKind,
    Id,
    Ethnicity,
    Area,
    HukouKind,
    Home,
    Lives,
    Guardian,
    GuardianRelation,
    Phone,
    Mode,
    LeftBehind,
    Inclusive,
    Disability,
    Status,
    Change,
    ChangeOn,
    To,
    Entered,
}

const MENU: &[Choice<What>] = &[
    (What::Number, "", &["序号"], 80),
    (What::SchoolCode, "school_code", &["学校标识码", "学校代码"], 90),
    (What::School, "school", &["学校名称", "学校"], 100),
    (What::Grade, "grade", &["年级"], 100),
    (What::Class, "klass", &["班级", "班级名称"], 95),
    (What::LocalNumber, "student_no2", &["学籍主号", "学籍辅号", "班内学号"], 60),
    (What::StudentNumber, "student_no", &["全国学籍号", "学籍号"], 95),
    (What::Name, "name", &["学生姓名", "姓名"], 100),
    (What::Spelling, "", &["姓名拼音"], 50),
    (What::Sex, "sex", &["性别"], 100),
    (What::Birth, "birth", &["出生日期"], 100),
    (What::IdKind, "", &["身份证件类型", "证件类型"], 80),
    (What::Id, "id", &["身份证件号", "身份证号", "身份证件号码"], 100),
    (What::Ethnicity, "eth", &["民族"], 80),
    (What::Area, "", &["户口所在地行政区划", "户口所在地"], 60),
    (What::HukouKind, "", &["户口性质"], 60),
    (What::Home, "addr", &["家庭住址", "家庭地址"], 100),
    (What::Lives, "now", &["现住址"], 90),
    (What::Guardian, "guardian", &["成员1姓名", "家庭成员1姓名", "家长姓名"], 100),
    (What::GuardianRelation, "", &["成员1关系", "家庭成员1关系"], 80),
    (What::Phone, "phone", &["成员1联系电话", "家庭成员1联系电话", "联系电话"], 90),
    (What::Mode, "mode", &["就读方式"], 100),
    (What::LeftBehind, "", &["是否留守儿童"], 70),
    (What::Inclusive, "", &["是否随班就读", "随班就读"], 70),
    (What::Disability, "", &["残疾类型"], 80),
    (What::Status, "student_status", &["学生状态", "学生当前状态", "学籍状态"], 100),
    (What::Change, "change_type", &["异动类型"], 100),
    (What::ChangeOn, "change_date", &["异动日期"], 100),
    (What::To, "to_school", &["转入(接收)学校", "转入学校", "接收学校"], 100),
    (What::Entered, "", &["入学年月"], 70),
];

/// The writer's habits.
struct Hand {
    births: DateStyle,
    grades: GradeStyle,
    words: usize,
    names: Names,
    chance: Chance,
}

/// One row on its way out.
#[derive(Clone, Copy)]
struct Entry<'a> {
    at: usize,
    child: &'a Child,
    roll: &'a Roll,
    /// Whether it is the last roll of the child, the one that carries the child's mistakes.
    last: bool,
}

pub(in crate::county) fn write(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    let mut style = county.style.chance(2);
    let columns = columns(MENU, &mut style);
    let place = county.geography.county;
    let names = [
        format!("全国中小学生学籍信息导出_{place}"),
        format!("{place}学籍系统导出数据"),
        "中小学学籍数据".to_owned(),
    ];
    let format = match style.below(6) {
        0 => Format::Csv(Encoding::Utf8Bom),
        1 => Format::Csv(Encoding::Gbk),
        _ => Format::Xlsx,
    };
    let mut hand = Hand {
        births: *style.pick(&[DateStyle::Compact, DateStyle::Iso, DateStyle::Real]),
        grades: *style.pick(&[GradeStyle::Stage, GradeStyle::Plain]),
        words: style.below(3),
        names: Names::new(),
        chance: county.chance(2),
    };
    let name = style.pick(&names).clone();
    let stem = county.style.stem(2, None, &name);
    let mut book = Book::new(&stem, county.format(format), truth);
    book.sheet("学生信息", columns.len(), Visible::Shown)?;
    book.header(&heads(&columns))?;
    for (n, entry) in entries(county).into_iter().enumerate() {
        let row_tags = row_tags(entry);
        let cells: Vec<Cell> =
            columns.iter().map(|column| cell(county, entry, (column.what, n), &mut hand)).collect();
        book.row(Row::Child(entry.at, &row_tags), &cells)?;
    }
    sink(book.finish()?)
}

/// All rolls in the order of school and grade.
fn entries<'a>(county: &County<'a>) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    for (at, child) in county.children.iter().enumerate() {
        let n_rolls = child.evidence.rolls.len();
        for (index, roll) in child.evidence.rolls.iter().enumerate() {
            entries.push(Entry { at, child, roll, last: index + 1 == n_rolls });
        }
    }
    entries.sort_by_key(|entry| (entry.roll.school, entry.roll.grade, entry.at));
    entries
}

fn fault(entry: Entry<'_>) -> Option<&RegistryFault> {
    entry.child.faults.registry.as_ref().filter(|_| entry.last)
}

fn row_tags(entry: Entry<'_>) -> String {
    let changed = entry.child.faults.school_name.as_ref().map_or("", |_| "name_changed");
    tags(&["registry", fault(entry).map_or("", RegistryFault::row_tag), changed])
}

fn cell(county: &County<'_>, entry: Entry<'_>, (what, n): (What, usize), hand: &mut Hand) -> Cell {
    let Entry { child, roll, .. } = entry;
    let household = county.household(child);
    let school = &county.geography.schools[roll.school];
    match what {
        What::Number => Cell::text((n + 1).to_string()),
        What::SchoolCode => Cell::text(school.code.clone()),
        What::School => Cell::text(school.name.clone()),
        What::Grade => Cell::text(hand.grades.write(roll.grade, &mut hand.chance)),
        What::Class => Cell::text(format!("{}班", 1 + entry.at % 4)),
        What::LocalNumber => Cell::text(format!("{}{:010}", county.geography.area, entry.at + 1)),
        What::StudentNumber => Cell::text(student_number(entry)),
        What::Name => Cell::text(name(entry)),
        What::Spelling if hand.chance.hit(0.6) => Cell::text(hand.names.spelled(&name(entry))),
        What::Sex => Cell::text(if child.male { "男" } else { "女" }),
        What::Birth => birth(entry, hand),
        What::IdKind => Cell::text(if no_id(entry) { "其他" } else { "居民身份证" }),
        What::Id => id(entry, hand),
        What::Ethnicity => Cell::text(child.ethnicity),
        What::Area => Cell::text(format!("{}000000", area(county, child))),
        What::HukouKind => {
            Cell::text(if hand.chance.hit(0.8) { "农业户口" } else { "非农业户口" })
        }
        What::Home => Cell::text(county.address(child, true)),
        What::Lives => lives(county, child),
        What::Guardian => Cell::text(household.adult(guardian(child)).name.clone()),
        What::GuardianRelation => Cell::text(relation(child, county)),
        What::Phone => Cell::text(household.phone.clone()),
        What::Mode => Cell::text(roll.mode),
        What::LeftBehind => Cell::text(if child.left_behind { "是" } else { "否" }),
        What::Inclusive => Cell::text("非随班就读"),
        What::Disability => Cell::text(disability(child)),
        What::Status => Cell::text(status(roll.status, hand.words)),
        What::Change => Cell::text(change(roll.status)),
        What::ChangeOn => roll.on.map_or(Cell::Blank, |on| hand.births.write(on, &mut hand.chance)),
        What::To => Cell::text(roll.to.clone().unwrap_or_default()),
        What::Entered => Cell::text(format!(
            "{}09",
            county.calendar.year - (child.grade.clamp(1, 9) - if roll.grade > 6 { 7 } else { 1 })
        )),
        What::Spelling => Cell::Blank,
    }
}

/// The registry has one of the parents, a grandparent where the child is left behind in one case of two.
fn guardian(child: &Child) -> Role {
    if child.left_behind && child.birth.to_string().ends_with(['1', '3', '5', '7', '9']) {
        return Role::Father;
    }
    child.guardian
}

fn relation(child: &Child, county: &County<'_>) -> &'static str {
    match guardian(child) {
        Role::Father => "父亲",
        Role::Mother => "母亲",
        Role::Grandparent if !county.household(child).head().male => "祖母",
        Role::Grandparent => "祖父",
    }
}

fn lives(county: &County<'_>, child: &Child) -> Cell {
    Cell::text(match child.lives_in {
        Some(town) => {
            let formal = &county.geography.places[town].formal;
            format!("{}{}{formal}", county.geography.city, county.geography.county)
        }
        None => county.address(child, true),
    })
}

fn area(county: &County<'_>, child: &Child) -> String {
    child.outside.map_or_else(|| county.geography.area.clone(), |(_, area)| area.to_owned())
}

fn name(entry: Entry<'_>) -> String {
    if let Some(RegistryFault::Homophone(name)) = fault(entry) {
        return name.clone();
    }
    entry.child.faults.school_name.clone().unwrap_or_else(|| entry.child.name.clone())
}

fn birth(entry: Entry<'_>, hand: &mut Hand) -> Cell {
    let wrong = matches!(fault(entry), Some(RegistryFault::BirthTransposed));
    let birth = if wrong { transposed(entry.child.birth) } else { entry.child.birth };
    hand.births.write(birth, &mut hand.chance)
}

fn no_id(entry: Entry<'_>) -> bool {
    matches!(fault(entry), Some(RegistryFault::NoId))
}

fn id(entry: Entry<'_>, hand: &mut Hand) -> Cell {
    if no_id(entry) {
        return Cell::Blank;
    }
    if matches!(fault(entry), Some(RegistryFault::WrongDigit)) {
        return Cell::text(mistyped(&entry.child.id, &mut hand.chance));
    }
    Cell::text(entry.child.id.clone())
}

/// A temporary number begins with L and only looks like an ID; a formal one is G and the ID of the day of issue. Where the
/// number was mistyped in the registry no formal one could be issued.
fn student_number(entry: Entry<'_>) -> String {
    let wrong = matches!(fault(entry), Some(RegistryFault::NoId | RegistryFault::WrongDigit));
    if wrong {
        return format!("L{}{:010}", entry.child.birth.format("%Y%m%d"), 1_000_000 + entry.at);
    }
    format!("G{}", entry.child.id)
}

fn disability(child: &Child) -> &'static str {
    const KINDS: [&str; 7] =
        ["视力残疾", "听力残疾", "言语残疾", "肢体残疾", "智力残疾", "精神残疾", "多重残疾"];
    child.evidence.disability.as_ref().map_or("无残疾", |disability| KINDS[disability.category])
}

fn status(status: RollStatus, words: usize) -> &'static str {
    match status {
        RollStatus::Present | RollStatus::ArrivedFromCounty => ["在校", "正常", "在读"][words],
        RollStatus::Suspended => "休学",
        RollStatus::LeftForCounty
        | RollStatus::LeftForProvince
        | RollStatus::LeftForElsewhere
        | RollStatus::LeftForAbroad => ["转出", "转出", "转学(转出)"][words],
        RollStatus::Graduated => "毕业",
        RollStatus::OtherLeaving => "其他离校",
    }
}

fn change(status: RollStatus) -> &'static str {
    match status {
        RollStatus::Present => "",
        RollStatus::ArrivedFromCounty => "县内转入",
        RollStatus::Suspended => "休学",
        RollStatus::LeftForCounty => "县内转出",
        RollStatus::LeftForProvince => "省内转出",
        RollStatus::LeftForElsewhere => "跨省转出",
        RollStatus::LeftForAbroad => "出国",
        RollStatus::Graduated => "毕业",
        RollStatus::OtherLeaving => "其他",
    }
}
