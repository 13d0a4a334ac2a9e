//! What schools, the inspection and the public report about a child.

use chrono::{Datelike, Days, NaiveDate};

use super::{
    super::{
        people::{Child, Household},
        story::Story,
    },
    Absence, Evidence, Finding, Teller,
};

const CAUSES: [&str; 6] = ["厌学", "外出务工", "原因不详", "家庭变故", "随家长外出", "未请假"];
const WORK: [&str; 4] = ["在镇上洗车店打工", "在网吧打工", "在饭馆端盘子", "在家带弟弟"];

impl Teller<'_> {
    pub(super) fn reports(
        &mut self,
        child: &Child,
        household: &Household,
        evidence: &mut Evidence,
    ) {
        self.absences(child, evidence);
        evidence.finding = finding(child);
        if matches!(child.story, Story::TippedOff | Story::TipUnfounded) {
            evidence.tip = Some(self.tip(child, household));
        }
    }

    fn absences(&mut self, child: &Child, evidence: &mut Evidence) {
        let last = self.calendar.months[2];
        let (low, high) = match absence_days(child.story) {
            Some(range) => range,
            None if child.story == Story::TransferredIn => {
                return self.never_reported_at_the_new_school(evidence);
            }
            None => return,
        };
        let Some(school) = evidence.rolls.last().map(|roll| roll.school) else { return };
        let cause = self.cause(child.story);
        let missed = self.chance.between(low, high);
        let from = last.checked_sub_days(Days::new(missed.unsigned_abs())).unwrap_or(last);
        if let Some(leave) = evidence.leave.as_mut().filter(|leave| leave.sick) {
            leave.from = from;
        }
        for month in 0..3 {
            let closing = self.calendar.months[month];
            let days = (closing - from).num_days();
            // Schools report from the third day on; a child away for months is in every report.
            if days < 3 && month < 2 {
                continue;
            }
            let back = month == 2 && child.story == Story::ReturnedByReport;
            let returned = if back { self.came_back(closing) } else { not_back(month) };
            evidence.absences.push(Absence { month, school, from, days, cause, returned });
        }
    }

    fn cause(&mut self, story: Story) -> &'static str {
        const GIVEN: [(Story, &[&str]); 6] = [
            (Story::SickLeave, &["生病"]),
            (Story::KeptOnRoll, &["厌学"]),
            (Story::ChildLabour, &["外出务工"]),
            (Story::Unexplained, &["原因不详"]),
            (Story::ShortAbsence, &["感冒", "家中有事", "走亲戚"]),
            (Story::AbsentWeeks, &["随家长外出", "原因不详", "家中有事"]),
        ];
        let given = GIVEN.iter().find(|(of, _)| *of == story).map_or(CAUSES.as_slice(), |(_, c)| c);
        self.chance.word(given)
    }

    fn came_back(&mut self, closing: NaiveDate) -> String {
        let on = closing.checked_sub_days(Days::new(16)).unwrap_or(closing);
        let texts = [
            format!("是,{}月{}日已返校", on.month(), on.day()),
            "已返校".to_owned(),
            format!("是({}.{}返校)", on.month(), on.day()),
        ];
        self.chance.pick(&texts).clone()
    }

    /// The new school missed the pupil at the beginning of term; later reports do not name it any more.
    fn never_reported_at_the_new_school(&mut self, evidence: &mut Evidence) {
        let Some(roll) = evidence.rolls.last() else { return };
        let closing = self.calendar.months[0];
        let from = roll.on.filter(|on| *on < closing).unwrap_or(closing - Days::new(40));
        let days = (closing - from).num_days();
        let (school, cause, returned) = (roll.school, "未报到", String::new());
        evidence.absences.push(Absence { month: 0, school, from, days, cause, returned });
    }

    fn tip(&mut self, child: &Child, household: &Household) -> String {
        let place = &self.geography.places[household.town];
        let village = &place.villages[household.village].name;
        let age = self.calendar.as_of.year() - child.birth.year();
        let (name, work) = (&child.name, self.chance.word(&WORK));
        if child.story == Story::TippedOff {
            return format!("{village}的{name},{age}岁左右,好几个月没上学了,{work},请查一下。");
        }
        format!("反映{village}{name}{work},看着才{age}岁,怕是没上学了。\n请教育局核实")
    }
}

/// Days of absence by the last report, low and high; `None` for a child in no report.
fn absence_days(story: Story) -> Option<(i64, i64)> {
    const DAYS: [(Story, i64, i64); 11] = [
        (Story::HiddenAbsence, 38, 100),
        (Story::HiddenSaidIn, 38, 100),
        (Story::TippedOff, 38, 100),
        (Story::AbsentWeeks, 9, 27),
        (Story::SickLeave, 40, 66),
        (Story::ReturnedByReport, 45, 80),
        (Story::CertificateOverAbsence, 45, 80),
        (Story::ShortAbsence, 3, 5),
        (Story::KeptOnRoll, 90, 125),
        (Story::ChildLabour, 90, 125),
        (Story::Unexplained, 60, 75),
    ];
    DAYS.iter().find(|(of, _, _)| *of == story).map(|(_, low, high)| (*low, *high))
}

/// Earlier reports say no, the last one often leaves the cell empty.
fn not_back(month: usize) -> String {
    if month < 2 { "否".to_owned() } else { String::new() }
}

fn finding(child: &Child) -> Option<Finding> {
    if child.story == Story::InspectionFound {
        return Some(Finding {
            how: "入户走访",
            text: "入户见到学生本人,自述春节后未再到校,已离校4个多月",
            verdict: "辍学(漏报)",
            due: true,
        });
    }
    if child.story == Story::InspectionCleared {
        return Some(Finding {
            how: "到校核查",
            text: "到校核实,学生本人在班,出勤记录完整,镇办误报",
            verdict: "在校(误报)",
            due: false,
        });
    }
    child.faults.inspected.then_some(Finding {
        how: "电话核查",
        text: "随机抽查,在校属实",
        verdict: "在校",
        due: false,
    })
}
