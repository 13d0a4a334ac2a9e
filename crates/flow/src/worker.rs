//! The process boundary of reading (T-42): a hostile file ends a worker, never the program.
//!
//! The program starts itself again with a hidden command. The worker limits its own memory and time before it reads a
//! byte, gets the file as its standard input, sees no environment, and answers on its standard output in the form of
//! [`baoxue_intake::wire`]. The program reads no more than it allowed and waits no longer than it allowed.

mod error;

use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
    process::{Child, ChildStdout, Command, ExitCode, ExitStatus, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use baoxue_intake::{
    format::{self, Limits, OpenError, Workbook},
    wire,
};

pub use error::WorkerError;

/// The hidden command of the program that runs [`worker_main`] with the arguments after it.
pub const WORKER_COMMAND: &str = "__read-file";

/// The program's allocator takes a gigabyte of address space at a time, as much as a worker may have at all; in steps of
/// 64 MiB (the unit is KiB) it comes as far as the limit lets it.
pub const ARENA: (&str, &str) = ("MIMALLOC_ARENA_RESERVE", "65536");

/// Exit code of a worker that could not limit itself or was started wrongly; 0 is an answer, good or bad.
const NOT_READY: u8 = 3;
/// Time between looks at a worker that has answered but not ended.
const POLL: Duration = Duration::from_millis(2);

/// What one reading process may spend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerLimits {
    /// Address space, in bytes.
    pub address_space_bytes: u64,
    /// Processor time, in seconds.
    pub cpu_seconds: u64,
    /// Time on the clock, in seconds.
    pub wall_seconds: u64,
    /// Length of the answer, in bytes.
    pub output_bytes: u64,
    /// What a file may contain.
    pub file: Limits,
}

impl Default for WorkerLimits {
    /// 1 GiB, 60 s of processor and 90 s of clock, 320 MiB of answer: what ten million cells with 200 MiB of text take.
    fn default() -> Self {
        Self {
            address_space_bytes: 1 << 30,
            cpu_seconds: 60,
            wall_seconds: 90,
            output_bytes: 320 << 20,
            file: Limits::DEFAULT,
        }
    }
}

/// Reads a file in a process of its own.
///
/// `program` must run [`worker_main`] when its first argument is [`WORKER_COMMAND`].
///
/// # Errors
/// [`WorkerError`]; whatever the file does, this returns within the time allowed and the worker is gone.
pub fn read_in_worker(
    program: &Path,
    file: &Path,
    limits: &WorkerLimits,
) -> Result<Workbook, WorkerError> {
    let content = open_regular(file, limits)?;
    Worker::start(program, file, content.into(), limits)?.workbook(limits)
}

/// The same for a file that is in memory, such as one that is kept sealed; of its name the ending counts.
///
/// # Errors
/// Those of [`read_in_worker`].
pub fn read_bytes_in_worker(
    program: &Path,
    (name, content): (&str, &[u8]),
    limits: &WorkerLimits,
) -> Result<Workbook, WorkerError> {
    check_size(content.len() as u64, limits)?;
    thread::scope(|scope| {
        let mut worker = Worker::start(program, Path::new(name), Stdio::piped(), limits)?;
        if let Some(mut input) = worker.child.stdin.take() {
            // A worker that ends early takes no more; why it ended is told by how it did.
            scope.spawn(move || drop(input.write_all(content)));
        }
        worker.workbook(limits)
    })
}

/// Opens a file, but neither a folder nor a pipe or device, which could keep the program waiting.
fn open_regular(path: &Path, limits: &WorkerLimits) -> Result<File, WorkerError> {
    let meta = std::fs::metadata(path).map_err(WorkerError::File)?;
    if !meta.is_file() {
        return Err(WorkerError::File(io::ErrorKind::InvalidInput.into()));
    }
    check_size(meta.len(), limits)?;
    File::open(path).map_err(WorkerError::File)
}

fn check_size(bytes: u64, limits: &WorkerLimits) -> Result<(), WorkerError> {
    let limit = limits.file.file_bytes;
    if bytes > limit {
        return Err(WorkerError::Refused(OpenError::TooLarge { bytes, limit }));
    }
    Ok(())
}

/// The arguments of a worker. Of the name of the file only its ending is told: arguments can be seen by every user of
/// the machine.
fn arguments(file: &Path, limits: &WorkerLimits) -> [String; 7] {
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    let ending: String = ending.chars().filter(char::is_ascii_alphanumeric).take(8).collect();
    let f = limits.file;
    let file_limits = [
        f.file_bytes,
        f.unpacked_bytes,
        f.zip_members.into(),
        f.ratio.into(),
        f.cells,
        f.columns.into(),
        f.rows.into(),
        f.text_bytes,
    ];
    let file_limits: Vec<String> = file_limits.iter().map(u64::to_string).collect();
    [
        WORKER_COMMAND.to_owned(),
        format!("file.{ending}"),
        limits.address_space_bytes.to_string(),
        limits.cpu_seconds.to_string(),
        limits.wall_seconds.to_string(),
        limits.output_bytes.to_string(),
        file_limits.join(","),
    ]
}

/// The name for messages and the limits in the arguments of a worker after the command.
fn parse_arguments(arguments: &[String]) -> Option<(&str, WorkerLimits)> {
    let [name, address_space, cpu, wall, output, file] = arguments else { return None };
    let numbers: Vec<u64> = file.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
    let [file_bytes, unpacked_bytes, members, ratio, cells, columns, rows, text_bytes] =
        *numbers.as_slice()
    else {
        return None;
    };
    let limits = WorkerLimits {
        address_space_bytes: address_space.parse().ok()?,
        cpu_seconds: cpu.parse().ok()?,
        wall_seconds: wall.parse().ok()?,
        output_bytes: output.parse().ok()?,
        file: Limits {
            file_bytes,
            unpacked_bytes,
            zip_members: u32::try_from(members).ok()?,
            ratio: u32::try_from(ratio).ok()?,
            cells,
            columns: u32::try_from(columns).ok()?,
            rows: u32::try_from(rows).ok()?,
            text_bytes,
        },
    };
    Some((name, limits))
}

/// A started worker, ended at the latest when it is dropped.
struct Worker {
    child: Child,
    deadline: Instant,
}

impl Drop for Worker {
    fn drop(&mut self) {
        // Both fail only when the worker is gone already, which is what is wanted.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Worker {
    fn start(
        program: &Path,
        file: &Path,
        content: Stdio,
        limits: &WorkerLimits,
    ) -> Result<Self, WorkerError> {
        let deadline = Instant::now() + Duration::from_secs(limits.wall_seconds);
        let child = Command::new(program)
            .args(arguments(file, limits))
            .env_clear()
            .env(ARENA.0, ARENA.1)
            .stdin(content)
            .stdout(Stdio::piped())
            // A message of a crash may quote the file, that is, a person.
            .stderr(Stdio::null())
            .spawn()
            .map_err(WorkerError::Start)?;
        Ok(Self { child, deadline })
    }

    /// The workbook that the worker has read.
    fn workbook(&mut self, limits: &WorkerLimits) -> Result<Workbook, WorkerError> {
        let answer = self.answer(limits.output_bytes)?;
        let status = self.status()?;
        if !status.success() {
            return Err(ending(status));
        }
        let result = wire::decode(&answer).map_err(|_| WorkerError::Crashed)?;
        result.map_err(WorkerError::Refused)
    }

    /// What the worker writes until it closes its output.
    fn answer(&mut self, output_bytes: u64) -> Result<Vec<u8>, WorkerError> {
        let deadline = self.deadline;
        let Some(output) = self.child.stdout.take() else { return Err(WorkerError::Crashed) };
        let (sender, receiver) = mpsc::channel();
        thread::Builder::new()
            .name("worker-answer".to_owned())
            .spawn(move || {
                // Nobody listens any more when the time is over; killing the worker then ends this thread.
                drop(sender.send(read_bounded(output, output_bytes)));
            })
            .map_err(WorkerError::Start)?;
        match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(Ok(answer)) if answer.len() as u64 > output_bytes => Err(WorkerError::Output),
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) | Err(RecvTimeoutError::Disconnected) => Err(WorkerError::Crashed),
            Err(RecvTimeoutError::Timeout) => Err(WorkerError::Time),
        }
    }

    /// How the worker ended.
    fn status(&mut self) -> Result<ExitStatus, WorkerError> {
        loop {
            match self.child.try_wait() {
                Ok(Some(status)) => return Ok(status),
                Ok(None) if Instant::now() < self.deadline => thread::sleep(POLL),
                Ok(None) => return Err(WorkerError::Time),
                Err(error) => return Err(WorkerError::Start(error)),
            }
        }
    }
}

/// Reads to the end, or one byte more than allowed.
fn read_bounded(output: ChildStdout, output_bytes: u64) -> io::Result<Vec<u8>> {
    let mut answer = Vec::new();
    output.take(output_bytes.saturating_add(1)).read_to_end(&mut answer)?;
    Ok(answer)
}

/// Which limit ended a worker. Allocation failure aborts a Rust program; the system sends a signal of its own when the
/// processor time is up, and kills when that is ignored.
#[cfg(unix)]
fn ending(status: ExitStatus) -> WorkerError {
    use std::os::unix::process::ExitStatusExt;

    const ABORT: i32 = 6;
    const KILL: i32 = 9;
    const CPU_TIME: i32 = 24;
    match status.signal() {
        Some(ABORT) => WorkerError::Memory,
        Some(CPU_TIME | KILL) => WorkerError::Time,
        None if status.code() == Some(NOT_READY.into()) => {
            WorkerError::Start(io::ErrorKind::Unsupported.into())
        }
        Some(_) | None => WorkerError::Crashed,
    }
}

#[cfg(not(unix))]
fn ending(status: ExitStatus) -> WorkerError {
    if status.code() == Some(NOT_READY.into()) {
        return WorkerError::Start(io::ErrorKind::Unsupported.into());
    }
    WorkerError::Crashed
}

/// The whole life of a worker: limits itself, reads standard input, answers on standard output. `arguments` are those
/// after [`WORKER_COMMAND`].
pub fn worker_main(arguments: &[String]) -> ExitCode {
    let Some((name, limits)) = parse_arguments(arguments) else { return NOT_READY.into() };
    if limit_myself(&limits).is_err() {
        return NOT_READY.into();
    }
    let mut content = Vec::new();
    let most = limits.file.file_bytes.saturating_add(1);
    match io::stdin().lock().take(most).read_to_end(&mut content) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::OutOfMemory => std::process::abort(),
        Err(_) => return NOT_READY.into(),
    }
    let result = format::open(name, &content, &limits.file);
    drop(content);
    let mut output = io::stdout().lock();
    match output.write_all(&wire::encode(&result)).and_then(|()| output.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        // The program has stopped listening.
        Err(_) => ExitCode::FAILURE,
    }
}

/// No more memory and time than told; no core dumps, which would hold names; no files written, hardly any opened, no
/// processes started.
#[cfg(unix)]
fn limit_myself(limits: &WorkerLimits) -> io::Result<()> {
    use rlimit::Resource;

    /// The three standard streams, and a little for the C library.
    const FILES: u64 = 8;
    let cpu = limits.cpu_seconds;
    let wanted = [
        (Resource::AS, limits.address_space_bytes, limits.address_space_bytes),
        // The signal at the soft limit says why; the hard one a second later cannot be ignored.
        (Resource::CPU, cpu, cpu.saturating_add(1)),
        (Resource::CORE, 0, 0),
        (Resource::FSIZE, 0, 0),
        (Resource::NOFILE, FILES, FILES),
        (Resource::NPROC, 0, 0),
    ];
    for (resource, soft, hard) in wanted {
        let set = rlimit::setrlimit(resource, soft, hard);
        // Systems other than Linux do not know all of these; what they know is set.
        if cfg!(target_os = "linux") {
            set?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn limit_myself(_limits: &WorkerLimits) -> io::Result<()> {
    Ok(())
}
