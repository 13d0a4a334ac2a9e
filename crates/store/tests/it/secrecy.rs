//! Nothing personal stands in the clear where the database keeps its bytes.

use std::{fs, os::unix::fs::PermissionsExt};

use baoxue_claim::{
    BatchId, ChildId, Claim, Guardian, IdMention, Place, Private, Record, RecordId, Statement,
    SurveyFinding,
};
use baoxue_store::{
    CaseAppend, ExportDecision, ExportFile, ExportRuling, ExportTerms, Fate, Layout, NewCaseEvent,
    NewCaseFile, NewDecision, NewEvent, NewExport, NewLetter, NewLetterScan, NewNotice, NewPaper,
    NewStreamEvent, NewTip, NoticeEvent, Ruling, Store, StoredConflict, TipTaken, ViewBody,
};
use encoding_rs::GB18030;
use sea_orm::ConnectionTrait;

use crate::common::{
    TestDatabase, batch, block_on, child, day, hex, instant, name, rejected, row_of,
};

const NAME: &str = "欧阳翡翠";
const ID: &str = "11010519491231002X";
const PHONE: &str = "13909157766";
const ADDRESS: &str = "叶坪镇金花村九组十八号";
const GUARDIAN: &str = "欧阳石匠";
const WORDS: &str = "跟舅舅去了东莞电子厂";
const OFFICER: &str = "司徒干事";
const CANARIES: [&str; 7] = [NAME, ID, PHONE, ADDRESS, GUARDIAN, WORDS, OFFICER];

/// Puts every canary into every place where it can stand.
async fn seed(store: &Store) {
    let batch = seed_batch(store).await;
    let one = seed_journal(store, batch).await;
    let text = CANARIES.join("\n");
    let mut run = crate::run::run_of(vec![(one, one.into())]);
    let mut verdicts = crate::run::verdicts_of(&run);
    verdicts[0].body = text.clone().into_bytes();
    run.conflicts =
        vec![StoredConflict { child: ChildId::from(one), body: text.clone().into_bytes() }];
    run.reviews = vec![serde_json::json!(CANARIES)];
    store.save_run(run, verdicts.into_iter().map(Ok), std::iter::empty()).await.unwrap();
    store.withdraw(batch, &text, OFFICER, instant()).await.unwrap();
    seed_export(store, &text).await;
}

async fn seed_export(store: &Store, text: &str) {
    let account = store.add_account(OFFICER, instant(), Vec::new()).await.unwrap();
    let terms = ExportTerms { purpose: text.to_owned(), query: format!("q={text}") };
    let new = NewExport { terms, ..crate::exports::asked(account, true) };
    let id = store.ask_export(&new).await.unwrap();
    let decision = ExportDecision {
        reason: text.to_owned(),
        ..crate::exports::ruled(account, ExportRuling::Approved)
    };
    store.decide_export(id, &decision).await.unwrap();
    let file = ExportFile { bytes: text.as_bytes().to_vec(), ..crate::exports::file(Vec::new()) };
    store.keep_export(id, &file).await.unwrap();
    store.note_fetch(id, (account, text), instant()).await.unwrap();
    let body = ViewBody { name: text.to_owned(), query: format!("q={text}") };
    store.save_view((account, true), &body, instant()).await.unwrap();
    let events = vec![NewCaseEvent { at: instant(), by: text.to_owned(), body: text.to_owned() }];
    let child = ChildId(7);
    let append = CaseAppend { case: None, child, position: 0, known: 0, events };
    store.append_case_events(vec![append]).await.unwrap();
    let pdf = text.as_bytes().to_vec();
    let paper = NewPaper { pdf: pdf.clone(), ..crate::papers::paper(1, 1) };
    store.issue_paper(&paper, Vec::new()).await.unwrap();
    let file = NewCaseFile { by: text.to_owned(), bytes: pdf, ..crate::papers::file("canary") };
    store.attach_file(&file, Vec::new()).await.unwrap();
    seed_outside(store, text).await;
    seed_notices(store, text).await;
}

async fn seed_notices(store: &Store, text: &str) {
    let notice =
        NewNotice { body: text.to_owned(), ..crate::notices::notice("canary", None, "sms") };
    store.add_notices(vec![notice]).await.unwrap();
    let text = || text.to_owned();
    let fates = [
        Fate::Tried { key: text() },
        Fate::Failed { why: text(), next_at: instant() },
        Fate::Dropped { why: text() },
    ];
    let events = fates.map(|fate| NoticeEvent { notice: 1, fate, at: instant() });
    store.note_notices(events.into()).await.unwrap();
}

async fn seed_outside(store: &Store, text: &str) {
    let tip = NewTip {
        sameness: text.to_owned(),
        code: text.to_owned(),
        channel: text.to_owned(),
        informer: Some(text.to_owned()),
        body: text.to_owned(),
        at: instant(),
    };
    let TipTaken::New(tip) = store.take_tip(&tip, crate::outside::limit()).await.unwrap() else {
        panic!("not new")
    };
    let event = || NewStreamEvent { at: instant(), by: text.to_owned(), body: text.to_owned() };
    store.append_tip_event((tip, 1), &event()).await.unwrap();
    store.append_finding_event((None, 0), &event()).await.unwrap();
    let pdf = text.as_bytes().to_vec();
    let new =
        NewLetter { edge: text.to_owned(), pdf, event: event(), ..crate::letters::letter(1, 0) };
    let letter = store.draw_up_letters(&[new]).await.unwrap()[0];
    let bytes = text.as_bytes().to_vec();
    let scan = crate::letters::scan((letter, 1), "canary");
    store.attach_letter_scan(&NewLetterScan { bytes, event: event(), ..scan }).await.unwrap();
}

fn seed_record() -> Record {
    let mut record = child(0);
    let person = &mut record.person;
    person.name = Some(name(NAME));
    person.former_name = Some(name(NAME));
    person.id = IdMention::read(ID).map(|(id, _)| id);
    person.student_number = Some(format!("G{ID}").parse().unwrap());
    person.phones = vec![Private::new(PHONE)];
    person.household = Some(Private::new(ADDRESS));
    person.guardians = vec![Guardian {
        name: Some(name(GUARDIAN)),
        id: IdMention::read(ID).map(|(id, _)| id),
        phones: vec![Private::new(PHONE)],
        ..Guardian::default()
    }];
    let place = Place {
        text: Some(Private::new(ADDRESS)),
        village: Some(ADDRESS.to_owned()),
        ..Place::default()
    };
    person.registered_at = place.clone();
    person.lives_at = place;
    record.claims = vec![Claim {
        what: Statement::Survey { finding: SurveyFinding::Away },
        on: day("2019-08-25"),
        words: Some(Private::new(WORDS)),
    }];
    record.doubts[0].raw = Private::new(ID);
    record.review_only = Some(WORDS.to_owned());
    record
}

async fn seed_batch(store: &Store) -> BatchId {
    let all = CANARIES.map(str::to_owned).to_vec();
    let mut row = row_of(seed_record());
    row.cells.clone_from(&all);
    row.row_key_input = all.join("|");
    let mut bad = rejected(3);
    bad.cells.clone_from(&all);
    let reason = bad.reject.as_mut().unwrap();
    reason.zh = all.join("，");
    reason.en = all.join(", ");
    let mut file = batch(1, vec![row, bad, row_of(child(5))]);
    file.messages = serde_json::json!(all).to_string().into_bytes();
    file.brought_by = OFFICER.to_owned();
    store.append_batch(file).await.unwrap()
}

async fn seed_journal(store: &Store, batch: BatchId) -> RecordId {
    let text = CANARIES.join("\n");
    let [one, two] = [0, 5].map(|n| RecordId::new(batch, n));
    let decision = NewDecision {
        ruling: Ruling::MustLink,
        records: (one, two),
        reason: text.clone(),
        by: OFFICER.to_owned(),
        at: instant(),
    };
    let decision = store.decide(decision).await.unwrap();
    store.revoke(decision, &text, OFFICER, instant()).await.unwrap();
    let layout =
        Layout { sender: "五里镇".to_owned(), fingerprint: "f".to_owned(), toml: text.clone() };
    store.remember_layout(layout, instant()).await.unwrap();
    let event = NewEvent {
        what: "unmasked".to_owned(),
        at: instant(),
        by: OFFICER.to_owned(),
        body: serde_json::json!(CANARIES),
    };
    store.log(event).await.unwrap();
    one
}

/// Every canary in UTF-8, both UTF-16, GBK, and hexadecimal of the first.
fn needles() -> Vec<(&'static str, Vec<u8>)> {
    CANARIES
        .iter()
        .flat_map(|canary| {
            let utf16 = |swap: bool| -> Vec<u8> {
                let bytes = |unit: u16| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() };
                canary.encode_utf16().flat_map(bytes).collect()
            };
            [
                canary.as_bytes().to_vec(),
                utf16(false),
                utf16(true),
                GB18030.encode(canary).0.into_owned(),
                hex(canary.as_bytes()).into_bytes(),
            ]
            .map(|needle| (*canary, needle))
        })
        .collect()
}

#[track_caller]
fn assert_clean(place: &str, bytes: &[u8]) {
    for (canary, needle) in needles() {
        let found = bytes.windows(needle.len()).any(|window| window == needle);
        assert!(!found, "`{canary}` stands in {place}");
    }
}

#[test]
fn t62_no_file_of_sqlite_holds_a_canary() {
    block_on(async {
        let db = TestDatabase::sqlite();
        let store = db.open().await;
        seed(&store).await;
        let mut scanned = Vec::new();
        // Open: the WAL holds everything. Closed: it has gone into the database.
        for _ in 0..2 {
            for entry in fs::read_dir(db.folder.path()).unwrap() {
                let path = entry.unwrap().path();
                let bytes = fs::read(&path).unwrap();
                scanned
                    .push((path.file_name().unwrap().to_string_lossy().into_owned(), bytes.len()));
                assert_clean(&path.display().to_string(), &bytes);
            }
            db.raw_execute("pragma wal_checkpoint(truncate)").await.unwrap();
        }
        let full = |name: &str| scanned.iter().any(|(file, size)| file == name && *size > 10_000);
        assert!(full("baoxue.db") && full("baoxue.db-wal"), "{scanned:?}");
    });
}

#[test]
fn t62_the_scan_finds_what_is_in_the_clear() {
    block_on(async {
        let db = TestDatabase::sqlite();
        // The last connection to close takes the WAL with it.
        let _store = db.open().await;
        db.raw_execute(&format!("create table leak as select '{GUARDIAN}' as name")).await.unwrap();
        let bytes = fs::read(db.folder.path().join("baoxue.db-wal")).unwrap();
        assert!(std::panic::catch_unwind(|| assert_clean("the WAL", &bytes)).is_err());
    });
}

#[test]
fn t62_no_column_of_postgres_holds_a_canary() {
    block_on(async {
        let db = TestDatabase::postgres();
        seed(&db.open().await).await;
        let raw = db.raw().await;
        let query = async |sql: String| {
            raw.query_all_raw(sea_orm::Statement::from_string(raw.get_database_backend(), sql))
                .await
                .unwrap()
        };
        let columns = query(
            "select table_name::text, column_name::text, data_type::text from information_schema.columns \
             where table_schema = current_schema() and data_type in ('text', 'bytea') order by 1, 2".to_owned(),
        ).await;
        let mut n_bytes = 0;
        for column in columns {
            let [table, column, kind] =
                [0, 1, 2].map(|at| column.try_get_by_index::<String>(at).unwrap());
            let value = if kind == "bytea" {
                column.clone()
            } else {
                format!("convert_to({column}, 'UTF8')")
            };
            for row in
                query(format!("select {value} from {table} where {column} is not null")).await
            {
                let bytes: Vec<u8> = row.try_get_by_index(0).unwrap();
                n_bytes += bytes.len();
                assert_clean(&format!("{table}.{column}"), &bytes);
            }
        }
        assert!(n_bytes > 4_000, "{n_bytes}");
    });
}

#[test]
fn equal_names_look_unequal() {
    block_on(async {
        let db = TestDatabase::sqlite();
        let store = db.open().await;
        let rows = (0..50).map(|n| {
            let mut record = child(n);
            record.person.name = Some(name(NAME));
            row_of(record)
        });
        store.append_batch(batch(1, rows.collect())).await.unwrap();
        let raw = db.raw().await;
        let sql = "select count(distinct name), count(distinct resident_id) from record";
        let statement = sea_orm::Statement::from_string(raw.get_database_backend(), sql);
        let row = raw.query_one_raw(statement).await.unwrap().unwrap();
        assert_eq!([0, 1].map(|at| row.try_get_by_index::<i64>(at).unwrap()), [50, 50]);
    });
}

#[test]
fn the_database_file_is_for_its_owner() {
    block_on(async {
        let db = TestDatabase::sqlite();
        let store = db.open().await;
        seed(&store).await;
        for entry in fs::read_dir(db.folder.path()).unwrap() {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode, 0o600, "{}", entry.path().display());
        }
    });
}

#[test]
fn debug_shows_nothing_personal() {
    let mut row = row_of(child(0));
    row.cells = CANARIES.map(str::to_owned).to_vec();
    row.record.as_mut().unwrap().person.name = Some(name(NAME));
    let mut bad = rejected(4);
    bad.reject.as_mut().unwrap().zh = NAME.to_owned();
    let texts = [
        format!("{row:?}"),
        format!("{bad:?}"),
        format!("{:?}", bad.reject),
        format!("{:?}", batch(1, vec![row.clone()])),
        format!("{:?}", row.record),
    ];
    assert_clean("Debug", texts.concat().as_bytes());
}
