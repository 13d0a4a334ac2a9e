//! `baoxue report`: derives once more and writes ledgers and lists.

use baoxue_flow::Results;
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang, session::Session, terminal::Bar};

/// Writes everything to `--out`.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let session = Session::open_existing(matches).await?;
    let folder = args::path(matches, "out").ok_or_else(|| Failure::usage("--out"))?;
    let options = session.output_options(matches, folder, lang).await?;
    let json = matches.get_flag("json");
    let mut bar = Bar::new(lang, json);
    let derived =
        baoxue_flow::derive(&session.store, &session.county, session.now, &mut |p| bar.show(&p))
            .await?;
    let results = Results { county: &session.county, derived: &derived, files: &[] };
    let (written, summary) =
        baoxue_flow::write_all(&session.store, &results, &options, &mut |p| bar.show(&p)).await?;
    bar.end();
    if json {
        println!("{}", serde_json::json!({ "out": folder, "summary": summary }));
    } else {
        super::run::show_written(&written, lang);
    }
    let unconfigured = session.warn_unconfigured(lang);
    Ok(if unconfigured { Done::NeedsPerson } else { super::run::done(&derived, &written) })
}
