//! Workbooks of Excel.

use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet};

use super::{Cell, Visible};
use crate::county::county_error::CountyError;

/// A workbook that grows row by row.
pub(super) struct XlsxBook {
    book: Workbook,
    sheet: Option<Worksheet>,
    n_columns: u16,
    centered: Format,
    day: Format,
}

impl XlsxBook {
    /// The creation time is fixed, so that the same county gives the same bytes.
    pub(super) fn new(as_of: NaiveDate) -> Self {
        let mut book = Workbook::new();
        let year = u16::try_from(as_of.year()).unwrap_or(2000);
        let (month, day) = (as_of.month(), as_of.day());
        let created = ExcelDateTime::from_ymd(
            year,
            u8::try_from(month).unwrap_or(1),
            u8::try_from(day).unwrap_or(1),
        );
        if let Ok(created) = created {
            book.set_properties(&DocProperties::new().set_creation_datetime(&created));
        }
        let centered = Format::new().set_align(FormatAlign::Center);
        let day = Format::new().set_num_format("yyyy/m/d");
        Self { book, sheet: None, n_columns: 1, centered, day }
    }

    pub(super) fn sheet(
        &mut self,
        name: &str,
        n_columns: u16,
        visible: Visible,
    ) -> Result<(), CountyError> {
        self.close();
        let mut sheet = Worksheet::new();
        sheet.set_name(name)?;
        if visible == Visible::Hidden {
            sheet.set_hidden(true);
        }
        self.n_columns = n_columns;
        self.sheet = Some(sheet);
        Ok(())
    }

    fn close(&mut self) {
        if let Some(sheet) = self.sheet.take() {
            self.book.push_worksheet(sheet);
        }
    }

    pub(super) fn row(&mut self, at: u32, cells: &[Cell]) -> Result<(), CountyError> {
        let Some(sheet) = &mut self.sheet else { return Ok(()) };
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Blank | Cell::Covered => {}
                Cell::Number(number) => {
                    sheet.write_number(at, column, *number)?;
                }
                Cell::Day(day) => {
                    let serial = f64::from(serial(*day));
                    sheet.write_number_with_format(at, column, serial, &self.day)?;
                }
                Cell::Tall(text, n_rows) if *n_rows > 1 => {
                    sheet.merge_range(at, column, at + n_rows - 1, column, text, &self.centered)?;
                }
                Cell::Text(text) | Cell::Tall(text, _) => {
                    sheet.write_string(at, column, text)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn line(&mut self, at: u32, text: &str) -> Result<(), CountyError> {
        let Some(sheet) = &mut self.sheet else { return Ok(()) };
        if self.n_columns > 1 {
            sheet.merge_range(at, 0, at, self.n_columns - 1, text, &self.centered)?;
        } else {
            sheet.write_string(at, 0, text)?;
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<Vec<u8>, CountyError> {
        self.close();
        Ok(self.book.save_to_buffer()?)
    }
}

/// Days since 30 December 1899, as spreadsheets count since 1900.
pub(in crate::county) fn serial(day: NaiveDate) -> i32 {
    // 1899-12-30 is day 693,594 of the common era.
    day.num_days_from_ce() - 693_594
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serial_numbers_are_those_of_spreadsheets() {
        assert_eq!(serial(NaiveDate::from_ymd_opt(2012, 12, 25).unwrap()), 41_268);
    }
}
