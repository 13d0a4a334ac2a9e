//! Sending: what is due goes out, all notices for one receiver as one message; what is not taken is tried again later, the
//! same notices under the same key. A message is sent and then noted: a program that ends between the two sends it once more.
//! Who sends holds a lease, so that of several servers on one database one sends.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Instant,
};

use baoxue_authz::State;
use baoxue_notify::{Carrier, Failed, Letter, is_over, pause_after};
use baoxue_store::{Fate, NoticeEvent, PendingNotice, Store, StoreError};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{MAIL, Notice, NoticeError, Notices, ROBOT, SMS, words::message};
use crate::{cases::CaseClock, papers::new_code, people::Account};

/// Failed attempts after which those who run the system are told.
const STUCK: u32 = 3;
/// After that nobody needs to hear it any more.
const OLD: TimeDelta = TimeDelta::days(7);

/// The work for which the lease is.
const SENDING: &str = "notices";
/// How long a lease holds unless it is made longer: twelve times what a message may take. So long nobody sends when a server
/// was killed while it did.
const LEASE: TimeDelta = TimeDelta::minutes(2);

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

/// Notices that go out as one message.
type Group = Vec<(PendingNotice, Notice)>;

/// What goes together: channel, receiver, and the key of the message in which it was handed over before.
type Together = (String, Option<i64>, Option<String>);

impl Notices<'_> {
    /// Sends what is due. `today` is the day of the cases. While another program on the same database sends, nothing is done.
    ///
    /// # Errors
    /// [`NoticeError`] when it cannot be noted: then the last message may go out once more.
    pub async fn send(&self, at: DateTime<Utc>, today: NaiveDate) -> Result<Sent, NoticeError> {
        let turn = Turn::new(self.store, at)?;
        if !turn.holds().await? {
            return Ok(Sent::default());
        }
        let sent = self.send_all((at, today), &turn).await;
        turn.end().await?;
        sent
    }

    async fn send_all(
        &self,
        (at, today): (DateTime<Utc>, NaiveDate),
        turn: &Turn<'_>,
    ) -> Result<Sent, NoticeError> {
        let mut sent = Sent::default();
        let groups = self.due((at, today), &mut sent).await?;
        let accounts = self.people.accounts().await?;
        let accounts: BTreeMap<i64, Account> =
            accounts.into_iter().map(|account| (account.id, account)).collect();
        let mut down: BTreeSet<String> = BTreeSet::new();
        for ((channel, account, _), group) in groups {
            if down.contains(&channel) {
                continue;
            }
            match self.way(&channel, account.and_then(|id| accounts.get(&id)), at) {
                Way::Unset => {}
                Way::Gone(why) => {
                    sent.n_dropped += group.len();
                    self.note(&group, at, |_| Fate::Dropped { why: why.to_owned() }).await?;
                }
                // A program that was held up for so long that another sends by now leaves the rest to it.
                Way::To(..) if !turn.holds().await? => break,
                Way::To(carrier, to) => {
                    let told: Vec<&Notice> = group.iter().map(|(_, notice)| notice).collect();
                    let text = message(&told, today, account.is_none());
                    let letter = Letter { to, text, key: key_of(&group), at };
                    if self.carry((carrier, letter), &group, &mut sent).await? {
                        down.insert(channel);
                    }
                }
            }
        }
        self.tell_of_stuck(at).await?;
        Ok(sent)
    }

    /// What is to go out now. What was handed over together and not taken stays together: the other side may have it all the
    /// same, and knows it by its key.
    async fn due(
        &self,
        (at, today): (DateTime<Utc>, NaiveDate),
        sent: &mut Sent,
    ) -> Result<BTreeMap<Together, Group>, NoticeError> {
        // The hours are those of the machine, the days those of the cases, whose clock may be set apart.
        let now = CaseClock::local(at);
        let morning = self.channels.quiet.ends(now).map(|ends| today + (ends.date() - now.date()));
        let mut groups: BTreeMap<Together, Group> = BTreeMap::new();
        let mut over = Vec::new();
        for pending in self.store.pending_notices().await? {
            let mut give_up = |why: &str| {
                let fate = Fate::Dropped { why: why.to_owned() };
                over.push(NoticeEvent { notice: pending.id, fate, at });
            };
            // One of another version of the program must not hold up all others.
            let Ok(notice) = serde_json::from_str::<Notice>(&pending.body) else {
                give_up("it cannot be read");
                continue;
            };
            if at - pending.at > OLD {
                give_up("too old");
            } else if pending.next_at.is_some_and(|next| !is_over(next, at)) {
                // Its pause is not over.
            } else if morning.is_some_and(|morning| !notice.goes_at_night(morning)) {
                sent.n_held += 1;
            } else {
                let of = (pending.channel.clone(), pending.account, pending.tried.clone());
                groups.entry(of).or_default().push((pending, notice));
            }
        }
        sent.n_dropped += over.len();
        self.store.note_notices(over).await?;
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
        let (at, key) = (letter.at, letter.key.clone());
        self.note(part, at, |_| Fate::Tried { key: key.clone() }).await?;
        let answer = tokio::task::spawn_blocking(move || carrier.carry(&letter)).await;
        // A carrier that breaks has not said that the message was taken, and must not hold up all others.
        let broken = |_| Err(Failed::Refused("the carrier broke".to_owned()));
        let failed = match answer.unwrap_or_else(broken) {
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

/// The turn to send, which one program on a database has.
struct Turn<'a> {
    store: &'a Store,
    holder: String,
    at: DateTime<Utc>,
    begun: Instant,
}

impl<'a> Turn<'a> {
    fn new(store: &'a Store, at: DateTime<Utc>) -> Result<Self, NoticeError> {
        let holder = new_code().map_err(|_| NoticeError::Random)?;
        Ok(Self { store, holder, at, begun: Instant::now() })
    }

    /// Takes the turn, or keeps it; gives whether it is there.
    async fn holds(&self) -> Result<bool, StoreError> {
        let passed = TimeDelta::from_std(self.begun.elapsed()).unwrap_or(LEASE);
        self.store.take_lease((SENDING, &self.holder), self.at + passed, LEASE).await
    }

    async fn end(self) -> Result<(), StoreError> {
        self.store.give_lease_back(SENDING, &self.holder).await
    }
}

/// What a message is known by: the notices that it tells of. Of a message that is split, as when one half has to wait for
/// the morning, each half has a key of its own.
fn key_of(part: &[(PendingNotice, Notice)]) -> String {
    let ids = || part.iter().map(|(pending, _)| pending.id);
    let (first, last) = (ids().min().unwrap_or_default(), ids().max().unwrap_or_default());
    format!("baoxue-{first}-{last}-{}", part.len())
}
