//! Listening, and ending well.

use std::{
    io,
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    time::{Duration, SystemTime},
};

use axum::{Router, extract::State, http::header, routing::get};
use axum_server::{Handle, tls_rustls::RustlsConfig};

use crate::{App, Heads, router, trouble::Trouble};

/// A client that has not sent its headers by then holds no place any longer (T-43).
const HEADER_TIME: Duration = Duration::from_secs(10);
/// Room for the headers of a request; cookies and an address of our own need a tenth.
const HEADER_BYTES: usize = 16 * 1024;
/// Requests on their way get so long when the server is told to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(20);
/// How often the files of the certificate are looked at.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// Where the server listens.
#[derive(Clone, Debug)]
pub struct Doors {
    /// Address of the pages.
    pub address: SocketAddr,
    /// Certificate chain and private key, PEM files; without them the pages are served in the clear, for a proxy before it.
    pub certificate: Option<(PathBuf, PathBuf)>,
    /// Address of the numbers for the monitoring.
    pub metrics: Option<SocketAddr>,
    /// How heads of the tree are signed and kept.
    pub heads: Option<Heads>,
}

impl Doors {
    /// Opens what is named, without listening.
    ///
    /// # Errors
    /// [`ServeError::Certificate`].
    pub async fn check(&self) -> Result<(), ServeError> {
        if let Some(files) = &self.certificate {
            certificate(files).await?;
        }
        Ok(())
    }
}

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
    /// The certificate or its key cannot be used.
    #[error("the certificate {0} or its key cannot be used")]
    Certificate(PathBuf, #[source] io::Error),
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
    doors: Doors,
    ready: impl FnOnce(SocketAddr),
    stop: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    let tls = match &doors.certificate {
        Some(files) => Some(certificate(files).await?),
        None => None,
    };
    let listener = listen(doors.address)?;
    let numbers = doors.metrics.map(listen).transpose()?;
    let address = listener.local_addr()?;
    let mut beside = vec![
        tokio::spawn(app.clone().follow()),
        tokio::spawn(app.clone().tidy()),
        tokio::spawn(app.clone().watch_cases()),
        tokio::spawn(app.clone().watch_days()),
        tokio::spawn(app.clone().post()),
    ];
    if let Some(numbers) = numbers {
        let service = metrics_of(app.clone()).into_make_service();
        beside.push(tokio::spawn(async move {
            if let Err(error) = async { axum_server::from_tcp(numbers)?.serve(service).await }.await
            {
                tracing::error!(%error, "the numbers for the monitoring are not served");
            }
        }));
    }
    if let Some(heads) = doors.heads {
        beside.push(tokio::spawn(heads.keep(app.clone())));
    }
    if let Some((tls, files)) = tls.clone().zip(doors.certificate) {
        beside.push(tokio::spawn(renewed(tls, files)));
    }
    let handle = Handle::new();
    let ending = handle.clone();
    tokio::spawn(async move {
        stop.await;
        ending.graceful_shutdown(Some(LAST_ANSWERS));
    });
    ready(address);
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let served = match tls {
        Some(tls) => {
            limited(axum_server::from_tcp_rustls(listener, tls)?)
                .handle(handle)
                .serve(service)
                .await
        }
        None => limited(axum_server::from_tcp(listener)?).handle(handle).serve(service).await,
    };
    for task in beside {
        task.abort();
    }
    Ok(served?)
}

fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address).map_err(|source| ServeError::Listen { address, source })
}

/// Limits on what a client may send before it is answered.
fn limited<A>(
    mut server: axum_server::Server<SocketAddr, A>,
) -> axum_server::Server<SocketAddr, A> {
    server.http_builder().http1().header_read_timeout(HEADER_TIME).max_buf_size(HEADER_BYTES);
    server.http1_only().first_request_timeout(HEADER_TIME)
}

async fn certificate((chain, key): &(PathBuf, PathBuf)) -> Result<RustlsConfig, ServeError> {
    RustlsConfig::from_pem_file(chain, key)
        .await
        .map_err(|error| ServeError::Certificate(chain.clone(), error))
}

/// Takes a renewed certificate into use without a restart; one that cannot be used leaves the old one. Never ends.
async fn renewed(tls: RustlsConfig, (chain, key): (PathBuf, PathBuf)) {
    let changed = |path: &PathBuf| std::fs::metadata(path).and_then(|found| found.modified()).ok();
    let times = || -> [Option<SystemTime>; 2] { [changed(&chain), changed(&key)] };
    let mut known = times();
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if times() == known {
            continue;
        }
        known = times();
        match tls.reload_from_pem_file(&chain, &key).await {
            Ok(()) => tracing::info!("the certificate was renewed"),
            Err(error) => tracing::error!(%error, "the new certificate cannot be used"),
        }
    }
}

/// The numbers for the monitoring, on an address of their own.
fn metrics_of(app: App) -> Router {
    let text = async |State(app): State<App>| {
        let text = app.metrics().text().map_err(|error| Trouble::broken(&error))?;
        Ok::<_, Trouble>(([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text))
    };
    Router::new().route("/metrics", get(text)).with_state(app)
}
