//! Checks of the repository that the compiler does not make: `cargo xtask tidy`.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command line tool talks to its user"
)]

mod edges;
mod files;
mod injection;
mod trust;

use std::process::ExitCode;

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
    // Not the folder that xtask was built in: several checkouts may share one target folder.
    let here = std::env::current_dir().context("no current folder")?;
    let root = here.ancestors().find(|folder| folder.join("xtask").is_dir());
    let root = root.context("run it inside the checkout")?;
    let mut findings = edges::check(root)?;
    findings.extend(files::check(root)?);
    findings.extend(trust::check(root)?);
    findings.extend(injection::check(root)?);
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
