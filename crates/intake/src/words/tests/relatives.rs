//! Phrases around the yes and no of a box, returns that are none, teaching at home that does not happen, moves, the family's
//! work in brackets, and places that are no school.

use super::{
    Cause, SurveyFinding, cause, lexicon,
    phrases::{Sense, all},
};

#[test]
fn a_box_answered_in_words() {
    all(
        Sense::Out,
        "在外打工 已辍学 已外出务工 在籍不在校 在家务农 在家 有学籍不在校 已离校 已退学 学籍在人不在校,在家",
    );
    all(
        Sense::Open,
        "有时去 有辍学倾向 有风险 疑似辍学 有辍学风险 有学籍 在籍 已核实 已上报 有待核实 在办理入学",
    );
    all(Sense::In, "已复学 已返校 在校 已劝返 在读 已入学 正常在校");
}

#[test]
fn a_return_that_is_promised_or_did_not_last() {
    all(
        Sense::Open,
        "承诺9月返校 答应下周返校 计划返校 等待返校 预计下学期复学 劝返中 家长称已返校 曾返校 承诺返校 拟返校 准备返校 同意返校 \
        家长保证9月1日返校 正在劝返 下学期返校 返校手续办理中 待返校 申请复学 返校仅两天 只返校一天 应返校 9月返校 秋季返校",
    );
    all(
        Sense::Out,
        "返校两天又走 返校后再次离校 返校后又外出打工 返校几天又不来了 复学后又辍学 返校一周后又离校 返校后又没来 返校2天,又走了 \
        已返校,后又辍学 已返校但又离校",
    );
    all(
        Sense::In,
        "已返校 6月18日已返校 已复学 经劝返已返校 已返校上课 已返校,正常上课 返校后一直在校",
    );
}

#[test]
fn teaching_at_home_that_does_not_happen() {
    all(
        Sense::Out,
        "没有人送教 送教未落实 送教中断 应送教未送教 送教老师没来过 残疾在家老师半年没来送教 未开展送教 未送教 无人送教 送教上门,半年没来 \
        送教上门未落实 送教已停 停止送教 家长拒绝送教 没送教 暂停送教 从未送教 送教上门,老师没来过 重度残疾,无人送教 送教上门已中断 \
        残疾，从未有老师来 重度残疾，没有老师上门 脑瘫，老师没来过",
    );
    all(Sense::Open, "偶尔送教 一年只送教一次 半年送教一次");
    all(
        Sense::In,
        "送教上门 残疾,送教上门 每月送教2次 送教上门,从未中断 不能到校,送教上门 送教上门每月不少于2次 不定期送教 享受送教上门 \
        生活不能自理,由学校送教上门",
    );
    let lexicon = lexicon();
    for text in ["需要送教", "待送教", "拟送教上门", "申请送教上门", "建议送教上门", "应送教"]
    {
        assert_ne!(lexicon.finding(text), SurveyFinding::HomeTeaching, "{text}");
    }
}

#[test]
fn somebody_who_came_has_not_moved_away() {
    let lexicon = lexicon();
    for text in [
        "户口迁入，未就读",
        "户口迁到本村，未上学",
        "户口已迁入本镇",
        "全家迁回，在家",
        "户口迁来,无学籍",
        "户口已迁走，未上学",
        "举家外出务工",
        "全家搬到县城,在江北小学就读",
        "户口转入",
    ] {
        assert_ne!(lexicon.finding(text), SurveyFinding::MovedAway, "{text}");
    }
    all(Sense::Out, "户口迁入，未就读 户口迁到本村，未上学 全家迁回，未上学");
    all(Sense::In, "全家搬到县城,在江北小学就读 户口已迁走,在西安市第一小学就读");
    all(Sense::Open, "户口已迁走，未上学 重复户口已注销，现未上学 查无此人，在家未上学");
    all(Sense::Other, "户口已迁走 全家迁走 户籍已迁出 举家搬迁 重复户口已注销 空挂户 户口空挂");
    assert_eq!(lexicon.finding("空挂户"), SurveyFinding::Away);
}

#[test]
fn work_of_the_family_in_brackets_is_the_familys() {
    let lexicon = lexicon();
    for text in [
        "外出务工（父母）",
        "外出打工(父亲)",
        "在外务工（父母双方）",
        "（父母）外出务工",
        "父母：外出务工",
        "父母，均外出务工",
        "父母,在外打工",
        "外出务工（指父母）",
        "务工(父)",
        "外出务工（家长）",
        "外出打工（父、母）",
        "务工（其父母）",
        "父亲:打工,母亲:务农",
    ] {
        let found = lexicon.finding(text);
        assert!(!matches!(found, SurveyFinding::Out { .. }), "{text}: {found:?}");
    }
    all(Sense::In, "在校(父母外出务工) 外出务工（父母），在江北小学就读 父母：外出务工，孩子在校");
    all(
        Sense::Out,
        "外出务工（本人） 外出务工(广东) 辍学(父母外出务工) 未上学（父母离异） 父母：外出务工，孩子辍学在家",
    );
}

#[test]
fn a_tutor_is_no_school() {
    all(
        Sense::Open,
        "在终南山国学班读书 终南山国学班 在某私塾就读 在读经班上课 在国学馆学习 在培训机构上课 就读于明德书院 明德学堂 \
        在补习班上课",
    );
    all(
        Sense::In,
        "就读于书院小学 书院中学七年级 白鹭洲书院中学 来自学校通知，在校 在鲁家教学点就读 在经堂教学点读二年级",
    );
    let lexicon = lexicon();
    for school in
        ["终南山国学班", "明德私塾", "某培训中心", "读经学堂", "启智托管班", "在家自学", "道源书院"]
    {
        assert_eq!(lexicon.school(school, None), SurveyFinding::Unclear, "{school}");
    }
    for school in
        ["洪山镇中心小学", "鲁家教学点", "书院中学", "江北九年制学校", "安康市特殊教育学校"]
    {
        assert!(matches!(lexicon.school(school, None), SurveyFinding::InSchool { .. }), "{school}");
    }
}

#[test]
fn a_very_long_cell_is_read_in_one_pass() {
    // What looks back over the whole text at each of its characters takes hours here.
    assert_eq!(lexicon().finding(&"张".repeat(500_000)), SurveyFinding::Unclear);
}

#[test]
fn custody_is_of_the_child_or_of_its_family() {
    for text in
        ["在看守所", "被公安机关关押", "因盗窃被抓", "收容教养", "在未管所服刑", "现在少管所"]
    {
        let found = lexicon().finding(text);
        assert_eq!(found, SurveyFinding::Out { cause: Some(Cause::Offence) }, "{text}");
    }
    for text in ["父亲服刑，在江北小学就读", "在校，社区矫正对象", "母亲在押，正常在校"]
    {
        assert!(matches!(lexicon().finding(text), SurveyFinding::InSchool { .. }), "{text}");
    }
    for text in ["半工读", "打工读夜校"] {
        assert_ne!(cause(text), Some(Cause::Offence), "{text}");
    }
    assert_eq!(cause("父亲服刑"), Some(Cause::Family));
    assert_eq!(cause("收容教养"), Some(Cause::Offence));
    assert_eq!(cause("打架斗殴被抓"), Some(Cause::Offence));
    assert_ne!(cause("打架斗殴被学校劝退"), Some(Cause::Offence));
}
