//! What Chinese lists do to one name, village or school, and what is made of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use baoxue_link::{
    Column, Comparator, FieldModel, Model, Prior, Table, Thresholds, explain, starting_levels,
};

/// The level of two values, from both sides.
#[track_caller]
fn check(comparator: Comparator, left: &str, right: &str, expected: &str) {
    check_level(comparator, left, right, Some(expected));
}

/// The same, `None` when they have nothing to say about each other.
#[track_caller]
fn check_level(comparator: Comparator, left: &str, right: &str, expected: Option<&str>) {
    let model = Model {
        name: "one field".to_owned(),
        prior: Prior { partners_per_record: 1.0, relatives_per_record: 0.0 },
        thresholds: Thresholds { join_bits: 0.0, review_bits: 0.0, bridge_bits: 0.0 },
        identity: None,
        relatives: None,
        fields: vec![FieldModel {
            name: "field".to_owned(),
            columns: vec!["field".to_owned()],
            comparator,
            of: Vec::new(),
            term_frequency: false,
            contained_in: Vec::new(),
            levels: starting_levels(comparator),
        }],
        blocks: Vec::new(),
    };
    let table = Table::new(vec![Column::new("field", [left, right])], Vec::new()).unwrap();
    for (a, b) in [(0, 1), (1, 0)] {
        let why = explain(&table, &model, a, b).unwrap();
        assert_eq!(why.fields[0].level.as_deref(), expected, "{left} {right}");
    }
}

#[test]
fn resident_ids() {
    let whole = "11010519491231002X";
    for (other, expected) in [
        // Dress only.
        ("11010519491231002x", Some("equal")),
        ("１１０１０５１９４９１２３１００２ｘ", Some("equal")),
        ("'110105 1949-1231 002X", Some("equal")),
        ("110105491231002", Some("equal")),
        ("11010519491231002*", Some("equal")),
        // Digits that somebody has hidden.
        ("110105********002X", Some("tail")),
        ("110105＊＊＊＊＊＊＊＊002x", Some("tail")),
        ("110105xxxxxxxx002X", Some("tail")),
        ("11010519491231****", Some("partial")),
        ("110105********0028", Some("unlike")),
        ("1101**************", None),
        // Digits that a spreadsheet has lost.
        ("1.10105194912310E+17", Some("partial")),
        ("110105194912310000", Some("partial")),
        ("110105194912310000.0", Some("partial")),
        ("110105200912310000", Some("unlike")),
        ("1.10105E+17", None),
        // True zeros, slips and other persons.
        ("11010519491231003X", Some("typo")),
        ("990105194912310033", Some("unlike")),
        ("110105194912310011", Some("conflict")),
        ("440524188001010014", Some("conflict")),
    ] {
        check_level(Comparator::ResidentId, whole, other, expected);
    }
    // Two numbers of which only the beginning is left are not one number.
    check_level(Comparator::ResidentId, "1.10105E+17", "1.10105E+17", None);
    check(Comparator::ResidentId, "110105********002X", "110105xxxxxxxx002x", "tail");
}

#[test]
fn names() {
    for (left, right, expected) in [
        // Homophones, with and without the tone, and for southern ears.
        ("王宏", "王红", "tone_sound"),
        ("陈煜", "陈玉", "tone_sound"),
        ("张晨", "张辰", "tone_sound"),
        ("张雨", "张玉", "sound"),
        ("李芳", "李方", "tone_sound"),
        ("刘兰", "刘南", "near_sound"),
        ("周珍", "周增", "near_sound"),
        ("赵飞", "赵辉", "near_sound"),
        ("李诗", "李思", "near_sound"),
        ("李洪", "李冯", "near_sound"),
        ("李红", "李芬", "surname"),
        // Look-alikes.
        ("王未", "王末", "glyph"),
        ("李昊", "李吴", "glyph"),
        ("张侯", "张候", "sound"),
        ("陈戌", "陈戍", "glyph"),
        // Traditional and variant forms.
        ("陳靜", "陈静", "variant"),
        ("呂丽华", "吕麗華", "variant"),
        ("趙國強", "赵国强", "variant"),
        ("李峯", "李峰", "variant"),
        ("李喆", "李哲", "variant"),
        ("李堃", "李坤", "variant"),
        ("李昇", "李升", "variant"),
        // What could not be written.
        ("李?", "李娜", "fragment"),
        ("李□娜", "李小娜", "fragment"),
        ("李■娜", "李小娜", "fragment"),
        ("李＊娜", "李小娜", "fragment"),
        ("李\u{e123}娜", "李小娜", "fragment"),
        ("张yue", "张玥", "sound"),
        ("吕Lü", "吕律", "sound"),
        ("张yì", "张艺", "sound"),
        ("张yi4", "张艺", "sound"),
        ("吕lǜ", "吕律", "sound"),
        // One character in bytes that could not be read.
        ("张??明", "张小明", "fragment"),
        ("张???明", "张小明", "fragment"),
        ("张小\u{fffd}\u{fffd}\u{fffd}", "张小明", "fragment"),
        ("张????", "李小明", "other"),
        ("ZHANG WEI", "张伟", "sound"),
        // Compound surnames.
        ("欧阳娜", "欧阳娜娜", "fragment"),
        ("欧阳小明", "王小明", "given"),
        ("司马光", "司光", "fragment"),
        ("申屠小明", "王小明", "given"),
        ("万俟小明", "李小明", "given"),
        ("濮阳小明", "王小明", "given"),
        ("歐陽小明", "欧阳小明", "variant"),
        // Names with a dot, their short forms and the signs that stand for the dot.
        ("古丽•买买提", "古丽·买买提", "variant"),
        ("古丽.买买提", "古丽·买买提", "variant"),
        ("古丽・买买提", "古丽买买提", "variant"),
        ("迪丽热巴·迪力木拉提", "迪丽热巴", "fragment"),
        ("阿卜杜拉·麦麦提·艾力", "阿卜杜拉·艾力", "fragment"),
        ("麦麦提·艾力", "买麦提·艾力", "sound"),
    ] {
        check(Comparator::PersonName, left, right, expected);
    }
}

#[test]
fn villages_groups_and_houses() {
    for (left, right, expected) in [
        ("铁沟村三组", "铁沟村3组", "equal"),
        ("铁沟村第三村民小组", "铁沟村3组", "equal"),
        ("铁沟村三社", "铁沟村3组", "equal"),
        ("铁沟村第三生产队", "铁沟村3组", "equal"),
        ("铁沟村3组12号", "铁沟村3组12", "equal"),
        ("铁沟村３组", "铁沟村3组", "equal"),
        ("铁沟村民委员会3组", "铁沟村3组", "equal"),
        ("洪山镇铁沟村3组12号", "铁沟3组12号", "equal"),
        ("汉滨区洪山镇铁沟村", "铁沟村3组12号", "contains"),
        ("铁沟村3组12号", "铁沟村3组21号", "near"),
        ("铁沟村3组", "王家沟村3组", "other"),
        ("铁沟村叁组", "铁沟村3组", "equal"),
        ("铁沟村廿三组", "铁沟村23组", "equal"),
        ("铁沟村两组", "铁沟村2组", "equal"),
        ("铁沟村二十组", "铁沟村20组", "equal"),
        ("锡林郭勒盟东乌旗巴彦苏木查干嘎查", "查干嘎查", "equal"),
        ("鄂温克族自治旗巴彦托海镇查干嘎查", "查干", "equal"),
        ("红旗村3组", "红旗3组", "equal"),
        ("红旗村3组", "同盟村3组", "other"),
    ] {
        check(Comparator::Place, left, right, expected);
    }
}

#[test]
fn schools() {
    for (left, right, expected) in [
        ("洪山镇铁沟村小学", "铁沟村小学", "equal"),
        ("洪山镇铁沟完全小学", "铁沟小学", "equal"),
        ("汉滨区洪山镇铁沟小学", "洪山镇铁沟小学", "equal"),
        ("洪山镇初级中学", "洪山镇中学", "equal"),
        ("洪山初级中学", "洪山镇初中", "contains"),
        ("洪山镇中心小学", "洪山中心校", "contains"),
        ("铁沟小学（北校区）", "铁沟小学", "equal"),
        ("洪山镇中心小学", "流水镇中心小学", "other"),
    ] {
        check(Comparator::School, left, right, expected);
    }
}
