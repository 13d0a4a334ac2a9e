//! How long work tells where it is.

/// A step of the whole job.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Reading and taking in files; counted in files.
    Import,
    /// Reading records back from the store; counted in records.
    Load,
    /// Finding the rows that are the same child; counted in candidate pairs or passes.
    Link,
    /// Deriving verdicts; counted in children.
    Determine,
    /// Keeping the results; counted in children.
    Save,
    /// Writing ledgers; counted in files.
    Report,
}

impl Stage {
    /// Stable name, as in `summary.json`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Import => "import",
            Self::Load => "load",
            Self::Link => "link",
            Self::Determine => "determine",
            Self::Save => "save",
            Self::Report => "report",
        }
    }
}

/// Where a step is. `total` is 0 when it is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The step.
    pub stage: Stage,
    /// Done so far.
    pub done: u64,
    /// Of so many.
    pub total: u64,
    /// What is being worked on, such as a file name.
    pub what: String,
}

/// Whoever wants to know; called from the thread that asked for the work.
pub type Observer<'a> = &'a mut dyn FnMut(Progress);
