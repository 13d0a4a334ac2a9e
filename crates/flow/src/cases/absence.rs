//! 记一笔: a teacher says that a pupil stays away. It is the school's word for the next run, and, unless the pupil is on leave,
//! a case whose clocks run from now: who waits for the month's report has lost the month.

use baoxue_act::{Event, Moment, Rules, Trigger, What};
use baoxue_store::Store;
use chrono::{DateTime, NaiveDate, Utc};

use super::{
    CaseBook, CaseError, Voice, appends_of,
    returned::{Word, tell},
};
use crate::{County, Entry, Roll};

/// Days that an absence may have begun before it is told; what began earlier is a matter of the month's report.
const LONGEST_DAYS: i64 = 200;

/// Why the pupil is away, as the teacher knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Away {
    /// 病假: ill, on leave.
    Ill,
    /// 事假: on leave for another reason.
    Leave,
    /// 无故未到校: without leave (旷课).
    Truant,
    /// 原因不明: nobody could be reached.
    Unknown,
    /// 已离开当地: said to have gone away, for work or with the parents.
    Gone,
}

impl Away {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 5] = [Self::Truant, Self::Unknown, Self::Ill, Self::Leave, Self::Gone];

    /// In Chinese, as a school's list has it.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Ill => "病假",
            Self::Leave => "事假",
            Self::Truant => "无故未到校",
            Self::Unknown => "原因不明，联系不上家长",
            Self::Gone => "已离开当地",
        }
    }

    /// In English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::Ill => "ill, on leave",
            Self::Leave => "on leave",
            Self::Truant => "without leave",
            Self::Unknown => "unknown, nobody could be reached",
            Self::Gone => "has left the place",
        }
    }

    /// Whether the school knows of it and let it go.
    pub const fn is_leave(self) -> bool {
        matches!(self, Self::Ill | Self::Leave)
    }
}

/// What the teacher says.
#[derive(Clone, Copy, Debug)]
pub struct AbsenceForm<'a> {
    /// First day away.
    pub since: NaiveDate,
    /// Why.
    pub away: Away,
    /// In the teacher's words.
    pub words: &'a str,
}

/// What an absence is recorded with.
#[derive(Clone, Copy, Debug)]
pub struct AbsenceDesk<'a> {
    /// The store.
    pub store: &'a Store,
    /// The county.
    pub county: &'a County,
    /// The children.
    pub roll: &'a Roll,
    /// The cases.
    pub cases: &'a CaseBook,
    /// What the county decides about cases.
    pub rules: &'a Rules,
    /// The moment of cases.
    pub moment: Moment,
    /// Now.
    pub now: DateTime<Utc>,
}

/// Why an absence is not recorded.
#[derive(Debug, thiserror::Error)]
pub enum AbsenceError {
    /// The first day lies in the future or too long ago, or no lessons were held since.
    #[error("the first day of the absence is not possible")]
    Day,
    /// The child has no school of which it could be absent.
    #[error("the child has no school")]
    NoSchool,
    /// The case does not take it.
    #[error(transparent)]
    Case(#[from] CaseError),
}

impl AbsenceDesk<'_> {
    /// Records it. Gives how many school days the pupil has missed until today, today included.
    ///
    /// # Errors
    /// [`AbsenceError`] with the reason; nothing is recorded then but, when the case moved meanwhile, the school's word, which
    /// is found again when the form is sent again.
    pub async fn tell(
        &self,
        entry: &Entry,
        form: AbsenceForm<'_>,
        by: &str,
    ) -> Result<usize, AbsenceError> {
        let today = self.moment.date();
        let school = entry.school.as_deref().ok_or(AbsenceError::NoSchool)?;
        if form.since > today || (today - form.since).num_days() > LONGEST_DAYS {
            return Err(AbsenceError::Day);
        }
        let missed = self.missed(form.since, today);
        if missed == 0 {
            return Err(AbsenceError::Day);
        }
        let mut said = vec![
            ("开始缺课日期", form.since.to_string()),
            ("缺课原因", form.away.zh().to_owned()),
            ("备注", form.words.trim().to_owned()),
            ("是否返校", "否".to_owned()),
        ];
        if !form.away.is_leave() {
            said.push(("连续缺课天数", (today - form.since).num_days().to_string()));
            said.push(("旷课上学日数", missed.to_string()));
        }
        let word = Word {
            name: format!("缺勤登记_{today}"),
            on: today,
            school,
            class: entry.class.as_deref().unwrap_or_default(),
            said,
        };
        let place = (self.county, self.roll);
        let word = (entry.child, word);
        tell(self.store, place, word, (by, self.now)).await.map_err(CaseError::from)?;
        self.tell_case(entry, (form, missed), by).await?;
        self.store.settle().await.map_err(CaseError::from)?;
        Ok(missed)
    }

    /// School days from the first to the last day. Where nobody has entered the term yet, working days: the school knows that
    /// it has lessons.
    fn missed(&self, since: NaiveDate, to: NaiveDate) -> usize {
        let calendar = &self.rules.calendar;
        if calendar.has_lessons_from(since) {
            return calendar.school_days(since, to);
        }
        since
            .iter_days()
            .take_while(|day| *day <= to)
            .filter(|day| calendar.is_working(*day))
            .count()
    }

    /// Opens a case, or tells the open one; leave opens none.
    async fn tell_case(
        &self,
        entry: &Entry,
        (form, missed): (AbsenceForm<'_>, usize),
        by: &str,
    ) -> Result<(), CaseError> {
        let open = self.cases.of_child(entry.child).find(|file| file.case.over.is_none());
        if form.away.is_leave() && open.is_none() {
            return Ok(());
        }
        let (since, why) = (form.since, form.away.zh());
        let words = form.words.trim();
        let words = format!("学校登记缺勤：{since} 起，已缺 {missed} 个教学日，{why}。{words}");
        let same = |event: &Event| matches!(&event.what, What::Noted { words: said } | What::Missed { words: said, .. } if *said == words);
        let trigger = Trigger::Absence { since };
        // The same form sent twice is told once.
        if open.is_some_and(|file| file.events.iter().any(same)) {
            return Ok(());
        }
        // Leave that an open case hears of starts no clock.
        let what = if form.away.is_leave() {
            What::Noted { words }
        } else {
            What::Missed { since, words }
        };
        let voice = Voice { trigger, whats: vec![what], by };
        let about = (entry, self.county.settings.as_of);
        let appends = appends_of((self.cases, self.rules), about, voice, self.moment)?;
        self.store.append_case_events(appends).await?;
        Ok(())
    }
}
