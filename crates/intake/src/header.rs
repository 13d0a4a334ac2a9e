//! Where the header stands, how many rows it has, and where it is repeated.

use crate::{
    Field,
    grid::Grid,
    synonyms::{self, Sure, bare, meaning},
    text::{fold, has, is_blank},
    values,
};

/// Rows from the top among which the header is looked for.
const SEARCHED: usize = 40;

/// Score that a row needs to be taken for a header: two columns that are surely known.
const ENOUGH: f64 = 4.0;

/// A header of one or two rows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Header {
    /// The rows, from 0, in order; one or two.
    pub(crate) rows: Vec<usize>,
    /// Per column the text of the upper level, empty where there is none, and of the lower.
    pub(crate) cells: Vec<(String, String)>,
    /// Folded texts of each header row, to know it again further down.
    folded: Vec<Vec<String>>,
}

impl Header {
    /// Looks for the header among the first rows.
    pub(crate) fn find(grid: &Grid<'_>) -> Option<Self> {
        let scores: Vec<f64> =
            (0..grid.len().min(SEARCHED)).map(|at| score(grid.row(at))).collect();
        let best = scores.iter().copied().fold(0.0, f64::max);
        // The first good one, not the best: a second table further down may have more columns.
        let good = |score: &f64| *score >= ENOUGH && *score * 2.0 >= best;
        let mut first = scores.iter().position(good)?;
        // Words that group the columns stand above the header proper, which is the better of two neighbours.
        if scores.get(first + 1).is_some_and(|next| *next > scores[first]) {
            first += 1;
        }
        Some(Self::at(grid, first))
    }

    fn at(grid: &Grid<'_>, leaf: usize) -> Self {
        if is_lower_level(grid, leaf) {
            return Self::of_rows(grid, vec![leaf, leaf + 1]);
        }
        if leaf > 0 && is_upper_level(grid, leaf) {
            return Self::of_rows(grid, vec![leaf - 1, leaf]);
        }
        Self::of_rows(grid, vec![leaf])
    }

    fn of_rows(grid: &Grid<'_>, rows: Vec<usize>) -> Self {
        let cells = match rows.as_slice() {
            [upper, lower] => two_levels(grid, *upper, *lower),
            _ => grid.row(rows[0]).iter().map(|leaf| (String::new(), tidy(leaf))).collect(),
        };
        let folded = rows
            .iter()
            .map(|at| grid.row(*at).iter().map(|cell| fold(cell).into_owned()).collect())
            .collect();
        Self { rows, cells, folded }
    }

    /// The last row of the header, from 0.
    pub(crate) fn last_row(&self) -> usize {
        self.rows.last().copied().unwrap_or_default()
    }

    /// Whether a row further down repeats one of the header's rows.
    pub(crate) fn is_repeated_by(&self, row: &[String]) -> bool {
        self.folded.iter().any(|head| {
            // Looked at for every row: two of the first five words must be there before all are compared.
            let first = head.iter().zip(row).filter(|(head, _)| !head.is_empty()).take(5);
            if first.filter(|(head, cell)| **head == fold(cell).as_ref()).count() < 2 {
                return false;
            }
            let known = head.iter().filter(|cell| !cell.is_empty()).count();
            let same = head
                .iter()
                .zip(row)
                .filter(|(head, cell)| !head.is_empty() && **head == fold(cell).as_ref())
                .count();
            let own = row.iter().filter(|cell| !is_blank(cell)).count();
            known >= 2 && same >= 2 && same * 10 >= known * 7 && same * 10 >= own * 7
        })
    }

    /// Whether a row further down is the header of another table.
    pub(crate) fn is_replaced_by(&self, row: &[String]) -> bool {
        let mut known = row.iter().filter(|cell| !is_blank(cell)).take(4);
        let quick = known
            .by_ref()
            .take(3)
            .filter(|cell| cell.len() < 60 && synonyms::is_whole(cell))
            .count();
        quick >= 2 && score(row) >= 8.0 && distinct(row) >= 4 && !self.is_repeated_by(row)
    }

    /// Identifies the layout: the folded header words in order, from the first one on: of two tables side by side the
    /// right one has the layout of the left.
    pub(crate) fn fingerprint(&self) -> String {
        let labels = self.labels();
        let words = labels.iter().map(|label| bare(label)).skip_while(String::is_empty);
        words.collect::<Vec<_>>().join("|")
    }

    /// Per column the header as written, two levels joined with `/`.
    pub(crate) fn labels(&self) -> Vec<String> {
        self.cells
            .iter()
            .map(|(group, leaf)| match (group.as_str(), leaf.as_str()) {
                ("", leaf) => leaf.to_owned(),
                (group, "") => group.to_owned(),
                (group, leaf) if group == leaf => leaf.to_owned(),
                (group, leaf) => format!("{group}/{leaf}"),
            })
            .collect()
    }
}

fn tidy(text: &str) -> String {
    crate::text::tidy(text).into_owned()
}

/// How much a row looks like a header: known words for it, values of data against it.
fn score(row: &[String]) -> f64 {
    let mut score = 0.0;
    let (mut known, mut cells) = (0, 0);
    let mut fields: Vec<Field> = Vec::new();
    for cell in row.iter().filter(|cell| !is_blank(cell)) {
        cells += 1;
        if looks_like_data(cell) {
            score -= 3.0;
            continue;
        }
        let Some((field, sure)) = meaning(cell) else {
            score -= 0.3;
            continue;
        };
        known += 1;
        let again = fields.contains(&field) && field != Field::Unused;
        fields.push(field);
        score += match sure {
            _ if again => 0.5,
            Sure::Wholly | Sure::Composed => 2.5,
            Sure::Ask | Sure::Loosely => 1.5,
        };
    }
    let meaningful = fields.iter().any(|field| *field != Field::Unused && *field != Field::Serial);
    if cells < 2 || known < 2 || known * 5 < cells * 2 || !meaningful {
        return 0.0;
    }
    score
}

fn distinct(row: &[String]) -> usize {
    let mut fields: Vec<Field> =
        row.iter().filter_map(|cell| meaning(cell).map(|(field, _)| field)).collect();
    fields.sort_unstable();
    fields.dedup();
    fields.len()
}

fn looks_like_data(cell: &str) -> bool {
    let text = fold(cell);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits >= 5
        || values::is_id(&text)
        || text.chars().count() > 40
        || text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// Whether the row above `leaf` groups its columns: a few short words over several columns each.
fn is_upper_level(grid: &Grid<'_>, leaf: usize) -> bool {
    let upper = leaf - 1;
    let texts: Vec<&String> = grid.row(upper).iter().filter(|cell| !is_blank(cell)).collect();
    let plain = |text: &&String| {
        let folded = fold(text);
        folded.chars().count() <= 14
            && !folded.contains(':')
            && folded.bytes().filter(u8::is_ascii_digit).count() < 4
            && !has(&folded, "单位 填报 截止 日期为")
    };
    if texts.is_empty() || !texts.iter().all(plain) {
        return false;
    }
    let width = grid.row(leaf).len();
    let spans = grid.spans(upper);
    let groups = spans.iter().filter(|(l, r)| r - l + 1 < width.max(2)).count();
    let fills_gap = grid.row(upper).iter().enumerate().any(|(at, text)| {
        let below = grid.row(leaf).get(at);
        let same = below.is_some_and(|below| below == text);
        !is_blank(text)
            && (below.is_none_or(|below| is_blank(below)) || same)
            && meaning(text).is_some()
    });
    groups > 0 && texts.len() >= 2 - usize::from(fills_gap)
        || fills_gap
        || (!grid.has_merges() && texts.len() >= 2)
}

/// Whether the row below `upper` holds the second level of its merged cells.
fn is_lower_level(grid: &Grid<'_>, upper: usize) -> bool {
    let spans = grid.spans(upper);
    let lower = upper + 1;
    if lower >= grid.len() || grid.is_blank(lower) {
        return false;
    }
    let head = grid.row(upper);
    let mut known = 0;
    for (at, text) in grid.row(lower).iter().enumerate().filter(|(_, text)| !is_blank(text)) {
        let under_span = spans.iter().any(|(left, right)| (*left..=*right).contains(&at));
        let above = head.get(at).map_or("", String::as_str);
        if looks_like_data(text) || !(under_span || is_blank(above) || above == text.as_str()) {
            return false;
        }
        if above != text.as_str() {
            known += usize::from(meaning(text).is_some());
        }
    }
    let under =
        grid.row(lower).iter().enumerate().filter(|(at, text)| {
            !is_blank(text) && head.get(*at).is_none_or(|above| above != *text)
        });
    known >= 1 && known * 2 >= under.count()
}

fn two_levels(grid: &Grid<'_>, upper: usize, lower: usize) -> Vec<(String, String)> {
    let groups = grid.row_across(upper);
    let leaves = grid.row(lower);
    let mut cells = Vec::new();
    let mut running = String::new();
    for at in 0..groups.len().max(leaves.len()) {
        let leaf = leaves.get(at).map(|text| tidy(text)).unwrap_or_default();
        let mut group = groups.get(at).map(|text| tidy(text)).unwrap_or_default();
        if !grid.has_merges() {
            // Without merges a group stands in its first column and reaches to the next.
            if group.is_empty() && !leaf.is_empty() {
                group.clone_from(&running);
            } else {
                running.clone_from(&group);
            }
        }
        cells.push((group, leaf));
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Cell, Merge, Sheet};

    fn sheet(rows: &[&[&str]], merges: &[(u32, u32, u32, u32)]) -> Sheet {
        let cell = |text: &&str| {
            if text.is_empty() { Cell::Empty } else { Cell::Text((*text).to_owned()) }
        };
        Sheet {
            name: "表".to_owned(),
            rows: rows.iter().map(|row| row.iter().map(cell).collect()).collect(),
            merges: merges
                .iter()
                .map(|&(top, left, bottom, right)| Merge { top, left, bottom, right })
                .collect(),
            ..Sheet::default()
        }
    }

    #[track_caller]
    fn check(rows: &[&[&str]], merges: &[(u32, u32, u32, u32)], at: &[usize], labels: &[&str]) {
        let sheet = sheet(rows, merges);
        let header = Header::find(&Grid::new(&sheet)).unwrap();
        assert_eq!(header.rows, at);
        assert_eq!(header.labels(), labels);
    }

    #[test]
    fn a_header_below_title_and_notes() {
        check(
            &[
                &["某镇摸排表"],
                &["填表说明:姓名、身份证号务必准确。"],
                &["填报单位:某镇", "", "填报时间:2019年7月"],
                &["序号", "姓 名", "身份证号", "就读情况"],
                &["1", "王小明", "330102200809080015", "在校"],
            ],
            &[],
            &[3],
            &["序号", "姓 名", "身份证号", "就读情况"],
        );
    }

    #[test]
    fn two_levels_with_groups_above() {
        check(
            &[
                &["摸排表"],
                &["学生基本信息", "", "", "监护人信息", ""],
                &["姓名", "性别", "身份证号", "姓名", "电话"],
                &["王小明", "男", "330102200809080015", "王大明", "13800000000"],
            ],
            &[(1, 1, 1, 5), (2, 1, 2, 3), (2, 4, 2, 5)],
            &[1, 2],
            &[
                "学生基本信息/姓名",
                "学生基本信息/性别",
                "学生基本信息/身份证号",
                "监护人信息/姓名",
                "监护人信息/电话",
            ],
        );
    }

    #[test]
    fn two_levels_with_single_columns_merged_down() {
        check(
            &[
                &["序号", "姓名", "身份证号", "家庭情况", ""],
                &["", "", "", "监护人", "电话"],
                &["1", "王小明", "330102200809080015", "王大明", "13800000000"],
            ],
            &[(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 2, 3), (1, 4, 1, 5)],
            &[0, 1],
            &["序号", "姓名", "身份证号", "家庭情况/监护人", "家庭情况/电话"],
        );
    }

    #[test]
    fn a_csv_with_two_levels_has_no_merges() {
        check(
            &[
                &["学生", "", "家长", ""],
                &["姓名", "出生日期", "姓名", "电话"],
                &["王小明", "2008-09-08", "王大明", "13800000000"],
            ],
            &[],
            &[0, 1],
            &["学生/姓名", "学生/出生日期", "家长/姓名", "家长/电话"],
        );
    }

    #[test]
    fn a_page_of_prose_has_no_header() {
        let sheet =
            sheet(&[&["填表说明"], &["一、姓名按户口簿填写。"], &["二、电话填家长的。"]], &[]);
        assert!(Header::find(&Grid::new(&sheet)).is_none());
    }

    #[test]
    fn a_repeated_header_is_known_again() {
        let rows: &[&[&str]] =
            &[&["序号", "姓名", "身份证号"], &["1", "王小明", ""], &["序号", "姓　名", "身份证号"]];
        let sheet = sheet(rows, &[]);
        let grid = Grid::new(&sheet);
        let header = Header::find(&grid).unwrap();
        assert!(header.is_repeated_by(grid.row(2)));
        assert!(!header.is_repeated_by(grid.row(1)));
    }
}
