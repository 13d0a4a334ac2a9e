//! 劝返: persuading a child back, which is an effort until words say that it came to something.

use super::{clause, speech};
use crate::text::{begins, has};

/// What 劝返 in a text came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    Failed,
    Done,
    /// Somebody tried.
    Unknown,
}

/// What 劝返 in the facts of a text came to; `None` without the word.
pub(super) fn effort(facts: &str) -> Option<Effort> {
    const WORD: &str = "劝返";
    const FAILED: &str = "无果 无效 未果 未成 不成 失败 仍在家 仍未 仍不 仍没 仍辍 仍在外 仍打工 仍外出 仍拒 还在家 \
        又辍 又离 又外出 又不 又没 又走 又打工 又去打 又去外 又去务 又在家 再次辍 再次离 后辍学 \
        未返 没返 未回 没回 未到校 没到校 未复 没复 不返 不回 不去 拒 现在家";
    const TRYING: &str = "未 没 不 正在 对象 拟 待 需 计划 准备 争取 力争 继续 列入 将";
    const DONE: &str = "劝返成功 成功劝返 劝返复学 劝返到 劝返至 劝返入学 劝返返校 劝返回校 劝返就读 劝返上学 \
        劝返复读 劝返回到";
    let (before, after) = facts.split_once(WORD)?;
    let then = speech::verdict(&clause::cut(after));
    if has(after, FAILED) || then == speech::Verdict::Out || has(before, "无法 拒绝 不接受")
    {
        return Some(Effort::Failed);
    }
    let near = before.rsplit(',').next().unwrap_or_default();
    let unsure = has(after, "不 未 没 无")
        || has(near, TRYING)
        || begins(after, "对象 工作 名单 中 措施 任务");
    let times = begins(after, "多 数 两 几 1 2 3 4 5 6 7 8 9 一 三");
    let already = before.ends_with('已') || before.ends_with("已经") || before.ends_with("现已");
    let there = has(after, "已回 已返 已到 已复学 已入学 复学 返校")
        || matches!(then, speech::Verdict::In | speech::Verdict::Returned);
    let back = (already && !times) || has(facts, DONE) || there;
    Some(if back && !unsure { Effort::Done } else { Effort::Unknown })
}
