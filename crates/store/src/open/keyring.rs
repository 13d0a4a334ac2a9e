//! The keys that seal values lie in the database, each wrapped under a key of the key file. So the key of the file can be
//! exchanged while programs run: nothing is sealed anew and no leaf of the tree changes, and a copy of the old file opens
//! nothing any more (T-62).

use sea_orm::{DatabaseConnection, DatabaseTransaction};

use crate::{
    Class, Keys, SealError, Sealer, StoreError,
    sql::{Table, begin_write, execute, get, number, query},
};

const DATA_KEY: Table = Table { name: "data_key", columns: &["data_key_id", "wrapped"] };
const SEALING_KEY: Table =
    Table { name: "sealing_key", columns: &["sealing_key_id", "check_value"] };

/// What seals and opens the values of a database. A new database gets a key; in one of before the wrapping the keys of the
/// file are those that seal, and are wrapped now. Keys that lie under an older key of the file are wrapped under its newest.
pub(super) async fn unlock(db: &DatabaseConnection, file: &Keys) -> Result<Sealer, StoreError> {
    let tx = begin_write(db).await?;
    let known = registered(&tx).await?;
    let file_keys = Sealer::new(file)?;
    let wrapped = query(&tx, "select data_key_id, wrapped from data_key", Vec::new()).await?;
    let mut data = Vec::new();
    let mut to_wrap = Vec::new();
    for row in &wrapped {
        let (id, body): (u16, Vec<u8>) = (number(row, 0, "data_key.data_key_id")?, get(row, 1)?);
        data.push((id, opened(&file_keys, id, &body)?));
        if file_keys.is_old(&body) {
            to_wrap.push(id);
        }
    }
    let is_first = data.is_empty();
    if is_first {
        let first = if known.is_empty() { Keys::generate()? } else { file.clone() };
        data.extend(first.versions().filter_map(|id| Some((id, first.key(id)?))));
    }
    let data = Keys::of(data)?;
    let sealer = Sealer::new(&data)?;
    check(&tx, &sealer, &known).await?;
    for id in data.versions().filter(|id| is_first || to_wrap.contains(id)) {
        let key = data.key(id).ok_or(StoreError::WrongKey)?;
        wrap(&tx, (&file_keys, is_first), id, &key).await?;
    }
    tx.commit().await?;
    if !to_wrap.is_empty() {
        forget(db).await?;
    }
    Ok(sealer)
}

fn opened(file_keys: &Sealer, id: u16, wrapped: &[u8]) -> Result<[u8; 32], StoreError> {
    let key = file_keys.open(Class::Key, &place(id), wrapped).map_err(|error| match error {
        // Neither says that anything is damaged: it is another file's key.
        SealError::Authentication | SealError::KeyVersion(_) => StoreError::WrongKey,
        SealError::Short | SealError::Algorithm(_) | SealError::Long | SealError::Random => {
            StoreError::Seal { place: "data_key.wrapped", source: error }
        }
    })?;
    key.try_into().map_err(|_| StoreError::Damaged("data_key.wrapped"))
}

async fn wrap(
    tx: &DatabaseTransaction,
    (file_keys, is_first): (&Sealer, bool),
    id: u16,
    key: &[u8; 32],
) -> Result<(), StoreError> {
    let seal = file_keys.seal(Class::Key, &place(id), key);
    let wrapped = seal.map_err(|source| StoreError::Seal { place: "data_key.wrapped", source })?;
    if is_first {
        DATA_KEY.append(tx, vec![i64::from(id).into(), wrapped.into()]).await?;
    } else {
        let sql = "update data_key set wrapped = ? where data_key_id = ?";
        execute(tx, sql, vec![wrapped.into(), i64::from(id).into()]).await?;
    }
    Ok(())
}

/// What a wrapped key is bound to.
fn place(id: u16) -> Vec<u8> {
    [b"data_key\0".as_slice(), &id.to_be_bytes()].concat()
}

/// The keys that the database was sealed with, by what proves them.
async fn registered(tx: &DatabaseTransaction) -> Result<Vec<(u16, Vec<u8>)>, StoreError> {
    let sql = "select sealing_key_id, check_value from sealing_key order by sealing_key_id";
    let rows = query(tx, sql, Vec::new()).await?;
    let key = |row| Ok((number(row, 0, "sealing_key.sealing_key_id")?, get(row, 1)?));
    rows.iter().map(key).collect()
}

/// Compares the keys with those the database was made with, and registers new ones.
async fn check(
    tx: &DatabaseTransaction,
    sealer: &Sealer,
    known: &[(u16, Vec<u8>)],
) -> Result<(), StoreError> {
    for (version, check) in known {
        if !sealer.checks().any(|ours| ours.0 == *version && ours.1[..] == check[..]) {
            return Err(StoreError::WrongKey);
        }
    }
    let is_new = |(version, _): &(u16, _)| !known.iter().any(|(of, _)| of == version);
    let values = sealer
        .checks()
        .filter(is_new)
        .flat_map(|(version, check)| [i64::from(version).into(), check.to_vec().into()]);
    Ok(SEALING_KEY.append(tx, values.collect()).await?)
}

/// On SQLite the log beside the database still has the page as it was; whoever reads at the moment keeps it a while longer.
async fn forget(db: &DatabaseConnection) -> Result<(), StoreError> {
    if crate::sql::is_sqlite(db) {
        query(db, "pragma wal_checkpoint(truncate)", Vec::new()).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{Event, NewEvent, Store, open};

    /// A database as programs of before the wrapping made it: the key of the file sealed it.
    async fn of_before(url: &str, file: &Keys) -> Store {
        let made = open(url, file.clone()).await.unwrap();
        let sealer = Sealer::new(file).unwrap();
        let (version, check) = sealer.checks().next().unwrap();
        assert_eq!(version, 1);
        for sql in ["drop trigger sealing_key_no_update", "delete from data_key"] {
            execute(&made.writer, sql, Vec::new()).await.unwrap();
        }
        let sql = "update sealing_key set check_value = ?";
        execute(&made.writer, sql, vec![check.to_vec().into()]).await.unwrap();
        Store { sealer: Arc::new(sealer), ..made }
    }

    async fn log(store: &Store, what: &str) {
        let (what, by) = (what.to_owned(), "周干事".to_owned());
        let at = chrono::DateTime::UNIX_EPOCH;
        store.log(NewEvent { what, at, by, body: serde_json::json!({}) }).await.unwrap();
    }

    async fn logged(store: &Store) -> Vec<String> {
        let events = store.events().await.unwrap().into_iter();
        events.map(|Event { event, .. }| event.what).collect()
    }

    #[tokio::test]
    async fn t62_a_database_of_before_the_wrapping_is_wrapped_when_it_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("old.db").display());
        let file = Keys::generate().unwrap();
        let old = of_before(&url, &file).await;
        log(&old, "before").await;
        drop(old);

        let foreign = open(&url, Keys::generate().unwrap()).await;
        assert!(matches!(foreign, Err(StoreError::WrongKey)), "nothing is wrapped under it");
        let new = open(&url, file.clone()).await.unwrap();
        log(&new, "after").await;
        assert_eq!(logged(&new).await, ["before", "after"]);
        let rows = query(&new.reader, "select wrapped from data_key", Vec::new()).await.unwrap();
        let wrapped: Vec<u8> = get(&rows[0], 0).unwrap();
        let key = file.key(1).unwrap();
        assert!(!wrapped.windows(32).any(|part| part == key));

        let both = file.with_new().unwrap();
        let rotated = open(&url, both.newest_only()).await;
        assert!(matches!(rotated, Err(StoreError::WrongKey)), "not before both were there");
        open(&url, both.clone()).await.unwrap();
        let rotated = open(&url, both.newest_only()).await.unwrap();
        assert_eq!(logged(&rotated).await, ["before", "after"]);
    }
}
