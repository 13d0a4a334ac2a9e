//! Source 5: the surveys of the towns, each in its own shape, with the ledger of children out of school.

mod ledger;

use chrono::Datelike;

use super::{County, Sink, mistyped, tags, transposed};
use crate::county::{
    book::{Book, Cell, Format, Row, Visible},
    chance::Chance,
    county_error::CountyError,
    evidence::Survey,
    fault::SurveyFault,
    people::{Child, Role},
    place::neighbour,
    style::{Choice, Column, TownStyle, columns, heads},
    truth::Truth,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Number,
    Village,
    Group,
    Head,
    Name,
    Former,
    Sex,
    Age,
    Ethnicity,
    Id,
    Birth,
    Registered,
    Lives,
    Guardian,
    Relation,
    Phone,
    Poor,
    School,
    Grade,
    Status,
    Disabled,
    LeftBehind,
    Remark,
    Surveyor,
    On,
}

const MENU: &[Choice<What>] = &[
    (What::Number, "", &["序号", "编号", "顺序号"], 92),
    (
        What::Village,
        "village",
        &["村(社区)", "村", "村名", "行政村", "所属村", "村委会", "所在村(社区)", "社区"],
        85,
    ),
    (What::Group, "grp", &["组", "组别", "村民小组"], 40),
    (What::Head, "head", &["户主姓名", "户主"], 25),
    (
        What::Name,
        "name",
        &[
            "姓名",
            "学生姓名",
            "儿童姓名",
            "小孩姓名",
            "学生名字",
            "适龄儿童少年姓名",
            "学 生 姓 名",
            "姓\u{3000}名",
            "学生",
        ],
        100,
    ),
    (What::Former, "old", &["曾用名"], 12),
    (What::Sex, "sex", &["性别", "性\u{3000}别"], 95),
    (What::Age, "age", &["年龄", "年\u{3000}龄"], 20),
    (What::Ethnicity, "eth", &["民族"], 25),
    (
        What::Id,
        "id",
        &[
            "身份证号码",
            "身份证号",
            "公民身份号码",
            "公民身份证号",
            "身份证",
            "居民身份证号码",
            "证件号码",
            "身份证件号",
            "身 份 证 号",
        ],
        100,
    ),
    (What::Birth, "birth", &["出生年月", "出生日期", "出生时间", "生日", "出生"], 100),
    (What::Registered, "addr", &["户籍所在地", "户籍地址", "户口所在地"], 35),
    (What::Lives, "now", &["现居住地", "现住址"], 20),
    (
        What::Guardian,
        "guardian",
        &["监护人姓名", "监护人", "家长姓名", "家长", "父母或监护人"],
        100,
    ),
    (What::Relation, "relg", &["与学生关系", "监护人与学生关系"], 15),
    (What::Phone, "phone", &["联系电话", "电话", "联系方式", "家长电话", "监护人电话", "手机"], 90),
    (What::Poor, "poor", &["是否建档立卡", "贫困户(是/否)", "是否在册贫困户"], 35),
    (What::School, "school", &["就读学校", "在读学校", "学校", "就读学校名称"], 60),
    (What::Grade, "grade", &["年级", "就读年级", "年级班级"], 55),
    (
        What::Status,
        "status",
        &[
            "就读情况",
            "就学情况",
            "就学现状",
            "就读状态",
            "就读情况说明",
            "目前就读情况",
            "现状",
            "情况",
            "在哪上学",
        ],
        100,
    ),
    (What::Disabled, "dis", &["是否残疾"], 15),
    (What::LeftBehind, "left", &["留守(是/否)", "是否留守"], 20),
    (What::Remark, "remark", &["备注"], 50),
    (What::Surveyor, "", &["摸排人", "调查人", "核查人"], 40),
    (
        What::On,
        "date",
        &["摸排日期", "摸排时间", "入户时间", "填表时间", "排查日期", "核查时间", "日期"],
        90,
    ),
];

/// One child of a town's survey.
#[derive(Clone, Copy)]
struct Entry<'a> {
    at: usize,
    child: &'a Child,
    said: &'a Survey,
    again: bool,
}

pub(in crate::county) fn write(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    let mut by_town: Vec<Vec<Entry<'_>>> = vec![Vec::new(); county.geography.places.len()];
    for (at, child) in county.children.iter().enumerate() {
        for said in &child.evidence.surveys {
            by_town[said.town].push(Entry { at, child, said, again: false });
            if child.faults.survey_twice && said.tag != "both_towns" {
                by_town[said.town].push(Entry { at, child, said, again: true });
            }
        }
    }
    for (town, mut entries) in by_town.into_iter().enumerate() {
        entries.sort_by_key(|entry| {
            let household = county.household(entry.child);
            (
                household.town == town,
                household.town,
                household.village,
                entry.child.household,
                entry.again,
            )
        });
        TownWriter::new(county, town).write(&entries, truth, sink)?;
    }
    Ok(())
}

/// Writes the file of one town.
struct TownWriter<'a> {
    county: &'a County<'a>,
    town: usize,
    style: &'a TownStyle,
    columns: Vec<Column<What>>,
    merged: bool,
    chance: Chance,
}

impl<'a> TownWriter<'a> {
    fn new(county: &'a County<'a>, town: usize) -> Self {
        let style = &county.style.towns[town];
        let mut draws = county.style.chance(style.columns_stream);
        let mut columns = columns(MENU, &mut draws);
        let has = |what: What, columns: &[Column<What>]| columns.iter().any(|c| c.what == what);
        // Without a village the address must be there.
        if !has(What::Village, &columns) && !has(What::Registered, &columns) {
            columns
                .insert(1, Column { what: What::Registered, header: "户籍所在地", field: "addr" });
        }
        let merged = style.layout.merged && !matches!(style.format, Format::Csv(_));
        if merged {
            // A merged village stands first, as the clerk sorts by it.
            columns.retain(|column| column.what != What::Village && column.what != What::Number);
            columns.insert(0, Column { what: What::Village, header: "村", field: "village" });
        }
        let chance = county.chance(500 + town as u64);
        Self { county, town, style, columns, merged, chance }
    }

    fn write(
        mut self,
        entries: &[Entry<'_>],
        truth: &mut Truth,
        sink: &mut Sink<'_>,
    ) -> Result<(), CountyError> {
        let place = &self.county.geography.places[self.town];
        let kinds = [
            "适龄儿童少年摸排表",
            "摸排表(最终版)",
            "义务教育摸排情况统计表",
            "控辍保学摸排花名册",
            "摸排表 7.25改",
            "适龄儿童就读情况花名册",
        ];
        let name = format!("{}_{}", place.town.name, self.chance.word(&kinds));
        let stem = self.county.style.stem(5, Some(self.town), &name);
        let ledger: Vec<usize> = self.ledger_children();
        let csv = matches!(self.style.format, Format::Csv(_));
        // A csv file has no room for the second sheet of the ledger.
        let format = if csv && !ledger.is_empty() { Format::Xlsx } else { self.style.format };
        let mut book = Book::new(&stem, format, truth);
        if self.style.layout.by_stage && !book.is_csv() {
            let (primary, junior): (Vec<Entry<'_>>, Vec<Entry<'_>>) =
                entries.iter().partition(|entry| entry.child.grade <= 6);
            self.sheet(&mut book, "小学段", &primary)?;
            self.sheet(&mut book, "初中段", &junior)?;
        } else {
            let name = self.chance.word(&["Sheet1", "摸排花名册", "花名册", "汇总"]);
            self.sheet(&mut book, name, entries)?;
        }
        if !book.is_csv() {
            self.ledger(&mut book, &ledger)?;
            if self.style.hidden_sheet {
                self.hidden(&mut book)?;
            }
        }
        sink(book.finish()?)
    }

    fn sheet(
        &mut self,
        book: &mut Book<'_>,
        name: &str,
        entries: &[Entry<'_>],
    ) -> Result<(), CountyError> {
        let layout = self.style.layout;
        let place = &self.county.geography.places[self.town];
        let as_of = self.county.calendar.as_of;
        book.sheet(name, self.columns.len(), Visible::Shown)?;
        let office = if place.street {
            format!("{}街道办事处", place.stem)
        } else {
            place.formal.clone()
        };
        if layout.title {
            book.line(Row::Title, &format!("{office}义务教育阶段适龄儿童少年就读情况摸排表"))?;
        }
        if layout.note {
            let text = format!("单位:{office}      填报时间:{}年{}月", as_of.year(), as_of.month());
            book.line(Row::Note, &text)?;
        }
        if layout.two_level {
            self.upper_header(book)?;
        }
        book.header(&heads(&self.columns))?;
        self.rows(book, entries)?;
        if layout.total {
            let total = [Cell::text("合计"), Cell::text(format!("{}人", entries.len()))];
            book.row(Row::Total, &total)?;
        }
        if layout.signature {
            let (one, two) =
                (self.county.official(&mut self.chance), self.county.official(&mut self.chance));
            let text =
                format!("审核人:{}          填表人:{}          联系电话:{}", one.0, two.0, two.1);
            book.line(Row::Note, &text)?;
        }
        Ok(())
    }

    /// The upper line of a header of two levels.
    fn upper_header(&self, book: &mut Book<'_>) -> Result<(), CountyError> {
        let mut last = "";
        let mut cells = Vec::new();
        for column in &self.columns {
            let group = match column.what {
                What::Guardian
                | What::Relation
                | What::Phone
                | What::Poor
                | What::Village
                | What::Group
                | What::Head
                | What::Registered
                | What::Lives => "家庭情况",
                What::School | What::Grade | What::Status => "就学情况",
                What::Surveyor | What::On | What::Remark => "摸排情况",
                What::Number
                | What::Name
                | What::Former
                | What::Sex
                | What::Age
                | What::Ethnicity
                | What::Id
                | What::Birth
                | What::Disabled
                | What::LeftBehind => "学生基本信息",
            };
            cells.push(if group == last { Cell::Blank } else { Cell::text(group) });
            last = group;
        }
        book.row(Row::Header, &cells)
    }

    fn rows(&mut self, book: &mut Book<'_>, entries: &[Entry<'_>]) -> Result<(), CountyError> {
        let layout = self.style.layout;
        let mut in_village = 0;
        for (n, entry) in entries.iter().enumerate() {
            if n > 0 && layout.repeat_header.is_some_and(|every| n % every == 0) {
                book.header(&heads(&self.columns))?;
            }
            if layout.blanks && !book.is_csv() && n > 0 && self.chance.hit(0.06) {
                book.row(Row::Blank, &[])?;
            }
            let village = self.village(*entry);
            let before = n.checked_sub(1).map(|m| self.village(entries[m]));
            let tall = (before.as_ref() != Some(&village)).then(|| {
                let same = entries[n..].iter().take_while(|e| self.village(**e) == village);
                u32::try_from(same.count()).unwrap_or(1)
            });
            let (cells, row_tags) = self.row(*entry, n + 1, tall);
            book.row(Row::Child(entry.at, &row_tags), &cells)?;
            in_village += 1;
            let next = entries.get(n + 1).map(|next| self.village(*next));
            if layout.subtotals && next.as_ref() != Some(&village) {
                let text = format!("{in_village}人");
                book.row(Row::Total, &[Cell::text("小计"), Cell::text(village), Cell::text(text)])?;
                in_village = 0;
            }
        }
        Ok(())
    }

    /// The village as the town writes it: with the home town before it when the child only lives here.
    fn village(&self, entry: Entry<'_>) -> String {
        let household = self.county.household(entry.child);
        if let Some((county, _)) = entry.child.outside {
            return county.to_owned();
        }
        let place = &self.county.geography.places[household.town];
        let name = &place.villages[household.village].name;
        if household.town == self.town { name.clone() } else { format!("{}{name}", place.stem) }
    }

    fn row(&mut self, entry: Entry<'_>, n: usize, tall: Option<u32>) -> (Vec<Cell>, String) {
        let (id, id_tag) = self.id(entry);
        let fault = entry.child.faults.survey.as_ref().map_or("", SurveyFault::row_tag);
        let seed = entry.child.seed.map(|at| format!("SEED-{:02}", at + 1)).unwrap_or_default();
        let again = if entry.again { "dup_row" } else { "" };
        let id_tag = if id_tag == fault { "" } else { id_tag };
        let row_tags = tags(&["survey", entry.said.tag, fault, id_tag, again, &seed]);
        let columns = self.columns.clone();
        let merged = self.merged;
        let cells = columns
            .iter()
            .map(|column| match (column.what, merged, tall) {
                (What::Id, _, _) => id.clone(),
                (What::Village, true, Some(rows)) => Cell::Tall(self.village(entry), rows),
                (What::Village, true, None) => Cell::Covered,
                (what, _, _) => self.cell(entry, what, n),
            })
            .collect();
        (cells, row_tags)
    }

    fn id(&mut self, entry: Entry<'_>) -> (Cell, &'static str) {
        let child = entry.child;
        let id = match &child.faults.survey {
            Some(SurveyFault::WrongDigit) => mistyped(&child.id, &mut self.chance),
            Some(SurveyFault::NoId | SurveyFault::Nickname(_)) => String::new(),
            Some(SurveyFault::GuardianId) => {
                self.county.household(child).adult(child.guardian).id.clone()
            }
            Some(
                SurveyFault::Homophone(_)
                | SurveyFault::Glyph(_)
                | SurveyFault::Unencodable(_)
                | SurveyFault::BirthTransposed,
            )
            | None => child.id.clone(),
        };
        self.style.ids.write(&id, &mut self.chance)
    }

    fn cell(&mut self, entry: Entry<'_>, what: What, n: usize) -> Cell {
        let child = entry.child;
        let household = self.county.household(child);
        let yes = |yes: bool| Cell::text(if yes { "是" } else { "否" });
        match what {
            What::Number => Cell::count(n),
            What::Village | What::Id => Cell::text(self.village(entry)),
            What::Group if child.outside.is_some() => Cell::Blank,
            What::Group => Cell::text(format!("{}组", household.group)),
            What::Head => Cell::text(household.head().name.clone()),
            What::Name => Cell::text(name(child)),
            What::Sex => Cell::text(if child.male { "男" } else { "女" }),
            What::Age => Cell::Number(f64::from(self.age(child))),
            What::Ethnicity => Cell::text(child.ethnicity),
            What::Birth => self.birth(child),
            What::Registered => Cell::text(self.county.address(child, n.is_multiple_of(3))),
            What::Lives => Cell::text(self.lives(entry)),
            What::Guardian => Cell::text(household.adult(child.guardian).name.clone()),
            What::Relation => Cell::text(relation(child)),
            What::Phone if self.chance.hit(0.9) => Cell::text(household.phone.clone()),
            What::Poor => yes(household.poor),
            What::School => Cell::text(entry.said.school.clone().unwrap_or_default()),
            What::Grade => self.grade(entry),
            What::Status => Cell::text(entry.said.text.clone()),
            What::Disabled => yes(child.evidence.disability.is_some()),
            What::LeftBehind => yes(child.left_behind),
            What::Remark if household.poor && n.is_multiple_of(2) => Cell::text("建档立卡户"),
            What::Former | What::Phone | What::Remark => Cell::Blank,
            What::Surveyor => Cell::text(self.county.official(&mut self.chance).0.clone()),
            What::On => {
                let on = self.county.calendar.days_before(self.chance.between(30, 100));
                self.style.dates.write(on, &mut self.chance)
            }
        }
    }

    fn birth(&mut self, child: &Child) -> Cell {
        let birth = match &child.faults.survey {
            Some(SurveyFault::Nickname(_)) => return Cell::Blank,
            Some(SurveyFault::BirthTransposed) => transposed(child.birth),
            Some(_) | None => child.birth,
        };
        // Nobody has a paper for a child without registration: the month is what the neighbours remember.
        if child.id.is_empty() {
            return Cell::text(format!("{}年{}月", birth.year(), birth.month()));
        }
        self.style.births.write(birth, &mut self.chance)
    }

    fn age(&self, child: &Child) -> i32 {
        let as_of = self.county.calendar.as_of;
        let before = (as_of.month(), as_of.day()) < (child.birth.month(), child.birth.day());
        as_of.year() - child.birth.year() - i32::from(before)
    }

    fn lives(&mut self, entry: Entry<'_>) -> String {
        let places = &self.county.geography.places;
        if entry.said.tag == "lives_elsewhere" || entry.child.outside.is_some() {
            return places[self.town].formal.clone();
        }
        if entry.said.tag == "both_towns" {
            return entry.child.lives_in.map_or_else(
                || neighbour(&mut self.chance).0.to_owned(),
                |town| places[town].formal.clone(),
            );
        }
        self.county.short_address(self.county.household(entry.child))
    }

    fn grade(&mut self, entry: Entry<'_>) -> Cell {
        if entry.child.grade == 0 && !entry.said.in_school {
            return Cell::text("幼儿园");
        }
        if !entry.said.in_school {
            return Cell::Blank;
        }
        Cell::text(self.style.grade(entry.child.grade.max(1), &mut self.chance))
    }
}

fn relation(child: &Child) -> &'static str {
    match (child.guardian, child.male) {
        (Role::Father, true) => "父子",
        (Role::Father, false) => "父女",
        (Role::Mother, true) => "母子",
        (Role::Mother, false) => "母女",
        (Role::Grandparent, _) => "祖孙",
    }
}

/// The name as the town heard it.
fn name(child: &Child) -> String {
    match &child.faults.survey {
        Some(
            SurveyFault::Homophone(name)
            | SurveyFault::Glyph(name)
            | SurveyFault::Unencodable(name),
        ) => name.clone(),
        Some(SurveyFault::Nickname(name)) => (*name).to_owned(),
        Some(
            SurveyFault::WrongDigit
            | SurveyFault::NoId
            | SurveyFault::BirthTransposed
            | SurveyFault::GuardianId,
        )
        | None => child.name.clone(),
    }
}
