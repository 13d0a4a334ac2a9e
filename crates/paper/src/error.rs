//! Why a paper could not be printed.

use std::path::PathBuf;

use crate::Form;

/// Why a paper could not be printed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// No font with Chinese characters was found.
    #[error(
        "no font with Chinese characters in {}; install one (package `fonts-noto-cjk` on Debian and Ubuntu, `google-noto-serif-cjk-fonts` \
         on Fedora, openEuler and Anolis) or name the folder that holds FangSong (仿宋), XiaoBiaoSong (小标宋), SimHei (黑体) and KaiTi (楷体)",
        looked.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
    )]
    NoFont {
        /// The folders that were searched.
        looked: Vec<PathBuf>,
    },
    /// A folder or file that the configuration names cannot be read.
    #[error("cannot read `{}`: {why}", path.display())]
    Read {
        /// What was to be read.
        path: PathBuf,
        /// What the operating system says.
        why: String,
    },
    /// The data of a form (`.toml`) is wrong.
    #[error("`{file}`: {why}")]
    Spec {
        /// Name of the file.
        file: String,
        /// What is wrong, with its line.
        why: String,
    },
    /// A template is wrong, or does not go together with what is put on it.
    #[error("{file}:{line}: {why}")]
    Template {
        /// Name of the template.
        file: String,
        /// Line, from 1; 0 where none is known.
        line: usize,
        /// What is wrong.
        why: String,
    },
    /// A field that the form does not have, or a value of another kind.
    #[error("`{form}`: field `{field}`: {why}")]
    Field {
        /// The form.
        form: Form,
        /// Name of the field.
        field: String,
        /// What was expected.
        why: &'static str,
    },
    /// No font has this character. It would be an empty box on the paper.
    #[error("no font has the character `{character}` (U+{:04X}), page {page}; install a font that has it", u32::from(*character))]
    Glyph {
        /// The character.
        character: char,
        /// Page, from 1.
        page: usize,
    },
    /// Text would stand beyond the edge of the page, where nobody sees it.
    #[error(
        "`{form}`: text runs over the edge of page {page}; shorten it, or give it room in the template"
    )]
    Overflow {
        /// The form that was being printed, or the first of many.
        form: Form,
        /// Page, from 1.
        page: usize,
    },
    /// The address of the check page does not do.
    #[error("the address of the check page {why}")]
    Check {
        /// What is wrong with it.
        why: &'static str,
    },
    /// A picture or PDF that is attached does not do.
    #[error("attachment {item}: {why}")]
    Attachment {
        /// Which item of the dossier, from 1.
        item: usize,
        /// What is wrong with it.
        why: String,
    },
    /// The typesetter gave up. Nothing was printed.
    #[error("the typesetter failed: {0}")]
    Typesetter(String),
}

impl PaperError {
    /// The same error in a document that has `n_pages` pages before the part where it was found.
    pub(crate) fn after(mut self, n_pages: usize) -> Self {
        if let Self::Glyph { page, .. } | Self::Overflow { page, .. } = &mut self {
            *page += n_pages;
        }
        self
    }
}
