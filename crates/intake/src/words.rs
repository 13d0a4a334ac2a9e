//! Free text about schooling, as town clerks write it: what was found ([`Lexicon::finding`]) and why ([`cause`]).
//!
//! The rules are an ordered list: the first that fits decides, so an exit (dead, no such person) stands before a return, a
//! return before an absence, and plain words of absence before a place. Words in front of a verb that deny it are looked
//! at each time; words about parents are not taken for words about the child. What no rule knows is
//! [`SurveyFinding::Unclear`], never a guess.

mod affirm;
mod brought_back;
mod cause;
mod school;
mod tip;

use std::{cell::RefCell, collections::HashMap, fmt};

use baoxue_claim::{Cause, Grade, SurveyFinding, Towns};

use crate::{
    place::{Locator, Whereabouts},
    text::{begins, ends, fold, has, words},
};

pub use cause::cause;
pub(crate) use cause::stated_cause;
pub(crate) use school::{looks_like_school, school_name, school_of_title};
pub(crate) use tip::mentioned;

/// Texts remembered at most.
const MEMORY: usize = 20_000;

/// Words of grown-ups: a clause with one of them speaks of the family.
const FAMILY: &str =
    "父母 父亲 母亲 爸 妈 家长 监护人 爷爷 奶奶 外公 外婆 祖父 祖母 双亲 父子 母女 哥哥 姐姐";

/// Places without a name that are not here.
const NOT_HERE: &str = "外省 省外 外地 外县 县外 外市 市外 外区 区外 异地 外镇 外面 在外 境内其他 务工地 打工地 \
    父母身边";

/// What is meant to happen has not happened.
const INTENDED: &str = "打算 准备 计划 拟 明年 将要 将来";

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
        exit(text)
            .or_else(|| interrupted(text))
            .or_else(|| provided_for(text))
            .or_else(|| not_yet_or_no_more(text))
            .or_else(|| never(text))
            .or_else(|| out(text))
            .or_else(|| self.in_school(text))
            .or_else(|| unreached(text))
            .or_else(|| ill(text))
            .or_else(|| away(text, &self.locator))
            .or_else(|| affirm::no_dropout(text))
            .unwrap_or(SurveyFinding::Unclear)
    }

    /// A school as written, with the grade if known: here, or outside the county.
    pub fn school(&self, school: &str, grade: Option<Grade>) -> SurveyFinding {
        let name = school.trim().to_owned();
        match self.locator.locate(&fold(school)) {
            Whereabouts::Elsewhere => SurveyFinding::InSchoolElsewhere { school: name, grade },
            Whereabouts::Local | Whereabouts::Unsaid => {
                SurveyFinding::InSchool { school: Some(name), grade }
            }
        }
    }

    fn in_school(&self, text: &str) -> Option<SurveyFinding> {
        let grade = grade(text).filter(|_| text.parse::<u8>().is_err());
        let attends = has(text, ATTENDS) || grade.is_some();
        let place = self.locator.locate(text);
        if let Some(school) = school_name(text) {
            // 想去某某小学 and 学区为某某小学 are wishes and districts, not attendance.
            if has(text, "学区 想去 拟 准备 打算 计划 联系学校") {
                return None;
            }
            let elsewhere = place == Whereabouts::Elsewhere || has(text, "外省 外地");
            return Some(if elsewhere {
                SurveyFinding::InSchoolElsewhere { school, grade }
            } else {
                SurveyFinding::InSchool { school: Some(school), grade }
            });
        }
        if has(text, "已转学 转学 转走 转出 已转") {
            return Some(SurveyFinding::Transferred);
        }
        if attends && (place == Whereabouts::Elsewhere || has(text, NOT_HERE)) {
            return Some(SurveyFinding::ElsewhereUnnamed);
        }
        let here = attends
            || clauses(text).any(affirm::stands_in_school)
            || has(text, "正常 在册 在籍 住读 走读 随班就读 特殊教育 特教")
            || matches!(text, "小学" | "初中" | "中学" | "是" | "√" | "在" | "高中" | "中职");
        if here && attends && is_other_place(text, place) {
            return Some(SurveyFinding::ElsewhereUnnamed);
        }
        here.then_some(SurveyFinding::InSchool { school: None, grade })
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

/// Dead, abroad, moved, no such person, registered twice.
fn exit(text: &str) -> Option<SurveyFinding> {
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

/// Was out and is back, or a suspension that ran out.
fn interrupted(text: &str) -> Option<SurveyFinding> {
    const NOT_BACK: &str = "未返校 没返校 没有返校 未复学 没复学 没有复学 未劝返 没劝返 劝返无效 劝返未果 劝返未成 \
        劝返不 劝返失败 拒绝劝返 拒绝返校 拒不返校 拒不复学 不愿返校 不愿复学 不肯返校 不返校 \
        不复学 无法劝返 正在劝返 劝返中 待劝返 需劝返 拟劝返 继续劝返 未回校 没回校 未按时复学 \
        未按时返校 待复学";
    const BACK: &str =
        "已复学 复学 已返校 返校就读 返校上 返校学 返校 重返校园 回校就读 已回校 回到学校";
    let suspended = has(text, "休学");
    let persuaded = brought_back::finding(text);
    let lapsed = "到期 期满 已满 满一年 结束 超期 逾期 过期";
    let not_back = has(text, NOT_BACK)
        || matches!(persuaded, Some(SurveyFinding::Out { .. }))
        || (has(text, "未 没 不")
            && has(text, "返校 复学 办理复学 回校")
            && denied(text, "返校 复学 回校 办理复学"));
    if suspended && (not_back || (has(text, lapsed) && has(text, "在家 未 没"))) {
        return Some(SurveyFinding::SuspensionLapsed);
    }
    if not_back {
        return Some(SurveyFinding::Out { cause: cause(text) });
    }
    if let Some(found) = persuaded {
        return Some(found);
    }
    if has(text, BACK) {
        let again = "又辍学 又离校 再次辍学 再次离校 又离开 又不 又没 后辍学 又外出 又去";
        return Some(if has(text, again) {
            SurveyFinding::Out { cause: cause(text) }
        } else {
            SurveyFinding::Returned
        });
    }
    // 曾辍学,现在某某小学就读: the past in one clause, the school in a later one.
    let past = "曾辍学 曾失学 去年辍学 以前辍学 原辍学 之前辍学 曾经辍学 曾流失";
    let later = text.split_once([',', ';', '。']).map(|(_, later)| later);
    let now = later.is_some_and(|later| {
        has(later, ATTENDS) && out(later).is_none() || school_name(later).is_some()
    });
    (has(text, past) && now).then_some(SurveyFinding::Returned)
}

/// Taught at home, deferred, suspended: arrangements, unless the words say they were not made.
fn provided_for(text: &str) -> Option<SurveyFinding> {
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
fn not_yet_or_no_more(text: &str) -> Option<SurveyFinding> {
    let not_done = "未毕业 没毕业 没有毕业 肄业";
    let done = "初中毕业 初三毕业 九年级毕业 初中已毕业 中学毕业 中考 完成义务教育 义务教育已完成 \
        九年义务教育毕业 完成九年 初中学业 已初中毕业";
    if has(text, done) && !has(text, not_done) && !has(text, "未参加中考 放弃中考") {
        return Some(SurveyFinding::Graduated);
    }
    let young = "幼儿园 学前 大班 中班 小班 未到入学年龄 未到年龄 不到入学年龄 不到年龄 年龄未到 \
        年龄不够 年龄不足 年龄小 年龄太小 未达入学年龄 未达到入学年龄 未达年龄 未满6 未满六 \
        未满7 未满七 不足6 不足六 不满6 不满六 未适龄 不到6 不到六 未到学龄 学龄前 待入学 \
        未到适龄 未到上学年龄 不够年龄 托儿所 幼教";
    if has(text, young) && !has(text, "未上幼儿园 没上幼儿园 幼儿园毕业") {
        return Some(SurveyFinding::NotYetOfAge);
    }
    let autumn = has(text, "今年 本年 秋季 9月 九月 下半年 下学期")
        && has(text, "入学 上一年级 上小学 报名 读一年级 就读一年级");
    (autumn && !denied(text, "入学 上一年级 上小学 报名")).then_some(SurveyFinding::NotYetOfAge)
}

/// Never on any roll.
fn never(text: &str) -> Option<SurveyFinding> {
    let migrated = "转学 转出 随迁 转走 小学毕业 返乡 升初 上初中 升学";
    let words = "没有上过 没有读过 没有念过 没有入过 没念过 未念过 从未念 没进过 从未进 从没进 从未到校 \
        从来没有 从小没 从小未 一天学 从未上 从未入 从未读 从未就 从没上 从没入 从没读 从来没 没上过学 没上过 没读过 未上过 \
        未读过 未入过 一直未入学 一直没入学 一直未上学 一直没上学 一直未就读 一直没有上学 \
        未入学 没入学 没有入学 未办理入学 家长不送 不送上学 不送孩子 未送 不让上学 \
        不让孩子上学 没报过名 始终未入学 至今未入学 失学在家,从未";
    (has(text, words) && !has(text, migrated)).then(|| {
        if affirm::elsewhere_in(text) {
            SurveyFinding::Unclear
        } else {
            SurveyFinding::NeverEnrolled
        }
    })
}

/// Absence in plain words.
const PLAIN: &str = "辍学 失学 流失 没上学 没有上学 未上学 不上学 没去上学 未去上学 不去上学 没在上学 \
    未在校 不在校 不在学校 没在校 没在学校 不在读 未在读 没读书 没有读书 不读书 未读书 \
    没念书 不念书 不读了 不念了 不上了 未就读 没就读 没有就读 未就学 没就学 未到校 没到校 \
    未报到 没报到 未报名 没报名 不想上学 不愿上学 不肯上学 不想读 不愿读 不想去学校 \
    不愿去学校 厌学 弃学 离校 退学 停学 逃学 旷课 没去学校 就没去 学校不收 不接收 未接收 \
    未上初中 未升初中";

/// Whether a clause says in plain words, which nothing denies, that the child is not at school.
fn accuses(clause: &str) -> bool {
    let plain = words(PLAIN)
        .any(|word| clause.match_indices(word).any(|(at, _)| !affirm::excused(clause, at, word)));
    (plain || says_no_school(clause)) && !has(clause, "防辍 控辍 怕")
}

/// Out of school in plain words; a disabled child of whom only this is said that it is at home, apart.
fn out(text: &str) -> Option<SurveyFinding> {
    const AT_HOME: &str = "在家闲 闲在家 闲散 在家待 待在家 在家带 在家务农 在家干活 在家玩 闲逛 在社会上 游荡 \
        在家帮 呆在家";
    // 未在本地上学 says where not, and nothing about elsewhere.
    if has(text, "未在本 没在本 不在本") {
        return Some(if has(text, "就读, 上学,") || has(text, "外地就读 外地上学") {
            SurveyFinding::ElsewhereUnnamed
        } else {
            SurveyFinding::Away
        });
    }
    let plain = clauses(text).any(accuses);
    let disabled = is_disabled(text);
    if plain || has(text, AT_HOME) || works(text) || is_married(text) || is_stranded(text) {
        // 在校,曾厌学 and 江北小学,辍学 say both: a person has to look.
        if affirm::elsewhere_in(text) || affirm::no_dropout(text).is_some() {
            return Some(SurveyFinding::Unclear);
        }
        return Some(SurveyFinding::Out { cause: cause(text) });
    }
    if disabled && has(text, "在家 家中 卧床 生活不能自理 不能自理") {
        return Some(SurveyFinding::DisabledAtHome);
    }
    matches!(text, "在家" | "现在家" | "在家中" | "否" | "无学上" | "×")
        .then_some(SurveyFinding::Out { cause: None })
}

pub(crate) fn is_disabled(text: &str) -> bool {
    const WORDS: &str = "残疾 残障 智障 智力障碍 智力低下 脑瘫 瘫痪 自闭 孤独症 聋 哑 盲 肢残 智残 唐氏 重残 \
        失能 精神残";
    has(text, WORDS)
}

/// A word that denies, soon followed by a verb of schooling: 没上初中, 未能入学, 没去报到, 不再念书.
fn says_no_school(clause: &str) -> bool {
    const VERBS: &str = "上学 上课 上初 上小 上中学 上完 读 念 就读 就学 入学 报到 报名 到校 返校 去学校 进学校 \
        升学 升入 升初 被录取 被接收 接收";
    const BETWEEN: &str = "有 能 再 去 来 到 继续 按时 按期 正常 办理 及时 参加 被 学校 地方 让 给";
    const AFTER: &str = "过 满 错 完 懂 参加";
    if has(clause, FAMILY) {
        return false;
    }
    ["没", "未", "不", "无"].iter().flat_map(|deny| clause.match_indices(deny)).any(|(at, deny)| {
        let mut rest = &clause[at + deny.len()..];
        loop {
            if let Some(verb) = words(VERBS).find(|verb| rest.starts_with(verb)) {
                return !words(AFTER).any(|more| rest[verb.len()..].starts_with(more));
            }
            match words(BETWEEN).find(|word| rest.starts_with(word)) {
                Some(word) => rest = &rest[word.len()..],
                None => return false,
            }
        }
    })
}

/// The child works. Work of the parents is not meant, nor a child that went along with them.
fn works(text: &str) -> bool {
    const WORK: &str = "打工 务工 进厂 学理发 学美发 学手艺 学徒 做工 上班 挣钱 学厨 学修车 学技术 帮工 打零工 \
        做生意 工地 当服务员";
    clauses(text).any(|clause| {
        // 家住工地, 家中做生意: what the home is, not what the child does.
        let home = begins(clause, "家 住 居住") && has(clause, "做生意 工地");
        has(clause, WORK)
            && !has(clause, FAMILY)
            && !clause.starts_with('随')
            && !has(clause, INTENDED)
            && !home
            && school_name(clause).is_none()
    })
}

fn is_married(text: &str) -> bool {
    const WORDS: &str = "结婚 早婚 嫁人 出嫁 同居 怀孕 订婚 生育";
    clauses(text).any(|clause| has(clause, WORDS) && !has(clause, FAMILY) && !has(clause, INTENDED))
}

/// A change of schools that came to nothing.
fn is_stranded(text: &str) -> bool {
    let not = "没转成 未转成 未成 没办成 未办成 未办结 没接收 未落实学校 无学校接收 没有学校";
    has(text, not) && has(text, "转学 学籍 学校 手续 入学")
}

fn unreached(text: &str) -> Option<SurveyFinding> {
    const WORDS: &str = "联系不上 无法联系 联系不到 失联 空号 停机 打不通 无法接通 无人接 去向不明 下落不明 \
        不知去向 去向不清 找不到人 找不到 无法找到 未联系上 没联系上 失踪 无法取得联系 \
        未取得联系 失去联系 查无去向 未见人 未见到 无人在家 家中无人 关机 情况不明";
    has(text, WORDS).then_some(SurveyFinding::Unreachable)
}

fn ill(text: &str) -> Option<SurveyFinding> {
    const WORDS: &str =
        "生病 住院 治病 治疗 养病 看病 病假 请假 重病 患病 因病 化疗 手术 大病 疗养 病休 白血病";
    if of_child(text, WORDS) {
        return Some(SurveyFinding::Ill);
    }
    is_disabled(text).then_some(SurveyFinding::DisabledAtHome)
}

fn away(text: &str, locator: &Locator) -> Option<SurveyFinding> {
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
