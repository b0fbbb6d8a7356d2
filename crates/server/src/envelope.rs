//! Nothing but the envelope leaves the API when something fails: neither plain words of a library nor a cut connection.

use std::panic::AssertUnwindSafe;

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;

use crate::problem::Problem;

/// Turns panics and bare failures into the envelope; keeps headers such as `Allow`.
pub(crate) async fn wrap(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let Ok(response) = AssertUnwindSafe(next.run(request)).catch_unwind().await else {
        tracing::error!("the answer to {method} {path} panicked");
        return Problem::internal().into_response();
    };
    let failed = response.status().is_client_error() || response.status().is_server_error();
    if !failed || is_written_for_people_or_programs(response.headers()) {
        return response;
    }
    let mut wrapped = Problem::of_status(response.status(), method.as_str(), &path).into_response();
    for (name, value) in response.headers() {
        if name != header::CONTENT_TYPE && name != header::CONTENT_LENGTH {
            wrapped.headers_mut().insert(name.clone(), value.clone());
        }
    }
    wrapped
}

/// The envelope itself, or a page; libraries fail with plain text or nothing.
fn is_written_for_people_or_programs(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    kind.starts_with(b"application/json") || kind.starts_with(b"text/html")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::StatusCode;
    use axum::routing::get;
    use axum::{Router, middleware};
    use tower::ServiceExt;

    use super::*;

    async fn ask(method: &str, path: &str) -> (StatusCode, HeaderMap, serde_json::Value) {
        async fn fails() -> Response {
            panic!("on purpose")
        }
        let app = Router::new().route("/fails", get(fails)).layer(middleware::from_fn(wrap));
        let request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
        let response = app.oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        (parts.status, parts.headers, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_panic_becomes_an_internal_error_that_tells_nothing() {
        let (status, _, body) = ask("GET", "/fails").await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(body["error"]["code"], "internal");
        assert!(!body.to_string().contains("on purpose"));
    }

    #[tokio::test]
    async fn a_method_that_is_not_there_is_refused_with_those_that_are() {
        let (status, headers, body) = ask("DELETE", "/fails").await;
        assert_eq!(status, StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(headers["allow"], "GET,HEAD");
        assert_eq!(body["error"]["code"], "method_not_allowed");
    }
}
