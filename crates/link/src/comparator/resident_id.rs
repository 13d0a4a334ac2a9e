//! The resident ID (GB 11643) as one piece of evidence.

mod written;

pub(crate) use written::folded;

use super::date::Day;

/// Weights of the first 17 digits in the check sum.
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// Fewer known positions than this say nothing about a person: the area alone is that of a whole county.
const FEWEST_KNOWN: u32 = 8;

/// 18 positions, `?` for what is unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Id {
    signs: [u8; 18],
    is_valid: bool,
    /// Whether no position is unknown.
    is_whole: bool,
}

impl Id {
    /// Reads a number in any of its dresses, see [`folded`]. Other texts give `None`: they can be equal, and say nothing
    /// else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let signs: [u8; 18] = folded(text).as_bytes().try_into().ok()?;
        let fits = |(at, sign): (usize, &u8)| {
            sign.is_ascii_digit() || *sign == b'?' || (at == 17 && *sign == b'X')
        };
        let is_whole = !signs.contains(&b'?');
        let id = || Self { signs, is_valid: is_whole && is_valid(&signs), is_whole };
        signs.iter().enumerate().all(fits).then(id)
    }

    /// Complete, with a check character that fits.
    pub(crate) const fn is_valid(&self) -> bool {
        self.is_valid
    }

    /// Whether a column of such texts is one of numbers: they fit their check, or what is known of them is a province and,
    /// if it is known, a day.
    pub(crate) fn is_likely(&self) -> bool {
        let n_known = self.signs.iter().filter(|sign| **sign != b'?').count();
        let is_province = matches!(self.signs[0], b'1'..=b'8') && self.signs[1].is_ascii_digit();
        let is_day = self.birth().is_none_or(|birth| Day::parse(birth).is_some());
        self.is_valid
            || (!self.is_whole && n_known >= FEWEST_KNOWN as usize && is_province && is_day)
    }

    /// The birth inside, as text `YYYYMMDD`, if all of it is known.
    pub(crate) fn birth(&self) -> Option<&str> {
        self.part(6, 14)
    }

    /// The sex inside, if it is known.
    pub(crate) const fn sex(&self) -> Option<Sex> {
        match self.signs[16] {
            b'?' => None,
            digit if digit % 2 == 1 => Some(Sex::Male),
            _ => Some(Sex::Female),
        }
    }

    /// Area and birth, if known.
    pub(crate) fn area_birth(&self) -> Option<&str> {
        self.part(0, 14)
    }

    /// The area and the last four, if known.
    pub(crate) fn area_tail(&self) -> Option<String> {
        Some(format!("{}{}", self.part(0, 6)?, self.part(14, 18)?))
    }

    /// The number once for each position, with this position left out; none when a position is unknown.
    pub(crate) fn one_off(&self) -> Vec<String> {
        let Some(text) = self.part(0, 18) else { return Vec::new() };
        (0..18).map(|at| format!("{}?{}", &text[..at], &text[at + 1..])).collect()
    }

    fn part(&self, from: usize, to: usize) -> Option<&str> {
        std::str::from_utf8(&self.signs[from..to]).ok().filter(|part| !part.contains('?'))
    }
}

/// What the last digit but one says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sex {
    Male,
    Female,
}

impl Sex {
    /// Reads 男 and 女, English words and their initials, and the codes 1 and 2 of GB/T 2261.1.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.chars().next()?.to_ascii_lowercase() {
            '男' | 'm' | '1' => Some(Self::Male),
            '女' | 'f' | '2' => Some(Self::Female),
            _ => None,
        }
    }
}

/// Whether the check character of a number without unknown positions fits.
fn is_valid(signs: &[u8; 18]) -> bool {
    check_sign(signs) == signs[17]
}

/// The check character of a number that begins with these 17 digits.
fn check_sign(signs: &[u8]) -> u8 {
    let sum: u32 = signs.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
    CHECKS[(sum % 11) as usize]
}

/// The levels of [`Comparator::ResidentId`](crate::Comparator::ResidentId) by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Level {
    Equal = 0,
    Claimed,
    Typo,
    Partial,
    Tail,
    Unlike,
    Conflict,
}

/// The level of two numbers, `None` when they have too little in common to say anything.
pub(crate) fn compare(left: Option<Id>, right: Option<Id>) -> Option<u8> {
    level(left?, right?).map(|level| level as u8)
}

fn level(left: Id, right: Id) -> Option<Level> {
    if !left.is_whole || !right.is_whole {
        return partial(left, right);
    }
    if left == right {
        return Some(Level::Equal);
    }
    // A check character finds every single slip and every swap of neighbours, so two numbers that both fit are two
    // persons' however close they look.
    if left.is_valid && right.is_valid {
        return Some(Level::Conflict);
    }
    let slip = super::text::one_slip(&left.signs, &right.signs);
    Some(if slip { Level::Typo } else { Level::Unlike })
}

fn partial(left: Id, right: Id) -> Option<Level> {
    // By bits the positions that are known in both, and those of them that differ.
    let (mut both, mut unlike) = (0_u32, 0_u32);
    for (at, (l, r)) in left.signs.iter().zip(right.signs).enumerate() {
        let known = u32::from(*l != b'?' && r != b'?');
        both |= known << at;
        unlike |= (known & u32::from(*l != r)) << at;
    }
    if unlike > 0 {
        return Some(Level::Unlike);
    }
    let has = |positions: u32| both & positions == positions;
    if both.count_ones() < FEWEST_KNOWN {
        None
    } else if has(0x3fff) {
        Some(Level::Partial)
    } else if has(0b111 << 14) {
        Some(Level::Tail)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_lists_bend_them() {
        let table = [
            ("11010519491231002X", "11010519491231002X", Some(Level::Equal)),
            ("11010519491231002X", "11010519491231003X", Some(Level::Typo)),
            ("11010519491231002X", "11010519491213002X", Some(Level::Typo)),
            ("11010519491231002X", "440524188001010014", Some(Level::Conflict)),
            ("11010519491231002X", "110105194912310???", Some(Level::Partial)),
            ("11010519491231002X", "110105????????002X", Some(Level::Tail)),
            ("11010519491231002X", "11010?????????????", None),
            ("11010519491231002X", "44010?????????????", Some(Level::Unlike)),
            ("11010519491231002X", "110105194912320???", Some(Level::Unlike)),
            ("110105194912310???", "110105????????002X", None),
            ("11010519491231002X", "990105194912310033", Some(Level::Unlike)),
        ];
        for (left, right, expected) in table {
            let (l, r) = (Id::parse(left).unwrap(), Id::parse(right).unwrap());
            assert_eq!(level(l, r), expected, "{left} {right}");
            assert_eq!(level(r, l), expected, "{right} {left}");
        }
        assert!(Id::parse("出生证明A12345678").is_none());
    }

    #[test]
    fn every_slip_of_one_digit_fails_the_check() {
        let good = *b"11010519491231002X";
        for at in 0..17 {
            for digit in b'0'..=b'9' {
                let mut signs = good;
                signs[at] = digit;
                assert_eq!(is_valid(&signs), digit == good[at]);
            }
        }
    }
}
