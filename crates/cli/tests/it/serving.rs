//! Running the server: its settings, https, the monitoring, heads that are kept, slow clients, an end in order.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned, pki_types::ServerName};

use crate::{
    program::{Engine, Program, sample_county},
    web::browser::PASSWORD,
};

/// A server that was started from a settings file, and its address.
struct Running {
    child: Child,
    place: String,
}

impl Running {
    fn start(program: &Program, settings: &Path) -> Self {
        let file = settings.to_string_lossy().into_owned();
        let mut command = program.command(&["serve", "--settings", &file]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let told = lines.map_while(Result::ok).find(|line| line.contains("://")).unwrap();
        let place = told.split("://").nth(1).unwrap().split('（').next().unwrap().to_owned();
        Self { child, place }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.place).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Tells it to end, and gives its exit code.
    fn stop(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn made(engine: Engine) -> Program {
    let program = Program::new(engine);
    let config = sample_county("county.toml");
    let made = program.answer(&["init", "--config", &config.to_string_lossy()]);
    assert_eq!(made.code, 0, "{}", made.err);
    program
}

fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(30), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A robot that is to tell of a town which is not in the county.
const ROBOT_OF_NOBODY: &str = "[[notices.robot]]\nname = \"群\"\nmake = \"wecom\"\nurl-file = \"robot.url\"\noffice = [\"bureau\", \"610902104\", \"police\", \"610902999\"]\n";

#[test]
fn settings_are_checked_before_the_server_starts() {
    let program = made(Engine::Sqlite);
    let good = program.file("good.toml", "listen = \"127.0.0.1:0\"\nhead-minutes = 30\n");
    let good = good.to_string_lossy().into_owned();
    let checked = program.answer(&["serve", "--settings", &good, "--check"]);
    assert_eq!((checked.code, checked.out.trim()), (0, "设置可用。"), "{}", checked.err);
    program.file("robot.url", "https://robot.example/send?key=SECRET");
    let robot = ROBOT_OF_NOBODY.replace(", \"610902999\"", "");
    let robot = program.file("robot.toml", robot).to_string_lossy().into_owned();
    let checked = program.answer(&["serve", "--settings", &robot, "--check"]);
    assert_eq!((checked.code, checked.out.trim()), (0, "设置可用。"), "{}", checked.err);
    for (text, said) in [
        ("listen = \"127.0.0.1:0\"\nlistn = 1\n", "listn"),
        ("\nlisten = \"nowhere\"\n", "第2行"),
        ("head-folder = [\"not/there\"]\n", "not/there"),
        ("certificate = \"a.pem\"\ncertificate-key = \"b.pem\"\n", "a.pem"),
        ("head-minutes = 61\n", "head-minutes"),
        ("certificate = \"a.pem\"\n", "certificate-key"),
        ("[notices]\nquiet-from = \"25:00\"\n", "25:00"),
        ("[notices]\nquite-from = \"20:00\"\n", "quite-from"),
        ("[notices.smtp]\nhost = \"h\"\nfrom = \"nobody\"\n", "smtp.from"),
        ("[notices.smtp]\nhost = \"h\"\nfrom = \"a@b.cn\"\nuser = \"u\"\n", "password-file"),
        ("[notices.sms]\nurl = \"gateway\"\n", "sms.url"),
        ("[notices.sms]\nurl = \"https://g.cn\"\ntoken-file = \"no.token\"\n", "no.token"),
        (ROBOT_OF_NOBODY, "610902999"),
    ] {
        let file = program.file("wrong.toml", text).to_string_lossy().into_owned();
        let refused = program.answer(&["serve", "--settings", &file, "--check"]);
        assert!(refused.code >= 2 && refused.err.contains(said), "{text}: {}", refused.err);
        assert!(!refused.err.contains("SECRET"), "{}", refused.err);
    }
}

fn heads_are_kept(engine: Engine) {
    let program = made(engine);
    fs::create_dir_all(program.path("bureau")).unwrap();
    fs::create_dir_all(program.path("inspection")).unwrap();
    let settings = program.file(
        "server.toml",
        "listen = \"127.0.0.1:0\"\nmetrics = \"127.0.0.1:0\"\nhead-folder = [\"bureau\", \"inspection\"]\n",
    );
    let server = Running::start(&program, &settings);
    let heads = |folder: &str| -> Vec<_> {
        let all = fs::read_dir(program.path(folder)).unwrap().map(|entry| entry.unwrap().path());
        all.filter(|path| path.extension().is_some_and(|end| end == "txt")).collect()
    };
    wait_for("heads in both folders", || {
        !heads("bureau").is_empty() && !heads("inspection").is_empty()
    });
    assert!(server.get("/healthz").contains("200 OK"));
    assert!(server.get("/readyz").contains("200 OK"));
    assert_eq!(server.stop(), Some(0), "a server that is told to end ends in order");
    let kept = heads("bureau").pop().unwrap().to_string_lossy().into_owned();
    let verified = program.answer(&["verify", "--head", &kept]);
    assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
}

fn a_day_begins(engine: Engine) {
    let program = Program::new(engine);
    program.run(&sample_county("input"));
    let judged = || program.done(&["status", "--json"]).out;
    assert!(judged().contains("\"as_of\":\"2019-08-25\""), "{}", judged());
    // From now on the county's day goes with the calendar.
    let config = program.path("data").join("county.toml");
    let text = fs::read_to_string(&config).unwrap();
    let text: Vec<&str> = text.lines().filter(|line| !line.starts_with("as_of")).collect();
    fs::write(&config, text.join("\n")).unwrap();
    let settings = program.file("server.toml", "listen = \"127.0.0.1:0\"\n");
    let server = Running::start(&program, &settings);
    wait_for("a run for today", || !judged().contains("2019-08-25"));
    assert!(server.get("/readyz").contains("200 OK"));
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn a_county_that_names_no_day_is_judged_each_day() {
    a_day_begins(Engine::Sqlite);
    a_day_begins(Engine::Postgres);
}

#[test]
fn t51_the_server_signs_heads_and_keeps_them_in_every_folder() {
    heads_are_kept(Engine::Sqlite);
    heads_are_kept(Engine::Postgres);
}

#[test]
fn numbers_for_the_monitoring_name_routes_and_no_person() {
    let program = made(Engine::Sqlite);
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let settings = program
        .file("server.toml", format!("listen = \"127.0.0.1:0\"\nmetrics = \"127.0.0.1:{port}\"\n"));
    let mut server = Running::start(&program, &settings);
    server.get("/children?q=%E5%BC%A0%E4%B8%89");
    server.get("/children/c_1-4242");
    server.get("/nobody/%E5%BC%A0%E4%B8%89");
    let pages = std::mem::replace(&mut server.place, format!("127.0.0.1:{port}"));
    let numbers = server.get("/metrics");
    assert!(numbers.contains("route=\"/children/{child}\""), "{numbers}");
    assert!(numbers.contains("baoxue_children 0"), "{numbers}");
    for personal in ["4242", "nobody", "张", "%E5"] {
        assert!(!numbers.contains(personal), "{personal} in {numbers}");
    }
    server.place = pages;
    assert!(server.get("/metrics").contains("404"), "the pages' address has no numbers");
}

#[test]
fn t12_pages_come_over_tls_and_the_session_cookie_is_bound_to_it() {
    let program = made(Engine::Sqlite);
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    program.file("chain.pem", made.cert.pem());
    program.file("key.pem", made.signing_key.serialize_pem());
    let settings = program.file(
        "server.toml",
        "listen = \"127.0.0.1:0\"\ncertificate = \"chain.pem\"\ncertificate-key = \"key.pem\"\n",
    );
    let add = ["account", "add", "zhenyi", "--name", "某人", "--password-stdin", "--role", "town"];
    let mut adding = program.command(&add).stdin(Stdio::piped()).spawn().unwrap();
    writeln!(adding.stdin.take().unwrap(), "{PASSWORD}").unwrap();
    assert!(adding.wait().unwrap().success());
    let server = Running::start(&program, &settings);
    let login = request("GET /login", &[], "");
    let page = inside_tls(&server, &made.cert, &login);
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.contains("strict-transport-security"), "{page}");
    let form = cookie_set(&page, "bx-form");
    for part in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/"] {
        assert!(form.contains(part), "{part}: {form}");
    }

    // A real sign-in: the cookie of the session is bound to this server, to https, and hidden from scripts.
    let token = form.split(['=', ';']).nth(1).unwrap();
    let cookie = format!("bx-form={token}");
    let body = format!("csrf={token}&login=zhenyi&password={PASSWORD}&code=");
    let headers = [("Cookie", cookie.as_str()), ("Origin", "https://localhost")];
    let inside = inside_tls(&server, &made.cert, &request("POST /login", &headers, &body));
    assert!(inside.starts_with("HTTP/1.1 303"), "{inside}");
    let session = cookie_set(&inside, "__Host-bx");
    for part in ["HttpOnly", "SameSite=Lax", "Secure", "Path=/"] {
        assert!(session.contains(part), "{part}: {session}");
    }
    assert!(!session.contains("Domain") && !session.contains("Max-Age"), "{session}");
    let session = format!("__Host-bx={}", session.split(['=', ';']).nth(1).unwrap());
    let me = request("GET /me", &[("Cookie", &session)], "");
    assert!(inside_tls(&server, &made.cert, &me).starts_with("HTTP/1.1 200"));
    let bare = request("GET /me", &[("Cookie", &session.replace("__Host-", ""))], "");
    assert!(inside_tls(&server, &made.cert, &bare).starts_with("HTTP/1.1 303"), "no other name");
}

/// A request as it goes over the line.
fn request(line: &str, headers: &[(&str, &str)], body: &str) -> String {
    let headers: Vec<String> =
        headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let (headers, kind, n) = (headers.concat(), "application/x-www-form-urlencoded", body.len());
    format!(
        "{line} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}Content-Type: {kind}\r\n\
         Content-Length: {n}\r\n\r\n{body}"
    )
}

/// The answer to a request by somebody who trusts the certificate.
fn inside_tls(server: &Running, certificate: &rcgen::Certificate, request: &str) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(certificate.der().clone()).unwrap();
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(&server.place).unwrap());
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// The line that sets a cookie.
fn cookie_set(answer: &str, name: &str) -> String {
    let mark = format!("set-cookie: {name}=");
    let line = answer.lines().find(|line| line.starts_with(&mark));
    assert!(line.is_some(), "no {name}: {answer}");
    line.unwrap()["set-cookie: ".len()..].to_owned()
}

#[test]
fn t43_slow_clients_and_long_headers_hold_no_place() {
    let program = made(Engine::Sqlite);
    let settings = program.file("server.toml", "listen = \"127.0.0.1:0\"\n");
    let server = Running::start(&program, &settings);
    let mut slow: Vec<TcpStream> = (0..150)
        .map(|_| {
            let mut stream = TcpStream::connect(&server.place).unwrap();
            stream.write_all(b"GET /login HTTP/1.1\r\nHost: x\r\n").unwrap();
            stream
        })
        .collect();
    let begun = Instant::now();
    assert!(server.get("/login").starts_with("HTTP/1.1 200"));
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    let mut long = TcpStream::connect(&server.place).unwrap();
    let head = format!("GET /login HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "a".repeat(40_000));
    // Who has read too much hangs up, perhaps before all is written and before the answer is read.
    let _ = long.write_all(head.as_bytes());
    let mut answer = Vec::new();
    let _ = long.read_to_end(&mut answer);
    assert!(
        answer.is_empty() || answer.starts_with(b"HTTP/1.1 431"),
        "40 kB of headers are refused"
    );
    // Whoever is not done with the headers after ten seconds is hung up on.
    for stream in &mut slow {
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        let mut rest = Vec::new();
        let ended = stream.read_to_end(&mut rest);
        assert!(
            ended.is_ok() || ended.is_err_and(|e| e.kind() == std::io::ErrorKind::ConnectionReset)
        );
    }
    assert!(begun.elapsed() < Duration::from_secs(25), "{:?}", begun.elapsed());
}

/// A server that speaks as much of PostgreSQL as comes before the first message inside of TLS, and gives that one.
fn first_message_inside_tls(
    listener: &std::net::TcpListener,
    config: rustls::ServerConfig,
) -> Vec<u8> {
    let (mut stream, _) = listener.accept().unwrap();
    let mut asked = [0; 8];
    stream.read_exact(&mut asked).unwrap();
    assert_eq!(asked, [0, 0, 0, 8, 4, 210, 22, 47], "a request for TLS");
    stream.write_all(b"S").unwrap();
    let server = rustls::ServerConnection::new(Arc::new(config)).unwrap();
    let mut stream = StreamOwned::new(server, stream);
    let mut first = vec![0; 512];
    let n = stream.read(&mut first).unwrap();
    first.truncate(n);
    first
}

#[test]
fn t62_the_database_is_asked_inside_tls_when_its_address_says_so() {
    let program = Program::new(Engine::Sqlite);
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let root = program.file("root.pem", made.cert.pem());
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let url = format!(
        "postgres://baoxue@localhost:{port}/county?sslmode=verify-full&sslrootcert={}",
        root.display()
    );
    let asking = program.command(&["status", "--database", &url]).stderr(Stdio::null()).spawn();
    let mut asking = asking.unwrap();
    let first = first_message_inside_tls(&listener, config);
    let _ = asking.kill();
    let _ = asking.wait();
    let text = String::from_utf8_lossy(&first);
    assert!(text.contains("user\0baoxue\0") && text.contains("database\0county\0"), "{text:?}");
}
