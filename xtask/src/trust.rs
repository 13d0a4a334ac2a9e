//! `docs/TRUST.md`: every requirement that it says is kept names tests, and every test named there exists.

use std::{fs, path::Path};

use anyhow::{Context, Result};

const TABLE: &str = "docs/TRUST.md";

/// Findings about the table and its tests.
pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(root.join(TABLE)).with_context(|| format!("reading {TABLE}"))?;
    let mut sources = String::new();
    for folder in ["crates", "xtask"] {
        for path in crate::files::under(&root.join(folder), "rs")? {
            sources.push_str(&fs::read_to_string(path)?);
        }
    }
    Ok(findings(&text, &sources))
}

fn findings(table: &str, sources: &str) -> Vec<String> {
    let mut findings = Vec::new();
    for row in table.lines().filter(|line| line.starts_with("| T-")) {
        let id = row.split('|').nth(1).unwrap_or_default().trim();
        let prefix = format!("{}_", id.to_lowercase().replace('-', ""));
        let quoted = row.split('`').skip(1).step_by(2);
        let tests: Vec<&str> = quoted.filter(|name| name.starts_with(&prefix)).collect();
        if tests.is_empty() {
            findings.push(format!("{TABLE}: {id} names no test `{prefix}…`"));
        }
        for test in tests.iter().filter(|test| !sources.contains(&format!("fn {test}("))) {
            findings.push(format!("{TABLE}: {id}: there is no test `{test}`"));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_without_a_test_and_tests_that_are_not_there_are_found() {
        let sources = "async fn t10_weak(db: D) {}";
        let kept = "| T-10 | passwords | `t10_weak` |";
        assert!(findings(kept, sources).is_empty());
        assert_eq!(findings("| T-11 | limits | none |", sources).len(), 1);
        assert_eq!(findings("| T-10 | passwords | `t10_weak`, `t10_gone` |", sources).len(), 1);
        assert_eq!(findings("| T-11 | limits | `t10_weak` |", sources).len(), 1);
    }
}
