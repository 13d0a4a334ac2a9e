//! What a reader's reports are made from: the charges of the cases that are the reader's.

use std::sync::Arc;

use baoxue_act::{
    Case, Duty, Moment,
    account::{Charge, Outcome, charges, department},
};
use baoxue_authz::{Action, Resource, Role, Scope};
use baoxue_flow::{County, Entry, Roll, cases::CaseFile, cases::Speaker};
use baoxue_report::{Head, Masking};

use crate::{
    app::App, casebook::CaseDesk, display::day, door::Signed, i18n::Lang, pages::tasks::unit_of,
    trouble::Trouble,
};

/// Whose figures the reader may see.
pub(super) enum Reach {
    /// Those of the cases of these children.
    Cases(Scope),
    /// Those of one department, by its id in the county's list; `None` when the county has none such.
    Department(Option<String>),
}

/// A charge with the case it is of.
pub(super) struct Asked<'d> {
    pub(super) file: &'d CaseFile,
    pub(super) charge: Charge,
    /// Whether the reader may read the case.
    pub(super) reads: bool,
}

/// Something that is late on a case that is not over.
pub(in crate::pages) struct Late<'d> {
    pub(in crate::pages) file: &'d CaseFile,
    pub(in crate::pages) entry: &'d Entry,
    pub(in crate::pages) duty: Duty,
}

impl Late<'_> {
    /// The same as the reports tell it, with the seat that made it late.
    pub(in crate::pages) fn charge(&self, desk: &Desk<'_>) -> Option<Charge> {
        let now = self.file.moment(desk.now);
        let mut all = charges(&self.file.case, &desk.cases.rules, now).into_iter();
        all.find(|charge| charge.id == self.duty.id && charge.outcome == Outcome::OpenLate)
    }
}

/// The desk of a reader.
pub(in crate::pages) struct Desk<'a> {
    pub(super) app: &'a App,
    pub(in crate::pages) signed: &'a Signed,
    pub(super) reach: Reach,
    pub(in crate::pages) cases: Arc<CaseDesk>,
    pub(in crate::pages) roll: Arc<Roll>,
    pub(super) county: Arc<County>,
    pub(in crate::pages) now: Moment,
    pub(in crate::pages) lang: Lang,
}

impl<'a> Desk<'a> {
    /// The desk of whoever reads reports, or of a department.
    pub(in crate::pages) async fn of(
        app: &'a App,
        signed: &'a Signed,
        lang: Lang,
    ) -> Result<Desk<'a>, Trouble> {
        let cases = app.cases().await?;
        let reach = if signed.actor.role == Role::Department {
            let unit = signed.actor.unit();
            signed.may(Action::ReadTask, &Resource::Task { unit: unit.clone() })?;
            let known = cases.rules.departments.iter();
            let own = known.map(|known| known.id.clone());
            let mut own = own.filter(|id| unit_of(&cases.rules, id) == unit);
            Reach::Department(own.next())
        } else {
            Reach::Cases(signed.scope(Action::ReadReports)?)
        };
        let now = cases.moment(app.now());
        let (roll, county) = (app.roll(), app.county());
        Ok(Self { app, signed, reach, cases, roll, county, now, lang })
    }

    /// The part of the county that the reader sees; a department sees none of it.
    pub(super) fn scope(&self) -> Result<&Scope, Trouble> {
        match &self.reach {
            Reach::Cases(scope) => Ok(scope),
            Reach::Department(_) => Err(Trouble::NotYours),
        }
    }

    pub(in crate::pages) fn speaker(&self) -> Speaker<'_> {
        self.cases.speaker(&self.county, self.lang)
    }

    /// Everything that was asked and is the reader's to see, in the order of cases.
    pub(super) fn charges(&self) -> Vec<Asked<'_>> {
        let reads = baoxue_authz::scope(&self.signed.actor, Action::ReadCase);
        let mut all = Vec::new();
        for file in self.cases.book.all() {
            // A case whose child no run knows any more is over and gone.
            let Some(entry) = self.roll.entry(file.case.child) else { continue };
            let is_own: &dyn Fn(&Charge) -> bool = match &self.reach {
                Reach::Cases(scope) if scope.sees(entry.standing()) => &|_| true,
                Reach::Cases(_) => continue,
                Reach::Department(own) => {
                    &|charge| department(charge).is_some_and(|of| Some(of) == own.as_deref())
                }
            };
            let of_case = charges(&file.case, &self.cases.rules, file.moment(self.now));
            let reads = reads.sees(entry.standing());
            let of_case = of_case.into_iter().filter(is_own);
            all.extend(of_case.map(|charge| Asked { file, charge, reads }));
        }
        all
    }

    /// What is late now on the reader's open cases, of children that are wanted: the longest first.
    pub(in crate::pages) fn late(&self, wanted: impl Fn(&Entry) -> bool) -> Vec<Late<'_>> {
        let Reach::Cases(scope) = &self.reach else { return Vec::new() };
        let mut all = Vec::new();
        for file in self.cases.book.open() {
            let entry = self.roll.entry(file.case.child);
            let own = entry.filter(|entry| scope.sees(entry.standing()) && wanted(entry));
            let Some(entry) = own else { continue };
            let now = file.moment(self.now);
            let duties = self.cases.duties(file, self.now);
            let late = duties.iter().filter(|duty| duty.is_late(now)).cloned();
            all.extend(late.map(|duty| Late { file, entry, duty }));
        }
        all.sort_by_key(|late| (late.duty.due.moment(), late.file.case.id));
        all
    }

    /// The cases that are the reader's to see.
    pub(super) fn own_cases(&self) -> Result<Vec<&Case>, Trouble> {
        let scope = self.scope()?;
        let all = self.cases.book.all().map(|file| &file.case);
        let own = all.filter(|case| {
            self.roll.entry(case.child).is_some_and(|entry| scope.sees(entry.standing()))
        });
        Ok(own.collect())
    }

    /// A day of a moment in words.
    pub(super) fn day(&self, at: Option<Moment>) -> String {
        at.map(|at| day(at.date(), self.now.date(), self.lang)).unwrap_or_default()
    }

    /// As of when, and of which part of the county.
    pub(super) fn meta(&self) -> String {
        let key = match &self.reach {
            Reach::Cases(Scope::All) => "reports-meta-county",
            Reach::Cases(_) => "reports-meta-own",
            Reach::Department(_) => "reports-meta-department",
        };
        let on = self.now.format("%Y-%m-%d").to_string();
        self.lang.with(key, &[("on", on.into())])
    }

    /// What stands above a workbook.
    pub(super) fn head(&self) -> Head {
        Head {
            county: self.county.name.clone(),
            as_of: self.now.date(),
            printed_on: self.now.date(),
            printed_by: self.signed.name.clone(),
            base: self.meta(),
            rule_pack: self.county.pack.name(),
            masking: Masking::Masked,
            cautions: Vec::new(),
            lang: match self.lang {
                Lang::Zh => baoxue_report::Lang::Zh,
                Lang::En => baoxue_report::Lang::En,
            },
        }
    }
}
