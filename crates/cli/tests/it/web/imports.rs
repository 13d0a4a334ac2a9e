//! Importing over HTTP: the wizard as an official goes through it, and everything that can be sent wrongly.

use std::{
    fmt::Write as _,
    fs,
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    thread,
    time::{Duration, Instant},
};

use sm3::{Digest, Sm3};

use super::browser::{Answer, Browser, Server};
use crate::{
    bad_input::{hostile, sheet, with_sheet},
    program::Engine,
};

const PIECE: usize = 1 << 20;

/// A signed-in browser with the token that its script sends.
struct Desk {
    browser: Browser,
    csrf: String,
    origin: String,
}

impl Desk {
    fn of(server: &Server, login: &str) -> Self {
        let mut browser = server.browser();
        browser.sign_in(login);
        let page = browser.get("/me").body;
        let csrf = browser.csrf(&page);
        Self { browser, csrf, origin: server.origin.clone() }
    }

    fn get(&mut self, path: &str) -> Answer {
        self.browser.get(path)
    }

    fn post(&mut self, path: &str, more: &str) -> Answer {
        let csrf = self.csrf.clone();
        self.browser.post(path, &format!("csrf={csrf}{more}"))
    }

    fn script(&mut self, what: (&str, &str), body: (&str, &[u8])) -> Answer {
        let (origin, csrf) = (self.origin.clone(), self.csrf.clone());
        let headers = [("Origin", origin.as_str()), ("X-CSRF-Token", csrf.as_str())];
        self.browser.send(what, &headers, body)
    }

    fn announce(&mut self, name: &str, size: usize) -> Answer {
        let json = serde_json::json!({ "name": name, "size": size }).to_string();
        self.script(("POST", "/imports/uploads"), ("application/json", json.as_bytes()))
    }

    fn piece(&mut self, id: &str, offset: usize, piece: &[u8]) -> Answer {
        let path = format!("/imports/uploads/{id}?offset={offset}");
        self.script(("PUT", &path), ("application/octet-stream", piece))
    }

    fn done(&mut self, id: &str) -> Answer {
        let path = format!("/imports/uploads/{id}/done");
        self.script(("POST", &path), ("application/x-www-form-urlencoded", b""))
    }

    /// Sends a file as the script of the page does; the answer to its end.
    fn upload(&mut self, name: &str, bytes: &[u8]) -> Answer {
        let begun = self.announce(name, bytes.len());
        if begun.status != 200 {
            return begun;
        }
        let id = text(&begun, "id");
        let mut offset = 0;
        for piece in bytes.chunks(PIECE) {
            let answer = self.piece(&id, offset, piece);
            assert_eq!(answer.status, 200, "{}", answer.body);
            offset += piece.len();
            assert_eq!(number(&answer, "offset"), offset);
        }
        self.done(&id)
    }

    /// Sends a file that is taken; its key.
    fn drop(&mut self, name: &str, bytes: &[u8]) -> String {
        let done = self.upload(name, bytes);
        assert_eq!(done.status, 200, "{name}: {}", done.body);
        text(&done, "location").split('/').nth(2).unwrap().to_owned()
    }

    /// Waits until the preview knows what the file would change, and gives the page.
    fn preview(&mut self, key: &str) -> String {
        let path = format!("/imports/{key}/preview");
        loop {
            let page = self.get(&path);
            assert_eq!(page.status, 200);
            if !page.body.contains("data-progress") {
                return page.body;
            }
            thread::sleep(Duration::from_millis(200));
        }
    }

    /// Presses the button and waits for the end; the address that it leads to.
    fn run(&mut self, path: &str, more: &str) -> String {
        let started = self.post(path, more);
        assert_eq!(started.status, 303, "{}", started.body);
        let to = started.header("location").unwrap();
        let progress = to.replace("/run", "/progress?poll=1");
        loop {
            let answer = self.get(&progress);
            assert_eq!(answer.status, 200, "{progress}: {}", answer.body);
            let state: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
            if state["finished"] == true {
                return state["location"].as_str().unwrap().to_owned();
            }
            thread::sleep(Duration::from_millis(200));
        }
    }

    /// The whole roll as pages show it.
    fn roll(&mut self) -> Vec<String> {
        let page = |n: usize| format!("/children?all=1&size=100&page={n}");
        let pages = (1..=9).map(|n| self.browser.get(&page(n)).text());
        pages.map(|text| text.split("<main").nth(1).unwrap().to_owned()).collect()
    }
}

fn json(answer: &Answer) -> serde_json::Value {
    serde_json::from_str(&answer.body).unwrap()
}

fn text(answer: &Answer, key: &str) -> String {
    json(answer)[key].as_str().unwrap().to_owned()
}

fn number(answer: &Answer, key: &str) -> usize {
    usize::try_from(json(answer)[key].as_u64().unwrap()).unwrap()
}

/// A survey with a header whose meaning only its sender knows.
fn odd(given: &str, said: &str) -> String {
    format!(
        "大河镇适龄儿童摸排表\n序号,学生,出生,家长,情况\n1,王小{given},2008-09-08,王大{given},在校\n\
         2,李小{given},2009-03-05,李大{given},{said}\n合计,2人\n"
    )
}

/// The figures of what a file changes, as a page shows them.
fn figures(page: &str) -> Vec<&str> {
    let effect = page.split("关联到已有儿童的行").nth(1).unwrap().split("</p>").next().unwrap();
    let parts = effect.split("<b class=\"num\">").skip(1);
    parts.map(|part| part.split('<').next().unwrap()).collect()
}

/// Journeys 6 and 5: a table that nobody has seen, and the same again in the next month.
fn journeys(engine: Engine) {
    let server = Server::start(engine);
    let mut bureau = Desk::of(&server, "jiaotiju");
    let before = bureau.roll();

    let key = bureau.drop("大河镇摸排表.csv", odd("春", "辍学在家").as_bytes());
    let detect = bureau.get(&format!("/imports/{key}/detect")).body;
    for part in ["大河镇摸排表.csv", "镇办摸排", "第 2 行", "王小春", "SM3"] {
        assert!(detect.contains(part), "{part}");
    }
    let map = bureau.get(&format!("/imports/{key}/map")).body;
    assert_eq!(map.matches("请确认").count(), 3, "three columns are asked about");
    assert!(map.contains("辍学在家") && map.contains("不在校"), "spellings with their meaning");
    let answers = "&m.0.2=name&m.0.3=birth&m.0.4=guardian&m.0.5=status";
    let answered = bureau.post(&format!("/imports/{key}/map"), answers);
    assert_eq!(answered.header("location").unwrap(), format!("/imports/{key}/preview"));
    let preview = bureau.preview(&key);
    assert!(preview.contains("导入后预计") && preview.contains("新出现的孩子"), "{preview}");
    assert_eq!(bureau.roll(), before, "nothing is written before");

    let result = bureau.run(&format!("/imports/{key}/run"), "");
    assert!(result.starts_with("/imports/i_"), "{result}");
    let page = bureau.get(&result).body;
    for part in ["每一行的去处", "在用", "这次导入带来的变化", "撤销"] {
        assert!(page.contains(part), "{part}");
    }
    assert_eq!(figures(&page), figures(&preview), "what was foretold has come");
    assert_eq!(figures(&page).len(), 6);
    assert_ne!(bureau.roll(), before, "two children more");
    assert_eq!(bureau.get(&format!("/imports/{key}/detect")).status, 404, "the upload is gone");
    assert!(bureau.get("/imports").body.contains("大河镇摸排表.csv"));

    // The same file twice, and the next month's file of the same sender: nothing is asked.
    let twice = bureau.upload("又一份.csv", odd("春", "辍学在家").as_bytes());
    assert_eq!(twice.status, 409);
    assert!(text(&twice, "detail").contains("已经导入过"), "{}", twice.body);
    let key = bureau.drop("大河镇摸排表9月.csv", odd("夏", "在校").as_bytes());
    assert_eq!(bureau.get(&format!("/imports/{key}/detect")).status, 200);
    let map = bureau.get(&format!("/imports/{key}/map")).body;
    assert!(!map.contains("请确认") && map.contains("沿用上次"), "the layout is remembered");
    bureau.preview(&key);
    let second = bureau.run(&format!("/imports/{key}/run"), "");
    assert_ne!(second, result);

    // Both are taken back; every figure is as before they came.
    for import in [&second, &result] {
        let empty = bureau.post(&format!("{import}/undo"), "&reason=");
        assert_eq!(empty.status, 400, "a reason is needed");
        let back = bureau.run(&format!("{import}/undo"), "&reason=%E9%94%99");
        assert_eq!(&back, import);
        assert!(bureau.get(import).body.contains("已撤销"));
    }
    assert_eq!(bureau.roll(), before, "as before");
    assert_eq!(bureau.post(&format!("{result}/undo"), "&reason=x").status, 409, "once");
    assert!(!bureau.get("/imports").body.contains("还没有重新认定"));
}

#[test]
fn journeys_5_and_6_an_unknown_list_is_explained_once_imported_and_taken_back() {
    journeys(Engine::Sqlite);
}

#[test]
fn a_running_import_is_stopped_by_whoever_started_it_and_nothing_of_it_is_left() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = Desk::of(&server, "jiaotiju");
    let before = bureau.roll();
    let listed = bureau.get("/imports").body.matches("/imports/i_").count();
    let key = bureau.drop("大河镇摸排表.csv", odd("春", "辍学在家").as_bytes());
    let answers = "&m.0.2=name&m.0.3=birth&m.0.4=guardian&m.0.5=status";
    assert_eq!(bureau.post(&format!("/imports/{key}/map"), answers).status, 303);
    bureau.preview(&key);
    assert_eq!(bureau.post(&format!("/imports/{key}/stop"), "").status, 404, "nothing runs yet");
    let run = format!("/imports/{key}/run");
    assert_eq!(bureau.post(&run, "").status, 303);
    assert!(bureau.get(&run).body.contains("停止导入"), "the page has a button");
    let mut other = Desk::of(&server, "zhenban");
    assert_eq!(other.post(&format!("/imports/{key}/stop"), "").status, 404, "another's");
    for _ in 0..2 {
        let stopped = bureau.post(&format!("/imports/{key}/stop"), "");
        assert_eq!(stopped.header("location"), Some(run.clone()), "{}", stopped.body);
    }
    let begun = Instant::now();
    loop {
        let state = bureau.get(&format!("/imports/{key}/progress?poll=1"));
        if json(&state)["finished"] == true {
            assert_eq!(text(&state, "location"), run, "back to the page that says so");
            break;
        }
        assert!(begun.elapsed() < Duration::from_mins(1));
        thread::sleep(Duration::from_millis(100));
    }
    let page = bureau.get(&run).body;
    assert!(page.contains("已按您的要求停止"), "{page}");
    assert_eq!(bureau.roll(), before, "all is as before");
    let live = bureau.get("/imports").body;
    let withdrawn = live.matches("自动撤回").count();
    assert!(
        live.matches("/imports/i_").count() - withdrawn <= listed,
        "no file is in force: {live}"
    );
    // The file is there still, and comes in when one wants it after all.
    bureau.preview(&key);
    let result = bureau.run(&run, "");
    assert!(result.starts_with("/imports/i_"), "{result}");
    assert_ne!(bureau.roll(), before);
}

#[test]
fn journeys_5_and_6_on_postgresql() {
    journeys(Engine::Postgres);
}

/// A workbook of so many bytes, most of them a picture that was pasted into it.
fn large_workbook(bytes: usize) -> Vec<u8> {
    // Numbers that do not compress.
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let picture: Vec<u8> = std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()
    })
    .flatten()
    .take(bytes)
    .collect();
    let cell =
        |at: &str, text: &str| format!("<c r=\"{at}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
    let row = |n: u32, texts: [&str; 4]| {
        let cells = ["A", "B", "C", "D"].into_iter().zip(texts);
        let cells: String = cells.map(|(c, text)| cell(&format!("{c}{n}"), text)).collect();
        format!("<row r=\"{n}\">{cells}</row>")
    };
    let rows = row(1, ["姓名", "出生日期", "监护人", "就读情况"])
        + &row(2, ["王小大", "2010-03-05", "王大山", "在校"]);
    with_sheet(&sheet(&rows), &[("xl/media/image1.png", &picture)])
}

#[test]
fn thirty_megabytes_arrive_whole_over_a_line_cut_ten_times() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = Desk::of(&server, "jiaotiju");
    let file = large_workbook(30_000_000);
    assert!(file.len() > 30_000_000 && file.len() < 31_000_000, "{}", file.len());
    let id = text(&bureau.announce("大河镇摸排表.xlsx", file.len()), "id");
    let folder = server.program.path("data/uploads");
    let (mut offset, mut cuts) = (0, 0);
    for (n, piece) in file.chunks(PIECE).enumerate() {
        if n % 3 == 1 && cuts < 10 {
            let path = format!("/imports/uploads/{id}?offset={offset}");
            let (origin, csrf) = (bureau.origin.clone(), bureau.csrf.clone());
            let headers = [("Origin", origin.as_str()), ("X-CSRF-Token", csrf.as_str())];
            bureau.browser.cut(("PUT", &path), &headers, (piece, piece.len() / 2));
            cuts += 1;
            // Whoever has lost its place asks with a wrong one and is told the right one.
            let wrong = bureau.piece(&id, offset + PIECE, piece);
            assert_eq!((wrong.status, number(&wrong, "offset")), (409, offset));
        }
        let answer = bureau.piece(&id, offset, piece);
        assert_eq!(answer.status, 200, "{}", answer.body);
        offset += piece.len();
    }
    assert_eq!(cuts, 10);
    let on_disk = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    for path in on_disk {
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, 0o600, "{}", path.display());
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        assert!(name.starts_with(&id) && !name.contains("大河"), "{name}");
        let bytes = fs::read(&path).unwrap();
        let plain = &file[5_000_000..5_000_064];
        assert!(!bytes.windows(64).any(|part| part == plain), "{name} lies open");
    }
    let done = bureau.done(&id);
    assert_eq!(done.status, 200, "{}", done.body);
    assert_eq!(bureau.done(&id).body, done.body, "the same answer when asked again");
    let page = bureau.get(&text(&done, "location"));
    let mut hash = String::new();
    Sm3::digest(&file).iter().for_each(|byte| write!(hash, "{byte:02x}").unwrap());
    assert!(page.body.contains(&hash), "the SM3 of what was sent");
}

#[test]
fn t42_hostile_files_are_refused_within_ten_seconds_and_the_server_lives() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = Desk::of(&server, "jiaotiju");
    let mut other = server.browser();
    other.sign_in("quzhang");
    let before = bureau.roll();
    for (name, bytes) in hostile() {
        let begun = Instant::now();
        let answer = bureau.upload(name, &bytes);
        let took = begun.elapsed();
        assert!((400..500).contains(&answer.status), "{name}: {} {}", answer.status, answer.body);
        let detail = text(&answer, "detail");
        assert!(!detail.is_empty() && !detail.contains("panicked"), "{name}: {detail}");
        assert!(took < Duration::from_secs(10), "{name} took {took:?}");
        let begun = Instant::now();
        assert_eq!(other.get("/children").status, 200, "others work on");
        assert!(begun.elapsed() < Duration::from_secs(2), "after {name}");
    }
    assert_eq!(bureau.roll(), before);
    let left = fs::read_dir(server.program.path("data/uploads")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "nothing of what was refused is kept");
}

#[test]
fn t43_pieces_files_and_uploads_have_limits_and_slow_senders_hold_nobody_up() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = Desk::of(&server, "jiaotiju");
    assert_eq!(bureau.announce("a.csv", 0).status, 422);
    assert_eq!(bureau.announce("a.csv", 40_000_001).status, 413);
    let id = text(&bureau.announce("大.csv", 30_000_000), "id");
    let long = vec![b'x'; (2 << 20) + 1];
    assert_eq!(bureau.piece(&id, 0, &long).status, 413, "a piece of more than 2 MiB");
    assert_eq!(bureau.piece(&id, 0, b"x").status, 422, "a crumb");
    assert_eq!(bureau.piece(&id, 0, b"").status, 422);
    assert_eq!(bureau.piece(&id, 5, &long[..PIECE]).status, 409, "a gap");
    let odd = format!("/imports/uploads/{id}?offset=-1");
    assert_eq!(bureau.script(("PUT", &odd), ("application/octet-stream", b"x")).status, 404);
    assert_eq!(bureau.done(&id).status, 409, "it is not whole");
    for _ in 0..4 {
        assert_eq!(bureau.announce("b.csv", 10).status, 200);
    }
    let sixth = bureau.announce("c.csv", 10);
    assert_eq!(sixth.status, 409);
    assert!(text(&sixth, "detail").contains('5'), "{}", sixth.body);
    let discarded = bureau.post(&format!("/imports/{id}/discard"), "");
    assert_eq!(discarded.status, 303);
    assert_eq!(bureau.announce("c.csv", 10).status, 200, "there is room again");
    let form = format!("csrf={}&reason={}", bureau.csrf, "x".repeat(2 << 20));
    assert_eq!(bureau.browser.post("/imports/i_1/undo", &form).status, 400, "a form of 2 MiB");

    // A hundred and fifty who begin to send and go no further.
    let half_open: Vec<TcpStream> = (0..150)
        .map(|_| {
            let mut stream = TcpStream::connect(&server.place).unwrap();
            stream.write_all(b"PUT /imports/uploads/x?offset=0 HTTP/1.1\r\nHost: x\r\n").unwrap();
            stream
        })
        .collect();
    let begun = Instant::now();
    assert_eq!(bureau.get("/imports").status, 200);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    // The server does not keep them for ever.
    let mut first = half_open.into_iter().next().unwrap();
    first.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut rest = Vec::new();
    let ended = first.read_to_end(&mut rest);
    assert!(ended.is_ok(), "a head that does not come to an end is given up: {ended:?}");
}

#[test]
fn t20_an_upload_is_its_owners_and_lists_are_for_those_who_may_bring_them() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = Desk::of(&server, "jiaotiju");
    let key = bureau.drop("大河镇摸排表.csv", odd("秋", "在校").as_bytes());
    let steps = ["detect", "map", "preview", "rejects", "run", "progress"];
    // A code of the second factor works once, so everybody signs in once.
    let logins = ["zhenban", "xiaozhang", "minzheng", "ducha"];
    let mut desks = logins.map(|login| (login, Desk::of(&server, login)));
    for (login, who) in &mut desks {
        for step in steps {
            let path = format!("/imports/{key}/{step}");
            assert_eq!(who.get(&path).status, 404, "{login} {path}");
        }
        for act in ["run", "discard", "detect", "map"] {
            let path = format!("/imports/{key}/{act}");
            assert_eq!(who.post(&path, "").status, 404, "{login} {path}");
        }
        assert_eq!(who.piece(&key, 0, b"x").status, 404, "{login}");
        assert_eq!(who.done(&key).status, 404, "{login}");
        assert_eq!(who.post("/imports/i_1/undo", "&reason=x").status, 403, "{login}");
        assert_eq!(who.post("/imports/derive", "").status, 403, "{login}");
        assert_eq!(who.get("/imports").status, 200, "{login}");
    }
    // Leaders look, and bring nothing; cadres have no such page.
    let mut leader = Desk::of(&server, "quzhang");
    assert_eq!(leader.get("/imports").status, 200);
    assert_eq!(leader.announce("a.csv", 10).status, 403);
    assert_eq!(leader.get("/imports/new").status, 403);
    for login in ["cunganbu", "banzhuren", "anquan"] {
        let mut who = Desk::of(&server, login);
        assert_eq!(who.get("/imports").status, 403, "{login}");
        assert_eq!(who.announce("a.csv", 10).status, 403, "{login}");
    }
    own_lists(&mut desks);
}

/// Which lists are whose to bring.
fn own_lists(desks: &mut [(&str, Desk); 4]) {
    // Of twelve towns one is the town office's own; its own school's report is a principal's.
    let [(_, town), (_, principal), (_, department), _] = desks;
    let towns = ["江北办", "新城办", "老城办", "洪山镇", "大河镇", "早阳镇"];
    let towns =
        towns.into_iter().chain(["中原镇", "五里镇", "石梯镇", "建民办", "流水镇", "牛蹄镇"]);
    let own = towns.filter(|name| {
        let list = odd("冬", "在校").replace("大河镇", name);
        let key = town.drop(&format!("{name}摸排表.csv"), list.as_bytes());
        let page = town.get(&format!("/imports/{key}/detect")).body;
        assert_eq!(town.post(&format!("/imports/{key}/discard"), "").status, 303);
        !page.contains("这些表不归您导入")
    });
    assert_eq!(own.count(), 1);
    let list = principal.get("/children").body;
    let school = list.split("class=\"ell\" title=\"").nth(1).unwrap().split('"').next().unwrap();
    for (school, is_own) in [(school, true), ("汉滨区没有的小学", false)] {
        let report = format!(
            "{school}2019年8月缺课学生月报\n学校,姓名,年级,开始缺课日期,连续缺课天数,原因,是否返校\n{school},王小月,三年级,2019-08-01,12,外出,否\n"
        );
        let key = principal.drop("缺课月报.csv", report.as_bytes());
        let page = principal.get(&format!("/imports/{key}/detect")).body;
        assert_eq!(page.contains("这些表不归您导入"), !is_own, "{school}");
    }
    // A department brings no survey, and a survey of another town is not a town's to bring.
    for who in [department, town] {
        let mut foreign = 0;
        for town in ["大河镇", "江北办"] {
            let list = odd(town, "在校").replace("大河镇", town);
            let key = who.drop(&format!("{town}摸排表.csv"), list.as_bytes());
            let page = who.get(&format!("/imports/{key}/detect")).body;
            if page.contains("这些表不归您导入") {
                foreign += 1;
                assert_eq!(who.post(&format!("/imports/{key}/run"), "").status, 403, "{town}");
            }
        }
        assert!(foreign > 0);
    }
}

/// A plain form with a file, as browsers without scripts send it.
fn plain_form(desk: &mut Desk, fields: &[(&str, &str, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, file, bytes) in fields {
        let file = if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"") };
        let head =
            format!("--line\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--line--\r\n");
    let origin = desk.origin.clone();
    let kind = "multipart/form-data; boundary=line";
    desk.browser.send(("POST", "/imports/new"), &[("Origin", &origin)], (kind, &body))
}

#[test]
fn a_plain_form_brings_a_file_without_scripts() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = Desk::of(&server, "jiaotiju");
    let csrf = bureau.csrf.clone();
    let list = odd("冬", "在校");
    let file = ("file", "C:\\fakepath\\大河镇摸排表.csv", list.as_bytes());
    let token = ("csrf", "", csrf.as_bytes());
    assert_eq!(plain_form(&mut bureau, &[file]).status, 403, "no token");
    assert_eq!(plain_form(&mut bureau, &[file, token]).status, 403, "the token comes too late");
    let wrong = ("csrf", "", b"00000000".as_slice());
    assert_eq!(plain_form(&mut bureau, &[wrong, file]).status, 403, "a wrong token");
    let none = plain_form(&mut bureau, &[token]);
    assert_eq!(none.status, 422);
    let empty = plain_form(&mut bureau, &[token, ("file", "a.csv", b"")]);
    assert!(empty.status == 422 && empty.body.contains("文件是空的"), "{}", empty.status);
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    let picture = plain_form(&mut bureau, &[token, ("file", "表.xlsx", png)]);
    assert!(picture.status == 422 && picture.body.contains("没有收下"), "{}", picture.status);
    let sent = plain_form(&mut bureau, &[token, file]);
    assert_eq!(sent.status, 303, "{}", sent.body);
    let detect = sent.header("location").unwrap();
    let page = bureau.get(&detect).body;
    assert!(page.contains("大河镇摸排表.csv") && !page.contains("fakepath"));
    // The same file once more leads to the first.
    let again = plain_form(&mut bureau, &[token, file]);
    assert_eq!(again.header("location").unwrap(), format!("{detect}?same=1"));
    assert!(bureau.get(&format!("{detect}?same=1")).body.contains("您已经传过"));
    // Whose it is may be told; nonsense is sent back with what was typed.
    let wrong = bureau.post(&detect, "&as_of=%E6%98%8E%E5%A4%A9");
    assert!(wrong.status == 422 && wrong.body.contains("明天"), "{}", wrong.status);
    assert_eq!(bureau.post(&detect, "&source=nobody").status, 422);
    let told = bureau.post(&detect, "&source=town_ledger&as_of=2019.8.2");
    assert_eq!(told.status, 303);
    let page = bureau.get(&detect).body;
    assert!(page.contains("2019-08-02"), "the day that was told");
    let key = detect.split('/').nth(2).unwrap().to_owned();
    let nonsense = bureau.post(&format!("/imports/{key}/map"), "&m.0.2=nothing");
    assert_eq!(nonsense.status, 400);
}

#[test]
fn rows_that_cannot_enter_come_back_as_a_workbook() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = Desk::of(&server, "jiaotiju");
    let list = "大河镇适龄儿童摸排表\n姓名,身份证号,出生日期,监护人,就读情况\n\
                王小一,,2009-03-05,王大一,在校\n,,,王大二,在校\n王小三,6.10902E+17,2009-05-06,王大三,在校\n";
    let key = bureau.drop("大河镇摸排表.csv", list.as_bytes());
    let preview = bureau.preview(&key);
    assert!(preview.contains("cellbad") || preview.contains("不能导入："), "the reject is listed");
    assert!(preview.contains("6.10902E+17"), "the number that lost its digits is shown");
    let workbook = bureau.get(&format!("/imports/{key}/rejects"));
    assert_eq!(workbook.status, 200);
    assert!(workbook.header("content-disposition").unwrap().starts_with("attachment"));
    assert!(workbook.bytes.starts_with(b"PK"), "a workbook");
    let result = bureau.run(&format!("/imports/{key}/run"), "");
    let again = bureau.get(&format!("{result}/rejects"));
    assert!(again.status == 200 && again.bytes.starts_with(b"PK"), "{}", again.status);
    let page = bureau.get(&result).body;
    assert!(page.contains("下载退回清单"));
}
