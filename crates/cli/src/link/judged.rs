//! Precision and recall by what people say of a sample of pairs: `baoxue link review --sample N` draws it.

use std::path::Path;

use baoxue_link::{
    BlockingRecall, Estimate, Evaluation, LabelSample, Linkage, Stratum, blocking_recall,
    evaluate_labels, sample_for_labels,
};
use clap::ArgMatches;

use crate::{args, failure::Failure, lang::Lang};

use super::{
    evaluate::{Found, unknown},
    fault, labels,
    load::Job,
    page::Page,
    progress::Line,
};

/// Chooses the sample: the same in every run.
const SEED: u64 = 1;

/// Answers that are obeyed say nothing of how good the linkage is without them.
pub(super) fn check(matches: &ArgMatches, lang: Lang) -> Result<(), Failure> {
    let same = args::path(matches, "labels").is_some_and(|labels| {
        args::path(matches, "decisions").is_some_and(|decisions| labels == decisions)
    });
    if same {
        return Err(Failure::usage(lang.pick(
            "--labels 和 --decisions 不能是同一个文件：照办了的标注说明不了比对准不准",
            "--labels and --decisions must be two files: answers that are obeyed do not measure the linkage",
        )));
    }
    Ok(())
}

/// The pairs that `--sample` asks for, of each kind so many.
pub(super) fn sample(
    matches: &ArgMatches,
    job: &Job,
    linkage: &Linkage,
    lang: Lang,
) -> Result<LabelSample, Failure> {
    let n = matches.get_one::<usize>("sample").copied().unwrap_or_default();
    sample_for_labels(&job.records.table, linkage, n, SEED)
        .map_err(|error| fault::link(&error, lang))
}

/// Reads the answers and estimates.
pub(super) fn evaluate(
    path: &Path,
    matches: &ArgMatches,
    (job, linkage): (&Job, &Linkage),
    line: &Line,
    lang: Lang,
) -> Result<Found, Failure> {
    let sample = sample(matches, job, linkage, lang)?;
    let answers = labels::read(path, &job.records.ids, line, lang)?;
    let recall = blocking_recall(&job.records.table, &job.model, linkage)
        .map_err(|error| fault::link(&error, lang))?;
    let found = evaluate_labels(&sample, &answers.labels, missed(&recall));
    if found.strata.iter().all(|stratum| stratum.n_judged == 0) {
        let path = path.display();
        return Err(Failure::File(lang.pick(
            format!("“{path}”里没有一条标注是抽样抽到的行对，算不出准确率：请用 baoxue link review --sample 抽样，填好 match 列再试（--sample 的数、模型和文件要和抽样时一样）。"),
            format!("`{path}` has no answer about a pair of the sample, so nothing can be estimated; draw one with `baoxue link review --sample`, fill in `match` and try again (with the same --sample, model and files)"),
        )));
    }
    let lines = lines(&found, &recall, answers.n_unknown, lang);
    let json = serde_json::json!({
        "precision": found.precision, "recall": found.recall, "f1": found.f1,
        "kinds": found.strata, "unasked": found.n_unasked, "unknown": answers.n_unknown,
        "blocking_recall": recall.recall,
    });
    Ok(Found { json, page: page(&found, &lines, lang), lines })
}

/// Matches that no blocking rule reaches and no other rows have joined: of these no answer can speak.
fn missed(recall: &BlockingRecall) -> Option<Estimate> {
    let beyond = |n: f64| (n - recall.reached - recall.unreached).max(0.0);
    recall.total.map(|total| Estimate {
        value: beyond(total.value),
        low: beyond(total.low),
        high: beyond(total.high),
    })
}

fn lines(found: &Evaluation, recall: &BlockingRecall, n_unknown: u64, lang: Lang) -> Vec<String> {
    let share = |of: Estimate| format!("{:.4} ({:.4}–{:.4})", of.value, of.low, of.high);
    let (precision, recalled, f1) = (share(found.precision), share(found.recall), share(found.f1));
    let n_judged: u64 = found.strata.iter().map(|stratum| stratum.n_judged).sum();
    let mut lines = vec![lang.pick(
        format!("按 {n_judged} 对标注估计（括号中为 95 % 区间）：准确率 {precision}，召回率 {recalled}，F1 {f1}"),
        format!("by {n_judged} answers (intervals of 95 %): precision {precision}, recall {recalled}, F1 {f1}"),
    )];
    lines.push(if recall.total.is_some() {
        lang.pick(
            "召回率算上了分组规则漏掉的对（估计值），没有算比对过但低于核对门槛的对，因此是偏高的。",
            "the recall counts what the blocking rules are estimated to miss, and takes pairs below the threshold of review for no matches; so it is rather too high",
        )
        .to_owned()
    } else {
        lang.pick(
            "召回率是上限：分组规则漏掉多少估不出来，比对过但低于核对门槛的对按不是同一人算。",
            "the recall is an upper bound: what the blocking rules miss cannot be estimated, and pairs below the threshold of review are taken for no matches",
        )
        .to_owned()
    });
    let n_open = found.strata.iter().filter(|stratum| stratum.n_judged == 0).count();
    if n_open > 0 {
        lines.push(lang.pick(
            format!("有 {n_open} 类行对还没有人标注，区间因此很宽。"),
            format!("{n_open} kinds of pairs have no answer yet; the intervals are wide for that"),
        ));
    }
    if found.n_unasked > 0 {
        let n = found.n_unasked;
        lines.push(lang.pick(
            format!("有 {n} 条标注不是抽样抽到的，没有计入。"),
            format!("{n} answers are not about pairs of the sample; they are not counted"),
        ));
    }
    lines.extend(unknown(n_unknown, lang));
    lines
}

fn page(found: &Evaluation, lines: &[String], lang: Lang) -> String {
    let mut page = Page::new(lang.pick("比对评估", "Linkage evaluation"), lang);
    for line in lines {
        page.text(line);
    }
    let heads = [
        lang.pick("行对", "pairs"),
        lang.pick("概率", "probability"),
        lang.pick("共有", "in all"),
        lang.pick("已标注", "judged"),
        lang.pick("是同一人", "one person"),
        lang.pick("比例（95 % 区间）", "share (95 % interval)"),
    ];
    let rows = found.strata.iter().map(|of| {
        let share = of.share;
        vec![
            joined(of.stratum, lang).to_owned(),
            of.stratum.band.map_or_else(|| "–".to_owned(), |(low, high)| format!("{low}–{high}")),
            of.stratum.n_pairs.to_string(),
            of.n_judged.to_string(),
            of.n_same.to_string(),
            format!("{:.3} ({:.3}–{:.3})", share.value, share.low, share.high),
        ]
    });
    page.table(&heads, rows.collect());
    page.finish()
}

const fn joined(stratum: Stratum, lang: Lang) -> &'static str {
    match (stratum.is_joined, lang) {
        (true, Lang::Zh) => "归为一人",
        (true, Lang::En) => "joined",
        (false, Lang::Zh) => "没有归为一人",
        (false, Lang::En) => "apart",
    }
}
