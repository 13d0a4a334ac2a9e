//! People of every role at their desks, the children that each may see by a plain reading of its areas, and what of others
//! must not be in anything that they are shown.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    io::Write as _,
    process::Stdio,
    sync::atomic::{AtomicU64, Ordering},
};

use baoxue_authz::Role;
use serde_json::Value;

use super::browser::{Answer, Browser, PASSWORD, Server};
use super::{expect::Expected, headers_stand_on};
use crate::program::{Engine, Program, sample_county};

/// Accounts of the sample county.
const LOGINS: [(&str, Role); 12] = [
    ("jiaotiju", Role::Bureau),
    ("quzhang", Role::CountyLeader),
    ("zhenban", Role::Town),
    ("cunganbu", Role::Village),
    ("xiaozhang", Role::Principal),
    ("banzhuren", Role::Teacher),
    ("minzheng", Role::Department),
    ("ducha", Role::Inspector),
    ("shenji", Role::Auditor),
    ("xitong", Role::SystemAdmin),
    ("anquan", Role::SecurityAdmin),
    ("rizhi", Role::AuditAdmin),
];

/// Accounts that must not see a child: a town office without a town, another department, one whose duty is over.
const MADE: [(&str, Role, &[&str]); 3] = [
    ("kongzhen", Role::Town, &["--role", "town"]),
    (
        "canlian",
        Role::Department,
        &["--role", "department", "--department", "残联", "--source", "disability_register"],
    ),
    ("guoqi", Role::Bureau, &["--role", "bureau", "--until", "2020-01-01"]),
];

/// Idempotency keys that were used.
static KEYS: AtomicU64 = AtomicU64::new(0);

/// A child as the bureau sees it.
#[derive(Clone, Debug)]
pub(crate) struct Child {
    pub(crate) key: String,
    pub(crate) name: Option<String>,
    id: Option<String>,
    town: Option<String>,
    village: Option<String>,
    school: Option<String>,
    class: Option<String>,
}

/// Somebody who is signed in.
pub(crate) struct Reader {
    pub(crate) login: &'static str,
    pub(crate) role: Role,
    pub(crate) browser: Browser,
    pub(crate) me: Value,
}

/// What an address is about.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) child: String,
    pub(crate) row: String,
    pub(crate) pair: String,
    /// A side of a conflict about the child for which the bureau may answer.
    pub(crate) side: String,
    /// What its row says.
    pub(crate) told: String,
}

/// Texts that must not be shown, found in one pass over a body.
pub(crate) struct Secrets {
    texts: HashSet<String>,
    starts: HashSet<u8>,
    lengths: BTreeSet<usize>,
}

impl Secrets {
    fn of(texts: HashSet<String>) -> Self {
        let starts = texts.iter().filter_map(|text| text.bytes().next()).collect();
        let lengths = texts.iter().map(String::len).collect();
        Self { texts, starts, lengths }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// The first that a body shows.
    pub(crate) fn shown<'b>(
        &self,
        body: &'b str,
        counts: impl Fn(&str) -> bool,
    ) -> Option<&'b str> {
        let starts = body.bytes().enumerate().filter(|(_, byte)| self.starts.contains(byte));
        let texts = starts
            .flat_map(|(at, _)| self.lengths.iter().filter_map(move |n| body.get(at..at + n)));
        texts.into_iter().find(|text| self.texts.contains(*text) && counts(text))
    }
}

/// The sample county with the accounts above, served. `guoqi` and the like cannot sign in and are no readers.
pub(crate) fn prepared() -> Server {
    let program = Program::new(Engine::Sqlite);
    program.run(&sample_county("input"));
    for (login, _, more) in MADE {
        let line = [&["account", "add", login, "--name", "某人", "--password-stdin"][..], more];
        let mut command = program.command(&line.concat());
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut running = command.spawn().unwrap();
        writeln!(running.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        assert!(running.wait().unwrap().success(), "{login}");
    }
    // The tests open more pages about children than a person may.
    Server::over(program, &["--pages-per-hour", "1000000"])
}

/// Everybody who can sign in, the bureau first.
pub(crate) fn readers(server: &Server) -> Vec<Reader> {
    let shown = LOGINS.map(|(login, role)| (login, role, true));
    let made = MADE.map(|(login, role, _)| (login, role, false));
    let mut readers = Vec::new();
    for (login, role, has_code) in shown.into_iter().chain(made) {
        let mut browser = server.browser();
        if login == "guoqi" {
            assert_eq!(browser.try_sign_in(login, PASSWORD, None).status, 422, "its duty is over");
            continue;
        }
        if has_code {
            browser.sign_in(login);
        } else {
            assert_eq!(browser.try_sign_in(login, PASSWORD, None).status, 303, "{login}");
        }
        let me = browser.json("/api/v1/me");
        assert_eq!(me["role"], role.word());
        readers.push(Reader { login, role, browser, me });
    }
    readers
}

impl Browser {
    /// What an address of the interface answers.
    #[track_caller]
    pub(crate) fn json(&mut self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.body);
        serde_json::from_str(&answer.body).unwrap()
    }

    /// All parts of a list.
    pub(crate) fn listed(&mut self, path: &str) -> Vec<Value> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let mut all = Vec::new();
        let mut after = String::new();
        loop {
            let part = self.json(&format!("{path}{mark}limit=200{after}"));
            all.extend(part["items"].as_array().unwrap().iter().cloned());
            let Some(next) = part["next"].as_str() else { return all };
            after = format!("&after={next}");
        }
    }
}

/// All children, as the bureau sees them.
pub(crate) fn children(bureau: &mut Browser) -> Vec<Child> {
    let text = |line: &Value, name: &str| line[name].as_str().map(str::to_owned);
    let child = |line: &Value| Child {
        key: text(line, "child").unwrap(),
        name: text(line, "name"),
        id: text(line, "id"),
        town: text(line, "town"),
        village: text(line, "village"),
        school: text(line, "school"),
        class: text(line, "class"),
    };
    bureau.listed("/api/v1/children?all=1").iter().map(child).collect()
}

impl Reader {
    /// Whether a child is the reader's, read plainly from role and areas.
    pub(crate) fn sees(&self, child: &Child) -> bool {
        let areas = &self.me["areas"];
        let any = |list: &str, is: &dyn Fn(&Value) -> bool| {
            areas[list].as_array().unwrap().iter().any(is)
        };
        let same = |value: &Value, own: &Option<String>| {
            own.as_deref().is_some_and(|own| !own.is_empty() && value.as_str() == Some(own))
        };
        match self.role {
            Role::CountyLeader | Role::Bureau | Role::Inspector | Role::Auditor => true,
            Role::Town => any("towns", &|town| same(town, &child.town)),
            Role::Village => any("villages", &|v| {
                same(&v["town"], &child.town) && same(&v["village"], &child.village)
            }),
            Role::Principal => any("schools", &|school| same(school, &child.school)),
            Role::Teacher => any("classes", &|class| {
                same(&class["school"], &child.school) && same(&class["class"], &child.class)
            }),
            Role::Department | Role::SystemAdmin | Role::SecurityAdmin | Role::AuditAdmin => false,
        }
    }

    /// Foreign children: one of another town, one of another school, one of another village or class of the own town or
    /// school, and one that nobody knows.
    pub(crate) fn foreign<'c>(&self, all: &'c [Child]) -> BTreeMap<&'static str, &'c str> {
        let own: Vec<&Child> = all.iter().filter(|child| self.sees(child)).collect();
        let foreign = || all.iter().filter(|child| !self.sees(child));
        let towns: BTreeSet<_> = own.iter().map(|child| &child.town).collect();
        let schools: BTreeSet<_> = own.iter().map(|child| &child.school).collect();
        let mut found = BTreeMap::from([("none", "c_9999-1")]);
        let mut take = |what, child: Option<&'c Child>| {
            if let Some(child) = child {
                found.insert(what, child.key.as_str());
            }
        };
        take("other town", foreign().find(|c| c.town.is_some() && !towns.contains(&c.town)));
        take(
            "other school",
            foreign().find(|c| c.school.is_some() && !schools.contains(&c.school)),
        );
        take("near", foreign().find(|c| towns.contains(&c.town) || schools.contains(&c.school)));
        found
    }

    /// What must not be in anything that the reader is shown: names and covered numbers that only children of others have,
    /// and their keys.
    pub(crate) fn secrets(&self, all: &[Child], open: &str) -> Secrets {
        let parts = |child: &Child| [child.name.clone(), child.id.clone()].into_iter().flatten();
        let (own, foreign): (Vec<&Child>, Vec<&Child>) =
            all.iter().partition(|child| self.sees(child));
        let own = own.into_iter().flat_map(parts).collect::<Vec<_>>().join(" ");
        let foreign = foreign
            .into_iter()
            .flat_map(|child| parts(child).chain([format!("{}\"", child.key)]))
            .filter(|text| text.chars().count() >= 3)
            .filter(|text| !open.contains(text.as_str()) && !own.contains(text.as_str()));
        Secrets::of(foreign.collect())
    }

    /// Sends a request of a route, writes with their token. Whatever comes back has the headers of every answer (T-30).
    pub(crate) fn sends(
        &mut self,
        expected: &Expected,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Answer {
        let answer = self.sent(expected, path, fields);
        headers_stand_on(&answer, path);
        answer
    }

    fn sent(&mut self, expected: &Expected, path: &str, fields: &[(&str, &str)]) -> Answer {
        let csrf = self.me["csrf"].as_str().unwrap().to_owned();
        if expected.method == "GET" {
            return self.browser.get(path);
        }
        if expected.is_api() {
            let key = format!("key-{}", KEYS.fetch_add(1, Ordering::Relaxed));
            return self.browser.write(path, (&csrf, &key), &json(fields));
        }
        if expected.method == "PUT" {
            return self.browser.put(path, &csrf);
        }
        self.browser.post(path, &encoded(&[&[("csrf", csrf.as_str())], fields].concat()))
    }
}

/// Fields as a body of the interface.
pub(crate) fn json(fields: &[(&str, &str)]) -> String {
    let map = fields.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value)));
    Value::Object(map.collect()).to_string()
}

/// Fields as a form sends them.
pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", percent(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// Every byte but letters and digits as `%XX`.
pub(crate) fn percent(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// The address of a route about a subject. `does` chooses between a verb that changes something and one that does not exist.
pub(crate) fn address(path: &str, subject: &Subject, does: bool) -> String {
    let name = match path {
        "/theme/{name}" => "auto",
        "/hotkeys/{name}" => "on",
        _ => "none.css",
    };
    let token = "0".repeat(64);
    let parts = [
        ("{child}", subject.child.as_str()),
        ("{row}", &subject.row),
        ("{form}", "household-plan.pdf"),
        ("{pair}", &subject.pair),
        ("{answer}", if does { "same" } else { "nonsense" }),
        ("{act}", if does { "disable" } else { "nonsense" }),
        ("{rule}", "long-absence"),
        ("{source}", "population_register"),
        ("{id}", "2"),
        ("{key}", "u_nobodys"),
        ("{case}", "k_9999"),
        ("{task}", "t_1"),
        ("{document}", "d_9999-1"),
        ("{file}", "NOBODYSFILE"),
        ("{report}", "none.xlsx"),
        ("{code}", "23456789ABCD"),
        ("{tip}", "t_9999"),
        ("{finding}", "f_9999"),
        ("{letter}", "l_9999"),
        ("{scan}", "NOBODYSSCAN"),
        ("{slug}", "v_9999"),
        ("{session}", "999999"),
        ("{token}", &token),
        ("{tag}", "zh-CN"),
        ("{name}", name),
    ];
    let filled = parts.iter().fold(path.to_owned(), |path, (part, with)| path.replace(part, with));
    assert!(!filled.contains('{'), "{path}: nothing to put in");
    filled
}

/// The subject of a child that the bureau may read.
pub(crate) fn subject_of(bureau: &mut Browser, child: &str, pair: &str) -> Subject {
    let answer = bureau.get(&format!("/api/v1/children/{child}"));
    let whole: Value = serde_json::from_str(&answer.body).unwrap_or_default();
    let row = whole["columns"][0]["row"].as_str().unwrap_or("9999-1").to_owned();
    let side = whole["conflict"]["sides"][0]["source"].as_str().unwrap_or("town_survey");
    let told = bureau.get(&format!("/api/v1/children/{child}/claims/{row}")).body;
    Subject { child: child.to_owned(), row, pair: pair.to_owned(), side: side.to_owned(), told }
}

/// The keys of the pairs that wait for somebody.
pub(crate) fn pair_keys(browser: &mut Browser) -> Vec<String> {
    let pairs = browser.listed("/api/v1/review/pairs");
    pairs.iter().map(|pair| pair["pair"].as_str().unwrap().to_owned()).collect()
}

/// A child with a conflict, and a pair, that really could be decided on.
pub(crate) fn decidable(bureau: &mut Browser) -> Subject {
    let pair = pair_keys(bureau).swap_remove(0);
    let conflicts = bureau.json("/api/v1/conflicts?limit=1");
    let child = conflicts["items"][0]["child"]["child"].as_str().unwrap().to_owned();
    subject_of(bureau, &child, &pair)
}
