//! What towns write about a child: the survey rows and the ledger of children out of school.

use chrono::Datelike;

use super::{
    super::{
        people::{Child, Household},
        place,
        story::Story,
        words::Say,
    },
    Evidence, Ledger, RollStatus, Survey, Teller,
};

/// What the town of a child writes for each story, and how often a row is there, in hundredths. Stories with several
/// habits stand several times; one of them is drawn.
const SAID: &[(Story, Say, usize)] = &[
    (Story::EntersNext, Say::Kindergarten, 92),
    (Story::EarlyEntry, Say::InSchool, 95),
    (Story::Pupil, Say::InSchool, 93),
    (Story::Graduate, Say::Graduated, 93),
    (Story::Graduate, Say::InSchool, 93),
    (Story::Certificate, Say::Elsewhere, 98),
    (Story::Certificate, Say::Elsewhere, 98),
    (Story::Certificate, Say::ElsewhereVague, 98),
    (Story::Certificate, Say::WentAway, 98),
    (Story::Transfer, Say::Elsewhere, 97),
    (Story::Transfer, Say::ElsewhereVague, 97),
    (Story::NamedSchool, Say::Elsewhere, 100),
    (Story::HiddenAbsence, Say::Averse, 100),
    (Story::HiddenAbsence, Say::OnLeave, 100),
    (Story::HiddenSaidIn, Say::InSchool, 100),
    (Story::TippedOff, Say::InSchool, 100),
    (Story::TippedOff, Say::OnLeave, 100),
    (Story::AbsentWeeks, Say::InSchool, 85),
    (Story::ExpiredSuspension, Say::SuspensionOver, 100),
    (Story::ExpiredSuspension, Say::NotInSchool, 100),
    (Story::ValidSuspension, Say::Suspended, 95),
    (Story::SickLeave, Say::SickLeave, 100),
    (Story::Deferral, Say::Disabled, 95),
    (Story::Medical, Say::Sick, 95),
    (Story::HomeTeaching, Say::HomeTeaching, 95),
    (Story::NoSuchPerson, Say::NoSuchPerson, 100),
    (Story::Duplicate, Say::Duplicate, 55),
    (Story::Dead, Say::Dead, 60),
    (Story::Abroad, Say::Abroad, 70),
    (Story::MovedOut, Say::MovedAway, 80),
    (Story::TownOutRegistryIn, Say::Out, 100),
    (Story::UnverifiedPaper, Say::OutWithPaper, 100),
    (Story::NoEvidence, Say::Lost, 65),
    (Story::NoEvidence, Say::WentAway, 65),
    (Story::TipUnfounded, Say::InSchool, 100),
    (Story::InspectionCleared, Say::Out, 100),
    (Story::ReturnedByReport, Say::InSchool, 100),
    (Story::ReturnedByTown, Say::Back, 100),
    (Story::TransferredIn, Say::Transferred, 100),
    (Story::ShortAbsence, Say::InSchool, 100),
    (Story::CertificateOverAbsence, Say::WentAway, 100),
    (Story::RefusedDeferral, Say::InSchool, 100),
    (Story::NeverEnrolled, Say::Never, 100),
    (Story::DisabledNoService, Say::NeverDisabled, 100),
    (Story::NoHousehold, Say::NeverUnregistered, 100),
    (Story::TransferNotReceived, Say::TransferFailed, 100),
    (Story::NotPromoted, Say::NotPromoted, 100),
    (Story::RefusedDisabled, Say::Refused, 100),
    (Story::KeptOnRoll, Say::Averse, 100),
    (Story::RefusedNoRegistry, Say::NoRegistry, 100),
    (Story::ChildLabour, Say::Labour, 100),
    (Story::InspectionFound, Say::InSchool, 100),
    (Story::Unexplained, Say::NotInSchool, 100),
];

/// Why a child is on the ledger, and since when in years and months before the school year's end.
const LEDGER: &[(Story, &str)] = &[
    (Story::Deferral, "残疾,生活不能自理"),
    (Story::Certificate, "随父母外出"),
    (Story::Graduate, "初中毕业,未上高中"),
    (Story::ValidSuspension, "疾病"),
    (Story::ExpiredSuspension, "厌学"),
    (Story::TransferNotReceived, "转学手续未办结"),
    (Story::NotPromoted, "小升初未衔接"),
    (Story::RefusedDisabled, "残疾,未安排送教上门"),
    (Story::KeptOnRoll, "厌学"),
    (Story::RefusedNoRegistry, "无学籍未接收"),
    (Story::ChildLabour, "外出打工"),
];

impl Teller<'_> {
    pub(super) fn survey(&mut self, child: &Child, household: &Household, evidence: &mut Evidence) {
        // Towns list who was in school age this year or will be next.
        if !(0..=9).contains(&child.grade) && child.seed.is_none() {
            return;
        }
        let Some(say) = self.said(child) else { return };
        let Some(town) = child.lives_in else {
            let text = self.text(say, child, (household, household.town), evidence);
            evidence.surveys.push(self.row(child, household.town, text, evidence));
            return;
        };
        let text = self.text(say, child, (household, town), evidence);
        let mut row = self.row(child, town, text, evidence);
        row.tag = "lives_elsewhere";
        evidence.surveys.push(row);
        if self.chance.hit(0.4) {
            let say =
                if self.geography.places[town].street { Say::InTheSeat } else { Say::InSchool };
            let text = self.text(say, child, (household, household.town), evidence);
            let mut row = self.row(child, household.town, text, evidence);
            row.tag = "both_towns";
            evidence.surveys.push(row);
        }
    }

    fn said(&mut self, child: &Child) -> Option<Say> {
        if child.seed == Some(2) {
            return Some(Say::NotInSchool);
        }
        if child.seed == Some(1) {
            return Some(Say::WentAway);
        }
        let choices: Vec<_> = SAID.iter().filter(|(story, _, _)| *story == child.story).collect();
        if choices.is_empty() {
            return None;
        }
        let (_, say, often) = **self.chance.pick(&choices);
        let often = if child.seed.is_some() { 100 } else { often };
        let often = if child.outside.is_some() { 25 } else { often };
        (self.chance.below(100) < often).then_some(say)
    }

    /// The words, with school, grade, place and year filled in.
    fn text(
        &mut self,
        say: Say,
        child: &Child,
        (household, town): (&Household, usize),
        evidence: &Evidence,
    ) -> String {
        let style = &self.towns[town];
        let template = style.habit.say(say, &mut self.chance);
        let grade = style.grade(child.grade.max(1), &mut self.chance);
        let school = if say == Say::Elsewhere {
            self.outside_school(child, evidence)
        } else {
            self.local_school(child, household, evidence)
        };
        let place = if say == Say::Duplicate {
            self.other_registration(household)
        } else {
            evidence.certificate.as_ref().map_or_else(
                || place::outside_school(1, &mut self.chance).0.to_owned(),
                |paper| paper.place.to_owned(),
            )
        };
        let year = self.calendar.as_of.year().to_string();
        template
            .replace("{校}", &school)
            .replace("{级}", &grade)
            .replace("{地}", &place)
            .replace("{年}", &year)
    }

    fn outside_school(&mut self, child: &Child, evidence: &Evidence) -> String {
        let paper = evidence.certificate.as_ref().map(|paper| paper.school.clone());
        let known = paper.or_else(|| evidence.rolls.iter().find_map(|roll| roll.to.clone()));
        known.unwrap_or_else(|| place::outside_school(child.grade, &mut self.chance).1)
    }

    fn local_school(
        &mut self,
        child: &Child,
        household: &Household,
        evidence: &Evidence,
    ) -> String {
        let live = evidence.rolls.iter().rev().find(|roll| {
            matches!(roll.status, RollStatus::Present | RollStatus::ArrivedFromCounty)
        });
        let at = match live {
            Some(roll) => roll.school,
            None => self.geography.draw_school(
                child.lives_in.unwrap_or(household.town),
                child.grade.clamp(1, 9),
                &mut self.chance,
            ),
        };
        let school = &self.geography.schools[at];
        if self.chance.hit(0.5) { school.short.clone() } else { school.name.clone() }
    }

    fn other_registration(&mut self, household: &Household) -> String {
        let town = (household.town + 1) % self.geography.places.len();
        let place = &self.geography.places[town];
        format!("{}{}", place.town.name, self.chance.pick(&place.villages).name)
    }

    fn row(&mut self, child: &Child, town: usize, text: String, evidence: &Evidence) -> Survey {
        let live = evidence.rolls.iter().rev().find(|roll| {
            matches!(roll.status, RollStatus::Present | RollStatus::ArrivedFromCounty)
        });
        let in_school = live.is_some() && says_in_school(child.story);
        let school = live.filter(|_| in_school).map(|roll| {
            let school = &self.geography.schools[roll.school];
            if self.chance.hit(0.5) { school.short.clone() } else { school.name.clone() }
        });
        Survey { town, text, school, in_school, tag: "" }
    }

    pub(super) fn ledger(
        &mut self,
        child: &Child,
        household: &Household,
        evidence: &Evidence,
    ) -> Ledger {
        let why = LEDGER.iter().find(|(of, _)| *of == child.story).map_or("", |(_, why)| why);
        let absent = evidence.absences.first().map(|absence| absence.from);
        let left = evidence.rolls.last().and_then(|roll| roll.on);
        let since = match (child.story, absent.or(left)) {
            (Story::Deferral, _) => "未入学".to_owned(),
            (Story::Unexplained, _) | (_, None) => String::new(),
            (_, Some(on)) => format!("{}年{}月", on.year(), on.month()),
        };
        let school = evidence.rolls.last().map(|roll| roll.school);
        let town = household.town;
        let school = school.unwrap_or_else(|| {
            self.geography.draw_school(town, child.grade.clamp(1, 9), &mut self.chance)
        });
        Ledger { school: self.geography.schools[school].name.clone(), since, why }
    }
}

/// Whether the town fills the columns for school and grade.
fn says_in_school(story: Story) -> bool {
    SAID.iter().any(|(of, say, _)| *of == story && *say == Say::InSchool)
        || story == Story::ReturnedByTown
        || story == Story::TransferredIn
}
