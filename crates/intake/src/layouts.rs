//! Answers about layouts: what a person said a sheet or a column means, remembered by its sender and the words of its
//! header.
//!
//! The same file goes both ways: [`questions_to_toml`] writes what is to be answered, [`Layouts::from_toml`] reads it
//! back, [`Layouts::to_toml`] writes what is remembered.
//!
//! ```toml
//! [[layout]]
//! sender = "town_survey｜610902103"      # whose sheets the answers are for; without it, everybody's
//! fingerprint = "序号|村|学生|出生|情况"   # the header of the sheet; leave as it is
//! source = "town_survey"
//! ignore = false
//!
//! [[layout.column]]
//! header = "出生"
//! meaning = "birth"
//! ```

mod sender;
mod write;

use std::{collections::BTreeMap, ops::Range};

use baoxue_claim::Source;
use serde::Deserialize;
use toml::Spanned;

use crate::Field;

pub use sender::Sender;
pub(crate) use sender::Signature;
pub use write::questions_to_toml;

/// What persons answered, by the sender and the fingerprint of the layout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layouts {
    answers: BTreeMap<Key, Layout>,
}

/// The sender, `None` for all of them, and the fingerprint.
type Key = (Option<Sender>, String);

/// The answers about one layout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Who says it, if answered.
    pub source: Option<Source>,
    /// Whether the sheet is to be left alone.
    pub ignore: bool,
    /// Header without decoration, `#2` behind the second of the same words, and what it means; `None` for a column from
    /// which nothing is to be taken.
    pub columns: BTreeMap<String, Option<Field>>,
}

/// A mapping file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {found}; expected {expected}")]
pub struct LayoutError {
    /// 1-based line of the file.
    pub line: usize,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    layout: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    sender: Option<Spanned<String>>,
    fingerprint: String,
    source: Option<Spanned<String>>,
    #[serde(default)]
    ignore: bool,
    #[serde(default)]
    column: Vec<ColumnEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnEntry {
    header: String,
    #[serde(default)]
    meaning: Option<Spanned<String>>,
}

impl Layouts {
    /// Reads a mapping file. Empty answers are no answers.
    ///
    /// # Errors
    /// [`LayoutError`] when the text is no TOML of the expected shape, or names an unknown source or meaning.
    pub fn from_toml(text: &str) -> Result<Self, LayoutError> {
        let file: File = toml::from_str(text).map_err(|error| LayoutError {
            line: line_of(text, error.span()),
            found: error.message().to_owned(),
            expected: "`[[layout]]` with sender, fingerprint, source, ignore, and `[[layout.column]]` with header, meaning"
                .to_owned(),
        })?;
        let mut layouts = Self::default();
        for entry in file.layout {
            let sender = read_sender(text, &entry)?;
            let layout = read_entry(text, &entry)?;
            // Older versions wrote blank columns before the first heading too.
            let fingerprint = entry.fingerprint.trim_start_matches('|').to_owned();
            layouts.merge_one((sender, fingerprint), layout);
        }
        Ok(layouts)
    }

    /// Writes all answers as a mapping file that [`Layouts::from_toml`] reads back.
    pub fn to_toml(&self) -> String {
        let mut out = String::new();
        for ((sender, fingerprint), layout) in &self.answers {
            write::layout(&mut out, (sender.as_ref(), fingerprint), layout);
        }
        out
    }

    /// The answers about a layout of a sender: those for all senders, and over them its own.
    pub fn get(&self, sender: &Sender, fingerprint: &str) -> Option<Layout> {
        let common = self.answers.get(&(None, fingerprint.to_owned()));
        let Some(own) = self.own(sender, fingerprint) else { return common.cloned() };
        let mut layout = common.cloned().unwrap_or_default();
        layout.overlay(own.clone());
        Some(layout)
    }

    /// Whether the sender itself has answered about the layout.
    pub fn is_own(&self, sender: &Sender, fingerprint: &str) -> bool {
        self.own(sender, fingerprint).is_some()
    }

    /// What was answered while the kind of source was in doubt holds for the kind that was answered.
    fn own(&self, sender: &Sender, fingerprint: &str) -> Option<&Layout> {
        let of = |sender: Sender| self.answers.get(&(Some(sender), fingerprint.to_owned()));
        of(sender.clone()).or_else(|| {
            let in_doubt = Sender { source: None, ..sender.clone() };
            of(in_doubt).filter(|layout| layout.source.is_some() && layout.source == sender.source)
        })
    }

    /// Whether nothing is answered.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }

    /// Takes over the answers of `other`; where both answer, `other` wins.
    pub fn merge(&mut self, other: Self) {
        for (key, layout) in other.answers {
            self.merge_one(key, layout);
        }
    }

    fn merge_one(&mut self, key: Key, layout: Layout) {
        let nothing = layout.source.is_none() && !layout.ignore && layout.columns.is_empty();
        if nothing && !self.answers.contains_key(&key) {
            return;
        }
        self.answers.entry(key).or_default().overlay(layout);
    }
}

impl Layout {
    fn overlay(&mut self, layout: Self) {
        self.source = layout.source.or(self.source);
        self.ignore = layout.ignore;
        self.columns.extend(layout.columns);
    }
}

fn read_sender(text: &str, entry: &Entry) -> Result<Option<Sender>, LayoutError> {
    let Some(sender) = entry.sender.as_ref().filter(|s| !s.get_ref().trim().is_empty()) else {
        return Ok(None);
    };
    let read = sender.get_ref().parse().map_err(|_| LayoutError {
        line: line_of(text, Some(sender.span())),
        found: format!("sender `{}`", sender.get_ref()),
        expected: "the sender as it stood in the questions file, or no such line".to_owned(),
    })?;
    Ok(Some(read))
}

fn read_entry(text: &str, entry: &Entry) -> Result<Layout, LayoutError> {
    let mut layout = Layout { ignore: entry.ignore, ..Layout::default() };
    if let Some(source) = entry.source.as_ref().filter(|source| !source.get_ref().trim().is_empty())
    {
        let name = source.get_ref().trim();
        layout.source = Some(name.parse().map_err(|_| LayoutError {
            line: line_of(text, Some(source.span())),
            found: format!("source `{name}`"),
            expected: Source::ALL.map(Source::name).join(", "),
        })?);
    }
    for column in &entry.column {
        let Some(meaning) = column.meaning.as_ref().filter(|m| !m.get_ref().trim().is_empty())
        else {
            continue;
        };
        let name = meaning.get_ref().trim();
        let field: Field = name.parse().map_err(|_| LayoutError {
            line: line_of(text, Some(meaning.span())),
            found: format!("meaning `{name}`"),
            expected: Field::ALL.map(Field::name).join(", "),
        })?;
        let field = Some(field).filter(|field| *field != Field::Unused);
        layout.columns.insert(column.header.clone(), field);
    }
    Ok(layout)
}

fn line_of(text: &str, span: Option<Range<usize>>) -> usize {
    let at = span.map_or(0, |span| span.start).min(text.len());
    text.get(..at).unwrap_or_default().matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "[[layout]]\nfingerprint = \"序号|学生|情况\"\nsource = \"town_survey\"\n\n\
                        [[layout.column]]\nheader = \"学生\"\nmeaning = \"name\"\n\n\
                        [[layout.column]]\nheader = \"情况\"\nmeaning = \"unused\"\n";

    #[test]
    fn a_mapping_file_reads_back_what_it_wrote() {
        let layouts = Layouts::from_toml(FILE).unwrap();
        let layout = layouts.get(&Sender::default(), "序号|学生|情况").unwrap();
        assert_eq!(layout.source, Some(Source::TownSurvey));
        assert_eq!(layout.columns["学生"], Some(Field::Name));
        assert_eq!(layout.columns["情况"], None);
        assert_eq!(Layouts::from_toml(&layouts.to_toml()).unwrap(), layouts);
    }

    #[test]
    fn a_wrong_answer_is_shown_with_its_line() {
        let error = Layouts::from_toml(&FILE.replace("\"name\"", "\"nmae\"")).unwrap_err();
        assert_eq!((error.line, error.found.as_str()), (7, "meaning `nmae`"));
        assert!(error.expected.contains("name"));
        let error = Layouts::from_toml(&FILE.replace("town_survey", "survey")).unwrap_err();
        assert_eq!(error.line, 3);
        let error = Layouts::from_toml("[[layout]]\nfinger = 1\n").unwrap_err();
        assert_eq!(error.line, 2);
    }

    #[test]
    fn later_answers_win_and_earlier_ones_stay() {
        let mut known = Layouts::from_toml(FILE).unwrap();
        let later = "[[layout]]\nfingerprint = \"序号|学生|情况\"\n[[layout.column]]\nheader = \"情况\"\nmeaning = \"就读情况\"\n";
        known.merge(Layouts::from_toml(later).unwrap());
        let layout = known.get(&Sender::default(), "序号|学生|情况").unwrap();
        assert_eq!(layout.columns["情况"], Some(Field::Status));
        assert_eq!(layout.columns["学生"], Some(Field::Name));
        assert_eq!(layout.source, Some(Source::TownSurvey));
    }

    /// The answer of one town, as it stands in the questions file.
    fn answered(sender: &str, meaning: &str) -> Layouts {
        let file = FILE.replace("[[layout]]", &format!("[[layout]]\nsender = \"{sender}\""));
        Layouts::from_toml(&file.replace("\"name\"", &format!("\"{meaning}\""))).unwrap()
    }

    #[test]
    fn an_answer_is_its_senders_own() {
        let header = "序号|学生|情况";
        let mut known = answered("town_survey｜330102101", "old");
        let [one, other]: [Sender; 2] =
            ["town_survey｜330102101", "town_survey｜330102102"].map(|text| text.parse().unwrap());
        assert_eq!(known.get(&other, header), None);
        assert!(known.is_own(&one, header));
        assert_eq!(Layouts::from_toml(&known.to_toml()).unwrap(), known);
        known.merge(Layouts::from_toml(FILE).unwrap());
        let name = |sender| known.get(sender, header).unwrap().columns["学生"];
        assert_eq!(name(&one), Some(Field::FormerName), "its own answer wins over that for all");
        assert_eq!(name(&other), Some(Field::Name));
        assert!(!known.is_own(&other, header));
    }

    #[test]
    fn an_answered_kind_of_source_belongs_to_the_sender_from_then_on() {
        let known = answered("｜330102101", "name");
        let get = |sender: &str| known.get(&sender.parse().unwrap(), "序号|学生|情况");
        assert!(get("｜330102101").is_some());
        assert!(get("town_survey｜330102101").is_some());
        assert_eq!(get("town_ledger｜330102101"), None, "another list of the same town");
    }

    #[test]
    fn a_broken_sender_is_shown_with_its_line() {
        let file = FILE.replace("[[layout]]", "[[layout]]\nsender = \"town｜1\"");
        assert_eq!(Layouts::from_toml(&file).unwrap_err().line, 2);
    }
}
