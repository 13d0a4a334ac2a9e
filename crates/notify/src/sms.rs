//! An SMS gateway (短信网关) that takes JSON by POST. One with another interface is a [`Carrier`] of its own.

use serde_json::json;
use ureq::Agent;

use crate::{Carrier, Failed, Letter, web::post};

/// The gateway: `{"id": …, "to": …, "text": …}`; any answer 2xx is a yes. The same `id` never asks for a second message.
pub(crate) struct Gateway {
    pub(crate) agent: Agent,
    pub(crate) url: String,
    /// Goes along as `Authorization: Bearer …`.
    pub(crate) token: Option<String>,
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gateway")
    }
}

impl Carrier for Gateway {
    fn carry(&self, letter: &Letter) -> Result<(), Failed> {
        let body = json!({ "id": letter.key, "to": letter.to, "text": letter.text });
        post(&self.agent, &self.url, self.token.as_deref(), &body).map(|_| ())
    }
}
