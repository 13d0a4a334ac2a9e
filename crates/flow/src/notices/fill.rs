//! Making notices: what cases have to tell, for each account and robot that it concerns. Asked again it makes nothing new:
//! each notice has a key.

use std::collections::HashMap;

use baoxue_act::{CaseId, Holder, Matter, Moment, Office, Rules, Tell, tells};
use baoxue_authz::{Actor, Factor, State};
use baoxue_store::NewNotice;
use chrono::{DateTime, Utc};

use super::{
    APP, DutyNotice, MAIL, Notice, NoticeError, Notices, ROBOT, SMS, Why, case_number, sits_in,
};
use crate::{
    cases::CaseBook,
    people::{Account, Contact},
};

/// An account that can be told something.
struct Hears {
    actor: Actor,
    contact: Contact,
}

impl Notices<'_> {
    /// Makes what open cases have to tell at a moment, once; gives how many notices are new.
    ///
    /// # Errors
    /// [`NoticeError`]; nothing is made then.
    pub async fn fill(
        &self,
        (book, rules): (&CaseBook, &Rules),
        now: Moment,
        at: DateTime<Utc>,
    ) -> Result<usize, NoticeError> {
        let accounts = self.people.accounts().await?;
        let hears: Vec<Hears> = accounts.iter().filter_map(|account| hears(account, at)).collect();
        let mut of_seat: HashMap<Holder, Vec<usize>> = HashMap::new();
        let mut new = Vec::new();
        for file in book.open() {
            for tell in tells(&file.case, rules, file.moment(now)) {
                let who = of_seat.entry(tell.to.clone()).or_insert_with(|| {
                    let sits = |n: &usize| sits_in(&hears[*n].actor, rules, &tell.to);
                    (0..hears.len()).filter(sits).collect()
                });
                let key = key_of(file.case.id, &tell);
                let body = serde_json::to_string(&notice_of(file.case.id, &tell))?;
                for hearer in who.iter().map(|n| &hears[*n]) {
                    new.extend(self.of_account(hearer, (&key, &body), at));
                }
                new.extend(self.of_robots(&tell.to, (&key, &body), at));
            }
        }
        Ok(self.store.add_notices(new).await?)
    }

    /// Tells whoever brought a file that it is taken in.
    ///
    /// # Errors
    /// [`NoticeError`].
    pub async fn imported(
        &self,
        account: i64,
        batch: u32,
        at: DateTime<Utc>,
    ) -> Result<(), NoticeError> {
        let account = self.people.account(account).await?;
        let body = serde_json::to_string(&Notice::Imported { batch })?;
        let key = format!("imported|i_{batch}");
        let new = hears(&account, at).map(|hears| self.of_account(&hears, (&key, &body), at));
        self.store.add_notices(new.unwrap_or_default()).await?;
        Ok(())
    }

    /// Tells those who run the system, once a day, that a channel does not work.
    pub(super) async fn tell_stuck(
        &self,
        channel: &str,
        at: DateTime<Utc>,
    ) -> Result<(), NoticeError> {
        let body = serde_json::to_string(&Notice::Stuck { channel: channel.to_owned() })?;
        let key = format!("stuck|{channel}|{}", at.date_naive());
        let accounts = self.people.accounts().await?;
        let admins = accounts.iter().filter(|a| a.grant.role == baoxue_authz::Role::SystemAdmin);
        let new = admins.filter_map(|account| {
            let hears = hears(account, at)?;
            Some(new_notice((&key, &body), Some(hears.actor.account), APP, at))
        });
        self.store.add_notices(new.collect()).await?;
        Ok(())
    }

    /// A notice for an account, by every channel that reaches it.
    fn of_account(&self, hears: &Hears, told: (&str, &str), at: DateTime<Utc>) -> Vec<NewNotice> {
        let mail = self.channels.mail.is_some() && !hears.contact.mail.is_empty();
        let sms = self.channels.sms.is_some() && !hears.contact.phone.is_empty();
        let channels = [Some(APP), mail.then_some(MAIL), sms.then_some(SMS)];
        let account = Some(hears.actor.account);
        channels.into_iter().flatten().map(|by| new_notice(told, account, by, at)).collect()
    }

    /// A notice for the robots that tell matters of an office.
    fn of_robots(
        &self,
        to: &Holder,
        told: (&str, &str),
        at: DateTime<Utc>,
    ) -> impl Iterator<Item = NewNotice> {
        let office = office_word(&to.office);
        let robots = self.channels.robots.iter().filter(move |robot| {
            office.as_ref().is_some_and(|office| robot.offices.contains(office))
        });
        robots.map(move |robot| new_notice(told, None, &format!("{ROBOT}{}", robot.name), at))
    }
}

fn hears(account: &Account, at: DateTime<Utc>) -> Option<Hears> {
    let is_active = account.state_at(at) == State::Active;
    // What may be told is a case number; the application asks for the second factor before it shows more.
    let actor = || account.actor(at, Factor::None);
    is_active.then(|| Hears { actor: actor(), contact: account.contact.clone() })
}

fn new_notice(
    (key, body): (&str, &str),
    account: Option<i64>,
    channel: &str,
    at: DateTime<Utc>,
) -> NewNotice {
    let whose = account.map_or_else(String::new, |account| format!("a{account}"));
    NewNotice {
        key: format!("{key}|{whose}|{channel}"),
        account,
        channel: channel.to_owned(),
        body: body.to_owned(),
        at,
    }
}

/// What a notice is about: kind, case, duty, and the rung, or the day that was told. A clock that stood still has another
/// day, and that is told again.
fn key_of(case: CaseId, tell: &Tell) -> String {
    let duty = format!("{}|{}.{}", case_number(case), tell.duty.step, tell.duty.nth);
    match tell.matter {
        Matter::Assigned => format!("assigned|{duty}"),
        Matter::Due => {
            let day = tell.due.map(|due| due.date().to_string()).unwrap_or_default();
            format!("due|{duty}|{day}")
        }
        Matter::Climbed(rung) => format!("climbed|{duty}|{rung}"),
    }
}

fn notice_of(case: CaseId, tell: &Tell) -> Notice {
    let is_department = matches!(tell.to.office, Office::Department(_));
    Notice::Duty(DutyNotice {
        why: match tell.matter {
            Matter::Assigned => Why::Assigned,
            Matter::Due => Why::Due,
            Matter::Climbed(_) => Why::Climbed,
        },
        case: case.0,
        task: is_department.then_some(tell.duty.nth),
        zh: tell.step.zh.clone(),
        en: tell.step.en.clone(),
        due: tell.due.map(|due| due.date()),
        legal: tell.step.law.is_some(),
    })
}

/// An office as the settings of robots write it; those below the towns have no groups of their own.
fn office_word(office: &Office) -> Option<String> {
    match office {
        Office::County => Some("county".to_owned()),
        Office::Bureau => Some("bureau".to_owned()),
        Office::Inspectorate => Some("inspectorate".to_owned()),
        Office::Police => Some("police".to_owned()),
        Office::Town(town) => Some(town.to_string()),
        Office::Department(id) => Some(id.clone()),
        Office::Village(..) | Office::School(_) | Office::Class(..) => None,
    }
}
