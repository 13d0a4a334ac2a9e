//! Schooling that a clause denies: 没上初中, 未能入学, 无法上学, 拒绝到校, 家长不让读书.

use super::{
    clause::{NOT_BACK, of_family},
    school_name,
    speech::Says,
};
use crate::text::{begins, ends, first_number, has, words};

/// What denies, longest first where one begins like another.
const DENIALS: &str = "没有条件 没条件 无条件 不具备 没办法 没有办法 没法 无法 无力 不同意 不支持 不愿意 不愿 不想 不爱 \
    不喜欢 不情愿 无心 没心思 害怕 怕 拒绝 拒不 拒 停止 终止 中断 放弃 难以 不让 不准 不许 不给 不送 未能 没能 不能 \
    没有 没 未 不 无";

/// Denials that speak of what somebody likes, which is no fact about attendance.
const LIKES: &str = "不愿意 不愿 不想 不爱 不喜欢 不情愿 无心 没心思 害怕 怕";

/// Denials of who decides for the child.
const FORBIDS: &str =
    "不同意 不支持 拒绝 拒不 拒 不让 不准 不许 不给 不送 未送 没送 没让 不肯 无力";

/// Never on any roll.
pub(super) const NEVER: &str = "没有上过 没有读过 没有念过 没有入过 没念过 未念过 从未念 没进过 从未进 从没进 从未到校 \
    从来没有 从小没 从小未 一天学 从未上 从未入 从未读 从未就 从没上 从没入 从没读 从来没 没上过 没读过 未上过 未读过 未入过 \
    一直未入学 一直没入学 一直未上学 一直没上学 一直未就读 一直没有上学 未入学 没入学 没有入学 未办理入学 没报过名 始终未入学 \
    至今未入学";

/// What may stand between the denial and the verb.
const BETWEEN: &str = "有 能 再 去 来 到 继续 按时 按期 正常 办理 及时 参加 被 学校 地方 让 给 送 其子 其女 其 孩子 子女 \
    学生 小孩 女儿 儿子 他 她 回 进 条件 一直 机会 钱 人 办法 法 肯 接受 在 返回 坚持 供 任何 初中 中学 新学校 接收学校";

const VERBS: &str = "上学 上课 上初 上小 上中学 上完 读 念 就读 就学 入学 入校 入读 报到 报名 到校 返校 复学 回校 去学校 \
    到学校 进学校 来学校 来校 在校 在读 在学校 在学 去校 读书 念书 升学 升入 升初 被录取 被接收 接收 学业 书读 学上";

/// Behind the verb: another matter than being at school.
const OTHER_MATTER: &str = "过 满 错 完 懂 参加 高中 高一 高二 高三 职高 职中 中专 技校 职业 职校 大学 大专 幼儿园 大班 \
    学前 年龄 期 补习 兴趣 住 食 寄 内 前 籍 课外 吃 就餐 用餐 外 习 附近 门口 营养 上晚 晚自习 早自习 研 档 音";

/// Verbs that presuppose that the child was away.
const BACK: &str = "返校 复学 回校";

/// What somebody of such a school cannot do: 上不了学.
const CANNOT: &str = "上不了学 上不成学 上不起学 读不了书 读不起书 读不成书 念不起书 念不了书 去不了学校 到不了校 \
    没学上 无学上 没学可上 无学可上 没书读 无书可读 没有学上 没有书读";

/// The denial of schooling in a clause, at which byte it ends: out, a habit of staying away, or something that is not to
/// be told. `None` when the clause denies no schooling.
pub(super) fn denied(clause: &str) -> Option<(usize, Says)> {
    if has(clause, NOT_BACK) {
        return Some((end_of(clause, NOT_BACK), Says::Out));
    }
    if has(clause, CANNOT) {
        return Some((end_of(clause, CANNOT), Says::Out));
    }
    if let Some(refused) = refused(clause) {
        return Some((clause.len(), refused));
    }
    let family = of_family(clause);
    if has(clause, NEVER) && !family && !has(clause, "幼儿园 高中 大学 职高 中专 补习 学前 入学籍")
    {
        return Some((end_of(clause, NEVER), Says::Out));
    }
    if family && has(clause, "家长不送 父母不送 家人不送 监护人不送 家长未送 未送入学 不送上学")
    {
        return Some((clause.len(), Says::Out));
    }
    let found = all(clause).filter_map(|(at, denial)| {
        let (end, says) = denied_at(clause, at, denial)?;
        // 父母没上过学, but 家长不让上学.
        let others = family && says == Says::Out && !is_one_of(denial, FORBIDS);
        Some((end, if others { Says::Muddy } else { says }))
    });
    found.max_by_key(|(end, _)| *end).or_else(|| missing(clause))
}

/// The denials of a clause, the longest at each place.
fn all(clause: &str) -> impl Iterator<Item = (usize, &'static str)> {
    let mut covered = 0;
    clause.char_indices().filter_map(move |(at, _)| {
        if at < covered {
            return None;
        }
        let denial = words(DENIALS).find(|denial| clause[at..].starts_with(denial))?;
        covered = at + denial.len();
        Some((at, denial))
    })
}

fn is_one_of(word: &str, list: &str) -> bool {
    words(list).any(|known| known == word)
}

fn denied_at(clause: &str, at: usize, denial: &str) -> Option<(usize, Says)> {
    let before = &clause[..at];
    let mut rest = &clause[at + denial.len()..];
    let mut punctual = false;
    let mut forbidden = is_one_of(denial, FORBIDS);
    let verb = loop {
        // 不读 before 读书; the longest verb is the one meant.
        if let Some(verb) =
            words(VERBS).filter(|verb| rest.starts_with(verb)).max_by_key(|verb| verb.len())
        {
            break verb;
        }
        let between = words(BETWEEN).find(|word| rest.starts_with(word))?;
        punctual |= matches!(between, "按时" | "正常" | "及时" | "按期" | "坚持");
        forbidden |= matches!(between, "肯" | "让" | "送");
        rest = &rest[between.len()..];
    };
    let end = clause.len() - rest.len() + verb.len();
    let after = &rest[verb.len()..];
    if begins(after, OTHER_MATTER) {
        return None;
    }
    if verb == "学业" && !is_one_of(denial, "停止 终止 中断 放弃") {
        return None;
    }
    let denied_twice =
        ends(before, "未 没 没有 并未 从未 不 不是 并非") && !before.ends_with("得不");
    if denied_twice {
        return Some((end, Says::Muddy));
    }
    Some((end, how(clause, (denial, verb), punctual, forbidden)))
}

/// Whether denied schooling is a fact, a habit, a few days, or a dislike.
fn how(clause: &str, (denial, verb): (&str, &str), punctual: bool, forbidden: bool) -> Says {
    let back = is_one_of(verb, BACK);
    let entering = is_one_of(verb, "入学 报到 报名 入校 升学 升入 升初 接收 被接收 被录取");
    if is_one_of(denial, LIKES) {
        return if back { Says::Out } else { Says::Dislike };
    }
    if is_holiday(clause) {
        return Says::Nothing;
    }
    let irregular = is_irregular(clause) || is_brief(clause) || (punctual && !entering);
    if irregular && !back && !forbidden {
        return Says::Habit;
    }
    if denial == "放弃" && verb == "报名" {
        return Says::Muddy;
    }
    Says::Out
}

/// 没来 for months; for days it is an absence like any other.
fn missing(clause: &str) -> Option<(usize, Says)> {
    const AWAY: &str = "没来 未来 没去 未去 不去 没见人 不来 不见人 没露面 未露面 没到 未到";
    let end = end_of_any(clause, AWAY)?;
    let after = &clause[end..];
    let plain = after.is_empty() || after == "了" || after == "过";
    if !plain || of_family(clause) {
        return None;
    }
    let long =
        has(clause, "个月 个多月 月没 月未 学期 半年 一年 年多 两年 开学后就 就没去 再没去 再没来");
    Some((end, if long && !is_irregular(clause) { Says::Out } else { Says::Habit }))
}

/// No school takes the child, or one school does not.
fn refused(clause: &str) -> Option<Says> {
    const ANY: &str = "学校不收 学校不要 学校拒收 学校不接收 没有学校收 没学校收 无学校收 没有学校要 被学校拒 \
        学校拒绝接收 学校不让 学校未接收 没有学校接收 无学校接收 没学校接收 未落实学校 没有学校 未被学校";
    const ONE: &str = "不收 拒收 不要 拒绝接收 不接收 未接收 没接收";
    let named = school_name(clause).is_some_and(|name| !has(&name, "没 无 未 不 对方 被"));
    if has(clause, ANY) && !has(clause, "不让走 不让退 不让辍") && !named {
        return Some(Says::Out);
    }
    // One school that does not take the child says nothing about the others.
    (named && has(clause, ONE)).then_some(Says::Muddy)
}

/// Now and then, and not for good.
pub(super) fn is_irregular(clause: &str) -> bool {
    has(
        clause,
        "经常 时常 常常 偶尔 有时 间断 断断续续 三天两头 隔三差五 不时 动不动 多次不 数次 几次 时来时 时去时 \
         老是 总是",
    )
}

/// For days, or today.
pub(super) fn is_brief(clause: &str) -> bool {
    const TODAY: &str =
        "今天 昨天 今日 昨日 前天 近日 最近 这几天 本周 这周 上周 当天 当日 上午 下午";
    let counted = words("天 周 个星期 星期 节课 日").any(|unit| {
        clause.match_indices(unit).any(|(at, _)| {
            let before = &clause[..at];
            let days =
                before.rfind(|c: char| !c.is_ascii_digit()).map_or(before, |last| &before[last..]);
            let few = first_number(days).is_none_or(|days| days <= 30);
            let numeral = before.ends_with(|c: char| {
                c.is_ascii_digit() || "一二三四五六七八九十两几数多半".contains(c)
            });
            // 3月5日 is a date, 周岁 an age.
            let date = unit == "日" && has(before, "月");
            numeral && few && !date && !clause[at..].starts_with("周岁")
        })
    });
    counted || has(clause, TODAY)
}

/// When nobody is at school.
pub(super) fn is_holiday(clause: &str) -> bool {
    has(clause, "周末 放假 放学 寒假 暑假 假期 双休 节假日 寒暑 晚上 课余 周六 周日")
}

/// The byte behind the last of the words of a list in a clause that holds one; the clause's length when none is there.
fn end_of(clause: &str, list: &str) -> usize {
    end_of_any(clause, list).unwrap_or(clause.len())
}

fn end_of_any(clause: &str, list: &str) -> Option<usize> {
    words(list).filter_map(|word| clause.rfind(word).map(|at| at + word.len())).max()
}
