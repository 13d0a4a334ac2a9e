//! `[notices]` of the server's settings file; each key is explained in `examples/server.toml`. Secrets stand in files of
//! their own.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::NaiveTime;
use lettre::message::Mailbox;
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::{
    Carrier, Quiet,
    mail::{Mail, Security},
    robot::{GroupRobot, Make},
    sms::Gateway,
    web::agent,
};

/// What the table says.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Settings {
    quiet_from: Option<Clock>,
    quiet_to: Option<Clock>,
    proxy: Option<String>,
    smtp: Option<Smtp>,
    sms: Option<Sms>,
    robot: Vec<RobotSettings>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Smtp {
    host: String,
    port: Option<u16>,
    #[serde(default)]
    security: Security,
    user: Option<String>,
    password_file: Option<PathBuf>,
    from: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Sms {
    url: String,
    token_file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RobotSettings {
    name: String,
    make: Make,
    url_file: PathBuf,
    secret_file: Option<PathBuf>,
    office: Vec<String>,
}

/// A time such as `20:00`.
#[derive(Clone, Copy, Debug)]
struct Clock(NaiveTime);

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time = NaiveTime::parse_from_str(&text, "%H:%M");
        time.map(Self).map_err(|_| D::Error::custom(format!("`{text}` is no time such as 20:00")))
    }
}

/// The settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// A file that holds a secret cannot be read.
    #[error("`{}`: {error}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// A file that should hold a secret is empty.
    #[error("`{}` is empty", .0.display())]
    Empty(PathBuf),
    /// A value cannot be used.
    #[error("[notices] {key}: {why}")]
    Value {
        /// Which.
        key: String,
        /// Why.
        why: String,
    },
}

/// Where messages can go out.
#[derive(Clone, Debug, Default)]
pub struct Channels {
    /// Mail.
    pub mail: Option<Arc<dyn Carrier>>,
    /// SMS.
    pub sms: Option<Arc<dyn Carrier>>,
    /// Robots of groups.
    pub robots: Vec<Robot>,
    /// When nobody is to be disturbed.
    pub quiet: Quiet,
}

/// A robot, and whose matters it tells.
#[derive(Clone, Debug)]
pub struct Robot {
    /// What it is called; messages are known by it, so it stays.
    pub name: String,
    /// The offices: `county`, `bureau`, `inspectorate`, `police`, the code of a town, the id of a department.
    pub offices: Vec<String>,
    /// The robot.
    pub carrier: Arc<dyn Carrier>,
}

impl Settings {
    /// Opens what is named: reads the secrets, but asks nobody outside. Paths are taken from `folder`.
    ///
    /// # Errors
    /// [`SettingsError`].
    pub fn open(&self, folder: &Path) -> Result<Channels, SettingsError> {
        let hours = Quiet::default();
        let quiet = Quiet {
            from: self.quiet_from.map_or(hours.from, |clock| clock.0),
            to: self.quiet_to.map_or(hours.to, |clock| clock.0),
        };
        let mail = self.smtp.as_ref().map(|smtp| smtp.open(folder)).transpose()?;
        let agent = agent(self.proxy.as_deref()).map_err(|_| wrong("proxy", "is no address"))?;
        let sms = match &self.sms {
            Some(sms) => {
                let token = sms.token_file.as_ref().map(|file| secret(folder, file)).transpose()?;
                let url = address("sms.url", &sms.url)?;
                let gateway = Gateway { agent: agent.clone(), url, token };
                Some(Arc::new(gateway) as Arc<dyn Carrier>)
            }
            None => None,
        };
        let mut robots: Vec<Robot> = Vec::new();
        for robot in &self.robot {
            if robots.iter().any(|known| known.name == robot.name) || robot.name.is_empty() {
                return Err(wrong("robot.name", "is empty or there twice"));
            }
            let url = address("robot.url-file", &secret(folder, &robot.url_file)?)?;
            let key = robot.secret_file.as_ref().map(|file| secret(folder, file)).transpose()?;
            if key.is_some() && robot.make == Make::WeCom {
                return Err(wrong("robot.secret-file", "is DingTalk's; WeCom signs nothing"));
            }
            if robot.office.is_empty() {
                return Err(wrong("robot.office", "is empty, and the robot would tell nothing"));
            }
            let group = GroupRobot { agent: agent.clone(), make: robot.make, url, secret: key };
            let offices = robot.office.clone();
            robots.push(Robot { name: robot.name.clone(), offices, carrier: Arc::new(group) });
        }
        Ok(Channels { mail, sms, robots, quiet })
    }
}

impl Smtp {
    fn open(&self, folder: &Path) -> Result<Arc<dyn Carrier>, SettingsError> {
        let from: Mailbox =
            self.from.parse().map_err(|_| wrong("smtp.from", "is no mail address"))?;
        let password = self.password_file.as_ref().map(|file| secret(folder, file)).transpose()?;
        let sign_in = match (self.user.clone(), password) {
            (Some(user), Some(password)) => Some((user, password)),
            (None, None) => None,
            _ => return Err(wrong("smtp.user", "and password-file belong together")),
        };
        if sign_in.is_some() && self.security == Security::None {
            return Err(wrong("smtp.security", "is none, and a password would go in the clear"));
        }
        let at = (self.host.as_str(), self.port.unwrap_or(self.security.port()));
        let mail = Mail::new(at, self.security, from, sign_in)
            .map_err(|error| wrong("smtp.host", &error.to_string()))?;
        Ok(Arc::new(mail))
    }
}

fn wrong(key: &str, why: &str) -> SettingsError {
    SettingsError::Value { key: key.to_owned(), why: why.to_owned() }
}

/// An address of the web. What is wrong with it is not repeated: it may hold a secret.
fn address(key: &str, url: &str) -> Result<String, SettingsError> {
    let is_whole = ["https://", "http://"].iter().any(|start| {
        url.strip_prefix(start).is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
    });
    if is_whole && !url.contains(char::is_whitespace) {
        Ok(url.to_owned())
    } else {
        Err(wrong(key, "is no address that begins with https://"))
    }
}

/// What a file holds, without blanks around it.
fn secret(folder: &Path, file: &Path) -> Result<String, SettingsError> {
    let path = folder.join(file);
    match fs::read_to_string(&path) {
        Ok(text) if text.trim().is_empty() => Err(SettingsError::Empty(path)),
        Ok(text) => Ok(text.trim().to_owned()),
        Err(error) => Err(SettingsError::File { path, error }),
    }
}
