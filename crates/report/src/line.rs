//! One child as the ledgers print it. Plain data that `flow` fills; what is not known stays `None` and prints as an
//! empty cell. Personal text is [`Private`], so `Debug` shows none of it.

use baoxue_claim::{Birth, Cause, ChildId, Grade, Private, Sex, Source, StudyMode, VerdictCode};
use baoxue_determine::{Answer, Base};
use chrono::NaiveDate;

/// One child of a ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Who the child is.
    pub who: Who,
    /// Where it studies or should.
    pub study: Study,
    /// What was found, and by which rule.
    pub finding: Finding,
    /// How the finding was verified on the spot.
    pub verification: Verification,
    /// Absence and what followed it; empty for a child in school.
    pub out: OutOfSchool,
    /// Hardship registers the child stands in.
    pub hardship: Hardship,
    /// Who answers for the child.
    pub duties: Duties,
    /// What each source said, with file and row.
    pub evidence: Vec<Evidence>,
}

/// Who a child is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// The child's number in this system; `None` for a row that belongs to no child yet.
    pub child: Option<ChildId>,
    /// Town or street office (镇办) by the name ledgers print.
    pub town: Option<String>,
    /// Village or community (村、社区).
    pub village: Option<String>,
    /// Villagers' group (组).
    pub group: Option<u8>,
    /// Head of household (户主).
    pub household_head: Option<Private>,
    /// Name.
    pub name: Option<Private>,
    /// Sex.
    pub sex: Option<Sex>,
    /// Ethnicity (民族).
    pub ethnicity: Option<String>,
    /// Birth, as precise as known.
    pub birth: Option<Birth>,
    /// Resident ID: 18 characters, `?` where a digit is not known.
    pub id: Option<Private>,
    /// Where registered (户籍地).
    pub registered_at: Address,
    /// Where living (现住址).
    pub lives_at: Address,
    /// Guardian's name.
    pub guardian: Option<Private>,
    /// The guardian's relation to the child.
    pub relation: Option<String>,
    /// Telephones, the best first.
    pub phones: Vec<Private>,
}

/// An address in parts, and as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Town by name.
    pub town: Option<String>,
    /// Village or community.
    pub village: Option<String>,
    /// The text as found.
    pub text: Option<Private>,
}

/// Where a child studies or should study.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Study {
    /// Year in which the child had to enter grade one (应入学年份).
    pub entry_year: Option<i32>,
    /// Grade it should be in (应就读年级).
    pub due_grade: Option<Grade>,
    /// School.
    pub school: Option<String>,
    /// Grade.
    pub grade: Option<Grade>,
    /// Class as written.
    pub class: Option<String>,
    /// National student number (学籍号).
    pub student_number: Option<Private>,
    /// Mode of study.
    pub mode: Option<StudyMode>,
    /// Special categories (特殊类别): 残疾, 留守, 孤儿 ….
    pub categories: Vec<String>,
}

/// The verdict as a ledger prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The status.
    pub code: VerdictCode,
    /// Whether the child is of compulsory age on the day: the of-age ledger holds exactly these.
    pub of_age: bool,
    /// Whether nothing but a register that was stopped names the child: it is in no base yet.
    pub waiting: bool,
    /// Whether it is dropout, counts as in school, is watched.
    pub answer: Answer,
    /// Which part of the population base holds the child.
    pub base: Base,
    /// Whether it is confirmed by two independent sources, an inspection or a visit.
    pub confirmed: bool,
    /// Id and version of the rule that decided, such as `suspended 2`.
    pub rule: String,
    /// The law or document behind the rule.
    pub law: String,
    /// One sentence that says why, in the language of the head.
    pub reason: Option<String>,
    /// Number of the document or certificate (依据、证明编号).
    pub document: Option<String>,
    /// Last day on which the finding holds without new proof (有效期至).
    pub valid_until: Option<NaiveDate>,
    /// Remarks.
    pub remarks: Option<Private>,
}

/// Who verified a finding, and when.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Who (核实人).
    pub by: Option<String>,
    /// When (核实日期).
    pub on: Option<NaiveDate>,
    /// The day by which it must be verified, for a child whose status is not known.
    pub due: Option<NaiveDate>,
}

/// Absence and what followed it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutOfSchool {
    /// First day of absence (缺勤起始日).
    pub absent_since: Option<NaiveDate>,
    /// Days of absence in a row (连续缺勤天数).
    pub n_absent_days: Option<u32>,
    /// Cause by the coded list.
    pub cause: Option<Cause>,
    /// The cause in the sender's words.
    pub cause_words: Option<Private>,
    /// Whereabouts (去向).
    pub whereabouts: Option<Private>,
    /// Who found it first.
    pub found_by: Option<String>,
    /// When.
    pub found_on: Option<NaiveDate>,
    /// Times the family was called on to send the child back (劝返次数).
    pub n_persuasions: Option<u32>,
    /// Last such visit.
    pub persuaded_on: Option<NaiveDate>,
    /// Its result.
    pub persuasion_result: Option<String>,
    /// The day a suspected case became a dropout (转辍学日期).
    pub turned_dropout_on: Option<NaiveDate>,
    /// The day of the determination (认定日期).
    pub determined_on: Option<NaiveDate>,
    /// Who determined it (认定单位/人).
    pub determined_by: Option<String>,
    /// When the child left school, as precise as known, such as `2018-09` (辍学年月).
    pub left_school: Option<String>,
    /// Grade at that time.
    pub grade_then: Option<Grade>,
    /// Measures taken (采取措施).
    pub measures: Option<String>,
    /// Number of the notice and the day it was served (通知书文号/送达日).
    pub notice: Option<(String, Option<NaiveDate>)>,
    /// Number of the order to correct (责令改正文号).
    pub order: Option<String>,
    /// Legal measures.
    pub legal: Option<String>,
    /// Day of return.
    pub returned_on: Option<NaiveDate>,
    /// School and form of the return (复学学校/形式).
    pub returned_to: Option<String>,
    /// Checks that the return holds (稳定期核查).
    pub stability: Option<String>,
    /// Day and approver of striking off (销号日期/批准人).
    pub struck_off: Option<(NaiveDate, String)>,
}

/// Hardship registers; `None` where no register was asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hardship {
    /// In the poverty register, lifted out or not (脱贫).
    pub poverty: Option<bool>,
    /// Monitored against relapse (监测).
    pub monitored: Option<bool>,
    /// On minimum living allowance (低保).
    pub low_income: Option<bool>,
    /// Certified disabled (残疾).
    pub disabled: Option<bool>,
    /// Left behind by working parents (留守).
    pub left_behind: Option<bool>,
    /// Orphan or without support in fact (孤儿).
    pub orphan: Option<bool>,
}

/// Who answers for a child: officials, printed in full.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Duties {
    /// Class teacher (班主任).
    pub class_teacher: Option<String>,
    /// Leader in charge (包保领导).
    pub leader: Option<String>,
    /// The seven seats of the duty chain (责任七长), each as `镇长 某某`.
    pub chain: Vec<String>,
    /// Who verifies on the government line (镇办线), for a child whose status is not known.
    pub town_line: Option<String>,
    /// Who verifies on the school line (学校线).
    pub school_line: Option<String>,
}

/// What one source said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    /// Who says it.
    pub source: Source,
    /// The day it was observed or signed.
    pub on: NaiveDate,
    /// The sender's words.
    pub words: Option<Private>,
    /// Name of the file.
    pub file: String,
    /// Name of the sheet; empty for csv.
    pub sheet: String,
    /// 1-based row.
    pub row: u32,
}
