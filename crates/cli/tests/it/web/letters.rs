//! Letters of responsibility over the pages: what is demanded adds up, each is drawn up once, signed on a day that can be, scanned,
//! withdrawn; and each reader has its own part.

use calamine::{Data, Reader, Xlsx};

use super::{
    Answer,
    browser::{Browser, Server, hidden},
    readers::percent,
    reports::rows,
};
use crate::program::Engine;

/// Where the numbers of a layer stand.
const DEMANDED: usize = 1;
const SIGNED: usize = 2;
/// The states that are neither signed nor counted beside it: one, drawn, not drawn, changed, vacant.
const MISSING: std::ops::Range<usize> = 5..10;

/// The running year is the school year that ends in a week; letters are drawn up for the next.
const YEAR: &str = "year=2019";

fn number(cell: &str) -> usize {
    cell.parse().unwrap()
}

/// The layers of a page, each of which adds up. Gives name, demanded and signed.
#[track_caller]
fn layers(browser: &mut Browser, query: &str) -> Vec<(String, usize, usize)> {
    let page = browser.get(&format!("/letters?{query}"));
    assert_eq!(page.status, 200, "{}", page.body);
    let (body, foot) = (rows(&page.body, 1, "tbody"), rows(&page.body, 1, "tfoot"));
    for row in body.iter().chain(&foot) {
        let missing: usize = row[MISSING].iter().map(|cell| number(cell)).sum();
        assert_eq!(number(&row[SIGNED]) + missing, number(&row[DEMANDED]), "{row:?}");
    }
    for column in [DEMANDED, SIGNED] {
        let sum: usize = body.iter().map(|row| number(&row[column])).sum();
        assert_eq!(sum, number(&foot[0][column]));
    }
    let line = |row: &Vec<String>| (row[0].clone(), number(&row[DEMANDED]), number(&row[SIGNED]));
    body.iter().map(line).collect()
}

/// What one layer has: demanded and signed.
#[track_caller]
fn of_layer(browser: &mut Browser, name: &str) -> (usize, usize) {
    let found = layers(browser, YEAR).into_iter().find(|(layer, ..)| layer == name);
    let (_, demanded, signed) = found.unwrap();
    (demanded, signed)
}

/// Draws up what waits of a layer.
fn draw(browser: &mut Browser, layer: &str) -> Answer {
    let page = browser.get(&format!("/letters?{YEAR}&layer={layer}")).body;
    let csrf = browser.csrf(&page);
    browser.post("/letters", &format!("csrf={csrf}&{YEAR}&layer={layer}"))
}

/// Links to letters on the page of a layer.
fn links(browser: &mut Browser, layer: &str) -> Vec<String> {
    let page = browser.get(&format!("/letters?{YEAR}&layer={layer}&state=all&size=100")).body;
    let parts = page.split("href=\"/letters/l_").skip(1);
    parts.map(|part| format!("/letters/l_{}", part.split('"').next().unwrap())).collect()
}

fn send(browser: &mut Browser, letter: &str, act: &str, fields: &str) -> Answer {
    let page = browser.get(letter).body;
    let (csrf, seen) = (browser.csrf(&page), hidden(&page, "seen"));
    browser.post(&format!("{letter}/{act}"), &format!("csrf={csrf}&seen={seen}&{fields}"))
}

fn scan(browser: &mut Browser, letter: &str, bytes: &[u8]) -> Answer {
    let page = browser.get(letter).body;
    let csrf = browser.csrf(&page);
    browser.brings(&format!("{letter}/scans"), &[("csrf", &csrf)], bytes)
}

/// Days, double sending and scans of one letter of the bureau's.
fn signs_one(server: &Server, bureau: &mut Browser, letter: &str) {
    let pdf = include_bytes!("../../../../flow/tests/data/page.pdf");
    assert_eq!(scan(bureau, letter, pdf).status, 422, "nobody has signed");
    for (on, why) in [("2019-08-26", "不能晚于今天"), ("2019-08-24", "不能早于制发"), ("8月", "")]
    {
        let on = percent(on);
        let refused = send(bureau, letter, "sign", &format!("side=both&on={on}"));
        assert_eq!(refused.status, 422, "{on}");
        assert!(refused.body.contains(why), "{}", refused.body);
    }
    assert_eq!(send(bureau, letter, "sign", "side=all&on=2019-08-25").status, 422);
    let page = bureau.get(letter).body;
    let form = format!("csrf={}&seen=1&side=both&on=2019-08-25", bureau.csrf(&page));
    let act = format!("{letter}/sign");
    assert_eq!(bureau.post(&act, &form).status, 303);
    // The same form again, and a second signature of the same party.
    assert_eq!(bureau.post(&act, &form).status, 409);
    assert_eq!(send(bureau, letter, "sign", "side=giver&on=2019-08-25").status, 422);
    let svg = scan(bureau, letter, b"<svg onload='alert(1)'/>");
    assert!(svg.status == 422 && svg.body.contains("只接收"), "{}", svg.body);
    assert_eq!(scan(bureau, letter, &pdf[..pdf.len() / 2]).status, 422);
    assert!(bureau.get(letter).body.contains("双方已签，缺扫描件"));
    assert_eq!(scan(bureau, letter, pdf).status, 303);
    let page = bureau.get(letter).body;
    let file = page.split(&format!("href=\"{letter}/scans/")).nth(1).unwrap();
    let file = format!("{letter}/scans/{}", file.split('"').next().unwrap());
    let got = bureau.get(&file);
    assert!(got.status == 200 && got.bytes.starts_with(b"%PDF"));
    assert!(got.header("content-disposition").unwrap().starts_with("attachment"));
    let mut village = server.browser();
    village.sign_in("cunganbu");
    assert_eq!(village.get(&file).status, 404);
    assert_eq!(bureau.get(&file.replace(letter, "/letters/l_2")).status, 404, "of another letter");
}

#[test]
fn t53_a_letter_is_drawn_up_once_signed_on_a_possible_day_scanned_and_withdrawn() {
    let server = Server::start(Engine::Sqlite);
    let [mut bureau, mut town, mut inspector] = [(); 3].map(|()| server.browser());
    bureau.sign_in("jiaotiju");
    town.sign_in("zhenban");
    inspector.sign_in("ducha");
    let towns = "区（县）政府与镇（街道）";
    assert_eq!(of_layer(&mut bureau, towns), (12, 0));
    // Not the town's, and nobody's without a right: nothing is drawn up.
    assert_eq!(draw(&mut town, "county-town").status, 409);
    let page = inspector.get("/letters").body;
    assert!(!page.contains("method=\"post\" action=\"/letters\""), "{page}");
    let csrf = inspector.csrf(&page);
    let refused = inspector.post("/letters", &format!("csrf={csrf}&{YEAR}&layer=county-town"));
    assert_eq!(refused.status, 403);
    let drawn = draw(&mut bureau, "county-town");
    assert_eq!(drawn.status, 303, "{}", drawn.body);
    assert_eq!(draw(&mut bureau, "county-town").status, 409, "all are drawn up");
    let letters = links(&mut bureau, "county-town");
    assert_eq!(letters.len(), 12);
    let page = bureau.get(&letters[0]).body;
    assert!(page.contains("控保责〔2019〕1号"), "{page}");
    let [one, two] = [0, 1].map(|_| bureau.get(&format!("{}.pdf", letters[0])));
    assert!(one.bytes == two.bytes && one.bytes.starts_with(b"%PDF"), "frozen");
    let print = format!("/letters/to-sign.pdf?{YEAR}&layer=county-town");
    assert!(bureau.get(&print).bytes.starts_with(b"%PDF"));
    assert_eq!(inspector.get(&letters[0]).status, 200);
    // A town reads its own and nobody else's.
    let own: Vec<u16> = letters.iter().map(|letter| town.get(letter).status).collect();
    assert_eq!(own.iter().filter(|status| **status == 200).count(), 1, "{own:?}");
    assert!(own.iter().all(|status| [200, 404].contains(status)));
    let at = own.iter().position(|status| *status == 200).unwrap();
    assert!(!town.get(&letters[at]).body.contains("/sign\""), "the county records it");
    signs_one(&server, &mut bureau, &letters[0]);
    assert_eq!(of_layer(&mut bureau, towns), (12, 1));
    // Hostile words stay words.
    let why = percent("<script>alert(1)</script>");
    let empty = send(&mut bureau, &letters[0], "withdraw", "why=+");
    assert_eq!(empty.status, 422);
    let gone = send(&mut bureau, &letters[0], "withdraw", &format!("why={why}"));
    assert_eq!(gone.status, 303, "{}", gone.body);
    let page = bureau.get(&letters[0]).body;
    assert!(page.contains("已作废") && !page.contains("<script>alert"), "{page}");
    assert_eq!(of_layer(&mut bureau, towns), (12, 0), "what is withdrawn counts no more");
    // Another takes its place; the old one stays visible.
    assert_eq!(draw(&mut bureau, "county-town").status, 303);
    let new = links(&mut bureau, "county-town");
    let new = new.iter().find(|letter| !letters.contains(letter)).unwrap();
    assert!(bureau.get(new).body.contains(&format!("href=\"{}\"", letters[0])));
}

/// The rows of the workbook of who has not signed.
fn workbook(browser: &mut Browser, query: &str) -> Vec<Vec<String>> {
    let file = browser.get(&format!("/letters/missing.xlsx?{query}"));
    assert_eq!(file.status, 200, "{}", file.body);
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(file.bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    let text = |row: &[Data]| row.iter().map(ToString::to_string).collect::<Vec<_>>();
    sheet.rows().map(text).collect()
}

#[test]
fn t20_town_and_school_keep_their_own_letters_and_the_case_tells_who_has_not_signed() {
    let server = Server::start(Engine::Sqlite);
    let [mut bureau, mut town, mut school] = [(); 3].map(|()| server.browser());
    bureau.sign_in("jiaotiju");
    town.sign_in("zhenban");
    school.sign_in("xiaozhang");
    let all = layers(&mut bureau, YEAR);
    let own = layers(&mut town, YEAR);
    let of_town = own.iter().find(|(layer, ..)| layer == "镇（街道）与村（社区）").unwrap();
    let of_county = all.iter().find(|(layer, ..)| layer == "镇（街道）与村（社区）").unwrap();
    assert!(0 < of_town.1 && of_town.1 < of_county.1);
    assert!(!own.iter().any(|(layer, ..)| layer == "教育局与学校"));
    let drawn = draw(&mut town, "town-village");
    assert_eq!(drawn.status, 303, "{}", drawn.body);
    let letters = links(&mut town, "town-village");
    assert_eq!(letters.len(), of_town.1.min(50));
    assert_eq!(school.get(&letters[0]).status, 404);
    assert_eq!(send(&mut town, &letters[0], "sign", "side=taker&on=2019-08-25").status, 303);
    assert!(town.get(&letters[0]).body.contains("一方已签"));
    // The bureau reads the town's letters and does not keep them.
    let page = bureau.get(&letters[0]).body;
    assert!(page.contains("一方已签") && !page.contains("/sign\""));
    let csrf = bureau.csrf(&page);
    let foreign = format!("csrf={csrf}&seen=2&side=giver&on=2019-08-25");
    assert_eq!(bureau.post(&format!("{}/sign", letters[0]), &foreign).status, 404);
    // A class of which the directory names no teacher: whoever signs is told.
    assert_eq!(draw(&mut school, "school-teacher").status, 303);
    let classes = links(&mut school, "school-teacher");
    assert_eq!(send(&mut school, &classes[0], "sign", "side=taker&on=2019-08-25").status, 422);
    let named = format!("side=both&on=2019-08-25&taker_name={}", percent("某老师"));
    assert_eq!(send(&mut school, &classes[0], "sign", &named).status, 303);
    // Families of children with a case, by the number of the case in a file.
    let (demanded, _) = of_layer(&mut bureau, "村（社区）与家长");
    assert!(demanded > 0);
    let rows = workbook(&mut bureau, &format!("{YEAR}&layer=village-guardian"));
    let of_families: Vec<_> = rows.iter().filter(|row| row.join(" ").contains("与家长")).collect();
    assert_eq!(of_families.len(), demanded);
    assert!(of_families.iter().all(|row| row.iter().any(|cell| cell.contains("k_"))));
    let page = bureau.get("/cases?view=list&size=100").body;
    let mut children = page.split("class=\"person\" translate=\"no\">").skip(1);
    let text = rows.concat().join("\n");
    assert!(children.all(|name| !text.contains(name.split('<').next().unwrap())));
    // The case shows each letter on the chain, and which the folder lacks.
    let case = page.split("href=\"/cases/k_").nth(1).unwrap().split('"').next().unwrap();
    let case = bureau.get(&format!("/cases/k_{case}")).body;
    assert!(case.contains("责任书：未制发") && case.contains("未签：区（县）政府与镇"), "{case}");
}

/// What the page of a layer has a box for: each letter with how many of its events are seen.
fn boxes(page: &str) -> Vec<String> {
    let parts = page.split("form=\"sign-many\" name=\"letter\" value=\"").skip(1);
    parts.map(|part| part.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn t53_many_are_signed_at_once_each_by_itself_and_those_that_cannot_be_are_named() {
    let server = Server::start(Engine::Sqlite);
    let [mut bureau, mut town, mut inspector] = [(); 3].map(|()| server.browser());
    bureau.sign_in("jiaotiju");
    town.sign_in("zhenban");
    inspector.sign_in("ducha");
    assert_eq!(draw(&mut bureau, "county-town").status, 303);
    let list = format!("/letters?{YEAR}&layer=county-town");
    let page = bureau.get(&list).body;
    let ticked = boxes(&page);
    assert_eq!(ticked.len(), 12);
    assert!(boxes(&inspector.get(&list).body).is_empty(), "an inspector records none");
    let sends = |browser: &mut Browser, fields: &str, letters: &[&str]| {
        let page = browser.get("/letters").body;
        let mut form = format!("csrf={}&{YEAR}&layer=county-town&{fields}", browser.csrf(&page));
        for letter in letters {
            form.push_str("&letter=");
            form.push_str(letter);
        }
        browser.post("/letters/sign", &form)
    };
    let [first, second, third] = [0, 1, 2].map(|at| ticked[at].as_str());
    for (fields, letters, why) in [
        ("side=both&on=2019-08-25", &[][..], "还没有勾选"),
        ("side=both&on=", &[first][..], "请填写签字日期"),
        ("side=all&on=2019-08-25", &[first][..], "请填写签字日期"),
        ("side=both&on=2019-08-26", &[first][..], "不能晚于今天"),
        ("side=both&on=2019-08-25", &["l_9999.1"][..], "1 份不在您的范围内"),
    ] {
        let refused = sends(&mut bureau, fields, letters);
        assert_eq!(refused.status, 422, "{fields}");
        assert!(refused.body.contains(why), "{fields}: {}", refused.body);
    }
    assert_eq!(of_layer(&mut bureau, "区（县）政府与镇（街道）"), (12, 0), "nothing was recorded");
    // Not the town's to record, and whoever keeps none is refused.
    let foreign = sends(&mut town, "side=both&on=2019-08-25", &[first]);
    assert!(foreign.status == 422 && foreign.body.contains("不在您的范围内"), "{}", foreign.body);
    let csrf = inspector.csrf(&inspector.clone().get("/letters").body);
    let form = format!("csrf={csrf}&side=both&on=2019-08-25&letter={first}");
    assert_eq!(inspector.post("/letters/sign", &form).status, 403);
    // One is signed by its giver alone; then all that is missing of three, of which one has moved.
    assert_eq!(sends(&mut bureau, "side=giver&on=2019-08-25", &[second]).status, 303);
    let some = sends(&mut bureau, "side=both&on=2019-08-25", &[first, second, third]);
    assert_eq!(some.status, 200);
    assert!(some.body.contains("已登记 2 份") && some.body.contains("没有登记：刚才有人登记"));
    let key = second.split('.').next().unwrap();
    let number = bureau.get(&format!("/letters/{key}")).body;
    let number = number.split("控保责〔2019〕").nth(1).unwrap().split('号').next().unwrap();
    assert!(some.body.contains(&format!("控保责〔2019〕{number}号没有登记")), "by its number");
    let again = sends(&mut bureau, "side=both&on=2019-08-25", &[first]);
    assert_eq!(again.status, 422, "sent twice, recorded once");
    let rest = format!("{key}.2");
    let done = sends(&mut bureau, "side=both&on=2019-08-25", &[&rest]);
    assert_eq!(done.status, 303, "{}", done.body);
    let told = bureau.get(&done.header("location").unwrap()).body;
    assert!(told.contains("已登记 1 份责任书的签字"), "{told}");
    assert_eq!(of_layer(&mut bureau, "区（县）政府与镇（街道）"), (12, 3));
}

#[test]
fn t60_the_code_on_a_letter_says_that_it_is_genuine_and_names_nobody() {
    let server = Server::start(Engine::Sqlite);
    let [mut bureau, mut town] = [(); 2].map(|()| server.browser());
    bureau.sign_in("jiaotiju");
    town.sign_in("zhenban");
    assert_eq!(draw(&mut town, "village-guardian").status, 303);
    let letter = links(&mut town, "village-guardian").swap_remove(0);
    let own = town.get(&letter).body;
    let code = own.split("href=\"/v/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let mut nobody = server.browser();
    let page = nobody.get(&format!("/v/{code}"));
    assert_eq!(page.status, 200, "{}", page.body);
    assert!(page.body.contains("责任书（村（社区）与家长）"), "{}", page.body);
    let number = own.split("控保责〔2019〕").nth(1).unwrap().split('号').next().unwrap();
    assert!(page.body.contains(&format!("控保责〔2019〕{number}号")));
    assert!(!page.body.contains("的监护人") && !page.body.contains("/object"), "{}", page.body);
    let gone = send(&mut town, &letter, "withdraw", "why=x");
    assert_eq!(gone.status, 303);
    let page = nobody.get(&format!("/v/{code}")).body;
    assert!(page.contains("作废"), "{page}");
    let other = if code.starts_with('A') { "B" } else { "A" };
    assert_eq!(nobody.get(&format!("/v/{other}{}", &code[1..])).status, 404);
}
