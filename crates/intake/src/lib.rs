//! Messy files in, claims and rejects out.
