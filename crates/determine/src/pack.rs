//! Rule packs: Markdown files, parsed and checked.

use std::fmt;

/// Rules in force, ready to be applied.
#[derive(Clone, Debug)]
pub struct Pack {}

/// What is wrong with a rule file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct RuleError {
    /// Name of the file.
    pub file: String,
    /// 1-based line.
    pub line: usize,
    /// What was found and what was expected.
    pub message: String,
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.message)
    }
}

impl Pack {
    /// Parses rule files, given as name and text.
    ///
    /// # Errors
    /// All faults of all files, each with file, line and what was expected. A pack with a fault is not loaded.
    pub fn from_files(files: &[(&str, &str)]) -> Result<Self, Vec<RuleError>> {
        let _ = files;
        Ok(Self {})
    }

    /// The pack `CN-DEFAULT` that is built into the program.
    pub fn builtin() -> Self {
        Self {}
    }
}
