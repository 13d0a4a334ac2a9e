//! Who sent a sheet: told by its columns, its title, its own name and the name of the file, in this order of trust.

use baoxue_claim::Source;

use crate::{
    Field,
    text::{fold, has},
};

/// What is known of a sheet before its rows are read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signs<'a> {
    /// The meanings found so far.
    pub(crate) fields: &'a [Field],
    /// The header as one text.
    pub(crate) header: &'a str,
    /// The rows above the header as one text.
    pub(crate) title: &'a str,
    /// Name of the sheet.
    pub(crate) sheet: &'a str,
    /// Name of the file.
    pub(crate) file: &'a str,
}

/// A source with how clearly it stands out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Guess {
    pub(crate) source: Source,
    /// Whether another source is nearly as likely.
    pub(crate) doubtful: bool,
    /// Whether columns, title or the name of the sheet speak for it well, so that a doubtful one may be read until somebody answers.
    pub(crate) supported: bool,
}

/// Score below which nothing is said.
const ENOUGH: i32 = 4;

/// Score from which nobody has to be asked, if no other source is near.
const CLEAR: i32 = 6;

/// The likeliest source; `None` when nothing speaks for any.
pub(crate) fn guess(signs: &Signs<'_>) -> Option<Guess> {
    let mut scores: Vec<(Source, i32)> =
        Source::ALL.into_iter().map(|source| (source, score(source, signs))).collect();
    scores.sort_by_key(|(source, score)| (std::cmp::Reverse(*score), *source));
    let [(source, best), (_, second), ..] = *scores.as_slice() else { return None };
    let named = [signs.title, signs.sheet].iter().any(|text| has(&fold(text), names(source)));
    (best >= ENOUGH).then(|| Guess {
        source,
        doubtful: best - second < 2 || best < CLEAR,
        supported: best > second && (named || by_columns(source, signs) > ENOUGH),
    })
}

fn score(source: Source, signs: &Signs<'_>) -> i32 {
    let columns = by_columns(source, signs);
    let (title, sheet, file) = (fold(signs.title), fold(signs.sheet), fold(signs.file));
    let strength = |text: &str| i32::from(has(text, names(source)));
    let told = 5 * strength(&title) + 4 * strength(&sheet) + 3 * strength(&file);
    // A directory has no children, so words in a title cannot outweigh columns about a child.
    let directory = matches!(source, Source::SchoolDirectory | Source::OfficialsDirectory);
    // 送教上门 stands in the title of many a list that has no visit in it.
    let needs_columns = directory || source == Source::HomeTeachingLog;
    if needs_columns && columns <= 0 { 0 } else { columns + told }
}

/// Words in titles and names that tell the source.
fn names(source: Source) -> &'static str {
    match source {
        Source::PopulationRegister => "户籍人口 户籍 户政 派出所 公安 人口信息 常住人口 户口登记",
        Source::StudentRegistry => "学籍 在校生名册 学生信息导出 学生信息",
        Source::PovertyRegister => "建档立卡 贫困人口 贫困户 防返贫 监测对象 脱贫户 扶贫 脱贫人口",
        Source::DisabilityRegister => "残联 残疾人 残疾儿童 持证",
        Source::CivilAffairs => "民政 孤儿 低保 留守儿童 困境儿童 事实无人抚养 特困 救助",
        Source::TownSurvey => "摸排 摸底 排查 就读情况 花名册 适龄儿童 入户 普查 调查表",
        Source::TownLedger => {
            "失学辍学学生台账 失学辍学 辍学学生 辍学台账 失学儿童 辍学名单 失辍学 疑似辍学"
        }
        Source::SchoolReport => "缺课 缺勤 旷课 未到校 月报",
        Source::RollCall => "点名 出勤 考勤",
        Source::Inspection => "督查 反馈 问题清单 督导 检查发现 暗访 抽查",
        Source::TipOff => "举报 线索 信访 投诉 热线",
        Source::Certificate => "就读证明 外地就读 区外就读 外出就读 县外就读 异地就读 在外就读",
        Source::Approval => "休学 病假 缓学 免学 延缓入学 审批",
        Source::Departure => "死亡 出国 迁出 注销 户口迁移 出境",
        Source::AidPayment => {
            "发放名单 发放花名册 发放表 资助名单 资助花名册 受助学生 生活补助 助学金"
        }
        Source::HomeTeachingLog => {
            "送教上门记录 送教记录 送教日志 送教登记 送教上门登记 送教台账 送教上门"
        }
        Source::SchoolDirectory => "学校名录 学校一览 学校基本情况 学校名单 学校名称代码",
        Source::OfficialsDirectory => "通讯录 责任人 七长 联系人名单 双线 校长、师长",
    }
}

#[expect(clippy::too_many_lines, reason = "one arm per source")]
fn by_columns(source: Source, signs: &Signs<'_>) -> i32 {
    let count = |fields: &[Field]| {
        i32::try_from(fields.iter().filter(|f| signs.fields.contains(f)).count()).unwrap_or(0)
    };
    let any = |fields: &[Field]| fields.iter().any(|f| signs.fields.contains(f));
    let word = |list: &str| i32::from(has(signs.header, list));
    let child = any(&[Field::Name, Field::Id, Field::Birth]);
    match source {
        Source::PopulationRegister => {
            2 * count(&[Field::HouseholdNumber, Field::RelationToHead, Field::HeadId])
                + 2 * count(&[Field::RegisterState, Field::FatherId, Field::MotherId])
                - 6 * count(&[Field::PovertySchoolStatus, Field::Status, Field::DeathDate])
        }
        Source::StudentRegistry => {
            5 * count(&[Field::StudentStatus])
                + 3 * count(&[Field::StudentNumber, Field::RegistryNumber])
                + 2 * count(&[Field::ChangeKind, Field::SchoolCode, Field::Class])
                - 8 * word("办学类型 校长")
                - 6 * count(&[Field::AbsentDays, Field::AbsentFrom, Field::Approval])
        }
        Source::PovertyRegister => {
            6 * count(&[Field::PovertySchoolStatus])
                + 3 * word("致贫 脱贫 返贫 监测对象")
                + 2 * word("户编号")
                + count(&[Field::RelationToHead, Field::HouseholdNumber])
        }
        Source::DisabilityRegister => {
            4 * count(&[Field::DisabilityNumber])
                + 2 * count(&[Field::DisabilityGrade, Field::DisabilityCategory])
                - 4 * count(&[Field::StudentStatus, Field::Status, Field::Approval])
        }
        Source::CivilAffairs => {
            3 * word("孤儿 低保 保障类别 保障金额 困境 委托监护 父母外出")
                - 3 * count(&[Field::Status, Field::StudentStatus, Field::PovertySchoolStatus])
        }
        Source::TownSurvey => survey_columns(signs, child),
        Source::TownLedger => {
            let since = any(&[Field::AbsentFrom]) && has(signs.header, "辍学 失学");
            6 * i32::from(since) + 4 * word("辍学原因 失学原因 失学辍学")
                - 6 * count(&[Field::AbsentDays])
        }
        Source::SchoolReport => {
            6 * count(&[Field::AbsentDays]) + 3 * word("缺课 缺勤 旷课") + count(&[Field::Returned])
        }
        Source::RollCall => 6 * word("应到 实到 点名 是否到校 出勤"),
        Source::Inspection => {
            4 * count(&[Field::Verdict]) + 3 * count(&[Field::Method]) + 2 * word("整改时限 整改")
        }
        Source::TipOff => {
            6 * word("反映内容 举报内容 线索内容 举报事项 反映问题 反映事项 信访内容")
                // What only a register of tips asks, where no column holds a child.
                + 3 * i32::from(!child) * (word("渠道") + word("实名 匿名") + word("受理"))
        }
        Source::Certificate => {
            4 * count(&[Field::Seal])
                + 3 * count(&[Field::Place])
                + 3 * count(&[Field::Verified])
                + 2 * word("证明")
        }
        Source::Approval => {
            4 * count(&[Field::Approval])
                + 3 * count(&[Field::Approver])
                + 2 * count(&[Field::Period, Field::PeriodFrom, Field::Diagnosis, Field::Kind])
                - 6 * count(&[Field::Verdict, Field::AbsentDays])
        }
        Source::Departure => {
            let family = any(&[
                Field::School,
                Field::FormerSchool,
                Field::Guardian,
                Field::AbsentFrom,
                Field::Village,
            ]);
            let gone = any(&[Field::Kind]) && has(signs.header, "去向") && !family;
            7 * count(&[Field::DeathDate])
                + 3 * word("迁往 前往国家 定居 注销日期 死亡原因 迁出")
                + 5 * i32::from(gone)
        }
        // The amount is what no other list of children has.
        Source::AidPayment => {
            let paid = i32::from(child && any(&[Field::Amount]));
            paid * (5 + 2 * count(&[Field::Aid, Field::Term]))
        }
        Source::HomeTeachingLog => log_columns(signs, child),
        Source::SchoolDirectory => {
            let directory = any(&[Field::School, Field::SchoolCode]) && !child;
            6 * i32::from(directory)
                + 4 * i32::from(directory) * word("办学类型 年级范围 校长 办学性质")
                - 6 * count(&[Field::Status, Field::AbsentDays])
        }
        Source::OfficialsDirectory => {
            let people = any(&[Field::Official])
                && !any(&[Field::Id, Field::Birth, Field::Status, Field::SchoolCode]);
            8 * i32::from(people) + 3 * i32::from(people) * word("职务 书记 包村 师长")
        }
    }
}

/// A log has visits in its rows: their day, and who taught, how long or what.
fn log_columns(signs: &Signs<'_>, child: bool) -> i32 {
    let has_field = |field: Field| i32::from(signs.fields.contains(&field));
    let visited = i32::from(has(
        signs.header,
        "送教日期 送教时间 上门送教 送教教师 送教老师 送教内容 送教课时 送教节数",
    ));
    let taught = has_field(Field::Teacher) + has_field(Field::Periods) + has_field(Field::Content);
    let dated = signs.fields.contains(&Field::Date);
    if !child || !dated || taught == 0 {
        return 0;
    }
    3 * taught + 5 * visited + has_field(Field::Signed) + has_field(Field::NextDate)
}

fn survey_columns(signs: &Signs<'_>, child: bool) -> i32 {
    let has_field = |field: Field| i32::from(signs.fields.contains(&field));
    let state = signs.fields.iter().any(|f| {
        matches!(
            f,
            Field::Status
                | Field::Reason
                | Field::SchoolAndGrade
                | Field::InSchool
                | Field::OutOfSchool
        )
    });
    if !child {
        return 0;
    }
    let other = [
        Field::AbsentDays,
        Field::AbsentFrom,
        Field::StudentStatus,
        Field::Verdict,
        Field::Approval,
        Field::Seal,
        Field::PovertySchoolStatus,
        Field::DeathDate,
        Field::DisabilityGrade,
    ];
    4 * i32::from(state)
        + has_field(Field::School)
        + has_field(Field::Guardian)
        + has_field(Field::Village)
        + 2 * has_field(Field::Date)
            * i32::from(has(signs.header, "摸排 入户 排查 摸底 调查 走访 填表"))
        - 4 * other.into_iter().map(has_field).sum::<i32>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synonyms;

    #[track_caller]
    fn check(header: &str, title: &str, sheet: &str, file: &str, source: Option<Source>) {
        let fields: Vec<Field> =
            header.split(' ').filter_map(|h| synonyms::meaning(h).map(|m| m.0)).collect();
        let signs = Signs { fields: &fields, header, title, sheet, file };
        assert_eq!(guess(&signs).map(|guess| guess.source), source, "{header}");
    }

    #[test]
    fn columns_tell_the_source() {
        check(
            "序号 户号 姓名 性别 出生日期 公民身份号码 与户主关系 户主姓名 户主公民身份号码",
            "",
            "",
            "a.xlsx",
            Some(Source::PopulationRegister),
        );
        check(
            "学校名称 年级 班级 全国学籍号 姓名 学生状态",
            "",
            "",
            "",
            Some(Source::StudentRegistry),
        );
        check(
            "户编号 姓名 与户主关系 证件号码 在校生状况 致贫原因",
            "",
            "",
            "",
            Some(Source::PovertyRegister),
        );
        check(
            "姓名 性别 残疾人证号 残疾类别 残疾等级",
            "",
            "",
            "",
            Some(Source::DisabilityRegister),
        );
        check("姓名 身份证号 监护人 村 就读情况 摸排日期", "", "", "", Some(Source::TownSurvey));
        check("姓名 身份证号 辍学时间 辍学原因 目前去向", "", "", "", Some(Source::TownLedger));
        check(
            "填报学校 姓名 连续缺课天数 缺课原因 是否返校",
            "",
            "",
            "",
            Some(Source::SchoolReport),
        );
        check(
            "镇办 学生姓名 核查方式 核查情况 认定结果 整改时限",
            "",
            "",
            "",
            Some(Source::Inspection),
        );
        check("编号 受理时间 渠道 反映内容", "", "", "", Some(Source::TipOff));
        check("编号 受理时间 渠道 镇办 内容 是否实名 办理情况", "", "", "", Some(Source::TipOff));
        check("姓名 就读地 就读学校 是否盖章 核实方式", "", "", "", Some(Source::Certificate));
        check("学校 姓名 类别 起止时间 批准文号 审批结果", "", "", "", Some(Source::Approval));
        check("姓名 身份证号 死亡日期 死亡原因", "", "", "", Some(Source::Departure));
        check(
            "序号 学校 年级 学生姓名 身份证号 资助项目 发放金额 发放日期",
            "",
            "",
            "",
            Some(Source::AidPayment),
        );
        check("学校标识码 学校名称 办学类型 校长", "", "", "", Some(Source::SchoolDirectory));
        check("单位 职务(七长) 姓名 手机 职责", "", "", "", Some(Source::OfficialsDirectory));
    }

    #[test]
    fn a_log_of_home_teaching_has_visits() {
        check(
            "序号 姓名 身份证号 学校 送教日期 送教教师 课时 送教内容 监护人签字",
            "",
            "",
            "",
            Some(Source::HomeTeachingLog),
        );
        check(
            "学生姓名 出生日期 日期 授课教师 节数 教学内容 家长签字",
            "某校送教上门记录表",
            "",
            "",
            Some(Source::HomeTeachingLog),
        );
        check(
            "姓名 身份证号 监护人 是否送教上门 就读情况",
            "送教上门学生摸排表",
            "",
            "",
            Some(Source::TownSurvey),
        );
    }

    #[test]
    fn names_decide_where_columns_are_poor() {
        check("序号 姓名 身份证号", "2019年1-7月死亡人员名单", "", "", Some(Source::Departure));
        check("序号 姓名 身份证号", "", "", "x.xls", None);
        check("序号 姓名 身份证号", "某镇辍学学生名单", "", "", Some(Source::TownLedger));
    }
}
