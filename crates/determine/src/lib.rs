//! Claims, dated rules and a date in, verdicts with grounds out.
