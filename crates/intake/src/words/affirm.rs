//! Words that speak against an absence: a denial of dropping out, or a clause that says the child is at school.

use baoxue_claim::SurveyFinding;

use super::{accuses, clauses, grade, school_name};
use crate::text::{begins, ends, has, words};

/// Leaving school, as words that can be denied: 未辍学, 没有退学.
const LEAVING: &str = "辍学 失学 流失 厌学 弃学 离校 退学 停学 逃学 旷课";

/// What denies or wards off whatever comes behind.
const DENIALS: &str = "未发现 没有发现 未见 不属于 不属 不是 并非 未出现 没有出现 不存在 未发生 没有发生 杜绝 防止 \
    预防 避免 严防";

/// What denies a word of leaving right behind it.
const SHORT_DENIALS: &str = "未 没有 没 不 无 非 不想 不愿 不会";

/// Whether the word at `at` does not accuse: denied, a mere risk, a paper not yet made, or a weekend.
pub(super) fn excused(clause: &str, at: usize, word: &str) -> bool {
    let leaving = words(LEAVING).any(|known| known == word);
    let mut before = &clause[..at];
    while let Some(rest) = words("辍学 失学 流失 现象 情况 或 和 及 学生 儿童")
        .find_map(|linked| before.strip_suffix(linked))
    {
        before = rest;
    }
    let after = &clause[at + word.len()..];
    let denied = ends(before, DENIALS) || (leaving && ends(before, SHORT_DENIALS));
    let unreal = leaving
        && begins(
            after,
            "手续未 手续没 申请未 申请没 风险 隐患 苗头 倾向 情绪 心理 思想 已排除 不实 不属实",
        );
    let weekend = word == "离校" && has(clause, "周末 放假 放学 寒假 暑假 假期 双休");
    let club = matches!(word, "未报名" | "没报名") && after.starts_with("参加");
    denied || unreal || weekend || club
}

/// In school because leaving is denied in as many words, and nothing else is said.
pub(super) fn no_dropout(text: &str) -> Option<SurveyFinding> {
    const LEFT: &str = "辍学 失学 离校 退学 停学 弃学";
    let denied = clauses(text).any(|clause| {
        words(LEFT).any(|word| {
            clause.match_indices(word).any(|(at, _)| {
                let before = &clause[..at];
                ends(before, "未 没有 没 无 非 不存在") && !before.ends_with("有无")
            })
        })
    });
    denied.then_some(SurveyFinding::InSchool { school: None, grade: None })
}

/// Whether a clause that accuses of nothing says that the child is at school, or names its school.
pub(super) fn elsewhere_in(text: &str) -> bool {
    clauses(text).any(|clause| !accuses(clause) && affirms(clause))
}

/// 在中心小学: a school without a name of its own, and nothing else.
pub(super) fn stands_in_school(clause: &str) -> bool {
    clause.strip_prefix('在').is_some_and(|place| {
        matches!(place, "小学" | "中学" | "初中" | "中心小学" | "中心学校" | "教学点" | "本校")
    })
}

fn affirms(clause: &str) -> bool {
    const ATTENDS: &str =
        "就读 在读 在校 上学 读书 念书 就学 入读 借读 寄读 住校 住宿 走读 现读 已入学";
    // The past, a wish, hearsay, a denial or a hardship is no attendance.
    const NOT_NOW: &str = "未 没 不 无 拒 原在 原就读 原读 曾 之前 以前 从前 此前 期间 上学时 读书时 在校时 就读时 \
        读过 上过 毕业 称 说 自述 想 愿 拟 准备 打算 计划 待 困难 路远 太远 较远 路途 跟不上 劝返 转学 转出 接收 \
        对方 学籍";
    if has(clause, NOT_NOW) || clause.starts_with('原') {
        return false;
    }
    has(clause, ATTENDS)
        || stands_in_school(clause)
        || school_name(clause).is_some()
        || (has(clause, "读 上") && grade(clause).is_some())
}
