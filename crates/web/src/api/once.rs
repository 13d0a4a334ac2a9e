//! Writes that are done once: the same key with the same body gets the same answer, for a day.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use baoxue_store::{Begun, KeptAnswer, WriteKey};
use chrono::TimeDelta;
use serde::{Serialize, de::DeserializeOwned};

use crate::{app::App, door::Signed, trouble::Trouble};

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::hours(24);
/// Longest key.
const LONGEST_KEY: usize = 64;

/// The body of a write with the key that came with it.
pub(crate) struct Sent<T> {
    pub(crate) value: T,
    write: Write,
}

struct Write {
    key: String,
    request: String,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        let key = text(&request, "idempotency-key").filter(|key| is_key(key));
        let key = key.ok_or(Trouble::Bad("no-key"))?.to_owned();
        let media_type = text(&request, header::CONTENT_TYPE.as_str()).unwrap_or_default();
        if media_type.split(';').next().map(str::trim) != Some("application/json") {
            return Err(Trouble::Bad("no-json"));
        }
        let head = format!("{} {}", request.method(), request.uri().path());
        let bytes =
            Bytes::from_request(request, state).await.map_err(|_| Trouble::Bad("too-long"))?;
        let body = std::str::from_utf8(&bytes).map_err(|_| Trouble::Bad("no-json"))?;
        let value = serde_json::from_str(body).map_err(|_| Trouble::Bad("no-json"))?;
        Ok(Self { value, write: Write { key, request: format!("{head}\n{body}") } })
    }
}

fn text<'r>(request: &'r Request, header: &str) -> Option<&'r str> {
    request.headers().get(header).and_then(|value| value.to_str().ok())
}

fn is_key(key: &str) -> bool {
    (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
}

impl<T> Sent<T> {
    /// What was sent, and how it is done once.
    pub(crate) fn parts(self) -> (T, Once) {
        (self.value, Once(self.write))
    }
}

/// A write that is done once.
pub(crate) struct Once(Write);

impl Once {
    /// Does it, unless it was done before; then the answer is the one that was given. It goes on when whoever sent it hangs
    /// up, so that sending it again finds it done. What was refused changed nothing and is judged again; after a fault of
    /// ours nobody knows, and it is never done a second time.
    pub(crate) async fn answer<A: Serialize + Send>(
        self,
        (app, signed): (App, Signed),
        doing: impl Future<Output = Result<A, Trouble>> + Send + 'static,
    ) -> Result<Response, Trouble> {
        let write = self.0;
        let done = tokio::spawn(async move { answer(&app, &signed, &write, doing).await });
        done.await.map_err(|error| Trouble::broken(&error))?
    }
}

async fn answer<A: Serialize + Send>(
    app: &App,
    signed: &Signed,
    write: &Write,
    doing: impl Future<Output = Result<A, Trouble>> + Send,
) -> Result<Response, Trouble> {
    let account = signed.actor.account;
    let write = WriteKey { account, key: &write.key, request: &write.request };
    let now = app.now();
    match app.store().begin_once(write, now, now + KEPT).await? {
        Begun::Now => {}
        Begun::Done(kept) => return Ok(told(kept)),
        Begun::Before => return Err(Trouble::Changed("write-begun")),
        Begun::Otherwise => return Err(Trouble::Changed("key-reused")),
    }
    match doing.await {
        Ok(answer) => {
            let body = serde_json::to_string(&answer).map_err(|error| Trouble::broken(&error))?;
            let kept = KeptAnswer { status: StatusCode::OK.as_u16(), body };
            app.store().keep_answer(write, &kept).await?;
            Ok(told(kept))
        }
        Err(trouble) => {
            if !matches!(trouble, Trouble::Broken(_)) {
                app.store().forget_begun(write).await?;
            }
            Err(trouble)
        }
    }
}

fn told(kept: KeptAnswer) -> Response {
    let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
    (status, [(header::CONTENT_TYPE, "application/json")], kept.body).into_response()
}

#[cfg(test)]
mod tests {
    use super::is_key;

    #[test]
    fn keys_are_short_and_visible() {
        for good in ["a", "3f0c2a4e-6a51-4a0e-9a0c-7f8f0f1d2b3c", &"k".repeat(64)] {
            assert!(is_key(good), "{good}");
        }
        for bad in ["", " ", "a b", "键", &"k".repeat(65)] {
            assert!(!is_key(bad), "{bad}");
        }
    }
}
