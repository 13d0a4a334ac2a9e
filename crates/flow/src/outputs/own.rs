//! The files in a folder of results that go out of date: known again by name and content, so that the next run can take
//! them away and never touches a file of somebody else, nor one that was filled in meanwhile.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use sm3::{Digest, Sm3};

use crate::{FlowError, data::write_whole, hex::hex};

/// The list of what was written: a digest and a name per line.
const LIST: &str = ".baoxue-written";

/// Files of one kind in a folder of results.
pub(super) struct OwnFiles {
    folder: PathBuf,
    /// Below which names of the list count here; the others are kept in the list as they are.
    kind: &'static str,
    before: BTreeSet<(String, String)>,
    now: Vec<(String, Vec<u8>)>,
}

impl OwnFiles {
    /// Those of `kind`, a beginning of their paths in `folder`. A list that cannot be read counts as empty: then nothing
    /// is taken away.
    pub(super) fn of(folder: &Path, kind: &'static str) -> Self {
        let list = fs::read_to_string(folder.join(LIST)).unwrap_or_default();
        let entry = |line: &str| {
            let (digest, name) = line.split_once(' ')?;
            is_inside(name).then(|| (name.to_owned(), digest.to_owned()))
        };
        let before = list.lines().filter_map(entry).collect();
        Self { folder: folder.to_owned(), kind, before, now: Vec::new() }
    }

    /// A file to be written. Where a file of that name is not as we left it, ours gets a number.
    pub(super) fn add(&mut self, name: &str, bytes: Vec<u8>) -> PathBuf {
        let digest = digest(&bytes);
        let free = |name: &String| {
            let found = fs::read(self.folder.join(name));
            found.is_err_and(|e| e.kind() == io::ErrorKind::NotFound)
                || self.is_unchanged(name)
                || self.found(name).is_some_and(|found| found == digest)
        };
        let name =
            (1..=u32::MAX).map(|n| numbered(name, n)).find(free).unwrap_or_else(|| name.to_owned());
        let path = self.folder.join(&name);
        self.now.push((name, bytes));
        path
    }

    /// A file to be written over whatever stands there.
    pub(super) fn replace(&mut self, name: &str, bytes: Vec<u8>) {
        self.now.push((name.to_owned(), bytes));
    }

    /// Writes what was added and takes away what was written before, is not among it, and was not changed. The list comes
    /// first: killed on the way, the next run still knows every file.
    ///
    /// # Errors
    /// [`FlowError::File`].
    pub(super) fn write(self) -> Result<(), FlowError> {
        let of_kind = |name: &str| name.starts_with(self.kind);
        let mut list: BTreeSet<(String, String)> =
            self.now.iter().map(|(name, bytes)| (name.clone(), digest(bytes))).collect();
        list.extend(self.before.iter().filter(|(name, _)| !of_kind(name)).cloned());
        if list.is_empty() && self.before.is_empty() {
            return Ok(());
        }
        self.write_list(&list.union(&self.before).cloned().collect())?;
        for (name, bytes) in &self.now {
            let path = self.folder.join(name);
            write_whole(&path, bytes).map_err(|e| FlowError::file(&path, e))?;
        }
        let kept: BTreeSet<&str> = self.now.iter().map(|(name, _)| name.as_str()).collect();
        for (name, _) in &self.before {
            if of_kind(name) && !kept.contains(name.as_str()) && self.is_unchanged(name) {
                let path = self.folder.join(name);
                fs::remove_file(&path).map_err(|e| FlowError::file(&path, e))?;
            }
        }
        self.write_list(&list)
    }

    fn write_list(&self, list: &BTreeSet<(String, String)>) -> Result<(), FlowError> {
        let path = self.folder.join(LIST);
        let lines: Vec<String> =
            list.iter().map(|(name, digest)| format!("{digest} {name}")).collect();
        let text = lines.join("\n");
        write_whole(&path, text.as_bytes()).map_err(|e| FlowError::file(&path, e))
    }

    /// Whether the file is there with the bytes that we wrote.
    fn is_unchanged(&self, name: &str) -> bool {
        self.found(name).is_some_and(|found| self.before.contains(&(name.to_owned(), found)))
    }

    fn found(&self, name: &str) -> Option<String> {
        fs::read(self.folder.join(name)).ok().map(|bytes| digest(&bytes))
    }
}

/// `a.xlsx`, then `a(2).xlsx`.
fn numbered(name: &str, n: u32) -> String {
    match name.rsplit_once('.') {
        Some((stem, end)) if n > 1 => format!("{stem}({n}).{end}"),
        Some(_) | None => name.to_owned(),
    }
}

/// A list changed by somebody must not lead out of the folder.
fn is_inside(name: &str) -> bool {
    let path = Path::new(name);
    path.components().all(|part| matches!(part, std::path::Component::Normal(_)))
}

fn digest(bytes: &[u8]) -> String {
    hex(&Sm3::digest(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, files: &[(&str, &str)]) {
        let mut own = OwnFiles::of(folder, "rejects/");
        for (name, text) in files {
            own.add(&format!("rejects/{name}"), text.as_bytes().to_vec());
        }
        own.write().unwrap();
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder.join("rejects")).unwrap();
        let mut names: Vec<String> =
            entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_is_closed_goes_and_what_others_wrote_stays() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("a.xlsx", "1"), ("b.xlsx", "1"), ("c.xlsx", "1")]);
        fs::write(folder.path().join("rejects/mine.xlsx"), "x").unwrap();
        fs::write(folder.path().join("rejects/c.xlsx"), "filled in").unwrap();
        write(folder.path(), &[("b.xlsx", "2")]);
        assert_eq!(names(folder.path()), ["b.xlsx", "c.xlsx", "mine.xlsx"]);
        assert_eq!(fs::read(folder.path().join("rejects/b.xlsx")).unwrap(), b"2");
    }

    #[test]
    fn a_file_that_was_filled_in_is_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), &[("a.xlsx", "1")]);
        fs::write(folder.path().join("rejects/a.xlsx"), "filled in").unwrap();
        for _ in 0..2 {
            write(folder.path(), &[("a.xlsx", "2")]);
            assert_eq!(names(folder.path()), ["a(2).xlsx", "a.xlsx"]);
        }
        write(folder.path(), &[]);
        assert_eq!(names(folder.path()), ["a.xlsx"]);
    }

    #[test]
    fn a_list_that_leads_out_of_the_folder_takes_nothing_away() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        fs::create_dir(&out).unwrap();
        fs::write(folder.path().join("a.xlsx"), "1").unwrap();
        let list = format!("{} rejects/../../a.xlsx\n", digest(b"1"));
        fs::write(out.join(LIST), list).unwrap();
        write(&out, &[]);
        assert!(folder.path().join("a.xlsx").exists());
    }
}
