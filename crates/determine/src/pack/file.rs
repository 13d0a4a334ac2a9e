//! The form of a rule file.

mod tables;

use std::sync::Arc;

use baoxue_claim::VerdictCode;
use chrono::NaiveDate;
use serde::{Deserialize, de::DeserializeOwned};
use toml::value::Datetime;

use super::{
    Condition, End, Rule, RuleError, case,
    layer::{Article, Layer},
    rule::{Need, Place, Standing, must_end},
};
use crate::{Ground, facts::Slot};

/// The TOML of a pack's head.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackHead {
    id: String,
    version: String,
    title: String,
    source: String,
    over: Option<String>,
}

/// The TOML of a rule block.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleHead {
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
    provisional: Option<String>,
    #[serde(default)]
    needs: Vec<Vec<String>>,
    certifier: Option<String>,
    certifier_en: Option<String>,
    #[serde(default)]
    replaces: bool,
    before: Option<String>,
}

/// What the files of one pack hold, and what is wrong with them.
pub(super) fn parse(files: &[(String, String)]) -> (Layer, Vec<RuleError>) {
    let (mut layer, mut faults) = (Layer::default(), Vec::new());
    for (name, text) in files {
        let mut file = File { name, layer, faults };
        file.read(text);
        File { layer, faults, .. } = file;
    }
    (layer, faults)
}

/// The conditions of a file as written.
#[cfg(test)]
pub(super) fn conditions(text: &str) -> Vec<String> {
    let blocks = text.split("```rule\n").skip(1).filter_map(|rest| rest.split("```").next());
    blocks.map(|block| toml::from_str::<RuleHead>(block).unwrap().when).collect()
}

struct File<'a> {
    name: &'a str,
    layer: Layer,
    faults: Vec<RuleError>,
}

impl File<'_> {
    fn read(&mut self, text: &str) {
        let lines: Vec<&str> = text.lines().collect();
        if !lines.first().is_some_and(|line| line.starts_with("# ") && line.contains(" — ")) {
            self.fault(1, "expected a heading `# title — article` in the first line");
        }
        let article = |line: &str| line.starts_with("> ") && !line.starts_with(IN_FORCE);
        if !lines.iter().any(|line| article(line)) {
            self.fault(1, "missing article: expected its substance as a quotation (`> …`)");
        }
        self.layer.articles.push(Article::of(self.name, &lines));
        let n_before = self.n_entries();
        let mut at = 0;
        while at < lines.len() {
            let line = lines[at].trim_end();
            at = match (line, head_of_table(line)) {
                ("```rule", _) => self.block(&lines, at + 1, Self::rule),
                ("```pack", _) => self.block(&lines, at + 1, Self::pack),
                (_, Some("case")) => self.table(&lines, at, Self::case),
                (_, Some("value")) => self.table(&lines, at, Self::value),
                (_, Some("off")) => self.table(&lines, at, Self::off),
                _ => at + 1,
            };
        }
        if lines.iter().any(|line| line.trim_end() == "```rule") {
            self.in_force(&lines);
        }
        if self.n_entries() == n_before && self.faults.is_empty() {
            self.fault(1, "expected a block ```rule … ```, or a table of values");
        }
    }

    /// A ground says since when its article is in force, or that the day was not found and where it was looked for.
    fn in_force(&mut self, lines: &[&str]) {
        let quoted = lines.iter().position(|line| line.starts_with("> ")).map_or(1, |at| at + 1);
        let said = lines
            .iter()
            .zip(1..)
            .find_map(|(line, number)| Some((line.strip_prefix(IN_FORCE)?.trim(), number)));
        match said {
            None => self.fault(quoted, NO_DAY_IN_FORCE),
            Some((text, line)) if !says_day(text) && !says_unconfirmed(text) => {
                self.fault(line, NO_DAY_IN_FORCE);
            }
            Some(_) => {}
        }
    }

    /// Rules, values and the like: a file that gives none says nothing.
    fn n_entries(&self) -> usize {
        let Layer { head, rules, values, offs, .. } = &self.layer;
        usize::from(head.is_some()) + rules.len() + values.len() + offs.len()
    }

    fn place(&self, line: usize) -> Place {
        Place { file: self.name.to_owned(), line }
    }

    fn fault(&mut self, line: usize, message: impl Into<String>) {
        let error = self.place(line).error(message);
        self.faults.push(error);
    }

    /// Reads the block whose first line has index `first`; gives the index after it.
    fn block<T: DeserializeOwned>(
        &mut self,
        lines: &[&str],
        first: usize,
        take: fn(&mut Self, T, &Block<'_>),
    ) -> usize {
        let length = lines[first..].iter().take_while(|line| line.trim_end() != "```").count();
        if first + length == lines.len() {
            self.fault(first, "the block is not closed by a line ```");
            return lines.len();
        }
        let source = lines[first..first + length].join("\n");
        let block = Block { source: &source, line: first + 1 };
        match toml::from_str::<T>(&source) {
            Ok(head) => take(self, head, &block),
            Err(error) => {
                let before = error.span().and_then(|span| source.get(..span.start));
                let line = first + 1 + before.unwrap_or_default().matches('\n').count();
                self.fault(line, error.message().to_owned());
            }
        }
        first + length + 1
    }

    fn pack(&mut self, head: PackHead, block: &Block<'_>) {
        if head.source.trim().is_empty() {
            self.fault(block.line_of("source"), "missing source: `source` is empty");
        }
        if let Some(other) = &self.layer.head {
            let there = format!("{}:{}", other.place.file, other.place.line);
            self.fault(block.line, format!("the pack has its head at {there} already"));
            return;
        }
        self.layer.head = Some(super::layer::Head {
            id: head.id,
            version: head.version,
            title: head.title,
            source: head.source,
            over: head.over,
            place: self.place(block.line),
        });
    }

    fn rule(&mut self, head: RuleHead, block: &Block<'_>) {
        let before = self.faults.len();
        let line_of = |key: &str| block.line_of(key);
        if head.law.trim().is_empty() {
            self.fault(line_of("law"), "missing article: `law` is empty");
        }
        let opens = line_of("when");
        let row = block.source.lines().nth(opens - block.line);
        let quotes = usize::from(!row.is_some_and(|l| l.contains("\"\"\"")));
        let when = self.condition(&head.when, opens - quotes);
        let provisional = head.provisional.as_deref();
        let provisional =
            provisional.and_then(|text| self.condition(text, line_of("provisional") - 1));
        let needs = self.needs(&head.needs, line_of("needs"));
        let cites = self.slots(&head.cites, line_of("cites"));
        let sides: Vec<Vec<Slot>> =
            head.sides.iter().map(|side| self.slots(side, line_of("sides"))).collect();
        if (head.code == VerdictCode::Conflict) == sides.is_empty() {
            self.fault(line_of("code"), "a CONFLICT, and only that, names its `sides`");
        }
        let expires = head.expires.as_deref().and_then(|name| self.end(name, line_of("expires")));
        if must_end(head.code) && head.expires.is_none() {
            let code = head.code;
            let message = format!("a ground for {code} must end: name its last day with `expires`");
            self.fault(line_of("code"), message);
        }
        self.accuses(head.code, when.as_ref(), (&cites, block));
        let days =
            self.days(&head.since, head.until.as_ref(), (line_of("since"), line_of("until")));
        if self.faults.len() > before {
            return;
        }
        let (Some(when), Some((since, until))) = (when, days) else { return };
        self.layer.rules.push(Rule {
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
            standing: head.standing,
            title_en: head.title_en,
            since,
            until,
            when,
            source: head.when.split_whitespace().collect::<Vec<_>>().join(" "),
            cites,
            sides,
            expires,
            fallback: head.fallback,
            provisional,
            needs,
            certifier: head.certifier.map(|zh| (zh.clone(), head.certifier_en.unwrap_or(zh))),
            replaces: head.replaces,
            before: head.before,
            place: self.place(block.line),
        });
    }

    /// A ground that accuses asks for somebody who says so, and names whose word it is.
    fn accuses(
        &mut self,
        code: VerdictCode,
        when: Option<&Condition>,
        (cites, block): (&[Slot], &Block<'_>),
    ) {
        if !code.accuses() {
            return;
        }
        if when.is_some_and(|when| !when.needs_accuser()) {
            let message = format!(
                "a ground for {code} must ask for somebody who says that the child is out of school or absent: silence \
                 accuses nobody"
            );
            self.fault(block.line_of("when"), message);
        }
        if cites.is_empty() {
            let message = format!("a ground for {code} must name in `cites` whose word it is");
            self.fault(block.line_of("code"), message);
        }
    }

    /// A condition; `line` is the line before its text begins, or the line of a text in one row.
    fn condition(&mut self, text: &str, line: usize) -> Option<Condition> {
        Condition::parse(text).map_err(|(row, message)| self.fault(line + row, message)).ok()
    }

    fn needs(&mut self, needs: &[Vec<String>], line: usize) -> Vec<Need> {
        let mut found = Vec::new();
        for need in needs {
            let (zh, en, shown) = match need.as_slice() {
                [zh, en] => (zh, en, None),
                [zh, en, shown] => (zh, en, Some(shown)),
                _ => {
                    self.fault(line, "expected a need as [zh, en] or [zh, en, condition]");
                    continue;
                }
            };
            let condition = shown.and_then(|text| self.condition(text, line - 1));
            found.push(Need { zh: zh.clone(), en: en.clone(), shown: condition });
        }
        found
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

    /// First and last day in force, in order.
    fn days(
        &mut self,
        since: &Datetime,
        until: Option<&Datetime>,
        (since_line, until_line): (usize, usize),
    ) -> Option<(NaiveDate, Option<NaiveDate>)> {
        let since = self.date(&since.to_string(), since_line)?;
        let until = match until {
            Some(until) => Some(self.date(&until.to_string(), until_line)?),
            None => None,
        };
        if until.is_some_and(|until| until < since) {
            self.fault(until_line, "`until` lies before `since`");
            return None;
        }
        Some((since, until))
    }

    fn date(&mut self, date: &str, line: usize) -> Option<NaiveDate> {
        let day = date.parse().ok();
        if day.is_none() {
            self.fault(line, format!("expected a day such as 2019-09-01, found `{date}`"));
        }
        day
    }

    /// Reads the table whose heading has index `first`, row by row; gives the index after it.
    fn table(
        &mut self,
        lines: &[&str],
        first: usize,
        take: fn(&mut Self, &[(&str, &str)], usize),
    ) -> usize {
        let columns = cells(lines[first]);
        let mut at = first + 2;
        while at < lines.len() && lines[at].trim_start().starts_with('|') {
            let row: Vec<(&str, &str)> = columns.iter().copied().zip(cells(lines[at])).collect();
            take(self, &row, at + 1);
            at += 1;
        }
        at
    }

    fn case(&mut self, row: &[(&str, &str)], line: usize) {
        match case::read(self.name, line, row) {
            Ok(case) => self.layer.cases.push(case),
            Err(message) => self.fault(line, message),
        }
    }
}

/// How the line of a ground begins that says since when its article is in force.
const IN_FORCE: &str = "> 施行日期：";

const NO_DAY_IN_FORCE: &str = "missing day in force: expected a line `> 施行日期：2019-09-01`, or `> 施行日期：未核实（where it was looked for）`";

/// A day as `2019-09-01` or 2019年9月1日 at the beginning of the text.
fn says_day(text: &str) -> bool {
    let day: String = text
        .chars()
        .take_while(|sign| sign.is_ascii_digit() || "-年月日".contains(*sign))
        .map(|sign| if sign == '年' || sign == '月' { '-' } else { sign })
        .filter(|sign| *sign != '日')
        .collect();
    NaiveDate::parse_from_str(&day, "%Y-%m-%d").is_ok()
}

/// 未核实, and in brackets where the day was looked for.
fn says_unconfirmed(text: &str) -> bool {
    let place = text.strip_prefix("未核实（").and_then(|rest| rest.split_once('）'));
    place.is_some_and(|(place, _)| !place.trim().is_empty())
}

/// A block of TOML and the line of its first row.
struct Block<'a> {
    source: &'a str,
    line: usize,
}

impl Block<'_> {
    /// The line of a key, of the first row when it is missing.
    fn line_of(&self, key: &str) -> usize {
        let starts = |text: &str| {
            text.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        self.line + self.source.lines().position(starts).unwrap_or_default()
    }
}

/// The first column of a table's heading.
fn head_of_table(line: &str) -> Option<&str> {
    if line.starts_with('|') { cells(line).first().copied() } else { None }
}

fn cells(line: &str) -> Vec<&str> {
    line.trim().trim_matches('|').split('|').map(str::trim).collect()
}
