//! What a visit and what others say, in words, for whoever is asked whether the visit still holds.

use baoxue_act::{Case, Event, What};

use super::Speaker;

/// The event of that number among those of a case, steps of ladders not counted.
pub fn numbered(events: &[Event], no: u32) -> Option<&Event> {
    let mut events = events.iter().filter(|event| !matches!(event.what, What::Climbed(_)));
    events.nth(usize::try_from(no).ok()?)
}

impl Speaker<'_> {
    /// What another says of the child, with its day: `学校 2019-09-18 报“已到校”`.
    pub fn says_otherwise(&self, case: &Case, event: &Event) -> String {
        let recorded = event.at.date();
        let (who, on, said) = if let What::Returned(back) = &event.what {
            (back.school.clone(), back.on, self.pick("已到校", "back in school"))
        } else if let What::Missed { since, .. } = &event.what {
            (self.pick("学校", "the school").to_owned(), *since, self.pick("未到校", "absent"))
        } else if let What::Visited(visit) = &event.what {
            let who = visit.visitors.iter().map(|visitor| visitor.name.as_str());
            let who = who.collect::<Vec<_>>().join(self.pick("、", ", "));
            (who, visit.on, self.pick(visit.found.zh(), visit.found.en()))
        } else if let What::Judged(judged) = &event.what {
            let who = self.pick("比对结果", "the evidence").to_owned();
            (who, judged.on, self.pick(judged.code.zh(), judged.code.en()))
        } else if let What::Inspected(found) = &event.what {
            let who = self.pick("督查", "the inspection").to_owned();
            let zh = if found.out { "不在校" } else { "在校" };
            let en = if found.out { "not in school" } else { "in school" };
            (who, found.on, self.pick(zh, en))
        } else if let What::Answered { request, found: Some(found), .. } = &event.what {
            let asked = case.request(*request).map(|request| &request.asked.what.department);
            let who = asked.map(|department| self.department(department)).unwrap_or_default();
            (who, recorded, self.pick(found.zh(), found.en()))
        } else {
            return self.event(event);
        };
        if self.zh {
            format!("{who} {on} 报“{said}”")
        } else {
            format!("{who} said `{said}` for {on}")
        }
    }
}
