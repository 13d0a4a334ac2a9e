//! 双线七长 as the pages of a child and of its case show it: who sits in which seat of both lines, whose turn it is, what is late,
//! and the letters that bind them. It is read here and changed by the directory's files alone.

use baoxue_act::{
    Duty, Holder, Moment, Place, Seated,
    letter::{Layer, Letter, LetterState},
    next,
};
use baoxue_authz::{Action, Place as Area, Resource};
use baoxue_claim::VerdictCode;
use baoxue_determine::Seat;
use baoxue_flow::{Entry, cases::Speaker, letters::LetterLine};
use chrono::NaiveDate;

use super::{cases::due, letters::letter_key};
use crate::{
    app::App,
    display::{covered, day},
    door::{Signed, place},
    i18n::Lang,
    trouble::Trouble,
};

/// A seat of the chain.
pub(super) struct Node {
    /// Where it stands in the drawing.
    pub(super) class: &'static str,
    pub(super) icon: &'static str,
    /// Its line; empty where both begin and end.
    pub(super) line: String,
    pub(super) role: String,
    pub(super) who: String,
    pub(super) office: String,
    /// Whom its duties fall to while it is empty.
    pub(super) vacant: String,
    /// What is next for it or late, and until when.
    pub(super) task: String,
    pub(super) is_late: bool,
    pub(super) has_turn: bool,
    pub(super) letters: Vec<NodeLetter>,
}

/// The letter of responsibility that binds a seat, or the family.
pub(super) struct NodeLetter {
    pub(super) words: String,
    pub(super) class: &'static str,
    /// Empty when the reader does not read it.
    pub(super) href: String,
}

/// A letter on the chain of a child.
pub(super) struct ChainLetter {
    pub(super) layer: Layer,
    pub(super) state: LetterState,
    signed_on: Option<NaiveDate>,
    /// Empty when the reader does not read it.
    href: String,
}

/// A letter of the chain, with the way to it for whoever reads it.
pub(super) fn letter(signed: &Signed, entry: &Entry, line: &LetterLine<'_>) -> ChainLetter {
    let (edge, place) = (&line.demand.edge, &line.demand.place);
    let at = if edge.layer.is_of_families() {
        entry.place()
    } else {
        let (town, village) = (place.town, place.village.clone());
        Area { town, village, school: place.school.clone(), class: place.class.clone() }
    };
    let reads = signed.could(Action::ReadLetters, &Resource::Child(at));
    let href = match line.letter {
        Some(letter) => format!("/letters/{}", letter_key(letter.id)),
        None => format!("/letters?layer={}", edge.layer.word()),
    };
    ChainLetter {
        layer: edge.layer,
        state: line.state,
        signed_on: line.letter.and_then(Letter::signed_on),
        href: if reads { href } else { String::new() },
    }
}

/// The chain of a child, whether or not it has a case. Of one that is open, what is owed is told to whoever reads it.
pub(super) async fn of_child(
    (app, signed): (&App, &Signed),
    entry: &Entry,
    lang: Lang,
) -> Result<Vec<Node>, Trouble> {
    let (desk, county) = (app.cases().await?, app.county());
    let now = desk.moment(app.now());
    let shelf = app.letters(&desk).await?;
    let year = county.letters.year_of(now.date());
    let lines = shelf.desk(&county, &desk, (year, now.date())).of_child(entry);
    let letters: Vec<_> = lines.iter().map(|line| letter(signed, entry, line)).collect();
    // Of a child in the neutral class nothing is told.
    let reads = entry.code != VerdictCode::OtherArrangement
        && signed.can(Action::ReadCase, &Resource::Child(place(entry)));
    let mut cases = desk.book.of_child(entry.child);
    let open = cases.find(|file| file.case.over.is_none()).filter(|_| reads);
    let duties = open.map(|file| desk.duties(file, now));
    // A school of another county, or one whose name nobody knows, has no seat here that could be vacant.
    let school = entry.school_shown().filter(|school| shelf.district.schools.contains(*school));
    let own = Place {
        town: entry.town,
        village: entry.village.as_deref().map(str::to_owned),
        school: school.map(str::to_owned),
        class: entry.class_shown().filter(|_| school.is_some()).map(str::to_owned),
    };
    let chain = Chain {
        place: open.map_or(&own, |file| &file.case.place),
        duties: duties.as_deref().unwrap_or_default(),
        letters: &letters,
        is_helped: entry.poverty,
        helper: open.and_then(|file| Some(file.case.helper.as_ref()?.what.as_str())),
        speaker: &desk.speaker(&county, lang),
        now,
        lang,
    };
    Ok(chain.nodes())
}

/// What a chain is made from.
pub(super) struct Chain<'a> {
    pub(super) place: &'a Place,
    /// What the case owes; nothing where there is none.
    pub(super) duties: &'a [Duty],
    pub(super) letters: &'a [ChainLetter],
    /// Whether the family is one to which a helper cadre (帮扶干部) is tied.
    pub(super) is_helped: bool,
    /// Who is named in the case as helper cadre.
    pub(super) helper: Option<&'a str>,
    pub(super) speaker: &'a Speaker<'a>,
    pub(super) now: Moment,
    pub(super) lang: Lang,
}

/// A seat, where it stands and how it is drawn.
type Spot = (Seat, &'static str, &'static str);

const ROOT: Spot = (Seat::CountyHead, "root", "flag");
const ADMINISTRATIVE: [Spot; 2] =
    [(Seat::TownHead, "g at-1", "building-community"), (Seat::VillageHead, "g at-2", "home")];
const EDUCATION: [Spot; 3] = [
    (Seat::BureauHead, "e at-1", "building-bank"),
    (Seat::Principal, "e at-2", "school"),
    (Seat::Teacher, "e at-3", "user-star"),
];

impl Chain<'_> {
    /// The seven seats and whoever helps: the county's head, both lines down to the child, the guardian.
    pub(super) fn nodes(&self) -> Vec<Node> {
        let mut nodes = vec![self.seat(ROOT, "")];
        nodes.extend(ADMINISTRATIVE.map(|spot| self.seat(spot, "reports-line-town")));
        let has_helper = self.is_helped || self.helper.is_some();
        nodes.extend(has_helper.then(|| self.helper()));
        nodes.extend(EDUCATION.map(|spot| self.seat(spot, "reports-line-school")));
        nodes.push(Node {
            who: self.lang.t("seat-family"),
            letters: self.letters_of(Layer::is_of_families),
            ..self.bare(("fam", "users"), "seat-guardian")
        });
        nodes
    }

    /// A node of nobody.
    fn bare(&self, (class, icon): (&'static str, &'static str), role: &str) -> Node {
        Node {
            class,
            icon,
            line: String::new(),
            role: self.lang.t(role),
            who: String::new(),
            office: String::new(),
            vacant: String::new(),
            task: String::new(),
            is_late: false,
            has_turn: false,
            letters: Vec::new(),
        }
    }

    /// Whoever the case names: no list that is kept names the helper cadres of households.
    fn helper(&self) -> Node {
        let named = self.helper.map(|words| covered(words, self.lang));
        Node {
            who: named.unwrap_or_else(|| self.lang.t("seat-unknown")),
            line: self.lang.t("reports-line-town"),
            office: self.lang.t("seat-helper-office"),
            ..self.bare(("g at-3 aid", "heart-handshake"), "seat-helper")
        }
    }

    fn seat(&self, (seat, class, icon): Spot, line: &str) -> Node {
        let lang = self.lang;
        let node = Node {
            role: lang.pick(seat.zh(), seat.en()).to_owned(),
            line: if line.is_empty() { String::new() } else { lang.t(line) },
            letters: self.letters_of(|layer| binds(layer) == Some(seat)),
            ..self.bare((class, icon), "seat-unknown")
        };
        let Some(office) = self.place.office(seat) else {
            return Node { who: lang.t("seat-unknown"), office: lang.t(missing(seat)), ..node };
        };
        let holder = Holder { seat, office };
        let who = self.speaker.person(&holder, self.now);
        let late = self.duties.iter().find(|duty| {
            duty.is_late(self.now) && (duty.by.owed_by == holder || duty.by.falls_to == holder)
        });
        let turn = next(self.duties).filter(|duty| duty.by.falls_to == holder);
        Node {
            who: if who.is_empty() { lang.t("seat-unknown") } else { who },
            office: self.speaker.office(&holder.office),
            vacant: self.vacant(&holder),
            task: turn.or(late).map(|duty| self.task(duty)).unwrap_or_default(),
            is_late: late.is_some(),
            has_turn: turn.is_some(),
            ..node
        }
    }

    /// Whom what a seat owes falls to, when nobody sits there.
    fn vacant(&self, holder: &Holder) -> String {
        let (directory, on) = (&self.speaker.rules.directory, self.now.date());
        if directory.seated(holder, on) != Seated::Vacant {
            return String::new();
        }
        let to = directory.falls_to(holder, self.place, on);
        if to == *holder {
            return String::new();
        }
        self.lang.with("chain-falls-to", &[("to", self.speaker.seat(&to).into())])
    }

    fn task(&self, duty: &Duty) -> String {
        let (words, _) = due(duty, self.now.date(), self.lang);
        format!("{}{}{words}", self.speaker.duty(duty), self.lang.t("comma"))
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
}

/// Key of the words for what is not known of the child, so that nobody sits in a seat.
const fn missing(seat: Seat) -> &'static str {
    match seat {
        Seat::VillageHead => "chain-no-village",
        Seat::Principal | Seat::Teacher => "chain-no-school",
        Seat::CountyHead
        | Seat::TownHead
        | Seat::BureauHead
        | Seat::Inspectorate
        | Seat::Police
        | Seat::Department => "chain-no-town",
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
