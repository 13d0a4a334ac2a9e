//! Values to sealed columns and back.

mod short;

use baoxue_claim::{
    Birth, Claim, DisabilityNumber, Grade, Name, Noted, Origin, Person, Private, Record, Sex,
    StudentNumber,
};
use sea_orm::{QueryResult, Value};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use self::short::{
    SealedGuardian, SealedId, SealedPlace, long_guardian, long_id, long_place, short_guardian,
    short_id, short_place,
};
use crate::{
    Class, Sealer, StoreError,
    sql::{Table, get, parsed},
};

/// A sealed column: its place in the schema, which every value is bound to, and the class whose key it takes.
#[derive(Clone, Copy)]
pub(crate) struct Column {
    pub(crate) place: &'static str,
    class: Class,
}

impl Column {
    pub(crate) const fn new(place: &'static str, class: Class) -> Self {
        Self { place, class }
    }
}

/// The row a sealed value stands in: its primary key in at most two numbers.
pub(crate) type At = (i64, i64);

/// The key of a row of a sheet as [`At`]: batch and sheet in the first number. A workbook of more sheets than fit
/// beside the batch is refused when it is appended.
pub(crate) fn row_at(batch: i64, sheet: u32, row: u32) -> At {
    ((batch << 32) | i64::from(sheet), i64::from(row))
}

fn bound_to(column: Column, at: At) -> Vec<u8> {
    [column.place.as_bytes(), &[0], &at.0.to_be_bytes(), &at.1.to_be_bytes()].concat()
}

impl Sealer {
    pub(crate) fn seal_bytes(
        &self,
        column: Column,
        at: At,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        self.seal(column.class, &bound_to(column, at), plaintext)
            .map_err(|source| StoreError::Seal { place: column.place, source })
    }

    pub(crate) fn open_bytes(
        &self,
        column: Column,
        at: At,
        sealed: &[u8],
    ) -> Result<Vec<u8>, StoreError> {
        self.open(column.class, &bound_to(column, at), sealed)
            .map_err(|source| StoreError::Seal { place: column.place, source })
    }

    pub(crate) fn seal_json<T: Serialize + ?Sized>(
        &self,
        column: Column,
        at: At,
        value: &T,
    ) -> Result<Vec<u8>, StoreError> {
        let json = serde_json::to_vec(value).map_err(|_| StoreError::Damaged(column.place))?;
        self.seal_bytes(column, at, &json)
    }

    pub(crate) fn open_json<T: DeserializeOwned>(
        &self,
        column: Column,
        at: At,
        sealed: &[u8],
    ) -> Result<T, StoreError> {
        let json = self.open_bytes(column, at, sealed)?;
        serde_json::from_slice(&json).map_err(|_| StoreError::Damaged(column.place))
    }

    pub(crate) fn seal_text(
        &self,
        column: Column,
        at: At,
        text: &str,
    ) -> Result<Vec<u8>, StoreError> {
        self.seal_bytes(column, at, text.as_bytes())
    }

    pub(crate) fn open_text(
        &self,
        column: Column,
        at: At,
        sealed: &[u8],
    ) -> Result<String, StoreError> {
        String::from_utf8(self.open_bytes(column, at, sealed)?)
            .map_err(|_| StoreError::Damaged(column.place))
    }

    /// Nothing is stored for nothing.
    fn seal_some<T: Serialize>(
        &self,
        column: Column,
        at: At,
        value: Option<&T>,
    ) -> Result<Value, StoreError> {
        let sealed = value.map(|value| self.seal_json(column, at, value)).transpose()?;
        Ok(Value::Bytes(sealed))
    }

    fn open_some<T: DeserializeOwned>(
        &self,
        column: Column,
        at: At,
        sealed: Option<Vec<u8>>,
    ) -> Result<Option<T>, StoreError> {
        sealed.map(|sealed| self.open_json(column, at, &sealed)).transpose()
    }

    pub(crate) fn blind_id(&self, resident_id: &str) -> Vec<u8> {
        self.blind("record.resident_id", resident_id)
    }

    pub(crate) fn blind_name(&self, name: &str) -> Vec<u8> {
        self.blind("record.name", name)
    }

    /// `None` for a row that is never the same as another.
    pub(crate) fn blind_row(&self, input: &str) -> Option<Vec<u8>> {
        (!input.is_empty()).then(|| self.blind("record.row_key", input))
    }
}

pub(crate) const RECORD: Table = Table {
    name: "record",
    columns: &[
        "record_id",
        "batch_id",
        "sheet_no",
        "row_no",
        "source",
        "as_of",
        "town",
        "came_known",
        "row_key",
        "id_index",
        "name_index",
        "name",
        "former_name",
        "resident_id",
        "guardians",
        "phones",
        "addresses",
        "person",
        "doubts",
    ],
};

pub(crate) const CLAIM: Table =
    Table { name: "claim", columns: &["record_id", "position", "body"] };

const NAME: Column = Column::new("record.name", Class::Name);
const FORMER_NAME: Column = Column::new("record.former_name", Class::Name);
const RESIDENT_ID: Column = Column::new("record.resident_id", Class::ResidentId);
const GUARDIANS: Column = Column::new("record.guardians", Class::Guardian);
const PHONES: Column = Column::new("record.phones", Class::Phone);
const ADDRESSES: Column = Column::new("record.addresses", Class::Address);
const PERSON: Column = Column::new("record.person", Class::Person);
const DOUBTS: Column = Column::new("record.doubts", Class::Found);
const CLAIM_BODY: Column = Column::new("claim.body", Class::Claim);

/// What a person has besides the columns of their own.
#[derive(Serialize, Deserialize)]
struct Rest {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    student_number: Option<StudentNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    disability_number: Option<DisabilityNumber>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    birth: Option<Birth>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sex: Option<Sex>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ethnicity: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    household: Option<Private>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    school: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    grade: Option<Grade>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    class: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Doubts {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    noted: Vec<Noted>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    review_only: Option<String>,
}

/// What is known of a record besides itself.
pub(crate) struct RowOf {
    pub(crate) batch: i64,
    pub(crate) sheet: u32,
    pub(crate) row: u32,
    pub(crate) came_known: bool,
    pub(crate) row_key: Option<Vec<u8>>,
}

/// The values of [`RECORD`], in the order of its columns.
pub(crate) fn seal_record(
    sealer: &Sealer,
    record: Record,
    row: RowOf,
    out: &mut Vec<Value>,
) -> Result<(), StoreError> {
    // Taken apart without `..`, so that a new field cannot be forgotten here.
    let Record { id, origin: _, source, as_of, town, person, claims: _, doubts, review_only } =
        record;
    let at = (id.0, 0);
    let digits =
        person.id.as_ref().and_then(|id| id.valid()).map(|id| sealer.blind_id(id.expose()));
    let name = person.name.as_ref().map(|name| sealer.blind_name(name.expose()));
    let has_doubts = !doubts.is_empty() || review_only.is_some();
    out.extend([
        id.0.into(),
        row.batch.into(),
        i64::from(row.sheet).into(),
        i64::from(row.row).into(),
        source.name().into(),
        as_of.into(),
        town.map(|town| town.to_string()).into(),
        i64::from(row.came_known).into(),
        row.row_key.into(),
        digits.into(),
        name.into(),
    ]);
    seal_person(sealer, at, person, out)?;
    let doubts = has_doubts.then_some(Doubts { noted: doubts, review_only });
    out.push(sealer.seal_some(DOUBTS, at, doubts.as_ref())?);
    Ok(())
}

fn seal_person(
    sealer: &Sealer,
    at: At,
    person: Person,
    out: &mut Vec<Value>,
) -> Result<(), StoreError> {
    let Person {
        name,
        former_name,
        id,
        student_number,
        disability_number,
        birth,
        sex,
        ethnicity,
        guardians,
        phones,
        household,
        registered_at,
        lives_at,
        school,
        grade,
        class,
    } = person;
    let id = id.map(short_id);
    let guardians: Vec<SealedGuardian> = guardians.into_iter().map(short_guardian).collect();
    let places = (short_place(registered_at), short_place(lives_at));
    let has_places = places.0.is_some() || places.1.is_some();
    let rest = Rest {
        student_number,
        disability_number,
        birth,
        sex,
        ethnicity,
        household,
        school,
        grade,
        class,
    };
    out.extend([
        sealer.seal_some(NAME, at, name.as_ref())?,
        sealer.seal_some(FORMER_NAME, at, former_name.as_ref())?,
        sealer.seal_some(RESIDENT_ID, at, id.as_ref())?,
        sealer.seal_some(GUARDIANS, at, (!guardians.is_empty()).then_some(&guardians))?,
        sealer.seal_some(PHONES, at, (!phones.is_empty()).then_some(&phones))?,
        sealer.seal_some(ADDRESSES, at, has_places.then_some(&places))?,
        sealer.seal_some(PERSON, at, Some(&rest))?,
    ]);
    Ok(())
}

/// Columns that [`open_record`] reads, in its order.
pub(crate) const RECORD_COLUMNS: &str = "record_id, sheet_no, row_no, source, as_of, town, name, \
    former_name, resident_id, guardians, phones, addresses, person, doubts";

/// A record from a row of [`RECORD_COLUMNS`], its claims still missing.
pub(crate) fn open_record(
    sealer: &Sealer,
    row: &QueryResult,
    origin: Origin,
) -> Result<Record, StoreError> {
    let id: i64 = get(row, 0)?;
    let at = (id, 0);
    let source: String = get(row, 3)?;
    let doubts: Option<Doubts> = sealer.open_some(DOUBTS, at, get(row, 13)?)?;
    let (doubts, review_only) =
        doubts.map_or_else(Default::default, |doubts| (doubts.noted, doubts.review_only));
    Ok(Record {
        id: baoxue_claim::RecordId(id),
        origin,
        source: source.parse().map_err(|_| StoreError::Damaged("record.source"))?,
        as_of: get(row, 4)?,
        town: parsed(get(row, 5)?, "record.town")?,
        person: open_person(sealer, at, row)?,
        claims: Vec::new(),
        doubts,
        review_only,
    })
}

fn open_person(sealer: &Sealer, at: At, row: &QueryResult) -> Result<Person, StoreError> {
    let name: Option<Name> = sealer.open_some(NAME, at, get(row, 6)?)?;
    let former_name: Option<Name> = sealer.open_some(FORMER_NAME, at, get(row, 7)?)?;
    let id: Option<SealedId> = sealer.open_some(RESIDENT_ID, at, get(row, 8)?)?;
    let guardians: Option<Vec<SealedGuardian>> = sealer.open_some(GUARDIANS, at, get(row, 9)?)?;
    let guardians = guardians.unwrap_or_default().into_iter().map(long_guardian);
    let phones: Option<Vec<Private>> = sealer.open_some(PHONES, at, get(row, 10)?)?;
    let places: Option<(Option<SealedPlace>, Option<SealedPlace>)> =
        sealer.open_some(ADDRESSES, at, get(row, 11)?)?;
    let (registered_at, lives_at) = places.unwrap_or_default();
    let person: Vec<u8> = get(row, 12)?;
    let Rest {
        student_number,
        disability_number,
        birth,
        sex,
        ethnicity,
        household,
        school,
        grade,
        class,
    } = sealer.open_json(PERSON, at, &person)?;
    Ok(Person {
        name,
        former_name,
        id: id.map(|id| long_id(id, RESIDENT_ID.place)).transpose()?,
        student_number,
        disability_number,
        birth,
        sex,
        ethnicity,
        guardians: guardians.collect::<Result<_, _>>()?,
        phones: phones.unwrap_or_default(),
        household,
        registered_at: long_place(registered_at),
        lives_at: long_place(lives_at),
        school,
        grade,
        class,
    })
}

/// The values of [`CLAIM`], in the order of its columns.
pub(crate) fn seal_claim(
    sealer: &Sealer,
    record: i64,
    position: u8,
    claim: &Claim,
) -> Result<[Value; 3], StoreError> {
    let position = i64::from(position);
    let body = sealer.seal_json(CLAIM_BODY, (record, position), claim)?;
    Ok([record.into(), position.into(), body.into()])
}

/// A claim from its sealed body.
pub(crate) fn open_claim(
    sealer: &Sealer,
    record: i64,
    position: i64,
    body: &[u8],
) -> Result<Claim, StoreError> {
    sealer.open_json(CLAIM_BODY, (record, position), body)
}
