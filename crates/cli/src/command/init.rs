//! `baoxue init`: makes data folder, key and database.

use baoxue_flow::Opened;
use clap::ArgMatches;

use crate::{Done, failure::Failure, lang::Lang, session::Session};

/// Opens the folder, which makes what is missing, and says where the key is.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let session = Session::open(matches).await?;
    let folder = session.folder.folder.display();
    let key = session.folder.key_file();
    match session.opened {
        Opened::New => {
            println!(
                "{}",
                lang.pick(
                    format!("已建好数据文件夹 {folder}。"),
                    format!("made the data folder {folder}")
                )
            );
            println!("{}", lang.pick(
                format!("密钥在 {}。请另存一份到安全的地方：没有它，数据无法读取；不要和数据库备份放在一起。", key.display()),
                format!("the key is {}; keep a copy in a safe place, apart from backups of the database: without it the data cannot be read", key.display()),
            ));
        }
        Opened::Existing => {
            println!(
                "{}",
                lang.pick(
                    format!("数据文件夹 {folder} 已存在，没有改动。"),
                    format!("the data folder {folder} exists; nothing was changed")
                )
            );
        }
    }
    if !session.configured {
        println!("{}", lang.pick(
            "还没有县区配置：镇办名单、认定日期等请写在 county.toml 中，用 --config 带入（样例见 examples/county/county.toml）。",
            "there is no county configuration yet; bring a county.toml with --config (see examples/county/county.toml)",
        ));
    }
    Ok(Done::Clean)
}
