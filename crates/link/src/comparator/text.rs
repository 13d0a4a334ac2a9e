//! Free text: Jaro–Winkler similarity, and what other comparators need of it.

/// Similarity of two texts from 0 to 1.
///
/// Source: Winkler, "String Comparator Metrics and Enhanced Decision Rules in the Fellegi–Sunter Model" (1990); prefix of
/// at most four characters, weight 0.1.
pub(crate) fn jaro_winkler(left: &str, right: &str) -> f64 {
    // The greedy matching below depends on which text comes first.
    let (left, right) = if left <= right { (left, right) } else { (right, left) };
    let l: Vec<char> = left.chars().take(LONGEST).collect();
    let r: Vec<char> = right.chars().take(LONGEST).collect();
    let jaro = jaro(&l, &r);
    let prefix = l.iter().zip(&r).take(4).take_while(|(a, b)| a == b).count();
    jaro + f64::from(u8::try_from(prefix).unwrap_or(4)) * 0.1 * (1.0 - jaro)
}

/// Longer texts are compared by their beginnings: the work grows with the square of the length.
const LONGEST: usize = 128;

fn jaro(left: &[char], right: &[char]) -> f64 {
    if left.is_empty() || right.is_empty() {
        return f64::from(u8::from(left.is_empty() && right.is_empty()));
    }
    let window = (left.len().max(right.len()) / 2).saturating_sub(1);
    let mut taken = vec![false; right.len()];
    let mut matched = Vec::new();
    for (at, char) in left.iter().enumerate() {
        let (from, to) = (at.saturating_sub(window), (at + window + 1).min(right.len()));
        let hit = (from..to).find(|other| !taken[*other] && right[*other] == *char);
        if let Some(hit) = hit {
            taken[hit] = true;
            matched.push(*char);
        }
    }
    if matched.is_empty() {
        return 0.0;
    }
    let others = (0..right.len()).filter(|at| taken[*at]).map(|at| right[at]);
    let swapped = matched.iter().zip(others).filter(|(a, b)| **a != *b).count();
    let size = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    let hits = size(matched.len());
    (hits / size(left.len()) + hits / size(right.len()) + (hits - size(swapped / 2)) / hits) / 3.0
}

/// The level of two texts that are not the same: `close`, `near` or `other`.
pub(crate) fn compare(left: &str, right: &str) -> u8 {
    match jaro_winkler(left, right) {
        similarity if similarity >= 0.92 => 1,
        similarity if similarity >= 0.80 => 2,
        _ => 3,
    }
}

/// Whether two texts of digits differ in one place or in a swap of neighbours.
pub(crate) fn one_slip(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let differ: Vec<usize> = (0..left.len()).filter(|at| left[*at] != right[*at]).take(3).collect();
    match differ.as_slice() {
        [_] => true,
        [a, b] => a + 1 == *b && left[*a] == right[*b] && left[*b] == right[*a],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn winklers_own_examples() {
        for (left, right, expected) in
            [("martha", "marhta", 0.961), ("dwayne", "duane", 0.840), ("dixon", "dicksonx", 0.813)]
        {
            assert!((jaro_winkler(left, right) - expected).abs() < 0.001, "{left} {right}");
        }
        assert!(jaro_winkler("abc", "xyz").abs() < 1e-9);
    }

    #[test]
    fn one_slip_is_a_digit_or_a_swap() {
        assert!(one_slip(b"123", b"124") && one_slip(b"123", b"132"));
        assert!(!one_slip(b"123", b"321") && !one_slip(b"123", b"123") && !one_slip(b"12", b"123"));
    }
}
