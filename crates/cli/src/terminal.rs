//! What is printed, and progress on a terminal: one line that says what is being done and how far it is. Silent when the
//! output is no terminal or is JSON.

use std::{
    fmt,
    io::{self, ErrorKind, Write},
    sync::{Mutex, PoisonError},
};

use baoxue_flow::{Progress, Stage};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::lang::Lang;

/// The first reason why something printed was lost.
static LOST: Mutex<Option<io::Error>> = Mutex::new(None);

/// Prints on standard output. A reader who has seen enough and closes the pipe ends nothing; any other failure is kept for
/// the end of the command.
pub(crate) fn say(text: fmt::Arguments<'_>) {
    keep(io::stdout().lock().write_fmt(text));
}

/// Prints on standard error; what cannot be told there can be told nowhere.
pub(crate) fn warn(text: fmt::Arguments<'_>) {
    io::stderr().lock().write_fmt(text).unwrap_or_default();
}

/// Why something printed did not reach its place, if so.
pub(crate) fn lost() -> Option<io::Error> {
    keep(io::stdout().lock().flush());
    LOST.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn keep(written: io::Result<()>) {
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
    {
        LOST.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

/// The bar of one command.
pub(crate) struct Bar {
    line: ProgressBar,
    stage: Option<Stage>,
    lang: Lang,
}

impl Bar {
    /// A bar on standard error, which indicatif hides when that is no terminal.
    pub(crate) fn new(lang: Lang, silent: bool) -> Self {
        let target =
            if silent { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let line = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) =
            ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} {elapsed} {wide_msg}")
        {
            line.set_style(style.progress_chars("█▌ "));
        }
        Self { line, stage: None, lang }
    }

    /// Shows where the work is.
    pub(crate) fn show(&mut self, progress: &Progress) {
        if self.stage != Some(progress.stage) {
            self.stage = Some(progress.stage);
            self.line.set_prefix(self.name(progress.stage));
            self.line.reset_elapsed();
        }
        self.line.set_length(progress.total.max(progress.done));
        self.line.set_position(progress.done);
        self.line.set_message(progress.what.clone());
    }

    /// Takes the bar off the screen.
    pub(crate) fn end(&self) {
        self.line.finish_and_clear();
    }

    fn name(&self, stage: Stage) -> &'static str {
        match stage {
            Stage::Import => self.lang.pick("导入", "import"),
            Stage::Load => self.lang.pick("读取", "load"),
            Stage::Link => self.lang.pick("比对", "link"),
            Stage::Determine => self.lang.pick("认定", "determine"),
            Stage::Save => self.lang.pick("保存", "save"),
            Stage::Report => self.lang.pick("出表", "report"),
        }
    }
}
