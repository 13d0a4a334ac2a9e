//! Why a child stands where it stands, and who said what of it: the same words on its own page and where it is decided.

use baoxue_determine::{EvidenceState, Explanation};
use baoxue_flow::ChildPage;

use crate::{
    display::{child_key, record_key},
    i18n::Lang,
};

/// What a row of a file says of the child.
pub(in crate::pages) struct Told {
    pub(in crate::pages) on: String,
    pub(in crate::pages) text: String,
    pub(in crate::pages) row: String,
    pub(in crate::pages) used: bool,
}

/// Evidence that a rule asks for.
pub(in crate::pages) struct Need {
    pub(in crate::pages) class: &'static str,
    pub(in crate::pages) icon: &'static str,
    pub(in crate::pages) text: String,
    pub(in crate::pages) state: String,
}

/// A row that was not accepted as evidence, and why.
pub(in crate::pages) struct NotAccepted {
    pub(in crate::pages) text: String,
    pub(in crate::pages) row: String,
}

/// Why a child stands where it stands: the rule, its law, what it needs and what would change it.
pub(in crate::pages) struct Why {
    /// The child in addresses.
    pub(in crate::pages) key: String,
    pub(in crate::pages) rule_id: String,
    pub(in crate::pages) rule_title: String,
    pub(in crate::pages) rule_version: String,
    pub(in crate::pages) words: String,
    pub(in crate::pages) words_zh: bool,
    pub(in crate::pages) needs: Vec<Need>,
    pub(in crate::pages) refused: Vec<NotAccepted>,
    pub(in crate::pages) law: String,
    pub(in crate::pages) answers: Vec<String>,
    pub(in crate::pages) changes: Vec<Change>,
}

/// What would change the verdict, and to what.
pub(in crate::pages) struct Change {
    pub(in crate::pages) text: String,
    pub(in crate::pages) then: String,
}

impl Why {
    /// Of a child; which rows were not accepted is told to whom the claims are open.
    pub(in crate::pages) fn of(page: &ChildPage, open: bool, lang: Lang) -> Self {
        let verdict = &page.explanation.verdict;
        let refused = verdict.refused.iter().filter(|_| open).map(|refused| NotAccepted {
            text: lang.pick(&refused.why, &refused.why_en).to_owned(),
            row: record_key(refused.claim.record),
        });
        Self {
            key: child_key(page.entry.child),
            rule_id: verdict.ground.rule.clone(),
            rule_title: verdict.ground.title.clone(),
            rule_version: format!("{} {}", verdict.ground.rule, verdict.ground.version),
            words: lang.pick(&verdict.words_zh, &verdict.words_en).to_owned(),
            words_zh: lang == Lang::Zh,
            needs: needs(&page.explanation, lang),
            refused: refused.collect(),
            law: verdict.ground.law.clone(),
            answers: answers(page, lang),
            changes: changes(&page.explanation, lang),
        }
    }
}

/// Every claim, the newest first.
pub(in crate::pages) fn told(explanation: &Explanation, lang: Lang) -> Vec<Told> {
    let one = |telling: &baoxue_determine::Telling| Told {
        on: telling.on.to_string(),
        text: lang.pick(&telling.zh, &telling.en).to_owned(),
        row: record_key(telling.claim.record),
        used: telling.used,
    };
    explanation.told.iter().rev().map(one).collect()
}

fn needs(explanation: &Explanation, lang: Lang) -> Vec<Need> {
    let need = |need: &baoxue_determine::Evidence| {
        let (class, icon, state) = match need.state {
            EvidenceState::Shown => ("okc", "circle-check", "need-shown"),
            EvidenceState::Missing => ("noc", "circle-x", "need-missing"),
            EvidenceState::OnPaper => ("muted", "file-search", "need-on-paper"),
        };
        Need { class, icon, text: lang.pick(&need.zh, &need.en).to_owned(), state: lang.t(state) }
    };
    explanation.needs.iter().map(need).collect()
}

fn changes(explanation: &Explanation, lang: Lang) -> Vec<Change> {
    let change = |change: &baoxue_determine::WouldChange| Change {
        text: lang.pick(&change.zh, &change.en).to_owned(),
        then: lang.pick(change.code.zh(), change.code.en()).to_owned(),
    };
    explanation.changes.iter().map(change).collect()
}

/// Whether it counts as confirmed, until when it holds, and what is due.
fn answers(page: &ChildPage, lang: Lang) -> Vec<String> {
    let verdict = &page.explanation.verdict;
    let mut answers = Vec::new();
    if verdict.code.accuses() {
        answers.push(lang.t(if verdict.confirmed { "confirmed" } else { "not-confirmed" }));
    }
    if let Some(until) = verdict.expires {
        answers.push(lang.with("holds-until", &[("on", until.to_string().into())]));
    }
    answers
}
