//! What free texts mean, as a table.

mod phrases;
mod relatives;

use baoxue_claim::Town;

use super::*;

fn lexicon() -> Lexicon {
    let town = |code: &str, name: &str| Town {
        code: code.parse().unwrap(),
        name: name.to_owned(),
        aliases: Vec::new(),
        from: None,
        to: None,
    };
    Lexicon::new(&Towns::new(vec![
        town("610902112", "洪山镇"),
        town("610902108", "大河镇"),
        town("610902003", "江北办"),
        town("610902002", "新城办"),
    ]))
}

#[track_caller]
fn check(table: &[(&str, SurveyFinding)]) {
    let lexicon = lexicon();
    let wrong: Vec<String> = table
        .iter()
        .filter(|(text, expected)| lexicon.finding(text) != *expected)
        .map(|(text, expected)| format!("{text}: {:?}, not {expected:?}", lexicon.finding(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn out(cause: Option<Cause>) -> SurveyFinding {
    SurveyFinding::Out { cause }
}

fn here(school: Option<&str>, grade: Option<u8>) -> SurveyFinding {
    SurveyFinding::InSchool { school: school.map(str::to_owned), grade: grade.and_then(Grade::new) }
}

fn elsewhere(school: &str, grade: Option<u8>) -> SurveyFinding {
    SurveyFinding::InSchoolElsewhere {
        school: school.to_owned(),
        grade: grade.and_then(Grade::new),
    }
}

#[test]
fn in_school_in_the_county() {
    check(&[
        ("在校", here(None, None)),
        ("正常就读", here(None, None)),
        ("在校就读", here(None, None)),
        ("本镇小四", here(None, Some(4))),
        ("三年级", here(None, Some(3))),
        ("在安康城区上学", here(None, None)),
        ("在城区居住就读", here(None, None)),
        ("在江北上学", here(None, None)),
        ("大河中学", here(Some("大河中学"), None)),
        ("在大河中学八年级就读", here(Some("大河中学"), Some(8))),
        ("就读于江北九年制学校", here(Some("江北九年制学校"), None)),
        ("江北实验小学五年级(2)班", here(Some("江北实验小学"), Some(5))),
        ("汉滨区洪山镇中心小学小学一年级", here(Some("汉滨区洪山镇中心小学"), Some(1))),
        ("洪山镇龙联教学点二年级（1）班", here(Some("洪山镇龙联教学点"), Some(2))),
        ("就读于安康市特殊教育学校", here(Some("安康市特殊教育学校"), None)),
        ("上岩小学三年级", here(Some("上岩小学"), Some(3))),
        ("未辍学", here(None, None)),
        ("父母在外打工,在洪山镇中心小学就读", here(Some("洪山镇中心小学"), None)),
    ]);
}

#[test]
fn in_school_elsewhere() {
    check(&[
        ("随父母在广东省深圳市宝安区第一小学就读", elsewhere("广东省深圳市宝安区第一小学", None)),
        ("在浙江省义乌市东方小学上六年级", elsewhere("浙江省义乌市东方小学", Some(6))),
        ("河北省石家庄市长安区新城小学", elsewhere("河北省石家庄市长安区新城小学", None)),
        ("在上海市嘉定区第二小学就读", elsewhere("上海市嘉定区第二小学", None)),
        ("在福建省晋江市上学", SurveyFinding::ElsewhereUnnamed),
        ("随父母在外就读", SurveyFinding::ElsewhereUnnamed),
        ("在外省上学", SurveyFinding::ElsewhereUnnamed),
        ("区外就读", SurveyFinding::ElsewhereUnnamed),
        ("在西安读书", SurveyFinding::ElsewhereUnnamed),
    ]);
}

#[test]
fn away_and_unreached() {
    check(&[
        ("随父母外出", SurveyFinding::Away),
        ("外出", SurveyFinding::Away),
        ("在外,学校不详", SurveyFinding::Away),
        ("外出,未在本地上学", SurveyFinding::Away),
        ("外出多年,去向不明", SurveyFinding::Unreachable),
        ("电话空号", SurveyFinding::Unreachable),
        ("联系不上", SurveyFinding::Unreachable),
    ]);
}

#[test]
fn out_of_school_in_plain_words() {
    check(&[
        ("辍学在家", out(None)),
        ("没上学,在家带弟弟", out(Some(Cause::Family))),
        ("外出打工", out(Some(Cause::Work))),
        ("留守儿童,跟亲戚去浙江鞋厂打工", out(Some(Cause::Family))),
        ("见其在镇上闲逛,没上学", out(None)),
        ("不在校,村干部入户见其在家", out(None)),
        ("转学没转成,在家闲着", out(Some(Cause::Migration))),
        ("未上学,家长称在外地读书", out(None)),
        ("学籍已转走,对方学校未接收", out(Some(Cause::Migration))),
        ("学籍已转走,对方学校未接收,现跟亲戚学理发", out(Some(Cause::Migration))),
        ("小学毕业后未上初中,在家", out(Some(Cause::NotPromoted))),
        ("小学读完没上初中", out(Some(Cause::NotPromoted))),
        ("小升初没去报到,在家", out(Some(Cause::NotPromoted))),
        ("办了转学但没去读,在家", out(Some(Cause::Migration))),
        ("返乡后没有学籍,未能入学,在家", out(Some(Cause::Migration))),
        ("不再念书", out(None)),
        ("厌学,开学后就没去,在家", out(Some(Cause::SchoolAverse))),
        ("原在广东读书,今年2月返乡,无学籍学校未接收,在家", out(Some(Cause::NoRegistration))),
        ("因病在家未上学", out(Some(Cause::Illness))),
        ("肢体残疾,学校不收,在家", out(Some(Cause::Disability))),
        ("多次劝返无效", out(None)),
        ("劝返后又辍学", out(None)),
        ("结婚了", out(Some(Cause::EarlyMarriage))),
        ("休学到期后一直未返校,现在家", SurveyFinding::SuspensionLapsed),
        ("休学满一年未复学", SurveyFinding::SuspensionLapsed),
    ]);
}

#[test]
fn never_on_a_roll() {
    check(&[
        ("没上过学,家长不送", SurveyFinding::NeverEnrolled),
        ("没有上过学", SurveyFinding::NeverEnrolled),
        ("未上户口,未入学", SurveyFinding::NeverEnrolled),
        ("残疾在家,从未上学", SurveyFinding::NeverEnrolled),
        ("一直未入学", SurveyFinding::NeverEnrolled),
    ]);
}

#[test]
fn returned_and_arranged() {
    check(&[
        ("已劝返", SurveyFinding::Returned),
        ("去年辍学,今年3月劝返到汉滨区洪山镇小学就读", SurveyFinding::Returned),
        ("曾辍学,现在大河中学就读", SurveyFinding::Returned),
        ("休学后已复学", SurveyFinding::Returned),
        ("残疾,送教上门", SurveyFinding::HomeTeaching),
        ("残疾,未安排送教上门,在家", SurveyFinding::DisabledAtHome),
        ("在家养病(有休学证)", SurveyFinding::Suspended),
        ("办理了休学", SurveyFinding::Suspended),
        ("重度残疾,缓学", SurveyFinding::Deferred),
        ("残疾在家", SurveyFinding::DisabledAtHome),
        ("重病住院", SurveyFinding::Ill),
        ("请假", SurveyFinding::Ill),
        ("生病在家", SurveyFinding::Ill),
        ("已转学", SurveyFinding::Transferred),
    ]);
}

#[test]
fn young_grown_gone() {
    check(&[
        ("幼儿园大班", SurveyFinding::NotYetOfAge),
        ("未到入学年龄", SurveyFinding::NotYetOfAge),
        ("今年秋季入学", SurveyFinding::NotYetOfAge),
        ("学前班", SurveyFinding::NotYetOfAge),
        ("九年级毕业", SurveyFinding::Graduated),
        ("今年初中毕业", SurveyFinding::Graduated),
        ("参加2019年中考", SurveyFinding::Graduated),
        ("初中毕业,未上高中", SurveyFinding::Graduated),
        ("去世", SurveyFinding::Dead),
        ("出国", SurveyFinding::Abroad),
        ("户口已迁走", SurveyFinding::MovedAway),
        ("查无此人", SurveyFinding::NoSuchPerson),
        ("村上无此人,疑户口登记错误", SurveyFinding::NoSuchPerson),
        ("空挂户,无此人", SurveyFinding::NoSuchPerson),
        ("重复户口", SurveyFinding::RegisteredTwice),
        ("双户口,已在老城办登记", SurveyFinding::RegisteredTwice),
        ("重户,应注销", SurveyFinding::RegisteredTwice),
    ]);
}

#[test]
fn words_about_parents_are_not_about_the_child() {
    check(&[
        ("父亲去世,在大河中学就读", here(Some("大河中学"), None)),
        ("父母外出打工,在校", here(None, None)),
        ("母亲出国,在校就读", here(None, None)),
        ("随父母务工", SurveyFinding::Away),
    ]);
}

#[test]
fn silence_and_words_nobody_knows() {
    check(&[
        ("", SurveyFinding::Silent),
        ("　", SurveyFinding::Silent),
        ("/", SurveyFinding::Silent),
        ("无", SurveyFinding::Silent),
        ("建档立卡户", SurveyFinding::Unclear),
        ("留守", SurveyFinding::Unclear),
        ("待定", SurveyFinding::Unclear),
        ("已毕业", SurveyFinding::Unclear),
    ]);
}

#[test]
fn causes_as_written() {
    for (text, expected) in [
        ("厌学", Some(Cause::SchoolAverse)),
        ("外出务工", Some(Cause::Work)),
        ("随父母外出", Some(Cause::Migration)),
        ("残疾,生活不能自理", Some(Cause::Disability)),
        ("转学手续未办结", Some(Cause::Migration)),
        ("小升初未衔接", Some(Cause::NotPromoted)),
        ("无学籍未接收", Some(Cause::NoRegistration)),
        ("家庭变故", Some(Cause::Family)),
        ("感冒", Some(Cause::Illness)),
        ("沉迷手机游戏", Some(Cause::Internet)),
        ("原因不详", None),
        ("", None),
    ] {
        assert_eq!(cause(text), expected, "{text}");
    }
    assert_eq!(stated_cause("其他缘故"), Some(Cause::Other));
    assert_eq!(stated_cause("未报到"), None);
}

#[test]
fn words_that_deny_an_absence_do_not_accuse() {
    check(&[
        ("未发现辍学", SurveyFinding::Unclear),
        ("不属于辍学", SurveyFinding::Unclear),
        ("未出现失学辍学", SurveyFinding::Unclear),
        ("未离校", here(None, None)),
        ("没有退学", here(None, None)),
        ("退学手续未办，仍在校", here(None, None)),
        ("在校，周末离校回家", here(None, None)),
        ("在校住宿，曾厌学", SurveyFinding::Unclear),
        ("在校，家中做生意", here(None, None)),
        ("就读江北小学，家住工地", here(Some("江北小学"), None)),
        ("现读七年级，家在工地旁", here(None, Some(7))),
        ("疑似辍学，经核实在江北小学", SurveyFinding::Unclear),
        ("杜绝辍学现象，正常就读", here(None, None)),
        ("在中心小学，未报名参加营养餐", here(None, None)),
        ("在职业学校学技术", here(Some("职业学校"), None)),
        ("打算明年结婚", SurveyFinding::Unclear),
        ("未辍学,外出打工", SurveyFinding::Unclear),
        ("未辍学,外出", SurveyFinding::Away),
    ]);
}

#[test]
fn persuading_is_not_returning() {
    check(&[
        ("多次劝返无果", out(None)),
        ("已多次劝返仍在家", out(None)),
        ("劝返后又打工", out(Some(Cause::Work))),
        ("多次上门劝返，家长不配合", SurveyFinding::Unclear),
        ("列入劝返对象", SurveyFinding::Unclear),
        ("正在做劝返工作", SurveyFinding::Unclear),
        ("已劝返3次", SurveyFinding::Unclear),
        ("劝返后仍在江北小学就读", SurveyFinding::Returned),
        ("中途辍学,经做工作劝返到校", SurveyFinding::Returned),
        ("劝返成功", SurveyFinding::Returned),
        ("已劝返返校", SurveyFinding::Returned),
        ("曾辍学,经劝返已回江北小学上学", SurveyFinding::Returned),
        ("已劝返,现在江北小学就读", SurveyFinding::Returned),
        ("年初辍学,开学后劝返复学,现在江北小学", SurveyFinding::Returned),
        ("原辍学,已复学(江北小学)", SurveyFinding::Returned),
    ]);
}

#[test]
fn plain_absence_stays_absence() {
    let outs = "没去上学 早已不上学 不读了,在家 不上学了,跟人学手艺 不在校,村干部入户见其在家 已失学 停学在家 \
        辍学在家,家长说在外面读 未上学,家长称在外地读书 学籍已转走,对方学校未接收,现在家 \
        转出后没有学校接收,在家 六年级毕业后辍学在家 残疾,学校不要,没上学 不想读书,在家 \
        从外地回来,没学籍,学校不收,在家 跟亲戚去广东打工 在外务工 未在校 未就读 家庭困难外出打工 \
        学习成绩差,辍学 上学路远,辍学在家 没有户口不上学";
    let lexicon = lexicon();
    for text in outs.split(' ').filter(|text| !text.is_empty()) {
        let found = lexicon.finding(text);
        assert!(matches!(found, SurveyFinding::Out { .. }), "{text}: {found:?}");
    }
}

#[test]
fn a_title_names_one_school_or_speaks_of_many() {
    let check = |title: &str, school: Option<&str>| {
        assert_eq!(school_of_title(title).as_deref(), school, "{title}");
    };
    check("云溪镇东沟小学2019年6月缺课学生月报", Some("云溪镇东沟小学"));
    check("2019年6月东沟小学缺课月报.xlsx", Some("东沟小学"));
    check("填报学校：某县第三初级中学 填报时间：2019年6月30日", Some("某县第三初级中学"));
    check("缺课月报（云溪镇中学）_201906.csv", Some("云溪镇中学"));
    check("某区中小学校长期缺课学生情况月报表(2019年4月)", None);
    check("学校长期缺课学生月报(4-6月).xlsx", None);
    check("全县小学缺课统计", None);
    check("云溪镇学校缺课月报", None);
    check("6月", None);
}
