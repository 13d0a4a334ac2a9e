//! One comparison of each comparator, on values that differ: what every candidate pair costs, field by field.

#![expect(missing_docs, reason = "criterion's macro makes a public function without one")]
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot go on should stop")]

use std::{hint::black_box, time::Duration};

use baoxue_link::{
    BlockKey, BlockRule, Column, Comparator, Constraints, FieldModel, Model, Prior, Table,
    Thresholds, Transform, clusters, starting_levels,
};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

/// Rows of one block: each is compared with each.
const ROWS: usize = 200;

/// A comparator and words that its values are made of.
const VALUES: [(Comparator, &str); 18] = [
    (Comparator::Exact, "男 女"),
    (Comparator::Text, "cleveland clevland marsden granville narembjrn naremburn"),
    (Comparator::Words, "thomas,clifford,baron thomas,kent mary,of,kent"),
    (Comparator::Set, "asthma;gout gout;heart asthma"),
    (Comparator::LatinName, "nicholas nixholas katherine katharine robert bob rupert"),
    (Comparator::Code, "5312804 5312814 9847112 5321804"),
    (Comparator::Postcode, "tq138df tq138hu se17sg tq139df"),
    (Comparator::Email, "robert255@smith.net roberta25@smith.net kate@home.org"),
    (Comparator::Number, "1200 1250 99 1201.5"),
    (Comparator::PersonName, "张小明 张晓明 王艳 王燕 欧阳娜娜 李□娜"),
    (Comparator::Date, "2009-03-05 2009-05-03 2009-03 1999-12-31"),
    (Comparator::ResidentId, "11010519491231002X 110105194912310038 440524188001010014"),
    (Comparator::Phone, "13800000000 13800000001 13912345678"),
    (Comparator::Place, "铁沟村3组12号 铁沟村三组 王家湾6组"),
    (Comparator::School, "铁沟小学 洪山镇铁沟小学 洪山镇中心小学"),
    (Comparator::RegionCode, "610902110201 610902110000 610921101201"),
    (Comparator::Pair, "isla hall caleb rowe"),
    (Comparator::Rest, "isla hall caleb rowe"),
];

fn table(values: &str) -> Table {
    let words: Vec<&str> = values.split(' ').collect();
    let column = |name: &str, shift: usize| {
        let texts: Vec<String> = (0..ROWS)
            .map(|row| {
                // Every tenth value is one of few, the others are their own: no memory of earlier pairs helps.
                let word = words[(row + shift) % words.len()];
                if row % 10 == 0 || !word.is_ascii() {
                    word.to_owned()
                } else {
                    let (head, tail) = word.split_at(word.len() / 2);
                    format!("{head}{}{tail}", row % 100)
                }
            })
            .collect();
        Column::new(name, texts.iter().map(String::as_str))
    };
    let all = Column::new("all", std::iter::repeat_n("1", ROWS));
    Table::new(vec![all, column("a", 0), column("b", 1)], Vec::new()).unwrap()
}

fn model(comparator: Comparator) -> Model {
    let is_joined = matches!(comparator, Comparator::Pair | Comparator::Rest);
    let columns =
        if is_joined { vec!["a".to_owned(), "b".to_owned()] } else { vec!["a".to_owned()] };
    let key = BlockKey { columns: vec!["all".to_owned()], transform: Transform::Whole };
    Model {
        name: "one field".to_owned(),
        prior: Prior { partners_per_record: 1.0, relatives_per_record: 0.0 },
        // Nothing is kept, so that comparing is all that is done.
        thresholds: Thresholds { join_bits: 90.0, review_bits: 90.0, bridge_bits: 0.0 },
        identity: None,
        relatives: None,
        fields: vec![FieldModel {
            name: "field".to_owned(),
            columns,
            comparator,
            of: Vec::new(),
            term_frequency: false,
            contained_in: Vec::new(),
            levels: starting_levels(comparator),
        }],
        blocks: vec![BlockRule {
            name: "all".to_owned(),
            keys: vec![key],
            refine: Vec::new(),
            most_rows: 1000,
        }],
    }
}

/// All pairs of some rows; the time includes reading each value once.
fn comparators(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("comparator");
    group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    group.throughput(Throughput::Elements((ROWS * (ROWS - 1) / 2) as u64)).sample_size(20);
    for (comparator, values) in VALUES {
        let (table, model) = (table(values), model(comparator));
        group.bench_function(BenchmarkId::from_parameter(format!("{comparator:?}")), |bencher| {
            bencher.iter(|| {
                let constraints = Constraints::default();
                clusters(black_box(&table), &model, &constraints, &mut |_| {}).unwrap()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, comparators);
criterion_main!(benches);
