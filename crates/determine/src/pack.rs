//! Rule packs: Markdown files, one per legal ground, parsed and checked.
//!
//! ```text
//! # title — article                      what and on what law
//! > the article, or its substance        for the reader; a file without one is not loaded
//! ```rule … ```                          one block or several: TOML with a condition over facts (`when`)
//! | case | today | … | verdict |         worked cases, executed against the whole pack
//! ```

mod case;
mod condition;
mod difference;
mod file;
mod layer;
mod page;
mod rule;
mod stack;
mod values;

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use baoxue_claim::VerdictCode;
use chrono::NaiveDate;

pub(crate) use condition::Condition;
pub(crate) use rule::{End, Rule};

pub use difference::{Change, Field, Subject};
pub use page::{Asked, CasePage, RulePage};
pub use rule::{RuleError, Standing};
pub use values::SettingsError;

use crate::{Settings, facts::FIELDS};
use layer::Layer;

/// Rules ready to be applied, with their worked cases: one pack or several that lie on each other, the lowest first.
#[derive(Clone, Default)]
pub struct Pack {
    layers: Vec<Arc<Layer>>,
    /// The texts of the packs above the built-in one: with the version of the program they are all that the pack is.
    texts: Vec<PackText>,
}

/// The files of one pack, as name and text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackText {
    /// The files. A name appears in errors and in nothing else; the order is that of the rules in a group.
    pub files: Vec<(String, String)>,
}

impl fmt::Debug for Pack {
    /// Names and texts: conditions are functions, whose addresses differ from run to run.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, texts) = (self.name(), &self.texts);
        f.debug_struct("Pack").field("name", &name).field("texts", texts).finish_non_exhaustive()
    }
}

/// A pack as its reader sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackHead {
    /// Stable id, such as `CN-DEFAULT`.
    pub id: String,
    /// Version.
    pub version: String,
    /// Title in zh-CN.
    pub title: String,
    /// The document on which it stands.
    pub source: String,
    /// Number of its rules.
    pub n_rules: usize,
    /// Number of its dated values.
    pub n_values: usize,
    /// Number of rules that it switches off.
    pub n_off: usize,
    /// Number of its worked cases.
    pub n_cases: usize,
}

/// A rule as a reader of the pack sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSummary {
    /// Stable id.
    pub id: String,
    /// Version.
    pub version: String,
    /// Group, as in [`Settings::order`].
    pub group: String,
    /// What it says.
    pub code: VerdictCode,
    /// Title in zh-CN.
    pub title: String,
    /// Title in English.
    pub title_en: String,
    /// The article it stands on.
    pub law: String,
    /// How firm that is.
    pub standing: Standing,
    /// Evidence it needs, in zh-CN.
    pub needs: Vec<String>,
    /// Who may certify.
    pub certifier: Option<String>,
    /// First and last day in force.
    pub in_force: (NaiveDate, Option<NaiveDate>),
}

fn summary(rule: &Rule) -> RuleSummary {
    RuleSummary {
        id: rule.ground.rule.clone(),
        version: rule.ground.version.clone(),
        group: rule.group.clone(),
        code: rule.code,
        title: rule.ground.title.clone(),
        title_en: rule.title_en.clone(),
        law: rule.ground.law.clone(),
        standing: rule.standing,
        needs: rule.needs.iter().map(|need| need.zh.clone()).collect(),
        certifier: rule.certifier.as_ref().map(|(zh, _)| zh.clone()),
        in_force: (rule.since, rule.until),
    }
}

/// The files of `CN-DEFAULT`.
const BUILTIN: [(&str, &str); 18] = [
    ("pack.md", include_str!("../rules/pack.md")),
    ("values.md", include_str!("../rules/values.md")),
    ("register-error.md", include_str!("../rules/register-error.md")),
    ("departure.md", include_str!("../rules/departure.md")),
    ("inspection.md", include_str!("../rules/inspection.md")),
    ("completed.md", include_str!("../rules/completed.md")),
    ("age.md", include_str!("../rules/age.md")),
    ("deferral.md", include_str!("../rules/deferral.md")),
    ("unable.md", include_str!("../rules/unable.md")),
    ("certificate.md", include_str!("../rules/certificate.md")),
    ("suspension.md", include_str!("../rules/suspension.md")),
    ("home-teaching.md", include_str!("../rules/home-teaching.md")),
    ("absence.md", include_str!("../rules/absence.md")),
    ("enrolled.md", include_str!("../rules/enrolled.md")),
    ("elsewhere.md", include_str!("../rules/elsewhere.md")),
    ("out-of-school.md", include_str!("../rules/out-of-school.md")),
    ("other-arrangement.md", include_str!("../rules/other-arrangement.md")),
    ("unverified.md", include_str!("../rules/unverified.md")),
];

/// The pack that is built into the program.
#[expect(clippy::expect_used, reason = "the files are part of the program and tested")]
static CN_DEFAULT: LazyLock<Pack> = LazyLock::new(|| {
    let text =
        PackText { files: BUILTIN.map(|(name, text)| (name.to_owned(), text.to_owned())).to_vec() };
    let pack =
        Pack::stacked(&Pack::default(), &[text]).expect("the built-in rules are well-formed");
    Pack { texts: Vec::new(), ..pack }
});

impl Pack {
    /// Parses the rule files of one pack, given as name and text, for themselves: they need no head and no values.
    ///
    /// # Errors
    /// All faults of all files, each with file, line and what was expected: a head that is no TOML, an unknown key or
    /// fact, a missing article, two rules of one id in force on the same day, a case that cannot be read. A pack with a fault
    /// is not loaded. Whether the cases hold is asked by [`Pack::failing_cases`].
    pub fn from_files(files: &[(&str, &str)]) -> Result<Self, Vec<RuleError>> {
        let owned = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        Self::stacked(&Self::default(), &[PackText { files: owned.collect() }])
    }

    /// The pack `CN-DEFAULT` that is built into the program.
    ///
    /// # Panics
    /// Never for a released program: a test loads the built-in files and runs their cases.
    pub fn builtin() -> Self {
        CN_DEFAULT.clone()
    }

    /// This pack with others on it, the lowest first: a province's, then a county's.
    ///
    /// # Errors
    /// All faults of the files as in [`Pack::from_files`], a pack without head, packs that do not fit on each other, values
    /// that no setting takes, and every case that gives another verdict than it says. Then none of them is loaded.
    pub fn with(&self, packs: &[PackText]) -> Result<Self, Vec<RuleError>> {
        let pack = self.stacked(packs)?;
        let n_below = self.layers.len();
        let mut errors = Vec::new();
        for (layer, text) in pack.layers[n_below..].iter().zip(packs) {
            if layer.head.is_none() {
                let file = text.files.first().map(|(name, _)| name.clone()).unwrap_or_default();
                let message = "the pack has no head; expected a block ```pack … ``` in one file";
                errors.push(RuleError { file, line: 1, message: message.to_owned() });
            }
        }
        errors.extend(pack.value_faults());
        errors.extend(pack.order_faults());
        if errors.is_empty() {
            errors = pack.failing(n_below);
            errors.extend(pack.untried(n_below));
        }
        if errors.is_empty() { Ok(pack) } else { Err(errors) }
    }

    fn stacked(&self, packs: &[PackText]) -> Result<Self, Vec<RuleError>> {
        let mut pack = self.clone();
        let mut errors = Vec::new();
        for text in packs {
            let (layer, faults) = file::parse(&text.files);
            errors.extend(faults);
            errors.extend(layer.overlaps());
            pack.layers.push(Arc::new(layer));
        }
        errors.extend(stack::faults(&pack.layers));
        pack.texts.extend_from_slice(packs);
        if errors.is_empty() { Ok(pack) } else { Err(errors) }
    }

    /// Name and version of each pack, the lowest first, joined by ` + `.
    pub fn name(&self) -> String {
        let heads = self.layers.iter().filter_map(|layer| layer.head.as_ref());
        let names: Vec<String> =
            heads.map(|head| format!("{} {}", head.id, head.version)).collect();
        names.join(" + ")
    }

    /// The packs, the lowest first: who made each, and the document it stands on.
    pub fn heads(&self) -> Vec<PackHead> {
        let head = |layer: &Arc<Layer>| {
            let head = layer.head.as_ref()?;
            Some(PackHead {
                id: head.id.clone(),
                version: head.version.clone(),
                title: head.title.clone(),
                source: head.source.clone(),
                n_rules: layer.rules.len(),
                n_values: layer.values.len(),
                n_off: layer.offs.len(),
                n_cases: layer.cases.len(),
            })
        };
        self.layers.iter().filter_map(head).collect()
    }

    /// The texts of the packs above the built-in one, the lowest first.
    pub fn texts(&self) -> &[PackText] {
        &self.texts
    }

    /// The rules of all packs, in the order of the files.
    pub fn rules(&self) -> Vec<RuleSummary> {
        self.all_rules().map(summary).collect()
    }

    /// Number of worked cases.
    pub fn n_cases(&self) -> usize {
        self.layers.iter().map(|layer| layer.cases.len()).sum()
    }

    /// Runs every worked case; an error for each that gives another verdict than it says. The cases of a pack are judged by
    /// it and those below it, under their values on the day of the case.
    pub fn failing_cases(&self) -> Vec<RuleError> {
        self.failing(0)
    }

    /// The names in the county's order that are neither a rule nor a group of this pack.
    pub fn unknown_in_order<'s>(&self, settings: &'s Settings) -> Vec<&'s str> {
        let known = |name: &String| self.all_rules().any(|r| *r.id == **name || r.group == *name);
        settings.order.iter().filter(|name| !known(name)).map(String::as_str).collect()
    }

    /// The rules of all packs, whether in force or not.
    pub(crate) fn all_rules(&self) -> impl Iterator<Item = &Rule> {
        self.layers.iter().flat_map(|layer| &layer.rules)
    }

    /// Rules of the packs from the given one on that decide none of the cases of their pack.
    fn untried(&self, first: usize) -> Vec<RuleError> {
        let mut errors = Vec::new();
        for at in first..self.layers.len() {
            let upto = Self { layers: self.layers[..=at].to_vec(), texts: Vec::new() };
            let decided: Vec<String> =
                self.layers[at].cases.iter().filter_map(|case| case.decided_by(&upto)).collect();
            let untried =
                self.layers[at].rules.iter().filter(|rule| !decided.contains(&rule.ground.rule));
            errors.extend(untried.map(|rule| {
                let message = format!(
                    "no worked case is decided by rule `{}`; expected one at least",
                    rule.id
                );
                rule.place.error(message)
            }));
        }
        errors
    }

    /// The cases that fail, of the packs from the given one on.
    fn failing(&self, first: usize) -> Vec<RuleError> {
        let mut errors = Vec::new();
        for at in first..self.layers.len() {
            let upto = Self { layers: self.layers[..=at].to_vec(), texts: Vec::new() };
            let cases = &self.layers[at].cases;
            errors.extend(cases.iter().filter_map(|case| case.failure(&upto)));
        }
        errors
    }
}

/// The records of a case's cells, for tests that put children together.
#[cfg(test)]
pub(crate) fn records_of_case(
    today: NaiveDate,
    row: &[(&str, &str)],
) -> Result<Vec<baoxue_claim::Record>, String> {
    case::records(row, today)
}

/// The files of the built-in pack, for the test that reads them its own way.
#[cfg(test)]
pub(crate) const fn builtin_files() -> &'static [(&'static str, &'static str)] {
    &BUILTIN
}

/// The text of every condition of the built-in pack.
#[cfg(test)]
pub(crate) fn sources() -> Vec<String> {
    BUILTIN.iter().flat_map(|(_, text)| file::conditions(text)).collect()
}

/// The facts that rules may name, with their meaning: for the reference page.
pub fn facts() -> impl Iterator<Item = (&'static str, &'static str)> {
    FIELDS.iter().map(|field| (field.path, field.meaning))
}
