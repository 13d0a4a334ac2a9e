//! Forms that are sent twice, by an impatient hand or from the page behind: done once and answered alike. Each page gives its
//! forms a token of its own; the same token with the same fields at the same address is the same intention.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex as Turn;

use crate::trouble::Trouble;

/// How long a token is remembered.
const KEPT: TimeDelta = TimeDelta::minutes(10);
/// Tokens that are remembered at most; beyond that all are forgotten.
const MOST: usize = 5_000;
/// Signs of a token.
const SIGNS: usize = 32;

/// What the next one with the same token gets.
#[derive(Clone)]
enum Done {
    /// It goes where the first one went.
    To(HeaderValue),
    /// It sees what the first one saw.
    Page(Arc<str>),
}

/// A page that is shown once and made once, such as one with a passphrase: whoever sends the form again sees the same.
#[derive(Clone)]
pub(crate) struct Repeats(pub(crate) Arc<str>);

/// One intention: the first holds the turn until it is done.
type Intention = Arc<Turn<Option<Done>>>;

/// The forms of the last minutes.
#[derive(Default)]
pub(crate) struct Doubles(Mutex<HashMap<u64, (DateTime<Utc>, Intention)>>);

impl Doubles {
    /// The intention of a session, an address and fields.
    fn of(&self, key: u64, now: DateTime<Utc>) -> Intention {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A page that was kept may hold a passphrase: it goes when its time is over, not when there is no room.
        all.retain(|_, (at, _)| now - *at < KEPT);
        if all.len() >= MOST && !all.contains_key(&key) {
            all.clear();
        }
        let (_, intention) = all.entry(key).or_insert_with(|| (now, Intention::default()));
        Arc::clone(intention)
    }

    /// Does what a form asks for, unless it was done; then the answer is the one that was given. It goes on when the browser
    /// hangs up, as it does when the button is pressed again. What was refused is judged again.
    pub(crate) async fn once(
        &self,
        key: u64,
        now: DateTime<Utc>,
        (request, next): (Request, Next),
    ) -> Response {
        let intention = self.of(key, now);
        let doing = tokio::spawn(async move {
            let mut done = intention.lock().await;
            if let Some(done) = done.as_ref() {
                return told(done);
            }
            let response = next.run(request).await;
            *done = kept(&response);
            response
        });
        doing.await.unwrap_or_else(|error| Trouble::broken(&error).into_response())
    }
}

/// What of an answer is given again: where it led, or a page that says so. Nothing that sets a cookie.
fn kept(response: &Response) -> Option<Done> {
    if response.headers().contains_key(header::SET_COOKIE) {
        return None;
    }
    if response.status() == StatusCode::SEE_OTHER {
        return response.headers().get(header::LOCATION).cloned().map(Done::To);
    }
    response.extensions().get::<Repeats>().map(|page| Done::Page(Arc::clone(&page.0)))
}

fn told(done: &Done) -> Response {
    match done {
        Done::To(to) => (StatusCode::SEE_OTHER, [(header::LOCATION, to.clone())]).into_response(),
        Done::Page(page) => axum::response::Html(page.to_string()).into_response(),
    }
}

/// A token for the forms of a page; none without randomness, and then forms are sent as often as they are sent.
pub(crate) fn token() -> String {
    let mut bytes = [0; SIGNS / 2];
    match getrandom::fill(&mut bytes) {
        Ok(()) => format!("{:032x}", u128::from_be_bytes(bytes)),
        Err(_) => String::new(),
    }
}

/// The key of an intention, when the form has a token.
pub(crate) fn key(session: &str, to: &str, fields: &[(String, String)]) -> Option<u64> {
    let (_, token) = fields.iter().find(|(name, _)| name == "once")?;
    if token.len() != SIGNS || !token.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut hasher = DefaultHasher::new();
    (session, to, fields).hash(&mut hasher);
    Some(hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(once: &str, words: &str) -> Vec<(String, String)> {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        vec![pair("csrf", "x"), pair("once", once), pair("words", words)]
    }

    #[test]
    fn an_intention_is_session_address_and_fields() {
        let once = token();
        let known = key("s", "/a", &fields(&once, "x"));
        assert!(known.is_some());
        assert_eq!(known, key("s", "/a", &fields(&once, "x")));
        for other in [
            key("t", "/a", &fields(&once, "x")),
            key("s", "/b", &fields(&once, "x")),
            key("s", "/a", &fields(&once, "y")),
            key("s", "/a", &fields(&token(), "x")),
        ] {
            assert!(other.is_some() && other != known);
        }
        for odd in ["", "x", &"g".repeat(32), &"a".repeat(33)] {
            assert_eq!(key("s", "/a", &fields(odd, "x")), None, "{odd}");
        }
    }

    #[test]
    fn what_is_remembered_ends_and_stays_small() {
        let (doubles, at) = (Doubles::default(), DateTime::UNIX_EPOCH);
        let one = doubles.of(1, at);
        assert!(Arc::ptr_eq(&one, &doubles.of(1, at + KEPT - TimeDelta::seconds(1))));
        assert!(!Arc::ptr_eq(&one, &doubles.of(1, at + KEPT)));
        for n in 0..MOST as u64 {
            doubles.of(n, at + KEPT * 2);
        }
        doubles.of(u64::MAX, at + KEPT * 4);
        assert_eq!(doubles.0.lock().unwrap().len(), 1);
    }
}
