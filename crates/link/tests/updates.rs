//! Registers that change: what comes and goes gives the same result as a full run over what is there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[expect(dead_code, reason = "other tests use the rest")]
#[path = "reference/registers.rs"]
mod registers;

use baoxue_link::{
    BlockKey, Changes, Column, Constraints, JoinedBy, LinkError, Linker, Model, SplitBy, Table,
    Transform, Update, VetoReason,
};
use proptest::prelude::*;
use registers::{Register, model, register};

/// One step: how many of the waiting rows come, which rows go, and what is ruled from now on.
#[derive(Clone, Debug)]
struct Step {
    n_come: usize,
    go: Vec<u32>,
    same: Option<(u32, u32)>,
    different: Option<(u32, u32)>,
    only_people: Option<u32>,
}

fn step() -> impl Strategy<Value = Step> {
    let pair = || prop::option::of(any::<(u32, u32)>());
    (
        0usize..12,
        prop::collection::vec(any::<u32>(), 0..4),
        pair(),
        pair(),
        prop::option::of(any::<u32>()),
    )
        .prop_map(|(n_come, go, same, different, only_people)| Step {
            n_come,
            go,
            same,
            different,
            only_people,
        })
}

/// The model with keys that soon are shared by too many, some with a finer key; frequencies do not count with an odd number.
fn crowded(most_rows: u32) -> Model {
    let mut model = model();
    for field in &mut model.fields {
        field.term_frequency &= most_rows.is_multiple_of(2);
    }
    for (at, rule) in model.blocks.iter_mut().enumerate() {
        rule.most_rows = most_rows;
        let finer = BlockKey { columns: vec!["sex".to_owned()], transform: Transform::Whole };
        rule.refine = if at % 2 == 0 { vec![finer] } else { Vec::new() };
    }
    model
}

fn part(register: &Register, rows: std::ops::Range<usize>) -> Table {
    let order: Vec<usize> = rows.collect();
    register.in_order(&order).table()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(384))]

    #[test]
    fn changes_give_what_a_full_run_gives(
        register in register(10..60),
        steps in prop::collection::vec(step(), 1..6),
        most_rows in 2u32..12,
    ) {
        let mut n_rows = register.rows.len() / 2;
        let constraints = |n_rows: usize| Constraints {
            source: register.constraints.source[..n_rows].to_vec(),
            ..register.constraints.clone()
        };
        let base = part(&register, 0..n_rows);
        let mut linker =
            Linker::new(base, crowded(most_rows), constraints(n_rows), &mut |_| {}).unwrap();
        let mut review_only = vec![false; register.rows.len()];
        let mut ruled = Constraints::default();
        for step in steps {
            let before = n_rows;
            n_rows = register.rows.len().min(n_rows + step.n_come);
            let row = |n: u32| n % u32::try_from(n_rows).unwrap();
            if let Some(only) = step.only_people {
                review_only[row(only) as usize] ^= true;
            }
            ruled.must_link.extend(step.same.map(|(a, b)| (row(a), row(b))));
            ruled.cannot_link.extend(step.different.map(|(a, b)| (row(a), row(b))));
            let wanted = Constraints {
                review_only: review_only[..n_rows].to_vec(),
                must_link: ruled.must_link.clone(),
                cannot_link: ruled.cannot_link.clone(),
                ..constraints(n_rows)
            };
            let withdrawn = step.go.iter().map(|row| row % u32::try_from(before).unwrap()).collect();
            let rows = (n_rows > before).then(|| part(&register, before..n_rows));
            let kept = linker.linkage();
            let now = wanted.clone();
            match linker.update(Update { rows, withdrawn, constraints: wanted }) {
                Ok(changes) => {
                    check(&linker, &kept.cluster, &changes)?;
                    linked_anew(&linker, crowded(most_rows), &now)?;
                    linker = kept_over_night(&linker, &now)?;
                }
                Err(LinkError::Contradiction(..)) => {
                    prop_assert_eq!(linker.linkage(), kept);
                    return Ok(());
                }
                Err(other) => return Err(TestCaseError::fail(other.to_string())),
            }
        }
    }
}

/// The linker that comes out of its bytes; it must be the same.
fn kept_over_night(linker: &Linker, constraints: &Constraints) -> Result<Linker, TestCaseError> {
    let mut bytes = Vec::new();
    linker.save(&mut bytes).unwrap();
    let again = Linker::resume(&bytes, linker.model().clone(), |_| constraints.clone()).unwrap();
    prop_assert_eq!(again.linkage(), linker.linkage());
    prop_assert_eq!(again.table(), linker.table());
    prop_assert_eq!(again.n_uncounted(), linker.n_uncounted());
    prop_assert_eq!(again.relink(&mut |_| {}).unwrap(), linker.linkage());
    Ok(again)
}

fn check(linker: &Linker, before: &[u32], changes: &Changes) -> Result<(), TestCaseError> {
    let full = linker.relink(&mut |_| {}).unwrap();
    prop_assert_eq!(linker.linkage(), full);
    // What is said to have changed is what has changed.
    let mut named: Vec<u32> = changes.split.iter().map(|split| split.cluster).collect();
    named.extend(changes.joined.iter().flat_map(|joined| &joined.of));
    named.extend(&changes.emptied);
    for (row, was) in (0u32..).zip(before) {
        let is = linker.cluster()[row as usize];
        let others = (0u32..).zip(before).filter(|(_, other)| *other == was);
        let mut moved = others.filter(|(other, _)| linker.cluster()[*other as usize] != is);
        let gone = |row: u32| linker.withdrawn()[row as usize];
        if !gone(row) && moved.any(|(other, _)| !gone(other)) {
            prop_assert!(named.contains(was), "row {row} moved, {changes:?}");
        }
    }
    Ok(())
}

/// A linker that never saw what is gone gives the same clusters, when both count with the same prior and leave frequencies
/// alone.
fn linked_anew(
    linker: &Linker,
    model: Model,
    constraints: &Constraints,
) -> Result<(), TestCaseError> {
    if model.fields.iter().any(|field| field.term_frequency) {
        return Ok(());
    }
    let gone = linker.withdrawn();
    let live: Vec<u32> =
        (0u32..).zip(gone).filter(|(_, gone)| !**gone).map(|(row, _)| row).collect();
    let n_counted = linker.table().n_rows() + u32::try_from(gone.len() - live.len()).unwrap()
        - linker.n_uncounted();
    let mut model = model;
    let share = f64::from(u32::try_from(live.len()).unwrap().max(2)) / f64::from(n_counted.max(2));
    model.prior.partners_per_record *= share;
    model.prior.relatives_per_record *= share;
    let place = |row: u32| live.binary_search(&row).ok().and_then(|at| u32::try_from(at).ok());
    let pairs = |pairs: &[(u32, u32)]| -> Vec<(u32, u32)> {
        pairs.iter().filter_map(|(l, r)| Some((place(*l)?, place(*r)?))).collect()
    };
    let constraints = Constraints {
        source: live.iter().map(|row| constraints.source[*row as usize]).collect(),
        review_only: live.iter().map(|row| constraints.review_only[*row as usize]).collect(),
        must_link: pairs(&constraints.must_link),
        cannot_link: pairs(&constraints.cannot_link),
        ..constraints.clone()
    };
    let table = linker.table().select(&live);
    let anew = Linker::new(table, model, constraints, &mut |_| {}).unwrap();
    let kept = live.iter().map(|row| linker.cluster()[*row as usize]);
    let kept: Vec<u32> = kept.filter_map(place).collect();
    prop_assert_eq!(anew.cluster(), kept);
    Ok(())
}

const GIRL: [&str; 6] = ["110105200912310028", "张小莉", "2009-12-31", "张大山", "铁沟村5组", "女"];

fn table(rows: &[[&str; 6]]) -> Table {
    let names = ["id", "name", "birth", "guardian", "village", "sex"];
    let column = |at: usize| Column::new(names[at], rows.iter().map(|row| row[at]));
    Table::new((0..names.len()).map(column).collect(), Vec::new()).unwrap()
}

fn linker(rows: &[[&str; 6]]) -> Linker {
    Linker::new(table(rows), model(), Constraints::default(), &mut |_| {}).unwrap()
}

#[test]
fn what_joined_split_or_stayed_is_listed_with_its_reason() {
    let other = ["", "王浩然", "2008-01-02", "王建国", "三柳村3组", "男"];
    let mut lists = linker(&[GIRL, other]);
    let school = ["", "张小丽", "2009-12-31", "张大山", "铁沟村", "女"];
    let came = lists.update(Update { rows: Some(table(&[school])), ..Update::default() }).unwrap();
    assert_eq!(came.joined.len(), 1);
    assert_eq!((came.joined[0].cluster, &*came.joined[0].new_rows), (0, &[2][..]));
    assert!(
        matches!(came.joined[0].why, JoinedBy::Pair(pair) if (pair.left, pair.right) == (0, 2))
    );
    assert_eq!(came.n_untouched, 1);

    let ruling = Constraints { cannot_link: vec![(0, 2)], ..Constraints::default() };
    let ruled = lists.update(Update { constraints: ruling, ..Update::default() }).unwrap();
    assert_eq!(ruled.split.len(), 1);
    let SplitBy::Veto(veto) = ruled.split[0].why else { panic!("{:?}", ruled.split) };
    assert_eq!(veto.why, VetoReason::CannotLink);

    let back = lists.update(Update::default()).unwrap();
    assert_eq!(back.joined.len(), 1);
    let gone = lists.update(Update { withdrawn: vec![0, 0], ..Update::default() }).unwrap();
    assert_eq!((gone.split.len(), &*gone.stayed), (0, &[2][..]));
    assert_eq!(lists.cluster(), [0, 1, 2]);
    assert_eq!(lists.n_uncounted(), 2);
}

#[test]
fn a_file_without_rows_changes_nothing() {
    let mut lists = linker(&[GIRL, GIRL]);
    let before = lists.linkage();
    let changes = lists.update(Update { rows: Some(table(&[])), ..Update::default() }).unwrap();
    assert_eq!(changes, Changes { n_untouched: 2, ..Changes::default() });
    assert_eq!((lists.linkage(), lists.n_uncounted()), (before, 0));
}

#[test]
fn a_state_that_was_cut_or_bent_is_refused() {
    let lists = linker(&[GIRL, GIRL]);
    let mut bytes = Vec::new();
    lists.save(&mut bytes).unwrap();
    let resume = |bytes: &[u8]| Linker::resume(bytes, model(), |_| Constraints::default());
    assert_eq!(resume(&bytes).unwrap().linkage(), lists.linkage());
    for n in 0..bytes.len() {
        assert!(resume(&bytes[..n]).is_err(), "{n}");
        let mut bent = bytes.clone();
        bent[n] ^= 0xff;
        // Some bytes are texts or weights and can be anything: the file that holds them has a digest.
        let _ = resume(&bent);
    }
    bytes[0] ^= 2;
    assert!(resume(&bytes).unwrap_err().to_string().contains("version"));
}

#[test]
fn nothing_changes_on_an_error() {
    let mut lists = linker(&[GIRL, GIRL]);
    let before = lists.linkage();
    let foreign = Table::new(vec![Column::new("id", ["1"])], Vec::new()).unwrap();
    for (update, expected) in [
        (Update { rows: Some(foreign), ..Update::default() }, "must have the columns"),
        (Update { withdrawn: vec![2], ..Update::default() }, "names row 2"),
        (
            Update {
                constraints: Constraints {
                    must_link: vec![(0, 1)],
                    cannot_link: vec![(1, 0)],
                    ..Constraints::default()
                },
                ..Update::default()
            },
            "must not be joined",
        ),
    ] {
        let error = lists.update(update).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert_eq!(lists.linkage(), before);
        assert_eq!(lists.table().n_rows(), 2);
    }
}

#[test]
fn new_values_in_any_dress_are_known() {
    let mut lists = linker(&[GIRL]);
    let rows = [
        [
            "110105200912310028",
            "张小莉|莉莉",
            "2009-12-31",
            "张大山|刘英",
            "洪山镇铁沟村第五村民小组",
            "女",
        ],
        ["", "李欣怡", "2010-02-03", "", "", ""],
        ["", "李欣怡", "2010-02-03", "李卫东", "上岩村八组", "女"],
    ];
    lists.update(Update { rows: Some(table(&rows)), ..Update::default() }).unwrap();
    assert_eq!(lists.cluster()[1], 0);
    assert_eq!(lists.linkage(), lists.relink(&mut |_| {}).unwrap());
    let whole = table(&[&[GIRL][..], &rows[..]].concat());
    for (left, right) in [(0, 1), (0, 2), (1, 3), (2, 3)] {
        let levels = |table: &Table| {
            let fields = baoxue_link::explain(table, lists.model(), left, right).unwrap().fields;
            fields.into_iter().map(|field| field.level).collect::<Vec<_>>()
        };
        assert_eq!(levels(lists.table()), levels(&whole), "{left} {right}");
    }
}
