//! What most commands begin with: the data folder, the store, the county, now.

use std::path::{Path, PathBuf};

use anyhow::Context;
use baoxue_flow::{County, DataFolder, ImportOptions, Opened, OutputOptions, worker::WorkerLimits};
use baoxue_intake::Layouts;
use baoxue_report::{Lang as ReportLang, Masking};
use baoxue_store::Store;
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use clap::ArgMatches;

use crate::{args, failure::Failure, lang::Lang};

/// Hours that China's clock is ahead of UTC.
const CHINA_OFFSET_HOURS: i32 = 8;

/// An opened data folder.
pub(crate) struct Session {
    /// Where it stands.
    pub(crate) folder: DataFolder,
    /// Its store.
    pub(crate) store: Store,
    /// Whether it was made just now.
    pub(crate) opened: Opened,
    /// The county as configured.
    pub(crate) county: County,
    /// Whether there is a configuration at all.
    pub(crate) configured: bool,
    /// The clock, read once.
    pub(crate) now: DateTime<Utc>,
}

impl Session {
    /// Opens what `--data`, `--database`, `--key` and `--config` name, for commands that have nothing to do in a new folder: a
    /// mistyped path must not make a county without data.
    pub(crate) async fn open_existing(matches: &ArgMatches) -> Result<Self, Failure> {
        let folder = data_folder(matches)?;
        if !folder.key_file().exists()
            && folder.database.is_none()
            && !folder.folder.join("baoxue.db").exists()
        {
            return Err(Failure::usage(&format!(
                "{} 不是数据文件夹，请检查 --data，或先运行 baoxue init (no data folder)",
                folder.folder.display()
            )));
        }
        Self::open(matches).await
    }

    /// Opens what `--data`, `--database`, `--key` and `--config` name, making what is missing.
    pub(crate) async fn open(matches: &ArgMatches) -> Result<Self, Failure> {
        let folder = data_folder(matches)?;
        let now = now();
        // The configuration is read first: a wrong one must not leave a new database behind.
        let today = china_day(now);
        let county = folder.county(args::path(matches, "config").map(PathBuf::as_path), today)?;
        let (store, opened) = folder.open().await?;
        let configured = county.is_some();
        let county = county.unwrap_or_else(|| County::unconfigured(today));
        Ok(Self { folder, store, opened, county, configured, now })
    }

    /// Says so when there is no configuration: without it the day is today and towns are unknown.
    pub(crate) fn warn_unconfigured(&self, lang: Lang) -> bool {
        if !self.configured {
            let day = self.county.settings.as_of;
            eprintln!("{}", lang.pick(
                format!("注意：没有县区配置，按今天（{day}）认定，也不分镇办。请用 --config 带入 county.toml。"),
                format!("note: there is no county configuration: status is as of today ({day}) and towns are unknown; bring a county.toml with --config"),
            ));
        }
        !self.configured
    }

    /// Says so on standard error when files, rulings or configuration changed after the newest run.
    pub(crate) async fn warn_stale(&self, lang: Lang) -> Result<(), Failure> {
        if !baoxue_flow::is_fresh(&self.store, &self.county).await? {
            eprintln!("{}", lang.pick(
                "注意：文件、裁定或配置在上次认定后有变化，以下是旧结果；请先运行 baoxue determine。",
                "note: files, rulings or configuration changed after the newest run; these are the old results, run baoxue determine first",
            ));
        }
        Ok(())
    }

    /// How files are taken in by this command.
    pub(crate) fn import_options(&self, matches: &ArgMatches) -> Result<ImportOptions, Failure> {
        let answers = match args::path(matches, "mapping") {
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .map_err(|e| baoxue_flow::FlowError::file(path, e))?;
                Layouts::from_toml(&text).map_err(baoxue_flow::FlowError::from)?
            }
            None => Layouts::default(),
        };
        Ok(ImportOptions {
            program: std::env::current_exe().context("finding the running program")?,
            limits: WorkerLimits::default(),
            source: None,
            as_of: None,
            town: None,
            answers,
            brought_by: args::text(matches, "brought-by").unwrap_or("cli").to_owned(),
            now: self.now,
        })
    }

    /// How results are written; full numbers are logged here, before anything is printed.
    pub(crate) async fn output_options(
        &self,
        matches: &ArgMatches,
        folder: &Path,
        lang: Lang,
    ) -> Result<OutputOptions, Failure> {
        Ok(OutputOptions {
            folder: folder.to_owned(),
            masking: self.masking(matches, "ledgers").await?,
            printed_on: china_day(self.now),
            printed_by: args::text(matches, "brought-by").unwrap_or("cli").to_owned(),
            lang: lang.pick(ReportLang::Zh, ReportLang::En),
        })
    }

    /// Masked, or full with the reason logged.
    pub(crate) async fn masking(
        &self,
        matches: &ArgMatches,
        what: &str,
    ) -> Result<Masking, Failure> {
        if !matches.get_flag("full-ids") {
            return Ok(Masking::Masked);
        }
        let reason = args::text(matches, "reason").unwrap_or_default().trim().to_owned();
        if reason.is_empty() {
            return Err(Failure::usage("--full-ids 需要 --reason 事由 (needs a reason)"));
        }
        let by = args::text(matches, "brought-by").unwrap_or("cli");
        baoxue_flow::log_unmasking(&self.store, what, (&reason, by, self.now)).await?;
        Ok(Masking::Full { reason })
    }
}

/// The data folder that the arguments name.
pub(crate) fn data_folder(matches: &ArgMatches) -> Result<DataFolder, Failure> {
    let folder = args::path(matches, "data").cloned().ok_or_else(|| Failure::usage("--data"))?;
    Ok(DataFolder {
        folder,
        database: args::text(matches, "database").map(str::to_owned),
        key: args::path(matches, "key").cloned(),
    })
}

/// The clock of the program is read here and nowhere else.
#[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
pub(crate) fn now() -> DateTime<Utc> {
    DateTime::from(std::time::SystemTime::now())
}

/// The day in China.
pub(crate) fn china_day(now: DateTime<Utc>) -> NaiveDate {
    FixedOffset::east_opt(CHINA_OFFSET_HOURS * 3600)
        .map_or_else(|| now.date_naive(), |zone| now.with_timezone(&zone).date_naive())
}
