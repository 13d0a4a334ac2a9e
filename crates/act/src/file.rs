//! The folder of a child (一生一袋): which of its papers are there, and which are missing. A missing one is a finding.

use baoxue_claim::VerdictCode;
use serde::{Deserialize, Serialize};

use crate::{Case, event::words};

/// A file that somebody put into the case: a photograph, a scan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Under which name the store keeps it.
    pub key: String,
    /// Which part of the folder it belongs to.
    pub item: Item,
    /// What it shows.
    pub words: String,
    /// SM3 of what is kept, in hex.
    pub hash: String,
    /// Its media type.
    pub media: String,
}

/// The parts of a folder. No official list was found; this is that of our domain notes (forms §8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    /// 封面和目录.
    Cover,
    /// 基本信息、身份证和户口簿复印件.
    Identity,
    /// 学籍信息或就读证明.
    Registry,
    /// 责任书.
    Responsibility,
    /// 入学通知书及回执.
    EntryNotice,
    /// 缺勤记录和学校书面报告.
    Absence,
    /// 家访、劝返记录和照片.
    Visits,
    /// 通知书和送达回证.
    Notices,
    /// 特殊情形证明.
    Circumstance,
    /// 一人一案.
    Plan,
    /// 资助落实凭证.
    Aid,
    /// 会议记录、部门复函.
    Replies,
    /// 复学登记和返校后核查.
    Return,
    /// 送教上门记录.
    HomeTeaching,
    /// 销号审批.
    Closing,
}

words!(Item {
    Cover = "封面和目录", "cover and index";
    Identity = "基本信息、身份证和户口簿复印件", "basic form, copies of ID and household register";
    Registry = "学籍信息或就读证明", "registry print or proof of enrolment";
    Responsibility = "责任书", "letters of responsibility";
    EntryNotice = "入学通知书及回执", "enrolment notice with receipt";
    Absence = "缺勤记录和学校书面报告", "absences and the school's report";
    Visits = "家访、劝返记录和照片", "visits and persuasion, with photographs";
    Notices = "通知书和送达回证", "notices with proof of service";
    Circumstance = "特殊情形证明", "evidence of a circumstance";
    Plan = "一人一案", "plan for the child";
    Aid = "资助落实凭证", "aid received";
    Replies = "会议记录、部门复函", "minutes and replies of departments";
    Return = "复学登记和返校后核查", "return and checks after it";
    HomeTeaching = "送教上门记录", "home teaching";
    Closing = "销号审批", "closing approval";
});

/// Whether a part of the folder is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// It is.
    Present,
    /// It should be, and is not.
    Missing,
    /// Nothing has called for it yet.
    NotDue,
}

/// What belongs to the folder and is no event of the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beside {
    /// Whether the letters on the child's chain are signed.
    pub letters: Held,
    /// Whether a child taught at home has its plan, with assessment and consent, and visits.
    pub teaching: Held,
    /// Whether the child received the aid to which it is entitled.
    pub aid: Held,
}

/// The parts of a child's folder as its case and what stands beside it have them.
pub fn items(case: &Case, beside: Beside) -> Vec<(Item, Held)> {
    Item::ALL.iter().map(|item| (*item, held(case, *item, beside))).collect()
}

fn held(case: &Case, item: Item, Beside { letters, teaching, aid }: Beside) -> Held {
    let attached = case.attached.iter().any(|known| known.what.item == item);
    let (due, present) = match item {
        // The program prints them from what it has.
        Item::Cover => (true, true),
        Item::Identity | Item::Registry => (true, false),
        Item::Responsibility => (letters != Held::NotDue, letters == Held::Present),
        Item::EntryNotice => {
            let is_due = case.judged.what.code == VerdictCode::NeverEnrolled;
            (is_due, case.has_paper(crate::PaperKind::EntryNotice))
        }
        Item::Absence => (case.judged.what.code.accuses(), case.reported.is_some()),
        Item::Visits => (true, !case.visits.is_empty()),
        Item::Notices => {
            let issued = case.notices().next().is_some();
            (issued, issued && case.notices().all(|paper| paper.served.is_some()))
        }
        Item::Circumstance => {
            let is_excused = matches!(
                case.judged.what.code,
                VerdictCode::Suspended
                    | VerdictCode::Deferred
                    | VerdictCode::Unable
                    | VerdictCode::HomeTeaching
            );
            (is_excused || !case.leaves.is_empty(), false)
        }
        Item::Plan => (case.judged.what.code.accuses(), case.plan().is_some()),
        Item::Aid => (aid != Held::NotDue, aid == Held::Present),
        Item::Replies => {
            let asked = case.requests.iter().any(|request| request.withdrawn.is_none());
            (asked, asked && case.requests.iter().all(|request| request.ended().is_some()))
        }
        Item::Return => {
            (case.returned.is_some(), case.returned.is_some() && !case.checks.is_empty())
        }
        Item::HomeTeaching => {
            let taught = |back: &crate::Noted<crate::Return>| {
                back.what.form == crate::ReturnForm::HomeTeaching
            };
            let is_taught = case.returned.as_ref().is_some_and(taught);
            (is_taught || teaching != Held::NotDue, teaching == Held::Present)
        }
        Item::Closing => (case.over.is_some(), case.over.is_some() && case.proposed.is_some()),
    };
    match (present || attached, due) {
        (true, _) => Held::Present,
        (false, true) => Held::Missing,
        (false, false) => Held::NotDue,
    }
}
