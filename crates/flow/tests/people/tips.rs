//! Tip-offs (T-54): counted and not doubled, verified by a case, never a status; opened by two; untruths of one channel marked.

use baoxue_act::{Case, CaseId, Rules, Stage, TipSettings, Trigger, duties};
use baoxue_claim::{ChildId, VerdictCode};
use baoxue_determine::{Base, Seat};
use baoxue_flow::{
    County, Entry, Marks, StripCell,
    cases::{self, CaseBook, CaseClock},
    tips::{
        AddressLimit, Linked, TipAnswer, TipBook, TipDesk, TipError, TipForm, TipOutcome, TipState,
        TipText, answer_of_code, take,
    },
};
use baoxue_store::Store;
use chrono::TimeDelta;

use crate::common::{TestDatabase, later, morning, on_both_engines};

const LIMITS: TipSettings = TipSettings { per_hour: 60, per_address: 5 };
const BUREAU: (i64, &str) = (1, "周干事 jiaotiju");
const INSPECTOR: (i64, &str) = (2, "王督学 ducha");

fn form(what: &str, contact: &str) -> TipForm {
    let text = TipText {
        child: "王家二女儿".to_owned(),
        place: "五里镇刘营村".to_owned(),
        what: what.to_owned(),
        ..TipText::default()
    };
    TipForm { text, contact: contact.to_owned() }
}

pub(crate) fn entry(child: i64, code: VerdictCode) -> Entry {
    Entry {
        household: None,
        child: ChildId(child),
        name: Some("王小雨".into()),
        id: None,
        sex: None,
        birth: None,
        town: Some("610902104".parse().unwrap()),
        village: Some("刘营村".into()),
        group: None,
        school: Some("五里初中".into()),
        grade: Some(4),
        class: None,
        code,
        ground: "".into(),
        confirmed: false,
        of_age: true,
        base: Base::Registered,
        quarrel: false,
        answer_by: None,
        expires: None,
        poverty: false,
        disabled: false,
        home_teaching: false,
        visit_due: None,
        strip: [StripCell::default(); 8],
        marks: Marks::default(),
    }
}

struct Office {
    store: Store,
    county: County,
    rules: Rules,
}

impl Office {
    async fn open(db: &TestDatabase) -> Self {
        let store = db.store().await;
        let county = County::unconfigured(morning().date_naive());
        let rules = cases::rules(&store, &county).await.unwrap();
        Self { store, county, rules }
    }

    async fn takes(&self, what: &str, contact: &str) -> String {
        take(&self.store, &form(what, contact), LIMITS, morning()).await.unwrap().code
    }

    async fn tips(&self) -> TipBook {
        TipBook::load(&self.store).await.unwrap()
    }

    async fn cases(&self) -> CaseBook {
        CaseBook::load(&self.store).await.unwrap()
    }

    fn desk<'a>(&'a self, tips: &'a TipBook, cases: &'a CaseBook, seconds: i64) -> TipDesk<'a> {
        let now = later(seconds);
        TipDesk {
            store: &self.store,
            tips,
            cases,
            rules: &self.rules,
            as_of: self.county.settings.as_of,
            moment: CaseClock::default().moment(now, cases),
            now,
        }
    }

    async fn links(
        &self,
        tip: i64,
        entry: &Entry,
        despite: Option<&str>,
    ) -> Result<Linked, TipError> {
        let (tips, cases) = (self.tips().await, self.cases().await);
        let desk = self.desk(&tips, &cases, 60);
        desk.link(tips.get(tip).unwrap(), entry, BUREAU.1, despite).await
    }

    async fn answers(&self, tip: i64, outcome: TipOutcome) -> Result<(), TipError> {
        let (tips, cases) = (self.tips().await, self.cases().await);
        let desk = self.desk(&tips, &cases, 120);
        desk.answer(tips.get(tip).unwrap(), (outcome, "已核实，谢谢。"), BUREAU.1).await
    }

    async fn case(&self, id: CaseId) -> Case {
        self.cases().await.get(id).unwrap().case.clone()
    }
}

async fn t54_the_same_tip_fifty_times_is_one_with_a_count(db: TestDatabase) {
    let office = Office::open(&db).await;
    // Other signs, widths and blanks make no other tip.
    let ways = ["在饭馆端盘子", "在饭馆端盘子。", " 在 饭馆，端盘子！"];
    let mut codes = Vec::new();
    for n in 0..50 {
        codes.push(office.takes(ways[n % 3], "").await);
    }
    codes.sort();
    codes.dedup();
    assert_eq!(codes.len(), 50, "each sender has a code of its own");
    let tips = office.tips().await;
    let [tip] = tips.all()[..] else { panic!("one") };
    assert_eq!((tip.n_copies, tip.state()), (50, TipState::New));
    office.answers(1, TipOutcome::Founded).await.unwrap();
    for code in codes {
        let read = answer_of_code(&office.store, &code.to_uppercase()).await.unwrap().unwrap();
        let TipAnswer { state, answer, .. } = read;
        assert_eq!(state, TipState::Answered);
        assert_eq!(answer.unwrap().0, TipOutcome::Founded);
    }
    assert_eq!(answer_of_code(&office.store, "abcd-efgh-jkmn").await.unwrap(), None);
}

async fn t54_a_flood_fills_no_more_than_its_hour(db: TestDatabase) {
    let office = Office::open(&db).await;
    let limits = TipSettings { per_hour: 20, per_address: 5 };
    let mut taken = 0;
    for n in 0..500 {
        match take(&office.store, &form(&format!("第{n}件"), ""), limits, later(n)).await {
            Ok(_) => taken += 1,
            Err(TipError::Full) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!((taken, office.tips().await.all().len()), (20, 20));
    assert_eq!(office.store.last_case_event().await.unwrap(), 0, "no case was opened");
    take(&office.store, &form("一小时后", ""), limits, later(3_700)).await.unwrap();
}

async fn t54_few_who_send_many_keep_nobody_from_telling(db: TestDatabase) {
    let office = Office::open(&db).await;
    let limits = TipSettings { per_hour: 20, per_address: 5 };
    let doors = AddressLimit::default();
    let sends = async |address: String, n: usize| {
        let Ok(nth) = doors.turn(&address, limits.per_address, later(0)) else { return false };
        let words = form(&format!("{address}的第{n}件"), "");
        take(&office.store, &words, limits.of_turn(nth), later(0)).await.is_ok()
    };
    let mut of_flood = 0;
    for sender in 0..10 {
        for n in 0..50 {
            of_flood += usize::from(sends(format!("10.0.0.{sender}"), n).await);
        }
    }
    assert!(of_flood <= 30, "{of_flood}: the hour's share, and the first of each");
    assert!(sends("192.168.7.7".to_owned(), 0).await, "somebody else is heard");
    assert!(!sends("192.168.7.7".to_owned(), 1).await, "the share of the hour is used up");
    let mut all = of_flood + 1;
    for sender in 0..250 {
        all += usize::from(sends(format!("172.16.0.{sender}"), 0).await);
    }
    assert_eq!(all, 200, "a flood of addresses fills ten times the share and no more");
}

async fn what_tells_nothing_is_not_taken(db: TestDatabase) {
    let office = Office::open(&db).await;
    let long = "长".repeat(2_001);
    for (what, expected) in [("", "Wordless"), (" 。！", "Wordless"), (long.as_str(), "Long")] {
        let refused = take(&office.store, &form(what, ""), LIMITS, morning()).await.unwrap_err();
        assert_eq!(format!("{refused:?}"), expected, "{what}");
    }
    assert!(office.tips().await.all().is_empty());
}

async fn t54_a_tip_opens_a_duty_to_verify_and_changes_no_status(db: TestDatabase) {
    let office = Office::open(&db).await;
    office.takes("在饭馆端盘子，秘密", "").await;
    let child = entry(7, VerdictCode::EnrolledLocal);
    let Linked::Case(id) = office.links(1, &child, None).await.unwrap() else { panic!("no case") };
    let case = office.case(id).await;
    assert_eq!((case.trigger, case.judged.what.code), (Trigger::TipOff, child.code));
    assert_eq!((case.accused, case.stage(5)), (None, Stage::Found));
    let owed = duties(&case, &office.rules, case.opened);
    let verify = owed.iter().find(|duty| duty.step.id == "V3").unwrap();
    assert_eq!((verify.by.owed_by.seat, verify.done), (Seat::TownHead, None));
    for event in office.store.case_events_after(0).await.unwrap() {
        assert!(!event.event.body.contains("秘密"), "the words stay with the tip");
    }
    // The same child again, by other words: its open case is told and gets another duty.
    office.takes("看见她在街上", "").await;
    assert_eq!(office.links(2, &child, None).await.unwrap(), Linked::Case(id));
    let case = office.case(id).await;
    let owed = duties(&case, &office.rules, case.last);
    let verify: Vec<_> = owed.iter().filter(|duty| duty.step.id == "V3").collect();
    assert_eq!((case.tips.len(), verify.len()), (1, 2));
    assert_eq!(case.judged.what.code, child.code);
    let twice = office.links(2, &child, None).await;
    assert!(matches!(twice, Err(TipError::State)), "{twice:?}");
}

async fn t54_what_an_informer_left_is_opened_by_two(db: TestDatabase) {
    let office = Office::open(&db).await;
    office.takes("在家带弟弟", "139 0915 7766").await;
    let told = async |account: i64, seconds: i64| {
        let (tips, cases) = (office.tips().await, office.cases().await);
        let desk = office.desk(&tips, &cases, seconds);
        desk.informers(tips.get(1).unwrap(), account).await.unwrap()
    };
    let asks = async |who: (i64, &str), reason: &str| {
        let (tips, cases) = (office.tips().await, office.cases().await);
        office.desk(&tips, &cases, 10).ask_informer(tips.get(1).unwrap(), who, reason).await
    };
    let agrees = async |who: (i64, &str), reason: &str| {
        let (tips, cases) = (office.tips().await, office.cases().await);
        office.desk(&tips, &cases, 20).open_informer(tips.get(1).unwrap(), who, reason).await
    };
    assert!(matches!(agrees(INSPECTOR, "x").await, Err(TipError::State)), "nobody asked");
    assert!(matches!(asks(BUREAU, "  ").await, Err(TipError::Wordless)));
    asks(BUREAU, "需要核对地点").await.unwrap();
    assert_eq!(told(BUREAU.0, 15).await, None, "one person opens nothing");
    assert!(matches!(agrees(BUREAU, "我自己").await, Err(TipError::SamePerson)));
    assert!(matches!(agrees(INSPECTOR, "").await, Err(TipError::Wordless)));
    agrees(INSPECTOR, "同意").await.unwrap();
    for account in [BUREAU.0, INSPECTOR.0] {
        assert_eq!(told(account, 30).await.unwrap(), ["139 0915 7766"]);
    }
    assert_eq!(told(3, 30).await, None, "a third person reads nothing");
    let day = TimeDelta::hours(24).num_seconds() + 30;
    assert_eq!(told(BUREAU.0, day).await, None, "a day later it is closed again");
}

async fn t54_three_untruths_of_one_channel_are_marked_and_open_no_case(db: TestDatabase) {
    let office = Office::open(&db).await;
    let child = entry(7, VerdictCode::EnrolledLocal);
    for (n, contact) in [(1, "13909157766"), (2, "139-0915-7766"), (3, "电话13909157766")] {
        office.takes(&format!("没上学{n}"), contact).await;
        assert!(matches!(office.links(n, &child, None).await.unwrap(), Linked::Case(_)));
        office.answers(n, TipOutcome::Unfounded).await.unwrap();
    }
    let before = office.store.last_case_event().await.unwrap();
    office.takes("还是没上学", "13909157766").await;
    assert_eq!(office.links(4, &child, None).await.unwrap(), Linked::Harassing);
    let tips = office.tips().await;
    assert_eq!(tips.get(4).unwrap().state(), TipState::Harassing);
    assert_eq!(office.store.last_case_event().await.unwrap(), before, "no case hears of it");
    // Of another child, and from another channel, a tip is verified as any other.
    let other = entry(8, VerdictCode::EnrolledLocal);
    office.takes("另一个孩子", "13909157766").await;
    assert!(matches!(office.links(5, &other, None).await.unwrap(), Linked::Case(_)));
    office.takes("亲眼看见", "").await;
    assert!(matches!(office.links(6, &child, None).await.unwrap(), Linked::Case(_)));
    // Somebody who gives a reason has it verified all the same: no child is lost by a mark.
    let despite = office.links(4, &child, Some("邻居也这样说")).await.unwrap();
    assert!(matches!(despite, Linked::Case(_)));
    assert_eq!(office.tips().await.get(4).unwrap().state(), TipState::Verifying);
}

async fn a_tip_that_comes_again_after_its_answer_waits_again(db: TestDatabase) {
    let office = Office::open(&db).await;
    office.takes("在家", "").await;
    office.answers(1, TipOutcome::Unfounded).await.unwrap();
    let again = office.answers(1, TipOutcome::Founded).await;
    assert!(matches!(again, Err(TipError::State)), "{again:?}");
    take(&office.store, &form("在家", ""), LIMITS, later(600)).await.unwrap();
    let tips = office.tips().await;
    assert_eq!(tips.get(1).unwrap().state(), TipState::Again);
}

on_both_engines!(
    t54_the_same_tip_fifty_times_is_one_with_a_count,
    t54_a_flood_fills_no_more_than_its_hour,
    t54_few_who_send_many_keep_nobody_from_telling,
    what_tells_nothing_is_not_taken,
    t54_a_tip_opens_a_duty_to_verify_and_changes_no_status,
    t54_what_an_informer_left_is_opened_by_two,
    t54_three_untruths_of_one_channel_are_marked_and_open_no_case,
    a_tip_that_comes_again_after_its_answer_waits_again,
);
