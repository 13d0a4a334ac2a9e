//! Killed at any moment and run again, the end state is that of an undisturbed run (T-80).

use std::{
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use baoxue_sample::{Spec, default_towns};
use chrono::NaiveDate;

use crate::program::{Engine, Program, sample_county};

/// Rounds of two kills each: one during `import`, one during `run` on what the first left behind.
const ROUNDS: u32 = 50;

fn small_county(program: &Program) {
    let spec = Spec {
        seed: 5,
        children: 120,
        noise: 1.0,
        as_of: NaiveDate::from_ymd_opt(2019, 8, 25).unwrap(),
        style: None,
        towns: default_towns(),
    };
    baoxue_sample::county(&spec, &mut |name, bytes| {
        program.file(name, bytes);
        Ok(())
    })
    .unwrap();
}

#[test]
fn t80_killed_a_hundred_times_the_end_state_is_the_same() {
    let calm = Program::new(Engine::Sqlite);
    small_county(&calm);
    let started = Instant::now();
    calm.run(&calm.path("input"));
    let whole = started.elapsed();
    let expected = calm.exports();

    let rough = Program::new(Engine::Sqlite);
    small_county(&rough);
    let mut n_killed = 0;
    for round in 0..ROUNDS {
        // From nothing each time, so that early steps are hit as often as late ones; a little later each round.
        drop(std::fs::remove_dir_all(rough.path("data")));
        let part = f64::from(round + 1) / f64::from(ROUNDS + 1);
        n_killed += u32::from(kill_after(&rough, "import", whole.mul_f64(part / 3.0)));
        n_killed += u32::from(kill_after(&rough, "run", whole.mul_f64(part * 0.9)));
        if round % 5 == 4 {
            rough.run(&rough.path("input"));
            assert_eq!(rough.exports(), expected, "after round {round}");
            let doctor = rough.done(&["doctor"]);
            assert_eq!(doctor.code, 0, "{}", doctor.out);
        }
    }
    assert!(n_killed >= ROUNDS, "most were killed on the way: {n_killed}");
}

/// Starts the command and kills it after a while; whether it was still running.
fn kill_after(program: &Program, command: &str, after: Duration) -> bool {
    let input = program.path("input");
    let config = sample_county("county.toml").to_string_lossy().into_owned();
    let out = program.path("out").to_string_lossy().into_owned();
    let mut arguments = vec![command.to_owned()];
    if command == "run" {
        arguments.extend([input.to_string_lossy().into_owned(), "--out".to_owned(), out]);
    } else {
        let mut files: Vec<String> = std::fs::read_dir(&input)
            .unwrap()
            .map(|e| e.unwrap().path().to_string_lossy().into_owned())
            .collect();
        files.sort();
        arguments.extend(files);
    }
    arguments.extend(["--config".to_owned(), config]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut child =
        program.command(&arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    thread::sleep(after);
    let running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    running
}
