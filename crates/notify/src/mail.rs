//! Mail by SMTP.

use lettre::{
    Message, SmtpTransport, Transport,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use serde::Deserialize;

use crate::{Carrier, Failed, Letter, TIME};

/// The subject of every mail: what it is about stands in the mail.
const SUBJECT: &str = "保学工作提醒";

/// How the way to the mail server is kept private.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Security {
    /// TLS from the first byte, port 465.
    #[default]
    Tls,
    /// TLS after a greeting in the clear, port 587; without it nothing is sent.
    Starttls,
    /// None, port 25: for a relay on the same machine.
    None,
}

impl Security {
    pub(crate) const fn port(self) -> u16 {
        match self {
            Self::Tls => 465,
            Self::Starttls => 587,
            Self::None => 25,
        }
    }
}

/// A mail server.
#[derive(Debug)]
pub(crate) struct Mail {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Mail {
    pub(crate) fn new(
        (host, port): (&str, u16),
        security: Security,
        from: Mailbox,
        sign_in: Option<(String, String)>,
    ) -> Result<Self, lettre::transport::smtp::Error> {
        let parameters = || TlsParameters::new(host.to_owned());
        let tls = match security {
            Security::Tls => Tls::Wrapper(parameters()?),
            Security::Starttls => Tls::Required(parameters()?),
            Security::None => Tls::None,
        };
        let transport =
            SmtpTransport::builder_dangerous(host).port(port).tls(tls).timeout(Some(TIME));
        let transport = match sign_in {
            Some((user, password)) => transport.credentials(Credentials::new(user, password)),
            None => transport,
        };
        Ok(Self { transport: transport.build(), from })
    }
}

impl Carrier for Mail {
    fn carry(&self, letter: &Letter) -> Result<(), Failed> {
        let refused = |why: &str| Failed::Refused(why.to_owned());
        let to: Mailbox = letter.to.parse().map_err(|_| refused("not a mail address"))?;
        let domain = self.from.email.domain();
        let mail = Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(SUBJECT)
            .message_id(Some(format!("<{}@{domain}>", letter.key)))
            .date(letter.at.into())
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .map_err(|_| refused("the mail cannot be written"))?;
        match self.transport.send(&mail) {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(Failed::Refused(said(&error))),
            Err(error) => Err(Failed::Unreachable(said(&error))),
        }
    }
}

/// The code of the server's answer, or the system's words: an answer in full may repeat what was sent.
fn said(error: &lettre::transport::smtp::Error) -> String {
    match error.status() {
        Some(code) => format!("SMTP {code}"),
        None if error.is_timeout() => "time is over".to_owned(),
        None => {
            let source = std::error::Error::source(error);
            source.map_or_else(|| error.to_string(), ToString::to_string)
        }
    }
}
