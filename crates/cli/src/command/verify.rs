//! `baoxue verify`: rows against leaves, leaves against signed heads.

use std::path::PathBuf;

use baoxue_claim::ChildId;
use baoxue_flow::audit::{Sm2Signer, Verified, kept_head, sign_head, verify, write_head};
use baoxue_flow::{cases::CaseBook, findings::FindingBook};
use clap::{ArgMatches, parser::ValuesRef};

use super::cases::{all_unread, unread_findings};
use crate::{Done, args, failure::Failure, lang::Lang, session::Session};

/// Checks, and signs when asked to.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let session = Session::open_existing(matches).await?;
    let key = args::path(matches, "signing-key").cloned();
    let key = key.unwrap_or_else(|| session.folder.folder.join("baoxue.sign"));
    if !key.exists() && !session.store.tree_heads().await?.is_empty() {
        return Err(Failure::File(lang.pick(
            format!("找不到签名密钥 {}，已有的签名头无法核对。请放回原处，或用 --signing-key 指明位置。", key.display()),
            format!("the signing key {} is missing, and the heads that are there cannot be checked without it", key.display()),
        )));
    }
    let signer = Sm2Signer::of_file(&key).map_err(baoxue_flow::FlowError::from)?;
    let heads: Option<ValuesRef<'_, PathBuf>> = matches.get_many("head");
    let kept =
        heads.into_iter().flatten().map(|path| kept_head(path)).collect::<Result<Vec<_>, _>>()?;
    let verifier = signer.verifier();
    let found = verify(&session.store, &verifier, &kept).await?;
    let derived = session.store.derived_past_the_program().await?;
    let mut unread = all_unread(&CaseBook::load(&session.store).await?, lang);
    unread.extend(unread_findings(&FindingBook::load(&session.store).await?, lang));
    let mut exported = None;
    if let Some(path) = args::path(matches, "export-head").filter(|_| found.fault.is_none()) {
        let head = sign_head(&session.store, &signer, session.now).await?;
        baoxue_flow::write_whole(path, write_head(&head).as_bytes())
            .map_err(|error| baoxue_flow::FlowError::file(path, error))?;
        exported = Some((path.clone(), head.size));
    }
    if matches.get_flag("json") {
        let fault = found.fault.as_ref().map(ToString::to_string);
        println!(
            "{}",
            serde_json::json!({
                "leaves": found.leaves, "heads": found.heads, "fault": fault, "changed_results": derived.iter().map(ToString::to_string).collect::<Vec<_>>(), "unreadable": unread, "public_key": verifier.text(),
            })
        );
    } else {
        tell(&found, &verifier.text(), lang);
        tell_derived(&derived, lang);
        for words in &unread {
            println!("{words}");
        }
        if let Some((path, size)) = exported {
            println!(
                "{}",
                lang.pick(
                    format!(
                        "签名头（覆盖 {size} 条）已写到 {}，请送到本单位以外保存。",
                        path.display()
                    ),
                    format!("a head over {size} entries is in {}; keep it outside", path.display()),
                )
            );
        }
    }
    let is_clean = found.fault.is_none() && derived.is_empty() && unread.is_empty();
    Ok(if is_clean { Done::Clean } else { Done::NeedsPerson })
}

/// What is derived can be derived again from what was appended.
fn tell_derived(derived: &[ChildId], lang: Lang) {
    let Some(first) = derived.first() else { return };
    let n = derived.len();
    println!("{}", lang.pick(
        format!("{n} 名孩子的认定结果（首个 {first}）不是程序写下的样子，可能有人绕过程序改动或放回了旧的。请保留现状并报告安全管理员；查清后运行 baoxue determine --anew 全部重写。"),
        format!("the results of {n} children, {first} first, are not what the program kept: changed or put back past it; keep everything as it is and report it, then baoxue determine --anew writes all of them again"),
    ));
}

fn tell(found: &Verified, public_key: &str, lang: Lang) {
    let Verified { leaves, heads, fault } = found;
    match fault {
        None => println!("{}", lang.pick(
            format!("核对无误：{leaves} 条追加记录与散列树一致，{heads} 个签名头有效。公钥 {public_key}"),
            format!("all is well: {leaves} entries agree with the tree, {heads} signed heads hold; public key {public_key}"),
        )),
        Some(fault) => println!("{}", lang.pick(
            format!("发现改动：{}（{fault}）。请保留现状、不要继续使用，并报告安全管理员和督查部门。", fault_zh(fault)),
            format!("changed past the program: {fault}; keep everything as it is and report it"),
        )),
    }
}

fn fault_zh(fault: &baoxue_flow::audit::AuditFault) -> String {
    use baoxue_flow::audit::AuditFault as F;
    use baoxue_store::Fault;
    match fault {
        F::Tree(Fault::Changed { kind, entry }) => format!("{kind} 第 {entry} 号被改动"),
        F::Tree(Fault::Gone { kind, entry }) => format!("{kind} 第 {entry} 号被删除"),
        F::Tree(Fault::Foreign { kind, entry }) => format!("{kind} 第 {entry} 号是绕过程序写入的"),
        F::Tree(Fault::Gap { leaf }) => format!("散列树第 {leaf} 片缺失或错位"),
        F::Tree(Fault::Leaf { leaf }) => format!("散列树第 {leaf} 片被改动"),
        F::Signature(head) => format!("第 {head} 个签名头被改动，或不是本县密钥所签"),
        F::Head(head) => format!("第 {head} 个签名头与其下的记录不符"),
        F::KeptSignature => "另存的签名头不是本县密钥所签".to_owned(),
        F::RolledBack { kept, found } => {
            format!("另存的签名头覆盖 {kept} 条，数据库只有 {found} 条：旧备份被放回")
        }
        F::KeptHead => "另存的签名头之下的记录被改动".to_owned(),
    }
}
