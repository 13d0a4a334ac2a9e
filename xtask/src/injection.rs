//! T-40: text of SQL is made of constants and of parts that somebody has looked at, and templates escape everything but what
//! stands here.

use std::{fs, path::Path};

use anyhow::Result;

/// Where SQL is written.
const STORE: &str = "crates/store/src";

/// Words by which a text is known as SQL.
const WORDS: [&str; 11] = [
    "select ",
    "insert into ",
    "delete from ",
    "update ",
    " where ",
    "order by ",
    "create trigger ",
    "create table ",
    "alter table ",
    "set local ",
    "drop ",
];

/// By file what may stand in its SQL beside constants: question marks for values, conditions out of a fixed list, names of our
/// own tables and columns, numbers. Nothing that came from outside may.
const REVIEWED: [(&str, &[&str]); 14] = [
    ("access.rs", &["among", ""]),
    ("append.rs", &[""]),
    ("exports/read.rs", &["condition"]),
    ("migration.rs", &["table", "refuse", "same"]),
    ("notices.rs", &[""]),
    ("open/turn.rs", &["wait_ms"]),
    ("read.rs", &[""]),
    ("read/rows.rs", &["only"]),
    ("read/some.rs", &["among"]),
    ("run.rs", &[""]),
    ("sql.rs", &["", "rows"]),
    ("tree/check.rs", &[""]),
    ("tree/kind.rs", &["0", "1", "", "table", "column", "after"]),
    ("unchanged.rs", &["", "name", "among"]),
];

/// Templates with text that is not escaped, and which: JSON that is written so that it ends no script.
const RAW: [(&str, &str); 1] = [("review_identity.html", "evidence.json|safe")];

/// Findings about SQL and templates.
pub(crate) fn check(root: &Path) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let store = root.join(STORE);
    for path in crate::files::under(&store, "rs")? {
        let shown = path.strip_prefix(&store).unwrap_or(&path).to_string_lossy().into_owned();
        findings.extend(in_source(&shown, &fs::read_to_string(&path)?));
    }
    for path in crate::files::under(&root.join("crates/web/templates"), "html")? {
        let shown = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        findings.extend(in_template(&shown, &fs::read_to_string(&path)?));
    }
    Ok(findings)
}

fn in_source(file: &str, text: &str) -> Vec<String> {
    let known = REVIEWED.iter().find(|(name, _)| *name == file).map_or(&[][..], |(_, of)| of);
    let formats = text.split("format!(").skip(1).filter_map(literal);
    let of_sql = formats.filter(|text| {
        let text = text.to_lowercase();
        WORDS.iter().any(|word| text.contains(word))
    });
    let parts = of_sql.flat_map(|text| parts(&text));
    let strange = parts.filter(|part| !is_constant(part) && !known.contains(&part.as_str()));
    strange
        .map(|part| {
            format!("{STORE}/{file}: `{{{part}}}` stands in SQL; bind it, or look at it and add it to REVIEWED in xtask (T-40)")
        })
        .collect()
}

/// The text that a call of `format!` begins with.
fn literal(call: &str) -> Option<String> {
    let mut text = String::new();
    let mut signs = call.trim_start().strip_prefix('"')?.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => return Some(text),
            '\\' => text.extend(signs.next().filter(|next| !next.is_whitespace())),
            other => text.push(other),
        }
    }
    None
}

/// What is put into the text.
fn parts(text: &str) -> Vec<String> {
    let text = text.replace("{{", "").replace("}}", "");
    let opened = text.split('{').skip(1);
    opened.filter_map(|part| Some(part.split_once('}')?.0.to_owned())).collect()
}

fn is_constant(part: &str) -> bool {
    part.len() > 1 && part.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

fn in_template(file: &str, text: &str) -> Vec<String> {
    let shown: Vec<String> = text.split("{{").skip(1).map(|part| part.replace(' ', "")).collect();
    let raw = shown.iter().filter(|part| {
        part.split("}}").next().is_some_and(|part| part.contains("|safe"))
            && !RAW.iter().any(|(name, of)| *name == file && part.starts_with(of))
    });
    let mut findings: Vec<String> = raw
        .map(|_| format!("crates/web/templates/{file}: `|safe` is not reviewed (T-40)"))
        .collect();
    if text.contains("autoescape") {
        findings.push(format!("crates/web/templates/{file}: `autoescape` (T-40)"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t40_sql_is_made_of_reviewed_parts_only() {
        let bad =
            r#"let sql = format!("select a from {table} where b = '{name}' order by {0}", x);"#;
        assert_eq!(in_source("tips.rs", bad).len(), 3);
        assert_eq!(in_source("tree/kind.rs", bad).len(), 1, "the name is nobody's column");
        let over_lines = "format!(\n    \"\\\n    delete from t\n    where a = {id}\"\n)";
        assert_eq!(in_source("tips.rs", over_lines).len(), 1);
        assert!(
            in_source("tips.rs", r#"format!("{SELECT} where a = ? limit {CHUNK}")"#).is_empty()
        );
        assert!(in_source("tips.rs", r#"format!("the key {name} is wrong")"#).is_empty());
        assert_eq!(in_template("child.html", "<p>{{ words | safe }}</p>").len(), 1);
        assert!(in_template("child.html", "<p>{{ words }}</p> safe").is_empty());
    }
}
