//! Work that takes longer than a request may: one after the other, each on a thread of its own, looked at from outside.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use baoxue_flow::{FlowError, Progress};
use serde::Serialize;
use tokio::{runtime::Handle, sync::watch};

use crate::trouble::incident;

/// Jobs that are remembered.
const REMEMBERED: usize = 200;

/// How a job stands, as `data-progress` of the pages takes it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct State {
    /// The step: `wait`, then the names of [`baoxue_flow::Stage`].
    pub(crate) stage: &'static str,
    /// Done so far.
    pub(crate) done: u64,
    /// Of so many; 0 when it is not known.
    pub(crate) total: u64,
    /// Whether it is over.
    pub(crate) finished: bool,
    /// Where to go on then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) location: Option<String>,
    /// Why it failed.
    #[serde(skip)]
    pub(crate) failed: Option<Failure>,
}

/// Why a job failed.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// A fault of ours under this number.
    Broken(String),
    /// What is wrong with the file, in zh-CN and English.
    Said(String, String),
}

impl Failure {
    pub(crate) fn broken(error: &dyn std::error::Error) -> Self {
        Self::Broken(incident(error))
    }
}

impl From<FlowError> for Failure {
    fn from(error: FlowError) -> Self {
        Self::broken(&error)
    }
}

/// Where a job says how far it is, and hears whether somebody wants it stopped.
#[derive(Clone, Debug)]
pub(crate) struct Teller {
    state: watch::Sender<State>,
    stop: watch::Receiver<bool>,
}

impl Teller {
    /// Over when somebody wants the job stopped.
    pub(crate) async fn stopped(&self) {
        if self.stop.clone().wait_for(|stop| *stop).await.is_err() {
            // Nobody is left who could want it.
            std::future::pending::<()>().await;
        }
    }

    /// Whether somebody wants the job stopped.
    pub(crate) fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    pub(crate) fn tell(&self, progress: &Progress) {
        self.state.send_modify(|state| {
            state.stage = progress.stage.name();
            state.done = progress.done;
            state.total = progress.total;
        });
    }
}

/// A job that was started.
#[derive(Clone, Debug)]
pub(crate) struct Job {
    /// Whoever started it.
    pub(crate) owner: i64,
    /// What it is about: the name of a file.
    pub(crate) about: String,
    /// How it stands.
    pub(crate) state: watch::Receiver<State>,
    stop: watch::Sender<bool>,
    began: u64,
}

impl Job {
    /// Asks it to stop; what has a say in it ends at its next step.
    pub(crate) fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Whether somebody asked it to stop.
    pub(crate) fn stops(&self) -> bool {
        *self.stop.borrow()
    }

    /// How it stands now. A job whose thread has ended without a word has failed.
    pub(crate) fn now(&self) -> State {
        let mut state = self.state.borrow().clone();
        if !state.finished && self.state.has_changed().is_err() {
            state.finished = true;
            state.failed = Some(Failure::Broken(String::new()));
        }
        state
    }
}

/// All jobs by their keys.
#[derive(Debug, Default)]
pub(crate) struct Jobs {
    jobs: Mutex<HashMap<String, Job>>,
    /// Held by the one that works.
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Jobs {
    /// The job of a key.
    pub(crate) fn find(&self, key: &str) -> Option<Job> {
        self.all().get(key).cloned()
    }

    /// Starts a job, unless one of that key is under way. `work` runs on a thread of its own, so it may take its time; it
    /// gives where to go on.
    pub(crate) fn start<W, F>(&self, key: &str, (owner, about): (i64, &str), work: W)
    where
        W: FnOnce(Teller) -> F + Send + 'static,
        F: Future<Output = Result<String, Failure>>,
    {
        let mut jobs = self.all();
        if jobs.get(key).is_some_and(|job| !job.now().finished) {
            return;
        }
        let state = State {
            stage: "wait",
            done: 0,
            total: 0,
            finished: false,
            location: None,
            failed: None,
        };
        let (sender, receiver) = watch::channel(state);
        let (stop, stopped) = watch::channel(false);
        let began = jobs.values().map(|job| job.began).max().unwrap_or_default() + 1;
        if jobs.len() >= REMEMBERED {
            let oldest = jobs.iter().filter(|(_, job)| job.now().finished);
            let oldest = oldest.min_by_key(|(_, job)| job.began).map(|(key, _)| key.clone());
            oldest.and_then(|oldest| jobs.remove(&oldest));
        }
        let job = Job { owner, about: about.to_owned(), state: receiver, stop, began };
        jobs.insert(key.to_owned(), job);
        let (turn, handle) = (Arc::clone(&self.turn), Handle::current());
        // Nobody waits for the thread: how it ends is told by the state.
        drop(tokio::task::spawn_blocking(move || {
            handle.block_on(async move {
                let turn = turn.lock_owned().await;
                let result = work(Teller { state: sender.clone(), stop: stopped }).await;
                drop(turn);
                sender.send_modify(|state| end(state, result));
            });
        }));
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<String, Job>> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn end(state: &mut State, result: Result<String, Failure>) {
    state.finished = true;
    match result {
        Ok(location) => state.location = Some(location),
        Err(failure) => state.failed = Some(failure),
    }
}

/// Runs work that blocks on a thread of its own and waits for it.
pub(crate) async fn on_its_own<W, F, T>(work: W) -> Result<T, FlowError>
where
    W: FnOnce() -> F + Send + 'static,
    F: Future<Output = Result<T, FlowError>>,
    T: Send + 'static,
{
    let handle = Handle::current();
    let done = tokio::task::spawn_blocking(move || handle.block_on(work())).await;
    done.unwrap_or_else(|_| Err(baoxue_store::StoreError::Stopped.into()))
}
