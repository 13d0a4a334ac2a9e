//! Work on many values, chunk by chunk, away from the threads that talk to the database.

use std::sync::Arc;

use tokio::task::{JoinHandle, spawn_blocking};

use crate::StoreError;

/// Values worked on at a time; bounds the memory of an import.
pub(crate) const CHUNK: usize = 4096;

type Work<T, R> = Arc<dyn Fn(Vec<T>) -> Result<R, StoreError> + Send + Sync>;

/// The results of `work` for each chunk of `items`, in their order. While the caller is busy with one result the next is
/// being made.
pub(crate) struct Chunks<I: Iterator, R> {
    items: I,
    work: Work<I::Item, R>,
    ahead: Option<JoinHandle<Result<R, StoreError>>>,
}

impl<I: Iterator<Item: Send + 'static>, R: Send + 'static> Chunks<I, R> {
    /// `items` are asked for as they are needed, so that they need not all be in memory.
    pub(crate) fn new(
        items: impl IntoIterator<IntoIter = I>,
        work: impl Fn(Vec<I::Item>) -> Result<R, StoreError> + Send + Sync + 'static,
    ) -> Self {
        let mut chunks = Self { items: items.into_iter(), work: Arc::new(work), ahead: None };
        chunks.start();
        chunks
    }

    fn start(&mut self) {
        let chunk: Vec<I::Item> = self.items.by_ref().take(CHUNK).collect();
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
