//! Who saw, changed and exported what (T-64). A page is shown after its entry is in the log, never before.

mod spool;

use std::{collections::VecDeque, path::Path, time::Duration};

use baoxue_authz::{Action, Decision};
use baoxue_claim::ChildId;
use baoxue_store::{AccessEntry, AccessFilter, Store, StoreError, StoredAccess};
use chrono::{DateTime, Utc};
use tokio::{
    sync::{mpsc, oneshot},
    task::JoinHandle,
};

use self::spool::Spool;
use crate::people::Session;

pub use self::spool::SpoolError;

/// Entries that wait to be written; whoever comes when as many wait waits for room.
const QUEUE: usize = 1024;
/// Entries in one transaction. Each commit waits for the disk, however many entries it carries.
const AT_A_TIME: usize = 256;
/// How long the database may be busy before entries are kept beside it.
const PATIENCE: Duration = Duration::from_millis(40);
/// Between two tries to write what the database has refused.
const AGAIN: Duration = Duration::from_secs(1);
/// Entries that may wait beside the database; beyond, whoever looks waits for it.
const MOST_BESIDE: usize = 200_000;

/// What somebody was shown or did, with the decision that permitted it.
#[derive(Clone, Debug)]
pub struct Seen<'a> {
    /// What was done.
    pub what: Action,
    /// Why it was allowed.
    pub decision: &'a Decision,
    /// The children that the page, count or file shows.
    pub children: &'a [ChildId],
    /// For what, where a purpose is asked for.
    pub purpose: &'a str,
    /// From where.
    pub address: &'a str,
}

/// The access log of a store. Cloning shares its queue.
#[derive(Clone, Debug)]
pub struct AccessLog {
    store: Store,
    queue: mpsc::Sender<Waiting>,
}

type Answer = oneshot::Sender<Result<(), StoreError>>;

/// What the task that writes is asked.
enum Waiting {
    /// An entry.
    Entry(AccessEntry, Answer),
    /// To say when everything that came before is in the database.
    CaughtUp(Answer),
}

impl AccessLog {
    /// Starts the task that writes; call it inside a runtime. It ends when the last clone is dropped.
    pub fn start(store: Store) -> Self {
        Self::begin(store, None)
    }

    /// The same with a file beside the database, so that nobody waits for a look while the database is busy with a long
    /// write. What waited there when the last server ended is taken in first. Where another server holds the file, entries
    /// wait for the database.
    ///
    /// # Errors
    /// [`SpoolError`] when the file cannot be read: an entry in it must not be lost.
    pub async fn start_beside(store: Store, file: &Path) -> Result<Self, SpoolError> {
        let Some((mut spool, left)) = Spool::open(file, &store)? else {
            return Ok(Self::begin(store, None));
        };
        let missing = not_there(&store, left).await?;
        if !missing.is_empty() {
            store.log_access(missing).await?;
        }
        spool.clear()?;
        Ok(Self::begin(store, Some(spool)))
    }

    fn begin(store: Store, spool: Option<Spool>) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(Writer { store: store.clone(), spool, beside: VecDeque::new() }.run(waiting));
        Self { store, queue }
    }

    /// Waits until everything that was logged so far is in the database.
    ///
    /// # Errors
    /// [`StoreError::Stopped`] when the log is closed.
    pub async fn caught_up(&self) -> Result<(), StoreError> {
        self.ask(Waiting::CaughtUp).await
    }

    /// Logs what is about to be shown to somebody; a child named twice counts once. Requests that come together are
    /// written together.
    ///
    /// # Errors
    /// [`StoreError`] when the entry is not in the log; then nothing may be shown.
    pub async fn log_read(
        &self,
        session: &Session,
        seen: &Seen<'_>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let entry = AccessEntry {
            account: Some(session.account.id),
            what: seen.what.name().to_owned(),
            result: result(seen.decision.allowed),
            policy: seen.decision.policies.join(" "),
            purpose: seen.purpose.to_owned(),
            address: seen.address.to_owned(),
            at: now,
            subjects: seen.children.to_vec(),
        };
        self.written(entry).await
    }

    /// Logs what somebody did or was refused that shows no child: a request, a limit that was reached. `what` is a stable
    /// word.
    ///
    /// # Errors
    /// [`StoreError`] when the entry is not in the log.
    pub async fn log_act(
        &self,
        session: &Session,
        (what, allowed): (&str, bool),
        purpose: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let entry = AccessEntry {
            account: Some(session.account.id),
            what: what.to_owned(),
            result: result(allowed),
            policy: String::new(),
            purpose: purpose.to_owned(),
            address: session.address.clone(),
            at: now,
            subjects: Vec::new(),
        };
        self.written(entry).await
    }

    async fn written(&self, entry: AccessEntry) -> Result<(), StoreError> {
        self.ask(|answer| Waiting::Entry(entry, answer)).await
    }

    async fn ask(&self, what: impl FnOnce(Answer) -> Waiting) -> Result<(), StoreError> {
        let (answer, answered) = oneshot::channel();
        self.queue.send(what(answer)).await.map_err(|_| StoreError::Stopped)?;
        answered.await.map_err(|_| StoreError::Stopped)?
    }

    /// Who has looked at a child since then, newest first, at most `limit` entries; the next page begins `before` the last
    /// entry of this one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn looks_at(
        &self,
        child: ChildId,
        since: DateTime<Utc>,
        (before, limit): (Option<i64>, u32),
    ) -> Result<Vec<StoredAccess>, StoreError> {
        let filter = AccessFilter {
            child: Some(child),
            since: Some(since),
            before,
            ..AccessFilter::default()
        };
        self.caught_up().await?;
        self.store.access_entries(&filter, limit).await
    }

    /// What an account has seen and done, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn own_history(
        &self,
        account: i64,
        (before, limit): (Option<i64>, u32),
    ) -> Result<Vec<StoredAccess>, StoreError> {
        let filter = AccessFilter { account: Some(account), before, ..AccessFilter::default() };
        self.caught_up().await?;
        self.store.access_entries(&filter, limit).await
    }

    /// Entries by any filter, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn entries(
        &self,
        filter: &AccessFilter,
        limit: u32,
    ) -> Result<Vec<StoredAccess>, StoreError> {
        self.caught_up().await?;
        self.store.access_entries(filter, limit).await
    }

    /// The children that an entry showed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn subjects(&self, entry: i64) -> Result<Vec<ChildId>, StoreError> {
        self.store.access_subjects(entry).await
    }
}

fn result(allowed: bool) -> String {
    String::from(if allowed { "done" } else { "refused" })
}

/// The entries that are not in the database: a server may have been killed after they came in and before the file was
/// emptied. Each stands in the file once.
async fn not_there(
    store: &Store,
    mut left: Vec<AccessEntry>,
) -> Result<Vec<AccessEntry>, StoreError> {
    const PAGE: u32 = 500;
    let Some(since) = left.iter().map(|entry| entry.at).min() else { return Ok(left) };
    let mut before = None;
    loop {
        let filter = AccessFilter { since: Some(since), before, ..AccessFilter::default() };
        let page = store.access_entries(&filter, PAGE).await?;
        let Some(last) = page.last() else { return Ok(left) };
        before = Some(last.id);
        for known in page {
            let subjects = store.access_subjects(known.id).await?;
            let known = AccessEntry { subjects, ..known.entry };
            let same = |entry: &AccessEntry| {
                let mut subjects = entry.subjects.clone();
                subjects.sort_unstable();
                subjects.dedup();
                AccessEntry { subjects, ..entry.clone() } == known
            };
            if let Some(at) = left.iter().position(same) {
                left.swap_remove(at);
            }
        }
    }
}

/// The task that writes.
struct Writer {
    store: Store,
    spool: Option<Spool>,
    /// What is in the file and not in the database.
    beside: VecDeque<AccessEntry>,
}

/// A transaction that is under way, with what it writes.
type UnderWay = JoinHandle<Result<(), StoreError>>;

impl Writer {
    /// Writes what waits, all of it in one transaction, until nobody can send any more.
    async fn run(mut self, mut waiting: mpsc::Receiver<Waiting>) {
        let mut batch = Vec::new();
        while waiting.recv_many(&mut batch, AT_A_TIME).await > 0 {
            let (entries, answers, catch_up) = sorted(batch.drain(..));
            if self.spool.is_some() {
                self.write_beside((entries, answers, catch_up), &mut waiting).await;
            } else {
                self.write(entries, answers).await;
                tell_all(catch_up, true);
            }
        }
    }

    /// Writes into the database, and answers when that is done.
    async fn write(&self, entries: Vec<AccessEntry>, answers: Vec<Answer>) {
        if entries.is_empty() {
            return;
        }
        match self.store.log_access(entries.clone()).await {
            Ok(()) => tell_all(answers, true),
            // One entry may be what the database refuses: each gets its own answer.
            Err(_) => {
                for (entry, answer) in entries.into_iter().zip(answers) {
                    tell(answer, self.store.log_access(vec![entry]).await);
                }
            }
        }
    }

    /// Writes into the database while it answers in time, and beside it while it does not.
    async fn write_beside(
        &mut self,
        (entries, answers, mut catch_up): (Vec<AccessEntry>, Vec<Answer>, Vec<Answer>),
        waiting: &mut mpsc::Receiver<Waiting>,
    ) {
        let mut under_way = self.begun(entries.clone());
        match tokio::time::timeout(PATIENCE, &mut under_way).await {
            Ok(Ok(Ok(()))) => {
                tell_all(answers, true);
                return tell_all(catch_up, true);
            }
            Ok(Ok(Err(_)) | Err(_)) => {
                self.write(entries, answers).await;
                return tell_all(catch_up, true);
            }
            Err(_) => {}
        }
        // The database is busy. What it was given last is kept beside it too: nobody knows yet whether it comes through.
        let in_flight = entries.len();
        if self.keep(entries, answers).await {
            let rest = (under_way, in_flight);
            catch_up.extend(self.catch_up(rest, waiting).await);
        }
        tell_all(catch_up, true);
    }

    /// Takes what comes while the database is busy, and brings it there as it gets room. Gives who waits for that.
    async fn catch_up(
        &mut self,
        (mut under_way, mut in_flight): (UnderWay, usize),
        waiting: &mut mpsc::Receiver<Waiting>,
    ) -> Vec<Answer> {
        let (mut batch, mut catch_up) = (Vec::new(), Vec::new());
        while !self.beside.is_empty() {
            let room = self.beside.len() < MOST_BESIDE;
            tokio::select! {
                written = &mut under_way => {
                    let is_written = matches!(written, Ok(Ok(())));
                    self.settle(is_written, in_flight).await;
                    // What is refused among others is tried alone.
                    let most = if is_written { AT_A_TIME } else { (in_flight / 2).max(1) };
                    let next: Vec<_> = self.beside.iter().take(most).cloned().collect();
                    in_flight = next.len();
                    under_way = self.begun(next);
                }
                n = waiting.recv_many(&mut batch, AT_A_TIME), if room => {
                    if n == 0 {
                        // Nobody is left. The file holds what is not written yet, for the next start.
                        let _ = (&mut under_way).await;
                        return catch_up;
                    }
                    let (entries, answers, more) = sorted(batch.drain(..));
                    catch_up.extend(more);
                    self.keep(entries, answers).await;
                }
            }
        }
        if let Some(Err(error)) = self.spool.as_mut().map(Spool::clear) {
            tracing::error!(%error, "the file of waiting looks cannot be emptied");
        }
        catch_up
    }

    /// Takes what was written from what waits. One that the database refuses alone goes behind the others: it must hold up
    /// nobody, and is not given up.
    async fn settle(&mut self, is_written: bool, n: usize) {
        if is_written {
            self.beside.drain(..n);
            return;
        }
        tracing::error!(entries = n, "the database has refused looks, which wait beside it");
        if n == 1 {
            self.beside.rotate_left(1);
        }
        tokio::time::sleep(AGAIN).await;
    }

    fn begun(&self, entries: Vec<AccessEntry>) -> UnderWay {
        let store = self.store.clone();
        tokio::spawn(async move {
            if entries.is_empty() { Ok(()) } else { store.log_access(entries).await }
        })
    }

    /// Keeps entries beside the database and answers for them; whether it could.
    async fn keep(&mut self, entries: Vec<AccessEntry>, answers: Vec<Answer>) -> bool {
        let Some(mut spool) = self.spool.take() else { return false };
        let (store, kept) = (self.store.clone(), entries.clone());
        let done = tokio::task::spawn_blocking(move || {
            let done = spool.append(&store, &kept);
            (spool, done)
        });
        let done = done.await.ok().and_then(|(spool, done)| {
            self.spool = Some(spool);
            done.inspect_err(|error| tracing::error!(%error, "looks cannot be kept")).ok()
        });
        if done.is_some() {
            self.beside.extend(entries);
        }
        tell_all(answers, done.is_some());
        done.is_some()
    }
}

/// Entries with their answers, and whoever waits for those before.
fn sorted(batch: impl Iterator<Item = Waiting>) -> (Vec<AccessEntry>, Vec<Answer>, Vec<Answer>) {
    let (mut entries, mut answers, mut catch_up) = (Vec::new(), Vec::new(), Vec::new());
    for waiting in batch {
        match waiting {
            Waiting::Entry(entry, answer) => {
                entries.push(entry);
                answers.push(answer);
            }
            Waiting::CaughtUp(answer) => catch_up.push(answer),
        }
    }
    (entries, answers, catch_up)
}

fn tell_all(answers: Vec<Answer>, is_kept: bool) {
    for answer in answers {
        tell(answer, if is_kept { Ok(()) } else { Err(StoreError::Stopped) });
    }
}

/// A request that was given up on the way waits for no answer.
fn tell(answer: Answer, result: Result<(), StoreError>) {
    let _ = answer.send(result);
}
