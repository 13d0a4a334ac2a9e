//! Seconds, and seconds of processor time, for a county's rows: seal, append, read back, digest, on SQLite and, if it is installed, on PostgreSQL.
//!
//! `cargo bench -p baoxue-store -- [number of rows]`, by default 330,000.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a bench prints its table and stops at the first fault"
)]

use std::{sync::Arc, time::Instant};

use baoxue_claim::{
    Birth, ChildId, Claim, ClaimId, Enrolment, EnrolmentStatus, Grade, Guardian, IdMention, Name,
    Origin, Person, Place, Private, Record, RecordId, Sex, Source, Statement, SurveyFinding,
    VerdictCode,
};
use baoxue_store::{
    Class, Disposition, Keys, NewBatch, NewRow, NewRun, NewSheet, Sealer, Store, StoredVerdict,
    open,
};
use chrono::{DateTime, NaiveDate, Utc};

const ROWS_IN_FILE: u32 = 30_000;

fn main() {
    let n_rows = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(330_000);
    seals();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite://{}", folder.path().join("bench.db").display());
    runtime.block_on(county("SQLite", &sqlite, n_rows));
    let size = std::fs::metadata(folder.path().join("bench.db")).unwrap().len();
    println!("{:>26}  {:>8.0} MB", "database file", mega(size));
    match baoxue_testkit::postgres::url() {
        Ok(url) => runtime.block_on(county("PostgreSQL", &url, n_rows)),
        Err(error) => println!("{error}"),
    }
    println!("{:>26}  {:>8} MB", "peak memory", peak_mega());
}

fn mega(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes / 1000).unwrap()) / 1000.0
}

fn peak_mega() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1000
}

/// Time that has passed and processor time that this program has used.
#[derive(Clone, Copy)]
struct Clock {
    start: Instant,
    cpu: f64,
}

impl Clock {
    fn start() -> Self {
        Self { start: Instant::now(), cpu: cpu_seconds() }
    }

    fn print(self, what: &str, n: u32) {
        let (wall, cpu) = (self.start.elapsed().as_secs_f64(), cpu_seconds() - self.cpu);
        let each = wall * 1e6 / f64::from(n);
        println!("{what:>26}  {wall:>8.2} s  {cpu:>8.2} s cpu  {each:>9.2} µs each");
    }
}

/// User and system time of all threads; Linux counts in hundredths of a second.
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit(')').next().unwrap();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks.map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

fn timed<T>(what: &str, n: u32, work: impl FnOnce() -> T) -> T {
    let clock = Clock::start();
    let result = work();
    clock.print(what, n);
    result
}

/// One core, values as long as a name or a number.
fn seals() {
    const N: u32 = 1_000_000;
    let sealer = Sealer::new(&Keys::generate().unwrap()).unwrap();
    let aad = [7; 30];
    let value = timed("seal 18 bytes, one core", N, || {
        let seal = || sealer.seal(Class::ResidentId, &aad, b"11010519491231002X").unwrap();
        for _ in 1..N {
            std::hint::black_box(seal());
        }
        seal()
    });
    timed("open 18 bytes, one core", N, || {
        for _ in 0..N {
            std::hint::black_box(sealer.open(Class::ResidentId, &aad, &value).unwrap());
        }
    });
}

async fn county(engine: &str, url: &str, n_rows: u32) {
    println!("{engine}, {n_rows} rows");
    let store = open(url, Keys::generate().unwrap()).await.unwrap();
    let files: Vec<u32> = (0..n_rows).step_by(ROWS_IN_FILE as usize).collect();
    let mut batches: Vec<NewBatch> =
        files.iter().map(|first| batch(*first..n_rows.min(first + ROWS_IN_FILE))).collect();
    let records = batches.iter().flat_map(|batch| &batch.rows).filter_map(|r| r.record.as_ref());
    let n_claims: usize = records.map(|record| record.claims.len()).sum();
    let clock = Clock::start();
    for batch in batches.drain(..) {
        store.append_batch(batch).await.unwrap();
    }
    clock.print(&format!("append with {n_claims} claims"), n_rows);
    let clock = Clock::start();
    let records = store.live_records().await.unwrap();
    clock.print("live_records", n_rows);
    assert_eq!(records.len(), n_rows as usize);
    readings(&store, &records).await;
    let clock = Clock::start();
    store.digest().await.unwrap();
    clock.print("digest", n_rows);
}

async fn readings(store: &Store, records: &[Record]) {
    let n = u32::try_from(records.len()).unwrap();
    let inputs: Vec<String> = (0..n).map(key).collect();
    let clock = Clock::start();
    let known = store.known_row_keys(&inputs).await.unwrap();
    clock.print("known_row_keys", n);
    assert!(known.iter().all(Option::is_some));
    let clock = Clock::start();
    assert_eq!(store.rows().await.unwrap().len(), records.len());
    clock.print("rows", n);
    for what in ["save_run, first", "save_run, second"] {
        let (run, verdicts) = run(records);
        let clock = Clock::start();
        store.save_run(run, verdicts.into_iter().map(Ok), std::iter::empty()).await.unwrap();
        clock.print(what, n);
    }
    let clock = Clock::start();
    store.verdicts().await.unwrap();
    clock.print("verdicts", n / 3);
}

/// Three records to a child, as in a county.
fn run(records: &[Record]) -> (NewRun, Vec<StoredVerdict>) {
    let child = |at: usize| ChildId::from(records[at / 3 * 3].id);
    let verdicts = (0..records.len()).step_by(3).map(|at| StoredVerdict {
        child: child(at),
        code: VerdictCode::EnrolledLocal,
        rule: "enrolled-local@2019.1".to_owned(),
        claims: vec![ClaimId { record: records[at].id, position: 0 }],
        body: vec![b'x'; 400],
    });
    let run = NewRun {
        as_of: day(),
        rule_pack: "2019.1".to_owned(),
        model: "1".to_owned(),
        started_at: DateTime::<Utc>::UNIX_EPOCH,
        input_digest: String::new(),
        reviews: Vec::new(),
        conflicts: Vec::new(),
        note: Vec::new(),
        children: records.iter().enumerate().map(|(at, record)| (record.id, child(at))).collect(),
    };
    (run, verdicts.collect())
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2019, 8, 25).unwrap()
}

fn key(n: u32) -> String {
    format!("学籍|王小明{n}|11010519491231002X|五里镇铁沟村五组|五里中心小学|四年级|在校|{n}")
}

fn batch(rows: std::ops::Range<u32>) -> NewBatch {
    let first = rows.start;
    let n_rows = u32::try_from(rows.len()).unwrap();
    let rows = rows.map(|n| row(n, n - first)).collect();
    let mut content_hash = [0; 32];
    content_hash[..4].copy_from_slice(&first.to_be_bytes());
    NewBatch {
        file_name: "学籍.xlsx".to_owned(),
        content_hash,
        size_bytes: 1_000_000,
        received_at: DateTime::<Utc>::UNIX_EPOCH,
        brought_by: "周干事".to_owned(),
        sheets: vec![NewSheet {
            name: "Sheet1".to_owned(),
            hidden: false,
            source: Some(Source::StudentRegistry),
            as_of: Some(day()),
            town: None,
            fingerprint: "f".to_owned(),
            n_rows,
            stated_total: None,
            reports: Vec::new(),
        }],
        rows,
        messages: b"null".to_vec(),
    }
}

fn row(n: u32, ordinal: u32) -> NewRow {
    let record = record(n, ordinal);
    let cells = [
        &n.to_string(),
        "王小明",
        "女",
        "11010519491231002X",
        "2009-03-05",
        "五里镇铁沟村五组",
        "王大山",
        "13909157766",
        "五里中心小学",
        "四年级",
        "在校",
        "",
    ];
    NewRow {
        sheet: 0,
        row: ordinal + 2,
        disposition: Disposition::Record,
        cells: cells.map(str::to_owned).to_vec(),
        row_key_input: key(n),
        record: Some(Box::new(record)),
        reject: None,
    }
}

fn record(n: u32, ordinal: u32) -> Record {
    let given = char::from_u32(0x4e00 + n % 20_000).unwrap();
    let enrolment = Statement::Enrolment(Enrolment {
        school: "五里中心小学".to_owned(),
        grade: Grade::new(4),
        status: EnrolmentStatus::Attending,
        mode: None,
        transfer: None,
    });
    let mut claims = vec![enrolment];
    if n.is_multiple_of(5) {
        claims.push(Statement::Survey { finding: SurveyFinding::Away });
    }
    let claim = |what| Claim { what, on: day(), words: Some(Private::new("在校")) };
    Record {
        id: RecordId(i64::from(ordinal)),
        origin: Origin {
            file: Arc::from("学籍.xlsx"),
            sheet: Arc::from("Sheet1"),
            row: ordinal + 2,
        },
        source: Source::StudentRegistry,
        as_of: day(),
        town: Some("610902104".parse().unwrap()),
        person: Person {
            name: Name::read(&format!("王小{given}")).map(|(name, _)| name),
            id: IdMention::read("11010519491231002X").map(|(id, _)| id),
            birth: Some(Birth::Day(day())),
            sex: Some(Sex::Female),
            guardians: vec![Guardian {
                name: Name::read("王大山").map(|(name, _)| name),
                relation: Some("父亲".to_owned()),
                phones: vec![Private::new("13909157766")],
                ..Guardian::default()
            }],
            registered_at: Place {
                village: Some("铁沟村".to_owned()),
                text: Some(Private::new("五里镇铁沟村五组")),
                ..Place::default()
            },
            school: Some("五里中心小学".to_owned()),
            grade: Grade::new(4),
            class: Some("2班".to_owned()),
            ..Person::default()
        },
        claims: claims.into_iter().map(claim).collect(),
        doubts: Vec::new(),
        review_only: None,
    }
}
