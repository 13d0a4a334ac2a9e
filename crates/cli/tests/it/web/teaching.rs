//! 送教上门 over the pages: the log of a child, and a visit that its school registers.

use super::{
    browser::{Answer, Browser, PASSWORD, Server},
    child_links,
    outside::{add_account, judged_anew},
    readers::{encoded, percent},
};
use crate::program::{Engine, Program, sample_county};

/// The sample county with the principal of a school that teaches a child at home.
struct County {
    server: Server,
    bureau: Browser,
    principal: Browser,
    /// The page of the child.
    child: String,
}

fn school_on(page: &str) -> String {
    let part = page.split("学校 <b translate=\"no\">").nth(1).unwrap();
    part.split(['<', ' ']).next().unwrap().to_owned()
}

fn county() -> County {
    let program = Program::new(Engine::Sqlite);
    program.run(&sample_county("input"));
    let server = Server::over(program, &[]);
    let mut bureau = server.browser();
    bureau.sign_in("jiaotiju");
    let listed = bureau.get(&format!("/children?q={}", percent("马慧如"))).body;
    let child = child_links(&listed).pop_first().unwrap();
    let page = bureau.get(&child).body;
    let school = school_on(&page);
    add_account(&server, "songjiao", &["--role", "principal", "--school", &school]);
    let mut principal = server.browser();
    assert_eq!(principal.try_sign_in("songjiao", PASSWORD, None).status, 303);
    County { server, bureau, principal, child }
}

/// Sends the form of the page with fields in the place of good ones.
fn register(browser: &mut Browser, child: &str, changed: &[(&str, &str)]) -> Answer {
    let csrf = browser.csrf(&browser.clone().get(&format!("{child}/teaching")).body);
    let good = [
        ("csrf", csrf.as_str()),
        ("on", "2019-08-20"),
        ("teachers", "李芳、王强"),
        ("periods", "2"),
        ("contents", "认识数字，手指操；能跟着做"),
        ("signed", "yes"),
        ("next", "2019-08-27"),
        ("from", "09:30"),
        ("to", "11:00"),
    ];
    let of = |(name, value): &(&'static str, &str)| {
        let other = changed.iter().find(|(changed, _)| changed == name);
        (*name, other.map_or(*value, |(_, value)| *value).to_owned())
    };
    let fields: Vec<(&str, String)> = good.iter().map(of).collect();
    let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
    browser.post(&format!("{child}/teaching"), &encoded(&fields))
}

#[test]
fn a_visit_that_the_school_registers_is_its_word_in_the_next_run() {
    let County { server, mut bureau, mut principal, child } = county();
    let log = format!("{child}/teaching");
    let page = principal.get(&log).body;
    assert!(page.contains("只有学籍登记为送教上门"), "nobody has sent a log: {page}");
    assert!(!bureau.get(&log).body.contains("登记送教</button>"), "the school's alone");

    // What cannot be is refused, with what was typed, and leaves nothing.
    for (changed, why) in [
        (("on", "2031-01-01"), "不能在今天以后"),
        (("on", "2019-02-30"), "没有填写，或格式不对"),
        (("next", "2019-08-20"), "不能在今天以后，下次送教日期"),
        (("periods", "0"), "1 至 12"),
        (("periods", "两节"), "没有填写，或格式不对"),
        (("teachers", " "), "没有填写，或格式不对"),
        (("signed", "perhaps"), "没有填写，或格式不对"),
        (("from", "25:00"), "没有填写，或格式不对"),
        (("to", "09:00"), "离开时间要晚于到达时间"),
    ] {
        let refused = register(&mut principal, &child, &[changed]);
        assert_eq!(refused.status, 422, "{changed:?}");
        assert!(refused.body.contains(why), "{changed:?}: {}", refused.body);
        assert!(refused.body.contains("认识数字，手指操"), "what was typed stays");
    }
    let words = "字".repeat(501);
    assert_eq!(register(&mut principal, &child, &[("contents", &words)]).status, 422);
    assert_eq!(register(&mut bureau, &child, &[]).status, 404, "not the bureau's");

    // What is long past comes with a list, which others see.
    let late = register(&mut principal, &child, &[("on", "2019-06-10"), ("next", "")]);
    assert_eq!(late.status, 422);
    assert!(late.body.contains("超过七天"), "{}", late.body);
    for again in [false, true] {
        let saved = register(&mut principal, &child, &[]);
        assert_eq!(saved.status, 303, "{again}: {}", saved.body);
        let page = principal.get(&saved.header("location").unwrap()).body;
        assert!(page.contains("已登记"), "{page}");
    }
    let mut looks = principal.clone();
    // The list of the day follows the run a moment later than the log.
    judged_anew(&mut bureau, &server, &mut || {
        looks.get(&log).body.contains("送教记录有效至") && looks.get("/today").body.contains(&log)
    });
    let page = principal.get(&log).body;
    assert_eq!(page.matches("/claims/").count(), 1, "registered twice, one visit: {page}");
    // The school year ends on 31 August, before thirty days are over.
    assert!(page.contains("送教记录有效至 2019-08-31"), "{page}");
    assert!(page.contains("2019-08-27"), "the next visit: {page}");
    assert!(page.contains("李芳、王强"), "{page}");
    assert!(page.contains("09:30–11:00"), "when they came and left: {page}");
    assert!(principal.get("/today").body.contains(&log), "due within a week");
}

#[test]
fn a_visit_is_registered_where_the_registry_says_so_and_nowhere_else() {
    let County { server: _server, mut bureau, mut principal, .. } = county();
    let listed = principal.get("/children?status=in&size=100").body;
    let pupils = child_links(&listed);
    let in_class = pupils
        .iter()
        .find(|child| !principal.clone().get(child).body.contains(&format!("{child}/teaching")));
    let in_class = in_class.unwrap();
    let refused = register(&mut principal, in_class, &[]);
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("学籍没有登记该生送教上门"), "{}", refused.body);
    // A child of another school is not there.
    let all = child_links(&bureau.get(&format!("/children?q={}", percent("于双恩"))).body);
    let foreign = all.first().unwrap();
    assert_eq!(principal.get(&format!("{foreign}/teaching")).status, 404);
    assert_eq!(register(&mut principal, foreign, &[]).status, 404);
}

#[test]
fn a_plan_that_the_school_makes_stands_on_the_page_and_belongs_to_the_school_alone() {
    let County { server, mut bureau, mut principal, child } = county();
    let log = format!("{child}/teaching");
    assert!(principal.get(&log).body.contains("本学年没有送教计划"));
    let sends = |browser: &mut Browser, changed: &[(&'static str, &str)]| {
        let csrf = browser.csrf(&browser.clone().get(&log).body);
        let good = [
            ("csrf", csrf.as_str()),
            ("form", "plan"),
            ("on", "2019-08-20"),
            ("visits", "4"),
            ("teachers", "李芳、王强"),
            ("contents", "生活自理，认数到十"),
            ("assessed", "2019-08-01"),
            ("consented", ""),
        ];
        let of = |(name, value): (&'static str, &str)| {
            let other = changed.iter().find(|(changed, _)| *changed == name);
            (name, other.map_or(value, |(_, value)| *value).to_owned())
        };
        let fields: Vec<(&str, String)> = good.into_iter().map(of).collect();
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        browser.post(&log, &encoded(&fields))
    };
    for (changed, why) in [
        (("visits", "0"), "1 至 31"),
        (("visits", "多次"), "没有填写，或格式不对"),
        (("on", "2031-01-01"), "不能在今天以后"),
        (("consented", "2031-01-01"), "不能在今天以后"),
        (("contents", ""), "没有填写，或格式不对"),
    ] {
        let refused = sends(&mut principal, &[changed]);
        assert_eq!(refused.status, 422, "{changed:?}");
        assert!(refused.body.contains(why), "{changed:?}");
        assert!(refused.body.contains("李芳、王强"), "what was typed stays");
    }
    assert_eq!(sends(&mut bureau, &[]).status, 404, "the school's alone");
    for _sent_twice in 0..2 {
        assert_eq!(sends(&mut principal, &[]).status, 303);
    }
    let mut looks = principal.clone();
    judged_anew(&mut bureau, &server, &mut || looks.get(&log).body.contains("认数到十"));
    let page = principal.get(&log).body;
    assert!(!page.contains("本学年没有送教计划") && page.contains("2019-08-01"), "{page}");
    assert_eq!(page.matches("/claims/").count(), 1, "sent twice, one plan: {page}");
    // A plan alone changes nothing of how the child is judged.
    assert!(page.contains("只有学籍登记为送教上门"), "{page}");
}
