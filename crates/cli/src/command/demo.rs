//! `baoxue demo`: the sample county with one account for each role, served. Its data is synthetic and every page says so.

mod month;

use std::collections::BTreeSet;

use baoxue_authz::{Areas, Place, Role};
use baoxue_claim::{Source, TownCode};
use baoxue_flow::{
    Entry, Roll, RunOptions,
    people::{By, Grant, NewAccount, People, PeopleError, SignInTry, code_at},
};
use baoxue_web::DemoAccount;
use chrono::{DateTime, TimeDelta, Utc};
use clap::ArgMatches;

use crate::{Done, args, failure::Failure, lang::Lang, session::Session, terminal::Bar};

/// The password of every account of the sample county. It protects nothing: the data is synthetic.
const PASSWORD: &str = "Yige-Haizi-Ye-Bushao";

/// The secret of every account's authenticator; the sign-in page shows its code.
const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

/// A code lasts so long.
const STEP: TimeDelta = TimeDelta::seconds(30);

/// Makes the county on the first start, and serves it.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let session = Session::open(matches).await?;
    if session.store.latest_run().await?.is_none() {
        let folder = args::path(matches, "folder").ok_or_else(|| Failure::usage("FOLDER"))?;
        let out = session.folder.folder.join("out");
        let options = RunOptions {
            import: session.import_options(matches)?,
            outputs: session.output_options(matches, &out, lang).await?,
            data: session.folder.folder.clone(),
        };
        let mut bar = Bar::new(lang, false);
        let shown = &mut |p| bar.show(&p);
        baoxue_flow::run(&session.store, &session.county, folder, &options, shown).await?;
        bar.end();
        println!("{}{}", lang.pick("台账：", "ledgers: "), out.display());
    }
    if let Some(days) = matches.get_one::<u64>("days").copied().filter(|days| *days > 0) {
        let month::Played { n_done, n_climbed } = month::play(&session, days).await?;
        println!(
            "{}",
            lang.pick(
                format!("演示前进 {days} 天：登记 {n_done} 件事，逾期上报 {n_climbed} 次。"),
                format!("{days} days played: {n_done} things recorded, {n_climbed} steps climbed"),
            )
        );
    }
    let settings = super::serve::people_settings(&session);
    let people = People::new(session.store.clone(), settings);
    let roll = Roll::load(&session.store, &session.county.towns).await?;
    let accounts = accounts(&people, &roll, session.now).await.map_err(anyhow::Error::from)?;
    super::serve::serve(matches, session, accounts, lang).await
}

/// One account for each role, made on the first start.
async fn accounts(
    people: &People,
    roll: &Roll,
    now: DateTime<Utc>,
) -> Result<Vec<DemoAccount>, PeopleError> {
    let mut made = Vec::new();
    for (login, name, role) in ROLES {
        if people.account_of_login(login).await?.is_none() {
            let grant = Grant { role, areas: areas(role, roll), until: None };
            let password = Some(PASSWORD.to_owned());
            let new =
                NewAccount { login: login.to_owned(), name: name.to_owned(), grant, password };
            people.create(By::Operator, new, now).await?;
            enrol(people, login, now).await?;
        }
        made.push(DemoAccount {
            login: login.to_owned(),
            password: PASSWORD.to_owned(),
            role,
            name: name.to_owned(),
            secret: SECRET.to_owned(),
        });
    }
    Ok(made)
}

/// Sign-in name, name, role. The names are made up.
const ROLES: [(&str, &str, Role); 12] = [
    ("quzhang", "赵副区长", Role::CountyLeader),
    ("jiaotiju", "李敏", Role::Bureau),
    ("zhenban", "周立新", Role::Town),
    ("cunganbu", "王建军", Role::Village),
    ("xiaozhang", "郑国强", Role::Principal),
    ("banzhuren", "林晓燕", Role::Teacher),
    ("minzheng", "马超", Role::Department),
    ("ducha", "何军", Role::Inspector),
    ("shenji", "陈晓", Role::Auditor),
    ("xitong", "系统管理员甲", Role::SystemAdmin),
    ("anquan", "安全管理员乙", Role::SecurityAdmin),
    ("rizhi", "审计管理员丙", Role::AuditAdmin),
];

/// The second factor of an account, so that roles that see more than one town can be tried out.
async fn enrol(people: &People, login: &str, now: DateTime<Utc>) -> Result<(), PeopleError> {
    let attempt = SignInTry {
        login: login.to_owned(),
        password: PASSWORD.to_owned(),
        code: None,
        address: "127.0.0.1".to_owned(),
    };
    let signed = people.sign_in(&attempt, now).await?;
    // A code works once: that of the step before leaves the present one for whoever signs in at once.
    let code = code_at(SECRET, now - STEP)?;
    let enrolled = people.enrol(&signed.token, (SECRET, &code), now).await?;
    people.sign_out(&enrolled.signed_in.token, now).await
}

/// The child around whose home the accounts are: the first one out of school, so that there is something to see.
fn home(county: &Roll) -> Option<&Entry> {
    let placed = |entry: &&Entry| entry.of_age && entry.town.is_some() && entry.village.is_some();
    let urgent = |entry: &&Entry| entry.code.accuses() && entry.school.is_some();
    let all = || county.entries().iter().filter(placed);
    all().find(urgent).or_else(|| all().next())
}

/// Places of the sample county that have children: the first child out of school decides, so that there is something to see.
fn areas(role: Role, county: &Roll) -> Areas {
    let Some(entry) = home(county) else { return Areas::default() };
    let Place { town, village, school, .. } = entry.place();
    let towns: BTreeSet<TownCode> = town.into_iter().collect();
    match role {
        Role::Town => Areas { towns, ..Areas::default() },
        Role::Village => {
            let villages = town.zip(village).into_iter().collect();
            Areas { villages, ..Areas::default() }
        }
        Role::Principal => Areas { schools: school.into_iter().collect(), ..Areas::default() },
        Role::Teacher => {
            let class =
                county.entries().iter().map(Entry::place).find_map(|at| at.school.zip(at.class));
            Areas { classes: class.into_iter().collect(), ..Areas::default() }
        }
        Role::Department => Areas {
            department: Some("民政局".to_owned()),
            sources: [Source::CivilAffairs].into(),
            ..Areas::default()
        },
        Role::CountyLeader
        | Role::Bureau
        | Role::Inspector
        | Role::Auditor
        | Role::SystemAdmin
        | Role::SecurityAdmin
        | Role::AuditAdmin => Areas::default(),
    }
}
