//! Row accounting per sheet, and which towns reported at all.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use baoxue_claim::{Source, TownCode, Towns};
use baoxue_report::{DoubtLine, Lang, SheetCount};
use baoxue_store::{BatchState, BatchSummary, Disposition, NewSheet, SheetSummary, Store};

use serde::Deserialize;

use crate::{FileOutcome, FileStatus, FlowError, Told, ToldLevel};

/// Rows by what became of them, for each sheet of each live batch.
pub(crate) struct Rows(HashMap<(u32, String), BTreeMap<Disposition, u32>>);

impl Rows {
    /// Counts the rows of the store.
    pub(crate) async fn of(store: &Store) -> Result<Self, FlowError> {
        let mut kinds: HashMap<(u32, String), BTreeMap<Disposition, u32>> = HashMap::new();
        for line in store.rows().await? {
            let sheet = kinds.entry((line.batch.0, line.sheet.to_string())).or_default();
            *sheet.entry(line.disposition).or_default() += 1;
        }
        Ok(Self(kinds))
    }

    /// Of one sheet.
    pub(crate) fn of_sheet(
        &self,
        batch: &BatchSummary,
        sheet: &NewSheet,
    ) -> BTreeMap<Disposition, u32> {
        self.0.get(&(batch.id.0, sheet.name.clone())).cloned().unwrap_or_default()
    }
}

/// Towns that sent neither survey nor ledger, or one that says nothing, or nothing but rows that were returned to them: what
/// they reported is not 0 but unknown.
pub(crate) fn silent_towns(batches: &[BatchSummary], rows: &Rows, towns: &Towns) -> Vec<TownCode> {
    let spoken: BTreeSet<TownCode> = town_sheets(batches)
        .filter(|(batch, _, sheet)| rows.of_sheet(batch, sheet).keys().any(speaks))
        .filter_map(|(_, _, sheet)| sheet.town)
        .collect();
    towns.all().iter().map(|town| town.code).filter(|code| !spoken.contains(code)).collect()
}

/// Towns whose report of nobody would not mean that there is nobody: the silent ones, and those with rows that were
/// returned and have not come back, since somebody may stand in them.
pub(super) async fn unsure_towns(
    store: &Store,
    (batches, rows): (&[BatchSummary], &Rows),
    towns: &Towns,
) -> Result<Vec<TownCode>, FlowError> {
    let open = super::rejects::sheets_with_open_rejects(store, batches).await?;
    let mut unsure: BTreeSet<TownCode> = silent_towns(batches, rows, towns).into_iter().collect();
    unsure.extend(
        town_sheets(batches)
            .filter(|(batch, at, _)| open.contains(&(batch.id, *at)))
            .filter_map(|(_, _, sheet)| sheet.town),
    );
    Ok(unsure.into_iter().collect())
}

/// The towns' own lists that count, each with its batch and its number there.
fn town_sheets(batches: &[BatchSummary]) -> impl Iterator<Item = (&BatchSummary, u32, &NewSheet)> {
    let lists = [Some(Source::TownSurvey), Some(Source::TownLedger)];
    let live = batches.iter().filter(|batch| batch.state == BatchState::Live);
    let sheets =
        live.flat_map(|batch| batch.sheets.iter().map(move |s| (batch, s.index, &s.sheet)));
    sheets.filter(move |(_, _, sheet)| lists.contains(&sheet.source))
}

/// Whether a row of that kind says something; that there is nothing to report is something. A row that was returned to its
/// sender says nothing yet.
pub(crate) fn speaks(kind: &Disposition) -> bool {
    match kind {
        Disposition::Record | Disposition::Known => true,
        Disposition::Rejected => false,
        Disposition::Aside(name) => name == "zero_report",
    }
}

/// One count per sheet of each live batch, then one per file that could not be read.
pub(super) fn sheet_counts(
    batches: &[BatchSummary],
    rows: &Rows,
    outcomes: &[FileOutcome],
) -> Vec<SheetCount> {
    let mut counts = Vec::new();
    for batch in batches.iter().filter(|b| b.state == BatchState::Live) {
        // Tables side by side on one sheet are counted together, as the rows are.
        let mut named: Vec<NewSheet> = Vec::new();
        for SheetSummary { sheet, .. } in &batch.sheets {
            match named.iter_mut().find(|known| known.name == sheet.name) {
                Some(known) => known.n_rows += sheet.n_rows,
                None => named.push(sheet.clone()),
            }
        }
        let count = |sheet: &NewSheet| sheet_count(batch, sheet, &rows.of_sheet(batch, sheet));
        counts.extend(named.iter().map(count));
    }
    let unread = |o: &&FileOutcome| o.status == FileStatus::Rejected && o.batch.is_none();
    counts.extend(outcomes.iter().filter(unread).map(refused));
    counts
}

/// What happened to a sheet in a few words.
fn outcome_zh(batch: &BatchSummary, kinds: &BTreeMap<Disposition, u32>) -> String {
    let has = |kind: &Disposition| kinds.get(kind).is_some_and(|n| *n > 0);
    let aside = |name: &'static str| has(&Disposition::aside(name));
    let entered = has(&Disposition::Record) || has(&Disposition::Known);
    let lists = aside("adult") || aside("school_entry") || aside("official_entry");
    let what = if entered || lists {
        "已导入"
    } else if has(&Disposition::Rejected) {
        "全部退回"
    } else if aside("zero_report") {
        "零报告"
    } else if aside("untouched") {
        "没有读取"
    } else {
        "没有数据行"
    };
    format!("{what}（第{}批）", batch.id.0)
}

fn sheet_count(
    batch: &BatchSummary,
    sheet: &NewSheet,
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
        outcome: outcome_zh(batch, kinds),
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

/// So many doubts of one kind are shown of one file; a list may have one in every row.
const MAX_ALIKE: usize = 20;

/// What is doubted about the live files, and about those that could not be read; rejects stand in their own workbooks.
pub(super) async fn doubts(
    store: &Store,
    batches: &[BatchSummary],
    outcomes: &[FileOutcome],
    lang: Lang,
) -> Result<Vec<DoubtLine>, FlowError> {
    let mut lines = Vec::new();
    for batch in batches.iter().filter(|b| b.state == BatchState::Live) {
        let said = store.messages(batch.id).await?;
        if let Some(messages) = said.get("messages") {
            lines.extend(lines_of(&Vec::<Told>::deserialize(messages)?, lang));
        }
    }
    let unread = outcomes.iter().filter(|o| o.status == FileStatus::Rejected && o.batch.is_none());
    lines.extend(unread.flat_map(|outcome| lines_of(&outcome.messages, lang)));
    Ok(lines)
}

fn lines_of(messages: &[Told], lang: Lang) -> Vec<DoubtLine> {
    let rejected_row = |told: &&Told| told.level == ToldLevel::Error && told.row.is_some();
    let mut n_alike: BTreeMap<&str, usize> = BTreeMap::new();
    let mut lines = Vec::new();
    for told in messages.iter().filter(|told| !rejected_row(told)) {
        let n = n_alike.entry(told.code.as_str()).or_default();
        *n += 1;
        if *n <= MAX_ALIKE {
            lines.push(doubt_line(told, lang));
        }
    }
    let file = messages.first().map(|told| told.file.clone()).unwrap_or_default();
    for (code, n) in n_alike.into_iter().filter(|(_, n)| *n > MAX_ALIKE) {
        let more = n - MAX_ALIKE;
        let words = match lang {
            Lang::Zh => format!("同类（{code}）还有{more}处，全部见 summary.json"),
            Lang::En => format!("{more} more of this kind ({code}), all in summary.json"),
        };
        lines.push(DoubtLine { file: file.clone(), words, ..DoubtLine::default() });
    }
    lines
}

fn doubt_line(told: &Told, lang: Lang) -> DoubtLine {
    DoubtLine {
        file: told.file.clone(),
        sheet: told.sheet.clone().unwrap_or_default(),
        row: told.row,
        column: told.column,
        grave: told.level != ToldLevel::Notice,
        words: lang.pick(&told.zh, &told.en).to_owned(),
    }
}
