//! Sending: what is due goes out, several notices for one receiver as one message; what is not taken is tried again later.
//! A message is sent and then noted: a program that ends between the two sends it once more.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use baoxue_authz::State;
use baoxue_notify::{Carrier, Failed, Letter, pause_after};
use baoxue_store::{Fate, NoticeEvent, PendingNotice, StoreError};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{MAIL, Notice, NoticeError, Notices, ROBOT, SMS, words::message};
use crate::{cases::CaseClock, people::Account};

/// Notices that one message tells of.
const TOGETHER: usize = 50;
/// Failed attempts after which those who run the system are told.
const STUCK: u32 = 3;
/// After that nobody needs to hear it any more.
const OLD: TimeDelta = TimeDelta::days(7);

/// What came of sending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// Notices that were taken.
    pub n_sent: usize,
    /// Notices that were not.
    pub n_failed: usize,
    /// Notices that are held back until the quiet hours end.
    pub n_held: usize,
    /// Notices that are not tried any more.
    pub n_dropped: usize,
}

/// How a channel stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queue {
    /// `mail`, `sms`, or `robot:` with its name.
    pub channel: String,
    /// Whether the settings have it.
    pub is_set: bool,
    /// Sent so far.
    pub n_sent: u64,
    /// Not tried yet.
    pub n_waiting: usize,
    /// Tried in vain so far.
    pub n_failing: usize,
    /// Given up.
    pub n_dropped: u64,
    /// When the newest was taken.
    pub last_sent: Option<DateTime<Utc>>,
    /// The newest failure, and why.
    pub last_failure: Option<(DateTime<Utc>, String)>,
    /// When one of those that failed is tried next.
    pub next_at: Option<DateTime<Utc>>,
}

/// Where a notice goes.
enum Way {
    To(Arc<dyn Carrier>, String),
    /// The settings have no such channel now.
    Unset,
    /// Nobody is there to hear it.
    Gone(&'static str),
}

type Group = Vec<(PendingNotice, Notice)>;

impl Notices<'_> {
    /// Sends what is due. `today` is the day of the cases. Not to be called twice at a time.
    ///
    /// # Errors
    /// [`NoticeError`] when it cannot be noted: then the last message may go out once more.
    pub async fn send(&self, at: DateTime<Utc>, today: NaiveDate) -> Result<Sent, NoticeError> {
        let mut sent = Sent::default();
        let groups = self.due(at, &mut sent).await?;
        let accounts = self.people.accounts().await?;
        let accounts: BTreeMap<i64, Account> =
            accounts.into_iter().map(|account| (account.id, account)).collect();
        let mut down: BTreeSet<String> = BTreeSet::new();
        for ((channel, account), group) in groups {
            for part in group.chunks(TOGETHER) {
                if down.contains(&channel) {
                    break;
                }
                match self.way(&channel, account.and_then(|id| accounts.get(&id)), at) {
                    Way::Unset => break,
                    Way::Gone(why) => {
                        sent.n_dropped += part.len();
                        self.note(part, at, |_| Fate::Dropped { why: why.to_owned() }).await?;
                    }
                    Way::To(carrier, to) => {
                        let text = message(
                            &part.iter().map(|(_, notice)| notice).collect::<Vec<_>>(),
                            today,
                            account.is_none(),
                        );
                        let letter = Letter { to, text, key: key_of(part), at };
                        if self.carry((carrier, letter), part, &mut sent).await? {
                            down.insert(channel.clone());
                        }
                    }
                }
            }
        }
        self.tell_of_stuck(at).await?;
        Ok(sent)
    }

    /// What is to go out now, by channel and receiver.
    async fn due(
        &self,
        at: DateTime<Utc>,
        sent: &mut Sent,
    ) -> Result<BTreeMap<(String, Option<i64>), Group>, NoticeError> {
        let is_quiet = self.channels.quiet.ends(CaseClock::local(at)).is_some();
        let mut groups: BTreeMap<(String, Option<i64>), Group> = BTreeMap::new();
        let mut old = Vec::new();
        for pending in self.store.pending_notices().await? {
            let notice: Notice = serde_json::from_str(&pending.body)?;
            if at - pending.at > OLD {
                let fate = Fate::Dropped { why: "too old".to_owned() };
                old.push(NoticeEvent { notice: pending.id, fate, at });
            } else if pending.next_at.is_some_and(|next| at < next) {
                // Its pause is not over.
            } else if is_quiet && !notice.is_legal() {
                sent.n_held += 1;
            } else {
                let receiver = (pending.channel.clone(), pending.account);
                groups.entry(receiver).or_default().push((pending, notice));
            }
        }
        sent.n_dropped += old.len();
        self.store.note_notices(old).await?;
        Ok(groups)
    }

    fn way(&self, channel: &str, account: Option<&Account>, at: DateTime<Utc>) -> Way {
        if let Some(name) = channel.strip_prefix(ROBOT) {
            let robot = self.channels.robots.iter().find(|robot| robot.name == name);
            return robot
                .map_or(Way::Unset, |robot| Way::To(Arc::clone(&robot.carrier), String::new()));
        }
        let Some(account) = account.filter(|account| account.state_at(at) == State::Active) else {
            return Way::Gone("the account does not work any more");
        };
        let (carrier, to) = match channel {
            MAIL => (&self.channels.mail, &account.contact.mail),
            SMS => (&self.channels.sms, &account.contact.phone),
            _ => return Way::Unset,
        };
        match carrier {
            _ if to.is_empty() => Way::Gone("the account has no address any more"),
            Some(carrier) => Way::To(Arc::clone(carrier), to.clone()),
            None => Way::Unset,
        }
    }

    /// Sends one message and notes what came of it; gives whether the channel is down.
    async fn carry(
        &self,
        (carrier, letter): (Arc<dyn Carrier>, Letter),
        part: &[(PendingNotice, Notice)],
        sent: &mut Sent,
    ) -> Result<bool, NoticeError> {
        let at = letter.at;
        let carried = tokio::task::spawn_blocking(move || carrier.carry(&letter)).await;
        let failed = match carried.map_err(|_| StoreError::Stopped)? {
            Ok(()) => {
                sent.n_sent += part.len();
                self.note(part, at, |_| Fate::Sent).await?;
                return Ok(false);
            }
            Err(failed) => failed,
        };
        let why = failed.to_string();
        sent.n_failed += part.len();
        let fate = |pending: &PendingNotice| match pause_after(pending.n_failed + 1) {
            Some(pause) => Fate::Failed { why: why.clone(), next_at: at + pause },
            None => Fate::Dropped { why: why.clone() },
        };
        self.note(part, at, fate).await?;
        Ok(matches!(failed, Failed::Unreachable(_)))
    }

    async fn note(
        &self,
        part: &[(PendingNotice, Notice)],
        at: DateTime<Utc>,
        fate: impl Fn(&PendingNotice) -> Fate,
    ) -> Result<(), NoticeError> {
        let event = |(pending, _): &(PendingNotice, Notice)| NoticeEvent {
            notice: pending.id,
            fate: fate(pending),
            at,
        };
        Ok(self.store.note_notices(part.iter().map(event).collect()).await?)
    }

    /// Tells those who run the system of channels that have failed for a while.
    async fn tell_of_stuck(&self, at: DateTime<Utc>) -> Result<(), NoticeError> {
        let pending = self.store.pending_notices().await?;
        let stuck = pending.iter().filter(|pending| pending.n_failed >= STUCK);
        let stuck: BTreeSet<&str> = stuck.map(|pending| pending.channel.as_str()).collect();
        for channel in stuck {
            self.tell_stuck(channel, at).await?;
        }
        Ok(())
    }

    /// How the channels stand: those that are set, and those that notices were made for.
    ///
    /// # Errors
    /// [`NoticeError`].
    pub async fn queues(&self) -> Result<Vec<Queue>, NoticeError> {
        let pending = self.store.pending_notices().await?;
        let counts = self.store.notice_channels().await?;
        let mut failures = self.store.last_failures().await?;
        let set = self.set_channels();
        let all: BTreeSet<&String> =
            set.iter().chain(counts.iter().map(|count| &count.channel)).collect();
        let queue = |channel: &String| {
            let count = counts.iter().find(|count| count.channel == *channel);
            let of: Vec<_> = pending.iter().filter(|p| p.channel == *channel).collect();
            let n_failing = of.iter().filter(|pending| pending.n_failed > 0).count();
            Queue {
                channel: channel.clone(),
                is_set: set.contains(channel),
                n_sent: count.map_or(0, |count| count.n_sent),
                n_waiting: of.len() - n_failing,
                n_failing,
                n_dropped: count.map_or(0, |count| count.n_dropped),
                last_sent: count.and_then(|count| count.last_sent),
                last_failure: failures.remove(channel),
                next_at: of.iter().filter_map(|pending| pending.next_at).min(),
            }
        };
        Ok(all.into_iter().map(queue).collect())
    }

    fn set_channels(&self) -> BTreeSet<String> {
        let mail = self.channels.mail.is_some().then(|| MAIL.to_owned());
        let sms = self.channels.sms.is_some().then(|| SMS.to_owned());
        let robots = self.channels.robots.iter().map(|robot| format!("{ROBOT}{}", robot.name));
        mail.into_iter().chain(sms).chain(robots).collect()
    }
}

/// What a message is known by: the notices that it tells of.
fn key_of(part: &[(PendingNotice, Notice)]) -> String {
    let ids = || part.iter().map(|(pending, _)| pending.id);
    let (first, last) = (ids().min().unwrap_or_default(), ids().max().unwrap_or_default());
    format!("baoxue-{first}-{last}-{}", part.len())
}
