//! What takes two people: an import older than a day is taken back when a second person agrees.

use std::{
    io::Write as _,
    path::Path,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use baoxue_flow::people::code_at;
use sea_orm::{ConnectionTrait, Database};

use super::browser::{Browser, PASSWORD, Server};
use crate::program::{Engine, Program, sample_county};

/// The sample county with a second person in the bureau.
fn county() -> Server {
    let program = Program::new(Engine::Sqlite);
    program.run(&sample_county("input"));
    let line =
        ["account", "add", "erren", "--name", "第二人", "--role", "bureau", "--password-stdin"];
    let mut command = program.command(&line);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut running = command.spawn().unwrap();
    writeln!(running.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(running.wait().unwrap().success());
    Server::over(program, &[])
}

/// What somebody does who has the database file and no program.
pub(crate) fn execute(file: &Path, statements: &[&str]) {
    let url = format!("sqlite://{}", file.display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let db = Database::connect(url).await.unwrap();
        for statement in statements {
            db.execute_unprepared(statement).await.unwrap();
        }
        db.close().await.unwrap();
    });
}

/// Signs in and enrols an authenticator, which a wide role must have.
#[expect(clippy::disallowed_methods, reason = "an authenticator shows the code of this moment")]
pub(super) fn enrolled(server: &Server, login: &str) -> (Browser, String) {
    let mut browser = server.browser();
    assert_eq!(browser.try_sign_in(login, PASSWORD, None).status, 303);
    let page = browser.get("/me/factor").body;
    let secret = page.split("name=\"secret\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let code = code_at(secret, std::time::SystemTime::now().into()).unwrap();
    let csrf = browser.csrf(&page);
    let form = format!("csrf={csrf}&secret={secret}&code={code}&next=/");
    assert_eq!(browser.post("/me/factor", &form).status, 200);
    let secret = secret.to_owned();
    (browser, secret)
}

fn undo(browser: &mut Browser, import: &str) -> super::Answer {
    let page = browser.get("/me").body;
    let csrf = browser.csrf(&page);
    browser
        .post(&format!("{import}/undo"), &format!("csrf={csrf}&reason=%E5%8F%91%E9%94%99%E4%BA%86"))
}

/// Whether an import is in force.
fn is_live(browser: &mut Browser, import: &str) -> bool {
    let page = browser.get(import).body;
    assert!(page.contains("在用") != page.contains("已撤销"), "{page}");
    page.contains("在用")
}

#[test]
fn an_import_older_than_a_day_is_taken_back_by_two_and_by_no_one_alone() {
    let server = county();
    let back = "update batch set received_at = \
                replace(received_at, substr(received_at, 1, 10), date('now', '-3 days'))";
    execute(&server.database(), &["drop trigger batch_no_update", back]);
    let (mut one, mut other) = (server.browser(), enrolled(&server, "erren").0);
    one.sign_in("jiaotiju");
    let import = "/imports/i_4";
    assert!(one.get(import).body.contains("撤销要两个人"), "the page says that it takes two");
    assert!(is_live(&mut one, import));

    let asked = undo(&mut one, import);
    assert_eq!(asked.header("location").as_deref(), Some(import), "{}", asked.body);
    assert!(is_live(&mut one, import), "asking takes nothing back");
    assert_eq!(undo(&mut one, import).status, 409, "whoever asked is no second person");
    assert!(is_live(&mut one, import));
    let mut town = server.browser();
    town.sign_in("zhenban");
    assert_eq!(undo(&mut town, import).status, 403, "nor is whoever may not");
    let page = other.get(import).body;
    assert!(page.contains("jiaotiju"), "the second person reads who asks: {page}");

    let agreed = undo(&mut other, import);
    assert_eq!(agreed.header("location"), Some(format!("{import}/run")), "{}", agreed.body);
    let begun = Instant::now();
    while is_live(&mut other, import) {
        assert!(begun.elapsed() < Duration::from_mins(2), "{}", server.log());
        thread::sleep(Duration::from_millis(200));
    }
    assert!(other.get(import).body.contains("jiaotiju"), "who asked is kept with the reason");
    assert_eq!(undo(&mut one, import).status, 409, "once");
    let mut watcher = server.browser();
    watcher.sign_in("rizhi");
    let log = watcher.get("/audit?whose=all&act=UndoImport").body;
    for part in ["undo wanted i_4", "undo i_4", "jiaotiju", "erren"] {
        assert!(log.contains(part), "{part}: {log}");
    }
}
