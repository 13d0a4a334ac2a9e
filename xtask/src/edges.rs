//! Which crate may depend on which: the table of `ARCHITECTURE.md`, held as data.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::{Context, Result};

/// A crate and what it must never import, by the crate's name without `baoxue-` or by the name of a foreign crate.
const FORBIDDEN: &[(&str, &[&str])] = &[
    (
        "web",
        &[
            "intake", "link", "columnar", "sample", "cli", "paper", "notify", "sqlx", "sea-orm",
            "calamine", "clap",
        ],
    ),
    (
        "claim",
        &[
            "intake",
            "link",
            "determine",
            "report",
            "paper",
            "store",
            "flow",
            "cli",
            "sample",
            "tokio",
            "sqlx",
            "sea-orm",
            "axum",
        ],
    ),
    (
        "intake",
        &[
            "link",
            "determine",
            "report",
            "paper",
            "store",
            "flow",
            "cli",
            "tokio",
            "sqlx",
            "sea-orm",
            "axum",
        ],
    ),
    (
        "link",
        &[
            "claim",
            "intake",
            "determine",
            "report",
            "paper",
            "store",
            "flow",
            "cli",
            "parquet",
            "tokio",
            "sqlx",
            "sea-orm",
            "axum",
        ],
    ),
    (
        "columnar",
        &[
            "claim",
            "intake",
            "determine",
            "report",
            "paper",
            "store",
            "flow",
            "cli",
            "arrow",
            "tokio",
            "sqlx",
            "sea-orm",
            "axum",
        ],
    ),
    (
        "determine",
        &["link", "report", "paper", "store", "flow", "cli", "tokio", "sqlx", "sea-orm", "axum"],
    ),
    (
        "act",
        &[
            "intake", "link", "report", "paper", "store", "flow", "cli", "tokio", "sqlx",
            "sea-orm", "axum",
        ],
    ),
    ("report", &["link", "paper", "store", "flow", "cli", "tokio", "sqlx", "sea-orm", "axum"]),
    (
        "sample",
        &[
            "intake",
            "link",
            "determine",
            "report",
            "paper",
            "store",
            "flow",
            "cli",
            "tokio",
            "sqlx",
            "sea-orm",
            "axum",
        ],
    ),
    (
        "authz",
        &[
            "intake",
            "link",
            "columnar",
            "determine",
            "report",
            "paper",
            "sample",
            "store",
            "flow",
            "cli",
            "tokio",
            "sqlx",
            "sea-orm",
            "axum",
        ],
    ),
    (
        "paper",
        &[
            "claim",
            "authz",
            "intake",
            "link",
            "columnar",
            "determine",
            "act",
            "report",
            "sample",
            "store",
            "flow",
            "web",
            "cli",
            "tokio",
            "sqlx",
            "sea-orm",
            "axum",
        ],
    ),
    (
        "notify",
        &[
            "claim",
            "authz",
            "intake",
            "link",
            "columnar",
            "determine",
            "act",
            "report",
            "paper",
            "sample",
            "store",
            "flow",
            "web",
            "cli",
            "tokio",
            "sqlx",
            "sea-orm",
            "axum",
        ],
    ),
    ("store", &["parquet", "paper", "notify", "typst", "flow", "cli", "axum", "cedar-policy"]),
    ("flow", &["parquet", "typst", "cli", "axum", "clap", "cedar-policy"]),
    (
        "cli",
        &["parquet", "paper", "notify", "typst", "sqlx", "sea-orm", "calamine", "cedar-policy"],
    ),
];

/// Names of std that fetch the clock, files, network or environment; pure stages do without them.
const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "SystemTime",
    "Instant::now",
    "Utc::now",
    "Local::now",
];

/// The pure stages.
const PURE: &[&str] =
    &["claim", "authz", "intake", "link", "columnar", "determine", "act", "report", "sample"];

/// Findings about manifests and about impure names in the sources of pure stages.
pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let crates = crate_names(root)?;
    for name in &crates {
        let (normal, all) = dependencies(root, name)?;
        if all.contains("baoxue-testkit") && normal.contains("baoxue-testkit") {
            findings.push(format!("crates/{name}: testkit belongs into [dev-dependencies]"));
        }
        let Some((_, forbidden)) = FORBIDDEN.iter().find(|(of, _)| of == name) else {
            if name != "testkit" {
                findings.push(format!("crates/{name}: not in the table of xtask/src/edges.rs"));
            }
            continue;
        };
        for wrong in *forbidden {
            if normal.contains(*wrong) || normal.contains(&format!("baoxue-{wrong}")) {
                findings.push(format!("crates/{name}: must not depend on {wrong}"));
            }
        }
    }
    for name in PURE {
        impure_names(root, name, &mut findings)?;
    }
    listed_in_architecture(root, &crates, &mut findings)?;
    Ok(findings)
}

fn crate_names(root: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root.join("crates")).context("reading crates/")? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").exists() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

/// Names under `[dependencies]`, and those under any table of dependencies.
fn dependencies(root: &Path, name: &str) -> Result<(BTreeSet<String>, BTreeSet<String>)> {
    let path = root.join("crates").join(name).join("Cargo.toml");
    let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let manifest: toml::Table =
        text.parse().with_context(|| format!("parsing {}", path.display()))?;
    let keys = |table: &str| {
        manifest
            .get(table)
            .and_then(toml::Value::as_table)
            .map(|t| t.keys().cloned().collect::<BTreeSet<_>>())
            .unwrap_or_default()
    };
    let normal = keys("dependencies");
    let all = normal.union(&keys("dev-dependencies")).cloned().collect();
    Ok((normal, all))
}

fn impure_names(root: &Path, name: &str, findings: &mut Vec<String>) -> Result<()> {
    for path in crate::files::under(&root.join("crates").join(name).join("src"), "rs")? {
        let text = fs::read_to_string(&path)?;
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for (at, line) in code.lines().enumerate() {
            if line.trim_start().starts_with("//") {
                continue;
            }
            for wrong in IMPURE {
                if line.contains(wrong) {
                    findings.push(format!(
                        "{}:{}: a pure stage must not use {wrong}",
                        path.display(),
                        at + 1
                    ));
                }
            }
        }
    }
    Ok(())
}

fn listed_in_architecture(
    root: &Path,
    crates: &[String],
    findings: &mut Vec<String>,
) -> Result<()> {
    let text =
        fs::read_to_string(root.join("ARCHITECTURE.md")).context("reading ARCHITECTURE.md")?;
    for name in crates {
        if !text.contains(&format!("`{name}`")) {
            findings.push(format!("ARCHITECTURE.md: does not name the crate `{name}`"));
        }
    }
    Ok(())
}
