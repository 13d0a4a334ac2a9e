//! The program as its users meet it: real files in, exit codes, messages, ledgers and exports out.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up its story must fail")]

mod accounts;
mod answers;
mod bad_input;
mod care;
mod cases;
mod districts;
mod false_time;
mod figures;
mod home_teaching;
mod kill;
mod later_word;
mod link_accuracy;
mod link_bad_input;
mod link_files;
mod link_order;
mod link_review;
mod link_update;
mod masking;
mod program;
mod put_back;
mod refusals;
mod registers;
mod rejects;
mod returns;
mod rules;
mod rulings;
mod sample_county;
mod serving;
mod unread;
mod web;
