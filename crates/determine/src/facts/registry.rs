//! What the student registry says.

use std::collections::BTreeMap;

use baoxue_claim::{
    Enrolment, EnrolmentStatus, Grade, Private, SchoolYear, Statement, StudyMode, compact,
    same_school,
};
use chrono::{Days, Months, NaiveDate};

use super::{Basis, Ends, Slot, Stance};
use crate::{
    Child, Settings,
    evidence::{Evidence, Of},
};

/// Rows of the student registry, the latest export of each school.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts that rules name")]
pub(crate) struct Registry {
    pub(crate) any: bool,
    pub(crate) live: bool,
    pub(crate) home_teaching: bool,
    pub(crate) suspended: bool,
    pub(crate) transferred_out: bool,
    pub(crate) received: bool,
    pub(crate) graduated_junior: bool,
    pub(crate) graduated_primary: bool,
    pub(crate) graduated_unclear: bool,
    pub(crate) left: bool,
    /// The registry itself calls the child out of school, or thinks it is: 辍学, 疑似辍学, 失学.
    pub(crate) says_dropout: bool,
    /// On the roll of a vocational school, and no row says that grade 9 was finished.
    pub(crate) vocational: bool,
    /// Transferred to a school whose roll is in the store, and is not on it though there was time.
    pub(crate) not_arrived: bool,
    pub(crate) dead: bool,
    pub(crate) abroad: bool,
    pub(crate) missing: bool,
    /// Was on a roll, is in no newer export of it, and nobody has said since where it is.
    pub(crate) vanished: bool,
    /// The day of the export that does not hold the child any more.
    pub(crate) vanished_on: Option<NaiveDate>,
    /// The day the suspension in the registry began, where it gives one.
    pub(crate) suspended_on: Option<NaiveDate>,
    /// Schools of live rows with the day of arrival there.
    pub(crate) live_at: Vec<(String, Option<NaiveDate>)>,
    /// Schools that the registry says the child has left.
    pub(crate) left_schools: Vec<String>,
}

/// Reads the registry rows and cites those that count.
pub(crate) fn read<'a>(
    child: &Child<'a>,
    evidence: &Evidence<'a>,
    settings: &Settings,
    basis: &mut Basis<'a>,
) -> Registry {
    let all = latest_by_school(evidence);
    let mut registry = Registry { any: !all.is_empty(), ..Registry::default() };
    let rows = still_said(child, &all);
    if rows.is_empty() {
        registry.vanish(child, &all, basis);
    }
    let on_roll = rows.iter().any(|(_, row)| row.status == EnrolmentStatus::Attending);
    let suspended = rows.iter().any(|(_, row)| row.status == EnrolmentStatus::Suspended);
    for (item, row) in &rows {
        let stance = registry.take(row);
        let words = item.claim.words.as_ref();
        registry.says_dropout |= row.status == EnrolmentStatus::DroppedOut
            || row.status == EnrolmentStatus::Left && calls_dropout(words);
        let counts = match row.status {
            EnrolmentStatus::Attending => true,
            EnrolmentStatus::Suspended => !on_roll,
            EnrolmentStatus::TransferredOut
            | EnrolmentStatus::Graduated
            | EnrolmentStatus::Dead
            | EnrolmentStatus::Abroad
            | EnrolmentStatus::Left
            | EnrolmentStatus::DroppedOut
            | EnrolmentStatus::Missing
            | EnrolmentStatus::Unclear => !on_roll && !suspended,
        };
        if counts {
            basis.cite(Slot::Registry, stance, *item);
        }
    }
    registry.settle(&rows, settings, &mut basis.ends);
    registry.says_dropout &= !on_roll && !suspended;
    registry.not_arrived = registry.received && not_arrived(child, &rows, settings);
    registry
}

/// The rows that newer exports leave standing. A row that says that the child is on the roll is history once a newer
/// export of that roll has come; so is, then, what older exports say of schools that it had left by that time.
fn still_said<'a>(child: &Child<'a>, all: &[Of<'a, Enrolment>]) -> Vec<Of<'a, Enrolment>> {
    let on_roll = |row: &Enrolment| {
        matches!(row.status, EnrolmentStatus::Attending | EnrolmentStatus::Suspended)
    };
    let replaced = |(item, row): &Of<'a, Enrolment>| {
        on_roll(row) && child.superseded.contains_key(&item.record.id)
    };
    let last_held = all.iter().filter(|row| replaced(row)).map(|(item, _)| item.record.as_of).max();
    let stands = |found: &&Of<'a, Enrolment>| {
        let (item, row) = found;
        let later = last_held.is_none_or(|day| item.record.as_of > day);
        !replaced(found) && (later || on_roll(row))
    };
    all.iter().filter(stands).copied().collect()
}

impl Registry {
    /// Nothing is left but rows that newer exports replace.
    fn vanish<'a>(&mut self, child: &Child<'a>, all: &[Of<'a, Enrolment>], basis: &mut Basis<'a>) {
        for (item, _) in all {
            let Some(day) = child.superseded.get(&item.record.id) else { continue };
            self.vanished_on = self.vanished_on.max(Some(*day));
            let held = item.record.as_of;
            basis.cite(Slot::Registry, Stance::Nothing, *item);
            let en = format!("in the registry of {held}, not in that of {day}");
            basis.refuse(*item, (format!("{held}的学籍有该生，{day}的学籍已没有"), en));
        }
    }

    /// Whether it is on a roll in any way.
    pub(crate) const fn on_roll(&self) -> bool {
        self.live || self.home_teaching || self.suspended
    }

    /// Notes one row; says what it means for the child.
    fn take(&mut self, row: &Enrolment) -> Stance {
        match row.status {
            EnrolmentStatus::Attending => {
                let arrived = row.transfer.as_ref().and_then(|transfer| transfer.on);
                self.live_at.push((compact(&row.school), arrived));
                if row.mode == Some(StudyMode::HomeTeaching) {
                    self.home_teaching = true;
                    return Stance::HomeTeaching;
                }
                // A row of a senior school says that junior school is over.
                if row.grade.is_some_and(|grade| grade > Grade::LAST) {
                    // A vocational school takes children who have not finished it.
                    let vocational = VOCATIONAL.iter().any(|word| row.school.contains(word));
                    self.vocational |= vocational;
                    self.graduated_junior |= !vocational;
                    return if vocational { Stance::Nothing } else { Stance::Done };
                }
                self.live = true;
                Stance::InSchool
            }
            EnrolmentStatus::Suspended => {
                self.suspended = true;
                let on = row.transfer.as_ref().and_then(|transfer| transfer.on);
                self.suspended_on = self.suspended_on.max(on);
                Stance::Excused
            }
            EnrolmentStatus::TransferredOut => {
                self.transferred_out = true;
                self.left_schools.push(compact(&row.school));
                if receiving(row) { Stance::Elsewhere } else { Stance::Out }
            }
            EnrolmentStatus::Graduated => self.graduate(row),
            EnrolmentStatus::Dead => {
                self.dead = true;
                Stance::Gone
            }
            EnrolmentStatus::Abroad => {
                self.abroad = true;
                Stance::Gone
            }
            EnrolmentStatus::Left | EnrolmentStatus::DroppedOut => {
                self.left = true;
                Stance::Out
            }
            EnrolmentStatus::Missing => {
                self.missing = true;
                Stance::Nothing
            }
            EnrolmentStatus::Unclear => Stance::Nothing,
        }
    }

    /// Junior school, primary school, or not to be told apart.
    fn graduate(&mut self, row: &Enrolment) -> Stance {
        let named = |words: &[&str]| words.iter().any(|word| row.school.contains(word));
        let (flag, stance) = match row.grade {
            Some(grade) if grade >= Grade::LAST => (&mut self.graduated_junior, Stance::Done),
            Some(_) => (&mut self.graduated_primary, Stance::Nothing),
            None if named(&["九年", "完全中学", "学校"]) => {
                (&mut self.graduated_unclear, Stance::Nothing)
            }
            None if named(&["小学", "教学点"]) => {
                (&mut self.graduated_primary, Stance::Nothing)
            }
            None if named(&["中学", "初中", "初级"]) => {
                (&mut self.graduated_junior, Stance::Done)
            }
            None => (&mut self.graduated_unclear, Stance::Nothing),
        };
        *flag = true;
        stance
    }

    /// What several rows together mean: a live row beats all others, a suspended one the rest.
    fn settle(&mut self, rows: &[Of<'_, Enrolment>], settings: &Settings, ends: &mut Ends) {
        if self.home_teaching {
            let seen = snapshot(rows, |row| row.mode == Some(StudyMode::HomeTeaching));
            ends.home_teaching = seen.and_then(|seen| school_year_end(seen, settings));
            self.home_teaching = ends.home_teaching.is_some_and(|end| settings.as_of <= end);
        }
        if self.live {
            self.suspended = false;
        }
        self.vocational &= !self.graduated_junior;
        let out = rows.iter().filter(|(_, row)| row.status == EnrolmentStatus::TransferredOut);
        let last =
            out.max_by_key(|(_, row)| (row.transfer.as_ref().and_then(|t| t.on), receiving(row)));
        if let Some((item, row)) = last.filter(|(_, row)| receiving(row)) {
            let months = Months::new(settings.elsewhere_months);
            ends.transfer = item.record.as_of.max(item.claim.on).checked_add_months(months);
            self.received =
                ends.transfer.is_some_and(|end| settings.as_of <= end) && receiving(row);
        }
    }
}

/// The rows of each school in the latest export that names the school.
fn latest_by_school<'a>(evidence: &Evidence<'a>) -> Vec<Of<'a, Enrolment>> {
    let all = evidence.of(|claim| {
        let Statement::Enrolment(row) = &claim.what else { return None };
        Some(row)
    });
    if all.len() < 2 {
        return all;
    }
    let mut latest: BTreeMap<String, NaiveDate> = BTreeMap::new();
    for (item, row) in &all {
        let day = latest.entry(compact(&row.school)).or_insert(item.record.as_of);
        *day = (*day).max(item.record.as_of);
    }
    all.into_iter()
        .filter(|(item, row)| latest.get(&compact(&row.school)) == Some(&item.record.as_of))
        .collect()
}

/// How vocational schools are called (中职); general senior schools take nobody who has not finished grade 9.
const VOCATIONAL: [&str; 9] =
    ["职业", "中职", "技工", "技师", "技校", "职校", "职教", "职高", "中专"];

fn calls_dropout(words: Option<&Private>) -> bool {
    let words = words.map(Private::expose).unwrap_or_default();
    ["辍学", "失学"].iter().any(|word| words.contains(word))
}

/// Whether the school to which the last transfer goes has its roll in the store, and that roll does not hold the child
/// although the days for a transfer were over when the registry was exported.
fn not_arrived(child: &Child<'_>, rows: &[Of<'_, Enrolment>], settings: &Settings) -> bool {
    let out = rows.iter().filter(|(_, row)| row.status == EnrolmentStatus::TransferredOut);
    let last = out.max_by_key(|(_, row)| row.transfer.as_ref().and_then(|transfer| transfer.on));
    let Some((item, row)) = last else { return false };
    let Some(transfer) = &row.transfer else { return false };
    let days = Days::new(u64::from(settings.monitor.transfer_days));
    let due = transfer.on.and_then(|on| on.checked_add_days(days));
    let (Some(to), Some(files)) = (transfer.school.as_deref(), child.files) else { return false };
    // A roll of that name may be another place's: only a name that holds its own place tells.
    let here =
        files.rolls.iter().any(|roll| same_school(roll, to) && compact(to).contains(roll.as_str()));
    let arrived = |(_, row): &Of<'_, Enrolment>| {
        row.status != EnrolmentStatus::TransferredOut && same_school(&row.school, to)
    };
    here && due.is_none_or(|due| due < item.record.as_of) && !rows.iter().any(arrived)
}

fn receiving(row: &Enrolment) -> bool {
    let school = row.transfer.as_ref().and_then(|transfer| transfer.school.as_deref());
    school.is_some_and(|school| !compact(school).is_empty())
}

/// The latest day of an export with such a row.
fn snapshot(rows: &[Of<'_, Enrolment>], like: fn(&Enrolment) -> bool) -> Option<NaiveDate> {
    rows.iter().filter(|(_, row)| like(row)).map(|(item, _)| item.record.as_of).max()
}

/// The cut-off day that ends the school year of `day`.
fn school_year_end(day: NaiveDate, settings: &Settings) -> Option<NaiveDate> {
    let (month, last) = settings.entry_cutoff.parts();
    NaiveDate::from_ymd_opt(SchoolYear::of(day).0 + 1, month, last)
}
