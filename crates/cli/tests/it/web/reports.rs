//! Reports over the pages: figures that are those of the cases, each reader's own part, workbooks, the circular, and the way of
//! a leader from what is late to the words that somebody reads.

use std::collections::BTreeSet;

use calamine::{Data, Reader, Xlsx};

use super::{
    browser::{Browser, Server},
    readers::percent,
    whole_ids,
};
use crate::program::Engine;

/// Days of made-up work, so that something is done and something late.
const DAYS: [&str; 2] = ["--days", "15"];

/// Where the numbers of a row of the duties stand.
const ASKED: usize = 2;

/// The text of a cell of a page.
fn text(cell: &str) -> String {
    let mut told = String::new();
    let mut inside = true;
    for c in cell.chars() {
        match c {
            '<' => inside = false,
            '>' => inside = true,
            c if inside => told.push(c),
            _ => {}
        }
    }
    told.trim().to_owned()
}

/// The cells of a part of the `nth` table of a page, row by row.
pub(super) fn rows(page: &str, nth: usize, part: &str) -> Vec<Vec<String>> {
    let Some(table) = page.split("<table").nth(nth) else { return Vec::new() };
    let Some((_, body)) = table.split_once(&format!("<{part}>")) else { return Vec::new() };
    let body = body.split(&format!("</{part}>")).next().unwrap();
    let cells = |row: &str| {
        // A cell that is a heading is a cell.
        let row = row.replace("<th scope=\"row\">", "<td>").replace("</th>", "</td>");
        let cells = row.split("<td").skip(1);
        let cells = cells.map(|cell| text(cell.split_once('>').unwrap().1));
        cells.collect::<Vec<_>>()
    };
    body.split("<tr").skip(1).map(cells).collect()
}

fn number(cell: &str) -> u32 {
    cell.parse().unwrap()
}

fn sum(rows: &[Vec<String>], column: usize) -> u32 {
    rows.iter().map(|row| number(&row[column])).sum()
}

fn case_links(page: &str) -> BTreeSet<String> {
    let parts = page.split("href=\"/cases/k_").skip(1);
    parts.map(|part| format!("/cases/k_{}", part.split('"').next().unwrap())).collect()
}

/// The number before a word, such as the open duties of a case.
fn before(page: &str, word: &str) -> u32 {
    let (head, _) = page.split_once(word).unwrap();
    let digits: Vec<char> =
        head.trim_end().chars().rev().take_while(char::is_ascii_digit).collect();
    digits.into_iter().rev().collect::<String>().parse().unwrap()
}

/// Names of children on the list of cases.
fn children(browser: &mut Browser) -> BTreeSet<String> {
    let page = browser.get("/cases?view=list&size=100").body;
    let names = page.split("class=\"person\" translate=\"no\">").skip(1);
    names.map(|part| part.split('<').next().unwrap().to_owned()).collect()
}

#[track_caller]
fn names_no_child(page: &str, names: &BTreeSet<String>) {
    assert!(whole_ids(page).is_empty());
    let mut told = names.iter().filter(|name| page.contains(&format!(">{name}<")));
    assert_eq!(told.next(), None);
}

#[test]
fn figures_add_up_and_are_those_of_the_cases_of_the_reader() {
    let server = Server::start_with(Engine::Sqlite, &DAYS);
    let [mut bureau, mut town] = [server.browser(), server.browser()];
    bureau.sign_in("jiaotiju");
    town.sign_in("zhenban");
    for browser in [&mut bureau, &mut town] {
        let page = browser.get("/reports/duties?all=1").body;
        let (body, foot) = (rows(&page, 1, "tbody"), rows(&page, 1, "tfoot").remove(0));
        assert!(!body.is_empty());
        for (column, total) in foot.iter().enumerate().skip(ASKED).take(7) {
            assert_eq!(sum(&body, column), number(total), "column {column}");
        }
        for row in body.iter().chain([&foot]) {
            let parts: u32 = row[ASKED + 1..ASKED + 7].iter().map(|cell| number(cell)).sum();
            assert_eq!(number(&row[ASKED]), parts, "{row:?}");
        }
        let people = browser.get("/reports/duties?by=person&all=1").body;
        assert_eq!(rows(&people, 1, "tfoot")[0][ASKED..ASKED + 7], foot[ASKED..ASKED + 7]);
    }
    // What is open on the pages of the town's cases, one by one, is what its report says.
    let own = case_links(&town.get("/cases?view=list&size=100").body);
    let mut open = 0;
    for case in &own {
        open += before(&town.get(case).body, " 项在办");
    }
    let page = town.get("/reports/duties?all=1").body;
    let foot = rows(&page, 1, "tfoot").remove(0);
    assert_eq!(open, number(&foot[ASKED + 3]) + number(&foot[ASKED + 4]));
    // Every thing behind a row of figures stands on a case of the reader, and as many as the row says.
    let seats: Vec<&str> = page.split("href=\"/reports/duties?").skip(1).collect();
    let (body, mut seen) = (rows(&page, 1, "tbody"), BTreeSet::new());
    assert_eq!(seats.len(), body.len());
    for (seat, row) in seats.iter().zip(&body) {
        let seat = seat.replace("&#38;", "&");
        let query = seat.split(['"', '#']).next().unwrap();
        let detail = town.get(&format!("/reports/duties?{query}")).body;
        assert_eq!(rows(&detail, 2, "tbody").len(), number(&row[ASKED]) as usize, "{row:?}");
        seen.extend(case_links(&detail));
    }
    assert!(seen.is_subset(&own) && !seen.is_empty());
    // Causes by town agree with the cases.
    let towns = town.get("/reports/towns").body;
    let causes = rows(&towns, 2, "tbody");
    assert_eq!(causes.len(), 1, "{causes:?}");
    assert!(number(causes[0].last().unwrap()) as usize <= own.len());
    assert_eq!(rows(&towns, 1, "tbody").len(), 1, "its own line");
    let all = rows(&bureau.get("/reports/towns").body, 1, "tbody");
    assert!(all.len() > 5);
    for row in &all {
        // 失学辍学合计＝自己先发现＋后补报＋漏报, where a town has sent anything.
        let silent = row[0] == "不排名";
        assert_eq!(silent, row[4] == "—", "{row:?}");
        if !silent {
            assert_eq!(number(&row[7]), number(&row[3]) + number(&row[4]) + number(&row[6]));
        }
    }
    let names = children(&mut bureau);
    assert!(names.len() > 20);
    for path in ["/reports/duties?by=person", "/reports/departments", "/reports/towns"] {
        names_no_child(&bureau.get(path).body, &names);
    }
}

#[test]
fn a_department_has_its_own_line_and_the_county_sees_who_owes_what() {
    let server = Server::start(Engine::Sqlite);
    let [mut bureau, mut civil] = [server.browser(), server.browser()];
    bureau.sign_in("jiaotiju");
    civil.sign_in("minzheng");
    let case = case_links(&bureau.get("/cases?view=list").body).pop_first().unwrap();
    let page = bureau.get(&case).body;
    let csrf = bureau.csrf(&page);
    let seen = page.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let task = page.split("value=\"civil_affairs.").nth(1).unwrap().split('"').next().unwrap();
    let form = format!("csrf={csrf}&seen={seen}&task=civil_affairs.{task}&words=x");
    assert_eq!(bureau.post(&format!("{case}/ask"), &form).status, 303);
    let page = bureau.get("/reports/departments").body;
    let line = |page: &str| rows(page, 1, "tbody").into_iter().find(|row| row[0] == "民政局");
    let asked = line(&page).unwrap();
    assert_eq!(asked[1..7], ["1", "1", "0", "0", "0", "0"]);
    assert!(page.contains(&format!("href=\"{case}\"")), "who may read the case gets there");
    let own = civil.get("/reports/departments").body;
    assert_eq!(rows(&own, 1, "tbody"), [asked]);
    assert!(own.contains(&format!("href=\"{case}/tasks/t_1\"")));
    for path in
        ["/reports/duties", "/reports/towns", "/reports/duties.xlsx", "/reports/circular.pdf"]
    {
        assert_eq!(civil.get(path).status, 403, "{path}");
    }
    let index = civil.get("/reports").body;
    assert!(index.contains("/reports/departments") && !index.contains("/reports/duties"));
    let answer = format!("{case}/tasks/t_1");
    let task = civil.get(&answer).body;
    let seen = task.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let form = format!("csrf={}&seen={seen}&answer=done&words=x", civil.csrf(&task));
    assert_eq!(civil.post(&answer, &form).status, 303);
    let page = bureau.get("/reports/departments").body;
    assert_eq!(line(&page).unwrap()[1..7], ["1", "0", "0", "1", "0", "0"]);
    assert!(!page.contains(&format!("href=\"{case}\"")), "nothing is owed any more");
}

#[test]
fn workbooks_say_what_pages_say_and_a_circular_is_a_draft() {
    let server = Server::start_with(Engine::Sqlite, &DAYS);
    let [mut bureau, mut town] = [server.browser(), server.browser()];
    bureau.sign_in("jiaotiju");
    town.sign_in("zhenban");
    for name in ["duties", "departments", "towns"] {
        let page = bureau.get(&format!("/reports/{name}")).body;
        let answer = bureau.get(&format!("/reports/{name}.xlsx"));
        assert_eq!(answer.status, 200, "{name}: {}", answer.body);
        assert!(answer.header("content-disposition").unwrap().starts_with("attachment"));
        let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(answer.bytes)).unwrap();
        let sheet = book.worksheet_range_at(0).unwrap().unwrap();
        let cells: Vec<Vec<String>> = sheet
            .rows()
            .map(|row| {
                row.iter()
                    .map(|cell| if *cell == Data::Empty { String::new() } else { cell.to_string() })
                    .collect()
            })
            .collect();
        let header = cells.iter().position(|row| row[0] == "序号").unwrap();
        let shown = rows(&page, 1, "tbody");
        assert!(!shown.is_empty());
        for (row, written) in shown.iter().zip(&cells[header + 1..]) {
            let row: Vec<&str> =
                row.iter().map(|cell| if cell == "—" { "" } else { cell }).collect();
            assert_eq!(row, written[1..], "{name}");
        }
    }
    let link = "href=\"/reports/circular.pdf\"";
    assert!(bureau.get("/reports/duties").body.contains(link));
    assert!(!town.get("/reports/duties").body.contains(link));
    let draft = bureau.get("/reports/circular.pdf");
    assert!(draft.bytes.starts_with(b"%PDF"), "{} {}", draft.status, draft.body);
    assert!(draft.header("content-disposition").unwrap().starts_with("attachment"));
    assert_eq!(town.get("/reports/circular.pdf").status, 403);
    assert_eq!(bureau.get("/reports/other.pdf").status, 404);
}

/// Journey 3: 超期 row → 督办 → send, in three clicks at most.
#[test]
fn a_leader_instructs_whoever_is_late_in_three_clicks() {
    let server = Server::start_with(Engine::Sqlite, &DAYS);
    let mut leader = server.browser();
    leader.sign_in("quzhang");
    let mut clicks = 0;
    let mut click = || clicks += 1;
    let today = leader.get("/today").body;
    let row = today.split("href=\"/cases/k_").skip(1).map(|part| part.split('"').next().unwrap());
    let row = row.map(|href| href.replace("&#38;", "&")).find(|href| href.contains("do=instruct"));
    let href = format!("/cases/k_{}", row.unwrap());
    click();
    let (path, anchor) = href.split_once('#').unwrap();
    let page = leader.get(path).body;
    assert!(page.contains(&format!("id=\"{anchor}\"")));
    // The form is open, with seat, words and days in it.
    let form = page.split("/instruct\"").nth(1).unwrap().split("</form>").next().unwrap();
    let before = page.split("/instruct\"").next().unwrap();
    assert!(
        before
            .rsplit("<details")
            .next()
            .unwrap()
            .starts_with(" class=\"mt8\" id=\"do-instruct\" open>")
    );
    let seat = form.split(" selected>").next().unwrap().rsplit("value=\"").next().unwrap();
    let seat = seat.trim_end_matches('"').to_owned();
    let words = form.split("name=\"words\"").nth(1).unwrap().split("value=\"").nth(1).unwrap();
    let words = words.split('"').next().unwrap().to_owned();
    assert!(words.starts_with("请按期办理："), "{words}");
    let days = form.split("name=\"days\"").nth(1).unwrap().split("value=\"").nth(1).unwrap();
    assert!(days.starts_with("3\""));
    let seen = form.split("name=\"seen\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let said = percent(&words);
    let csrf = leader.csrf(&page);
    let case = path.split('?').next().unwrap();
    let form = format!("csrf={csrf}&seen={seen}&to={seat}&words={said}&days=3");
    click();
    assert_eq!(leader.post(&format!("{case}/instruct"), &form).status, 303);
    assert!(clicks <= 3, "{clicks}");
    let told = leader.get(case).body;
    assert!(told.contains(&words) && told.contains("落实领导督办"));
}

/// The late duties of the first row of the map.
fn late_of(map: &str) -> u32 {
    let mut kpis = map.split("class=\"kpi k-over\" href=\"").skip(1);
    let leads =
        |kpi: &&str| kpi.starts_with("/reports/duties?late=1") || kpi.starts_with("#h-late");
    let kpi = kpis.find(leads).unwrap();
    let n = kpi.split("num\">").nth(1).unwrap().split('<').next().unwrap();
    number(&n.replace(',', ""))
}

/// Numbers of a table of the map with the lists they lead to.
fn lists_of(table: &str) -> Vec<(String, String)> {
    let links = table.split("href=\"/children").skip(1).map(|link| {
        let (href, rest) = link.split_once("\">").unwrap();
        let n = rest.split('<').next().unwrap();
        (
            format!("/children{}", href.split('"').next().unwrap().replace("&#38;", "&")),
            n.to_owned(),
        )
    });
    links.collect()
}

#[test]
fn the_map_names_who_is_late() {
    let server = Server::start_with(Engine::Sqlite, &DAYS);
    let [mut bureau, mut town] = [server.browser(), server.browser()];
    bureau.sign_in("jiaotiju");
    town.sign_in("zhenban");
    for browser in [&mut bureau, &mut town] {
        let map = browser.get("/map").body;
        let report = browser.get("/reports/duties?late=1&all=1").body;
        let late = late_of(&map);
        let total = rows(&report, 1, "tfoot").pop();
        assert_eq!(late, total.map_or(0, |total| number(&total[ASKED + 4])));
        if late == 0 {
            continue;
        }
        let lines = rows(&map, 2, "tbody");
        assert_eq!(lines.len(), late.min(10) as usize);
        assert!(lines.iter().flatten().all(|cell| !cell.is_empty()), "{lines:?}");
        let own = case_links(&browser.get("/cases?view=list&size=100").body);
        let named = case_links(&map).into_iter().filter(|case| !case.contains('?'));
        let named: BTreeSet<String> = named.collect();
        assert!(!named.is_empty() && named.is_subset(&own));
        assert!(whole_ids(&map).is_empty());
    }
    assert!(late_of(&bureau.get("/map").body) > 0, "the made-up days leave something late");
}

#[test]
fn the_numbers_of_the_map_hold_for_a_town_and_a_group() {
    let server = Server::start_with(Engine::Sqlite, &DAYS);
    let [mut bureau, mut town] = [server.browser(), server.browser()];
    bureau.sign_in("jiaotiju");
    town.sign_in("zhenban");
    let map = bureau.get("/map").body;
    let (lines, mut late) = (rows(&map, 1, "tbody"), 0);
    let codes = map.split("<option value=\"").skip(1).map(|part| part.split('"').next().unwrap());
    let codes: Vec<&str> =
        codes.filter(|code| code.starts_with("6109") || *code == "none").collect();
    assert_eq!(codes.len(), lines.len(), "a choice for each line");
    for (code, line) in codes.iter().zip(&lines) {
        let part = bureau.get(&format!("/map?town={code}")).body;
        assert_eq!(rows(&part, 1, "tbody"), std::slice::from_ref(line), "{code}");
        late += late_of(&part);
    }
    assert_eq!(late, late_of(&map), "the late duties of towns add up");
    let poor = bureau.get("/map?group=poverty").body;
    let (body, foot) = (rows(&poor, 1, "tbody"), rows(&poor, 1, "tfoot").remove(0));
    let all = rows(&map, 1, "tfoot").remove(0);
    let bare = |cell: &String| number(&cell.replace(',', ""));
    for column in 1..foot.len() {
        let towns: u32 = body.iter().map(|row| bare(&row[column])).sum();
        assert_eq!(towns, bare(&foot[column]), "column {column}");
        assert!(towns <= bare(&all[column]));
    }
    assert!(0 < bare(&foot[1]) && bare(&foot[1]) < bare(&all[1]));
    let both = bureau.get(&format!("/map?group=poverty&town={}", codes[0])).body;
    for page in [&poor, &both] {
        let table = page.split("<table").nth(1).unwrap().split("</table>").next().unwrap();
        let lists = lists_of(table);
        assert!(!lists.is_empty());
        for (list, n) in lists.iter().rev().take(9) {
            assert!(list.contains("group=poverty"), "{list}");
            assert!(bureau.get(list).body.contains(&format!("共 {n} 人")), "{list} {n}");
        }
    }
    // Of another town a town sees nothing, and what is no town or group asks for nothing.
    let own = town.get("/map").body;
    let foreign = codes.iter().find(|code| !own.contains(&format!("value=\"{code}\"")));
    let foreign = town.get(&format!("/map?town={}", foreign.unwrap())).body;
    assert!(rows(&foreign, 1, "tbody").is_empty() && late_of(&foreign) == 0);
    let nothing = bureau.get("/map?town=zzz&group=zzz").body;
    assert_eq!(rows(&nothing, 1, "tbody"), lines);
}
