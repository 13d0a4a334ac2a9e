//! Who may do what. One function decides, by policies in text files; what no policy permits is refused, and so is
//! everything when a policy is wrong. Lists are narrowed by [`scope`], which the same policies decide.

mod action;
mod actor;
mod engine;
mod entities;
mod resource;
mod scope;

pub use action::Action;
pub use actor::{Actor, Areas, Factor, Role, State};
pub use engine::{Decision, PolicyError, check, decide};
pub use resource::{Place, Resource};
pub use scope::{Scope, Standing, scope};
