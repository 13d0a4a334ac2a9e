//! What keeps cases from going on: a record that cannot be read, and a clock that is held. Nobody loses sight of a child by it.

use baoxue_authz::{Action, Scope};

use super::{Line, View};
use crate::{app::App, casebook::CaseDesk, i18n::number, pages::cases::case_key};

/// More cases that cannot be read stand in the list of cases.
const MAX_UNREAD: usize = 3;

impl View<'_> {
    /// The reader's cases with a record that cannot be read, and, for the bureau, that the clocks of cases are held.
    pub(super) fn faults(&self, app: &App, desk: &CaseDesk) -> Vec<Line> {
        self.clock(app, desk).into_iter().chain(self.unread(desk)).collect()
    }

    fn clock(&self, app: &App, desk: &CaseDesk) -> Option<Line> {
        let held = desk.held(app.now())?;
        if self.acts(Action::ConfirmDetermination) != Scope::All {
            return None;
        }
        let moment = |at: baoxue_act::Moment| at.format("%Y-%m-%d %H:%M").to_string().into();
        let values = [("at", moment(held.at)), ("shows", moment(held.shows))];
        Some(Line {
            icon: "clock-exclamation",
            class: "o",
            why: self.lang.with("today-clock-why", &values),
            verb: self.lang.t("verb-case"),
            href: "/cases?view=list".to_owned(),
            ..self.case_line(
                (self.lang.with("today-clock", &values), "today-unread-why"),
                String::new(),
                "",
            )
        })
    }

    fn unread(&self, desk: &CaseDesk) -> Vec<Line> {
        let reads = self.acts(Action::ReadCase);
        let own = desk.book.all().filter_map(|file| {
            let entry = self.roll.entry(file.case.child)?;
            Some((file.case.id, file.unread?)).filter(|_| reads.sees(entry.standing()))
        });
        let lines = own.take(MAX_UNREAD).map(|(case, unread)| {
            let key = case_key(case);
            let no = usize::try_from(unread.no).unwrap_or_default();
            let values = [("case", key.clone().into()), ("n", number(no))];
            let line = self.case_line(
                (self.lang.with("today-unread", &values), "today-unread-why"),
                String::new(),
                "",
            );
            Line { icon: "alert-triangle", class: "o", href: format!("/cases/{key}"), ..line }
        });
        lines.collect()
    }
}
