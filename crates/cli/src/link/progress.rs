//! Progress of linking on a terminal.

use baoxue_link::{Progress, Stage};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::lang::Lang;

/// One line on standard error; silent when that is no terminal.
pub(super) struct Line {
    bar: ProgressBar,
    stage: Option<Stage>,
    lang: Lang,
}

impl Line {
    pub(super) fn new(lang: Lang, silent: bool) -> Self {
        let target =
            if silent { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) = ProgressStyle::with_template("{prefix} [{bar:30}] {pos}/{len} {elapsed}")
        {
            bar.set_style(style.progress_chars("█▌ "));
        }
        Self { bar, stage: None, lang }
    }

    /// Reading: so much of so much.
    pub(super) fn reading(&self) -> impl Fn(u64, u64) + Sync + '_ {
        self.bar.set_prefix(self.lang.pick("读取", "read"));
        move |done, total| {
            self.bar.set_length(total);
            self.bar.set_position(done);
        }
    }

    pub(super) fn show(&mut self, progress: Progress) {
        if self.stage != Some(progress.stage) {
            self.stage = Some(progress.stage);
            self.bar.set_prefix(self.name(progress.stage));
            self.bar.reset_elapsed();
        }
        self.bar.set_length(progress.total.max(progress.done));
        self.bar.set_position(progress.done);
    }

    pub(super) fn writing(&self) {
        self.bar.set_prefix(self.lang.pick("写出", "write"));
        self.bar.tick();
    }

    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }

    fn name(&self, stage: Stage) -> &'static str {
        match stage {
            Stage::Blocking => self.lang.pick("分组", "block"),
            Stage::Training => self.lang.pick("学习", "train"),
            Stage::Comparing => self.lang.pick("比较", "compare"),
            Stage::Joining => self.lang.pick("归并", "join"),
        }
    }
}
