//! The clauses of a text, and how each is meant: as a fact, as something that is over, as a plan, as hearsay or as a doubt.

use super::{FAMILY, arranged::ill};
use crate::text::{begins, ends, has, words};

/// How a clause is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mood {
    /// Said as a fact.
    Fact,
    /// Said of a time that is over: 曾, 原.
    Former,
    /// Wished, asked for, promised, planned or awaited.
    Meant,
    /// The family's word, which the clerk only passes on.
    Told,
    /// The clerk is not sure, or passes on what others say.
    Doubted,
}

/// One clause.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clause<'t> {
    pub(super) text: &'t str,
    pub(super) mood: Mood,
    /// Speaks of now against what went before: 但, 现, 仍, 已, 后.
    pub(super) now: bool,
}

/// Words that set a clause against the one before; they belong to neither.
const BUT: &str = "但是 但 却 然而 不过 可是";

/// How a clause begins that tells what is so by now.
const NOW: &str = "现 目前 如今 仍 依然 已 实际 事实 经核实 经查 后 之后 随后 又 再次 今年 本学期 这学期 近期 最终 \
    最后 终于 人在 人已 人现 今 于";

/// What makes a clause a doubt.
const DOUBT: &str = "可能 或许 也许 大概 估计 好像 似乎 貌似 是否 不确定 待核 待查 有待 \
    未证实 说不清 不好说 应该是 应该在 应该已 不知有无 不知还";

/// What makes it the word of others.
const RUMOUR: &str = "听说 举报 投诉 反映 邻居讲 听人 据说 传言 传闻 据传 有人说 有人反映 群众反映 群众举报 群众说 邻居说 邻居反映 村民说 \
    村民反映 村民举报 同学说 同学反映 亲戚说 亲属说 听闻";

/// The family says so.
const TOLD: &str = "自述 口述 说是 家长说 父亲说 母亲说 父母说 爷爷说 奶奶说 爸爸说 妈妈说 爸说 妈说 监护人说 本人说 \
    孩子说 学生说 家人说 家里说 家长讲 家长告知 外公说 外婆说";

/// A wish, a request, a promise, a plan, or waiting.
const MEANT: &str = "想 要求 请求 恳求 申请 打算 准备 计划 拟 承诺 答应 保证 同意返校 同意复学 同意上学 同意入学 同意送 同意去 愿意 愿返 愿复 愿去 愿回 愿上 希望 盼望 \
    争取 力争 预计 预期 等待 等候 等着 等学校 等安排 等通知 等秋季 等开学 等病 等户口 等学籍 待返 待复 待入 待安排 \
    待落实 待转 待定 待办 待劝 待学校 待秋 待开学 待下 将于 将在 将要 即将 将返 将复 将到 将入 将转 将随 明年 来年 \
    后年 下年 下学期 下学年 下半年 下期 届时 到时候 尽快 尽早 需要 需返 需复 需劝 需送 需入 应当 应予 应返 应复 应入 \
    应上 应于 该上 该入 要上 要去 要读 要转 要回 限期 责令 通知其 催其 督促 协商 商量 考虑 联系学校 安排中 落实中 \
    办理中 协调中 联系中 对接中 正在办 正在联系 正在协调 正在安排 正在落实 如果 如不 如能 如再 假如 一旦  有意 意愿 意向 后半年 过完年 年后返 年后上 年后再 才能 方可 \
    方能";

/// Efforts that are only efforts unless something came of them.
const EFFORTS: &str = "动员 劝说 劝其 做工作 协助 帮助 说服";

/// Back is what the child is not, whatever its reasons: said of a child that is out.
pub(super) const NOT_BACK: &str = "未返校 没返校 没有返校 未复学 没复学 没有复学 未劝返 没劝返 劝返无效 劝返未果 劝返未成 \
    劝返不 劝返失败 拒绝劝返 拒绝返校 拒绝复学 拒不返校 拒不复学 不愿返校 不愿复学 不愿意返校 不愿意复学 不愿回校 \
    不想返校 不想复学 不肯返校 不肯复学 不返校 不复学 无法劝返 未回校 没回校 没有回校 未按时复学 未按时返校 未能复学 \
    未能返校 没能复学 没能返校 无法复学 无法返校 难以复学 难以返校 不能复学 不能返校 没法返校 没法复学 不同意返校 \
    不同意复学";

/// The clauses of a folded text.
pub(super) fn cut(text: &str) -> Vec<Clause<'_>> {
    let mut found: Vec<Clause<'_>> = Vec::new();
    let mut carried = None;
    for (text, against, asked) in pieces(text) {
        let now = against || begins(text, NOW);
        let own = mood(text, asked);
        // 听说外出,没上学: what others say goes on until the clerk speaks again.
        let goes_on = own == Mood::Fact && !now && !begins(text, "经 核实");
        let mood = carried.filter(|_| goes_on).unwrap_or(own);
        if own == Mood::Told || (own == Mood::Doubted && is_rumour(text)) {
            carried = Some(own);
        } else if now {
            carried = None;
        }
        found.push(Clause { text, mood, now });
    }
    found
}

/// The clauses that are meant as facts, as one text.
pub(super) fn facts(clauses: &[Clause<'_>]) -> String {
    joined(clauses, |mood| mood == Mood::Fact)
}

/// The clauses of some moods as one text.
pub(super) fn joined(clauses: &[Clause<'_>], keep: impl Fn(Mood) -> bool) -> String {
    let kept: Vec<&str> = clauses.iter().filter(|c| keep(c.mood)).map(|c| c.text).collect();
    kept.join(",")
}

impl Clause<'_> {
    /// Whether it leaves open what it says about schooling, work or being at home.
    pub(super) fn doubts_schooling(&self) -> bool {
        const SCHOOLING: &str =
            "学 校 读 念 辍 课 打工 务工 工作 上班 进厂 在家 结婚 早婚 嫁 怀孕 休";
        self.mood == Mood::Doubted && has(self.text, SCHOOLING)
    }

    /// Without what leads to it: 现在家 as 在家.
    pub(super) fn body(&self) -> &str {
        const LEAD: &str = "现已 目前 如今 仍然 仍旧 依然 一直 已经 长期 常年 孩子 学生 该生 该童 本人 实际 现 仍 \
            还 已 人 其 就 都 只";
        let mut body = self.text;
        while let Some(rest) =
            words(LEAD).find_map(|lead| body.strip_prefix(lead)).filter(|rest| !rest.is_empty())
        {
            body = rest;
        }
        body
    }
}

fn mood(text: &str, asked: bool) -> Mood {
    let suspects = text.match_indices('疑').any(|(at, _)| !ends(&text[..at], "无 质 释"));
    if asked || suspects || has(text, DOUBT) || is_rumour(text) {
        return Mood::Doubted;
    }
    if has(text, TOLD) || claims(text) {
        return Mood::Told;
    }
    if is_meant(text) {
        return Mood::Meant;
    }
    if has(text, "曾 以前 之前 从前 此前 原来 小时候 当年") || is_formerly(text) {
        return Mood::Former;
    }
    Mood::Fact
}

/// 听说, 据…说; 据核实 and 根据 tell what the clerk found.
fn is_rumour(text: &str) -> bool {
    let told = text.match_indices('据').any(|(at, _)| {
        let after = &text[at + '据'.len_utf8()..];
        !ends(&text[..at], "证 数 依 根 收 票 占") && !begins(after, "核实 查实 查 实")
    });
    told || has(text, RUMOUR)
}

/// 家长称, not 名称 or 简称.
fn claims(text: &str) -> bool {
    text.match_indices('称').any(|(at, _)| !ends(&text[..at], "名 职 简 统 号 俗 全 对"))
}

fn is_meant(text: &str) -> bool {
    if has(text, "如果 如不 如再 若不 假如 一旦 否则 再不") {
        return true;
    }
    if has(text, NOT_BACK) {
        return false;
    }
    let wish = words(MEANT).any(|word| {
        text.match_indices(word).any(|(at, _)| {
            let before = &text[..at];
            // 不想 and 不愿意 are no wish; 思想, 学校不要去… and 模拟 are other words.
            !ends(before, "不 思 理 没 模 虚 无 未 学校不 去年 前年")
                || has(word, "打算 准备 计划 考虑")
        })
    });
    let effort =
        has(text, EFFORTS) && !has(text, "已 仍 未 不 没 无 成功 后 经 在家 带 干 打工 家里 务农");
    let later =
        has(text, "再上学 再返校 再复学 再入学 再读书 再去上学 再去读 再来上学 后再上 后再读")
            && !has(text, "不再 未再 没再 没有再 无法再");
    (wish || effort || later) && !is_ill_plan(text)
}

/// 等待治疗 says that the child is ill.
fn is_ill_plan(text: &str) -> bool {
    has(text, "等待 待 准备 需要") && ill(text).is_some() && !has(text, "学 校 读")
}

/// 原在广东读书; 原因 and 原籍 are other words.
fn is_formerly(text: &str) -> bool {
    text.strip_prefix('原').is_some_and(|rest| !begins(rest, "因 籍 则 村"))
        || has(text, "原就读 原在 原读 原系 原是 原为")
}

/// Pieces between stops, each with whether 但 stands before it and whether a question mark ends it.
fn pieces(text: &str) -> Vec<(&str, bool, bool)> {
    let mut found = Vec::new();
    let (mut start, mut at, mut against) = (0, 0, false);
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let but = words(BUT).find(|word| rest.starts_with(word) && !text[..at].ends_with('不'));
        if let Some(beyond) = subject_ends(text, start, at) {
            at = beyond;
        } else if is_stop(text, at, c) {
            keep(&mut found, (&text[start..at], against, c == '?'));
            (at, against) = (at + c.len_utf8(), false);
            start = at;
        } else if let Some(but) = but {
            keep(&mut found, (&text[start..at], against, false));
            (at, against) = (at + but.len(), true);
            start = at;
        } else if at > start && is_now(&text[start..at], rest) {
            keep(&mut found, (&text[start..at], against, false));
            (start, against) = (at, false);
            at += c.len_utf8();
        } else {
            at += c.len_utf8();
        }
    }
    keep(&mut found, (&text[start..], against, false));
    found
}

/// Where a stop does not end the clause because nothing but the family stands on one side of it, the byte behind it:
/// 外出务工(父母), (父母)外出务工, 父母:外出务工, 父母,均外出务工 say whose work it is.
fn subject_ends(text: &str, start: usize, at: usize) -> Option<usize> {
    let stop = text[at..].chars().next()?;
    let rest = &text[at + stop.len_utf8()..];
    let before = &text[start..at];
    match stop {
        '(' if !before.is_empty() => {
            let (inside, _) = rest.split_once(')')?;
            is_family_alone(inside).then_some(at + stop.len_utf8() + inside.len() + 1)
        }
        ':' | ')' if is_family_alone(before) && !rest.is_empty() => Some(at + stop.len_utf8()),
        ',' if begins(rest, "均 都 双双 双方 外出 在外 长期 常年 打工 务工") => {
            is_family_alone(before).then_some(at + stop.len_utf8())
        }
        _ => None,
    }
}

/// 父母, 指父母双方, 其父亲: members of the family and no word of what they do.
fn is_family_alone(text: &str) -> bool {
    const LINKS: &str = "双方 两人 二人 夫妻 夫妇 均 都 其 指 系 为 是 的 和 与 及 或 、 该生 学生 孩子 仅 只 单 单方 一方";
    if text.is_empty() || text.len() > 60 {
        return false;
    }
    let rest = words(FAMILY)
        .chain(words(LINKS))
        .fold(text.to_owned(), |rest, word| rest.replace(word, ""));
    let someone = has(text, FAMILY) || matches!(rest.as_str(), "父" | "母" | "父母");
    someone && rest.chars().all(|c| "父母".contains(c))
}

fn keep<'t>(found: &mut Vec<(&'t str, bool, bool)>, piece: (&'t str, bool, bool)) {
    match (piece.0.is_empty(), piece.2, found.last_mut()) {
        // (?) asks about what stands before it.
        (true, true, Some(last)) => last.2 = true,
        (true, ..) => {}
        (false, ..) => found.push(piece),
    }
}

fn is_stop(text: &str, at: usize, c: char) -> bool {
    let rest = &text[at + c.len_utf8()..];
    match c {
        ',' | ';' | '。' | '!' | ':' | ' ' | '/' | '(' | ')' | '?' | '"' | '“' | '”' => true,
        // 2019.3.5 is a day, 失学、辍学 one phrase.
        '.' => !rest.starts_with(|c: char| c.is_ascii_digit()),
        '、' => !begins(rest, "辍学 失学 流失 厌学 逃学 旷课 退学"),
        _ => false,
    }
}

/// Whether a word for now begins a new clause here: 劝返后|仍在家, 学籍已转走|现在家. 出现 and 现场 are other words.
fn is_now(before: &str, rest: &str) -> bool {
    // A clause can be long and this is asked at each of its characters: look at no more than its first.
    if before.len() < 9 && before.chars().count() < 3 && has(before, "截至 截止 至") {
        return false;
    }
    let now = rest.starts_with('现')
        && !before.ends_with(['出', '发', '表', '实', '体', '呈', '到'])
        && !begins(rest, "现象 现金 现场 现实 现役 现行 现状 现有 现任");
    now || begins(rest, "目前 如今 仍 依然 又辍 又离 又外 又去 又不 又没 又打")
}

/// Whether a clause speaks of the family and not of the child.
pub(super) fn of_family(clause: &str) -> bool {
    has(clause, FAMILY) && !begins(clause, "随 跟 与 和 由 被")
}
