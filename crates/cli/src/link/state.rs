//! What is kept of a linkage in its folder, so that files can come and go later.

use std::{
    collections::{HashMap, HashSet},
    fs::{File, TryLockError},
    io::{Read, Write},
    path::{Path, PathBuf},
};

use baoxue_columnar::Ids;
use baoxue_link::{
    Constraints, LinkError, Linker, Model,
    saved::{Damaged, Digested, Pieces, digest, put, put_bytes},
};
use clap::ArgMatches;
use serde::{Deserialize, Serialize};

use crate::{args, failure::Failure, lang::Lang};

use super::{fault, files, load::Job, names::Names};

/// The file in the folder of results.
const NAME: &str = "state.bin";

/// The file that is locked by whoever changes the folder.
const LOCK: &str = "state.lock";

/// Begins the file; the last figure grows with its form.
const MARK: &[u8; 8] = b"BXSTATE2";

/// A linkage that goes on.
pub(super) struct State {
    pub(super) kept: Kept,
    pub(super) ids: Ids,
    pub(super) names: Names,
    pub(super) linker: Linker,
}

/// All but ids and rows.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Kept {
    pub(super) model: Model,
    /// The column of ids.
    pub(super) id: String,
    /// The column of sources.
    pub(super) source: Option<String>,
    /// Sources that have each person once; `all` for every one.
    once: Vec<String>,
    /// The files whose rows are there, in the order of the rows.
    pub(super) files: Vec<KeptFile>,
    /// What people have judged: two ids, and whether they are one person. It holds for rows that come with these ids.
    pub(super) judged: Vec<(String, String, bool)>,
    /// The same by rows, those that were there.
    pub(super) must_link: Vec<(u32, u32)>,
    pub(super) cannot_link: Vec<(u32, u32)>,
}

/// A file that came.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct KeptFile {
    /// As it was named.
    pub(super) name: String,
    /// Of its bytes.
    pub(super) digest: u64,
    /// The row that its rows end before.
    pub(super) end: u32,
}

/// Keeps others from changing what is kept in a folder, as long as the file that it gives is open: two that read the same
/// state and write it one after the other would lose what the first one did. The lock ends with the process, however that
/// ends.
pub(super) fn lock(folder: &Path, lang: Lang) -> Result<File, Failure> {
    let path = folder.join(LOCK);
    let open = || {
        std::fs::create_dir_all(folder)?;
        File::options().create(true).truncate(false).write(true).open(&path)
    };
    let file = open().map_err(|error| fault::io(&path, &error, lang))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            let folder = folder.display();
            Err(Failure::File(lang.pick(
                format!("另一个 baoxue link 正在改“{folder}”，这次什么都没有改动；等它结束后再运行。"),
                format!("another baoxue link is changing `{folder}`, nothing was changed now; run again when it has ended"),
            )))
        }
        Err(TryLockError::Error(error)) => Err(fault::io(&path, &error, lang)),
    }
}

/// Whether a linkage is kept in a folder.
pub(super) fn is_kept(folder: &Path) -> bool {
    folder.join(NAME).exists()
}

/// Name, digest and last row of files that were read.
pub(super) fn files(
    paths: &[PathBuf],
    read: &[(String, u32)],
    lang: Lang,
) -> Result<Vec<KeptFile>, Failure> {
    let kept = |(path, (name, end)): (&PathBuf, &(String, u32))| {
        let digest = file_digest(path).map_err(|error| fault::io(path, &error, lang))?;
        Ok(KeptFile { name: name.clone(), digest, end: *end })
    };
    paths.iter().zip(read).map(kept).collect()
}

/// The digest of a file's bytes.
pub(super) fn file_digest(path: &Path) -> std::io::Result<u64> {
    let mut digested = Digested::new(std::io::sink());
    std::io::copy(&mut File::open(path)?, &mut digested)?;
    Ok(digested.digest())
}

impl State {
    /// The state after a first linking. Takes the ids out of the job.
    pub(super) fn first(
        matches: &ArgMatches,
        files: Vec<KeptFile>,
        job: &mut Job,
        linker: Linker,
    ) -> Self {
        let once = matches.get_many::<String>("one-per-source").into_iter().flatten();
        let mut kept = Kept {
            model: job.model.clone(),
            id: args::text(matches, "id").unwrap_or_default().to_owned(),
            source: args::text(matches, "source").map(str::to_owned),
            once: once.cloned().collect(),
            files,
            judged: Vec::new(),
            must_link: job.constraints.must_link.clone(),
            cannot_link: job.constraints.cannot_link.clone(),
        };
        let ids = std::mem::replace(&mut job.records.ids, Ids::Integers(Vec::new()));
        kept.note_judged(&job.constraints, &ids);
        let names = Names::new(&ids, linker.cluster());
        Self { kept, ids, names, linker }
    }

    /// Writes the state whole or not at all, readable by its owner only.
    pub(super) fn save(&self, folder: &Path, lang: Lang) -> Result<(), Failure> {
        files::replace_private(&folder.join(NAME), lang, |file| {
            file.write_all(MARK)?;
            let mut body = Digested::new(file);
            put_bytes(&mut body, &serde_json::to_vec(&self.kept)?)?;
            self.ids.save(&mut body)?;
            self.names.save(&mut body)?;
            self.linker.save(&mut body)?;
            let digest = body.digest();
            Ok(put(body.out, digest)?)
        })
    }

    /// Reads the state of a folder.
    pub(super) fn load(folder: &Path, lang: Lang) -> Result<Self, Failure> {
        let path = folder.join(NAME);
        let mut bytes = Vec::new();
        let read = File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes));
        match read {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(missing(folder, lang));
            }
            read => read.map_err(|error| fault::io(&path, &error, lang))?,
        };
        let read = Self::of_bytes(&bytes).map_err(|error| unusable(&path, &error, lang))?;
        read.check_model(folder, lang)?;
        Ok(read)
    }

    fn of_bytes(bytes: &[u8]) -> Result<Self, LinkError> {
        let (mark, form) = (&MARK[..7], u64::from(MARK[7] - b'0'));
        match bytes.strip_prefix(mark).and_then(<[u8]>::first) {
            Some(found @ b'0'..=b'9') if *found != MARK[7] => {
                return Err(LinkError::Saved { found: u64::from(found - b'0'), expected: form });
            }
            Some(_) | None => {}
        }
        let body = bytes.strip_prefix(MARK).ok_or(Damaged)?;
        let (body, sealed) = body.split_last_chunk().ok_or(Damaged)?;
        if digest(body) != u64::from_le_bytes(*sealed) {
            return Err(Damaged.into());
        }
        let mut pieces = Pieces(body);
        let kept: Kept = serde_json::from_slice(pieces.bytes()?).map_err(|_| Damaged)?;
        let ids = Ids::load(&mut pieces)?;
        let names = Names::load(&mut pieces)?;
        let linker = Linker::resume(pieces.0, kept.model.clone(), |table| {
            kept.constraints(table.column(kept.source.as_deref().unwrap_or_default()))
        })?;
        if [ids.len(), names.len()] == [linker.cluster().len(); 2] {
            Ok(Self { kept, ids, names, linker })
        } else {
            Err(Damaged.into())
        }
    }

    /// Weights that somebody changed since would stand beside those that pairs were weighed with.
    fn check_model(&self, folder: &Path, lang: Lang) -> Result<(), Failure> {
        let path = folder.join("model.toml");
        let own = toml::to_string(&self.kept.model).map_err(anyhow::Error::from)?;
        match std::fs::read_to_string(&path) {
            Ok(text) if text != own => {
                let path = path.display();
                Err(Failure::File(lang.pick(
                    format!("“{path}”与保留结果时用的模型不同：改过的模型要用 baoxue link … --model {path} --keep 重新比对全部名单。"),
                    format!("`{path}` is not the model that the kept linkage was made with; link all files anew with --model {path} --keep"),
                )))
            }
            Ok(_) | Err(_) => Ok(()), // a model that was taken away says nothing
        }
    }

    /// Whether a row is still there.
    pub(super) fn is_live(&self, row: u32) -> bool {
        !self.linker.withdrawn()[row as usize]
    }
}

impl Kept {
    /// Keeps rulings by the ids of their rows.
    pub(super) fn note_judged(&mut self, constraints: &Constraints, ids: &Ids) {
        let same = constraints.must_link.iter().map(|pair| (pair, true));
        let apart = constraints.cannot_link.iter().map(|pair| (pair, false));
        let id = |row: u32| ids.text(row).into_owned();
        let known: HashSet<_> = self.judged.iter().cloned().collect();
        let judged = same.chain(apart).map(|((l, r), is_same)| (id(*l), id(*r), is_same));
        self.judged.extend(judged.filter(|judged| !known.contains(judged)));
    }

    /// Rulings about rows: those of `ids` that `is_live` says to be there.
    pub(super) fn rule(
        &self,
        constraints: &mut Constraints,
        ids: &Ids,
        is_live: impl Fn(u32) -> bool,
    ) {
        constraints.must_link.clear();
        constraints.cannot_link.clear();
        if self.judged.is_empty() {
            return;
        }
        let asked: HashSet<&str> =
            self.judged.iter().flat_map(|(l, r, _)| [l.as_str(), r.as_str()]).collect();
        let rows = 0..u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let rows: HashMap<String, u32> = rows
            .filter(|row| is_live(*row))
            .map(|row| (ids.text(row), row))
            .filter(|(id, _)| asked.contains(id.as_ref()))
            .map(|(id, row)| (id.into_owned(), row))
            .collect();
        for (left, right, is_same) in &self.judged {
            if let (Some(left), Some(right)) = (rows.get(left), rows.get(right)) {
                let pair = (*left.min(right), *left.max(right));
                let ruled = if *is_same {
                    &mut constraints.must_link
                } else {
                    &mut constraints.cannot_link
                };
                ruled.push(pair);
            }
        }
    }

    /// What is known about the rows of a table whose sources stand in a column.
    pub(super) fn constraints(&self, source: Option<&baoxue_link::Column>) -> Constraints {
        let mut constraints = Constraints {
            must_link: self.must_link.clone(),
            cannot_link: self.cannot_link.clone(),
            ..Constraints::default()
        };
        if let Some(column) = source {
            let number = |value: &u32| u16::try_from(*value).unwrap_or_default();
            constraints.source = column.values().iter().map(number).collect();
            constraints.one_per_source = column.texts().iter().map(|s| self.is_once(s)).collect();
        }
        constraints
    }

    /// Whether a source has each person once. Records without a source promise nothing.
    pub(super) fn is_once(&self, source: &str) -> bool {
        !source.is_empty() && self.once.iter().any(|name| name == source || name == "all")
    }
}

pub(super) fn missing(folder: &Path, lang: Lang) -> Failure {
    let folder = folder.display();
    Failure::File(lang.pick(
        format!(
            "“{folder}”中没有 {NAME}：请先用 baoxue link 文件… --keep --out {folder} 比对一次。"
        ),
        format!(
            "`{folder}` has no {NAME}; link first with baoxue link FILE… --keep --out {folder}"
        ),
    ))
}

#[expect(clippy::wildcard_enum_match_arm, reason = "only a saved state has its own words")]
fn unusable(path: &Path, error: &LinkError, lang: Lang) -> Failure {
    let shown = path.display();
    let zh = match error {
        LinkError::Saved { .. } => format!(
            "“{shown}”是另一版本的程序保留的，算法已变，不能接着用；请用 --keep 重新比对全部名单。"
        ),
        LinkError::Damaged(_) => {
            format!("“{shown}”已损坏（被截断或改动过）；请恢复备份，或用 --keep 重新比对全部名单。")
        }
        _ => return fault::link(error, lang),
    };
    let en = format!("`{shown}`: {error}; restore a copy, or link all files anew with --keep");
    Failure::File(lang.pick(zh, en))
}
