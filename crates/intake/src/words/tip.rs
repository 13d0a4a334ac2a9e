//! A child named in the free text of a tip-off.

use crate::{
    text::{first_number, fold, words},
    values,
};

/// A child as a tip-off mentions it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mentioned {
    pub(crate) name: String,
    pub(crate) village: Option<String>,
    /// Age in years, if said.
    pub(crate) age: Option<u32>,
}

/// What may stand between the village and the name.
const BETWEEN: &str =
    "的学生 的孩子 的小孩 的娃 村民 学生 孩子 小孩 有个叫 有个孩子叫 有个娃叫 的 有个 一个叫";

/// Words that lead to a name without a village.
const LEADS: &str = "名叫 叫做 姓名: 姓名为 学生 孩子叫 娃叫 小孩叫 孩子";

/// Characters with which a sentence goes on behind a name.
const GOES_ON: &str = ",。;、!?:(在没不未辍从已现今经常是被好年约大的这那,)去跟到今一半";

/// The child named in `text`, found by a village before the name or a word such as 叫; `None` when no name is told.
pub(crate) fn mentioned(text: &str) -> Option<Mentioned> {
    let text = fold(text);
    by_village(&text).or_else(|| by_lead(&text)).map(|(name, village)| Mentioned {
        name,
        village,
        age: age(&text),
    })
}

fn by_village(text: &str) -> Option<(String, Option<String>)> {
    for sign in ["社区", "村", "居委会"] {
        for (at, _) in text.match_indices(sign) {
            let mut rest = &text[at + sign.len()..];
            while let Some(after) = words(BETWEEN).find_map(|word| rest.strip_prefix(word)) {
                rest = after;
            }
            if let Some(name) = name_at(rest) {
                return Some((name, village_before(&text[..at], sign)));
            }
        }
    }
    None
}

fn by_lead(text: &str) -> Option<(String, Option<String>)> {
    words(LEADS).find_map(|lead| {
        let at = text.find(lead)?;
        name_at(&text[at + lead.len()..]).map(|name| (name, None))
    })
}

/// Two to four characters that begin with a surname and behind which a sentence goes on.
fn name_at(rest: &str) -> Option<String> {
    let chars: Vec<char> = rest.chars().take(5).collect();
    for n in [2, 3, 4] {
        let Some(name) = chars.get(..n) else { break };
        let ends = chars.get(n).is_none_or(|c| GOES_ON.contains(*c) || c.is_ascii_digit());
        let name: String = name.iter().collect();
        if ends && values::is_name(&name) && !name.chars().any(|c| ",。;、".contains(c)) {
            return Some(name);
        }
    }
    None
}

/// The name of the village whose sign stands at the end of `before`.
fn village_before(before: &str, sign: &str) -> Option<String> {
    let start = before
        .rfind(|c: char| ",。;、:!?的住是镇乡办道".contains(c))
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    let mut name = &before[start..];
    for word in ["反映", "举报", "我们", "家住", "关于", "我是", "投诉"] {
        name = name.strip_prefix(word).unwrap_or(name);
    }
    (1..=8).contains(&name.chars().count()).then(|| format!("{name}{sign}"))
}

fn age(text: &str) -> Option<u32> {
    let at = text.find('岁')?;
    let digits = text[..at].chars().rev().take_while(char::is_ascii_digit).count();
    first_number(&text[at - digits..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, name: &str, village: Option<&str>, years: Option<u32>) {
        let found = mentioned(text).unwrap();
        assert_eq!(
            (found.name.as_str(), found.village.as_deref(), found.age),
            (name, village, years)
        );
    }

    #[test]
    fn a_name_behind_a_village() {
        check("大坪村的李明,12岁左右,好几个月没上学了", "李明", Some("大坪村"), Some(12));
        check("反映桃园村王小雨在镇上洗车店上班,看着才13岁", "王小雨", Some("桃园村"), Some(13));
        check("河西社区有个叫赵强的,没上学", "赵强", Some("河西社区"), None);
        check("有个孩子叫孙小花,在家", "孙小花", None, None);
    }

    #[test]
    fn no_name_is_made_up() {
        for text in
            ["某学校乱收费", "我们村有个娃没上学,名字不清楚,住八里社区", "营养餐质量差,孩子不爱吃"]
        {
            assert_eq!(mentioned(text), None, "{text}");
        }
    }
}
