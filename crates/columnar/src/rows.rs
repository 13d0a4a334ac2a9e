//! Records of a CSV file on their way into columns.

use baoxue_link::ColumnBuilder;
use rayon::prelude::*;

use crate::{
    Ids, Note, ReadError,
    csv::Reader,
    page::LONG_BYTES,
    read::{Plan, long_cell},
    waiting::Waiting,
};

/// Takes the records of one CSV file.
pub(crate) struct Rows<'r> {
    file: &'r str,
    n_cells: usize,
    id: Option<(usize, &'r str)>,
    ids: &'r mut Ids,
    /// Where each column stands in the file.
    places: Vec<Option<usize>>,
    builders: &'r mut [ColumnBuilder],
    /// For each column the cells that its builder has not got yet.
    waiting: Vec<Waiting>,
    /// The first long cell of each column.
    long: Vec<Option<(u64, usize)>>,
    pub(crate) n_read: u64,
}

impl<'r> Rows<'r> {
    pub(crate) fn new(
        (file, names): (&'r str, &[String]),
        plan: &'r Plan,
        ids: &'r mut Ids,
        builders: &'r mut [ColumnBuilder],
    ) -> Self {
        let place = |name: &String| names.iter().position(|other| other == name);
        let id = plan.id.as_ref().and_then(|id| place(id).map(|at| (at, id.as_str())));
        let places: Vec<_> = plan.read.iter().map(place).collect();
        let long = vec![None; places.len()];
        let waiting = places.iter().map(|_| Waiting::default()).collect();
        Self { file, n_cells: names.len(), id, ids, places, builders, waiting, long, n_read: 0 }
    }

    pub(crate) fn push(&mut self, reader: &Reader) -> Result<(), ReadError> {
        self.n_read += 1;
        let (found, expected) = (reader.n_cells(), self.n_cells);
        if found != expected {
            let (file, line) = (self.file.to_owned(), reader.line);
            return Err(ReadError::Ragged { file, line, found, expected });
        }
        if let Some((at, column)) = self.id {
            let id = reader.cell(at).trim();
            if id.is_empty() {
                let (file, column) = (self.file.to_owned(), column.to_owned());
                return Err(ReadError::NoId { file, record: self.n_read, column });
            }
            self.ids.push_text(id);
        }
        for ((place, waiting), long) in
            self.places.iter().zip(&mut self.waiting).zip(&mut self.long)
        {
            let cell = place.map_or("", |at| reader.cell(at));
            if cell.len() > LONG_BYTES && long.is_none() {
                *long = Some((self.n_read, cell.len()));
            }
            waiting.push(cell);
        }
        if self.waiting.iter().any(Waiting::is_full) {
            self.pass_on();
        }
        Ok(())
    }

    /// Gives the builders their cells: a column at a time, since going from one table of texts to the next with every
    /// cell would miss the cache each time.
    pub(crate) fn pass_on(&mut self) {
        let both = self.builders.par_iter_mut().zip(&mut self.waiting);
        both.for_each(|(builder, waiting)| waiting.pass_on(builder));
    }

    pub(crate) fn notes(&self, plan: &Plan) -> Vec<Note> {
        let mut notes: Vec<Note> = (plan.read.iter().zip(&self.long))
            .filter_map(|(name, long)| long_cell(self.file, name, *long))
            .collect();
        if self.n_read == 0 {
            notes.push(Note::NoRecords { file: self.file.to_owned() });
        }
        notes
    }
}
