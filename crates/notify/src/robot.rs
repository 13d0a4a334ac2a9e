//! Robots of groups in WeCom (企业微信、政务微信) and DingTalk (钉钉), as their documents describe them.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::json;
use sha2::Sha256;
use ureq::Agent;

use crate::{Carrier, Failed, Letter, web::post};

/// Whose robot it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Make {
    /// 企业微信: the address holds its key.
    WeCom,
    /// 钉钉: the address holds its token; with a secret each message is signed.
    DingTalk,
}

/// A robot that speaks in a group.
pub(crate) struct GroupRobot {
    pub(crate) agent: Agent,
    pub(crate) make: Make,
    /// Where it listens; whoever knows it may speak in the group.
    pub(crate) url: String,
    /// DingTalk's secret for signatures.
    pub(crate) secret: Option<String>,
}

impl std::fmt::Debug for GroupRobot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "GroupRobot({:?})", self.make)
    }
}

impl Carrier for GroupRobot {
    fn carry(&self, letter: &Letter) -> Result<(), Failed> {
        let body = json!({ "msgtype": "text", "text": { "content": letter.text } });
        let url = match &self.secret {
            Some(secret) => signed(&self.url, secret, letter.at.timestamp_millis())?,
            None => self.url.clone(),
        };
        let answer = post(&self.agent, &url, None, &body)?;
        // Both answer 200 whatever is wrong, and say so in the body.
        let answer: serde_json::Value = serde_json::from_str(&answer)
            .map_err(|_| Failed::Refused("the answer is not JSON".to_owned()))?;
        match answer.get("errcode").and_then(serde_json::Value::as_i64) {
            Some(0) => Ok(()),
            Some(code) => Err(Failed::Refused(format!("errcode {code}"))),
            None => Err(Failed::Refused("the answer has no errcode".to_owned())),
        }
    }
}

/// The address with DingTalk's signature: HMAC-SHA256 over the time in milliseconds, a line feed and the secret, under the
/// secret, in base 64.
fn signed(url: &str, secret: &str, millis: i64) -> Result<String, Failed> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map_err(|_| Failed::Refused("the secret cannot be used".to_owned()))?;
    mac.update(format!("{millis}\n{secret}").as_bytes());
    let sign: String = STANDARD.encode(mac.finalize().into_bytes()).chars().map(escaped).collect();
    let joint = if url.contains('?') { '&' } else { '?' };
    Ok(format!("{url}{joint}timestamp={millis}&sign={sign}"))
}

/// A sign of base 64 as an address has it.
fn escaped(sign: char) -> String {
    match sign {
        '+' => "%2B".to_owned(),
        '/' => "%2F".to_owned(),
        '=' => "%3D".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with `openssl dgst -sha256 -hmac` over the documented text.
    #[test]
    fn a_signature_is_as_documented() {
        let url = "https://oapi.dingtalk.com/robot/send?access_token=T";
        assert_eq!(
            signed(url, "SECtest", 1_567_400_000_000).unwrap(),
            format!(
                "{url}&timestamp=1567400000000&sign=vw2QNOcS7g9r8Wb5vk8U9muOr5zPWuTqfZ91rLBav6I%3D"
            )
        );
    }
}
