//! What answers have in common: pages of lists, words in two languages, keys of which the schema names all.
#![expect(
    unused_qualifications,
    reason = "the derive of a generic shape names its parameter twice"
)]

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use baoxue_authz::{Factor, Role};
use baoxue_claim::{Source, VerdictCode};
use baoxue_flow::{Group, Kind, PairAnswer, Said, SchoolStage};
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

use crate::{
    display::STRIP_KEYS,
    pages::{audit::Whose, children::SORTS},
};

/// A part of a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct Listed<T> {
    /// The lines.
    pub(crate) items: Vec<T>,
    /// How many the whole list has; absent where nobody counts them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) total: Option<usize>,
    /// What `after` must be to get the next part; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
}

impl<T: Serialize> Listed<T> {
    /// A part of a list; `key` names a line, and the last line of a full part is where the next one begins.
    pub(crate) fn of(
        items: Vec<T>,
        total: Option<usize>,
        limit: usize,
        key: impl Fn(&T) -> String,
    ) -> Self {
        let next = items.last().filter(|_| items.len() == limit).map(key);
        Self { items, total, next }
    }

    /// A list that is given whole.
    pub(crate) fn whole(items: Vec<T>) -> Self {
        Self { total: Some(items.len()), items, next: None }
    }

    pub(crate) fn answer(self) -> Response {
        Json(self).into_response()
    }
}

/// The same words in both languages.
#[derive(Serialize, ToSchema)]
pub(crate) struct Words {
    /// Simplified Chinese.
    pub(crate) zh: String,
    /// English.
    pub(crate) en: String,
}

impl Words {
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    /// What a source is called.
    pub(crate) fn of_source(source: Source) -> Self {
        Self::new(source.zh(), source.name().replace('_', " "))
    }
}

fn one_of<'k>(keys: impl IntoIterator<Item = &'k str>) -> RefOr<Schema> {
    let keys: Vec<&str> = keys.into_iter().collect();
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(keys)).build().into()
}

/// Texts of a form.
macro_rules! forms {
    ($($(#[$doc:meta])* $name:ident = $pattern:expr;)*) => {
        /// The shapes of texts of a form.
        pub(crate) fn forms() -> Vec<(String, RefOr<Schema>)> {
            vec![$(($name::name().into_owned(), $name::schema())),*]
        }

        $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                ObjectBuilder::new().schema_type(Type::String).pattern(Some($pattern)).build().into()
            }
        }

        impl ToSchema for $name {}
        )*
    };
}

forms! {
    /// Key of a child.
    ChildKey = "^c_[0-9]{1,9}-[0-9]{1,9}$";
    /// Key of a pair.
    PairKey = "^[0-9]{1,9}-[0-9]{1,9}_[0-9]{1,9}-[0-9]{1,9}$";
    /// Code of a town, or `none`.
    TownTerm = "^([0-9]{9}|none)$";
    /// Two sources of the strip.
    StripPair = format!("^({keys})-({keys})$", keys = STRIP_KEYS.join("|"));
}

macro_rules! keys {
    ($($(#[$doc:meta])* $name:ident = $all:expr;)*) => {
        /// The shapes of keys. Those of queries are not found by the descriptions of routes.
        pub(crate) fn keys() -> Vec<(String, RefOr<Schema>)> {
            vec![$(($name::name().into_owned(), $name::schema())),*]
        }

        $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Serialize)]
        #[serde(transparent)]
        pub(crate) struct $name(&'static str);

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                one_of($all)
            }
        }

        impl ToSchema for $name {}
        )*
    };
}

keys! {
    /// How a status is shown.
    StatusKey = Kind::ALL.map(Kind::key);
    /// A code of a verdict.
    CodeKey = VerdictCode::ALL.iter().map(|code| code.code());
    /// A part of the children.
    GroupKey = Group::ALL.map(Group::key);
    /// A stage of schooling.
    StageKey = SchoolStage::ALL.map(SchoolStage::key);
    /// A source.
    SourceKey = Source::ALL.iter().map(|source| source.name());
    /// A source of the strip.
    StripKey = STRIP_KEYS;
    /// What a source says of whether the child is in school.
    SaidKey = ["nothing", "in", "out", "excused"];
    /// A role.
    RoleKey = Role::ALL.iter().map(|role| role.word());
    /// How well the second factor is proved.
    FactorKey = ["none", "at_sign_in", "fresh"];
    /// Also children who are not of compulsory age.
    AllFlag = ["1"];
    /// Since when something is due.
    DueKey = ["over", "soon"];
    /// When a ground ends.
    EndsKey = ["month"];
    /// An order of children.
    SortKey = SORTS.iter().map(|(key, _)| *key);
    /// Which pairs.
    ShowKey = ["open", "unsure"];
    /// Whose entries of the access log.
    WhoseKey = Whose::ALL.map(Whose::key);
    /// What somebody said of a pair.
    AnswerKey = ["same", "different", "unsure"];
}

impl From<Kind> for StatusKey {
    fn from(kind: Kind) -> Self {
        Self(kind.key())
    }
}

impl From<VerdictCode> for CodeKey {
    fn from(code: VerdictCode) -> Self {
        Self(code.code())
    }
}

impl From<Source> for SourceKey {
    fn from(source: Source) -> Self {
        Self(source.name())
    }
}

impl From<Said> for SaidKey {
    fn from(said: Said) -> Self {
        Self(match said {
            Said::Nothing => "nothing",
            Said::In => "in",
            Said::Out => "out",
            Said::Excused => "excused",
        })
    }
}

impl From<Role> for RoleKey {
    fn from(role: Role) -> Self {
        Self(role.word())
    }
}

impl From<Factor> for FactorKey {
    fn from(factor: Factor) -> Self {
        Self(match factor {
            Factor::None => "none",
            Factor::AtSignIn => "at_sign_in",
            Factor::Fresh => "fresh",
        })
    }
}

impl From<PairAnswer> for AnswerKey {
    fn from(answer: PairAnswer) -> Self {
        Self(match answer {
            PairAnswer::Same => "same",
            PairAnswer::Different => "different",
            PairAnswer::Unsure => "unsure",
        })
    }
}

impl StripKey {
    /// The source at a place of the strip.
    pub(crate) fn at(place: usize) -> Option<Self> {
        STRIP_KEYS.get(place).copied().map(Self)
    }
}
