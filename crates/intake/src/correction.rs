//! The first line of a reject file that we sent out and that comes back mended.

use baoxue_claim::{Source, TownCode, Towns};
use chrono::NaiveDate;

use crate::text::fold;

/// How the line begins.
pub(crate) const MARK: &str = "保学退回修改";

/// What the line says about the file that the rows came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Correction {
    pub(crate) file: Option<String>,
    pub(crate) sheet: Option<String>,
    pub(crate) source: Option<Source>,
    pub(crate) as_of: Option<NaiveDate>,
    pub(crate) town: Option<TownCode>,
    pub(crate) batch: Option<u32>,
    /// Which of the tables of that sheet, from 1; absent where there is one.
    pub(crate) table: Option<u32>,
}

impl Correction {
    /// Reads the line; `None` when the cell is none of ours.
    pub(crate) fn read(cell: &str, towns: &Towns) -> Option<Self> {
        let text = cell.trim().replace('|', "｜").replace('：', ":");
        let rest = text.strip_prefix(MARK)?;
        let mut correction = Self::default();
        for part in rest.split('｜') {
            let Some((key, value)) = part.split_once(':') else { continue };
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            match fold(key).as_ref() {
                "原文件" => correction.file = Some(value.to_owned()),
                "工作表" => correction.sheet = Some(value.to_owned()),
                "来源" => correction.source = value.parse().ok(),
                "第几栏" => correction.table = value.parse().ok(),
                "批次" => correction.batch = value.parse().ok(),
                "截止日期" => correction.as_of = baoxue_claim::read_date(value),
                "镇办" => {
                    correction.town =
                        value.parse().ok().or_else(|| towns.named(value).map(|town| town.code));
                }
                _ => {}
            }
        }
        Some(correction)
    }
}

/// The row of the original file that a returned row was, by our remark at its end: `原第7行：…`.
pub(crate) fn original_row(cells: &[String]) -> Option<u32> {
    cells.iter().rev().find_map(|cell| {
        let (number, _) = cell.trim().strip_prefix("原第")?.split_once('行')?;
        number.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_where_the_rows_came_from() {
        let line = "保学退回修改｜原文件：某镇.xlsx｜工作表：表1｜来源：town_survey｜截止日期：2019-06-30｜批次：3｜第几栏：2｜说明：改后发回";
        let read = Correction::read(line, &Towns::default()).unwrap();
        assert_eq!(read.file.as_deref(), Some("某镇.xlsx"));
        assert_eq!(read.sheet.as_deref(), Some("表1"));
        assert_eq!(read.source, Some(Source::TownSurvey));
        assert_eq!(read.as_of, NaiveDate::from_ymd_opt(2019, 6, 30));
        assert_eq!((read.batch, read.table), (Some(3), Some(2)));
        assert_eq!(Correction::read("某镇摸排表", &Towns::default()), None);
    }

    #[test]
    fn a_returned_row_says_which_it_was() {
        let row = |cells: [&str; 2]| original_row(&cells.map(str::to_owned));
        assert_eq!(row(["王小明", "原第12行：没有姓名"]), Some(12));
        assert_eq!(row(["王小明", "没有姓名"]), None);
    }
}
