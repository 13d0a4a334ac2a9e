//! Reading files ahead: two threads, each with a worker process, while the store takes in what was read before.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
};

use baoxue_claim::BatchId;
use baoxue_intake::{
    Context, Layouts, Reading,
    format::{FileNote, Workbook},
};
use sm3::{Digest, Sm3};
use tokio::sync::mpsc;

use super::{ImportOptions, Told, told};
use crate::{
    County,
    hex::hex,
    io_zh,
    worker::{self, WorkerError},
};

/// Files read at the same time.
const AHEAD: usize = 2;

/// Bytes of files that may be read or wait to be taken in at a time. A workbook takes some thirty times its size in
/// memory, so this bounds it; a larger file is read alone.
const IN_FLIGHT_BYTES: u64 = 26 << 20;

/// A file as read.
pub(crate) struct ReadFile {
    /// Name without folders.
    pub(crate) name: String,
    /// SM3 of its bytes.
    pub(crate) content_hash: [u8; 32],
    /// Its size.
    pub(crate) size_bytes: u64,
    /// What is in it.
    pub(crate) content: Content,
    /// Gives the file's share of memory back when it is dropped.
    pub(crate) share: Share,
}

impl ReadFile {
    /// Takes away what its sheets say by not naming somebody.
    pub(crate) fn without_reports(&mut self) {
        if let Content::Reading { reading, .. } = &mut self.content {
            reading.sheets.iter_mut().for_each(|sheet| sheet.reports.clear());
        }
    }
}

/// What is in a file.
pub(crate) enum Content {
    /// The same bytes are in the store.
    Known(BatchId),
    /// It cannot be read.
    Refused(Told),
    /// It was read.
    Reading {
        /// What the format reader noticed.
        notes: Vec<FileNote>,
        /// The rows as understood.
        reading: Reading,
    },
}

/// The readings in the order of the files.
pub(super) struct Readings {
    receiver: mpsc::Receiver<(usize, ReadFile)>,
    early: BTreeMap<usize, ReadFile>,
    next: usize,
}

impl Readings {
    /// The next file; `None` when a reading thread has died.
    pub(super) async fn next(&mut self) -> Option<ReadFile> {
        let at = self.next;
        self.next += 1;
        loop {
            if let Some(file) = self.early.remove(&at) {
                return Some(file);
            }
            let (index, file) = self.receiver.recv().await?;
            self.early.insert(index, file);
        }
    }
}

/// What the reading threads share.
struct Task {
    files: Vec<PathBuf>,
    county: County,
    options: ImportOptions,
    layouts: Layouts,
    known: Vec<(String, BatchId)>,
    next: Mutex<usize>,
    budget: Arc<Budget>,
}

/// Bytes in flight.
#[derive(Default)]
struct Budget {
    used: Mutex<u64>,
    freed: Condvar,
}

/// A file's part of the budget.
pub(crate) struct Share {
    budget: Arc<Budget>,
    bytes: u64,
}

impl Budget {
    /// Waits until the bytes fit, or nothing else is in flight.
    fn take(self: &Arc<Self>, bytes: u64) -> Share {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        while *used > 0 && *used + bytes > IN_FLIGHT_BYTES {
            used = self.freed.wait(used).unwrap_or_else(PoisonError::into_inner);
        }
        *used += bytes;
        Share { budget: Arc::clone(self), bytes }
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        *self.budget.used.lock().unwrap_or_else(PoisonError::into_inner) -= self.bytes;
        self.budget.freed.notify_all();
    }
}

/// Starts to read.
pub(super) fn ahead(
    files: &[PathBuf],
    county: &County,
    options: &ImportOptions,
    layouts: &Layouts,
    known: Vec<(String, BatchId)>,
) -> Readings {
    let task = Arc::new(Task {
        files: files.to_vec(),
        county: county.clone(),
        options: options.clone(),
        layouts: layouts.clone(),
        known,
        next: Mutex::new(0),
        budget: Arc::default(),
    });
    let (sender, receiver) = mpsc::channel(AHEAD);
    for _ in 0..AHEAD {
        let (task, sender) = (Arc::clone(&task), sender.clone());
        thread::spawn(move || {
            loop {
                let Some((index, share)) = next(&task) else { return };
                // The receiver is gone when the import was given up; then nobody wants the rest.
                if sender.blocking_send((index, read(&task.files[index], share, &task))).is_err() {
                    return;
                }
            }
        });
    }
    Readings { receiver, early: BTreeMap::new(), next: 0 }
}

/// The next file to be read with its share of the budget. Files get their shares in their order: were a later one
/// first, the earlier one that everybody waits for could not be read.
fn next(task: &Task) -> Option<(usize, Share)> {
    let mut next = task.next.lock().unwrap_or_else(PoisonError::into_inner);
    let path = task.files.get(*next)?;
    let bytes = fs::metadata(path).map_or(0, |file| file.len());
    let index = *next;
    *next += 1;
    Some((index, task.budget.take(bytes)))
}

/// The name of a file without folders, as messages and exports show it; signs that would steer a
/// terminal become `?`.
pub(crate) fn display_name(path: &Path) -> String {
    shown(&path.file_name().unwrap_or_default().to_string_lossy())
}

/// A name without signs that steer.
pub(crate) fn shown(name: &str) -> String {
    name.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

fn read(path: &Path, share: Share, task: &Task) -> ReadFile {
    let name = display_name(path);
    let (content_hash, size_bytes) = match hash(path) {
        Ok(found) => found,
        Err(error) => {
            let content = Content::Refused(unreadable(&name, &error));
            return ReadFile { name, content_hash: [0; 32], size_bytes: 0, content, share };
        }
    };
    let hex = hex(&content_hash);
    let content = match task.known.iter().find(|(known, _)| *known == hex) {
        Some((_, batch)) => Content::Known(*batch),
        None => understand(path, &name, task),
    };
    ReadFile { name, content_hash, size_bytes, content, share }
}

fn understand(path: &Path, name: &str, task: &Task) -> Content {
    let workbook = worker::read_in_worker(&task.options.program, path, &task.options.limits);
    understood(name, workbook, &task.county, (&task.options, &task.layouts))
}

/// A file that is in memory and whose bytes are not in the store.
pub(crate) fn read_bytes(
    (name, content): (&str, &[u8]),
    county: &County,
    (options, layouts): (&ImportOptions, &Layouts),
) -> ReadFile {
    let workbook = worker::read_bytes_in_worker(&options.program, (name, content), &options.limits);
    ReadFile {
        name: name.to_owned(),
        content_hash: Sm3::digest(content).into(),
        size_bytes: content.len() as u64,
        content: understood(name, workbook, county, (options, layouts)),
        share: Arc::<Budget>::default().take(0),
    }
}

/// A workbook that was never a file.
pub(super) fn of_workbook(
    (name, content_hash, size_bytes): (&str, [u8; 32], u64),
    workbook: Workbook,
    county: &County,
    (options, layouts): (&ImportOptions, &Layouts),
) -> ReadFile {
    ReadFile {
        name: name.to_owned(),
        content_hash,
        size_bytes,
        content: understood(name, Ok(workbook), county, (options, layouts)),
        share: Arc::<Budget>::default().take(0),
    }
}

fn understood(
    name: &str,
    workbook: Result<Workbook, WorkerError>,
    county: &County,
    (options, layouts): (&ImportOptions, &Layouts),
) -> Content {
    let workbook = match workbook {
        Ok(workbook) => workbook,
        Err(error) => {
            return Content::Refused(Told::of_file(name, error.code(), &error.zh(), &error.en()));
        }
    };
    if is_ours(&workbook) {
        return Content::Refused(Told::of_file(name, "OUR_OWN", OURS.0, OURS.1));
    }
    let context = Context {
        file: name,
        towns: &county.towns,
        as_of: county.settings.as_of,
        told_as_of: options.as_of,
        told_source: options.source,
        told_town: options.town,
        adult_age: county.intake.adult_age,
        layouts,
    };
    let reading = baoxue_intake::read(&workbook, &context);
    if let Some(why) = &reading.refused {
        return Content::Refused(told::of_message(name, why));
    }
    Content::Reading { notes: workbook.notes, reading }
}

/// A ledger that this program has printed would come back as evidence for itself.
const OURS: (&str, &str) = (
    "这是保学打印的台账或清单，不是来源材料，没有导入。请报送原始名单；退回修改的表可以导入。",
    "this is a ledger or list printed by Baoxue, not a source, and was not taken in; send the original list, or a returned table",
);

/// Whether a sheet carries the form mark of our own tables.
fn is_ours(workbook: &Workbook) -> bool {
    let marked = |text: &str| {
        let form = text.contains("BX-") && (text.contains("表号") || text.contains("Form"));
        form || text.starts_with("# 请回答下面的问题")
    };
    let head = workbook.sheets.iter().flat_map(|sheet| sheet.rows.iter().take(5)).flatten();
    head.into_iter().any(|cell| marked(&cell.text()))
}

fn unreadable(name: &str, error: &io::Error) -> Told {
    Told::of_file(
        name,
        "UNREADABLE",
        &format!("打不开（{}）。请检查路径和权限后重试。", io_zh(error)),
        &format!("cannot be opened ({error}); check path and permissions and try again"),
    )
}

/// SM3 and length of a file, read in blocks.
fn hash(path: &Path) -> io::Result<([u8; 32], u64)> {
    // A pipe or device could keep the program waiting for ever.
    if !fs::metadata(path)?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut file = fs::File::open(path)?;
    let mut sm3 = Sm3::new();
    let mut block = vec![0; 1 << 16];
    let mut size = 0;
    loop {
        let n = io::Read::read(&mut file, &mut block)?;
        if n == 0 {
            return Ok((sm3.finalize().into(), size));
        }
        sm3.update(&block[..n]);
        size += n as u64;
    }
}
