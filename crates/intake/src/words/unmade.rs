//! Work, marriage and changes of school that came to nothing: what a child does instead of going to school.

use super::{FAMILY, negation, school_name, speech::Says};
use crate::text::{begins, has, words};

/// The child works. Work of the parents is not meant, nor a child that went along with them, nor work in the holidays.
pub(super) fn works(clause: &str) -> Option<(usize, Says)> {
    const WORK: &str = "打工 务工 进厂 学理发 学美发 学手艺 学徒 做工 上班 挣钱 学厨 学修车 学技术 帮工 打零工 \
        做生意 工地 当服务员 参加工作 在外工作 送外卖 跑车";
    // 务工人员子女 says whose child it is, 家住工地 where it lives.
    const WHOSE: &str = "务工人员 务工家庭 务工子女 打工子女 工子女 务工地 打工地 工人员";
    let home = begins(clause, "家 住 居住") && has(clause, "做生意 工地");
    let end = words(WORK).filter_map(|word| clause.rfind(word).map(|at| at + word.len())).max()?;
    let other = home
        || has(clause, FAMILY)
        || clause.starts_with('随')
        || has(clause, WHOSE)
        || has(clause, "曾 未打工 没打工 没有打工 未务工 未外出 没外出 没有外出 不打工")
        || negation::is_holiday(clause)
        || school_name(clause).is_some();
    (!other).then_some((end, Says::Out))
}

pub(super) fn married(clause: &str) -> Option<(usize, Says)> {
    const WORDS: &str = "结婚 早婚 嫁人 出嫁 嫁到 嫁往 同居 怀孕 订婚 生育";
    const NOT: &str = "未结婚 没结婚 没有结婚 计划生育 未怀孕 未订婚 非婚生育 未早婚 生育津贴";
    let end = words(WORDS).filter_map(|word| clause.rfind(word).map(|at| at + word.len())).max()?;
    (!has(clause, FAMILY) && !has(clause, NOT)).then_some((end, Says::Out))
}

/// A change of schools that came to nothing says that the child sits between two; not where it is.
pub(super) fn stranded(clause: &str) -> Option<(usize, Says)> {
    const FAILED: &str = "没转成 未转成 未成 没办成 未办成 未办结 没接收";
    let end =
        words(FAILED).filter_map(|word| clause.rfind(word).map(|at| at + word.len())).max()?;
    has(clause, "转 学籍 学校 手续 入学").then_some((end, Says::Muddy))
}
