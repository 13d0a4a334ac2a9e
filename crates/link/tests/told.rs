//! What people are told about pairs and clusters, word by word.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use baoxue_link::{
    Apart, ClusterStory, Column, Constraints, Hold, Model, Table, clusters, explain,
    explain_cluster, say,
};
use insta::assert_snapshot;

const ANNA: &str = "110105200912310028";

fn model() -> Model {
    toml::from_str(include_str!("reference/model.toml")).unwrap()
}

fn table(rows: &[[&str; 6]]) -> Table {
    let names = ["id", "name", "birth", "sex", "guardian", "village"];
    let column = |(at, name): (usize, &&str)| Column::new(name, rows.iter().map(|row| row[at]));
    Table::new(names.iter().enumerate().map(column).collect(), Vec::new()).unwrap()
}

/// One girl in three lists, her brother, and somebody with another valid number.
fn rows() -> Table {
    table(&[
        [ANNA, "张小莉", "2009-12-31", "女", "张大山", "铁沟村5组"],
        [ANNA, "张小丽", "2009-12-31", "女", "张大山", "铁沟村5组"],
        ["", "张小莉", "2009-12-31", "女", "张大山", "铁沟村"],
        ["", "张小军", "2011-05-04", "男", "张大山", "铁沟村5组"],
        ["110105200912310108", "张小莉", "2009-12-31", "女", "张大山", "铁沟村5组"],
    ])
}

fn story(constraints: &Constraints, row: u32) -> ClusterStory {
    let linkage = clusters(&rows(), &model(), constraints, &mut |_| {}).unwrap();
    explain_cluster(&rows(), &model(), constraints, &linkage, row).unwrap()
}

fn told(story: &ClusterStory, lang: say::Lang) -> String {
    let row = |row: u32| format!("第{}行", row + 1);
    let source = |source: u16| ["学籍", "户籍"][usize::from(source)].to_owned();
    say::cluster(story, &say::Names { row: &row, source: &source }, lang)
}

fn sources() -> Constraints {
    Constraints {
        source: vec![0, 1, 0, 0, 1],
        one_per_source: vec![false, false],
        ..Constraints::default()
    }
}

#[test]
fn a_pair_is_told_in_both_languages() {
    let pair = |left, right| explain(&rows(), &model(), left, right).unwrap();
    assert_snapshot!(say::pair(&pair(0, 1), &model(), say::Lang::Zh), @"支持是同一人的：身份证号（相同，极有力）、村组（相同，很有力）、监护人（相同，很有力）、姓名（同音同调，很有力）。没有另计的：出生日期（身份证号里已含）、性别（身份证号里已含）。已考虑两人是兄弟姐妹或双胞胎的可能，证据仍然够。总的看，是同一人的可能性为 99.99% 以上，够得上归为同一人。");
    assert_snapshot!(say::pair(&pair(0, 1), &model(), say::Lang::En), @"For one person: id (equal, very strong), village (equal, strong), guardian (equal, strong), name (same sound and tone, strong). Not counted again: birth (contained in id), sex (contained in id). That they are brothers, sisters or twins was considered; the evidence still suffices. All in all they are one person with a chance of more than 99.99%: that is enough to join them.");
    assert_snapshot!(say::pair(&pair(2, 3), &model(), say::Lang::Zh), @"支持是同一人的：监护人（相同，很有力）、村组（包含，很有力）。反对的：出生日期（不同，很有力）、性别（不同，很有力）、姓名（名有一字同，分量轻）。没有比较的（有一方没填，或两者说不上话）：身份证号。这些相同之处也可能因为两人是兄弟姐妹或双胞胎，把握因此减少。总的看，是同一人的可能性为 0.01% 以下，不归为同一人。");
}

#[test]
fn a_cluster_is_told_with_what_joined_it_and_what_stayed_out() {
    let story = story(&sources(), 1);
    assert_eq!(story.rows, [0, 1, 2]);
    assert_eq!(
        story.links.iter().map(|link| link.hold).collect::<Vec<_>>(),
        [Hold::SameNumber, Hold::Evidence]
    );
    let weakest = story.weakest.as_ref().unwrap();
    assert_eq!((weakest.link, weakest.part.as_slice(), weakest.is_weak), (1, &[2][..], false));
    assert!(story.border.iter().any(|border| border.why == Apart::TwoIdentities));
    assert_snapshot!(told(&story, say::Lang::Zh), @r"
    3 条记录归为同一人：学籍 2 条、户籍 1 条。
    第1行和第2行：身份证号相同，号码经校验无误。
    第1行和第3行：主要凭姓名相同、出生日期相同、监护人相同，是同一人的可能性为 99.99% 以上。
    最弱的一环是第1行和第3行：断开的话，其中 1 条记录会分出去。
    第3行和第5行没有并：两组记录各有校验无误的身份证号，号码不同。
    ");
    assert_snapshot!(told(&story, say::Lang::En), @r"
    3 records are taken for one person: 2 of 学籍, 1 of 户籍.
    第1行 and 第2行: they have the same number, and it is valid.
    第1行 and 第3行: mainly by name (equal), birth (equal), guardian (equal); the chance that they are one is more than 99.99%.
    The weakest link is 第1行 and 第3行: without it 1 of the records would part.
    第3行 and 第5行 were not joined: the two groups have valid numbers, and these differ.
    ");
}

#[test]
fn rulings_are_told_as_rulings() {
    let constraints =
        Constraints { must_link: vec![(3, 0)], cannot_link: vec![(2, 0)], ..sources() };
    let story = story(&constraints, 3);
    assert!(story.rows.contains(&3) && !story.rows.contains(&2));
    assert_eq!(story.links[0].hold, Hold::Ruled);
    assert!(story.border.iter().any(|border| border.why == Apart::Ruled && border.outside == 2));
    assert!(told(&story, say::Lang::Zh).contains("有人核对过，认定不是同一人"));
}

#[test]
fn rulings_that_contradict_each_other_are_told_with_their_chain() {
    let constraints = Constraints {
        must_link: vec![(0, 1), (2, 1)],
        cannot_link: vec![(0, 2), (0, 3)],
        ..Constraints::default()
    };
    let found = constraints.contradictions();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].apart, found[0].chain.as_slice()), ((0, 2), &[(0, 1), (1, 2)][..]));
    let row = |row: u32| ["甲", "乙", "丙"][row as usize].to_owned();
    let names = say::Names { row: &row, source: &|_| String::new() };
    assert_snapshot!(say::contradiction(&found[0], &names, say::Lang::Zh), @"几次认定互相矛盾：甲和乙是同一人，乙和丙是同一人，但又认定甲和丙不是同一人。请改其中一条。");
}
