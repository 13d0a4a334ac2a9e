//! The parts of the page of a case: stages, duties, the chain, what happened.

use baoxue_act::{
    Duty, Event, Holder, Moment, PROGRAM, Stage, What,
    letter::{Layer, LetterState},
};
use baoxue_determine::Seat;
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

/// A seat of the chain.
pub(super) struct Node {
    pub(super) class: &'static str,
    pub(super) role: String,
    pub(super) who: String,
    pub(super) office: String,
    pub(super) late: String,
    pub(super) letters: Vec<NodeLetter>,
}

/// The letter of responsibility that binds a seat, or the family.
pub(super) struct NodeLetter {
    pub(super) words: String,
    pub(super) class: &'static str,
    /// Empty when the reader does not read it.
    pub(super) href: String,
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
    /// The letters on the chain.
    pub(super) letters: &'a [ChainLetter],
}

/// A letter on the chain of a child.
pub(super) struct ChainLetter {
    pub(super) layer: Layer,
    pub(super) state: LetterState,
    pub(super) signed_on: Option<chrono::NaiveDate>,
    /// Empty when the reader does not read it.
    pub(super) href: String,
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

    /// The seven seats: the county's head, both lines, the guardian.
    pub(super) fn chain(&self, duties: &[Duty]) -> Vec<Node> {
        let order = [
            (Seat::CountyHead, "root"),
            (Seat::TownHead, "g"),
            (Seat::VillageHead, "g"),
            (Seat::BureauHead, "e"),
            (Seat::Principal, "e"),
            (Seat::Teacher, "e"),
        ];
        let mut nodes: Vec<Node> =
            order.into_iter().map(|(seat, class)| self.node(seat, class, duties)).collect();
        nodes.push(Node {
            class: "fam",
            role: self.lang.t("seat-guardian"),
            who: self.lang.t("seat-family"),
            office: String::new(),
            late: String::new(),
            letters: self.letters_of(Layer::is_of_families),
        });
        nodes
    }

    fn node(&self, seat: Seat, class: &'static str, duties: &[Duty]) -> Node {
        let lang = self.lang;
        let office = self.file.case.place.office(seat);
        let holder = office.map(|office| Holder { seat, office });
        let owes =
            |duty: &&Duty| duty.is_late(self.now) && holder.as_ref() == Some(&duty.by.owed_by);
        let late = duties.iter().find(owes);
        let who = holder.as_ref().map(|holder| self.speaker.person(holder, self.now));
        let office = holder.map(|holder| self.speaker.office(&holder.office));
        Node {
            class,
            role: lang.pick(seat.zh(), seat.en()).to_owned(),
            who: who.filter(|who| !who.is_empty()).unwrap_or_else(|| lang.t("seat-unknown")),
            office: office.unwrap_or_default(),
            late: late.map(|duty| self.speaker.duty(duty)).unwrap_or_default(),
            letters: self.letters_of(|layer| binds(layer) == Some(seat)),
        }
    }

    /// The letters of some layers, in words.
    fn letters_of(&self, wanted: impl Fn(Layer) -> bool) -> Vec<NodeLetter> {
        let lang = self.lang;
        let of = self.letters.iter().filter(|letter| wanted(letter.layer));
        let letters = of.map(|letter| {
            let state = lang.pick(letter.state.zh(), letter.state.en());
            let signed_on = letter.signed_on.filter(|_| letter.state == LetterState::Signed);
            let mut words = match signed_on {
                Some(on) => {
                    let on = day(on, self.now.date(), lang);
                    lang.with("chain-letter-signed", &[("on", on.into())])
                }
                None => lang.with("chain-letter", &[("state", state.to_owned().into())]),
            };
            // A family has two.
            if letter.layer.is_of_families() {
                let layer = lang.pick(letter.layer.zh(), letter.layer.en());
                words = format!("{layer} {words}");
            }
            let class = if letter.state.is_signed() { "c-in" } else { "c-out" };
            NodeLetter { words, class, href: letter.href.clone() }
        });
        letters.collect()
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

/// The seat that a letter of a layer binds; of those with families none.
const fn binds(layer: Layer) -> Option<Seat> {
    match layer {
        Layer::CountyTown => Some(Seat::TownHead),
        Layer::CountyBureau => Some(Seat::BureauHead),
        Layer::BureauSchool => Some(Seat::Principal),
        Layer::SchoolTeacher => Some(Seat::Teacher),
        Layer::TownVillage => Some(Seat::VillageHead),
        Layer::VillageGuardian | Layer::TeacherGuardian => None,
    }
}
