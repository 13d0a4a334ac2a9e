//! A private PostgreSQL cluster for the tests of one process, without containers and without root.
//!
//! It lives in a temporary folder, listens on a socket in that folder only, and goes away with the process that asked
//! for it, however that one ends: a shell beside it waits for the end of a pipe that only the test process holds.

use std::{
    io::{BufRead, BufReader, Read},
    os::unix::{fs::MetadataExt, process::CommandExt},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

/// Why there is no cluster.
#[derive(Clone, Debug)]
pub struct ClusterError(String);

impl std::fmt::Display for ClusterError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no PostgreSQL for the tests: {}", self.0)
    }
}

impl std::error::Error for ClusterError {}

/// The address of a fresh, empty database on the cluster of this process, which the first call starts.
///
/// # Errors
/// [`ClusterError`] when PostgreSQL is not installed or does not start. Tests must fail then, not pass over it.
pub fn url() -> Result<String, ClusterError> {
    static CLUSTER: OnceLock<Result<Cluster, ClusterError>> = OnceLock::new();
    static DATABASES: AtomicU32 = AtomicU32::new(1);
    let cluster = CLUSTER.get_or_init(Cluster::start).as_ref().map_err(Clone::clone)?;
    let name = format!("test_{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    cluster.create_database(&name)?;
    Ok(format!("postgres://baoxue@localhost/{name}?host={}", cluster.folder))
}

/// Prints the folder of programs and of the cluster when it answers, then waits for the end of its input.
const SCRIPT: &str = r#"
set -eu
bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
if [ -z "$bin" ] && command -v initdb >/dev/null; then bin=$(dirname "$(command -v initdb)"); fi
if [ -z "$bin" ]; then
    echo "initdb is not installed; 'make test' installs it (apt-get install postgresql)" >&2
    exit 3
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$bin/initdb" --pgdata "$folder/data" --username baoxue --auth trust --encoding UTF8 --locale C \
    --no-sync >"$folder/log" 2>&1 || { cat "$folder/log" >&2; exit 1; }
"$bin/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c max_connections=200 \
    >>"$folder/log" 2>&1 &
server=$!
until "$bin/pg_isready" --quiet --host "$folder"; do
    kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
    sleep 0.05
done
echo "$bin"
echo "$folder"
read -r _ || true
kill -INT "$server"
wait "$server" || true
"#;

struct Cluster {
    /// Folder of the programs.
    programs: String,
    /// Folder of the cluster and its socket.
    folder: String,
    /// Holds the pipe; when it closes the shell ends the cluster.
    _shell: Child,
}

impl Cluster {
    fn start() -> Result<Self, ClusterError> {
        let mut shell = as_ordinary_user("sh");
        shell.args(["-c", SCRIPT]);
        let fail = |error: std::io::Error| ClusterError(error.to_string());
        let mut shell = shell
            // Not ended by an interrupt from the keyboard before it has cleaned up.
            .process_group(0)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(fail)?;
        let mut said = Vec::new();
        if let Some(out) = shell.stdout.take() {
            said = BufReader::new(out).lines().take(2).collect::<Result<_, _>>().map_err(fail)?;
        }
        let [programs, folder] =
            said.try_into().map_err(|_| ClusterError(complaint(&mut shell)))?;
        Ok(Self { programs, folder, _shell: shell })
    }

    fn create_database(&self, name: &str) -> Result<(), ClusterError> {
        let done = Command::new(format!("{}/createdb", self.programs))
            .args(["--host", &self.folder, "--username", "baoxue", name])
            .output()
            .map_err(|error| ClusterError(error.to_string()))?;
        if done.status.success() {
            return Ok(());
        }
        Err(ClusterError(String::from_utf8_lossy(&done.stderr).into_owned()))
    }
}

/// What the shell wrote before it gave up.
fn complaint(shell: &mut Child) -> String {
    let mut text = String::new();
    if let Some(err) = shell.stderr.as_mut() {
        // What can be read says more than why the rest cannot.
        let _ = err.read_to_string(&mut text);
    }
    text
}

/// PostgreSQL refuses to run as root; its packages bring a user of that name.
fn as_ordinary_user(program: &str) -> Command {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    if !is_root {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    // The temporary folder of root may be closed to others.
    command.args(["-u", "postgres", "--", program]).env_remove("TMPDIR");
    command
}
