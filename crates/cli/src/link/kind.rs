//! What the library takes a column for, in words, and how its values are shown without giving persons away.

use baoxue_link::{ColumnGuess, ColumnKind as Kind, Reason, Table, guess};

use crate::lang::Lang;

/// Rows below which a value that comes again and again may still tell a person apart.
const FEW_ROWS: u32 = 50;

/// What each column of a table is taken for, in their order.
pub(super) fn kinds(table: &Table) -> Vec<ColumnGuess> {
    guess(table).columns
}

pub(super) const fn word(guess: &ColumnGuess, lang: Lang) -> &'static str {
    let (zh, en) = match guess.kind {
        Kind::GivenName => ("名", "given name"),
        Kind::Surname => ("姓", "surname"),
        Kind::FullName => ("姓名", "person's name"),
        Kind::GuardianName => ("家长姓名", "guardian's name"),
        Kind::Sex => ("性别", "sex"),
        Kind::Date => ("日期", "date"),
        Kind::ResidentId => ("身份证号", "resident ID"),
        Kind::Identifier => ("证件号码", "number of a person"),
        Kind::Phone => ("电话", "telephone"),
        Kind::Email => ("电子邮件", "e-mail"),
        Kind::Postcode => ("邮编", "postcode"),
        Kind::StreetNumber => ("门牌号", "house number"),
        Kind::Place => ("住址", "place"),
        Kind::Address => ("地址", "address"),
        Kind::Town => ("城镇", "town"),
        Kind::RegionCode => ("行政区划代码", "region code"),
        Kind::School => ("学校", "school"),
        Kind::Category => ("类别", "category"),
        Kind::Number => ("数字", "number"),
        Kind::Set => ("多项", "several entries"),
        Kind::Words => ("词语", "words"),
        Kind::Text => ("文字", "text"),
        Kind::RowId => ("行号", "number of the record"),
        Kind::Source => ("来源", "source"),
        Kind::Truth => ("标准答案", "truth"),
        Kind::Empty => match guess.reason {
            Reason::OneValue => ("只有一个值", "one value only"),
            Reason::Name
            | Reason::Values
            | Reason::NameAndValues
            | Reason::EachRowItsOwn
            | Reason::MostlyMissing
            | Reason::Repeats(_) => ("几乎没填", "hardly filled"),
        },
        Kind::Copy => ("重复列", "copy of others"),
    };
    match lang {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// A value as it may be shown to anybody: what tells a person apart is starred out.
pub(super) fn masked(kind: Kind, value: &str, n_rows: u32) -> String {
    let n_shown = match kind {
        Kind::Sex | Kind::RegionCode | Kind::School | Kind::Source => 40,
        Kind::Category if n_rows >= FEW_ROWS => 40,
        Kind::ResidentId => 6,
        Kind::Date => 4,
        Kind::Phone => 3,
        Kind::GivenName
        | Kind::Surname
        | Kind::FullName
        | Kind::GuardianName
        | Kind::Identifier
        | Kind::Email
        | Kind::Postcode
        | Kind::StreetNumber
        | Kind::Place
        | Kind::Address
        | Kind::Town
        | Kind::Category
        | Kind::Number
        | Kind::Set
        | Kind::Words
        | Kind::Text
        | Kind::RowId
        | Kind::Truth
        | Kind::Empty
        | Kind::Copy => 1,
    };
    let n_hidden = value.chars().count().saturating_sub(n_shown).min(6);
    value.chars().take(n_shown).chain(std::iter::repeat_n('*', n_hidden)).collect()
}

/// A value as the person sees it who must judge a pair: numbers are starred out in their middle, in whichever column they
/// stand.
pub(super) fn for_review(kind: Kind, value: &str) -> String {
    let n = value.chars().count();
    let (head, tail) = if (kind == Kind::ResidentId && n > 10) || is_resident_id(value) {
        (6, 4)
    } else if (kind == Kind::Phone && n > 7) || is_phone(value) {
        (3, 4)
    } else {
        return value.to_owned();
    };
    let star = |(at, c): (usize, char)| if at < head || at + tail >= n { c } else { '*' };
    value.chars().enumerate().map(star).collect()
}

fn is_resident_id(text: &str) -> bool {
    let known = |c: char| c.is_ascii_digit() || "Xx?*".contains(c);
    matches!(text.len(), 15 | 18) && text.chars().all(known)
}

fn is_phone(text: &str) -> bool {
    let is_dressed = |c: char| c.is_ascii_digit() || " +-".contains(c);
    let own = text.strip_prefix("+86").unwrap_or(text);
    let digits: String = own.chars().filter(char::is_ascii_digit).collect();
    digits.len() == 11 && digits.starts_with('1') && text.chars().all(is_dressed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_keep_what_is_no_secret() {
        assert_eq!(masked(Kind::ResidentId, "110105200912310028", 9), "110105******");
        assert_eq!(masked(Kind::FullName, "张小莉", 9), "张**");
        assert_eq!(masked(Kind::Sex, "女", 9), "女");
        assert_eq!(masked(Kind::Category, "残疾", 9), "残*");
        assert_eq!(masked(Kind::Category, "残疾", 900), "残疾");
    }

    #[test]
    fn numbers_are_hidden_in_every_column() {
        for kind in [Kind::ResidentId, Kind::Empty, Kind::Copy] {
            assert_eq!(for_review(kind, "110105200912310028"), "110105********0028");
        }
        for phone in ["13800001111", "138-0000-1111", "+86 13800001111"] {
            assert!(for_review(Kind::Text, phone).contains("**"), "{phone}");
        }
        assert_eq!(for_review(Kind::FullName, "张小莉"), "张小莉");
        assert_eq!(for_review(Kind::RegionCode, "110105001001"), "110105001001");
    }
}
