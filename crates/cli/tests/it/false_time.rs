//! The program under a clock that jumps (T-84): the real binary, whose clock a small library moves.

use std::{collections::BTreeSet, path::PathBuf, process::Command};

use serde_json::Value;

use crate::{
    program::{Answer, Engine, Program, sample_county},
    web::browser::Server,
};

const DAY: i64 = 86_400;

/// Moves the clock of the machine, and no other, by so many seconds as the environment says.
const SHIM: &str = "\
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, \"clock_gettime\");
    int done = real(id, at);
    const char *by = getenv(\"FALSE_TIME\");
    if (done == 0 && id == CLOCK_REALTIME && by) at->tv_sec += atol(by);
    return done;
}
";

/// A county whose clock can be moved.
struct Jumping {
    program: Program,
    shim: PathBuf,
}

impl Jumping {
    fn new(engine: Engine) -> Self {
        let program = Program::new(engine);
        let (source, shim) = (program.file("shim.c", SHIM), program.path("shim.so"));
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-o"]).arg(&shim).arg(&source).arg("-ldl");
        assert!(compiler.status().unwrap().success(), "a C compiler, as for building");
        program.run(&sample_county("input"));
        Self { program, shim }
    }

    /// Runs a command as if so many days had passed.
    fn after(&self, days: i64, arguments: &[&str]) -> Answer {
        let mut command = self.program.command(arguments);
        command.env("LD_PRELOAD", &self.shim).env("FALSE_TIME", (days * DAY).to_string());
        let answer = Answer::from(command.output().unwrap());
        assert!(answer.code <= 1, "{arguments:?}: {} {}", answer.code, answer.err);
        answer
    }

    /// One look at the clock: how many steps were climbed, and whether it said that it is held.
    fn pass(&self, days: i64) -> (u64, bool) {
        let answer = self.after(days, &["cases", "pass", "--json"]);
        let told: Value = serde_json::from_str(&answer.out).unwrap();
        assert_eq!(answer.err.contains("案件计时停在"), !told["held"].is_null(), "{}", answer.err);
        (told["climbed"].as_u64().unwrap(), !told["held"].is_null())
    }

    /// Somebody records something, when so many days have passed.
    fn notes(&self, days: i64) {
        let what = self.program.file("what.json", r#"{"what":"noted","words":"电话联系"}"#);
        let what = what.to_string_lossy().into_owned();
        self.after(days, &["cases", "record", "k_1", &what, "--by", "甲"]);
    }

    /// Every step of a ladder that was taken: case, duty, rung. Fails when one was taken twice.
    fn climbed(&self) -> BTreeSet<String> {
        let list = self.program.done(&["cases", "list", "--json"]).out;
        let list: Value = serde_json::from_str(&list).unwrap();
        let mut all = BTreeSet::new();
        for case in list["cases"].as_array().unwrap() {
            let key = case["case"].as_str().unwrap();
            let case = self.program.done(&["cases", "show", key, "--json"]).out;
            let case: Value = serde_json::from_str(&case).unwrap();
            for event in case["events"].as_array().unwrap() {
                let what = &event["what"];
                if what["what"] == "climbed" {
                    let step = format!("{key} {} {}", what["duty"], what["rung"]);
                    assert!(all.insert(step.clone()), "twice: {step}");
                }
            }
        }
        all
    }
}

fn jumps(engine: Engine) {
    let county = Jumping::new(engine);
    assert!(!county.pass(3).1);
    county.notes(3);
    assert_eq!(county.pass(3), (0, false), "once");
    // Set back: nothing is taken back or taken twice, and the program says that its clocks are held.
    assert_eq!(county.pass(0), (0, true));
    assert_eq!(county.pass(-3), (0, true));
    let (climbed, held) = county.pass(400);
    assert!(climbed > 0 && !held);
    for days in [400, 3, 0, -400] {
        assert_eq!(county.pass(days), (0, days < 399), "{days}");
    }
    let doctor = county.after(0, &["doctor"]);
    assert!(doctor.code == 1 && doctor.out.contains("案件计时停在"), "{}", doctor.out);
    assert!(!county.after(400, &["doctor"]).out.contains("案件计时停在"));
    assert_eq!(county.after(0, &["verify"]).code, 0);
    let all = county.climbed();
    // What a county whose clock went straight there has climbed.
    let straight = Jumping::new(engine);
    straight.pass(3);
    straight.notes(3);
    straight.pass(400);
    assert_eq!(straight.climbed(), all, "none lost, none doubled");
}

#[test]
fn t84_a_clock_that_jumps_by_three_and_four_hundred_days_loses_and_doubles_nothing() {
    jumps(Engine::Sqlite);
}

#[test]
fn t84_a_clock_that_jumps_by_three_and_four_hundred_days_on_postgresql() {
    jumps(Engine::Postgres);
}

#[test]
fn t84_pages_say_that_the_clocks_of_cases_are_held() {
    let county = Jumping::new(Engine::Sqlite);
    assert!(county.pass(400).0 > 0);
    let server = Server::over(county.program, &[]);
    let [mut bureau, mut town, mut system] = ["jiaotiju", "zhenban", "xitong"].map(|login| {
        let mut browser = server.browser();
        browser.sign_in(login);
        browser
    });
    let today = bureau.get("/today").body;
    assert!(today.contains("案件计时停在") && today.contains("人工盯住"), "{today}");
    assert!(!town.get("/today").body.contains("案件计时停在"), "a town cannot mend it");
    let health = system.get("/admin/health").body;
    assert!(health.contains("案件计时停在") && health.contains("核对机器时间"), "{health}");
}
