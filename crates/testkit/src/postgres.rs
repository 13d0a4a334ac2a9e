//! A private PostgreSQL cluster for tests.

/// The address of a fresh, empty database on the cluster of this test process.
pub fn url() -> Option<String> {
    None
}
