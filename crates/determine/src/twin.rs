//! A slow and obvious reader of the same rule files: it takes Markdown apart by lines, keeps conditions as words, and asks
//! every rule of every child anew. It shares with the engine the facts about a child and nothing else, and of those it counts
//! again the ones about age, papers, the registry, the towns and the schools' reports. More than 100,000 children of each run must have the same verdict by both.

mod expression;
mod lists;
mod recount;

use std::{
    collections::{BTreeMap, HashMap},
    thread,
};

use baoxue_claim::{ChildId, Record, VerdictCode};
use chrono::NaiveDate;
use toml::{Table, Value};

use crate::{
    Child, Pack, PackText, Settings, Verdict,
    cells::CELLS,
    facts::{FIELDS, Facts, Getter, facts_of},
    laws::gravity,
    pack::{builtin_files, records_of_case},
    verdict,
};
use expression::{Fact, holds};

/// Children per pack and thread; two packs, two threads.
const N_CHILDREN: u64 = 26_000;

const DAYS: [&str; 7] = [
    "2019-08-25",
    "2019-08-31",
    "2019-09-01",
    "2019-09-20",
    "2019-11-19",
    "2020-03-01",
    "2021-09-01",
];

/// The rules of packs as this reader sees them: for each pack its blocks and the rows of its tables.
struct Files {
    packs: Vec<Sheet>,
}

#[derive(Default)]
struct Sheet {
    rules: Vec<Table>,
    values: Vec<Vec<String>>,
    offs: Vec<Vec<String>>,
}

impl Sheet {
    fn read(files: &[(String, String)]) -> Self {
        let mut sheet = Self::default();
        for (_, text) in files {
            let blocks =
                text.split("```rule\n").skip(1).map(|rest| rest.split("```").next().unwrap());
            sheet.rules.extend(blocks.map(|block| block.parse::<Table>().unwrap()));
            let mut table = "";
            for line in text.lines() {
                if !line.starts_with('|') {
                    table = "";
                    continue;
                }
                let cells: Vec<String> =
                    line.trim().trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect();
                match (table, cells[0].as_str()) {
                    ("", "value") => table = "value",
                    ("", "off") => table = "off",
                    ("", _) => table = "other",
                    (_, rule) if rule.starts_with('-') => {}
                    ("value", _) => sheet.values.push(cells),
                    ("off", _) => sheet.offs.push(cells),
                    _ => {}
                }
            }
        }
        sheet
    }
}

fn text<'t>(rule: &'t Table, key: &str) -> &'t str {
    rule.get(key).and_then(Value::as_str).unwrap_or("")
}

/// Whether a day lies in a span as written; an empty end never comes.
fn in_span(day: &str, since: &str, until: &str) -> bool {
    since <= day && (until.is_empty() || day <= until)
}

fn written(rule: &Table, key: &str) -> String {
    rule.get(key).and_then(Value::as_datetime).map(ToString::to_string).unwrap_or_default()
}

impl Files {
    /// The cell of a value in force on the day: the last pack that has one.
    fn value(&self, key: &str, day: &str) -> Value {
        let rows = self.packs.iter().flat_map(|pack| &pack.values);
        let mut held = rows.filter(|row| row[0] == key && in_span(day, &row[2], &row[3]));
        let row = held.next_back().unwrap_or_else(|| panic!("no {key}"));
        format!("x = {}", row[1]).parse::<Table>().unwrap().remove("x").unwrap()
    }

    /// The rules on a day, in the order in which they are asked.
    fn asked(&self, day: &str) -> Vec<&Table> {
        let order = self.value("order", day);
        let order: Vec<&str> =
            order.as_array().unwrap().iter().map(|v| v.as_str().unwrap()).collect();
        let mut groups: Vec<Vec<&Table>> = vec![Vec::new(); order.len() + 2];
        for (at, pack) in self.packs.iter().enumerate().rev() {
            for rule in &pack.rules {
                let above = &self.packs[at + 1..];
                let id = text(rule, "id");
                let off = above.iter().any(|p| {
                    let off = p.offs.iter().any(|o| o[0] == id && in_span(day, &o[1], &o[2]));
                    off || p.rules.iter().any(|r| text(r, "id") == id && lives(r, day))
                });
                if off || !lives(rule, day) {
                    continue;
                }
                let group =
                    order.iter().position(|name| *name == id || *name == text(rule, "group"));
                let fallback = rule.get("fallback").and_then(Value::as_bool) == Some(true);
                let last = if fallback { order.len() + 1 } else { order.len() };
                let place = if fallback { last } else { group.unwrap_or(last) };
                groups[place].push(rule);
            }
        }
        let mut list: Vec<&Table> = groups.into_iter().flatten().collect();
        while let Some((from, to)) = misplaced(&list) {
            let rule = list.remove(from);
            list.insert(if from < to { to - 1 } else { to }, rule);
        }
        list
    }
}

fn lives(rule: &Table, day: &str) -> bool {
    in_span(day, &written(rule, "since"), &written(rule, "until"))
}

/// A rule that names another and does not stand directly before it.
fn misplaced(list: &[&Table]) -> Option<(usize, usize)> {
    list.iter().enumerate().find_map(|(at, rule)| {
        let target = rule.get("before")?.as_str()?;
        let to = list.iter().position(|other| text(other, "id") == target)?;
        (at + 1 != to).then_some((at, to))
    })
}

fn named(facts: &Facts) -> HashMap<&'static str, Fact> {
    let value = |get: &Getter| match get {
        Getter::Bool(get) => Fact::Yes(get(facts)),
        Getter::Int(get) => Fact::Number(get(facts)),
        Getter::Word(get, _) => Fact::Word(get(facts).to_owned()),
    };
    FIELDS.iter().map(|field| (field.path, value(&field.get))).collect()
}

/// What the slow reader says: rule, version, code, reason, what else matched, what is missing.
type Said = (String, String, String, String, Vec<String>, Vec<String>);

fn slow(asked: &[(&Table, Vec<String>)], facts: &HashMap<&'static str, Fact>) -> Said {
    let mut matching = asked.iter().filter(|(_, when)| holds(when, facts)).map(|(rule, _)| *rule);
    let rule = matching.next().expect("the last rule always matches");
    let of = |key: &str| text(rule, key).to_owned();
    let also = matching
        .filter(|other| other.get("fallback").is_none())
        .map(|other| text(other, "id").to_owned())
        .collect();
    let needs = rule.get("needs").and_then(Value::as_array).into_iter().flatten();
    let missing = needs
        .filter_map(|need| {
            let need = need.as_array()?;
            let condition = expression::words(need.get(2)?.as_str()?);
            (!holds(&condition, facts)).then(|| need[0].as_str().unwrap().to_owned())
        })
        .collect();
    (of("id"), of("version"), of("code"), of("reason"), also, missing)
}

fn fast(found: &Verdict) -> Said {
    (
        found.ground.rule.clone(),
        found.ground.version.clone(),
        found.code.code().to_owned(),
        found.reason.clone(),
        found.also.iter().map(|also| also.rule.to_string()).collect(),
        found.missing.iter().map(|missing| missing.zh.clone()).collect(),
    )
}

/// Numbers without end from one seed (`SplitMix64`).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }
}

/// A row of a table of cases: each source speaks in two of five children.
fn row(numbers: &mut Numbers) -> Vec<(&'static str, &'static str)> {
    let spoken = CELLS.iter().filter_map(|(column, cells)| {
        let speaks = numbers.below(5) < 2;
        let cell = cells[numbers.below(cells.len())];
        speaks.then_some((*column, cell))
    });
    spoken.collect()
}

struct Day<'p> {
    written: &'static str,
    date: NaiveDate,
    settings: Settings,
    rules: Vec<&'p crate::pack::Rule>,
    asked: Vec<(&'p Table, Vec<String>)>,
    answers: BTreeMap<VerdictCode, Value>,
}

fn days<'p>(pack: &'p Pack, files: &'p Files) -> Vec<Day<'p>> {
    let on = |written: &'static str| {
        let settings = pack.settings_on(written.parse().unwrap()).unwrap();
        let asked = files.asked(written);
        let answers = VerdictCode::ALL
            .iter()
            .map(|code| (*code, files.value(&format!("answers.{code}"), written)));
        Day {
            written,
            date: written.parse().unwrap(),
            rules: pack.in_order(&settings),
            asked: asked.into_iter().map(|r| (r, expression::words(text(r, "when")))).collect(),
            answers: answers.collect(),
            settings,
        }
    };
    DAYS.iter().copied().map(on).collect()
}

fn child_of<'a>(records: &[&'a Record]) -> Child<'a> {
    Child::new(ChildId(1), records.to_vec())
}

/// One generated child: both readers, its rows in another order, and a good certificate more.
fn compare(day: &Day<'_>, files: &Files, row: &[(&str, &str)]) {
    let records = records_of_case(day.date, row).unwrap();
    let in_turn: Vec<&Record> = records.iter().collect();
    let judged =
        |records: &[&Record]| verdict::judge(&child_of(records), &day.rules, &day.settings);
    let found = judged(&in_turn);
    let (facts, _) = facts_of(&child_of(&in_turn), &day.settings);
    let facts = named(&facts);
    assert_eq!(fast(&found), slow(&day.asked, &facts), "{} {row:?}", day.written);
    recount::check(&records, day.date, |key| files.value(key, day.written), &facts, row);
    let answers = day.answers[&found.code].as_array().unwrap();
    let answer = serde_json::to_value(found.answer).unwrap();
    let decided = day.asked.iter().find(|(rule, _)| text(rule, "id") == found.ground.rule);
    let when = decided.map(|(rule, _)| text(rule, "provisional")).filter(|when| !when.is_empty());
    let provisional = when.is_some_and(|when| holds(&expression::words(when), &facts));
    let written = |at: usize| if provisional { "open" } else { answers[at].as_str().unwrap() };
    assert_eq!(answer["dropout"], written(0));
    assert_eq!(answer["in_school"], written(1));
    let turned: Vec<&Record> = records.iter().rev().collect();
    assert_eq!(judged(&turned), found, "{row:?}");
    if found.code == VerdictCode::RegisterError {
        // Against "no such person" a certificate is a contradiction: it shows that there is one.
        return;
    }
    let mut row = row.to_vec();
    row.push(("certificate", day.written));
    let more = records_of_case(day.date, &row).unwrap();
    let with = judged(&more.iter().collect::<Vec<_>>());
    assert!(
        gravity(with.code) <= gravity(found.code),
        "{row:?}: {} became {}",
        found.code,
        with.code
    );
}

#[test]
fn a_slow_reader_of_the_same_files_says_the_same_of_every_child() {
    let owned = |files: &[(&str, &str)]| {
        files.iter().map(|(n, t)| ((*n).to_owned(), (*t).to_owned())).collect::<Vec<_>>()
    };
    let builtin = owned(builtin_files());
    let province = owned(&[("p.md", include_str!("../../../examples/packs/province/pack.md"))]);
    let county = owned(&[
        ("c.md", include_str!("../../../examples/packs/county/pack.md")),
        ("d.md", include_str!("../../../examples/packs/county/certificate-promised.md")),
    ]);
    let above = [province.clone(), county.clone()].map(|files| PackText { files });
    let packs = [Pack::builtin(), Pack::builtin().with(&above).unwrap()];
    let read = [
        Files { packs: vec![Sheet::read(&builtin)] },
        Files { packs: [&builtin, &province, &county].map(|files| Sheet::read(files)).into() },
    ];
    thread::scope(|scope| {
        for ((pack, files), seed) in packs.iter().zip(&read).flat_map(|p| [(p, 1), (p, 2)]) {
            scope.spawn(move || {
                let days = days(pack, files);
                let mut numbers = Numbers(seed);
                for _ in 0..N_CHILDREN {
                    let day = &days[numbers.below(days.len())];
                    compare(day, files, &row(&mut numbers));
                }
            });
        }
    });
}
