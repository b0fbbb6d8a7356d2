//! The embedded web app: its files, and its page for every address that is not one.

use axum::extract::Request;
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::etag::{is_known, unchanged};
use crate::problem::Problem;

/// What `npm run build` made.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Dist;

const INDEX: &str = "index.html";

/// Names in this folder hold a hash of the content, so what they name never changes.
const HASHED: &str = "assets/";

/// Says how to get a page, in a build that was made without it.
const NOT_BUILT: &str = "<!doctype html><html lang=\"en-GB\"><meta charset=\"utf-8\"><title>Kerbwatt</title>\
    <h1>The web app is not in this build</h1>\
    <p>Run <code>npm ci</code> and <code>npm run build</code> in the folder <code>web</code>, then build Kerbwatt again. \
    Or run <code>make demo</code>, which does both.</p>\
    <p>The API works: <a href=\"/api/v1/openapi.json\">/api/v1/openapi.json</a>.</p></html>";

/// Answers everything that no route takes.
pub(crate) async fn fallback(request: Request) -> Response {
    let path = request.uri().path();
    if path == "/api" || path.starts_with("/api/") {
        return Problem::no_route(path).into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        let mut refused = StatusCode::METHOD_NOT_ALLOWED.into_response();
        refused.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
        return refused;
    }
    file(request.uri()).map_or_else(
        || (StatusCode::SERVICE_UNAVAILABLE, Html(NOT_BUILT)).into_response(),
        |(name, file)| send(&request, &name, file),
    )
}

/// The file at an address, else the app's page, which knows its own addresses.
fn file(uri: &Uri) -> Option<(String, EmbeddedFile)> {
    let name = uri.path().trim_start_matches('/');
    let found = Dist::get(name).map(|file| (name.to_owned(), file));
    found.or_else(|| Dist::get(INDEX).map(|file| (INDEX.to_owned(), file)))
}

fn send(request: &Request, name: &str, file: EmbeddedFile) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path.starts_with(HASHED) && name == INDEX {
        // A file of an older build: a page in its place would be read as a script.
        return Problem::no_route(request.uri().path()).into_response();
    }
    let hash: String = file.metadata.sha256_hash().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("W/\"{hash}\"");
    if is_known(request.headers(), &tag) {
        return unchanged(&tag);
    }
    let caching = if name.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [(header::CONTENT_TYPE, content_type(name)), (header::CACHE_CONTROL, caching), (header::ETAG, &tag)];
    (headers, file.data).into_response()
}

/// Only what the web app is made of.
fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
