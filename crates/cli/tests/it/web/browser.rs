//! A server of the sample county and a browser that asks it: plain HTTP/1.1, one connection for each request.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::PathBuf,
    process::{Child, Stdio},
};

use super::made;
use crate::program::{Engine, Program, sample_county};

pub(crate) const PASSWORD: &str = "Yige-Haizi-Ye-Bushao";

/// The file of the log.
const LOG: &str = "log.txt";

/// `baoxue demo` on a port of its own; ends with the test.
pub(crate) struct Server {
    running: Child,
    pub(crate) program: Program,
    pub(crate) place: String,
    pub(crate) origin: String,
}

impl Server {
    pub(crate) fn start(engine: Engine) -> Self {
        Self::over(Program::new(engine), &[])
    }

    /// With more arguments on the command line.
    pub(crate) fn start_with(engine: Engine, more: &[&str]) -> Self {
        Self::over(Program::new(engine), more)
    }

    /// The server over what a story has prepared; its log stands in a file.
    pub(crate) fn over(program: Program, more: &[&str]) -> Self {
        let data = program.path("data");
        if program.is_sqlite() && !data.exists() {
            made::give(&data);
        }
        let (input, config) = (sample_county("input"), sample_county("county.toml"));
        let (input, config) = (input.to_string_lossy(), config.to_string_lossy());
        let log = File::create(program.path(LOG)).unwrap();
        let mut command = program.command(&[
            "demo",
            &input,
            "--config",
            &config,
            "--listen",
            "127.0.0.1:0",
            "--log",
            "info",
        ]);
        let mut running = command.args(more).stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let lines = BufReader::new(running.stdout.take().unwrap()).lines();
        let told = lines.map_while(Result::ok).find(|line| line.contains("http://"));
        let told = told.unwrap();
        let place = told.split("http://").nth(1).unwrap().split('（').next().unwrap().to_owned();
        let origin = format!("http://{place}");
        Self { running, program, place, origin }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser { place: self.place.clone(), cookies: BTreeMap::new() }
    }

    /// What the server has written into its log.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.program.path(LOG)).unwrap()
    }

    /// The database file.
    pub(crate) fn database(&self) -> PathBuf {
        self.program.path("data").join("baoxue.db")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.running.kill();
        let _ = self.running.wait();
    }
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// The body as it came: a file is no text.
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    }

    /// The page without what differs from one moment to the next.
    pub(crate) fn text(&self) -> String {
        // Each page gives its forms a token of its own.
        let mut parts = self.body.split("name=\"once\" value=\"");
        let first = parts.next().unwrap_or_default();
        let rest = parts.map(|part| part.split_once('"').map_or(part, |(_, rest)| rest));
        let body: String = [first].into_iter().chain(rest).collect();
        let lines = body.lines();
        let stays = lines.filter(|line| !line.contains("session-ends") && !line.contains("stamp"));
        stays.collect::<Vec<_>>().join("\n")
    }
}

/// Keeps cookies like a browser. A clone has what the other had: a stolen cookie.
#[derive(Clone)]
pub(crate) struct Browser {
    place: String,
    cookies: BTreeMap<String, String>,
}

impl Browser {
    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, &[], "")
    }

    pub(crate) fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.ask("GET", path, headers, "")
    }

    pub(crate) fn post(&mut self, path: &str, form: &str) -> Answer {
        let origin = format!("http://{}", self.place);
        self.ask("POST", path, &[("Origin", &origin)], form)
    }

    pub(crate) fn post_with(&mut self, path: &str, headers: &[(&str, &str)], form: &str) -> Answer {
        self.ask("POST", path, headers, form)
    }

    /// Sends a body to the interface for programs, with the token that writes bring.
    pub(crate) fn write(&mut self, path: &str, (csrf, key): (&str, &str), body: &str) -> Answer {
        let origin = format!("http://{}", self.place);
        let headers = [
            ("Origin", origin.as_str()),
            ("X-CSRF-Token", csrf),
            ("Idempotency-Key", key),
            ("Content-Type", "application/json"),
        ];
        self.ask("POST", path, &headers, body)
    }

    /// An empty piece of a file.
    pub(crate) fn put(&mut self, path: &str, csrf: &str) -> Answer {
        let origin = format!("http://{}", self.place);
        let headers = [("Origin", origin.as_str()), ("X-CSRF-Token", csrf)];
        self.send(("PUT", path), &headers, ("application/octet-stream", b""))
    }

    /// A form with a file, as a browser sends it.
    pub(crate) fn brings(&mut self, path: &str, fields: &[(&str, &str)], bytes: &[u8]) -> Answer {
        let mut body = Vec::new();
        for (name, value) in fields {
            let head = format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend(format!("{head}{value}\r\n").into_bytes());
        }
        let head = "Content-Disposition: form-data; name=\"file\"; filename=\"../../a.svg\"";
        body.extend(format!("--B\r\n{head}\r\n\r\n").into_bytes());
        body.extend(bytes);
        body.extend(b"\r\n--B--\r\n");
        let origin = format!("http://{}", self.place);
        let kind = "multipart/form-data; boundary=B";
        self.send(("POST", path), &[("Origin", &origin)], (kind, &body))
    }

    /// The token of the forms of a page.
    #[expect(clippy::unused_self, reason = "reads like what a browser does")]
    pub(crate) fn csrf(&self, page: &str) -> String {
        let part = page.split("name=\"csrf\" value=\"").nth(1).unwrap();
        part.split('"').next().unwrap().to_owned()
    }

    pub(crate) fn sign_in(&mut self, login: &str) {
        let page = self.get("/login").body;
        let row = page.split(&format!(">{login}<")).nth(1).unwrap();
        let code: String = row.split("translate=\"no\">").nth(1).unwrap().chars().take(6).collect();
        let answer = self.try_sign_in(login, PASSWORD, Some(&code));
        assert_eq!(answer.status, 303, "{login}: {}", answer.body);
    }

    pub(crate) fn try_sign_in(
        &mut self,
        login: &str,
        password: &str,
        code: Option<&str>,
    ) -> Answer {
        let page = self.get("/login").body;
        let csrf = self.csrf(&page);
        let code = code.unwrap_or_default();
        self.post("/login", &format!("csrf={csrf}&login={login}&password={password}&code={code}"))
    }

    fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        const FORM: &str = "application/x-www-form-urlencoded";
        self.send((method, path), headers, (FORM, body.as_bytes()))
    }

    /// A request with a body of any kind.
    pub(crate) fn send(
        &mut self,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        (kind, body): (&str, &[u8]),
    ) -> Answer {
        let (mut stream, head) = self.begin((method, path), headers, (kind, body.len()));
        stream.write_all(head.as_bytes()).unwrap();
        // A server that has seen enough answers before it has read all.
        let _ = stream.write_all(body);
        self.answer(stream)
    }

    /// The same over a line that is cut after so many bytes of the body.
    pub(crate) fn cut(
        &mut self,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        (body, after): (&[u8], usize),
    ) {
        let kind = ("application/octet-stream", body.len());
        let (mut stream, head) = self.begin((method, path), headers, kind);
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(&body[..after]).unwrap();
    }

    fn begin(
        &self,
        (method, path): (&str, &str),
        headers: &[(&str, &str)],
        (kind, length): (&str, usize),
    ) -> (TcpStream, String) {
        let stream = TcpStream::connect(&self.place).unwrap();
        let mut cookies = self.cookies.clone();
        let mut head =
            format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n", self.place);
        for (name, value) in headers {
            if *name == "Cookie" {
                let (key, value) = value.split_once('=').unwrap();
                cookies.insert(key.to_owned(), value.to_owned());
                continue;
            }
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        let kept: Vec<String> = cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        write!(head, "Cookie: {}\r\nContent-Length: {length}\r\n", kept.join("; ")).unwrap();
        if !headers.iter().any(|(name, _)| *name == "Content-Type") {
            write!(head, "Content-Type: {kind}\r\n").unwrap();
        }
        head += "\r\n";
        (stream, head)
    }

    fn answer(&mut self, mut stream: TcpStream) -> Answer {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let at = bytes.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        let head = String::from_utf8_lossy(&bytes[..at]).into_owned();
        let mut lines = head.lines();
        let status = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        for (_, cookie) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (key, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(key.to_owned(), value.to_owned());
        }
        let bytes = bytes.split_off(at + 4);
        Answer { status, headers, body: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }
}

/// The value of a hidden field of a page.
#[track_caller]
pub(crate) fn hidden(page: &str, name: &str) -> String {
    let mark = format!("name=\"{name}\" value=\"");
    page.split(&mark).nth(1).unwrap().split('"').next().unwrap().to_owned()
}
