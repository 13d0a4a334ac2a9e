//! The five steps of the wizard, as the head of its pages shows them.

use crate::i18n::Lang;

/// One step.
pub(super) struct Step {
    pub(super) sign: String,
    pub(super) word: String,
    /// `dn` before this page, `nw` this page.
    pub(super) class: &'static str,
    /// Back to it.
    pub(super) href: Option<String>,
}

const KEYS: [&str; 5] = ["step-choose", "step-detect", "step-map", "step-preview", "step-import"];
const PAGES: [&str; 5] = ["", "detect", "map", "preview", "run"];

/// The steps with the one at `now`, from 0; those before it lead back.
pub(super) fn steps(key: &str, now: usize, lang: Lang) -> Vec<Step> {
    let step = |(at, (word, page)): (usize, (&&str, &&str))| Step {
        sign: if at < now { "✓".to_owned() } else { (at + 1).to_string() },
        word: lang.t(word),
        class: match at.cmp(&now) {
            std::cmp::Ordering::Less => "dn",
            std::cmp::Ordering::Equal => "nw",
            std::cmp::Ordering::Greater => "",
        },
        href: (0 < at && at < now && now < 4).then(|| format!("/imports/{key}/{page}")),
    };
    KEYS.iter().zip(&PAGES).enumerate().map(step).collect()
}
