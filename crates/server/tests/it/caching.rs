//! Entity tags, compression and headers.

use crate::client::{get, send};

#[tokio::test]
async fn the_same_question_gives_the_same_bytes() {
    for path in [
        "/metrics?metric=sessions,energy_kwh&compare=1",
        "/ranking?metric=utilisation_time&by=evse",
        "/sites?metric=sessions",
        "/catalogue",
    ] {
        assert_eq!(get(path).await.bytes, get(path).await.bytes, "{path}");
    }
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    for path in
        ["/query?metric=sessions", "/catalogue", "/submissions", "/areas/borough", "/search?q=a", "/sites/gb-abc:L1"]
    {
        let first = get(path).await;
        let tag = first.header("etag");
        assert!(tag.starts_with("W/\"") && tag.contains(env!("CARGO_PKG_VERSION")), "{path}: {tag}");
        assert_eq!(first.header("cache-control"), "no-cache");
        let second = send("GET", &format!("/api/v1{path}"), &[("if-none-match", tag)]).await;
        assert_eq!((second.status.as_u16(), second.bytes.len()), (304, 0), "{path}");
        assert_eq!(second.header("etag"), tag);
        let other = send("GET", &format!("/api/v1{path}"), &[("if-none-match", "\"other\"")]).await;
        assert_eq!(other.status, 200);
    }
}

#[tokio::test]
async fn an_answer_and_its_table_have_different_tags() {
    let (json, csv) = (get("/query?metric=sessions").await, get("/query?metric=sessions&format=csv").await);
    assert_ne!(json.header("etag"), csv.header("etag"));
    assert!(json.headers.get_all("vary").iter().any(|value| value == "accept"));
}

#[tokio::test]
async fn a_failure_is_not_kept() {
    let reply = get("/query?metric=none").await;
    assert_eq!((reply.header("etag"), reply.header("cache-control")), ("", "no-store"));
}

#[tokio::test]
async fn answers_are_compressed_for_clients_that_can_read_it() {
    for coding in ["gzip", "br"] {
        let reply = send("GET", "/api/v1/areas/borough", &[("accept-encoding", coding)]).await;
        assert_eq!(reply.header("content-encoding"), coding);
    }
    assert_eq!(get("/areas/borough").await.header("content-encoding"), "");
}

#[tokio::test]
async fn every_reply_keeps_the_browser_within_the_app() {
    for path in ["/api/v1/health", "/api/v1/none", "/", "/borough/E09000007"] {
        let reply = send("GET", path, &[]).await;
        assert!(reply.header("content-security-policy").contains("default-src 'self'"), "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("referrer-policy"), "same-origin");
    }
}
