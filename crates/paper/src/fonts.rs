//! Fonts: found once, read when a paper needs them.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use typst::{
    foundations::Bytes,
    text::{Font, FontBook, FontInfo},
    utils::LazyHash,
};

use crate::PaperError;

/// Where systems keep their fonts.
const USUAL: &[&str] = &[
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "/System/Library/Fonts",
    "/Library/Fonts",
    "C:\\Windows\\Fonts",
];

/// Characters that a font for papers must have; a font with a few signs only is none.
const PROBE: &str = "限期复学通知书义务教育";

/// Faces of one file that are looked at; collections have ten or so.
const FACES: u32 = 32;

/// Folders within folders that are looked into.
const DEPTH: usize = 8;

pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    slots: Vec<Slot>,
}

struct Slot {
    path: PathBuf,
    index: u32,
    font: OnceLock<Option<Font>>,
}

impl fmt::Debug for Fonts {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Fonts({})", self.slots.len())
    }
}

impl Fonts {
    /// All fonts in `folders`, or in the usual folders of the system where none is named.
    pub(crate) fn find(folders: &[PathBuf]) -> Result<Self, PaperError> {
        let mut paths = Vec::new();
        for folder in folders {
            // A folder that somebody named must be there; the usual ones need not.
            fs::read_dir(folder).map_err(|error| PaperError::Read {
                path: folder.clone(),
                why: error.to_string(),
            })?;
        }
        let looked = if folders.is_empty() {
            USUAL.iter().map(PathBuf::from).collect()
        } else {
            folders.to_vec()
        };
        for folder in &looked {
            collect(folder, DEPTH, &mut paths);
        }
        // The order decides between two fonts of one name: it must not be that of the disk.
        paths.sort();
        paths.dedup();
        let mut book = FontBook::new();
        let mut slots = Vec::new();
        let mut chinese = false;
        for path in paths {
            let Ok(bytes) = fs::read(&path) else { continue };
            for index in 0..FACES {
                let Some(info) = FontInfo::new(&bytes, index) else { continue };
                chinese |= PROBE.chars().all(|c| info.coverage.contains(u32::from(c)));
                book.push(info);
                slots.push(Slot { path: path.clone(), index, font: OnceLock::new() });
            }
        }
        if chinese {
            Ok(Self { book: LazyHash::new(book), slots })
        } else {
            Err(PaperError::NoFont { looked })
        }
    }

    /// The font at a place of the book.
    pub(crate) fn get(&self, at: usize) -> Option<Font> {
        let slot = self.slots.get(at)?;
        slot.font
            .get_or_init(|| {
                let bytes = Bytes::new(fs::read(&slot.path).ok()?);
                Font::new(bytes, slot.index)
            })
            .clone()
    }
}

fn collect(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let is_font = path.extension().and_then(|e| e.to_str()).is_some_and(|e| {
            ["ttf", "otf", "ttc", "otc"].contains(&e.to_ascii_lowercase().as_str())
        });
        if path.is_dir() && depth > 0 {
            collect(&path, depth - 1, paths);
        } else if is_font {
            paths.push(path);
        }
    }
}
