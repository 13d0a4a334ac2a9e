//! One sign of a name: a character, a lost one, a syllable in Latin letters.

use crate::characters::{self, Code, Syllable};

/// One sign of a name, in 32 bits: names are millions.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Sign(pub(super) u32);

/// What a sign is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A character of the table, in its standard form.
    Known(Code),
    /// A character that no table has.
    Rare(u32),
    /// One character that could not be written: `?`, `□`, `*`, a private-use character.
    Unknown,
    /// Latin letters in the place of a character: a syllable.
    Spelt(Syllable),
    /// Latin letters that spell nothing, as a digest.
    Letters(u32),
}

impl Sign {
    const RARE: u32 = 1 << 24;
    pub(super) const UNKNOWN: u32 = 2 << 24;
    const SPELT: u32 = 3 << 24;
    const LETTERS: u32 = 4 << 24;

    pub(super) fn of_char(char: char) -> Self {
        characters::standard_code(char).map_or_else(
            || Self(Self::RARE | u32::from(characters::standard(char))),
            |code| Self(code.0.into()),
        )
    }

    pub(super) fn of_letters(letters: &str) -> Self {
        if let Some(syllable) = characters::syllable(letters) {
            return Self(Self::SPELT | u32::from(syllable.0));
        }
        let digest = crate::prepare::hash(letters.to_lowercase().as_bytes());
        Self(Self::LETTERS | u32::try_from(digest >> 40).unwrap_or_default())
    }

    pub(super) const fn kind(self) -> Kind {
        let low = self.0 & 0x00ff_ffff;
        // The low half of a code or a syllable is all of it.
        #[expect(clippy::cast_possible_truncation, reason = "codes and syllables have 16 bits")]
        match self.0 & !0x00ff_ffff {
            Self::RARE => Kind::Rare(low),
            Self::UNKNOWN => Kind::Unknown,
            Self::SPELT => Kind::Spelt(Syllable(low as u16)),
            Self::LETTERS => Kind::Letters(low),
            _ => Kind::Known(Code(low as u16)),
        }
    }

    pub(super) const fn is_char(self) -> bool {
        matches!(self.kind(), Kind::Known(_) | Kind::Rare(_))
    }
}

/// The middle dot of minority names, and the signs that stand for it where it cannot be written.
pub(super) const fn is_dot(c: char) -> bool {
    matches!(c, '\u{b7}' | '•' | '・' | '‧' | '∙' | '⋅' | '･' | '．' | '.')
}

pub(crate) fn is_unknown(c: char) -> bool {
    matches!(c, '?' | '□' | '■' | '*' | '○' | '〇' | '\u{fffd}' | '？' | '＊')
        || ('\u{e000}'..='\u{f8ff}').contains(&c)
}

pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
