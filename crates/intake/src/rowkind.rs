//! Rows below the header that are no data: totals, signatures, notes, reports of nothing.

use std::borrow::Cow;

use crate::{
    Aside, Field,
    columns::Columns,
    text::{begins, first_number, fold, has, is_blank, is_one, words},
    values,
};

/// Words with which a total begins.
const TOTALS: &str = "合计 总计 共计 总数 累计 总人数 全镇合计 小计 本页小计 本页合计 村小计 分计";

/// Words of the line below a table that somebody signs.
const SIGNATURES: &str = "审核人 填表人 制表人 填报人 经办人 负责人 校长签字 签字 签名 公章 盖章 单位负责人 主要领导 \
    制表 分管领导 复核人 统计人 报送人 填报单位 制表单位 审签 联系电话:";

/// What a row below the header is, when it is no data; with the number a total states.
pub(crate) fn kind(cells: &[String], columns: &Columns) -> Option<(Aside, Option<u32>)> {
    let texts: Vec<(usize, Cow<'_, str>)> = cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !is_blank(cell))
        .map(|(at, cell)| (at, fold(cell)))
        .collect();
    let [(_, first), ..] = texts.as_slice() else { return Some((Aside::Blank, None)) };
    // A row with an ID number is about a person, whatever words it holds.
    if texts.iter().any(|(_, text)| values::is_id(text) && !text.contains(':')) {
        return None;
    }
    if let Some(stated) = total(&texts) {
        return Some((Aside::Total, stated.persons));
    }
    let name = columns.cell(cells, Field::Name);
    let plausible_name = name.is_some_and(|name| values::is_name(&fold(name)));
    if !plausible_name && texts.len() <= 8 && is_signature(&texts) {
        return Some((Aside::Signature, None));
    }
    if is_zero_report(&texts, name, columns, cells) {
        return Some((Aside::ZeroReport, None));
    }
    let note = "注: 备注: 说明: 填表说明 注意 附: 附注 ※ *注 填报说明 注1";
    if begins(first, note) || (texts.len() == 1 && is_prose(first)) {
        return Some((Aside::Note, None));
    }
    let only_helpers = texts.iter().all(|(at, _)| {
        matches!(
            columns.field(*at),
            Some(Field::Serial | Field::Town | Field::Signed | Field::Unused)
        ) || columns.is_helper(*at)
    });
    if only_helpers && texts.iter().all(|(at, text)| text.chars().count() < 12 || *at > 0) {
        return Some((Aside::Blank, None));
    }
    None
}

/// Whether a first cell begins a total.
pub(crate) fn begins_total(cell: &str) -> bool {
    let text = fold(cell);
    begins(&text, TOTALS)
}

/// A total, with the persons it states; a subtotal states none.
struct Total {
    persons: Option<u32>,
}

/// 合计 390人, 小计 上岩村 4人, 共81条.
fn total(texts: &[(usize, Cow<'_, str>)]) -> Option<Total> {
    for (at, (_, text)) in texts.iter().take(3).enumerate() {
        let Some(word) = words(TOTALS).find(|word| text.starts_with(word)) else { continue };
        // 合计 at the start of a longer sentence or of a name is no total.
        if text.chars().count() > 30 {
            continue;
        }
        let sub = has(word, "小计 本页 分计");
        let rest: Vec<&str> = std::iter::once(&text[word.len()..])
            .chain(texts[at + 1..].iter().map(|(_, text)| text.as_ref()))
            .collect();
        return Some(Total { persons: stated(&rest).filter(|_| !sub) });
    }
    let (_, first) = texts.first()?;
    let counted = first.starts_with('共') && has(first, "条 人 名 户") && texts.len() <= 3;
    (counted && first.chars().count() <= 12).then(|| Total { persons: persons(first) })
}

/// The number of persons, said as 390人 or standing alone; households are not persons.
fn stated(texts: &[&str]) -> Option<u32> {
    texts.iter().find_map(|text| persons(text)).or_else(|| {
        let bare = |text: &&&str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        texts.iter().find(bare).and_then(|text| text.parse().ok())
    })
}

fn persons(text: &str) -> Option<u32> {
    for unit in ["人", "名", "条"] {
        let Some(at) = text.find(unit) else { continue };
        let digits = text[..at].bytes().rev().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            return first_number(&text[at - digits..at]);
        }
    }
    None
}

fn is_signature(texts: &[(usize, Cow<'_, str>)]) -> bool {
    let signed = |text: &str| {
        begins(text, SIGNATURES)
            && (text.contains(':') || text.contains('(') || text.chars().count() <= 6)
    };
    texts.iter().take(2).any(|(_, text)| signed(text))
        || (texts.len() <= 2
            && texts
                .iter()
                .any(|(_, t)| t.contains(':') && has(t, SIGNATURES) && t.chars().count() < 80))
}

/// Whether a row is signed by somebody and holds no number of a person.
pub(crate) fn is_signed(cells: &[String]) -> bool {
    let texts = cells.iter().enumerate().filter(|(_, cell)| !is_blank(cell));
    let texts: Vec<(usize, Cow<'_, str>)> = texts.map(|(at, cell)| (at, fold(cell))).collect();
    texts.len() <= 8 && is_signature(&texts) && !texts.iter().any(|(_, text)| values::is_id(text))
}

/// Words that stand in a cell instead of a name: nobody.
const NOTHING: &str =
    "无 零报告 0报告 没有 暂无 / - 0 无缺课学生 无辍学学生 无失学辍学学生 无此类学生";

/// Whether a cell says that there is nobody.
pub(crate) fn says_nobody(cell: &str) -> bool {
    is_one(&fold(cell), NOTHING)
}

fn is_zero_report(
    texts: &[(usize, Cow<'_, str>)],
    name: Option<&str>,
    columns: &Columns,
    cells: &[String],
) -> bool {
    if name.is_some_and(says_nobody) {
        return true;
    }
    let name = name.map(fold);
    let named = name.as_deref().is_some_and(|name| !name.is_empty());
    let zero = texts.iter().any(|(_, text)| {
        has(text, "零报告 0报告 无辍学学生 无缺课学生 无失学辍学 无疑似辍学")
            || (text == "无" && texts.len() <= 4)
    });
    let no_days = columns.cell(cells, Field::AbsentDays).is_some_and(|days| fold(days) == "0");
    !named && (zero || (no_days && columns.cell(cells, Field::AbsentFrom).is_none()))
}

/// A sentence rather than a value.
fn is_prose(text: &str) -> bool {
    text.chars().count() > 12 || has(text, ": 。 ;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Columns {
        Columns::of_fields(&[
            Some(Field::Serial),
            Some(Field::Village),
            Some(Field::Name),
            Some(Field::Id),
            Some(Field::AbsentDays),
            Some(Field::Remark),
        ])
    }

    #[track_caller]
    fn check(cells: &[&str], expected: Option<(Aside, Option<u32>)>) {
        let cells: Vec<String> = cells.iter().map(|cell| (*cell).to_owned()).collect();
        assert_eq!(kind(&cells, &columns()), expected, "{cells:?}");
    }

    #[test]
    fn totals_keep_their_number() {
        check(&["合计", "390人"], Some((Aside::Total, Some(390))));
        check(&["合计", "", "441人", "男243女198"], Some((Aside::Total, Some(441))));
        check(&["小计", "上岩村", "4人"], Some((Aside::Total, None)));
        check(&["共81条"], Some((Aside::Total, Some(81))));
        check(&["合计", "11户"], Some((Aside::Total, None)));
        check(&["合计：", "25"], Some((Aside::Total, Some(25))));
    }

    #[test]
    fn signatures_notes_and_reports_of_nothing() {
        check(&["审核人:李某          填表人:王某"], Some((Aside::Signature, None)));
        check(&["校长签字:              填表人:"], Some((Aside::Signature, None)));
        check(&["", "某某小学", "无", "", "0", "零报告"], Some((Aside::ZeroReport, None)));
        check(&["注:本表一式三份。"], Some((Aside::Note, None)));
        check(&["12"], Some((Aside::Blank, None)));
    }

    #[test]
    fn rows_about_children_are_data() {
        check(&["1", "上岩村", "王小明", "11010519491231002X"], None);
        check(&["2", "上岩村", "王小明"], None);
        check(&["3", "共和村", "何计"], None);
        check(&["", "", "王小明"], None);
    }
}
