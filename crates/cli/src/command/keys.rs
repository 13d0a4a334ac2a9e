//! `baoxue keys`: the key of the key file.

use clap::ArgMatches;

use crate::{Done, failure::Failure, lang::Lang, session::Session};

/// Exchanges the key.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let Some(("rotate", matches)) = matches.subcommand() else {
        return Err(Failure::usage("no such command"));
    };
    // Opening makes sure that there is a database and that the key is its own.
    let Session { folder, .. } = Session::open_existing(matches).await?;
    let version = folder.rotate_key().await?;
    let file = folder.key_file();
    println!(
        "{}",
        lang.pick(
            format!(
                "已换用第 {version} 把密钥：{}。请马上另存一份新的密钥文件。旧文件打不开现在的数据库；以前的数据库备份仍要用当时的密钥文件。",
                file.display()
            ),
            format!(
                "key {version} is in use: {}; keep a copy of the new file now. The old one opens this database no more; backups from before need the file of their time",
                file.display()
            ),
        )
    );
    Ok(Done::Clean)
}
