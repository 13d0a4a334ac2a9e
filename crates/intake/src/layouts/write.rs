//! Mapping files as text, with the comments a clerk needs.

use std::fmt::Write;

use baoxue_claim::Source;

use super::{Layout, Sender};
use crate::{Field, Question, Reading, SheetReading, text::fold, values};

const HEAD: &str = "\
# 请回答下面的问题，保存后随下次导入一并提供；回答过的版式会被记住，不再询问。
# meaning（含义）请填括号前的英文名或中文名；不使用的列填 \"unused\"；留空表示暂不回答。
# source（来源）只在不能确定时需要填写；ignore = true 表示整张表不读取。
# sender 是报送单位：来源｜镇办代码、学校或文件名。回答只用于这个单位报来的表；要用于所有单位，请删去 sender 这一行。
# fingerprint 是表头，用来认出这种版式，请勿修改。
";

/// A mapping file with one entry per sender and layout that has open questions, for a clerk to fill in. What was assumed stands
/// there already; a file given back unchanged confirms it. Samples are masked. Empty when nothing can be answered here: a
/// table without a header is to be sent again with one.
///
/// `readings` are file names and what was read.
pub fn questions_to_toml(readings: &[(String, Reading)]) -> String {
    let mut out = HEAD.to_owned();
    let mut written: Vec<(&Sender, &str)> = Vec::new();
    for (file, reading) in readings {
        for sheet in &reading.sheets {
            let questions: Vec<&Question> =
                reading.questions.iter().filter(|question| question.sheet == sheet.name).collect();
            let layout = (&sheet.sender, sheet.fingerprint.as_str());
            let known = written.contains(&layout);
            if questions.is_empty() || sheet.fingerprint.is_empty() || known {
                continue;
            }
            written.push(layout);
            entry(&mut out, file, sheet, &questions);
        }
    }
    if written.is_empty() { String::new() } else { out }
}

/// One remembered layout of a sender, or of all.
pub(super) fn layout(
    out: &mut String,
    (sender, fingerprint): (Option<&Sender>, &str),
    layout: &Layout,
) {
    let sender = sender.map_or(String::new(), sender_line);
    let source =
        layout.source.map_or(String::new(), |s| format!("source = {}\n", quoted(s.name())));
    let ignore = if layout.ignore { "ignore = true\n" } else { "" };
    push(
        out,
        &format!("[[layout]]\n{sender}fingerprint = {}\n{source}{ignore}\n", quoted(fingerprint)),
    );
    for (header, field) in &layout.columns {
        let meaning = field.unwrap_or(Field::Unused).name();
        let header = quoted(header);
        push(
            out,
            &format!("[[layout.column]]\nheader = {header}\nmeaning = {}\n\n", quoted(meaning)),
        );
    }
}

fn entry(out: &mut String, file: &str, sheet: &SheetReading, questions: &[&Question]) {
    push(out, &format!("\n# 文件：{}  工作表：{}\n", one_line(file), one_line(&sheet.name)));
    let sender = sender_line(&sheet.sender);
    push(out, &format!("[[layout]]\n{sender}fingerprint = {}\n", quoted(&sheet.fingerprint)));
    if let Some(question) = questions.iter().find(|question| question.column == 0) {
        let all =
            Source::ALL.map(|source| format!("{}（{}）", source.name(), source.zh())).join("、");
        let assumed = sheet.source.map_or("", Source::name);
        push(out, &format!("# {}\n# 可选：{all}\nsource = {}\n", question.why, quoted(assumed)));
    }
    push(out, "ignore = false\n");
    let keys = sheet.column_keys();
    for question in questions.iter().filter(|question| question.column > 0) {
        let index = crate::grid::index(question.column);
        let Some(key) = keys.get(index) else { continue };
        let candidates: Vec<String> = question
            .candidates
            .iter()
            .map(|field| format!("{}（{}）", field.name(), field.zh()))
            .collect();
        let samples: Vec<String> = question.samples.iter().map(|sample| masked(sample)).collect();
        push(
            out,
            &format!(
                "\n# 第{}列“{}”：{}\n",
                question.column,
                one_line(&question.header),
                question.why
            ),
        );
        push(out, &format!("# 例：{}\n# 可选：{}\n", samples.join(" | "), candidates.join("、")));
        let meaning = question.assumed.map_or("", Field::name);
        let header = quoted(key);
        push(
            out,
            &format!("[[layout.column]]\nheader = {header}\nmeaning = {}\n", quoted(meaning)),
        );
    }
}

fn sender_line(sender: &Sender) -> String {
    format!("sender = {}\n", quoted(&sender.to_string()))
}

fn push(out: &mut String, text: &str) {
    // Writing to a String does not fail.
    let _ = out.write_str(text);
}

/// A basic string of TOML.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// A comment must not break its line, or it would become content.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Numbers and names of persons are not needed to tell what a column is.
fn masked(sample: &str) -> String {
    let text = one_line(sample);
    let folded = fold(&text);
    if values::is_id(&folded) || values::is_phone(&folded) {
        let n = folded.chars().count();
        let head: String = folded.chars().take(3).collect();
        return format!("{head}{}", "*".repeat(n.saturating_sub(3)));
    }
    if values::is_name(&folded) {
        let first: String = folded.chars().take(1).collect();
        return format!("{first}{}", "某".repeat(folded.chars().count().saturating_sub(1)));
    }
    text.chars().take(30).collect()
}
