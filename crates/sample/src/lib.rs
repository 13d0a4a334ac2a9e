//! Synthetic counties with known truth, and the score of an answer.
