//! Connections that hold nobody up (T-43): a head that does not come to its end, or is too long, ends the connection, and so
//! does one on which nothing comes any more. The server behind knows of no clock.

use std::{
    io::{self, IoSlice},
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::serve::Listener;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::{Instant, Sleep, sleep},
};

/// From the first byte of a head to its last.
const HEAD: Duration = Duration::from_secs(10);
/// Between one request and the next on the same connection.
const IDLE: Duration = Duration::from_mins(1);
/// Between two parts of a body, and for the answer: a workbook may take a minute and a half to be read.
pub(crate) const WORK: Duration = Duration::from_secs(150);

/// Longest head, in bytes.
const HEAD_BYTES: usize = 16 << 10;
/// What a head ends with.
const END: &[u8] = b"\r\n\r\n";
/// An answer that only asks for the body.
const GO_ON: &[u8] = b"HTTP/1.1 100";

/// A listener whose connections are watched.
#[derive(Debug)]
pub(crate) struct Patient(pub(crate) TcpListener);

impl Listener for Patient {
    type Io = Watched;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Watched, SocketAddr) {
        let (stream, peer) = Listener::accept(&mut self.0).await;
        (Watched { stream, watch: Watch::default(), timer: Box::pin(sleep(HEAD)) }, peer)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// A connection with what is waited for on it.
#[derive(Debug)]
pub(crate) struct Watched {
    stream: TcpStream,
    watch: Watch,
    timer: Pin<Box<Sleep>>,
}

/// How far a request is.
#[derive(Debug, Default)]
struct Watch {
    /// Whether its head is here.
    whole: bool,
    /// Bytes of the head so far.
    length: usize,
    /// How many bytes of [`END`] were the last to come.
    matched: usize,
}

impl Watch {
    /// Takes what came and says how long to wait from now on; `None` leaves the deadline as it is.
    fn came(&mut self, bytes: &[u8]) -> io::Result<Option<Duration>> {
        if self.whole {
            return Ok(Some(WORK));
        }
        let begins = self.length == 0;
        for byte in bytes {
            self.length += 1;
            self.matched = match (*byte == END[self.matched], *byte == END[0]) {
                (true, _) => self.matched + 1,
                (false, true) => 1,
                (false, false) => 0,
            };
            if self.matched == END.len() {
                self.whole = true;
                return Ok(Some(WORK));
            }
        }
        if self.length > HEAD_BYTES {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the head is too long"));
        }
        Ok(begins.then_some(HEAD))
    }
}

impl Watched {
    fn wait(&mut self, time: Duration) {
        self.timer.as_mut().reset(Instant::now() + time);
    }

    /// An answer goes out: the next request is waited for.
    fn went(&mut self, bytes: &[u8], sent: &Poll<io::Result<usize>>) {
        if matches!(sent, Poll::Ready(Ok(1..))) && !bytes.starts_with(GO_ON) {
            self.watch = Watch::default();
            self.wait(IDLE);
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(cx, buffer) {
            Poll::Ready(Ok(())) => {
                let came = buffer.filled().get(before..).unwrap_or_default();
                match self.watch.came(came) {
                    Ok(Some(time)) => self.wait(time),
                    Ok(None) => {}
                    Err(error) => return Poll::Ready(Err(error)),
                }
                Poll::Ready(Ok(()))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                self.timer.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.went(bytes, &sent);
        sent
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write_vectored(cx, parts);
        self.went(parts.first().map_or(&[], |part| part), &sent);
        sent
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t43_a_head_has_an_end_and_is_not_too_long() {
        let mut watch = Watch::default();
        assert_eq!(watch.came(b"GET / HTTP/1.1\r\n").unwrap(), Some(HEAD));
        assert_eq!(watch.came(b"Host: x\r\n\r").unwrap(), None, "no more time for what comes late");
        assert_eq!(watch.came(b"\nbody").unwrap(), Some(WORK));
        assert_eq!(
            watch.came(&vec![b'x'; 2 * HEAD_BYTES]).unwrap(),
            Some(WORK),
            "a body is longer"
        );
        let mut watch = Watch::default();
        assert_eq!(watch.came(b"\r\r\n\r\n").unwrap(), Some(WORK), "an end after half an end");
        let mut watch = Watch::default();
        assert!(watch.came(&vec![b'x'; HEAD_BYTES + 1]).is_err());
    }
}
