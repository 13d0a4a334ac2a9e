//! `baoxue score`: compares the answer with a truth and prints the accuracy.

use std::{collections::HashMap, fs};

use baoxue_sample::score::{Conflicts, Found, Language, Rate, Score, TruthFiles, owners, score};
use clap::ArgMatches;
use serde_json::{Value, json};

use crate::{Done, args, failure::Failure, lang::Lang, session::Session};

/// Scores the newest run, and with `--true-links` also what the rules make of rows linked as they truly are.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let folder = args::path(matches, "truth").ok_or_else(|| Failure::usage("--truth"))?;
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).map_err(|e| baoxue_flow::FlowError::file(&path, e))
    };
    let truth = TruthFiles {
        children: read("children.csv")?,
        rows: read("rows.csv")?,
        seed_scenario: read("seed_scenario.csv")?,
    };
    let session = Session::open_existing(matches).await?;
    let links = baoxue_flow::links_csv(&session.store).await?;
    let determinations =
        baoxue_flow::determinations_csv(&session.store, &session.county, true).await?;
    let linked = score(&truth, &links, &determinations).map_err(anyhow::Error::from)?;
    let rules = if matches.get_flag("true-links") {
        Some(by_true_links(&session, &truth).await?)
    } else {
        None
    };
    if matches.get_flag("brief") {
        println!("{}", brief(&linked, rules.as_ref()));
    } else if matches.get_flag("json") {
        let rules = rules.as_ref().map(of_verdicts);
        println!("{}", json!({ "linked": of_linked(&linked), "true_links": rules }));
    } else {
        print!("{}", linked.table(lang.pick(Language::Chinese, Language::English)));
        if let Some(rules) = &rules {
            show_rules(rules, lang);
        }
    }
    let right = linked.rows_lost == 0
        && linked.wrongly_accused.is_empty()
        && linked.accused_by_split.is_empty();
    Ok(if right { Done::Clean } else { Done::NeedsPerson })
}

async fn by_true_links(session: &Session, truth: &TruthFiles) -> Result<Score, Failure> {
    let rows = owners(truth).map_err(anyhow::Error::from)?;
    let owner: HashMap<_, i64> =
        rows.into_iter().map(|(file, sheet, row, child)| ((file, sheet, row), child)).collect();
    let (links, determinations) =
        baoxue_flow::truly_linked(&session.store, &session.county, &owner).await?;
    Ok(score(truth, &links, &determinations).map_err(anyhow::Error::from)?)
}

fn show_rules(rules: &Score, lang: Lang) {
    let Rate { right, of } = rules.strict;
    let seed = rules.seed_rate();
    println!("\n{}", lang.pick(
        format!("按真实归并：判定完全一致 {right}/{of}，十四名线索判对 {}/{}，冤枉 {}", seed.right, seed.of, rules.wrongly_accused.len()),
        format!("with true links: verdicts that agree {right}/{of}, the seed's children right {}/{}, accused {}", seed.right, seed.of, rules.wrongly_accused.len()),
    ));
    for wrong in &rules.wrong {
        let got = wrong.got.as_deref().unwrap_or("-");
        println!("  {}: {} ({}) -> {got}", wrong.uid, wrong.expected, wrong.reason);
    }
}

/// With true links: strict agreement and the seed's children; as linked: accused, recall, conflicts, cluster F1, agreement.
fn brief(linked: &Score, rules: Option<&Score>) -> String {
    let percent = |rate: Rate| rate.value().map_or("-".to_owned(), |v| format!("{:.2}", v * 100.0));
    let number = |value: Option<f64>| value.map_or("-".to_owned(), |v| format!("{v:.4}"));
    let of = |Rate { right, of }: Rate| format!("{right}/{of}");
    let accused = linked.wrongly_accused.len() + linked.accused_by_split.len();
    let Conflicts { surfaced, of: all, .. } = linked.conflicts;
    let cells = [
        rules.map_or("-".to_owned(), |rules| percent(rules.strict)),
        rules.map_or("-".to_owned(), |rules| of(rules.seed_rate())),
        accused.to_string(),
        number(linked.out.recall()),
        format!("{surfaced}/{all}"),
        number(linked.clusters.f1()),
        percent(linked.strict),
        of(linked.seed_rate()),
    ];
    cells.map(|cell| format!("{cell:>9}")).join(" ")
}

/// What depends on linkage too.
fn of_linked(score: &Score) -> Value {
    let mut value = of_verdicts(score);
    value["rows_lost"] = json!(score.rows_lost);
    value["accused_by_split"] = json!(score.accused_by_split.len());
    value["cluster_f1"] = json!(score.clusters.f1());
    value["pair_f1"] = json!(score.pairs.f1());
    value
}

fn of_verdicts(score: &Score) -> Value {
    let rate = |rate: Rate| json!({ "right": rate.right, "of": rate.of });
    let found = |found: Found| json!({ "recall": found.recall(), "hits": found.hits, "missed": found.missed, "wrong": found.wrong });
    let conflicts = score.conflicts;
    let wrong = score.wrong.iter().map(
        |w| json!({ "child": w.uid, "expected": w.expected, "reason": w.reason, "got": w.got }),
    );
    json!({
        "strict": rate(score.strict),
        "seed": rate(score.seed_rate()),
        "wrongly_accused": score.wrongly_accused.len(),
        "out": found(score.out),
        "suspected": found(score.suspected),
        "conflicts": { "shown": conflicts.surfaced, "of": conflicts.of, "decided_safe": conflicts.decided_safe, "decided_out": conflicts.decided_out },
        "wrong": wrong.collect::<Vec<_>>(),
    })
}
