//! Papers that were issued, with the numbers they took, and files of cases. Each comes into being in the transaction that
//! appends its event to the case.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::{
    CaseAppend, Class, Store, StoreError,
    body::Column,
    cases::append_events,
    sql::{Table, begin_write, get, next_id, number, query, scalar},
    tree::{Kind, grow},
};

/// Whose numbers a paper takes, and of which year: `镇|610902104`, 2019.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// The issuer.
    pub issuer: String,
    /// The year.
    pub year: i32,
}

/// A paper as it is issued.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPaper {
    /// Whose number it takes.
    pub series: Series,
    /// The number, from 1.
    pub number: u32,
    /// Its case.
    pub case: i64,
    /// Its number within the case.
    pub paper: u32,
    /// The code under which anybody may ask whether it is genuine.
    pub code: String,
    /// SM3 of the PDF.
    pub hash: [u8; 32],
    /// The PDF, frozen.
    pub pdf: Vec<u8>,
    /// When.
    pub at: DateTime<Utc>,
}

/// A file that somebody puts into a case.
#[derive(Clone, PartialEq, Eq)]
pub struct NewCaseFile {
    /// A random word under which it is fetched.
    pub key: String,
    /// Its case; `None` is that of the first of the events that are appended with it, which may begin it.
    pub case: Option<i64>,
    /// Its media type, found from its content.
    pub media: String,
    /// SM3 of the bytes.
    pub hash: [u8; 32],
    /// The bytes.
    pub bytes: Vec<u8>,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
}

/// A file as kept.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredCaseFile {
    /// Its case.
    pub case: i64,
    /// Its media type.
    pub media: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

/// The numbers that a series has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesState {
    /// The series.
    pub series: Series,
    /// How many papers it has.
    pub n: u32,
    /// The highest number.
    pub last: u32,
}

impl fmt::Debug for NewPaper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewPaper({:?}, {}, case {})", self.series, self.number, self.case)
    }
}

impl fmt::Debug for NewCaseFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewCaseFile(case {:?}, {} bytes)", self.case, self.bytes.len())
    }
}

impl fmt::Debug for StoredCaseFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredCaseFile(case {}, {} bytes)", self.case, self.bytes.len())
    }
}

const PAPER: Table = Table {
    name: "paper",
    columns: &[
        "paper_id",
        "series",
        "year",
        "number",
        "case_id",
        "paper_of_case",
        "code",
        "hash",
        "pdf",
        "issued_at",
    ],
};
const CASE_FILE: Table = Table {
    name: "case_file",
    columns: &[
        "case_file_id",
        "file_key",
        "case_id",
        "media",
        "hash",
        "bytes",
        "added_at",
        "added_by",
    ],
};
const PDF: Column = Column::new("paper.pdf", Class::Derived);
const BYTES: Column = Column::new("case_file.bytes", Class::Found);
const ADDED_BY: Column = Column::new("case_file.added_by", Class::Journal);

impl Store {
    /// The number that the next paper of a series gets.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn next_paper_number(&self, series: &Series) -> Result<u32, StoreError> {
        let sql = "select max(number) from paper where series = ? and year = ?";
        let values = vec![series.issuer.clone().into(), i64::from(series.year).into()];
        let last = scalar::<Option<i64>>(&self.reader, sql, values).await?.flatten().unwrap_or(0);
        u32::try_from(last + 1).map_err(|_| StoreError::Damaged("paper.number"))
    }

    /// Issues a paper: keeps it and appends the events of its case, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::NumberTaken`] when it does not have the next number of its series: somebody issued another meanwhile, and
    /// it must be printed again. [`StoreError::CaseMoved`] as for events. Nothing is kept then.
    pub async fn issue_paper(
        &self,
        paper: &NewPaper,
        appends: Vec<CaseAppend>,
    ) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        let sql = "select max(number) from paper where series = ? and year = ?";
        let (issuer, year) = (paper.series.issuer.clone(), i64::from(paper.series.year));
        let values = vec![issuer.clone().into(), year.into()];
        let last = scalar::<Option<i64>>(&tx, sql, values).await?.flatten().unwrap_or(0);
        if i64::from(paper.number) != last + 1 {
            return Err(StoreError::NumberTaken);
        }
        append_events(&tx, &self.sealer, appends).await?;
        let id = next_id(&tx, "select max(paper_id) from paper").await?;
        let pdf = self.sealer.seal_bytes(PDF, (id, 0), &paper.pdf)?;
        let values = vec![
            id.into(),
            issuer.into(),
            year.into(),
            i64::from(paper.number).into(),
            paper.case.into(),
            i64::from(paper.paper).into(),
            paper.code.clone().into(),
            paper.hash.to_vec().into(),
            pdf.into(),
            paper.at.into(),
        ];
        PAPER.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::Paper, vec![id])]).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The case of a code, and the paper's number in it; `None` when no paper has the code.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn paper_of_code(&self, code: &str) -> Result<Option<(i64, u32)>, StoreError> {
        let sql = "select case_id, paper_of_case from paper where code = ?";
        let rows = query(&self.reader, sql, vec![code.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some((get(row, 0)?, number(row, 1, "paper.paper_of_case")?)))
    }

    /// The PDF of a paper as it was frozen.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened.
    pub async fn paper_pdf(&self, case: i64, paper: u32) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select paper_id, pdf from paper where case_id = ? and paper_of_case = ?";
        let rows = query(&self.reader, sql, vec![case.into(), i64::from(paper).into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let sealed: Vec<u8> = get(row, 1)?;
        Ok(Some(self.sealer.open_bytes(PDF, (get(row, 0)?, 0), &sealed)?))
    }

    /// The numbers that were taken, by series.
    ///
    /// # Errors
    /// [`StoreError::Database`].
    pub async fn paper_series(&self) -> Result<Vec<SeriesState>, StoreError> {
        let sql = "\
            select series, year, count(*), max(number)
            from paper
            group by series, year
            order by year desc, series";
        let rows = query(&self.reader, sql, Vec::new()).await?;
        rows.iter()
            .map(|row| {
                let year = number(row, 1, "paper.year")?;
                Ok(SeriesState {
                    series: Series { issuer: get(row, 0)?, year },
                    n: number(row, 2, "paper")?,
                    last: number(row, 3, "paper.number")?,
                })
            })
            .collect()
    }

    /// Keeps a file and appends the events of its case, in one transaction.
    ///
    /// # Errors
    /// [`StoreError::CaseMoved`] as for events; nothing is kept then.
    pub async fn attach_file(
        &self,
        file: &NewCaseFile,
        appends: Vec<CaseAppend>,
    ) -> Result<(), StoreError> {
        let tx = begin_write(&self.writer).await?;
        let cases = append_events(&tx, &self.sealer, appends).await?;
        let case = file.case.or(cases.first().copied());
        let case = case.ok_or(StoreError::Damaged("case_file.case_id"))?;
        let id = next_id(&tx, "select max(case_file_id) from case_file").await?;
        let values = vec![
            id.into(),
            file.key.clone().into(),
            case.into(),
            file.media.clone().into(),
            file.hash.to_vec().into(),
            self.sealer.seal_bytes(BYTES, (id, 0), &file.bytes)?.into(),
            file.at.into(),
            self.sealer.seal_text(ADDED_BY, (id, 0), &file.by)?.into(),
        ];
        CASE_FILE.append(&tx, values).await?;
        grow(&tx, &self.sealer, &[(Kind::CaseFile, vec![id])]).await?;
        tx.commit().await?;
        Ok(())
    }

    /// A file by its word; `None` when there is none.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be opened.
    pub async fn case_file(&self, key: &str) -> Result<Option<StoredCaseFile>, StoreError> {
        let sql = "select case_file_id, case_id, media, bytes from case_file where file_key = ?";
        let rows = query(&self.reader, sql, vec![key.into()]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let sealed: Vec<u8> = get(row, 3)?;
        let bytes = self.sealer.open_bytes(BYTES, (get(row, 0)?, 0), &sealed)?;
        Ok(Some(StoredCaseFile { case: get(row, 1)?, media: get(row, 2)?, bytes }))
    }
}
