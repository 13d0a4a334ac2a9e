//! What is said to somebody whose account could not be made or changed.

use baoxue_flow::people::{PeopleError, SignInError};

use crate::{i18n::Lang, trouble::Trouble};

/// The words for what the user can mend; everything else is a trouble.
pub(crate) fn why_not(error: &PeopleError, lang: Lang) -> Result<String, Trouble> {
    Ok(match error {
        PeopleError::Weak(weakness) => lang.pick(weakness.zh(), weakness.en()).to_owned(),
        PeopleError::SignIn(SignInError::Refused) => lang.t("people-refused"),
        PeopleError::SignIn(SignInError::Wait(wait)) => {
            lang.n("login-wait", usize::try_from(wait.as_secs() + 1).unwrap_or(usize::MAX))
        }
        PeopleError::Login => lang.t("people-login"),
        PeopleError::LoginTaken => lang.t("people-login-taken"),
        PeopleError::Name => lang.t("people-name"),
        PeopleError::Contact => lang.t("people-contact"),
        PeopleError::TwoPowers => lang.t("people-two-powers"),
        PeopleError::Link => lang.t("people-link"),
        PeopleError::Area(area) => lang.with("people-area", &[("area", area.clone().into())]),
        PeopleError::NotAllowed => return Err(Trouble::NotYours),
        PeopleError::NoAccount(_) | PeopleError::NoLogin => return Err(Trouble::NotFound),
        PeopleError::Value(_) | PeopleError::Store(_) => return Err(Trouble::broken(error)),
    })
}
