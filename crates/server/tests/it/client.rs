//! A client without a network.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes.clone()).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Sends a request with headers.
pub(crate) async fn send(method: &str, address: &str, headers: &[(&str, &str)]) -> Reply {
    let app = kerbwatt_server::router(crate::folder::hub().await);
    send_to(app, method, address, headers, Body::empty()).await
}

/// Sends a request with headers and a body to a router.
pub(crate) async fn send_to(app: Router, method: &str, address: &str, headers: &[(&str, &str)], body: Body) -> Reply {
    let mut request = Request::builder().method(method).uri(address);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = app.oneshot(request.body(body).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Reply { status: parts.status, headers: parts.headers, bytes }
}

/// Asks the API for an address below `/api/v1`.
pub(crate) async fn get(path: &str) -> Reply {
    send("GET", &format!("/api/v1{path}"), &[]).await
}

/// Asks, and takes nothing but an answer in JSON.
pub(crate) async fn ask(path: &str) -> Value {
    let reply = get(path).await;
    assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.text());
    reply.json()
}

/// Asks for what must be refused: the status and the envelope's content.
pub(crate) async fn refused(path: &str) -> (u16, Value) {
    let reply = get(path).await;
    assert!(reply.status.is_client_error(), "{path}: {} {}", reply.status, reply.text());
    (reply.status.as_u16(), reply.json()["error"].clone())
}
