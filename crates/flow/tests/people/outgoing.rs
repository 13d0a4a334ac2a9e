//! What goes out goes out once and names nobody, whatever ends the program, moves its clock or stands in a case.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use baoxue_act::{Draft, Found, Holder, Met, Office, PaperKind, Request, Visit, Visitor, What};
use baoxue_authz::{Areas, Role};
use baoxue_determine::Seat;
use baoxue_flow::{
    cases::{self, CaseBook, CaseClock},
    notices::{Carrier, Channels, Failed, Letter, Notices, Quiet, Robot, Settings},
    people::{By, Contact, Grant, NewAccount, People},
};
use baoxue_store::Store;
use baoxue_testkit::post::FakeServer;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Database, Statement};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::notices::{
    TOWN, fill, legal_and_others, moment, officials, open_case, rules, tipped_off, told_case,
};
use crate::common::{TestDatabase, later, morning, on_both_engines};

const DAY: i64 = 86_400;
const NAME: &str = "欧阳翡翠";
const ID: &str = "11010519491231002X";

/// Keeps what it is given, and does with it what the test says.
#[derive(Debug)]
struct Recorder {
    letters: Mutex<Vec<Letter>>,
    refuses: AtomicBool,
    halts: AtomicBool,
    came: UnboundedSender<()>,
}

impl Recorder {
    fn new() -> (Arc<Self>, UnboundedReceiver<()>) {
        let (came, comes) = unbounded_channel();
        let (letters, refuses, halts) = Default::default();
        (Arc::new(Self { letters, refuses, halts, came }), comes)
    }

    fn letters(&self) -> Vec<Letter> {
        self.letters.lock().unwrap().clone()
    }
}

impl Carrier for Recorder {
    fn carry(&self, letter: &Letter) -> Result<(), Failed> {
        self.letters.lock().unwrap().push(letter.clone());
        self.came.send(()).unwrap();
        while self.halts.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let refuses = self.refuses.load(Ordering::SeqCst);
        if refuses { Err(Failed::Refused("as told".to_owned())) } else { Ok(()) }
    }
}

fn by_mail(recorder: &Arc<Recorder>) -> Channels {
    let carrier: Arc<dyn Carrier> = Arc::<Recorder>::clone(recorder);
    Channels { mail: Some(carrier), ..Channels::default() }
}

fn by_all(recorder: &Arc<Recorder>) -> Channels {
    let carrier: Arc<dyn Carrier> = Arc::<Recorder>::clone(recorder);
    let offices = [TOWN, "bureau", "county", "police"].map(str::to_owned).into();
    let robot = Robot { name: "群".to_owned(), offices, carrier: Arc::clone(&carrier) };
    let sms = Some(Arc::clone(&carrier));
    Channels { mail: Some(carrier), sms, robots: vec![robot], quiet: Quiet::default() }
}

/// One look at the cases as the server has it, by a program that has just started: clocks, then notices.
async fn look(db: &TestDatabase, channels: &Channels, at: DateTime<Utc>) -> usize {
    let (store, people) = (db.store().await, db.people().await);
    let notices = Notices { store: &store, people: &people, channels };
    let book = CaseBook::load(&store).await.unwrap();
    let now = CaseClock::default().moment(at, &book);
    cases::pass(&store, &book, &rules(), now).await.unwrap();
    let book = CaseBook::load(&store).await.unwrap();
    notices.fill((&book, &rules()), now, at).await.unwrap()
}

async fn send(db: &TestDatabase, channels: &Channels, at: DateTime<Utc>) -> usize {
    let (store, people) = (db.store().await, db.people().await);
    let notices = Notices { store: &store, people: &people, channels };
    notices.send(at, moment(at).date()).await.unwrap().n_sent
}

async fn a_message_that_was_cut_off_goes_once_more_under_its_key(db: TestDatabase) {
    let (store, people) = (db.store().await, db.people().await);
    officials(&people).await;
    let (recorder, mut comes) = Recorder::new();
    let channels = by_mail(&recorder);
    let notices = Notices { store: &store, people: &people, channels: &channels };
    open_case(&store, 7, morning()).await;
    fill(&notices, morning()).await;
    recorder.halts.store(true, Ordering::SeqCst);
    // The program ends after the other side has it, and before that is noted.
    tokio::select! {
        sent = notices.send(morning(), moment(morning()).date()) => panic!("{sent:?}"),
        came = comes.recv() => came.unwrap(),
    }
    recorder.halts.store(false, Ordering::SeqCst);
    let cut = recorder.letters().remove(0);
    open_case(&store, 8, later(60)).await;
    look(&db, &channels, later(60)).await;
    // Its turn to send ends by itself; so long nobody knows that it has ended.
    assert_eq!(send(&db, &channels, later(60)).await, 0);
    assert_eq!(recorder.letters().len(), 1);
    assert!(send(&db, &channels, later(180)).await > 0);
    let after = recorder.letters().split_off(1);
    let again: Vec<&Letter> = after.iter().filter(|letter| letter.key == cut.key).collect();
    let [again] = again[..] else { panic!("{after:?}") };
    assert_eq!((&again.to, &again.text), (&cut.to, &cut.text), "what is new goes by itself");
    let keys: BTreeSet<&str> = after.iter().map(|letter| letter.key.as_str()).collect();
    assert_eq!(keys.len(), after.len());
    assert_eq!(send(&db, &channels, later(240)).await, 0);
    assert_eq!(store.check_tree().await.unwrap().fault, None);
}

async fn two_senders_at_once_send_each_message_once(db: TestDatabase) {
    let (store, people) = (db.store().await, db.people().await);
    officials(&people).await;
    let (recorder, mut comes) = Recorder::new();
    let channels = by_all(&recorder);
    for child in 7..12 {
        open_case(&store, child, morning()).await;
    }
    look(&db, &channels, morning()).await;
    let n = store.pending_notices().await.unwrap().len();
    // The second looks while the first is in the middle of a message.
    recorder.halts.store(true, Ordering::SeqCst);
    let (one, other) = tokio::join!(send(&db, &channels, morning()), async {
        comes.recv().await.unwrap();
        let other = send(&db, &channels, later(30)).await;
        recorder.halts.store(false, Ordering::SeqCst);
        other
    });
    assert_eq!((one, other), (n, 0));
    // Both begin at the same moment, again and again.
    for (round, child) in (20..25).enumerate() {
        let at = later(60 * (i64::try_from(round).unwrap() + 1));
        open_case(&store, child, at).await;
        look(&db, &channels, at).await;
        let n = store.pending_notices().await.unwrap().len();
        let (one, other) = tokio::join!(send(&db, &channels, at), send(&db, &channels, at));
        assert_eq!(one + other, n, "round {round}: {one} and {other}");
    }
    let letters = recorder.letters();
    let told: BTreeSet<(&str, &str)> =
        letters.iter().map(|letter| (letter.key.as_str(), letter.text.as_str())).collect();
    assert_eq!(told.len(), letters.len(), "no message twice");
    assert!(store.pending_notices().await.unwrap().is_empty());
}

async fn halves_that_the_night_parts_have_keys_of_their_own(db: TestDatabase) {
    let (store, people) = (db.store().await, db.people().await);
    officials(&people).await;
    let (recorder, _comes) = Recorder::new();
    let channels = by_mail(&recorder);
    // A minute before eight.
    let evening = later(11 * 3600 - 60);
    tipped_off(&store, 7, evening).await;
    look(&db, &channels, evening).await;
    recorder.refuses.store(true, Ordering::SeqCst);
    assert_eq!(send(&db, &channels, evening).await, 0);
    let whole = recorder.letters();
    let (n_legal, n_others) = legal_and_others(&store).await;
    recorder.refuses.store(false, Ordering::SeqCst);
    assert_eq!(send(&db, &channels, later(11 * 3600 + 60)).await, n_legal);
    assert_eq!(send(&db, &channels, later(22 * 3600 + 30 * 60)).await, n_others);
    let parts = recorder.letters().split_off(whole.len());
    let keys: BTreeSet<&str> = parts.iter().map(|letter| letter.key.as_str()).collect();
    assert_eq!(keys.len(), parts.len());
    let receivers: BTreeSet<&str> = parts.iter().map(|letter| letter.to.as_str()).collect();
    assert!(parts.len() > receivers.len(), "somebody's message was parted: {parts:?}");
}

async fn t84_restarts_and_clocks_that_jump_double_nothing(db: TestDatabase) {
    let (store, people) = (db.store().await, db.people().await);
    officials(&people).await;
    let (recorder, _comes) = Recorder::new();
    let channels = by_all(&recorder);
    open_case(&store, 7, morning()).await;
    let jumps = [0, 40 * DAY, 3600, 90 * DAY, 2 * DAY, 0, 41 * DAY];
    let mut made = Vec::new();
    for seconds in jumps {
        made.push(look(&db, &channels, later(seconds)).await);
        send(&db, &channels, later(seconds)).await;
    }
    assert!(made[0] > 0 && made[1] > 0, "{made:?}: what is late climbs");
    let sent = recorder.letters();
    for seconds in jumps {
        assert_eq!(look(&db, &channels, later(seconds)).await, 0, "{seconds}");
        assert_eq!(send(&db, &channels, later(seconds)).await, 0, "{seconds}");
    }
    assert_eq!(recorder.letters(), sent);
    assert!(store.pending_notices().await.unwrap().is_empty());
}

async fn a_robot_that_says_no_is_seen_and_asked_again(db: TestDatabase) {
    let (store, people) = (db.store().await, db.people().await);
    let server = FakeServer::web(r#"{"errcode":93000,"errmsg":"欧阳翡翠"}"#).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("url"), format!("http://{}/send", server.address)).unwrap();
    let text = format!(
        "[[robot]]\nname = \"镇\"\nmake = \"wecom\"\nurl-file = \"url\"\noffice = [\"{TOWN}\"]"
    );
    let settings: Settings = toml::from_str(&text).unwrap();
    let channels = settings.open(Path::new(folder.path())).unwrap();
    let notices = Notices { store: &store, people: &people, channels: &channels };
    open_case(&store, 7, morning()).await;
    let n = fill(&notices, morning()).await;
    assert!(n > 0);
    assert_eq!(send(&db, &channels, morning()).await, 0);
    let queue = notices.queues().await.unwrap().remove(0);
    assert_eq!((queue.channel.as_str(), queue.n_failing, queue.n_sent), ("robot:镇", n, 0));
    assert_eq!(queue.last_failure.unwrap().1, "refused: errcode 93000");
    assert_eq!(queue.next_at, Some(later(60)));
    server.answers(r#"{"errcode":0}"#);
    assert_eq!(send(&db, &channels, later(59)).await, 0, "its pause is not over");
    assert_eq!(send(&db, &channels, later(60)).await, n);
    assert_eq!(send(&db, &channels, later(3600)).await, 0);
    assert_eq!(server.took().len(), 2);
    let queue = notices.queues().await.unwrap().remove(0);
    assert_eq!((queue.n_failing, queue.n_waiting, queue.next_at), (0, 0, None));
}

/// Everything that people write into a case, with a child's name and number in it.
fn written() -> Vec<What> {
    let words = format!("{NAME} {ID}");
    let town = Holder { seat: Seat::TownHead, office: Office::Town(TOWN.parse().unwrap()) };
    let visit = Visit {
        on: moment(morning()).date(),
        visitors: vec![Visitor { name: words.clone(), seat: None }],
        met: Met::Guardian,
        found: Found::AtHome,
        words: words.clone(),
        promised: None,
        next: None,
        heard: baoxue_act::Heard::default(),
        employer: None,
    };
    let request = Request {
        request: 1,
        department: "police".to_owned(),
        task: "tracing".to_owned(),
        within: "3 days".parse().unwrap(),
        words: words.clone(),
    };
    let draft = Draft {
        paper: 1,
        kind: PaperKind::ReturnNotice,
        issuer: town.clone(),
        until: None,
        fields: [(words.clone(), words.clone())].into(),
    };
    let within = "2 days".parse().unwrap();
    vec![
        What::OwnerNamed { owner: words.clone() },
        What::Visited(visit),
        What::Asked(request),
        What::Instructed { instruction: 1, to: town, words: words.clone(), within },
        What::Drafted(draft),
        What::LegalStep { on: moment(morning()).date(), words: words.clone() },
        What::Noted { words },
    ]
}

async fn account(people: &People, login: &str, grant: Grant) -> i64 {
    let (login, name) = (login.to_owned(), format!("{NAME} {ID}"));
    let new = NewAccount { login, name, grant, password: None };
    let account = people.create(By::Operator, new, morning()).await.unwrap().id;
    let mail = format!("a{account}@county.example");
    let contact = Contact { mail, phone: "13800000000".to_owned() };
    people.set_contact(account, &contact, morning()).await.unwrap();
    account
}

/// Officials whose areas are called like a child, and a department that is asked.
async fn namesakes(people: &People) -> Vec<i64> {
    let of = |role, areas| Grant { role, areas, until: None };
    let mut village = Areas::default();
    village.villages.insert((TOWN.parse().unwrap(), NAME.to_owned()));
    let mut school = Areas::default();
    school.schools.insert(NAME.to_owned());
    let police = rules().departments.into_iter().find(|known| known.id == "police").unwrap();
    let department = Areas { department: Some(police.zh), ..Areas::default() };
    vec![
        account(people, "cunganbu", of(Role::Village, village)).await,
        account(people, "xiaozhang", of(Role::Principal, school)).await,
        account(people, "gongan", of(Role::Department, department)).await,
        account(people, "jiaoyuju", of(Role::Bureau, Areas::default())).await,
        account(people, "quzhang", of(Role::CountyLeader, Areas::default())).await,
    ]
}

async fn keys_and_bodies(store: &Store, accounts: &[i64]) -> String {
    let mut all = String::new();
    for pending in store.pending_notices().await.unwrap() {
        writeln!(all, "{} {}", pending.key, pending.body).unwrap();
    }
    for account in accounts {
        for told in store.notices_of(*account, (0, 1000)).await.unwrap() {
            writeln!(all, "{}", told.body).unwrap();
        }
    }
    all
}

async fn t23_a_childs_name_in_every_field_never_leaves(db: TestDatabase) {
    let (store, people) = (db.store().await, db.people().await);
    let accounts = namesakes(&people).await;
    let (recorder, _comes) = Recorder::new();
    let channels = by_all(&recorder);
    let notices = Notices { store: &store, people: &people, channels: &channels };
    told_case(&store, 7, (NAME, morning()), written()).await;
    let mut kept = String::new();
    for days in [0, 2, 40] {
        let at = later(days * DAY);
        assert!(look(&db, &channels, at).await > 0, "{days}");
        notices.imported(accounts[0], 1, at).await.unwrap();
        kept += &keys_and_bodies(&store, &accounts).await;
        send(&db, &channels, at).await;
    }
    let letters = recorder.letters();
    let to: BTreeSet<&str> = letters.iter().map(|letter| letter.to.as_str()).collect();
    assert_eq!(to.len(), accounts.len() + 2, "each by mail, the number of all, the robot: {to:?}");
    for said in letters.iter().map(|letter| &letter.text).chain([&kept]) {
        assert!(said.contains("k_1") || said.contains("文件"), "{said}");
        assert!(!said.contains(NAME) && !said.contains(ID) && !said.contains("翡翠"), "{said}");
    }
    assert!(kept.contains("climbed") && kept.contains("imported"));
}

async fn t62_addresses_of_accounts_are_sealed(db: TestDatabase) {
    let people = db.people().await;
    account(
        &people,
        "jiaoyuju",
        Grant { role: Role::Bureau, areas: Areas::default(), until: None },
    )
    .await;
    let raw = Database::connect(&db.url).await.unwrap();
    let sql = "select body from account_event";
    let rows = raw.query_all_raw(Statement::from_string(raw.get_database_backend(), sql)).await;
    let kept: Vec<Vec<u8>> =
        rows.unwrap().iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    assert!(kept.len() > 1);
    for clear in ["13800000000", "@county.example"].map(str::as_bytes) {
        let is_there = |body: &Vec<u8>| body.windows(clear.len()).any(|part| part == clear);
        assert!(!kept.iter().any(is_there), "sealed at rest (T-62)");
    }
    let contact = people.accounts().await.unwrap().remove(0).contact;
    assert_eq!(contact.phone, "13800000000");
    assert_eq!(format!("{contact:?}"), "Contact");
}

on_both_engines!(
    a_message_that_was_cut_off_goes_once_more_under_its_key,
    two_senders_at_once_send_each_message_once,
    halves_that_the_night_parts_have_keys_of_their_own,
    t84_restarts_and_clocks_that_jump_double_nothing,
    a_robot_that_says_no_is_seen_and_asked_again,
    t23_a_childs_name_in_every_field_never_leaves,
    t62_addresses_of_accounts_are_sealed,
);
