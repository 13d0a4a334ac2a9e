//! Columns whose heading stands twice.

use super::*;

#[test]
fn two_children_side_by_side_go_back_and_a_half_filled_row_enters() {
    let (child, sister) = (valid(CHILD), valid(SISTER));
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["序号", "姓名", "身份证号", "就读情况", "序号", "姓名", "身份证号", "就读情况"],
            &["1", "王小明", &child, "在校", "2", "李小红", &sister, "辍学在家"],
            &["3", "王小兰", &sister, "在校", "", "", "", ""],
        ],
    );
    assert_eq!(outcomes(&reading), ["header", "TWO_CHILDREN", "record"]);
    assert!(reading.messages.iter().any(|m| m.level == Level::Error && m.code == "TWO_CHILDREN"));
}

#[test]
fn a_second_name_with_the_numbers_of_adults_is_no_second_child() {
    let (child, father) = (valid(CHILD), valid(FATHER));
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["姓名", "身份证号", "就读情况", "姓名", "身份证号"],
            &["王小明", &child, "在校", "王大明", &father],
        ],
    );
    assert_eq!(outcomes(&reading), ["header", "record"]);
}

#[test]
fn a_second_id_column_with_the_numbers_of_children_is_not_the_guardians() {
    let (child, sister) = (valid(CHILD), valid(SISTER));
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["姓名", "身份证号", "监护人", "就读情况", "身份证号"],
            &["王小明", &child, "王大明", "在校", &sister],
        ],
    );
    assert!(records(&reading)[0].person.guardians[0].id.is_none());
    let question = reading.questions.iter().find(|question| question.column == 5).unwrap();
    assert!(question.why.contains("未成年人"), "{}", question.why);
}

#[test]
fn two_columns_of_one_heading_say_two_things() {
    let id = valid(CHILD);
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["姓名", "身份证号", "就读情况", "就读情况"],
            &["王小明", &id, "在校", "辍学在家"],
            &["李小红", "", "", "辍学在家"],
        ],
    );
    let said: Vec<usize> = records(&reading).iter().map(|record| record.claims.len()).collect();
    assert_eq!(said, [2, 1]);
    let Statement::Survey { finding } = &records(&reading)[0].claims[1].what else { panic!() };
    assert!(matches!(finding, SurveyFinding::Out { .. }), "{finding:?}");
    assert!(matches!(findings(&reading)[1], SurveyFinding::Out { .. }));
    assert!(reading.questions.iter().any(|question| question.column == 4));
}

#[test]
fn a_second_id_column_behind_the_guardian_is_the_guardians() {
    let (child, father) = (valid(CHILD), valid(FATHER));
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["姓名", "身份证号", "监护人", "身份证号", "就读情况"],
            &["王小明", &child, "王大明", &father, "在校"],
        ],
    );
    let record = records(&reading)[0];
    assert_eq!(record.person.id.as_ref().unwrap().digits(), Some(child.as_str()));
    assert_eq!(record.person.guardians[0].id.as_ref().unwrap().digits(), Some(father.as_str()));
}

#[test]
fn a_doubled_name_column_is_asked_about() {
    let reading = read_one(
        "x.xlsx",
        "摸排表",
        &[
            &["姓名", "姓名", "身份证号", "就读情况"],
            &["王小明", "王大明", "", "在校"],
            &["李小红", "李大红", "", "在校"],
        ],
    );
    assert_eq!(records(&reading)[0].person.name.as_ref().unwrap().expose(), "王小明");
    let question = reading.questions.iter().find(|question| question.column == 2).unwrap();
    assert_eq!(question.assumed, None);
}
