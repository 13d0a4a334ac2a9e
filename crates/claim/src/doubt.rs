//! What is doubtful about a value that was kept.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Private;

/// One reason to doubt a value. The code ([`Doubt::code`]) is stable for exports.
///
/// Source: the faults of real lists, `docs/reference/faults.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Doubt {
    /// A resident ID stored as a number has lost its last digits (身份证号丢失尾数).
    IdPrecisionLost,
    /// The check character does not fit (校验码不符).
    IdChecksum,
    /// Neither 15 nor 18 characters (位数不对).
    IdLength,
    /// Some digits are hidden by asterisks (打码).
    IdMasked,
    /// The number says another birth date than the birth column (号码与出生日期不符).
    IdBirthMismatch,
    /// The number says another sex than the sex column (号码与性别不符).
    IdSexMismatch,
    /// The number belongs to an adult: the guardian's number stands in the child's column (填成监护人号码).
    IdIsGuardian,
    /// The date inside the number does not exist (号码中日期不存在).
    IdDateImpossible,
    /// Only year and month are given (只有年月).
    BirthMonthOnly,
    /// Only the year is given (只有年份).
    BirthYearOnly,
    /// The text could not be read as a date (出生日期无法识别).
    BirthUnreadable,
    /// The date does not exist or lies outside 1900 and the day of the file (出生日期不合理).
    BirthImpossible,
    /// First of January, often a default (1月1日，可能是默认值).
    BirthDefault,
    /// A date of another column could not be read (日期无法识别).
    DateUnreadable,
    /// The text is no amount of money (金额无法识别).
    AmountUnreadable,
    /// The text is no time of day, or a visit would end before it begins (时刻无法识别).
    TimeUnreadable,
    /// The text is no plain number, such as one of lessons (数量无法识别).
    NumberUnreadable,
    /// The name holds a character that could not be encoded: `?`, `□`, `*`, Latin letters (姓名含无法编码的字).
    NameUnencodable,
    /// A nickname or a single given name (小名).
    NameNickname,
    /// The town is not in the county's list (镇办不在名单内).
    TownUnknown,
    /// A cell with an error value such as `#REF!` (单元格为错误值).
    CellError,
    /// The words of a status could not be understood (就读情况无法识别).
    WordsUnclear,
    /// Bytes of the file did not fit its encoding (含乱码).
    TextGarbled,
}

impl Doubt {
    /// The stable code, such as `ID_PRECISION_LOST`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::IdPrecisionLost => "ID_PRECISION_LOST",
            Self::IdChecksum => "ID_CHECKSUM",
            Self::IdLength => "ID_LENGTH",
            Self::IdMasked => "ID_MASKED",
            Self::IdBirthMismatch => "ID_BIRTH_MISMATCH",
            Self::IdSexMismatch => "ID_SEX_MISMATCH",
            Self::IdIsGuardian => "ID_IS_GUARDIAN",
            Self::IdDateImpossible => "ID_DATE_IMPOSSIBLE",
            Self::BirthMonthOnly => "BIRTH_MONTH_ONLY",
            Self::BirthYearOnly => "BIRTH_YEAR_ONLY",
            Self::BirthUnreadable => "BIRTH_UNREADABLE",
            Self::BirthImpossible => "BIRTH_IMPOSSIBLE",
            Self::BirthDefault => "BIRTH_DEFAULT",
            Self::DateUnreadable => "DATE_UNREADABLE",
            Self::AmountUnreadable => "AMOUNT_UNREADABLE",
            Self::TimeUnreadable => "TIME_UNREADABLE",
            Self::NumberUnreadable => "NUMBER_UNREADABLE",
            Self::NameUnencodable => "NAME_UNENCODABLE",
            Self::NameNickname => "NAME_NICKNAME",
            Self::TownUnknown => "TOWN_UNKNOWN",
            Self::CellError => "CELL_ERROR",
            Self::WordsUnclear => "WORDS_UNCLEAR",
            Self::TextGarbled => "TEXT_GARBLED",
        }
    }

    /// What a clerk reads, in zh-CN.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::IdPrecisionLost => "身份证号被当作数字保存，末几位已丢失",
            Self::IdChecksum => "身份证号校验码不符，至少有一位写错",
            Self::IdLength => "身份证号位数不对",
            Self::IdMasked => "身份证号部分数字被遮住",
            Self::IdBirthMismatch => "身份证号与出生日期不一致",
            Self::IdSexMismatch => "身份证号与性别不一致",
            Self::IdIsGuardian => "身份证号像是监护人的",
            Self::IdDateImpossible => "身份证号中的日期不存在",
            Self::BirthMonthOnly => "出生日期只有年月",
            Self::BirthYearOnly => "出生日期只有年份",
            Self::BirthUnreadable => "出生日期无法识别",
            Self::BirthImpossible => "出生日期不合理",
            Self::BirthDefault => "出生日期为1月1日，可能是默认值",
            Self::DateUnreadable => "日期无法识别",
            Self::AmountUnreadable => "金额无法识别",
            Self::TimeUnreadable => "时刻无法识别",
            Self::NumberUnreadable => "数量无法识别",
            Self::NameUnencodable => "姓名中有无法显示的字",
            Self::NameNickname => "像是小名",
            Self::TownUnknown => "镇办不在本县名单内",
            Self::CellError => "单元格是错误值",
            Self::WordsUnclear => "就读情况的文字无法识别",
            Self::TextGarbled => "含乱码",
        }
    }

    /// The same in English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::IdPrecisionLost => "resident ID was stored as a number and lost its last digits",
            Self::IdChecksum => "check character of the resident ID does not fit",
            Self::IdLength => "resident ID has the wrong length",
            Self::IdMasked => "some digits of the resident ID are hidden",
            Self::IdBirthMismatch => "resident ID and birth date disagree",
            Self::IdSexMismatch => "resident ID and sex disagree",
            Self::IdIsGuardian => "resident ID seems to be the guardian's",
            Self::IdDateImpossible => "the date inside the resident ID does not exist",
            Self::BirthMonthOnly => "birth date has year and month only",
            Self::BirthYearOnly => "birth date has the year only",
            Self::BirthUnreadable => "birth date cannot be read",
            Self::BirthImpossible => "birth date is not possible",
            Self::BirthDefault => "birth date is 1 January, perhaps a default",
            Self::DateUnreadable => "date cannot be read",
            Self::AmountUnreadable => "amount cannot be read",
            Self::TimeUnreadable => "time of day cannot be read",
            Self::NumberUnreadable => "number cannot be read",
            Self::NameUnencodable => "name holds a character that could not be encoded",
            Self::NameNickname => "looks like a nickname",
            Self::TownUnknown => "town is not in the county's list",
            Self::CellError => "cell holds an error value",
            Self::WordsUnclear => "the words of the status are not understood",
            Self::TextGarbled => "text is garbled",
        }
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A doubt with the cell it was found in. `column` is 1-based; `raw` is the text as found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// What is doubtful.
    pub doubt: Doubt,
    /// The 1-based column of the sheet.
    pub column: u32,
    /// The cell's text as found.
    pub raw: Private,
}
