//! Numbers that their own row contradicts: a parent's, a brother's or sister's in the place of the person's.

use crate::{
    IdentityRule, Table,
    comparator::{
        date::{self, Day},
        resident_id::{Id, Sex},
    },
    table::{ALTERNATIVE, Column},
};

/// What rows say about their persons beside the number.
pub(crate) struct Said<'t> {
    births: Option<Stated<'t, Day>>,
    sexes: Option<Stated<'t, Sex>>,
    guardians: Option<Stated<'t, Id>>,
    born: Option<[i32; 2]>,
}

impl<'t> Said<'t> {
    /// What a table says by a rule; `None` when it names nothing to hold numbers against.
    pub(crate) fn new(table: &'t Table, rule: &IdentityRule) -> Option<Self> {
        let column = |name: &Option<String>| table.column(name.as_ref()?);
        let said = Self {
            births: column(&rule.birth).map(|column| Stated::new(column, Day::parse)),
            sexes: column(&rule.sex).map(|column| Stated::new(column, Sex::parse)),
            guardians: column(&rule.guardian_id).map(|column| Stated::new(column, Id::parse)),
            born: rule.born,
        };
        let is_nothing = said.births.is_none()
            && said.sexes.is_none()
            && said.guardians.is_none()
            && said.born.is_none();
        (!is_nothing).then_some(said)
    }

    /// Whether a number cannot be that of the person of a row.
    ///
    /// A birth date that agrees speaks for the number; years and guardians are asked only where there is none. Lists do
    /// write the child's own number in the place of the guardian's.
    pub(crate) fn contradicts(&self, row: usize, id: &Id) -> bool {
        let Some(inside) = id.birth().and_then(Day::parse) else { return false };
        let births = self.births.as_ref().map_or(&[][..], |births| births.of(row));
        let is_others = if births.is_empty() {
            let is_out_of_years =
                |[first, last]: [i32; 2]| !(first..=last).contains(&inside.year());
            let is_guardians = |stated: &Stated<'_, Id>| stated.of(row).contains(id);
            self.born.is_some_and(is_out_of_years)
                || self.guardians.as_ref().is_some_and(is_guardians)
        } else {
            !births.iter().any(|day| date::agree(*day, inside))
        };
        let sexes = self.sexes.as_ref().map_or(&[][..], |sexes| sexes.of(row));
        let is_twins = !sexes.is_empty() && id.sex().is_some_and(|sex| !sexes.contains(&sex));
        is_others || is_twins
    }
}

/// A column with what each of its texts says.
struct Stated<'t, T> {
    values: &'t [u32],
    said: Vec<Vec<T>>,
}

impl<'t, T> Stated<'t, T> {
    fn new(column: &'t Column, parse: impl Fn(&str) -> Option<T>) -> Self {
        let said =
            |text: &str| text.split(ALTERNATIVE).filter_map(|part| parse(part.trim())).collect();
        Self { values: column.values(), said: column.texts().iter().map(said).collect() }
    }

    fn of(&self, row: usize) -> &[T] {
        &self.said[self.values[row] as usize]
    }
}
