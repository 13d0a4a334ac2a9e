//! Reading what forms and addresses carry.

use std::collections::BTreeMap;

use axum::{
    extract::{FromRequest, FromRequestParts, Multipart, Request},
    http::{header::CONTENT_TYPE, request::Parts},
};
use chrono::{Datelike, NaiveDate};
use serde::de::DeserializeOwned;

use crate::{guard::Expected, trouble::Trouble};

/// A page of a list holds so many lines unless asked otherwise.
pub(crate) const PAGE: usize = 20;

/// A day of a field of a form, as browsers send it: `2026-09-12`, of the years in which there can be something to record.
pub(crate) fn day(text: &str) -> Option<NaiveDate> {
    text.trim().parse().ok().filter(|day: &NaiveDate| (2000..=2100).contains(&day.year()))
}

/// The fields of a posted form.
#[derive(Debug)]
pub(crate) struct Posted<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Posted<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        let bytes = axum::body::Bytes::from_request(request, state)
            .await
            .map_err(|_| Trouble::Bad("too-long"))?;
        serde_urlencoded::from_bytes(&bytes).map(Self).map_err(|_| Trouble::Bad("form"))
    }
}

/// The fields of a posted form that may carry a file.
#[derive(Debug, Default)]
pub(crate) struct Brought {
    pub(crate) fields: BTreeMap<String, String>,
    /// What stands in its field `file`; empty when none was chosen.
    pub(crate) bytes: Vec<u8>,
}

impl<S: Send + Sync> FromRequest<S> for Brought {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        let kind = request.headers().get(CONTENT_TYPE);
        if !kind.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/form-data")) {
            let Posted(fields) = Posted::from_request(request, state).await?;
            return Ok(Self { fields, bytes: Vec::new() });
        }
        let expected = request.extensions().get::<Expected>().cloned();
        let parts = Multipart::from_request(request, state).await;
        Self::read(parts.map_err(|_| Trouble::Bad("form"))?, expected).await
    }
}

impl Brought {
    /// Reads the parts; the token stands before everything else.
    async fn read(mut parts: Multipart, expected: Option<Expected>) -> Result<Self, Trouble> {
        let bad = |_| Trouble::Bad("form");
        let first = parts.next_field().await.map_err(bad)?;
        let token = first.filter(|field| field.name() == Some("csrf")).ok_or(Trouble::Foreign)?;
        let token = token.text().await.map_err(|_| Trouble::Foreign)?;
        if !expected.is_some_and(|expected| expected.is(&token)) {
            return Err(Trouble::Foreign);
        }
        let mut brought = Self::default();
        while let Some(field) = parts.next_field().await.map_err(bad)? {
            match field.name().map(str::to_owned).as_deref() {
                Some("file") => {
                    brought.bytes = field.bytes().await.map_err(|_| Trouble::Large)?.to_vec();
                }
                Some(name) => {
                    brought.fields.insert(name.to_owned(), field.text().await.map_err(bad)?);
                }
                None => {}
            }
        }
        Ok(brought)
    }
}

/// The query of an address as pairs, in its order: a facet may be named several times.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked(pub(crate) Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Trouble> {
        let query = parts.uri.query().unwrap_or_default();
        serde_urlencoded::from_str(query).map(Self).map_err(|_| Trouble::Bad("address"))
    }
}

impl Asked {
    /// The last value of a name; empty ones are none.
    pub(crate) fn one(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str())
    }

    /// All values of a name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> + 'a {
        self.0.iter().filter(move |(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str())
    }

    /// The number of a page, from 1.
    pub(crate) fn page(&self) -> usize {
        self.one("page").and_then(|page| page.parse().ok()).unwrap_or(1).clamp(1, 1_000_000)
    }

    /// Lines on a page: 20, 50 or 100.
    pub(crate) fn size(&self) -> usize {
        let size = self.one("size").and_then(|size| size.parse().ok()).unwrap_or(PAGE);
        if [20, 50, 100].contains(&size) { size } else { PAGE }
    }

    /// The same address with a value set, or taken away, on its first page.
    pub(crate) fn with(&self, name: &str, value: Option<&str>) -> String {
        let kept = self.0.iter().filter(|(n, v)| n != name && n != "page" && !v.is_empty());
        let mut pairs: Vec<(&str, &str)> = kept.map(|(n, v)| (n.as_str(), v.as_str())).collect();
        pairs.extend(value.map(|value| (name, value)));
        address(&pairs)
    }

    /// The same address without one choice of a facet, on its first page.
    pub(crate) fn without(&self, name: &str, value: &str) -> String {
        let kept = self.0.iter();
        let kept = kept.filter(|(n, v)| !(n == name && v == value) && n != "page" && !v.is_empty());
        address(&kept.map(|(n, v)| (n.as_str(), v.as_str())).collect::<Vec<_>>())
    }

    /// The same address on another page.
    pub(crate) fn at_page(&self, page: usize) -> String {
        let page = page.to_string();
        let kept = self.0.iter().filter(|(n, v)| n != "page" && !v.is_empty());
        let mut pairs: Vec<(&str, &str)> = kept.map(|(n, v)| (n.as_str(), v.as_str())).collect();
        pairs.push(("page", &page));
        address(&pairs)
    }
}

fn address(pairs: &[(&str, &str)]) -> String {
    // Texts always encode.
    format!("?{}", serde_urlencoded::to_string(pairs).unwrap_or_default())
}
