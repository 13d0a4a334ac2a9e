//! Findings of inspections: a claim that the next run uses, a case, who missed it, and a second person who looks again; and the
//! guardian's objection by the code of a paper.

use std::path::Path;

use baoxue_act::{
    CaseId, Ending, Item, Over, Paper, PaperKind, Refusal, Request, Return, ReturnForm, Rules,
    Service, ServiceProof, Trigger, What, duties,
};
use baoxue_claim::{InspectionFinding, Private, Statement, VerdictCode};
use baoxue_determine::Seat;
use baoxue_flow::{
    County, Entry, Roll,
    cases::{
        self, AbsenceDesk, AbsenceError, AbsenceForm, Away, CaseBook, CaseClock, CaseError,
        Speaker, object_by_code, tell_return,
    },
    child_page, county_beside, derive,
    findings::{
        FindingBook, FindingDesk, FindingError, FindingForm, FindingState, FoundThere, How, Lapse,
        Plan, Subject,
    },
    papers::{
        Besides, Enclosed, FileError, Numbers, Subject as OfCase, Upload, attach, folder,
        is_sealed, serve,
    },
    rule,
    teaching::{Lesson, PlanForm, Registered, teaching_log, tell_plan, tell_visit},
};
use baoxue_store::{CaseAppend, NewCaseEvent, NewPaper, Ruling, Series, Store};

use chrono::NaiveTime;

use crate::common::{TestDatabase, later, morning, on_both_engines};

pub(crate) const INSPECTOR: (i64, &str) = (1, "王督学 ducha");
pub(crate) const TOWN: (i64, &str) = (2, "周干事 zhenban");
const OTHER: (i64, &str) = (3, "李督学 fucha");

pub(crate) struct Room {
    pub(crate) store: Store,
    county: County,
    pub(crate) rules: Rules,
    pub(crate) cases: CaseBook,
}

impl Room {
    pub(crate) async fn open(db: &TestDatabase) -> Self {
        let store = db.store().await;
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/county/county.toml");
        let text = std::fs::read_to_string(&file).unwrap();
        let county = county_beside(&text, &file, chrono::NaiveDate::MIN).unwrap();
        let mut county = county.on("2026-03-02".parse().unwrap()).unwrap();
        // The clock of cases is that of the test, and not of the summer of the example.
        county.act.clock_starts = None;
        let rules = cases::rules(&store, &county).await.unwrap();
        let cases = CaseBook::load(&store).await.unwrap();
        Self { store, county, rules, cases }
    }

    pub(crate) async fn runs(&mut self) -> Roll {
        derive(&self.store, &self.county, later(60), &mut |_| {}).await.unwrap();
        self.cases.refresh(&self.store).await.unwrap();
        Roll::load(&self.store, &self.county.towns).await.unwrap()
    }

    pub(crate) fn desk(&self) -> FindingDesk<'_> {
        FindingDesk {
            store: &self.store,
            county: &self.county,
            cases: &self.cases,
            rules: &self.rules,
            moment: CaseClock::default().moment(morning(), &self.cases),
            now: morning(),
        }
    }

    async fn findings(&self) -> FindingBook {
        FindingBook::load(&self.store).await.unwrap()
    }
}

fn unlisted(name: &str) -> Subject<'_> {
    Subject::Unlisted {
        name,
        birth: "2015-03-05",
        town: "610902104".parse().unwrap(),
        village: "刘营村",
        school: "",
    }
}

pub(crate) fn form(subject: Subject<'_>, found: FoundThere) -> FindingForm<'_> {
    FindingForm {
        subject,
        found,
        how: How::AtHome,
        words: "在家带弟弟，说明天去学校",
        on: morning().date_naive(),
        plan: Plan {
            unit: "五里镇".to_owned(),
            measures: "劝返复学".to_owned(),
            until: later(15 * 86_400).date_naive(),
        },
        photo: None,
    }
}

async fn a_finding_about_a_child_on_no_list_becomes_a_claim_and_a_case(db: TestDatabase) {
    let mut room = Room::open(&db).await;
    let id =
        room.desk().enter(&form(unlisted("王小雨"), FoundThere::Out), INSPECTOR).await.unwrap();
    let book = room.findings().await;
    let entered = &book.get(id).unwrap().entered;
    let [missed] = &entered.missed_by[..] else { panic!("{:?}", entered.missed_by) };
    assert_eq!((missed.source, missed.lapse), (None, Lapse::NotListed), "missed by its town");
    assert_eq!(missed.unit, room.county.towns.get(entered.town.unwrap()).unwrap().name);
    // The row says what was ticked, whatever the inspector's own words sound like.
    let records = room.store.records(&[entered.record]).await.unwrap();
    let said: Vec<_> = records[0].claims.iter().map(|claim| claim.what.clone()).collect();
    let finding = InspectionFinding::OutMissed;
    assert_eq!(said, [Statement::Inspection { finding, seen: true }]);
    assert_eq!(room.store.last_case_event().await.unwrap(), 0, "no run has said who it is");
    let roll = room.runs().await;
    let child = *book.children(&room.store, &roll).await.unwrap().get(&id).unwrap();
    let found = roll.entry(child).unwrap();
    assert!(found.code.accuses() && found.confirmed, "{:?}", found.code);
    let cases: Vec<_> = room.cases.of_child(child).collect();
    assert_eq!(cases.len(), 1);
    assert_eq!(cases[0].case.trigger, Trigger::Inspection);
    // The next run finds it known.
    room.runs().await;
    assert_eq!(room.cases.of_child(child).count(), 1);
}

async fn a_finding_about_a_listed_child_joins_it_and_tells_its_case(db: TestDatabase) {
    let mut room = Room::open(&db).await;
    room.desk().enter(&form(unlisted("王小雨"), FoundThere::Out), INSPECTOR).await.unwrap();
    let roll = room.runs().await;
    let entry = roll.entries().first().unwrap().clone();
    let n = room.cases.of_child(entry.child).next().unwrap().events.len();
    let again = form(Subject::Known(&entry), FoundThere::In);
    let again = FindingForm { how: How::AtSchool, words: "在五年级二班上课", ..again };
    let id = room.desk().enter(&again, INSPECTOR).await.unwrap();
    let stored = Roll::load(&room.store, &room.county.towns).await.unwrap();
    assert_eq!(stored.entry(entry.child).unwrap().code, entry.code, "it moves nothing by itself");
    room.cases.refresh(&room.store).await.unwrap();
    assert_eq!(room.cases.of_child(entry.child).next().unwrap().events.len(), n + 1, "it is told");
    let roll = room.runs().await;
    let joined =
        *room.findings().await.children(&room.store, &roll).await.unwrap().get(&id).unwrap();
    assert_eq!((joined, roll.entries().len()), (entry.child, 1), "one child");
    assert_ne!(roll.entry(joined).unwrap().code, VerdictCode::NeverEnrolled);
    let twice = room.desk().enter(&again, INSPECTOR).await;
    assert!(matches!(twice, Err(FindingError::Again)), "{twice:?}");
}

/// Two rows that somebody rules to be one child: what was asked in one case is owed in the other.
async fn two_cases_of_one_child_go_on_as_one_with_what_was_open_in_both(db: TestDatabase) {
    let mut room = Room::open(&db).await;
    for name in ["王小雨", "李大山"] {
        room.desk().enter(&form(unlisted(name), FoundThere::Out), INSPECTOR).await.unwrap();
    }
    let roll = room.runs().await;
    let cases: Vec<CaseId> = room.cases.open().map(|file| file.case.id).collect();
    assert_eq!((roll.entries().len(), cases.len()), (2, 2));
    let now = CaseClock::default().moment(later(120), &room.cases);
    for (case, words) in cases.iter().zip(["甲厂", "乙厂"]) {
        let (department, task) = ("labour".to_owned(), "child_at_work".to_owned());
        let within = "24 hours".parse().unwrap();
        let words = words.to_owned();
        let asked = What::Asked(Request { request: 1, department, task, within, words });
        let asked = (*case, TOWN.1, asked);
        cases::record(&room.store, &room.cases, &room.rules, asked, now).await.unwrap();
        room.cases.refresh(&room.store).await.unwrap();
    }
    let book = room.findings().await;
    let rows: Vec<_> = book.all().iter().map(|finding| finding.entered.record).collect();
    let why = ("同一人", "局甲", later(180));
    rule(&room.store, Some(Ruling::MustLink), (rows[0], rows[1]), why).await.unwrap();
    let roll = room.runs().await;
    assert_eq!(roll.entries().len(), 1, "one child");
    let ended: Vec<_> = room.cases.all().filter_map(|file| file.case.over.as_ref()).collect();
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0].what, Over::Ended(Ending::Merged));
    let open: Vec<_> = room.cases.open().collect();
    let asked = open[0].case.requests.iter().map(|request| &request.asked.what);
    let asked: Vec<_> = asked.map(|asked| (asked.request, asked.words.as_str())).collect();
    assert_eq!((open.len(), asked.len()), (1, 2), "{asked:?}");
    assert!(asked.iter().any(|of| of.1 == "甲厂") && asked.iter().any(|of| of.1 == "乙厂"));
    assert_ne!(asked[0].0, asked[1].0, "each has a number of its own");
    // The run after it says nothing new.
    let n = room.store.last_case_event().await.unwrap();
    room.runs().await;
    assert_eq!(room.store.last_case_event().await.unwrap(), n);
}

async fn a_finding_told_to_an_open_case_starts_its_clock_once_however_it_is_told(db: TestDatabase) {
    let mut room = Room::open(&db).await;
    room.desk().enter(&form(unlisted("王小雨"), FoundThere::Out), INSPECTOR).await.unwrap();
    let roll = room.runs().await;
    let entry = roll.entries().first().unwrap().clone();
    let told = |room: &Room| {
        let file = room.cases.of_child(entry.child).next().unwrap();
        let found = file.case.inspected.iter();
        let found: Vec<_> = found.map(|told| (told.what.finding, told.what.out)).collect();
        let now = CaseClock::default().moment(later(86_400), &room.cases);
        let clocks = duties(&file.case, &room.rules, now);
        (found, clocks.iter().filter(|duty| duty.step.id == "V5").count())
    };
    // A child on no list: the run that finds out who it is tells its case of the finding that opened it, and no run again.
    let first = told(&room);
    assert_eq!((first.0.len(), first.0[0].1, first.1), (1, true, 1));
    room.runs().await;
    assert_eq!(told(&room), first, "a run tells nothing twice");
    // The open case hears of the next one at once, and the run after it says nothing new.
    let again = form(Subject::Known(&entry), FoundThere::Out);
    let again = FindingForm { words: "还是在家", ..again };
    let id = room.desk().enter(&again, INSPECTOR).await.unwrap();
    room.cases.refresh(&room.store).await.unwrap();
    let second = told(&room);
    assert_eq!((second.0.last(), second.1), (Some(&(id, true)), 2));
    room.runs().await;
    assert_eq!(told(&room), second);
    // Seen in class: in the timeline, without a clock.
    let seen = form(Subject::Known(&entry), FoundThere::In);
    let seen = FindingForm { how: How::AtSchool, words: "在五年级二班上课", ..seen };
    let id = room.desk().enter(&seen, INSPECTOR).await.unwrap();
    room.cases.refresh(&room.store).await.unwrap();
    let third = told(&room);
    assert_eq!((third.0.last(), third.1), (Some(&(id, false)), 2));
}

async fn whoever_entered_or_rectified_a_finding_does_not_close_it(db: TestDatabase) {
    let room = Room::open(&db).await;
    let id =
        room.desk().enter(&form(unlisted("王小雨"), FoundThere::Out), INSPECTOR).await.unwrap();
    let state = async || room.findings().await.get(id).unwrap().state;
    let rechecks = async |who, passed| {
        let book = room.findings().await;
        room.desk().recheck(book.get(id).unwrap(), who, (passed, "看过了")).await
    };
    let rectifies = async |who| {
        let book = room.findings().await;
        room.desk().rectify(book.get(id).unwrap(), who, "已送回学校").await
    };
    assert!(matches!(rechecks(OTHER, true).await, Err(FindingError::State)), "nobody reported");
    rectifies(TOWN).await.unwrap();
    assert_eq!(state().await, FindingState::Rectified);
    for who in [INSPECTOR, TOWN] {
        let refused = rechecks(who, true).await;
        assert!(matches!(refused, Err(FindingError::SamePerson)), "{refused:?}");
    }
    rechecks(OTHER, false).await.unwrap();
    assert_eq!(state().await, FindingState::Open, "sent back");
    rectifies(TOWN).await.unwrap();
    rechecks(OTHER, true).await.unwrap();
    assert_eq!(state().await, FindingState::Closed);
    assert!(matches!(rectifies(TOWN).await, Err(FindingError::State)));
}

async fn a_finding_that_cannot_be_is_refused_and_leaves_nothing(db: TestDatabase) {
    let room = Room::open(&db).await;
    let good = || form(unlisted("王小雨"), FoundThere::Out);
    let tomorrow = FindingForm { on: later(86_400).date_naive(), ..good() };
    let mut backwards = good();
    backwards.plan.until = "2026-03-01".parse().unwrap();
    let nameless = form(unlisted("  "), FoundThere::Out);
    let wordless = FindingForm { words: " ", ..good() };
    for (form, expected) in
        [(tomorrow, "Day"), (backwards, "Day"), (nameless, "Wordless"), (wordless, "Wordless")]
    {
        let refused = room.desk().enter(&form, INSPECTOR).await.unwrap_err();
        assert_eq!(format!("{refused:?}"), expected);
    }
    // What is no name makes no row; its batch is taken back.
    let odd = room.desk().enter(&form(unlisted("合计"), FoundThere::Out), INSPECTOR).await;
    assert!(matches!(odd, Err(FindingError::Row(..))), "{odd:?}");
    assert!(room.store.live_records().await.unwrap().is_empty());
    assert!(room.findings().await.all().is_empty());
}

const CODE: &str = "23456789ABCD";

/// A paper of the case with that code, as issuing leaves it.
async fn with_paper(room: &mut Room, id: CaseId) {
    let file = room.cases.get(id).unwrap();
    let (child, position) = (file.case.child, u32::try_from(file.events.len()).unwrap());
    let issued = What::Issued(Paper {
        paper: 1,
        kind: PaperKind::EntryNotice,
        number: "五里镇〔2026〕1号".to_owned(),
        issuer: file.case.place.holder(Seat::TownHead),
        on: later(0).date_naive(),
        until: None,
        hash: String::new(),
        code: CODE.to_owned(),
    });
    let body = serde_json::to_string(&issued).unwrap();
    let events = vec![NewCaseEvent { at: later(90), by: "局".to_owned(), body }];
    let append = CaseAppend { case: Some(id.0), child, position, known: 0, events };
    let series = Series { issuer: "town/610902104".to_owned(), year: 2026 };
    let paper = NewPaper {
        series,
        number: 1,
        case: id.0,
        paper: 1,
        code: CODE.to_owned(),
        hash: [0; 32],
        pdf: b"%PDF".to_vec(),
        at: later(90),
    };
    room.store.issue_paper(&paper, vec![append]).await.unwrap();
    room.cases.refresh(&room.store).await.unwrap();
}

async fn t53_a_guardian_objects_by_the_code_of_a_paper(db: TestDatabase) {
    let mut room = Room::open(&db).await;
    room.desk().enter(&form(unlisted("王小雨"), FoundThere::Out), INSPECTOR).await.unwrap();
    room.runs().await;
    let id = room.cases.all().next().unwrap().case.id;
    with_paper(&mut room, id).await;
    let objects = async |room: &Room, code: &str, words: &str| {
        let now = CaseClock::default().moment(later(120), &room.cases);
        let desk = (&room.cases, &room.rules);
        object_by_code(&room.store, desk, (code, words, None), now).await
    };
    assert!(
        matches!(objects(&room, "ZZZZZZZZZZZZ", "在外地上学").await, Ok(None)),
        "no such paper"
    );
    let wordless = objects(&room, CODE, " ").await;
    assert!(matches!(wordless, Err(CaseError::Refused(Refusal::Wordless))));
    assert!(objects(&room, "2345-6789-abcd", "在外地上学").await.unwrap().is_some());
    room.cases.refresh(&room.store).await.unwrap();
    let case = &room.cases.get(id).unwrap().case;
    let raised = &case.open_objection().unwrap().raised;
    assert_eq!((raised.what.as_str(), raised.by.contains("〔2026〕1号")), ("在外地上学", true));
    let twice = objects(&room, CODE, "再说一次").await;
    assert!(matches!(twice, Err(CaseError::Refused(Refusal::Done))), "one at a time");
}

/// A picture as a telephone makes it: of one colour.
pub(crate) fn photo() -> Upload {
    Upload { media: "image/jpeg", bytes: b"synthetic picture".to_vec() }
}

/// The files of a case as its events name them, with the bytes that the store has of each.
async fn kept(room: &Room, id: CaseId) -> Vec<(String, Vec<u8>)> {
    let mut kept = Vec::new();
    for file in &room.cases.get(id).unwrap().case.attached {
        let stored = room.store.case_file(&file.what.key).await.unwrap().unwrap();
        assert_eq!(stored.case, id.0);
        kept.push((file.what.words.clone(), stored.bytes));
    }
    kept
}

async fn a_photograph_of_a_finding_is_kept_in_the_case_or_nothing_is_recorded(db: TestDatabase) {
    let mut room = Room::open(&db).await;
    let nowhere =
        FindingForm { photo: Some(photo()), ..form(unlisted("王小雨"), FoundThere::Out) };
    let refused = room.desk().enter(&nowhere, INSPECTOR).await;
    assert!(matches!(refused, Err(FindingError::NoCase)), "{refused:?}");
    assert!(room.findings().await.all().is_empty());
    assert!(room.store.live_records().await.unwrap().is_empty());
    room.desk().enter(&form(unlisted("王小雨"), FoundThere::Out), INSPECTOR).await.unwrap();
    let roll = room.runs().await;
    let entry = roll.entries().first().unwrap().clone();
    let id = room.cases.of_child(entry.child).next().unwrap().case.id;
    let seen = FindingForm {
        photo: Some(photo()),
        words: "仍在家",
        ..form(Subject::Known(&entry), FoundThere::Out)
    };
    // Somebody writes into the case meanwhile: the finding tells it all the same, once.
    let words = "电话联系".to_owned();
    let (of, now) = ((&room.cases, &room.rules), room.desk().moment);
    let noted = (id, TOWN.1, What::Noted { words });
    cases::record(&room.store, of.0, of.1, noted, now).await.unwrap();
    room.desk().enter(&seen, INSPECTOR).await.unwrap();
    room.cases.refresh(&room.store).await.unwrap();
    let files = kept(&room, id).await;
    let [(words, bytes)] = &files[..] else { panic!("{files:?}") };
    assert!(words.contains("督查照片") && *bytes == photo().bytes);
    let events = &room.cases.get(id).unwrap().events;
    let told =
        |part: &str| events.iter().filter(|e| format!("{:?}", e.what).contains(part)).count();
    assert_eq!((told("电话联系"), told("仍在家")), (1, 1));
}

async fn the_picture_of_a_service_is_kept_with_it_or_neither(db: TestDatabase) {
    let mut room = Room::open(&db).await;
    room.desk().enter(&form(unlisted("王小雨"), FoundThere::Out), INSPECTOR).await.unwrap();
    room.runs().await;
    let id = room.cases.all().next().unwrap().case.id;
    with_paper(&mut room, id).await;
    let serves = async |room: &Room, receiver: &str| {
        let service = Service {
            paper: 1,
            on: later(120).date_naive(),
            by: "周干事".to_owned(),
            proof: ServiceProof::Signed { receiver: receiver.to_owned() },
            file: None,
        };
        let now = CaseClock::default().moment(later(120), &room.cases);
        let of = (&room.store, &room.cases, &room.rules);
        serve(of, id, (photo(), service), TOWN.1, now).await
    };
    let before = room.store.last_case_event().await.unwrap();
    let wordless = serves(&room, " ").await;
    assert!(matches!(wordless, Err(FileError::Case(CaseError::Refused(Refusal::Wordless)))));
    assert_eq!(room.store.last_case_event().await.unwrap(), before, "no file and no service");
    serves(&room, "监护人").await.unwrap();
    // The same once more, from a page that has not seen it.
    let moved = serves(&room, "监护人").await;
    assert!(matches!(moved, Err(FileError::Case(CaseError::Flow(_)))), "{moved:?}");
    room.cases.refresh(&room.store).await.unwrap();
    let files = kept(&room, id).await;
    let [(words, bytes)] = &files[..] else { panic!("{files:?}") };
    assert!(words.contains("〔2026〕1号") && *bytes == photo().bytes);
    let case = &room.cases.get(id).unwrap().case;
    let named = case.paper(1).unwrap().served.as_ref().unwrap().what.file.clone();
    assert_eq!(named, Some(case.attached[0].what.key.clone()));
}

async fn t23_a_folder_has_whole_numbers_for_who_may_see_them_only(db: TestDatabase) {
    const NUMBER: &str = "11010519491231002X";
    let mut room = Room::open(&db).await;
    room.desk().enter(&form(unlisted("王小雨"), FoundThere::Out), INSPECTOR).await.unwrap();
    let roll = room.runs().await;
    let id = room.cases.all().next().unwrap().case.id;
    assert!(!is_sealed(&room.cases.get(id).unwrap().case), "nothing is kept back from anybody");
    // Of a paper whose draft is not known it is not known what stands on it.
    with_paper(&mut room, id).await;
    let now = CaseClock::default().moment(later(120), &room.cases);
    let noted = (id, TOWN.1, What::Noted { words: format!("监护人 {NUMBER}") });
    cases::record(&room.store, &room.cases, &room.rules, noted, now).await.unwrap();
    room.cases.refresh(&room.store).await.unwrap();
    let of = (&room.store, &room.cases, &room.rules);
    let card = (photo(), Item::Identity, "身份证复印件");
    attach(of, id, card, TOWN.1, now).await.unwrap();
    room.cases.refresh(&room.store).await.unwrap();
    let file = room.cases.get(id).unwrap();
    let page = child_page(&room.store, &room.county, &roll, file.case.child).await.unwrap();
    let speaker = Speaker { rules: &room.rules, towns: &room.county.towns, zh: true };
    let (case, profile, county) = (&file.case, &page.profile, &room.county);
    let subject = OfCase { case, profile, county, speaker, now };
    assert!(is_sealed(case));
    for (numbers, n_kept) in [(Numbers::Covered, 2), (Numbers::Whole, 0)] {
        let besides = Besides { letters: &[], teaching: None, aid: &[] };
        let told = (file.events.as_slice(), besides);
        let made = folder(&room.store, &subject, told, numbers, "某人").await.unwrap();
        let mut kept = 0;
        let mut bound = 0;
        for sheet in &made.items {
            match &sheet.enclosed {
                Enclosed::Text(lines) => assert!(!lines.join("").contains(NUMBER), "{lines:?}"),
                Enclosed::Elsewhere(_) => kept += 1,
                Enclosed::Pdf(_) | Enclosed::Picture(_) => bound += 1,
            }
        }
        assert_eq!((kept, bound), (n_kept, 2 - n_kept), "{numbers:?}");
    }
}

async fn a_return_that_the_school_registers_is_its_word_in_the_next_run(db: TestDatabase) {
    let mut room = Room::open(&db).await;
    room.desk().enter(&form(unlisted("王小雨"), FoundThere::Out), INSPECTOR).await.unwrap();
    let roll = room.runs().await;
    let child = room.cases.all().next().unwrap().case.child;
    assert!(roll.entry(child).unwrap().code.accuses());
    room.county = room.county.on("2026-03-05".parse().unwrap()).unwrap();
    let (on, school) = ("2026-03-04".parse().unwrap(), "五里镇初级中学".to_owned());
    let back = Return { on, school, class: None, form: ReturnForm::OtherClass };
    for is_new in [true, false] {
        let of = (&room.county, &roll);
        let by = ("校长 xiaozhang", later(3 * 86_400));
        assert_eq!(tell_return(&room.store, of, (child, &back), by).await.unwrap(), is_new);
    }
    let roll = room.runs().await;
    let [known] = roll.entries() else { panic!("one child, not {}", roll.entries().len()) };
    assert!(!known.code.accuses(), "{:?}", known.code);
    let case = &room.cases.of_child(known.child).next().unwrap().case;
    assert!(!case.judged.what.code.accuses(), "its case heard it");
}

async fn a_visit_that_the_school_registers_is_a_row_of_its_log(db: TestDatabase) {
    let mut room = Room::open(&db).await;
    room.desk().enter(&form(unlisted("王小雨"), FoundThere::Out), INSPECTOR).await.unwrap();
    let roll = room.runs().await;
    let child = room.cases.all().next().unwrap().case.child;
    let on = "2026-03-01".parse().unwrap();
    room.county = room.county.on("2026-03-05".parse().unwrap()).unwrap();
    let lesson = Lesson {
        school: "五里镇初级中学".to_owned(),
        on,
        teachers: "李芳".to_owned(),
        periods: 2,
        contents: "儿歌".to_owned(),
        signed: true,
        next: None,
        from: NaiveTime::from_hms_opt(9, 0, 0),
        to: NaiveTime::from_hms_opt(10, 30, 0),
    };
    let by = ("校长 xiaozhang", later(3 * 86_400));
    for expected in [Registered::New, Registered::Again] {
        let of = (&room.county, &roll);
        let told = tell_visit(&room.store, of, (child, &lesson), by).await.unwrap();
        assert_eq!(told, expected);
    }
    let roll = room.runs().await;
    let [known] = roll.entries() else { panic!("one child, not {}", roll.entries().len()) };
    let page = child_page(&room.store, &room.county, &roll, known.child).await.unwrap();
    let log = teaching_log(&page, &room.county).unwrap();
    let [visit] = log.visits.as_slice() else { panic!("{:?}", log.visits) };
    assert_eq!((visit.on, visit.visit.periods, log.periods), (on, Some(2), 2));
    assert_eq!((visit.visit.from, visit.visit.to), (lesson.from, lesson.to));
    // Visits alone make nobody a child taught at home: the registry must say so.
    assert_eq!((log.state, log.due), (None, None));
    assert_eq!(known.visit_due, None);
}

async fn a_plan_that_the_school_makes_is_a_row_of_its_log_and_the_newest_holds(db: TestDatabase) {
    let mut room = Room::open(&db).await;
    room.desk().enter(&form(unlisted("王小雨"), FoundThere::Out), INSPECTOR).await.unwrap();
    let roll = room.runs().await;
    let child = room.cases.all().next().unwrap().case.child;
    room.county = room.county.on("2026-03-05".parse().unwrap()).unwrap();
    let plan = |per_month, on: &str| PlanForm::Plan {
        on: on.parse().unwrap(),
        teachers: "李芳、王强".to_owned(),
        per_month,
        contents: "生活自理、认数".to_owned(),
        assessed: "2026-02-20".parse().ok(),
        consented: None,
    };
    let (on, words) = ("2026-03-04".parse().unwrap(), "能自己穿衣".to_owned());
    let forms = [plan(2, "2026-03-01"), plan(4, "2026-03-02"), PlanForm::Evaluation { on, words }];
    for form in &forms {
        for expected in [Registered::New, Registered::Again] {
            let (of, by) = ((&room.county, &roll), ("校长 xiaozhang", later(3 * 86_400)));
            let told = (child, "五里镇初级中学", form);
            assert_eq!(tell_plan(&room.store, of, told, by).await.unwrap(), expected);
        }
    }
    let roll = room.runs().await;
    let [known] = roll.entries() else { panic!("one child, not {}", roll.entries().len()) };
    let page = child_page(&room.store, &room.county, &roll, known.child).await.unwrap();
    let log = teaching_log(&page, &room.county).unwrap();
    let planned = log.plan().unwrap();
    assert_eq!((planned.plan.per_month, planned.on.to_string()), (Some(4), "2026-03-02".into()));
    assert_eq!(planned.plan.assessed, "2026-02-20".parse().ok());
    assert_eq!(log.plans.len(), 3, "the older plan stays");
    let said: Vec<_> = log.evaluations().map(|told| told.plan.evaluated.clone().unwrap()).collect();
    assert_eq!(said, [Private::new("能自己穿衣")]);
    assert!(log.visits.is_empty() && !known.home_teaching, "a plan is no visit and no roll");
}

fn absence(since: &str, away: Away) -> AbsenceForm<'static> {
    AbsenceForm { since: since.parse().unwrap(), away, words: "电话没人接" }
}

async fn an_absence_is_the_schools_word_about_one_pupil_and_opens_its_case(db: TestDatabase) {
    let mut room = Room::open(&db).await;
    for (name, birth) in [("王小雨", "2012-03-05"), ("刘大山", "2012-08-09")] {
        let (town, village) = ("610902104".parse().unwrap(), "刘营村");
        let school = "五里镇初级中学";
        let pupil = Subject::Unlisted { name, birth, town, village, school };
        let seen = FindingForm { how: How::AtSchool, ..form(pupil, FoundThere::In) };
        room.desk().enter(&seen, INSPECTOR).await.unwrap();
    }
    let roll = room.runs().await;
    let [one, other] = [0, 1].map(|at| roll.entries()[at].clone());
    room.county = room.county.on("2026-04-20".parse().unwrap()).unwrap();
    let told = async |room: &Room, entry: &Entry, form, days: i64| {
        let now = later(days * 86_400);
        let desk = AbsenceDesk {
            store: &room.store,
            county: &room.county,
            roll: &roll,
            cases: &room.cases,
            rules: &room.rules,
            moment: CaseClock::default().moment(now, &room.cases),
            now,
        };
        desk.tell(entry, form, "班主任 banzhuren").await
    };
    // A day to come, a day of last year, a day without lessons: nothing is recorded.
    for since in ["2026-04-01", "2025-03-01"] {
        let refused = told(&room, &one, absence(since, Away::Truant), 28).await;
        assert!(matches!(refused, Err(AbsenceError::Day)), "{since}");
    }
    assert_eq!(room.store.last_case_event().await.unwrap(), 0);
    let truant = absence("2026-03-23", Away::Truant);
    assert_eq!(told(&room, &one, truant, 28).await.unwrap(), 6, "Monday to Monday");
    room.cases.refresh(&room.store).await.unwrap();
    let case = &room.cases.of_child(one.child).next().unwrap().case;
    assert_eq!(case.trigger, Trigger::Absence { since: truant.since });
    let steps =
        duties(case, &room.rules, CaseClock::default().moment(later(28 * 86_400), &room.cases));
    assert!(steps.iter().any(|duty| duty.by.owed_by.seat == Seat::Teacher), "call the guardian");
    // Sent twice it is told once.
    let events = room.store.last_case_event().await.unwrap();
    told(&room, &one, truant, 28).await.unwrap();
    assert_eq!(room.store.last_case_event().await.unwrap(), events);
    // Leave is the school's word and opens no case; and of the first pupil, who is not on that list, it says nothing.
    told(&room, &other, absence("2026-04-08", Away::Ill), 38).await.unwrap();
    room.cases.refresh(&room.store).await.unwrap();
    assert_eq!(room.cases.of_child(other.child).count(), 0);
    let roll = room.runs().await;
    assert!(
        roll.entry(one.child).unwrap().code.accuses(),
        "{:?}",
        roll.entry(one.child).unwrap().code
    );
    assert!(!roll.entry(other.child).unwrap().code.accuses());
}

on_both_engines!(
    an_absence_is_the_schools_word_about_one_pupil_and_opens_its_case,
    a_finding_about_a_child_on_no_list_becomes_a_claim_and_a_case,
    a_finding_about_a_listed_child_joins_it_and_tells_its_case,
    two_cases_of_one_child_go_on_as_one_with_what_was_open_in_both,
    a_photograph_of_a_finding_is_kept_in_the_case_or_nothing_is_recorded,
    the_picture_of_a_service_is_kept_with_it_or_neither,
    t23_a_folder_has_whole_numbers_for_who_may_see_them_only,
    a_finding_told_to_an_open_case_starts_its_clock_once_however_it_is_told,
    whoever_entered_or_rectified_a_finding_does_not_close_it,
    a_finding_that_cannot_be_is_refused_and_leaves_nothing,
    t53_a_guardian_objects_by_the_code_of_a_paper,
    a_return_that_the_school_registers_is_its_word_in_the_next_run,
    a_visit_that_the_school_registers_is_a_row_of_its_log,
    a_plan_that_the_school_makes_is_a_row_of_its_log_and_the_newest_holds,
);
