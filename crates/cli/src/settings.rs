//! The server's settings file: its keys are the long options of `baoxue serve`, read before the command line is.
//!
//! An option on the command line wins over the key of the same name, so that one thing can be tried without changing the file.

use std::{
    ffi::{OsStr, OsString},
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use baoxue_flow::notices::Channels;
use serde::Deserialize;

use crate::{
    failure::{Failure, toml_zh},
    lang::Lang,
};

/// What a settings file may say; each key is explained in `examples/server.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Settings {
    data: Option<PathBuf>,
    database: Option<String>,
    key: Option<PathBuf>,
    config: Option<PathBuf>,
    listen: Option<SocketAddr>,
    origin: Option<String>,
    proxy: Vec<IpAddr>,
    certificate: Option<PathBuf>,
    certificate_key: Option<PathBuf>,
    metrics: Option<SocketAddr>,
    signing_key: Option<PathBuf>,
    head_folder: Vec<PathBuf>,
    font_folder: Vec<PathBuf>,
    paper_templates: Option<PathBuf>,
    head_minutes: Option<u32>,
    idle_minutes: Option<u32>,
    longest_hours: Option<u32>,
    pages_per_hour: Option<u32>,
    export_hours: Option<u32>,
    log: Option<String>,
    log_json: bool,
    /// Read again, and as a whole, by whoever opens what it names.
    notices: Option<toml::Table>,
}

/// The part of the file about notices.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct OfNotices {
    notices: baoxue_flow::notices::Settings,
}

/// How notices get out, by the table `[notices]` of a settings file; paths are taken from the folder of the file.
///
/// # Errors
/// [`Failure::File`] with what is wrong.
pub(crate) fn channels(path: &Path, lang: Lang) -> Result<Channels, Failure> {
    let text = std::fs::read_to_string(path).map_err(|e| baoxue_flow::FlowError::file(path, e))?;
    let wrong = |error: String| {
        let name = path.display();
        Failure::File(lang.pick(
            format!("服务设置 {name} 的 [notices] 有误，请按提示修改：\n{}", toml_zh(&error)),
            format!("[notices] of the settings file {name} is wrong:\n{error}"),
        ))
    };
    let said: OfNotices = toml::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    said.notices.open(folder).map_err(|error| wrong(error.to_string()))
}

/// The command line with what its `--settings FILE` says put in.
///
/// # Errors
/// [`Failure::File`] with file, line and what is expected there.
pub(crate) fn expanded(line: Vec<OsString>, lang: Lang) -> Result<Vec<OsString>, Failure> {
    let Some(path) = value_of(&line, "--settings") else { return Ok(line) };
    let path = PathBuf::from(path);
    let text =
        std::fs::read_to_string(&path).map_err(|e| baoxue_flow::FlowError::file(&path, e))?;
    let settings: Settings = toml::from_str(&text).map_err(|error| {
        let (name, error) = (path.display(), error.to_string());
        Failure::File(lang.pick(
            format!("服务设置 {name} 有误，请按提示修改：\n{}", toml_zh(&error)),
            format!("the settings file {name} is wrong:\n{error}"),
        ))
    })?;
    let told = settings.notices.is_some();
    let mut said = settings.options(path.parent().unwrap_or(Path::new("")));
    said.extend(told.then(|| ("--notices", Some(path.clone().into_os_string()))));
    let missing = said.into_iter().filter(|(option, _)| value_of(&line, option).is_none());
    let more: Vec<OsString> =
        missing.flat_map(|(option, value)| [Some(option.into()), value]).flatten().collect();
    Ok(line.into_iter().chain(more).collect())
}

/// The value of an option on the line, empty for one without a value; `None` when it is not there.
fn value_of<'l>(line: &'l [OsString], option: &str) -> Option<&'l OsStr> {
    let at = line.iter().position(|part| {
        let rest = part.to_str().and_then(|part| part.strip_prefix(option));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })?;
    let joined = line[at].to_str().and_then(|part| part.split_once('=')).map(|(_, value)| value);
    joined
        .map(OsStr::new)
        .or_else(|| line.get(at + 1).map(OsString::as_os_str))
        .or(Some("".as_ref()))
}

impl Settings {
    /// As options with their values; paths are taken from the folder of the file.
    fn options(self, folder: &Path) -> Vec<(&'static str, Option<OsString>)> {
        let text = |value: String| Some(OsString::from(value));
        let place = |path: PathBuf| Some(folder.join(path).into_os_string());
        let number = |value: u32| text(value.to_string());
        let one = [
            ("--data", self.data.and_then(place)),
            ("--database", self.database.and_then(text)),
            ("--key", self.key.and_then(place)),
            ("--config", self.config.and_then(place)),
            ("--listen", self.listen.and_then(|address| text(address.to_string()))),
            ("--origin", self.origin.and_then(text)),
            ("--certificate", self.certificate.and_then(place)),
            ("--certificate-key", self.certificate_key.and_then(place)),
            ("--metrics", self.metrics.and_then(|address| text(address.to_string()))),
            ("--signing-key", self.signing_key.and_then(place)),
            ("--paper-templates", self.paper_templates.and_then(place)),
            ("--head-minutes", self.head_minutes.and_then(number)),
            ("--idle-minutes", self.idle_minutes.and_then(number)),
            ("--longest-hours", self.longest_hours.and_then(number)),
            ("--pages-per-hour", self.pages_per_hour.and_then(number)),
            ("--export-hours", self.export_hours.and_then(number)),
            ("--log", self.log.and_then(text)),
        ];
        let one = one.into_iter().filter(|(_, value)| value.is_some());
        let proxies = self.proxy.into_iter().map(|ip| ("--proxy", text(ip.to_string())));
        let folders = self.head_folder.into_iter().map(|path| ("--head-folder", place(path)));
        let fonts = self.font_folder.into_iter().map(|path| ("--font-folder", place(path)));
        let json = self.log_json.then_some(("--log-json", None));
        one.chain(proxies).chain(folders).chain(fonts).chain(json).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(parts: &str) -> Vec<OsString> {
        parts.split(' ').map(OsString::from).collect()
    }

    fn with(text: &str, parts: &str) -> Result<Vec<OsString>, Failure> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.toml");
        std::fs::write(&file, text).unwrap();
        let said = expanded(line(&format!("{parts} --settings {}", file.display())), Lang::En)?;
        let home = folder.path().display().to_string();
        let texts = said.into_iter().map(|part| part.into_string().unwrap().replace(&home, "HOME"));
        Ok(texts.map(OsString::from).collect())
    }

    #[test]
    fn keys_become_options_and_the_line_wins() {
        let text = "data = \"d\"\nlisten = \"127.0.0.1:9\"\nproxy = [\"10.0.0.1\", \"::1\"]\nlog-json = true\n";
        assert_eq!(
            with(text, "baoxue serve --listen=127.0.0.1:8").unwrap(),
            line(
                "baoxue serve --listen=127.0.0.1:8 --settings HOME/server.toml --data HOME/d --proxy 10.0.0.1 --proxy ::1 --log-json"
            )
        );
    }

    #[test]
    fn a_wrong_key_or_value_is_named_with_its_line() {
        for (text, at) in [
            ("data = \"d\"\nlistn = \"x\"", "line 2"),
            ("data = \"d\"\n\nlisten = \"nowhere\"", "line 3"),
            ("head-minutes = -1", "line 1"),
        ] {
            let error = with(text, "baoxue serve").unwrap_err();
            assert!(error.text(Lang::En).contains(at), "{}", error.text(Lang::En));
            assert_eq!(error.exit_code(), 3);
        }
    }

    #[test]
    fn the_example_names_every_key_and_is_right() {
        let example = std::path::absolute("../../examples/server.toml").unwrap();
        let text = std::fs::read_to_string(example).unwrap();
        // Keys that an installation may leave out stand there behind a `#`.
        let whole: String = text
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(rest) if rest.starts_with(|c: char| c.is_ascii_lowercase() || c == '[') => {
                    rest
                }
                _ => line,
            })
            .flat_map(|line| [line, "\n"])
            .collect();
        let settings: Settings = toml::from_str(&whole).unwrap();
        let (options, notices) = whole.split_once("[notices]").unwrap();
        let n_keys = options.lines().filter(|line| line.contains(" = ")).count();
        every_key_of_notices_is_right(&whole, notices);
        let said = settings.options(Path::new(""));
        let names: std::collections::BTreeSet<&str> = said.iter().map(|(name, _)| *name).collect();
        assert_eq!(names.len(), n_keys);
        assert_eq!(n_keys, 19);
        crate::args::command(Lang::En)
            .try_get_matches_from(line("baoxue serve").into_iter().chain(
                said.into_iter().flat_map(|(name, value)| [Some(name.into()), value]).flatten(),
            ))
            .unwrap();
    }

    /// Its keys are read, and the files that it names are all that is missing.
    fn every_key_of_notices_is_right(whole: &str, notices: &str) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.toml");
        std::fs::write(&file, whole).unwrap();
        let files = notices.lines().filter(|line| line.contains("-file = "));
        let mut n = 0;
        for line in files {
            let Err(error) = channels(&file, Lang::En) else { panic!("{line} is not asked for") };
            assert!(error.text(Lang::En).contains("No such file"), "{}", error.text(Lang::En));
            let name = line.split('"').nth(1).unwrap();
            let text = if line.starts_with("url") { "https://robot.example/send" } else { "word" };
            std::fs::write(folder.path().join(name), text).unwrap();
            n += 1;
        }
        assert_eq!(n, 4);
        let opened = channels(&file, Lang::En).unwrap();
        assert!(opened.mail.is_some() && opened.sms.is_some());
        assert_eq!(opened.robots.len(), 1);
    }

    #[test]
    fn what_is_wrong_with_notices_is_named() {
        let line = line_of("data = \"d\"\n[notices]\nquiet-from = \"20:00\"\n");
        assert!(line.contains("--notices HOME/server.toml"), "{line}");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.toml");
        std::fs::write(&file, "data = \"d\"\n[notices]\nquiet = \"20:00\"\n").unwrap();
        let error = channels(&file, Lang::En).unwrap_err();
        assert!(error.text(Lang::En).contains("line 3"), "{}", error.text(Lang::En));
    }

    fn line_of(text: &str) -> String {
        let said = with(text, "baoxue serve").unwrap();
        said.into_iter().map(|part| part.into_string().unwrap()).collect::<Vec<_>>().join(" ")
    }
}
