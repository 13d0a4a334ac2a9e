//! The table of amounts, and what a county changes in it.

use std::{collections::BTreeSet, sync::LazyLock};

use baoxue_claim::{AidKind, Grade};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::stage;

static BUILTIN: LazyLock<Vec<Scheme>> = LazyLock::new(|| {
    #[derive(Deserialize)]
    struct Table {
        scheme: Vec<Scheme>,
    }
    // A test reads the same file: a table that cannot be read never ships.
    let read: Result<Table, _> = toml::from_str(include_str!("../../aid/schemes.toml"));
    read.map(|table| table.scheme).unwrap_or_default()
});

/// What a county pays. Without a table of its own that of `aid/schemes.toml` holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AidRules {
    /// The county's own table; replaces the whole of the built-in one.
    pub schemes: Option<Vec<Scheme>>,
}

/// One amount of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    /// The aid.
    pub aid: AidKind,
    /// For which grades.
    pub stage: Stage,
    /// The first day on which it holds, until a later line of the same aid and stage does.
    pub from: NaiveDate,
    /// Yuan per pupil and school year, paid in two halves.
    pub yuan: u32,
    /// Where that is said.
    pub source: String,
}

/// Grades one to six, or seven to nine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 小学.
    Primary,
    /// 初中.
    Junior,
}

impl AidRules {
    fn table(&self) -> &[Scheme] {
        self.schemes.as_deref().unwrap_or(&BUILTIN)
    }

    /// What is paid to anybody on a day.
    pub(super) fn in_force(&self, day: NaiveDate) -> BTreeSet<AidKind> {
        let held = self.table().iter().filter(|scheme| scheme.from <= day);
        held.map(|scheme| scheme.aid).collect()
    }

    /// What a pupil of the grade is due for the term that begins on the day, in fen: half of the year's.
    pub(super) fn due(&self, aid: AidKind, grade: Option<Grade>, day: NaiveDate) -> Option<u32> {
        let stage = stage(grade?)?;
        let of =
            |scheme: &&Scheme| scheme.aid == aid && scheme.stage == stage && scheme.from <= day;
        let scheme = self.table().iter().filter(of).max_by_key(|scheme| scheme.from)?;
        scheme.yuan.checked_mul(50)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_that_ships_can_be_read_and_names_its_sources() {
        assert_eq!(BUILTIN.len(), 4);
        assert!(BUILTIN.iter().all(|scheme| !scheme.source.is_empty()));
    }

    #[test]
    fn an_amount_holds_from_its_day() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        let rules = AidRules::default();
        let due = |aid, grade, on| rules.due(aid, Grade::new(grade), on);
        assert_eq!(due(AidKind::BoardingLiving, 8, day(2019, 2, 1)), Some(62_500));
        assert_eq!(due(AidKind::BoardingLiving, 3, day(2019, 9, 1)), Some(50_000));
        assert_eq!(due(AidKind::DayLiving, 3, day(2019, 2, 1)), None, "not yet in force");
        assert_eq!(due(AidKind::DayLiving, 7, day(2019, 9, 1)), Some(31_250));
        assert_eq!(due(AidKind::DayLiving, 10, day(2019, 9, 1)), None);
        let own = toml::from_str::<AidRules>(
            "[[schemes]]\naid = \"day_living\"\nstage = \"junior\"\nfrom = \"2018-09-01\"\nyuan = 700\nsource = \"甲县文件\"",
        );
        let due = own.unwrap().due(AidKind::DayLiving, Grade::new(7), day(2019, 2, 1));
        assert_eq!(due, Some(35_000));
    }
}
