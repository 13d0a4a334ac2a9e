//! The program as its users meet it: real files in, exit codes, messages, ledgers and exports out.

mod bad_input;
mod districts;
mod kill;
mod masking;
mod program;
mod rejects;
mod rulings;
mod sample_county;
