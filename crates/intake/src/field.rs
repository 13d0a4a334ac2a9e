//! The meanings a column can have.

use std::{fmt, str::FromStr};

/// What a column means. The names ([`Field::name`]) are stable: mapping files and exports use them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    /// 序号: running number, counts nothing.
    Serial,
    /// 姓名: name of the child.
    Name,
    /// 曾用名: former name or nickname.
    FormerName,
    /// 身份证号: resident ID of the child.
    Id,
    /// 出生日期: birth date.
    Birth,
    /// 性别: sex.
    Sex,
    /// 民族: ethnicity.
    Ethnicity,
    /// 年龄: age in years.
    Age,
    /// 户号: household number.
    HouseholdNumber,
    /// 与户主关系: relation of the person to the head of household.
    RelationToHead,
    /// 户主姓名: head of household.
    Head,
    /// 户主身份证号: resident ID of the head of household.
    HeadId,
    /// 父亲姓名: father.
    Father,
    /// 父亲身份证号: resident ID of the father.
    FatherId,
    /// 父亲电话: telephone of the father.
    FatherPhone,
    /// 母亲姓名: mother.
    Mother,
    /// 母亲身份证号: resident ID of the mother.
    MotherId,
    /// 母亲电话: telephone of the mother.
    MotherPhone,
    /// 监护人姓名: guardian or parent, whichever the list names.
    Guardian,
    /// 监护人身份证号: resident ID of the guardian.
    GuardianId,
    /// 监护人与学生关系: relation between guardian and child.
    GuardianRelation,
    /// 第二监护人姓名: second guardian.
    Guardian2,
    /// 第二监护人身份证号: resident ID of the second guardian.
    Guardian2Id,
    /// 第二监护人关系: relation of the second guardian.
    Guardian2Relation,
    /// 第二监护人电话: telephone of the second guardian.
    Guardian2Phone,
    /// 联系电话: telephone of the family.
    Phone,
    /// 镇办: town.
    Town,
    /// 村（社区）: village or community.
    Village,
    /// 组: villagers' group.
    Group,
    /// 户籍地址: address of registration.
    RegisteredAt,
    /// 现住址: address of residence.
    LivesAt,
    /// 全国学籍号: national student number.
    StudentNumber,
    /// 学籍辅号: other number of the student registry.
    RegistryNumber,
    /// 残疾人证号: number of the disability certificate.
    DisabilityNumber,
    /// 残疾类别: category of disability.
    DisabilityCategory,
    /// 残疾等级: grade of disability.
    DisabilityGrade,
    /// 学校标识码: code of the school.
    SchoolCode,
    /// 学校: school.
    School,
    /// 原就读学校: a school the child was at, is registered at or should be at; says nothing of where it is today.
    FormerSchool,
    /// 学校及年级: school and grade in one cell.
    SchoolAndGrade,
    /// 年级: grade.
    Grade,
    /// 班级: class.
    Class,
    /// 就读方式: how the pupil attends.
    Mode,
    /// 是否随班就读: whether in an inclusive class.
    Inclusive,
    /// 学生状态: state in the student registry.
    StudentStatus,
    /// 异动类型: kind of movement in the registry.
    ChangeKind,
    /// 异动日期: day of the movement.
    ChangeDate,
    /// 转入（接收）学校: receiving or former school.
    ToSchool,
    /// 在校生状况: school status in the poverty register.
    PovertySchoolStatus,
    /// 是否在学: whether in school, yes or no.
    InSchool,
    /// 是否辍学: whether out of school, yes or no.
    OutOfSchool,
    /// 就读情况: state of schooling in words.
    Status,
    /// 原因: cause, or whereabouts where the list asks for both in one cell.
    Reason,
    /// 备注: remark.
    Remark,
    /// 日期: day of the visit, the signature or the entry.
    Date,
    /// 开始缺课日期: since when absent or out of school.
    AbsentFrom,
    /// 连续缺课天数: days of absence in a row.
    AbsentDays,
    /// 缺课上学日数: school days missed.
    AbsentSchoolDays,
    /// 劝返次数: how often somebody tried to persuade the child to come back.
    Persuasions,
    /// 是否返校: whether back in school.
    Returned,
    /// 认定结果: what an inspection found.
    Verdict,
    /// 核查方式: how an inspection looked.
    Method,
    /// 就读地: place of the school elsewhere.
    Place,
    /// 是否加盖公章: whether sealed.
    Seal,
    /// 核实方式: whether and how verified.
    Verified,
    /// 类别: kind of leave, deferral or departure.
    Kind,
    /// 诊断: diagnosis or ground.
    Diagnosis,
    /// 诊断医院: the hospital that made the diagnosis.
    Hospital,
    /// 诊断医生: the doctor who made it.
    Doctor,
    /// 起止时间: first and last day.
    Period,
    /// 开始时间: first day.
    PeriodFrom,
    /// 结束时间: last day.
    PeriodTo,
    /// 审批结果: whether approved.
    Approval,
    /// 批准文号: who approved, or the number of the document.
    Approver,
    /// 死亡日期: day of death.
    DeathDate,
    /// 去向: where to.
    Destination,
    /// 人员状态: cancellation or change in the population register.
    RegisterState,
    /// 资助项目: what aid is paid.
    Aid,
    /// 学期: school term.
    Term,
    /// 发放金额: amount paid.
    Amount,
    /// 帮扶干部: cadre tied to the household.
    Cadre,
    /// 是否贫困户: whether on the poverty register.
    Poor,
    /// 是否留守: whether left behind.
    LeftBehind,
    /// 是否残疾: whether disabled.
    Disabled,
    /// 责任人: an official of the duty lines, not a child.
    Official,
    /// 送教教师: who taught at the home.
    Teacher,
    /// 送教节数: lessons given at the home.
    Periods,
    /// 送教内容: what was taught at the home.
    Content,
    /// 监护人签字: whether the guardian signed.
    Signed,
    /// 下次送教日期: the day promised for the next visit to the home.
    NextDate,
    /// 到达时间: when the teachers came to the home.
    TimeIn,
    /// 离开时间: when they left it.
    TimeOut,
    /// 计划每月送教次数: visits planned for each month.
    PlanVisits,
    /// 评估鉴定日期: when it was assessed that the child cannot come to school.
    AssessedOn,
    /// 监护人同意日期: when the guardian consented.
    ConsentedOn,
    /// 学期评估: how a term of home teaching went.
    Evaluation,
    /// （不使用）: known, and nothing is taken from it.
    Unused,
}

/// The text names no meaning of a column.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a column meaning")]
pub struct UnknownField(pub String);

impl Field {
    /// All of them, in the order of the enum.
    pub const ALL: [Self; 97] = [
        Self::Serial,
        Self::Name,
        Self::FormerName,
        Self::Id,
        Self::Birth,
        Self::Sex,
        Self::Ethnicity,
        Self::Age,
        Self::HouseholdNumber,
        Self::RelationToHead,
        Self::Head,
        Self::HeadId,
        Self::Father,
        Self::FatherId,
        Self::FatherPhone,
        Self::Mother,
        Self::MotherId,
        Self::MotherPhone,
        Self::Guardian,
        Self::GuardianId,
        Self::GuardianRelation,
        Self::Guardian2,
        Self::Guardian2Id,
        Self::Guardian2Relation,
        Self::Guardian2Phone,
        Self::Phone,
        Self::Town,
        Self::Village,
        Self::Group,
        Self::RegisteredAt,
        Self::LivesAt,
        Self::StudentNumber,
        Self::RegistryNumber,
        Self::DisabilityNumber,
        Self::DisabilityCategory,
        Self::DisabilityGrade,
        Self::SchoolCode,
        Self::School,
        Self::FormerSchool,
        Self::SchoolAndGrade,
        Self::Grade,
        Self::Class,
        Self::Mode,
        Self::Inclusive,
        Self::StudentStatus,
        Self::ChangeKind,
        Self::ChangeDate,
        Self::ToSchool,
        Self::PovertySchoolStatus,
        Self::InSchool,
        Self::OutOfSchool,
        Self::Status,
        Self::Reason,
        Self::Remark,
        Self::Date,
        Self::AbsentFrom,
        Self::AbsentDays,
        Self::AbsentSchoolDays,
        Self::Persuasions,
        Self::Returned,
        Self::Verdict,
        Self::Method,
        Self::Place,
        Self::Seal,
        Self::Verified,
        Self::Kind,
        Self::Diagnosis,
        Self::Hospital,
        Self::Doctor,
        Self::Period,
        Self::PeriodFrom,
        Self::PeriodTo,
        Self::Approval,
        Self::Approver,
        Self::DeathDate,
        Self::Destination,
        Self::RegisterState,
        Self::Aid,
        Self::Term,
        Self::Amount,
        Self::Cadre,
        Self::Poor,
        Self::LeftBehind,
        Self::Disabled,
        Self::Official,
        Self::Teacher,
        Self::Periods,
        Self::Content,
        Self::Signed,
        Self::NextDate,
        Self::TimeIn,
        Self::TimeOut,
        Self::PlanVisits,
        Self::AssessedOn,
        Self::ConsentedOn,
        Self::Evaluation,
        Self::Unused,
    ];

    /// The stable name, such as `birth`.
    pub const fn name(self) -> &'static str {
        self.words().0
    }

    /// What a clerk calls it, such as 出生日期.
    pub const fn zh(self) -> &'static str {
        self.words().1
    }

    #[expect(clippy::too_many_lines, reason = "one line per meaning")]
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Serial => ("serial", "序号"),
            Self::Name => ("name", "姓名"),
            Self::FormerName => ("old", "曾用名"),
            Self::Id => ("id", "身份证号"),
            Self::Birth => ("birth", "出生日期"),
            Self::Sex => ("sex", "性别"),
            Self::Ethnicity => ("eth", "民族"),
            Self::Age => ("age", "年龄"),
            Self::HouseholdNumber => ("household_no", "户号"),
            Self::RelationToHead => ("relation", "与户主关系"),
            Self::Head => ("head", "户主姓名"),
            Self::HeadId => ("head_id", "户主身份证号"),
            Self::Father => ("father", "父亲姓名"),
            Self::FatherId => ("father_id", "父亲身份证号"),
            Self::FatherPhone => ("father_phone", "父亲电话"),
            Self::Mother => ("mother", "母亲姓名"),
            Self::MotherId => ("mother_id", "母亲身份证号"),
            Self::MotherPhone => ("mother_phone", "母亲电话"),
            Self::Guardian => ("guardian", "监护人姓名"),
            Self::GuardianId => ("guardian_id", "监护人身份证号"),
            Self::GuardianRelation => ("relg", "监护人与学生关系"),
            Self::Guardian2 => ("guardian2", "第二监护人姓名"),
            Self::Guardian2Id => ("guardian2_id", "第二监护人身份证号"),
            Self::Guardian2Relation => ("guardian2_relation", "第二监护人关系"),
            Self::Guardian2Phone => ("guardian2_phone", "第二监护人电话"),
            Self::Phone => ("phone", "联系电话"),
            Self::Town => ("town", "镇办"),
            Self::Village => ("village", "村（社区）"),
            Self::Group => ("grp", "组"),
            Self::RegisteredAt => ("addr", "户籍地址"),
            Self::LivesAt => ("now", "现住址"),
            Self::StudentNumber => ("student_no", "全国学籍号"),
            Self::RegistryNumber => ("student_no2", "学籍辅号"),
            Self::DisabilityNumber => ("disability_no", "残疾人证号"),
            Self::DisabilityCategory => ("dis_category", "残疾类别"),
            Self::DisabilityGrade => ("dis_grade", "残疾等级"),
            Self::SchoolCode => ("school_code", "学校标识码"),
            Self::School => ("school", "学校"),
            Self::FormerSchool => ("former_school", "原就读学校"),
            Self::SchoolAndGrade => ("schoolgrade", "学校及年级"),
            Self::Grade => ("grade", "年级"),
            Self::Class => ("klass", "班级"),
            Self::Mode => ("mode", "就读方式"),
            Self::Inclusive => ("inclusive", "是否随班就读"),
            Self::StudentStatus => ("student_status", "学生状态"),
            Self::ChangeKind => ("change_type", "异动类型"),
            Self::ChangeDate => ("change_date", "异动日期"),
            Self::ToSchool => ("to_school", "转入（接收）学校"),
            Self::PovertySchoolStatus => ("poverty_school_status", "在校生状况"),
            Self::InSchool => ("in_school", "是否在学"),
            Self::OutOfSchool => ("out_of_school", "是否辍学"),
            Self::Status => ("status", "就读情况"),
            Self::Reason => ("why", "原因"),
            Self::Remark => ("remark", "备注"),
            Self::Date => ("date", "日期"),
            Self::AbsentFrom => ("absent_from", "开始缺课日期"),
            Self::AbsentDays => ("absent_days", "连续缺课天数"),
            Self::AbsentSchoolDays => ("absent_school_days", "缺课上学日数"),
            Self::Persuasions => ("persuasions", "劝返次数"),
            Self::Returned => ("returned", "是否返校"),
            Self::Verdict => ("verdict", "认定结果"),
            Self::Method => ("method", "核查方式"),
            Self::Place => ("place", "就读地"),
            Self::Seal => ("seal", "是否加盖公章"),
            Self::Verified => ("verified", "核实方式"),
            Self::Kind => ("kind", "类别"),
            Self::Diagnosis => ("diagnosis", "诊断"),
            Self::Hospital => ("hospital", "诊断医院"),
            Self::Doctor => ("doctor", "诊断医生"),
            Self::Period => ("period", "起止时间"),
            Self::PeriodFrom => ("period_from", "开始时间"),
            Self::PeriodTo => ("period_to", "结束时间"),
            Self::Approval => ("approval", "审批结果"),
            Self::Approver => ("approver", "批准文号"),
            Self::DeathDate => ("death_date", "死亡日期"),
            Self::Destination => ("destination", "去向"),
            Self::RegisterState => ("register_state", "人员状态"),
            Self::Aid => ("aid", "资助项目"),
            Self::Term => ("term", "学期"),
            Self::Amount => ("amount", "发放金额"),
            Self::Cadre => ("cadre", "帮扶干部"),
            Self::Poor => ("poor", "是否贫困户"),
            Self::LeftBehind => ("left", "是否留守"),
            Self::Disabled => ("dis", "是否残疾"),
            Self::Official => ("official", "责任人"),
            Self::Teacher => ("teacher", "送教教师"),
            Self::Periods => ("periods", "送教节数"),
            Self::Content => ("content", "送教内容"),
            Self::Signed => ("signed", "监护人签字"),
            Self::NextDate => ("next_date", "下次送教日期"),
            Self::TimeIn => ("time_in", "到达时间"),
            Self::TimeOut => ("time_out", "离开时间"),
            Self::PlanVisits => ("plan_visits", "计划每月送教次数"),
            Self::AssessedOn => ("assessed_on", "评估鉴定日期"),
            Self::ConsentedOn => ("consented_on", "监护人同意日期"),
            Self::Evaluation => ("evaluation", "学期评估"),
            Self::Unused => ("unused", "（不使用）"),
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Field {
    type Err = UnknownField;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        Self::ALL
            .into_iter()
            .find(|field| field.name() == text || field.zh() == text)
            .ok_or_else(|| UnknownField(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back_and_is_used_once() {
        for field in Field::ALL {
            assert_eq!(field.name().parse(), Ok(field));
            assert_eq!(field.zh().parse(), Ok(field));
        }
        assert!("no such".parse::<Field>().is_err());
    }
}
