//! Checks of the repository that the compiler does not make: `cargo xtask tidy`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool talks to its user"
)]

mod edges;
mod files;

use std::{path::Path, process::ExitCode};

use anyhow::{Context, Result};

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("tidy") {
        return report(tidy());
    }
    eprintln!("usage: cargo xtask tidy");
    ExitCode::from(2)
}

/// All findings of all checks, each as `path: what is wrong`.
fn tidy() -> Result<Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("no folder above xtask")?;
    let mut findings = edges::check(root)?;
    findings.extend(files::check(root)?);
    Ok(findings)
}

fn report(findings: Result<Vec<String>>) -> ExitCode {
    match findings {
        Ok(findings) if findings.is_empty() => {
            println!("tidy: nothing found");
            ExitCode::SUCCESS
        }
        Ok(findings) => {
            for finding in &findings {
                eprintln!("{finding}");
            }
            eprintln!("tidy: {} findings", findings.len());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("tidy: {error:#}");
            ExitCode::FAILURE
        }
    }
}
