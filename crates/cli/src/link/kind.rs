//! Which kind of field a column may be, and how its values are shown without giving persons away.

use baoxue_link::{Column, Comparator};

use crate::lang::Lang;

/// Distinct values that are looked at.
const LOOKED_AT: usize = 2000;
/// Of the values looked at so many percent must fit.
const ENOUGH_PERCENT: usize = 70;

/// What a column may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    ResidentId,
    Phone,
    Date,
    PersonName,
    School,
    Place,
    RegionCode,
    /// A few values that come again and again: sex, class, nation.
    Category,
    Number,
    Text,
    Empty,
}

impl Kind {
    /// Told by the heading where it says it, and by what most values look like.
    pub(super) fn of(column: &Column) -> Self {
        let values: Vec<&str> = column.texts().iter().skip(1).take(LOOKED_AT).collect();
        if values.is_empty() {
            return Self::Empty;
        }
        let most = |fits: fn(&str) -> bool| {
            values.iter().filter(|value| fits(value)).count() * 100 >= values.len() * ENOUGH_PERCENT
        };
        let says =
            |words: &[&str]| words.iter().any(|word| column.name().to_lowercase().contains(word));
        let is_school =
            |text: &str| ["学校", "小学", "中学", "幼儿园"].iter().any(|word| text.contains(word));
        let tests: [(Self, bool); 8] = [
            (Self::ResidentId, most(is_resident_id)),
            (Self::Phone, most(is_phone)),
            (Self::Date, most(is_date)),
            (Self::School, most(is_school) || says(&["school", "学校"])),
            (Self::RegionCode, most(is_region) && values.len() > 1),
            (Self::Place, most(is_place) || says(&["address", "住址", "地址"])),
            (Self::Category, column.texts().len() <= 13 && column.values().len() >= 50),
            (Self::PersonName, most(is_name) || says(&["name", "姓名"])),
        ];
        let found = tests.into_iter().find(|(_, fits)| *fits).map(|(kind, _)| kind);
        found.unwrap_or(if most(is_number) { Self::Number } else { Self::Text })
    }

    /// How such a field is compared.
    pub(super) const fn comparator(self) -> Option<Comparator> {
        match self {
            Self::ResidentId => Some(Comparator::ResidentId),
            Self::Phone => Some(Comparator::Phone),
            Self::Date => Some(Comparator::Date),
            Self::PersonName => Some(Comparator::PersonName),
            Self::School => Some(Comparator::School),
            Self::Place => Some(Comparator::Place),
            Self::RegionCode => Some(Comparator::RegionCode),
            Self::Category | Self::Number => Some(Comparator::Exact),
            Self::Text => Some(Comparator::Text),
            Self::Empty => None,
        }
    }

    pub(super) fn word(self, lang: Lang) -> &'static str {
        match self {
            Self::ResidentId => lang.pick("身份证号", "resident ID"),
            Self::Phone => lang.pick("电话", "telephone"),
            Self::Date => lang.pick("日期", "date"),
            Self::PersonName => lang.pick("姓名", "person's name"),
            Self::School => lang.pick("学校", "school"),
            Self::Place => lang.pick("住址", "place"),
            Self::RegionCode => lang.pick("行政区划代码", "region code"),
            Self::Category => lang.pick("类别", "category"),
            Self::Number => lang.pick("数字", "number"),
            Self::Text => lang.pick("文字", "text"),
            Self::Empty => lang.pick("空列", "empty"),
        }
    }

    /// A value as it may be shown to anybody: what tells a person apart is starred out.
    pub(super) fn masked(self, value: &str) -> String {
        match self {
            Self::Category | Self::RegionCode | Self::School | Self::Empty => {
                value.chars().take(40).collect()
            }
            Self::ResidentId => starred(value, 6),
            Self::Phone => starred(value, 3),
            Self::Date => starred(value, 4),
            Self::PersonName | Self::Place | Self::Number | Self::Text => starred(value, 1),
        }
    }

    /// A value as the person sees it who must judge a pair: numbers are starred out in their middle.
    pub(super) fn for_review(self, value: &str) -> String {
        let n = value.chars().count();
        let (head, tail) = if self == Self::ResidentId && n > 10 {
            (6, 4)
        } else if self == Self::Phone && n > 7 {
            (3, 4)
        } else {
            return value.to_owned();
        };
        let star = |(at, c): (usize, char)| if at < head || at + tail >= n { c } else { '*' };
        value.chars().enumerate().map(star).collect()
    }
}

/// The first characters, and a star for each of up to six others.
fn starred(value: &str, n_shown: usize) -> String {
    let n_hidden = value.chars().count().saturating_sub(n_shown).min(6);
    value.chars().take(n_shown).chain(std::iter::repeat_n('*', n_hidden)).collect()
}

fn is_resident_id(text: &str) -> bool {
    let known = |c: char| c.is_ascii_digit() || "Xx?*".contains(c);
    matches!(text.chars().count(), 15 | 18) && text.chars().all(known) && text.len() <= 18
}

fn is_phone(text: &str) -> bool {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.len() == 11 && digits.starts_with('1') && text.chars().count() <= 15
}

fn is_date(text: &str) -> bool {
    let parts: Vec<&str> =
        text.split(['-', '/', '.', '年', '月', '日', ' ']).filter(|p| !p.is_empty()).collect();
    let is_digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.as_slice() {
        [whole] => {
            whole.len() == 8
                && is_digits(whole)
                && (whole.starts_with("19") || whole.starts_with("20"))
        }
        [year, month, ..] => {
            [year, month].into_iter().all(is_digits) && (year.len() == 4) && month.len() <= 2
        }
        [] => false,
    }
}

fn is_region(text: &str) -> bool {
    matches!(text.len(), 6 | 9 | 12)
        && text.bytes().all(|b| b.is_ascii_digit())
        && !text.starts_with('0')
}

fn is_place(text: &str) -> bool {
    text.chars().count() > 3
        && ["省", "市", "县", "镇", "乡", "村", "组", "路", "号"].iter().any(|w| text.contains(w))
}

fn is_name(text: &str) -> bool {
    let is_han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c) || "·?□*".contains(c);
    (2..=4).contains(&text.chars().count()) && text.chars().all(is_han) || text.contains('·')
}

fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_what_values_look_like() {
        let cases = [
            (Kind::ResidentId, "a", ["110105200912310028", "11010520091231002?"]),
            (Kind::Date, "b", ["2009-12-31", "20091231"]),
            (Kind::Phone, "c", ["13800001111", "138-0000-2222"]),
            (Kind::PersonName, "d", ["张三", "阿依古丽·买买提"]),
            (Kind::School, "e", ["铁沟村小学", "县第一中学"]),
            (Kind::Place, "f", ["洪山镇铁沟村5组", "铁沟村五组"]),
            (Kind::Number, "g", ["1", "2.5"]),
            (Kind::Text, "h", ["abc", "x y"]),
        ];
        for (kind, name, values) in cases {
            assert_eq!(Kind::of(&Column::new(name, values)), kind, "{values:?}");
        }
        assert_eq!(Kind::of(&Column::new("i", ["", ""])), Kind::Empty);
    }

    #[test]
    fn masks_keep_what_is_no_secret() {
        assert_eq!(Kind::ResidentId.masked("110105200912310028"), "110105******");
        assert_eq!(Kind::PersonName.masked("张小莉"), "张**");
        assert_eq!(Kind::ResidentId.for_review("110105200912310028"), "110105********0028");
        assert_eq!(Kind::PersonName.for_review("张小莉"), "张小莉");
    }
}
