//! One file per command.

pub(crate) mod account;
pub(crate) mod aid;
pub(crate) mod answer;
pub(crate) mod compare;
pub(crate) mod decide;
pub(crate) mod demo;
pub(crate) mod derive;
pub(crate) mod doctor;
pub(crate) mod expiring;
pub(crate) mod export;
pub(crate) mod id;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod listings;
pub(crate) mod monitor;
pub(crate) mod read_file;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod sample;
pub(crate) mod score;
pub(crate) mod serve;
pub(crate) mod signs;
pub(crate) mod status;
pub(crate) mod trace;
pub(crate) mod verify;
pub(crate) mod withdraw;
