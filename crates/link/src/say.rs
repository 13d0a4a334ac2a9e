//! Evidence, clusters and blocking in sentences, for people who do not know what a bit is.

mod cluster;
mod pair;
mod rules;

pub use crate::words::{Lang, field_word, level_word};
pub use cluster::{Names, border, cluster, contradiction};
pub use pair::pair;
pub use rules::blocking;

/// A share in plain figures: never 100 % for what is not certain.
pub fn percent(share: f64, lang: Lang) -> String {
    let percent = share * 100.0;
    if percent >= 99.99 {
        return lang.pick("99.99% 以上", "more than 99.99%").to_owned();
    }
    if percent < 0.01 {
        return lang.pick("0.01% 以下", "less than 0.01%").to_owned();
    }
    if (1.0..99.0).contains(&percent) {
        return format!("{percent:.0}%");
    }
    format!("{percent:.2}%")
}

fn list(words: &[String], lang: Lang) -> String {
    words.join(lang.pick("、", ", "))
}
