//! Databases to test on and records to fill them with.

use std::{future::Future, sync::Arc};

use baoxue_claim::{
    Birth, Cause, Claim, Doubt, Enrolment, EnrolmentStatus, Grade, Guardian, IdMention, Name,
    Noted, Origin, Person, Place, Private, Record, RecordId, Report, Sex, Source, Statement,
    SurveyFinding,
};
use baoxue_store::{
    Disposition, Keys, NewBatch, NewRow, NewSheet, Store, StoreError, StoredReject, open,
};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use tempfile::TempDir;

/// An empty database with a key file, on one of the engines.
pub(crate) struct TestDatabase {
    pub(crate) url: String,
    /// Holds the key file, and the database file on SQLite.
    pub(crate) folder: TempDir,
}

impl TestDatabase {
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("baoxue.db").display());
        Self::with_key(url, folder)
    }

    pub(crate) fn postgres() -> Self {
        let url = baoxue_testkit::postgres::url().unwrap();
        Self::with_key(url, tempfile::tempdir().unwrap())
    }

    fn with_key(url: String, folder: TempDir) -> Self {
        Keys::generate().unwrap().to_file(&folder.path().join("key")).unwrap();
        Self { url, folder }
    }

    pub(crate) fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite")
    }

    pub(crate) fn keys(&self) -> Keys {
        Keys::from_file(&self.folder.path().join("key")).unwrap()
    }

    pub(crate) async fn open(&self) -> Store {
        open(&self.url, self.keys()).await.unwrap()
    }

    /// A connection beside the store, for what an attacker or an administrator would do.
    pub(crate) async fn raw(&self) -> DatabaseConnection {
        Database::connect(&self.url).await.unwrap()
    }

    pub(crate) async fn raw_execute(&self, sql: &str) -> Result<u64, sea_orm::DbErr> {
        Ok(self.raw().await.execute_unprepared(sql).await?.rows_affected())
    }

    async fn raw_rows(&self, sql: &str) -> Vec<sea_orm::QueryResult> {
        let raw = self.raw().await;
        let statement = sea_orm::Statement::from_string(raw.get_database_backend(), sql);
        raw.query_all_raw(statement).await.unwrap()
    }

    /// The first column of every row.
    pub(crate) async fn raw_texts(&self, sql: &str) -> Vec<String> {
        self.raw_rows(sql).await.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
    }

    /// The first column of the first row.
    pub(crate) async fn raw_bytes(&self, sql: &str) -> Vec<u8> {
        self.raw_rows(sql).await[0].try_get_by_index(0).unwrap()
    }

    /// Lets an administrator's change through.
    pub(crate) async fn drop_guards(&self, table: &str) {
        let statements: Vec<String> = if self.is_sqlite() {
            ["update", "delete", "replace"]
                .map(|what| format!("drop trigger {table}_no_{what}"))
                .into()
        } else {
            vec![format!("drop trigger {table}_append_only on {table}")]
        };
        for statement in statements {
            self.raw_execute(&statement).await.unwrap();
        }
    }
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(future)
}

/// Runs each of the tests once on each engine.
macro_rules! on_both_engines {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[test]
            fn $name() {
                crate::common::block_on(super::$name(crate::common::TestDatabase::sqlite()));
            })*
        }

        mod postgres {
            $(#[test]
            fn $name() {
                crate::common::block_on(super::$name(crate::common::TestDatabase::postgres()));
            })*
        }
    };
}
pub(crate) use on_both_engines;

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|d| char::from(b"0123456789abcdef"[usize::from(d)]))
        .collect()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn instant() -> DateTime<Utc> {
    "2019-08-25T01:02:03Z".parse().unwrap()
}

pub(crate) fn name(text: &str) -> Name {
    Name::read(text).unwrap().0
}

pub(crate) const FILE: &str = "五里镇摸排表.xlsx";
pub(crate) const SHEET: &str = "Sheet1";

/// A record as intake makes them: number `ordinal`, row `ordinal + 2`.
pub(crate) fn record(ordinal: u32, person: Person, claims: Vec<Claim>) -> Record {
    Record {
        id: RecordId(i64::from(ordinal)),
        origin: Origin { file: Arc::from(FILE), sheet: Arc::from(SHEET), row: ordinal + 2 },
        source: Source::TownSurvey,
        as_of: day("2019-08-25"),
        town: Some("610902104".parse().unwrap()),
        person,
        claims,
        doubts: Vec::new(),
        review_only: None,
    }
}

/// A plain child with everything filled that lists usually fill; `n` makes it different from others.
pub(crate) fn child(n: u32) -> Record {
    let person = Person {
        name: Some(name(&format!("王{}", char::from_u32(0x4e00 + n % 20_000).unwrap()))),
        id: IdMention::read("11010519491231002X").map(|(id, _)| id),
        birth: Some(Birth::Day(day("2008-09-01"))),
        sex: Some(Sex::Female),
        guardians: vec![Guardian {
            name: Some(name("王大山")),
            relation: Some("父亲".to_owned()),
            phones: vec![Private::new(format!("1390915{n:04}"))],
            ..Guardian::default()
        }],
        lives_at: Place {
            village: Some("铁沟村".to_owned()),
            group: Some(5),
            text: Some(Private::new("五里镇铁沟村五组")),
            ..Place::default()
        },
        grade: Grade::new(4),
        ..Person::default()
    };
    let out = Statement::Survey { finding: SurveyFinding::Out { cause: Some(Cause::Work) } };
    let enrolment = Statement::Enrolment(Enrolment {
        school: "五里小学".to_owned(),
        grade: Grade::new(4),
        status: EnrolmentStatus::Attending,
        mode: None,
        transfer: None,
    });
    let claim =
        |what| Claim { what, on: day("2019-08-25"), words: Some(Private::new("外出打工")) };
    let mut record = record(n, person, vec![claim(out), claim(enrolment)]);
    record.doubts = vec![Noted { doubt: Doubt::IdMasked, column: 3, raw: Private::new("61****") }];
    record
}

pub(crate) fn row_of(record: Record) -> NewRow {
    NewRow {
        sheet: 0,
        row: record.origin.row,
        disposition: Disposition::Record,
        cells: vec!["1".to_owned(), "王小明".to_owned()],
        row_key_input: format!("{}|row {}", record.source, record.origin.row),
        record: Some(Box::new(record)),
        reject: None,
    }
}

pub(crate) fn aside(row: u32, kind: &'static str) -> NewRow {
    NewRow {
        sheet: 0,
        row,
        disposition: Disposition::aside(kind),
        cells: vec![format!("第{row}行")],
        row_key_input: String::new(),
        record: None,
        reject: None,
    }
}

pub(crate) fn rejected(row: u32) -> NewRow {
    NewRow {
        disposition: Disposition::Rejected,
        reject: Some(StoredReject {
            column: Some(2),
            code: "NAME_MISSING".to_owned(),
            zh: "没有姓名".to_owned(),
            en: "the name is missing".to_owned(),
        }),
        ..aside(row, "")
    }
}

/// A file with these rows; `hash` tells files apart.
pub(crate) fn batch(hash: u8, rows: Vec<NewRow>) -> NewBatch {
    NewBatch {
        file_name: FILE.to_owned(),
        content_hash: [hash; 32],
        size_bytes: 12_345,
        received_at: instant(),
        brought_by: "周干事".to_owned(),
        sheets: vec![NewSheet {
            name: SHEET.to_owned(),
            hidden: false,
            source: Some(Source::TownSurvey),
            as_of: Some(day("2019-08-25")),
            town: Some("610902104".parse().unwrap()),
            fingerprint: "姓名|性别".to_owned(),
            n_rows: u32::try_from(rows.len()).unwrap(),
            stated_total: Some(3),
            reports: vec![
                Report {
                    school: Some("甲县东沟小学".to_owned()),
                    town: None,
                    until: day("2019-06-30"),
                    zero: true,
                },
                Report {
                    school: None,
                    town: Some("610902104".parse().unwrap()),
                    until: day("2019-06-30"),
                    zero: false,
                },
            ],
        }],
        rows,
        messages: r#"[{"zh":"第3行没有姓名"}]"#.into(),
    }
}

/// A file of `n` plain children.
pub(crate) fn children(hash: u8, n: u32) -> NewBatch {
    let mut rows = vec![aside(1, "header")];
    rows.extend((0..n).map(|n| row_of(child(n))));
    batch(hash, rows)
}

pub(crate) async fn tables_are_empty(db: &TestDatabase) -> bool {
    let store = db.open().await;
    let raw = db.raw().await;
    for table in ["batch", "sheet", "sheet_row", "reject", "report", "record", "claim"] {
        let sql = format!("select count(*) from {table}");
        let row = raw
            .query_one_raw(sea_orm::Statement::from_string(raw.get_database_backend(), sql))
            .await
            .unwrap()
            .unwrap();
        if row.try_get_by_index::<i64>(0).unwrap() != 0 {
            return false;
        }
    }
    store.batches().await.unwrap().is_empty()
}

#[track_caller]
pub(crate) fn is_inconsistent<T: std::fmt::Debug>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Inconsistent { .. }))
}
