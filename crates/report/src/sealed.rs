//! Circumstances that no table names: sealed ones never, restricted ones only where a reason was given.
