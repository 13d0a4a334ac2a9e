//! What is said besides schooling: gone for good, provided for, not yet of age or through, ill, away, not to be reached.

use baoxue_claim::SurveyFinding;

use super::FAMILY;
use crate::{
    place::{Locator, Whereabouts},
    text::{ends, has, words},
};

/// Dead, abroad, moved, no such person, registered twice.
pub(super) fn exit(text: &str) -> Option<SurveyFinding> {
    let whole = |list: &str| has(text, list);
    if whole("查无此人 无此人 没有此人 没有这个人 空挂户 此人不存在 户口空挂 无该人")
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
    let moved = "户口已迁 户口迁 户籍已迁 户籍迁 已迁走 已迁出 迁往 全家迁 全家搬 举家 搬走 全家外迁 \
        户口转走 户口已转 迁出户口";
    whole(moved).then_some(SurveyFinding::MovedAway)
}

/// One of a list of words in a clause that does not speak of the family.
fn of_child(text: &str, list: &str) -> bool {
    clauses(text).any(|clause| has(clause, list) && !has(clause, FAMILY))
}

fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';', '。', '、', '.', '!', ':', ' ', '/'])
}

/// Taught at home, deferred, suspended: arrangements, unless the words say they were not made.
pub(super) fn provided_for(text: &str) -> Option<SurveyFinding> {
    let home = "送教 送学上门 上门送教 上门施教";
    if has(text, home) && !denied(text, home) {
        return Some(SurveyFinding::HomeTeaching);
    }
    let deferral = "缓学 延缓入学 免学 免予入学 暂缓入学 推迟入学 延迟入学 免于入学";
    let refused = "不予 未批 不批 没批 未获批 到期 期满 被驳回 不符合";
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
        出门";
    let with_family_here =
        has(text, "父母外出 父母在外 家长外出 父亲外出 母亲外出") && !has(text, "随 跟");
    if with_family_here {
        return None;
    }
    let named = locator.locate(text) == Whereabouts::Elsewhere;
    (has(text, WORDS) || named).then_some(SurveyFinding::Away)
}
