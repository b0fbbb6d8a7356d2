//! Who may change something: only what was meant to. A page of another site can make a browser send requests here, but it
//! can neither add a header of its own to them nor hide where they come from.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::Problem;

/// The header that shows that a request was meant; its value is `1`.
pub(crate) const ACTION: &str = "kerbwatt-action";

/// Lets a request that may change something pass only if it was meant; nothing of its reply is kept.
pub(crate) async fn meant(request: Request, next: Next) -> Response {
    if request.method() == Method::POST
        && let Err(problem) = check(request.headers())
    {
        return problem.into_response();
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn check(headers: &HeaderMap) -> Result<(), Problem> {
    if headers.get(ACTION).is_none_or(|value| value != "1") {
        let advice = "Send the header with each POST: it shows that the request was meant.";
        let message = "the request lacks the header Kerbwatt-Action: 1";
        return Err(Problem::new(StatusCode::FORBIDDEN, "action_header_missing", message, advice));
    }
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let host = headers.get(header::HOST).map(text).unwrap_or_default();
    let foreign = headers.get_all(header::ORIGIN).iter().map(text).find(|origin| !is_of(origin, &host));
    foreign.map_or(Ok(()), |origin| {
        let message = format!("the request comes from a page of “{origin}”, and this server is “{host}”");
        let advice = "Open the dashboard at the server's own address, and do it there.";
        Err(Problem::new(StatusCode::FORBIDDEN, "foreign_origin", message, advice))
    })
}

/// Whether an origin, `scheme://authority`, is of a host.
fn is_of(origin: &str, host: &str) -> bool {
    origin.split_once("://").is_some_and(|(_, authority)| !host.is_empty() && authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers =
            pairs.iter().map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value)));
        check(&headers.collect()).is_ok()
    }

    #[test]
    fn only_a_request_that_was_meant_and_comes_from_here_passes() {
        let (action, host) = (("kerbwatt-action", "1"), ("host", "localhost:8060"));
        assert!(passes(&[action, host]));
        assert!(passes(&[action, host, ("origin", "http://LOCALHOST:8060")]));
        assert!(!passes(&[host, ("origin", "http://localhost:8060")]));
        assert!(!passes(&[("kerbwatt-action", "yes"), host]));
        for origin in ["http://evil.example", "http://localhost:8061", "http://localhost", "null", "", "localhost:8060"]
        {
            assert!(!passes(&[action, host, ("origin", origin)]), "{origin}");
        }
        assert!(!passes(&[action, ("origin", "http://")]));
    }
}
