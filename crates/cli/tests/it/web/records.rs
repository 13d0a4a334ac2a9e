//! What a family said, what is planned for it, its household and its aid, and the forms that are printed from all that.

use super::{
    browser::{Browser, Server, hidden},
    readers::encoded,
};
use crate::program::Engine;

fn send(browser: &mut Browser, page: &str, action: &str, fields: &[(&str, &str)]) -> u16 {
    let shown = browser.get(page).body;
    let (csrf, seen) = (browser.csrf(&shown), hidden(&shown, "seen"));
    let fields = encoded(fields);
    browser.post(action, &format!("csrf={csrf}&seen={seen}&{fields}")).status
}

/// The addresses on a page that begin and end so.
fn links(page: &str, begins: &str, ends: &str) -> Vec<String> {
    let hrefs = page.split("href=\"").skip(1).map(|part| part.split('"').next().unwrap());
    let mut hrefs: Vec<String> = hrefs
        .filter(|href| href.starts_with(begins) && href.ends_with(ends))
        .map(str::to_owned)
        .collect();
    hrefs.dedup();
    hrefs
}

/// What somebody heard at a visit.
const SAID: [(&str, &str); 8] = [
    ("visitors", "甲、乙"),
    ("met", "1"),
    ("found", "1"),
    ("words", "已劝说"),
    ("guardian_view", "愿意配合"),
    ("child_view", "想学手艺"),
    ("difficulty", "家里没有人接送"),
    ("employer", "某地某厂"),
];

#[test]
fn what_a_family_says_and_what_is_planned_stand_on_its_page_and_on_forms() {
    let server = Server::start(Engine::Sqlite);
    let [mut town, mut bureau] = [server.browser(), server.browser()];
    town.sign_in("zhenban");
    bureau.sign_in("jiaotiju");
    let cases = town.get("/cases?view=list&size=100").body;
    let case = links(&cases, "/cases/k_", "").into_iter().next().unwrap();
    let child = links(&town.get(&case).body, "/children/c_", "").into_iter().next().unwrap();
    let today = hidden_day(&town.get(&case).body);
    let mut visit = vec![("on", today.as_str())];
    visit.extend(SAID);
    assert_eq!(send(&mut town, &case, &format!("{case}/visit"), &visit), 303);
    let page = town.get(&case).body;
    for said in ["愿意配合", "想学手艺", "家里没有人接送", "某地某厂"] {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("/plan-review\""), "nothing is planned yet");
    let helper = [("helper", "县林业局 帮扶甲")];
    assert_eq!(send(&mut bureau, &case, &format!("{case}/helper"), &helper), 303);
    assert!(town.get(&child).body.contains("帮扶甲"), "on the chain of the child");
    let plan = [
        ("analysis", "跟不上"),
        ("kind1", "0"),
        ("what1", "补课"),
        ("who1", "班主任"),
        ("by1", today.as_str()),
        ("review", today.as_str()),
    ];
    assert_eq!(send(&mut town, &case, &format!("{case}/plan"), &plan), 303);
    let review = format!("{case}/plan-review");
    let open = [("words", "还没有开始"), ("next", "")];
    let late = [("words", "还没有开始"), ("next", "2099-01-01")];
    assert_eq!(send(&mut town, &case, &review, &open), 422, "what is not done has a next day");
    assert_eq!(send(&mut town, &case, &review, &late), 422, "nobody puts it off for ever");
    let done = [("done0", "yes"), ("words", "有进步"), ("next", "")];
    assert_eq!(send(&mut town, &case, &review, &done), 303);
    let family = town.get(&format!("{child}/family"));
    assert_eq!(family.status, 200);
    for said in ["家里没有人接送", "补课", "同户儿童", "资助"] {
        assert!(family.body.contains(said), "{said}");
    }
    // Every form that is offered is a document, and says who took it.
    let forms = links(&family.body, &format!("{child}/forms/"), ".pdf");
    for form in ["persuasion-record", "child-plan", "household-plan"] {
        assert!(forms.iter().any(|href| href.contains(form)), "{form} is not among {forms:?}");
    }
    for href in &forms {
        let printed = town.get(href);
        assert!(printed.bytes.starts_with(b"%PDF"), "{href}: {} {}", printed.status, printed.body);
    }
    assert_eq!(town.get(&format!("{child}/forms/home-teaching-log.pdf")).status, 404);
    assert_eq!(town.get(&format!("{child}/forms/penalty-decision.pdf")).status, 404);
    let mut inspector = server.browser();
    inspector.sign_in("ducha");
    let log = inspector.get("/audit?whose=all&act=ReadPapers").body;
    assert!(log.contains("persuasion-record"), "{log}");
}

/// The day of the clock of cases, as the forms of the page have it.
fn hidden_day(page: &str) -> String {
    let field = page.split("id=\"visit-on\"").nth(1).unwrap();
    field.split("value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn children_of_one_household_stand_on_each_others_page_as_far_as_one_may_see_them() {
    let server = Server::start(Engine::Sqlite);
    let [mut bureau, mut principal] = [server.browser(), server.browser()];
    bureau.sign_in("jiaotiju");
    principal.sign_in("xiaozhang");
    let ledger = bureau.get("/children?size=100").body;
    let children = links(&ledger, "/children/c_", "");
    let others = |browser: &mut Browser, child: &str| {
        let page = browser.get(&format!("{child}/family")).body;
        let main = page.split("id=\"h-household\"").nth(1).unwrap();
        links(main.split("</section>").next().unwrap(), "/children/c_", "")
    };
    let found = children.iter().find_map(|child| {
        let others = others(&mut bureau, child);
        Some((child.clone(), others.first()?.clone()))
    });
    let (child, sibling) = found.unwrap();
    assert!(others(&mut bureau, &sibling).contains(&child));
    // A school sees its own of them and hears nothing of others; a town hears how many there are.
    let own = links(&principal.get("/children?size=100").body, "/children/c_", "");
    let elsewhere = own.iter().find_map(|child| {
        let all = others(&mut bureau, child);
        let sibling = all.iter().find(|sibling| principal.get(sibling).status == 404)?;
        Some((child.clone(), sibling.clone()))
    });
    let (child, sibling) = elsewhere.unwrap();
    let page = principal.get(&format!("{child}/family")).body;
    assert!(!page.contains(&sibling) && !page.contains("同户儿童不在您的查看范围内"), "{page}");
}
