//! Notices (通知): who is told that a duty is theirs, due, or late; in the application, by mail, SMS and robots of groups. A
//! notice holds a case number and the words of the timetable, and no child's name.

mod fill;
mod send;
mod words;

use baoxue_act::{CaseId, Holder, Office, Rules};
use baoxue_authz::{Actor, Role};
use baoxue_determine::Seat;
use baoxue_store::{Store, StoreError};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    County,
    people::{People, PeopleError},
};

pub use baoxue_notify::{Carrier, Channels, Failed, Letter, Quiet, Robot, Settings, SettingsError};
pub use send::{Queue, Sent};

/// Why notices could not be made or sent.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The accounts.
    #[error(transparent)]
    People(#[from] PeopleError),
    /// A notice cannot be read or written.
    #[error("a notice cannot be read")]
    Body(#[from] serde_json::Error),
    /// There is no randomness for a word.
    #[error("no randomness")]
    Random,
}

/// What is told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// Something about a duty.
    Duty(DutyNotice),
    /// A file is taken in.
    Imported {
        /// Its batch.
        batch: u32,
    },
    /// Notices do not get out.
    Stuck {
        /// By this channel.
        channel: String,
    },
}

/// Something about a duty of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyNotice {
    /// Why it is told.
    pub why: Why,
    /// The case.
    pub case: i64,
    /// The number of the request, when a department is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<u32>,
    /// What is owed, in zh-CN.
    pub zh: String,
    /// The same in English.
    pub en: String,
    /// The day on which it is due; `None` while its clock stands still.
    pub due: Option<NaiveDate>,
    /// Whether an article asks for it: quiet hours do not hold it back.
    pub legal: bool,
}

/// Why somebody is told of a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// It is new.
    Assigned,
    /// It is due soon.
    Due,
    /// It is late, and has reached this seat.
    Climbed,
}

impl Notice {
    /// Whether it is about something that an article asks for.
    pub fn is_legal(&self) -> bool {
        match self {
            Self::Duty(duty) => duty.legal,
            Self::Imported { .. } | Self::Stuck { .. } => false,
        }
    }

    /// Whether it goes out in quiet hours that end on the day `morning`: a legal duty that is due soon is told at midnight of
    /// the day before, and that can wait until the morning.
    fn goes_at_night(&self, morning: NaiveDate) -> bool {
        let waits = match self {
            Self::Duty(duty) => duty.why == Why::Due && duty.due.is_some_and(|due| due > morning),
            Self::Imported { .. } | Self::Stuck { .. } => true,
        };
        self.is_legal() && !waits
    }
}

/// What notices are made from and go through.
#[derive(Clone, Copy, Debug)]
pub struct Notices<'a> {
    /// Where they are kept.
    pub store: &'a Store,
    /// Whom there is to tell.
    pub people: &'a People,
    /// How they get out.
    pub channels: &'a Channels,
}

/// The channel of the application itself.
const APP: &str = "app";
/// The channel of mail.
const MAIL: &str = "mail";
/// The channel of SMS.
const SMS: &str = "sms";
/// What the channel of a robot begins with.
const ROBOT: &str = "robot:";
/// Offices that every county has, as the settings of robots write them.
const OFFICES: [&str; 4] = ["county", "bureau", "inspectorate", "police"];

/// The first robot that is to tell of an office which the county does not have, and that office: it would never speak.
pub fn unknown_office<'c>(channels: &'c Channels, county: &County) -> Option<(&'c str, &'c str)> {
    let is_known = |office: &str| {
        let is_town = || office.parse().is_ok_and(|code| county.towns.get(code).is_some());
        let is_department = || county.act.departments.iter().any(|known| known.id == office);
        OFFICES.contains(&office) || is_department() || is_town()
    };
    let offices = channels.robots.iter().flat_map(|robot| {
        robot.offices.iter().map(move |office| (robot.name.as_str(), office.as_str()))
    });
    let mut unknown = offices.filter(|(_, office)| !is_known(office));
    unknown.next()
}

/// The number of a case as people read it.
fn case_number(case: CaseId) -> String {
    format!("k_{}", case.0)
}

/// Whether what a seat owes is for an account to do: of its own office, by its role.
pub fn sits_in(actor: &Actor, rules: &Rules, holder: &Holder) -> bool {
    let (role, areas) = (actor.role, &actor.areas);
    match (&holder.office, role) {
        (Office::Department(id), Role::Department) => {
            let known = rules.departments.iter().find(|known| known.id == *id);
            known.is_some_and(|known| areas.department.as_deref() == Some(known.zh.as_str()))
        }
        _ => sits_on_line(actor, holder),
    }
}

/// The same for the seats of the two lines, the county and the inspectorate.
pub fn sits_on_line(actor: &Actor, holder: &Holder) -> bool {
    let (role, areas) = (actor.role, &actor.areas);
    match (&holder.office, role) {
        (Office::County, Role::CountyLeader)
        | (Office::Bureau, Role::Bureau)
        | (Office::Inspectorate, Role::Inspector) => true,
        (Office::Town(town), Role::Town) => areas.towns.contains(town),
        (Office::Village(town, village), Role::Village) => {
            areas.villages.contains(&(*town, village.clone()))
        }
        (Office::School(school), Role::Principal) => areas.schools.contains(school),
        (Office::School(school), Role::Teacher) => {
            let own = areas.classes.iter().any(|(known, _)| known == school);
            holder.seat == Seat::Teacher && own
        }
        (Office::Class(school, class), Role::Teacher) => {
            areas.classes.contains(&(school.clone(), class.clone()))
        }
        (Office::Class(school, _), Role::Principal) => {
            holder.seat == Seat::Principal && areas.schools.contains(school)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_night_goes_what_the_law_asks_for_and_the_morning_would_be_late_for() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let duty = |why, due, legal| {
            let (zh, en) = ("书面报告".to_owned(), "report".to_owned());
            Notice::Duty(DutyNotice {
                why,
                case: 1,
                task: None,
                zh,
                en,
                due: Some(day(due)),
                legal,
            })
        };
        let morning = day("2019-09-03");
        for (why, due, legal, expected) in [
            (Why::Assigned, "2019-09-10", true, true),
            (Why::Climbed, "2019-09-01", true, true),
            (Why::Due, "2019-09-03", true, true),
            (Why::Due, "2019-09-04", true, false),
            (Why::Assigned, "2019-09-10", false, false),
            (Why::Due, "2019-09-03", false, false),
            (Why::Climbed, "2019-09-01", false, false),
        ] {
            assert_eq!(duty(why, due, legal).goes_at_night(morning), expected, "{why:?} {due}");
        }
        assert!(!Notice::Imported { batch: 1 }.goes_at_night(morning));
    }
}
