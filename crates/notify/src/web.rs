//! One POST of JSON.

use serde_json::Value;
use ureq::{
    Agent, Error, Proxy,
    tls::{Certificate, RootCerts, TlsConfig},
};

use crate::{Failed, TIME};

/// A client that trusts whom the machine trusts: an inner network has authorities of its own.
pub(crate) fn agent(proxy: Option<&str>) -> Result<Agent, Error> {
    let found = rustls_native_certs::load_native_certs().certs;
    let roots = found.iter().map(|der| Certificate::from_der(der).to_owned()).collect::<Vec<_>>();
    let tls = TlsConfig::builder().root_certs(RootCerts::from(roots)).build();
    let config = Agent::config_builder()
        .tls_config(tls)
        // Never by what the environment of the process happens to say.
        .proxy(proxy.map(Proxy::new).transpose()?)
        // A message goes where the settings say and nowhere else.
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .timeout_global(Some(TIME))
        .build();
    Ok(config.into())
}

/// Posts a body; gives what is answered, which must be a success.
pub(crate) fn post(
    agent: &Agent,
    url: &str,
    bearer: Option<&str>,
    body: &Value,
) -> Result<String, Failed> {
    let mut asked = agent.post(url).header("content-type", "application/json; charset=utf-8");
    if let Some(token) = bearer {
        asked = asked.header("authorization", format!("Bearer {token}"));
    }
    let mut answer = asked.send(body.to_string()).map_err(|error| no_answer(&error))?;
    let status = answer.status();
    if status.is_server_error() {
        return Err(Failed::Unreachable(format!("HTTP {}", status.as_u16())));
    }
    if !status.is_success() {
        return Err(Failed::Refused(format!("HTTP {}", status.as_u16())));
    }
    answer.body_mut().with_config().limit(64 * 1024).read_to_string().map_err(|e| no_answer(&e))
}

/// Why nothing came back. An address may be a secret, so only what names none is repeated.
fn no_answer(error: &Error) -> Failed {
    let why = if let Error::Io(error) = error {
        error.to_string()
    } else if let Error::Timeout(_) = error {
        "time is over".to_owned()
    } else if let Error::Rustls(error) = error {
        error.to_string()
    } else if matches!(error, Error::HostNotFound) {
        "no such host".to_owned()
    } else {
        "no connection".to_owned()
    };
    Failed::Unreachable(why)
}
