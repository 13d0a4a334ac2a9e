//! Payments of aid to pupils (学生资助): what for, for which term, how much.

use std::fmt;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::{StudyMode, text::half_width};

/// What aid a list pays.
///
/// Source: the catalogue of national aid for compulsory schooling; which of it a county pays, and how much, is data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AidKind {
    /// 家庭经济困难寄宿生生活补助（一补）.
    BoardingLiving,
    /// 家庭经济困难非寄宿生生活补助.
    DayLiving,
    /// 营养改善计划.
    Meals,
    /// 免学杂费、免费教科书（两免）.
    FeesAndBooks,
    /// 孤儿、事实无人抚养儿童基本生活费.
    OrphanAllowance,
    /// 教育救助、低保、特困、临时救助.
    Relief,
    /// Another, or one that the words do not tell.
    Other,
}

impl AidKind {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::BoardingLiving,
        Self::DayLiving,
        Self::Meals,
        Self::FeesAndBooks,
        Self::OrphanAllowance,
        Self::Relief,
        Self::Other,
    ];

    /// The kind that words name, such as 非寄宿生生活补助; `None` when they name none.
    pub fn read(text: &str) -> Option<Self> {
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        if has(&["非寄宿", "走读生", "四类"]) {
            return Some(Self::DayLiving);
        }
        if has(&["寄宿", "住校", "住宿生", "一补"]) {
            return Some(Self::BoardingLiving);
        }
        if has(&["营养", "蛋奶"]) {
            return Some(Self::Meals);
        }
        if has(&["教科书", "两免", "学杂费"]) {
            return Some(Self::FeesAndBooks);
        }
        if has(&["孤儿", "无人抚养"]) {
            return Some(Self::OrphanAllowance);
        }
        has(&["救助", "低保", "特困"]).then_some(Self::Relief)
    }

    /// What a clerk calls it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::BoardingLiving => "寄宿生生活补助",
            Self::DayLiving => "非寄宿生生活补助",
            Self::Meals => "营养改善计划",
            Self::FeesAndBooks => "免学杂费、免费教科书",
            Self::OrphanAllowance => "孤儿（事实无人抚养儿童）基本生活费",
            Self::Relief => "救助",
            Self::Other => "其他资助",
        }
    }

    /// The same in English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::BoardingLiving => "living allowance for boarders",
            Self::DayLiving => "living allowance for day pupils",
            Self::Meals => "school meals",
            Self::FeesAndBooks => "fees and textbooks",
            Self::OrphanAllowance => "allowance for orphans",
            Self::Relief => "relief",
            Self::Other => "other aid",
        }
    }
}

/// A school term: spring from February to August, autumn from September to January.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SchoolTerm {
    /// Calendar year in which it begins.
    pub year: i32,
    /// Whether it is the autumn term, the first of a school year.
    pub autumn: bool,
}

impl SchoolTerm {
    /// The term of a day.
    pub fn of(day: NaiveDate) -> Self {
        match day.month() {
            1 => Self { year: day.year() - 1, autumn: true },
            2..=8 => Self { year: day.year(), autumn: false },
            _ => Self { year: day.year(), autumn: true },
        }
    }

    /// Reads `2019年春季学期`, `2019春`, `2018-2019学年第二学期`, `2018—2019学年度上学期`; `None` when the words do not tell.
    ///
    /// ```
    /// use baoxue_claim::SchoolTerm;
    /// let spring = SchoolTerm { year: 2019, autumn: false };
    /// assert_eq!(SchoolTerm::read("2018-2019学年第二学期"), Some(spring));
    /// assert_eq!(SchoolTerm::read("2019年春季"), Some(spring));
    /// assert_eq!(SchoolTerm::read("上学期"), None);
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        let text = half_width(text);
        let digits = text.split(|c: char| !c.is_ascii_digit());
        let years: Vec<i32> = digits
            .filter(|part| part.len() == 4)
            .filter_map(|part| part.parse().ok())
            .filter(|year| (2000..2100).contains(year))
            .collect();
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let spring = has(&["春", "第二学期", "第2学期", "下学期", "下期"]);
        let autumn = has(&["秋", "第一学期", "第1学期", "上学期", "上期"]);
        if spring == autumn {
            return None;
        }
        match *years.as_slice() {
            [first, last, ..] if last == first + 1 && text.contains("学年") => {
                Some(Self { year: if autumn { first } else { last }, autumn })
            }
            // One year and 上学期 may be either; a season is plain.
            [year] if has(&["春", "秋"]) => Some(Self { year, autumn }),
            _ => None,
        }
    }

    /// Its first day.
    pub fn first_day(self) -> NaiveDate {
        let month = if self.autumn { 9 } else { 2 };
        NaiveDate::from_ymd_opt(self.year, month, 1).unwrap_or(NaiveDate::MIN)
    }
}

impl fmt::Display for SchoolTerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}年{}季", self.year, if self.autumn { "秋" } else { "春" })
    }
}

/// A row of a payment list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AidPaid {
    /// What for.
    pub aid: AidKind,
    /// For which term; `None` when the list does not say.
    pub term: Option<SchoolTerm>,
    /// How much, in fen (1/100 yuan).
    pub fen: Option<u32>,
    /// When it was paid.
    pub on: Option<NaiveDate>,
    /// How the list says that the pupil attends.
    pub mode: Option<StudyMode>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_pupils_are_not_boarders() {
        let check = |text, kind| assert_eq!(AidKind::read(text), kind, "{text}");
        check("四类家庭经济困难非寄宿生生活补助", Some(AidKind::DayLiving));
        check("家庭经济困难寄宿生生活补助", Some(AidKind::BoardingLiving));
        check("学生营养改善计划", Some(AidKind::Meals));
        check("发放表", None);
    }

    #[test]
    fn terms_are_read_or_left_open() {
        let check = |text, year, autumn| {
            assert_eq!(SchoolTerm::read(text), Some(SchoolTerm { year, autumn }), "{text}");
        };
        check("2019年春季学期", 2019, false);
        check("２０１９秋", 2019, true);
        check("2018—2019学年度第一学期", 2018, true);
        for open in ["2019年", "春季", "2019年上学期", "2018-2019学年"] {
            assert_eq!(SchoolTerm::read(open), None, "{open}");
        }
    }
}
