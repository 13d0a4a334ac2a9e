//! Page numbers under a list.

use crate::{display::thousands, forms::Asked, i18n::Lang};

/// One number.
#[derive(Clone, Debug)]
pub(crate) struct PageLink {
    pub(crate) word: String,
    pub(crate) href: Option<String>,
    pub(crate) here: bool,
}

/// The numbers, and which lines are shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pager {
    pub(crate) range: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) links: Vec<PageLink>,
}

impl Pager {
    /// Numbers for a list of `total` lines of which `shown` stand on the page asked for.
    pub(crate) fn new(asked: &Asked, total: usize, shown: usize, lang: Lang) -> Self {
        let (page, size) = (asked.page(), asked.size());
        let last = total.div_ceil(size).max(1);
        let first_line = (page - 1) * size + 1;
        let range = lang.with(
            "page-range",
            &[
                ("first", thousands(first_line).into()),
                ("last", thousands(first_line + shown.max(1) - 1).into()),
                ("total", thousands(total).into()),
            ],
        );
        let mut links = Vec::new();
        let mut before = 0;
        for number in (1..=last).filter(|n| *n == 1 || *n == last || n.abs_diff(page) <= 2) {
            if number > before + 1 {
                links.push(PageLink { word: "…".to_owned(), href: None, here: false });
            }
            let here = number == page;
            let href = (!here).then(|| asked.at_page(number));
            links.push(PageLink { word: number.to_string(), href, here });
            before = number;
        }
        Self {
            range,
            before: (page > 1).then(|| asked.at_page(page - 1)),
            after: (page < last).then(|| asked.at_page(page + 1)),
            links,
        }
    }
}
