//! The form of a rule file.

use std::sync::Arc;

use baoxue_claim::VerdictCode;
use chrono::NaiveDate;
use serde::Deserialize;
use toml::value::Datetime;

use super::{Condition, End, Rule, RuleError, case, case::Case};
use crate::{Ground, facts::Slot};

/// The TOML of a rule block.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    id: String,
    version: String,
    group: String,
    code: VerdictCode,
    reason: String,
    title: String,
    title_en: String,
    law: String,
    standing: Standing,
    since: Datetime,
    until: Option<Datetime>,
    when: String,
    #[serde(default)]
    cites: Vec<String>,
    #[serde(default)]
    sides: Vec<Vec<String>>,
    expires: Option<String>,
    #[serde(default)]
    fallback: bool,
    #[serde(default)]
    needs: Vec<String>,
    certifier: Option<String>,
}

/// How firm the ground is on which a rule stands.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Standing {
    /// Read in the text of the law.
    Law,
    /// Found in a public document.
    Found,
    /// Contested, or different from place to place.
    Contested,
    /// General knowledge, to be checked before relying on it.
    Unsure,
    /// Our proposal; the county must confirm it.
    Proposed,
}

impl Standing {
    /// What is added to the law in a ground.
    const fn note(self) -> &'static str {
        match self {
            Self::Law | Self::Found => "",
            Self::Contested => "（各地做法不一，须由本县确认）",
            Self::Unsure => "（出处待核）",
            Self::Proposed => "（本系统建议，须由本县确认）",
        }
    }
}

/// Rules, cases and faults of one file.
pub(super) fn parse(name: &str, text: &str) -> (Vec<Rule>, Vec<Case>, Vec<RuleError>) {
    let mut file = File { name, rules: Vec::new(), cases: Vec::new(), faults: Vec::new() };
    let lines: Vec<&str> = text.lines().collect();
    if !lines.first().is_some_and(|line| line.starts_with("# ") && line.contains(" — ")) {
        file.fault(1, "expected a heading `# title — article` in the first line");
    }
    if !lines.iter().any(|line| line.starts_with("> ")) {
        file.fault(1, "missing article: expected its substance as a quotation (`> …`)");
    }
    let mut at = 0;
    while at < lines.len() {
        at = match lines[at].trim_end() {
            "```rule" => file.block(&lines, at + 1),
            line if is_case_head(line) => file.table(&lines, at),
            _ => at + 1,
        };
    }
    if file.rules.is_empty() && file.faults.is_empty() {
        file.fault(1, "expected a block ```rule … ```");
    }
    (file.rules, file.cases, file.faults)
}

/// The conditions of a file as written.
#[cfg(test)]
pub(super) fn conditions(text: &str) -> Vec<String> {
    let blocks = text.split("```rule\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.map(|block| toml::from_str::<Head>(block).unwrap().when).collect()
}

struct File<'a> {
    name: &'a str,
    rules: Vec<Rule>,
    cases: Vec<Case>,
    faults: Vec<RuleError>,
}

impl File<'_> {
    fn fault(&mut self, line: usize, message: impl Into<String>) {
        self.faults.push(RuleError { file: self.name.to_owned(), line, message: message.into() });
    }

    /// Reads the block whose first line has index `first`; gives the index after it.
    fn block(&mut self, lines: &[&str], first: usize) -> usize {
        let length = lines[first..].iter().take_while(|line| line.trim_end() != "```").count();
        if first + length == lines.len() {
            self.fault(first, "the block ```rule is not closed");
            return lines.len();
        }
        let source = lines[first..first + length].join("\n");
        match toml::from_str::<Head>(&source) {
            Ok(head) => self.rule(head, &source, first + 1),
            Err(error) => {
                let before = error.span().and_then(|span| source.get(..span.start));
                let line = first + 1 + before.unwrap_or_default().matches('\n').count();
                self.fault(line, error.message().to_owned());
            }
        }
        first + length + 1
    }

    /// Turns a head into a rule; `line` is the line of the head's first line.
    fn rule(&mut self, head: Head, source: &str, line: usize) {
        let before = self.faults.len();
        let line_of = |key: &str| {
            let starts = |text: &str| text.trim_start().starts_with(key);
            line + source.lines().position(starts).unwrap_or_default()
        };
        if head.law.trim().is_empty() {
            self.fault(line_of("law"), "missing article: `law` is empty");
        }
        let when = Condition::parse(&head.when).map_err(|(row, message)| {
            let opens = line_of("when");
            let many = source.lines().nth(opens - line).is_some_and(|l| l.contains("\"\"\""));
            self.fault(opens + row - usize::from(!many), message);
        });
        let cites = self.slots(&head.cites, line_of("cites"));
        let sides: Vec<Vec<Slot>> =
            head.sides.iter().map(|side| self.slots(side, line_of("sides"))).collect();
        if (head.code == VerdictCode::Conflict) == sides.is_empty() {
            self.fault(line_of("code"), "a CONFLICT, and only that, names its `sides`");
        }
        let expires = head.expires.as_deref().and_then(|name| self.end(name, line_of("expires")));
        let since = self.date(&head.since, line_of("since"));
        let until = head.until.as_ref().and_then(|until| self.date(until, line_of("until")));
        if since.zip(until).is_some_and(|(since, until)| until < since) {
            self.fault(line_of("until"), "`until` lies before `since`");
        }
        if self.faults.len() > before {
            return;
        }
        let (Ok(when), Some(since)) = (when, since) else { return };
        self.rules.push(Rule {
            id: head.id.as_str().into(),
            ground: Arc::new(Ground {
                rule: head.id,
                version: head.version,
                title: head.title,
                law: format!("{}{}", head.law, head.standing.note()),
            }),
            group: head.group,
            code: head.code,
            reason: head.reason,
            title_en: head.title_en,
            since,
            until,
            when,
            cites,
            sides,
            expires,
            fallback: head.fallback,
            needs: head.needs,
            certifier: head.certifier,
            file: self.name.to_owned(),
            line,
        });
    }

    fn slots(&mut self, names: &[String], line: usize) -> Vec<Slot> {
        let mut slots = Vec::new();
        for name in names {
            if let Some((_, slot)) = Slot::NAMES.iter().find(|(known, _)| known == name) {
                slots.push(*slot);
                continue;
            }
            let known = Slot::NAMES.map(|(known, _)| known).join(", ");
            self.fault(line, format!("unknown evidence `{name}`; expected one of {known}"));
        }
        slots
    }

    fn end(&mut self, name: &str, line: usize) -> Option<End> {
        let end = End::NAMES.iter().find(|(known, _)| *known == name).map(|(_, end)| *end);
        if end.is_none() {
            let known = End::NAMES.map(|(known, _)| known).join(", ");
            self.fault(line, format!("unknown end `{name}`; expected one of {known}"));
        }
        end
    }

    fn date(&mut self, date: &Datetime, line: usize) -> Option<NaiveDate> {
        let day = date.to_string().parse().ok();
        if day.is_none() {
            self.fault(line, format!("expected a day such as 2019-09-01, found `{date}`"));
        }
        day
    }

    /// Reads the table of cases whose heading has index `first`; gives the index after it.
    fn table(&mut self, lines: &[&str], first: usize) -> usize {
        let columns = cells(lines[first]);
        let mut at = first + 2;
        while at < lines.len() && lines[at].trim_start().starts_with('|') {
            let row: Vec<(&str, &str)> = columns.iter().copied().zip(cells(lines[at])).collect();
            match case::read(self.name, at + 1, &row) {
                Ok(case) => self.cases.push(case),
                Err(message) => self.fault(at + 1, message),
            }
            at += 1;
        }
        at
    }
}

fn is_case_head(line: &str) -> bool {
    line.starts_with('|') && cells(line).first() == Some(&"case")
}

fn cells(line: &str) -> Vec<&str> {
    line.trim().trim_matches('|').split('|').map(str::trim).collect()
}
