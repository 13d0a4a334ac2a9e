//! The parts of the page of a case: stages, duties, what happened.

use baoxue_act::{Duty, Event, Holder, Moment, PROGRAM, Stage, What};
use baoxue_flow::cases::{CaseFile, Speaker};

use super::{due, one::Choice};
use crate::{
    display::{covered, day},
    i18n::Lang,
};

/// A stage on the way, `dn` when it is behind, `nw` where the case stands.
pub(super) struct Step {
    pub(super) word: String,
    pub(super) note: String,
    pub(super) class: &'static str,
}

pub(super) struct DutyLine {
    pub(super) icon: &'static str,
    pub(super) class: &'static str,
    pub(super) what: String,
    pub(super) seat: String,
    pub(super) who: String,
    pub(super) due: String,
    pub(super) due_class: &'static str,
    pub(super) on: String,
    /// Whom it has reached, and to whom it falls while a seat is empty.
    pub(super) reached: String,
    pub(super) law: String,
}

/// Something that happened.
pub(super) struct Told {
    pub(super) when: String,
    pub(super) by: String,
    pub(super) text: String,
    pub(super) class: &'static str,
}

/// What the parts are made from.
pub(super) struct Parts<'a> {
    pub(super) file: &'a CaseFile,
    pub(super) speaker: &'a Speaker<'a>,
    pub(super) now: Moment,
    pub(super) proof_days: u16,
    pub(super) lang: Lang,
}

impl Parts<'_> {
    /// The stages with the day on which each began.
    pub(super) fn steps(&self, stage: Stage) -> Vec<Step> {
        let case = &self.file.case;
        let first = case.visits.iter().find(|visit| visit.what.met.is_attempt());
        let began = |of: Stage| match of {
            Stage::Found => Some(case.opened.date()),
            Stage::Determined => case.determined.as_ref().map(|determined| determined.at.date()),
            Stage::Persuading => first.map(|visit| visit.what.on),
            Stage::Returned => case.returned.as_ref().map(|returned| returned.what.on),
            Stage::Settling => case.proved_at(self.proof_days).map(|at| at.date()),
            Stage::Closed => case.over.as_ref().map(|over| over.at.date()),
        };
        let steps = Stage::ALL.iter().map(|of| Step {
            word: self.lang.pick(of.zh(), of.en()).to_owned(),
            note: began(*of).map(|on| day(on, self.now.date(), self.lang)).unwrap_or_default(),
            class: match of.cmp(&stage) {
                std::cmp::Ordering::Less => "dn",
                std::cmp::Ordering::Equal => "nw",
                std::cmp::Ordering::Greater => "",
            },
        });
        steps.collect()
    }

    pub(super) fn duty(&self, duty: &Duty) -> DutyLine {
        let (lang, today) = (self.lang, self.now.date());
        let (icon, class) = match (duty.done, duty.is_late(self.now)) {
            (Some(_), _) => ("check", "c-in"),
            (None, true) => ("clock-exclamation", "c-out"),
            (None, false) => ("clock", "muted"),
        };
        let (words, due_class) = match duty.done {
            Some(_) if duty.was_late() => (lang.t("duty-done-late"), "muted"),
            Some(_) => (lang.t("duty-done"), "c-in"),
            None => due(duty, today, lang),
        };
        let on = duty.done.or(duty.due.moment()).map(|at| day(at.date(), today, lang));
        DutyLine {
            icon,
            class,
            what: self.speaker.duty(duty),
            seat: self.speaker.seat(&duty.by.owed_by),
            who: self.speaker.person(&duty.by.owed_by, duty.done.unwrap_or(self.now)),
            due: words,
            due_class,
            on: on.unwrap_or_default(),
            reached: self.reached(duty),
            law: duty.step.law.clone().unwrap_or_default(),
        }
    }

    /// The seat it falls to while its own is empty, and the highest that it has reached by being late.
    fn reached(&self, duty: &Duty) -> String {
        let climbs = self.file.case.climbs.values().filter(|climb| climb.duty == duty.id);
        let highest = climbs.filter(|climb| climb.rung > 0).max_by_key(|climb| climb.rung);
        let falls = duty.by.owed_by != duty.by.falls_to && duty.done.is_none();
        let to = |key: &str, holder: &Holder| {
            self.lang.with(key, &[("to", self.speaker.seat(holder).into())])
        };
        let falls = falls.then(|| to("duty-falls-to", &duty.by.falls_to));
        let reached = highest.map(|climb| to("duty-reached", &climb.to));
        let parts: Vec<String> = falls.into_iter().chain(reached).collect();
        parts.join(&self.lang.t("comma"))
    }

    pub(super) fn told(&self, event: &Event) -> Told {
        let is_program = event.by == PROGRAM;
        let class = if matches!(event.what, What::Climbed(_)) {
            "bad"
        } else if matches!(event.what, What::Closed | What::Returned(_)) {
            "okk"
        } else if is_program {
            "cl"
        } else {
            ""
        };
        Told {
            when: event.at.format("%Y-%m-%d %H:%M").to_string(),
            by: if is_program { String::new() } else { event.by.clone() },
            // Words of custody and whole numbers are shown on no page.
            text: covered(&self.speaker.event(event), self.lang),
            class,
        }
    }

    /// Whom a leader may instruct: the seats of both lines.
    pub(super) fn seats(&self) -> Vec<Choice> {
        let chain = self.file.case.place.chain().into_iter().enumerate();
        let seats = chain.filter_map(|(n, (seat, office))| {
            let holder = Holder { seat, office: office? };
            Some(Choice { value: n.to_string(), word: self.speaker.seat(&holder) })
        });
        seats.collect()
    }
}
