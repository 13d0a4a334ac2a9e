//! How a register gets a field wrong, at which rate before its own care and the order's noise.
//!
//! The rates are those of the data set that the linkage targets are stated for. Each slip has a word of its own in the
//! column `faults` of the truth.

use chrono::{Datelike, Days, NaiveDate};

use super::{
    super::{chance::Chance, names::Names},
    family::{Family, Kid},
};

/// Draws the slips of one record.
pub(super) struct Slips<'c> {
    pub(super) names: &'c Names,
    pub(super) chance: &'c mut Chance,
    /// The register's factor times the order's.
    pub(super) factor: f64,
    /// Words for what went wrong so far.
    pub(super) told: Vec<&'static str>,
}

impl Slips<'_> {
    /// True, and told, at the rate.
    pub(super) fn hit(&mut self, rate: f64, word: &'static str) -> bool {
        let hit = self.chance.hit(rate * self.factor);
        if hit {
            self.told.push(word);
        }
        hit
    }

    /// The child's name as written.
    pub(super) fn name(&mut self, true_name: &str, nicknames: bool) -> String {
        let name = self.misspelled(true_name, ("homophone", "glyph"));
        let n_characters = name.chars().count();
        if nicknames && self.hit(0.006, "nickname") {
            return self.nickname(true_name);
        }
        if n_characters > 2 && self.hit(0.0045, "dropped") {
            return name.chars().take(n_characters - 1).collect();
        }
        if self.hit(0.0022, "unencodable") {
            return self.unencodable(&name);
        }
        if n_characters == 2 && self.hit(0.01, "blank") {
            return name.chars().map(String::from).collect::<Vec<_>>().join("\u{3000}");
        }
        name
    }

    /// The guardian's name as written.
    pub(super) fn guardian(&mut self, name: &str) -> String {
        if self.hit(0.075, "no_guardian") {
            return String::new();
        }
        self.misspelled(name, ("guardian_homophone", "guardian_glyph"))
    }

    fn misspelled(&mut self, name: &str, words: (&'static str, &'static str)) -> String {
        let (other, word) = if self.chance.hit(0.0235 * self.factor) {
            (self.names.homophone(name, self.chance), words.0)
        } else if self.chance.hit(0.0073 * self.factor) {
            (self.names.glyph(name, self.chance), words.1)
        } else {
            (None, "")
        };
        if other.is_some() {
            self.told.push(word);
        }
        other.unwrap_or_else(|| name.to_owned())
    }

    /// 郭甜甜 for 郭一诺, or a pet name alone.
    fn nickname(&mut self, name: &str) -> String {
        if self.chance.hit(0.1) {
            return Names::pet(self.chance).to_owned();
        }
        let given = self.names.given(false, self.chance);
        let twice: String = given.chars().take(1).flat_map(|c| [c, c]).collect();
        name.chars().take(1).chain(twice.chars()).collect()
    }

    /// The last character as a program leaves it that cannot write it, or in pinyin.
    fn unencodable(&mut self, name: &str) -> String {
        let mut characters: Vec<char> = name.chars().collect();
        let last = characters.pop().map(String::from).unwrap_or_default();
        let spelled = self.names.spelled(&last);
        let mark = self.chance.word(&["?", "□", "*", "？", ""]);
        let mark = if mark.is_empty() { spelled.as_str() } else { mark };
        characters.into_iter().collect::<String>() + mark
    }

    /// The sex as written.
    pub(super) fn sex(&mut self, male: bool) -> &'static str {
        if self.hit(0.010, "no_sex") {
            return "";
        }
        let male = male != self.hit(0.004, "wrong_sex");
        if male { "男" } else { "女" }
    }

    /// The birth date as written.
    pub(super) fn birth(&mut self, day: NaiveDate) -> String {
        if self.hit(0.0155, "no_birth") {
            return String::new();
        }
        let (written, word) = self.misdated(day);
        let written = written.unwrap_or(day);
        if written != day {
            self.told.push(word);
        }
        written.to_string()
    }

    fn misdated(&mut self, day: NaiveDate) -> (Option<NaiveDate>, &'static str) {
        let chance = &mut *self.chance;
        let mut hit = |rate: f64| chance.hit(rate * self.factor);
        if hit(0.0095) {
            return (other_component(day, chance), "birth_slip");
        }
        if hit(0.014) {
            // The lunar calendar runs behind by this much; clerks write its month and day as if they were solar.
            let behind = Days::new(chance.between(19, 51).unsigned_abs());
            return (day.checked_sub_days(behind), "birth_lunar");
        }
        if hit(0.0035) {
            let swapped = NaiveDate::from_ymd_opt(day.year(), day.day(), day.month());
            return (swapped, "birth_swapped");
        }
        if hit(0.0065) {
            return (day.with_day(1), "birth_month");
        }
        if hit(0.001) {
            return (NaiveDate::from_ymd_opt(day.year(), 1, 1), "birth_new_year");
        }
        (None, "")
    }

    /// The number as written.
    pub(super) fn id(&mut self, family: &Family<'_>, kid: &Kid) -> String {
        if self.hit(0.085, "no_id") {
            return String::new();
        }
        if self.hit(0.003, "parents_id") {
            return family.adult_id.clone();
        }
        let others: Vec<&Kid> =
            family.kids.iter().filter(|other| other.number != kid.number).collect();
        if !others.is_empty() && self.hit(0.001, "siblings_id") {
            return self.chance.pick(&others).id.clone();
        }
        if self.hit(0.0255, "id_digit") {
            return wrong_digit(&kid.id, self.chance);
        }
        if self.chance.hit(0.013 * self.factor)
            && let Some(id) = transposed(&kid.id, self.chance)
        {
            self.told.push("id_transposed");
            return id;
        }
        kid.id.clone()
    }
}

/// The date with another year, month or day, near by.
fn other_component(day: NaiveDate, chance: &mut Chance) -> Option<NaiveDate> {
    let by = if chance.hit(0.5) { 1 } else { -1 };
    match chance.below(3) {
        0 => day.with_year(day.year() + by),
        1 => day.with_month(day.month().checked_add_signed(by)?),
        _ => {
            let far = *chance.pick(&[1, 2, 3, 10]);
            day.with_day(day.day().checked_add_signed(by * far)?)
        }
    }
}

fn wrong_digit(id: &str, chance: &mut Chance) -> String {
    let mut digits = id.as_bytes().to_vec();
    let at = chance.below(17);
    let by = u8::try_from(chance.between(1, 9)).unwrap_or(1);
    digits[at] = b'0' + (digits[at] - b'0' + by) % 10;
    String::from_utf8_lossy(&digits).into_owned()
}

/// The number with two neighbouring digits after the area exchanged.
fn transposed(id: &str, chance: &mut Chance) -> Option<String> {
    let mut digits = id.as_bytes().to_vec();
    let places: Vec<usize> = (6..16).filter(|at| digits[*at] != digits[at + 1]).collect();
    if places.is_empty() {
        return None;
    }
    let at = *chance.pick(&places);
    digits.swap(at, at + 1);
    Some(String::from_utf8_lossy(&digits).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_digit_is_one_and_a_transposition_two() {
        let mut chance = Chance::new(3, 0);
        let id = "610931200809087012";
        for _ in 0..50 {
            let differing =
                |other: &str| other.chars().zip(id.chars()).filter(|(a, b)| a != b).count();
            assert_eq!(differing(&wrong_digit(id, &mut chance)), 1);
            assert_eq!(differing(&transposed(id, &mut chance).unwrap()), 2);
        }
    }

    #[test]
    fn another_component_is_never_the_same_date() {
        let mut chance = Chance::new(3, 0);
        let day = NaiveDate::from_ymd_opt(2008, 2, 29).unwrap();
        for _ in 0..50 {
            assert_ne!(other_component(day, &mut chance), Some(day));
        }
    }
}
