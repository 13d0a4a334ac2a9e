//! Entering a finding, and what becomes of it.

use baoxue_act::{Inspection, Item, Moment, Rules, Trigger, What};
use baoxue_store::{NewStreamEvent, Ruling, Store, StoreError};
use chrono::{DateTime, Utc};

use super::{
    Entered, Finding, FindingBook, FindingError, FindingEvent, FindingForm, FindingState,
    FoundThere, Plan, Subject,
};
use crate::{
    County, Entry,
    cases::{CaseBook, CaseError, Voice, appends_of},
    papers::{filed, has_room},
    rule,
};

/// How often a case is told that moved meanwhile.
const TRIES: usize = 3;

/// What work on findings needs.
#[derive(Clone, Copy, Debug)]
pub struct FindingDesk<'a> {
    /// The store.
    pub store: &'a Store,
    /// The county.
    pub county: &'a County,
    /// The cases.
    pub cases: &'a CaseBook,
    /// What the county decides about cases.
    pub rules: &'a Rules,
    /// The moment of cases.
    pub moment: Moment,
    /// Now.
    pub now: DateTime<Utc>,
}

impl FindingDesk<'_> {
    /// Enters a finding: its row waits for the next run, which may move the verdict; a known child's case is opened or told at
    /// once, that of another child by the run that finds out who it is. A photograph goes into that case. Gives its number.
    ///
    /// # Errors
    /// [`FindingError`] with the reason; [`FindingError::Row`] when the row cannot be understood, such as one without a name;
    /// [`FindingError::NoCase`] when there is a photograph and no case that could keep it.
    pub async fn enter(
        &self,
        form: &FindingForm<'_>,
        (account, by): (i64, &str),
    ) -> Result<i64, FindingError> {
        self.check(form)?;
        let told = self.about(form);
        match (&form.photo, told) {
            (Some(_), None) => return Err(FindingError::NoCase),
            (Some(_), Some(entry)) => self.has_room(entry)?,
            (None, _) => {}
        }
        let missed_by = form.missed_by(self.county);
        let misses = !missed_by.is_empty();
        let row = form.enter(self.store, self.county, misses, (by, self.now)).await?;
        let known = FindingBook::load(self.store).await?;
        if known.all().iter().any(|finding| finding.entered.batch == row.batch) {
            return Err(FindingError::Again);
        }
        if let Some(child) = form.child() {
            self.join(row.record, child, by).await?;
        }
        let (town, village, school) = form.place();
        let entered = Entered {
            child: form.child(),
            name: form.name(),
            town,
            village,
            school,
            found: form.found,
            how: form.how,
            words: form.words.trim().to_owned(),
            on: form.on,
            missed_by,
            plan: trimmed(&form.plan),
            batch: row.batch,
            record: row.record,
            account,
        };
        let what = FindingEvent::Entered(Box::new(entered));
        let id = self.append((None, 0), by, &what).await?;
        if let Some(entry) = told {
            self.tell_case(entry, form, (id, by)).await?;
        }
        self.store.settle().await?;
        Ok(id)
    }

    fn check(&self, form: &FindingForm<'_>) -> Result<(), FindingError> {
        let plan = &form.plan;
        let needed = [form.name(), form.words.to_owned(), plan.unit.clone(), plan.measures.clone()];
        if needed.iter().any(|text| text.trim().is_empty()) {
            return Err(FindingError::Wordless);
        }
        if form.on > self.moment.date() || plan.until < form.on {
            return Err(FindingError::Day);
        }
        Ok(())
    }

    /// The inspector said which child it is: the next run joins the row to the child's.
    async fn join(
        &self,
        record: baoxue_claim::RecordId,
        child: baoxue_claim::ChildId,
        by: &str,
    ) -> Result<(), FindingError> {
        let rows = self.store.record_ids_of(child).await?;
        let row = rows.first().copied().ok_or(crate::FlowError::NoChild(child))?;
        let why = ("督查人员在该儿童页面登记", by, self.now);
        Ok(rule(self.store, Some(Ruling::MustLink), (record, row), why).await?)
    }

    /// The child whose case is told: a known one that was found out of school has a case at once. One whose case cannot be read
    /// has the finding as a claim, and its case hears nothing.
    fn about<'a>(&self, form: &FindingForm<'a>) -> Option<&'a Entry> {
        let Subject::Known(entry) = form.subject else { return None };
        let mut open =
            self.cases.of_child(entry.child).filter(|file| file.case.over.is_none()).peekable();
        let tells = form.found == FoundThere::Out || open.peek().is_some();
        (tells && open.all(|file| file.unread.is_none())).then_some(entry)
    }

    fn has_room(&self, entry: &Entry) -> Result<(), FindingError> {
        let mut open = self.cases.of_child(entry.child).filter(|file| file.case.over.is_none());
        Ok(open.try_for_each(|file| has_room(self.cases, file.case.id))?)
    }

    /// A known child that was found out of school has a case at once; an open case is told what was found. Told again, it says
    /// nothing.
    async fn tell_case(
        &self,
        entry: &Entry,
        form: &FindingForm<'_>,
        (finding, by): (i64, &str),
    ) -> Result<(), FindingError> {
        let (out, words) = (form.found == FoundThere::Out, form.words.trim().to_owned());
        let mut whats = vec![What::Inspected(Inspection { finding, on: form.on, out, words })];
        let mut file = None;
        if let Some(photo) = &form.photo {
            let named = (Item::Visits, format!("督查照片（{}）", form.on));
            let (kept, attached) = filed(photo.clone(), named, by, self.moment)?;
            whats.push(What::Attached(attached));
            file = Some(kept);
        }
        let about = (entry, self.county.settings.as_of);
        // The finding stands by now: its case hears of it although somebody wrote into it meanwhile.
        let mut book = self.cases.clone();
        for tried in 1..=TRIES {
            let open = book.of_child(entry.child).find(|file| file.case.over.is_none());
            if open.is_none() && form.found == FoundThere::In {
                // Its case was closed meanwhile: that the child is in class opens none.
                return Ok(());
            }
            // A run may have told the case meanwhile.
            let told = open.is_some_and(|file| {
                file.case.inspected.iter().any(|known| known.what.finding == finding)
            });
            let mut whats = whats.clone();
            whats.retain(|what| !(told && matches!(what, What::Inspected(_))));
            if whats.is_empty() {
                return Ok(());
            }
            let voice = Voice { trigger: Trigger::Inspection, whats, by };
            let appends = appends_of((&book, self.rules), about, voice, self.moment)?;
            let done = match &file {
                Some(file) => self.store.attach_file(file, appends).await,
                None => self.store.append_case_events(appends).await.map(|_| ()),
            };
            match done {
                Err(StoreError::CaseMoved(_)) if tried < TRIES => book.refresh(self.store).await?,
                done => return Ok(done.map_err(CaseError::from)?),
            };
        }
        Ok(())
    }

    /// The unit reports what it did.
    ///
    /// # Errors
    /// [`FindingError::State`] when it is not open; [`FindingError::Wordless`].
    pub async fn rectify(
        &self,
        finding: &Finding,
        (account, by): (i64, &str),
        words: &str,
    ) -> Result<(), FindingError> {
        if finding.state != FindingState::Open {
            return Err(FindingError::State);
        }
        let words = worded(words)?;
        let place = (Some(finding.id), finding.n_events);
        self.append(place, by, &FindingEvent::Rectified { words, account }).await?;
        Ok(self.store.settle().await?)
    }

    /// Another person than those who entered and rectified it looks again, and closes it or sends it back.
    ///
    /// # Errors
    /// [`FindingError::SamePerson`]; [`FindingError::State`] when nobody has reported yet; [`FindingError::Wordless`].
    pub async fn recheck(
        &self,
        finding: &Finding,
        (account, by): (i64, &str),
        (passed, words): (bool, &str),
    ) -> Result<(), FindingError> {
        if finding.involved.contains(&account) {
            return Err(FindingError::SamePerson);
        }
        if finding.state != FindingState::Rectified {
            return Err(FindingError::State);
        }
        let words = worded(words)?;
        let place = (Some(finding.id), finding.n_events);
        self.append(place, by, &FindingEvent::Rechecked { passed, words, account }).await?;
        Ok(self.store.settle().await?)
    }

    async fn append(
        &self,
        place: (Option<i64>, u32),
        by: &str,
        what: &FindingEvent,
    ) -> Result<i64, FindingError> {
        let body = serde_json::to_string(what)?;
        let event = NewStreamEvent { at: self.now, by: by.to_owned(), body };
        Ok(self.store.append_finding_event(place, &event).await?)
    }
}

fn worded(words: &str) -> Result<String, FindingError> {
    let words = words.trim();
    if words.is_empty() { Err(FindingError::Wordless) } else { Ok(words.to_owned()) }
}

fn trimmed(plan: &Plan) -> Plan {
    let own = |text: &str| text.trim().to_owned();
    Plan { unit: own(&plan.unit), measures: own(&plan.measures), until: plan.until }
}
