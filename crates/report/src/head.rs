//! What stands above every table: whose it is, for which day, by which rules, and how much of it is hidden.

use chrono::NaiveDate;

/// The head of a ledger or table. It prints with the table, so that two figures that differ can be told apart by their
/// day, population base and rules.
///
/// Source: `forms.md` §11, "always print numerator, denominator, as-of date, population base".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The county or the bureau that answers for the table, such as `汉滨区`.
    pub county: String,
    /// The day the table speaks of (截止日期).
    pub as_of: NaiveDate,
    /// The day it was printed; also the creation date inside the file.
    pub printed_on: NaiveDate,
    /// Who printed it: a person or an office, never a machine.
    pub printed_by: String,
    /// The population base in words (人口口径), such as `户籍与常住合并`.
    pub base: String,
    /// Name and version of the rule pack.
    pub rule_pack: String,
    /// How much is hidden.
    pub masking: Masking,
    /// What is missing among the sources of all tables, one sentence each: it prints above every table.
    pub cautions: Vec<String>,
    /// The language of headings and notes; what senders wrote stays as it is.
    pub lang: Lang,
}

/// Whether identity numbers, telephones, addresses and guardians' names print in full (T-23).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Masking {
    /// Partly hidden: the default.
    Masked,
    /// In full, for a reason that prints on the table; the caller has logged it.
    Full {
        /// The reason.
        reason: String,
    },
}

/// The language of headings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// 简体中文.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The one of two texts that is in this language.
    pub const fn pick<'t>(self, zh: &'t str, en: &'t str) -> &'t str {
        match self {
            Self::Zh => zh,
            Self::En => en,
        }
    }
}
