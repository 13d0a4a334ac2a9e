//! Identity numbers: resident ID (公民身份号码), student number (学籍号), disability certificate number (残疾人证号).

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{Doubt, Private, Sex, text::compact};

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS: &[u8; 11] = b"10X98765432";

/// A resident identity number (公民身份号码) of 18 characters whose check character and date have been verified.
///
/// `Debug` shows the six-digit area code only, so that a number cannot reach a log by accident.
///
/// ```
/// use baoxue_claim::ResidentId;
/// assert!("11010519491231002X".parse::<ResidentId>().is_ok());
/// assert!("110105194912310021".parse::<ResidentId>().is_err());
/// ```
///
/// Source: GB 11643-1999.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResidentId([u8; 18]);

/// Why a text is not a resident ID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResidentIdError {
    /// Not 18 characters.
    #[error("a resident ID has 18 characters, found {0}")]
    Length(usize),
    /// A character other than a digit, or an X not at the end.
    #[error("character {0} of a resident ID must be a digit")]
    Digit(usize),
    /// The eight birth digits are no date.
    #[error("the birth digits of the resident ID are no date")]
    Date,
    /// The check character should be another one.
    #[error("the check character of the resident ID should be `{0}`")]
    Check(char),
}

impl ResidentId {
    /// The check character that belongs to 17 digits, by ISO 7064 MOD 11-2.
    fn check(first: &[u8]) -> u8 {
        let sum: u32 = first.iter().zip(WEIGHTS).map(|(d, w)| u32::from(d - b'0') * w).sum();
        CHECKS[(sum % 11) as usize]
    }

    /// The number of 15 digits used before 2000, completed to 18: `19` inserted, check character computed.
    ///
    /// # Errors
    /// [`ResidentIdError`] when `text` is not 15 digits with a date.
    pub fn from_old(text: &str) -> Result<Self, ResidentIdError> {
        let old = text.as_bytes();
        if old.len() != 15 {
            return Err(ResidentIdError::Length(text.chars().count()));
        }
        if let Some(at) = old.iter().position(|b| !b.is_ascii_digit()) {
            return Err(ResidentIdError::Digit(at + 1));
        }
        let mut full = [0; 18];
        full[..6].copy_from_slice(&old[..6]);
        full[6..8].copy_from_slice(b"19");
        full[8..17].copy_from_slice(&old[6..]);
        full[17] = Self::check(&full[..17]);
        std::str::from_utf8(&full).map_or(Err(ResidentIdError::Digit(1)), str::parse)
    }

    /// The 18 characters; whoever calls this must not log them.
    pub fn expose(&self) -> &str {
        // Only ASCII is ever stored, see `from_str`.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The first six digits: where the person was first numbered, not where it lives today.
    pub fn area(&self) -> &str {
        &self.expose()[..6]
    }

    /// The birth date inside the number.
    pub fn birth(&self) -> NaiveDate {
        birth_digits(&self.0).unwrap_or(NaiveDate::MIN)
    }

    /// The sex inside the number: the last digit of the sequence is odd for male.
    pub fn sex(&self) -> Sex {
        if self.0[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }

    /// `610902********0018`: what a page or ledger shows unless asked with a reason (T-23).
    pub fn masked(&self) -> String {
        format!("{}********{}", &self.expose()[..6], &self.expose()[14..])
    }
}

fn birth_digits(id: &[u8]) -> Option<NaiveDate> {
    let number = |r: std::ops::Range<usize>| {
        id[r].iter().try_fold(0u32, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
    };
    let year = number(6..10)?;
    if !(1800..=2100).contains(&year) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.cast_signed(), number(10..12)?, number(12..14)?)
}

impl FromStr for ResidentId {
    type Err = ResidentIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes: [u8; 18] = text
            .as_bytes()
            .try_into()
            .map_err(|_| ResidentIdError::Length(text.chars().count()))?;
        if let Some(at) = bytes[..17].iter().position(|b| !b.is_ascii_digit()) {
            return Err(ResidentIdError::Digit(at + 1));
        }
        if !bytes[17].is_ascii_digit() && bytes[17] != b'X' {
            return Err(ResidentIdError::Digit(18));
        }
        birth_digits(&bytes).ok_or(ResidentIdError::Date)?;
        let check = Self::check(&bytes[..17]);
        if check != bytes[17] {
            return Err(ResidentIdError::Check(char::from(check)));
        }
        Ok(Self(bytes))
    }
}

impl TryFrom<String> for ResidentId {
    type Error = ResidentIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ResidentId> for String {
    fn from(id: ResidentId) -> Self {
        id.expose().to_owned()
    }
}

impl fmt::Debug for ResidentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ResidentId({}…)", self.area())
    }
}

/// What the ID column of a row holds, as far as it can be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdMention {
    /// The usable form.
    pub form: IdForm,
    /// The cell as found.
    pub raw: Private,
}

/// The usable form of an ID cell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdForm {
    /// A verified number.
    Valid(ResidentId),
    /// 18 positions of digits, `X` and `?` for what is unknown: lost precision, masked, or a failing check character.
    Partial(Private),
    /// Another document, or nothing that can be read as a number.
    Other,
}

impl IdMention {
    /// Reads an ID cell as typed. Full width, blanks, hyphens, apostrophes and lower-case x are folded; 15 digits are
    /// completed; 20 and 22 characters are a disability number whose first 18 are the ID. Empty text gives `None`.
    ///
    /// ```
    /// use baoxue_claim::{Doubt, IdForm, IdMention};
    /// let (id, doubts) = IdMention::read("6.10902200809087e+17").unwrap();
    /// assert_eq!(doubts, [Doubt::IdPrecisionLost]);
    /// let IdForm::Partial(digits) = id.form else { panic!() };
    /// assert_eq!(digits.expose(), "610902200809087???");
    /// ```
    pub fn read(cell: &str) -> Option<(Self, Vec<Doubt>)> {
        let folded = fold_id(cell);
        if folded.is_empty() {
            return None;
        }
        let (form, doubts) = read_form(&folded);
        Some((Self { form, raw: Private::new(cell) }, doubts))
    }

    /// The same mention with its last three digits unknown: for a number that ends in zeros by its check character's luck,
    /// in a column whose numbers were stored without their tails.
    #[must_use]
    pub fn without_tail(self) -> Self {
        let form = match self.form {
            IdForm::Valid(id) => {
                IdForm::Partial(Private::new(format!("{}???", &id.expose()[..15])))
            }
            form @ (IdForm::Partial(_) | IdForm::Other) => form,
        };
        Self { form, raw: self.raw }
    }

    /// The verified number, if it is one.
    pub fn valid(&self) -> Option<&ResidentId> {
        match &self.form {
            IdForm::Valid(id) => Some(id),
            IdForm::Partial(_) | IdForm::Other => None,
        }
    }

    /// 18 characters of digits, `X` and `?`: the verified number or the partial one.
    pub fn digits(&self) -> Option<&str> {
        match &self.form {
            IdForm::Valid(id) => Some(id.expose()),
            IdForm::Partial(text) => Some(text.expose()),
            IdForm::Other => None,
        }
    }
}

/// Upper case, half width, without blanks, hyphens, apostrophes and dots between groups.
fn fold_id(cell: &str) -> String {
    let text = compact(cell).to_uppercase();
    if looks_scientific(&text) {
        return text;
    }
    text.chars()
        .filter(|c| {
            !matches!(c, '-' | '\'' | '\u{2018}' | '\u{2019}' | '"' | '`' | '–' | '—' | ',')
        })
        .map(|c| if c == '×' { 'X' } else { c })
        .collect()
}

fn looks_scientific(text: &str) -> bool {
    text.contains("E+") && text.bytes().all(|b| b.is_ascii_digit() || b".E+".contains(&b))
}

fn read_form(text: &str) -> (IdForm, Vec<Doubt>) {
    if looks_scientific(text) {
        return (read_scientific(text), vec![Doubt::IdPrecisionLost]);
    }
    let n_chars = text.chars().count();
    if n_chars == 15 && text.bytes().all(|b| b.is_ascii_digit()) {
        return match ResidentId::from_old(text) {
            Ok(id) => (IdForm::Valid(id), Vec::new()),
            Err(_) => (IdForm::Other, vec![Doubt::IdDateImpossible]),
        };
    }
    if (n_chars == 20 || n_chars == 22) && DisabilityNumber::from_str(text).is_ok() {
        return read_form(&text[..18]);
    }
    if n_chars == 18 && text.chars().all(|c| c.is_ascii_digit() || "X*?#".contains(c)) {
        return read_eighteen(text);
    }
    // 17 digits and an asterisk where the X belongs is a common habit; the rule above has taken it.
    (IdForm::Other, vec![Doubt::IdLength])
}

/// The digits before the exponent are true; the rest is unknown.
fn read_scientific(text: &str) -> IdForm {
    let Some((mantissa, exponent)) = text.split_once("E+") else { return IdForm::Other };
    if exponent.parse() != Ok(17u32) {
        return IdForm::Other;
    }
    let mut digits: String = mantissa.chars().filter(char::is_ascii_digit).take(18).collect();
    // Excel keeps 15 digits; with exactly 15 the last is rounded only when what followed was 5 or more, and the last
    // shown digit of a shorter display is rounded the same way: a rounded digit must not count as known.
    if digits.len() < 15 {
        digits.pop();
    }
    while digits.len() < 18 {
        digits.push('?');
    }
    IdForm::Partial(Private::new(digits))
}

fn read_eighteen(text: &str) -> (IdForm, Vec<Doubt>) {
    let hidden = text.chars().filter(|c| "*?#".contains(*c)).count();
    if hidden == 1 && text.ends_with('*') {
        // An asterisk for the X: true if the check character is X.
        if let Ok(id) = format!("{}X", &text[..17]).parse() {
            return (IdForm::Valid(id), Vec::new());
        }
    }
    if hidden > 0 {
        let masked = text.replace(['*', '#'], "?");
        return (IdForm::Partial(Private::new(masked)), vec![Doubt::IdMasked]);
    }
    match text.parse::<ResidentId>() {
        Ok(id) => (IdForm::Valid(id), Vec::new()),
        Err(ResidentIdError::Check(_)) if text.ends_with("000") => {
            // Stored as a number and shown in full: a spreadsheet keeps 15 digits and writes zeros for the rest.
            let digits = format!("{}???", &text[..15]);
            (IdForm::Partial(Private::new(digits)), vec![Doubt::IdPrecisionLost])
        }
        Err(ResidentIdError::Date) => {
            (IdForm::Partial(Private::new(text)), vec![Doubt::IdDateImpossible])
        }
        Err(ResidentIdError::Check(_)) => {
            (IdForm::Partial(Private::new(text)), vec![Doubt::IdChecksum])
        }
        Err(ResidentIdError::Length(_) | ResidentIdError::Digit(_)) => {
            (IdForm::Other, vec![Doubt::IdLength])
        }
    }
}

/// The verified numbers that differ from 18 characters with a failing check in one digit or one swap of neighbours,
/// and whose birth date and sex are those given. One result is a suggestion to a person, never a correction.
pub fn suggest_correction(
    digits: &str,
    birth: Option<NaiveDate>,
    sex: Option<Sex>,
) -> Vec<ResidentId> {
    let Ok(wrong): Result<[u8; 18], _> = digits.as_bytes().try_into() else { return Vec::new() };
    let mut found = Vec::new();
    let mut try_it = |bytes: [u8; 18]| {
        let Some(id) = std::str::from_utf8(&bytes).ok().and_then(|t| t.parse::<ResidentId>().ok())
        else {
            return;
        };
        let fits = birth.is_none_or(|b| b == id.birth()) && sex.is_none_or(|s| s == id.sex());
        if fits && !found.contains(&id) {
            found.push(id);
        }
    };
    for at in 0..18 {
        for digit in *b"0123456789X" {
            let mut bytes = wrong;
            bytes[at] = digit;
            try_it(bytes);
        }
        if at < 17 {
            let mut bytes = wrong;
            bytes.swap(at, at + 1);
            try_it(bytes);
        }
    }
    found
}

/// How a student number (学籍号) was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StudentNumberKind {
    /// `G`: formal, followed by the resident ID of the day of issue.
    Formal,
    /// `L`: temporary, 18 characters that are *not* the resident ID.
    Temporary,
    /// `J`: child without a usable ID.
    WithoutId,
}

/// A national student number (全国学籍号): letter and 18 characters.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StudentNumber(Box<str>);

impl StudentNumber {
    /// The kind, by the letter.
    pub fn kind(&self) -> StudentNumberKind {
        match self.0.as_bytes().first() {
            Some(b'G') => StudentNumberKind::Formal,
            Some(b'L') => StudentNumberKind::Temporary,
            Some(_) | None => StudentNumberKind::WithoutId,
        }
    }

    /// The resident ID inside a formal number: an alias of the person, perhaps an old ID.
    pub fn resident_id(&self) -> Option<ResidentId> {
        (self.kind() == StudentNumberKind::Formal).then(|| self.0[1..].parse().ok())?
    }

    /// The bare number; whoever calls this must not log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for StudentNumber {
    type Err = ResidentIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let folded = fold_id(text);
        let letter = folded.as_bytes().first().copied();
        if folded.len() != 19 || !folded.is_ascii() {
            return Err(ResidentIdError::Length(folded.chars().count()));
        }
        if !matches!(letter, Some(b'G' | b'L' | b'J')) {
            return Err(ResidentIdError::Digit(1));
        }
        if let Some(at) = folded[1..].bytes().position(|b| !b.is_ascii_digit() && b != b'X') {
            return Err(ResidentIdError::Digit(at + 2));
        }
        Ok(Self(folded.into()))
    }
}

impl TryFrom<String> for StudentNumber {
    type Error = ResidentIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<StudentNumber> for String {
    fn from(number: StudentNumber) -> Self {
        number.0.into()
    }
}

impl fmt::Debug for StudentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StudentNumber({:?})", self.kind())
    }
}

/// A disability certificate number (残疾人证号): resident ID, category, grade, and perhaps a reissue mark.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DisabilityNumber(Box<str>);

impl DisabilityNumber {
    /// The resident ID inside, if its check character fits.
    pub fn resident_id(&self) -> Option<ResidentId> {
        self.0[..18].parse().ok()
    }

    /// Category 1 to 7 in the order of GB/T 26341: 视力 听力 言语 肢体 智力 精神 多重.
    pub fn category(&self) -> u8 {
        self.0.as_bytes()[18] - b'0'
    }

    /// Grade 1 (most severe) to 4.
    pub fn grade(&self) -> u8 {
        self.0.as_bytes()[19] - b'0'
    }

    /// The bare number; whoever calls this must not log it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for DisabilityNumber {
    type Err = ResidentIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let folded = fold_id(text);
        if !folded.is_ascii() || (folded.len() != 20 && folded.len() != 22) {
            return Err(ResidentIdError::Length(folded.chars().count()));
        }
        let bytes = folded.as_bytes();
        if let Some(at) = bytes[..17].iter().position(|b| !b.is_ascii_digit()) {
            return Err(ResidentIdError::Digit(at + 1));
        }
        if !(b'1'..=b'7').contains(&bytes[18]) {
            return Err(ResidentIdError::Digit(19));
        }
        if !(b'1'..=b'4').contains(&bytes[19]) {
            return Err(ResidentIdError::Digit(20));
        }
        Ok(Self(folded.into()))
    }
}

impl TryFrom<String> for DisabilityNumber {
    type Error = ResidentIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<DisabilityNumber> for String {
    fn from(number: DisabilityNumber) -> Self {
        number.0.into()
    }
}

impl fmt::Debug for DisabilityNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DisabilityNumber(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(cell: &str, digits: Option<&str>, doubts: &[Doubt]) {
        let (id, found) = IdMention::read(cell).unwrap();
        assert_eq!(id.digits(), digits, "{cell}");
        assert_eq!(found, doubts, "{cell}");
    }

    #[test]
    fn numbers_as_typed_are_folded() {
        check("11010519491231002x", Some("11010519491231002X"), &[]);
        check("１１０１０５１９４９１２３１００２Ｘ ", Some("11010519491231002X"), &[]);
        check("110105 19491231 002X", Some("11010519491231002X"), &[]);
        check("110105-19491231-002X", Some("11010519491231002X"), &[]);
        check("'440524188001010014", Some("440524188001010014"), &[]);
        check("11010519491231002*", Some("11010519491231002X"), &[]);
        check("110105491231002", Some("11010519491231002X"), &[]);
        check("\t11010519491231002×", Some("11010519491231002X"), &[]);
    }

    #[test]
    fn what_is_lost_stays_unknown() {
        check("6.10902E+17", Some("61090?????????????"), &[Doubt::IdPrecisionLost]);
        check("610902200809088000", Some("610902200809088???"), &[Doubt::IdPrecisionLost]);
        check("610902********1234", Some("610902????????1234"), &[Doubt::IdMasked]);
        check("110105194912310021", Some("110105194912310021"), &[Doubt::IdChecksum]);
        check("12345", None, &[Doubt::IdLength]);
        assert!(IdMention::read("  \u{3000}").is_none());
    }

    #[test]
    fn a_disability_number_carries_the_resident_id() {
        let number: DisabilityNumber = "11010519491231002X41".parse().unwrap();
        assert_eq!(number.category(), 4);
        assert_eq!(number.grade(), 1);
        check("11010519491231002X41B1", Some("11010519491231002X"), &[]);
    }

    #[test]
    fn one_wrong_digit_has_one_suggestion_with_its_birth_date() {
        let birth = NaiveDate::from_ymd_opt(1949, 12, 31);
        let found = suggest_correction("11010519491231012X", birth, Some(Sex::Female));
        assert!(found.iter().any(|id| id.expose() == "11010519491231002X"));
    }

    #[test]
    fn debug_hides_the_number() {
        let id: ResidentId = "11010519491231002X".parse().unwrap();
        assert_eq!(format!("{id:?}"), "ResidentId(110105…)");
        assert_eq!(id.masked(), "110105********002X");
    }
}
