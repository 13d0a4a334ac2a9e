//! 逾期责任 on the map: which seats are late on open cases, whom that concerns, and for how long.

use std::collections::BTreeSet;

use baoxue_authz::{Action, Resource, scope};
use baoxue_claim::ChildId;
use baoxue_flow::Filter;

use super::{
    cases::{case_key, due},
    map_numbers::Kpi,
    reports::{Desk, Late, seat_of},
};
use crate::{
    display::{name_of, thousands},
    door::place,
    i18n::number,
};

/// More stand in the report of duties.
const LINES: usize = 10;

/// Something that is late.
pub(super) struct LateLine {
    /// The child; empty where its case is not the reader's to read, and so are the addresses.
    pub(super) name: String,
    pub(super) town: String,
    pub(super) href: String,
    /// The form of the case that instructs whoever is late, for those who instruct.
    pub(super) instruct: String,
    pub(super) seat: String,
    pub(super) who: String,
    pub(super) what: String,
    pub(super) days: String,
    /// The seat above that it has reached.
    pub(super) reached: String,
}

/// What is late of the children that the numbers are about.
pub(super) struct LateList {
    pub(super) n: usize,
    n_cases: usize,
    pub(super) lines: Vec<LateLine>,
    /// The report that has all of it.
    pub(super) all: String,
    /// Whether the report can show what this counts: it knows towns and no groups.
    is_whole: bool,
    /// Children that the lines name.
    pub(super) named: Vec<ChildId>,
}

impl LateList {
    /// What is late of the children of a filter that are the reader's.
    pub(super) fn of(desk: &Desk<'_>, filter: &Filter) -> Self {
        let late = desk.late(|entry| filter.wants(entry));
        let cases: BTreeSet<_> = late.iter().map(|late| late.file.case.id).collect();
        let reads = scope(&desk.signed.actor, Action::ReadCase);
        let lines = late.iter().take(LINES);
        let named = lines.clone().map(|late| late.entry);
        let named = named.filter(|entry| reads.sees(entry.standing()));
        let town = filter.towns.first().map(|town| format!("&town={town}"));
        Self {
            n: late.len(),
            n_cases: cases.len(),
            named: named.map(|entry| entry.child).collect(),
            lines: lines.map(|late| line(desk, late)).collect(),
            is_whole: filter.groups.is_empty() && !filter.no_town,
            all: format!("/reports/duties?late=1{}", town.unwrap_or_default()),
        }
    }

    /// The number of the first row of the map.
    pub(super) fn kpi(&self, desk: &Desk<'_>) -> Kpi {
        let lang = desk.lang;
        Kpi {
            class: "k-over",
            icon: "bell-ringing",
            word: lang.t("kpi-late"),
            n: thousands(self.n),
            unit: lang.t("unit-things"),
            sub: lang.with("kpi-late-sub", &[("n", number(self.n_cases))]),
            // The report knows no group: the number leads to what it counts.
            href: if self.is_whole { self.all.clone() } else { "#h-late".to_owned() },
        }
    }
}

fn line(desk: &Desk<'_>, late: &Late<'_>) -> LateLine {
    let (lang, speaker) = (desk.lang, desk.speaker());
    let child = Resource::Child(place(late.entry));
    let (reads, instructs) =
        (desk.signed.could(Action::ReadCase, &child), desk.signed.could(Action::Instruct, &child));
    let case = format!("/cases/{}", case_key(late.file.case.id));
    let charge = late.charge(desk);
    let by = charge.as_ref().map_or(&late.duty.by, |charge| &charge.by);
    let who = charge.as_ref().and_then(|charge| charge.who.as_ref());
    // A reminder of the seat itself is no step up.
    let climbed = charge.as_ref().and_then(|charge| charge.climbed.as_ref());
    let reached = climbed.filter(|climb| climb.rung > 0).map(|climb| speaker.seat(&climb.to));
    let reached = reached.map(|to| lang.with("duty-reached", &[("to", to.into())]));
    LateLine {
        name: if reads { name_of(late.entry, lang) } else { String::new() },
        town: desk.roll.town_name(late.entry).unwrap_or_default().to_owned(),
        instruct: if reads && instructs {
            format!("{case}?do=instruct#do-instruct")
        } else {
            String::new()
        },
        href: if reads { case } else { String::new() },
        seat: seat_of(desk, &by.falls_to, lang),
        who: who.map_or_else(|| lang.t("seat-unknown"), |who| who.expose().to_owned()),
        what: speaker.duty(&late.duty),
        days: due(&late.duty, desk.now.date(), lang).0,
        reached: reached.unwrap_or_default(),
    }
}
