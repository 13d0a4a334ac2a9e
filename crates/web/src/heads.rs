//! Signing the head of the tree from time to time, and writing it where the database's administrator cannot reach it (T-51).

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use baoxue_flow::{
    FlowError,
    audit::{Signer, sign_head, write_head},
    write_whole,
};

use crate::app::App;

/// How heads are signed and kept.
#[derive(Clone)]
pub struct Heads {
    /// Signs.
    pub signer: Arc<dyn Signer>,
    /// Time between two heads.
    pub every: Duration,
    /// Folders outside this machine; a head is written to each.
    pub folders: Vec<PathBuf>,
}

impl fmt::Debug for Heads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { signer, every, folders } = self;
        write!(f, "Heads({}, {every:?}, {folders:?})", signer.key_id())
    }
}

impl Heads {
    /// Signs now and then again and again. What fails is logged, counted, and tried again the next time. Never ends.
    pub(crate) async fn keep(self, app: App) {
        loop {
            match self.once(&app).await {
                Ok(time) => app.metrics().head(Some(time)),
                Err(error) => {
                    app.metrics().head(None);
                    let error: &dyn std::error::Error = &error;
                    tracing::error!(error, "the head of the tree could not be signed and kept");
                }
            }
            tokio::time::sleep(self.every).await;
        }
    }

    /// One head, in every folder; the time at which that was so.
    async fn once(&self, app: &App) -> Result<i64, FlowError> {
        let now = app.now();
        let head = sign_head(app.store(), &*self.signer, now).await?;
        let name = format!("baoxue-head-{:012}.txt", head.size);
        let mut done = Ok(now.timestamp());
        for folder in &self.folders {
            let file = folder.join(&name);
            if file.exists() {
                continue;
            }
            // A folder that is not there is a share that is not mounted: making it would keep the head on this machine.
            let written = std::fs::metadata(folder)
                .and_then(|_| write_whole(&file, write_head(&head).as_bytes()));
            if let Err(error) = written {
                done = Err(FlowError::file(&file, error));
            }
        }
        done
    }
}
