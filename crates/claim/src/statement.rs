//! What a row claims about a child besides who it is.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

use crate::{AidPaid, Grade, Private};

/// One dated fact in a record, with the sender's words kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The fact.
    pub what: Statement,
    /// The day on which it was observed or signed; the file's as-of day when the row gives none.
    pub on: NaiveDate,
    /// The cells it was read from, as written, joined with `；`.
    pub words: Option<Private>,
}

/// The kinds of facts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Statement {
    /// A live row of the population register.
    Registered,
    /// A row of the student registry.
    Enrolment(Enrolment),
    /// A row of a town's survey.
    Survey {
        /// The finding.
        finding: SurveyFinding,
    },
    /// A row of a town's list of children out of school.
    Ledger(Ledgered),
    /// A row of a school's absence report.
    Absence(Absence),
    /// A row of an inspection.
    Inspection {
        /// The finding.
        finding: InspectionFinding,
        /// Whether the inspectors saw the child or the class list themselves, not by telephone.
        seen: bool,
    },
    /// A tip-off; decides nothing by itself.
    TipOff,
    /// A certificate of a school elsewhere.
    Certificate(Certificate),
    /// Suspension or sick leave.
    Leave(Leave),
    /// Deferral of entry or exemption.
    Deferral(Deferral),
    /// Death, emigration, registration moved, missing.
    Departure(Departure),
    /// A row of the poverty register; stale, never decides.
    Poverty {
        /// 在校生状况 as a grade, if it says one.
        grade: Option<Grade>,
        /// Whether it says 非在校生.
        out: bool,
    },
    /// A row of the disability register.
    Disability {
        /// Category as written, such as 肢体.
        category: Option<String>,
        /// Grade 1 to 4.
        grade: Option<u8>,
        /// 是否在学.
        in_school: Option<bool>,
    },
    /// A payment of aid; says nothing of whether the child is in school.
    Aid(AidPaid),
    /// A visit of teachers to the home of a child taught there; the claim's day is the day of the visit.
    HomeVisit(HomeVisit),
    /// What a school plans for a child taught at home, or how it went; the claim's day is the day from which the plan holds, or
    /// that of the evaluation.
    HomePlan(HomePlan),
}

/// State of a pupil in the student registry (学生状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnrolmentStatus {
    /// 在校, 在读, 正常, 复学.
    Attending,
    /// 休学.
    Suspended,
    /// 转出.
    TransferredOut,
    /// 毕业, 结业.
    Graduated,
    /// 死亡.
    Dead,
    /// 出国.
    Abroad,
    /// 退学, 停学, 开除, 流失, 其他离校: none of them lawful in compulsory schooling.
    Left,
    /// 辍学, 疑似辍学, 失学: the registry itself says so.
    DroppedOut,
    /// 下落不明.
    Missing,
    /// Words or a code that are not understood, or a blank cell; never taken for attending.
    Unclear,
}

/// How a pupil attends (就读方式).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StudyMode {
    /// 走读.
    Day,
    /// 住校.
    Boarding,
    /// 送教上门.
    HomeTeaching,
    /// 随班就读.
    Inclusive,
    /// 特殊教育学校.
    SpecialSchool,
}

/// A movement in the registry (异动).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// The kind as written, such as 跨省转出.
    pub kind: String,
    /// The day.
    pub on: Option<NaiveDate>,
    /// The receiving, or former, school.
    pub school: Option<String>,
}

/// A row of the student registry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// The school that keeps the registry row.
    pub school: String,
    /// Grade.
    pub grade: Option<Grade>,
    /// State.
    pub status: EnrolmentStatus,
    /// Mode.
    pub mode: Option<StudyMode>,
    /// Movement.
    pub transfer: Option<Transfer>,
}

/// What a town found at the door (就读情况).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "finding", rename_all = "snake_case")]
pub enum SurveyFinding {
    /// In school, the school named or not (在校, 在大河中学就读).
    InSchool {
        /// The school as written.
        school: Option<String>,
        /// Grade, if said.
        grade: Option<Grade>,
    },
    /// In a school outside the county that is named (在浙江省义乌市XX小学上六年级).
    InSchoolElsewhere {
        /// The school as written.
        school: String,
        /// Grade, if said.
        grade: Option<Grade>,
    },
    /// Said to be at school away from home, no school named (在外省上学, 随父母在外就读).
    ElsewhereUnnamed,
    /// Kindergarten, not yet of age, enters this autumn (幼儿园, 今年秋季入学).
    NotYetOfAge,
    /// Finished junior school (九年级毕业, 参加2019年中考).
    Graduated,
    /// Out of school in plain words (辍学在家, 没上学, 外出打工).
    Out {
        /// The cause in the words, if one is said.
        cause: Option<Cause>,
    },
    /// Never on any roll (从未上学, 一直未入学).
    NeverEnrolled,
    /// Had been out and is back (去年辍学，今年3月劝返).
    Returned,
    /// On suspension (办理了休学, 有休学证).
    Suspended,
    /// Suspension over and not back (休学到期后一直未返校).
    SuspensionLapsed,
    /// Ill at home or in hospital, on leave of absence (生病在家, 住院治疗, 请假).
    Ill,
    /// Disabled and at home, nothing said of deferral (残疾在家).
    DisabledAtHome,
    /// Deferral or exemption (缓学, 免学).
    Deferred,
    /// Taught at home (送教上门).
    HomeTeaching,
    /// Changed school (已转学).
    Transferred,
    /// Away with parents, no school mentioned (随父母外出, 在外，学校不详).
    Away,
    /// Nobody could be reached (联系不上, 电话空号, 去向不明).
    Unreachable,
    /// No such person (查无此人, 空挂户).
    NoSuchPerson,
    /// Registered twice (重复户口, 双户口).
    RegisteredTwice,
    /// Registration or family moved away (户口已迁走, 全家迁走).
    MovedAway,
    /// Abroad (出国).
    Abroad,
    /// Dead (去世).
    Dead,
    /// The cell is blank.
    Silent,
    /// Words that the rules do not know; kept, and asked about.
    Unclear,
}

/// Why a child is out of school (辍学原因), by the coded list.
///
/// Source: the causes named by the ten ministries' opinion of June 2020 and 国办发〔2017〕72号; the numbers are ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// 01 学习困难、厌学.
    SchoolAverse,
    /// 02 外出务工.
    Work,
    /// 03 早婚早育.
    EarlyMarriage,
    /// 04 信教.
    Religion,
    /// 05 疾病.
    Illness,
    /// 06 残疾.
    Disability,
    /// 07 家庭经济困难.
    Poverty,
    /// 08 上学远.
    Distance,
    /// 09 监护缺失、家庭变故.
    Family,
    /// 10 欺凌、师生关系.
    Bullying,
    /// 11 沉迷网络.
    Internet,
    /// 12 随迁后未入学、转学未接收.
    Migration,
    /// 13 无户籍、无学籍.
    NoRegistration,
    /// 14 违法涉案 (sealed).
    Offence,
    /// 15 小学毕业未升初中.
    NotPromoted,
    /// 16 休学期满未复学.
    SuspensionLapsed,
    /// 99 其他.
    Other,
}

impl Cause {
    /// The two-digit code of the list.
    pub const fn number(self) -> u8 {
        match self {
            Self::SchoolAverse => 1,
            Self::Work => 2,
            Self::EarlyMarriage => 3,
            Self::Religion => 4,
            Self::Illness => 5,
            Self::Disability => 6,
            Self::Poverty => 7,
            Self::Distance => 8,
            Self::Family => 9,
            Self::Bullying => 10,
            Self::Internet => 11,
            Self::Migration => 12,
            Self::NoRegistration => 13,
            Self::Offence => 14,
            Self::NotPromoted => 15,
            Self::SuspensionLapsed => 16,
            Self::Other => 99,
        }
    }

    /// The words of the list.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::SchoolAverse => "学习困难、厌学",
            Self::Work => "外出务工",
            Self::EarlyMarriage => "早婚早育",
            Self::Religion => "信教",
            Self::Illness => "疾病",
            Self::Disability => "残疾",
            Self::Poverty => "家庭经济困难",
            Self::Distance => "上学远",
            Self::Family => "监护缺失、家庭变故",
            Self::Bullying => "欺凌、师生关系",
            Self::Internet => "沉迷网络",
            Self::Migration => "转学、随迁后未入学",
            Self::NoRegistration => "无户籍、无学籍",
            Self::Offence => "其他（限制查看）",
            Self::NotPromoted => "小学毕业未升初中",
            Self::SuspensionLapsed => "休学期满未复学",
            Self::Other => "其他",
        }
    }

    /// The words in English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::SchoolAverse => "difficulties in learning, dislike of school",
            Self::Work => "away for work",
            Self::EarlyMarriage => "early marriage or parenthood",
            Self::Religion => "religion",
            Self::Illness => "illness",
            Self::Disability => "disability",
            Self::Poverty => "the family's poverty",
            Self::Distance => "far from school",
            Self::Family => "nobody to care, a change in the family",
            Self::Bullying => "bullying, trouble with teachers",
            Self::Internet => "addiction to the internet",
            Self::Migration => "not enrolled after a move or transfer",
            Self::NoRegistration => "neither registered nor on a roll",
            Self::Offence => "other (restricted)",
            Self::NotPromoted => "finished primary school, not in junior school",
            Self::SuspensionLapsed => "suspension over, not back",
            Self::Other => "other",
        }
    }
}

/// A row of a town's list of children out of school (失学辍学学生台账).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledgered {
    /// Former school as written.
    pub school: Option<String>,
    /// When the child left, as written (a month is common).
    pub since: Option<String>,
    /// The cause, coded.
    pub cause: Option<Cause>,
    /// Whereabouts (目前去向) read like a survey's words.
    pub whereabouts: SurveyFinding,
    /// How often somebody tried to persuade the child to come back (劝返次数).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persuasions: Option<u32>,
}

/// A row of a school's absence report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// Last day of the report's month; a later report replaces an earlier one.
    pub until: NaiveDate,
    /// First day of absence.
    pub since: Option<NaiveDate>,
    /// Days of absence in a row as the school states them.
    pub days: Option<u32>,
    /// School days missed without leave, where a column says that it counts those.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub school_days: Option<u32>,
    /// How often somebody tried to persuade the child to come back (劝返次数).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persuasions: Option<u32>,
    /// Whether the school says the child is back, with the day if said.
    pub returned: bool,
    /// The day of return.
    pub returned_on: Option<NaiveDate>,
    /// The school says the child never registered this term (未报到).
    pub no_show: bool,
    /// Reporting school.
    pub school: Option<String>,
    /// Cause, coded.
    pub cause: Option<Cause>,
}

/// What the inspection found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InspectionFinding {
    /// In school.
    InSchool,
    /// In school though a list said out (镇办误报).
    InSchoolMisreported,
    /// Out of school (辍学).
    Out,
    /// Out of school and on no list (漏报).
    OutMissed,
    /// Words the rules do not know.
    Unclear,
}

/// A certificate of a school elsewhere (外地就读证明).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The school as written.
    pub school: Option<String>,
    /// Its place as written.
    pub place: Option<String>,
    /// Day of issue.
    pub issued: Option<NaiveDate>,
    /// The last day for which it says that it holds; most say none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<NaiveDate>,
    /// Whether the school's seal is on it; `None` when the column is missing.
    pub sealed: Option<bool>,
    /// Whether somebody verified it; `None` when the column is missing.
    pub verified: Option<bool>,
    /// How it was verified, as written.
    pub verified_how: Option<String>,
}

/// Kind of leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveKind {
    /// 休学.
    Suspension,
    /// 病假.
    SickLeave,
}

/// Suspension or sick leave with its approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    /// Kind; called `leave` in the canonical form, where `kind` is the kind of the statement.
    #[serde(rename = "leave")]
    pub kind: LeaveKind,
    /// First and last day, if both can be read.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// Whether it was approved; `None` when the cell is blank or unclear.
    pub approved: Option<bool>,
    /// Who approved, or the number of the document, as written.
    pub approver: Option<String>,
    /// School.
    pub school: Option<String>,
    /// Who made the diagnosis, where columns of their own say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnosed: Option<Box<Diagnosed>>,
}

/// Who made a diagnosis.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosed {
    /// The hospital as written.
    pub hospital: Option<String>,
    /// The doctor.
    pub doctor: Option<Private>,
}

/// Deferral of entry or exemption.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeferralKind {
    /// 缓学.
    Deferral,
    /// 免学, 失能.
    Exemption,
}

/// Deferral or exemption with its approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deferral {
    /// Kind; called `deferral` in the canonical form, where `kind` is the kind of the statement.
    #[serde(rename = "deferral")]
    pub kind: DeferralKind,
    /// First and last day.
    pub period: Option<(NaiveDate, NaiveDate)>,
    /// Whether it was approved.
    pub approved: Option<bool>,
    /// Number of the document as written.
    pub document: Option<String>,
    /// Who made the diagnosis, where columns of their own say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diagnosed: Option<Box<Diagnosed>>,
}

/// A child that left the county's population.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "departure", rename_all = "snake_case")]
pub enum Departure {
    /// Dead.
    Dead {
        /// The day, if written.
        on: Option<NaiveDate>,
    },
    /// Settled abroad.
    Emigrated {
        /// The day of the registration.
        on: Option<NaiveDate>,
    },
    /// Registration moved away.
    MovedOut {
        /// The day of the registration.
        on: Option<NaiveDate>,
    },
    /// Registration cancelled as double or mistaken.
    Cancelled {
        /// The day of the registration.
        on: Option<NaiveDate>,
    },
    /// Missing, said by the police.
    Missing {
        /// The day of the report.
        on: Option<NaiveDate>,
    },
}

/// A row of a log of home teaching (送教上门记录): teachers came to the child's home and taught.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomeVisit {
    /// The school that teaches, as written.
    pub school: Option<String>,
    /// Lessons given (节); `None` when the row does not say.
    pub periods: Option<u32>,
    /// Whether the guardian signed; `None` when the row does not say.
    pub signed: Option<bool>,
    /// The day for which the next visit is promised.
    pub next: Option<NaiveDate>,
    /// Who taught, as written.
    pub teachers: Option<Private>,
    /// What was taught, and how the child took it, as written.
    pub contents: Option<Private>,
    /// When the teachers came; `None` when the row does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<NaiveTime>,
    /// When they left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveTime>,
}

/// A plan for teaching a child at home in a school year (送教计划), or its evaluation at the end of a term (学期评估).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HomePlan {
    /// The school that teaches, as written.
    pub school: Option<String>,
    /// Visits planned for each month; `None` in a row that evaluates.
    pub per_month: Option<u32>,
    /// The teachers, who come in pairs, as written.
    pub teachers: Option<Private>,
    /// Goals and contents, as written.
    pub contents: Option<Private>,
    /// The day on which it was assessed that the child cannot come to school (评估鉴定).
    pub assessed: Option<NaiveDate>,
    /// The day on which the guardian consented.
    pub consented: Option<NaiveDate>,
    /// How the term went, as written.
    pub evaluated: Option<Private>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visited(next: Option<NaiveDate>) -> HomeVisit {
        HomeVisit {
            school: Some("五里小学".to_owned()),
            periods: Some(2),
            signed: Some(true),
            next,
            teachers: Some(Private::new("李芳、王强")),
            contents: None,
            from: None,
            to: None,
        }
    }

    fn paid(on: Option<NaiveDate>) -> AidPaid {
        let (aid, term) = (crate::AidKind::DayLiving, on.map(crate::SchoolTerm::of));
        AidPaid { aid, term, fen: Some(62_500), on, mode: Some(StudyMode::Day) }
    }

    fn diagnosed() -> Diagnosed {
        Diagnosed { hospital: Some("县医院".to_owned()), doctor: Some(Private::new("周明")) }
    }

    fn exempted(period: Option<(NaiveDate, NaiveDate)>) -> Deferral {
        let kind = DeferralKind::Exemption;
        Deferral { kind, period, approved: None, document: None, diagnosed: None }
    }

    fn enrolled(status: EnrolmentStatus) -> Statement {
        let school = "五里小学".to_owned();
        Statement::Enrolment(Enrolment { school, grade: None, status, mode: None, transfer: None })
    }

    /// One statement of every kind but a visit.
    fn every_kind() -> Vec<Statement> {
        let period = NaiveDate::from_ymd_opt(2019, 3, 1).zip(NaiveDate::from_ymd_opt(2020, 2, 29));
        let on = period.map(|(first, _)| first);
        let school = Some("五里小学".to_owned());
        vec![
            Statement::Registered,
            Statement::Enrolment(Enrolment {
                school: "五里小学".to_owned(),
                grade: Grade::new(3),
                status: EnrolmentStatus::TransferredOut,
                mode: Some(StudyMode::Boarding),
                transfer: Some(Transfer { kind: "跨省转出".to_owned(), on, school: None }),
            }),
            enrolled(EnrolmentStatus::DroppedOut),
            enrolled(EnrolmentStatus::Unclear),
            Statement::Survey { finding: SurveyFinding::Out { cause: Some(Cause::Work) } },
            Statement::Survey { finding: SurveyFinding::Unclear },
            Statement::Ledger(Ledgered {
                school: school.clone(),
                since: None,
                cause: None,
                whereabouts: SurveyFinding::InSchool { school: school.clone(), grade: None },
                persuasions: Some(3),
            }),
            Statement::Absence(Absence {
                until: NaiveDate::default(),
                since: on,
                days: Some(12),
                school_days: Some(9),
                persuasions: None,
                returned: true,
                returned_on: on,
                no_show: false,
                school: school.clone(),
                cause: Some(Cause::Illness),
            }),
            Statement::Inspection { finding: InspectionFinding::Out, seen: true },
            Statement::TipOff,
            Statement::Certificate(Certificate {
                school: school.clone(),
                place: None,
                issued: on,
                until: None,
                sealed: Some(true),
                verified: None,
                verified_how: None,
            }),
            Statement::Leave(Leave {
                kind: LeaveKind::SickLeave,
                period,
                approved: Some(true),
                approver: None,
                school,
                diagnosed: Some(Box::new(diagnosed())),
            }),
            Statement::Deferral(exempted(period)),
            Statement::Departure(Departure::Missing { on }),
            Statement::Poverty { grade: Grade::new(9), out: false },
            Statement::Disability { category: None, grade: Some(2), in_school: Some(false) },
            Statement::Aid(paid(on)),
        ]
    }

    #[test]
    fn the_canonical_form_of_every_kind_can_be_read_back() {
        let visit = Statement::HomeVisit(visited(NaiveDate::from_ymd_opt(2019, 6, 17)));
        let (from, to) = (NaiveTime::from_hms_opt(9, 0, 0), NaiveTime::from_hms_opt(10, 30, 0));
        let timed = Statement::HomeVisit(HomeVisit { from, to, ..visited(None) });
        let plan = Statement::HomePlan(HomePlan {
            per_month: Some(4),
            assessed: NaiveDate::from_ymd_opt(2018, 9, 3),
            contents: Some(Private::new("生活自理、认数")),
            ..HomePlan::default()
        });
        for what in every_kind().into_iter().chain([visit, timed, plan]) {
            let claim = Claim { what, on: NaiveDate::default(), words: None };
            let text = serde_json::to_string(&claim).unwrap();
            assert_eq!(serde_json::from_str::<Claim>(&text).ok(), Some(claim), "{text}");
        }
    }
}
