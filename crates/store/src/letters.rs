//! Letters of responsibility (责任书): drawn up with a number and frozen, signed, scanned, withdrawn. Each fact is an event; the
//! letter and the scans are kept in the transaction that appends the event about them.

use std::fmt;

use sea_orm::DatabaseTransaction;

use crate::{
    Class, NewStreamEvent, Series, Store, StoreError, StreamEvent,
    body::Column,
    sql::{Table, begin_write, get, next_id, query, scalar},
    streams::LETTER,
    tree::{Kind, grow},
};

/// A letter as it is drawn up.
#[derive(Clone, PartialEq, Eq)]
pub struct NewLetter {
    /// Both parties and the year in words: the same for the same two. Kept as a keyed hash.
    pub edge: String,
    /// How many letters between them came before.
    pub round: u32,
    /// Whose number it takes.
    pub series: Series,
    /// The number, from 1.
    pub number: u32,
    /// SM3 of the PDF.
    pub hash: [u8; 32],
    /// The PDF, frozen.
    pub pdf: Vec<u8>,
    /// That it is drawn up.
    pub event: NewStreamEvent,
}

/// A scan of a letter.
#[derive(Clone, PartialEq, Eq)]
pub struct NewLetterScan {
    /// Its letter, and how many events that has.
    pub of: (i64, u32),
    /// A random word under which it is fetched.
    pub key: String,
    /// Its media type, found from its content.
    pub media: String,
    /// SM3 of the bytes.
    pub hash: [u8; 32],
    /// The bytes.
    pub bytes: Vec<u8>,
    /// That it is there.
    pub event: NewStreamEvent,
}

/// A scan as kept.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredLetterScan {
    /// Its letter.
    pub letter: i64,
    /// Its media type.
    pub media: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for NewLetter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewLetter({:?}, {})", self.series, self.number)
    }
}

impl fmt::Debug for NewLetterScan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewLetterScan(letter {}, {} bytes)", self.of.0, self.bytes.len())
    }
}

impl fmt::Debug for StoredLetterScan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredLetterScan(letter {}, {} bytes)", self.letter, self.bytes.len())
    }
}

const PAPER: Table = Table {
    name: "letter_paper",
    columns: &["letter_id", "edge", "round", "series", "year", "number", "hash", "pdf", "drawn_at"],
};
const SCAN: Table = Table {
    name: "letter_scan",
    columns: &[
        "letter_scan_id",
        "letter_id",
        "file_key",
        "media",
        "hash",
        "bytes",
        "added_at",
        "added_by",
    ],
};
const PDF: Column = Column::new("letter_paper.pdf", Class::Derived);
const BYTES: Column = Column::new("letter_scan.bytes", Class::Found);
const ADDED_BY: Column = Column::new("letter_scan.added_by", Class::Journal);

const LAST_NUMBER: &str = "select max(number) from letter_paper where series = ? and year = ?";

impl Store {
    /// The number that the next letter of a series gets.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn next_letter_number(&self, series: &Series) -> Result<u32, StoreError> {
        let values = vec![series.issuer.clone().into(), i64::from(series.year).into()];
        let last = scalar::<Option<i64>>(&self.reader, LAST_NUMBER, values).await?.flatten();
        let next = last.unwrap_or_default() + 1;
        u32::try_from(next).map_err(|_| StoreError::Damaged("letter_paper.number"))
    }

    /// Draws up letters, all of them or none; gives their numbers among all letters.
    ///
    /// # Errors
    /// [`StoreError::NumberTaken`] when one does not have the next number of its series, and must be printed again;
    /// [`StoreError::Moved`] when there are other letters between the same parties than were known.
    pub async fn draw_up_letters(&self, new: &[NewLetter]) -> Result<Vec<i64>, StoreError> {
        let tx = begin_write(&self.writer).await?;
        let mut ids = Vec::with_capacity(new.len());
        for letter in new {
            let id = self.draw_up(&tx, letter).await?;
            LETTER.append(&tx, &self.sealer, (id, 0), &letter.event).await?;
            ids.push(id);
        }
        grow(&tx, &self.sealer, &[(Kind::LetterPaper, ids.clone())]).await?;
        tx.commit().await?;
        Ok(ids)
    }

    async fn draw_up(&self, tx: &DatabaseTransaction, new: &NewLetter) -> Result<i64, StoreError> {
        let (issuer, year) = (new.series.issuer.clone(), i64::from(new.series.year));
        let values = vec![issuer.clone().into(), year.into()];
        let last = scalar::<Option<i64>>(tx, LAST_NUMBER, values).await?.flatten();
        if i64::from(new.number) != last.unwrap_or_default() + 1 {
            return Err(StoreError::NumberTaken);
        }
        let id = next_id(tx, "select max(letter_id) from letter_paper").await?;
        let edge = self.sealer.blind("letter", &new.edge);
        let sql = "select count(*) from letter_paper where edge = ?";
        let before: i64 = scalar(tx, sql, vec![edge.clone().into()]).await?.unwrap_or_default();
        if before != i64::from(new.round) {
            return Err(StoreError::Moved("letter", id));
        }
        let values = vec![
            id.into(),
            edge.into(),
            i64::from(new.round).into(),
            issuer.into(),
            year.into(),
            i64::from(new.number).into(),
            new.hash.to_vec().into(),
            self.sealer.seal_bytes(PDF, (id, 0), &new.pdf)?.into(),
            new.event.at.into(),
        ];
        PAPER.append(tx, values).await?;
        Ok(id)
    }

    /// Appends events to letters, each to one that has so many, all or none.
    ///
    /// # Errors
    /// [`StoreError::Moved`] when one has other events: somebody else has recorded something meanwhile.
    pub async fn append_letter_events(
        &self,
        new: &[((i64, u32), NewStreamEvent)],
    ) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        for ((letter, position), event) in new {
            // Only drawing it up begins a letter.
            if *position == 0 {
                return Err(StoreError::Moved("letter", *letter));
            }
            LETTER.append(&tx, &self.sealer, (*letter, *position), event).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Keeps a scan with its event.
    ///
    /// # Errors
    /// As [`Store::append_letter_events`]; nothing is kept then.
    pub async fn attach_letter_scan(&self, scan: &NewLetterScan) -> Result<(), StoreError> {
        let (letter, position) = scan.of;
        if position == 0 {
            return Err(StoreError::Moved("letter", letter));
        }
        let tx = begin_write(&self.writer).await?;
        LETTER.append(&tx, &self.sealer, scan.of, &scan.event).await?;
        let id = next_id(&tx, "select max(letter_scan_id) from letter_scan").await?;
        let values = vec![
            id.into(),
            letter.into(),
            scan.key.clone().into(),
            scan.media.clone().into(),
            scan.hash.to_vec().into(),
            self.sealer.seal_bytes(BYTES, (id, 0), &scan.bytes)?.into(),
            scan.event.at.into(),
            self.sealer.seal_text(ADDED_BY, (id, 0), &scan.event.by)?.into(),
        ];
        SCAN.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::LetterScan, vec![id])]).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The number of the last event of all letters; 0 before the first.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn last_letter_event(&self) -> Result<i64, StoreError> {
        let last = scalar::<Option<i64>>(&self.reader, LETTER.last, Vec::new()).await?;
        Ok(last.flatten().unwrap_or_default())
    }

    /// The events of letters after one, in the order of recording. No event is between two others, so a reader who has `n` of
    /// them has the first `n`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn letter_events_after(&self, known: i64) -> Result<Vec<StreamEvent>, StoreError> {
        let rows = query(&self.reader, LETTER.select, vec![known.into()]).await?;
        LETTER.events(&self.sealer, &rows)
    }

    /// The PDF of a letter as it was frozen.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened.
    pub async fn letter_pdf(&self, letter: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select pdf from letter_paper where letter_id = ?";
        let rows = query(&self.reader, sql, vec![letter.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some(self.sealer.open_bytes(PDF, (letter, 0), &get::<Vec<u8>>(row, 0)?)?))
    }

    /// A scan by its word; `None` when there is none.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened.
    pub async fn letter_scan(&self, key: &str) -> Result<Option<StoredLetterScan>, StoreError> {
        let sql =
            "select letter_scan_id, letter_id, media, bytes from letter_scan where file_key = ?";
        let rows = query(&self.reader, sql, vec![key.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let bytes = self.sealer.open_bytes(BYTES, (get(row, 0)?, 0), &get::<Vec<u8>>(row, 3)?)?;
        Ok(Some(StoredLetterScan { letter: get(row, 1)?, media: get(row, 2)?, bytes }))
    }
}
