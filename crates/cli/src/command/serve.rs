//! `baoxue serve`: the web application.

use std::{
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use baoxue_flow::{
    County,
    audit::Sm2Signer,
    exports::ExportLimits,
    intray::UploadLimits,
    notices::{Channels, unknown_office},
    papers::PressSetup,
    people::{People, PeopleSettings, setup_path},
};
use baoxue_web::{App, DemoAccount, Doors, Heads, Options, ServeError, StartError};
use clap::ArgMatches;
use tracing_subscriber::EnvFilter;

use crate::{Done, args, failure::Failure, lang::Lang, session::Session};

/// Serves until the program is told to stop.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let session = Session::open_existing(matches).await?;
    session.warn_unconfigured(lang);
    serve(matches, session, Vec::new(), lang).await
}

/// Serves a county; of a synthetic one `demo` names the accounts that the sign-in page tells.
pub(crate) async fn serve(
    matches: &ArgMatches,
    session: Session,
    demo: Vec<DemoAccount>,
    lang: Lang,
) -> Result<Done, Failure> {
    log(matches)?;
    let doors = doors(matches, &session)?;
    let has_tls = doors.certificate.is_some();
    let notices = channels(matches, &session.county, lang)?;
    let options = Options { notices, ..options(matches, &session, (demo, has_tls))? };
    let origin = options.origin.clone();
    warn(&doors, options.secure, lang);
    let keeper = People::new(session.store.clone(), options.people.clone());
    let first = if matches.get_flag("check") {
        None
    } else {
        keeper.first_setup(session.now).await.map_err(anyhow::Error::from)?
    };
    let app =
        App::new(session.store, session.county, options).await.map_err(|error| match error {
            StartError::Assets(error) => Failure::File(error.to_string()),
            StartError::Flow(error) => error.into(),
            StartError::Papers(error) => Failure::File(error.to_string()),
            StartError::Looks(file, error) => Failure::File(format!(
                "{}: 待入库的查阅记录无法读取，没有启动。请把这个文件移到别处妥善保存并交管理员检查，再启动 / the looks that wait \
                 beside the database cannot be read and nothing was started: move the file to a safe place, have it \
                 examined, and start again ({error})",
                file.display()
            )),
            StartError::Metrics(error) => anyhow::Error::from(error).into(),
        })?;
    if matches.get_flag("check") {
        doors.check().await.map_err(|error| failed(error, lang))?;
        println!("{}", lang.pick("设置可用。", "the settings can be used"));
        return Ok(Done::Clean);
    }
    let ready = |at: SocketAddr| {
        let scheme = if has_tls { "https" } else { "http" };
        let place = origin.clone().unwrap_or_else(|| format!("{scheme}://{at}"));
        tell_ready(&place, first.as_deref(), lang);
    };
    baoxue_web::serve(app, doors, ready, stopped()).await.map_err(|error| failed(error, lang))?;
    Ok(Done::Clean)
}

/// How notices get out. A robot for an office that is not there is a slip of the pen, and would be silent for ever.
fn channels(matches: &ArgMatches, county: &County, lang: Lang) -> Result<Channels, Failure> {
    let Some(path) = args::path(matches, "notices") else { return Ok(Channels::default()) };
    let channels = crate::settings::channels(path, lang)?;
    let Some((robot, office)) = unknown_office(&channels, county) else { return Ok(channels) };
    let name = path.display();
    Err(Failure::File(lang.pick(
        format!("服务设置 {name} 的 [notices] 有误：群机器人 {robot} 的 office 写了 {office}，本县没有这个单位。可写 county、bureau、inspectorate、police、镇办代码或部门代号。"),
        format!("[notices] of the settings file {name} is wrong: robot {robot} tells of the office {office}, which this county does not have; there are county, bureau, inspectorate, police, codes of towns and ids of departments"),
    )))
}

fn tell_ready(place: &str, first: Option<&str>, lang: Lang) {
    println!(
        "{}",
        lang.pick(
            format!("已启动：{place}（按 Ctrl+C 停止）"),
            format!("running: {place} (Ctrl+C stops it)"),
        )
    );
    if let Some(token) = first {
        let path = setup_path(token);
        println!("{}", lang.pick(
            format!("还没有账号。请打开一次性链接建立系统管理员：{place}{path}"),
            format!("there is no account yet; open this link once to make the system administrator: {place}{path}"),
        ));
    }
}

/// What an installation should have and has not.
fn warn(doors: &Doors, secure: bool, lang: Lang) {
    if !secure && !doors.address.ip().is_loopback() {
        eprintln!("{}", lang.pick(
            "注意：没有 https，密码和儿童信息会明文经过网络。请用 --certificate 和 --certificate-key 启用 https，或在反向代理上启用并用 --origin https://… 写明对外地址。",
            "note: without https passwords and children's data cross the network in the clear; use --certificate and --certificate-key, or put a proxy with https before it and give --origin https://…",
        ));
    }
    let n_folders = doors.heads.as_ref().map_or(0, |heads| heads.folders.len());
    if secure && n_folders < 2 {
        eprintln!("{}", lang.pick(
            format!("注意：签名头另存在 {n_folders} 处，应至少两处（市局、督查），见 --head-folder。"),
            format!("note: signed heads are kept in {n_folders} folders outside; at least two are needed, see --head-folder"),
        ));
    }
}

/// Where the server listens, and how it keeps heads of the tree.
fn doors(matches: &ArgMatches, session: &Session) -> Result<Doors, Failure> {
    let path = |name| args::path(matches, name).cloned();
    let key = path("signing-key").unwrap_or_else(|| session.folder.folder.join("baoxue.sign"));
    let signer = Sm2Signer::of_file(&key).map_err(baoxue_flow::FlowError::from)?;
    let minutes = *matches.get_one::<u64>("head-minutes").context("--head-minutes")?;
    let folders: Vec<PathBuf> =
        matches.get_many::<PathBuf>("head-folder").into_iter().flatten().cloned().collect();
    if let Some(folder) = folders.iter().find(|folder| !folder.is_dir()) {
        let missing = std::io::Error::from(std::io::ErrorKind::NotFound);
        return Err(baoxue_flow::FlowError::file(folder, missing).into());
    }
    Ok(Doors {
        address: *matches.get_one("listen").context("--listen")?,
        certificate: path("certificate").zip(path("certificate-key")),
        metrics: matches.get_one("metrics").copied(),
        heads: Some(Heads {
            signer: Arc::new(signer),
            every: Duration::from_mins(minutes),
            folders,
        }),
    })
}

fn failed(error: ServeError, lang: Lang) -> Failure {
    match error {
        ServeError::Listen { address, source } => Failure::File(lang.pick(
            format!(
                "{address} 不能监听：{}。换一个端口：--listen 127.0.0.1:8081",
                baoxue_flow::io_zh(&source)
            ),
            format!(
                "cannot listen on {address}: {source}; choose another port: --listen 127.0.0.1:8081"
            ),
        )),
        ServeError::Certificate(path, source) => Failure::File(lang.pick(
            format!(
                "证书 {} 或它的私钥用不了：{}。两个文件都应为 PEM，且相互对应。",
                path.display(),
                baoxue_flow::io_zh(&source)
            ),
            format!(
                "the certificate {} or its key cannot be used: {source}; both are PEM files that belong together",
                path.display()
            ),
        )),
        ServeError::Stopped(error) => anyhow::Error::from(error).into(),
    }
}

/// How the application is run by these arguments.
fn options(
    matches: &ArgMatches,
    session: &Session,
    (demo, has_tls): (Vec<DemoAccount>, bool),
) -> Result<Options, Failure> {
    let origin = args::text(matches, "origin").map(|o| o.trim_end_matches('/').to_owned());
    Ok(Options {
        secure: has_tls || origin.as_deref().is_some_and(|o| o.starts_with("https://")),
        origin,
        demo,
        proxies: matches.get_many::<IpAddr>("proxy").into_iter().flatten().copied().collect(),
        people: timed(people_settings(session), matches),
        pages_per_hour: *matches.get_one::<u32>("pages-per-hour").context("--pages-per-hour")?,
        exports: exports(matches)?,
        program: std::env::current_exe().context("finding the running program")?,
        data: session.folder.folder.clone(),
        uploads: UploadLimits::default(),
        papers: PressSetup {
            fonts: matches
                .get_many::<PathBuf>("font-folder")
                .into_iter()
                .flatten()
                .cloned()
                .collect(),
            templates: args::path(matches, "paper-templates").cloned(),
        },
        notices: Channels::default(),
        now: crate::session::now,
    })
}

/// How much may be exported, and for how long.
fn exports(matches: &ArgMatches) -> Result<ExportLimits, Failure> {
    let hours = *matches.get_one::<u32>("export-hours").context("--export-hours")?;
    let lasts = Duration::from_hours(u64::from(hours));
    Ok(ExportLimits { lasts, ..ExportLimits::default() })
}

/// How accounts of this county are kept.
pub(crate) fn people_settings(session: &Session) -> PeopleSettings {
    let towns = session.county.towns.all().iter().map(|town| town.name.clone());
    let words = towns.chain([session.county.name.clone()]).collect();
    PeopleSettings { words, ..PeopleSettings::default() }
}

/// The same with the lengths of sessions that the arguments give.
fn timed(settings: PeopleSettings, matches: &ArgMatches) -> PeopleSettings {
    let idle = matches.get_one("idle-minutes").copied().map(Duration::from_mins);
    let longest = matches.get_one("longest-hours").copied().map(Duration::from_hours);
    PeopleSettings {
        idle: idle.unwrap_or(settings.idle),
        longest: longest.unwrap_or(settings.longest),
        ..settings
    }
}

/// Lines of the log go to standard error, as JSON when asked.
fn log(matches: &ArgMatches) -> Result<(), Failure> {
    let level = args::text(matches, "log").unwrap_or("warn");
    let filter = EnvFilter::try_new(level)
        .map_err(|error| Failure::usage(&format!("--log {level}: {error}")))?;
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second server in one process keeps the log of the first.
    let _ = if matches.get_flag("log-json") { lines.json().try_init() } else { lines.try_init() };
    Ok(())
}

/// Done when the system asks the program to end. It listens from the call on, not from the first wait: whoever asks as soon as
/// the server says that it is ready gets an end in order.
fn stopped() -> impl Future<Output = ()> + Send {
    use tokio::signal::unix::{SignalKind, signal};
    let asked = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
    async move {
        let [Ok(mut term), Ok(mut interrupt)] = asked else { return std::future::pending().await };
        tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}
