//! What one clause says about schooling, and what the clauses say together.

use super::{
    affirm,
    clause::{Clause, Mood, of_family},
    negation, unmade,
};
use crate::text::{begins, ends, has, words};

/// What a clause says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// At school now.
    In,
    /// Nothing but the name of a school or a grade.
    Named,
    /// Back at school.
    Back,
    /// Out of school as a fact.
    Out,
    /// At home, and no more.
    Home,
    /// Stays away now and then, or for days: 旷课, 逃学.
    Habit,
    /// Does not like school: 厌学.
    Dislike,
    /// Speaks of schooling and does not tell whether the child attends.
    Muddy,
    /// Nothing about schooling.
    Nothing,
}

/// What the clauses say together about now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    In,
    Returned,
    Out,
    /// At home, and nothing says that it should not be.
    Home,
    /// Two clauses that differ.
    Mixed,
    /// Schooling is spoken of, and not whether the child attends.
    Vague,
    Nothing,
}

/// Leaving school.
pub(super) const LEAVING: &str =
    "辍学 失学 流失 弃学 离校 退学 停学 劝退 开除 除名 辍读 离开学校 离开校园 失辍";

/// Staying away, and the wish to.
const HABITS: &str = "逃学 旷课 逃课 缺课 迟到 早退 擅自离校 私自离校 偷偷离校 不服管";
const DISLIKES: &str = "厌学 厌恶学习 讨厌学习 学不进 读不进 读不下去 学不下去";

/// In whose clause the child is not meant.
const SIBLINGS: &str = "哥 姐 弟弟 妹妹 兄 表 堂 同学 邻居";

/// What a clause says. Clauses that are no facts say nothing, save that what is over was.
pub(super) fn says(clause: &Clause<'_>) -> Says {
    let text = clause.text;
    if begins(text, SIBLINGS) {
        return Says::Nothing;
    }
    match clause.mood {
        Mood::Fact => {}
        // 在校,曾厌学: why is it said?
        Mood::Former => return habit(text).map_or(Says::Nothing, |(_, says)| says),
        Mood::Meant | Mood::Told | Mood::Doubted => return Says::Nothing,
    }
    if let Some(home) = home(clause) {
        return home;
    }
    let found = [
        affirm::gone_again(text),
        left(text),
        habit(text),
        negation::denied(text),
        unmade::works(text),
        unmade::married(text),
        unmade::stranded(text),
        affirm::back(text),
        affirm::attends(clause),
    ];
    // The last plain word in a clause decides: 辍学后返校, 返校后又离校. Of two at one place the first of the list.
    let mut last: Option<(usize, Says)> = None;
    for (at, says) in found.into_iter().flatten() {
        let plainer = |(known, before): (usize, Says)| {
            let muddy = (says == Says::Muddy, before == Says::Muddy);
            muddy == (false, true) || (muddy.0 == muddy.1 && at > known)
        };
        if last.is_none_or(plainer) {
            last = Some((at, says));
        }
    }
    let says = last.map_or_else(|| muddy(text), |(_, says)| says);
    if says == Says::Dislike && has(text, "在家") && !negation::is_brief(text) {
        return Says::Out;
    }
    says
}

/// A clause that denies something about coming, going or the school, in words that are not known.
fn muddy(text: &str) -> Says {
    let denies = has(text, "没 未 不 无 拒 难 停 放弃 跑");
    let school = has(text, "来 去 见 在读 在校 上学 学校 学籍 入学 读书 念书 上课 到校 返校 复学");
    if (denies && school) || has(text, "学籍 挂名 挂靠 名下 空挂") && !has(text, "转") {
        Says::Muddy
    } else {
        Says::Nothing
    }
}

/// 在家 and no more, or with a cause that is none of illness.
fn home(clause: &Clause<'_>) -> Option<Says> {
    const IDLE: &str = "在家闲 闲在家 闲散 在家待 待在家 在家带 在家务农 在家干活 在家玩 闲逛 在社会上 游荡 在家帮 呆在家 \
        在家呆 在家放 在家喂 在家种 在家做 流浪";
    const HOME: &str =
        "在家 在家中 在家里 家中 在家呆着 在家待着 在屋里 居家 无所事事 无业 待业 在家待业";
    const CAUSE: &str = "困难 贫 没钱 太远 路远 网瘾 游戏 无学籍 没学籍 没有学籍 无户口 没户口 成绩差 跟不上 上学远";
    let text = clause.text;
    if negation::is_holiday(text) || has(text, "疫情 网课") || of_family(text) {
        return None;
    }
    if has(text, IDLE) && !has(text, "辍 曾 返校 复学 就读 在校") {
        return Some(Says::Out);
    }
    let body = clause.body();
    if words(HOME).any(|home| home == body) {
        return Some(Says::Home);
    }
    (ends(text, "在家 在家中") && has(text, CAUSE) && !affirm::is_denied(text))
        .then_some(Says::Home)
}

/// A word of leaving that nothing denies or takes back.
fn left(text: &str) -> Option<(usize, Says)> {
    let ends = words(LEAVING).flat_map(|word| {
        text.match_indices(word)
            .filter(move |(at, _)| !affirm::excused(text, *at, word))
            .map(move |(at, _)| at + word.len())
    });
    if has(text, "防辍 控辍 怕 擅自离校 私自离校 偷偷离校") {
        return None;
    }
    ends.max().map(|end| (end, Says::Out))
}

fn habit(text: &str) -> Option<(usize, Says)> {
    let last = |list: &'static str, says: Says| {
        let ends = words(list).flat_map(|word| {
            text.match_indices(word)
                .filter(move |(at, _)| !affirm::excused(text, *at, word))
                .map(move |(at, _)| at + word.len())
        });
        ends.max().map(|end| (end, says))
    };
    last(HABITS, Says::Habit).or_else(|| last(DISLIKES, Says::Dislike))
}

/// What the clauses say together: a later one about now stands against an earlier; else two that differ leave it open.
pub(super) fn verdict(clauses: &[Clause<'_>]) -> Verdict {
    let mut sum = Sum::default();
    for clause in clauses {
        sum.add(clause);
    }
    match (sum.so_far, sum.home) {
        (SoFar::Nothing, false) => Verdict::Nothing,
        // 不爱读书,在家: at home is what it comes to.
        (SoFar::Nothing | SoFar::Vague, true) => Verdict::Home,
        (SoFar::Out, _) => Verdict::Out,
        (SoFar::In | SoFar::Named, false) => Verdict::In,
        (SoFar::Returned, false) => Verdict::Returned,
        (SoFar::Vague | SoFar::StaysAway, _) => Verdict::Vague,
        (SoFar::In | SoFar::Named | SoFar::Returned | SoFar::Mixed, _) => Verdict::Mixed,
    }
}

/// What was said up to a clause.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum SoFar {
    #[default]
    Nothing,
    Vague,
    StaysAway,
    Named,
    In,
    Returned,
    Out,
    Mixed,
}

#[derive(Debug, Default)]
struct Sum {
    so_far: SoFar,
    /// Some clause, whatever its time, spoke of having left.
    was_out: bool,
    home: bool,
}

impl Sum {
    fn add(&mut self, clause: &Clause<'_>) {
        let says = says(clause);
        if matches!(clause.mood, Mood::Former | Mood::Fact) {
            self.was_out |= was_out(clause.text);
        }
        self.home |= says == Says::Home;
        self.so_far = match says {
            Says::Back => SoFar::Returned,
            Says::In | Says::Named => self.at_school(says, clause.now),
            Says::Out => {
                let at_school = matches!(self.so_far, SoFar::In | SoFar::Returned);
                if at_school && !clause.now { SoFar::Mixed } else { SoFar::Out }
            }
            Says::Habit | Says::Dislike => match self.so_far {
                SoFar::Out => SoFar::Out,
                SoFar::In | SoFar::Named | SoFar::Returned | SoFar::Mixed => SoFar::Mixed,
                SoFar::StaysAway => SoFar::StaysAway,
                SoFar::Nothing | SoFar::Vague if says == Says::Habit => SoFar::StaysAway,
                SoFar::Nothing | SoFar::Vague => SoFar::Vague,
            },
            Says::Muddy if self.so_far == SoFar::Nothing => SoFar::Vague,
            Says::Muddy if self.so_far == SoFar::Named => SoFar::Mixed,
            Says::Muddy | Says::Nothing | Says::Home => self.so_far,
        };
    }

    fn at_school(&self, says: Says, now: bool) -> SoFar {
        if matches!(self.so_far, SoFar::Out | SoFar::Mixed) && !now {
            SoFar::Mixed
        } else if self.so_far == SoFar::Out || self.was_out {
            SoFar::Returned
        } else if self.so_far != SoFar::In && says == Says::Named {
            SoFar::Named
        } else {
            SoFar::In
        }
    }
}

fn was_out(text: &str) -> bool {
    let left = words(LEAVING)
        .any(|word| text.match_indices(word).any(|(at, _)| !affirm::excused(text, at, word)));
    left || has(text, "劝返 休学")
}
