//! A cluster in sentences.

use super::{Lang, field_word, level_word, percent};
use crate::{Apart, Border, ClusterStory, Contradiction, Hold, Link};

/// Borders that are told; the rest is counted.
const TOLD: usize = 5;

/// What rows and lists are called.
pub struct Names<'n> {
    /// The name of a row.
    pub row: &'n dyn Fn(u32) -> String,
    /// The name of a list.
    pub source: &'n dyn Fn(u16) -> String,
}

impl std::fmt::Debug for Names<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Names")
    }
}

/// Who is in the cluster, what joined them, on what that depends most, and what was kept out and why.
pub fn cluster(story: &ClusterStory, names: &Names<'_>, lang: Lang) -> String {
    let mut lines = vec![members(story, names, lang)];
    lines.extend(story.links.iter().map(|link| joined(link, names, lang)));
    lines.extend(weakest(story, names, lang));
    lines.extend(story.border.iter().take(TOLD).map(|line| border(line, names, lang)));
    if let Some(more @ 1..) = story.border.len().checked_sub(TOLD) {
        lines.push(lang.pick(
            format!("另有 {more} 组也因类似原因没有并入。"),
            format!("{more} further clusters were kept out likewise."),
        ));
    }
    lines.join("\n")
}

fn members(story: &ClusterStory, names: &Names<'_>, lang: Lang) -> String {
    let n = story.rows.len();
    let sources: Vec<String> = story
        .sources
        .iter()
        .map(|of| {
            let (name, n) = ((names.source)(of.source), of.n_rows);
            lang.pick(format!("{name} {n} 条"), format!("{n} of {name}"))
        })
        .collect();
    let sources = super::list(&sources, lang);
    match (n, sources.is_empty()) {
        (1, true) => {
            lang.pick("只有 1 条记录，没有别的记录并入。", "One record, alone.").to_owned()
        }
        (1, false) => lang.pick(
            format!("只有 1 条记录（{sources}），没有别的记录并入。"),
            format!("One record ({sources}), alone."),
        ),
        (_, true) => lang.pick(
            format!("{n} 条记录归为同一人。"),
            format!("{n} records are taken for one person."),
        ),
        (_, false) => lang.pick(
            format!("{n} 条记录归为同一人：{sources}。"),
            format!("{n} records are taken for one person: {sources}."),
        ),
    }
}

fn joined(link: &Link, names: &Names<'_>, lang: Lang) -> String {
    let (a, b) = ((names.row)(link.left), (names.row)(link.right));
    match link.hold {
        Hold::Ruled => lang.pick(
            format!("{a}和{b}：有人核对过，认定是同一人。"),
            format!("{a} and {b}: a person has ruled that they are one."),
        ),
        Hold::SameNumber => lang.pick(
            format!("{a}和{b}：身份证号相同，号码经校验无误。"),
            format!("{a} and {b}: they have the same number, and it is valid."),
        ),
        Hold::Evidence => {
            let why = strongest(link, lang);
            let chance = percent(f64::from(link.waterfall.probability), lang);
            lang.pick(
                format!("{a}和{b}：主要凭{why}，是同一人的可能性为 {chance}。"),
                format!("{a} and {b}: mainly by {why}; the chance that they are one is {chance}."),
            )
        }
    }
}

/// The fields that speak most for a link.
fn strongest(link: &Link, lang: Lang) -> String {
    let mut fields: Vec<_> =
        link.waterfall.fields.iter().filter(|field| field.bits > 0.0).collect();
    fields.sort_by(|a, b| b.bits.total_cmp(&a.bits));
    let word = |field: &&crate::FieldBits| {
        let name = field_word(&field.field, lang);
        let level = level_word(field.level.as_deref().unwrap_or_default(), lang);
        lang.pick(format!("{name}{level}"), format!("{name} ({level})"))
    };
    let words: Vec<String> = fields.iter().take(3).map(word).collect();
    if words.is_empty() {
        return lang.pick("别的记录", "other records").to_owned();
    }
    super::list(&words, lang)
}

fn weakest(story: &ClusterStory, names: &Names<'_>, lang: Lang) -> Option<String> {
    let weakest = story.weakest.as_ref().filter(|_| story.rows.len() > 2)?;
    let link = story.links.get(weakest.link)?;
    let (a, b) = ((names.row)(link.left), (names.row)(link.right));
    let n = weakest.part.len();
    let told = lang.pick(
        format!("最弱的一环是{a}和{b}：断开的话，其中 {n} 条记录会分出去。"),
        format!("The weakest link is {a} and {b}: without it {n} of the records would part."),
    );
    let warning = if weakest.is_weak {
        lang.pick("这一环不牢，请核对。", " It is weak; please look.")
    } else {
        ""
    };
    Some(format!("{told}{warning}"))
}

/// Why the cluster beyond a border was kept out.
pub fn border(border: &Border, names: &Names<'_>, lang: Lang) -> String {
    let (a, b) = ((names.row)(border.inside), (names.row)(border.outside));
    let why = match border.why {
        Apart::Ruled => {
            lang.pick("有人核对过，认定不是同一人", "a person has ruled that they are two")
        }
        Apart::TwoIdentities => lang.pick(
            "两组记录各有校验无误的身份证号，号码不同",
            "the two groups have valid numbers, and these differ",
        ),
        Apart::SameSource => lang.pick(
            "有一份名单每人只应有一条，而两组记录都在这份名单里",
            "a list that has each person once has a record in both groups",
        ),
        Apart::WeakBridge => lang.pick(
            "单看这一对很像，但两组其余的记录对不上",
            "these two are alike, the other records of the two groups are not",
        ),
        Apart::Unsure => {
            lang.pick("证据不够，要由人来看", "the evidence is not enough; a person should look")
        }
        Apart::ReviewOnly => {
            lang.pick("其中一条只能由人来并", "one of them may only be joined by a person")
        }
    };
    lang.pick(format!("{a}和{b}没有并：{why}。"), format!("{a} and {b} were not joined: {why}."))
}

/// Which rulings contradict each other.
pub fn contradiction(found: &Contradiction, names: &Names<'_>, lang: Lang) -> String {
    let same = |(a, b): &(u32, u32)| {
        let (a, b) = ((names.row)(*a), (names.row)(*b));
        lang.pick(format!("{a}和{b}是同一人"), format!("{a} and {b} are one"))
    };
    let chain: Vec<String> = found.chain.iter().map(same).collect();
    let chain = chain.join(lang.pick("，", ", "));
    let (a, b) = ((names.row)(found.apart.0), (names.row)(found.apart.1));
    lang.pick(
        format!("几次认定互相矛盾：{chain}，但又认定{a}和{b}不是同一人。请改其中一条。"),
        format!("Rulings contradict each other: {chain}, but {a} and {b} are two. Please change one of them."),
    )
}
