//! Papers over the pages: drafted by one, issued by another, checked by anybody, served, made void; and what a department is
//! told and answers.

use super::{
    Answer,
    browser::{Browser, Server, hidden},
    readers::{encoded, percent},
};
use crate::program::Engine;

/// What the form of a draft has in it, as a browser sends it.
fn filled(page: &str) -> String {
    let mut form = String::new();
    for tag in page.split('<').filter(|tag| tag.contains("name=\"f-")) {
        let name = tag.split("name=\"").nth(1).unwrap().split('"').next().unwrap();
        let value = match tag.split_once("value=\"") {
            Some((_, rest)) => rest.split('"').next().unwrap(),
            None => tag.split_once('>').unwrap().1,
        };
        form.push('&');
        form.push_str(&encoded(&[(name, value)]));
    }
    form
}

pub(super) fn send(browser: &mut Browser, page: &str, action: &str, fields: &str) -> Answer {
    let shown = browser.get(page).body;
    let (csrf, seen) = (browser.csrf(&shown), hidden(&shown, "seen"));
    browser.post(action, &format!("csrf={csrf}&seen={seen}&{fields}"))
}

/// A case of the town whose determination the bureau has confirmed.
fn determined(bureau: &mut Browser, town: &mut Browser) -> String {
    let page = town.get("/cases?view=list&size=100").body;
    let mut cases = page.split("href=\"").map(|part| part.split('"').next().unwrap());
    let case = cases.find(|href| {
        href.starts_with("/cases/k_") && bureau.get(href).body.contains("/determine\"")
    });
    let case = case.unwrap().to_owned();
    assert_eq!(send(bureau, &case, &format!("{case}/determine"), "").status, 303);
    case
}

struct Desk {
    server: Server,
    bureau: Browser,
    town: Browser,
    case: String,
}

fn desk() -> Desk {
    let server = Server::start(Engine::Sqlite);
    let [mut bureau, mut town] = [server.browser(), server.browser()];
    bureau.sign_in("jiaotiju");
    town.sign_in("zhenban");
    let case = determined(&mut bureau, &mut town);
    Desk { server, bureau, town, case }
}

/// Drafts a notice to return; gives the address of its page.
fn drafted(desk: &mut Desk, until: &str) -> Answer {
    drafted_to(desk, until, "监护人甲")
}

fn drafted_to(desk: &mut Desk, until: &str, guardian: &str) -> Answer {
    let key = desk.case.strip_prefix("/cases/").unwrap();
    let form = format!("/documents/new?case={key}&type=return-notice");
    let page = desk.town.get(&form).body;
    // What lists may say of this child is typed.
    let mut fields = filled(&page) + "&";
    for (name, value) in
        [("guardian", guardian), ("school", "五里镇初级中学"), ("place", "学校教务处")]
    {
        let (before, known) = fields.split_once(&format!("&f-{name}=")).unwrap();
        let (_, after) = known.split_once('&').unwrap();
        fields = format!("{before}&f-{name}={}&{after}", percent(value));
    }
    let fields = fields.trim_end_matches('&');
    let more = format!("case={key}&type=return-notice&seat=town&until={until}{fields}");
    send(&mut desk.town, &form, "/documents/new", &more)
}

#[test]
fn t53_a_paper_is_drafted_by_one_issued_by_another_served_and_made_void() {
    let mut desk = desk();
    let past = drafted(&mut desk, "2019-08-24");
    assert_eq!(past.status, 422, "{}", past.body);
    let kept = drafted(&mut desk, "2019-09-02");
    assert_eq!(kept.status, 303, "{}", kept.body);
    let paper = kept.header("location").unwrap();
    // Whoever drafted has no right to issue; the bureau has.
    let page = desk.town.get(&paper).body;
    assert!(!page.contains("/issue\"") && page.contains("草稿"));
    assert_eq!(send(&mut desk.town, &desk.case.clone(), &format!("{paper}/issue"), "").status, 404);
    let draft = desk.bureau.get(&format!("{paper}.pdf"));
    assert!(draft.bytes.starts_with(b"%PDF"), "{} {}", draft.status, draft.body);
    assert!(desk.bureau.get("/today").body.contains("待签发"));
    let issued = send(&mut desk.bureau, &paper, &format!("{paper}/issue"), "");
    assert_eq!(issued.status, 303, "{}", issued.body);
    let page = desk.bureau.get(&paper).body;
    assert!(page.contains("控保〔2019〕1号"), "{page}");
    let code = page.split("href=\"/v/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // Frozen: the same bytes each time, and to be kept, not run.
    let [one, two] = [0, 1].map(|_| desk.town.get(&format!("{paper}.pdf")));
    assert!(one.bytes == two.bytes && one.bytes.starts_with(b"%PDF"));
    assert!(one.header("content-disposition").unwrap().starts_with("attachment"));
    // Anybody may ask whether it is genuine, and learns no name.
    let mut anybody = desk.server.browser();
    let checked = anybody.get(&format!("/v/{code}"));
    assert!(checked.status == 200 && checked.body.contains("有效"), "{}", checked.body);
    let name = page.split("class=\"person\" translate=\"no\">").nth(1).unwrap();
    assert!(!checked.body.contains(name.split('<').next().unwrap()));
    assert_eq!(anybody.get("/v/23456789ABCD").status, 404);
    assert_eq!(anybody.get("/v?code=%3Cscript%3E").status, 404);
    // The bureau does not serve; the town does, once.
    assert!(desk.town.get("/today").body.contains("待送达"));
    let all = desk.town.get("/documents/to-serve.pdf");
    assert!(all.bytes.starts_with(b"%PDF"), "{} {}", all.status, all.body);
    let service = "how=signed&on=2019-08-25&by=%E7%94%B2&receiver=%E4%B9%99";
    let refused = "how=refused&on=2019-08-25&by=x&words=x&witness1=a&witness2=a";
    assert_eq!(send(&mut desk.town, &paper, &format!("{paper}/serve"), refused).status, 422);
    assert_eq!(send(&mut desk.town, &paper, &format!("{paper}/serve"), service).status, 303);
    let again = send(&mut desk.town, &desk.case.clone(), &format!("{paper}/serve"), service);
    assert_eq!(again.status, 422);
    assert_eq!(desk.town.get("/documents/to-serve.pdf").status, 404, "nothing waits");
    let slip = desk.town.get(&format!("{paper}.slip.pdf"));
    assert!(slip.bytes.starts_with(b"%PDF"), "{} {}", slip.status, slip.body);
    let folder = desk.town.get(&format!("{}/folder.pdf", desk.case));
    assert!(folder.bytes.starts_with(b"%PDF"), "{} {}", folder.status, folder.body);
    // The family objects by the code: clocks stand still until the bureau answers.
    let shown = anybody.get(&format!("/v/{code}")).body;
    let words = percent("已在外地上学");
    let objection = format!("csrf={}&words={words}", hidden(&shown, "csrf"));
    let objected = anybody.post(&format!("/v/{code}/object"), &objection);
    assert!(objected.status == 200 && objected.body.contains("已登记"), "{}", objected.body);
    assert_eq!(anybody.post(&format!("/v/{code}/object"), &objection).status, 422, "once");
    assert!(desk.bureau.get(&desk.case).body.contains("已在外地上学"));
    // The next one is not offered before the term of this one ends.
    let key = desk.case.strip_prefix("/cases/").unwrap();
    let early = desk.town.get(&format!("/documents/new?case={key}&type=correction-order"));
    assert_eq!(early.status, 409, "{}", early.body);
    let void = send(&mut desk.bureau, &paper, &format!("{paper}/void"), "why=%E6%9C%89%E8%AF%AF");
    assert_eq!(void.status, 303, "{}", void.body);
    assert!(anybody.get(&format!("/v/{code}")).body.contains("已作废"));
}

#[test]
fn what_is_missing_on_a_paper_is_named_and_no_number_is_used_up() {
    let mut desk = desk();
    let key = desk.case.strip_prefix("/cases/").unwrap().to_owned();
    let form = format!("/documents/new?case={key}&type=return-notice");
    let more = format!("case={key}&type=return-notice&seat=town&until=2019-09-02");
    let kept = send(&mut desk.town, &form, "/documents/new", &more);
    let paper = kept.header("location").unwrap();
    let page = desk.bureau.get(&paper).body;
    assert!(page.contains("还缺") && page.contains("监护人") && !page.contains("/issue\""));
    let refused = send(&mut desk.bureau, &desk.case.clone(), &format!("{paper}/issue"), "");
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("联系电话"), "{}", refused.body);
    let kept = drafted(&mut desk, "2019-09-02");
    let paper = kept.header("location").unwrap();
    assert_eq!(send(&mut desk.bureau, &paper, &format!("{paper}/issue"), "").status, 303);
    assert!(desk.bureau.get(&paper).body.contains("〔2019〕1号"));
}

#[test]
fn t20_a_department_is_told_the_fields_of_its_task_and_answers_it() {
    let mut desk = desk();
    let case = desk.case.clone();
    let mut civil = desk.server.browser();
    civil.sign_in("minzheng");
    let page = desk.bureau.get(&case).body;
    let task = page.split("value=\"civil_affairs.").nth(1).unwrap().split('"').next().unwrap();
    let ask = format!("task=civil_affairs.{task}&words=%E8%AF%B7%E6%A0%B8%E5%AE%9E");
    assert_eq!(send(&mut desk.bureau, &case, &format!("{case}/ask"), &ask).status, 303);
    let today = civil.get("/today").body;
    let href = format!("{case}/tasks/t_1");
    assert!(today.contains(&href), "{today}");
    let shown = civil.get(&href);
    assert!(shown.status == 200 && shown.body.contains("请核实"));
    // Its task, and nothing else of the case.
    for path in [case.clone(), format!("{case}/tasks/t_2"), "/documents".to_owned()] {
        assert!([403, 404].contains(&civil.get(&path).status), "{path}");
    }
    assert_eq!(desk.town.get(&href).status, 404, "a task is the department's");
    let silent = send(&mut civil, &href, &href, "answer=declined&words=");
    assert_eq!(silent.status, 422, "a refusal has a reason");
    let done = send(&mut civil, &href, &href, "answer=done&words=%E5%B7%B2%E6%95%91%E5%8A%A9");
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(!civil.get("/today").body.contains(&href));
    assert!(desk.bureau.get(&case).body.contains("已救助"));
}

/// The header of a PNG that says 50,000 × 50,000; its checksum is right.
const HUGE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\xc3P\0\0\xc3P\x08\x02\0\0\0\
    \xc4\xcd\xaa\x9d\x00\x00\x00\x08\x49\x44\x41\x54\x78\x9c\x03\x00\x00\x00\x00\x01\x48\x06\x89\xd2";

#[test]
fn t23_a_folder_has_whole_numbers_for_who_may_see_them_and_says_who_took_it() {
    let mut desk = desk();
    let kept = drafted_to(&mut desk, "2019-09-02", "监护人甲11010519491231002X");
    assert_eq!(kept.status, 303, "{}", kept.body);
    let paper = kept.header("location").unwrap();
    assert_eq!(send(&mut desk.bureau, &paper, &format!("{paper}/issue"), "").status, 303);
    let [mut leader, mut auditor, mut inspector] = ["quzhang", "shenji", "ducha"].map(|login| {
        let mut browser = desk.server.browser();
        browser.sign_in(login);
        browser
    });
    let path = format!("{}/folder.pdf", desk.case);
    let whole = desk.bureau.get(&path);
    assert!(whole.bytes.starts_with(b"%PDF"), "{} {}", whole.status, whole.body);
    for browser in [&mut leader, &mut auditor] {
        let refused = browser.get(&format!("{paper}.pdf")).status;
        assert!([403, 404].contains(&refused), "the paper: {refused}");
        let covered = browser.get(&path);
        assert!(covered.bytes.starts_with(b"%PDF"), "{} {}", covered.status, covered.body);
        assert!(covered.bytes.len() < whole.bytes.len(), "without the frozen paper");
    }
    let log = inspector.get("/audit?whose=all&act=RevealId").body;
    assert!(log.contains("jiaotiju") && log.contains("folder.pdf"), "{log}");
    assert!(!log.contains("quzhang") && !log.contains("shenji"), "{log}");
}

#[test]
fn a_request_is_withdrawn_by_who_asked_or_the_bureau_and_the_department_sees_it() {
    let mut desk = desk();
    let case = desk.case.clone();
    let mut civil = desk.server.browser();
    civil.sign_in("minzheng");
    // Poverty asks civil affairs by itself; the cause was wrong.
    let found = send(&mut desk.town, &case, &format!("{case}/cause"), "cause=7");
    assert_eq!(found.status, 303, "{}", found.body);
    let task = format!("{case}/tasks/t_1");
    assert!(civil.get("/today").body.contains(&task));
    let withdraw = "request=1&why=%E7%99%BB%E8%AE%B0%E6%9C%89%E8%AF%AF";
    let by_town = send(&mut desk.town, &case, &format!("{case}/withdraw"), withdraw);
    assert_eq!(by_town.status, 422, "the program asked, not the town");
    assert!(by_town.body.contains("只有教体局和提出协查的人"), "{}", by_town.body);
    let page = desk.bureau.get(&case).body;
    assert!(!page.contains("成因已更正"));
    let options =
        page.split("id=\"correct-of\"").nth(1).unwrap().split("</select>").next().unwrap();
    let of = options.split("value=\"").skip(2).find(|option| option.contains("成因")).unwrap();
    let of = of.split('"').next().unwrap();
    let correct = format!("of={of}&why=%E7%99%BB%E8%AE%B0%E6%9C%89%E8%AF%AF");
    let struck = send(&mut desk.bureau, &case, &format!("{case}/correct"), &correct);
    assert_eq!(struck.status, 303, "{}", struck.body);
    let page = desk.bureau.get(&case).body;
    assert!(page.contains("成因已更正") && page.contains("?do=withdraw"), "it is offered: {page}");
    let done = send(&mut desk.bureau, &case, &format!("{case}/withdraw"), withdraw);
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(!civil.get("/today").body.contains(&task), "nothing is owed");
    let shown = civil.get(&task);
    assert!(shown.status == 200 && shown.body.contains("已撤回"), "{}", shown.body);
    assert!(!shown.body.contains("name=\"answer\""));
    assert!(civil.get("/reports/departments").body.contains("已撤回"));
    // Who asked withdraws, and another town's account or the department does not.
    let ask = page.split("value=\"police.").nth(1).unwrap().split('"').next().unwrap();
    let ask = format!("task=police.{ask}&words=%E8%AF%B7%E6%A0%B8%E5%AE%9E");
    assert_eq!(send(&mut desk.town, &case, &format!("{case}/ask"), &ask).status, 303);
    let own = withdraw.replace("request=1", "request=2");
    assert_eq!(send(&mut desk.town, &case, &format!("{case}/withdraw"), &own).status, 303);
}

#[test]
fn t44_the_picture_of_a_service_goes_with_it_and_a_refused_one_leaves_nothing() {
    let mut desk = desk();
    let kept = drafted(&mut desk, "2019-09-02");
    let paper = kept.header("location").unwrap();
    assert_eq!(send(&mut desk.bureau, &paper, &format!("{paper}/issue"), "").status, 303);
    let serve = |town: &mut Browser, bytes: &[u8], token: Option<&str>| {
        let shown = town.get(&paper).body;
        let (csrf, seen) = (town.csrf(&shown), hidden(&shown, "seen"));
        let fields = [
            ("csrf", token.unwrap_or(&csrf)),
            ("seen", &seen),
            ("how", "signed"),
            ("on", "2019-08-25"),
            ("by", "送达的人"),
            ("receiver", "签收的人"),
        ];
        town.brings(&format!("{paper}/serve"), &fields, bytes)
    };
    let page = include_bytes!("../../../../flow/tests/data/page.pdf");
    assert_eq!(serve(&mut desk.town, page, Some("wrong")).status, 403);
    for (bytes, why) in [(&b"<svg onload='alert(1)'/>"[..], "只接收"), (HUGE, "像素太多")] {
        let refused = serve(&mut desk.town, bytes, None);
        assert_eq!(refused.status, 422, "{}", refused.body);
        for part in [why, "没有登记任何内容", "value=\"送达的人\"", "value=\"签收的人\""]
        {
            assert!(refused.body.contains(part), "{part}: {}", refused.body);
        }
        assert!(desk.town.get(&desk.case).body.matches("href=\"/files/").count() == 0);
        assert!(desk.town.get(&paper).body.contains("/serve\""), "it is still to be served");
    }
    let done = serve(&mut desk.town, page, None);
    assert_eq!(done.status, 303, "{}", done.body);
    let shown = desk.bureau.get(&paper).body;
    assert!(shown.contains("附照片或扫描件") && shown.contains("送达扫描件"), "{shown}");
    let file = shown.split("href=\"/files/").nth(1).unwrap().split('"').next().unwrap();
    assert!(desk.bureau.get(&format!("/files/{file}")).bytes.starts_with(b"%PDF"));
    let case = desk.town.get(&desk.case).body;
    assert!(case.contains(file) && case.contains("送达凭证：限期复学通知书"), "{case}");
}

#[test]
fn t44_a_file_of_a_case_is_kept_apart_and_fetched_by_who_may_read_it() {
    let mut desk = desk();
    let case = desk.case.clone();
    let page = desk.town.get(&case).body;
    let csrf = desk.town.csrf(&page);
    let mut add = |bytes: &[u8], csrf: &str| {
        let fields = [("csrf", csrf), ("item", "6"), ("words", "家访照片")];
        desk.town.brings(&format!("{case}/files"), &fields, bytes)
    };
    let page = include_bytes!("../../../../flow/tests/data/page.pdf");
    assert_eq!(add(page, "wrong").status, 403);
    let svg = add(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", &csrf);
    assert!(svg.status == 422 && svg.body.contains("只接收"), "{}", svg.body);
    let kept = add(page, &csrf);
    assert_eq!(kept.status, 303, "{}", kept.body);
    let page = desk.town.get(&case).body;
    let file = page.split("href=\"/files/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(!file.contains("svg") && file.len() == 24);
    let got = desk.bureau.get(&format!("/files/{file}"));
    assert!(got.status == 200 && got.bytes.starts_with(b"%PDF"));
    assert!(got.header("content-disposition").unwrap().starts_with("attachment"));
    assert!(got.header("content-security-policy").unwrap().contains("sandbox"));
    assert_eq!(got.header("x-content-type-options").unwrap(), "nosniff");
    let mut civil = desk.server.browser();
    civil.sign_in("minzheng");
    assert_eq!(civil.get(&format!("/files/{file}")).status, 404);
}
