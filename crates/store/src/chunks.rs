//! Work on many values, chunk by chunk, away from the threads that talk to the database.

use std::{sync::Arc, vec::IntoIter};

use tokio::task::{JoinHandle, spawn_blocking};

use crate::StoreError;

/// Values worked on at a time; bounds the memory of an import.
pub(crate) const CHUNK: usize = 4096;

type Work<T, R> = Arc<dyn Fn(Vec<T>) -> Result<R, StoreError> + Send + Sync>;

/// The results of `work` for each chunk of `items`, in their order. While the caller is busy with one result the next is
/// being made.
pub(crate) struct Chunks<T, R> {
    items: IntoIter<T>,
    work: Work<T, R>,
    ahead: Option<JoinHandle<Result<R, StoreError>>>,
}

impl<T: Send + 'static, R: Send + 'static> Chunks<T, R> {
    pub(crate) fn new(
        items: Vec<T>,
        work: impl Fn(Vec<T>) -> Result<R, StoreError> + Send + Sync + 'static,
    ) -> Self {
        let mut chunks = Self { items: items.into_iter(), work: Arc::new(work), ahead: None };
        chunks.start();
        chunks
    }

    fn start(&mut self) {
        let chunk: Vec<T> = self.items.by_ref().take(CHUNK).collect();
        let work = Arc::clone(&self.work);
        self.ahead = (!chunk.is_empty()).then(|| spawn_blocking(move || work(chunk)));
    }

    pub(crate) async fn next(&mut self) -> Result<Option<R>, StoreError> {
        let Some(ahead) = self.ahead.take() else { return Ok(None) };
        let result = finished(ahead).await?;
        self.start();
        Ok(Some(result))
    }
}

/// Waits for work that was started.
pub(crate) async fn finished<R>(work: JoinHandle<Result<R, StoreError>>) -> Result<R, StoreError> {
    work.await.map_err(|_| StoreError::Stopped)?
}
