//! Who was asked what: by seat or by official, with every single thing behind the figures.

use std::collections::{BTreeMap, BTreeSet};

use baoxue_act::{
    Due, Holder, Office,
    account::{ChainLine, Charge, Figures, Kind, Outcome, figures_by},
};
use baoxue_authz::Scope;
use baoxue_claim::TownCode;

use super::{
    desk::{Asked as Charged, Desk},
    table::{Report, Row, Section, Word, figure_cells, figure_heads},
};
use crate::{forms::Asked, i18n::Lang, pages::cases::case_key, trouble::Trouble};

/// Value, word, whether it is in force.
pub(in crate::pages) type Choice = (String, String, bool);

/// The lines of the duty chain: value and key of its word.
const LINES: [(ChainLine, &str, &str); 3] = [
    (ChainLine::Administrative, "town", "reports-line-town"),
    (ChainLine::Education, "school", "reports-line-school"),
    (ChainLine::Beside, "beside", "reports-line-beside"),
];

/// A row: a seat, and who sat there when rows tell officials apart.
type Whose = (Holder, Option<String>);

/// What is shown: the charges that the filter leaves.
pub(super) struct Duties<'d> {
    desk: &'d Desk<'d>,
    asked: &'d Asked,
    charges: Vec<Charged<'d>>,
    town: Option<TownCode>,
    line: Option<ChainLine>,
    by_person: bool,
    late: bool,
}

impl<'d> Duties<'d> {
    /// The charges of the reader's cases that the address asks for.
    pub(super) fn of(desk: &'d Desk<'d>, asked: &'d Asked) -> Result<Self, Trouble> {
        desk.scope()?;
        let town: Option<TownCode> = asked.one("town").and_then(|town| town.parse().ok());
        let line = asked.one("line");
        let line = LINES.iter().find(|(_, word, _)| Some(*word) == line).map(|(line, ..)| *line);
        let mut charges = desk.charges();
        charges.retain(|of| {
            let seat = of.charge.by.falls_to.seat;
            town.is_none_or(|town| of.charge.town == Some(town))
                && line.is_none_or(|line| ChainLine::of(seat) == line)
        });
        let by_person = asked.one("by") == Some("person");
        let late = asked.one("late").is_some();
        Ok(Self { desk, asked, charges, town, line, by_person, late })
    }

    /// What can be chosen.
    pub(super) fn filters(&self) -> Vec<(&'static str, String, Vec<Choice>)> {
        let lang = self.desk.lang;
        let all = |on: bool| (String::new(), lang.t("reports-all"), on);
        let mut towns = vec![all(self.town.is_none())];
        let seen: &dyn Fn(TownCode) -> bool = match self.desk.scope() {
            Ok(Scope::Places { towns, .. }) => &|town| towns.contains(&town),
            _ => &|_| true,
        };
        let known = self.desk.county.towns.all().iter().filter(|town| seen(town.code));
        towns.extend(
            known.map(|town| {
                (town.code.to_string(), town.name.clone(), self.town == Some(town.code))
            }),
        );
        let mut lines = vec![all(self.line.is_none())];
        lines.extend(
            LINES.map(|(line, word, key)| (word.to_owned(), lang.t(key), self.line == Some(line))),
        );
        let by = vec![
            (String::new(), lang.t("reports-by-seat"), !self.by_person),
            ("person".to_owned(), lang.t("reports-by-person"), self.by_person),
        ];
        let late = vec![all(!self.late), ("1".to_owned(), lang.t("reports-only-late"), self.late)];
        vec![
            ("town", lang.t("facet-town"), towns),
            ("line", lang.t("reports-line"), lines),
            ("by", lang.t("reports-by"), by),
            ("late", lang.t("reports-show"), late),
        ]
    }

    /// The figures of all that is shown.
    pub(super) fn whole(&self) -> Figures {
        Figures::of(self.charges.iter().map(|of| &of.charge), self.desk.now)
    }

    /// What the circular calls the part of the county.
    pub(super) fn area(&self) -> String {
        let town = self.town.and_then(|town| self.desk.county.towns.get(town));
        town.map_or_else(|| self.desk.county.name.clone(), |town| town.name.clone())
    }

    /// The figures by unit, whoever of it was asked; what is late first. Units are told in Chinese, as papers are.
    pub(super) fn units(&self) -> Vec<(String, Figures)> {
        let unit = |charge: &Charge| unit(self.desk, &charge.by.falls_to.office);
        let units = figures_by(self.charges.iter().map(|of| &of.charge), unit, self.desk.now);
        let mut units: Vec<(String, Figures)> = units.into_iter().collect();
        units.sort_by_key(|(_, of)| std::cmp::Reverse((of.open_late, of.late)));
        units
    }

    /// The table, and everything that was asked of a seat that the address names.
    pub(super) fn report(&self) -> Report {
        let lang = self.desk.lang;
        let mut sections = vec![self.figures()];
        sections.extend(self.asked.one("seat").map(|seat| self.one_by_one(seat)));
        Report {
            name: "duties",
            form: "BX-18 v1",
            title: lang.t("reports-duties"),
            meta: self.desk.meta(),
            unit: ("行", "rows"),
            sections,
            notes: ["reports-note-sum", "reports-note-who", "reports-note-cancelled"]
                .map(|key| lang.t(key))
                .to_vec(),
        }
    }

    fn figures(&self) -> Section {
        let (desk, lang) = (self.desk, self.desk.lang);
        let charges = || self.charges.iter().map(|of| &of.charge);
        let figures = figures_by(charges(), |charge| self.whose(charge), desk.now);
        let mut climbed: BTreeMap<Whose, Option<u32>> = BTreeMap::new();
        for charge in charges() {
            let rung = charge.climbed.as_ref().map(|climb| u32::from(climb.rung));
            let highest = climbed.entry(self.whose(charge)).or_default();
            *highest = (*highest).max(rung);
        }
        let mut rows: Vec<(&Whose, &Figures)> = figures.iter().collect();
        let is_late = |of: &Figures| of.late + of.open_late + of.cancelled_late > 0;
        rows.retain(|(_, of)| !self.late || is_late(of));
        rows.sort_by(|(a, x), (b, y)| (y.open_late, y.late, *a).cmp(&(x.open_late, x.late, *b)));
        let kept: BTreeSet<&Whose> = rows.iter().map(|(whose, _)| *whose).collect();
        let sums = charges().filter(|charge| kept.contains(&self.whose(charge)));
        let mut totals = figure_cells(&Figures::of(sums, desk.now));
        totals.push(None);
        let (total, none) = (Word::plain(lang.t("total")), Word::default());
        let totals = Row { words: vec![total, none], numbers: totals, late: false };
        let mut numbers = figure_heads(lang);
        numbers.push(lang.t("reports-climbed"));
        Section {
            title: lang.t(if self.by_person { "reports-by-person" } else { "reports-by-seat" }),
            sub: lang.n("reports-rows", rows.len()),
            words: vec![lang.t("reports-seat"), lang.t("reports-person")],
            numbers,
            totals: (!rows.is_empty()).then_some(totals),
            rows: rows
                .into_iter()
                .map(|(whose, of)| self.row(whose, of, climbed.get(whose).copied().flatten()))
                .collect(),
            none: lang.t("reports-none"),
        }
    }

    fn whose(&self, charge: &Charge) -> Whose {
        let who = charge.who.as_ref().map(|who| who.expose().to_owned());
        (charge.by.falls_to.clone(), who.filter(|_| self.by_person))
    }

    fn row(&self, (holder, who): &Whose, figures: &Figures, climbed: Option<u32>) -> Row {
        let speaker = self.desk.speaker();
        let seat = seat_of(self.desk, holder, self.desk.lang);
        let href = self.asked.with("seat", Some(&seat_key(self.desk, holder)));
        let person = match (self.by_person, who) {
            (true, Some(who)) => who.clone(),
            (true, None) => self.desk.lang.t("seat-unknown"),
            (false, _) => speaker.person(holder, self.desk.now),
        };
        let mut numbers = figure_cells(figures);
        numbers.push(climbed);
        let seat = Word::link(seat, format!("/reports/duties{href}#h-2"));
        Row { words: vec![seat, Word::plain(person)], numbers, late: figures.open_late > 0 }
    }

    /// Everything that was asked of one seat, what is late first.
    fn one_by_one(&self, seat: &str) -> Section {
        let (desk, lang) = (self.desk, self.desk.lang);
        let of_seat =
            self.charges.iter().filter(|of| seat_key(desk, &of.charge.by.falls_to) == seat);
        let mut charges: Vec<&Charged<'_>> = of_seat.collect();
        charges.sort_by_key(|of| {
            let charge = &of.charge;
            (charge.outcome != Outcome::OpenLate, charge.due.moment(), charge.case)
        });
        let keys = [
            "reports-what",
            "case",
            "reports-person",
            "reports-start",
            "case-due",
            "reports-done",
            "reports-outcome",
            "reports-reached",
        ];
        Section {
            title: charges.first().map_or_else(
                || lang.t("reports-seat"),
                |of| seat_of(desk, &of.charge.by.falls_to, lang),
            ),
            sub: lang.n("reports-rows", charges.len()),
            words: keys.map(|key| lang.t(key)).to_vec(),
            numbers: vec![lang.t("reports-late-days")],
            rows: charges.into_iter().map(|of| single(desk, of)).collect(),
            totals: None,
            none: lang.t("reports-none"),
        }
    }
}

/// One thing that was asked.
fn single(desk: &Desk<'_>, of: &Charged<'_>) -> Row {
    let (charge, lang, speaker) = (&of.charge, desk.lang, desk.speaker());
    let key = case_key(charge.case);
    let case = if of.reads { format!("/cases/{key}") } else { String::new() };
    let who = charge.who.as_ref().map(|who| who.expose().to_owned());
    let due = match charge.due {
        Due::At(at) => desk.day(Some(at)),
        Due::Stopped => lang.t("case-stopped"),
    };
    // A reminder of the seat itself is no step up.
    let reached = charge.climbed.as_ref().filter(|climb| climb.rung > 0);
    let reached = reached.map(|climb| speaker.seat(&climb.to)).unwrap_or_default();
    let what = lang.pick(&charge.step.zh, &charge.step.en);
    let what = match charge.kind {
        Kind::Step | Kind::Instruction => what.to_owned(),
        Kind::Request => asked_for(desk, of).unwrap_or_else(|| what.to_owned()),
    };
    let words = vec![
        Word::plain(what),
        Word::link(key, case),
        Word::plain(who.unwrap_or_default()),
        Word::plain(desk.day(charge.start)),
        Word::plain(due),
        Word::plain(desk.day(charge.done)),
        Word::plain(lang.t(outcome_key(charge.outcome))),
        Word::plain(reached),
    ];
    let late = charge.outcome == Outcome::OpenLate;
    Row { words, numbers: vec![Some(charge.late_days(desk.now)).filter(|days| *days > 0)], late }
}

/// What a department is asked for, by the county's list.
pub(super) fn asked_for(desk: &Desk<'_>, of: &Charged<'_>) -> Option<String> {
    let request = &of.file.case.request(of.charge.id.nth)?.asked.what;
    let (_, task) = desk.cases.rules.task(&request.department, &request.task)?;
    Some(desk.lang.pick(&task.zh, &task.en).to_owned())
}

/// Key of the word for what became of something.
pub(super) const fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::InTime => "reports-in-time",
        Outcome::Late => "reports-late",
        Outcome::Open => "reports-open",
        Outcome::OpenLate => "reports-open-late",
        Outcome::Cancelled => "reports-cancelled",
        Outcome::CancelledLate => "reports-cancelled-late",
    }
}

/// A seat in words, a village with its town: names of villages come twice.
pub(in crate::pages) fn seat_of(desk: &Desk<'_>, holder: &Holder, lang: Lang) -> String {
    let seat = desk.cases.speaker(&desk.county, lang).seat(holder);
    let Office::Village(town, _) = &holder.office else { return seat };
    let town = desk.county.towns.get(*town).map(|town| town.name.as_str());
    format!("{}{}{seat}", town.unwrap_or_default(), lang.pick("", " "))
}

/// A seat in addresses: the same in both languages.
fn seat_key(desk: &Desk<'_>, holder: &Holder) -> String {
    seat_of(desk, holder, Lang::Zh)
}

/// A unit as a circular names it: villages and schools by themselves, classes under their school.
fn unit(desk: &Desk<'_>, office: &Office) -> String {
    let speaker = desk.cases.speaker(&desk.county, Lang::Zh);
    match office {
        Office::Village(town, village) => {
            let town = desk.county.towns.get(*town).map(|town| town.name.as_str());
            format!("{}{village}", town.unwrap_or_default())
        }
        Office::Class(school, _) => school.clone(),
        Office::County
        | Office::Bureau
        | Office::Town(_)
        | Office::School(_)
        | Office::Department(_)
        | Office::Inspectorate
        | Office::Police => speaker.office(office),
    }
}
