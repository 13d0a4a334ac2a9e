//! What is appended comes back, all of it or none.

use std::time::Duration;

use baoxue_claim::{
    Absence, AidKind, AidPaid, BatchId, Birth, Cause, Certificate, Claim, Deferral, DeferralKind,
    Departure, Doubt, Enrolment, EnrolmentStatus, Grade, Guardian, IdMention, InspectionFinding,
    Leave, LeaveKind, Ledgered, Name, Noted, Person, Place, Private, Record, RecordId, SchoolTerm,
    Sex, Source, Statement, StudyMode, SurveyFinding, Transfer,
};
use baoxue_store::{BatchState, Disposition, NewRow, StoreError};
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};

use crate::common::{
    TestDatabase, aside, batch, child, children, day, instant, is_inconsistent, on_both_engines,
    record, rejected, row_of, tables_are_empty,
};

/// Any text, quotes, NUL and rare characters among it.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[\u{4e00}-\u{9fff}·]{1,6}",
        "[0-9Xx*]{15,18}",
        Just("\0'\"$1?\\".to_owned())
    ]
}

fn private() -> impl Strategy<Value = Private> {
    text().prop_map(Private::new)
}

fn name() -> impl Strategy<Value = Option<Name>> {
    text().prop_map(|text| Name::read(&text).map(|(name, _)| name))
}

fn id() -> impl Strategy<Value = Option<IdMention>> {
    prop_oneof![
        text(),
        Just("11010519491231002X".to_owned()),
        Just("6.10902200809087e+17".to_owned())
    ]
    .prop_map(|text| IdMention::read(&text).map(|(id, _)| id))
}

fn place() -> impl Strategy<Value = Place> {
    (
        any::<bool>(),
        proptest::option::of(text()),
        any::<Option<u8>>(),
        proptest::option::of(private()),
    )
        .prop_map(|(town, village, group, text)| Place {
            town: town.then(|| "610902104".parse().unwrap()),
            village,
            group,
            text,
        })
}

fn guardian() -> impl Strategy<Value = Guardian> {
    (name(), id(), proptest::option::of(text()), proptest::collection::vec(private(), 0..3))
        .prop_map(|(name, id, relation, phones)| Guardian { name, id, relation, phones })
}

fn person() -> impl Strategy<Value = Person> {
    let birth = prop_oneof![
        Just(None),
        Just(Some(Birth::Day(day("2009-02-28")))),
        Just(Some(Birth::Month(2009, 3))),
        Just(Some(Birth::Year(2010))),
    ];
    let numbers =
        (proptest::option::of(Just("G11010519491231002X")), proptest::option::of(private()));
    let school = (proptest::option::of(text()), any::<u8>(), proptest::option::of(text()));
    (
        (name(), name(), id(), birth, any::<bool>()),
        (proptest::collection::vec(guardian(), 0..3), proptest::collection::vec(private(), 0..3)),
        (place(), place()),
        numbers,
        school,
    )
        .prop_map(|(who, contact, places, numbers, school)| Person {
            name: who.0,
            former_name: who.1,
            id: who.2,
            birth: who.3,
            sex: who.4.then_some(Sex::Male),
            guardians: contact.0,
            phones: contact.1,
            registered_at: places.0,
            lives_at: places.1,
            student_number: numbers.0.map(|number| number.parse().unwrap()),
            household: numbers.1,
            school: school.0,
            grade: Grade::new(school.1),
            class: school.2,
            ..Person::default()
        })
}

fn paid() -> AidPaid {
    AidPaid {
        aid: AidKind::BoardingLiving,
        term: Some(SchoolTerm { year: 2019, autumn: false }),
        fen: Some(62_500),
        on: Some(day("2019-05-15")),
        mode: None,
    }
}

fn absence(days: Option<u32>) -> Absence {
    Absence {
        until: day("2019-05-31"),
        since: None,
        days,
        school_days: days.map(|days| days / 2),
        persuasions: None,
        returned: false,
        returned_on: Some(day("2019-06-03")),
        no_show: days.is_none(),
        school: None,
        cause: Some(Cause::Illness),
    }
}

fn statement() -> impl Strategy<Value = Statement> {
    let period = Some((day("2019-03-01"), day("2020-02-29")));
    prop_oneof![
        Just(Statement::Registered),
        Just(Statement::TipOff),
        text().prop_map(|school| Statement::Survey {
            finding: SurveyFinding::InSchoolElsewhere { school, grade: Grade::new(6) },
        }),
        Just(Statement::Survey { finding: SurveyFinding::Out { cause: None } }),
        any::<bool>()
            .prop_map(|seen| Statement::Inspection { finding: InspectionFinding::OutMissed, seen }),
        proptest::option::of(text()).prop_map(move |approver| Statement::Leave(Leave {
            kind: LeaveKind::SickLeave,
            period,
            approved: Some(true),
            approver,
            school: None,
            diagnosed: None,
        })),
        Just(Statement::Deferral(Deferral {
            kind: DeferralKind::Exemption,
            period,
            approved: None,
            document: None,
            diagnosed: None,
        })),
        any::<Option<u32>>().prop_map(|days| Statement::Absence(absence(days))),
        text().prop_map(|whereabouts| Statement::Ledger(Ledgered {
            school: Some(whereabouts),
            since: Some("2018年秋".to_owned()),
            cause: None,
            whereabouts: SurveyFinding::NeverEnrolled,
            persuasions: Some(2),
        })),
        (text(), text()).prop_map(|(school, kind)| Statement::Enrolment(Enrolment {
            school,
            grade: None,
            status: EnrolmentStatus::Left,
            mode: Some(StudyMode::HomeTeaching),
            transfer: Some(Transfer { kind, on: None, school: None }),
        })),
        any::<Option<bool>>().prop_map(|sealed| Statement::Certificate(Certificate {
            school: None,
            place: Some("义乌".to_owned()),
            issued: None,
            until: sealed.map(|_| day("2019-07-31")),
            sealed,
            verified: sealed,
            verified_how: None,
        })),
        Just(Statement::Departure(Departure::Dead { on: Some(day("2018-01-31")) })),
        Just(Statement::Poverty { grade: None, out: true }),
        Just(Statement::Disability { category: None, grade: Some(2), in_school: Some(false) }),
        Just(Statement::Aid(paid())),
    ]
}

fn claim() -> impl Strategy<Value = Claim> {
    (statement(), proptest::option::of(private())).prop_map(|(what, words)| Claim {
        what,
        on: day("2019-08-25"),
        words,
    })
}

/// Any record; its number is given later.
fn any_record() -> impl Strategy<Value = Record> {
    let source = proptest::sample::select(Source::ALL.to_vec());
    let doubts = proptest::collection::vec((any::<u32>(), private()), 0..3);
    let review = proptest::option::of(text());
    (person(), proptest::collection::vec(claim(), 0..5), source, doubts, review).prop_map(
        |(person, claims, source, doubts, review_only)| {
            let mut record = record(0, person, claims);
            record.source = source;
            record.town = record.town.filter(|_| doubts.is_empty());
            record.doubts = doubts
                .into_iter()
                .map(|(column, raw)| Noted { doubt: Doubt::TextGarbled, column, raw })
                .collect();
            record.review_only = review_only;
            record
        },
    )
}

fn numbered(mut record: Record, ordinal: u32) -> Record {
    record.id = RecordId(i64::from(ordinal));
    record.origin.row = ordinal + 2;
    record
}

fn stored(records: &[Record], batch: BatchId) -> Vec<Record> {
    let stored = |record: &Record| Record { id: record.id.in_batch(batch), ..record.clone() };
    records.iter().map(stored).collect()
}

async fn any_record_comes_back_as_it_was(db: TestDatabase) {
    let store = db.open().await;
    let mut runner = TestRunner::deterministic();
    let mut expected = Vec::new();
    for file in 0..12 {
        let strategy = proptest::collection::vec(any_record(), 0..30);
        let records = strategy.new_tree(&mut runner).unwrap().current();
        let records: Vec<Record> =
            records.into_iter().zip(0..).map(|(r, n)| numbered(r, n)).collect();
        let rows = records.iter().cloned().map(row_of).collect();
        let id = store.append_batch(batch(file, rows)).await.unwrap();
        assert_eq!(id, BatchId(u32::from(file) + 1));
        expected.extend(stored(&records, id));
    }
    assert_eq!(store.live_records().await.unwrap(), expected);
    assert_eq!(db.open().await.live_records().await.unwrap(), expected, "after opening again");
}

async fn more_rows_than_a_page_come_back_in_order(db: TestDatabase) {
    let store = db.open().await;
    for (file, n) in [(1, 4096), (2, 9001), (3, 0), (4, 1)] {
        store.append_batch(children(file, n)).await.unwrap();
    }
    let records = store.live_records().await.unwrap();
    assert_eq!(records.len(), 4096 + 9001 + 1);
    assert!(records.is_sorted_by(|a, b| a.id < b.id));
    assert!(records.iter().all(|record| record.claims.len() == 2));
    let last = records.last().unwrap();
    assert_eq!(last.id, RecordId::new(BatchId(4), 0));
    assert_eq!(store.rows().await.unwrap().len(), records.len() + 4);
    assert_eq!(store.batch_rows(BatchId(2)).await.unwrap().len(), 9002);
}

async fn rows_come_back_with_what_became_of_them(db: TestDatabase) {
    let store = db.open().await;
    let rows =
        vec![aside(1, "title"), row_of(child(0)), rejected(3), row_of(child(2)), aside(5, "total")];
    let id = store.append_batch(batch(1, rows)).await.unwrap();

    let lines = store.rows().await.unwrap();
    let of: Vec<(u32, Disposition, Option<RecordId>)> =
        lines.iter().map(|line| (line.row, line.disposition.clone(), line.record)).collect();
    assert_eq!(
        of,
        [
            (1, Disposition::aside("title"), None),
            (2, Disposition::Record, Some(RecordId::new(id, 0))),
            (3, Disposition::Rejected, None),
            (4, Disposition::Record, Some(RecordId::new(id, 2))),
            (5, Disposition::aside("total"), None),
        ]
    );
    let rejects = store.rejects(id).await.unwrap();
    assert_eq!(rejects.len(), 1);
    assert_eq!((rejects[0].row, &rejects[0].cells), (3, &vec!["第3行".to_owned()]));
    assert_eq!(rejects[0].reject, rejected(3).reject);
    let cells = store.row_cells(&[RecordId::new(id, 2), RecordId(77)]).await.unwrap();
    assert_eq!(cells.len(), 1);
    assert_eq!(cells[&RecordId::new(id, 2)], row_of(child(2)).cells);

    let summary = store.batches().await.unwrap().remove(0);
    assert_eq!(summary.state, BatchState::Live);
    let counts = (summary.n_records, summary.n_rejected, summary.n_known, summary.n_aside);
    assert_eq!(counts, (2, 1, 0, 2));
    assert_eq!(summary.content_hash, "01".repeat(32));
    assert_eq!(summary.received_at, instant());
    assert_eq!(summary.brought_by, "周干事");
    assert_eq!(summary.sheets[0].sheet, batch(1, Vec::new()).sheets[0].clone_with_rows(5));
    let said = store.messages(id).await.unwrap().to_string();
    assert_eq!(said.into_bytes(), batch(1, Vec::new()).messages);
    assert!(matches!(store.messages(BatchId(9)).await, Err(StoreError::NoBatch(BatchId(9)))));
    assert!(matches!(store.rejects(BatchId(9)).await, Err(StoreError::NoBatch(BatchId(9)))));
}

async fn the_same_bytes_enter_once_until_withdrawn(db: TestDatabase) {
    let store = db.open().await;
    let id = store.append_batch(children(7, 3)).await.unwrap();
    let digest = store.digest().await.unwrap();
    let again = store.append_batch(children(7, 3)).await;
    assert!(matches!(again, Err(StoreError::Duplicate(twin)) if twin == id));
    assert_eq!(store.digest().await.unwrap(), digest);
    assert_eq!(store.find_live_batch_by_hash(&[7; 32]).await.unwrap(), Some(id));
    assert_eq!(store.find_live_batch_by_hash(&[8; 32]).await.unwrap(), None);
    store.withdraw(id, "发错了", "周干事", instant()).await.unwrap();
    assert_eq!(store.find_live_batch_by_hash(&[7; 32]).await.unwrap(), None);
    assert_eq!(store.append_batch(children(7, 3)).await.unwrap(), BatchId(2));
}

async fn after_a_withdrawal_all_is_as_before(db: TestDatabase) {
    let store = db.open().await;
    store.append_batch(children(1, 5)).await.unwrap();
    let (digest, records) = (store.digest().await.unwrap(), store.live_records().await.unwrap());
    let second = store.append_batch(children(2, 40)).await.unwrap();
    assert_ne!(store.digest().await.unwrap(), digest);
    store.withdraw(second, "重复报送", "周干事", instant()).await.unwrap();
    assert_eq!(store.digest().await.unwrap(), digest);
    assert_eq!(store.live_records().await.unwrap(), records);
    assert_eq!(store.rows().await.unwrap().len(), 6);

    let withdrawn = store.batches().await.unwrap().remove(1);
    assert_eq!(withdrawn.state, BatchState::Withdrawn);
    assert_eq!(withdrawn.withdrawal.unwrap().reason, "重复报送");
    assert_eq!(withdrawn.n_records, 40, "the rows are kept");
    let again = store.withdraw(second, "", "", instant()).await;
    assert!(matches!(again, Err(StoreError::Withdrawn(_))));
    let none = store.withdraw(BatchId(9), "", "", instant()).await;
    assert!(matches!(none, Err(StoreError::NoBatch(_))));
}

async fn a_known_row_is_silent_until_the_first_is_withdrawn(db: TestDatabase) {
    let store = db.open().await;
    let first =
        store.append_batch(batch(1, vec![row_of(child(0)), row_of(child(1))])).await.unwrap();
    let keys: Vec<String> = [0, 1, 2].map(|n| row_of(child(n)).row_key_input).into();
    let known = store.known_row_keys(&keys).await.unwrap();
    assert_eq!(known[1].unwrap().record, RecordId::new(first, 1));
    assert_eq!((known[1].unwrap().sheet, known[1].unwrap().row), (0, 3));
    assert_eq!(known[2], None);

    let known_row = |n| NewRow { disposition: Disposition::Known, ..row_of(child(n)) };
    let rows = || vec![known_row(0), known_row(1), row_of(child(2))];
    let second = store.append_batch(batch(2, rows())).await.unwrap();
    let third = store.append_batch(batch(3, rows()[..1].to_vec())).await.unwrap();
    let live = async || -> Vec<RecordId> {
        store.live_records().await.unwrap().iter().map(|record| record.id).collect()
    };
    let id = RecordId::new;
    assert_eq!(live().await, [id(first, 0), id(first, 1), id(second, 2)]);
    let third_row = store.rows().await.unwrap().remove(2);
    assert_eq!((third_row.disposition, third_row.record), (Disposition::Known, None));
    assert_eq!(third_row.known_as, Some(id(first, 0)));

    store.withdraw(first, "发错了", "周干事", instant()).await.unwrap();
    assert_eq!(live().await, [id(second, 0), id(second, 1), id(second, 2)]);
    let lines = store.rows().await.unwrap();
    assert_eq!(
        (&lines[0].disposition, lines[0].record),
        (&Disposition::Record, Some(id(second, 0)))
    );
    assert_eq!(lines[3].known_as, Some(id(second, 0)), "the third file's row is known still");
    assert_eq!(store.known_row_keys(&keys).await.unwrap()[0].unwrap().batch, second);
    store.withdraw(second, "发错了", "周干事", instant()).await.unwrap();
    assert_eq!(live().await, [id(third, 0)]);
}

async fn children_are_found_by_id_and_name(db: TestDatabase) {
    let store = db.open().await;
    let first = store.append_batch(children(1, 3)).await.unwrap();
    let second = store.append_batch(children(2, 2)).await.unwrap();
    let one = child(1).person.name.unwrap();
    let id = RecordId::new;
    assert_eq!(store.records_named(one.expose()).await.unwrap(), [id(first, 1), id(second, 1)]);
    assert_eq!(store.records_with_id("11010519491231002X").await.unwrap().len(), 5);
    store.withdraw(first, "", "", instant()).await.unwrap();
    assert_eq!(store.records_named(one.expose()).await.unwrap(), [id(second, 1)]);
    assert!(store.records_named("王").await.unwrap().is_empty());
    assert!(store.records_with_id("110105194912310021").await.unwrap().is_empty());
}

async fn a_batch_that_contradicts_itself_is_refused(db: TestDatabase) {
    let store = db.open().await;
    let mut elsewhere = row_of(child(3));
    elsewhere.row += 1;
    let mut no_sheet = row_of(child(3));
    no_sheet.sheet = 1;
    let mut same_number = row_of(child(3));
    same_number.record.as_mut().unwrap().id = RecordId(0);
    for bad in [
        row_of(child(0)),
        elsewhere,
        no_sheet,
        same_number,
        NewRow { record: None, ..row_of(child(3)) },
        NewRow { reject: rejected(5).reject, ..row_of(child(3)) },
        NewRow { reject: None, ..rejected(5) },
        NewRow { disposition: Disposition::Rejected, ..row_of(child(3)) },
        NewRow {
            disposition: Disposition::Known,
            row_key_input: String::new(),
            ..row_of(child(3))
        },
    ] {
        let result = store.append_batch(batch(1, vec![row_of(child(0)), bad])).await;
        assert!(is_inconsistent(&result), "{result:?}");
    }
    let mut hostile = batch(1, Vec::new());
    hostile.sheets[0].name = "a\0b".to_owned();
    assert!(is_inconsistent(&store.append_batch(hostile).await));
    assert!(tables_are_empty(&db).await);
}

async fn a_batch_that_fails_in_the_middle_leaves_nothing(db: TestDatabase) {
    let store = db.open().await;
    let trap = if db.is_sqlite() {
        "create trigger trap before insert on claim when new.record_id % 4294967296 = 8999 \
         begin select raise(abort, 'trap'); end"
    } else {
        "create function trap() returns trigger language plpgsql as $$ begin \
         raise exception 'trap'; end $$; \
         create trigger trap before insert on claim for each row \
         when (new.record_id % 4294967296 = 8999) execute function trap()"
    };
    db.raw_execute(trap).await.unwrap();
    let failed = store.append_batch(children(1, 9000)).await;
    assert!(matches!(failed, Err(StoreError::Database(_))), "{failed:?}");
    assert!(tables_are_empty(&db).await);
    assert_eq!(store.append_batch(children(1, 8999)).await.unwrap(), BatchId(1));
}

async fn an_import_that_is_dropped_leaves_nothing(db: TestDatabase) {
    let store = db.open().await;
    let dropped =
        tokio::time::timeout(Duration::from_millis(60), store.append_batch(children(1, 60_000)))
            .await;
    assert!(dropped.is_err(), "it was too quick to be dropped");
    assert!(tables_are_empty(&db).await);
    assert_eq!(store.append_batch(children(1, 10)).await.unwrap(), BatchId(1));
}

async fn writers_take_turns(db: TestDatabase) {
    let n_writers = 6;
    let mut tasks = tokio::task::JoinSet::new();
    for writer in 0..n_writers {
        // A store of its own for each: as if they were programs.
        let store = db.open().await;
        tasks.spawn(async move {
            let mut ids = Vec::new();
            for file in 0..4 {
                let batch = children(writer * 10 + file, 200);
                ids.push(store.append_batch(batch).await.unwrap().0);
            }
            ids
        });
    }
    let mut ids: Vec<u32> = tasks.join_all().await.concat();
    ids.sort_unstable();
    assert_eq!(ids, (1..=u32::from(n_writers) * 4).collect::<Vec<_>>());
    assert_eq!(db.open().await.live_records().await.unwrap().len(), usize::from(n_writers) * 800);
}

async fn the_same_file_from_two_writers_enters_once(db: TestDatabase) {
    let (one, two) = (db.open().await, db.open().await);
    let (first, second) =
        tokio::join!(one.append_batch(children(1, 500)), two.append_batch(children(1, 500)));
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(one.live_records().await.unwrap().len(), 500);
}

on_both_engines![
    any_record_comes_back_as_it_was,
    more_rows_than_a_page_come_back_in_order,
    rows_come_back_with_what_became_of_them,
    the_same_bytes_enter_once_until_withdrawn,
    after_a_withdrawal_all_is_as_before,
    a_known_row_is_silent_until_the_first_is_withdrawn,
    children_are_found_by_id_and_name,
    a_batch_that_contradicts_itself_is_refused,
    a_batch_that_fails_in_the_middle_leaves_nothing,
    an_import_that_is_dropped_leaves_nothing,
    writers_take_turns,
    the_same_file_from_two_writers_enters_once,
];

trait WithRows {
    fn clone_with_rows(&self, n_rows: u32) -> Self;
}

impl WithRows for baoxue_store::NewSheet {
    fn clone_with_rows(&self, n_rows: u32) -> Self {
        Self { n_rows, ..self.clone() }
    }
}

#[test]
fn equal_content_has_one_digest_on_both_engines() {
    crate::common::block_on(async {
        let mut digests = Vec::new();
        for db in [TestDatabase::sqlite(), TestDatabase::postgres()] {
            let store = db.open().await;
            let empty = store.digest().await.unwrap();
            store.append_batch(children(1, 30)).await.unwrap();
            store.append_batch(batch(2, vec![rejected(1), aside(2, "blank")])).await.unwrap();
            digests.push((empty, store.digest().await.unwrap()));
        }
        assert_eq!(digests[0], digests[1]);
        assert_ne!(digests[0].0, digests[0].1);
    });
}
