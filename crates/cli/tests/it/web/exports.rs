//! Exports over HTTP (T-22, T-23, T-41), and how much may be looked at in an hour.

use std::{collections::BTreeSet, fmt::Write as _, io::Cursor};

use calamine::{Data, Reader};

use super::{
    browser::{Answer, Browser, Server},
    child_links,
    readers::pair_keys,
    whole_ids,
};
use crate::program::Engine;

const PURPOSE: &str = "%E4%B8%8A%E6%88%B7%E6%A0%B8%E6%9F%A5"; // 上户核查

impl Browser {
    /// Asks for an export of the list of a query.
    fn export(&mut self, query: &str, full: &str) -> Answer {
        let page = self.get(&format!("/children/export?{query}&format=xlsx")).body;
        let csrf = self.csrf(&page);
        let query = query.replace('&', "%26").replace('=', "%3D");
        let form = format!("csrf={csrf}&query={query}&full={full}&purpose={PURPOSE}");
        self.post("/children/export", &form)
    }

    fn act(&mut self, id: i64, act: &str) -> Answer {
        let page = self.get("/exports").body;
        let csrf = self.csrf(&page);
        self.post(&format!("/exports/{id}/{act}"), &format!("csrf={csrf}&reason=x"))
    }

    fn signed_in(server: &Server, login: &str) -> Self {
        let mut browser = server.browser();
        browser.sign_in(login);
        browser
    }
}

fn passphrase(page: &str) -> String {
    let part = page.split("id=\"passphrase\">").nth(1).unwrap();
    part.split('<').next().unwrap().to_owned()
}

/// The rows of the workbook in an archive.
fn unlocked(archive: &[u8], passphrase: &str) -> Vec<Vec<String>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    assert_eq!(archive.len(), 1);
    let mut file = archive.by_index_decrypt(0, passphrase.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
    let mut workbook: calamine::Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let (_, range) = workbook.worksheets().pop().unwrap();
    range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
}

/// The rows below the header.
fn data(rows: &[Vec<String>]) -> &[Vec<String>] {
    let at = rows.iter().position(|row| row[0] == "序号").unwrap();
    &rows[at + 1..]
}

#[test]
fn t22_t41_a_small_export_is_made_at_once_masked_locked_and_logged() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = Browser::signed_in(&server, "jiaotiju");
    let page = bureau.get("/children?status=out&size=100").body;
    assert!(page.contains("/children/export?format=xlsx&amp;status=out"), "{page}");
    let asked = bureau.get("/children/export?status=out&format=xlsx").body;
    assert!(asked.contains("共 26 人") && asked.contains("可以直接生成文件"));
    let csrf = bureau.csrf(&asked);
    let silent =
        bureau.post("/children/export", &format!("csrf={csrf}&query=status%3Dout&purpose=+"));
    assert_eq!(silent.status, 422);
    assert!(silent.body.contains("请写明用途"));
    let made = bureau.export("status=out", "");
    assert_eq!(made.status, 200, "{}", made.body);
    let passphrase = passphrase(&made.body);
    assert!(!bureau.get("/exports").body.contains(&passphrase), "it is shown once");
    let file = bureau.get("/exports/1/file");
    assert_eq!(file.status, 200);
    assert_eq!(file.header("content-type").as_deref(), Some("application/zip"));
    assert_eq!(file.header("cache-control").as_deref(), Some("no-store"));
    let rows = unlocked(&file.bytes, &passphrase);
    let above = rows[..6].concat().concat();
    for word in ["李敏（jiaotiju）", "上户核查", "第 1 号导出"] {
        assert!(above.contains(word), "{word}: {above}");
    }
    let names: BTreeSet<&String> = data(&rows).iter().map(|row| &row[1]).collect();
    assert_eq!(data(&rows).len(), 26);
    assert!(names.iter().all(|name| page.contains(name.as_str())));
    let text = rows.concat().join(" ");
    assert_eq!(whole_ids(&text), Vec::<String>::new());
    assert!(text.contains("********"));
    // Each child in the file has an entry in the log.
    let mut auditor = Browser::signed_in(&server, "shenji");
    for child in child_links(&page) {
        let history = auditor.get(&format!("{child}/history")).body;
        assert!(history.contains("导出（证件号遮住）"), "{child}");
    }
    // A second small export within the hour is no way round the limit.
    assert_eq!(bureau.export("status=out", "").status, 303);
    assert!(bureau.get("/exports").body.contains("等待审批"));
}

#[test]
fn t22_many_children_need_a_second_person_and_nobody_approves_the_own_request() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = Browser::signed_in(&server, "jiaotiju");
    let waits = bureau.export("", "");
    assert_eq!((waits.status, waits.header("location").as_deref()), (303, Some("/exports")));
    assert_eq!(bureau.get("/exports/1/file").status, 404, "not made");
    assert_eq!(bureau.act(1, "make").status, 409, "not approved");
    assert_eq!(bureau.act(1, "approve").status, 403, "the own request");
    let audit = bureau.get("/audit").body;
    assert!(audit.contains("批准导出：未通过"), "the attempt is kept");
    assert_eq!(bureau.export("", "").status, 429, "one at a time");
    for other in ["ducha", "zhenban", "minzheng", "xitong"] {
        let mut other = Browser::signed_in(&server, other);
        let page = other.get("/me").body;
        let csrf = other.csrf(&page);
        let answer = other.post("/exports/1/approve", &format!("csrf={csrf}"));
        // Whoever decides on nobody's export does not learn which there are.
        let none = other.post("/exports/999/approve", &format!("csrf={csrf}"));
        assert_eq!((answer.status, answer.text()), (404, none.text()));
        assert_eq!(other.get("/exports/1/file").status, 404);
    }
    let mut leader = Browser::signed_in(&server, "quzhang");
    assert!(leader.get("/today").body.contains("1 份导出等您审批"));
    let page = leader.get("/exports").body;
    assert!(page.contains("上户核查") && page.contains("jiaotiju"));
    assert_eq!(leader.act(1, "approve").status, 303);
    assert_eq!(leader.act(1, "refuse").status, 409, "decided already");
    assert_eq!(leader.act(1, "make").status, 404, "not the leader's");
    assert!(bureau.get("/today").body.contains("1 份导出已获批准"));
    let made = bureau.act(1, "make");
    assert_eq!(made.status, 200, "{}", made.body);
    assert_eq!(bureau.act(1, "make").status, 409, "made once");
    let file = bureau.get("/exports/1/file");
    let rows = unlocked(&file.bytes, &passphrase(&made.body));
    assert!(data(&rows).len() > 400, "{}", data(&rows).len());
    assert_eq!(leader.get("/exports/1/file").status, 404);
}

#[test]
fn t22_t23_whole_numbers_need_approval_however_few_and_a_file_ends() {
    let server = Server::start_with(Engine::Sqlite, &["--export-hours", "1"]);
    let mut bureau = Browser::signed_in(&server, "jiaotiju");
    assert_eq!(bureau.export("status=out", "1").status, 303);
    let mut inspector = Browser::signed_in(&server, "ducha");
    let page = inspector.get("/children/export?status=out&full=1").body;
    assert!(!page.contains("name=\"full\" value=\"1\""), "not an inspector's");
    let csrf = inspector.csrf(&page);
    let form = format!("csrf={csrf}&query=status%3Dout&full=1&purpose={PURPOSE}");
    assert_eq!(inspector.post("/children/export", &form).status, 403);
    let mut leader = Browser::signed_in(&server, "quzhang");
    assert_eq!(leader.act(1, "approve").status, 303);
    let made = bureau.act(1, "make");
    let file = bureau.get("/exports/1/file");
    let rows = unlocked(&file.bytes, &passphrase(&made.body));
    assert!(whole_ids(&rows.concat().join(" ")).len() > 20);
    drop(server);
    let server = Server::start_with(Engine::Sqlite, &["--export-hours", "0"]);
    let mut bureau = Browser::signed_in(&server, "jiaotiju");
    assert_eq!(bureau.export("status=out", "").status, 200);
    let gone = bureau.get("/exports/1/file");
    assert_eq!(gone.status, 410);
    assert!(gone.body.contains("文件已过期"));
}

#[test]
fn t22_whoever_opens_four_hundred_children_is_stopped_before_the_two_hundred_and_fiftieth() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = Browser::signed_in(&server, "jiaotiju");
    let mut children = BTreeSet::new();
    for page in 1..=5 {
        children.extend(child_links(&bureau.get(&format!("/children?size=100&page={page}")).body));
    }
    assert!(children.len() >= 400);
    let statuses: Vec<u16> = children.iter().take(400).map(|c| bureau.get(c).status).collect();
    let opened = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(opened, 200);
    assert!(statuses[opened..].iter().all(|status| *status == 429));
    let stopped = bureau.get(children.first().unwrap());
    assert!(stopped.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()));
    assert!(stopped.body.contains("一小时内打开的儿童页面太多"));
    assert_eq!(bureau.get("/children").status, 200, "the ledger stays open");
    let mut watcher = Browser::signed_in(&server, "rizhi");
    let alarms = watcher.get("/audit?whose=all&act=BulkLimit").body;
    assert_eq!(alarms.matches("一小时内查看儿童过多：未通过").count(), 1, "{alarms}");
    assert!(alarms.contains("jiaotiju"));
    let mut other = Browser::signed_in(&server, "ducha");
    assert_eq!(other.get(children.first().unwrap()).status, 200, "each account for itself");
}

#[test]
fn t22_lists_show_so_many_children_in_an_hour_and_no_more() {
    // Two pages about one child, so forty children in lists.
    let server = Server::start_with(Engine::Sqlite, &["--pages-per-hour", "2"]);
    let mut bureau = Browser::signed_in(&server, "jiaotiju");
    for _ in 0..3 {
        assert_eq!(bureau.get("/children?page=1").status, 200, "the same children again");
    }
    assert_eq!(bureau.get("/children?page=2").status, 200);
    let stopped = bureau.get("/children?page=3");
    assert_eq!((stopped.status, child_links(&stopped.body).len()), (429, 0));
    assert!(stopped.body.contains("一小时内名单显示的儿童太多"), "{}", stopped.body);
    assert_eq!(bureau.get("/children?size=100").status, 429);
    assert_eq!(bureau.get("/api/v1/children?limit=100").status, 429, "for programs too");
    assert_eq!(bureau.get("/children?page=1").status, 200);
    let mut watcher = Browser::signed_in(&server, "rizhi");
    let alarms = watcher.get("/audit?whose=all&act=BulkLimit").body;
    assert_eq!(alarms.matches("一小时内查看儿童过多：未通过").count(), 1, "{alarms}");
}

#[test]
fn t22_whoever_reads_four_hundred_children_as_a_program_is_stopped_at_the_same_place() {
    let server = Server::start(Engine::Sqlite);
    let mut bureau = Browser::signed_in(&server, "jiaotiju");
    let all = bureau.listed("/api/v1/children?all=1");
    let keys: Vec<&str> = all.iter().filter_map(|child| child["child"].as_str()).collect();
    assert!(keys.len() >= 400);
    let mut rows = Vec::new();
    let mut statuses = Vec::new();
    for key in keys.iter().take(400) {
        let answer = bureau.get(&format!("/api/v1/children/{key}"));
        statuses.push(answer.status);
        // Every tenth of them down to its row: that counts too.
        let whole: serde_json::Value = serde_json::from_str(&answer.body).unwrap_or_default();
        if let (0, Some(row)) = (statuses.len() % 10, whole["columns"][0]["row"].as_str()) {
            let at = format!("/api/v1/children/{key}/claims/{row}");
            statuses.push(bureau.get(&at).status);
            rows.push(at);
        }
    }
    let opened = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(opened, 200);
    assert!(statuses[opened..].iter().all(|status| *status == 429));
    assert_eq!(bureau.get(&rows[0]).status, 429, "a row is a page about a child");
    assert_eq!(bureau.get(&format!("/children/{}", keys[0])).status, 429, "and so are pages");
    let stopped = bureau.get(&format!("/api/v1/children/{}", keys[0]));
    assert!(stopped.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()));
    let mut watcher = Browser::signed_in(&server, "rizhi");
    let alarms = watcher.get("/audit?whose=all&act=BulkLimit").body;
    assert_eq!(alarms.matches("一小时内查看儿童过多：未通过").count(), 1, "{alarms}");
}

#[test]
fn t22_pairs_are_pages_and_lists_of_pairs_are_lists() {
    let server = Server::start(Engine::Sqlite);
    let keys = pair_keys(&mut Browser::signed_in(&server, "jiaotiju"));
    assert!(keys.len() > 8, "{} pairs", keys.len());
    for at in ["/review/identity?pair=", "/api/v1/review/pairs/"] {
        let server = Server::start_with(Engine::Sqlite, &["--pages-per-hour", "6"]);
        let mut bureau = Browser::signed_in(&server, "jiaotiju");
        let statuses: Vec<u16> =
            (0..9).map(|n| bureau.get(&format!("{at}{}", keys[n])).status).collect();
        assert_eq!(statuses, [200, 200, 200, 200, 200, 200, 429, 429, 429], "{at}");
    }
    // One page about a child, so twenty children in lists.
    let server = Server::start_with(Engine::Sqlite, &["--pages-per-hour", "1"]);
    let mut bureau = Browser::signed_in(&server, "jiaotiju");
    assert_eq!(bureau.get("/api/v1/review/pairs?limit=5").status, 200);
    assert_eq!(bureau.get("/api/v1/review/pairs?limit=200").status, 429);
    assert_eq!(bureau.get("/api/v1/review/pairs?limit=5").status, 200, "the same ones again");
}

/// A chance that is the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(n).unwrap()).unwrap()
    }

    /// Two hundred of the rows in their order.
    fn excerpt<'r>(&mut self, rows: &'r [Vec<String>]) -> Vec<&'r Vec<String>> {
        let mut at: BTreeSet<usize> = BTreeSet::new();
        while at.len() < 200 {
            at.insert(self.below(rows.len()));
        }
        at.into_iter().map(|at| &rows[at]).collect()
    }
}

#[test]
fn t22_an_excerpt_of_two_hundred_rows_names_who_took_it_out() {
    let server = Server::start(Engine::Sqlite);
    let mut leader = Browser::signed_in(&server, "quzhang");
    let mut copies = Vec::new();
    for (id, login) in [(1, "jiaotiju"), (2, "ducha"), (3, "shenji")] {
        let mut who = Browser::signed_in(&server, login);
        // Two in the order of places, one by urgency.
        let query = if id == 3 { "" } else { "sort=place" };
        assert_eq!(who.export(query, "").status, 303);
        assert_eq!(leader.act(id, "approve").status, 303);
        let made = who.act(id, "make");
        let file = who.get(&format!("/exports/{id}/file"));
        copies.push((login, unlocked(&file.bytes, &passphrase(&made.body))));
    }
    let mut dice = Dice(20_261_127);
    for round in 0..4 {
        for (login, rows) in &copies {
            let excerpt = dice.excerpt(data(rows));
            let mut csv = String::new();
            for row in excerpt {
                // The whole row, name and number, name and village, the name alone.
                let kept: &[usize] = [&[1, 4, 5, 6, 7, 9, 10][..], &[1, 4], &[6, 1], &[1]][round];
                let cells: Vec<String> =
                    kept.iter().map(|at| format!("\"{}\"", row[*at])).collect();
                writeln!(csv, "{}", cells.join(",")).unwrap();
            }
            let path = server.program.file("leak/found.csv", csv);
            let answer = server.program.done(&["trace", &path.to_string_lossy(), "--json"]);
            let found: serde_json::Value = serde_json::from_str(&answer.out).unwrap();
            assert_eq!(found["named"]["login"], *login, "round {round}: {found}");
            assert_eq!(answer.code, 0);
        }
    }
    // Sorted anew, the order names nobody, and says so.
    let mut names: Vec<&str> = data(&copies[0].1).iter().map(|row| row[1].as_str()).collect();
    names.sort_unstable();
    let path = server.program.file("leak/sorted.csv", names.join("\n"));
    let answer = server.program.done(&["trace", &path.to_string_lossy()]);
    assert_eq!(answer.code, 1, "{}", answer.out);
    assert!(answer.out.contains("不足以断定"));
}

#[test]
fn saved_views_are_the_own_ones_and_those_that_the_bureau_shares() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let server = Server::start(engine);
        let mut bureau = Browser::signed_in(&server, "jiaotiju");
        let mut town = Browser::signed_in(&server, "zhenban");
        let csrf = {
            let page = bureau.get("/children").body;
            bureau.csrf(&page)
        };
        let keep = |name: &str, shared: &str| {
            format!("csrf={csrf}&query=status%3Dout%26page%3D2&name={name}&shared={shared}")
        };
        let kept = bureau.post("/children/views", &keep("own-one", ""));
        assert_eq!(kept.header("location").as_deref(), Some("/children/views/v_1"));
        assert_eq!(bureau.post("/children/views", &keep("for-all", "1")).status, 303);
        assert_eq!(bureau.post("/children/views", &keep("+", "")).status, 400);
        let opened = bureau.get("/children/views/v_1");
        let location = opened.header("location");
        assert_eq!((opened.status, location.as_deref()), (303, Some("/children?status=out")));
        let page = bureau.get("/children?status=out").body;
        assert!(page.contains("own-one") && page.contains("for-all"));
        let page = town.get("/children").body;
        assert!(page.contains("for-all") && !page.contains("own-one"));
        assert_eq!(town.get("/children/views/v_2").status, 303);
        assert_eq!(town.get("/children/views/v_1").status, 404, "somebody else's");
        let csrf = town.csrf(&page);
        assert_eq!(town.post("/children/views/v_2/remove", &format!("csrf={csrf}")).status, 403);
        let form = format!("csrf={csrf}&query=&name=x&shared=1");
        assert_eq!(town.post("/children/views", &form).status, 403, "sharing is the bureau's");
        let csrf = {
            let page = bureau.get("/children").body;
            bureau.csrf(&page)
        };
        assert_eq!(bureau.post("/children/views/v_2/remove", &format!("csrf={csrf}")).status, 303);
        assert!(!town.get("/children").body.contains("for-all"));
    }
}
