//! Source 11: people who died, settled abroad or moved their registration away, adults among the dead.

use super::{County, Sink};
use crate::county::{
    book::{Book, Cell, Format, Row, Visible},
    chance::Chance,
    county_error::CountyError,
    evidence::Exit,
    people::Adult,
    style::DateStyle,
    truth::Truth,
};

pub(in crate::county) fn write(
    county: &County<'_>,
    truth: &mut Truth,
    sink: &mut Sink<'_>,
) -> Result<(), CountyError> {
    let mut style = county.style.chance(11);
    let names = ["死亡及出国迁出人员名单", "死亡注销和迁出人员", "户籍注销迁出名单"];
    let stem = county.style.stem(11, None, style.word(&names));
    let format = if style.hit(0.8) { Format::Xlsx } else { Format::Ods };
    let dates = *style.pick(&[DateStyle::Iso, DateStyle::Compact, DateStyle::Dots]);
    let mut chance = county.chance(11);
    let mut book = Book::new(&stem, format, truth);
    dead(county, &mut book, (&mut style, &mut chance, dates))?;
    gone(county, &mut book, (&mut style, &mut chance, dates))?;
    sink(book.finish()?)
}

fn dead(
    county: &County<'_>,
    book: &mut Book<'_>,
    (style, chance, dates): (&mut Chance, &mut Chance, DateStyle),
) -> Result<(), CountyError> {
    let heads = [
        ("序号", ""),
        ("姓名", "name"),
        (style.word(&["身份证号", "公民身份号码"]), "id"),
        ("性别", "sex"),
        (style.word(&["户籍地址", "户籍地"]), "addr"),
        (style.word(&["死亡日期", "死亡时间"]), "death_date"),
        ("死亡原因", ""),
        (style.word(&["注销日期", "注销时间"]), ""),
    ];
    let year = county.calendar.as_of.format("%Y");
    book.sheet("死亡注销", heads.len(), Visible::Shown)?;
    book.line(Row::Title, &format!("{year}年死亡人员户口注销名单"))?;
    book.header(&heads)?;
    for (n, (child, household)) in mourned(county, chance).into_iter().enumerate() {
        let (person, on) = deceased(county, child, household, chance);
        let household = &county.households[household];
        let address =
            county.geography.address(household.town, household.village, household.group, true);
        let cause = chance.word(&["疾病", "交通事故", "溺水"]);
        let cells = [
            Cell::count(n + 1),
            Cell::text(person.name),
            Cell::text(person.id),
            Cell::text(if person.male { "男" } else { "女" }),
            Cell::text(address),
            dates.write(on, chance),
            Cell::text(cause),
            dates.write(on + chrono::Days::new(20), chance),
        ];
        book.row(child.map_or(Row::Adult, |at| Row::Child(at, "death")), &cells)?;
    }
    Ok(())
}

/// Who died, and of which household: the children, and as many old people.
fn mourned(county: &County<'_>, chance: &mut Chance) -> Vec<(Option<usize>, usize)> {
    let mut people = Vec::new();
    let old: Vec<usize> = (0..county.households.len())
        .filter(|at| county.households[*at].grandparent.is_some())
        .collect();
    for (at, child) in county.children.iter().enumerate() {
        if matches!(child.evidence.exit, Some(Exit::Dead(_))) {
            people.push((Some(at), child.household));
            if !old.is_empty() {
                people.push((None, *chance.pick(&old)));
            }
        }
    }
    chance.shuffle(&mut people);
    people
}

fn deceased(
    county: &County<'_>,
    child: Option<usize>,
    household: usize,
    chance: &mut Chance,
) -> (Adult, chrono::NaiveDate) {
    let Some(at) = child else {
        let on = county.calendar.days_before(chance.between(45, 220));
        return (county.households[household].head().clone(), on);
    };
    let child = &county.children[at];
    let on = match child.evidence.exit {
        Some(Exit::Dead(on)) => on,
        Some(Exit::Abroad(..) | Exit::Moved(..)) | None => county.calendar.as_of,
    };
    let (name, id) = (child.name.clone(), child.id.clone());
    (Adult { name, male: child.male, birth: child.birth, id }, on)
}

fn gone(
    county: &County<'_>,
    book: &mut Book<'_>,
    (style, chance, dates): (&mut Chance, &mut Chance, DateStyle),
) -> Result<(), CountyError> {
    let heads = [
        ("序号", ""),
        (style.word(&["类别", "注销类别"]), "kind"),
        ("姓名", "name"),
        (style.word(&["证件号", "身份证号"]), "id"),
        ("性别", "sex"),
        (style.word(&["原户籍地", "原户籍地址"]), "addr"),
        (style.word(&["去向", "迁往地"]), "destination"),
        (style.word(&["办理日期", "迁出日期"]), "date"),
    ];
    book.sheet("出国及迁出", heads.len(), Visible::Shown)?;
    book.line(Row::Title, "出国(境)定居及户口迁出人员名单")?;
    book.header(&heads)?;
    let mut n = 0;
    for (at, child) in county.children.iter().enumerate() {
        let (kind, to, on) = match &child.evidence.exit {
            Some(Exit::Abroad(to, on)) => ("出国(境)定居", (*to).to_owned(), *on),
            Some(Exit::Moved(place, on)) => ("户口迁出", place.clone(), *on),
            Some(Exit::Dead(_)) | None => continue,
        };
        n += 1;
        let cells = [
            Cell::count(n),
            Cell::text(kind),
            Cell::text(child.name.clone()),
            Cell::text(child.id.clone()),
            Cell::text(if child.male { "男" } else { "女" }),
            Cell::text(county.address(child, true)),
            Cell::text(to),
            dates.write(on, chance),
        ];
        book.row(Row::Child(at, "emigration"), &cells)?;
    }
    Ok(())
}
