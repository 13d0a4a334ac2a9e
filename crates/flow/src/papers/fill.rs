//! What the program fills into a draft from claims, verdict and case, so that nobody types what is known.

use std::collections::BTreeMap;

use baoxue_act::{Case, Moment, Noted, PaperKind, RequestState, Told, Visit};
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
                known.put("fact", fact(self.case));
                known.put("place", self.school());
            }
            PaperKind::CorrectionOrder | PaperKind::Penalty => {
                known.put("party", name(self.profile.guardian.as_ref()));
                known.put("address", self.address());
                known.put("child", name(self.profile.name.as_ref()));
                known.put("fact", fact(self.case));
                known.put("evidence", evidence(self.case));
                known.put("appeal", settings.appeal.clone());
                if kind == PaperKind::Penalty {
                    known
                        .put("basis", self.speaker.rules.penalty_basis.clone().unwrap_or_default());
                }
            }
            PaperKind::SchoolReport => {
                known.put("to", self.reported_to());
                known.put("pupils", self.pupil());
                known.put("done", done(self.case));
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

/// What the evidence says, in a sentence that names its day. A visit that was taken back says nothing.
fn fact(case: &Case) -> String {
    let since = case.accused.unwrap_or(case.opened).date();
    let visited = case.standing().rfind(|visit| visit.what.confirms());
    let visited = visited.map(|visit| {
        format!("{}入户核实，{}。", visit.what.on.format("%Y年%-m月%-d日"), visit.what.found.zh())
    });
    let found = since.format("%Y年%-m月%-d日");
    format!(
        "经核查，截至{found}，该生未到校就读，未查到有效的延缓入学、休学或转学手续。{}",
        visited.unwrap_or_default()
    )
}

/// What proves the fact: the visits that were not taken back, and papers.
fn evidence(case: &Case) -> String {
    records(case, case.standing())
}

/// What was done about the child: every visit took place, whatever became of its word.
fn done(case: &Case) -> String {
    records(case, case.visits.iter())
}

/// Visits and papers, a line each.
fn records<'c>(case: &'c Case, visits: impl Iterator<Item = &'c Noted<Visit>>) -> String {
    let visits = visits.map(|visit| {
        let visit = &visit.what;
        let who: Vec<&str> = visit.visitors.iter().map(|v| v.name.as_str()).collect();
        let on = visit.on.format("%Y年%-m月%-d日");
        format!("{on}家访记录（{}，见到{}）", who.join("、"), visit.met.zh())
    });
    let report = case
        .reported
        .iter()
        .map(|reported| format!("{}学校书面报告", reported.what.format("%Y年%-m月%-d日")));
    let served = case.notices().filter(|paper| paper.served.is_some()).map(|paper| {
        format!("{}（{}）及送达回证", paper.issued.what.kind.zh(), paper.issued.what.number)
    });
    visits.chain(report).chain(served).collect::<Vec<_>>().join("\n")
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

#[cfg(test)]
mod tests {
    use baoxue_act::{
        CaseId, Event, Found, Heard, Judged, Met, Opening, PROGRAM, Place, Reconsidered, Return,
        ReturnForm, Said, Trigger, Visitor, What, fold,
    };
    use baoxue_claim::{ChildId, VerdictCode};

    use super::*;
    use crate::papers::told::last_seen;

    /// A case with a visit that saw the child at home and a return that the school registered; `answer` says whether the visit
    /// holds, when that was answered.
    fn visited(answer: Option<bool>) -> Case {
        let on = "2019-09-10".parse().unwrap();
        let judged = Judged { code: VerdictCode::Suspected, confirmed: false, on };
        let place = Place { town: None, village: None, school: None, class: None };
        let (child, trigger) = (ChildId(7), Trigger::Verdict);
        let opening = Opening { child, episode: 1, trigger, judged, place };
        let visit = Visit {
            on,
            visitors: vec![Visitor { name: "甲".into(), seat: None }],
            met: Met::Guardian,
            found: Found::AtHome,
            words: "已劝说".into(),
            promised: None,
            next: None,
            heard: Heard::default(),
            employer: None,
        };
        let (school, form) = ("五里初中".to_owned(), ReturnForm::FormerClass);
        let back = Return { on, school, class: None, form };
        let said = |holds| Reconsidered { visit: 1, against: 2, said: Said::InSchool, holds };
        let told = [
            (PROGRAM, What::Opened(opening)),
            ("王建军 cunganbu", What::Visited(visit)),
            ("郑国强 xiaozhang", What::Returned(back)),
        ];
        let answered = answer.map(|holds| ("王建军 cunganbu", What::Reconsidered(said(holds))));
        let at = on.and_time(chrono::NaiveTime::MIN);
        let events = told.into_iter().chain(answered);
        let events: Vec<Event> =
            events.map(|(by, what)| Event { at, by: by.to_owned(), what }).collect();
        fold(CaseId(1), &events).unwrap()
    }

    #[test]
    fn no_paper_states_what_a_visit_found_that_was_taken_back() {
        for answer in [None, Some(true)] {
            let case = visited(answer);
            assert!(fact(&case).contains("2019年9月10日入户核实"), "{}", fact(&case));
            assert!(evidence(&case).contains("家访记录"), "{}", evidence(&case));
            assert_eq!(last_seen(&case), format!("2019-09-10 {}", Found::AtHome.zh()));
        }
        let case = visited(Some(false));
        assert!(!fact(&case).contains("入户核实"), "{}", fact(&case));
        assert_eq!((evidence(&case), last_seen(&case)), (String::new(), String::new()));
        assert!(done(&case).contains("家访记录"), "it took place");
    }
}
