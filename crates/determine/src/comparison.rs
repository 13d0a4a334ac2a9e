//! The set comparisons of 四查三比对: household register against student registry, student registry against classroom,
//! dropouts against the poverty register, and those that no register holds.
//!
//! Every child of the base stands in exactly one class of each comparison; [`compare`] checks the sums and refuses
//! tables that do not add up, naming whom they miss.

use baoxue_claim::{ChildId, VerdictCode};
use serde::{Deserialize, Serialize};

use crate::Determined;

/// One comparison: its classes partition the base.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparison {
    /// Stable name, such as `household_and_registry`.
    pub name: String,
    /// Heading in zh-CN.
    pub title_zh: String,
    /// Heading in English.
    pub title_en: String,
    /// Number of children compared.
    pub base: usize,
    /// Classes in a fixed order, empty ones too.
    pub classes: Vec<Class>,
}

/// One class of a comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Stable name, such as `household_only`.
    pub name: String,
    /// Heading in zh-CN.
    pub title_zh: String,
    /// Heading in English.
    pub title_en: String,
    /// The children, ascending.
    pub children: Vec<ChildId>,
}

/// All comparisons over the same children.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comparisons {
    /// 户籍−学籍.
    pub household_and_registry: Comparison,
    /// 学籍−在校.
    pub registry_and_school: Comparison,
    /// 辍学∩脱贫(建档立卡).
    pub dropout_and_poverty: Comparison,
    /// Those in no register at all.
    pub registers: Comparison,
}

/// A table whose classes do not add up to its base.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{table}: missing {missing:?}, counted twice {twice:?}")]
pub struct SumError {
    /// The table.
    pub table: String,
    /// Children of the base in no class.
    pub missing: Vec<ChildId>,
    /// Children in two classes.
    pub twice: Vec<ChildId>,
}

/// Compares the children of compulsory age that belong to the population: the dead, the moved, the emigrated and the
/// mistakes of the register are no longer in it.
///
/// # Errors
/// [`SumError`] when the classes of a comparison are no partition of the base.
pub fn compare(determined: &[Determined]) -> Result<Comparisons, SumError> {
    let base: Vec<&Determined> = determined.iter().filter(|child| child.is_of_age()).collect();
    Ok(Comparisons {
        household_and_registry: partition(&base, &HOUSEHOLD_AND_REGISTRY)?,
        registry_and_school: partition(&base, &REGISTRY_AND_SCHOOL)?,
        dropout_and_poverty: partition(&base, &DROPOUT_AND_POVERTY)?,
        registers: partition(&base, &REGISTERS)?,
    })
}

/// A comparison as defined: names, titles, and for each class whom it holds.
struct Definition {
    name: &'static str,
    zh: &'static str,
    en: &'static str,
    classes: &'static [(&'static str, &'static str, &'static str, Holds)],
}

type Holds = fn(&Determined) -> bool;

const HOUSEHOLD_AND_REGISTRY: Definition = Definition {
    name: "household_and_registry",
    zh: "户籍与学籍比对",
    en: "household register against student registry",
    classes: &[
        ("both", "有户籍有学籍", "in both", |c| household(c) && registry(c)),
        (
            "household_only_accounted",
            "有户籍无学籍，去向清楚",
            "household only, accounted for",
            |c| household(c) && !registry(c) && accounted(c),
        ),
        (
            "household_only_unaccounted",
            "有户籍无学籍，失学或待核",
            "household only, not accounted for",
            |c| household(c) && !registry(c) && !accounted(c),
        ),
        ("registry_only", "有学籍无本县户籍", "registry only", |c| {
            !household(c) && registry(c)
        }),
        ("neither", "户籍学籍均无", "in neither", |c| !household(c) && !registry(c)),
    ],
};

const REGISTRY_AND_SCHOOL: Definition = Definition {
    name: "registry_and_school",
    zh: "学籍与在校比对",
    en: "student registry against classroom",
    classes: &[
        ("present", "在籍在校", "on the roll and present", |c| on_roll(c) && present(c)),
        ("elsewhere", "在籍，人在外地就读", "on the roll, in school elsewhere", |c| {
            on_roll(c) && c.verdict.code == VerdictCode::EnrolledElsewhere
        }),
        ("excused", "在籍，经批准不在校", "on the roll, excused", |c| {
            on_roll(c) && excused(c)
        }),
        ("absent", "在籍不在校（辍学、疑似辍学）", "on the roll, absent", |c| {
            on_roll(c) && c.verdict.code.accuses()
        }),
        ("to_be_checked", "在籍，待核", "on the roll, to be checked", |c| {
            on_roll(c)
                && !present(c)
                && !excused(c)
                && !c.verdict.code.accuses()
                && c.verdict.code != VerdictCode::EnrolledElsewhere
        }),
        ("present_not_on_roll", "在校无在校学籍", "present, not on the roll", |c| {
            !on_roll(c) && present(c)
        }),
        (
            "not_on_roll",
            "无在校学籍，也不在本县学校",
            "neither on the roll nor present",
            |c| !on_roll(c) && !present(c),
        ),
    ],
};

const DROPOUT_AND_POVERTY: Definition = Definition {
    name: "dropout_and_poverty",
    zh: "辍学与建档立卡（脱贫户）比对",
    en: "dropouts against the poverty register",
    classes: &[
        (
            "out_and_poor",
            "不在校，建档立卡户",
            "out of school, in the poverty register",
            |c| out(c) && poor(c),
        ),
        ("out_not_poor", "不在校，非建档立卡户", "out of school, not in it", |c| {
            out(c) && !poor(c)
        }),
        ("not_out_poor", "未认定不在校，建档立卡户", "not found out, in it", |c| {
            !out(c) && poor(c)
        }),
        ("not_out_not_poor", "其余", "the rest", |c| !out(c) && !poor(c)),
    ],
};

const REGISTERS: Definition = Definition {
    name: "registers",
    zh: "各类名册覆盖",
    en: "which registers hold the child",
    classes: &[
        ("household", "在户籍", "in the population register", household),
        ("registry", "不在户籍，在学籍", "only in the student registry", |c| {
            !household(c) && registry(c)
        }),
        (
            "other",
            "只在建档立卡或残联名册",
            "only in the poverty or disability register",
            |c| !household(c) && !registry(c) && listed(c),
        ),
        ("none", "任何名册都没有", "in no register at all", |c| {
            !household(c) && !registry(c) && !listed(c)
        }),
    ],
};

const fn household(child: &Determined) -> bool {
    child.profile.in_population_register
}

const fn registry(child: &Determined) -> bool {
    child.profile.in_student_registry
}

const fn on_roll(child: &Determined) -> bool {
    child.profile.on_live_roll
}

const fn poor(child: &Determined) -> bool {
    child.profile.hardship.poverty
}

const fn listed(child: &Determined) -> bool {
    child.profile.hardship.poverty || child.profile.hardship.disabled
}

const fn out(child: &Determined) -> bool {
    child.verdict.code.is_out()
}

fn present(child: &Determined) -> bool {
    [VerdictCode::EnrolledLocal, VerdictCode::HomeTeaching].contains(&child.verdict.code)
}

fn excused(child: &Determined) -> bool {
    let excused = [VerdictCode::Suspended, VerdictCode::Deferred, VerdictCode::Unable];
    excused.contains(&child.verdict.code)
}

/// Whether it is known where the child is, lawfully.
fn accounted(child: &Determined) -> bool {
    let codes = [
        VerdictCode::EnrolledLocal,
        VerdictCode::EnrolledElsewhere,
        VerdictCode::HomeTeaching,
        VerdictCode::Completed,
        VerdictCode::Suspended,
        VerdictCode::Deferred,
        VerdictCode::Unable,
        VerdictCode::OtherArrangement,
    ];
    codes.contains(&child.verdict.code)
}

/// Puts every child of the base into the classes that hold it; anything but exactly one is an error.
fn partition(base: &[&Determined], definition: &Definition) -> Result<Comparison, SumError> {
    let mut classes: Vec<Class> = definition
        .classes
        .iter()
        .map(|(name, zh, en, _)| Class {
            name: (*name).to_owned(),
            title_zh: (*zh).to_owned(),
            title_en: (*en).to_owned(),
            children: Vec::new(),
        })
        .collect();
    let (mut missing, mut twice) = (Vec::new(), Vec::new());
    for child in base {
        let mut n_classes = 0;
        for (class, (.., holds)) in classes.iter_mut().zip(definition.classes) {
            if holds(child) {
                class.children.push(child.profile.child);
                n_classes += 1;
            }
        }
        match n_classes {
            0 => missing.push(child.profile.child),
            1 => {}
            _ => twice.push(child.profile.child),
        }
    }
    if !missing.is_empty() || !twice.is_empty() {
        return Err(SumError { table: definition.name.to_owned(), missing, twice });
    }
    for class in &mut classes {
        class.children.sort_unstable();
    }
    Ok(Comparison {
        name: definition.name.to_owned(),
        title_zh: definition.zh.to_owned(),
        title_en: definition.en.to_owned(),
        base: base.len(),
        classes,
    })
}
