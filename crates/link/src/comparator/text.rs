//! Free text: Jaro–Winkler similarity and edits, and what other comparators need of them. Nothing is allocated.

/// Longer texts are compared by their beginnings: the work grows with the square of the length.
const LONGEST: usize = 128;

/// The signs of a text: bytes when it is ASCII, else characters.
struct Signs([char; LONGEST], usize);

impl Signs {
    fn of(text: &str) -> Self {
        let mut signs = Self(['\0'; LONGEST], 0);
        for (place, char) in signs.0.iter_mut().zip(text.chars()) {
            *place = char;
            signs.1 += 1;
        }
        signs
    }

    fn get(&self) -> &[char] {
        &self.0[..self.1]
    }
}

fn beginning(text: &str) -> &[u8] {
    &text.as_bytes()[..text.len().min(LONGEST)]
}

/// Similarity of two texts from 0 to 1.
///
/// Source: Winkler, "String Comparator Metrics and Enhanced Decision Rules in the Fellegi–Sunter Model" (1990); prefix of
/// at most four characters, weight 0.1.
pub(crate) fn jaro_winkler(left: &str, right: &str) -> f64 {
    // The greedy matching below depends on which text comes first.
    let (left, right) = if left <= right { (left, right) } else { (right, left) };
    if left.is_ascii() && right.is_ascii() {
        winkler(beginning(left), beginning(right))
    } else {
        winkler(Signs::of(left).get(), Signs::of(right).get())
    }
}

fn winkler<T: Copy + Eq>(left: &[T], right: &[T]) -> f64 {
    let jaro = jaro(left, right);
    let prefix = left.iter().zip(right).take(4).take_while(|(a, b)| a == b).count();
    jaro + f64::from(u8::try_from(prefix).unwrap_or(4)) * 0.1 * (1.0 - jaro)
}

fn jaro<T: Copy + Eq>(left: &[T], right: &[T]) -> f64 {
    if left.is_empty() || right.is_empty() {
        return f64::from(u8::from(left.is_empty() && right.is_empty()));
    }
    let window = (left.len().max(right.len()) / 2).saturating_sub(1);
    // Which places have found a partner, a bit for each.
    let (mut lefts, mut rights) = (0u128, 0u128);
    for (at, sign) in left.iter().enumerate() {
        let (from, to) = (at.saturating_sub(window), (at + window + 1).min(right.len()));
        for (other, candidate) in right.iter().enumerate().take(to).skip(from) {
            if rights & 1 << other == 0 && candidate == sign {
                rights |= 1 << other;
                lefts |= 1 << at;
                break;
            }
        }
    }
    let n_hits = lefts.count_ones();
    if n_hits == 0 {
        return 0.0;
    }
    let mut n_swapped = 0;
    while lefts != 0 {
        let (l, r) = (lefts.trailing_zeros(), rights.trailing_zeros());
        n_swapped += u32::from(left[l as usize] != right[r as usize]);
        (lefts, rights) = (lefts & (lefts - 1), rights & (rights - 1));
    }
    let size = |n: usize| f64::from(u32::try_from(n).unwrap_or(u32::MAX));
    let hits = f64::from(n_hits);
    (hits / size(left.len()) + hits / size(right.len()) + (hits - f64::from(n_swapped / 2)) / hits)
        / 3.0
}

/// How many signs must be changed, added, left out or swapped with their neighbour to make one text of the other;
/// `most` + 1 when it is more than `most`.
///
/// Source: Damerau, "A technique for computer detection and correction of spelling errors" (1964), each part of the text
/// edited at most once.
pub(crate) fn edits(left: &str, right: &str, most: u8) -> u8 {
    if left.is_ascii() && right.is_ascii() {
        edits_of(beginning(left), beginning(right), most)
    } else {
        edits_of(Signs::of(left).get(), Signs::of(right).get(), most)
    }
}

fn edits_of<T: Copy + Eq>(left: &[T], right: &[T], most: u8) -> u8 {
    let same = left.iter().zip(right).take_while(|(l, r)| l == r).count();
    let (left, right) = (&left[same..], &right[same..]);
    let same = left.iter().rev().zip(right.iter().rev()).take_while(|(l, r)| l == r).count();
    let (left, right) = (&left[..left.len() - same], &right[..right.len() - same]);
    if left.len().abs_diff(right.len()) > usize::from(most) {
        return most + 1;
    }
    // Of the table of edits the row before the last, the last and the one at hand.
    let mut rows = [[0u8; LONGEST + 1]; 3];
    for (cell, at) in rows[1].iter_mut().zip(0..) {
        *cell = at;
    }
    for (at, sign) in left.iter().enumerate() {
        let [before, last, row] = &mut rows;
        row[0] = last[0] + 1;
        let mut cheapest = row[0];
        for (place, other) in right.iter().enumerate() {
            let changed = last[place] + u8::from(sign != other);
            let mut cell = changed.min(last[place + 1] + 1).min(row[place] + 1);
            if at > 0 && place > 0 && *sign == right[place - 1] && left[at - 1] == *other {
                cell = cell.min(before[place - 1] + 1);
            }
            row[place + 1] = cell;
            cheapest = cheapest.min(cell);
        }
        if cheapest > most {
            return most + 1;
        }
        rows.rotate_left(1);
    }
    rows[1][right.len()].min(most + 1)
}

/// The level of two texts that are not the same: `slip`, `close`, `near`, `far` or `other`.
pub(crate) fn compare(left: &str, right: &str) -> u8 {
    if left.len().min(right.len()) >= 4 && edits(left, right, 1) == 1 {
        return 1;
    }
    match jaro_winkler(left, right) {
        similarity if similarity >= 0.92 => 2,
        similarity if similarity >= 0.84 => 3,
        similarity if similarity >= 0.74 => 4,
        _ => 5,
    }
}

/// Whether two texts of digits differ in one place or in a swap of neighbours.
pub(crate) fn one_slip(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let mut differ = (0..left.len()).filter(|at| left[*at] != right[*at]);
    match (differ.next(), differ.next(), differ.next()) {
        (Some(_), None, _) => true,
        (Some(a), Some(b), None) => a + 1 == b && left[a] == right[b] && left[b] == right[a],
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

    #[test]
    fn edits_are_counted_up_to_what_is_asked() {
        let table = [
            ("george", "george", 0),
            ("geo rge", "george", 1),
            ("tififn", "tiffin", 1),
            ("silzs", "silas", 1),
            ("a", "", 1),
            ("ab", "ba", 1),
            ("abcd", "badc", 2),
            ("kitten", "sitting", 3),
            ("", "xyz", 3),
            ("张小明", "张晓明", 1),
            ("kitten", "something", 4),
        ];
        for (left, right, expected) in table {
            assert_eq!(edits(left, right, 3), expected, "{left} {right}");
            assert_eq!(edits(right, left, 3), expected, "{right} {left}");
        }
        assert_eq!(edits("kitten", "sitting", 1), 2);
    }

    /// The same count without any shortcut.
    fn plain(left: &[u8], right: &[u8]) -> usize {
        let mut table = vec![vec![0; right.len() + 1]; left.len() + 1];
        for l in 0..=left.len() {
            for r in 0..=right.len() {
                table[l][r] = if l == 0 || r == 0 {
                    l + r
                } else {
                    let changed = table[l - 1][r - 1] + usize::from(left[l - 1] != right[r - 1]);
                    let mut least = changed.min(table[l - 1][r] + 1).min(table[l][r - 1] + 1);
                    if l > 1 && r > 1 && left[l - 1] == right[r - 2] && left[l - 2] == right[r - 1]
                    {
                        least = least.min(table[l - 2][r - 2] + 1);
                    }
                    least
                };
            }
        }
        table[left.len()][right.len()]
    }

    proptest::proptest! {
        #[test]
        fn edits_agree_with_the_whole_table(left in "[ab]{0,9}", right in "[abc]{0,9}") {
            let expected = plain(left.as_bytes(), right.as_bytes()).min(4);
            proptest::prop_assert_eq!(usize::from(edits(&left, &right, 3)), expected);
        }

        #[test]
        fn any_texts_can_be_compared(left in ".{0,200}", right in ".{0,200}") {
            let similarity = jaro_winkler(&left, &right);
            proptest::prop_assert!((0.0..=1.0).contains(&similarity));
            proptest::prop_assert_eq!(compare(&left, &right), compare(&right, &left));
            proptest::prop_assert_eq!(edits(&left, &right, 2), edits(&right, &left, 2));
        }
    }
}
