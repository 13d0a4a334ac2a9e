//! The set comparisons of 四查三比对: household register against student registry, student registry against classroom,
//! dropouts against the poverty register, those that no register holds, and what became of those reported.
//!
//! Every child of the base stands in exactly one class of each comparison; [`compare`] checks the sums and refuses
//! tables that do not add up, naming whom they miss. [`Comparison::only`] does the same with a breakdown that somebody
//! brings: 14 = 4 + 7 + 2 is refused, and the fourteenth child named.

use std::collections::BTreeMap;

use baoxue_claim::{ChildId, VerdictCode};
use serde::{Deserialize, Serialize};

use crate::{Determined, towns::ReportedAs};

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
    /// What became of the children whom towns and inspections reported; its base is those, of age or not.
    pub reported: Comparison,
}

impl Comparisons {
    /// All of them, in the order of the tables.
    pub const fn all(&self) -> [&Comparison; 5] {
        [
            &self.household_and_registry,
            &self.registry_and_school,
            &self.dropout_and_poverty,
            &self.registers,
            &self.reported,
        ]
    }
}

impl Comparison {
    /// The breakdown into these classes alone, as a speech or a report has it.
    ///
    /// # Errors
    /// [`BreakdownError`] when a class is not one of the comparison, or when they do not add up to its base.
    pub fn only(&self, names: &[&str]) -> Result<Self, BreakdownError> {
        let mut classes = Vec::new();
        for name in names {
            let Some(class) = self.classes.iter().find(|class| class.name == *name) else {
                let known: Vec<&str> = self.classes.iter().map(|c| c.name.as_str()).collect();
                return Err(BreakdownError::Class {
                    table: self.name.clone(),
                    class: (*name).to_owned(),
                    known: known.join(", "),
                });
            };
            classes.push(class.clone());
        }
        let breakdown = Self { classes, ..self.clone() };
        breakdown.check(self.classes.iter().flat_map(|class| &class.children))?;
        Ok(breakdown)
    }

    /// That every child of `base` stands in exactly one class.
    fn check<'c>(&self, base: impl Iterator<Item = &'c ChildId>) -> Result<(), SumError> {
        let mut seen: BTreeMap<ChildId, usize> = base.map(|child| (*child, 0)).collect();
        for child in self.classes.iter().flat_map(|class| &class.children) {
            *seen.entry(*child).or_default() += 1;
        }
        let those = |wanted: fn(usize) -> bool| -> Vec<ChildId> {
            seen.iter().filter(|(_, n)| wanted(**n)).map(|(child, _)| *child).collect()
        };
        let (missing, twice) = (those(|n| n == 0), those(|n| n > 1));
        if missing.is_empty() && twice.is_empty() {
            return Ok(());
        }
        let parts = self.classes.iter().map(|class| class.children.len()).collect();
        Err(SumError { table: self.name.clone(), whole: self.base, parts, missing, twice })
    }
}

/// A breakdown that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BreakdownError {
    /// A class that the table does not have.
    #[error("`{class}` is no class of `{table}`; its classes are {known}")]
    Class {
        /// The table.
        table: String,
        /// The class asked for.
        class: String,
        /// Those it has.
        known: String,
    },
    /// It does not add up.
    #[error(transparent)]
    Sum(#[from] SumError),
}

/// A table whose classes do not add up to its base.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{table}`: {whole} is not {parts:?}: missing {missing:?}, counted twice {twice:?}")]
pub struct SumError {
    /// The table.
    pub table: String,
    /// Children of the base.
    pub whole: usize,
    /// Children of each class.
    pub parts: Vec<usize>,
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
    let reported: Vec<&Determined> =
        determined.iter().filter(|child| ReportedAs::of(child).is_some()).collect();
    Ok(Comparisons {
        household_and_registry: partition(&base, &HOUSEHOLD_AND_REGISTRY)?,
        registry_and_school: partition(&base, &REGISTRY_AND_SCHOOL)?,
        dropout_and_poverty: partition(&base, &DROPOUT_AND_POVERTY)?,
        registers: partition(&base, &REGISTERS)?,
        reported: partition(&reported, &REPORTED)?,
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
            "household_only_out",
            "有户籍无学籍，失学、辍学或疑似",
            "household only, out of school or suspected",
            |c| household(c) && !registry(c) && c.verdict.code.accuses(),
        ),
        (
            "household_only_open",
            "有户籍无学籍，待核",
            "household only, to be checked",
            |c| household(c) && !registry(c) && !accounted(c) && !c.verdict.code.accuses(),
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

const REPORTED: Definition = Definition {
    name: "reported",
    zh: "上报人数构成",
    en: "what became of those reported",
    classes: &[
        ("not_dropout_by_policy", "按政策不属于辍学", "not a dropout by policy", |c| {
            ReportedAs::of(c) == Some(ReportedAs::NotByPolicy)
        }),
        ("undecided", "疑似或待核", "undecided", |c| {
            ReportedAs::of(c) == Some(ReportedAs::Undecided)
        }),
        ("mishandled_policy", "政策落实不到位", "policy mishandled", |c| {
            ReportedAs::of(c) == Some(ReportedAs::Mishandled)
        }),
        ("city_inspection", "督查发现", "found by inspection", |c| {
            ReportedAs::of(c) == Some(ReportedAs::Inspection)
        }),
        ("unexplained", "原因不明", "unexplained", |c| {
            ReportedAs::of(c) == Some(ReportedAs::Unexplained)
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
    codes.contains(&child.verdict.code) && child.verdict.answer != crate::Answer::OPEN
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
    for child in base {
        for (class, (.., holds)) in classes.iter_mut().zip(definition.classes) {
            if holds(child) {
                class.children.push(child.profile.child);
            }
        }
    }
    for class in &mut classes {
        class.children.sort_unstable();
    }
    let comparison = Comparison {
        name: definition.name.to_owned(),
        title_zh: definition.zh.to_owned(),
        title_en: definition.en.to_owned(),
        base: base.len(),
        classes,
    };
    comparison.check(base.iter().map(|child| &child.profile.child))?;
    Ok(comparison)
}
