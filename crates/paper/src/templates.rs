//! Where templates come from: built in, or a county's own in their place.

use std::{collections::BTreeMap, fs, path::Path};

use typst::{
    foundations::Bytes,
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
};

use crate::PaperError;

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        &[$(
            (concat!($name, ".toml"), include_str!(concat!("../forms/", $name, ".toml"))),
            (concat!($name, ".typ"), include_str!(concat!("../forms/", $name, ".typ"))),
        )*]
    };
}

const FORMS: &[(&str, &str)] = built_in![
    "entry-notice",
    "return-notice",
    "correction-order",
    "school-report",
    "inquiry",
    "service-slip",
    "persuasion-record",
    "return-registration",
    "deferral-application",
    "suspension-application",
    "responsibility-letter",
    "household-plan",
    "child-plan",
    "home-teaching-log",
    "circular",
    "penalty-decision",
    "dossier",
];

/// What all forms share; may be replaced.
const LIBRARY: (&str, &str) = ("lib.typ", include_str!("../forms/lib.typ"));

/// Ties sheets to templates; may not be replaced.
pub(crate) const MAIN: &str = "main.typ";

/// Binds what was set in parts; may not be replaced.
pub(crate) const BIND: &str = "bind.typ";

const FIXED: &[(&str, &str)] =
    &[(MAIN, include_str!("../forms/main.typ")), (BIND, include_str!("../forms/bind.typ"))];

/// Texts of templates and data, and other files of the county's folder, by name.
#[derive(Debug, Clone)]
pub(crate) struct Sources {
    texts: BTreeMap<String, Text>,
    files: BTreeMap<String, Bytes>,
}

#[derive(Debug, Clone)]
struct Text {
    words: String,
    parsed: Option<Source>,
    /// How an error names it.
    shown: String,
}

impl Sources {
    pub(crate) fn read(folder: Option<&Path>) -> Result<Self, PaperError> {
        let mut sources = Self { texts: BTreeMap::new(), files: BTreeMap::new() };
        for (name, text) in FORMS.iter().chain([&LIBRARY]) {
            sources.keep(name, (*text).to_owned(), (*name).to_owned());
        }
        if let Some(folder) = folder {
            sources.replace(folder)?;
        }
        for (name, text) in FIXED {
            sources.keep(name, (*text).to_owned(), (*name).to_owned());
        }
        Ok(sources)
    }

    fn replace(&mut self, folder: &Path) -> Result<(), PaperError> {
        let failed = |path: &Path, error: std::io::Error| PaperError::Read {
            path: path.to_owned(),
            why: error.to_string(),
        };
        for entry in fs::read_dir(folder).map_err(|error| failed(folder, error))? {
            let path = entry.map_err(|error| failed(folder, error))?.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if !path.is_file() || name.starts_with('.') {
                continue;
            }
            let bytes = fs::read(&path).map_err(|error| failed(&path, error))?;
            if !matches!(path.extension().and_then(|e| e.to_str()), Some("typ" | "toml")) {
                self.files.insert(name.to_owned(), Bytes::new(bytes));
                continue;
            }
            let text = String::from_utf8(bytes).map_err(|_| PaperError::Read {
                path: path.clone(),
                why: "not UTF-8".to_owned(),
            })?;
            self.keep(name, text, path.display().to_string());
        }
        Ok(())
    }

    fn keep(&mut self, name: &str, text: String, shown: String) {
        let parsed = Path::new(name)
            .extension()
            .is_some_and(|e| e == "typ")
            .then(|| id(name))
            .flatten()
            .map(|id| Source::new(id, text.clone()));
        self.texts.insert(name.to_owned(), Text { words: text, parsed, shown });
    }

    pub(crate) fn text(&self, name: &str) -> Result<&str, PaperError> {
        self.texts.get(name).map(|text| text.words.as_str()).ok_or_else(|| PaperError::Spec {
            file: name.to_owned(),
            why: "there is no such file".to_owned(),
        })
    }

    pub(crate) fn source(&self, name: &str) -> Option<Source> {
        self.texts.get(name)?.parsed.clone()
    }

    pub(crate) fn file(&self, name: &str) -> Option<Bytes> {
        self.files.get(name).cloned()
    }

    /// How an error names a file: the county's by its path.
    pub(crate) fn shown(&self, name: &str) -> String {
        self.texts.get(name).map_or_else(|| name.to_owned(), |text| text.shown.clone())
    }
}

/// The id of a virtual file. Names are few and come again: typst keeps each for ever.
pub(crate) fn id(name: &str) -> Option<FileId> {
    let path = VirtualPath::new(format!("/{name}")).ok()?;
    Some(FileId::new(RootedPath::new(VirtualRoot::Project, path)))
}
