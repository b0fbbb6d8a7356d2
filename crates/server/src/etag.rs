//! Entity tags: what has not changed is not sent again.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kerbwatt_hub::Hub;

use crate::VERSION;
use crate::params::{version_at, wants_csv};
use crate::problem::Problem;

/// For what depends on the data version alone: tagged before it is made, and not made when the client has it.
pub(crate) async fn by_version(State(hub): State<Arc<Hub>>, request: Request, next: Next) -> Response {
    let (newest, version) = match versions(&hub, request.uri()).await {
        Ok(versions) => versions,
        Err(problem) => return problem.into_response(),
    };
    let settings = hub.settings();
    // Two data folders served one after the other at the same address may have the same number of versions.
    let folder = short_hash(&(&settings.hub_name, &settings.zone, settings.sample));
    let form = if wants_csv(request.uri(), request.headers()) { "csv" } else { "json" };
    let tag = format!("W/\"{VERSION}-{version}-{folder}-{form}\"");
    let mut response = if is_known(request.headers(), &tag) { unchanged(&tag) } else { next.run(request).await };
    if response.status().is_success() {
        mark(response.headers_mut(), &tag);
    }
    // Beside the answer and not in it: the same question as of the same version has the same bytes for ever.
    response.headers_mut().insert(NEWEST, HeaderValue::from(newest));
    response
}

/// Tells which data version is the newest, whichever was asked.
const NEWEST: &str = "kerbwatt-newest-version";

/// The newest data version, and the one that is asked.
async fn versions(hub: &Hub, uri: &Uri) -> Result<(i64, i64), Problem> {
    let newest = hub.data_version().await?;
    Ok((newest, version_at(hub, uri)?.unwrap_or(newest)))
}

/// For what changes without a new data version, such as a submission that is not accepted yet: tagged by its bytes.
pub(crate) async fn by_content(request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let response = next.run(request).await;
    if !response.status().is_success() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else { return Problem::internal().into_response() };
    let tag = format!("W/\"{VERSION}-{}\"", short_hash(&bytes));
    if is_known(&asked, &tag) {
        return unchanged(&tag);
    }
    mark(&mut parts.headers, &tag);
    Response::from_parts(parts, Body::from(bytes))
}

fn short_hash(what: &impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Whether the client names this tag as the one it has. Tags are compared weakly (RFC 9110, 13.1.2).
pub(crate) fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    asked
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|known| known.trim() == "*" || opaque(known) == opaque(tag))
}

/// The reply to a client that has it.
pub(crate) fn unchanged(tag: &str) -> Response {
    let mut response = StatusCode::NOT_MODIFIED.into_response();
    mark(response.headers_mut(), tag);
    response
}

fn mark(headers: &mut HeaderMap, tag: &str) {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(header::ETAG, tag);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.append(header::VARY, HeaderValue::from_static("accept"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(value))])
    }

    #[test]
    fn a_tag_is_known_from_a_list_and_weak_or_strong() {
        let tag = "W/\"0.1.0-7\"";
        for known in ["W/\"0.1.0-7\"", "\"0.1.0-7\"", "\"x\", W/\"0.1.0-7\"", "*"] {
            assert!(is_known(&asked(known), tag), "{known}");
        }
        for other in ["\"0.1.0-8\"", "0.1.0-7", ""] {
            assert!(!is_known(&asked(other), tag), "{other}");
        }
        assert!(!is_known(&HeaderMap::new(), tag));
    }
}
