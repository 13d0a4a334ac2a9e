//! Every route of the table of the application, asked by every role about its own and about others' (T-13, T-15, T-20).

use std::collections::BTreeSet;

use baoxue_authz::{Actor, Areas, Factor, Place, Resource, Role, State, decide};
use baoxue_claim::Source;
use baoxue_web::{Needs, Route, routes};

use super::{
    browser::{Answer, Browser},
    expect::{ALL, Expected, Names, Who},
    readers::{
        Child, Reader, Secrets, Subject, address, children, pair_keys, prepared, readers,
        subject_of,
    },
    state::Content,
};

/// A child and rows that nobody knows.
const NOBODY: (&str, &str) = ("c_9999-1", "9999-1_9999-2");

/// What is sent about a foreign child or pair: good enough to change something, if it were the reader's.
const GOOD: &[(&str, &str)] =
    &[("side", "town_survey"), ("outcome", "disagrees"), ("because", "x")];
const GOOD_PAIR: &[(&str, &str)] = &[("answer", "same"), ("reason", "x")];

/// Routes that end the session or count as guesses, which would slow down whoever signs in next: asked last, or once.
fn is_last(route: &Route) -> bool {
    route.path == "/logout"
}

fn is_guess(route: &Route) -> bool {
    let guesses = ["/login", "/me/step-up", "/me/factor"];
    // Judging the county anew is work, not an answer; who may is asked where imports are.
    route.method == "POST"
        && (guesses.contains(&route.path.as_str()) || route.path == "/imports/derive")
}

/// One asking and what must come back.
struct Cell<'a> {
    expected: &'a Expected,
    relation: &'a str,
    path: String,
    fields: &'a [(&'a str, &'a str)],
    status: u16,
}

impl Reader {
    /// What this reader asks of a route: about what is its own, and about what is not.
    fn cells<'a>(
        &self,
        expected: &'a Expected,
        subjects: &'a [(&'static str, Subject)],
    ) -> Vec<Cell<'a>> {
        let may =
            expected.may(self.role) && !(self.login == "kongzhen" && is_about_areas(expected));
        let (good, fields) = match expected.names {
            _ if expected.method == "GET" => (&[][..], &[][..]),
            // An account without a name is none.
            _ if expected.path == "/admin/users" => (&[][..], &[][..]),
            Names::Child => (GOOD, expected.fields),
            Names::Pair if expected.is_api() => (GOOD_PAIR, expected.fields),
            Names::Pair => (&GOOD_PAIR[1..], expected.fields),
            Names::Nothing => (expected.fields, expected.fields),
        };
        let wanted = subjects.iter().filter(|(relation, _)| match expected.names {
            Names::Nothing => *relation == "none",
            Names::Child => *relation != "own pair" && *relation != "other pair",
            Names::Pair => relation.ends_with("pair") || *relation == "none",
        });
        let cell = |(relation, subject): &'a (&'static str, Subject)| {
            let is_own = relation.starts_with("own") || expected.names == Names::Nothing;
            let status = match (may, is_own) {
                // Who has no second factor enrols one first.
                _ if expected.path == "/me/step-up" && self.has_no_factor() => 303,
                (true, true) => expected.own,
                (true, false) => expected.foreign,
                (false, _) => expected.others,
            };
            let path = address(expected.path, subject, !(is_own && may));
            Cell { expected, relation, path, fields: if is_own { fields } else { good }, status }
        };
        wanted.map(cell).collect()
    }
}

impl Reader {
    fn has_no_factor(&self) -> bool {
        self.me["second_factor"] == "none"
    }
}

/// Whether a right depends on areas: one whose areas are empty has none of it.
fn is_about_areas(expected: &Expected) -> bool {
    let of_county = expected.path.contains("/sources") || expected.path == "/imports";
    matches!(expected.who, Who::Roles(_)) && !of_county
}

/// The subjects of a reader: own ones, and foreign ones of each kind.
fn subjects(
    reader: &mut Reader,
    bureau: &mut Browser,
    all: &[Child],
    pairs: &[String],
) -> Vec<(&'static str, Subject)> {
    let own_pairs: BTreeSet<String> = match reader.browser.get("/api/v1/review/pairs?limit=200") {
        Answer { status: 200, .. } => pair_keys(&mut reader.browser).into_iter().collect(),
        _ => BTreeSet::new(),
    };
    let mut found = Vec::new();
    let own = all.iter().filter(|child| reader.sees(child));
    let mut own = own.map(|child| subject_of(bureau, &child.key, NOBODY.1));
    // Of a child in the neutral class no row is told.
    if let Some(own) = own.find(|subject| subject.row != "9999-1") {
        found.push(("own", own));
    }
    for (relation, child) in reader.foreign(all) {
        found.push((relation, subject_of(bureau, child, NOBODY.1)));
    }
    let with = |pair: &String| Subject {
        child: NOBODY.0.into(),
        row: "9999-1".into(),
        pair: pair.clone(),
        side: "town_survey".into(),
        told: String::new(),
    };
    found.extend(own_pairs.iter().next().map(|pair| ("own pair", with(pair))));
    found.extend(
        pairs.iter().find(|pair| !own_pairs.contains(*pair)).map(|pair| ("other pair", with(pair))),
    );
    found
}

/// What stands in a body that must not be there.
fn leak<'b>(answer: &'b Answer, path: &str, secrets: &Secrets) -> Option<&'b str> {
    // Whoever reads the whole access log reads which children were shown, by their keys.
    let is_log = path.contains("/audit");
    secrets.shown(&answer.body, |secret| !(is_log && secret.ends_with('"')))
}

#[test]
fn t15_t20_every_route_gives_every_role_its_own_and_nothing_of_others() {
    let server = prepared();
    let mut readers = readers(&server);
    let mut bureau = readers[0].browser.clone();
    let (all, pairs) = (children(&mut bureau), pair_keys(&mut bureau));
    assert!(all.len() > 400 && !pairs.is_empty(), "{} children, {} pairs", all.len(), pairs.len());
    let open = server.browser().get("/login").body;
    let mut table = routes();
    table.sort_by_key(is_last);
    let (mut n_cells, mut wrong) = (0, Vec::new());
    let before = Content::of(&server.database());
    // Before the first of them signs out.
    let of = |reader: &mut Reader| subjects(reader, &mut bureau, &all, &pairs);
    let subjects: Vec<_> = readers.iter_mut().map(of).collect();
    for (reader, subjects) in readers.iter_mut().zip(&subjects) {
        // A name in a row of an own child is its own, whoever else is called so.
        let own = subjects.iter().find(|(relation, _)| *relation == "own");
        let told = own.map(|(_, subject)| subject.told.as_str()).unwrap_or_default();
        let secrets = reader.secrets(&all, &format!("{open}{told}"));
        let is_wide = all.iter().all(|child| reader.sees(child));
        assert_eq!(secrets.is_empty(), is_wide, "{}", reader.login);
        if reader.role.is_administrator() {
            reader.opens_no_record(&table, &all, &pairs);
        }
        let mut nowhere: Vec<(String, String)> = Vec::new();
        for route in &table {
            if is_guess(route) {
                continue;
            }
            for cell in reader.cells(Expected::of(route), subjects) {
                let answer = reader.sends(cell.expected, &cell.path, cell.fields);
                n_cells += 1;
                let what =
                    format!("{} {} {} ({})", reader.login, route.method, cell.path, cell.relation);
                if answer.status != cell.status {
                    wrong.push(format!("{what}: {} and not {}", answer.status, cell.status));
                }
                if let Some(secret) = leak(&answer, &cell.path, &secrets) {
                    wrong.push(format!("{what}: shows `{secret}`"));
                }
                // What is foreign and what is not there are answered alike, to the letter.
                if answer.status == 404 && !cell.relation.starts_with("own") {
                    let text = answer.text();
                    match nowhere.iter().find(|(path, _)| path == cell.expected.path) {
                        Some((_, other)) if *other != text => {
                            wrong.push(format!("{what}: tells more than nothing"));
                        }
                        Some(_) => {}
                        None => nowhere.push((cell.expected.path.to_owned(), text)),
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {n_cells} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(n_cells > 1000, "{n_cells}");
    assert_eq!(
        before.changed(&Content::of(&server.database()), &["session"]),
        Vec::<String>::new()
    );
}

impl Reader {
    /// T-15: whoever administers gets a refusal on every address of a record, whichever child it is.
    fn opens_no_record(&mut self, table: &[Route], all: &[Child], pairs: &[String]) {
        let records =
            table.iter().map(Expected::of).filter(|expected| expected.names != Names::Nothing);
        let records: Vec<&Expected> = records.collect();
        assert!(records.len() >= 10, "{}", records.len());
        for (child, pair) in all.iter().step_by(all.len() / 20).zip(pairs.iter().cycle()) {
            let row = child.key.trim_start_matches("c_").to_owned();
            let (key, side) = (child.key.clone(), "town_survey".to_owned());
            let told = String::new();
            let subject = Subject { child: key, row, pair: pair.clone(), side, told };
            for expected in &records {
                let path = address(expected.path, &subject, true);
                let fields = if expected.names == Names::Pair { GOOD_PAIR } else { GOOD };
                let answer = self.sends(expected, &path, fields);
                assert!(
                    matches!(answer.status, 403 | 404),
                    "{} {path}: {}",
                    self.login,
                    answer.status
                );
            }
        }
    }
}

/// The table of routes, what is expected of each by hand, and the policies say the same of every role.
#[test]
fn t20_the_table_of_routes_the_expectations_and_the_policies_agree() {
    let table = routes();
    assert_eq!(table.len(), ALL.len(), "a route that is gone is still expected");
    for route in &table {
        let expected = Expected::of(route);
        let actions = match route.needs {
            Needs::Nothing => {
                assert_eq!(expected.who, Who::Everybody, "{}", route.path);
                continue;
            }
            Needs::Session => {
                assert_ne!(expected.who, Who::Everybody, "{}", route.path);
                continue;
            }
            Needs::Action(actions) => actions,
        };
        assert_ne!(expected.who, Who::Everybody, "{}", route.path);
        for role in Role::ALL {
            let (actor, resources) = everywhere(*role);
            let permitted = actions.iter().any(|action| {
                resources.iter().any(|resource| decide(&actor, *action, resource).allowed)
            });
            assert_eq!(expected.may(*role), permitted, "{} {} {role:?}", route.method, route.path);
        }
    }
}

/// Somebody of a role with an area of each kind, and what could be asked about: a child that stands in all of them and the
/// rest.
fn everywhere(role: Role) -> (Actor, Vec<Resource>) {
    let (town, village) = ("610902104".parse().unwrap(), "铁沟村".to_owned());
    let (school, class) = ("五里小学".to_owned(), "三年级一班".to_owned());
    let areas = Areas {
        towns: [town].into(),
        villages: [(town, village.clone())].into(),
        schools: [school.clone()].into(),
        classes: [(school.clone(), class.clone())].into(),
        sources: Source::ALL.into(),
        department: (role == Role::Department).then(|| "民政局".to_owned()),
    };
    let actor = Actor { account: 1, role, areas, state: State::Active, factor: Factor::Fresh };
    let file = |source| Resource::File { source, town: Some(town), school: Some(school.clone()) };
    let files: Vec<Resource> = Source::ALL.into_iter().map(file).collect();
    let place = Place {
        town: Some(town),
        village: Some(village),
        school: Some(school),
        class: Some(class),
    };
    let mut resources = vec![
        Resource::Child(place),
        Resource::County,
        Resource::Account(1),
        Resource::Account(2),
        Resource::Log { account: 1, unit: actor.unit() },
        Resource::Task { unit: actor.unit() },
    ];
    resources.push(Resource::Export { requester: 2 });
    resources.extend(files);
    (actor, resources)
}
