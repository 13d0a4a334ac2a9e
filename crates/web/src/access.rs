//! The log of who saw what. Many requests wait for one write together: each must be on the disk before its page is
//! shown, and a disk is asked a few hundred times a second at most.

use std::sync::Arc;

use baoxue_store::{AccessEntry, Store};
use tokio::sync::{mpsc, oneshot};

use crate::trouble::Trouble;

/// Entries that wait; when so many do, requests wait before they are read.
const WAITING: usize = 1024;
/// Entries of one write at most.
const TOGETHER: usize = 256;

type Waiting = (AccessEntry, oneshot::Sender<bool>);

/// Takes entries from all requests. Cloning shares the writer, which ends with the last of them.
#[derive(Clone, Debug)]
pub(crate) struct AccessLog(Arc<mpsc::Sender<Waiting>>);

impl AccessLog {
    /// Starts the writer.
    pub(crate) fn start(store: Store) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(write(store, receiver));
        Self(Arc::new(sender))
    }

    /// Returns when the entry is kept. What cannot be logged is not shown.
    pub(crate) async fn keep(&self, entry: AccessEntry) -> Result<(), Trouble> {
        let (done, kept) = oneshot::channel();
        let sent = self.0.send((entry, done)).await.is_ok();
        if sent && kept.await.unwrap_or(false) {
            return Ok(());
        }
        Err(Trouble::broken(&std::io::Error::other("the access log cannot be written")))
    }
}

async fn write(store: Store, mut receiver: mpsc::Receiver<Waiting>) {
    let mut waiting: Vec<Waiting> = Vec::new();
    while receiver.recv_many(&mut waiting, TOGETHER).await > 0 {
        let (entries, requests): (Vec<_>, Vec<_>) = waiting.drain(..).unzip();
        let written = store.log_access(entries).await;
        if let Err(error) = &written {
            tracing::error!(%error, "the access log cannot be written");
        }
        for request in requests {
            // Whoever went away needs no answer.
            let _ = request.send(written.is_ok());
        }
    }
}
