//! That somebody has reported, whatever the report said.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{TownCode, compact};

/// That a school, or a town for its schools, has reported its absent pupils up to a day. It says nothing about any child:
/// it tells a school that has nobody to report from one that has not reported.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Report {
    /// The school as written; `None` when the list names none.
    pub school: Option<String>,
    /// The town that sent the list.
    pub town: Option<TownCode>,
    /// Last day of the report.
    pub until: NaiveDate,
    /// Whether it names no child.
    pub zero: bool,
}

/// Whether two schools as written are one: the same name, or the same behind the name of a county, city or district.
///
/// ```
/// use baoxue_claim::same_school;
/// assert!(same_school("甲县东沟小学", "东沟小学"));
/// assert!(!same_school("上东沟小学", "东沟小学"));
/// ```
pub fn same_school(one: &str, other: &str) -> bool {
    let (one, other) = (compact(one), compact(other));
    let within = |long: &str, short: &str| {
        let before = long.strip_suffix(short).unwrap_or_default();
        !short.is_empty() && before.ends_with(['省', '市', '县', '区', '州', '旗'])
    };
    (one == other && !one.is_empty()) || within(&one, &other) || within(&other, &one)
}
