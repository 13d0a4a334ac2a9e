//! Conditions as words, asked one after the other.

use std::collections::HashMap;

/// The value of a fact.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fact {
    Yes(bool),
    Number(i64),
    Word(String),
}

/// The words of a condition.
pub(super) fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let two =
            ["&&", "||", "==", "!=", "<=", ">="].into_iter().find(|sign| rest.starts_with(sign));
        let length = match (two, rest.chars().next().unwrap()) {
            (Some(_), _) => 2,
            (None, '"') => 2 + rest[1..].find('"').unwrap(),
            (None, c) if c.is_alphanumeric() => {
                let part = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
                rest.find(|c| !part(c)).unwrap_or(rest.len())
            }
            (None, _) => 1,
        };
        words.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    words
}

/// Whether a condition holds.
pub(super) fn holds(words: &[String], facts: &HashMap<&'static str, Fact>) -> bool {
    let mut asked = Asked { words, at: 0, facts };
    let answer = asked.any();
    assert_eq!(asked.at, words.len(), "{words:?}");
    answer
}

struct Asked<'a> {
    words: &'a [String],
    at: usize,
    facts: &'a HashMap<&'static str, Fact>,
}

impl Asked<'_> {
    fn next_is(&mut self, word: &str) -> bool {
        let is = self.words.get(self.at).is_some_and(|next| next == word);
        self.at += usize::from(is);
        is
    }

    fn any(&mut self) -> bool {
        let mut answer = self.all();
        while self.next_is("||") {
            let other = self.all();
            answer = answer || other;
        }
        answer
    }

    fn all(&mut self) -> bool {
        let mut answer = self.one();
        while self.next_is("&&") {
            let other = self.one();
            answer = answer && other;
        }
        answer
    }

    fn one(&mut self) -> bool {
        if self.next_is("!") {
            return !self.one();
        }
        if self.next_is("(") {
            let answer = self.any();
            assert!(self.next_is(")"));
            return answer;
        }
        let left = self.value();
        if self.next_is("in") {
            assert!(self.next_is("["));
            let mut found = false;
            while !self.next_is("]") {
                let word = self.value();
                found = found || word == left;
                self.next_is(",");
            }
            return found;
        }
        let sign = self.words.get(self.at).map(String::as_str);
        let Some(sign @ ("==" | "!=" | "<" | "<=" | ">" | ">=")) = sign else {
            return left == Fact::Yes(true);
        };
        self.at += 1;
        let right = self.value();
        match (sign, left, right) {
            ("==", left, right) => left == right,
            ("!=", left, right) => left != right,
            ("<", Fact::Number(left), Fact::Number(right)) => left < right,
            ("<=", Fact::Number(left), Fact::Number(right)) => left <= right,
            (">", Fact::Number(left), Fact::Number(right)) => left > right,
            (">=", Fact::Number(left), Fact::Number(right)) => left >= right,
            other => panic!("{other:?}"),
        }
    }

    fn value(&mut self) -> Fact {
        let word = &self.words[self.at];
        self.at += 1;
        if let Some(text) = word.strip_prefix('"') {
            return Fact::Word(text.trim_end_matches('"').to_owned());
        }
        match word.as_str() {
            "true" => Fact::Yes(true),
            "false" => Fact::Yes(false),
            number if number.parse::<i64>().is_ok() => Fact::Number(number.parse().unwrap()),
            path => self.facts.get(path).unwrap_or_else(|| panic!("no fact {path}")).clone(),
        }
    }
}
