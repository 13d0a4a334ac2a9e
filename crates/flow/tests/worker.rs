//! The process boundary of reading, tried with workers that misbehave in every way.
//!
//! This program is both sides: started as a worker it either does the real work or, told by the ending of the file
//! name, hangs, floods, crashes or lies. That is why it has a `main` of its own.

#![expect(clippy::unwrap_used, reason = "all of it is test code, though not marked as tests")]

use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::{self, ExitCode},
    thread,
    time::{Duration, Instant},
};

use baoxue_flow::worker::{
    ARENA, WORKER_COMMAND, WorkerError, WorkerLimits, read_in_worker, worker_main,
};
use baoxue_intake::format::{Limits, Workbook};

const TRIALS: [(&str, fn()); 8] = [
    ("a_list_is_read_through_the_pipe", a_list_is_read_through_the_pipe),
    ("a_refusal_comes_through_the_pipe", a_refusal_comes_through_the_pipe),
    ("t42_too_little_memory_ends_the_worker_only", t42_too_little_memory_ends_the_worker_only),
    ("t42_too_little_time_ends_the_worker_only", t42_too_little_time_ends_the_worker_only),
    ("t42_a_hanging_worker_is_killed", t42_a_hanging_worker_is_killed),
    ("t42_a_flood_is_cut_off", t42_a_flood_is_cut_off),
    ("t42_crashes_and_lies_are_refused", t42_crashes_and_lies_are_refused),
    ("folders_and_missing_files_are_refused", folders_and_missing_files_are_refused),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == WORKER_COMMAND) {
        return worker(&arguments[1..]);
    }
    // The little that test runners ask of a test program: a list, a part of a name, the ignored ones (none).
    let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
    let wanted = arguments.iter().find(|argument| !argument.starts_with('-'));
    let mut output = io::stdout().lock();
    for (name, trial) in TRIALS {
        let chosen = wanted.is_none_or(|part| name.contains(part.as_str()));
        if !chosen || has("--ignored") {
            continue;
        }
        if has("--list") {
            writeln!(output, "{name}: test").unwrap();
            continue;
        }
        trial();
        writeln!(output, "test {name} ... ok").unwrap();
    }
    ExitCode::SUCCESS
}

fn worker(arguments: &[String]) -> ExitCode {
    match arguments.first().and_then(|name| name.split_once('.')).map(|(_, ending)| ending) {
        Some("hang") => loop {
            thread::sleep(Duration::from_secs(1));
        },
        Some("flood") => {
            let block = vec![b'x'; 1 << 16];
            while io::stdout().write_all(&block).is_ok() {}
            ExitCode::SUCCESS
        }
        Some("abort") => process::abort(),
        Some("lie") => {
            io::stdout().write_all(b"baoxue1\n\x01\x02[]\xFF\xFF\xFF\xFF\x0F").unwrap();
            ExitCode::SUCCESS
        }
        Some("silent") => ExitCode::SUCCESS,
        // A worker must see no environment, where keys and passwords may be.
        Some("env") if env::vars_os().any(|(name, _)| name != ARENA.0) => process::abort(),
        _ => worker_main(arguments),
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR"))
}

/// A file in the folder that cargo keeps for tests; each trial names its own.
fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = folder().join(name);
    fs::write(&path, content).unwrap();
    path
}

fn read(path: &Path, limits: &WorkerLimits) -> Result<Workbook, WorkerError> {
    read_in_worker(&env::current_exe().unwrap(), path, limits)
}

#[track_caller]
fn failure(path: &Path, limits: &WorkerLimits) -> &'static str {
    let error = read(path, limits).unwrap_err();
    assert!(!error.zh().is_empty() && !error.en().is_empty());
    error.code()
}

fn a_list_is_read_through_the_pipe() {
    let path = file("list.env", "姓名,村\n张小雨,流水村\n".as_bytes());
    let book = read(&path, &WorkerLimits::default()).unwrap();
    assert_eq!(book.sheets[0].rows[1][0].text(), "张小雨");
}

fn a_refusal_comes_through_the_pipe() {
    let path = file("scan.xlsx", b"%PDF-1.7");
    assert_eq!(failure(&path, &WorkerLimits::default()), "FILE_NOT_A_WORKBOOK");
    let small = Limits { file_bytes: 3, ..Limits::DEFAULT };
    let limits = WorkerLimits { file: small, ..WorkerLimits::default() };
    assert_eq!(failure(&path, &limits), "FILE_TOO_LARGE");
}

fn t42_too_little_memory_ends_the_worker_only() {
    let path = file("memory.csv", "张小雨,流水村\n".repeat(400_000).as_bytes());
    let limits = WorkerLimits { address_space_bytes: 24 << 20, ..WorkerLimits::default() };
    assert_eq!(failure(&path, &limits), "WORKER_MEMORY");
    assert!(read(&path, &WorkerLimits::default()).is_ok());
}

fn t42_too_little_time_ends_the_worker_only() {
    let path = file("time.csv", "a,b\n".repeat(12_000_000).as_bytes());
    let endless = Limits { rows: u32::MAX, cells: u64::MAX, ..Limits::DEFAULT };
    let limits = WorkerLimits {
        cpu_seconds: 1,
        address_space_bytes: 8 << 30,
        file: endless,
        ..WorkerLimits::default()
    };
    assert_eq!(failure(&path, &limits), "WORKER_TIME");
    fs::remove_file(path).unwrap();
}

fn t42_a_hanging_worker_is_killed() {
    let path = file("list.hang", b"a,b");
    let started = Instant::now();
    let limits = WorkerLimits { wall_seconds: 1, ..WorkerLimits::default() };
    assert_eq!(failure(&path, &limits), "WORKER_TIME");
    assert!(started.elapsed() < Duration::from_secs(10));
}

fn t42_a_flood_is_cut_off() {
    let path = file("list.flood", b"a,b");
    let limits = WorkerLimits { output_bytes: 1 << 20, ..WorkerLimits::default() };
    assert_eq!(failure(&path, &limits), "WORKER_OUTPUT");
}

fn t42_crashes_and_lies_are_refused() {
    let limits = WorkerLimits::default();
    assert_eq!(failure(&file("list.abort", b"a,b"), &limits), "WORKER_MEMORY");
    assert_eq!(failure(&file("list.lie", b"a,b"), &limits), "WORKER_CRASHED");
    assert_eq!(failure(&file("list.silent", b"a,b"), &limits), "WORKER_CRASHED");
    let nowhere = folder().join("no-such-program");
    let error = read_in_worker(&nowhere, &file("list.csv", b"a,b"), &limits).unwrap_err();
    assert_eq!(error.code(), "WORKER_START");
}

fn folders_and_missing_files_are_refused() {
    let limits = WorkerLimits::default();
    assert_eq!(failure(&folder(), &limits), "FILE_UNREADABLE");
    assert_eq!(failure(&folder().join("missing.csv"), &limits), "FILE_UNREADABLE");
}
