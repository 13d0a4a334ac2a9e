//! Circumstances that a table does not name.
//!
//! Sealed ones (custody, offences, specialised schooling) never, not even in a table printed in full: the child stands
//! in a neutral class together with other rare placements, so that the class reveals nothing. Restricted ones
//! (marriage and birth, religion, sickness) only in a table printed in full for a reason.
//!
//! Source: Law on Prevention of Juvenile Delinquency art. 59; `domain/policy.md` §4.2 H1 and §10.

use baoxue_claim::{Cause, Private, VerdictCode, compact, names_sealed};

use crate::{
    Head, Lang, Line, Masking, Who,
    mask::{masked_name, masked_text},
};

/// Words of marriage, birth and religion.
const PRIVATE: [&str; 22] = [
    "早婚",
    "早育",
    "结婚",
    "已婚",
    "订婚",
    "定亲",
    "出嫁",
    "嫁人",
    "同居",
    "怀孕",
    "生育",
    "生子",
    "生娃",
    "生小孩",
    "生孩子",
    "信教",
    "宗教",
    "教派",
    "念经",
    "出家",
    "寺庙",
    "寺院",
];

/// Words of sickness.
const BODY: [&str; 12] =
    ["病", "癌", "瘤", "癫痫", "抑郁", "自闭", "住院", "手术", "化疗", "透析", "艾滋", "瘫"];

/// How far a circumstance may be named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reserve {
    /// Freely.
    Open,
    /// Restricted: sickness; a masked table says that it is of the body and no more.
    Body,
    /// Restricted: marriage, birth, religion.
    Private,
    /// Never.
    Sealed,
}

/// The sender's words as this table shows them: sealed ones replaced, restricted ones replaced in a masked table,
/// identity numbers and telephones in them masked there too.
pub(crate) fn shown_words(text: &str, head: &Head) -> String {
    let lang = head.lang;
    match (reserve_of_words(text), &head.masking) {
        (Reserve::Sealed, Masking::Full { .. }) => lang.pick("其他情况", "other").to_owned(),
        (Reserve::Sealed | Reserve::Private, Masking::Masked) => restricted(lang).to_owned(),
        (Reserve::Body, Masking::Masked) => body(lang).to_owned(),
        (Reserve::Open, Masking::Masked) => masked_text(text),
        (Reserve::Open | Reserve::Body | Reserve::Private, Masking::Full { .. }) => text.to_owned(),
    }
}

/// [`shown_words`] of a text about a child whose guardians are known: in a masked table their names in it are masked.
pub(crate) fn shown_words_about(who: &Who, text: &str, head: &Head) -> String {
    let words = shown_words(text, head);
    let adults = [&who.guardian, &who.household_head].into_iter().flatten().map(Private::expose);
    match head.masking {
        Masking::Full { .. } => words,
        Masking::Masked => adults
            .filter(|name| name.chars().count() > 1)
            .fold(words, |words, name| words.replace(name, &masked_name(name))),
    }
}

/// The cause by number and words, such as `02 外出务工`. A sealed cause prints as `99 其他`.
pub(crate) fn shown_cause(cause: Cause, head: &Head) -> String {
    let lang = head.lang;
    match (reserve_of_cause(cause), &head.masking) {
        (Reserve::Sealed | Reserve::Private, Masking::Masked) => restricted(lang).to_owned(),
        (Reserve::Body, Masking::Masked) => body(lang).to_owned(),
        (Reserve::Sealed, Masking::Full { .. }) => coded(Cause::Other),
        (Reserve::Open, Masking::Masked)
        | (Reserve::Open | Reserve::Body | Reserve::Private, Masking::Full { .. }) => coded(cause),
    }
}

/// A school's name or a category, unless it betrays a sealed placement.
pub(crate) fn unless_sealed(text: &str, lang: Lang) -> String {
    match reserve_of_words(text) {
        Reserve::Sealed => lang.pick("其他", "other").to_owned(),
        Reserve::Open | Reserve::Body | Reserve::Private => text.to_owned(),
    }
}

impl Line {
    /// Whether the table may say nothing of this child's placement but the neutral class itself.
    pub(crate) fn is_neutral(&self) -> bool {
        self.finding.code == VerdictCode::OtherArrangement
    }
}

fn coded(cause: Cause) -> String {
    format!("{:02} {}", cause.number(), cause.zh())
}

fn restricted(lang: Lang) -> &'static str {
    lang.pick("其他（限制查看）", "other (restricted)")
}

fn body(lang: Lang) -> &'static str {
    lang.pick("身体原因（限制查看）", "reasons of the body (restricted)")
}

fn reserve_of_cause(cause: Cause) -> Reserve {
    match cause {
        Cause::Offence => Reserve::Sealed,
        Cause::EarlyMarriage | Cause::Religion => Reserve::Private,
        Cause::Illness => Reserve::Body,
        Cause::SchoolAverse
        | Cause::Work
        | Cause::Disability
        | Cause::Poverty
        | Cause::Distance
        | Cause::Family
        | Cause::Bullying
        | Cause::Internet
        | Cause::Migration
        | Cause::NoRegistration
        | Cause::NotPromoted
        | Cause::SuspensionLapsed
        | Cause::Other => Reserve::Open,
    }
}

fn reserve_of_words(text: &str) -> Reserve {
    if names_sealed(text) {
        return Reserve::Sealed;
    }
    let text = compact(text);
    let names = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if names(&PRIVATE) {
        Reserve::Private
    } else if names(&BODY) {
        Reserve::Body
    } else {
        Reserve::Open
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::head;

    #[test]
    fn sealed_causes_and_words_print_like_any_other() {
        let full = Head { masking: Masking::Full { reason: "核查".into() }, ..head() };
        assert_eq!(shown_cause(Cause::Offence, &full), shown_cause(Cause::Other, &full));
        assert_eq!(shown_words("在某地未管所服刑", &full), "其他情况");
        assert_eq!(shown_words("在某地 看 守 所", &head()), "其他（限制查看）");
        assert_eq!(unless_sealed("某市专门学校", Lang::Zh), "其他");
        assert_eq!(unless_sealed("某县特殊教育学校", Lang::Zh), "某县特殊教育学校");
    }

    #[test]
    fn restricted_causes_are_named_only_in_full() {
        let full = Head { masking: Masking::Full { reason: "核查".into() }, ..head() };
        for cause in [Cause::EarlyMarriage, Cause::Religion, Cause::Illness] {
            assert!(!shown_cause(cause, &head()).contains(cause.zh()));
            assert!(shown_cause(cause, &full).contains(cause.zh()));
        }
        assert_eq!(shown_words("因白血病在家", &head()), "身体原因（限制查看）");
        assert_eq!(shown_words("外出打工13891231234", &head()), "外出打工138****1234");
        assert_eq!(shown_words("外出打工13891231234", &full), "外出打工13891231234");
        let who = crate::sample::line(0, VerdictCode::Dropout).who;
        assert_eq!(shown_words_about(&who, "赵大山说不读了", &head()), "赵**说不读了");
        assert_eq!(shown_words_about(&who, "赵大山说不读了", &full), "赵大山说不读了");
    }
}
