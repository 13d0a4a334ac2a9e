//! What each source says about a child: made from its story, read by the writers of the files.

mod report;
mod survey;

use chrono::{Days, NaiveDate};

use super::{
    calendar::Calendar,
    chance::Chance,
    people::{Child, Household},
    place::{self, Geography},
    story::Story,
    style::TownStyle,
};

/// All that the files will show about one child, the police register and the poverty register aside.
#[derive(Clone, Debug, Default)]
pub(super) struct Evidence {
    pub(super) rolls: Vec<Roll>,
    pub(super) surveys: Vec<Survey>,
    pub(super) ledger: Option<Ledger>,
    pub(super) disability: Option<Disability>,
    pub(super) absences: Vec<Absence>,
    pub(super) finding: Option<Finding>,
    pub(super) tip: Option<String>,
    pub(super) certificate: Option<Paper>,
    pub(super) leave: Option<Leave>,
    pub(super) deferral: Option<Deferral>,
    pub(super) exit: Option<Exit>,
}

/// A row of the student registry.
#[derive(Clone, Debug)]
pub(super) struct Roll {
    pub(super) school: usize,
    pub(super) grade: i32,
    pub(super) status: RollStatus,
    pub(super) on: Option<NaiveDate>,
    pub(super) to: Option<String>,
    pub(super) mode: &'static str,
}

/// What the registry says of a pupil, with the kind of change where there was one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RollStatus {
    Present,
    ArrivedFromCounty,
    Suspended,
    LeftForCounty,
    LeftForProvince,
    LeftForElsewhere,
    LeftForAbroad,
    Graduated,
    OtherLeaving,
}

/// A row of a town's survey.
#[derive(Clone, Debug)]
pub(super) struct Survey {
    pub(super) town: usize,
    pub(super) text: String,
    /// School as the town writes it in a column of its own.
    pub(super) school: Option<String>,
    pub(super) in_school: bool,
    /// `lives_elsewhere`, `both_towns` or empty.
    pub(super) tag: &'static str,
}

/// A row of a town's ledger of children out of school.
#[derive(Clone, Debug)]
pub(super) struct Ledger {
    pub(super) school: String,
    pub(super) since: String,
    pub(super) why: &'static str,
}

/// A certificate of disability.
#[derive(Clone, Debug)]
pub(super) struct Disability {
    /// Index into the categories of GB/T 26341, from 0.
    pub(super) category: usize,
    pub(super) grade: u8,
    pub(super) in_school: &'static str,
}

/// A row of a school's monthly report.
#[derive(Clone, Debug)]
pub(super) struct Absence {
    pub(super) month: usize,
    pub(super) school: usize,
    pub(super) from: NaiveDate,
    pub(super) days: i64,
    pub(super) cause: &'static str,
    pub(super) returned: String,
}

/// A finding of the city inspection.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) how: &'static str,
    pub(super) text: &'static str,
    pub(super) verdict: &'static str,
    pub(super) due: bool,
}

/// A certificate of study elsewhere.
#[derive(Clone, Debug)]
pub(super) struct Paper {
    pub(super) place: &'static str,
    pub(super) school: String,
    pub(super) sound: bool,
}

/// Approved suspension or sick leave.
#[derive(Clone, Debug)]
pub(super) struct Leave {
    pub(super) sick: bool,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) diagnosis: &'static str,
}

/// A request to enter school later or never.
#[derive(Clone, Debug)]
pub(super) struct Deferral {
    pub(super) exempt: bool,
    pub(super) diagnosis: &'static str,
    pub(super) granted: bool,
}

/// A departure in the lists of the police.
#[derive(Clone, Debug)]
pub(super) enum Exit {
    Dead(NaiveDate),
    Abroad(&'static str, NaiveDate),
    Moved(String, NaiveDate),
}

const SICK: [&str; 8] =
    ["骨折", "胃溃疡", "肾病综合征", "哮喘", "抑郁症", "阑尾炎术后", "急性肾炎", "心肌炎"];
const GRAVE: [&str; 4] = ["严重先天性心脏病", "恶性肿瘤化疗期", "尿毒症透析", "白血病"];
const MAIMED: [&str; 4] = ["重度智力残疾", "多重残疾", "重度智力残疾(壹级)", "脑瘫,肢体残疾一级"];

/// Tells the evidence of every child.
#[derive(Debug)]
pub(super) struct Teller<'a> {
    pub(super) geography: &'a Geography,
    pub(super) calendar: &'a Calendar,
    pub(super) towns: &'a [TownStyle],
    pub(super) chance: Chance,
}

impl Teller<'_> {
    /// The evidence about one child; nothing in it depends on any other child but its household.
    pub(super) fn tell(&mut self, child: &Child, household: &Household) -> Evidence {
        let mut evidence = Evidence::default();
        self.rolls(child, household, &mut evidence);
        self.papers(child, &mut evidence);
        self.reports(child, household, &mut evidence);
        self.survey(child, household, &mut evidence);
        if child.seed.is_some() && child.story != Story::InspectionFound {
            evidence.ledger = Some(self.ledger(child, household, &evidence));
        }
        evidence
    }

    fn school(&mut self, child: &Child, household: &Household, grade: i32) -> usize {
        let town = child.lives_in.unwrap_or(household.town);
        self.geography.draw_school(town, grade, &mut self.chance)
    }

    fn rolls(&mut self, child: &Child, household: &Household, evidence: &mut Evidence) {
        let (status, grade, on) = match kept(child.story) {
            Kept::Nothing => return,
            Kept::Dead if self.chance.hit(0.6) => return,
            Kept::HomeTeaching => return self.home_teaching(child, household, evidence),
            Kept::Arrived => return self.transferred_in(child, household, evidence),
            Kept::Gone => return self.gone(child, household, evidence),
            Kept::LongGone => return self.long_gone(child, household, evidence),
            Kept::Present | Kept::Dead => (RollStatus::Present, child.grade.clamp(1, 9), None),
            Kept::Graduated => {
                let year = self.calendar.year + i32::from(child.grade == 9);
                (RollStatus::Graduated, 9, NaiveDate::from_ymd_opt(year, 6, 30))
            }
            Kept::Suspended => {
                let valid = child.story == Story::ValidSuspension;
                let (low, high) = if valid { (90, 240) } else { (520, 560) };
                (RollStatus::Suspended, child.grade, Some(self.ago(low, high)))
            }
            Kept::Unreceived => {
                (RollStatus::LeftForProvince, child.grade, Some(self.ago(280, 340)))
            }
            Kept::OnlyPrimary => (RollStatus::Graduated, 6, self.end_of_primary(child)),
            Kept::SentAway => {
                (RollStatus::OtherLeaving, (child.grade - 1).max(1), Some(self.ago(500, 540)))
            }
        };
        let school = self.school(child, household, grade);
        let mode = self.chance.word(&["走读", "住校"]);
        let roll = Roll { school, grade, status, on, to: None, mode };
        if child.faults.old_transfer {
            self.old_transfer(child, household, &roll, evidence);
        }
        if child.faults.old_primary {
            let school = self.school(child, household, 6);
            let (status, on) = (RollStatus::Graduated, self.end_of_primary(child));
            evidence.rolls.push(Roll { school, grade: 6, status, on, to: None, mode });
        }
        evidence.rolls.push(roll);
    }

    fn ago(&mut self, low: i64, high: i64) -> NaiveDate {
        self.calendar.days_before(self.chance.between(low, high))
    }

    /// The July in which a child of the junior grades finished primary school.
    fn end_of_primary(&self, child: &Child) -> Option<NaiveDate> {
        NaiveDate::from_ymd_opt(self.calendar.year - (child.grade - 7), 7, 5)
    }

    fn home_teaching(&mut self, child: &Child, household: &Household, evidence: &mut Evidence) {
        let school = if self.chance.hit(0.5) {
            self.geography.special()
        } else {
            self.school(child, household, child.grade)
        };
        let (grade, status) = (child.grade, RollStatus::Present);
        evidence
            .rolls
            .push(Roll { school, grade, status, on: None, to: None, mode: "送教上门" });
    }

    /// A pupil who left one school of the county in winter and is on the roll of another.
    fn transferred_in(&mut self, child: &Child, household: &Household, evidence: &mut Evidence) {
        let school = self.school(child, household, child.grade);
        let on = NaiveDate::from_ymd_opt(self.calendar.year + 1, 2, 25);
        let (grade, status) = (child.grade, RollStatus::ArrivedFromCounty);
        let roll = Roll { school, grade, status, on, to: None, mode: "走读" };
        self.old_transfer(child, household, &roll, evidence);
        evidence.rolls.push(roll);
    }

    /// The row that the school before left behind.
    fn old_transfer(
        &mut self,
        child: &Child,
        household: &Household,
        now: &Roll,
        evidence: &mut Evidence,
    ) {
        let elsewhere = (household.town + 1) % self.geography.places.len();
        let mut school = self.geography.draw_school(elsewhere, now.grade, &mut self.chance);
        if school == now.school {
            school = self.school(child, household, now.grade);
        }
        if school == now.school {
            return;
        }
        let on = now.on.or_else(|| Some(self.calendar.days_before(self.chance.between(250, 900))));
        evidence.rolls.push(Roll {
            school,
            grade: now.grade,
            status: RollStatus::LeftForCounty,
            on,
            to: Some(self.geography.schools[now.school].name.clone()),
            mode: now.mode,
        });
    }

    fn gone(&mut self, child: &Child, household: &Household, evidence: &mut Evidence) {
        let (_, school) = place::outside_school(child.grade, &mut self.chance);
        let (status, to, likely) = if child.story == Story::Abroad {
            (RollStatus::LeftForAbroad, None, 0.5)
        } else if child.story == Story::MovedOut {
            (RollStatus::LeftForElsewhere, None, 0.4)
        } else {
            let likely = if child.story == Story::Transfer { 1.0 } else { 0.18 };
            (RollStatus::LeftForElsewhere, Some(school), likely)
        };
        let left_grade = child.grade - 1;
        if left_grade < 1 || !self.chance.hit(likely) {
            return;
        }
        let on = Some(self.calendar.days_before(self.chance.between(380, 560)));
        let school = self.school(child, household, left_grade);
        evidence.rolls.push(Roll { school, grade: left_grade, status, on, to, mode: "走读" });
    }

    /// A transfer of years ago to a school far away, from which the child has come back.
    fn long_gone(&mut self, child: &Child, household: &Household, evidence: &mut Evidence) {
        let grade = (child.grade - 3).max(1);
        let school = self.school(child, household, grade);
        let to = Some(place::outside_school(grade, &mut self.chance).1);
        let on = Some(self.calendar.days_before(self.chance.between(1_150, 1_290)));
        let status = RollStatus::LeftForElsewhere;
        evidence.rolls.push(Roll { school, grade, status, on, to, mode: "走读" });
    }

    fn papers(&mut self, child: &Child, evidence: &mut Evidence) {
        let story = child.story;
        let is = |stories: &[Story]| stories.contains(&story);
        if is(&[Story::Certificate, Story::CertificateOverAbsence, Story::UnverifiedPaper]) {
            self.certificate(child, evidence);
        }
        let paper = child.seed.is_some() || self.chance.hit(0.6);
        if story == Story::ExpiredSuspension || (story == Story::ValidSuspension && paper) {
            self.suspension_paper(evidence);
        }
        if story == Story::SickLeave {
            let from = self.calendar.days_before(self.chance.between(90, 110));
            let to = self.calendar.as_of.checked_add_days(Days::new(6)).unwrap_or(from);
            let diagnosis = self.chance.word(&SICK);
            evidence.leave = Some(Leave { sick: true, from, to, diagnosis });
        }
        if is(&[Story::Deferral, Story::Medical, Story::RefusedDeferral]) {
            let (exempt, granted) = (story == Story::Medical, story != Story::RefusedDeferral);
            let list = if exempt { &GRAVE } else { &MAIMED };
            let diagnosis = if granted { self.chance.word(list) } else { "轻度近视" };
            evidence.deferral = Some(Deferral { exempt, diagnosis, granted });
        }
        if is(&[Story::Dead, Story::Abroad, Story::MovedOut]) {
            evidence.exit = Some(self.exit(story));
        }
        evidence.disability = self.disability(story);
    }

    fn exit(&mut self, story: Story) -> Exit {
        let on = self.calendar.days_before(self.chance.between(45, 220));
        if story == Story::Dead {
            return Exit::Dead(on);
        }
        if story == Story::Abroad {
            return Exit::Abroad(place::country(&mut self.chance), on);
        }
        Exit::Moved(place::outside_school(1, &mut self.chance).0.to_owned(), on)
    }

    fn disability(&mut self, story: Story) -> Option<Disability> {
        let (grade, in_school, likely) = if story == Story::Deferral {
            (1, "否", 1.0)
        } else if story == Story::HomeTeaching {
            (1, "是", 1.0)
        } else if story == Story::RefusedDisabled {
            (2, "否", 1.0)
        } else if story == Story::DisabledNoService {
            (1, "否", 0.6)
        } else if story == Story::Pupil {
            (3, "是", 0.008)
        } else {
            return None;
        };
        let category = self.chance.below(7);
        self.chance.hit(likely).then_some(Disability { category, grade, in_school })
    }

    fn certificate(&mut self, child: &Child, evidence: &mut Evidence) {
        let known = evidence.rolls.iter().find_map(|roll| roll.to.clone());
        let (place, school) = place::outside_school(child.grade, &mut self.chance);
        let (place, school) = match known {
            Some(known) => (place_of(&known).unwrap_or(place), known),
            None => (place, school),
        };
        let sound = child.story != Story::UnverifiedPaper;
        evidence.certificate = Some(Paper { place, school, sound });
    }

    fn suspension_paper(&mut self, evidence: &mut Evidence) {
        let from = evidence.rolls.first().and_then(|roll| roll.on).unwrap_or(self.calendar.as_of);
        let to = from.checked_add_days(Days::new(364)).unwrap_or(from);
        let diagnosis = self.chance.word(&SICK);
        evidence.leave = Some(Leave { sick: false, from, to, diagnosis });
    }
}

/// What the registry keeps of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kept {
    Nothing,
    Present,
    /// Dead, and perhaps still on the roll.
    Dead,
    HomeTeaching,
    Arrived,
    Gone,
    LongGone,
    Graduated,
    Suspended,
    Unreceived,
    OnlyPrimary,
    SentAway,
}

fn kept(story: Story) -> Kept {
    match story {
        Story::EarlyEntry
        | Story::Pupil
        | Story::HiddenAbsence
        | Story::HiddenSaidIn
        | Story::TippedOff
        | Story::AbsentWeeks
        | Story::SickLeave
        | Story::TownOutRegistryIn
        | Story::TipUnfounded
        | Story::InspectionCleared
        | Story::ReturnedByReport
        | Story::ReturnedByTown
        | Story::ShortAbsence
        | Story::CertificateOverAbsence
        | Story::RefusedDeferral
        | Story::KeptOnRoll
        | Story::ChildLabour
        | Story::InspectionFound
        | Story::Unexplained => Kept::Present,
        Story::UnderAge
        | Story::EntersNext
        | Story::OverAge
        | Story::NamedSchool
        | Story::Deferral
        | Story::Medical
        | Story::NoSuchPerson
        | Story::Duplicate
        | Story::UnverifiedPaper
        | Story::NoEvidence
        | Story::NeverEnrolled
        | Story::DisabledNoService
        | Story::NoHousehold => Kept::Nothing,
        Story::Dead => Kept::Dead,
        Story::HomeTeaching => Kept::HomeTeaching,
        Story::TransferredIn => Kept::Arrived,
        Story::Certificate | Story::Transfer | Story::Abroad | Story::MovedOut => Kept::Gone,
        Story::RefusedNoRegistry => Kept::LongGone,
        Story::Graduate => Kept::Graduated,
        Story::ExpiredSuspension | Story::ValidSuspension => Kept::Suspended,
        Story::TransferNotReceived => Kept::Unreceived,
        Story::NotPromoted => Kept::OnlyPrimary,
        Story::RefusedDisabled => Kept::SentAway,
    }
}

/// The place that a school's name begins with.
fn place_of(school: &str) -> Option<&'static str> {
    place::places().iter().copied().find(|place| school.starts_with(place))
}
