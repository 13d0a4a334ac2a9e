//! What all children tell, so that one of them can be explained when the others are not at hand.

use serde::{Deserialize, Serialize};

use crate::{Child, Coverage, Explanation, Files, Pack, Settings, sitting::explain_within};

/// What a child is judged by beside its own rows: the reports and rolls in the store, and whether the registers are whole.
///
/// It is kept with a run. A page that shows one child of a hundred thousand judges by it without reading the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    pub(crate) files: Files,
    pub(crate) has_register: bool,
    pub(crate) coverage: Coverage,
}

impl Context {
    /// Everything about the verdict on a child whose replaced and waiting rows are marked already.
    pub fn explain(&self, child: &Child<'_>, pack: &Pack, settings: &Settings) -> Explanation {
        explain_within(self, child, pack, settings)
    }
}
