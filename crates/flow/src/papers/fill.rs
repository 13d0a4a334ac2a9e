//! What the program fills into a draft from claims, verdict and case, so that nobody types what is known.

use std::collections::BTreeMap;

use baoxue_act::{Case, Moment, PaperKind, RequestState, Told};
use baoxue_claim::{Birth, Name, Private};
use baoxue_determine::{Profile, Seat};
use baoxue_paper::Form;

use super::{Issuer, told::told};
use crate::{County, cases::Speaker};

/// What a paper is about.
#[derive(Debug)]
pub struct Subject<'a> {
    /// The child's case.
    pub case: &'a Case,
    /// What sources say of the child.
    pub profile: &'a Profile,
    /// The county.
    pub county: &'a County,
    /// The words of offices, in Chinese: papers are.
    pub speaker: Speaker<'a>,
    /// The moment of cases.
    pub now: Moment,
}

/// The form on which a paper of a case is printed.
pub const fn form_of(kind: PaperKind) -> Form {
    match kind {
        PaperKind::EntryNotice => Form::EntryNotice,
        PaperKind::ReturnNotice => Form::ReturnNotice,
        PaperKind::CorrectionOrder => Form::CorrectionOrder,
        PaperKind::SchoolReport => Form::SchoolReport,
        PaperKind::Inquiry => Form::Inquiry,
        PaperKind::Penalty => Form::PenaltyDecision,
    }
}

impl Subject<'_> {
    /// What is known of the fields of a paper, by name. What is not known is left out, and whoever drafts is asked.
    pub fn known(&self, kind: PaperKind) -> BTreeMap<String, String> {
        let mut known = Known::default();
        let settings = &self.county.papers;
        known.put("contact", settings.contact.clone());
        known.put("phone", settings.phone.clone());
        match kind {
            PaperKind::EntryNotice => {
                self.child(&mut known);
                known.put("school", self.school());
                known.put("report_place", self.school());
                known.put("year", self.school_year());
            }
            PaperKind::ReturnNotice => {
                self.child(&mut known);
                known.put("address", self.address());
                known.put("school", self.school());
                known.put("grade_class", self.grade_class());
                known.put("fact", self.fact());
                known.put("place", self.school());
            }
            PaperKind::CorrectionOrder | PaperKind::Penalty => {
                known.put("party", name(self.profile.guardian.as_ref()));
                known.put("address", self.address());
                known.put("child", name(self.profile.name.as_ref()));
                known.put("fact", self.fact());
                known.put("evidence", self.evidence());
                known.put("appeal", settings.appeal.clone());
                if kind == PaperKind::Penalty {
                    known
                        .put("basis", self.speaker.rules.penalty_basis.clone().unwrap_or_default());
                }
            }
            PaperKind::SchoolReport => {
                known.put("to", self.reported_to());
                known.put("pupils", self.pupil());
                known.put("done", self.evidence());
                let principal = self.case.place.holder(Seat::Principal);
                known.put("principal", self.speaker.person(&principal, self.now));
            }
            PaperKind::Inquiry => self.inquiry(&mut known),
        }
        known.0
    }

    fn child(&self, known: &mut Known) {
        known.put("guardian", name(self.profile.guardian.as_ref()));
        known.put("child", name(self.profile.name.as_ref()));
        known.put("sex", self.profile.sex.map_or("", |sex| sex.zh()).to_owned());
        let birth = self.profile.birth.and_then(Birth::day);
        known.put("birth", birth.map(|day| day.to_string()).unwrap_or_default());
    }

    fn address(&self) -> String {
        let lives = self.profile.lives_at.as_ref().or(self.profile.address.as_ref());
        lives.map(Private::expose).map_or_else(|| self.home(), str::to_owned)
    }

    /// Town and village, where no address is known.
    fn home(&self) -> String {
        let town = self.case.place.town.and_then(|code| self.county.towns.get(code));
        let town = town.map_or("", |town| town.name.as_str());
        format!("{town}{}", self.case.place.village.as_deref().unwrap_or_default())
    }

    fn school(&self) -> String {
        let known = self.profile.school.clone().or_else(|| self.case.place.school.clone());
        known.unwrap_or_default()
    }

    fn grade_class(&self) -> String {
        self.profile.class.clone().or_else(|| self.case.place.class.clone()).unwrap_or_default()
    }

    /// The school year that is running or begins next.
    fn school_year(&self) -> String {
        use chrono::Datelike;
        let (year, month) = (self.now.year(), self.now.month());
        let first = if month >= 3 { year } else { year - 1 };
        format!("{first}—{}学年", first + 1)
    }

    /// What the evidence says, in a sentence that names its day.
    fn fact(&self) -> String {
        let since = self.case.accused.unwrap_or(self.case.opened).date();
        let visited = self.case.visits.iter().rfind(|visit| visit.what.confirms());
        let visited = visited.map(|visit| {
            format!(
                "{}入户核实，{}。",
                visit.what.on.format("%Y年%-m月%-d日"),
                visit.what.found.zh()
            )
        });
        let found = since.format("%Y年%-m月%-d日");
        format!(
            "经核查，截至{found}，该生未到校就读，未查到有效的延缓入学、休学或转学手续。{}",
            visited.unwrap_or_default()
        )
    }

    /// Visits and reports, a line each.
    fn evidence(&self) -> String {
        let visits = self.case.visits.iter().map(|visit| {
            let visit = &visit.what;
            let who: Vec<&str> = visit.visitors.iter().map(|v| v.name.as_str()).collect();
            let on = visit.on.format("%Y年%-m月%-d日");
            format!("{on}家访记录（{}，见到{}）", who.join("、"), visit.met.zh())
        });
        let report = self
            .case
            .reported
            .iter()
            .map(|reported| format!("{}学校书面报告", reported.what.format("%Y年%-m月%-d日")));
        let served = self.case.notices().filter(|paper| paper.served.is_some()).map(|paper| {
            format!("{}（{}）及送达回证", paper.issued.what.kind.zh(), paper.issued.what.number)
        });
        visits.chain(report).chain(served).collect::<Vec<_>>().join("\n")
    }

    fn reported_to(&self) -> String {
        let offices = [Seat::TownHead, Seat::BureauHead];
        let names = offices.map(|seat| Issuer::of(&self.case.place.holder(seat), self.county).name);
        names.join("\n")
    }

    /// The pupil as a row of the report: its cells in the order of the form's columns.
    fn pupil(&self) -> String {
        let since = self.case.accused.unwrap_or(self.case.opened).date();
        let days = (self.now.date() - since).num_days().max(0);
        let cells = [
            name(self.profile.name.as_ref()),
            self.profile.sex.map_or("", |sex| sex.zh()).to_owned(),
            self.grade_class(),
            name(self.profile.guardian.as_ref()),
            since.to_string(),
            days.to_string(),
            self.case.attempts().to_string(),
            self.case.cause.as_ref().map_or("", |cause| cause.what.zh()).to_owned(),
        ];
        cells.join(" | ")
    }

    /// The last request that waits for an answer, with no more of the child than the task may carry.
    fn inquiry(&self, known: &mut Known) {
        let open = self.case.requests.iter().rfind(|request| request.ended().is_none());
        let Some(RequestState { asked, .. }) = open else { return };
        let Some((department, task)) =
            self.speaker.rules.task(&asked.what.department, &asked.what.task)
        else {
            return;
        };
        known.put("to", department.zh.clone());
        known.put("task", task.zh.clone());
        known.put("basis", task.basis.clone());
        known.put("questions", asked.what.words.clone());
        let fields = told(task, (self.profile, self.case), self.county, self.now);
        let subject = fields.iter().find(|(field, _)| matches!(field, Told::Name | Told::Employer));
        let subject = subject.map(|(_, value)| value.clone()).filter(|value| !value.is_empty());
        known.put("subject", subject.unwrap_or_else(|| format!("案号k_{}", self.case.id.0)));
        let shared = fields.into_iter().filter(|(_, value)| !value.is_empty());
        let shared: Vec<String> =
            shared.map(|(field, value)| format!("{}：{value}", field.zh())).collect();
        known.put("shared", shared.join("\n"));
    }
}

fn name(name: Option<&Name>) -> String {
    name.map(|name| name.expose().to_owned()).unwrap_or_default()
}

/// Fields that have a value.
#[derive(Default)]
struct Known(BTreeMap<String, String>);

impl Known {
    fn put(&mut self, field: &str, value: String) {
        if !value.trim().is_empty() {
            self.0.insert(field.to_owned(), value);
        }
    }
}
