//! The officials' directory as counties send it (双线七长责任人通讯录): sheets of offices with a column for the post, and sheets
//! with one column for each seat.

use baoxue_claim::{Private, TownCode};
use baoxue_determine::Seat;
use chrono::NaiveDate;

use crate::{Holder, Office, Post};

/// A sheet of the directory.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// The header's cells.
    pub header: &'a [String],
    /// The rows below it.
    pub rows: &'a [Vec<String>],
    /// The day for which it speaks.
    pub from: NaiveDate,
}

/// The posts of a sheet. `town` finds a town by its name. Rows of which nothing is understood give no post: a seat that
/// nobody is named for shows as empty.
pub fn posts(sheet: Sheet<'_>, town: &dyn Fn(&str) -> Option<TownCode>) -> Vec<Post> {
    lines(sheet, town).into_iter().filter_map(|line| line.post(sheet.from)).collect()
}

/// The seats that a sheet has a line for, each as its holder's or a substitute's, whether or not anybody is named there: who sat
/// there by an earlier directory and is not named any more has left.
pub fn seats(
    sheet: Sheet<'_>,
    town: &dyn Fn(&str) -> Option<TownCode>,
) -> impl Iterator<Item = (Holder, bool)> {
    lines(sheet, town).into_iter().map(|line| (line.holder, line.is_substitute))
}

fn lines<'s>(sheet: Sheet<'s>, town: &dyn Fn(&str) -> Option<TownCode>) -> Vec<Line<'s>> {
    let columns: Vec<Column> = sheet.header.iter().map(|title| Column::of(title)).collect();
    let at = |wanted: Column| columns.iter().position(|column| *column == wanted);
    if let (Some(unit), Some(post), Some(name)) =
        (at(Column::Unit), at(Column::Post), at(Column::Name))
    {
        let phone = phone_after(&columns, name);
        return by_row(sheet, [unit, post, name], phone, town);
    }
    by_column(sheet, &columns, town)
}

/// The villages and schools that a sheet has a line for, whether or not anybody is named there: an empty seat is one.
pub fn offices(sheet: Sheet<'_>, town: &dyn Fn(&str) -> Option<TownCode>) -> Vec<Office> {
    let columns: Vec<Column> = sheet.header.iter().map(|title| Column::of(title)).collect();
    let has = |wanted: fn(&Column) -> bool| columns.iter().any(wanted);
    let at = |wanted: Column| columns.iter().position(|column| *column == wanted);
    // Without a column of a seat it is a list of something else.
    let heads = has(|column| matches!(column, Column::Seat(Seat::VillageHead, _)));
    let principals = has(|column| matches!(column, Column::Seat(Seat::Principal, _)));
    let mut found = Vec::new();
    let mut current = None;
    for row in sheet.rows {
        let named = |at: Option<usize>| at.map(|at| cell(row, at)).filter(|name| !name.is_empty());
        if let Some(name) = named(at(Column::Town)) {
            current = town(name);
        }
        if let (true, Some(town), Some(village)) = (heads, current, named(at(Column::Village))) {
            found.push(Office::Village(town, village.to_owned()));
        }
        if let (true, Some(school)) = (principals, named(at(Column::School))) {
            found.push(Office::School(school.to_owned()));
        }
    }
    found
}

/// A seat with what the sheet says of who sits there.
struct Line<'s> {
    holder: Holder,
    is_substitute: bool,
    name: &'s str,
    phone: Option<&'s str>,
}

impl Line<'_> {
    fn post(self, from: NaiveDate) -> Option<Post> {
        let Self { holder, is_substitute, name, phone } = self;
        let blank = ["", "-", "—", "/", "空缺", "暂缺", "无"].contains(&name);
        let phone = phone.filter(|phone| !phone.is_empty()).map(Private::new);
        let name = Private::new(name);
        (!blank).then_some(Post { holder, is_substitute, name, phone, from, to: None })
    }
}

/// What a column of a directory holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Unit,
    Post,
    Name,
    Phone,
    Town,
    Village,
    School,
    /// The names of those in a seat, as its holder or a substitute.
    Seat(Seat, bool),
    Other,
}

impl Column {
    fn of(title: &str) -> Self {
        let title: String = title.chars().filter(|c| !c.is_whitespace()).collect();
        let has = |words: &[&str]| words.iter().any(|word| title.contains(word));
        if has(&["代码", "编码", "序号", "职责", "备注"]) {
            Self::Other
        } else if has(&["电话", "手机", "联系方式"]) {
            Self::Phone
        } else if has(&["职务", "岗位"]) {
            Self::Post
        } else if has(&["村长", "村主任", "社区主任", "居委会主任", "村委会主任"])
        {
            Self::Seat(Seat::VillageHead, false)
        } else if has(&["支部书记", "村支书", "村书记"]) {
            Self::Seat(Seat::VillageHead, true)
        } else if has(&["副校长"]) {
            Self::Seat(Seat::Principal, true)
        } else if has(&["校长"]) {
            Self::Seat(Seat::Principal, false)
        } else if has(&["师长", "班主任", "年级组长"]) {
            Self::Seat(Seat::Teacher, false)
        } else if has(&["镇长", "乡长"]) {
            Self::Seat(Seat::TownHead, has(&["副", "分管"]))
        } else if has(&["姓名"]) {
            Self::Name
        } else if has(&["单位", "部门"]) {
            Self::Unit
        } else if has(&["镇办", "乡镇", "镇街", "街道"]) {
            Self::Town
        } else if title.starts_with('村') || has(&["行政村", "所在村", "社区"]) {
            Self::Village
        } else if has(&["学校"]) {
            Self::School
        } else {
            Self::Other
        }
    }
}

/// One official a row, with office and post in columns.
fn by_row<'s>(
    sheet: Sheet<'s>,
    [unit, post, name]: [usize; 3],
    phone: Option<usize>,
    town: &dyn Fn(&str) -> Option<TownCode>,
) -> Vec<Line<'s>> {
    let rows = sheet.rows.iter().filter_map(|row| {
        let (seat, is_substitute) = seat_of(cell(row, unit), cell(row, post))?;
        let office = if seat == Seat::CountyHead {
            Office::County
        } else if seat == Seat::BureauHead {
            Office::Bureau
        } else {
            Office::Town(town(cell(row, unit))?)
        };
        let holder = Holder { seat, office };
        let phone = phone.map(|at| cell(row, at));
        Some(Line { holder, is_substitute, name: cell(row, name), phone })
    });
    rows.collect()
}

/// The seat of a post by its office, and whether it only stands in for it; other posts are no seat of the lines.
fn seat_of(unit: &str, post: &str) -> Option<(Seat, bool)> {
    let stands_in = post.contains('副') && !post.starts_with("镇长") && !post.starts_with("主任");
    if post.contains("局长") && unit.contains("教") {
        return Some((Seat::BureauHead, stands_in));
    }
    if post.contains("区长") || post.contains("县长") || post.contains("市长") {
        return Some((Seat::CountyHead, stands_in));
    }
    // Other offices of a town have directors too: the post must be the head's whole name.
    let bare = post.split(['(', '（']).next().unwrap_or_default().trim();
    let bare = bare.trim_start_matches(['分', '管', '副', '代', '兼']);
    let of_town = matches!(
        bare,
        "镇长" | "乡长" | "主任" | "街道主任" | "办事处主任" | "街道办主任" | "街道办事处主任"
    );
    (of_town && !unit.contains('局')).then_some((Seat::TownHead, stands_in))
}

/// One office a row, with a column for each seat.
fn by_column<'s>(
    sheet: Sheet<'s>,
    columns: &[Column],
    town: &dyn Fn(&str) -> Option<TownCode>,
) -> Vec<Line<'s>> {
    let at = |wanted: Column| columns.iter().position(|column| *column == wanted);
    let (town_at, village_at, school_at) =
        (at(Column::Town), at(Column::Village), at(Column::School));
    let mut lines = Vec::new();
    // The town stands in the first of its rows only when its cells are merged.
    let mut current = None;
    for row in sheet.rows {
        if let Some(name) = town_at.map(|at| cell(row, at)).filter(|name| !name.is_empty()) {
            current = town(name);
        }
        let named = |at: Option<usize>| at.map(|at| cell(row, at)).filter(|name| !name.is_empty());
        let office = |seat| {
            if seat == Seat::VillageHead {
                Some(Office::Village(current?, named(village_at)?.to_owned()))
            } else if seat == Seat::TownHead {
                current.map(Office::Town)
            } else {
                Some(Office::School(named(school_at)?.to_owned()))
            }
        };
        for (no, column) in columns.iter().enumerate() {
            let Column::Seat(seat, is_substitute) = *column else { continue };
            let Some(office) = office(seat) else { continue };
            let phone = phone_after(columns, no).map(|at| cell(row, at));
            let holder = Holder { seat, office };
            lines.push(Line { holder, is_substitute, name: cell(row, no), phone });
        }
    }
    lines
}

/// The telephone column that belongs to a column of names: the next one before other names.
fn phone_after(columns: &[Column], at: usize) -> Option<usize> {
    let rest = columns.iter().enumerate().skip(at + 1);
    let mut near =
        rest.take_while(|(_, column)| !matches!(column, Column::Seat(..) | Column::Name));
    near.find(|(_, column)| **column == Column::Phone).map(|(at, _)| at)
}

fn cell(row: &[String], at: usize) -> &str {
    row.get(at).map_or("", |text| text.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[&str]) -> Vec<Vec<String>> {
        text.iter().map(|row| row.split(' ').map(|cell| cell.replace('_', "")).collect()).collect()
    }

    #[track_caller]
    fn check(sheet: &[&str], expected: &[&str]) {
        let table = rows(sheet);
        let from = "2019-07-01".parse().unwrap();
        let sheet = Sheet { header: &table[0], rows: &table[1..], from };
        let town = |name: &str| match name {
            "江北办" => Some("610902003".parse().unwrap()),
            "五里镇" => Some("610902104".parse().unwrap()),
            _ => None,
        };
        let found: Vec<String> = posts(sheet, &town)
            .iter()
            .map(|post| {
                let substitute = if post.is_substitute { " 代" } else { "" };
                let phone = post.phone.as_ref().map_or("-", Private::expose);
                let (seat, office) = (post.holder.seat, &post.holder.office);
                format!("{seat:?} {office:?} {} {phone}{substitute}", post.name.expose())
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_sheet_of_offices_and_posts() {
        check(
            &[
                "序号 单位 线 职务(七长) 姓名 手机 职责",
                "1 示例区人民政府 行政线 区长 甲 139 _",
                "2 示例区人民政府 行政线 分管副区长 乙 _ _",
                "3 示例区教育局 教育线 局长 丙 137 _",
                "4 示例区教育局 教育线 基教股股长 丁 136 _",
                "5 江北办 行政线 镇长(主任) 戊 135 包抓",
                "6 江北办 行政线 分管副镇长(副主任) 己 134 包抓",
                "7 江北办 行政线 教育专干 庚 133 包抓",
                "8 别处镇 行政线 镇长 辛 132 _",
            ],
            &[
                "CountyHead County 甲 139",
                "CountyHead County 乙 - 代",
                "BureauHead Bureau 丙 137",
                "TownHead Town(TownCode(610902003)) 戊 135",
                "TownHead Town(TownCode(610902003)) 己 134 代",
            ],
        );
    }

    #[test]
    fn a_sheet_of_villages_with_merged_towns_and_empty_seats() {
        check(
            &[
                "镇办 村代码 村(社区) 村长(村主任/社区主任) 电话 支部书记 电话 包村干部 电话",
                "江北办 1 东社区 甲 139 乙 138 丙 137",
                "_ 2 西社区 空缺 _ 丁 _ 戊 136",
                "五里镇 3 南村 己 135 _ _ _ _",
            ],
            &[
                "VillageHead Village(TownCode(610902003), \"东社区\") 甲 139",
                "VillageHead Village(TownCode(610902003), \"东社区\") 乙 138 代",
                "VillageHead Village(TownCode(610902003), \"西社区\") 丁 - 代",
                "VillageHead Village(TownCode(610902104), \"南村\") 己 135",
            ],
        );
    }

    #[test]
    fn a_sheet_of_schools() {
        check(
            &[
                "学校 校长 手机 师长(年级组长/班主任代表) 电话 所在镇办",
                "江北小学 甲 139 乙 138 江北办",
            ],
            &["Principal School(\"江北小学\") 甲 139", "Teacher School(\"江北小学\") 乙 138"],
        );
        check(&["名称 数量", "桌子 3"], &[]);
    }
}
