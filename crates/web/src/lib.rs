//! The web application: pages rendered on the server over what `flow` gives, for officials who work here all day.
//!
//! No page computes a status, holds a rule or writes SQL. Whoever asks is known by a session; what that account may see
//! and do is decided in one place ([`baoxue_authz`]) and asked before anything is read.

mod api;
mod app;
mod assets;
mod casebook;
mod chrome;
mod day;
mod display;
mod door;
mod doubles;
mod forms;
mod guard;
mod heads;
mod held;
mod i18n;
mod icon;
mod intray;
mod jobs;
mod letterbook;
mod metrics;
mod pages;
mod post;
mod routes;
mod serve;
mod trouble;

pub use app::{App, DemoAccount, Options, StartError};
pub use assets::AssetsError;
pub use heads::Heads;
pub use pages::{router, routes};
pub use routes::{Needs, Route};
pub use serve::{Doors, ServeError, serve};
