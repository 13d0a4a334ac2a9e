//! Source 3: the poverty register, whole households with their adults, exported long ago.

use chrono::Datelike;

use super::{County, Sink, mistyped, tags};
use crate::county::{
    book::{Book, Cell, Encoding, Format, Row, Visible},
    chance::Chance,
    county_error::CountyError,
    fault::PovertyFault,
    people::{Adult, Child, Household},
    style::{Choice, Column, DateStyle, columns, heads},
    truth::Truth,
};

#[derive(Clone, Copy, Debug)]
enum What {
    Number,
    Household,
    Town,
    Village,
    Group,
    Name,
    Relation,
    Sex,
    Ethnicity,
    Id,
    Birth,
    Members,
    Education,
    InSchool,
    Health,
    Kind,
    Reason,
    Cadre,
    Remark,
}

const MENU: &[Choice<What>] = &[
    (What::Number, "", &["序号"], 100),
    (What::Household, "household_no", &["户编号", "户号"], 100),
    (What::Town, "town", &["乡(镇)", "乡镇"], 100),
    (What::Village, "village", &["行政村", "村"], 100),
    (What::Group, "grp", &["村民组", "自然村/组"], 80),
    (What::Name, "name", &["姓名"], 100),
    (What::Relation, "relation", &["与户主关系"], 100),
    (What::Sex, "sex", &["性别"], 100),
    (What::Ethnicity, "eth", &["民族"], 80),
    (What::Id, "id", &["证件号码", "证件号"], 100),
    (What::Birth, "birth", &["出生日期"], 100),
    (What::Members, "", &["人数", "家庭人口数"], 80),
    (What::Education, "", &["文化程度"], 90),
    (What::InSchool, "poverty_school_status", &["在校生状况", "在校生情况", "在校生状态"], 100),
    (What::Health, "", &["健康状况"], 90),
    (What::Kind, "", &["脱贫属性", "户类型", "监测对象类别"], 90),
    (What::Reason, "", &["主要致贫原因", "致贫原因"], 80),
    (What::Cadre, "cadre", &["帮扶干部", "帮扶责任人", "帮扶联系人"], 90),
    (What::Remark, "", &["备注"], 60),
];

/// One person of a household.
#[derive(Clone, Copy)]
enum Person<'a> {
    Adult(&'a Adult, &'static str),
    Child(usize, &'a Child),
}

pub(in crate::county) fn write(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    let mut style = county.style.chance(3);
    let columns = columns(MENU, &mut style);
    let names =
        ["建档立卡及防返贫监测对象花名册", "防返贫监测对象信息", "扶贫系统导出_家庭成员信息"];
    let format = match style.below(5) {
        0 => Format::Csv(Encoding::Utf16Le),
        1 => Format::Ods,
        _ => Format::Xlsx,
    };
    let births = *style.pick(&[DateStyle::Compact, DateStyle::Iso]);
    let mut writer = Writer { county, columns, births, n: 0, chance: county.chance(3) };
    let stem = county.style.stem(3, None, style.word(&names));
    let mut book = Book::new(&stem, county.format(format), truth);
    if book.is_csv() {
        book.header(&heads(&writer.columns))?;
    }
    for town in 0..county.geography.places.len() {
        writer.town(&mut book, town)?;
    }
    sink(book.finish()?)
}

struct Writer<'a> {
    county: &'a County<'a>,
    columns: Vec<Column<What>>,
    births: DateStyle,
    n: usize,
    chance: Chance,
}

impl Writer<'_> {
    fn town(&mut self, book: &mut Book<'_>, town: usize) -> Result<(), CountyError> {
        let place = &self.county.geography.places[town];
        let csv = book.is_csv();
        if !csv {
            self.n = 0;
            book.sheet(&place.town.name, self.columns.len(), Visible::Shown)?;
            book.line(
                Row::Title,
                &format!("{}建档立卡贫困人口信息表(含防返贫监测对象)", place.formal),
            )?;
            let year = self.county.calendar.year;
            book.line(
                Row::Note,
                &format!("数据来源:扶贫开发信息系统    导出时间:{year}年12月31日"),
            )?;
            book.header(&heads(&self.columns))?;
        }
        let mut n_households = 0;
        for household in self.county.households.iter().filter(|h| h.poor && h.town == town) {
            n_households += 1;
            self.household(book, household)?;
        }
        if !csv {
            let total = [Cell::text("合计"), Cell::text(format!("{n_households}户"))];
            book.row(Row::Total, &total)?;
        }
        Ok(())
    }

    fn household(&mut self, book: &mut Book<'_>, household: &Household) -> Result<(), CountyError> {
        let mut people = Vec::new();
        if let Some(grandparent) = &household.grandparent {
            people.push(Person::Adult(grandparent, "户主"));
            people.push(Person::Adult(&household.father, "之子"));
            people.push(Person::Adult(&household.mother, "之儿媳"));
        } else {
            people.push(Person::Adult(&household.father, "户主"));
            people.push(Person::Adult(&household.mother, "配偶"));
        }
        for at in &household.children {
            let child = &self.county.children[*at];
            // The register is of last December: who is in no police file is not in it either.
            if child.registered && child.alias_of.is_none() {
                people.push(Person::Child(*at, child));
            }
        }
        let size = people.len();
        for (index, person) in people.into_iter().enumerate() {
            self.n += 1;
            let columns = self.columns.clone();
            let cells: Vec<Cell> = columns
                .iter()
                .map(|column| self.cell(household, person, (column.what, index, size)))
                .collect();
            match person {
                Person::Adult(..) => book.row(Row::Adult, &cells)?,
                Person::Child(at, child) => {
                    let fault = match child.faults.poverty {
                        Some(PovertyFault::Homophone(_)) => "name_homophone",
                        Some(PovertyFault::WrongDigit) => "id_typo",
                        None => "",
                    };
                    book.row(Row::Child(at, &tags(&["poverty", fault])), &cells)?;
                }
            }
        }
        Ok(())
    }

    fn cell(
        &mut self,
        household: &Household,
        person: Person<'_>,
        (what, index, size): (What, usize, usize),
    ) -> Cell {
        let place = &self.county.geography.places[household.town];
        let first = index == 0;
        match what {
            What::Number => Cell::count(self.n),
            What::Household => {
                Cell::text(format!("{}{}", &household.number[..9], &household.number[10..]))
            }
            What::Town => Cell::text(place.formal.clone()),
            What::Village => Cell::text(place.villages[household.village].name.clone()),
            What::Group => {
                Cell::text(format!("{}组", crate::county::place::hanzi(household.group)))
            }
            What::Name => Cell::text(name(person)),
            What::Relation => Cell::text(relation(person, household)),
            What::Sex => Cell::text(if male(person) { "男" } else { "女" }),
            What::Ethnicity => Cell::text(match person {
                Person::Child(_, child) => child.ethnicity,
                Person::Adult(..) => "汉族",
            }),
            What::Id => self.id(person),
            What::Birth => {
                let birth = match person {
                    Person::Adult(adult, _) => adult.birth,
                    Person::Child(_, child) => child.birth,
                };
                self.births.write(birth, &mut self.chance)
            }
            What::Members if first => Cell::count(size),
            What::Education => Cell::text(education(person)),
            What::InSchool => Cell::text(self.in_school(person)),
            What::Health => Cell::text(health(person)),
            What::Kind if first => {
                Cell::text(self.chance.word(&["已脱贫", "未脱贫", "监测对象"]).to_owned())
            }
            What::Reason if first => {
                Cell::text(self.chance.word(&["缺劳力", "因病", "因残", "缺技术"]).to_owned())
            }
            What::Cadre if first => Cell::text(self.county.official(&mut self.chance).0.clone()),
            What::Members | What::Kind | What::Reason | What::Cadre | What::Remark => Cell::Blank,
        }
    }

    fn id(&mut self, person: Person<'_>) -> Cell {
        match person {
            Person::Adult(adult, _) => Cell::text(adult.id.clone()),
            Person::Child(_, child) => {
                if matches!(child.faults.poverty, Some(PovertyFault::WrongDigit)) {
                    return Cell::text(mistyped(&child.id, &mut self.chance));
                }
                // Disabled people are often entered by the number of their certificate.
                match &child.evidence.disability {
                    Some(paper) if self.chance.hit(0.4) => {
                        Cell::text(format!("{}{}{}", child.id, paper.category + 1, paper.grade))
                    }
                    Some(_) | None => Cell::text(child.id.clone()),
                }
            }
        }
    }

    /// What the register believes: it follows age, not the child.
    fn in_school(&mut self, person: Person<'_>) -> &'static str {
        const STATES: [&str; 10] = [
            "学前教育",
            "小学",
            "小学",
            "小学",
            "小学",
            "小学",
            "小学",
            "七年级",
            "八年级",
            "九年级",
        ];
        let Person::Child(_, child) = person else { return "" };
        if child.evidence.disability.is_some() || self.chance.hit(0.01) {
            return "非在校生";
        }
        usize::try_from(child.grade.clamp(0, 9)).map_or("", |grade| STATES[grade])
    }
}

fn name(person: Person<'_>) -> String {
    match person {
        Person::Adult(adult, _) => adult.name.clone(),
        Person::Child(_, child) => match &child.faults.poverty {
            Some(PovertyFault::Homophone(name)) => name.clone(),
            Some(PovertyFault::WrongDigit) | None => child.name.clone(),
        },
    }
}

fn male(person: Person<'_>) -> bool {
    match person {
        Person::Adult(adult, _) => adult.male,
        Person::Child(_, child) => child.male,
    }
}

fn relation(person: Person<'_>, household: &Household) -> &'static str {
    match (person, household.grandparent.is_some()) {
        (Person::Adult(_, relation), _) => relation,
        (Person::Child(_, child), true) => {
            if child.male {
                "之孙子"
            } else {
                "之孙女"
            }
        }
        (Person::Child(_, child), false) => {
            if child.male {
                "之子"
            } else {
                "之女"
            }
        }
    }
}

fn education(person: Person<'_>) -> &'static str {
    match person {
        Person::Adult(adult, _) if adult.birth.year() % 3 == 0 => "文盲或半文盲",
        Person::Child(_, child) if child.grade < 1 => "学龄前儿童",
        Person::Child(_, child) if child.grade < 7 => "小学",
        Person::Adult(..) | Person::Child(..) => "初中",
    }
}

fn health(person: Person<'_>) -> &'static str {
    match person {
        Person::Child(_, child) if child.evidence.disability.is_some() => "残疾",
        Person::Adult(adult, _) if adult.birth.day().is_multiple_of(7) => "长期慢性病",
        Person::Adult(..) | Person::Child(..) => "健康",
    }
}
