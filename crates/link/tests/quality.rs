//! What training, recall, proposals and evaluation say is held against people whose truth is known.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

#[path = "quality/families.rs"]
mod families;
#[path = "quality/people.rs"]
mod people;

use std::collections::BTreeSet;

use baoxue_link::{
    Asked, BlockRule, Choice, Column, Comparator, Constraints, Difference, Estimate, FieldModel,
    Hypothesis, Label, Level, Linkage, Model, Named, Proposal, Question, Table, Training, Which,
    Wish, blocking_recall, choose, evaluate_labels, evaluate_truth, household_levels, propose,
    sample_for_labels, say, starting_levels, train, train_and_link,
};
use families::Families;
use people::{FIELDS, People, model};

fn linked(table: &Table, model: &Model, constraints: &Constraints) -> (Model, Linkage) {
    let (training, linkage) = train_and_link(table, model, constraints, 1, &mut |_| {}).unwrap();
    (training.model, linkage)
}

fn level<'m>(model: &'m Model, field: &str, level: &str) -> &'m Level {
    let field = model.fields.iter().find(|of| of.name == field).unwrap();
    field.levels.iter().find(|of| of.name == level).unwrap()
}

#[test]
fn training_finds_the_rates_that_the_data_were_drawn_with() {
    let people = People::new(10_000, 7);
    let (trained, _) = linked(&people.table(), &model(), &Constraints::default());
    for (name, n_values, wrong) in FIELDS {
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let (n_values, wrong) = (n_values as f64, wrong as f64 / 1000.0);
        // Both rows right, or a wrong value that happens to be the same.
        let m = (1.0 - wrong).powi(2) + (1.0 - (1.0 - wrong).powi(2)) / n_values;
        let found = level(&trained, name, "equal");
        assert!((found.m - m).abs() < 0.01, "{name}: m {} for {m}", found.m);
        let ratio = found.u * n_values;
        assert!((0.9..1.1).contains(&ratio), "{name}: u {} for {}", found.u, 1.0 / n_values);
    }
    let partners = trained.prior.partners_per_record;
    assert!((partners - 1.0).abs() < 0.05, "{partners}");
}

#[test]
fn training_finds_that_two_fields_go_wrong_together() {
    let mut people = People::new(10_000, 8);
    // Of each tenth person the second row has others' values in two fields at once, as after a move.
    for at in (1..people.rows.len()).step_by(20) {
        let of =
            |step: usize, field: usize| people.rows[(at * step + 4000) % 20_000][field].clone();
        let (others_d, others_e) = (of(7, 3), of(13, 4));
        let [.., d, e] = &mut people.rows[at];
        (*d, *e) = (others_d, others_e);
    }
    let mut model = model();
    let like = model.fields[0].clone();
    model.fields.push(FieldModel {
        name: "d with e".to_owned(),
        columns: Vec::new(),
        comparator: Comparator::Together,
        of: vec!["d".to_owned(), "e".to_owned()],
        levels: starting_levels(Comparator::Together),
        ..like
    });
    let (trained, _) = linked(&people.table(), &model, &Constraints::default());
    // One in ten, and the few in which both went wrong by themselves, against what either rate alone lets expect.
    let found = level(&trained, "d with e", "neither");
    assert!((2.8..4.6).contains(&(found.m * 1000.0)), "{}", found.m);
    let by_chance = |level: &Level| (0.8..1.25).contains(&(level.u * 1000.0));
    let field = trained.fields.last().unwrap();
    assert!(field.levels.iter().all(by_chance), "{:?}", field.levels);
}

/// The model with a third hypothesis: brothers and sisters have `a`, `c` and `e` in common.
fn with_families() -> Model {
    let mut model = model();
    model.prior.relatives_per_record = 1.0;
    model.relatives = Some(model.blocks[1].clone());
    model.fields[2].levels = household_levels(Comparator::Exact);
    model
}

/// Every two persons are brothers and sisters.
fn in_families(mut people: People) -> People {
    for at in (0..people.rows.len()).step_by(4) {
        let [a, _, c, _, e] = people.rows[at].clone();
        for row in &mut people.rows[at + 2..at + 4] {
            (row[0], row[2], row[4]) = (a.clone(), c.clone(), e.clone());
        }
    }
    people
}

#[test]
fn what_the_rows_do_not_teach_is_named_for_each_hypothesis() {
    let trained = |people: &People| {
        train(&people.table(), &with_families(), &Constraints::default(), 1, &mut |_| {}).unwrap()
    };
    let named = |training: &Training, of: Hypothesis| -> BTreeSet<String> {
        let found = training.untrained().filter(|found| found.of.contains(&of));
        found.map(|found| format!("{} {}", found.field, found.level)).collect()
    };
    let alone = trained(&People::new(1_000, 17));
    for level in ["b equal", "b other", "d equal", "d other"] {
        assert!(named(&alone, Hypothesis::Family).contains(level), "{level}: nobody has a sister");
    }
    let families = trained(&in_families(People::new(1_000, 17)));
    let unknown = named(&families, Hypothesis::Family);
    assert!(!unknown.contains("b other") && !unknown.contains("d other"), "{unknown:?}");
    assert_eq!(families.shared().collect::<Vec<_>>(), ["a", "c", "e"]);
    for training in [&alone, &families] {
        assert!(named(training, Hypothesis::Same).is_empty());
        assert!(named(training, Hypothesis::Strangers).is_empty());
    }
}

#[test]
fn training_finds_the_rates_of_brothers_and_sisters_and_of_near_values() {
    let families = Families::new(3_000, 19);
    let trained =
        train(&families.table(), &families::model(), &Constraints::default(), 1, &mut |_| {});
    let trained = trained.unwrap().model;
    let near = |what: &str, found: f64, expected: f64, tolerance: f64| {
        let ratio = found / expected;
        assert!((1.0 - tolerance..1.0 + tolerance).contains(&ratio), "{what}: {found} {expected}");
    };
    near("relatives", trained.prior.relatives_per_record, families.relatives_per_record(), 0.15);
    near("partners", trained.prior.partners_per_record, 1.0, 0.05);
    let town = level(&trained, "town", "equal");
    near("town of one child", town.m, families::TOWN_SAME, 0.03);
    near("town of sisters", town.family.unwrap(), families::TOWN_FAMILY, 0.05);
    let slip = level(&trained, "given", "slip");
    near("slip of one child", slip.m, families::SLIP_SAME, 0.15);
    // Of sixty thousand random pairs forty show it: what the rules reach must tell too.
    near("slip of strangers", slip.u, families::SLIP_STRANGERS, 0.35);
    near("slip of sisters", slip.family.unwrap(), families::SLIP_STRANGERS, 9.0);
    let guardian = level(&trained, "guardian", "equal");
    near("guardian of sisters", guardian.family.unwrap(), guardian.m, 0.02);
}

#[test]
fn a_few_rows_do_not_teach_that_fields_depend_on_each_other() {
    let model = Model::children();
    let columns = [
        ("name", ["张小莉", "张小莉", "李大勇", "王芳"]),
        ("sex", ["女", "女", "男", "女"]),
        ("birth_date", ["2009-12-31", "2009-12-31", "2010-03-05", "2011-07-08"]),
        ("id_no", ["110105200912310028", "110105200912310028", "", ""]),
        ("guardian", ["张大山", "张大山", "李强", ""]),
        ("region_code", ["110105001001", "110105001001", "110105001002", "110105001002"]),
        ("address", ["铁沟村5组", "铁沟村5组", "", "铁沟村"]),
        ("school", ["铁沟小学", "铁沟小学", "第一小学", "第一小学"]),
    ];
    let columns = columns.map(|(name, cells)| Column::new(name, cells));
    let table = Table::new(columns.to_vec(), Vec::new()).unwrap();
    let (trained, linkage) = linked(&table, &model, &Constraints::default());
    assert_eq!(linkage.cluster, [0, 0, 2, 3]);
    trained.check(&table).unwrap();
    for field in trained.fields.iter().filter(|field| field.comparator == Comparator::Together) {
        for level in &field.levels {
            let bits = (level.m / level.u).log2();
            assert!(bits.abs() < 0.5, "{} {}: {bits}", field.name, level.name);
        }
    }
}

#[test]
fn recall_of_blocking_is_estimated_near_the_truth() {
    let people = People::new(10_000, 8);
    let table = people.table();
    let (trained, linkage) = linked(&table, &model(), &Constraints::default());
    let recall = blocking_recall(&table, &trained, &linkage).unwrap();
    let meets = |rule: &BlockRule, l: usize, r: usize| {
        rule.keys.iter().all(|key| {
            let column = table.column(&key.columns[0]).unwrap();
            column.values()[l] == column.values()[r]
        })
    };
    let n_met = (0..people.rows.len())
        .step_by(2)
        .filter(|row| trained.blocks.iter().any(|rule| meets(rule, *row, row + 1)))
        .count();
    let total = recall.total.unwrap();
    assert_eq!(recall.independent, ["b", "a + e", "d"]);
    assert!((total.value - 10_000.0).abs() < 100.0, "{total:?}");
    assert!(total.low <= 10_050.0 && total.high >= 9_950.0, "{total:?}");
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let truth = n_met as f64 / 10_000.0;
    assert!((recall.recall.unwrap().value - truth).abs() < 0.005, "{recall:?} for {truth}");
    for rule in &recall.rules {
        assert!(rule.only > 0.0 && rule.only < rule.reached && rule.share < 1.0, "{rule:?}");
    }
    assert!(say::blocking(&recall, say::Lang::Zh).contains("当作互不相干"));
}

#[test]
fn hot_keys_are_told_with_what_they_cost() {
    let people = People::new(2_000, 9);
    let table = people.table();
    let mut model = model();
    model.blocks[2].most_rows = 4;
    let (trained, linkage) = linked(&table, &model, &Constraints::default());
    let recall = blocking_recall(&table, &trained, &linkage).unwrap();
    let by_d = &recall.rules[2];
    assert!(by_d.capped.n_keys > 100 && by_d.hot > 1000.0, "{by_d:?}");
    assert!(say::blocking(&recall, say::Lang::En).contains("too frequent"));
}

#[test]
fn proposed_rules_keep_to_the_budget_and_reach_nearly_all() {
    let people = People::new(3_000, 10);
    let wish =
        Wish { pairs_per_record: 6.0, most_rules: 6, most_rows: 100, least_gain: 0.002, seed: 1 };
    let of = |people: &People| {
        let constraints = Constraints::default();
        propose(&people.table(), &model(), &constraints, wish, &mut |_| {}).unwrap().1
    };
    let proposals = of(&people);
    let last = proposals.last().unwrap();
    assert!(last.recall_so_far > 0.98 && last.pairs_per_record_so_far <= 6.0, "{proposals:#?}");
    assert!(proposals.iter().all(|proposal| proposal.gain >= wish.least_gain));
    // What was counted is what the rule gives.
    let mut model = model();
    model.blocks = proposals.iter().map(|proposal| proposal.rule.clone()).collect();
    let (_, linkage) = linked(&people.table(), &model, &Constraints::default());
    let n_pairs: Vec<u64> = linkage.blocks.iter().map(|block| block.n_pairs).collect();
    assert_eq!(n_pairs, proposals.iter().map(|proposal| proposal.n_pairs).collect::<Vec<_>>());
    let names = |proposals: &[Proposal]| -> Vec<String> {
        proposals.iter().map(|proposal| proposal.rule.name.clone()).collect()
    };
    assert_eq!(names(&of(&people.reversed())), names(&proposals));
}

/// What no rule reaches.
fn missed(table: &Table, model: &Model, linkage: &Linkage) -> Option<Estimate> {
    let recall = blocking_recall(table, model, linkage).unwrap();
    let known = recall.reached + recall.unreached;
    let rest = |all: f64| all - known;
    let all = recall.total?;
    Some(Estimate { value: rest(all.value), low: rest(all.low), high: rest(all.high) })
}

#[test]
fn intervals_from_a_sample_of_labels_hold_the_truth() {
    let people = People::new(5_000, 11);
    let table = people.table();
    let mut model = model();
    // Pairs that are not kept cannot be asked about.
    model.thresholds.review_bits = -14.0;
    let (trained, linkage) = linked(&table, &model, &Constraints::default());
    let truth = evaluate_truth(&linkage, &people.truth, &[]).unwrap().pairs.measures();
    let missed = missed(&table, &trained, &linkage);
    let person = |row: u32| people.truth[row as usize];
    let mut n_held = [0; 3];
    for seed in 0..40 {
        let sample = sample_for_labels(&table, &linkage, 100, seed).unwrap();
        let label = |asked: &Asked| Label {
            left: asked.left,
            right: asked.right,
            is_same: person(asked.left) == person(asked.right),
        };
        let labels: Vec<Label> = sample.asked.iter().map(label).collect();
        assert!(labels.len() <= 1_900);
        let found = evaluate_labels(&sample, &labels, missed);
        let all = [
            (found.precision, truth.precision),
            (found.recall, truth.recall),
            (found.f1, truth.f1),
        ];
        for ((estimate, truth), n) in all.into_iter().zip(&mut n_held) {
            assert!((estimate.value - truth).abs() < 0.03, "{estimate:?} for {truth}");
            assert!(estimate.high - estimate.low < 0.08, "{estimate:?}");
            *n += u32::from(estimate.low <= truth && truth <= estimate.high);
        }
    }
    assert!(n_held.iter().all(|n| *n >= 36), "held {n_held:?} times of 40");
}

#[test]
fn the_sample_does_not_depend_on_the_order_of_rows() {
    let people = People::new(500, 12);
    let asked = |people: &People| -> BTreeSet<Vec<[String; 5]>> {
        let table = people.table();
        let (_, linkage) = linked(&table, &model(), &Constraints::default());
        let sample = sample_for_labels(&table, &linkage, 20, 5).unwrap();
        let rows = |asked: &Asked| {
            let mut rows = vec![
                people.rows[asked.left as usize].clone(),
                people.rows[asked.right as usize].clone(),
            ];
            rows.sort();
            rows
        };
        sample.asked.iter().map(rows).collect()
    };
    assert_eq!(asked(&people), asked(&people.reversed()));
}

#[test]
fn labels_move_the_parameters_their_way_and_are_obeyed() {
    let people = People::new(2_000, 13);
    let table = people.table();
    let before = train(&table, &model(), &Constraints::default(), 1, &mut |_| {}).unwrap().model;
    // Two rows of one person that differ in `c`, judged the same, again and again.
    let same = |row: &u32| people.rows[*row as usize][2] != people.rows[*row as usize + 1][2];
    let labels: Vec<Label> = (0..4000)
        .step_by(2)
        .filter(same)
        .map(|row| Label { left: row, right: row + 1, is_same: true })
        .collect();
    let mut constraints = Constraints::default();
    constraints.add_labels(&labels);
    // And rows of different persons, judged different.
    constraints.add_labels(&[Label { left: 0, right: 2, is_same: false }]);
    let (after, linkage) = linked(&table, &model(), &constraints);
    let m = |model: &Model| level(model, "c", "other").m;
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    let truth = labels.len() as f64 / 2000.0;
    assert!(m(&after) > m(&before), "{} after {}", m(&after), m(&before));
    assert!((m(&after) - truth).abs() < 0.02, "{} for {truth}", m(&after));
    let cluster = |row: u32| linkage.cluster[row as usize];
    assert!(labels.iter().all(|label| cluster(label.left) == cluster(label.right)));
    assert_ne!(cluster(0), cluster(2));
}

#[test]
fn labels_teach_on_a_table_of_which_a_part_is_looked_at() {
    let mut people = People::new(10_000, 18);
    // Of each tenth person there is a double: another one with the same `a`, `b` and `d`.
    for at in 0..1_000 {
        let [a, b, _, d, _] = people.rows[2 * at].clone();
        for row in &mut people.rows[2 * at + 10_000..2 * at + 10_002] {
            (row[0], row[1], row[3]) = (a.clone(), b.clone(), d.clone());
        }
    }
    let mut model = model();
    let mut by_c = model.blocks[0].clone();
    by_c.name = "c".to_owned();
    by_c.keys[0].columns = vec!["c".to_owned()];
    by_c.most_rows = 1_000;
    model.blocks.push(by_c);
    let table = people.table();
    let trained = |labels: &[Label]| {
        let mut constraints = Constraints::default();
        constraints.add_labels(labels);
        train(&table, &model, &constraints, 1, &mut |_| {}).unwrap()
    };
    let m = |training: &Training| level(&training.model, "c", "other").m;
    let before = trained(&[]);
    assert!(before.n_pairs.0 * 10 < 2_000_000, "one pair of ten is looked at");
    assert!(m(&before) > 0.35, "doubles are taken for one person: {}", m(&before));
    // People say of one in five doubles, four pairs each, that they are two persons.
    let is_two = |at: u32| (0..4).map(move |n| (2 * at + n / 2, 2 * at + 10_000 + n % 2));
    let label = |(left, right)| Label { left, right, is_same: false };
    let labels: Vec<Label> = (0..200).flat_map(is_two).map(label).collect();
    let after = trained(&labels);
    assert!((m(&after) - 0.19).abs() < 0.04, "{} after {}", m(&after), m(&before));
    let partners = |training: &Training| training.model.prior.partners_per_record;
    assert!(partners(&after) < partners(&before) - 0.2, "{}", partners(&after));
}

#[test]
fn what_changes_most_is_asked_first() {
    let people = People::new(2_000, 14);
    let table = people.table();
    let (_, linkage) = linked(&table, &model(), &Constraints::default());
    let choose = |stake: &[f64]| choose(&linkage, &Constraints::default(), stake).unwrap();
    let choices = choose(&[]);
    assert!(choices.windows(2).all(|two| two[0].change >= two[1].change));
    let cluster = |row: u32| linkage.cluster[row as usize];
    let of = |choice: &Choice| {
        let (l, r) = (cluster(choice.left), cluster(choice.right));
        (l.min(r), l.max(r))
    };
    let pairs: BTreeSet<(u32, u32)> = choices.iter().map(of).collect();
    assert_eq!(pairs.len(), choices.len(), "one for each two clusters");
    let is_split = |choice: &Choice| choice.question == Question::Split;
    assert!(choices.iter().all(|choice| is_split(choice) == (of(choice).0 == of(choice).1)));
    // A verdict that hangs on a row brings its pair to the front.
    let last = *choices.last().unwrap();
    let mut stake = vec![0.0; people.rows.len()];
    stake[last.left as usize] = 1e6;
    assert_eq!((choose(&stake)[0].left, choose(&stake)[0].right), (last.left, last.right));
}

#[test]
fn what_training_changed_is_listed_in_bits() {
    let people = People::new(1_000, 15);
    let before = model();
    let mut after =
        train(&people.table(), &before, &Constraints::default(), 1, &mut |_| {}).unwrap().model;
    after.blocks.pop();
    assert_eq!(before.differences(&before), []);
    let found = before.differences(&after);
    assert!(found.contains(&Difference::Removed(Named::Rule("d".to_owned()))));
    let changed = found.iter().find_map(|difference| {
        let Difference::Level(level) = difference else { return None };
        (level.field == "a" && level.which == Which::U).then_some(level)
    });
    let changed = changed.unwrap();
    let (p, q) = (changed.bits_before.unwrap(), changed.bits_after.unwrap());
    assert_eq!(changed.level, "equal");
    assert!(
        q > p
            && ((changed.after.unwrap().recip() * level(&after, "a", "equal").m).log2() - q).abs()
                < 1e-9
    );
}

#[test]
fn a_model_is_the_same_after_a_file() {
    let people = People::new(500, 16);
    let trained = train(&people.table(), &model(), &Constraints::default(), 1, &mut |_| {});
    let model = trained.unwrap().model;
    let toml: Model = toml::from_str(&toml::to_string(&model).unwrap()).unwrap();
    assert_eq!(model.differences(&toml), []);
    assert_eq!(toml, model);
    let json: Model = serde_json::from_str(&serde_json::to_string(&model).unwrap()).unwrap();
    assert_eq!(json, model);
    let wrong = "name = \"x\"\nunknown = 1\n";
    assert!(toml::from_str::<Model>(wrong).unwrap_err().to_string().contains("unknown"));
}
