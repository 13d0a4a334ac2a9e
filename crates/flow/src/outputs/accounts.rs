//! Row accounting per sheet, and which towns reported at all.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use baoxue_claim::{Source, TownCode, Towns};
use baoxue_report::SheetCount;
use baoxue_store::{BatchState, BatchSummary, Disposition, Store};

use crate::{FileOutcome, FileStatus, FlowError};

/// Towns that sent neither survey nor ledger: what they reported is not 0 but unknown.
pub(super) fn silent_towns(batches: &[BatchSummary], towns: &Towns) -> Vec<TownCode> {
    let spoken: BTreeSet<TownCode> = batches
        .iter()
        .filter(|batch| batch.state == BatchState::Live)
        .flat_map(|batch| &batch.sheets)
        .filter(|s| matches!(s.sheet.source, Some(Source::TownSurvey | Source::TownLedger)))
        .filter_map(|s| s.sheet.town)
        .collect();
    towns.all().iter().map(|town| town.code).filter(|code| !spoken.contains(code)).collect()
}

/// One count per sheet of each live batch, then one per file that could not be read.
pub(super) async fn sheet_counts(
    store: &Store,
    batches: &[BatchSummary],
    outcomes: &[FileOutcome],
) -> Result<Vec<SheetCount>, FlowError> {
    let mut kinds: HashMap<(u32, String), BTreeMap<Disposition, u32>> = HashMap::new();
    for line in store.rows().await? {
        let sheet = kinds.entry((line.batch.0, line.sheet.to_string())).or_default();
        *sheet.entry(line.disposition).or_default() += 1;
    }
    let mut counts = Vec::new();
    for batch in batches.iter().filter(|b| b.state == BatchState::Live) {
        for sheet in &batch.sheets {
            let kinds = kinds.remove(&(batch.id.0, sheet.sheet.name.clone())).unwrap_or_default();
            counts.push(sheet_count(batch, &sheet.sheet, &kinds));
        }
    }
    counts.extend(outcomes.iter().filter(|o| o.status == FileStatus::Rejected).map(refused));
    Ok(counts)
}

fn sheet_count(
    batch: &BatchSummary,
    sheet: &baoxue_store::NewSheet,
    kinds: &BTreeMap<Disposition, u32>,
) -> SheetCount {
    let of = |wanted: &Disposition| kinds.get(wanted).copied().unwrap_or(0);
    let non_data = kinds
        .iter()
        .filter_map(|(kind, n)| match kind {
            Disposition::Aside(name) => Some((aside_zh(name).to_owned(), *n)),
            Disposition::Record | Disposition::Rejected | Disposition::Known => None,
        })
        .collect();
    SheetCount {
        file: batch.file.clone(),
        sheet: sheet.name.clone(),
        hidden: sheet.hidden,
        source: sheet.source,
        as_of: sheet.as_of,
        n_rows: sheet.n_rows,
        n_records: of(&Disposition::Record),
        n_rejects: of(&Disposition::Rejected),
        n_known: of(&Disposition::Known),
        non_data,
        outcome: format!("已导入（第{}批）", batch.id.0),
    }
}

fn refused(outcome: &FileOutcome) -> SheetCount {
    SheetCount {
        file: outcome.file.clone(),
        sheet: String::new(),
        hidden: false,
        source: None,
        as_of: None,
        n_rows: 0,
        n_records: 0,
        n_rejects: 0,
        n_known: 0,
        non_data: Vec::new(),
        outcome: outcome.messages.first().map_or_else(|| "未导入".to_owned(), |m| m.zh.clone()),
    }
}

/// What a clerk calls a row without data.
fn aside_zh(name: &str) -> &str {
    match name {
        "blank" => "空行",
        "title" => "标题",
        "header" => "表头",
        "total" => "合计",
        "note" => "说明",
        "signature" => "签字",
        "zero_report" => "零报告",
        "adult" => "成年人",
        "school_entry" => "学校",
        "official_entry" => "责任人",
        "untouched" => "未识别",
        other => other,
    }
}
