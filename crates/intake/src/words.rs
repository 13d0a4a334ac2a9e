//! Free text about schooling, as town clerks write it: what was found ([`Lexicon::finding`]) and why ([`cause`]).
//!
//! A text is cut into clauses, and each clause is a fact, something that is over, a plan or wish, the family's word, or a
//! doubt. Only facts speak. In school is who a clause affirms it of, with nothing that denies it or puts it off; out of
//! school is of whom a clause states that it is not there. Of two that differ the later decides when it speaks of now
//! (逃学,现已到校); else both are kept for a person. A dislike (厌学) or a habit (旷课) is neither. Words about parents are not
//! taken for words about the child. What no rule knows is [`SurveyFinding::Unclear`], never a guess.

mod affirm;
mod arranged;
mod brought_back;
mod cause;
mod clause;
mod negation;
mod school;
mod speech;
mod tip;
mod unmade;

use std::{cell::RefCell, collections::HashMap, fmt};

use baoxue_claim::{Cause, Grade, SurveyFinding, Towns, names_custody};

use crate::{
    place::{Locator, Whereabouts},
    text::{fold, has},
};

use self::{
    brought_back::Effort,
    clause::{Clause, Mood, NOT_BACK},
    speech::{Says, Verdict},
};

pub use cause::cause;
pub(crate) use cause::stated_cause;
pub(crate) use school::{looks_like_school, school_name, school_of_title};
pub(crate) use tip::mentioned;

/// Texts remembered at most.
const MEMORY: usize = 20_000;

/// Words of grown-ups: a clause with one of them speaks of the family.
const FAMILY: &str = "父母 父亲 母亲 爸 妈 家长 监护人 爷爷 奶奶 外公 外婆 祖父 祖母 双亲 父子 母女 哥哥 姐姐 (父 (母";

/// Places without a name that are not here.
const NOT_HERE: &str = "外省 省外 外地 外县 县外 外市 市外 外区 区外 异地 外镇 外面 在外 境内其他 务工地 打工地 \
    父母身边";

/// Being at school, in any words.
const ATTENDS: &str = "就读 在读 在校 上学 读书 念书 就学 在学 学习 上课 入读 借读 寄读 住校";

/// What the words of a survey say, read for one county.
pub struct Lexicon {
    locator: Locator,
    /// Texts already read: a list says 在校 thousands of times.
    memory: RefCell<HashMap<String, SurveyFinding>>,
}

impl fmt::Debug for Lexicon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lexicon").field("locator", &self.locator).finish_non_exhaustive()
    }
}

impl Lexicon {
    /// For the county of `towns`: their names are what tells a school here from a school elsewhere.
    pub fn new(towns: &Towns) -> Self {
        Self { locator: Locator::new(towns), memory: RefCell::default() }
    }

    /// What a cell such as 就读情况, 现状 or 未就读原因及去向 says.
    ///
    /// ```
    /// use baoxue_claim::{SurveyFinding, Towns};
    /// use baoxue_intake::words::Lexicon;
    /// let lexicon = Lexicon::new(&Towns::default());
    /// assert_eq!(lexicon.finding("休学到期后一直未返校,现在家"), SurveyFinding::SuspensionLapsed);
    /// assert_eq!(lexicon.finding("未辍学"), SurveyFinding::InSchool { school: None, grade: None });
    /// ```
    pub fn finding(&self, text: &str) -> SurveyFinding {
        let folded = fold(text);
        let text = folded.trim_matches(|c: char| "。,;.、/-—_ ".contains(c));
        if text.is_empty() || matches!(text, "无" | "暂无" | "空") {
            return SurveyFinding::Silent;
        }
        if let Some(known) = self.memory.borrow().get(text) {
            return known.clone();
        }
        let finding = self.understand(text);
        let mut memory = self.memory.borrow_mut();
        if memory.len() < MEMORY {
            memory.insert(text.to_owned(), finding.clone());
        }
        finding
    }

    fn understand(&self, text: &str) -> SurveyFinding {
        let said = clause::cut(text);
        let facts = clause::facts(&said);
        let happened = clause::joined(&said, |mood| mood != Mood::Meant);
        let verdict = speech::verdict(&said);
        let doubted = said.iter().any(Clause::doubts_schooling);
        arranged::exit(&facts)
            .and_then(|exit| arranged::against(exit, verdict))
            .or_else(|| doubted.then_some(SurveyFinding::Unclear))
            .or_else(|| held(&facts, verdict))
            .or_else(|| lapsed(&facts, verdict))
            .or_else(|| returned(&facts, verdict))
            .or_else(|| arranged::provided_for(&facts, verdict))
            .or_else(|| arranged::not_yet_or_no_more(text, &facts))
            .or_else(|| self.about_now(&said, &facts, verdict))
            .or_else(|| at_home(text, &facts, verdict))
            .or_else(|| arranged::unreached(text))
            .or_else(|| arranged::ill(&facts))
            .or_else(|| arranged::away(&happened, &self.locator))
            .or_else(|| affirm::no_dropout(&facts).filter(|_| verdict == Verdict::Nothing))
            .unwrap_or(SurveyFinding::Unclear)
    }

    /// A school as written, with the grade if known: here, or outside the county.
    pub fn school(&self, school: &str, grade: Option<Grade>) -> SurveyFinding {
        let name = school.trim().to_owned();
        if school::is_none_of_the_law(&fold(school)) {
            return SurveyFinding::Unclear;
        }
        match self.locator.locate(&fold(school)) {
            Whereabouts::Elsewhere => SurveyFinding::InSchoolElsewhere { school: name, grade },
            Whereabouts::Local | Whereabouts::Unsaid => {
                SurveyFinding::InSchool { school: Some(name), grade }
            }
        }
    }

    /// What the clauses about now say together.
    fn about_now(
        &self,
        said: &[Clause<'_>],
        facts: &str,
        verdict: Verdict,
    ) -> Option<SurveyFinding> {
        match verdict {
            Verdict::Out => Some(out(facts)),
            Verdict::In => Some(self.in_school(said, facts)),
            Verdict::Returned => Some(SurveyFinding::Returned),
            Verdict::Mixed => Some(SurveyFinding::Unclear),
            Verdict::Home | Verdict::Vague | Verdict::Nothing => {
                if matches!(facts, "否" | "×" | "无学上") {
                    return Some(SurveyFinding::Out { cause: None });
                }
                if matches!(facts, "小学" | "初中" | "中学" | "是" | "√" | "在" | "高中" | "中职")
                {
                    return Some(SurveyFinding::InSchool { school: None, grade: grade(facts) });
                }
                let changed = has_changed(facts) && verdict != Verdict::Home;
                not_here(facts).or_else(|| changed.then_some(SurveyFinding::Transferred))
            }
        }
    }

    /// Where a child is at school of whom clauses say that it is.
    fn in_school(&self, said: &[Clause<'_>], facts: &str) -> SurveyFinding {
        // 父母在外打工,在大河中学就读: only what is said of the child places it.
        let own: Vec<&str> = said
            .iter()
            .filter(|c| c.mood == Mood::Fact)
            .filter(|c| !clause::of_family(c.text) || speech::says(c) != Says::Nothing)
            .map(|c| c.text)
            .collect();
        let text = own.join(",");
        let grade = grade(&text).filter(|_| text.parse::<u8>().is_err());
        let place = self.locator.locate(&text);
        if let Some(school) = own.iter().rev().find_map(|clause| school_name(clause)) {
            if school::is_none_of_the_law(&school) {
                return SurveyFinding::Unclear;
            }
            if place == Whereabouts::Elsewhere || has(&text, "外省 外地") {
                return SurveyFinding::InSchoolElsewhere { school, grade };
            }
            return SurveyFinding::InSchool { school: Some(school), grade };
        }
        if has_changed(facts) {
            return SurveyFinding::Transferred;
        }
        let attends = has(&text, ATTENDS) || grade.is_some();
        let elsewhere = place == Whereabouts::Elsewhere || has(&text, NOT_HERE);
        if attends && (elsewhere || is_other_place(&text, place)) {
            return SurveyFinding::ElsewhereUnnamed;
        }
        SurveyFinding::InSchool { school: None, grade }
    }
}

/// 在某地上学 with a place that is neither ours nor a word for here.
fn is_other_place(text: &str, place: Whereabouts) -> bool {
    const HERE: &str = "校 家 城区 城里 县城 区上 镇 本 村 当地 街 正常 学 读 居住 中心 亲戚 乡 集镇 特 班 \
        按时";
    if place != Whereabouts::Unsaid {
        return false;
    }
    let Some(after) = text.split_once('在').map(|(_, after)| after) else { return false };
    let Some(end) = ["上学", "读书", "就读", "念书"].iter().filter_map(|w| after.find(w)).min()
    else {
        return false;
    };
    let place = &after[..end];
    place.chars().count() >= 2 && !has(place, HERE)
}

/// 已转学: where to is not said.
fn has_changed(facts: &str) -> bool {
    has(facts, "已转学 转学 转走 转出 已转") && !has(facts, "没转成 未转成 未办结 没办成 未办成")
}

/// In an institution of the law, whatever else is said, unless a school is said to have the child now.
fn held(facts: &str, verdict: Verdict) -> Option<SurveyFinding> {
    let at_school = matches!(verdict, Verdict::In | Verdict::Returned);
    let held = facts.split(',').any(|clause| !has(clause, FAMILY) && names_custody(clause));
    (held && !at_school).then_some(SurveyFinding::Out { cause: Some(Cause::Offence) })
}

/// A suspension that ran out, and the child is not back.
fn lapsed(facts: &str, verdict: Verdict) -> Option<SurveyFinding> {
    const OVER: &str = "到期 期满 已满 满一年 结束 超期 逾期 过期 休学后";
    let over = has(facts, OVER);
    let away = verdict == Verdict::Out && (over || has(facts, NOT_BACK));
    let waits = over && has(facts, "在家 未 没 待复学") && verdict != Verdict::Returned;
    (has(facts, "休学") && (away || waits)).then_some(SurveyFinding::SuspensionLapsed)
}

/// Was out and is back, by 劝返 or other words.
fn returned(facts: &str, verdict: Verdict) -> Option<SurveyFinding> {
    match (brought_back::effort(facts), verdict) {
        (Some(Effort::Failed), _) => Some(SurveyFinding::Out { cause: cause(facts) }),
        (Some(Effort::Done), _) | (_, Verdict::Returned) => Some(SurveyFinding::Returned),
        (Some(Effort::Unknown), Verdict::Out) | (None, _) => None,
        (Some(Effort::Unknown), _) => Some(SurveyFinding::Unclear),
    }
}

/// Never on any roll, or out of school; words that deny it as well leave it open.
fn out(facts: &str) -> SurveyFinding {
    const WAS: &str = "转学 转出 随迁 转走 小学毕业 返乡 升初 上初中 升学 没上过初中 未上过初中";
    if affirm::no_dropout(facts).is_some() {
        return SurveyFinding::Unclear;
    }
    if has(facts, negation::NEVER) && !has(facts, WAS) {
        return SurveyFinding::NeverEnrolled;
    }
    SurveyFinding::Out { cause: cause(facts) }
}

/// 未在本地上学 says where not, and nothing about elsewhere.
fn not_here(facts: &str) -> Option<SurveyFinding> {
    has(facts, "未在本 没在本 不在本").then_some(SurveyFinding::Away)
}

/// Whether words that no rule knows speak of schooling all the same, so that a school in another cell does not settle it:
/// 江北小学挂名, 疑似辍学; not 留守 or 困难.
pub(crate) fn speaks_of_schooling(text: &str) -> bool {
    let text = fold(text);
    has(
        &text,
        "上学 就读 在读 读书 念书 入学 返校 复学 到校 在校 学籍 挂名 辍 失学 退学 逃学 逃课 旷课 缺课 没来 未来 不来 拒 不收 \
         没去 不去 疑 打工 务工 ?",
    )
}

/// Whether a remark puts in doubt that the child attends: 疑似辍学, 经常旷课.
pub(crate) fn doubts_attendance(text: &str) -> bool {
    let text = fold(text);
    let said = clause::cut(&text);
    let doubted = said.iter().any(|c| c.doubts_schooling() && has(c.text, "辍 失学 没 未 不"));
    let habit = said.iter().any(|c| speech::says(c) == Says::Habit);
    doubted || habit || has(&text, "学籍挂 挂名")
}

/// At home: with an illness it is ill, with a disability it is that; alone it is an answer to where the child learns.
fn at_home(text: &str, facts: &str, verdict: Verdict) -> Option<SurveyFinding> {
    if is_disabled(facts) && has(facts, "在家 家中 卧床 生活不能自理 不能自理") {
        return Some(SurveyFinding::DisabledAtHome);
    }
    if verdict != Verdict::Home {
        return None;
    }
    let others = has(text, FAMILY) && has(text, "外出 在外 打工 务工");
    if others || has(text, "放假 假期 周末 寒假 暑假 疫情 网课") {
        return Some(SurveyFinding::Unclear);
    }
    Some(arranged::ill(facts).unwrap_or_else(|| SurveyFinding::Out { cause: cause(text) }))
}

pub(crate) fn is_disabled(text: &str) -> bool {
    const WORDS: &str = "残疾 残障 智障 智力障碍 智力低下 脑瘫 瘫痪 自闭 孤独症 聋 哑 盲 肢残 智残 唐氏 重残 \
        失能 精神残";
    has(text, WORDS)
}

/// The grade in a text; years of vocational schools follow the nine of compulsory schooling. A bare number is a grade.
pub(crate) fn grade(text: &str) -> Option<Grade> {
    let text = fold(text);
    if let Ok(number) = text.parse::<u8>() {
        return Grade::new(number).filter(|grade| grade.number() > 0);
    }
    let vocational = has(&text, "中职 职高 职中 中专 技校 高职 职业");
    let grade = Grade::read(&text)?;
    match (vocational, grade.number()) {
        (true, n @ 1..=3) => Grade::new(n + 9),
        (true | false, _) => Some(grade),
    }
}

/// Fills the cause into a finding that has room for one.
pub(crate) fn with_cause(finding: SurveyFinding, more: Option<Cause>) -> SurveyFinding {
    if let SurveyFinding::Out { cause } = finding {
        return SurveyFinding::Out { cause: cause.or(more) };
    }
    finding
}

#[cfg(test)]
mod tests;
