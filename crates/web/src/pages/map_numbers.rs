//! The first row of the map and the steps from all children to those out of school, as numbers with their lists.

use baoxue_flow::{Kind, MapFigures, Tally};

use crate::{
    display::{status_look, thousands},
    i18n::Lang,
};

/// A number of the first row.
pub(crate) struct Kpi {
    pub(crate) class: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) word: String,
    pub(crate) n: String,
    pub(crate) unit: String,
    pub(crate) sub: String,
    pub(crate) href: String,
}

/// A part of a bar: class, left edge, width, of a hundred.
pub(crate) type Bar = (&'static str, String, String);

/// A step from all children to those out of school.
pub(crate) struct Step {
    pub(crate) icon: &'static str,
    pub(crate) word: String,
    pub(crate) n: String,
    pub(crate) href: String,
    pub(crate) bars: Vec<Bar>,
    /// Class, word, number, address.
    pub(crate) parts: Vec<(&'static str, String, String, String)>,
}

pub(crate) fn of(tally: &Tally, kinds: &[Kind]) -> usize {
    kinds.iter().filter_map(|kind| tally.kinds.get(kind)).sum()
}

/// The list of children whose query has these parts; empty ones say nothing.
pub(crate) fn list(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        return "/children".to_owned();
    }
    format!("/children?{}", parts.join("&"))
}

/// The list of some statuses.
fn list_of(kinds: &[Kind], part: &str) -> String {
    let pairs: Vec<String> = kinds.iter().map(|kind| format!("status={}", kind.key())).collect();
    list(&[part, &pairs.join("&")])
}

/// The numbers of the first row, of the children that `part` of a query names.
pub(crate) fn kpis(figures: &MapFigures, part: &str, lang: Lang) -> Vec<Kpi> {
    let whole = &figures.whole;
    let list_of = |kinds: &[Kind]| list_of(kinds, part);
    let kpi = |class, icon, key: &str, n: usize, href: String| Kpi {
        class,
        icon,
        word: lang.t(key),
        n: thousands(n),
        unit: lang.t("unit-children"),
        sub: lang.t(&format!("{key}-sub")),
        href,
    };
    let settled = of(whole, &[Kind::InSchool, Kind::Excepted]);
    let mut kpis = vec![
        kpi("", "users-group", "kpi-of-age", whole.of_age, list(&[part])),
        kpi("", "shield-check", "kpi-settled", settled, list_of(&[Kind::Excepted, Kind::InSchool])),
        kpi("k-out", "circle-x", "kpi-out", of(whole, &[Kind::Out]), list_of(&[Kind::Out])),
        kpi(
            "k-sus",
            "alert-triangle",
            "kpi-sus",
            of(whole, &[Kind::Suspected]),
            list_of(&[Kind::Suspected]),
        ),
        kpi(
            "",
            "help-circle",
            "kpi-unk",
            of(whole, &[Kind::Unverified]),
            list_of(&[Kind::Unverified]),
        ),
        kpi("k-con", "git-compare", "kpi-quarrel", whole.quarrels, list(&[part, "group=quarrel"])),
        kpi("k-over", "clock-exclamation", "kpi-over", figures.overdue, list(&[part, "due=over"])),
    ];
    if let (Some(kpi), Some(share)) = (kpis.get_mut(1), share(settled, whole.of_age)) {
        kpi.sub = lang.with("kpi-share", &[("share", share.into())]);
    }
    kpis
}

/// Percent with two places, cut and not rounded: what is not whole is never shown as 100.
fn share(part: usize, whole: usize) -> Option<String> {
    let hundredths = (part * 10_000).checked_div(whole)?;
    Some(format!("{}.{:02}%", hundredths / 100, hundredths % 100))
}

/// The class of a status in bars.
const fn fill(kind: Kind) -> &'static str {
    match kind {
        Kind::Out => "f-out",
        Kind::Suspected => "f-sus",
        Kind::Conflict => "f-con",
        Kind::Unverified => "f-unk",
        Kind::Excepted => "f-ex",
        Kind::InSchool => "f-in",
        Kind::Gone => "f-track",
    }
}

/// Bars side by side, their lengths as the numbers.
fn bars(parts: &[(&'static str, usize)]) -> Vec<Bar> {
    let sum: usize = parts.iter().map(|(_, n)| n).sum();
    let mut before = 0;
    let mut bars = Vec::new();
    for (class, n) in parts {
        let at = |n: usize| share(n, sum).map(|text| text.trim_end_matches('%').to_owned());
        if let (Some(left), Some(width)) = (at(before), at(*n)) {
            bars.push((*class, left, width));
        }
        before += n;
    }
    bars
}

pub(crate) fn steps(figures: &MapFigures, part: &str, lang: Lang) -> Vec<Step> {
    let whole = &figures.whole;
    let list_of = |kinds: &[Kind]| list_of(kinds, part);
    let step = |icon, key: &str, kinds: &[Kind]| Step {
        icon,
        word: lang.t(key),
        n: thousands(of(whole, kinds)),
        href: list_of(kinds),
        bars: bars(&kinds.iter().map(|k| (fill(*k), of(whole, &[*k]))).collect::<Vec<_>>()),
        parts: kinds
            .iter()
            .map(|kind| {
                let (_, icon, key) = status_look(*kind);
                (icon, lang.t(key), thousands(of(whole, &[*kind])), list_of(&[*kind]))
            })
            .collect(),
    };
    let outside = figures.everybody - whole.of_age;
    let all = Step {
        icon: "users",
        word: lang.t("step-all"),
        n: thousands(figures.everybody),
        href: list(&[part, "all=1"]),
        bars: bars(&[("f-pri", whole.of_age), ("f-track", outside)]),
        parts: Vec::new(),
    };
    let of_age = Step {
        icon: "users-group",
        word: lang.t("kpi-of-age"),
        n: thousands(whole.of_age),
        href: list(&[part]),
        bars: bars(&[("f-pri", whole.of_age)]),
        parts: Vec::new(),
    };
    vec![
        all,
        of_age,
        step("shield-check", "step-settled", &[Kind::InSchool, Kind::Excepted]),
        step("gavel", "step-open", &[Kind::Suspected, Kind::Conflict, Kind::Unverified]),
        step("circle-x", "step-out", &[Kind::Out]),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_never_rounded_up_to_all() {
        assert_eq!(share(149_999, 150_000).unwrap(), "99.99%");
        assert_eq!(share(3, 3).unwrap(), "100.00%");
        assert_eq!(share(0, 0), None);
    }

    #[test]
    fn bars_stand_side_by_side() {
        let told = bars(&[("f-in", 1), ("f-ex", 3)]);
        assert_eq!(told[1], ("f-ex", "25.00".to_owned(), "75.00".to_owned()));
    }
}
