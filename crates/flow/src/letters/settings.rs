//! What a county decides about its letters of responsibility: `[letters]` of its configuration.

use baoxue_act::letter::{Layer, LetterYear, YearKind};
use chrono::NaiveDate;
use serde::Deserialize;

use crate::papers::PaperSettings;

/// `[letters]`. Every key has a default, so that a county may say nothing.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LetterSettings {
    /// How years of responsibility are counted: `school` from 1 September, `calendar` from 1 January. No rule that we know says
    /// which; the default is the school year.
    pub year: YearKind,
    /// The layers that sign letters here. Who signs with whom differs between counties; the default is all seven.
    pub layers: Vec<Layer>,
    /// How a letter's number is written: `{unit}`, `{year}` and `{n}` are put in. It must differ from that of papers, whose
    /// numbers are counted apart.
    pub number: String,
    /// Targets that officials promise.
    pub targets: Vec<String>,
    /// What families promise.
    pub family_targets: Vec<String>,
    /// Reporting terms. Empty: the letter has none.
    pub reporting: Vec<String>,
    /// Reward and penalty. Empty: the letter has none.
    pub rewards: Vec<String>,
}

impl Default for LetterSettings {
    fn default() -> Self {
        let own = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        Self {
            year: YearKind::default(),
            layers: Layer::ALL.to_vec(),
            number: "{unit}控保责〔{year}〕{n}号".to_owned(),
            targets: own(&["适龄儿童少年按时入学。", "义务教育巩固率达到100%。", "无辍学学生。"]),
            family_targets: own(&["适龄子女按时入学，接受并完成义务教育，不辍学。"]),
            reporting: Vec::new(),
            rewards: Vec::new(),
        }
    }
}

impl LetterSettings {
    /// What is wrong with it, in words for whoever wrote it.
    pub(crate) fn fault(&self, papers: &PaperSettings) -> Option<String> {
        let missing =
            ["{unit}", "{year}", "{n}"].into_iter().find(|part| !self.number.contains(part));
        let empty = |lines: &[String]| lines.iter().all(|line| line.trim().is_empty());
        if let Some(part) = missing {
            Some(format!("number: `{part}` must stand in it, or two letters would share a number"))
        } else if self.number == papers.number {
            Some(
                "number: it is that of papers, and a letter would share a paper's number"
                    .to_owned(),
            )
        } else if empty(&self.targets) || empty(&self.family_targets) {
            Some(
                "targets and family_targets: a letter without a target promises nothing".to_owned(),
            )
        } else {
            None
        }
    }

    /// The year that runs on a day.
    pub fn year_of(&self, day: NaiveDate) -> LetterYear {
        LetterYear::of(self.year, day)
    }

    /// What the takers of a layer promise.
    pub(super) fn targets_of(&self, layer: Layer) -> &[String] {
        if layer.is_of_families() { &self.family_targets } else { &self.targets }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_letters_are_no_numbers_of_papers() {
        let papers = PaperSettings::default();
        assert_eq!(LetterSettings::default().fault(&papers), None);
        for number in ["控保责〔{year}〕{n}号", papers.number.as_str()] {
            let bad = LetterSettings { number: number.to_owned(), ..LetterSettings::default() };
            assert!(bad.fault(&papers).is_some(), "{number}");
        }
        let bad = LetterSettings { targets: vec![" ".to_owned()], ..LetterSettings::default() };
        assert!(bad.fault(&papers).is_some());
    }
}
