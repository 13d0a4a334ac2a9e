//! The file of a child (一生一袋): what goes into it.

use std::{collections::BTreeMap, fmt};

use chrono::NaiveDate;

use crate::Sheet;

/// Everything of one child's file, printed by [`crate::Press::dossier`]: cover, checklist, index with pages, and each item.
#[derive(Debug, Clone, Default)]
pub struct Dossier {
    /// The cover: fields of the form `dossier`.
    pub sheet: Sheet,
    /// What is in the file, in any order; it is printed in the order of the parts, and within a part as given.
    pub items: Vec<Item>,
    /// Parts of the checklist that this child does not need, with the reason: such a part is not missing.
    pub not_needed: BTreeMap<u8, String>,
}

/// One item of a file. `Debug` shows neither title nor content.
#[derive(Clone)]
pub struct Item {
    /// Which part of the checklist it belongs to, 1 to 15 (see [`crate::Spec::parts`]).
    pub part: u8,
    /// What it is, as the index says it.
    pub title: String,
    /// Its own day.
    pub date: Option<NaiveDate>,
    /// SM3 hash of the bytes that are kept, in hexadecimal; printed, not computed here.
    pub hash: String,
    /// The item itself.
    pub enclosed: Enclosed,
}

/// How an item is there.
#[derive(Clone)]
pub enum Enclosed {
    /// A picture, PNG or JPEG, on a page of its own.
    Picture(Vec<u8>),
    /// A PDF; each of its pages on a page of its own.
    Pdf(Vec<u8>),
    /// Text that is set on pages here, paragraph by paragraph.
    Text(Vec<String>),
    /// On paper only: where it lies.
    Elsewhere(String),
}

impl fmt::Debug for Item {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Item")
            .field("part", &self.part)
            .field("hash", &self.hash)
            .field("enclosed", &self.enclosed)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Enclosed {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Picture(bytes) => write!(out, "Picture({} bytes)", bytes.len()),
            Self::Pdf(bytes) => write!(out, "Pdf({} bytes)", bytes.len()),
            Self::Text(lines) => write!(out, "Text({} paragraphs)", lines.len()),
            Self::Elsewhere(_) => out.write_str("Elsewhere"),
        }
    }
}
