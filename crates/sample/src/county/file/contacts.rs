//! Sources 12 and 13: the list of schools, and the people on the two duty lines (双线七长). No child is in them.

use super::{County, Sink};
use crate::county::{
    book::{Book, Cell, Format, Row, Visible},
    chance::Chance,
    county_error::CountyError,
    place::Level,
    truth::Truth,
};

/// The list of schools.
pub(in crate::county) fn schools(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    const HEADS: [(&str, &str); 9] = [
        ("序号", ""),
        ("学校标识码", "school_code"),
        ("学校名称", "school"),
        ("办学类型", ""),
        ("所在镇办", ""),
        ("年级范围", ""),
        ("校长", ""),
        ("校长电话", ""),
        ("简称", ""),
    ];
    let mut style = county.style.chance(12);
    let mut chance = county.chance(12);
    let names = ["学校名录", "义务教育学校基本信息", "中小学校名单"];
    let stem = county.style.stem(12, None, style.word(&names));
    let mut book = Book::new(&stem, Format::Xlsx, truth);
    book.sheet("学校名录", HEADS.len(), Visible::Shown)?;
    let year = county.calendar.year;
    let title = format!("{}义务教育学校名录({year}-{}学年)", county.geography.county, year + 1);
    book.line(Row::Title, &title)?;
    book.header(&HEADS)?;
    for (n, school) in county.geography.schools.iter().enumerate() {
        let (kind, grades) = match school.level {
            Level::Primary => ("小学", "1-6年级"),
            Level::Point => ("小学教学点", "1-3年级"),
            Level::Junior => ("初级中学", "7-9年级"),
            Level::Nine => ("九年一贯制学校", "1-9年级"),
            Level::Special => ("特殊教育学校", "1-9年级"),
        };
        let phone = &county.official(&mut chance).1;
        let town = &county.geography.places[school.town].formal;
        let mut cells = vec![Cell::count(n + 1)];
        let texts = [
            &school.code,
            &school.name,
            kind,
            town,
            grades,
            &school.principal,
            phone,
            &school.short,
        ];
        cells.extend(texts.map(Cell::text));
        book.row(Row::School, &cells)?;
    }
    sink(book.finish()?)
}

/// The people on the duty lines.
pub(in crate::county) fn duty_lines(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    let mut style = county.style.chance(13);
    let mut chance = county.chance(13);
    let names = ["双线七长责任人及村镇通讯录", "控辍保学责任人通讯录", "双线七长名单"];
    let stem = county.style.stem(13, None, style.word(&names));
    let mut book = Book::new(&stem, Format::Xlsx, truth);
    offices(county, &mut book, &mut chance)?;
    villages(county, &mut book, &mut chance)?;
    heads_of_schools(county, &mut book, &mut chance)?;
    sink(book.finish()?)
}

fn offices(
    county: &County<'_>,
    book: &mut Book<'_>,
    chance: &mut Chance,
) -> Result<(), CountyError> {
    const HEADS: [(&str, &str); 6] =
        [("序号", ""), ("单位", ""), ("线", ""), ("职务(七长)", ""), ("姓名", ""), ("手机", "")];
    book.sheet("县级及镇办", HEADS.len(), Visible::Shown)?;
    book.line(Row::Title, "控辍保学“双线七长”责任制通讯录")?;
    book.header(&HEADS)?;
    let place = county.geography.county;
    let mut seats = vec![
        (format!("{place}人民政府"), "行政线", "县长"),
        (format!("{place}教育体育局"), "教育线", "局长"),
    ];
    for town in &county.geography.places {
        seats.push((town.town.name.clone(), "行政线", if town.street { "主任" } else { "镇长" }));
        seats.push((town.town.name.clone(), "行政线", "教育专干"));
    }
    for (n, (unit, line, seat)) in seats.iter().enumerate() {
        let (name, phone) = county.official(chance);
        let mut cells = vec![Cell::count(n + 1)];
        cells.extend([unit.as_str(), line, seat, name, phone].map(Cell::text));
        book.row(Row::Official, &cells)?;
    }
    Ok(())
}

fn villages(
    county: &County<'_>,
    book: &mut Book<'_>,
    chance: &mut Chance,
) -> Result<(), CountyError> {
    const HEADS: [(&str, &str); 7] = [
        ("镇办", ""),
        ("村(社区)代码", ""),
        ("村(社区)", ""),
        ("村长(村主任/社区主任)", ""),
        ("电话", ""),
        ("包村干部", ""),
        ("电话", ""),
    ];
    book.sheet("村社区", HEADS.len(), Visible::Shown)?;
    book.line(Row::Title, "村(社区)责任人")?;
    book.header(&HEADS)?;
    for town in &county.geography.places {
        for (n, village) in town.villages.iter().enumerate() {
            let (one, two) = (county.official(chance), county.official(chance));
            let n_rows = u32::try_from(town.villages.len()).unwrap_or(1);
            let front =
                if n == 0 { Cell::Tall(town.town.name.clone(), n_rows) } else { Cell::Covered };
            let mut cells = vec![front];
            let texts = [&village.code, &village.name, &one.0, &one.1, &two.0, &two.1];
            cells.extend(texts.map(|text| Cell::text(text.clone())));
            book.row(Row::Official, &cells)?;
        }
    }
    Ok(())
}

fn heads_of_schools(
    county: &County<'_>,
    book: &mut Book<'_>,
    chance: &mut Chance,
) -> Result<(), CountyError> {
    const HEADS: [(&str, &str); 5] =
        [("学校", ""), ("校长", ""), ("手机", ""), ("师长(班主任代表)", ""), ("电话", "")];
    book.sheet("学校", HEADS.len(), Visible::Shown)?;
    book.line(Row::Title, "教育线:校长、师长")?;
    book.header(&HEADS)?;
    for school in &county.geography.schools {
        let (one, two) = (county.official(chance), county.official(chance));
        let texts = [&school.name, &school.principal, &one.1, &two.0, &two.1];
        let cells = texts.map(|text| Cell::text(text.clone()));
        book.row(Row::Official, &cells)?;
    }
    Ok(())
}
