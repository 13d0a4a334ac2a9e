//! Why a child is out of school, coded.

use baoxue_claim::{Cause, names_custody};

use super::FAMILY;
use crate::text::{fold, has};

/// Words and what they mean; the first line that fits decides, so what is graver or plainer stands above.
const CAUSES: [(Cause, &str); 15] = [
    (Cause::EarlyMarriage, "早婚 早育 结婚 嫁人 出嫁 怀孕 生育 同居 订婚"),
    (Cause::Religion, "信教 学经 经文 念经 出家 入寺 宗教"),
    (
        Cause::SuspensionLapsed,
        "休学期满 休学到期 休学已满 休学满 休学逾期 休学超期 休学后未 休学结束",
    ),
    (Cause::NotPromoted, "小升初 小学毕业后 小学毕业未 未升初中 未上初中 没上初中 未升学 没升初中"),
    (Cause::Migration, "转学 学籍已转 转走 转出 转入未 随迁 返乡后 转校 对方学校未接收"),
    (
        Cause::NoRegistration,
        "无学籍 无户籍 没户籍 无户口 未上户 没上户 没有户口 没有学籍 没学籍 学籍没 黑户 未落户 没户口",
    ),
    (
        Cause::Disability,
        "残疾 残障 智障 智力 脑瘫 瘫 自闭 孤独症 聋 哑 失明 肢体 失能 不能自理 唐氏",
    ),
    (Cause::Internet, "网瘾 沉迷 上网成瘾 打游戏 玩游戏 手机成瘾 网络成瘾 玩手机"),
    (Cause::Bullying, "欺凌 欺负 霸凌 师生 体罚 被打 同学关系 同学矛盾"),
    (
        Cause::Illness,
        "病 住院 手术 抑郁 治疗 化疗 骨折 哮喘 癫痫 感冒 发烧 就医 肿瘤 受伤 身体原因 \
                精神障碍",
    ),
    (
        Cause::SchoolAverse,
        "厌学 不想上学 不愿上学 不想读 不愿读 学习困难 学习差 成绩差 跟不上 学不进 逃学 \
                不爱学习 不想学 不肯上学 无心学习 不愿学",
    ),
    (Cause::Poverty, "经济困难 家庭困难 家境困难 贫困 没钱 交不起 家里穷 家庭经济"),
    (Cause::Distance, "路远 上学远 路途远 离校远 交通不便 离家远 太远 距离远"),
    (
        Cause::Family,
        "家庭变故 离异 离婚 单亲 孤儿 无人监护 监护缺失 无人照 家中有事 家里有事 \
                父亲去世 母亲去世 父亲服刑 母亲服刑 父母服刑 父亲在押 母亲在押 带弟弟 带妹妹 照顾 家庭原因 留守 家长不送 家长不让 不让上学",
    ),
    (Cause::Work, "打工 务工 进厂 理发 学手艺 学徒 做工 上班 挣钱 帮工 做生意 学技术"),
];

/// The cause that a cell such as 辍学原因 or 缺课原因 names; `None` when it is blank or says that it is not known.
///
/// Work is looked for after the rest but before moving along with the parents, for 外出务工 stands in many cells as the
/// place and not as the cause.
///
/// ```
/// use baoxue_claim::Cause;
/// assert_eq!(baoxue_intake::words::cause("转学没转成"), Some(Cause::Migration));
/// assert_eq!(baoxue_intake::words::cause("没学籍,学校不收"), Some(Cause::NoRegistration));
/// assert_eq!(baoxue_intake::words::cause("原因不详"), None);
/// ```
pub fn cause(text: &str) -> Option<Cause> {
    let text = fold(text);
    if text.is_empty() || matches!(text.as_ref(), "无" | "/" | "-" | "—" | "否") {
        return None;
    }
    if is_held(&text) {
        return Some(Cause::Offence);
    }
    let along = has(&text, "随父母 随家长 随母 随父 跟父母 跟随父母");
    let hit = CAUSES.iter().find(|(cause, words)| {
        // 随父母务工 is the parents' work.
        has(&text, words) && !(along && *cause == Cause::Work)
    });
    if let Some((cause, _)) = hit {
        return Some(*cause);
    }
    (along || has(&text, "随迁 未接收 不接收 学校不收 返乡")).then_some(Cause::Migration)
}

/// Whether the child itself is held by an institution of the law, or the words speak of an offence as what keeps it away.
/// 父亲服刑 is a cause of the family.
pub(super) fn is_held(text: &str) -> bool {
    const KEPT: &str = "犯罪 违法 涉案";
    text.split([',', ';', '。', '、', '.', '!', ':', ' ', '/'])
        .any(|clause| !has(clause, FAMILY) && (names_custody(clause) || has(clause, KEPT)))
}

/// The cause in a cell that holds nothing but the cause: words that no line knows are [`Cause::Other`].
pub(crate) fn stated_cause(text: &str) -> Option<Cause> {
    let folded = fold(text);
    let unknown = "不详 不明 未知 不清 未报到 未入学";
    cause(text).or_else(|| {
        let blank = folded.is_empty() || matches!(folded.as_ref(), "无" | "/" | "-" | "—" | "否");
        (!blank && !has(&folded, unknown)).then_some(Cause::Other)
    })
}
