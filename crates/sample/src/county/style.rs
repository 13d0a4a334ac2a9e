//! How a county writes: headers, orders, formats, numbers and dates. Everything follows from one number.

use chrono::{Datelike, NaiveDate};

use super::{
    book::{Cell, Encoding, Format, serial},
    chance::Chance,
    place::hanzi,
    words::Habit,
};

/// How numbers of identity are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IdStyle {
    Text,
    /// As a number: fifteen digits survive.
    Number,
    /// As text in scientific notation, in one row of three.
    Scientific,
    Masked,
    FullWidth,
    /// Hyphens or blanks between area, birth and sequence.
    Grouped,
    /// Apostrophe before, no-break space or blanks behind.
    Dirty,
    LowerX,
}

impl IdStyle {
    /// The cell, and the tag of the row when digits are lost.
    pub(super) fn write(self, id: &str, chance: &mut Chance) -> (Cell, &'static str) {
        if id.is_empty() {
            return (Cell::Blank, "id_missing");
        }
        let text = match self {
            Self::Number if !id.ends_with('X') => {
                let rounded = id[..15].parse::<u64>().unwrap_or(0);
                #[expect(clippy::cast_precision_loss, reason = "fifteen digits fit a double")]
                let number = rounded as f64 * 1000.0;
                return (Cell::Number(number), "id_precision_lost");
            }
            Self::Scientific if !id.ends_with('X') && chance.hit(0.35) => {
                let text = format!("{}.{}E+17", &id[..1], &id[1..6]);
                return (Cell::Text(text), "id_precision_lost");
            }
            Self::Masked => {
                let text = format!("{}********{}", &id[..6], &id[14..]);
                return (Cell::Text(text), "id_masked");
            }
            Self::FullWidth if chance.hit(0.5) => full_width(id),
            Self::Grouped if id.len() == 18 => {
                let mark = if chance.hit(0.5) { "-" } else { " " };
                format!("{}{mark}{}{mark}{}", &id[..6], &id[6..14], &id[14..])
            }
            Self::Dirty => match chance.below(5) {
                0 => format!("'{id}"),
                1 => format!("{id}\u{a0}"),
                2 => format!("{id} "),
                3 => format!("{id}\u{3000}"),
                _ => id.to_owned(),
            },
            Self::LowerX => id.to_lowercase(),
            Self::Text | Self::Number | Self::Scientific | Self::FullWidth | Self::Grouped => {
                id.to_owned()
            }
        };
        (Cell::Text(text), "")
    }
}

fn full_width(text: &str) -> String {
    let wide = |c: char| char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c);
    text.chars().map(|c| if c.is_ascii_graphic() { wide(c) } else { c }).collect()
}

/// How dates are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DateStyle {
    Iso,
    Slash,
    Dots,
    Compact,
    Hanzi,
    /// Year and month only.
    Month,
    MonthDots,
    /// The number that spreadsheets keep, without its format.
    Serial,
    Real,
    /// Whatever the clerk of the village was used to.
    Mixed,
}

impl DateStyle {
    const ALL: [Self; 10] = [
        Self::Iso,
        Self::Slash,
        Self::Dots,
        Self::Compact,
        Self::Hanzi,
        Self::Month,
        Self::MonthDots,
        Self::Serial,
        Self::Real,
        Self::Mixed,
    ];

    pub(super) fn write(self, day: NaiveDate, chance: &mut Chance) -> Cell {
        let format = match self {
            Self::Iso => "%Y-%m-%d",
            Self::Slash => "%Y/%-m/%-d",
            Self::Dots => "%Y.%-m.%-d",
            Self::Compact => "%Y%m%d",
            Self::Hanzi => return Cell::Text(hanzi_date(day)),
            Self::Month => return Cell::Text(format!("{}年{}月", day.year(), day.month())),
            Self::MonthDots => "%Y.%m",
            Self::Serial => return Cell::Number(f64::from(serial(day))),
            Self::Real => return Cell::Day(day),
            Self::Mixed => {
                let some =
                    [Self::Iso, Self::Slash, Self::Dots, Self::Compact, Self::Hanzi, Self::Serial];
                return chance.pick(&some).write(day, chance);
            }
        };
        Cell::Text(day.format(format).to_string())
    }

    /// Whether the day of the month is lost.
    pub(super) fn is_coarse(self) -> bool {
        matches!(self, Self::Month | Self::MonthDots)
    }
}

fn hanzi_date(day: NaiveDate) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// How grades are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GradeStyle {
    /// 一年级, 七年级.
    Plain,
    /// 小学一年级, 初中一年级.
    Stage,
    /// 小一, 初一.
    Short,
    /// 1年级, 7年级.
    Digit,
    Mixed,
}

impl GradeStyle {
    pub(super) fn write(self, grade: i32, chance: &mut Chance) -> String {
        let grade = u8::try_from(grade.clamp(1, 9)).unwrap_or(1);
        let in_stage = if grade > 6 { grade - 6 } else { grade };
        let (stage, short) = if grade > 6 { ("初中", "初") } else { ("小学", "小") };
        match self {
            Self::Plain => format!("{}年级", hanzi(grade)),
            Self::Stage => format!("{stage}{}年级", hanzi(in_stage)),
            Self::Short => format!("{short}{}", hanzi(in_stage)),
            Self::Digit => format!("{grade}年级"),
            Self::Mixed => {
                let some = [Self::Plain, Self::Stage, Self::Short, Self::Digit];
                chance.pick(&some).write(i32::from(grade), chance)
            }
        }
    }
}

/// The oddities of a sheet besides its columns.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "a clerk may do each of these things or not")]
pub(super) struct Layout {
    pub(super) title: bool,
    pub(super) note: bool,
    pub(super) two_level: bool,
    pub(super) total: bool,
    pub(super) signature: bool,
    /// A blank row now and then.
    pub(super) blanks: bool,
    /// The header again every this many rows.
    pub(super) repeat_header: Option<usize>,
    /// A subtotal after each village.
    pub(super) subtotals: bool,
    /// The village in a merged cell.
    pub(super) merged: bool,
    /// One sheet for primary and one for junior grades.
    pub(super) by_stage: bool,
}

/// How one town writes its survey.
#[derive(Clone, Debug)]
pub(super) struct TownStyle {
    pub(super) habit: Habit,
    pub(super) grades: GradeStyle,
    pub(super) ids: IdStyle,
    pub(super) births: DateStyle,
    pub(super) dates: DateStyle,
    pub(super) layout: Layout,
    pub(super) format: Format,
    /// Draws the columns of this town; used once.
    pub(super) columns_stream: u64,
    pub(super) hidden_sheet: bool,
}

impl TownStyle {
    pub(super) fn grade(&self, grade: i32, chance: &mut Chance) -> String {
        self.grades.write(grade, chance)
    }
}

/// How files are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Numbering {
    /// `05_03_老城办_…`
    Underscore,
    /// `5.3老城办…`
    Dot,
    /// `附件5-3 老城办…`
    Annex,
    /// No number.
    None,
}

/// The style of a county.
#[derive(Debug)]
pub(super) struct CountyStyle {
    pub(super) number: u32,
    numbering: Numbering,
    pub(super) towns: Vec<TownStyle>,
}

impl CountyStyle {
    pub(super) fn new(number: u32, n_towns: usize, noise: f64) -> Self {
        let mut chance = Chance::new(u64::from(number), 77);
        let numbering = *chance.pick(&[
            Numbering::Underscore,
            Numbering::Dot,
            Numbering::Annex,
            Numbering::None,
        ]);
        let towns = (0..n_towns).map(|at| town(at, noise, &mut chance)).collect();
        Self { number, numbering, towns }
    }

    /// The name of a file without extension.
    pub(super) fn stem(&self, source: u32, part: Option<usize>, name: &str) -> String {
        let part = |mark: &str| part.map(|at| format!("{mark}{:02}", at + 1)).unwrap_or_default();
        match self.numbering {
            Numbering::Underscore => format!("{source:02}{}_{name}", part("_")),
            Numbering::Dot => format!("{source}{}.{name}", part("-")),
            Numbering::Annex => format!("附件{source}{} {name}", part("-")),
            Numbering::None => format!("{name}{}", part("")),
        }
    }

    /// Draws for the style of one source; the same style gives the same draws.
    pub(super) fn chance(&self, source: u64) -> Chance {
        Chance::new(u64::from(self.number), 1_000 + source)
    }
}

fn town(at: usize, noise: f64, chance: &mut Chance) -> TownStyle {
    let habit = Habit(chance.below(60));
    let grades = *chance.pick(&[
        GradeStyle::Plain,
        GradeStyle::Stage,
        GradeStyle::Short,
        GradeStyle::Digit,
        GradeStyle::Mixed,
    ]);
    let ids = id_style(noise, chance);
    let mut births = *chance.pick(&DateStyle::ALL);
    // A file that loses both the digits of the ID and the day of birth says too little about anybody.
    let lossy = matches!(ids, IdStyle::Number | IdStyle::Scientific | IdStyle::Masked);
    if lossy && births.is_coarse() {
        births = DateStyle::Iso;
    }
    let mut dates = *chance.pick(&DateStyle::ALL);
    if dates == DateStyle::Serial && chance.hit(0.5) {
        dates = DateStyle::Real;
    }
    let format = match chance.below(10) {
        0 => Format::Csv(Encoding::Gbk),
        1 => Format::Csv(Encoding::Utf16Le),
        2 | 3 => Format::Ods,
        _ => Format::Xlsx,
    };
    TownStyle {
        habit,
        grades,
        ids,
        births,
        dates,
        layout: layout(chance),
        format,
        columns_stream: 2_000 + at as u64,
        hidden_sheet: chance.hit(0.15),
    }
}

fn id_style(noise: f64, chance: &mut Chance) -> IdStyle {
    // Two towns of twelve lose digits at noise 1, half of them at noise 3.
    if chance.hit(0.17 * noise) {
        let lossy = [IdStyle::Number, IdStyle::Number, IdStyle::Scientific, IdStyle::Masked];
        return *chance.pick(&lossy);
    }
    *chance.pick(&[
        IdStyle::Text,
        IdStyle::Text,
        IdStyle::Text,
        IdStyle::FullWidth,
        IdStyle::Grouped,
        IdStyle::Dirty,
        IdStyle::LowerX,
    ])
}

fn layout(chance: &mut Chance) -> Layout {
    let by_stage = chance.hit(0.15);
    let subtotals = by_stage || chance.hit(0.1);
    Layout {
        title: chance.hit(0.85),
        note: chance.hit(0.5),
        two_level: chance.hit(0.15),
        total: chance.hit(0.8),
        signature: chance.hit(0.8),
        blanks: chance.hit(0.2),
        repeat_header: chance.hit(0.15).then_some(35),
        subtotals,
        merged: !subtotals && chance.hit(0.2),
        by_stage,
    }
}

/// One column of a file: what it holds, its header, and the name the truth has for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column<F> {
    pub(super) what: F,
    pub(super) header: &'static str,
    pub(super) field: &'static str,
}

/// One possible column: what, the field's name in the truth, headers to choose from, and how often it is there in
/// hundredths.
pub(super) type Choice<F> = (F, &'static str, &'static [&'static str], usize);

/// Draws the columns of a file: headers from the synonyms, some columns left out, neighbours exchanged.
pub(super) fn columns<F: Copy>(menu: &[Choice<F>], chance: &mut Chance) -> Vec<Column<F>> {
    let mut columns: Vec<Column<F>> = Vec::new();
    for (what, field, headers, often) in menu {
        if chance.below(100) < *often {
            columns.push(Column { what: *what, header: chance.word(headers), field });
        }
    }
    for _ in 0..columns.len() {
        let at = chance.below(columns.len());
        if at > 1 && chance.hit(0.5) {
            columns.swap(at - 1, at);
        }
    }
    columns
}

/// Header and field of each column, as [`super::book::Book::header`] takes them.
pub(super) fn heads<F>(columns: &[Column<F>]) -> Vec<(&'static str, &'static str)> {
    columns.iter().map(|column| (column.header, column.field)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_fifteen_digits() {
        let mut chance = Chance::new(1, 0);
        let (cell, tag) = IdStyle::Number.write("610931200809087012", &mut chance);
        assert_eq!(cell, Cell::Number(610_931_200_809_087_000.0));
        assert_eq!(tag, "id_precision_lost");
    }

    #[test]
    fn styles_of_different_numbers_differ() {
        let stems: std::collections::BTreeSet<String> =
            (0..8).map(|n| CountyStyle::new(n, 12, 1.0).stem(5, Some(2), "摸排表")).collect();
        assert!(stems.len() > 2, "{stems:?}");
    }
}
