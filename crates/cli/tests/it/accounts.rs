//! The operator makes accounts, and checks that nothing was changed past the program.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::Stdio,
};

use crate::program::{Engine, Program};

fn accounts_are_made_and_changed(engine: Engine) {
    let program = Program::new(engine);
    program.done(&["init"]);
    assert!(program.done(&["account", "list"]).out.contains("还没有账号"));
    let add = |login: &str, more: &[&str]| {
        program.answer(&[&["account", "add", login, "--name", "周干事", "--role"], more].concat())
    };
    let made = add("zhou", &["town", "--town", "610902104"]);
    assert_eq!(made.code, 0, "{}", made.err);
    assert!(made.out.contains("/link/"), "{}", made.out);
    for (more, word) in [
        (&["mayor"][..], "--role"),
        (&["town", "--town", "61"], "61"),
        (&["village", "--village", "610902104"], "610902104"),
        (&["department", "--source", "x"], "x"),
    ] {
        let refused = add("other", more);
        assert_eq!(refused.code, 2, "{}", refused.err);
        assert!(refused.err.contains(word), "{}", refused.err);
    }
    assert_eq!(add("ZHOU", &["town"]).code, 2, "the name is taken");
    assert_eq!(add("sys", &["system_admin"]).code, 0);
    assert_eq!(add("aud", &["audit_admin"]).code, 2, "one person, two administrators");
    program.done(&["account", "role", "zhou", "--role", "bureau", "--until", "2030-01-01"]);
    assert_eq!(program.answer(&["account", "role", "zhou", "--role", "system_admin"]).code, 2);
    program.done(&["account", "disable", "zhou"]);
    let list = program.done(&["account", "list", "--json"]).out;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list[0]["state"], "suspended");
    assert_eq!(list[0]["role"], "bureau");
    assert_eq!(list[0]["has_password"], false);
    program.done(&["account", "enable", "zhou"]);
    assert!(program.done(&["account", "reset", "zhou"]).out.contains("/link/"));
    let list = program.done(&["account", "list"]).out;
    assert!(list.contains("在用") && list.contains("教体局控辍办"), "{list}");
    assert_eq!(program.answer(&["account", "disable", "nobody"]).code, 2);
}

#[test]
fn the_operator_makes_accounts() {
    accounts_are_made_and_changed(Engine::Sqlite);
}

#[test]
fn the_operator_makes_accounts_on_postgresql() {
    accounts_are_made_and_changed(Engine::Postgres);
}

#[test]
fn a_password_comes_from_standard_input_and_weak_ones_are_refused() {
    let program = Program::new(Engine::Sqlite);
    program.done(&["init"]);
    let add = |login: &str, password: &str| {
        let line =
            ["account", "add", login, "--name", "某人", "--role", "teacher", "--password-stdin"];
        let mut command = program.command(&line);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        writeln!(child.stdin.take().unwrap(), "{password}").unwrap();
        child.wait_with_output().unwrap()
    };
    let refused = add("one", "admin123456");
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("太常见"));
    let made = add("one", "tulip-Kettle 48 窗台");
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    assert!(!String::from_utf8_lossy(&made.stdout).contains("/link/"));
}

#[test]
fn t51_verify_signs_names_and_notices_an_older_state() {
    let program = Program::new(Engine::Sqlite);
    program.done(&["init"]);
    let add = |login: &str| {
        program.done(&["account", "add", login, "--name", login, "--role", "teacher"]);
    };
    add("one");
    let database = program.path("data").join("baoxue.db");
    let yesterday = program.path("yesterday.db");
    fs::copy(&database, &yesterday).unwrap();
    // What a program that ended in a hurry has left beside the file belongs to it.
    let beside = |file: &Path| PathBuf::from(format!("{}-wal", file.display()));
    let has_wal = fs::copy(beside(&database), beside(&yesterday)).is_ok();
    add("two");
    let head = program.path("head.txt");
    let head = head.to_string_lossy();
    let signed = program.answer(&["verify", "--export-head", &head]);
    assert_eq!(signed.code, 0, "{}", signed.out);
    assert!(fs::read_to_string(head.as_ref()).unwrap().starts_with("baoxue tree head 1\nsize 4\n"));
    assert_eq!(program.answer(&["verify", "--head", &head]).code, 0);

    for end in ["-wal", "-shm"] {
        fs::remove_file(format!("{}{end}", database.display())).unwrap_or_default();
    }
    fs::copy(&yesterday, &database).unwrap();
    if has_wal {
        fs::copy(beside(&yesterday), beside(&database)).unwrap();
    }
    assert_eq!(program.answer(&["verify"]).code, 0, "inside nothing is wrong");
    let noticed = program.answer(&["verify", "--head", &head]);
    assert_eq!(noticed.code, 1);
    assert!(noticed.out.contains("旧备份被放回"), "{}", noticed.out);
    let english = program.answer(&["verify", "--head", &head, "--lang", "en"]);
    assert!(english.out.contains("an older state was put back"), "{}", english.out);

    fs::write(head.as_ref(), "no head").unwrap();
    assert_eq!(program.answer(&["verify", "--head", &head]).code, 3);
}
