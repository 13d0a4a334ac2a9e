//! `baoxue account`: the operator at the machine makes and changes accounts. There is none until somebody makes it.

use std::io::BufRead;

use baoxue_authz::{Areas, Role, State};
use baoxue_flow::people::{
    Account, By, Grant, NewAccount, People, PeopleError, PeopleSettings, link_path,
};
use chrono::{DateTime, Utc};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang, session::Session};

/// What is done to the accounts of one data folder.
struct Desk<'m> {
    people: People,
    matches: &'m ArgMatches,
    lang: Lang,
    now: DateTime<Utc>,
}

/// Runs the command below `account`.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let Some((verb, matches)) = matches.subcommand() else {
        return Err(Failure::usage("account add|list|disable|enable|reset|role"));
    };
    let session = Session::open_existing(matches).await?;
    let towns = session.county.towns.all().iter().map(|town| town.name.clone());
    let settings = PeopleSettings { words: towns.collect(), ..PeopleSettings::default() };
    let people = People::new(session.store.clone(), settings);
    let desk = Desk { people, matches, lang, now: session.now };
    let done = match verb {
        "list" => desk.list().await,
        "add" => desk.add().await,
        verb => desk.change(verb).await,
    };
    done.map_err(|error| failure(error, lang))?;
    Ok(Done::Clean)
}

impl Desk<'_> {
    async fn list(&self) -> Result<(), PeopleError> {
        let accounts = self.people.accounts().await?;
        if self.matches.get_flag("json") {
            let list: Vec<_> = accounts.iter().map(|account| json(account, self.now)).collect();
            println!("{}", serde_json::Value::Array(list));
            return Ok(());
        }
        for account in &accounts {
            let role = self.lang.pick(account.grant.role.zh(), account.grant.role.en());
            let state = state_text(account.state_at(self.now), self.lang);
            println!(
                "{:>4}  {}  {}  {role}  {}  {state}",
                account.id,
                account.login,
                account.name,
                areas_text(&account.grant.areas)
            );
        }
        if accounts.is_empty() {
            println!("{}", self.lang.pick("还没有账号。", "there is no account yet"));
        }
        Ok(())
    }

    async fn add(&self) -> Result<(), PeopleError> {
        let text = |name| args::text(self.matches, name).unwrap_or_default().to_owned();
        let password = self.matches.get_flag("password-stdin").then(read_password).transpose()?;
        let new = NewAccount {
            login: text("login"),
            name: text("name"),
            grant: grant(self.matches)?,
            password,
        };
        let made = self.people.create(By::Operator, new, self.now).await?;
        println!(
            "{}",
            self.lang.pick(
                format!("已新建第 {} 号账号。", made.id),
                format!("account {} was made", made.id),
            )
        );
        if let Some(link) = made.link {
            self.show_link(&link);
        }
        Ok(())
    }

    async fn change(&self, verb: &str) -> Result<(), PeopleError> {
        let login = args::text(self.matches, "login").unwrap_or_default();
        let found = self.people.account_of_login(login).await?;
        let id = found.ok_or(PeopleError::NoLogin)?.id;
        match verb {
            "disable" => self.people.disable(By::Operator, id, self.now).await?,
            "enable" => self.people.enable(By::Operator, id, self.now).await?,
            "role" => self.people.grant(By::Operator, id, grant(self.matches)?, self.now).await?,
            _ => {
                let link = self.people.reset(By::Operator, id, self.now).await?;
                self.show_link(&link);
                return Ok(());
            }
        }
        println!(
            "{}",
            self.lang.pick(
                "已办理，该账号的登录已全部失效。",
                "done; all sessions of the account ended"
            )
        );
        Ok(())
    }

    fn show_link(&self, token: &str) {
        let path = link_path(token);
        let hours = self.people.settings().link.as_secs() / 3600;
        println!(
            "{}",
            self.lang.pick(
                format!("请本人在 {hours} 小时内打开一次性链接设置密码：{path}"),
                format!(
                    "the user sets the password by this link, once, within {hours} hours: {path}"
                ),
            )
        );
    }
}

/// The password as the first line of standard input: a command line can be read by others.
fn read_password() -> Result<String, PeopleError> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|_| PeopleError::Value("standard input"))?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

/// Role, areas and end of the duty as given.
fn grant(matches: &ArgMatches) -> Result<Grant, PeopleError> {
    let many = |name: &str| matches.get_many::<String>(name).into_iter().flatten();
    let town = |code: &str| code.parse().map_err(|_| PeopleError::Area(code.to_owned()));
    let pair = |text: &String| {
        let parts =
            text.split_once('/').filter(|(one, other)| !one.is_empty() && !other.is_empty());
        parts
            .map(|(one, other)| (one.to_owned(), other.to_owned()))
            .ok_or_else(|| PeopleError::Area(text.clone()))
    };
    let role: Role = args::text(matches, "role")
        .and_then(|word| word.parse().ok())
        .ok_or(PeopleError::Value("role"))?;
    let areas = Areas {
        towns: many("town").map(|code| town(code)).collect::<Result<_, _>>()?,
        villages: many("village")
            .map(|text| pair(text).and_then(|(code, name)| Ok((town(&code)?, name))))
            .collect::<Result<_, _>>()?,
        schools: many("school").cloned().collect(),
        classes: many("class").map(pair).collect::<Result<_, _>>()?,
        sources: many("source")
            .map(|name| name.parse().map_err(|_| PeopleError::Area(name.clone())))
            .collect::<Result<_, _>>()?,
        department: args::text(matches, "department").map(str::to_owned),
    };
    Ok(Grant { role, areas, until: matches.get_one("until").copied() })
}

fn areas_text(areas: &Areas) -> String {
    let towns = areas.towns.iter().map(ToString::to_string);
    let villages = areas.villages.iter().map(|(town, name)| format!("{town}/{name}"));
    let classes = areas.classes.iter().map(|(school, name)| format!("{school}/{name}"));
    let sources = areas.sources.iter().map(|source| source.name().to_owned());
    let all = towns.chain(villages).chain(areas.schools.iter().cloned()).chain(classes);
    all.chain(areas.department.clone()).chain(sources).collect::<Vec<_>>().join(", ")
}

fn state_text(state: State, lang: Lang) -> &'static str {
    match state {
        State::Active => lang.pick("在用", "active"),
        State::Suspended => lang.pick("停用", "disabled"),
        State::Unconfirmed => lang.pick("待确认", "awaits confirmation"),
        State::Expired => lang.pick("任职到期", "duty ended"),
    }
}

fn json(account: &Account, now: DateTime<Utc>) -> serde_json::Value {
    serde_json::json!({
        "id": account.id,
        "login": account.login,
        "name": account.name,
        "role": account.grant.role.word(),
        "areas": account.grant.areas,
        "until": account.grant.until,
        "state": account.state_at(now).word(),
        "has_password": account.has_password,
        "has_factor": account.has_factor,
    })
}

/// What the operator is told.
fn failure(error: PeopleError, lang: Lang) -> Failure {
    let zh = match &error {
        PeopleError::Store(_) => None,
        PeopleError::Weak(weakness) => Some(weakness.zh().to_owned()),
        PeopleError::Login => Some("登录名为 2 至 40 个字母、数字、汉字或 . _ - @".to_owned()),
        PeopleError::LoginTaken => Some("登录名已被占用".to_owned()),
        PeopleError::Name => Some("姓名为 1 至 60 个字".to_owned()),
        PeopleError::Contact => Some("邮箱形如 name@host，手机号为 11 位数字".to_owned()),
        PeopleError::NoLogin | PeopleError::NoAccount(_) => Some("没有这个账号，请用 baoxue account list 查看".to_owned()),
        PeopleError::Area(text) => Some(format!("`{text}` 不是可用的范围；镇办写九位代码，村写 代码/村名，班写 学校/班名")),
        PeopleError::TwoPowers => Some("三员必须分设：一人不得兼任两种管理员，管理员账号不得改作其他角色，其他账号也不得改作管理员".to_owned()),
        PeopleError::NotAllowed | PeopleError::Link | PeopleError::SignIn(_) | PeopleError::Value(_) => Some(error.to_string()),
    };
    match (error, zh) {
        (PeopleError::Store(error), _) => error.into(),
        (error, zh) => Failure::usage(&lang.pick(zh.unwrap_or_default(), error.to_string())),
    }
}
