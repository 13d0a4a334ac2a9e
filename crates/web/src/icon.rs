//! Markup made in code. The only types that templates do not escape: what goes into them is checked here (T-40).

use std::fmt;

use askama::filters::HtmlSafe;

/// An icon of the sprite.
#[derive(Clone, Debug)]
pub(crate) struct Icon {
    pub(crate) sprite: String,
    pub(crate) name: String,
    pub(crate) class: &'static str,
}

impl fmt::Display for Icon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plain =
            |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_./".contains(&b));
        if !plain(&self.sprite) || !plain(&self.name) {
            return Ok(());
        }
        let Self { sprite, name, class } = self;
        write!(
            f,
            "<svg class=\"{class}\" aria-hidden=\"true\"><use href=\"{sprite}#{name}\"/></svg>"
        )
    }
}

impl HtmlSafe for Icon {}

/// The sign of the product: an open book with a check mark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Logo;

const LOGO: &str = concat!(
    r##"<svg viewBox="0 0 32 32" aria-hidden="true"><rect x="1" y="1" width="30" height="30" rx="7" fill="#fff"/>"##,
    r##"<path d="M16 10.2c-2.2-1.7-5-2.4-8.6-2.4v13.6c3.6 0 6.4.7 8.6 2.4 2.2-1.7 5-2.4 8.6-2.4V7.8c-3.6 0-6.4.7-8.6 2.4z""##,
    r##" fill="none" stroke="#0e2c4d" stroke-width="2" stroke-linejoin="round"/><path d="M11.2 15.3l3.3 3.3 6.6-6.6" fill="none""##,
    r##" stroke="#0a7a5e" stroke-width="2.6" stroke-linecap="round" stroke-linejoin="round"/></svg>"##
);

impl fmt::Display for Logo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(LOGO)
    }
}

impl HtmlSafe for Logo {}
