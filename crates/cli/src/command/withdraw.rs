//! `baoxue withdraw`: takes a batch back and derives anew, so that every figure is as before it came.

use baoxue_claim::BatchId;
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang, session::Session, terminal::Bar};

/// Withdraws and derives.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let session = Session::open_existing(matches).await?;
    let batch = matches
        .get_one::<u32>("batch")
        .copied()
        .map(BatchId)
        .ok_or_else(|| Failure::usage("BATCH"))?;
    let why = (args::reason(matches)?, args::text(matches, "by").unwrap_or_default(), session.now);
    baoxue_flow::withdraw(&session.store, batch, why).await?;
    let json = matches.get_flag("json");
    let mut bar = Bar::new(lang, json);
    let derived =
        baoxue_flow::derive(&session.store, &session.county, session.now, &mut |p| bar.show(&p))
            .await?;
    bar.end();
    let children = derived.children.len();
    if json {
        println!(
            "{}",
            serde_json::json!({ "batch": batch, "state": "withdrawn", "children": children })
        );
    } else {
        println!(
            "{}",
            lang.pick(
                format!("第 {} 批已撤回，结果已重新计算：现有 {children} 个孩子。", batch.0),
                format!(
                    "batch {} is withdrawn and everything was derived again: {children} children",
                    batch.0
                ),
            )
        );
    }
    Ok(Done::Clean)
}
