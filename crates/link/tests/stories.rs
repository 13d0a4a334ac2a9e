//! What must and what must not be joined, one story each.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use baoxue_link::{
    Capped, Column, Comparator, Constraints, FieldModel, IdentityRule, LinkError, Linkage, Linker,
    Model, ReviewReason, Table, Update, VetoReason, clusters, explain, starting_levels,
};

const ANNA: &str = "110105200912310028";
const BROTHER: &str = "110105201105040011";

fn model() -> Model {
    toml::from_str(include_str!("reference/model.toml")).unwrap()
}

/// Rows of id, name, birth, sex, guardian, village.
fn table(rows: &[[&str; 6]]) -> Table {
    let names = ["id", "name", "birth", "sex", "guardian", "village"];
    let column = |(at, name): (usize, &&str)| Column::new(name, rows.iter().map(|row| row[at]));
    Table::new(names.iter().enumerate().map(column).collect(), Vec::new()).unwrap()
}

fn link(rows: &[[&str; 6]], constraints: &Constraints) -> Linkage {
    clusters(&table(rows), &model(), constraints, &mut |_| {}).unwrap()
}

#[track_caller]
fn check(rows: &[[&str; 6]], expected: &[u32]) -> Linkage {
    let linkage = link(rows, &Constraints::default());
    assert_eq!(linkage.cluster, expected, "{:?}", linkage.pairs);
    linkage
}

#[test]
fn brothers_and_sisters_are_not_joined() {
    check(
        &[
            ["", "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"],
            ["", "张小军", "2011-05-04", "男", "张大山", "铁沟村5组"],
        ],
        &[0, 1],
    );
}

#[test]
fn twins_are_not_joined_though_one_has_no_number() {
    check(
        &[
            [ANNA, "张浩然", "2009-12-31", "女", "张大山", "铁沟村5组"],
            ["", "张浩宇", "2009-12-31", "女", "张大山", "铁沟村5组"],
        ],
        &[0, 1],
    );
}

#[test]
fn a_row_between_two_verified_numbers_does_not_join_them() {
    let linkage = check(
        &[
            [ANNA, "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"],
            ["", "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"],
            ["110105200912310108", "张小雨", "2009-12-31", "女", "张大山", "铁沟村"],
        ],
        &[0, 0, 2],
    );
    assert!(linkage.vetoes.iter().any(|veto| veto.why == VetoReason::TwoIdentities));
    assert!(linkage.review.iter().any(|review| review.reason == ReviewReason::TwoIdentities));
}

#[test]
fn a_child_registered_twice_is_shown_and_not_joined() {
    let linkage = check(
        &[
            [ANNA, "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"],
            ["110105200912310108", "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"],
        ],
        &[0, 1],
    );
    assert_eq!(linkage.review[0].reason, ReviewReason::TwoIdentities);
}

#[test]
fn a_former_number_joins_what_the_new_one_would_keep_apart() {
    let both = format!("{ANNA}|110105200912310108");
    check(
        &[
            [ANNA, "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"],
            [&both, "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"],
            ["110105200912310108", "张小雨", "2009-12-31", "女", "", "铁沟村"],
        ],
        &[0, 0, 0],
    );
}

#[test]
fn a_sisters_number_in_the_row_joins_nobody() {
    // The number says 2009, the row 2011: it is the sister's.
    check(
        &[
            [ANNA, "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"],
            [ANNA, "张小军", "2011-05-04", "男", "张大山", "铁沟村5组"],
            [BROTHER, "张小军", "2011-05-04", "男", "张大山", "铁沟村5组"],
        ],
        &[0, 1, 1],
    );
}

/// The clusters of rows by a model that has more to hold numbers against.
fn doubting(table: &Table, change: fn(&mut IdentityRule)) -> Vec<u32> {
    let mut model = model();
    change(model.identity.as_mut().unwrap());
    clusters(table, &model, &Constraints::default(), &mut |_| {}).unwrap().cluster
}

#[test]
fn a_fathers_number_in_a_row_without_birth_separates_nobody() {
    let father = "110105198001010016";
    let rows = table(&[
        [ANNA, "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"],
        [father, "张小雨", "", "", "张大山", "铁沟村5组"],
        [father, "张小军", "", "男", "张大山", "铁沟村5组"],
    ]);
    assert_eq!(doubting(&rows, |rule| rule.born = Some([2000, 2030])), [0, 0, 2]);
    // Nothing else in the row says that it is not the child's.
    assert_eq!(doubting(&rows, |_| {})[..2], [0, 1]);
}

#[test]
fn the_guardians_number_is_not_the_childs() {
    let mother = "110105198001010024";
    let rows = table(&[
        [ANNA, "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"],
        [mother, "张小雨", "", "", "张大山", "铁沟村5组"],
        // The other way round it is the child's own, as its birth says.
        [ANNA, "", "2009-12-31", "女", "", "铁沟村5组"],
    ]);
    let guardians = ["", "'110105 19800101 0024", ANNA];
    let rows = rows.with(Column::new("guardian_id", guardians)).unwrap();
    let named = |rule: &mut IdentityRule| rule.guardian_id = Some("guardian_id".to_owned());
    assert_eq!(doubting(&rows, named), [0, 0, 0]);
    assert_eq!(doubting(&rows, |_| {}), [0, 1, 0]);
}

#[test]
fn a_twins_number_is_not_the_other_twins() {
    let his = "11010520091231001X";
    let rows = table(&[
        [ANNA, "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"],
        [ANNA, "张小军", "2009-12-31", "男", "张大山", "铁沟村5组"],
        [his, "张小军", "2009-12-31", "男", "张大山", "铁沟村5组"],
    ]);
    assert_eq!(doubting(&rows, |rule| rule.sex = Some("sex".to_owned())), [0, 1, 1]);
    assert_ne!(doubting(&rows, |_| {}), [0, 1, 1]);
}

#[test]
fn lost_digits_and_a_failing_check_do_not_separate() {
    check(
        &[
            [ANNA, "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"],
            ["110105200912310???", "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"],
            ["110105200912310082", "张小羽", "2009-12-31", "女", "张大山", "铁沟村5组"],
        ],
        &[0, 0, 0],
    );
}

#[test]
fn a_number_in_another_dress_is_found_and_is_the_same() {
    let rows = table(&[
        ["110105199012310027", "张小雨", "", "", "", ""],
        ["１１０１０５　１９９０１２３１　００２７", "", "", "", "", ""],
        ["110105901231002", "", "", "", "", ""],
        ["110105201312310088", "", "", "", "", ""],
    ]);
    let linkage = clusters(&rows, &model(), &Constraints::default(), &mut |_| {}).unwrap();
    assert_eq!(linkage.cluster, [0, 0, 0, 3]);
    let by_number = linkage.blocks.iter().find(|block| block.name == "number").unwrap();
    assert_eq!(by_number.n_pairs, 3, "all three have one key");
}

#[test]
fn a_number_that_comes_later_in_another_dress_is_the_same() {
    let lists = |rows: &[[&str; 6]]| table(rows);
    let first = lists(&[[ANNA, "张小雨", "2009-12-31", "", "", ""]]);
    let mut linker = Linker::new(first, model(), Constraints::default(), &mut |_| {}).unwrap();
    let more = lists(&[[&format!("'{ANNA}"), "", "", "", "", ""]]);
    linker.update(Update { rows: Some(more), ..Update::default() }).unwrap();
    assert_eq!(linker.cluster(), [0, 0]);
    assert_eq!(linker.linkage(), linker.relink(&mut |_| {}).unwrap());
}

#[test]
fn a_list_that_has_each_person_once_keeps_its_rows_apart() {
    let row = ["", "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"];
    let other = ["", "张小雨", "2009-12-31", "女", "张大山", "铁沟村"];
    let constraints =
        Constraints { source: vec![0, 0], one_per_source: vec![true], ..Constraints::default() };
    let linkage = link(&[row, other], &constraints);
    assert_eq!(linkage.cluster, [0, 1]);
    assert_eq!(linkage.review[0].reason, ReviewReason::SameSource);
    // With one verified number it is one person listed twice.
    let (mut row, mut other) = (row, other);
    (row[0], other[0]) = (ANNA, ANNA);
    assert_eq!(link(&[row, other], &constraints).cluster, [0, 0]);
}

#[test]
fn a_row_for_people_only_stays_alone_and_is_shown() {
    let rows = [
        [ANNA, "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"],
        ["", "张小雨", "2009-12-31", "", "张大山", "铁沟村"],
    ];
    let constraints = Constraints { review_only: vec![false, true], ..Constraints::default() };
    let linkage = link(&rows, &constraints);
    assert_eq!(linkage.cluster, [0, 1]);
    assert_eq!(linkage.review[0].reason, ReviewReason::ReviewOnly);
    let ruled = Constraints { must_link: vec![(0, 1)], ..constraints };
    assert_eq!(link(&rows, &ruled).cluster, [0, 0]);
}

#[test]
fn rulings_that_contradict_each_other_are_named() {
    let rows = [["", "张小雨", "", "", "", ""]; 3];
    let constraints = Constraints {
        must_link: vec![(0, 1), (1, 2)],
        cannot_link: vec![(2, 0)],
        ..Constraints::default()
    };
    let error = clusters(&table(&rows), &model(), &constraints, &mut |_| {}).unwrap_err();
    assert_eq!(error, LinkError::Contradiction(2, 0));
    let constraints = Constraints { must_link: vec![(0, 7)], ..Constraints::default() };
    let error = clusters(&table(&rows), &model(), &constraints, &mut |_| {}).unwrap_err();
    assert_eq!(error, LinkError::RowMissing(7, 3));
}

#[test]
fn a_hot_key_is_left_to_other_rules_and_reported() {
    let rows = vec![["", "张伟", "", "", "", ""]; 300];
    let linkage = link(&rows, &Constraints::default());
    let by_name = linkage.blocks.iter().find(|block| block.name == "name").unwrap();
    assert_eq!(by_name.capped, Capped { n_keys: 1, n_rows: 300 });
    assert_eq!((by_name.n_pairs, linkage.pairs.len()), (0, 0));
}

#[test]
fn a_model_that_does_not_fit_is_refused() {
    let rows = table(&[["", "张伟", "", "", "", ""]]);
    let refused = |change: fn(&mut Model)| {
        let mut model = model();
        change(&mut model);
        clusters(&rows, &model, &Constraints::default(), &mut |_| {}).unwrap_err()
    };
    let text = str::to_owned;
    assert_eq!(
        refused(|model| model.fields[0].columns.push("phone".to_owned())),
        LinkError::ColumnMissing(text("id"), text("phone"))
    );
    assert_eq!(
        refused(|model| drop(model.fields[1].levels.pop())),
        LinkError::LevelMissing(text("name"), text("other"))
    );
    assert_eq!(
        refused(|model| model.fields[1].levels[0].u = 0.0),
        LinkError::Probability(text("name"), text("equal"))
    );
    assert_eq!(
        refused(|model| model.fields[1].of = vec!["id".to_owned(), "birth".to_owned()]),
        LinkError::Together(text("name"))
    );
    assert_eq!(
        refused(|model| {
            let like = model.fields[0].clone();
            let (comparator, levels) =
                (Comparator::Together, starting_levels(Comparator::Together));
            let (name, of) = ("both".to_owned(), vec!["id".to_owned(), "phone".to_owned()]);
            model.fields.push(FieldModel {
                name,
                of,
                comparator,
                levels,
                columns: Vec::new(),
                ..like
            });
        }),
        LinkError::FieldMissing(text("both"), text("phone"))
    );
}

#[test]
fn empty_columns_and_single_rows_are_no_trouble() {
    assert_eq!(link(&[], &Constraints::default()).cluster, [0u32; 0]);
    assert_eq!(link(&[[""; 6]], &Constraints::default()).cluster, [0]);
    assert_eq!(link(&[[""; 6], [""; 6]], &Constraints::default()).cluster, [0, 1]);
}

#[test]
fn the_waterfall_adds_up_and_counts_the_birth_once() {
    let rows = table(&[
        [ANNA, "张小雨", "2009-12-31", "女", "张大山", "铁沟村5组"],
        [ANNA, "张小羽", "2009-12-31", "女", "李秀兰", ""],
    ]);
    let why = explain(&rows, &model(), 0, 1).unwrap();
    let sum: f32 = why.fields.iter().map(|field| field.bits).sum();
    assert!((why.prior_bits + sum + why.family_bits - why.bits).abs() < 1e-3);
    let birth = why.fields.iter().find(|field| field.field == "birth").unwrap();
    assert!(birth.contained && birth.bits.abs() < 1e-6);
    let village = why.fields.iter().find(|field| field.field == "village").unwrap();
    assert_eq!((village.level.as_deref(), village.bits), (None, 0.0));
}
