//! What to say of a newer register that is too different from an older one to replace it.

use baoxue_claim::{TownCode, Towns};
use baoxue_determine::{ListDoubt, SnapshotDoubt};
use serde::{Deserialize, Serialize};

/// More lists than these are counted, not named.
const MAX_NAMED: usize = 5;

/// A newer register that does not replace an older one, with what to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterDoubt {
    /// Which, and how different.
    #[serde(flatten)]
    pub doubt: SnapshotDoubt,
    /// The sentence in zh-CN.
    pub zh: String,
    /// The sentence in English.
    pub en: String,
}

impl RegisterDoubt {
    /// Puts a doubt into words.
    pub(crate) fn new(doubt: SnapshotDoubt, towns: &Towns) -> Self {
        let SnapshotDoubt { source, older, newer, lists } = &doubt;
        let named = &lists[..lists.len().min(MAX_NAMED)];
        let zh: Vec<String> = named
            .iter()
            .map(|list| {
                let name = name_of(list, towns);
                format!("{name}（应有{}人，新名册有{}人）", list.expected, list.found)
            })
            .collect();
        let en: Vec<String> = named
            .iter()
            .map(|list| format!("{} ({} of {})", name_of(list, towns), list.found, list.expected))
            .collect();
        let n = lists.len();
        let zh = format!(
            "{}：{newer}的名册与{older}的相差太大，有{n}个单位仍按旧名册：{}{}。请核对新名册是否齐全，缺的补报；确已离开的，报送转出、毕业等记录。",
            source.zh(),
            zh.join("、"),
            if n > MAX_NAMED { "等" } else { "" },
        );
        let en = format!(
            "{source}: the list of {newer} differs too much from that of {older}; {n} stay as they were: {}{}. Check whether the newer one is whole and send what is missing; for those who left, send their transfers or graduations",
            en.join(", "),
            if n > MAX_NAMED { " …" } else { "" },
        );
        Self { doubt, zh, en }
    }
}

/// The school, or the town by its name.
fn name_of(list: &ListDoubt, towns: &Towns) -> String {
    let town = list.name.parse::<TownCode>().ok().and_then(|code| towns.get(code));
    town.map_or_else(|| list.name.clone(), |town| town.name.clone())
}
