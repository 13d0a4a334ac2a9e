//! `baoxue status`: batches and results at a glance.

use baoxue_flow::CodeCount;
use baoxue_store::{BatchState, BatchSummary};
use clap::ArgMatches;

use crate::{Done, failure::Failure, lang::Lang, session::Session};

/// Prints batches, rows and the newest result.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let session = Session::open_existing(matches).await?;
    session.warn_stale(lang).await?;
    let status = baoxue_flow::status(&session.store).await?;
    if matches.get_flag("json") {
        let batches: Vec<_> = status.batches.iter().map(batch_json).collect();
        let run = status.run.as_ref().map(|(run, counts)| {
            serde_json::json!({ "as_of": run.as_of, "rule_pack": run.rule_pack, "model": run.model, "inputs": run.input_digest, "statuses": counts })
        });
        println!("{}", serde_json::json!({ "batches": batches, "rows": status.rows, "run": run }));
        return Ok(Done::Clean);
    }
    if status.batches.is_empty() {
        println!("{}", lang.pick("还没有导入任何文件。", "no file was taken in yet"));
    }
    for batch in &status.batches {
        show_batch(batch, lang);
    }
    if let Some((run, counts)) = &status.run {
        println!(
            "{}",
            lang.pick(
                format!("\n最近一次认定：{}", run.as_of),
                format!("\nnewest run: as of {}", run.as_of)
            )
        );
        show_counts(counts, lang);
    }
    Ok(Done::Clean)
}

/// Children by status, those with none left out.
pub(crate) fn show_counts(counts: &[CodeCount], lang: Lang) {
    let mut total = 0;
    for count in counts.iter().filter(|c| c.children > 0) {
        println!("  {:>7}  {}", count.children, lang.pick(count.zh, count.en));
        total += count.children;
    }
    println!("  {total:>7}  {}", lang.pick("合计", "total"));
}

fn show_batch(batch: &BatchSummary, lang: Lang) {
    let state = match batch.state {
        BatchState::Live => "",
        BatchState::Withdrawn => lang.pick("（已撤回）", " (withdrawn)"),
    };
    let BatchSummary { id, file, n_records, n_rejected, n_known, n_aside, .. } = batch;
    println!("{}", lang.pick(
        format!("第{:>3}批  {file}{state}  记录 {n_records}，退回 {n_rejected}，已有 {n_known}，非数据 {n_aside}", id.0),
        format!("batch {:>3}  {file}{state}  {n_records} records, {n_rejected} rejected, {n_known} known, {n_aside} without data", id.0),
    ));
}

fn batch_json(batch: &BatchSummary) -> serde_json::Value {
    serde_json::json!({
        "batch": batch.id,
        "file": batch.file,
        "state": match batch.state { BatchState::Live => "live", BatchState::Withdrawn => "withdrawn" },
        "sm3": batch.content_hash,
        "received_at": batch.received_at,
        "brought_by": batch.brought_by,
        "records": batch.n_records,
        "rejected": batch.n_rejected,
        "known": batch.n_known,
        "non_data": batch.n_aside,
    })
}
