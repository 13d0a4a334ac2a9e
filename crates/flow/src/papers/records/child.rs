//! The forms of one child.

use baoxue_act::{Case, Noted, Over, Plan, ReturnForm, Visit};
use baoxue_claim::{Birth, Cause, Name, Private, names_sealed};
use baoxue_determine::Seat;
use baoxue_paper::{Form, Sheet, Spec};
use chrono::NaiveDate;

use super::{OfChild, aid_rows, filled::Filled, signs};

/// Checks after a return that are weekly; later ones are monthly.
const WEEKLY: u64 = 4;

impl OfChild<'_> {
    /// One of [`OfChild::forms`]; `None` of any other.
    pub fn sheet(&self, spec: &Spec, by: &str) -> Option<Sheet> {
        if !self.forms().contains(&spec.form) {
            return None;
        }
        let mut filled = Filled::new(spec);
        self.basics(&mut filled);
        let (issuer, date) = match spec.form {
            Form::PersuasionRecord => self.persuasion(&mut filled)?,
            Form::ReturnRegistration => self.back(&mut filled)?,
            Form::DeferralApplication | Form::SuspensionApplication => {
                filled.text("school", self.school());
                (self.bureau(), None)
            }
            Form::ChildPlan => self.plan(&mut filled)?,
            Form::HomeTeachingLog => self.teaching_log(&mut filled)?,
            Form::EntryNotice
            | Form::ReturnNotice
            | Form::CorrectionOrder
            | Form::SchoolReport
            | Form::Inquiry
            | Form::ServiceSlip
            | Form::ResponsibilityLetter
            | Form::HouseholdPlan
            | Form::Circular
            | Form::PenaltyDecision
            | Form::Dossier => return None,
        };
        Some(Sheet { date, fields: filled.done(), ..self.frame(&issuer, by) })
    }

    /// What several forms ask for. A number stands covered, as in every list, and a telephone is written by hand: both only for
    /// whoever has the right to see them.
    fn basics(&self, filled: &mut Filled<'_>) {
        let profile = &self.page.profile;
        filled.text("child", name(profile.name.as_ref()));
        filled.text("sex", profile.sex.map_or("", |sex| sex.zh()));
        filled.day("birth", profile.birth.and_then(Birth::day));
        filled.text("ethnic", profile.ethnicity.as_deref().map(nation).unwrap_or_default());
        filled.text("id_number", self.page.entry.id.as_deref().unwrap_or_default());
        filled.text("guardian", name(profile.guardian.as_ref()));
        filled.text("relation", profile.guardian_relation.as_deref().unwrap_or_default());
        filled.text("address", self.address());
        filled.text("hukou", profile.address.as_ref().map(Private::expose).unwrap_or_default());
        filled.text("grade_class", self.grade_class());
    }

    pub(super) fn address(&self) -> String {
        let profile = &self.page.profile;
        let lives = profile.lives_at.as_ref().or(profile.address.as_ref());
        let home = || {
            let town = profile.town.and_then(|code| self.county.towns.get(code));
            let town = town.map_or("", |town| town.name.as_str());
            format!("{town}{}", profile.village.as_deref().unwrap_or_default())
        };
        lives.map(Private::expose).map_or_else(home, str::to_owned)
    }

    pub(super) fn school(&self) -> String {
        self.page.entry.school_shown().unwrap_or_default().to_owned()
    }

    fn grade_class(&self) -> String {
        let profile = &self.page.profile;
        let class = profile.class.as_deref().unwrap_or_default();
        let grade = profile.grade.map(|grade| grade.to_string()).unwrap_or_default();
        if class.contains("年级") || class.starts_with(&grade) {
            class.to_owned()
        } else {
            format!("{grade}{class}")
        }
    }

    fn bureau(&self) -> String {
        let place = baoxue_act::Place { town: None, village: None, school: None, class: None };
        signs(&place.holder(Seat::BureauHead), self.county)
    }

    fn persuasion(&self, filled: &mut Filled<'_>) -> Option<(String, Option<NaiveDate>)> {
        let case = self.case?;
        filled.text("school", format!("{}{}", self.school(), self.grade_class()));
        filled.words("cause", case.cause.as_ref().map_or("", |cause| printed(cause.what)));
        filled.words("measures", measures(case).join("\n"));
        let spoken = case.visits.iter().filter(|visit| visit.what.met.is_attempt());
        let rows = (1..).zip(spoken).map(|(n, visit)| attempt(n, &visit.what)).collect();
        filled.rows("attempts", rows);
        let last = |heard: fn(&Visit) -> Option<&String>| {
            case.standing().rev().find_map(|visit| heard(&visit.what)).cloned()
        };
        filled.words("guardian_view", last(|v| v.heard.guardian.as_ref()).unwrap_or_default());
        filled.words("child_view", last(|v| v.heard.child.as_ref()).unwrap_or_default());
        filled.words("difficulty", last(|v| v.heard.difficulty.as_ref()).unwrap_or_default());
        let last = case.standing().next_back().map(|visit| &visit.what);
        filled.day("promised", case.standing().rev().find_map(|visit| visit.what.promised));
        let next = last.and_then(|visit| visit.next).map(|day| format!("{day}再次家访"));
        filled.text("next", next.unwrap_or_default());
        let date = last.map(|visit| visit.on);
        Some((signs(&case.place.holder(Seat::TownHead), self.county), date))
    }

    fn back(&self, filled: &mut Filled<'_>) -> Option<(String, Option<NaiveDate>)> {
        let case = self.case?;
        let back = case.returned.as_ref().map(|back| &back.what);
        filled.text("attempts", case.attempts().to_string());
        filled.text("school", back.map_or_else(|| self.school(), |back| back.school.clone()));
        if let Some(back) = back {
            filled.day("returned_on", Some(back.on));
            filled.text("grade_class", back.class.as_deref().unwrap_or_default());
            filled.text("form", returned_as(back.form));
        }
        let aid = aid_rows(self.aid).into_iter();
        let aid = aid.map(|[policy, due, received]| format!("{policy}：{due}，{received}"));
        filled.text("aid", aid.collect::<Vec<_>>().join("；"));
        if let Some(back) = back {
            filled.rows("follow_ups", follow_ups(case, back.on));
        }
        let issuer = signs(&case.place.holder(Seat::Principal), self.county);
        Some((issuer, case.returned.as_ref().map(|back| back.at.date())))
    }

    fn plan(&self, filled: &mut Filled<'_>) -> Option<(String, Option<NaiveDate>)> {
        let case = self.case?;
        let plan = case.plan()?;
        filled.text("school", format!("{}{}", self.school(), self.grade_class()));
        filled.text("situation", self.situation(case));
        filled.words("cause", cause(case, &plan.what));
        filled.rows("measures", planned(case, plan));
        filled.words("owner", case.owner.as_ref().map_or("", |owner| owner.what.as_str()));
        let review = case.plan_review();
        filled.words("review", review.map_or("", |review| review.what.words.as_str()));
        filled.day(
            "review_on",
            review.map_or(Some(plan.what.review), |review| Some(review.at.date())),
        );
        filled.text("closing", closing(case));
        Some((signs(&case.place.holder(Seat::TownHead), self.county), Some(plan.at.date())))
    }

    fn situation(&self, case: &Case) -> String {
        let hardship = &self.page.profile.hardship;
        let since = case.judged.at.date().format("%Y年%-m月%-d日");
        let kinds = [
            hardship.poverty.then_some("脱贫（监测）户"),
            hardship.disabled.then_some("持残疾人证"),
            self.page.entry.home_teaching.then_some("送教上门"),
        ];
        let kinds: Vec<&str> = kinds.into_iter().flatten().collect();
        let kinds =
            if kinds.is_empty() { String::new() } else { format!("，{}", kinds.join("、")) };
        let code = case.judged.what.code.zh();
        format!("{since}起：{code}（第{}次）{kinds}。", case.episode)
    }

    fn teaching_log(&self, filled: &mut Filled<'_>) -> Option<(String, Option<NaiveDate>)> {
        let log = self.teaching?;
        let told = |text: Option<&Private>| {
            let text = text.map(Private::expose).filter(|text| !names_sealed(text));
            text.unwrap_or_default().to_owned()
        };
        filled.text("school", self.school());
        if let Some(plan) = log.plan() {
            let said = &plan.plan;
            filled.words("teachers", told(said.teachers.as_ref()));
            let per_month = said.per_month.map(|n| format!("每月{n}次。")).unwrap_or_default();
            filled.words("plan", format!("{per_month}{}", told(said.contents.as_ref())));
            let assessed = said.assessed.map(|day| format!("{day}评估鉴定"));
            let consented = said.consented.map(|day| format!("{day}监护人同意"));
            let both: Vec<String> = [assessed, consented].into_iter().flatten().collect();
            filled.text("assessment", both.join("，"));
        }
        let visits = log.visits.iter().rev().map(|visit| {
            let said = &visit.visit;
            let time = |time: Option<chrono::NaiveTime>| {
                time.map(|time| time.format("%H:%M").to_string()).unwrap_or_default()
            };
            let times = [time(said.from), time(said.to)].join("—");
            let signed = match said.signed {
                Some(true) => "已签",
                Some(false) => "未签",
                None => "",
            };
            vec![
                ("on", visit.on.to_string()),
                ("time", if times == "—" { String::new() } else { times }),
                ("contents", told(said.contents.as_ref())),
                ("signed", signed.to_owned()),
            ]
        });
        filled.rows("visits", visits.collect());
        let evaluated = log
            .evaluations()
            .map(|said| format!("{}：{}", said.on, told(said.plan.evaluated.as_ref())));
        filled.words("evaluation", evaluated.collect::<Vec<_>>().join("\n"));
        Some((self.school(), None))
    }
}

pub(super) fn name(name: Option<&Name>) -> &str {
    name.map_or("", |name| name.expose())
}

fn nation(ethnicity: &str) -> String {
    if ethnicity.ends_with('族') { ethnicity.to_owned() } else { format!("{ethnicity}族") }
}

fn visitors(visit: &Visit) -> String {
    let names: Vec<&str> = visit.visitors.iter().map(|visitor| visitor.name.as_str()).collect();
    names.join("、")
}

fn attempt(n: usize, visit: &Visit) -> Vec<(&'static str, String)> {
    vec![
        ("n", n.to_string()),
        ("who", visitors(visit)),
        ("when", visit.on.to_string()),
        ("met", visit.met.zh().to_owned()),
        ("record", format!("{}。{}", visit.found.zh(), visit.words)),
    ]
}

/// The words of the form's choices.
const fn returned_as(form: ReturnForm) -> &'static str {
    match form {
        ReturnForm::FormerClass => "原班",
        ReturnForm::OtherClass => "插班",
        ReturnForm::OwnClass => "编班",
        ReturnForm::Vocational => "普职融合",
        ReturnForm::SpecialSchool => "特教",
        ReturnForm::HomeTeaching => "送教",
    }
}

/// The checks after a return: those that were made, and the weekly ones that are still to be made.
fn follow_ups(case: &Case, back: NaiveDate) -> Vec<Vec<(&'static str, String)>> {
    let due = |n: u64| {
        let days = if n <= WEEKLY { n * 7 } else { WEEKLY * 7 + (n - WEEKLY) * 30 };
        back.checked_add_days(chrono::Days::new(days)).map(|day| day.to_string())
    };
    let made = case.checks.iter().map(|check| {
        let result = if check.what.1 { "在校" } else { "不在校" };
        (check.what.0.to_string(), check.by.clone(), result)
    });
    let mut made = made.fuse();
    let n = u64::try_from(case.checks.len()).unwrap_or(u64::MAX).max(WEEKLY);
    let row = |n: u64| {
        let (on, who, result) = made.next().unwrap_or_default();
        vec![
            ("due", due(n).unwrap_or_default()),
            ("on", on),
            ("who", who),
            ("result", result.to_owned()),
        ]
    };
    (1..=n).map(row).collect()
}

/// A cause as a paper has it: the sealed one stands among the others, so that nobody sees that there is one.
pub(super) const fn printed(cause: Cause) -> &'static str {
    let told = if matches!(cause, Cause::Offence) { Cause::Other } else { cause };
    told.zh()
}

/// Why the child is out of school: the coded cause, then the words of the plan.
pub(super) fn cause(case: &Case, plan: &Plan) -> String {
    let coded = case.cause.as_ref().map_or("", |cause| printed(cause.what));
    if coded.is_empty() { plan.analysis.clone() } else { format!("{coded}。{}", plan.analysis) }
}

/// The measures of the plan with what became of each.
pub(super) fn planned(case: &Case, plan: &Noted<Plan>) -> Vec<Vec<(&'static str, String)>> {
    let review = case.plan_review();
    let rows = (0_u8..).zip(&plan.what.measures).map(|(at, measure)| {
        let result = match review {
            Some(review) if review.what.done.contains(&at) => "已落实",
            Some(_) => "未落实",
            None => "",
        };
        vec![
            ("kind", measure.kind.zh().to_owned()),
            ("what", measure.what.clone()),
            ("who", measure.who.clone()),
            ("by", measure.by.to_string()),
            ("result", result.to_owned()),
        ]
    });
    rows.collect()
}

fn measures(case: &Case) -> Vec<String> {
    let measures = case.plan().into_iter().flat_map(|plan| &plan.what.measures);
    let line = |m: &baoxue_act::Measure| format!("{}：{}（{}）", m.kind.zh(), m.what, m.who);
    measures.map(line).collect()
}

fn closing(case: &Case) -> String {
    let Some(over) = &case.over else { return String::new() };
    let how = match over.what {
        Over::Closed => "证据齐全，经第二人审核销号",
        Over::Ended(how) => how.zh(),
    };
    format!("{} {how}", over.at.date())
}
