//! `baoxue run`: the whole job, from a folder of files to the ledgers.

use baoxue_flow::{
    Derived, FileOutcome, FileStatus, RunOptions, RunResult, Told, ToldLevel, Written,
    children::Learning,
};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang, session::Session, terminal::Bar};

/// Messages of one file on the screen; the accounting and the JSON have more.
const SHOWN: usize = 5;

/// Does the whole job.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let folder = args::path(matches, "folder").ok_or_else(|| Failure::usage("FOLDER"))?;
    // A mistyped folder must not leave a county without data behind.
    std::fs::read_dir(folder).map_err(|e| baoxue_flow::FlowError::file(folder, e))?;
    let session = Session::open(matches).await?;
    let out = args::path(matches, "out").ok_or_else(|| Failure::usage("--out"))?;
    let options = RunOptions {
        import: session.import_options(matches)?,
        outputs: session.output_options(matches, out, lang).await?,
        data: session.folder.folder.clone(),
    };
    let json = matches.get_flag("json");
    let mut bar = Bar::new(lang, json);
    let result =
        baoxue_flow::run(&session.store, &session.county, folder, &options, &mut |p| bar.show(&p))
            .await?;
    bar.end();
    if json {
        println!("{}", serde_json::json!({ "out": out, "summary": result.summary }));
    } else {
        show(&result, lang);
    }
    let unconfigured = session.warn_unconfigured(lang);
    if result.summary.rows.total == 0 {
        eprintln!(
            "{}",
            lang.pick("文件夹里没有可用的文件。", "there is no usable file in the folder")
        );
        return Ok(Done::NeedsPerson);
    }
    let files = super::import::done(&result.files);
    Ok(if unconfigured || files == Done::NeedsPerson {
        Done::NeedsPerson
    } else {
        done(&result.derived, &result.written)
    })
}

/// Whether conflicts, reviews or questions wait.
pub(crate) fn done(derived: &Derived, written: &Written) -> Done {
    let conflicts = derived.determined.iter().any(|d| d.verdict.conflict.is_some());
    let waits = conflicts
        || derived.n_waiting() > 0
        || !derived.doubts.is_empty()
        || !derived.gaps.is_empty()
        || written.n_questions > 0;
    if waits { Done::NeedsPerson } else { Done::Clean }
}

fn show(result: &RunResult, lang: Lang) {
    for outcome in &result.files {
        show_file(outcome, lang);
    }
    let rows = result.summary.rows;
    println!("{}", lang.pick(
        format!("\n共 {} 行 = 记录 {} + 退回 {} + 已有 {} + 非数据 {}；{} 个孩子，{} 组待人工核对", rows.total, rows.records, rows.rejected, rows.known, rows.non_data, result.summary.children, result.summary.reviews),
        format!("\n{} rows = {} records + {} rejected + {} known + {} without data; {} children, {} pairs or rows for review", rows.total, rows.records, rows.rejected, rows.known, rows.non_data, result.summary.children, result.summary.reviews),
    ));
    show_learning(&result.derived.learning, lang);
    show_doubts(&result.derived, lang);
    println!();
    super::status::show_counts(&result.summary.statuses, lang);
    println!();
    print!("{}", result.written.town_table);
    println!();
    show_written(&result.written, lang);
    let seconds: Vec<String> =
        result.summary.seconds.iter().map(|(stage, s)| format!("{stage} {s:.2}")).collect();
    println!("{}{}", lang.pick("用时（秒）：", "seconds: "), seconds.join("  "));
}

/// What linking could not learn of the records; which levels, `summary.json` says.
fn show_learning(learning: &Learning, lang: Lang) {
    let Learning { learnt, fewest, untrained } = learning;
    let n = untrained.len();
    if !learnt {
        println!("{}", lang.pick(
            format!("记录不到 {fewest} 条，比对没有从中学习，用的是模型原有的概率。"),
            format!("fewer than {fewest} records: linking learnt nothing of them and used the model's own probabilities"),
        ));
    } else if n > 0 {
        println!("{}", lang.pick(
            format!("比对中有 {n} 个等级从数据中学不到，用的是模型原有的概率：见 summary.json 的 learning。"),
            format!("{n} levels were not learnt from the records and have the model's own probabilities: see learning in summary.json"),
        ));
    }
}

/// One line per file, its grave messages, and what is doubted about whole sheets; all of it stands in the accounting.
fn show_file(outcome: &FileOutcome, lang: Lang) {
    let FileOutcome { file, imported, known, .. } = outcome;
    let set_aside = outcome.set_aside - outcome.untouched;
    let non_data = outcome.non_data + outcome.untouched;
    let mark = match outcome.status {
        FileStatus::Accepted => "✓",
        FileStatus::Duplicate => "=",
        FileStatus::Partial => "!",
        FileStatus::Rejected => "✗",
    };
    let n_warnings = outcome.messages.iter().filter(|m| m.level == ToldLevel::Warning).count();
    let unread = super::import::unread(outcome.untouched, lang);
    println!("{}", lang.pick(
        format!("{mark} {file}  新增 {imported}，退回 {set_aside}，已有 {known}，非数据 {non_data}{unread}，存疑 {n_warnings}"),
        format!("{mark} {file}  {imported} new, {set_aside} sent back, {known} known, {non_data} without data{unread}, {n_warnings} doubts"),
    ));
    let refused = outcome.status == FileStatus::Rejected;
    let grave = outcome.messages.iter().filter(|m| refused || m.level == ToldLevel::Error);
    for message in grave.take(SHOWN) {
        println!("    {}", lang.pick(&message.zh, &message.en));
    }
    if !refused {
        show_doubted(outcome, lang);
    }
}

/// What is doubted about a whole sheet, words about a child that nobody understands, and births that the number of the
/// same row contradicts: the first of each kind, with how
/// many there are.
fn show_doubted(outcome: &FileOutcome, lang: Lang) {
    let mut kinds: Vec<(&Told, usize)> = Vec::new();
    for told in outcome.messages.iter().filter(|told| is_shown(told)) {
        match kinds.iter_mut().find(|(first, _)| first.code == told.code) {
            Some((_, n)) => *n += 1,
            None => kinds.push((told, 1)),
        }
    }
    for (first, n) in kinds.into_iter().take(SHOWN) {
        let more = match n {
            1 => String::new(),
            n => lang.pick(format!("（同类共{n}处）"), format!(" ({n} of this kind)")),
        };
        println!("    {}{more}", lang.pick(&first.zh, &first.en));
    }
}

/// Doubts about single numbers and dates stand in the accounting.
fn is_shown(told: &Told) -> bool {
    let whole = told.row.is_none() && told.level == ToldLevel::Warning;
    whole || ["HIDDEN_SHEET", "WORDS_UNCLEAR", "ID_BIRTH_MISMATCH"].contains(&told.code.as_str())
}

/// Registers that are missing or not whole, and those that could not replace older ones.
pub(crate) fn show_doubts(derived: &Derived, lang: Lang) {
    for gap in &derived.gaps {
        println!("! {}", lang.pick(&gap.zh, &gap.en));
    }
    for doubt in &derived.doubts {
        println!("! {}", lang.pick(&doubt.zh, &doubt.en));
    }
}

/// What was written, with counts.
pub(crate) fn show_written(written: &Written, lang: Lang) {
    println!("{}", lang.pick("已写出：", "written:"));
    for (path, n_rows) in &written.files {
        println!(
            "  {}  {}",
            path.display(),
            lang.pick(format!("{n_rows} 行"), format!("{n_rows} rows"))
        );
    }
    show_questions(written.n_questions, lang);
}

/// How to answer the questions that are open.
pub(crate) fn show_questions(n_questions: usize, lang: Lang) {
    if n_questions > 0 {
        println!("{}", lang.pick(
            format!("有 {n_questions} 个文件的列需要人回答：请填写 questions.toml，再用 --mapping 带回。"),
            format!("{n_questions} files ask about columns: fill in questions.toml and bring it back with --mapping"),
        ));
    }
}
