//! One number for all that counts in the database.

use crate::{Store, StoreError};

impl Store {
    /// SM3, in hexadecimal, over all that counts, decrypted, ordered and without times: two databases with the same
    /// content have the same digest, on either engine. Withdrawn batches do not count.
    pub async fn digest(&self) -> Result<String, StoreError> {
        todo!()
    }
}
