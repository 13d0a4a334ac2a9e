//! What voices from outside ask: tip-offs that nobody has looked at, and findings of inspections.

use baoxue_act::{Due, Moment, Term};
use baoxue_authz::{Action, Resource, Scope};
use baoxue_flow::{
    findings::{FindingBook, FindingState},
    tips::{Tip, TipBook, TipState},
};

use super::{
    super::{children::due_words, inspect},
    Line, View,
};
use crate::{app::App, casebook::CaseDesk, trouble::Trouble};

impl View<'_> {
    /// Tip-offs that nobody has linked to a child or answered, for the office and, once they are late, for leaders, who see how
    /// many there are and nothing of them.
    pub(super) async fn tips(&self, app: &App, desk: &CaseDesk) -> Result<Option<Line>, Trouble> {
        let works = self.signed.can(Action::WorkTips, &Resource::County);
        let leads = self.acts(Action::Instruct) != Scope::Nothing;
        if !works && !leads {
            return Ok(None);
        }
        let now = desk.moment(app.now());
        let book = TipBook::load(app.store()).await?;
        let waiting = book.all().into_iter().filter(|tip| tip.state() < TipState::Verifying);
        let within = app.county().act.tip_link_within;
        let due: Vec<Due> = waiting.map(|tip| link_by(tip, within, desk)).collect();
        let late = due.iter().filter(|due| due.is_past(now)).count();
        let first = due.iter().filter_map(|due| due.moment()).min();
        let line = if works {
            let icon = if late > 0 { ("bell", "o") } else { ("bell", "s") };
            self.counted(icon, ("tips", due.len()), ("verb-look", "/tips"))
        } else {
            self.counted(("bell", "o"), ("tips-late", late), ("verb-look", "/reports"))
        };
        let n = if works { due.len() } else { late };
        Ok((n > 0).then(|| self.by(line, first, now)))
    }

    /// Findings of inspections in the reader's places that must be put right or looked at again, the first day of each.
    pub(super) async fn findings(&self, app: &App, desk: &CaseDesk) -> Result<Vec<Line>, Trouble> {
        let (rectifies, rechecks) =
            (self.acts(Action::WorkCase), self.acts(Action::RecheckFinding));
        let leads = self.acts(Action::Instruct);
        if [&rectifies, &rechecks, &leads].into_iter().all(|scope| *scope == Scope::Nothing) {
            return Ok(Vec::new());
        }
        let book = FindingBook::load(app.store()).await?;
        let children = book.children(app.store(), self.roll).await?;
        let of = inspect::View { app, roll: self.roll, children: &children, lang: self.lang, desk };
        let today = desk.moment(app.now()).date();
        let all = book.all();
        let days = |scope: &Scope, state: FindingState| {
            let of_state = all.iter().filter(move |finding| finding.state == state);
            let seen = of_state.filter(|finding| of.is_seen(scope, finding));
            let mut days: Vec<_> = seen.map(|finding| finding.entered.plan.until).collect();
            days.sort_unstable();
            days
        };
        let open = days(&rectifies, FindingState::Open);
        let again = days(&rechecks, FindingState::Rectified);
        // Who checks, and who leads, hears of what nobody has put right in time.
        let looks = if leads == Scope::Nothing { &rechecks } else { &leads };
        let mut late = days(looks, FindingState::Open);
        late.retain(|until| *until < today);
        let all = [("rectify", open), ("recheck", again), ("findings-late", late)];
        let lines = all.into_iter().filter_map(|(key, days)| {
            let first = *days.first()?;
            let class = if first < today { "o" } else { "s" };
            let verb = ("verb-look", "/inspect");
            let line = self.counted(("flag", class), (key, days.len()), verb);
            let (due, due_class) = due_words(first, today, self.lang);
            Some(Line { due, due_class, ..line })
        });
        Ok(lines.collect())
    }

    fn by(&self, line: Line, first: Option<Moment>, now: Moment) -> Line {
        let Some(first) = first else { return line };
        let (due, due_class) = due_words(first.date(), now.date(), self.lang);
        Line { due, due_class, ..line }
    }
}

/// By when a tip-off must be linked or answered, from when it came last.
fn link_by(tip: &Tip, within: Term, desk: &CaseDesk) -> Due {
    within.ends(desk.came(tip.last), &[], &desk.rules.calendar)
}
