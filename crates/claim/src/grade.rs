//! School grades one to twelve.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::text::compact;

/// A grade: 0 kindergarten, 1–6 primary, 7–9 junior, 10–12 senior or vocational.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Grade(u8);

impl Grade {
    /// Reads `小学三年级`, `3年级`, `小三`, `初二`, `初中二年级`, `八年级`, `高一`, `学前班`; `None` when no grade is in the text.
    ///
    /// ```
    /// use baoxue_claim::Grade;
    /// assert_eq!(Grade::read("初中二年级").map(Grade::number), Some(8));
    /// assert_eq!(Grade::read("大河中学九年级(2)班").map(Grade::number), Some(9));
    /// assert_eq!(Grade::read("幼儿园大班").map(Grade::number), Some(0));
    /// ```
    pub fn read(text: &str) -> Option<Self> {
        let text = compact(text);
        if ["幼儿园", "学前", "大班", "中班", "小班"].iter().any(|word| text.contains(word))
        {
            return Some(Self(0));
        }
        let chars: Vec<char> = text.chars().collect();
        (0..chars.len()).find_map(|at| read_at(&chars, at)).map(Self)
    }

    /// The number 0 to 12.
    pub fn number(self) -> u8 {
        self.0
    }

    /// From a number; `None` above 12.
    pub fn new(number: u8) -> Option<Self> {
        (number <= 12).then_some(Self(number))
    }

    /// The last grade of compulsory schooling.
    pub const LAST: Self = Self(9);
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const WORDS: [&str; 13] = [
            "学前",
            "一年级",
            "二年级",
            "三年级",
            "四年级",
            "五年级",
            "六年级",
            "七年级",
            "八年级",
            "九年级",
            "高一",
            "高二",
            "高三",
        ];
        f.write_str(WORDS[usize::from(self.0)])
    }
}

/// A stage word directly before a numeral (小三, 初二, 初中二年级), or a numeral directly before 年级.
fn read_at(chars: &[char], at: usize) -> Option<u8> {
    let number = numeral(*chars.get(at)?)?;
    let before: String = chars[at.saturating_sub(2)..at].iter().collect();
    let after: String = chars[at + 1..].iter().take(2).collect();
    let by_year = after.starts_with("年级") || after.starts_with("年");
    let base = if before.ends_with("初中") || before.ends_with('初') {
        (number <= 3).then_some(6)
    } else if before.ends_with("高中") || before.ends_with('高') {
        (number <= 3).then_some(9)
    } else if before.ends_with("小学") || before.ends_with('小') {
        (number <= 6 && (by_year || before.ends_with('小'))).then_some(0)
    } else {
        (by_year && !after.starts_with("年制") && after.starts_with("年级")).then_some(0)
    }?;
    let grade = base + number;
    (1..=12).contains(&grade).then_some(grade)
}

fn numeral(c: char) -> Option<u8> {
    "一二三四五六七八九"
        .chars()
        .position(|n| n == c)
        .and_then(|at| u8::try_from(at + 1).ok())
        .or_else(|| c.to_digit(10).filter(|d| *d > 0).and_then(|d| u8::try_from(d).ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grades_as_written() {
        for (text, grade) in [
            ("一年级", 1),
            ("1年级", 1),
            ("小学六年级", 6),
            ("小三", 3),
            ("初一", 7),
            ("七年级", 7),
            ("初中三年级", 9),
            ("高二", 11),
            ("本镇小二", 2),
            ("江北实验小学小一", 1),
            ("学前班", 0),
            ("汉滨区江北九年制学校8年级", 8),
            ("五里中学八年级(1)班", 8),
        ] {
            assert_eq!(Grade::read(text).map(Grade::number), Some(grade), "{text}");
        }
        for text in ["在校", "汉滨区江北九年制学校", "第二小学", "新城第一小学", "2018年", ""]
        {
            assert_eq!(Grade::read(text), None, "{text}");
        }
    }
}
