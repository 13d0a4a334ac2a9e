//! `baoxue rules explain`: what is so of one child on a day, who said it, by which rule, what was not accepted and why, what
//! would change the result.

use baoxue_claim::{ChildId, VerdictCode};
use baoxue_determine::{Evidence, EvidenceState, Explanation, Telling, WouldChange};
use baoxue_flow::{Explained, Gathered, Reply};
use chrono::NaiveDate;
use clap::{Arg, ArgMatches, Command, value_parser};

use crate::{Done, args, failure::Failure, lang::Lang, session::Session};

/// The command line.
pub(super) fn command(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("explain")
        .about(t(
            "解释一个孩子的认定：谁说的、依据哪条、什么没有采信、什么会改变结果",
            "explain the status of a child: who says what, by which rule, what was not accepted, what would change it",
        ))
        .arg(args::child(lang))
        .arg(
            Arg::new("on")
                .long("on")
                .value_name("DATE")
                .value_parser(value_parser!(NaiveDate))
                .help(t(
                    "按哪一天的规则和材料认定，默认为配置中的认定日期",
                    "the day, by its rules and evidence; the day of the configuration by default",
                )),
        )
        .arg(args::json(lang));
    args::places(command, lang)
}

/// Prints the explanation.
pub(super) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let child = args::child_of(matches)?;
    let session = Session::open_existing(matches).await?;
    let county = match matches.get_one::<NaiveDate>("on") {
        Some(day) => session.county.on(*day).map_err(baoxue_flow::FlowError::from)?,
        None => session.county.clone(),
    };
    let gathered = Gathered::load(&session.store).await?;
    let explained = gathered.explain(&session.store, &county, child).await?;
    if matches.get_flag("json") {
        println!("{}", json(&explained, child));
    } else {
        print(&explained, child, lang);
    }
    let open = !explained.explanation.verdict.code.clears();
    Ok(if open { Done::NeedsPerson } else { Done::Clean })
}

fn print(explained: &Explained, child: ChildId, lang: Lang) {
    let Explained { on, pack, explanation, replies } = explained;
    let verdict = &explanation.verdict;
    println!(
        "{}",
        lang.pick(format!("孩子 {child}，{on}，{pack}"), format!("child {child}, {on}, {pack}"))
    );
    println!("{}", lang.pick(&verdict.words_zh, &verdict.words_en));
    println!("{}", three_answers(explanation, lang));
    heading(lang, "各方说法（✓ 为认定所依据）", "who says what (✓ the verdict stands on it)");
    explanation.told.iter().for_each(|telling| println!("  {}", told(telling, lang)));
    if verdict.code == VerdictCode::OtherArrangement {
        println!("  {}", lang.pick("（不列出）", "(not listed)"));
    }
    heading(lang, "本依据需要的材料", "what the ground needs");
    explanation.needs.iter().for_each(|need| println!("  {}", needed(need, lang)));
    if let Some((zh, en)) = &explanation.certifier {
        println!("  {}", lang.pick(format!("由谁出具：{zh}"), format!("certified by: {en}")));
    }
    if !verdict.refused.is_empty() {
        heading(lang, "没有采信的材料", "not accepted");
        for refused in &verdict.refused {
            println!("  {}", lang.pick(&refused.why, &refused.why_en));
        }
    }
    if !explanation.also.is_empty() {
        heading(lang, "同时符合、次序在后的规则", "other rules that match, later in order");
        for (title, code) in &explanation.also {
            println!("  {title} → {}", lang.pick(code.zh(), code.en()));
        }
    }
    conflict(explained, replies, lang);
    heading(lang, "什么会改变结果", "what would change the result");
    explanation.changes.iter().for_each(|change| println!("  {}", changed(change, lang)));
    if explanation.changes.is_empty() {
        println!("  {}", lang.pick("（以上各种材料都不会改变）", "(none of the usual evidence)"));
    }
}

fn heading(lang: Lang, zh: &str, en: &str) {
    println!("{}", lang.pick(format!("{zh}："), format!("{en}:")));
}

fn three_answers(explanation: &Explanation, lang: Lang) -> String {
    let answer = explanation.verdict.answer;
    let yes = |yes: bool| if yes { lang.pick("是", "yes") } else { lang.pick("否", "no") };
    let base = explanation.base;
    match lang {
        Lang::Zh => format!(
            "算辍学：{}；计入在校：{}；持续关注：{}；人口基数：{}",
            answer.dropout.zh(),
            answer.in_school.zh(),
            yes(answer.watched),
            base.zh()
        ),
        Lang::En => format!(
            "dropout: {}; counts as in school: {}; watched: {}; population base: {}",
            answer.dropout.en(),
            answer.in_school.en(),
            yes(answer.watched),
            base.en()
        ),
    }
}

fn told(telling: &Telling, lang: Lang) -> String {
    let mark = if telling.used { "✓" } else { " " };
    format!("{mark} {}", lang.pick(&telling.zh, &telling.en))
}

fn needed(need: &Evidence, lang: Lang) -> String {
    let state = match need.state {
        EvidenceState::Shown => lang.pick("有", "there"),
        EvidenceState::Missing => lang.pick("缺", "missing"),
        EvidenceState::OnPaper => lang.pick("查看原件", "look at the paper"),
    };
    format!("[{state}] {}", lang.pick(&need.zh, &need.en))
}

fn changed(change: &WouldChange, lang: Lang) -> String {
    match lang {
        Lang::Zh => format!("若{} → {}", change.zh, change.code.zh()),
        Lang::En => format!("if {} → {}", change.en, change.code.en()),
    }
}

/// The sides, who must answer by when, and what they have answered.
fn conflict(explained: &Explained, replies: &[Reply], lang: Lang) {
    let Some(conflict) = &explained.explanation.verdict.conflict else { return };
    heading(lang, "双方说法", "the sides");
    for side in &conflict.sides {
        println!("  {} — {}", side.says, lang.pick(side.seat.zh(), side.seat.en()));
    }
    let seats: Vec<&str> =
        conflict.seats.iter().map(|seat| lang.pick(seat.zh(), seat.en())).collect();
    println!(
        "  {}",
        lang.pick(
            format!(
                "双线共同核实：{}；{} 起说法不一，{} 首次列出，{} 前答复",
                seats.join("、"),
                conflict.since,
                conflict.opened,
                conflict.answer_by
            ),
            format!(
                "both lines look together: {}; at odds since {}, first shown on {}, answer by {}",
                seats.join(", "),
                conflict.since,
                conflict.opened,
                conflict.answer_by
            ),
        )
    );
    for Reply { side, outcome, because, by, at, .. } in replies {
        let what = lang.pick(outcome.zh(), outcome.en());
        let side = lang.pick(side.zh(), side.name());
        println!("  {} {side}（{by}）：{what} {because}", at.date_naive());
    }
    let standing = baoxue_flow::standing(conflict, replies, explained.on);
    println!("  {}", lang.pick(standing.zh(), standing.en()));
}

fn json(explained: &Explained, child: ChildId) -> serde_json::Value {
    let explanation = &explained.explanation;
    let told = explanation.told.iter().map(|telling| {
        serde_json::json!({ "on": telling.on, "used": telling.used, "zh": telling.zh, "en": telling.en })
    });
    let needs = explanation.needs.iter().map(|need| {
        let state = match need.state {
            EvidenceState::Shown => "shown",
            EvidenceState::Missing => "missing",
            EvidenceState::OnPaper => "on_paper",
        };
        serde_json::json!({ "zh": need.zh, "en": need.en, "state": state })
    });
    let changes = explanation.changes.iter().map(|change| {
        serde_json::json!({
            "zh": change.zh, "en": change.en, "code": change.code, "reason": change.reason,
        })
    });
    let replies = explained.replies.iter().map(|reply| {
        serde_json::json!({
            "side": reply.side, "outcome": reply.outcome, "because": reply.because, "by": reply.by,
            "at": reply.at,
        })
    });
    serde_json::json!({
        "child": child.to_string(), "on": explained.on, "pack": explained.pack,
        "verdict": explanation.verdict, "base": explanation.base,
        "told": told.collect::<Vec<_>>(), "needs": needs.collect::<Vec<_>>(),
        "certifier": explanation.certifier, "changes": changes.collect::<Vec<_>>(),
        "replies": replies.collect::<Vec<_>>(),
    })
}
