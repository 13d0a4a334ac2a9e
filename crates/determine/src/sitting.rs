//! A county of children judged together, and again after one of them changed.
//!
//! A verdict rests on the child's own records and on what the records of all tell: which schools have reported, whose rolls
//! are in the store, whether a register has come. The latter is counted, so that a change of one child shows at once whom
//! else it concerns.

use std::collections::BTreeMap;

use baoxue_claim::{
    Enrolment, EnrolmentStatus, Record, Report, Source, Statement, StudyMode, compact,
};
use rayon::prelude::*;

use crate::{
    Child, Context, Coverage, Determined, Explanation, Files, Pack, Settings,
    coverage::{Part, Tally},
    explain,
    pack::Rule,
    pending,
    profile::profile,
};

/// The children of a county with their verdicts on a day.
#[derive(Debug)]
pub struct Sitting<'a, 'p> {
    children: Vec<Child<'a>>,
    found: Vec<Determined>,
    bench: Bench<'p>,
    told: Told,
    tally: Tally,
}

/// What every child is judged by.
#[derive(Debug)]
struct Bench<'p> {
    rules: Vec<&'p Rule>,
    settings: &'p Settings,
    files: Files,
    has_register: bool,
    coverage: Coverage,
}

/// What the records of all children tell, with the number of records that tell it.
#[derive(Debug, Default)]
struct Told {
    reports: BTreeMap<Report, usize>,
    rolls: BTreeMap<String, usize>,
    /// Schools of logs of home teaching.
    home_logs: BTreeMap<String, usize>,
    register: usize,
}

impl<'a, 'p> Sitting<'a, 'p> {
    /// Judges all children, on all processors. `files` says what the files tell beside their rows.
    pub fn new(
        children: Vec<Child<'a>>,
        files: &Files,
        pack: &'p Pack,
        settings: &'p Settings,
    ) -> Self {
        let told = Told::by(&children, files, settings);
        let tally = Tally::of(&children, settings);
        let bench = Bench::new((&told, tally.coverage(settings)), files, pack, settings);
        let found = bench.judge_all(&children);
        Self { children, found, bench, told, tally }
    }

    /// The verdicts, in the order of the children.
    pub fn found(&self) -> &[Determined] {
        &self.found
    }

    /// The place of a child among the others.
    pub fn place(&self, child: baoxue_claim::ChildId) -> Option<usize> {
        self.children.iter().position(|known| known.id == child)
    }

    /// Everything about the verdict on the child at `at`.
    ///
    /// # Panics
    /// When there is no child at `at`.
    pub fn explain(&self, at: usize) -> Explanation {
        let child = self.bench.knowing(&self.children[at]);
        explain::explain(&child, &self.bench.rules, self.bench.settings)
    }

    /// Puts a child in the place of the one at `at` and judges again whom that concerns: the child, and where a school's
    /// report, a roll or a whole register came or went with it, those who rest on such. Gives their places, ascending.
    ///
    /// # Panics
    /// When there is no child at `at`.
    pub fn change(&mut self, at: usize, child: Child<'a>) -> Vec<usize> {
        let settings = self.bench.settings;
        let keys = |told: &Told| {
            let logs = told.home_logs.len();
            (told.reports.len(), told.rolls.len(), told.register > 0, logs)
        };
        let before = keys(&self.told);
        self.told.count(&self.children[at], settings, Told::less);
        self.told.drop_empty();
        let without = keys(&self.told);
        self.told.count(&child, settings, Told::more);
        let after = keys(&self.told);
        let (was, is) = (Part::of(&self.children[at], settings), Part::of(&child, settings));
        self.children[at] = child;
        if was != is {
            self.tally.change(&was, &is);
            let coverage = self.tally.coverage(settings);
            let judges_as = coverage.judges_as(&self.bench.coverage);
            self.bench.coverage = coverage;
            if !judges_as {
                self.bench.hear(&self.told);
                self.found = self.bench.judge_all(&self.children);
                return (0..self.children.len()).collect();
            }
        }
        let same = before == without && without == after;
        let mut concerned = vec![at];
        if !same {
            self.bench.hear(&self.told);
            let registers = before.2 != after.2;
            let all = (0..self.children.len()).filter(|other| *other != at);
            concerned
                .extend(all.filter(|other| registers || rests_on_others(&self.children[*other])));
            concerned.sort_unstable();
        }
        for at in &concerned {
            self.found[*at] = self.bench.judge(&self.children[*at]);
        }
        concerned
    }
}

/// Every child judged, for who needs none of them again, and what all of them tell.
pub(crate) fn judge_all(
    children: &[Child<'_>],
    files: &Files,
    pack: &Pack,
    settings: &Settings,
) -> (Vec<Determined>, Context) {
    let told = Told::by(children, files, settings);
    let bench = Bench::new((&told, Coverage::of(children, settings)), files, pack, settings);
    let found = bench.judge_all(children);
    let Bench { files, has_register, coverage, .. } = bench;
    (found, Context { files, has_register, coverage })
}

/// Explains one child by what all of them tell.
pub(crate) fn explain_within(
    context: &Context,
    child: &Child<'_>,
    pack: &Pack,
    settings: &Settings,
) -> Explanation {
    let child = Child {
        files: Some(&context.files),
        has_register: context.has_register,
        has_registry: context.coverage.covers(child),
        ..child.clone()
    };
    explain::explain(&child, &pack.in_order(settings), settings)
}

/// Some of the children judged, by what all of them tell; `places` are theirs among all.
///
/// # Panics
/// When a place is none of a child.
pub fn determine_some(
    (children, places): (&[Child<'_>], &[usize]),
    files: &Files,
    pack: &Pack,
    settings: &Settings,
) -> Vec<Determined> {
    let told = Told::by(children, files, settings);
    let bench = Bench::new((&told, Coverage::of(children, settings)), files, pack, settings);
    places.par_iter().map(|at| bench.judge(&children[*at])).collect()
}

/// The files with what the rows of the children tell of all.
pub(crate) fn files_with_rows(children: &[Child<'_>], files: &Files, settings: &Settings) -> Files {
    let told = Told::by(children, files, settings);
    let mut files = files.clone();
    told.tell(&mut files);
    files
}

impl<'p> Bench<'p> {
    fn new(
        (told, coverage): (&Told, Coverage),
        files: &Files,
        pack: &'p Pack,
        settings: &'p Settings,
    ) -> Self {
        let mut bench = Self {
            rules: pack.in_order(settings),
            settings,
            files: files.clone(),
            has_register: false,
            coverage,
        };
        bench.hear(told);
        bench
    }

    /// The children in their order, judged on all processors.
    fn judge_all(&self, children: &[Child<'_>]) -> Vec<Determined> {
        children.par_iter().map(|child| self.judge(child)).collect()
    }

    /// Takes over what all children tell.
    fn hear(&mut self, told: &Told) {
        told.tell(&mut self.files);
        self.has_register = told.register > 0;
    }

    /// The child with what all children tell.
    fn knowing<'c>(&'c self, child: &Child<'c>) -> Child<'c> {
        Child {
            files: Some(&self.files),
            has_register: self.has_register,
            has_registry: self.coverage.covers(child),
            ..child.clone()
        }
    }

    fn judge(&self, child: &Child<'_>) -> Determined {
        let as_known = self.knowing(child);
        let verdict = pending::judge(&as_known, &self.rules, self.settings);
        Determined { profile: profile(&as_known, self.settings), verdict }
    }
}

impl Told {
    /// What the children and the files tell.
    fn by(children: &[Child<'_>], files: &Files, settings: &Settings) -> Self {
        let mut told = Self::default();
        for child in children {
            told.count(child, settings, Self::more);
        }
        for report in files.reports.iter().filter(|report| report.until <= settings.as_of) {
            Self::more(told.reports.entry(report.clone()).or_default());
        }
        told
    }

    /// Writes reports and rolls into files.
    fn tell(&self, files: &mut Files) {
        files.reports = self.reports.keys().cloned().collect();
        files.rolls = self.rolls.keys().cloned().collect();
        files.home_logs = self.home_logs.keys().cloned().collect();
    }

    fn more(count: &mut usize) {
        *count += 1;
    }

    fn less(count: &mut usize) {
        *count = count.saturating_sub(1);
    }

    fn drop_empty(&mut self) {
        self.reports.retain(|_, count| *count > 0);
        self.rolls.retain(|_, count| *count > 0);
        self.home_logs.retain(|_, count| *count > 0);
    }

    /// Counts what a child's records tell, up or down.
    fn count(&mut self, child: &Child<'_>, settings: &Settings, step: fn(&mut usize)) {
        for record in child.records.iter().chain(&child.maybe) {
            if record.source == Source::PopulationRegister {
                step(&mut self.register);
            }
        }
        for record in &child.records {
            self.count_rows(record, settings, step);
        }
    }

    fn count_rows(&mut self, record: &Record, settings: &Settings, step: fn(&mut usize)) {
        for claim in record.claims.iter().filter(|claim| claim.on <= settings.as_of) {
            // That one child was missed or seen at a roll call says nothing of the school's others.
            if let Statement::Absence(row) = &claim.what
                && record.source != Source::RollCall
            {
                let (school, town) = (row.school.clone(), record.town);
                let report = Report { school, town, until: row.until, zero: false };
                step(self.reports.entry(report).or_default());
            }
            if let Statement::Enrolment(row) = &claim.what
                && row.status == EnrolmentStatus::Attending
            {
                step(self.roll(&row.school));
            }
            if let Statement::HomeVisit(row) = &claim.what {
                let school = row.school.as_deref().map(compact).unwrap_or_default();
                step(self.home_logs.entry(school).or_default());
            }
        }
    }

    /// The count of a school's roll. Most names are there already as written.
    fn roll(&mut self, school: &str) -> &mut usize {
        if self.rolls.contains_key(school) {
            return self.rolls.entry(school.to_owned()).or_default();
        }
        self.rolls.entry(compact(school)).or_default()
    }
}

/// Whether a child's verdict may change with the reports, rolls or logs of others: its school's later report answers an
/// absence, a roll answers a certificate or a transfer, and where its school keeps a log, home teaching needs a visit.
fn rests_on_others(child: &Child<'_>) -> bool {
    let mut claims = child.records.iter().chain(&child.maybe).flat_map(|record| &record.claims);
    claims.any(|claim| {
        let paper = matches!(claim.what, Statement::Absence(_) | Statement::Certificate(_));
        let left = |row: &Enrolment| {
            let at_home = row.mode == Some(StudyMode::HomeTeaching);
            row.status == EnrolmentStatus::TransferredOut || at_home
        };
        paper || matches!(&claim.what, Statement::Enrolment(row) if left(row))
    })
}
