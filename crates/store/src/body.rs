//! Sealed bodies.
