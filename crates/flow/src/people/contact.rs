//! Where notices for an account go, as its user said.

use std::fmt;

use chrono::{DateTime, Utc};
use unicode_normalization::UnicodeNormalization;

use super::{People, PeopleError, account::Change};

/// Where notices for an account go; empty for nowhere.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Contact {
    /// Mail address.
    pub mail: String,
    /// Mobile telephone.
    pub phone: String,
}

impl Contact {
    /// What a form says, in the form in which it is kept.
    ///
    /// # Errors
    /// [`PeopleError::Contact`] when one of the two is neither empty nor what it should be.
    fn formed(&self) -> Result<Self, PeopleError> {
        let [mail, phone] =
            [&self.mail, &self.phone].map(|text| text.trim().nfkc().collect::<String>());
        let is_mail = mail.len() <= 120
            && mail.chars().all(|c| c.is_ascii_graphic() && !"<>()[],;:\\\"".contains(c))
            && mail.split_once('@').is_some_and(|(user, host)| {
                !user.is_empty()
                    && host.split('.').all(|part| !part.is_empty())
                    && host.contains('.')
            })
            && mail.matches('@').count() == 1;
        let is_phone = phone.len() == 11
            && phone.starts_with('1')
            && phone.bytes().all(|digit| digit.is_ascii_digit());
        if (mail.is_empty() || is_mail) && (phone.is_empty() || is_phone) {
            Ok(Self { mail, phone })
        } else {
            Err(PeopleError::Contact)
        }
    }
}

impl fmt::Debug for Contact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Contact")
    }
}

impl People {
    /// Says where notices for the own account go. Nothing else of it changes, and its sessions go on.
    ///
    /// # Errors
    /// [`PeopleError::Contact`].
    pub async fn set_contact(
        &self,
        account: i64,
        contact: &Contact,
        now: DateTime<Utc>,
    ) -> Result<(), PeopleError> {
        let Contact { mail, phone } = contact.formed()?;
        let change = Change { mail: Some(mail), phone: Some(phone), ..Change::default() };
        let event = change.event("contact", Some(account), now)?;
        Ok(self.store.append_account_event(account, event, false).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(mail: &str, phone: &str, expected: Option<(&str, &str)>) {
        let contact = Contact { mail: mail.to_owned(), phone: phone.to_owned() };
        let formed = contact.formed().ok().map(|formed| (formed.mail, formed.phone));
        let expected = expected.map(|(mail, phone)| (mail.to_owned(), phone.to_owned()));
        assert_eq!(formed, expected, "{mail} {phone}");
    }

    #[test]
    fn a_contact_is_an_address_or_nothing() {
        check("", "", Some(("", "")));
        check(
            " li@edu.example.cn ",
            "１３８００００００００",
            Some(("li@edu.example.cn", "13800000000")),
        );
        for mail in [
            "li",
            "li@",
            "@edu.cn",
            "li@edu",
            "li@edu.",
            "a b@edu.cn",
            "a@b@c.cn",
            "李@edu.cn",
            "a@b.cn\nBcc: c@d.cn",
            "<a@b.cn>",
        ] {
            check(mail, "", None);
        }
        for phone in ["1380000000", "23800000000", "138000000000", "1380000000x", "+8613800000"] {
            check("", phone, None);
        }
    }
}
