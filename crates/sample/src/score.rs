//! The score of an answer (links and determinations) against the truth of a district.
//!
//! What is counted, and what a good product must reach, stands in the README of the sample district: no row silently lost,
//! no child in school called out of school, conflicts shown and not decided.

mod linkage;
mod table;
mod verdicts;
mod words;

use std::collections::HashMap;

use self::table::{Answered, Truth};

/// The truth of a district, as the text of its csv files.
#[derive(Clone, Debug, Default)]
pub struct TruthFiles {
    /// `truth/children.csv`.
    pub children: String,
    /// `truth/rows.csv`.
    pub rows: String,
    /// `truth/seed_scenario.csv`.
    pub seed_scenario: String,
}

/// Why an answer cannot be scored.
#[derive(Debug, thiserror::Error)]
pub enum ScoreError {
    /// A csv text cannot be read.
    #[error("{table}: {cause}")]
    Csv {
        /// Which of the texts.
        table: &'static str,
        /// What the reader said.
        cause: csv::Error,
    },
    /// A column is missing.
    #[error("{table}: column `{column}` is missing")]
    Column {
        /// Which of the texts.
        table: &'static str,
        /// The column.
        column: &'static str,
    },
    /// A value is outside its set.
    #[error("{table}: record {record}: `{column}` is not valid")]
    Value {
        /// Which of the texts.
        table: &'static str,
        /// Record below the header, 1-based.
        record: u64,
        /// The column.
        column: &'static str,
    },
}

/// A count out of another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rate {
    /// How many are right.
    pub right: u64,
    /// Of how many.
    pub of: u64,
}

impl Rate {
    /// From 0 to 1; `None` when there is nothing to be right about.
    pub fn value(self) -> Option<f64> {
        (self.of > 0).then(|| share(self.right, self.of))
    }
}

/// What was said about one set against what is so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// So, and said.
    pub hits: u64,
    /// Said, but not so.
    pub wrong: u64,
    /// So, but not said.
    pub missed: u64,
}

impl Found {
    /// Share of what was said that is so; `None` when nothing was said.
    pub fn precision(self) -> Option<f64> {
        Rate { right: self.hits, of: self.hits + self.wrong }.value()
    }

    /// Share of what is so that was said; `None` when nothing is so.
    pub fn recall(self) -> Option<f64> {
        Rate { right: self.hits, of: self.hits + self.missed }.value()
    }

    /// Harmonic mean of precision and recall; `None` when one of them has no meaning.
    pub fn f1(self) -> Option<f64> {
        self.precision()?;
        self.recall()?;
        Some(share(2 * self.hits, 2 * self.hits + self.wrong + self.missed))
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows stay far below 2^53")]
fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

/// Child rows that the product set aside instead of linking them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SetAside {
    /// `ignored`: taken for a title, a total, an adult.
    pub ignored: u64,
    /// `rejected`: sent back to the sender.
    pub rejected: u64,
    /// `review`: waiting for a person.
    pub review: u64,
    /// Without a child and without a disposition.
    pub unsaid: u64,
}

/// What was said about children on whom the sources contradict each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Conflicts {
    /// How many there are.
    pub of: u64,
    /// Shown as conflicts.
    pub surfaced: u64,
    /// Called out of school.
    pub decided_out: u64,
    /// Called in school or excused.
    pub decided_safe: u64,
    /// Conflicts shown where there is none.
    pub invented: u64,
}

/// One child whose verdict is not the expected one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// `child_uid` of the truth.
    pub uid: String,
    /// The expected code, in the words of the truth.
    pub expected: String,
    /// Why it is expected.
    pub reason: String,
    /// The code said, in the words of the truth; `None` without a determination.
    pub got: Option<String>,
}

/// One of the children of the seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedChild {
    /// `SEED-01` and so on.
    pub seed: String,
    /// Its town.
    pub town: String,
    /// Its class, such as `NOT_DROPOUT_BY_POLICY`.
    pub class: String,
    /// The expected code.
    pub expected: String,
    /// The code said.
    pub got: Option<String>,
}

impl SeedChild {
    /// Whether the code said is the expected one.
    pub fn is_right(&self) -> bool {
        self.got.as_ref() == Some(&self.expected)
    }
}

/// One line of the town table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TownLine {
    /// The town.
    pub town: String,
    /// Children that the town reported as out of school, or the inspection found there.
    pub reported: u64,
    /// Of them, with the right code.
    pub seed_right: u64,
    /// Children truly out of school.
    pub true_out: u64,
    /// Children called out of school.
    pub said_out: u64,
    /// Both.
    pub found: u64,
    /// Children in school or excused, called out of school.
    pub accused: u64,
    /// Called suspected.
    pub suspected: u64,
    /// Called a conflict.
    pub conflict: u64,
}

/// How good an answer is. Lists hold `child_uid`s in the order of the truth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Child rows in the truth.
    pub child_rows: u64,
    /// Child rows in no line of the links: must be 0.
    pub rows_lost: u64,
    /// The lost rows by file.
    pub lost_by_file: Vec<(String, u64)>,
    /// Child rows given but not linked.
    pub set_aside: SetAside,
    /// Rows that name no child but were linked to one: titles, totals, adults.
    pub others_linked: u64,
    /// Rows in the links that the truth does not know.
    pub rows_unknown: u64,
    /// Rows given more than once.
    pub rows_twice: u64,
    /// Pairs of rows of one child. Tip-offs in free text are not counted.
    pub pairs: Found,
    /// Children whose rows are exactly one cluster: `hits` are exact, `wrong` other clusters, `missed` other children.
    pub clusters: Found,
    /// Clusters that hold two children; a second registration of the same child is no other child.
    pub mixed_clusters: u64,
    /// Children whose rows lie in several clusters.
    pub split_children: u64,
    /// Children with a determination equal to the expected one, of all with a row.
    pub strict: Rate,
    /// Children without any determination.
    pub not_determined: u64,
    /// Determinations that belong to no child.
    pub for_nobody: u64,
    /// Codes that are none, and how often.
    pub unknown_codes: Vec<(String, u64)>,
    /// Out of school: dropped out or never enrolled.
    pub out: Found,
    /// Suspected.
    pub suspected: Found,
    /// Out of school but on nobody's list: found, of all such.
    pub hidden: Rate,
    /// In school or excused, but called out of school: must be empty.
    pub wrongly_accused: Vec<String>,
    /// The same, by a second cluster that holds some of the child's rows.
    pub accused_by_split: Vec<String>,
    /// Out of school, but called in school or excused.
    pub missed_called_safe: Vec<String>,
    /// Conflicts shown and decided.
    pub conflicts: Conflicts,
    /// Children whose code is neither the expected one nor acceptable.
    pub wrong: Vec<Wrong>,
    /// The children of the seed.
    pub seed: Vec<SeedChild>,
    /// The town table.
    pub towns: Vec<TownLine>,
    /// Per source tag of the rows (`survey`, `registry`, …): rows that lie with most of their child's other rows.
    pub placed: Vec<(String, Rate)>,
}

impl Score {
    /// Children of the seed with the right code, of all fourteen.
    pub fn seed_rate(&self) -> Rate {
        let right = self.seed.iter().filter(|child| child.is_right()).count() as u64;
        Rate { right, of: self.seed.len() as u64 }
    }

    /// The score as a table for people, in zh-CN or English.
    pub fn table(&self, language: Language) -> String {
        words::table(self, language)
    }
}

/// The language of the printed score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// 简体中文.
    Chinese,
    /// English.
    English,
}

/// Scores `links` (`source_file,sheet,row,child_id,disposition`) and `determinations` (`child_id,id_card,name,code,…`),
/// both csv texts. Codes are those of the product ([`baoxue_claim::VerdictCode`]) or those of the truth.
///
/// # Errors
/// [`ScoreError`] when a text is no csv, lacks a column, or has a value outside its set.
pub fn score(truth: &TruthFiles, links: &str, determinations: &str) -> Result<Score, ScoreError> {
    let truth = Truth::read(truth)?;
    let answered = Answered::read(links, determinations)?;
    let mut score = Score::default();
    account(&truth, &answered, &mut score);
    linkage::score(&truth, &answered, &mut score);
    verdicts::score(&truth, &answered, &mut score);
    Ok(score)
}

/// The owner of every child row of the truth, as a number for each child: file, sheet and row, then the child.
///
/// # Errors
/// [`ScoreError`] as [`score`].
pub fn owners(truth: &TruthFiles) -> Result<Vec<(String, String, u32, i64)>, ScoreError> {
    let truth = Truth::read(truth)?;
    let owner = |row: &table::ChildRow| {
        let (file, sheet, number) = row.key.place();
        let child = i64::try_from(row.child).unwrap_or(i64::MAX);
        (file.to_owned(), sheet.to_owned(), u32::try_from(number).unwrap_or(u32::MAX), child)
    };
    Ok(truth.rows.iter().map(owner).collect())
}

/// Counts the rows: lost, set aside, unknown, given twice.
fn account(truth: &Truth, answered: &Answered, score: &mut Score) {
    score.child_rows = truth.rows.len() as u64;
    score.rows_twice = answered.rows_twice;
    let mut lost: HashMap<&str, u64> = HashMap::new();
    for row in &truth.rows {
        match answered.links.get(&row.key) {
            None => *lost.entry(row.key.file.as_str()).or_default() += 1,
            Some(link) if link.child.is_empty() => {
                let slot = match link.disposition.as_str() {
                    "ignored" => &mut score.set_aside.ignored,
                    "rejected" => &mut score.set_aside.rejected,
                    "review" => &mut score.set_aside.review,
                    _ => &mut score.set_aside.unsaid,
                };
                *slot += 1;
            }
            Some(_) => {}
        }
    }
    score.rows_lost = lost.values().sum();
    score.lost_by_file = lost.into_iter().map(|(file, n)| (file.to_owned(), n)).collect();
    score.lost_by_file.sort();
    for (key, link) in &answered.links {
        let linked = !link.child.is_empty();
        if truth.others.contains(key) {
            score.others_linked += u64::from(linked);
        } else if !truth.row_of.contains_key(key) {
            score.rows_unknown += 1;
        }
    }
}
