//! What every file must keep to: an opening line, a size, no path of a machine, documents that name real paths.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// Lines of a source file; beyond this an idea is missing a file of its own.
const MAX_LINES: usize = 800;

/// Folders that hold no source of ours.
const SKIP: &[&str] = &["target", ".git", "node_modules", "examples"];

/// Findings about sources and documents.
pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for path in under(root, "rs")? {
        source(root, &path, &mut findings)?;
    }
    for path in under(root, "md")? {
        document(root, &path, &mut findings)?;
    }
    Ok(findings)
}

/// All files below `folder` with extension `extension`, in order of path.
pub(crate) fn under(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("reading {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !SKIP.contains(&name.as_str()) {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn source(root: &Path, path: &Path, findings: &mut Vec<String>) -> Result<()> {
    let text = fs::read_to_string(path)?;
    let shown = path.strip_prefix(root).unwrap_or(path).display();
    if path.file_name().is_some_and(|name| name == "mod.rs") {
        findings.push(format!("{shown}: write foo.rs beside foo/ instead of mod.rs"));
    }
    if !["//!", "#![doc"].iter().any(|opening| text.trim_start().starts_with(opening)) {
        findings.push(format!("{shown}: opens without `//!` that says what the file is"));
    }
    let n_lines = text.lines().count();
    if n_lines > MAX_LINES {
        findings.push(format!("{shown}: {n_lines} lines, at most {MAX_LINES}"));
    }
    for (at, line) in text.lines().enumerate() {
        let wrong = [
            concat!("#[al", "low("),
            concat!("#![al", "low("),
            concat!("to", "do!("),
            concat!("#[ig", "nore"),
            concat!("/ro", "ot/"),
            concat!("/wo", "rk/"),
        ];
        for wrong in wrong {
            if line.contains(wrong) {
                findings.push(format!("{shown}:{}: `{wrong}`", at + 1));
            }
        }
    }
    Ok(())
}

/// Every path in backquotes that starts with a folder of ours must exist.
fn document(root: &Path, path: &Path, findings: &mut Vec<String>) -> Result<()> {
    let text = fs::read_to_string(path)?;
    let shown = path.strip_prefix(root).unwrap_or(path).display();
    for quoted in text.split('`').skip(1).step_by(2) {
        let ours = ["crates/", "docs/", "examples/", "xtask/", "bench/", "deploy/"];
        let named = quoted.trim_end_matches('/');
        if ours.iter().any(|folder| quoted.starts_with(folder))
            && !named.contains(|c: char| c.is_whitespace() || "*<>{}…".contains(c))
            && !root.join(named).exists()
            && !path.parent().is_some_and(|folder| folder.join(named).exists())
        {
            findings.push(format!("{shown}: names `{named}`, which does not exist"));
        }
    }
    Ok(())
}
