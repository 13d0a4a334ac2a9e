//! Since when the evidence says that a child is out of school, until when, and what that undoes.

use baoxue_claim::VerdictCode;

use super::{Case, Effective, Noted, noted};
use crate::{Judged, Moment, Place, Reconsidered, Trigger, Visit, is_confirmed};

/// A time in which the evidence says something of the child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The number of the event that began it.
    pub no: u32,
    /// When it began.
    pub at: Moment,
    /// When it ended; `None` while it lasts.
    pub ended: Option<Moment>,
    /// Since when it is confirmed; for an accusal.
    pub confirmed: Option<Moment>,
}

impl Span {
    const fn begun(event: &Effective<'_>) -> Self {
        Self { no: event.no, at: event.at, ended: None, confirmed: None }
    }
}

impl Case {
    pub(super) fn judge(&mut self, event: &Effective<'_>, judged: Judged) {
        let at = event.at;
        let before = std::mem::replace(&mut self.judged, noted(event, judged));
        let accuses = judged.code.accuses();
        let seen = self.standing().any(|visit| visit.what.confirms());
        if accuses {
            self.accused.get_or_insert(at);
            self.begin_accusal(event);
        } else if judged.code.clears() || judged.code == VerdictCode::OverageIncomplete {
            self.end_accusal(at);
        }
        if accuses && (judged.confirmed || seen) {
            self.confirm(at);
        }
        let is_missing = judged.code == VerdictCode::Missing;
        let was_missing = self.missing.last().is_some_and(|span| span.ended.is_none());
        if is_missing && !was_missing {
            self.missing.push(Span::begun(event));
        } else if let Some(span) = self.missing.last_mut().filter(|_| was_missing && !is_missing) {
            span.ended = Some(at);
        }
        // Whoever confirmed a verdict has not confirmed another one.
        if self.determined.as_ref().is_some_and(|determined| determined.what != judged.code) {
            self.determined = None;
            self.lapsed = true;
        }
        if accuses && self.lapsed {
            self.lapsed = false;
            self.undone.push((at, event.no));
        }
        let is_back = self.accused.is_some() && judged.code == VerdictCode::EnrolledLocal;
        if !is_back && self.returned.is_none() {
            self.seen_back = None;
        }
        if is_back {
            self.seen_back.get_or_insert(noted(event, ()));
        }
        let returned = self.returned.as_ref().is_some_and(|back| judged.on > back.what.on);
        if accuses && before.what.code.clears() && returned {
            self.out_again = Some(at);
        }
        self.proposed = None;
    }

    /// The child is said to be out of school from here on; said again, nothing begins.
    pub(super) fn begin_accusal(&mut self, event: &Effective<'_>) {
        if self.open_accusal().is_none() {
            self.accusals.push(Span::begun(event));
        }
    }

    /// A lawful ground, or a school, answers for the child. What somebody saw who looked, files do not answer: only that the
    /// child is accounted for elsewhere than in a classroom does.
    fn end_accusal(&mut self, at: Moment) {
        let was_seen = matches!(self.trigger, Trigger::Relapse { .. }) && !self.is_elsewhere();
        if let Some(span) = self.accusals.last_mut().filter(|_| !was_seen) {
            span.ended.get_or_insert(at);
        }
    }

    fn confirm(&mut self, at: Moment) {
        self.confirmed.get_or_insert(at);
        if let Some(span) = self.accusals.last_mut().filter(|span| span.ended.is_none()) {
            span.confirmed.get_or_insert(at);
        }
    }

    /// The time in which the evidence says now that the child is out of school.
    pub fn open_accusal(&self) -> Option<&Span> {
        self.accusals.last().filter(|span| span.ended.is_none())
    }

    /// The times in which it says so, each with the number of its clocks: what was done before the first is done for it too.
    pub(crate) fn accusals(&self) -> impl Iterator<Item = (u32, &Span)> {
        self.accusals.iter().enumerate().map(|(at, span)| (if at == 0 { 0 } else { span.no }, span))
    }

    pub(super) fn determine(&mut self, determined: Noted<VerdictCode>) {
        self.determinations.push(determined.clone());
        self.determined = Some(determined);
        self.lapsed = false;
    }

    pub(super) fn visit(&mut self, visit: Noted<Visit>) {
        if self.accused.is_some() && visit.what.confirms() {
            self.confirm(visit.at);
        }
        self.visits.push(visit);
    }

    /// A visit that is taken back confirms nothing any more. A determination that somebody made meanwhile stays: it is undone by
    /// evidence or an objection, not by whoever is measured by the case.
    pub(super) fn reconsider(&mut self, answer: Noted<Reconsidered>) {
        self.reconsidered.push(answer);
        self.proposed = None;
        if self.determined.is_none() && !is_confirmed(self) {
            self.confirmed = None;
            if let Some(span) = self.accusals.last_mut() {
                span.confirmed = None;
            }
        }
    }

    /// A family that is right is no longer confirmed to be wrong, and what was asked of it is taken back.
    pub(super) fn answer_objection(&mut self, answer: Noted<(bool, String)>) {
        if answer.what.0 {
            self.determined = None;
            self.lapsed = false;
            self.undone.push((answer.at, answer.no));
            let overruled = Noted {
                no: answer.no,
                at: answer.at,
                by: answer.by.clone(),
                what: answer.what.1.clone(),
            };
            let papers = self.papers.iter_mut().filter(|paper| paper.issued.what.kind.is_served());
            for paper in papers {
                paper.overruled.get_or_insert(overruled.clone());
            }
        }
        let mut raised = self.objections.iter_mut();
        if let Some(open) = raised.find(|objection| objection.answered.is_none()) {
            open.answered = Some(answer);
        }
    }

    /// The numbers of the events from which papers to the family begin anew: each time in which the child is accused, and each
    /// objection that was right. Ascending.
    pub(crate) fn eras(&self) -> Vec<u32> {
        let upheld = self.objections.iter().filter_map(|objection| objection.answered.as_ref());
        let upheld = upheld.filter(|answer| answer.what.0).map(|answer| answer.no);
        let begun = std::iter::once(0).chain(self.accusals().map(|(no, _)| no));
        let mut eras: Vec<u32> = begun.chain(upheld).collect();
        eras.sort_unstable();
        eras
    }

    /// The last of them.
    pub(crate) fn era(&self) -> u32 {
        self.eras().pop().unwrap_or_default()
    }

    /// Where the child belonged at a moment.
    pub fn place_at(&self, moment: Moment) -> &Place {
        let then = self.former.iter().find(|(until, _)| moment < *until);
        then.map_or(&self.place, |(_, place)| place)
    }
}
