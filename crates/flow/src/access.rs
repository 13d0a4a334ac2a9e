//! Who saw, changed and exported what (T-64). A page is shown after its entry is in the log, never before.

use baoxue_authz::{Action, Decision};
use baoxue_claim::ChildId;
use baoxue_store::{AccessEntry, AccessFilter, Store, StoreError, StoredAccess};
use chrono::{DateTime, Utc};
use tokio::sync::{mpsc, oneshot};

use crate::people::Session;

/// Entries that wait to be written; whoever comes when as many wait waits for room.
const QUEUE: usize = 1024;
/// Entries in one transaction. Each commit waits for the disk, however many entries it carries.
const AT_A_TIME: usize = 256;

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

type Waiting = (AccessEntry, oneshot::Sender<Result<(), StoreError>>);

impl AccessLog {
    /// Starts the task that writes; call it inside a runtime. It ends when the last clone is dropped.
    pub fn start(store: Store) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(write_all(store.clone(), waiting));
        Self { store, queue }
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
        let (answer, written) = oneshot::channel();
        self.queue.send((entry, answer)).await.map_err(|_| StoreError::Stopped)?;
        written.await.map_err(|_| StoreError::Stopped)?
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

/// Writes what waits, all of it in one transaction, until nobody can send any more.
async fn write_all(store: Store, mut waiting: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, AT_A_TIME).await > 0 {
        let (entries, answers): (Vec<_>, Vec<_>) = batch.drain(..).unzip();
        match store.log_access(entries.clone()).await {
            Ok(()) => answers.into_iter().for_each(|answer| tell(answer, Ok(()))),
            // One entry may be what the database refuses: each gets its own answer.
            Err(_) => {
                for (entry, answer) in entries.into_iter().zip(answers) {
                    tell(answer, store.log_access(vec![entry]).await);
                }
            }
        }
    }
}

/// A request that was given up on the way waits for no answer.
fn tell(answer: oneshot::Sender<Result<(), StoreError>>, result: Result<(), StoreError>) {
    let _ = answer.send(result);
}
