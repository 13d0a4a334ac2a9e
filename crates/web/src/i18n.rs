//! Words of the pages, in zh-CN first, with English by a switch.

use std::{borrow::Cow, collections::HashMap};

use axum::http::{HeaderMap, header};
use fluent_templates::{
    LanguageIdentifier, Loader, fluent_bundle::FluentValue, langid, static_loader,
};

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "zh-CN",
        // Without this every inserted value is wrapped in invisible characters.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// The language of a page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) enum Lang {
    /// Simplified Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

static ZH: LanguageIdentifier = langid!("zh-CN");
static EN: LanguageIdentifier = langid!("en");

impl Lang {
    /// What the cookie `lang` says; who never chose reads Chinese.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        if cookie(headers, "lang") == Some("en") { Self::En } else { Self::Zh }
    }

    /// The tag, as in `<html lang>`.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// One of two texts.
    pub(crate) fn pick<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Self::Zh => &ZH,
            Self::En => &EN,
        }
    }

    /// The words of a key.
    pub(crate) fn t(self, key: &str) -> String {
        LOCALES.lookup(self.id(), key)
    }

    /// The words of a key that may be none of ours.
    pub(crate) fn known(self, key: &str) -> Option<String> {
        LOCALES.try_lookup(self.id(), key)
    }

    /// The words of a key around values.
    pub(crate) fn with(self, key: &str, values: &[(&'static str, FluentValue<'static>)]) -> String {
        let values: HashMap<Cow<'static, str>, FluentValue<'static>> =
            values.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        LOCALES.lookup_with_args(self.id(), key, &values)
    }

    /// The words of a key around a number `n`.
    pub(crate) fn n(self, key: &str, n: usize) -> String {
        self.with(key, &[("n", number(n))])
    }
}

/// A number as Fluent takes it; it decides between one and many in English.
pub(crate) fn number(n: usize) -> FluentValue<'static> {
    // Counts of a county are far below 2^53.
    #[expect(clippy::cast_precision_loss, reason = "counts of a county are far below 2^53")]
    FluentValue::from(n as f64)
}

/// A cookie of a request.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(key, value)| (key == name).then_some(value))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs, path::Path};

    fn texts(folder: &str, ending: &str) -> String {
        let mut text = String::new();
        let mut folders = vec![std::path::absolute(folder).unwrap()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension() == Some(Path::new(ending).as_os_str()) {
                    text += &fs::read_to_string(path).unwrap();
                }
            }
        }
        text
    }

    fn keys(locale: &str) -> BTreeSet<String> {
        let text = texts(&format!("locales/{locale}"), "ftl");
        let keys = text.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
        keys.filter_map(|line| Some(line.split_once(" =")?.0.to_owned())).collect()
    }

    #[test]
    fn both_languages_have_the_same_keys() {
        assert_eq!(keys("zh-CN"), keys("en"));
    }

    /// Two files with one key make every page fail, so the words are looked up once here.
    #[test]
    fn no_key_stands_twice() {
        for lang in [super::Lang::Zh, super::Lang::En] {
            assert!(!lang.t("nav-cases").is_empty());
        }
    }

    #[test]
    fn every_word_of_a_page_is_in_the_files() {
        let all = keys("zh-CN");
        let (templates, sources) = (texts("templates", "html"), texts("src/pages", "rs"));
        let mut n = 0;
        for call in ["chrome.t(\"", "chrome.n(\"", "lang.t(\"", "lang.n(\"", "lang.with(\""] {
            for part in templates.split(call).skip(1).chain(sources.split(call).skip(1)) {
                let key = part.split('"').next().unwrap();
                assert!(all.contains(key), "no word for `{key}`");
                n += 1;
            }
        }
        assert!(n > 100, "{n} keys found in templates and pages");
    }

    /// What goes wrong is told under a title on pages, and by its text alone to programs.
    #[test]
    fn every_trouble_of_a_page_has_a_title_and_a_text() {
        let all = keys("zh-CN");
        let mut n = 0;
        for (folder, has_title) in [("src/pages", true), ("src/api", false)] {
            let sources = texts(folder, "rs");
            for call in ["Trouble::Changed(\"", "Trouble::Bad(\"", "Trouble::TooMany(\""] {
                for part in sources.split(call).skip(1) {
                    let key = format!("trouble-{}", part.split('"').next().unwrap());
                    assert!(all.contains(&format!("{key}-text")), "no text for `{key}`");
                    assert!(!has_title || all.contains(&key), "no title for `{key}`");
                    n += 1;
                }
            }
        }
        assert!(n > 20, "{n} troubles found in pages and interface");
    }
}
