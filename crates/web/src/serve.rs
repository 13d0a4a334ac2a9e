//! Listening, and ending well.

use std::{io, net::SocketAddr};

use axum::serve::ListenerExt;
use tokio::net::TcpListener;

use crate::{App, patience::Patient, router};

/// The server cannot run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The listener failed.
    #[error("the server stopped")]
    Stopped(#[from] io::Error),
}

/// Serves until `stop` is done; requests on their way are answered first. `ready` is told the address.
///
/// # Errors
/// [`ServeError`].
pub async fn serve(
    app: App,
    address: SocketAddr,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| ServeError::Listen { address, source })?;
    ready(listener.local_addr()?);
    let listener = Patient(listener).tap_io(|_| ());
    let following = tokio::spawn(app.clone().follow());
    let tidying = tokio::spawn(app.clone().tidy());
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let served = axum::serve(listener, service).with_graceful_shutdown(stop).await;
    following.abort();
    tidying.abort();
    Ok(served?)
}
