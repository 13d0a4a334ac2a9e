//! What a run writes: ledgers, lists, rejects for their senders, questions, `summary.json`.

pub(crate) mod accounts;
mod aid;
mod figures;
mod listings;
mod lists;
mod monitoring;
mod own;
mod rejects;

use std::{borrow::Cow, path::PathBuf};

use baoxue_claim::{TownCode, VerdictCode};
use baoxue_determine::{Determined, comparison, population::Population, towns};
use baoxue_report::{Head, Lang, Line, Lines, Masking, Workbook};
use baoxue_store::Store;
use chrono::NaiveDate;

use crate::{
    County, Derived, FileOutcome, FlowError, Summary,
    data::write_whole,
    lines,
    progress::{Observer, Progress, Stage},
    summary,
};

pub use aid::Help;
pub use figures::file_json;
pub(crate) use figures::write_summary;
pub(crate) use listings::account;
pub use rejects::{Returns, rejects_of_batch, write_returns};

/// How results are written.
#[derive(Clone, Debug)]
pub struct OutputOptions {
    /// The folder.
    pub folder: PathBuf,
    /// Whether personal numbers print in full; the caller has logged the reason.
    pub masking: Masking,
    /// The day of printing.
    pub printed_on: NaiveDate,
    /// Who prints.
    pub printed_by: String,
    /// Language of headings.
    pub lang: Lang,
}

/// What there is to be written.
#[derive(Clone, Copy, Debug)]
pub struct Results<'a> {
    /// The county.
    pub county: &'a County,
    /// What was derived.
    pub derived: &'a Derived,
    /// What became of the files of this run; empty when none were taken in.
    pub files: &'a [FileOutcome],
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// File and number of its data rows.
    pub files: Vec<(PathBuf, u32)>,
    /// Questions that wait for an answer.
    pub n_questions: usize,
    /// The town table for a terminal.
    pub town_table: String,
}

/// Writes everything.
///
/// # Errors
/// [`FlowError`] when a table does not add up or a file cannot be written.
pub async fn write_all(
    store: &Store,
    results: &Results<'_>,
    options: &OutputOptions,
    observe: Observer<'_>,
) -> Result<(Written, Summary), FlowError> {
    let Results { county, derived, files: outcomes } = *results;
    let mut writer = Writer { options, written: Written::default(), observe };
    let head = head(county, derived, options);
    let batches = store.batches().await?;
    let town_rows = towns::town_table(&derived.determined, &county.towns);
    town_rows.iter().try_for_each(towns::TownRow::check)?;
    let comparisons = comparison::compare(&derived.determined)?;
    let population = baoxue_determine::population::population(&derived.determined)?;
    write_ledgers(&mut writer, &head, results, &population)?;
    let rows = accounts::Rows::of(store).await?;
    let silent = accounts::unsure_towns(store, (&batches, &rows), &county.towns).await?;
    writer.keep(baoxue_report::town_table(&town_rows, &silent, &head)?)?;
    let compared = lists::compared_lines(&comparisons, derived, county);
    writer.keep(baoxue_report::comparisons(&comparisons, &compared, &head)?)?;
    drop(compared);
    let account = account(&silent, county, derived)?;
    writer.keep(listings::workbook(&account, results, &head)?)?;
    writer.keep(monitoring::workbook(results, &head)?)?;
    let help = Help::of(county, derived)?;
    writer.keep(aid::aid_workbook(&help.aid, results, &head)?)?;
    writer.keep(aid::exit_workbook(&help.exit, results, &head)?)?;
    let replies = crate::replies::all_replies(store).await?;
    let disagreements = lists::disagreements(derived, county, (&replies, options.lang));
    writer.keep(baoxue_report::conflict_list(&disagreements, &head)?)?;
    drop(disagreements);
    writer
        .keep(baoxue_report::review_list(&lists::reviews(derived, county, options.lang), &head)?)?;
    let sheets = accounts::sheet_counts(&batches, &rows, outcomes);
    let doubts = accounts::doubts(store, &batches, outcomes, options.lang).await?;
    writer.keep(baoxue_report::accounting(&sheets, &doubts, &head)?)?;
    let mut written = writer.written;
    written.town_table = baoxue_report::town_table_text(&town_rows, &silent, options.lang);
    let returns = write_returns(store, county, options).await?;
    written.files.extend(returns.rejects);
    written.n_questions = returns.n_questions;
    let mut summary = summary::summary(
        derived,
        &batches,
        (town_rows, population),
        (&comparisons, &account, &help),
    );
    summary.county.clone_from(&county.name);
    summary.rule_pack = county.pack.name();
    summary.as_of = county.settings.as_of;
    write_summary(&options.folder, &summary, outcomes)?;
    Ok((written, summary))
}

/// Towns whose report of nobody would not mean that there is nobody.
///
/// # Errors
/// [`FlowError`] when the store refuses.
pub(crate) async fn unsure_towns(
    store: &Store,
    county: &County,
) -> Result<Vec<TownCode>, FlowError> {
    let rows = accounts::Rows::of(store).await?;
    accounts::unsure_towns(store, (&store.batches().await?, &rows), &county.towns).await
}

/// Writes one workbook after another and says so.
struct Writer<'a> {
    options: &'a OutputOptions,
    written: Written,
    observe: Observer<'a>,
}

impl Writer<'_> {
    fn keep(&mut self, workbook: Workbook) -> Result<(), FlowError> {
        let path = self.options.folder.join(&workbook.file_name);
        write_whole(&path, &workbook.bytes).map_err(|e| FlowError::file(&path, e))?;
        self.written.files.push((path, workbook.n_rows));
        (self.observe)(Progress {
            stage: Stage::Report,
            done: self.written.files.len() as u64,
            total: 0,
            what: workbook.file_name,
        });
        Ok(())
    }
}

fn head(county: &County, derived: &Derived, options: &OutputOptions) -> Head {
    let caution = |gap: &crate::RegisterGap| options.lang.pick(&gap.zh, &gap.en).to_owned();
    Head {
        county: county.name.clone(),
        as_of: county.settings.as_of,
        printed_on: options.printed_on,
        printed_by: options.printed_by.clone(),
        base: options
            .lang
            .pick(
                "户籍儿童、常住的外来儿童与两册均无的儿童合并计算",
                "registered children, resident others and children in no register",
            )
            .to_owned(),
        rule_pack: county.pack.name(),
        masking: options.masking.clone(),
        cautions: derived.gaps.iter().map(caution).collect(),
        lang: options.lang,
    }
}

fn write_ledgers(
    writer: &mut Writer<'_>,
    head: &Head,
    results: &Results<'_>,
    population: &Population,
) -> Result<(), FlowError> {
    let Results { county, derived, .. } = *results;
    let lines = |wanted: &dyn Fn(&Determined) -> bool| {
        let all = derived.determined.iter().enumerate();
        let at = all.filter(|(_, found)| wanted(found)).map(|(at, _)| at).collect();
        LedgerLines { derived, county, at }
    };
    writer.keep(baoxue_report::of_age_ledger(&lines(&Determined::is_of_age), population, head)?)?;
    let suspected = lines(&|found| found.verdict.code == VerdictCode::Suspected);
    writer.keep(baoxue_report::suspected_ledger(&suspected, head)?)?;
    writer
        .keep(baoxue_report::dropout_ledger(&lines(&|found| found.verdict.code.is_out()), head)?)?;
    let open = lines(&|found| {
        matches!(found.verdict.code, VerdictCode::Unverified | VerdictCode::Missing)
    });
    writer.keep(baoxue_report::unverified_list(&open, head)?)
}

/// The lines of some children, each made when the ledger prints it.
struct LedgerLines<'a> {
    derived: &'a Derived,
    county: &'a County,
    /// Positions in [`Derived::children`].
    at: Vec<usize>,
}

impl Lines for LedgerLines<'_> {
    fn n_lines(&self) -> usize {
        self.at.len()
    }

    fn line(&self, at: usize) -> Cow<'_, Line> {
        Cow::Owned(lines::line(self.derived, self.at[at], self.county))
    }
}
