//! The population of compulsory age by the part of the base that holds each child, with the three answers counted apart:
//! how many are dropouts, how many count as in school, how many are watched.
//!
//! Numbers that look like one another and are not are the usual reason why offices disagree; here each is printed with its
//! base, and all add up to the same children.

use serde::{Deserialize, Serialize};

use crate::{Base, Determined, InSchool, IsDropout, comparison::SumError};

/// Children of compulsory age.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// All children determined, of compulsory age or not.
    pub determined: u32,
    /// Of these: too young, too old, or gone from the county; in no rate.
    pub outside: u32,
    /// Of these: named by nothing but a newer register that was stopped, in no base before a person has looked at it.
    #[serde(default)]
    pub waiting: u32,
    /// The others by the part of the base that holds them.
    pub bases: Vec<BaseRow>,
    /// Their sum: the population of every rate.
    pub total: BaseRow,
}

/// Children of one part of the base by the three answers. Each of the three adds up to `children`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseRow {
    /// Which part; `None` for the sum.
    pub base: Option<Base>,
    /// Children.
    pub children: u32,
    /// Is it dropout?
    pub dropout: Dropouts,
    /// Does it count as in school?
    pub in_school: Counted,
    /// Is it watched?
    pub watched: Watched,
}

/// Children by whether they are dropouts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropouts {
    /// Yes.
    pub yes: u32,
    /// Absent past the first threshold, not the second.
    pub not_yet: u32,
    /// No.
    pub no: u32,
    /// Not decided.
    pub open: u32,
}

/// Children by whether they count as in school.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// Yes: the numerator of enrolment.
    pub yes: u32,
    /// By name, while their absence is looked into.
    pub nominally: u32,
    /// No.
    pub no: u32,
    /// They have completed compulsory schooling, or their status takes them out of the base.
    pub left: u32,
    /// Not decided.
    pub open: u32,
}

/// Children by whether they are watched.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched {
    /// Yes.
    pub yes: u32,
    /// No.
    pub no: u32,
}

/// Counts the population.
///
/// # Errors
/// [`SumError`] when the parts do not add up to the children determined, or an answer not to those of its part.
pub fn population(determined: &[Determined]) -> Result<Population, SumError> {
    let row = |base| BaseRow { base: Some(base), ..BaseRow::default() };
    let mut bases = Base::ALL.map(row);
    let mut total = BaseRow::default();
    for found in determined.iter().filter(|found| found.is_of_age()) {
        for row in bases.iter_mut().filter(|row| row.base == Some(found.profile.base)) {
            row.count(found);
        }
        total.count(found);
    }
    let n_determined = u32::try_from(determined.len()).unwrap_or(u32::MAX);
    let not_of_age = || determined.iter().filter(|found| !found.is_of_age());
    let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let waiting = not_of_age().filter(|found| found.is_waiting()).count();
    let outside = number(not_of_age().count() - waiting);
    let waiting = number(waiting);
    let bases = bases.into();
    let population = Population { determined: n_determined, outside, waiting, bases, total };
    population.check()?;
    Ok(population)
}

impl Population {
    /// Whether every sum holds.
    ///
    /// # Errors
    /// [`SumError`] for the first that does not.
    pub fn check(&self) -> Result<(), SumError> {
        let part = |of: fn(&BaseRow) -> u32| -> Vec<u32> { self.bases.iter().map(of).collect() };
        adds_up("base", self.determined, &[self.outside, self.waiting, self.total.children])?;
        adds_up("base", self.total.children, &part(|row| row.children))?;
        adds_up("dropout", self.total.dropout.yes, &part(|row| row.dropout.yes))?;
        adds_up("in_school", self.total.in_school.yes, &part(|row| row.in_school.yes))?;
        adds_up("watched", self.total.watched.yes, &part(|row| row.watched.yes))?;
        self.bases.iter().chain([&self.total]).try_for_each(BaseRow::check)
    }
}

impl BaseRow {
    fn count(&mut self, found: &Determined) {
        let answer = found.verdict.answer;
        self.children += 1;
        *match answer.dropout {
            IsDropout::Yes => &mut self.dropout.yes,
            IsDropout::NotYet => &mut self.dropout.not_yet,
            IsDropout::No => &mut self.dropout.no,
            IsDropout::Open => &mut self.dropout.open,
        } += 1;
        *match answer.in_school {
            InSchool::Yes => &mut self.in_school.yes,
            InSchool::Nominally => &mut self.in_school.nominally,
            InSchool::No => &mut self.in_school.no,
            InSchool::Left => &mut self.in_school.left,
            InSchool::Open => &mut self.in_school.open,
        } += 1;
        *if answer.watched { &mut self.watched.yes } else { &mut self.watched.no } += 1;
    }

    fn check(&self) -> Result<(), SumError> {
        let (Dropouts { yes, not_yet, no, open }, counted) = (self.dropout, self.in_school);
        adds_up("dropout", self.children, &[yes, not_yet, no, open])?;
        let Counted { yes, nominally, no, left, open } = counted;
        adds_up("in_school", self.children, &[yes, nominally, no, left, open])?;
        adds_up("watched", self.children, &[self.watched.yes, self.watched.no])
    }
}

fn adds_up(table: &str, whole: u32, parts: &[u32]) -> Result<(), SumError> {
    if parts.iter().sum::<u32>() == whole {
        return Ok(());
    }
    Err(SumError {
        table: format!("population: {table}"),
        whole: whole as usize,
        parts: parts.iter().map(|part| *part as usize).collect(),
        missing: Vec::new(),
        twice: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use baoxue_claim::{ChildId, Record};

    use super::*;
    use crate::{Child, Files, Pack, Settings, determine, pack::records_of_case};

    type Row<'r> = &'r [(&'r str, &'r str)];

    fn counted(rows: &[Row<'_>]) -> Population {
        let today = "2019-08-25".parse().unwrap();
        let records: Vec<Vec<Record>> =
            rows.iter().map(|row| records_of_case(today, row).unwrap()).collect();
        let children: Vec<Child<'_>> = (1..)
            .zip(&records)
            .map(|(id, rows)| Child::new(ChildId(id), rows.iter().collect()))
            .collect();
        let settings = Settings::new(today);
        let found = determine(&children, &Files::default(), &Pack::builtin(), &settings);
        population(&found).unwrap()
    }

    #[test]
    fn whom_only_a_stopped_register_names_waits_outside_of_every_base_and_is_counted() {
        let child = Child::new(ChildId(1), Vec::new());
        let settings = Settings::new("2019-08-25".parse().unwrap());
        let found = determine(&[child], &Files::default(), &Pack::builtin(), &settings);
        assert!(found[0].is_waiting() && !found[0].is_of_age());
        let counted = population(&found).unwrap();
        let Population { determined, outside, waiting, total, .. } = counted;
        assert_eq!((determined, outside, waiting, total.children), (1, 0, 1, 0));
    }

    #[test]
    fn each_child_of_age_stands_once_under_each_answer() {
        let found = counted(&[
            &[("register", "yes"), ("registry", "attending 4")],
            &[("register", "yes"), ("registry", "attending 4"), ("report", "2019-06 8 days")],
            &[("register", "yes"), ("registry", "left"), ("survey", "out")],
            &[("survey", "out work")],
            &[("register", "yes"), ("deferral", "deferral 2018-09-01..2020-08-31")],
            &[("register", "yes"), ("registry", "attending 4"), ("departure", "dead 2019-02-07")],
            &[("register", "yes"), ("born", "2016-05-01")],
        ]);
        assert_eq!((found.determined, found.outside, found.total.children), (7, 2, 5));
        let base = |base: Base| found.bases.iter().find(|row| row.base == Some(base)).unwrap();
        let children = Base::ALL.map(|one| base(one).children);
        assert_eq!(children, [4, 0, 1, 0], "registered, others, in no register, unknown");
        let registered = base(Base::Registered);
        assert_eq!(registered.dropout, Dropouts { yes: 1, not_yet: 1, no: 2, open: 0 });
        let in_school = Counted { yes: 1, nominally: 1, no: 2, left: 0, open: 0 };
        assert_eq!(registered.in_school, in_school);
        assert_eq!(registered.watched, Watched { yes: 3, no: 1 });
    }

    #[test]
    fn sums_that_do_not_hold_are_refused() {
        let good = counted(&[&[("register", "yes"), ("registry", "attending 4")], &[]]);
        assert!(good.check().is_ok());
        let refused = |bend: fn(&mut Population), table: &str| {
            let mut bent = good.clone();
            bend(&mut bent);
            assert!(bent.check().unwrap_err().to_string().contains(table), "{table}");
        };
        refused(|p| p.outside += 1, "base");
        refused(|p| p.waiting += 1, "base");
        refused(|p| p.bases[0].children -= 1, "base");
        refused(|p| p.bases[0].dropout.no -= 1, "dropout");
        refused(|p| p.bases[0].in_school.open += 1, "in_school");
        refused(|p| p.total.watched.no += 1, "watched");
    }
}
