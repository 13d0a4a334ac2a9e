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
pub enum Lang {
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
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// One of two texts.
    pub fn pick<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
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
    pub fn t(self, key: &str) -> String {
        LOCALES.lookup(self.id(), key)
    }

    /// The words of a key around values.
    pub fn with(self, key: &str, values: &[(&'static str, FluentValue<'static>)]) -> String {
        let values: HashMap<Cow<'static, str>, FluentValue<'static>> =
            values.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        LOCALES.lookup_with_args(self.id(), key, &values)
    }

    /// The words of a key around a number `n`.
    pub fn n(self, key: &str, n: usize) -> String {
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
