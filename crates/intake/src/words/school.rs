//! The name of a school inside a text.

use crate::text::{begins, ends, fold, has, is_one, words};

/// How names of schools end, longest first where one ends like another.
const ENDINGS: &str = "九年一贯制学校 九年制学校 特殊教育学校 职业教育中心 职业技术学校 职业中学 初级中学 \
    完全中学 高级中学 中心学校 中心小学 教学点 小学 中学 学校 学院 书院 附小 附中 中心校 学堂";

/// Short names of schools: 县一中, 二小, 汉阴初中.
const SHORT: &str = "一中 二中 三中 四中 五中 一小 二小 三小 四小 五小 初中 职中 职高";

/// What stands before the name.
const BEFORE: &str = "现就读于 就读于 现在 目前在 返校到 劝返到 转学到 转学至 转到 转至 转入 就读 在读于 读于 在 \
    于 到 去 入 上 读 现 学校为 学校是 为 是 学校: 至 回 往 随父母";

/// Words that are no name of a school when nothing stands before them.
const GENERIC: &str =
    "小学 中学 学校 初中 初级中学 教学点 中心小学 职高 职中 本校 我校 该校 中心校 学院";

/// The school that is named in a text such as 在大河中学八年级就读, with its places before it; `None` when none is, as in
/// 小学毕业 or 去学校.
pub(crate) fn school_name(text: &str) -> Option<String> {
    let text = fold(text);
    text.split([',', ';', '。', '、', '!', ' ']).find_map(in_clause)
}

/// Whether the text, as a whole, is the name of a school.
pub(crate) fn looks_like_school(text: &str) -> bool {
    let text = fold(text);
    words(ENDINGS)
        .chain(words(SHORT))
        .any(|ending| text.ends_with(ending) && text.chars().count() > ending.chars().count())
}

/// Whether what is called so may not teach in place of a school: 私塾, 读经班, 国学班, tutoring. A place of such a name has a
/// 小学 or 中学 behind it: 书院中学.
///
/// Source: enrolment rules of cities and counties; 教基厅〔2019〕2号.
pub(crate) fn is_none_of_the_law(name: &str) -> bool {
    const NONE: &str = "私塾 读经 诵经 国学班 国学馆 国学堂 国学院 国学社 国学教育 国学基地 国学中心 国学文化 国学机构 国学经典 经典班 经典教育 \
        培训班 培训中心 培训机构 培训学校 培训部 补习班 补习学校 补习中心 辅导班 辅导中心 托管 网校 夏令营 在家自学 家庭学堂 家庭教学 私学";
    // 鲁家教学点 and 书院中学 are schools, whatever stands in front.
    let ordinary = ends(
        name,
        "小学 中学 初中 高中 九年制学校 一贯制学校 特殊教育学校 教学点 校点 中心校 中心学校 附小 附中",
    );
    (has(name, NONE) || ends(name, "书院 学堂 国学 学塾 书塾 学馆")) && !ordinary
}

/// The one school that a title or the name of a file is about, as in 东沟小学2019年6月缺课月报; `None` when it speaks of
/// schools at large.
pub(crate) fn school_of_title(text: &str) -> Option<String> {
    let text = fold(text);
    let between = |c: char| c.is_whitespace() || "，,。、;；:：()（）《》“”_—-.".contains(c);
    text.split(between).filter_map(school_name).find_map(|name| {
        let name = after_date(&name);
        let stem = ["小学", "中学", "学校", "初中"].iter().find_map(|end| name.strip_suffix(end));
        let many = name.contains("中小学")
            || begins(name, "全 各 本 所有 辖区 填报")
            || stem.is_some_and(|stem| stem.is_empty() || stem.ends_with(['省', '市', '县', '区']))
            || name
                .strip_suffix("学校")
                .is_some_and(|stem| stem.ends_with(['镇', '乡', '办', '道']));
        (!many && name.chars().count() >= 3).then(|| name.to_owned())
    })
}

/// The name without a number or date before it: 2019年6月东沟小学.
fn after_date(name: &str) -> &str {
    if !name.starts_with(|c: char| c.is_ascii_digit()) {
        return name;
    }
    let date = name.rfind(['年', '月', '日']).map_or("", |at| &name[at..]);
    let rest = date.chars().next().map_or(name, |unit| &date[unit.len_utf8()..]);
    rest.trim_start_matches(|c: char| c.is_ascii_digit())
}

fn in_clause(clause: &str) -> Option<String> {
    let end = last_ending(clause)?;
    let after = &clause[end..];
    // 小学毕业, 小学六年级, 初中生, 中学时, and the stage before the grade: 第一小学小学三年级 ends at the first.
    let head = &clause[..end];
    let start = start_of_name(head);
    let name = &head[start..];
    if name.starts_with(['没', '未', '不'])
        || is_one(name, GENERIC)
        // 外省读小学 names a stage and no school.
        || ends(name, "读小学 念小学 读初中 念初中 上初中 读中学")
        || after.starts_with("毕业")
        || after.starts_with("未毕业")
    {
        return None;
    }
    (name.chars().count() >= 3 || is_one(name, SHORT)).then(|| name.to_owned())
}

/// Byte position behind the first ending that closes a name. A grade or the words 就读, 上 … must not belong to it.
fn last_ending(clause: &str) -> Option<usize> {
    let first = words(ENDINGS)
        .filter_map(|ending| clause.find(ending).map(|at| at + ending.len()))
        .filter(|end| {
            // 小学 at the very start is a stage, unless nothing else follows.
            let before = &clause[..*end];
            !is_one(before, GENERIC)
        })
        .min();
    if let Some(end) = first {
        // 某某中心小学 and 某某学校中心校 go on: take a longer ending that starts inside or right behind.
        let longer = words(ENDINGS)
            .filter_map(|ending| clause.find(ending).map(|at| (at, at + ending.len())))
            .filter(|(at, e)| {
                // 书院中学 is a school, whatever 书院 alone would be.
                let behind = *at == end && ends(&clause[..end], "书院 学堂");
                (*at < end || behind) && *e > end
            })
            .map(|(_, e)| e)
            .max();
        return Some(longer.unwrap_or(end));
    }
    words(SHORT).filter_map(|ending| clause.find(ending).map(|at| at + ending.len())).min().filter(
        |end| {
            let after = &clause[*end..];
            // 初中一年级, 初中毕业 and 上初中 name a stage.
            let stage = "一年级 二年级 三年级 1 2 3 毕业 生 阶段 段";
            clause[..*end].chars().count() > 3 && !begins(after, stage)
        },
    )
}

/// Byte position behind the last of the words that lead to a name.
fn start_of_name(head: &str) -> usize {
    let mut start = 0;
    for lead in words("就读于 劝返到 转学到 转学至 转入 转到 转至 返校到 读于")
    {
        if let Some(at) = head.rfind(lead) {
            start = start.max(at + lead.len());
        }
    }
    // 在 leads to a place unless it is part of 现在, which leads as well.
    if let Some((before, place)) = head[start..].split_once('在')
        && place.chars().count() >= 3
    {
        start += before.len() + '在'.len_utf8();
    }
    loop {
        let rest = &head[start..];
        let lead = words(BEFORE).find(|lead| {
            rest.strip_prefix(*lead).is_some_and(|name| name.chars().count() >= 3)
                // 上海, 读者: a lead of one character that begins a place is part of the name.
                && !begins(rest, "上海 上饶 上林 去年 入秋 到家")
        });
        match lead {
            // 上岩小学 begins like 上…小学; only after another lead is 上 a verb.
            Some(lead) if lead.chars().count() > 1 || matches!(lead, "在" | "于") => {
                start += lead.len();
            }
            Some(_) | None => return start,
        }
    }
}
