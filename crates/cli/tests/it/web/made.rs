//! The sample county as `baoxue demo` makes it, made once for all tests of a run: each begins with a copy of its own.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
    time::{Duration, SystemTime},
};

use crate::program::{copy_folder, sample_county};

/// A county that is older belongs to a run that is over.
const OLD: Duration = Duration::from_hours(2);

/// Gives a story the county in its data folder, which must not exist yet.
pub(super) fn give(data: &Path) {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    copy_folder(MADE.get_or_init(made), data);
}

/// The folder of this run's county. Tests of one run may be processes of their own: whoever comes first makes it, the
/// others wait.
#[expect(
    clippy::disallowed_methods,
    reason = "the runner of the tests names the run so and in no other way"
)]
fn made() -> PathBuf {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let run = std::env::var("NEXTEST_RUN_ID").unwrap_or_else(|_| std::process::id().to_string());
    let folder = place.join(format!("county-{run}"));
    let lock = File::create(place.join("county.lock")).unwrap();
    lock.lock().unwrap();
    let done = folder.join("done");
    if !done.exists() {
        remove_old(place, lock.metadata().unwrap().modified().unwrap());
        make(&folder);
        File::create(done).unwrap();
    }
    folder
}

/// Starts the demonstration and ends it as soon as it serves.
fn make(folder: &Path) {
    let (input, config) = (sample_county("input"), sample_county("county.toml"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_baoxue"));
    command.arg("demo").arg(input).arg("--config").arg(config);
    command.args(["--listen", "127.0.0.1:0", "--data"]).arg(folder);
    let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(server.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("http://")), "the county was not served");
    let id = server.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(server.wait().unwrap().success());
}

/// The lock was written just now: what is older than it by hours is nobody's any more.
fn remove_old(place: &Path, now: SystemTime) {
    for entry in fs::read_dir(place).unwrap().flatten() {
        let is_county = entry.file_name().to_string_lossy().starts_with("county-");
        let made = entry.metadata().and_then(|about| about.modified());
        let age = made.ok().and_then(|made| now.duration_since(made).ok());
        if is_county && age.is_some_and(|age| age > OLD) {
            // Somebody else may be removing it.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
