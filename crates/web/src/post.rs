//! Notices: made from what cases have to tell, sent from time to time, counted for the head of every page.

use std::{collections::BTreeMap, time::Duration};

use baoxue_flow::notices::{NoticeError, Notices, Sent};
use tokio::sync::Mutex;

use crate::app::App;

/// How often it is looked whether something is to go out.
const POST_EVERY: Duration = Duration::from_mins(1);

/// What the server keeps about notices.
#[derive(Debug, Default)]
pub(crate) struct PostRoom {
    /// All and unread notices by account; read again when something changed.
    counts: std::sync::RwLock<BTreeMap<i64, (usize, usize)>>,
    /// Held while notices are sent: the second would find that the first has its turn, and not wait for it.
    sending: Mutex<()>,
}

impl App {
    fn notices(&self) -> Notices<'_> {
        let channels = &self.options().notices;
        Notices { store: self.store(), people: self.people(), channels }
    }

    /// How the channels stand.
    pub(crate) async fn queues(&self) -> Result<Vec<baoxue_flow::notices::Queue>, NoticeError> {
        self.notices().queues().await
    }

    /// How many notices an account has, and how many of them it has not read.
    pub(crate) fn notice_count(&self, account: i64) -> (usize, usize) {
        let counts = self.post_room().counts.read();
        let counts = counts.unwrap_or_else(std::sync::PoisonError::into_inner);
        counts.get(&account).copied().unwrap_or_default()
    }

    /// Counts again.
    pub(crate) async fn count_notices(&self) -> Result<(), NoticeError> {
        let counts = self.store().notices_of_accounts().await?;
        let kept = self.post_room().counts.write();
        *kept.unwrap_or_else(std::sync::PoisonError::into_inner) = counts;
        Ok(())
    }

    /// Makes what cases have to tell.
    pub(crate) async fn fill_notices(&self) -> Result<(), NoticeError> {
        let desk = match self.cases().await {
            Ok(desk) => desk,
            Err(error) => {
                tracing::error!(%error, "the cases could not be read for notices");
                return Ok(());
            }
        };
        let at = self.now();
        let n = self.notices().fill((&desk.book, &*desk.rules), desk.moment(at), at).await?;
        if n > 0 {
            tracing::info!(n, "notices were made");
        }
        self.count_notices().await
    }

    /// Tells whoever brought a file that it is taken in. The file stays taken in when nobody can be told.
    pub(crate) async fn tell_imported(&self, account: i64, batch: u32) {
        let told = async {
            self.notices().imported(account, batch, self.now()).await?;
            self.count_notices().await
        };
        if let Err(error) = told.await {
            tracing::error!(%error, "nobody was told that a file is taken in");
        }
    }

    /// Sends what is due.
    async fn post_notices(&self) -> Result<Sent, NoticeError> {
        let _turn = self.post_room().sending.lock().await;
        let at = self.now();
        let today = self.cases().await.map(|desk| desk.moment(at).date());
        let today =
            today.unwrap_or_else(|_| at.with_timezone(&crate::display::china()).date_naive());
        let sent = self.notices().send(at, today).await?;
        self.count_notices().await?;
        Ok(sent)
    }

    /// Sends what is due, and says so in the log.
    pub(crate) async fn post_now(&self) {
        match self.post_notices().await {
            Ok(Sent { n_sent: 0, n_failed: 0, .. }) => {}
            Ok(sent) => {
                tracing::info!(sent.n_sent, sent.n_failed, sent.n_held, "notices were sent");
            }
            Err(error) => tracing::error!(%error, "notices could not be sent"),
        }
    }

    /// Sends notices from time to time. Never ends.
    pub(crate) async fn post(self) {
        loop {
            tokio::time::sleep(POST_EVERY).await;
            self.post_now().await;
        }
    }
}
