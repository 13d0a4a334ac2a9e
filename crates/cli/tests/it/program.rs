//! Runs the program in a folder of its own, on SQLite or PostgreSQL.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use tempfile::TempDir;

/// The databases that every story runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

/// A folder with data, files and results of one story.
pub(crate) struct Program {
    folder: TempDir,
    pub(crate) database: Option<String>,
}

/// What a command answered.
pub(crate) struct Answer {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Program {
    pub(crate) fn new(engine: Engine) -> Self {
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(baoxue_testkit::postgres::url().unwrap()),
        };
        Self { folder: TempDir::new().unwrap(), database }
    }

    /// Whether its database is a file in the data folder.
    pub(crate) fn is_sqlite(&self) -> bool {
        self.database.is_none()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the story.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The command line with `--data` and the database added.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baoxue"));
        command.args(arguments).arg("--data").arg(self.path("data"));
        if let Some(url) = &self.database {
            command.arg("--database").arg(url);
        }
        command
    }

    /// A command that knows no data folder, run in the story's own.
    pub(crate) fn plain(&self, arguments: &[&str]) -> Answer {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baoxue"));
        Answer::from(command.args(arguments).current_dir(self.folder.path()).output().unwrap())
    }

    /// The same on so many threads.
    pub(crate) fn on_threads(&self, n: usize, arguments: &[&str]) -> Answer {
        let mut command = Command::new(env!("CARGO_BIN_EXE_baoxue"));
        command.args(arguments).env("RAYON_NUM_THREADS", n.to_string());
        Answer::from(command.current_dir(self.folder.path()).output().unwrap())
    }

    pub(crate) fn answer(&self, arguments: &[&str]) -> Answer {
        Answer::from(self.command(arguments).output().unwrap())
    }

    /// Runs and fails the test when the exit code is not one of 0 and 1.
    #[track_caller]
    pub(crate) fn done(&self, arguments: &[&str]) -> Answer {
        let answer = self.answer(arguments);
        assert!(
            answer.code == 0 || answer.code == 1,
            "{arguments:?} ended with {}: {}",
            answer.code,
            answer.err
        );
        answer
    }

    /// The whole job on a folder with the sample county's configuration; results in `out`.
    #[track_caller]
    pub(crate) fn run(&self, folder: &Path) -> Answer {
        let out = self.path("out");
        self.done(&[
            "run",
            &folder.to_string_lossy(),
            "--config",
            &sample_county("county.toml").to_string_lossy(),
            "--out",
            &out.to_string_lossy(),
        ])
    }

    /// `baoxue import FILE --json` as one JSON value per file, with the exit code.
    pub(crate) fn import(&self, files: &[&Path], more: &[&str]) -> (i32, Vec<serde_json::Value>) {
        let mut arguments = vec!["import".to_owned()];
        arguments.extend(files.iter().map(|f| f.to_string_lossy().into_owned()));
        arguments.extend(more.iter().map(|a| (*a).to_owned()));
        arguments.push("--json".to_owned());
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let answer = self.answer(&arguments);
        let outcomes = answer.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        (answer.code, outcomes)
    }

    pub(crate) fn export(&self, what: &str) -> String {
        self.done(&["export", what]).out
    }

    /// What two runs over the same inputs must share.
    pub(crate) fn exports(&self) -> (String, String) {
        (self.export("links"), self.export("determinations"))
    }
}

impl From<Output> for Answer {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// A file of `examples/county`.
pub(crate) fn sample_county(name: &str) -> PathBuf {
    std::path::absolute("../../examples/county").unwrap().join(name)
}

/// Copies the files of a folder.
pub(crate) fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}
