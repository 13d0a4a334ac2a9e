//! What happens in a case. Events are appended and never edited; what was entered wrongly is corrected by another event
//! that names it.

use baoxue_claim::{Cause, ChildId, VerdictCode};
use baoxue_determine::Seat;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    Attachment, Draft, Holder, Moment, Office, Paper, Place, Plan, PlanReview, Said, Service, Term,
};

/// A case: one episode of one child out of school.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(pub i64);

/// One thing that happened in a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When it was recorded. What happened before that says its own day.
    pub at: Moment,
    /// Who recorded it: the name of an account, or [`PROGRAM`].
    pub by: String,
    /// What.
    pub what: What,
}

/// The name under which the program itself records what follows from evidence and clocks.
pub const PROGRAM: &str = "baoxue";

/// The kinds of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum What {
    /// The case begins.
    Opened(Opening),
    /// The evidence about the child gives another verdict than before.
    Judged(Judged),
    /// The child belongs to another town, village, school or class.
    Moved {
        /// Where to.
        place: Place,
    },
    /// Linkage knows the child under another id: it was taken for two, and this case is the only one of both.
    Identified {
        /// The id.
        child: ChildId,
    },
    /// 认定: somebody who may do so confirms what the evidence gives. Never the program.
    Determined {
        /// The verdict confirmed.
        code: VerdictCode,
    },
    /// The town names who looks after the case.
    OwnerNamed {
        /// Who, as written.
        owner: String,
    },
    /// Who helps this child and its family (帮扶干部): no seat of the chain, and on the chain beside it.
    HelperNamed {
        /// Who, with the unit, as written.
        helper: String,
    },
    /// The school's written report (书面报告) went to town and bureau.
    Reported {
        /// Its day.
        on: NaiveDate,
    },
    /// A visit (家访、劝返).
    Visited(Visit),
    /// Why the child is out of school, by the coded list.
    CauseFound {
        /// The cause.
        cause: Cause,
    },
    /// A paper is drafted (拟稿): what will stand on it. A later draft of the same form takes the place of one that was not
    /// issued.
    Drafted(Draft),
    /// A paper is issued and frozen (签发), by another person than drafted it.
    Issued(Paper),
    /// A paper that was issued is void (作废): its number stays taken, and another one may be issued.
    Voided {
        /// Its number within the case.
        paper: u32,
        /// Why.
        why: String,
    },
    /// A paper is served (送达).
    Served(Service),
    /// What is done for the child (一人一案).
    Planned(Plan),
    /// The plan was looked at again: what of it is done, and whether it helps (复核).
    PlanReviewed(PlanReview),
    /// A file is put into the case: a photograph, a scan.
    Attached(Attachment),
    /// A step before a court or by a body outside is on file (上传).
    LegalStep {
        /// Its day.
        on: NaiveDate,
        /// Which.
        words: String,
    },
    /// A department is asked for something (协查、协办).
    Asked(Request),
    /// A department answers.
    Answered {
        /// The number of the request within the case.
        request: u32,
        /// What it says.
        answer: Answer,
        /// Its words.
        words: String,
        /// Where it says that the child is, if it knows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        found: Option<Found>,
    },
    /// A request is withdrawn (撤回协查): the department need not answer it any more.
    RequestWithdrawn {
        /// The number of the request within the case.
        request: u32,
        /// Why.
        why: String,
    },
    /// A leader wants something done (督办).
    Instructed {
        /// The number of the instruction within the case.
        instruction: u32,
        /// By whom.
        to: Holder,
        /// What.
        words: String,
        /// Within which time.
        within: Term,
    },
    /// An instruction is carried out.
    CarriedOut {
        /// The number of the instruction.
        instruction: u32,
        /// How.
        words: String,
    },
    /// The child is back (复学登记).
    Returned(Return),
    /// Whether the child attended after its return, from the school's roll call.
    Attended {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
        /// School days on which it was there.
        days: u16,
    },
    /// A check after return (稳定期核查).
    Checked {
        /// Its day.
        on: NaiveDate,
        /// Whether the child was in school.
        present: bool,
    },
    /// A tip-off (群众举报) says something of the child: somebody must look. Its words stand elsewhere, for few to read.
    TippedOff,
    /// The school says that the child stays away (缺勤登记) while its case is open.
    Missed {
        /// The first day.
        since: NaiveDate,
        /// Since then so many school days, and why, in words.
        words: String,
    },
    /// An inspection (督查) looked at the child while its case is open.
    Inspected(Inspection),
    /// Whoever recorded a visit was told that somebody else says otherwise, and says whether the visit still holds.
    Reconsidered(Reconsidered),
    /// The guardian objects (异议): clocks stop until it is answered.
    Objected {
        /// The words.
        words: String,
    },
    /// The objection is answered.
    ObjectionAnswered {
        /// Whether the family is right.
        upheld: bool,
        /// The answer.
        words: String,
    },
    /// Approved leave: clocks stand still between these days, both included.
    OnLeave {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
    },
    /// Another county is asked to take the child over.
    TransferAsked {
        /// Which.
        county: String,
    },
    /// The other county answers.
    TransferAnswered {
        /// Whether it takes the child over.
        accepted: bool,
    },
    /// A step of the ladder: a duty that is late reaches the next seat.
    Climbed(Climb),
    /// Words for the file.
    Noted {
        /// The words.
        words: String,
    },
    /// An event of this case was entered wrongly.
    Corrected {
        /// Its position in the case, from 0.
        of: u32,
        /// What should stand there; `None` strikes it out.
        instead: Option<Box<What>>,
        /// Why.
        why: String,
    },
    /// Somebody holds the case ready to be closed.
    ClosingProposed,
    /// A second person closes it (销号).
    Closed,
    /// The evidence ends the case without a person: see [`Ending`].
    Ended {
        /// How.
        how: Ending,
    },
}

impl What {
    /// Whether a person who entered it may correct it. What the program recorded, what was frozen or served, and what ends a
    /// case is undone by events of its own.
    pub const fn is_correctable(&self) -> bool {
        match self {
            Self::OwnerNamed { .. }
            | Self::HelperNamed { .. }
            | Self::Reported { .. }
            | Self::Visited(_)
            | Self::CauseFound { .. }
            | Self::LegalStep { .. }
            | Self::Returned(_)
            | Self::Attended { .. }
            | Self::Checked { .. }
            | Self::OnLeave { .. }
            | Self::Planned(_)
            | Self::PlanReviewed(_)
            | Self::Attached(_)
            | Self::Noted { .. } => true,
            Self::Opened(_)
            | Self::Judged(_)
            | Self::Moved { .. }
            | Self::Identified { .. }
            | Self::Determined { .. }
            | Self::Drafted(_)
            | Self::Issued(_)
            | Self::Voided { .. }
            | Self::Served(_)
            | Self::Asked(_)
            | Self::Answered { .. }
            | Self::RequestWithdrawn { .. }
            | Self::Instructed { .. }
            | Self::CarriedOut { .. }
            | Self::TippedOff
            | Self::Missed { .. }
            | Self::Inspected(_)
            | Self::Reconsidered(_)
            | Self::Objected { .. }
            | Self::ObjectionAnswered { .. }
            | Self::TransferAsked { .. }
            | Self::TransferAnswered { .. }
            | Self::Climbed(_)
            | Self::Corrected { .. }
            | Self::ClosingProposed
            | Self::Closed
            | Self::Ended { .. } => false,
        }
    }
}

/// How a case begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// The child.
    pub child: ChildId,
    /// Which time it is out of school, from 1.
    pub episode: u32,
    /// Why.
    pub trigger: Trigger,
    /// What the evidence says.
    pub judged: Judged,
    /// Where the child belongs.
    pub place: Place,
}

/// What opens a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Trigger {
    /// A verdict.
    Verdict,
    /// A school notices that a child stays away (旷课).
    Absence {
        /// First day of absence.
        since: NaiveDate,
    },
    /// An inspection's finding (督查).
    Inspection,
    /// A tip-off (群众举报): to be verified, and nothing more.
    TipOff,
    /// The child had come back and is out again (返流).
    Relapse {
        /// The episode before.
        of: CaseId,
    },
}

/// What the evidence says of the child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// The verdict.
    pub code: VerdictCode,
    /// Whether two independent sources, an inspection or a visit agree.
    pub confirmed: bool,
    /// For which day.
    pub on: NaiveDate,
}

/// A visit to the child's home or a talk elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    /// Its day.
    pub on: NaiveDate,
    /// Who went, with their offices, as written.
    pub visitors: Vec<Visitor>,
    /// Who was met.
    pub met: Met,
    /// Where the child was found to be.
    pub found: Found,
    /// What was said.
    pub words: String,
    /// The day by which a return is promised.
    pub promised: Option<NaiveDate>,
    /// The day of the next visit.
    pub next: Option<NaiveDate>,
    /// What the family said, each in the visitor's words.
    #[serde(default, skip_serializing_if = "Heard::is_empty")]
    pub heard: Heard,
    /// Where the child works, as far as anybody says: the employer and its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employer: Option<String>,
}

/// What a visit heard of the family.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// How the guardian stands to a return (家长态度).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guardian: Option<String>,
    /// What the child wants (学生意愿).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child: Option<String>,
    /// What is difficult, and what the family asks for (困难与诉求).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub difficulty: Option<String>,
}

impl Heard {
    /// Whether nothing was said.
    pub const fn is_empty(&self) -> bool {
        self.guardian.is_none() && self.child.is_none() && self.difficulty.is_none()
    }
}

impl Visit {
    /// Whether it saw, with the child or its guardian, that the child is not in school: that confirms what files say.
    pub const fn confirms(&self) -> bool {
        self.met.is_attempt() && matches!(self.found, Found::AtHome | Found::AtWork)
    }
}

/// What an inspection found, told to the open case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    /// The number of the finding: each is told to a case once.
    pub finding: i64,
    /// Its day.
    pub on: NaiveDate,
    /// Whether the child was not in school.
    pub out: bool,
    /// The inspector's words.
    pub words: String,
}

/// The answer to whether a visit still holds. Both statements stay as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reconsidered {
    /// The visit, by its number among the events of the case, steps of ladders not counted.
    pub visit: u32,
    /// The event that says otherwise, counted in the same way.
    pub against: u32,
    /// What that says of the child.
    pub said: Said,
    /// 仍然如此, or 改为 what the other says. The latter is no look at the child: it confirms nothing.
    pub holds: bool,
}

/// Somebody who went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    /// Who, as written.
    pub name: String,
    /// In which seat; `None` for a helper cadre (帮扶干部) or anybody else.
    pub seat: Option<Seat>,
}

/// Who was met at a visit (见到谁).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Met {
    /// 学生本人.
    Child,
    /// 监护人.
    Guardian,
    /// 学生和监护人.
    Both,
    /// 邻居、亲属.
    Neighbour,
    /// 家中无人: a visit, but no attempt at persuasion.
    Nobody,
}

impl Visit {
    /// Whether anything was learned of the child, from the family or others: nobody at home says nothing.
    pub const fn learned(&self) -> bool {
        self.met.is_somebody() && !matches!(self.found, Found::NotFound)
    }
}

impl Met {
    /// Whether anybody was met.
    pub const fn is_somebody(self) -> bool {
        match self {
            Self::Child | Self::Guardian | Self::Both | Self::Neighbour => true,
            Self::Nobody => false,
        }
    }

    /// Whether the child or its guardian was spoken to: only that is an attempt at persuasion (劝返).
    pub const fn is_attempt(self) -> bool {
        match self {
            Self::Child | Self::Guardian | Self::Both => true,
            Self::Neighbour | Self::Nobody => false,
        }
    }
}

/// Where a visit found the child to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// 在家未上学.
    AtHome,
    /// 外出务工.
    AtWork,
    /// 在校就读.
    InSchool,
    /// 在外地就读.
    InSchoolElsewhere,
    /// 患病、住院.
    Ill,
    /// 不在本地，去向不明.
    Away,
    /// 未能核实.
    NotFound,
}

/// What a department is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its number within the case.
    pub request: u32,
    /// The department, by its id in the county's list.
    pub department: String,
    /// The task, by its id in the county's list.
    pub task: String,
    /// Within which time.
    pub within: Term,
    /// What else there is to say.
    pub words: String,
}

impl Request {
    /// The department's seat.
    pub fn holder(&self) -> Holder {
        Holder { seat: Seat::Department, office: Office::Department(self.department.clone()) }
    }
}

/// How a department answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// 已受理: it will.
    Accepted,
    /// 已办结.
    Done,
    /// 退回, with the reason.
    Declined,
}

/// A child is back in school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Return {
    /// First day.
    pub on: NaiveDate,
    /// The school.
    pub school: String,
    /// The class.
    pub class: Option<String>,
    /// How (原班、插班、普职融合、特教、送教).
    pub form: ReturnForm,
}

/// How a child comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReturnForm {
    /// 原班.
    FormerClass,
    /// 插班.
    OtherClass,
    /// 单独编班.
    OwnClass,
    /// 普职融合.
    Vocational,
    /// 特殊教育学校.
    SpecialSchool,
    /// 送教上门.
    HomeTeaching,
}

/// A step of the ladder.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Climb {
    /// Which duty.
    pub duty: DutyId,
    /// Which rung, from 0.
    pub rung: u8,
    /// Whom it reaches.
    pub to: Holder,
    /// When the rung was due.
    pub due: Moment,
}

/// A duty of a case: a step of the timetable, and which time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct DutyId {
    /// The id of the step.
    pub step: String,
    /// Which time, from 1; of requests and instructions their number.
    pub nth: u32,
}

/// How the evidence ends a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// What was to be verified is: the child is accounted for, and nobody had ever said that it is out of school.
    Verified,
    /// The child had come back and is out again: the next episode begins.
    Relapsed,
    /// The child was taken for two and is another's: linkage joined them, and the other case goes on.
    Joined,
    /// Its rows turned out to be those of a child that has a case, in which it goes on with everything that was open in it.
    Merged,
    /// Another county has taken it over.
    Transferred,
    /// The files on which it stood were withdrawn.
    Withdrawn,
}

macro_rules! words {
    ($type:ident { $($variant:ident = $zh:literal, $en:literal;)* }) => {
        impl $type {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The words in zh-CN.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),* }
            }

            /// The words in English.
            pub const fn en(self) -> &'static str {
                match self { $(Self::$variant => $en),* }
            }
        }
    };
}
pub(crate) use words;

words!(Met {
    Child = "学生本人", "the child";
    Guardian = "监护人", "the guardian";
    Both = "学生和监护人", "child and guardian";
    Neighbour = "邻居或亲属", "a neighbour or relative";
    Nobody = "家中无人", "nobody";
});

impl Found {
    /// Whether the child goes to a school.
    pub const fn is_in_school(self) -> bool {
        match self {
            Self::InSchool | Self::InSchoolElsewhere => true,
            Self::AtHome | Self::AtWork | Self::Ill | Self::Away | Self::NotFound => false,
        }
    }
}

words!(Found {
    AtHome = "在家未上学", "at home, not in school";
    AtWork = "外出务工", "at work";
    InSchool = "在校就读", "in school";
    InSchoolElsewhere = "在外地就读", "in school elsewhere";
    Ill = "患病或住院", "ill or in hospital";
    Away = "不在本地，去向不明", "away, nobody knows where";
    NotFound = "未能核实", "could not be verified";
});

words!(Answer {
    Accepted = "已受理", "accepted";
    Done = "已办结", "done";
    Declined = "退回", "declined";
});

words!(ReturnForm {
    FormerClass = "原班", "former class";
    OtherClass = "插班", "another class";
    OwnClass = "单独编班", "a class of its own";
    Vocational = "普职融合", "with vocational training";
    SpecialSchool = "特殊教育学校", "special school";
    HomeTeaching = "送教上门", "home teaching";
});

words!(Ending {
    Verified = "已核实", "verified";
    Relapsed = "返流，转下一轮", "out again, the next episode begins";
    Joined = "与另一案件合并", "joined with another case";
    Merged = "并入同一儿童的另一案件继续办理", "goes on in another case of the same child";
    Transferred = "已移交外县", "taken over by another county";
    Withdrawn = "依据已撤回", "the files it stood on were withdrawn";
});
