//! `baoxue doctor`: checks configuration, key, data and accounting, and says what to do about what it finds.

use baoxue_flow::{
    cases::{CaseBook, CaseClock},
    findings::FindingBook,
};
use baoxue_store::BatchState;
use clap::ArgMatches;

use super::cases::{all_unread, held_words, unread_findings};
use crate::{Done, failure::Failure, lang::Lang, session::Session};

/// One check with its result.
struct Finding {
    ok: bool,
    zh: String,
    en: String,
}

/// Runs all checks. A wrong configuration, key or database has failed before the first of them.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let session = Session::open_existing(matches).await?;
    let findings = [
        configuration(&session),
        key(&session),
        accounting(&session).await?,
        readable(&session).await?,
        fresh(&session).await?,
        cases(&session).await?,
        clock(&session).await?,
    ];
    if matches.get_flag("json") {
        let list: Vec<_> = findings
            .iter()
            .map(|f| serde_json::json!({ "ok": f.ok, "zh": f.zh, "en": f.en }))
            .collect();
        println!("{}", serde_json::Value::Array(list));
    } else {
        for finding in &findings {
            println!(
                "{} {}",
                if finding.ok { "✓" } else { "✗" },
                lang.pick(&finding.zh, &finding.en)
            );
        }
    }
    Ok(if findings.iter().all(|f| f.ok) { Done::Clean } else { Done::NeedsPerson })
}

fn configuration(session: &Session) -> Finding {
    let n_towns = session.county.towns.all().len();
    if session.configured && n_towns > 0 {
        return Finding {
            ok: true,
            zh: format!(
                "县区配置完好：{}，{n_towns} 个镇办，认定日期 {}",
                session.county.name, session.county.settings.as_of
            ),
            en: format!(
                "configuration is fine: {}, {n_towns} towns, as of {}",
                session.county.name, session.county.settings.as_of
            ),
        };
    }
    Finding {
        ok: false,
        zh: "没有县区配置或没有镇办名单：请用 --config 带入 county.toml，否则镇办表无法按镇汇总".to_owned(),
        en: "no configuration or no towns: bring a county.toml with --config, or tables cannot be made by town".to_owned(),
    }
}

/// Whether every record of cases and findings can be read.
async fn cases(session: &Session) -> Result<Finding, Failure> {
    let book = CaseBook::load(&session.store).await?;
    let findings = FindingBook::load(&session.store).await?;
    let of = |lang| [all_unread(&book, lang), unread_findings(&findings, lang)].concat().join("; ");
    let ok = book.unread().next().is_none() && findings.unread().next().is_none();
    let fine = ("案件记录都能读取", "all records of cases can be read");
    Ok(Finding {
        ok,
        zh: if ok { fine.0.to_owned() } else { of(Lang::Zh) },
        en: if ok { fine.1.to_owned() } else { of(Lang::En) },
    })
}

/// Whether the clocks of cases go on.
async fn clock(session: &Session) -> Result<Finding, Failure> {
    let book = CaseBook::load(&session.store).await?;
    let held = CaseClock::of(&session.store).await?.held(session.now, &book);
    let words = |lang, fine: &str| held.map_or_else(|| fine.to_owned(), |h| held_words(h, lang));
    Ok(Finding {
        ok: held.is_none(),
        zh: words(Lang::Zh, "案件计时正常"),
        en: words(Lang::En, "the clocks of cases go on"),
    })
}

fn key(session: &Session) -> Finding {
    let path = session.folder.key_file();
    let beside =
        path.parent() == Some(session.folder.folder.as_path()) && session.folder.database.is_none();
    Finding {
        ok: true,
        zh: format!(
            "密钥可用：{}{}",
            path.display(),
            if beside {
                "（提示：备份数据库时不要连同密钥一起备份）"
            } else {
                ""
            }
        ),
        en: format!(
            "the key works: {}{}",
            path.display(),
            if beside { " (keep it out of backups of the database)" } else { "" }
        ),
    }
}

/// For each live batch: rows of its sheets = records + rejects + known + rows without data.
async fn accounting(session: &Session) -> Result<Finding, Failure> {
    let batches = session.store.batches().await?;
    let wrong: Vec<u32> = batches
        .iter()
        .filter(|b| b.state == BatchState::Live)
        .filter(|b| {
            let rows: u64 = b.sheets.iter().map(|s| u64::from(s.sheet.n_rows)).sum();
            rows != b.n_records + b.n_rejected + b.n_known + b.n_aside
        })
        .map(|b| b.id.0)
        .collect();
    Ok(Finding {
        ok: wrong.is_empty(),
        zh: if wrong.is_empty() {
            format!("{} 批文件逐行对得上", batches.len())
        } else {
            format!("这些批次的行数对不上：{wrong:?}，请撤回后重新导入并报告此问题")
        },
        en: if wrong.is_empty() {
            format!("every row of {} batches is accounted for", batches.len())
        } else {
            format!(
                "rows of batches {wrong:?} do not add up: withdraw them, import again, and report this"
            )
        },
    })
}

/// Every sealed value opens.
async fn readable(session: &Session) -> Result<Finding, Failure> {
    let n = session.store.live_records().await?.len();
    Ok(Finding {
        ok: true,
        zh: format!("{n} 条记录全部能读"),
        en: format!("all {n} records can be read"),
    })
}

/// The newest run saw all that is live.
async fn fresh(session: &Session) -> Result<Finding, Failure> {
    let ok = baoxue_flow::is_fresh(&session.store, &session.county).await?;
    let (zh, en) = if ok {
        ("结果是最新的", "results are up to date")
    } else {
        (
            "文件、裁定或配置在上次认定后有变化：请运行 baoxue determine",
            "files, rulings or configuration changed after the newest run: run baoxue determine",
        )
    };
    Ok(Finding { ok, zh: zh.to_owned(), en: en.to_owned() })
}
