//! `baoxue import`: takes in files and says what became of every row.

use std::path::Path;

use baoxue_claim::{Source, UnknownSource};
use baoxue_flow::{FileOutcome, FileStatus, ToldLevel};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang, session::Session, terminal::Bar};

/// Messages of one file on the screen; the JSON has all.
const SHOWN: usize = 20;

/// Takes in the files given; with `--out` writes what waits for the senders: rejects and questions.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let source = args::text(matches, "source")
        .map(|text| {
            text.parse::<Source>().map_err(|error| Failure::usage(&kinds(text, &error, lang)))
        })
        .transpose()?;
    let session = Session::open(matches).await?;
    // A place that cannot be written must not be found out after the work is done.
    if let Some(out) = args::path(matches, "out") {
        std::fs::create_dir_all(out).map_err(|e| baoxue_flow::FlowError::file(out, e))?;
    }
    let mut options = session.import_options(matches)?;
    options.source = source;
    options.as_of = matches.get_one("as-of").copied();
    let files: Vec<_> =
        matches.get_many::<std::path::PathBuf>("file").into_iter().flatten().cloned().collect();
    let json = matches.get_flag("json");
    let mut bar = Bar::new(lang, json);
    let outcomes =
        baoxue_flow::import(&session.store, &session.county, &files, &options, &mut |p| {
            bar.show(&p);
        })
        .await?;
    bar.end();
    for outcome in &outcomes {
        if json {
            println!("{}", baoxue_flow::file_json(outcome));
        } else {
            show(outcome, lang);
        }
    }
    let asks = match args::path(matches, "out") {
        Some(folder) => write_returns(&session, matches, (folder, lang), json).await?,
        None => false,
    };
    Ok(if asks { Done::NeedsPerson } else { done(&outcomes) })
}

/// Gives whether questions are open.
async fn write_returns(
    session: &Session,
    matches: &ArgMatches,
    (folder, lang): (&Path, Lang),
    json: bool,
) -> Result<bool, Failure> {
    let options = baoxue_flow::OutputOptions {
        folder: folder.to_owned(),
        masking: baoxue_report::Masking::Masked,
        printed_on: session.county.settings.as_of,
        printed_by: args::text(matches, "brought-by").unwrap_or("cli").to_owned(),
        lang: lang.pick(baoxue_report::Lang::Zh, baoxue_report::Lang::En),
    };
    let returns = baoxue_flow::write_returns(&session.store, &session.county, &options).await?;
    if json {
        return Ok(returns.n_questions > 0);
    }
    for (path, n_rows) in &returns.rejects {
        println!(
            "{}",
            lang.pick(
                format!("退回修改：{}（{n_rows} 行）", path.display()),
                format!("rejects: {} ({n_rows} rows)", path.display()),
            )
        );
    }
    super::run::show_questions(returns.n_questions, lang);
    Ok(returns.n_questions > 0)
}

/// Whether something waits for a person.
pub(crate) fn done(outcomes: &[FileOutcome]) -> Done {
    let waits = |o: &FileOutcome| {
        matches!(o.status, FileStatus::Partial | FileStatus::Rejected)
            || o.messages.iter().any(|m| m.level != ToldLevel::Notice)
    };
    if outcomes.iter().any(waits) { Done::NeedsPerson } else { Done::Clean }
}

/// How many of the rows without data are of sheets that nobody has placed.
pub(crate) fn unread(n_rows: u64, lang: Lang) -> String {
    match n_rows {
        0 => String::new(),
        n => lang.pick(format!("（其中未识别 {n}）"), format!(" ({n} of them not recognised)")),
    }
}

/// One file on the screen.
pub(crate) fn show(outcome: &FileOutcome, lang: Lang) {
    let FileOutcome { file, imported, known, .. } = outcome;
    // Rows that no question has placed yet wait here and go to no sender.
    let set_aside = outcome.set_aside - outcome.untouched;
    let non_data = outcome.non_data + outcome.untouched;
    let unread = unread(outcome.untouched, lang);
    let status = match outcome.status {
        FileStatus::Accepted => lang.pick("已导入", "accepted"),
        FileStatus::Partial => lang.pick("部分导入", "partial"),
        FileStatus::Rejected => lang.pick("未导入", "rejected"),
        FileStatus::Duplicate => lang.pick("重复", "duplicate"),
    };
    println!("{}", lang.pick(
        format!("{status}  {file}  新增 {imported} 行，退回 {set_aside} 行，已有 {known} 行，非数据 {non_data} 行{unread}"),
        format!("{status}  {file}  {imported} new, {set_aside} sent back, {known} known, {non_data} without data{unread}"),
    ));
    let told: Vec<_> = outcome
        .messages
        .iter()
        .filter(|m| outcome.status == FileStatus::Rejected || m.level != ToldLevel::Notice)
        .collect();
    for message in told.iter().take(SHOWN) {
        println!("  {}", lang.pick(&message.zh, &message.en));
    }
    if told.len() > SHOWN {
        let more = told.len() - SHOWN;
        println!(
            "  {}",
            lang.pick(
                format!("……还有 {more} 条，用 --json 查看全部。"),
                format!("… and {more} more, see --json")
            )
        );
    }
}

fn kinds(found: &str, error: &UnknownSource, lang: Lang) -> String {
    let kinds: Vec<String> =
        Source::ALL.iter().map(|s| format!("{} {}", s.name(), s.zh())).collect();
    let what = lang.pick(format!("没有“{found}”这种来源，可以写："), error.to_string());
    format!("--source: {what}\n{}", kinds.join("\n"))
}
