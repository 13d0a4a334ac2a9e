//! The looks of a printed table: fonts, borders, fills. Only font names that Chinese offices have; nothing is embedded.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

/// The font of cells and headings.
const FONT: &str = "宋体";

/// Grey of the header row, light enough to print.
const HEADER_FILL: Color = Color::RGB(0x00E7_ECF2);

/// Fill of a cell that must be looked at.
const ALARM_FILL: Color = Color::RGB(0x00FF_E699);

/// Colour of thin rules.
const RULE: Color = Color::RGB(0x0080_8080);

/// What a column holds, which decides format and alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Words of moderate length, left.
    Words,
    /// Short words, centred.
    Short,
    /// A number of a person or document: text format, centred, never wrapped.
    Code,
    /// A count.
    Count,
    /// A day, or the words for one that is not known to the day.
    Day,
}

/// One format per role, made once per workbook.
pub(crate) struct Styles {
    pub(crate) title: Format,
    pub(crate) note: Format,
    pub(crate) header: Format,
    pub(crate) plain: Format,
    pub(crate) alarm: Format,
    pub(crate) mark: Format,
    words: Format,
    short: Format,
    code: Format,
    count: Format,
    day: Format,
    total_words: Format,
    total_count: Format,
}

impl Styles {
    pub(crate) fn new() -> Self {
        let base = Format::new()
            .set_font_name(FONT)
            .set_font_size(10)
            .set_align(FormatAlign::VerticalCenter);
        let ruled = base.clone().set_border(FormatBorder::Thin).set_border_color(RULE);
        let text = ruled.clone().set_num_format("@");
        let bold = |format: &Format| format.clone().set_bold().set_background_color(HEADER_FILL);
        let count = ruled.clone().set_num_format("0").set_align(FormatAlign::Center);
        let short = text.clone().set_align(FormatAlign::Center).set_text_wrap();
        Self {
            title: base.clone().set_font_size(18).set_bold().set_align(FormatAlign::Center),
            note: base.clone().set_text_wrap(),
            header: bold(&text).set_align(FormatAlign::Center).set_text_wrap(),
            plain: text.clone(),
            alarm: text.clone().set_background_color(ALARM_FILL).set_text_wrap(),
            total_words: bold(&text).set_align(FormatAlign::Center),
            total_count: bold(&count),
            words: text.clone().set_align(FormatAlign::Left).set_text_wrap(),
            code: text.set_align(FormatAlign::Center),
            day: ruled.set_num_format("yyyy-mm-dd").set_align(FormatAlign::Center),
            mark: base.set_bold().set_num_format("@"),
            short,
            count,
        }
    }

    /// The format of a data cell.
    pub(crate) fn of(&self, kind: Kind) -> &Format {
        match kind {
            Kind::Words => &self.words,
            Kind::Short => &self.short,
            Kind::Code => &self.code,
            Kind::Count => &self.count,
            Kind::Day => &self.day,
        }
    }

    /// The format of a cell in the row of totals.
    pub(crate) fn of_total(&self, kind: Kind) -> &Format {
        match kind {
            Kind::Count => &self.total_count,
            Kind::Words | Kind::Short | Kind::Code | Kind::Day => &self.total_words,
        }
    }
}
