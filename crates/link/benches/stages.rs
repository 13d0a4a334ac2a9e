//! Each stage of linking five registers of one county: what a table costs from its texts to clusters.
//!
//! Stages that the library does not show alone are measured with the later ones made empty: a model without fields
//! compares nothing, thresholds out of reach keep nothing.

#![expect(missing_docs, reason = "criterion's macro makes a public function without one")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]

use std::{hint::black_box, time::Duration};

use baoxue_link::{
    Column, Constraints, Model, Table, Thresholds, blocking_recall, clusters, explain, train,
    train_and_link,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const PERSONS: u64 = 4000;
/// Registers; a person stands in most of them.
const REGISTERS: u64 = 5;
const COLUMNS: [&str; 8] =
    ["name", "sex", "birth_date", "id_no", "guardian", "region_code", "address", "school"];

const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗";
const GIVEN: &str =
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红玲文辉鹏梅慧建云浩然子轩雨欣怡佳";
const LIKE: [(char, char); 4] = [('丽', '莉'), ('玲', '林'), ('军', '君'), ('明', '名')];

/// The generator `SplitMix64`: the same registers in every run.
struct Chance(u64);

impl Chance {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    const fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn one_of(&mut self, signs: &str) -> char {
        let n = signs.chars().count() as u64;
        let at = usize::try_from(self.below(n)).unwrap();
        signs.chars().nth(at).unwrap()
    }

    fn name(&mut self, surname: char) -> String {
        let mut name = String::from(surname);
        for _ in 0..=self.below(2) {
            name.push(self.one_of(GIVEN));
        }
        name
    }
}

type Row = [String; 8];

fn person(chance: &mut Chance) -> Row {
    let surname = chance.one_of(SURNAMES);
    let (year, month, day) = (2004 + chance.below(12), 1 + chance.below(12), 1 + chance.below(28));
    let (village, number) = (chance.below(60), chance.below(1000));
    let sex = if number % 2 == 1 { "男" } else { "女" };
    [
        chance.name(surname),
        sex.to_owned(),
        format!("{year}-{month:02}-{day:02}"),
        with_check(&format!("610922{year}{month:02}{day:02}{number:03}")),
        chance.name(surname),
        format!("610922{:03}{:03}", 100 + village / 10, 200 + village % 10),
        format!("{}家湾{}组{}号", village, 1 + chance.below(9), 1 + chance.below(90)),
        format!("{}镇中心小学", village / 10),
    ]
}

/// The number with its check character: ISO 7064 MOD 11-2.
fn with_check(first: &str) -> String {
    let weighed = first.bytes().fold(0, |sum, digit| (sum + u32::from(digit - b'0')) * 2 % 11);
    let value = (12 - weighed % 11) % 11;
    let check = if value == 10 { 'X' } else { char::from_digit(value, 10).unwrap() };
    format!("{first}{check}")
}

/// The row as a register has it: now and then without a value, with a digit lost or a character misheard.
fn seen(row: &Row, chance: &mut Chance) -> Row {
    let mut seen = row.clone();
    for (at, cell) in seen.iter_mut().enumerate() {
        match chance.below(40) {
            0 => cell.clear(),
            1 if at == 0 => {
                for (from, to) in LIKE {
                    *cell = cell.replace(from, &to.to_string());
                }
            }
            1 if at == 3 => cell.replace_range(16..17, "?"),
            1 if at == 6 => *cell = cell.replace("组", "村民小组"),
            _ => {}
        }
    }
    seen
}

fn rows() -> Vec<Row> {
    let mut chance = Chance(1);
    let mut rows = Vec::new();
    for _ in 0..PERSONS {
        let person = person(&mut chance);
        for _ in 0..REGISTERS {
            if chance.below(5) > 0 {
                rows.push(seen(&person, &mut chance));
            }
        }
    }
    rows.sort_by_cached_key(|row| row.iter().map(String::len).sum::<usize>());
    rows
}

fn table(rows: &[Row]) -> Table {
    let column = |(at, name): (usize, &&str)| Column::new(name, rows.iter().map(|row| &*row[at]));
    Table::new(COLUMNS.iter().enumerate().map(column).collect(), Vec::new()).unwrap()
}

fn stages(criterion: &mut Criterion) {
    let rows = rows();
    let table = table(&rows);
    let model: Model = toml::from_str(include_str!("../models/children.toml")).unwrap();
    let nothing_compared =
        Model { fields: Vec::new(), identity: None, relatives: None, ..model.clone() };
    let nothing_kept = Model {
        thresholds: Thresholds { join_bits: 900.0, review_bits: 900.0, bridge_bits: 0.0 },
        ..model.clone()
    };
    let constraints = Constraints::default();
    let link =
        |model: &Model| clusters(black_box(&table), model, &constraints, &mut |_| {}).unwrap();
    let mut group = criterion.benchmark_group("stage");
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    group.throughput(Throughput::Elements(rows.len() as u64)).sample_size(10);
    group.bench_function("load", |b| b.iter(|| self::table(black_box(&rows))));
    group.bench_function("prepare", |b| {
        b.iter(|| explain(black_box(&table), &model, 0, 1).unwrap());
    });
    group.bench_function("block", |b| b.iter(|| link(&nothing_compared)));
    group.bench_function("prepare, block, compare", |b| b.iter(|| link(&nothing_kept)));
    group.bench_function("prepare, block, train", |b| {
        b.iter(|| train(black_box(&table), &model, &constraints, 1, &mut |_| {}).unwrap());
    });
    group.bench_function("prepare, block, compare, cluster", |b| b.iter(|| link(&model)));
    let (training, linkage) = train_and_link(&table, &model, &constraints, 1, &mut |_| {}).unwrap();
    group.bench_function("all with training", |b| {
        b.iter(|| train_and_link(black_box(&table), &model, &constraints, 1, &mut |_| {}).unwrap());
    });
    group.bench_function("recall of blocking", |b| {
        b.iter(|| blocking_recall(black_box(&table), &training.model, &linkage).unwrap());
    });
    group.finish();
}

criterion_group!(benches, stages);
criterion_main!(benches);
