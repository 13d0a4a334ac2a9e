//! How wide text is in cells of a terminal or units of a column: Chinese characters two, Latin ones one.

/// The width of `text` in half-width units; for several lines, that of the widest.
pub(crate) fn display_width(text: &str) -> usize {
    text.split('\n').map(|line| line.chars().map(char_width).sum()).max().unwrap_or(0)
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
        0x20..=0x7e => 1,
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
}
