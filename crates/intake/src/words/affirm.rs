//! Clauses that say the child is at school, or back, and what takes back a word of leaving.

use baoxue_claim::SurveyFinding;

use super::{
    clause::{Clause, of_family},
    grade, negation, school_name,
    speech::{LEAVING, Says},
};
use crate::text::{begins, ends, has, words};

/// What denies or wards off whatever comes behind.
const DENIALS: &str = "未发现 没有发现 未见 不属于 不属 不是 并非 未出现 没有出现 不存在 未发生 没有发生 杜绝 防止 \
    预防 避免 严防 误报 错报 误报为 错报为";

/// What denies a word of leaving right behind it.
const SHORT_DENIALS: &str = "未 没有 没 不 无 非 不想 不愿 不会 未被 没被 没有被 从未 从不 险些 差点 差一点 易 想 要 濒临 不让 \
    不准 不许";

/// Words of staying away, which can be denied as leaving can.
const STAYING_AWAY: &str = "厌学 逃学 旷课 逃课 缺课";

/// Whether the word at `at` does not accuse: denied, a mere risk, a paper not yet made, a weekend or a distance.
pub(super) fn excused(clause: &str, at: usize, word: &str) -> bool {
    let leaving = words(LEAVING).chain(words(STAYING_AWAY)).any(|known| known == word);
    let mut before = &clause[..at];
    while let Some(rest) = words("辍学 失学 流失 旷课 逃学 退学 现象 情况 或 和 及 、 学生 儿童 过")
        .find_map(|linked| before.strip_suffix(linked))
    {
        before = rest;
    }
    let after = &clause[at + word.len()..];
    let denied = ends(before, DENIALS) || (leaving && ends(before, SHORT_DENIALS));
    let unreal = leaving
        && begins(
            after,
            "手续未 手续没 申请 风险 隐患 苗头 倾向 情绪 心理 思想 想法 念头 意向 可能 边缘 预警 已排除 不实 不属实 \
             过 史 费 对象 名单 台账",
        );
    let gate = word == "离校"
        && (has(clause, "周末 放假 放学 寒假 暑假 假期 双休 按时离 每天离")
            || begins(after, "远 近 较 太 约 有 很 比较 路 不远 0 1 2 3 4 5 6 7 8 9"));
    // 放弃学业 is another word than 弃学.
    let part = word == "弃学" && before.ends_with('放');
    denied || unreal || gate || part
}

/// In school because leaving is denied in as many words, and nothing else is said.
pub(super) fn no_dropout(text: &str) -> Option<SurveyFinding> {
    const LEFT: &str = "辍学 失学 离校 退学 停学 弃学";
    let denied = words(LEFT).any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let before = &text[..at];
            let of_many = begins(&text[at + word.len()..], "学生 人员 儿童");
            ends(before, "未 没有 没 无 非 不存在") && !before.ends_with("有无") && !of_many
        })
    });
    denied.then_some(SurveyFinding::InSchool { school: None, grade: None })
}

/// What a child does that came back and did not stay.
const GONE_AGAIN: &str = "走了 又走 再走 就走 离校 离开 又离 再离 跑 辍 不来 没来 未来 不去 没去 未去 逃 旷 外出 打工 务工 回家 在家 不见 不到 未到 没到 不上 不读 \
    厌学";

/// 又走了, 再次离校: away again after having been back.
pub(super) fn gone_again(text: &str) -> Option<(usize, Says)> {
    const AGAIN: &str = "又走了 又走 又跑了 又跑 又离校 又离开 又不来 又没来 又未来 又没去 又不去 又未去 又外出 又回家 又逃 又去打工 又去务工 又不见 又不上 又不读 \
        又没上 又未上 又在家 又回到家 再次离 再次走 再次外出 再次不 再次没 再次未 再度离";
    let now_and_then = negation::is_brief(text) || negation::is_irregular(text);
    let other =
        of_family(text) || now_and_then || has(text, "又走读 又走访 又走亲 又走路 又跑步 又回家访");
    let end = words(AGAIN).filter_map(|word| text.rfind(word).map(|at| at + word.len())).max()?;
    (!other).then_some((end, Says::Out))
}

/// Back at school, if nothing takes it back: 已复学, not 复学困难 nor 秋季返校.
pub(super) fn back(text: &str) -> Option<(usize, Says)> {
    const BACK: &str = "复学 返校 重返校园 重返学校 重返课堂 回校 回到学校 返回学校 回学校 重新上学 重新入学 恢复上学";
    let end = words(BACK).filter_map(|word| text.rfind(word).map(|at| at + word.len())).max()?;
    let after = &text[end..];
    // 返校两天又走 is no return; 返校仅两天 is not to be told.
    if has(after, "又 再次 再度 就 复") && has(after, GONE_AGAIN) {
        return Some((text.len(), Says::Out));
    }
    let hindered = begins(after, "不久 仅 只 没几天 没多久")
        || has(text, "只返校 仅返校 只复学 仅复学 只回校 仅回校 返校过")
        || begins(after, "手续 申请 承诺 通知 困难 难 无望 证明 工作 问题 时间 后 书 的 前 之")
            && !begins(after, "后一直在 后在 后正常 后就读 后表现");
    let says =
        if hindered || is_denied(text) || is_to_come(text) { Says::Muddy } else { Says::Back };
    Some((end, says))
}

/// At school, with the byte behind the word that says so; muddy when something stands in its way.
pub(super) fn attends(clause: &Clause<'_>) -> Option<(usize, Says)> {
    const WORKS_THERE: &str = "任教 教书 上班 工作 陪读 老师 教师 做饭 食堂 保安 打工 务工";
    let text = clause.text;
    let verb = attending(text);
    if of_family(text) && has(text, WORKS_THERE) && verb != Some(text.len()) {
        return None;
    }
    if stands_in_school(clause.body()) {
        return Some((text.len(), Says::In));
    }
    if let Some(end) = verb {
        let says = if stands_in_the_way(text, end) {
            Says::Muddy
        } else if negation::is_irregular(text) {
            Says::Habit
        } else {
            Says::In
        };
        return Some((end, says));
    }
    named(text)
}

/// The byte behind the last verb of attending.
fn attending(text: &str) -> Option<usize> {
    const ATTENDS: &str = "就读 在读 在校 上学 读书 念书 就学 在学 入读 借读 寄读 住校 住读 走读 现读 复读 上课 在班 在教室 \
        已入学 正常入学 按时入学 如期入学 已到校 正常到校 按时到校 每天到校 坚持到校 已报到 按时报到 随班就读 特教";
    const OTHER_WORD: &str = "上学习 上学校 上学期 上学年 上学历 在校外 在学校附近 在学校门口 在学校外 在学校对面 就读情况 就读学校 就读困难 \
        在班上打 在校门口";
    words(ATTENDS)
        .flat_map(|verb| {
            text.match_indices(verb)
                .filter(|(at, _)| !begins(&text[*at..], OTHER_WORD))
                .map(move |(at, _)| at + verb.len())
        })
        .max()
}

/// Whether the words around a verb of attending, which ends at `end`, keep it from being a fact about now.
fn stands_in_the_way(text: &str, end: usize) -> bool {
    const NOT_NOW: &str = "原就读 原读 去年 前年 上学期 上学年 期间 上学时 读书时 在校时 就读时 读过 上过 念过 困难 上学路远 \
        上学远 上学太远 上学不便 上学难 上学路 跟不上 挂名 挂靠 空挂 难以 国学班 国学馆 国学堂 学国学 读国学 私学 辅导班 网校 附近打 门口 读到 上到 念到 读完 上完 念完 应 该上 \
        该读 网课 线上 私塾 读经 补习 培训 报名 无望 无着落 问题 条件";
    const HOME_STUDY: &str = "在家上 在家读 在家学 在家自 在家念 在家中 居家 在家网 在家复";
    let own_roll = has(text, "学籍") && !has(text, "人籍 学籍和人 无学籍 没学籍 没有学籍 学籍所在");
    let over = has(&text[end..], "毕业 时 期间 名额");
    has(text, NOT_NOW) && !has(text, "应届")
        || has(text, HOME_STUDY)
        || own_roll
        || over
        || is_denied(text)
        || is_to_come(text)
}

/// Whether anything in the clause denies, once the words are out of the way that deny another matter.
pub(super) fn is_denied(text: &str) -> bool {
    const OTHER_MATTER: &str = "无学籍 没有学籍 没学籍 未转学籍 学籍未转 无户口 没户口 没有户口 无户籍 未上户 无监护 无人照顾 \
        无人监护 无人照料 无人看管 不住校 没住校 未住校 没有住校 不住读 不寄宿 无故 不好 不佳 不理想 不太好 不听话 不错 不高 \
        不稳定 无异常 无变化 没问题 无问题 未辍学 没辍学 没有辍学 无辍学 未失学 未离校 不在本村 不在本镇 不在本地 不在家 未外出 \
        残疾不 无障碍 不满16 未满16 不远 未婚 不爱说话 不合群 不突出 无特殊 停学籍";
    let mut text = text.to_owned();
    for matter in words(OTHER_MATTER) {
        if text.contains(matter) {
            text = text.replace(matter, "");
        }
    }
    has(&text, "没 未 不 无 拒 停止 放弃 中断 终止 停课 难以")
}

/// Of this autumn or another day to come, unless the words say that it has happened.
fn is_to_come(text: &str) -> bool {
    let day = has(
        text,
        "秋季 今秋 明春 春季 9月 九月 开学 下个月 下月 下周 明天 过几天 病好 康复后 暑假后 年后",
    );
    let done = has(
        text,
        "已 经劝 劝返 年9月 年九月 年春季 年秋季 上月 去年 于 后一直 以来 起在 开学后在 升入",
    );
    day && !done
}

/// 在中心小学: a school without a name of its own, and nothing else.
fn stands_in_school(body: &str) -> bool {
    let place = body.strip_prefix('在').is_some_and(|place| {
        matches!(
            place,
            "小学"
                | "中学"
                | "初中"
                | "中心小学"
                | "中心学校"
                | "教学点"
                | "本校"
                | "学校"
                | "高中"
                | "班"
        )
    });
    place
        || matches!(body, "正常" | "一切正常" | "情况正常" | "到校" | "在学校" | "在校" | "在校生")
}

/// Nothing but a school or a grade.
fn named(text: &str) -> Option<(usize, Says)> {
    const MORE: &str = "毕业 读到 上到 念到 读完 上完 念完 应 该 附近 门口 对面 旁 挂 学籍 学区 片区 划片 联系 对口 距 离 报名 \
        接收 收 核实 走访 劝 老师 教师 校长 反映 了解 开除 退 找 通知 协调 停 辍 逃 缺课 请假 休 打工 干活 闹 欺负 时 后 跑 走了 \
        原 去年 前年 学位 名额 校车 转学手续 办理 证明 领取 送达 难 远 年级前 肄业 失踪";
    let name = school_name(text);
    let grade = grade(text).is_some() && text.parse::<u8>().is_err();
    if name.is_none() && !grade || of_family(text) && !has(text, "随 跟") && name.is_none() {
        return None;
    }
    let rest = name.map_or_else(|| text.to_owned(), |name| text.replace(&name, ""));
    let plain = !has(text, "学区 片区 划片 联系 对口 距 挂名 挂靠 空挂")
        && !has(&rest, MORE)
        && !is_denied(&rest)
        && !is_to_come(&rest);
    // At the place of no word: whatever else the clause says outweighs a name.
    Some((0, if plain { Says::Named } else { Says::Muddy }))
}
