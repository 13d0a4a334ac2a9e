//! Messy files in, claims and rejects out.
//!
//! [`format`] turns bytes into grids of cells; [`read`] turns a grid into records, rejects and recognised rows without
//! data, exactly one per row. Nothing is guessed silently: what a column means is told by its words and its values, and
//! what stays uncertain becomes a [`Question`] that a person answers in a mapping file ([`Layouts`]).

mod columns;
mod correction;
mod day;
mod field;
pub mod format;
mod grid;
mod header;
mod layouts;
mod line;
mod notes;
mod person;
mod place;
mod reading;
mod rowkind;
mod sender;
mod sheet;
mod statements;
mod synonyms;
mod text;
mod values;
pub mod wire;
pub mod words;

pub use field::{Field, UnknownField};
pub use layouts::{Layout, LayoutError, Layouts, Sender, questions_to_toml};
pub use reading::{
    Aside, Column, Context, Level, Message, Outcome, Question, Reading, Recognised, Reject,
    Returned, Row, SheetReading,
};

/// Reads a workbook: every row of every sheet becomes a record, a reject or a recognised row without data.
///
/// Reading cannot fail: what is not understood is set aside and asked about. The order of sheets and rows is that of the
/// file; records are numbered from 0 through the whole file.
pub fn read(workbook: &format::Workbook, context: &Context<'_>) -> Reading {
    let lexicon = words::Lexicon::new(context.towns);
    let mut desk = sheet::Desk {
        context,
        lexicon: &lexicon,
        places: place::Places::new(context.towns),
        records: 0,
    };
    let mut reading = Reading::default();
    for sheet in &workbook.sheets {
        for done in desk.read(sheet) {
            if done.refused.is_some() {
                return Reading { refused: done.refused, ..Reading::default() };
            }
            reading.sheets.push(done.reading);
            reading.questions.extend(done.questions);
            reading.messages.extend(done.notes.messages);
        }
    }
    reading
}

/// What a header means by its words alone; `None` for words that say nothing. Reading a sheet looks at the values too and
/// asks where they disagree: this is for whoever shows a row that was read.
pub fn meaning_of(header: &str) -> Option<Field> {
    synonyms::meaning(header).map(|(field, _)| field)
}
