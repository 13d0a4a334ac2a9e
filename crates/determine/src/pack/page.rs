//! A rule as its reader sees it: on what law, under which conditions in words, with which cases.

use baoxue_claim::VerdictCode;
use chrono::NaiveDate;

use super::{Pack, Rule, RuleSummary, layer::Layer, rule::End, summary};
use crate::{Settings, facts::FIELDS};

/// One thing that a rule asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// As the rule has it.
    pub code: String,
    /// In words, in zh-CN.
    pub zh: String,
    /// In words, in English.
    pub en: String,
}

/// A worked case of the file in which a rule stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CasePage {
    /// What it is called.
    pub name: String,
    /// The day on which it is judged.
    pub today: NaiveDate,
    /// What each source says, by column, as written.
    pub cells: Vec<(String, String)>,
    /// What must come out.
    pub code: VerdictCode,
    /// The last day of it, where the case names one.
    pub until: Option<NaiveDate>,
    /// The rule that decides it, when run now.
    pub rule: String,
}

/// A rule whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulePage {
    /// Id, version, title, law, days in force.
    pub rule: RuleSummary,
    /// Id and version of its pack; empty for rules that are tried alone.
    pub pack: String,
    /// Heading of its file.
    pub heading: String,
    /// The article or its substance, as its file has it.
    pub article: String,
    /// All of these must hold.
    pub asks: Vec<Asked>,
    /// Matches what no other rule does.
    pub fallback: bool,
    /// Evidence in zh-CN and English, and whether files can show it.
    pub needs: Vec<(String, String, bool)>,
    /// Who may certify, in zh-CN and English.
    pub certifier: Option<(String, String)>,
    /// Whose last day ends it.
    pub ends: Option<&'static str>,
    /// The cases of its file.
    pub cases: Vec<CasePage>,
}

impl Pack {
    /// The rules in force on the day of the settings in the order in which evidence decides, the first that matches; then
    /// those that are not.
    pub fn reading_order(&self, settings: &Settings) -> Vec<RuleSummary> {
        let first = self.in_order(settings);
        let is_first = |rule: &Rule| first.iter().any(|other| std::ptr::eq(*other, rule));
        let rest = self.all_rules().filter(|rule| !is_first(rule));
        first.iter().copied().chain(rest).map(summary).collect()
    }

    /// A rule whole: of several of that id the version asked for, else the one in force on the day, else the newest. `None`
    /// when there is none.
    pub fn rule_page(&self, id: &str, version: Option<&str>, day: NaiveDate) -> Option<RulePage> {
        let of_id = |(_, rule): &(usize, &Rule)| *rule.id == *id;
        let all = || {
            let layers = self.layers.iter().enumerate();
            layers.flat_map(|(at, layer)| layer.rules.iter().map(move |r| (at, r))).filter(of_id)
        };
        let (at, rule) = match version {
            Some(version) => all().rfind(|(_, rule)| rule.ground.version == version)?,
            None => self.on(day).find(of_id).or_else(|| all().max_by_key(|(_, r)| r.since))?,
        };
        Some(self.page(at, rule))
    }

    fn page(&self, at: usize, rule: &Rule) -> RulePage {
        let layer = &self.layers[at];
        let article = layer.articles.iter().find(|article| article.file == rule.place.file);
        let head = layer.head.as_ref();
        let needs = rule.needs.iter();
        RulePage {
            rule: summary(rule),
            pack: head.map(|head| format!("{} {}", head.id, head.version)).unwrap_or_default(),
            heading: article.map(|article| article.heading.clone()).unwrap_or_default(),
            article: article.map(|article| article.text.clone()).unwrap_or_default(),
            asks: parts(&rule.source).into_iter().map(asked).collect(),
            fallback: rule.fallback,
            needs: needs.map(|n| (n.zh.clone(), n.en.clone(), n.shown.is_some())).collect(),
            certifier: rule.certifier.clone(),
            ends: rule.expires.and_then(name_of),
            cases: self.cases(at, layer, &rule.place.file),
        }
    }

    fn cases(&self, at: usize, layer: &Layer, file: &str) -> Vec<CasePage> {
        let upto = Self { layers: self.layers[..=at].to_vec(), texts: Vec::new() };
        let cases = layer.cases.iter().filter(|case| case.file == file);
        let page = |case: &super::case::Case| {
            let settings = upto.settings_on(case.today).ok()?;
            Some(CasePage {
                name: case.name.clone(),
                today: case.today,
                cells: case.cells.clone(),
                code: case.expected.code,
                until: case.expected.until,
                rule: case.verdict(&upto, &settings).ground.rule.clone(),
            })
        };
        cases.filter_map(page).collect()
    }
}

fn name_of(end: End) -> Option<&'static str> {
    End::NAMES.iter().find(|(_, other)| *other == end).map(|(name, _)| *name)
}

/// A condition at its outermost `&&`.
fn parts(source: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut quoted, mut from) = (Vec::new(), 0_usize, false, 0);
    for (at, c) in source.char_indices() {
        match c {
            '"' | '\'' => quoted = !quoted,
            '(' | '[' if !quoted => depth += 1,
            ')' | ']' if !quoted => depth = depth.saturating_sub(1),
            '&' if !quoted && depth == 0 && source[at..].starts_with("&&") => {
                parts.push(source[from..at].trim());
                from = at + 2;
            }
            _ => {}
        }
    }
    // What stands beside an outermost `||` is one thing.
    let last = source[from..].trim();
    parts.push(last);
    if parts.iter().any(|part| has_outer_or(part)) { vec![source] } else { parts }
}

fn has_outer_or(part: &str) -> bool {
    let mut depth = 0_usize;
    part.char_indices().any(|(at, c)| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && part[at..].starts_with("||")
    })
}

/// Signs with what they say in zh-CN and English; the longer ones first.
const SIGNS: [(&str, &str, &str); 10] = [
    ("&&", " 且 ", " and "),
    ("||", " 或 ", " or "),
    ("==", " 等于 ", " is "),
    ("!=", " 不等于 ", " is not "),
    ("<=", " 不超过 ", " at most "),
    (">=", " 不少于 ", " at least "),
    ("<", " 少于 ", " less than "),
    (">", " 超过 ", " more than "),
    ("!", "并非", "not "),
    (" in ", " 属于 ", " one of "),
];

/// A part of a condition in words: facts by what they mean, signs by what they say, the rest as it stands.
fn asked(code: &str) -> Asked {
    let (mut zh, mut en, mut rest) = (String::new(), String::new(), code);
    while let Some(c) = rest.chars().next() {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        let name = &rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())];
        let field = FIELDS.iter().find(|field| field.path == name);
        let sign = SIGNS.iter().find(|(sign, ..)| rest.starts_with(sign));
        let n = if let Some(field) = field {
            zh.extend(["“", field.zh, "”"]);
            en.extend(["“", field.meaning, "”"]);
            name.len()
        } else if let Some((sign, in_zh, in_en)) = sign {
            zh.push_str(in_zh);
            en.push_str(in_en);
            sign.len()
        } else {
            let n = name.len().max(c.len_utf8());
            // Blanks come with the signs.
            if c != ' ' {
                zh.push_str(&rest[..n]);
                en.push_str(&rest[..n]);
            }
            n
        };
        rest = &rest[n..];
    }
    Asked { code: code.to_owned(), zh, en }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_told_in_words() {
        let told = |code: &str| asked(code).zh;
        assert_eq!(told("!registry.any"), "并非“学籍中有记录”");
        assert_eq!(
            told("(county.has_registry || survey.says == \"never_enrolled\")"),
            "(“已有学籍数据” 或 “最近一次摸排结论” 等于 \"never_enrolled\")"
        );
        assert_eq!(
            asked("school.days > 30").en,
            "“days absent that no approved leave covers; -1 when unknown” more than 30"
        );
        assert_eq!(parts("a && (b && c || d) && !e"), ["a", "(b && c || d)", "!e"]);
        assert_eq!(parts("a && b || c"), ["a && b || c"]);
    }

    #[test]
    fn every_rule_has_a_page_with_law_conditions_and_a_case() {
        let pack = Pack::builtin();
        let day = NaiveDate::from_ymd_opt(2019, 8, 25).unwrap();
        let rules = pack.reading_order(&Settings::new(day));
        assert_eq!(rules.len(), pack.rules().len());
        for rule in rules {
            let page = pack.rule_page(&rule.id, Some(&rule.version), day).unwrap();
            assert_eq!((&page.rule.id, &page.rule.version), (&rule.id, &rule.version));
            assert!(!page.article.is_empty() && !page.asks.is_empty(), "{}", rule.id);
            assert!(page.cases.iter().any(|case| case.code == rule.code), "{}", rule.id);
        }
        assert_eq!(pack.rule_page("no-such-rule", None, day), None);
    }
}
