//! What is said besides schooling: gone for good, provided for, not yet of age or through, ill, away, not to be reached.

use baoxue_claim::SurveyFinding;

use super::{FAMILY, speech::Verdict};
use crate::{
    place::{Locator, Whereabouts},
    text::{ends, has, words},
};

/// Dead, abroad, moved, no such person, registered twice.
pub(super) fn exit(text: &str) -> Option<SurveyFinding> {
    let whole = |list: &str| has(text, list);
    // 空挂户 alone is a child that is registered here and lives elsewhere.
    if whole("查无此人 无此人 没有此人 没有这个人 此人不存在 无该人 查不到人 查不到此人")
    {
        return Some(SurveyFinding::NoSuchPerson);
    }
    if whole("重复户口 双户口 重户 双重户口 户口重复 重复登记 重复上户 重复落户 两个户口")
    {
        return Some(SurveyFinding::RegisteredTwice);
    }
    let dead = "去世 死亡 已故 病故 夭折 溺亡 身亡 亡故 过世 病逝 溺水死";
    if of_child(text, dead) {
        return Some(SurveyFinding::Dead);
    }
    let abroad = "出国 移民国外 在国外 国外就读 国外上学 境外 定居国外 出境定居";
    if of_child(text, abroad) {
        return Some(SurveyFinding::Abroad);
    }
    if whole("易地搬迁 扶贫搬迁 移民搬迁 未迁 没迁 未搬") {
        return None;
    }
    let moved = "户口已迁 户口迁 户籍已迁 户籍迁 已迁走 已迁出 迁往 全家迁 全家搬 举家迁 举家搬 举家外迁 举家移 搬走 全家外迁 \
        户口转走 户口已转 迁出户口";
    // 户口迁入 and 户口迁到本村 are of somebody who came.
    let came = "迁入 迁来 迁回 迁到本 迁至本 迁到我 迁至我 迁进 迁在本 搬来 搬回 搬到本 搬至本 搬进 转入 转来 转回 转到本 转至本 落户";
    let left = |clause: &str| has(clause, moved) && !has(clause, came);
    clauses(text).any(left).then_some(SurveyFinding::MovedAway)
}

/// What an exit is worth beside what the words say of schooling: a child that is out of school or at one is still there.
pub(super) fn against(exit: SurveyFinding, verdict: Verdict) -> Option<SurveyFinding> {
    match (&exit, verdict) {
        (SurveyFinding::Dead, _) => Some(exit),
        // 重复户口已注销,现未上学: which of the two holds is for a person to tell.
        (_, Verdict::Out) => Some(SurveyFinding::Unclear),
        (SurveyFinding::MovedAway, Verdict::In | Verdict::Returned) => None,
        (_, _) => Some(exit),
    }
}

/// One of a list of words in a clause that does not speak of the family.
fn of_child(text: &str, list: &str) -> bool {
    clauses(text).any(|clause| has(clause, list) && !has(clause, FAMILY))
}

fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', '。', '、', '.', '!', ':', ' ', '/'])
}

/// Taught at home, deferred, suspended: arrangements, unless the words say they were not made.
pub(super) fn provided_for(text: &str, verdict: Verdict) -> Option<SurveyFinding> {
    if let Some(home) = home_teaching(text, verdict) {
        return Some(home);
    }
    let deferral = "缓学 延缓入学 免学 免予入学 暂缓入学 推迟入学 延迟入学 免于入学";
    let refused = "不予 未批 不批 没批 未获批 到期 期满 被驳回 不符合 未获准 没获批 未通过 没通过 没有通过 被退回 不同意 被拒 \
        未办 没办 没有办 已取消 被取消 未生效 未落实 没落实 已作废 已失效";
    if has(text, deferral) && !denied(text, deferral) && !has(text, refused) {
        return Some(SurveyFinding::Deferred);
    }
    let suspension = "休学 保留学籍 停学治疗";
    if has(text, suspension) && !denied(text, suspension) && !has(text, refused) {
        let none = "无休学 没有休学 休学证没 休学手续没 休学手续未 未批休学 申请休学中";
        return (!has(text, none)).then_some(SurveyFinding::Suspended);
    }
    None
}

/// Taught at home, or not taught though it should be. Where nobody comes, or nobody comes any more, a child that cannot go
/// to school is at home untaught; what is rare is unclear, and what is only due or wanted says nothing.
fn home_teaching(text: &str, verdict: Verdict) -> Option<SurveyFinding> {
    const HOME: &str = "送教 送学上门 上门送教 上门施教 上门教学 上门授课 送课上门";
    const OTHER_MATTER: &str = "不间断 未中断 没中断 没有中断 从未间断 从未中断 未间断 无间断 不定期 无偿 不收费 不少于 不低于 不便 \
        不能到校 不能上学 不能自理 无法到校 无法上学 无法自理 无法入学 不能入学 无法行走 不能行走 不能走路 无法走路 不能随班 \
        无法随班 不适合 不宜 不能说话 不会说话 不能正常 无法正常 未成年";
    const DENIALS: &str = "没 未 无 不 停 断 拒 缺 取消 结束 终止 落空 失约";
    const NOT_YET: &str = "应 需 待 拟 建议 申请 列入 纳入计划 对象";
    const RARE: &str = "偶尔 有时 一次 一两次 几次 很少 较少 少有 半年 仅 只 断续 不时";
    // Behind the clause: 送教上门,半年没来.
    const STOPPED: &str = "没来 未来 未到 没到 没再来 未再来 中断 停 没落实 未落实 没人来 无人来 没有人来 未开展 没开展 未实施 未执行 不来 \
        没有来 没去 未去";
    // 残疾,从未有老师来 says the same without the word.
    const NOBODY: &str = "从未有老师 没有老师 无老师 没老师 老师没来 老师未来 老师从未 老师没有来 老师一直没 老师不来 老师没上门 无人上门 没人上门 没有人上门";
    if super::is_disabled(text) && has(text, NOBODY) && verdict != Verdict::In {
        return Some(SurveyFinding::DisabledAtHome);
    }
    let mut clauses = clauses(text).skip_while(|clause| !has(clause, HOME));
    let first = clauses.next()?;
    let plain = words(OTHER_MATTER).fold(first.to_owned(), |text, word| text.replace(word, ""));
    let later = clauses.any(|clause| has(clause, STOPPED) && !has(clause, OTHER_MATTER));
    if has(&plain, DENIALS) || later {
        let at_school = matches!(verdict, Verdict::In | Verdict::Returned);
        return (!at_school).then_some(SurveyFinding::DisabledAtHome);
    }
    if has(&plain, RARE) {
        return Some(SurveyFinding::Unclear);
    }
    (!has(&plain, NOT_YET) || has(&plain, "已送 正在送 每月送 每周送"))
        .then_some(SurveyFinding::HomeTeaching)
}

/// Whether one of a list of words stands right behind a word that denies it: 未安排送教, 没办休学.
fn denied(text: &str, list: &str) -> bool {
    const DENIALS: &str =
        "未 没有 没 无 不 未安排 没办 未办理 未办 没有办理 未落实 未申请 尚未 未进行 拒绝";
    words(list).filter_map(|word| text.find(word)).any(|at| {
        let before = text[..at].trim_end_matches(|c: char| "办理按时一直曾再".contains(c));
        ends(before, DENIALS)
    })
}

/// Too young, or through with the nine years.
pub(super) fn not_yet_or_no_more(text: &str, facts: &str) -> Option<SurveyFinding> {
    let not_done = "未毕业 没毕业 没有毕业 肄业";
    let done = "初中毕业 初三毕业 九年级毕业 九年级已毕业 初三已毕业 初中已毕业 中学毕业 中考 完成义务教育 义务教育已完成 \
        九年义务教育毕业 完成九年 初中学业 已初中毕业";
    if has(facts, done)
        && !has(facts, not_done)
        && !has(text, "未参加中考 没参加中考 没有参加中考 放弃中考")
    {
        return Some(SurveyFinding::Graduated);
    }
    let young = "幼儿园 学前 大班 中班 小班 未到入学年龄 没到入学年龄 没到上学年龄 不到上学年龄 未到年龄 不到入学年龄 不到年龄 年龄未到 \
        年龄不够 年龄不足 年龄小 年龄太小 未达入学年龄 未达到入学年龄 未达年龄 未满6 未满六 \
        未满7 未满七 不足6 不足六 不满6 不满六 未适龄 不到6 不到六 未到学龄 学龄前 待入学 \
        未到适龄 未到上学年龄 不够年龄 托儿所 幼教";
    if has(text, young) && !has(text, "未上幼儿园 没上幼儿园 幼儿园毕业") {
        return Some(SurveyFinding::NotYetOfAge);
    }
    let autumn = has(text, "今年 本年 秋季 9月 九月 下半年 下学期")
        && has(text, "入学 上一年级 上小学 报名 读一年级 就读一年级");
    let promised = has(text, "承诺 答应 保证 想 要求 申请 同意 等待 等候 等着");
    (autumn && !promised && !denied(text, "入学 上一年级 上小学 报名"))
        .then_some(SurveyFinding::NotYetOfAge)
}

pub(super) fn unreached(text: &str) -> Option<SurveyFinding> {
    const WORDS: &str = "联系不上 无法联系 联系不到 失联 空号 停机 打不通 无法接通 无人接 去向不明 下落不明 \
        不知去向 去向不清 找不到人 找不到 无法找到 未联系上 没联系上 失踪 无法取得联系 \
        未取得联系 失去联系 查无去向 未见人 未见到 无人在家 家中无人 关机 情况不明";
    has(text, WORDS).then_some(SurveyFinding::Unreachable)
}

pub(super) fn ill(text: &str) -> Option<SurveyFinding> {
    const WORDS: &str =
        "生病 住院 治病 治疗 养病 看病 病假 请假 重病 患病 因病 化疗 手术 大病 疗养 病休 白血病";
    of_child(text, WORDS).then_some(SurveyFinding::Ill)
}

pub(super) fn away(text: &str, locator: &Locator) -> Option<SurveyFinding> {
    const WORDS: &str = "外出 在外 随父 随母 跟父 跟母 随家长 跟随 外地 不在家 不在村 流动 随迁 外省 区外 县外 \
        出门 空挂户 户口空挂 户籍空挂 空挂户口 户口挂靠";
    let with_family_here =
        has(text, "父母外出 父母在外 家长外出 父亲外出 母亲外出") && !has(text, "随 跟");
    // 外出务工(父母), 父母:外出务工.
    let bracketed = |clause: &str| clause.contains(['(', ':', ')']) && has(clause, FAMILY);
    if with_family_here || text.split(',').any(bracketed) {
        return None;
    }
    let named = locator.locate(text) == Whereabouts::Elsewhere;
    (has(text, WORDS) || named).then_some(SurveyFinding::Away)
}
