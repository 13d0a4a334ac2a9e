//! How wide text is in cells of a terminal or units of a column: Chinese characters two, Latin ones one.

/// The width of `text` in half-width units; for several lines, that of the widest.
pub(crate) fn display_width(text: &str) -> usize {
    text.split('\n').map(|line| line.chars().map(char_width).sum()).max().unwrap_or(0)
}

/// The lines that `text` takes in a column of `width` units: broken after any Chinese character and after blanks and
/// hyphens, inside a Latin word or number only when it is longer than a line.
pub(crate) fn n_lines(text: &str, width: usize) -> usize {
    text.split('\n').map(|line| lines_of(line, width.max(2))).sum()
}

fn lines_of(line: &str, width: usize) -> usize {
    let (mut lines, mut used, mut word) = (1, 0, 0);
    for c in line.chars() {
        let unit = char_width(c);
        if unit == 1 && c != ' ' {
            word += unit;
            if c != '-' && c != '/' {
                continue;
            }
        }
        place(&mut lines, &mut used, word, width);
        word = 0;
        if unit != 1 || c == ' ' {
            place(&mut lines, &mut used, unit, width);
        }
    }
    place(&mut lines, &mut used, word, width);
    lines
}

/// Puts a piece of `units` on the line if it fits, else on the next; a piece longer than a line is cut.
fn place(lines: &mut usize, used: &mut usize, units: usize, width: usize) {
    if *used + units <= width {
        *used += units;
        return;
    }
    *lines += usize::from(*used > 0) + (units.max(1) - 1) / width;
    *used = (units.max(1) - 1) % width + 1;
}

/// `text` padded with blanks on the right to `width` units.
pub(crate) fn pad_right(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(display_width(text))))
}

/// `text` padded with blanks on the left to `width` units.
pub(crate) fn pad_left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(display_width(text))))
}

/// Two for wide and full-width characters, none for combining marks and controls, else one.
///
/// Source: Unicode Standard Annex 11, blocks whose characters are wide throughout.
fn char_width(c: char) -> usize {
    match u32::from(c) {
        0..=0x1f | 0x7f..=0x9f | 0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f | 0xfeff => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1_f300..=0x1_faff
        | 0x2_0000..=0x3_fffd => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_characters_are_two_cells_wide() {
        assert_eq!(display_width("江北办"), 6);
        assert_eq!(display_width("G61（大）"), 9);
        assert_eq!(display_width("一行\n第二行"), 6);
        assert_eq!(pad_left("14人", 6), "  14人");
        assert_eq!(pad_right("镇\u{200b}", 4), "镇\u{200b}  ");
    }

    #[test]
    fn lines_break_after_chinese_characters_and_between_words() {
        for (text, width, lines) in [
            ("", 10, 1),
            ("石桥镇中心小学", 14, 1),
            ("石桥镇中心小学", 8, 2),
            ("2019-07-02 答应返校", 10, 2),
            ("赵**/138****5678", 11, 2),
            ("abcdefghijkl", 4, 3),
            ("一\n二二二", 4, 3),
        ] {
            assert_eq!(n_lines(text, width), lines, "{text} in {width}");
        }
    }
}
