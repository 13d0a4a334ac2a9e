//! Accounts, signing in and sessions (T-10 to T-15), on both databases.
#![cfg(test)]

#[path = "people/access.rs"]
mod access;
#[path = "people/accounts.rs"]
mod accounts;
#[path = "people/audit.rs"]
mod audit;
#[path = "people/common.rs"]
mod common;
#[path = "people/exports.rs"]
mod exports;
#[path = "people/factor.rs"]
mod factor;
#[path = "people/findings.rs"]
mod findings;
#[path = "people/letters.rs"]
mod letters;
#[path = "people/limits.rs"]
mod limits;
#[path = "people/notices.rs"]
mod notices;
#[path = "people/outgoing.rs"]
mod outgoing;
#[path = "people/passwords.rs"]
mod passwords;
#[path = "people/sessions.rs"]
mod sessions;
#[path = "people/tips.rs"]
mod tips;
#[path = "people/unread.rs"]
mod unread;
