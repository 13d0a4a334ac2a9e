//! Style sheet, scripts and icons, embedded in the program and named by their content.

use std::collections::HashMap;

use axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, Response, StatusCode, header},
    response::IntoResponse,
};
use rust_embed::Embed;
use serde::Deserialize;

#[derive(Embed)]
#[folder = "../../ui/dist"]
struct Dist;

/// The assets cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AssetsError {
    /// They were not built.
    #[error(
        "the style sheet and scripts were not built into this program: run `make ui`, then build again"
    )]
    Missing,
    /// The list of them is damaged.
    #[error("the list of assets (manifest.json) cannot be read")]
    Manifest(#[from] serde_json::Error),
}

/// Addresses of the assets.
#[derive(Clone, Debug)]
pub(crate) struct Assets {
    /// The style sheet.
    pub(crate) css: String,
    /// The script of every page.
    pub(crate) js: String,
    /// The script of pages with charts.
    pub(crate) charts: String,
    /// The icons.
    pub(crate) icons: String,
    /// The icon of the site.
    pub(crate) favicon: String,
    /// How htmx behaves, as its own setting.
    pub(crate) htmx: String,
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(flatten)]
    names: HashMap<String, serde_json::Value>,
}

impl Assets {
    /// Looks the addresses up.
    ///
    /// # Errors
    /// [`AssetsError`] when the program was built without them.
    pub(crate) fn find() -> Result<Self, AssetsError> {
        let file = Dist::get("manifest.json").ok_or(AssetsError::Missing)?;
        let manifest: Manifest = serde_json::from_slice(&file.data)?;
        let address = |name: &str| {
            let hashed = manifest.names.get(name).and_then(serde_json::Value::as_str);
            hashed.map(|hashed| format!("/assets/{hashed}")).ok_or(AssetsError::Missing)
        };
        Ok(Self {
            css: address("app.css")?,
            js: address("app.js")?,
            charts: address("charts.js")?,
            icons: address("icons.svg")?,
            favicon: address("favicon.svg")?,
            htmx: manifest.names.get("htmx-config").ok_or(AssetsError::Missing).map(text)?,
        })
    }
}

fn text(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// Packed kinds in the order of preference: ending, and what the browser calls it.
const PACKED: [(&str, &str); 2] = [(".br", "br"), (".gz", "gzip")];

/// An asset, packed as the browser takes it. Its name changes with its content, so it never goes stale.
pub(crate) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response<Body> {
    let Some((_, ending)) = name.rsplit_once('.') else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let kind = match ending {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "txt" => "text/plain; charset=utf-8",
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or("");
    let packed = PACKED.iter().find_map(|(ending, coding)| {
        let taken = accepted.split(',').any(|part| part.trim().starts_with(coding));
        taken.then(|| Dist::get(&format!("{name}{ending}"))).flatten().map(|file| (file, *coding))
    });
    let forever = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        (header::VARY, "Accept-Encoding"),
    ];
    match packed {
        Some((file, coding)) => {
            (forever, [(header::CONTENT_ENCODING, coding)], file.data.into_owned()).into_response()
        }
        None => match Dist::get(&name) {
            Some(file) => (forever, file.data.into_owned()).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        },
    }
}
