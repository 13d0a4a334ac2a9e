//! What to say of a newer register that is too different from an older one to replace it, and of one that is missing or
//! has only a part of the children.

use baoxue_claim::{Source, TownCode, Towns};
use baoxue_determine::{Coverage, ListDoubt, SnapshotDoubt};
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

/// A main register that has not come, or holds too few of the children who ought to be in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisterGap {
    /// Which.
    pub source: Source,
    /// Children of compulsory age who ought to be in it; 0 when it has not come.
    pub expected: usize,
    /// Those of them who are.
    pub found: usize,
    /// Names of the towns that it lacks, when it lacks only some.
    pub towns: Vec<String>,
    /// The sentence in zh-CN.
    pub zh: String,
    /// The sentence in English.
    pub en: String,
}

impl RegisterGap {
    /// What is missing of the main registers.
    pub(crate) fn all(coverage: &Coverage, towns: &Towns) -> Vec<Self> {
        let mut gaps = Vec::new();
        if !coverage.register_is_whole() {
            let cover = coverage.register.map(|cover| (cover.expected, cover.found));
            gaps.push(Self::new(Source::PopulationRegister, cover, Vec::new()));
        }
        let lacking = coverage.towns_not_covered();
        if !coverage.registry_is_whole() {
            let cover = coverage.registry.map(|cover| (cover.expected, cover.found));
            gaps.push(Self::new(Source::StudentRegistry, cover, Vec::new()));
        } else if !lacking.is_empty() {
            let covers = lacking.iter().filter_map(|town| coverage.towns.get(town));
            let sum = covers.fold((0, 0), |(e, f), cover| (e + cover.expected, f + cover.found));
            let name = |town: &TownCode| {
                towns.get(*town).map_or_else(|| town.to_string(), |town| town.name.clone())
            };
            let names = lacking.iter().map(name).collect();
            gaps.push(Self::new(Source::StudentRegistry, Some(sum), names));
        }
        gaps
    }

    fn new(source: Source, cover: Option<(usize, usize)>, towns: Vec<String>) -> Self {
        let registry = source == Source::StudentRegistry;
        let (expected, found) = cover.unwrap_or_default();
        let name = source.zh();
        let what = match cover {
            None => format!("没有收到{name}。"),
            Some(_) if towns.is_empty() => {
                format!("{name}不齐：应有{expected}名适龄儿童，只有{found}名。")
            }
            Some(_) => {
                format!("{name}不齐：{}应有{expected}名在校学生，只有{found}名。", towns.join("、"))
            }
        };
        let so = if registry {
            "查无学籍不作为辍学的依据，相关儿童列入核实中；请补报学籍后重新运行。"
        } else {
            "户籍与学籍比对不完整；请补报后重新运行。"
        };
        let en_what = match cover {
            None => format!("the {source} has not come;"),
            Some(_) if towns.is_empty() => {
                format!("the {source} is not whole: {found} of {expected} children of age;")
            }
            Some(_) => {
                let towns = towns.join(", ");
                format!("the {source} is not whole for {towns}: {found} of {expected} pupils;")
            }
        };
        let en_so = if registry {
            "that a child is not in it accuses nobody, such children are listed as unverified; send it and run again"
        } else {
            "what is compared with it is not complete; send it and run again"
        };
        let (zh, en) = (format!("{what}{so}"), format!("{en_what} {en_so}"));
        Self { source, expected, found, towns, zh, en }
    }
}
