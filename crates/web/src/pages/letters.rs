//! 责任书: layer by layer, how many are signed and who has not signed.

mod act;
mod draw;
mod list;
mod many;
mod one;
mod scans;
mod sheet;

use std::sync::Arc;

use baoxue_act::letter::{Layer, LetterYear, Party, Side};
use baoxue_authz::{Action, Place, Resource, Scope, Standing};
use baoxue_claim::{ChildId, TownCode};
use baoxue_flow::{
    County, Entry, Roll,
    letters::{LetterDesk, LetterLine, party_name},
};
use chrono::NaiveDate;

use crate::{
    app::App,
    casebook::CaseDesk,
    display::{day, name_of},
    door::Signed,
    forms::Asked,
    i18n::Lang,
    letterbook::LetterShelf,
    routes::{Line as RouteLine, Needs, get, post, post_file},
    trouble::Trouble,
};

/// The rights with which letters are kept.
const KEEPS: &[Action] =
    &[Action::KeepCountyLetters, Action::KeepTownLetters, Action::KeepSchoolLetters];

/// The routes about letters of responsibility.
pub(super) fn table() -> Vec<RouteLine> {
    let (reads, keeps) = (Needs::Action(&[Action::ReadLetters]), Needs::Action(KEEPS));
    vec![
        get("/letters", list::page, reads),
        post("/letters", draw::draw, keeps),
        post("/letters/sign", many::sign, keeps),
        get("/letters/{letter}", one::page, reads),
        post("/letters/{letter}/{act}", act::act, keeps),
        post_file("/letters/{letter}/scans", scans::add, keeps),
        get("/letters/{letter}/scans/{scan}", scans::fetch, reads),
    ]
}

/// A letter in addresses.
pub(crate) fn letter_key(id: i64) -> String {
    format!("l_{id}")
}

fn letter_of(key: &str) -> Option<i64> {
    key.strip_prefix("l_")?.parse().ok()
}

/// The right that drawing up and signing letters of a layer needs.
const fn keeping(layer: Layer) -> Action {
    match layer {
        Layer::CountyTown | Layer::CountyBureau | Layer::BureauSchool => Action::KeepCountyLetters,
        Layer::TownVillage | Layer::VillageGuardian => Action::KeepTownLetters,
        Layer::SchoolTeacher | Layer::TeacherGuardian => Action::KeepSchoolLetters,
    }
}

/// What pages about letters are made with.
pub(super) struct Desk<'a> {
    pub(super) app: &'a App,
    pub(super) signed: &'a Signed,
    pub(super) lang: Lang,
    pub(super) county: Arc<County>,
    pub(super) cases: Arc<CaseDesk>,
    pub(super) shelf: Arc<LetterShelf>,
    pub(super) roll: Arc<Roll>,
    pub(super) today: NaiveDate,
}

impl<'a> Desk<'a> {
    pub(super) async fn of(
        app: &'a App,
        signed: &'a Signed,
        lang: Lang,
    ) -> Result<Desk<'a>, Trouble> {
        let cases = app.cases().await?;
        let shelf = app.letters(&cases).await?;
        let today = cases.moment(app.now()).date();
        let (county, roll) = (app.county(), app.roll());
        Ok(Self { app, signed, lang, county, cases, shelf, roll, today })
    }

    /// The letters of a year.
    pub(super) fn year(&self, year: LetterYear) -> LetterDesk<'_> {
        self.shelf.desk(&self.county, &self.cases, (year, self.today))
    }

    /// The year that runs.
    pub(super) fn this_year(&self) -> LetterYear {
        self.county.letters.year_of(self.today)
    }

    fn entry(&self, party: &Party) -> Option<&Entry> {
        match party {
            Party::Guardian(child) => self.roll.entry(*child),
            Party::Seat(_) => None,
        }
    }

    /// Where the taking party belongs: a child where it stands now, everybody else where the letter says.
    fn place(&self, party: &Party, place: &baoxue_act::Place) -> Place {
        self.entry(party).map_or_else(
            || Place {
                town: place.town,
                village: place.village.clone(),
                school: place.school.clone(),
                class: place.class.clone(),
            },
            Entry::place,
        )
    }

    /// A letter's parties: the office that gives, and the one that takes or the child whose guardian does.
    fn parties(&self, edge: &baoxue_act::letter::Edge) -> (String, String) {
        let taker = match &edge.taker {
            Party::Seat(holder) => party_name(&holder.office, &self.county),
            Party::Guardian(_) => {
                let name = self.entry(&edge.taker).map(|entry| name_of(entry, self.lang));
                let name = name.unwrap_or_else(|| self.lang.t("no-name"));
                self.lang.with("letter-guardian-of", &[("child", name.into())])
            }
        };
        (party_name(&edge.giver.office, &self.county), taker)
    }

    /// What of an address is shown, and is the reader's.
    fn asked(&self, asked: &Asked) -> Result<Shown<'_>, Trouble> {
        let scope = self.signed.scope(Action::ReadLetters)?;
        let filter = Filter::of(asked, self.this_year());
        let desk = self.year(filter.year);
        let mut lines = desk.lines(&self.roll, &self.cases.book);
        lines.retain(|line| self.is_seen(&scope, line));
        Ok(Shown { filter, desk, lines })
    }

    fn is_seen(&self, scope: &Scope, line: &LetterLine<'_>) -> bool {
        let demand = &line.demand;
        if let Some(entry) = self.entry(&demand.edge.taker) {
            return scope.sees(entry.standing());
        }
        let place = &demand.place;
        scope.sees(Standing {
            town: place.town,
            village: place.village.as_deref(),
            school: place.school.as_deref(),
            class: place.class.as_deref(),
        })
    }

    /// Whether the reader draws up and signs the letter of a line.
    fn keeps(&self, line: &LetterLine<'_>) -> bool {
        let edge = &line.demand.edge;
        let place = self.place(&edge.taker, &line.demand.place);
        self.signed.could(keeping(edge.layer), &Resource::Child(place))
    }

    fn day(&self, on: NaiveDate) -> String {
        day(on, self.today, self.lang)
    }

    /// Who has not signed, in words.
    fn unsigned(&self, sides: &[Side]) -> String {
        let word = |side: &Side| match side {
            Side::Giver => self.lang.t("letter-giver"),
            Side::Taker => self.lang.t("letter-taker"),
        };
        sides.iter().map(word).collect::<Vec<_>>().join(&self.lang.t("list-comma"))
    }

    /// A year in the reader's language.
    fn year_words(&self, year: LetterYear) -> String {
        match self.lang {
            Lang::Zh => year.zh(),
            Lang::En => year.en(),
        }
    }
}

/// What is shown of a year.
struct Shown<'d> {
    filter: Filter,
    desk: LetterDesk<'d>,
    /// All that the reader may see; the filter is not applied yet.
    lines: Vec<LetterLine<'d>>,
}

impl<'d> Shown<'d> {
    /// The lines that the filter leaves.
    fn kept(&self) -> impl Iterator<Item = &LetterLine<'d>> {
        self.lines.iter().filter(|line| self.filter.keeps(line))
    }
}

/// Which states are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum States {
    /// Whatever somebody has yet to sign.
    Missing,
    All,
    One(baoxue_act::letter::LetterState),
}

impl States {
    fn of(word: Option<&str>) -> Self {
        use baoxue_act::letter::LetterState;
        match word {
            Some("all") => Self::All,
            Some(word) => LetterState::ALL
                .iter()
                .find(|state| state.word() == word)
                .map_or(Self::Missing, |state| Self::One(*state)),
            None => Self::Missing,
        }
    }
}

/// What an address asks for.
#[derive(Clone, Copy, Debug)]
struct Filter {
    year: LetterYear,
    layer: Option<Layer>,
    town: Option<TownCode>,
    states: States,
}

impl Filter {
    fn of(asked: &Asked, this: LetterYear) -> Self {
        Self {
            year: year_of(asked.one("year"), this),
            layer: asked.one("layer").and_then(Layer::of_word),
            town: asked.one("town").and_then(|town| town.parse().ok()),
            states: States::of(asked.one("state")),
        }
    }

    /// Without regard to the state.
    fn is_about(&self, line: &LetterLine<'_>) -> bool {
        let demand = &line.demand;
        self.layer.is_none_or(|layer| demand.edge.layer == layer)
            && self.town.is_none_or(|town| demand.place.town == Some(town))
    }

    fn keeps(&self, line: &LetterLine<'_>) -> bool {
        self.is_about(line)
            && match self.states {
                States::Missing => !line.state.is_signed(),
                States::All => true,
                States::One(state) => line.state == state,
            }
    }
}

/// The year that is asked for: ten back to one ahead, since letters are drawn up before a year begins.
fn year_of(asked: Option<&str>, this: LetterYear) -> LetterYear {
    let number = asked.and_then(|year| year.parse::<i32>().ok());
    let now = this.number();
    let number = number.filter(|year| (now - 10..=now + 1).contains(year)).unwrap_or(now);
    match this {
        LetterYear::School(_) => LetterYear::School(number),
        LetterYear::Calendar(_) => LetterYear::Calendar(number),
    }
}

/// The children whose guardians are parties of some lines.
fn children<'l>(lines: impl Iterator<Item = &'l LetterLine<'l>>) -> Vec<ChildId> {
    let child = |line: &LetterLine<'_>| match line.demand.edge.taker {
        Party::Guardian(child) => Some(child),
        Party::Seat(_) => None,
    };
    let mut children: Vec<ChildId> = lines.filter_map(child).collect();
    children.sort_unstable();
    children.dedup();
    children
}
