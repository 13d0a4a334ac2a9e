//! What happens to each child, and what a perfect reader of the files would conclude from it.

use super::{
    calendar::Calendar,
    chance::Chance,
    people::{Child, Household},
};

/// One fate. The evidence that the files show is made from it, and so is the expected verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Story {
    UnderAge,
    EntersNext,
    /// Born after the cut-off, on a roll already.
    EarlyEntry,
    #[default]
    Pupil,
    Graduate,
    OverAge,
    Certificate,
    Transfer,
    NamedSchool,
    /// Long absent by the school's report; the town writes nothing clear.
    HiddenAbsence,
    /// Long absent; the town writes that the child is in school.
    HiddenSaidIn,
    TippedOff,
    AbsentWeeks,
    ExpiredSuspension,
    ValidSuspension,
    SickLeave,
    Deferral,
    Medical,
    HomeTeaching,
    NoSuchPerson,
    Duplicate,
    Dead,
    Abroad,
    MovedOut,
    TownOutRegistryIn,
    UnverifiedPaper,
    /// Only the register, or only vague words.
    NoEvidence,
    TipUnfounded,
    InspectionCleared,
    ReturnedByReport,
    ReturnedByTown,
    TransferredIn,
    ShortAbsence,
    CertificateOverAbsence,
    RefusedDeferral,
    NeverEnrolled,
    DisabledNoService,
    NoHousehold,
    TransferNotReceived,
    NotPromoted,
    RefusedDisabled,
    KeptOnRoll,
    RefusedNoRegistry,
    ChildLabour,
    InspectionFound,
    Unexplained,
}

/// What is so about a child, as `truth/children.csv` says it.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    pub(super) code: &'static str,
    pub(super) reason: String,
    pub(super) acceptable: &'static str,
    pub(super) status: String,
    /// `1`, `0`, or empty where the question has no meaning.
    pub(super) in_school: &'static str,
    pub(super) decidable: bool,
    /// Which planted false accusation, if one.
    pub(super) accused: &'static str,
}

/// The order of one story: how often, for which grades.
struct Quota {
    story: Story,
    /// Children per 3,000.
    rate: f64,
    grades: (i32, i32),
}

const fn quota(story: Story, rate: f64, low: i32, high: i32) -> Quota {
    Quota { story, rate, grades: (low, high) }
}

const QUOTAS: [Quota; 38] = [
    quota(Story::Certificate, 142.0, 1, 9),
    quota(Story::Transfer, 50.0, 2, 9),
    quota(Story::NamedSchool, 14.0, 1, 9),
    quota(Story::EarlyEntry, 2.0, 0, 0),
    quota(Story::HiddenAbsence, 3.0, 4, 8),
    quota(Story::HiddenSaidIn, 3.0, 4, 8),
    quota(Story::TippedOff, 2.0, 5, 8),
    quota(Story::AbsentWeeks, 9.0, 2, 8),
    quota(Story::ExpiredSuspension, 2.0, 3, 8),
    quota(Story::ValidSuspension, 8.0, 2, 8),
    quota(Story::SickLeave, 2.0, 2, 8),
    quota(Story::Deferral, 4.0, 1, 6),
    quota(Story::Medical, 4.0, 1, 6),
    quota(Story::HomeTeaching, 6.0, 1, 8),
    quota(Story::NoSuchPerson, 4.0, 1, 9),
    quota(Story::Dead, 5.0, 2, 8),
    quota(Story::Abroad, 2.0, 2, 8),
    quota(Story::MovedOut, 3.0, 2, 8),
    quota(Story::TownOutRegistryIn, 6.0, 4, 8),
    quota(Story::UnverifiedPaper, 2.0, 2, 8),
    quota(Story::NoEvidence, 10.0, 1, 8),
    quota(Story::TipUnfounded, 2.0, 3, 8),
    quota(Story::InspectionCleared, 2.0, 3, 8),
    quota(Story::ReturnedByReport, 2.0, 4, 8),
    quota(Story::ReturnedByTown, 2.0, 4, 8),
    quota(Story::TransferredIn, 2.0, 4, 8),
    quota(Story::ShortAbsence, 2.0, 2, 8),
    quota(Story::CertificateOverAbsence, 2.0, 4, 8),
    quota(Story::RefusedDeferral, 1.0, 1, 3),
    quota(Story::NeverEnrolled, 2.0, 2, 8),
    quota(Story::DisabledNoService, 2.0, 2, 8),
    quota(Story::NoHousehold, 2.0, 2, 8),
    quota(Story::TransferNotReceived, 2.0, 5, 8),
    quota(Story::NotPromoted, 1.0, 7, 8),
    quota(Story::RefusedDisabled, 1.0, 3, 8),
    quota(Story::RefusedNoRegistry, 1.0, 4, 8),
    quota(Story::ChildLabour, 1.0, 7, 8),
    quota(Story::InspectionFound, 1.0, 5, 8),
];

/// The fourteen of the seed in order: story, grades, and the town counted from the fourth of the list.
const SEED: [(Story, (i32, i32), usize); 14] = [
    (Story::Deferral, (2, 5), 0),
    (Story::Certificate, (3, 8), 1),
    (Story::Graduate, (9, 10), 4),
    (Story::ValidSuspension, (3, 8), 6),
    (Story::ExpiredSuspension, (5, 8), 0),
    (Story::TransferNotReceived, (6, 8), 1),
    (Story::NotPromoted, (7, 7), 2),
    (Story::RefusedDisabled, (4, 8), 2),
    (Story::KeptOnRoll, (7, 8), 3),
    (Story::RefusedNoRegistry, (4, 8), 4),
    (Story::ChildLabour, (7, 8), 5),
    (Story::InspectionFound, (6, 8), 6),
    (Story::InspectionFound, (6, 8), 7),
    (Story::Unexplained, (5, 8), 8),
];

/// The class of one of the fourteen, by its position.
pub(super) fn seed_class(at: usize) -> &'static str {
    match at {
        0..=3 => "NOT_DROPOUT_BY_POLICY",
        4..=10 => "DROPOUT_MISHANDLED_POLICY",
        11 | 12 => "DROPOUT_FOUND_BY_CITY_INSPECTION",
        _ => "DROPOUT_UNEXPLAINED",
    }
}

impl Story {
    /// Whether the child is out of school: such stories stay away from the towns that report zero.
    pub(super) fn is_out(self) -> bool {
        matches!(self.plain().code, "DROPOUT" | "NEVER_ENROLLED")
    }

    fn plain(self) -> &'static Plain {
        PLAIN.iter().find(|plain| plain.story == self).unwrap_or(&PLAIN[0])
    }

    /// The story of a child of a grade about whom nothing is told.
    pub(super) fn ordinary(grade: i32, season_over: bool) -> Self {
        match grade {
            ..=-1 => Self::UnderAge,
            0 => Self::EntersNext,
            1..=8 => Self::Pupil,
            9 if !season_over => Self::Pupil,
            9 | 10 => Self::Graduate,
            11.. => Self::OverAge,
        }
    }
}

/// Gives every child its story: the fourteen first, then the quotas, the rest is ordinary.
pub(super) fn assign(
    children: &mut [Child],
    households: &[Household],
    calendar: &Calendar,
    (n_towns, chance): (usize, &mut Chance),
) {
    let mut pool = Pool::new(children, households, chance);
    for child in children.iter_mut() {
        child.story = Story::ordinary(child.grade, calendar.season_over);
    }
    let zero = if n_towns > 3 { 3 } else { 0 };
    for (at, (story, grades, offset)) in SEED.iter().enumerate() {
        let town = zero + offset % (n_towns - zero).max(1);
        if let Some(index) = pool.take(*grades, |t| t == town, chance) {
            children[index].story = *story;
            children[index].seed = Some(at);
        }
    }
    let scale = f64::from(u32::try_from(children.len()).unwrap_or(u32::MAX)) / 3_000.0;
    for quota in &QUOTAS {
        let mut open = quota.rate * scale;
        let mut first = true;
        while first || open >= 0.5 {
            let fits = |town: usize| !quota.story.is_out() || town >= zero;
            let Some(index) = pool.take(quota.grades, fits, chance) else { break };
            children[index].story = quota.story;
            open -= 1.0;
            first = false;
        }
    }
}

/// Children without a story, by grade 0 to 11, in random order.
struct Pool {
    grades: Vec<Vec<(usize, usize)>>,
}

impl Pool {
    fn new(children: &[Child], households: &[Household], chance: &mut Chance) -> Self {
        let mut grades = vec![Vec::new(); 12];
        for (at, child) in children.iter().enumerate() {
            let usable = child.registered && child.alias_of.is_none() && !child.twin;
            if let Some(bucket) = usize::try_from(child.grade).ok().and_then(|g| grades.get_mut(g))
                && usable
            {
                bucket.push((at, households[child.household].town));
            }
        }
        for bucket in &mut grades {
            chance.shuffle(bucket);
        }
        Self { grades }
    }

    fn take(
        &mut self,
        (low, high): (i32, i32),
        fits: impl Fn(usize) -> bool,
        chance: &mut Chance,
    ) -> Option<usize> {
        let mut grades: Vec<usize> =
            (low..=high).filter_map(|grade| usize::try_from(grade).ok()).collect();
        chance.shuffle(&mut grades);
        for grade in grades {
            let bucket = self.grades.get_mut(grade)?;
            if let Some(at) = bucket.iter().rposition(|(_, town)| fits(*town)) {
                return Some(bucket.swap_remove(at).0);
            }
        }
        None
    }
}

/// What a perfect reader of the files concludes about `child`.
pub(super) fn facts(child: &Child, calendar: &Calendar) -> Facts {
    let plain = child.story.plain();
    let left = if child.grade == 9 { calendar.year + 1 } else { calendar.year };
    let (mut reason, mut status) = (plain.reason.to_owned(), plain.status.to_owned());
    let mut in_school = plain.in_school;
    if child.story == Story::EntersNext {
        reason = format!("ENROL_SEPT_{}", calendar.year + 1);
    }
    if child.story == Story::Graduate {
        status = format!("{left}年初中毕业");
    }
    // What nobody's paper decides is so for some children and not for others.
    if child.story == Story::TownOutRegistryIn && !child.male {
        (status, in_school) = ("实际在校".to_owned(), "1");
    }
    if child.story == Story::NoEvidence && !child.male {
        in_school = "1";
    }
    Facts {
        code: plain.code,
        reason,
        acceptable: if child.seed.is_some() { "" } else { acceptable(child, plain) },
        status,
        in_school,
        decidable: plain.code != "CONFLICT",
        accused: plain.accused,
    }
}

/// Other codes that are no mistake, joined by `|`.
fn acceptable(child: &Child, plain: &'static Plain) -> &'static str {
    if child.story == Story::Duplicate && child.grade < 1 {
        return "ENROLLED_LOCAL|MERGED|MISSING|NOT_YET_OF_AGE";
    }
    if plain.acceptable.is_empty() && plain.code == "ENROLLED_ELSEWHERE" && child.grade == 9 {
        return "COMPLETED";
    }
    plain.acceptable
}

/// The part of [`Facts`] that is the same for every child of a story.
#[derive(Clone, Copy)]
struct Plain {
    story: Story,
    code: &'static str,
    reason: &'static str,
    status: &'static str,
    in_school: &'static str,
    acceptable: &'static str,
    accused: &'static str,
}

/// `[code, reason]`, `[status, in school]`, and codes that are acceptable too.
const fn plain(
    story: Story,
    [code, reason]: [&'static str; 2],
    [status, in_school]: [&'static str; 2],
    acceptable: &'static str,
) -> Plain {
    Plain { story, code, reason, status, in_school, acceptable, accused: "" }
}

/// A child in school or excused that some list names as missing; `kind` tells which way.
const fn accused(kind: &'static str, plain: Plain) -> Plain {
    Plain { accused: kind, ..plain }
}

const IN: &str = "ENROLLED_LOCAL";
const AWAY: &str = "ENROLLED_ELSEWHERE";
const OUT: &str = "DROPOUT";
const NEVER: &str = "NEVER_ENROLLED";
const WRONG: &str = "REGISTER_ERROR";
const LATER: &str = "NOT_YET_OF_AGE";
const PAUSED: &str = "SUSPENDED_WITH_APPROVAL";
const LEFT: &str = "EMIGRATED";

const PLAIN: [Plain; 46] = [
    plain(Story::UnderAge, [LATER, "UNDER_6"], ["未入学", ""], ""),
    plain(Story::EntersNext, [LATER, ""], ["未入学", ""], ""),
    plain(Story::EarlyEntry, [IN, "REGISTERED"], ["在读", "1"], "NOT_YET_OF_AGE"),
    plain(Story::Pupil, [IN, "REGISTERED"], ["在读", "1"], ""),
    plain(Story::Graduate, ["COMPLETED", "GRADUATED"], ["", ""], ""),
    plain(Story::OverAge, ["COMPLETED", "OVER_AGE"], ["已完成义务教育", ""], ""),
    plain(Story::Certificate, [AWAY, "CERTIFICATE"], ["区外就读", "1"], ""),
    plain(Story::Transfer, [AWAY, "TRANSFER_WITH_RECEIVING_SCHOOL"], ["区外就读", "1"], ""),
    plain(
        Story::NamedSchool,
        [AWAY, "NAMED_SCHOOL_UNVERIFIED"],
        ["区外就读", "1"],
        "CONFLICT|MISSING|SUSPECTED",
    ),
    plain(Story::HiddenAbsence, [OUT, "LONG_ABSENCE"], ["辍学未上报", "0"], ""),
    plain(Story::HiddenSaidIn, [OUT, "LONG_ABSENCE"], ["辍学未上报,镇办误填在校", "0"], "CONFLICT"),
    plain(Story::TippedOff, [OUT, "LONG_ABSENCE"], ["辍学,群众举报", "0"], "CONFLICT"),
    plain(Story::AbsentWeeks, ["SUSPECTED", "ABSENT_7_TO_30_DAYS"], ["缺课一周至一月", "0"], ""),
    plain(Story::ExpiredSuspension, [OUT, "EXPIRED_SUSPENSION"], ["休学期满未复学", "0"], ""),
    plain(Story::ValidSuspension, [PAUSED, "VALID_SUSPENSION"], ["休学", ""], ""),
    accused(
        "3",
        plain(Story::SickLeave, [PAUSED, "APPROVED_SICK_LEAVE"], ["病假", "1"], "ENROLLED_LOCAL"),
    ),
    plain(
        Story::Deferral,
        ["DISABILITY_DEFERRED", "APPROVED_DEFERRAL"],
        ["残疾缓学", ""],
        "EXEMPT_MEDICAL",
    ),
    plain(
        Story::Medical,
        ["EXEMPT_MEDICAL", "APPROVED_MEDICAL"],
        ["因病缓学/免学", ""],
        "DISABILITY_DEFERRED",
    ),
    plain(Story::HomeTeaching, ["HOME_TEACHING", "HOME_TEACHING"], ["送教上门", "1"], ""),
    plain(Story::NoSuchPerson, [WRONG, "NO_SUCH_PERSON"], ["户籍空挂,查无此人", ""], "MISSING"),
    plain(
        Story::Duplicate,
        [WRONG, "DUPLICATE_REGISTRATION"],
        ["重复户口", ""],
        "ENROLLED_LOCAL|MERGED|MISSING",
    ),
    plain(Story::Dead, ["DEAD", "DEATH_RECORD"], ["死亡", ""], ""),
    plain(Story::Abroad, [LEFT, "ABROAD"], ["出国", ""], "ENROLLED_ELSEWHERE"),
    plain(Story::MovedOut, [LEFT, "REGISTER_MOVED_OUT"], ["户籍迁出", ""], "ENROLLED_ELSEWHERE"),
    plain(
        Story::TownOutRegistryIn,
        ["CONFLICT", "TOWN_SAYS_OUT_REGISTRY_SAYS_IN"],
        ["实际辍学", "0"],
        "",
    ),
    plain(
        Story::UnverifiedPaper,
        ["CONFLICT", "UNVERIFIED_CERTIFICATE_VS_TOWN"],
        ["实际失学", "0"],
        "SUSPECTED",
    ),
    plain(Story::NoEvidence, ["MISSING", "NO_EVIDENCE"], ["去向不明", "0"], "CONFLICT|SUSPECTED"),
    accused("0", plain(Story::TipUnfounded, [IN, "TIPOFF_UNFOUNDED"], ["暑期在店里帮忙", "1"], "")),
    accused(
        "4",
        plain(Story::InspectionCleared, [IN, "INSPECTION_CLEARED"], ["镇办误报", "1"], ""),
    ),
    accused("1", plain(Story::ReturnedByReport, [IN, "RETURNED"], ["已劝返复学", "1"], "")),
    accused("5", plain(Story::ReturnedByTown, [IN, "RETURNED"], ["已劝返复学", "1"], "")),
    accused("6", plain(Story::TransferredIn, [IN, "TRANSFERRED_IN"], ["区内转学", "1"], "")),
    accused("7", plain(Story::ShortAbsence, [IN, "SHORT_ABSENCE"], ["短期请假", "1"], "")),
    accused(
        "2",
        plain(
            Story::CertificateOverAbsence,
            [AWAY, "CERTIFICATE_OVER_ABSENCE"],
            ["区外就读,学籍未转", "1"],
            "",
        ),
    ),
    plain(Story::RefusedDeferral, [IN, "REGISTERED"], ["在读", "1"], ""),
    plain(Story::NeverEnrolled, [NEVER, "NEVER_ENROLLED"], ["从未入学", "0"], ""),
    plain(
        Story::DisabledNoService,
        [NEVER, "DISABLED_NO_SERVICE"],
        ["残疾未入学且无缓学批准", "0"],
        "",
    ),
    plain(Story::NoHousehold, [NEVER, "NO_HOUSEHOLD_REGISTRATION"], ["无户口未入学", "0"], ""),
    plain(Story::TransferNotReceived, [OUT, "TRANSFER_NOT_RECEIVED"], ["转出后未入读", "0"], ""),
    plain(Story::NotPromoted, [OUT, "NOT_PROMOTED_TO_JUNIOR"], ["小学毕业未升初中", "0"], ""),
    plain(
        Story::RefusedDisabled,
        [OUT, "REFUSED_DISABLED_NO_HOME_TEACHING"],
        ["残疾儿童被劝退,未安排送教", "0"],
        "",
    ),
    plain(Story::KeptOnRoll, [OUT, "KEPT_ON_ROLL"], ["厌学离校,学籍空挂", "0"], ""),
    plain(
        Story::RefusedNoRegistry,
        [OUT, "REFUSED_NO_REGISTRY"],
        ["返乡后因无学籍未被接收", "0"],
        "",
    ),
    plain(Story::ChildLabour, [OUT, "CHILD_LABOUR"], ["外出务工", "0"], ""),
    plain(Story::InspectionFound, [OUT, "INSPECTION_FOUND"], ["离校,镇办学校均漏报", "0"], ""),
    plain(Story::Unexplained, [OUT, "UNEXPLAINED"], ["辍学,原因不明", "0"], ""),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_quota_has_facts_of_its_own() {
        for quota in &QUOTAS {
            assert_eq!(quota.story.plain().story, quota.story);
        }
        for (story, _, _) in SEED {
            assert_eq!(story.plain().story, story);
        }
        assert!(Story::InspectionFound.is_out());
        assert!(!Story::ValidSuspension.is_out());
    }
}
