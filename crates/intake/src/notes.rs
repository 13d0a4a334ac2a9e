//! Messages and questions as they gather while a sheet is read.

use std::collections::HashMap;

use baoxue_claim::{Doubt, Noted};

use crate::{Level, Message, Reject};

/// Collects what is to be said about one sheet.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    pub(crate) sheet: String,
    pub(crate) messages: Vec<Message>,
    /// Values that are one fault in however many rows they stand, by doubt, column and text.
    repeated: HashMap<(Doubt, u32, String), Repeated>,
}

/// A value that stands in several rows.
#[derive(Debug)]
struct Repeated {
    /// Its message.
    at: usize,
    /// Rows after the first.
    n_more: u32,
    /// The first of them.
    rows: Vec<u32>,
}

/// Further rows that the message about a repeated value names.
const SHOWN: usize = 3;

/// Where in the sheet: row and column, 1-based, when known.
pub(crate) type At = (Option<u32>, Option<u32>);

impl Notes {
    pub(crate) fn new(sheet: &str) -> Self {
        Self { sheet: sheet.to_owned(), ..Self::default() }
    }

    pub(crate) fn say(&mut self, level: Level, code: &str, at: At, (zh, en): (&str, &str)) {
        self.messages.push(Message {
            level,
            sheet: self.sheet.clone(),
            row: at.0,
            column: at.1,
            code: code.to_owned(),
            zh: zh.to_owned(),
            en: en.to_owned(),
        });
    }

    pub(crate) fn doubt(&mut self, row: u32, noted: &Noted) {
        if self.is_repeated(row, noted) {
            return;
        }
        let (level, (zh, en)) = remedy(noted.doubt);
        let zh = format!("{}。{zh}", noted.doubt.zh());
        let en = format!("{}: {en}", noted.doubt.en());
        self.say(level, noted.doubt.code(), (Some(row), Some(noted.column)), (&zh, &en));
    }

    /// Whether the value was said before: a name that nobody knows is put right once, in the list or in the configuration.
    fn is_repeated(&mut self, row: u32, noted: &Noted) -> bool {
        if !matches!(noted.doubt, Doubt::TownUnknown | Doubt::CellError) {
            return false;
        }
        let key = (noted.doubt, noted.column, noted.raw.expose().trim().to_owned());
        let Some(known) = self.repeated.get_mut(&key) else {
            let first = Repeated { at: self.messages.len(), n_more: 0, rows: Vec::new() };
            self.repeated.insert(key, first);
            return false;
        };
        known.n_more += 1;
        if known.rows.len() < SHOWN {
            known.rows.push(row);
        }
        true
    }

    /// Says of each repeated value in how many rows it stands, and in which first. Called once, when the sheet is read.
    pub(crate) fn finish(&mut self) {
        for Repeated { at, n_more, rows } in self.repeated.drain().map(|(_, known)| known) {
            let Some(message) = self.messages.get_mut(at).filter(|_| n_more > 0) else { continue };
            let all = n_more + 1;
            let first: Vec<String> =
                message.row.into_iter().chain(rows).map(|row| row.to_string()).collect();
            let more = if all as usize > first.len() { ("等", " and others") } else { ("", "") };
            let zh = format!("（同样的内容共{all}行：第{}行{}）", first.join("、"), more.0);
            message.zh.push_str(&zh);
            let en = format!(" (in {all} rows: {}{})", first.join(", "), more.1);
            message.en.push_str(&en);
        }
    }

    pub(crate) fn reject(&mut self, row: u32, reject: &Reject) {
        let at = (Some(row), reject.column);
        self.say(Level::Error, reject.code, at, (&reject.zh, &reject.en));
    }
}

/// How grave a doubt is and what to do about it.
#[expect(clippy::too_many_lines, reason = "one arm per doubt")]
fn remedy(doubt: Doubt) -> (Level, (&'static str, &'static str)) {
    match doubt {
        Doubt::IdPrecisionLost => (
            Level::Warning,
            (
                "请把该列设为“文本”格式后重新录入完整号码；已识别的前几位照用，不会猜测后几位",
                "format the column as text and enter the whole number again; the known digits are used, the rest is not guessed",
            ),
        ),
        Doubt::IdChecksum | Doubt::IdLength | Doubt::IdDateImpossible => (
            Level::Warning,
            ("请对照户口簿核对号码", "check the number against the household booklet"),
        ),
        Doubt::IdMasked => {
            (Level::Notice, ("如可提供完整号码请补报", "send the whole number if you may"))
        }
        Doubt::IdBirthMismatch | Doubt::IdSexMismatch => {
            (Level::Warning, ("请核对是哪一个写错", "check which of the two is wrong"))
        }
        Doubt::IdIsGuardian => (
            Level::Warning,
            (
                "该号码不作为学生的号码使用，请补报学生本人的身份证号",
                "the number is not used for the child; send the child's own",
            ),
        ),
        Doubt::BirthUnreadable | Doubt::BirthImpossible | Doubt::DateUnreadable => {
            (Level::Warning, ("请按“2009-03-05”的形式填写", "write it as 2009-03-05"))
        }
        Doubt::AmountUnreadable => {
            (Level::Warning, ("请只填数字，如 625.00", "write digits only, such as 625.00"))
        }
        Doubt::TimeUnreadable => (
            Level::Warning,
            (
                "请按“14:30”的形式填写，离开须晚于到达",
                "write it as 14:30, the end after the beginning",
            ),
        ),
        Doubt::NumberUnreadable => {
            (Level::Warning, ("请只填数字，如 2", "write digits only, such as 2"))
        }
        Doubt::BirthMonthOnly | Doubt::BirthYearOnly | Doubt::BirthDefault => {
            (Level::Notice, ("如知道具体日期请补报", "send the day if it is known"))
        }
        Doubt::NameUnencodable => (
            Level::Notice,
            ("请用正确的字重新录入姓名", "enter the name again with the right characters"),
        ),
        Doubt::NameNickname => {
            (Level::Warning, ("请填写户口簿上的姓名", "give the name of the household booklet"))
        }
        Doubt::TownUnknown => (
            Level::Warning,
            (
                "请核对镇办名称，或在县级配置中登记别名",
                "check the town, or add the name to the county's aliases",
            ),
        ),
        Doubt::CellError => (
            Level::Warning,
            ("请在表格中改正公式或直接填写内容", "mend the formula or type the value"),
        ),
        Doubt::WordsUnclear => (
            Level::Warning,
            (
                "文字已原样保留，请写明在校、休学、辍学、外出等情况",
                "the words are kept; say plainly whether in school, suspended, out or away",
            ),
        ),
        Doubt::TextGarbled => (
            Level::Warning,
            ("请用 UTF-8 或 GB18030 编码重新导出", "export again as UTF-8 or GB18030"),
        ),
    }
}
