//! The score as a table that people read.

use std::fmt::Write as _;

use super::{Found, Language, Rate, Score};

pub(super) fn table(score: &Score, language: Language) -> String {
    let mut text = String::new();
    let say = |zh: &'static str, en: &'static str| match language {
        Language::Chinese => zh,
        Language::English => en,
    };
    for (zh, en, value) in lines(score) {
        // Writing into a string cannot fail.
        let _ = writeln!(text, "{}  {value}", padded(say(zh, en), 34));
    }
    let _ = writeln!(text);
    let heads = [
        say("镇办", "town"),
        say("上报", "reported"),
        say("判对", "right"),
        say("实有", "truly out"),
        say("认定", "said out"),
        say("找到", "found"),
        say("误判", "accused"),
        say("疑似", "suspected"),
        say("冲突", "conflict"),
    ];
    let head: Vec<String> = heads.iter().map(|head| padded(head, 10)).collect();
    let _ = writeln!(text, "{}", head.concat().trim_end());
    for line in &score.towns {
        let counts = [
            line.reported,
            line.seed_right,
            line.true_out,
            line.said_out,
            line.found,
            line.accused,
            line.suspected,
            line.conflict,
        ];
        let cells: Vec<String> = counts.iter().map(|n| padded(&n.to_string(), 10)).collect();
        let _ = writeln!(text, "{}{}", padded(&line.town, 10), cells.concat().trim_end());
    }
    text
}

/// Label in zh-CN, label in English, value.
fn lines(score: &Score) -> Vec<(&'static str, &'static str, String)> {
    let aside = score.set_aside;
    let aside =
        format!("{} / {} / {} / {}", aside.ignored, aside.rejected, aside.review, aside.unsaid);
    let conflicts = score.conflicts;
    let decided = conflicts.decided_out + conflicts.decided_safe;
    let accused = format!("{} + {}", score.wrongly_accused.len(), score.accused_by_split.len());
    vec![
        ("儿童行", "child rows", score.child_rows.to_string()),
        ("丢失行（必须为0）", "rows lost (must be 0)", score.rows_lost.to_string()),
        ("未用：忽略/退回/待核/未说明", "aside: ignored/rejected/review/unsaid", aside),
        ("误作儿童的行", "other rows taken for children", score.others_linked.to_string()),
        ("归并（行对）", "linkage, pairs", found(score.pairs)),
        ("归并（儿童）", "linkage, clusters", found(score.clusters)),
        ("两人并为一人", "two children in one", score.mixed_clusters.to_string()),
        ("一人拆为多人", "children split", score.split_children.to_string()),
        ("失学辍学", "out of school", found(score.out)),
        ("疑似辍学", "suspected", found(score.suspected)),
        ("无人上报而找到", "found though on no list", rate(score.hidden)),
        ("冤枉的家庭（必须为0）", "families wrongly accused (must be 0)", accused),
        ("失学却判为在学", "out, but called safe", score.missed_called_safe.len().to_string()),
        (
            "冲突：呈现/应有，擅断，虚报",
            "conflicts: shown/of, decided, invented",
            format!("{}/{}, {decided}, {}", conflicts.surfaced, conflicts.of, conflicts.invented),
        ),
        ("判定完全一致", "verdicts that agree", rate(score.strict)),
        ("十四名线索判对", "the seed's children right", rate(score.seed_rate())),
    ]
}

fn rate(rate: Rate) -> String {
    let value =
        rate.value().map_or_else(|| "-".to_owned(), |value| format!("{:.2}%", value * 100.0));
    format!("{}/{} = {value}", rate.right, rate.of)
}

fn found(found: Found) -> String {
    let number =
        |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"));
    format!(
        "P {}  R {}  F1 {}  ({} +{} -{})",
        number(found.precision()),
        number(found.recall()),
        number(found.f1()),
        found.hits,
        found.wrong,
        found.missed
    )
}

/// The text filled with blanks to a width in columns, where a Chinese character takes two.
fn padded(text: &str, width: usize) -> String {
    let columns: usize = text.chars().map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 }).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(columns).max(1)))
}
