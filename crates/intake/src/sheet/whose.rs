//! Whose sheet it is, and what its sender has answered about it before.

use baoxue_claim::{Source, TownCode};

use super::{Desk, Heading};
use crate::{
    Field, Layout, Sender, columns,
    correction::Correction,
    grid::Grid,
    header::Header,
    layouts::Signature,
    sender::{self, Guess, Signs},
    text::is_blank,
    words,
};

/// Who sent a sheet.
pub(super) struct Whose {
    guess: Option<Guess>,
    /// As told with the file, by a returned file, or by an answer.
    told: Option<Source>,
    pub(super) town: Option<TownCode>,
    /// The one school that title, sheet or file name.
    pub(super) school: Option<String>,
    pub(super) sender: Sender,
    /// What was answered about its layout.
    pub(super) layout: Option<Layout>,
    /// Whether that was answered for all senders, and by this one not at all.
    pub(super) common: bool,
}

impl Whose {
    /// The kind of source. A doubtful guess with little behind it would accuse on the strength of a guess: the sheet waits
    /// for an answer.
    pub(super) fn source(&self) -> Option<Source> {
        let readable = self.guess.filter(|guess| !guess.doubtful || guess.supported);
        self.told.or(readable.map(|guess| guess.source))
    }

    /// Whether somebody has to say what the sheet is.
    pub(super) fn is_doubtful(&self) -> bool {
        self.told.is_none() && self.guess.is_none_or(|guess| guess.doubtful)
    }
}

impl Desk<'_> {
    /// The sender is told before any answer is looked up: an answer of another sender has no say in it.
    pub(super) fn whose(
        &self,
        grid: &Grid<'_>,
        header: &Header,
        heading: &Heading<'_>,
        correction: &Correction,
    ) -> Whose {
        let words = columns::by_header(header);
        let fields: Vec<Field> = words.into_iter().flatten().map(|(field, _)| field).collect();
        let guess = sender::guess(&Signs {
            fields: &fields,
            header: &header.labels().join(" "),
            title: &heading.title,
            sheet: heading.sheet,
            file: heading.file,
        });
        let told = self.context.told_source.or(correction.source);
        let clear = guess.filter(|guess| !guess.doubtful).map(|guess| guess.source);
        let town = self.context.told_town.or(correction.town).or_else(|| self.town(heading));
        let school = [&heading.title, heading.sheet, heading.file]
            .iter()
            .find_map(|text| words::school_of_title(text));
        let sender = Sender::of(&Signature {
            source: told.or(clear),
            town: town.or_else(|| self.town_of_rows(grid, header)),
            school: school.as_deref(),
            file: heading.file,
        });
        let (layouts, fingerprint) = (self.context.layouts, header.fingerprint());
        let layout = layouts.get(&sender, &fingerprint);
        let common = layout.is_some() && !layouts.is_own(&sender, &fingerprint);
        let told = told.or_else(|| layout.as_ref().and_then(|layout| layout.source));
        Whose { guess, told, town, school, sender, layout, common }
    }

    fn town(&self, heading: &Heading<'_>) -> Option<TownCode> {
        let towns = self.context.towns;
        towns
            .mentioned(&heading.title)
            .or_else(|| towns.named(heading.sheet))
            .or_else(|| towns.mentioned(heading.sheet))
            .or_else(|| towns.mentioned(heading.file))
            .map(|town| town.code)
    }

    /// The town that every row names in its column; a list of several towns comes from none of them.
    fn town_of_rows(&self, grid: &Grid<'_>, header: &Header) -> Option<TownCode> {
        let words = columns::by_header(header);
        let at =
            words.iter().position(|word| word.is_some_and(|(field, _)| field == Field::Town))?;
        let rows = (header.last_row() + 1..grid.len()).filter_map(|row| grid.row(row).get(at));
        let mut cells = rows.map(String::as_str).filter(|cell| !is_blank(cell));
        let first = cells.next()?;
        let town = self.context.towns.named(first)?.code;
        let same = |cell: &str| {
            cell == first || self.context.towns.named(cell).is_none_or(|other| other.code == town)
        };
        cells.all(same).then_some(town)
    }
}
