//! Words that betray custody, an offence or a specialised school.

use crate::compact;

/// Circumstances that no table, page or paper may name.
///
/// Source: Law on Prevention of Juvenile Delinquency art. 59.
const SEALED: [&str; 31] = [
    "服刑",
    "羁押",
    "社区矫正",
    "专门矫治",
    "矫治教育",
    "专门教育",
    "专门学校",
    "工读",
    "看守所",
    "拘留",
    "少管",
    "未管所",
    "少年犯",
    "未成年犯",
    "管教所",
    "监狱",
    "入狱",
    "坐牢",
    "判刑",
    "刑拘",
    "刑事",
    "逮捕",
    "犯罪",
    "违法",
    "涉案",
    "收监",
    "缓刑",
    "劳教",
    "戒毒",
    "取保候审",
    "强制隔离",
];

/// Whether a text names a circumstance that is sealed, blanks inside its words or not.
///
/// ```
/// assert!(baoxue_claim::names_sealed("在某地 看 守 所"));
/// assert!(!baoxue_claim::names_sealed("某县特殊教育学校"));
/// ```
pub fn names_sealed(text: &str) -> bool {
    let text = compact(text);
    SEALED.iter().any(|word| text.contains(word))
}
