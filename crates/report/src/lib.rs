//! Verdicts in, ledgers and tables out.
