//! Results on disk: whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufWriter, Write},
    path::Path,
};

use crate::{failure::Failure, lang::Lang};

use super::fault;

/// Writes a file beside its place, makes sure that it is on the disk, and puts it in its place.
pub(super) fn replace(
    path: &Path,
    lang: Lang,
    fill: impl FnOnce(&mut BufWriter<File>) -> anyhow::Result<()>,
) -> Result<(), Failure> {
    put(path, (OpenOptions::new(), lang), fill)
}

/// As [`replace`], for what nobody but its owner may read.
pub(super) fn replace_private(
    path: &Path,
    lang: Lang,
    fill: impl FnOnce(&mut BufWriter<File>) -> anyhow::Result<()>,
) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    put(path, (options, lang), fill)
}

fn put(
    path: &Path,
    (mut options, lang): (OpenOptions, Lang),
    fill: impl FnOnce(&mut BufWriter<File>) -> anyhow::Result<()>,
) -> Result<(), Failure> {
    let fault = |error: std::io::Error| fault::io(path, &error, lang);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(fault)?;
    let mut draft = path.as_os_str().to_owned();
    draft.push(".part");
    let draft = Path::new(&draft);
    let opened = options.write(true).create(true).truncate(true).open(draft).map_err(fault)?;
    let mut out = BufWriter::with_capacity(1 << 20, opened);
    let filled =
        fill(&mut out).map_err(|error| Failure::File(format!("{}: {error:#}", path.display())));
    let written =
        filled.and_then(|()| out.flush().and_then(|()| out.get_ref().sync_all()).map_err(fault));
    if written.is_err() {
        // The draft is of no use; that it stays would be the lesser harm.
        let _ = fs::remove_file(draft);
        return written;
    }
    fs::rename(draft, path).map_err(fault)?;
    // Only where folders can be opened does the new name need to be made durable.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}
