//! `baoxue rules what-if`: who would move from where to where under a changed rule or threshold, before it applies.

use std::{collections::BTreeMap, fs, path::PathBuf};

use baoxue_claim::VerdictCode;
use baoxue_flow::{County, FlowError, Moved};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use serde_json::json;

use crate::{
    Done,
    args::{self, json as json_flag, places},
    failure::Failure,
    lang::Lang,
    session::{Session, china_day},
    terminal::Bar,
};

/// Its command line.
pub(crate) fn command(lang: Lang) -> Command {
    let t = |zh: &'static str, en: &'static str| lang.pick(zh, en);
    let command = Command::new("what-if")
        .about(t(
            "试算：规则或期限改动后，谁的认定会变（不改动任何数据）",
            "who would move under a changed rule or threshold; changes nothing",
        ))
        .arg(Arg::new("set").long("set").value_name("KEY=VALUE").action(ArgAction::Append).help(t(
            "改动 [determine] 中的一项，如 thresholds.dropout_days=20，可写多次",
            "change one key of [determine], such as thresholds.dropout_days=20; may be repeated",
        )))
        .arg(
            Arg::new("with")
                .long("with")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help(t("改用这份 county.toml 试算", "try this county.toml instead")),
        )
        .arg(json_flag(lang));
    places(command, lang)
}

/// Prints the moves by kind, then the children.
pub(crate) async fn run(matches: &ArgMatches, lang: Lang) -> Result<Done, Failure> {
    let session = Session::open_existing(matches).await?;
    session.warn_unconfigured(lang);
    let changed = changed(matches, &session)?;
    let json = matches.get_flag("json");
    let mut bar = Bar::new(lang, json);
    let mut observe = |p| bar.show(&p);
    let (store, county) = (&session.store, &session.county);
    let moved = baoxue_flow::what_if_changed(store, county, &changed, &mut observe).await?;
    bar.end();
    if json {
        println!("{}", json!({ "as_of": changed.settings.as_of, "moves": moved }));
    } else {
        show(&moved, lang);
    }
    Ok(Done::Clean)
}

/// The configuration that is tried: another file, or the one in force with some keys changed.
fn changed(matches: &ArgMatches, session: &Session) -> Result<County, Failure> {
    let given = args::path(matches, "with").or_else(|| args::path(matches, "config"));
    let path = given.cloned().unwrap_or_else(|| session.folder.folder.join("county.toml"));
    let text = fs::read_to_string(&path).map_err(|e| FlowError::file(&path, e))?;
    let mut table: toml::Table = text
        .parse()
        .map_err(|e: toml::de::Error| Failure::usage(&format!("{}: {e}", path.display())))?;
    for set in matches.get_many::<String>("set").into_iter().flatten() {
        put(&mut table, set).ok_or_else(|| {
            Failure::usage(&format!("--set {set}: 应为 KEY=VALUE，KEY 是 [determine] 中的项 (KEY=VALUE, KEY below [determine])"))
        })?;
    }
    let changed = session.folder.county_of(&table.to_string(), &path, china_day(session.now));
    changed.map_err(|error| Failure::usage(&error.to_string()))
}

/// Sets one key below `[determine]`; `None` when the text is not `KEY=VALUE` or the way leads through something else than
/// tables.
fn put(table: &mut toml::Table, set: &str) -> Option<()> {
    let (key, value) = set.split_once('=')?;
    let value = value.trim();
    let parsed = format!("value = {value}").parse::<toml::Table>();
    let value = match parsed {
        Ok(mut parsed) => parsed.remove("value")?,
        Err(_) => toml::Value::String(value.to_owned()),
    };
    let mut at = table;
    let mut names: Vec<&str> = std::iter::once("determine").chain(key.trim().split('.')).collect();
    let last = names.pop().filter(|name| !name.is_empty())?;
    for name in names {
        let below = at.entry(name).or_insert_with(|| toml::Value::Table(toml::Table::new()));
        at = below.as_table_mut()?;
    }
    at.insert(last.to_owned(), value);
    Some(())
}

fn show(moved: &[Moved], lang: Lang) {
    let mut kinds: BTreeMap<(VerdictCode, VerdictCode), usize> = BTreeMap::new();
    for one in moved {
        *kinds.entry((one.from, one.to)).or_default() += 1;
    }
    let word = |code: VerdictCode| lang.pick(code.zh(), code.en());
    for ((from, to), n) in &kinds {
        println!("  {n:>7}  {} → {}", word(*from), word(*to));
    }
    println!("  {:>7}  {}\n", moved.len(), lang.pick("合计", "total"));
    for one in moved.iter().filter(|one| one.from != one.to) {
        let (name, town) = (one.name.as_deref().unwrap_or("-"), one.town.as_deref().unwrap_or("-"));
        let (from, to) = (word(one.from), word(one.to));
        println!(
            "{} {name} {town}: {from} ({}) → {to} ({})",
            one.child, one.from_rule, one.to_rule
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_set_below_determine_and_nowhere_else() {
        let mut table: toml::Table = "name = \"甲县\"\n[determine]\nyears = 9".parse().unwrap();
        put(&mut table, "thresholds.dropout_days=20").unwrap();
        put(&mut table, "years = 10").unwrap();
        assert_eq!(table["determine"]["thresholds"]["dropout_days"].as_integer(), Some(20));
        assert_eq!(table["determine"]["years"].as_integer(), Some(10));
        assert_eq!(put(&mut table, "years"), None);
        assert_eq!(put(&mut table, "years.x=1"), None, "years is no table");
    }
}
