//! The comparisons on their own, and breakdowns that somebody brings: what does not add up is refused with names.

use baoxue_claim::ChildId;
use baoxue_determine::{
    accounting::Accounting,
    comparison::{self, BreakdownError, Comparison, Comparisons, SumError},
};
use baoxue_store::Store;

use crate::{County, Derived, FlowError, lines::town_name, outputs};

/// More children than these are counted in a refusal, not named.
const MAX_NAMED: usize = 20;

/// The comparisons and the account of listings.
#[derive(Clone, Debug)]
pub struct Figures {
    /// 四查三比对, and what became of those reported.
    pub comparisons: Comparisons,
    /// 错报、漏报.
    pub account: Accounting,
}

/// A breakdown that does not add up, in words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{en}")]
pub struct Refusal {
    /// In zh-CN.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// Makes the figures of what was derived.
///
/// # Errors
/// [`FlowError`] when a table does not add up or the store refuses.
pub async fn figures(
    store: &Store,
    county: &County,
    derived: &Derived,
) -> Result<Figures, FlowError> {
    let comparisons = comparison::compare(&derived.determined)?;
    let silent = outputs::unsure_towns(store, county).await?;
    let account = outputs::account(&silent, county, derived)?;
    Ok(Figures { comparisons, account })
}

/// The breakdown of a comparison into some of its classes alone.
///
/// # Errors
/// [`FlowError::Breakdown`] when there is no such table or class, or the classes do not add up: then with the names of the
/// children they miss.
pub fn breakdown(
    comparisons: &Comparisons,
    (table, classes): (&str, &[&str]),
    county: &County,
    derived: &Derived,
) -> Result<Comparison, FlowError> {
    let all = comparisons.all();
    let Some(comparison) = all.iter().find(|comparison| comparison.name == table) else {
        let known: Vec<&str> = all.iter().map(|comparison| comparison.name.as_str()).collect();
        let known = known.join("、");
        return Err(FlowError::Breakdown(Refusal {
            zh: format!("没有“{table}”这个比对；可用的有：{known}"),
            en: format!("there is no comparison `{table}`; there are {known}"),
        }));
    };
    comparison.only(classes).map_err(|error| {
        FlowError::Breakdown(match error {
            BreakdownError::Class { class, known, .. } => Refusal {
                zh: format!("“{table}”没有“{class}”这一类；可用的有：{known}"),
                en: format!("`{class}` is no class of `{table}`; there are {known}"),
            },
            BreakdownError::Sum(error) => refusal(&error, county, derived),
        })
    })
}

fn refusal(error: &SumError, county: &County, derived: &Derived) -> Refusal {
    let parts: Vec<String> = error.parts.iter().map(ToString::to_string).collect();
    let (sum, whole) = (parts.join("＋"), error.whole);
    let total: usize = error.parts.iter().sum();
    let list = |children: &[ChildId], sign: &str| {
        let first = children.iter().take(MAX_NAMED);
        let mut names: String =
            first.map(|child| name_of(*child, county, derived)).collect::<Vec<_>>().join(sign);
        if children.len() > MAX_NAMED {
            names.push('…');
        }
        names
    };
    let (missing, twice) = (error.missing.len(), error.twice.len());
    let mut zh = vec![format!("构成不符：{whole}≠{sum}（合计{total}）。")];
    let mut en =
        vec![format!("the breakdown does not add up: {whole} is not {sum}, which is {total}.")];
    if missing > 0 {
        zh.push(format!("漏了{missing}人：{}。", list(&error.missing, "、")));
        en.push(format!("It misses {missing}: {}.", list(&error.missing, ", ")));
    }
    if twice > 0 {
        zh.push(format!("重复计算{twice}人：{}。", list(&error.twice, "、")));
        en.push(format!("It counts {twice} twice: {}.", list(&error.twice, ", ")));
    }
    Refusal { zh: zh.concat(), en: en.join(" ") }
}

/// Name, town and number of a child: names alone are many people's.
fn name_of(child: ChildId, county: &County, derived: &Derived) -> String {
    let profile = derived.position(child).map(|at| &derived.determined[at].profile);
    let name =
        profile.and_then(|p| p.name.as_ref()).map_or("（无姓名）", |name| name.expose());
    let town = profile.and_then(|p| town_name(p.town, &county.towns));
    format!("{name}（{}{child}）", town.map(|town| format!("{town}，")).unwrap_or_default())
}
