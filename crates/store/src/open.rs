//! Opening a database.

use crate::{Keys, Sealer, StoreError};

/// An open database with the keys to it. Cloning shares the connections.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) sealer: std::sync::Arc<Sealer>,
}

/// Opens, and brings the schema up to date.
pub async fn open(url: &str, keys: Keys) -> Result<Store, StoreError> {
    let _ = (url, keys);
    todo!()
}
