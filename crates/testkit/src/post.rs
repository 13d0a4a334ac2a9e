//! A mail server and a web server that take what is sent to them, and that a test can switch off and on again at the same
//! port.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

/// How long a connection may be silent.
const PATIENCE: Duration = Duration::from_secs(20);

/// What one connection is answered by.
type Talk = fn(TcpStream, &Took) -> std::io::Result<()>;

/// What a server took, in the order in which it came.
#[derive(Clone, Debug, Default)]
pub struct Took {
    all: Arc<Mutex<Vec<String>>>,
    answer: Arc<Mutex<String>>,
}

/// A server on this machine.
#[derive(Debug)]
pub struct FakeServer {
    /// Where it listens when it is on.
    pub address: SocketAddr,
    talk: Talk,
    took: Took,
    running: Option<(Arc<AtomicBool>, JoinHandle<()>)>,
}

impl Took {
    fn push(&self, text: String) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).push(text);
    }
}

impl FakeServer {
    /// A mail server, on. What it took is the text of each mail, with its head.
    ///
    /// # Errors
    /// Those of the listener.
    pub fn mail() -> std::io::Result<Self> {
        Self::start(smtp, "")
    }

    /// A web server, on, that answers 200 with this body. What it took is each request: the first line, its head, its body.
    ///
    /// # Errors
    /// Those of the listener.
    pub fn web(answer: &str) -> std::io::Result<Self> {
        Self::start(http, answer)
    }

    fn start(talk: Talk, answer: &str) -> std::io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let took = Took::default();
        let mut server = Self { address: listener.local_addr()?, talk, took, running: None };
        server.answers(answer);
        server.listen(listener)?;
        Ok(server)
    }

    /// What it took so far.
    pub fn took(&self) -> Vec<String> {
        self.took.all.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Another answer from now on: a body, or `HTTP 500` for such a status.
    pub fn answers(&self, answer: &str) {
        answer.clone_into(&mut self.took.answer.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Switches it off: connections are refused.
    pub fn off(&mut self) {
        let Some((stop, thread)) = self.running.take() else { return };
        stop.store(true, Ordering::SeqCst);
        // Wakes the one that waits for a connection.
        drop(TcpStream::connect(self.address));
        drop(thread.join());
    }

    /// Switches it on again at the same port.
    ///
    /// # Errors
    /// Those of the listener.
    pub fn on(&mut self) -> std::io::Result<()> {
        let listener = TcpListener::bind(self.address)?;
        self.listen(listener)
    }

    fn listen(&mut self, listener: TcpListener) -> std::io::Result<()> {
        let stop = Arc::new(AtomicBool::new(false));
        let (talk, took, stopped) = (self.talk, self.took.clone(), Arc::clone(&stop));
        let work = move || {
            for stream in listener.incoming().flatten() {
                if stopped.load(Ordering::SeqCst) {
                    return;
                }
                // A client that goes away in the middle is nobody's fault here.
                drop(stream.set_read_timeout(Some(PATIENCE)).and_then(|()| talk(stream, &took)));
            }
        };
        let thread = std::thread::Builder::new().name("fake server".to_owned()).spawn(work)?;
        self.running = Some((stop, thread));
        Ok(())
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        self.off();
    }
}

/// One conversation of SMTP, without extensions.
fn smtp(mut stream: TcpStream, took: &Took) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    stream.write_all(b"220 fake\r\n")?;
    loop {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let answer: &[u8] = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "QUIT" => {
                stream.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            "DATA" => {
                stream.write_all(b"354 go on\r\n")?;
                let mut mail = String::new();
                while !mail.ends_with("\r\n.\r\n") {
                    if lines.read_line(&mut mail)? == 0 {
                        return Ok(());
                    }
                }
                took.push(mail);
                b"250 taken\r\n"
            }
            _ => b"250 yes\r\n",
        };
        stream.write_all(answer)?;
    }
}

/// One request of HTTP.
fn http(mut stream: TcpStream, took: &Took) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?);
    let (mut head, mut length) = (String::new(), 0);
    while !head.ends_with("\r\n\r\n") {
        let mut line = String::new();
        if lines.read_line(&mut line)? == 0 {
            return Ok(());
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body)?;
    took.push(head + &String::from_utf8_lossy(&body));
    let answer = took.answer.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let (status, body) = match answer.strip_prefix("HTTP ") {
        Some(status) => (status, ""),
        None => ("200", answer.as_str()),
    };
    let n = body.len();
    write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: {n}\r\nconnection: close\r\n\r\n{body}")
}
