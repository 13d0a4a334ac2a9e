//! SQLite and PostgreSQL: migrations, append, read back.
