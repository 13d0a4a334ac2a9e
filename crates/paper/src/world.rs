//! The little world that the typesetter sees: templates, data, attachments, fonts. No clock, no network, no disk.

use std::{collections::BTreeMap, sync::Arc};

use typst::{
    Library, LibraryExt, World, WorldExt,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration},
    syntax::{FileId, Source},
    text::{Font, FontBook},
    utils::LazyHash,
};

use crate::{PaperError, fonts::Fonts, spec::Forms, templates};

/// What all papers share.
#[derive(Debug)]
pub(crate) struct Shop {
    pub(crate) forms: Forms,
    pub(crate) fonts: Fonts,
    pub(crate) library: LazyHash<Library>,
}

impl Shop {
    pub(crate) fn new(forms: Forms, fonts: Fonts) -> Self {
        Self { forms, fonts, library: LazyHash::new(Library::default()) }
    }
}

/// One paper being set.
pub(crate) struct Desk {
    shop: Arc<Shop>,
    main: FileId,
    /// Data and attachments by name.
    files: BTreeMap<String, Bytes>,
}

impl Desk {
    /// A desk for the built-in file `main`.
    pub(crate) fn new(
        shop: Arc<Shop>,
        main: &str,
        files: BTreeMap<String, Bytes>,
    ) -> Result<Self, PaperError> {
        let main = templates::id(main)
            .ok_or_else(|| PaperError::Typesetter("no id for the main file".to_owned()))?;
        Ok(Self { shop, main, files })
    }

    /// The first error, with the file and line where it stands: the innermost place that is not in what all forms share.
    pub(crate) fn explain(&self, errors: &[SourceDiagnostic]) -> PaperError {
        let Some(first) = errors.first() else {
            return PaperError::Typesetter("no reason given".to_owned());
        };
        let place = self.place(first).unwrap_or_else(|| (templates::MAIN.to_owned(), 0));
        let said = [first.message.as_str()].into_iter();
        let said = said.chain(first.hints.iter().map(|hint| hint.v.as_str()));
        PaperError::Template {
            file: place.0,
            line: place.1,
            why: said.collect::<Vec<_>>().join("; "),
        }
    }

    fn place(&self, error: &SourceDiagnostic) -> Option<(String, usize)> {
        let id = error.span.id()?;
        let name = id.vpath().get_without_slash();
        let line = self
            .range(error.span)
            .and_then(|range| self.source(id).ok()?.lines().byte_to_line(range.start))
            .map_or(0, |line| line + 1);
        Some((self.shop.forms.sources.shown(name), line))
    }
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.shop.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.shop.fonts.book
    }

    fn main(&self) -> FileId {
        self.main
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let name = id.vpath().get_without_slash();
        self.shop.forms.sources.source(name).ok_or_else(|| FileError::NotFound(name.into()))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let name = id.vpath().get_without_slash();
        self.files
            .get(name)
            .cloned()
            .or_else(|| self.shop.forms.sources.file(name))
            .ok_or_else(|| FileError::NotFound(name.into()))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.shop.fonts.get(index)
    }

    /// A paper has the days that are put on it; a template that asks for today gets none.
    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
