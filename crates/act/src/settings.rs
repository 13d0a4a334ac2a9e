//! What a county writes about cases into its configuration, under `[act]`.

use chrono::NaiveDate;
use serde::Deserialize;

use baoxue_claim::Private;
use baoxue_determine::Seat;

use crate::{
    Calendar, Department, Holder, Office, Post, Semester, Timetable, day::Day, departments,
};

/// What a county decides about cases for itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Steps and lengths.
    pub timetable: Timetable,
    /// Holidays and terms.
    pub calendar: Calendar,
    /// Departments and what they may be asked.
    pub departments: Vec<Department>,
    /// Who answers for a department, the police and the inspectorate, of whom the list of both duty lines names nobody.
    pub officials: Vec<Post>,
    /// The local rule by which a guardian may be fined, with its document, article and range; without one the penalty form
    /// is locked.
    pub penalty_basis: Option<String>,
    /// How many tip-offs the public page takes.
    pub tips: TipSettings,
    /// Within which time a tip-off is linked to a child, or answered; our own proposal where the county sets none: a third of what
    /// the town has to verify it.
    pub tip_link_within: crate::Term,
    /// The day of the month by which the month's report is due (月报); the 28th where the county sets none, as one county's
    /// notice of 2022 has it.
    pub month_report_day: u32,
    /// The day on which the clock of cases begins, in a demonstration of another year; in a county that works it is the
    /// machine's.
    pub clock_starts: Option<NaiveDate>,
}

/// Where the county sets none.
const MONTH_REPORT_DAY: u32 = 28;

/// The same for a tip-off that nobody has linked.
const TIP_LINK_WITHIN: crate::Term = crate::Term { n: 1, unit: crate::Unit::WorkingDays };

/// How many tip-offs the public page takes. Our own proposal: no rule that we know sets a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TipSettings {
    /// From everybody together, in an hour.
    pub per_hour: u32,
    /// From one address, in an hour.
    pub per_address: u32,
}

/// So many times what is taken from everybody is taken when each comes from an address that has sent none in the hour. Our own
/// proposal: one who sends many fills no more than the hour's share, and does not keep others from telling.
const FIRST_TIMES: u32 = 10;

impl TipSettings {
    /// The limits for a tip-off that is the address's `nth` of the hour, from 1.
    #[must_use]
    pub const fn of_turn(self, nth: u32) -> Self {
        if nth > 1 {
            return self;
        }
        Self { per_hour: self.per_hour.saturating_mul(FIRST_TIMES), ..self }
    }
}

impl Default for TipSettings {
    fn default() -> Self {
        Self { per_hour: 60, per_address: 5 }
    }
}

/// Settings that cannot be used: the key and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("[act] {0}")]
pub struct SettingsError(String);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Own {
    #[serde(default)]
    semester: Vec<Term>,
    #[serde(default)]
    year: Vec<toml::Table>,
    #[serde(default)]
    step: Vec<toml::Value>,
    #[serde(default)]
    department: Vec<Department>,
    #[serde(default)]
    official: Vec<Official>,
    proof: Option<toml::Value>,
    #[serde(default)]
    tips: TipSettings,
    tip_link_within: Option<crate::Term>,
    penalty_basis: Option<String>,
    month_report_day: Option<u32>,
    clock_starts: Option<Day>,
}

/// `[[act.official]]`: a department by its id, `police` or `inspectorate`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Official {
    office: String,
    name: String,
    from: Day,
    to: Option<Day>,
}

impl Official {
    fn post(self, departments: &[Department]) -> Result<Post, SettingsError> {
        let holder = match self.office.as_str() {
            "police" => Holder { seat: Seat::Police, office: Office::Police },
            "inspectorate" => Holder { seat: Seat::Inspectorate, office: Office::Inspectorate },
            id if departments.iter().any(|known| known.id == id) => {
                Holder { seat: Seat::Department, office: Office::Department(self.office.clone()) }
            }
            id => {
                let why =
                    format!("official: `{id}` is no department, and not police or inspectorate");
                return Err(SettingsError(why));
            }
        };
        let (from, to) = (self.from.0, self.to.map(|day| day.0));
        let (name, phone, is_substitute) = (Private::new(self.name.trim()), None, false);
        Ok(Post { holder, is_substitute, name, phone, from, to })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Term {
    name: String,
    from: Day,
    to: Day,
}

impl Default for Settings {
    /// What holds where a county says nothing.
    fn default() -> Self {
        Self {
            timetable: Timetable::built_in(),
            calendar: Calendar::built_in(),
            departments: departments::built_in(),
            officials: Vec::new(),
            penalty_basis: None,
            tips: TipSettings::default(),
            tip_link_within: TIP_LINK_WITHIN,
            month_report_day: MONTH_REPORT_DAY,
            clock_starts: None,
        }
    }
}

impl Settings {
    /// The built-in settings with a county's over them.
    ///
    /// # Errors
    /// [`SettingsError`] names the step, year or term and what is wrong with it.
    pub fn read(own: &toml::Table) -> Result<Self, SettingsError> {
        let own: Own = own.clone().try_into().map_err(|error: toml::de::Error| {
            SettingsError(error.to_string().trim_end().to_owned())
        })?;
        let mut settings = Self::default();
        for year in &own.year {
            let text = text_of(year)?;
            let name = year.get("year").map_or_else(|| "year".to_owned(), ToString::to_string);
            settings.calendar.add_year(&name, &text).map_err(|e| SettingsError(e.to_string()))?;
        }
        for Term { name, from, to } in own.semester {
            let semester = Semester { name, from: from.0, to: to.0 };
            settings.calendar.add_term(semester).map_err(|e| SettingsError(e.to_string()))?;
        }
        let mut table = toml::Table::new();
        table.insert("step".to_owned(), toml::Value::Array(own.step));
        table.extend(own.proof.map(|proof| ("proof".to_owned(), proof)));
        settings.timetable = settings
            .timetable
            .with(&text_of(&table)?)
            .map_err(|error| SettingsError(error.to_string()))?;
        settings.departments =
            departments::with(settings.departments, own.department).map_err(SettingsError)?;
        let posts = own.official.into_iter().map(|official| official.post(&settings.departments));
        settings.officials = posts.collect::<Result<_, _>>()?;
        settings.tips = own.tips;
        settings.tip_link_within = own.tip_link_within.unwrap_or(TIP_LINK_WITHIN);
        if let Some(day) = own.month_report_day {
            if !(1..=31).contains(&day) {
                let why = format!("month_report_day: {day} is no day of a month, 1 to 31");
                return Err(SettingsError(why));
            }
            settings.month_report_day = day;
        }
        settings.clock_starts = own.clock_starts.map(|day| day.0);
        settings.penalty_basis = own.penalty_basis.filter(|basis| !basis.trim().is_empty());
        Ok(settings)
    }
}

fn text_of(table: &toml::Table) -> Result<String, SettingsError> {
    toml::to_string(table).map_err(|error| SettingsError(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Directory, Seated};

    fn read(text: &str) -> Result<Settings, SettingsError> {
        Settings::read(&text.parse().unwrap())
    }

    #[test]
    fn a_county_that_says_nothing_has_the_built_in_settings() {
        assert_eq!(read("").unwrap(), Settings::default());
        assert_eq!(read("penalty_basis = ' '").unwrap().penalty_basis, None);
    }

    #[test]
    fn terms_years_steps_and_the_basis_are_read() {
        let settings = read(
            "penalty_basis = '某省条例第三条'\ntips = { per_hour = 20 }\n\
             tip_link_within = '4 hours'\n\
             [[semester]]\nname = '秋'\nfrom = 2027-09-01\nto = 2028-01-14\n\
             [[year]]\nyear = 2027\nsource = '通知'\n\
             [[year.holiday]]\nname = '国庆节'\nfrom = 2027-10-01\nto = 2027-10-07\nwork = []\n\
             [[step]]\nid = 'T7'\nterm = '10 days'\nsince = 2027-09-01\nsource = '某县文件'",
        )
        .unwrap();
        let day = |text: &str| text.parse().unwrap();
        assert!(settings.calendar.is_school(day("2027-09-30")));
        assert!(!settings.calendar.is_school(day("2027-10-01")));
        let step = settings.timetable.on(day("2027-09-01")).find(|step| step.id == "T7").unwrap();
        assert_eq!(step.term.to_string(), "10 days");
        assert!(settings.penalty_basis.is_some());
        assert_eq!(settings.tip_link_within.to_string(), "4 hours");
        assert_eq!(settings.tips, TipSettings { per_hour: 20, ..TipSettings::default() });
    }

    #[test]
    fn whoever_answers_for_a_department_is_named_with_days() {
        let settings = read(
            "[[official]]\noffice = 'labour'\nname = '甲'\nfrom = 2027-01-01\nto = 2027-06-30\n\
             [[official]]\noffice = 'labour'\nname = '乙'\nfrom = 2027-07-01\n\
             [[official]]\noffice = 'police'\nname = '丙'\nfrom = 2027-01-01",
        )
        .unwrap();
        let directory = Directory::new(settings.officials);
        let seated = |seat, office, on: &str| {
            let holder = Holder { seat, office };
            match directory.seated(&holder, on.parse().unwrap()) {
                Seated::Filled(post) => post.name.expose().to_owned(),
                Seated::Substitute(_) => "代".to_owned(),
                Seated::Vacant => "空缺".to_owned(),
                Seated::Unknown => "?".to_owned(),
            }
        };
        let labour = || Office::Department("labour".to_owned());
        assert_eq!(seated(Seat::Department, labour(), "2027-06-30"), "甲");
        assert_eq!(seated(Seat::Department, labour(), "2027-07-01"), "乙");
        assert_eq!(seated(Seat::Department, labour(), "2026-12-31"), "空缺");
        let health = Office::Department("health".to_owned());
        assert_eq!(seated(Seat::Department, health, "2027-07-01"), "?", "nobody was named for it");
        assert_eq!(seated(Seat::Police, Office::Police, "2027-07-01"), "丙");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let check = |text: &str, expected: &str| {
            let error = read(text).unwrap_err().to_string();
            assert!(error.starts_with("[act] ") && error.contains(expected), "{error}");
        };
        check("month_report_day = 32", "32 is no day");
        check("penalty = 'x'", "unknown field `penalty`");
        let nobody = "[[official]]\noffice = 'army'\nname = '甲'\nfrom = 2027-01-01";
        check(nobody, "`army` is no department");
        check("tip_link_within = '1 week'", "`1 week` is no term");
        check("[[semester]]\nname = '秋'\nfrom = 2027-09-01\nto = 2027-08-01", "秋: the term ends");
        check("[[step]]\nid = 'T7'\nterm = '10 weeks'\nsource = 'x'", "`10 weeks` is no term");
        check("[[year]]\nyear = 2027", "source");
    }
}
