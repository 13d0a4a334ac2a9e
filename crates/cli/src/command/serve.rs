//! `baoxue serve`: the web application.

use std::net::{IpAddr, SocketAddr};

use anyhow::Context;
use baoxue_flow::{
    intray::UploadLimits,
    people::{People, PeopleSettings, setup_path},
};
use baoxue_web::{App, DemoAccount, Options, ServeError, StartError};
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
    let address = *matches.get_one::<SocketAddr>("listen").context("--listen")?;
    let options = options(matches, &session, demo)?;
    let origin = options.origin.clone();
    if !options.secure && !address.ip().is_loopback() {
        eprintln!("{}", lang.pick(
            "注意：没有 https，密码和儿童信息会明文经过网络。请在反向代理上启用 https，并用 --origin https://… 写明对外地址。",
            "note: without https passwords and children's data cross the network in the clear; put a proxy with https before it and give --origin https://…",
        ));
    }
    let keeper = People::new(session.store.clone(), options.people.clone());
    let first = keeper.first_setup(session.now).await.map_err(anyhow::Error::from)?;
    let app =
        App::new(session.store, session.county, options).await.map_err(|error| match error {
            StartError::Assets(error) => Failure::File(error.to_string()),
            StartError::Flow(error) => error.into(),
        })?;
    let ready = |at: SocketAddr| {
        let place = origin.clone().unwrap_or_else(|| format!("http://{at}"));
        println!(
            "{}",
            lang.pick(
                format!("已启动：{place}（按 Ctrl+C 停止）"),
                format!("running: {place} (Ctrl+C stops it)"),
            )
        );
        if let Some(token) = &first {
            let path = setup_path(token);
            println!("{}", lang.pick(
                format!("还没有账号。请打开一次性链接建立系统管理员：{place}{path}"),
                format!("there is no account yet; open this link once to make the system administrator: {place}{path}"),
            ));
        }
    };
    baoxue_web::serve(app, address, ready, stopped()).await.map_err(|error| match error {
        ServeError::Listen { address, source } => Failure::File(lang.pick(
            format!(
                "{address} 不能监听：{}。换一个端口：--listen 127.0.0.1:8081",
                baoxue_flow::io_zh(&source)
            ),
            format!(
                "cannot listen on {address}: {source}; choose another port: --listen 127.0.0.1:8081"
            ),
        )),
        ServeError::Stopped(error) => anyhow::Error::from(error).into(),
    })?;
    Ok(Done::Clean)
}

/// How the application is run by these arguments.
fn options(
    matches: &ArgMatches,
    session: &Session,
    demo: Vec<DemoAccount>,
) -> Result<Options, Failure> {
    let origin = args::text(matches, "origin").map(|o| o.trim_end_matches('/').to_owned());
    Ok(Options {
        secure: origin.as_deref().is_some_and(|origin| origin.starts_with("https://")),
        origin,
        demo,
        proxies: matches.get_many::<IpAddr>("proxy").into_iter().flatten().copied().collect(),
        people: people_settings(session),
        program: std::env::current_exe().context("finding the running program")?,
        data: session.folder.folder.clone(),
        uploads: UploadLimits::default(),
        now: crate::session::now,
    })
}

/// How accounts of this county are kept.
pub(crate) fn people_settings(session: &Session) -> PeopleSettings {
    let towns = session.county.towns.all().iter().map(|town| town.name.clone());
    let words = towns.chain([session.county.name.clone()]).collect();
    PeopleSettings { words, ..PeopleSettings::default() }
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

/// Done when the system asks the program to end.
async fn stopped() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut term) = signal(SignalKind::terminate()) else { return std::future::pending().await };
    tokio::select! {
        _ = term.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}
