//! What an inspector types as a list of one row, read like any other list of an inspection.

use baoxue_claim::{BatchId, ChildId, RecordId, Source, TownCode};
use baoxue_store::Store;
use chrono::{DateTime, NaiveDate, Utc};

use super::{FindingError, FoundThere, How, Lapse, MissedBy, Plan};
use crate::{
    County, Entry, FileStatus, ImportOptions, STRIP, Said,
    import::{Form, take_in_form},
    lines::town_name,
    papers::Upload,
};

/// About whom a finding is.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A child of the ledger.
    Known(&'a Entry),
    /// A child that no list names.
    Unlisted {
        /// Its name.
        name: &'a str,
        /// Its birth or age, as written.
        birth: &'a str,
        /// The town in which it was found.
        town: TownCode,
        /// The village.
        village: &'a str,
        /// The school at which it should be, if known.
        school: &'a str,
    },
}

/// A finding as the page sends it.
#[derive(Clone, Debug)]
pub struct FindingForm<'a> {
    /// About whom.
    pub subject: Subject<'a>,
    /// What was found.
    pub found: FoundThere,
    /// How.
    pub how: How,
    /// The words.
    pub words: &'a str,
    /// The day.
    pub on: NaiveDate,
    /// What is to be done.
    pub plan: Plan,
    /// A photograph or scan that shows it.
    pub photo: Option<Upload>,
}

/// The row that a finding became.
pub(super) struct Row {
    pub(super) batch: BatchId,
    pub(super) record: RecordId,
}

const HEADER: [&str; 10] = [
    "镇办",
    "村(社区)",
    "学生姓名",
    "出生日期",
    "年龄",
    "就读学校",
    "核查方式",
    "核查情况",
    "认定结果",
    "核查日期",
];
const REMARK: &str = "备注";

impl FindingForm<'_> {
    pub(super) fn child(&self) -> Option<ChildId> {
        match self.subject {
            Subject::Known(entry) => Some(entry.child),
            Subject::Unlisted { .. } => None,
        }
    }

    pub(super) fn name(&self) -> String {
        match self.subject {
            Subject::Known(entry) => entry.name.as_deref().unwrap_or_default().to_owned(),
            Subject::Unlisted { name, .. } => name.trim().to_owned(),
        }
    }

    /// Town, village, school.
    pub(super) fn place(&self) -> (Option<TownCode>, Option<String>, Option<String>) {
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        match self.subject {
            Subject::Known(entry) => (
                entry.town,
                entry.village.as_deref().and_then(some),
                entry.school.as_deref().and_then(some),
            ),
            Subject::Unlisted { town, village, school, .. } => {
                (Some(town), some(village), some(school))
            }
        }
    }

    /// The units whose lists said otherwise.
    pub(super) fn missed_by(&self, county: &County) -> Vec<MissedBy> {
        let (town, _, school) = self.place();
        let town = town_name(town, &county.towns);
        let Subject::Known(entry) = self.subject else {
            // In no ledger: whoever had to list it did not.
            let unit = |unit| MissedBy { unit, source: None, lapse: Lapse::NotListed };
            return town.into_iter().chain(school).map(unit).collect();
        };
        let unit_of = |source: Source| {
            let of_town = matches!(source, Source::TownSurvey | Source::TownLedger);
            let of_school =
                matches!(source, Source::StudentRegistry | Source::SchoolReport | Source::RollCall);
            let unit = if of_town { town.clone() } else { None };
            unit.or_else(|| school.clone().filter(|_| of_school))
        };
        let cells = STRIP.iter().zip(&entry.strip);
        // The police know who lives where, inspections and tip-offs are no lists of a unit.
        let lists = cells.filter(|((_, sources), _)| {
            !sources.iter().any(|source| {
                matches!(source, Source::PopulationRegister | Source::Inspection | Source::TipOff)
            })
        });
        let missed = lists.filter_map(|((_, sources), cell)| {
            let source = *sources.first()?;
            let lapse = match (self.found, cell.said) {
                (FoundThere::Out, Said::In) => Lapse::SaidIn,
                (FoundThere::In, Said::Out) => Lapse::SaidOut,
                // A town lists every child of its own; others need not name it.
                (FoundThere::Out, Said::Nothing) if source == Source::TownSurvey => {
                    Lapse::NotListed
                }
                _ => return None,
            };
            let unit = unit_of(source).unwrap_or_else(|| source.zh().to_owned());
            let named = (lapse != Lapse::NotListed).then_some(source);
            Some(MissedBy { unit, source: named, lapse })
        });
        missed.collect()
    }

    /// The header and the row, in the words of an inspection's list.
    fn rows(&self, county: &County, misses: bool) -> Vec<Vec<String>> {
        let (town, village, school) = self.place();
        let (birth, age) = match self.subject {
            Subject::Known(entry) => {
                (entry.birth.map(|birth| birth.to_string()).unwrap_or_default(), String::new())
            }
            Subject::Unlisted { birth, .. } => born(birth.trim()),
        };
        let how = match self.how {
            How::AtHome => "入户核查",
            How::AtSchool => "到校核查",
            How::ByPhone => "电话核查",
        };
        // A list that said otherwise makes it a miss of that list; the inspector's own words stand beside, where no reading
        // of them can turn what was ticked.
        let (status, verdict) = match (self.found, misses) {
            (FoundThere::Out, true) => ("未上学", "漏报"),
            (FoundThere::Out, false) => ("未上学", "辍学"),
            (FoundThere::In, true) => ("在校就读", "误报"),
            (FoundThere::In, false) => ("在校就读", "在校"),
        };
        let header = HEADER.iter().copied().chain([REMARK]).map(str::to_owned).collect();
        let row = vec![
            town_name(town, &county.towns).unwrap_or_default(),
            village.unwrap_or_default(),
            self.name(),
            birth,
            age,
            school.unwrap_or_default(),
            how.to_owned(),
            status.to_owned(),
            verdict.to_owned(),
            self.on.to_string(),
            self.words.trim().to_owned(),
        ];
        vec![header, row]
    }

    /// Appends the list of one row.
    pub(super) async fn enter(
        &self,
        store: &Store,
        county: &County,
        misses: bool,
        (by, now): (&str, DateTime<Utc>),
    ) -> Result<Row, FindingError> {
        let options = ImportOptions {
            source: Some(Source::Inspection),
            as_of: Some(self.on),
            town: self.place().0,
            ..ImportOptions::of_form(by, now)
        };
        let name = format!("督查现场登记_{}", self.on);
        let form = Form { name: &name, sheet: "登记", rows: self.rows(county, misses) };
        let outcome = take_in_form(store, county, form, &options).await?;
        let told = outcome.messages.first();
        let why = told.map(|told| (told.zh.clone(), told.en.clone())).unwrap_or_default();
        match (outcome.status, outcome.batch) {
            (FileStatus::Accepted, Some(batch)) if outcome.imported == 1 => {
                Ok(Row { batch, record: RecordId::new(batch, 0) })
            }
            // Killed between the row and the finding, the same form finds its row again.
            (FileStatus::Duplicate, Some(batch)) => {
                Ok(Row { batch, record: RecordId::new(batch, 0) })
            }
            (_, batch) => {
                if let Some(batch) = batch {
                    let why = "督查登记的行无法使用，自动撤回";
                    store.withdraw(batch, why, by, now).await?;
                }
                Err(FindingError::Row(why.0, why.1))
            }
        }
    }
}

/// A birth, or an age in years, as two cells.
fn born(text: &str) -> (String, String) {
    let digits = text.trim_end_matches(['岁', '周']);
    let is_age =
        !digits.is_empty() && digits.len() <= 2 && digits.bytes().all(|b| b.is_ascii_digit());
    if is_age { (String::new(), digits.to_owned()) } else { (text.to_owned(), String::new()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_birth_and_an_age_have_cells_of_their_own() {
        let pair = |birth: &str, age: &str| (birth.to_owned(), age.to_owned());
        assert_eq!(born("12岁"), pair("", "12"));
        assert_eq!(born("9"), pair("", "9"));
        assert_eq!(born("2009-03"), pair("2009-03", ""));
        assert_eq!(born(""), pair("", ""));
    }
}
