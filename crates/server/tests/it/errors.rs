//! Failures.

use crate::client::{refused, send};

#[tokio::test]
async fn an_unknown_parameter_is_refused_with_the_known_ones() {
    let (status, error) = refused("/ranking?metric=sessions&by=borough&colour=red").await;
    assert_eq!(
        (status, error["code"].as_str(), error["field"].as_str()),
        (400, Some("unknown_parameter"), Some("colour"))
    );
    let advice = error["advice"].as_str().unwrap();
    assert!(advice.contains("compare") && advice.contains("power_band") && advice.contains("band"), "{advice}");
}

#[tokio::test]
async fn a_value_that_there_is_none_of_is_named() {
    let (status, error) = refused("/query?metric=sessions&borough=Atlantis").await;
    assert_eq!(
        (status, error["code"].as_str(), error["field"].as_str()),
        (400, Some("unknown_value"), Some("borough"))
    );
    assert!(error["message"].as_str().unwrap().contains("Atlantis"));
}

#[tokio::test]
async fn bad_periods_and_dimensions_are_refused_by_their_field() {
    for (path, field) in [
        ("/query?metric=sessions&from=June&to=2024", "from"),
        ("/query?metric=sessions&from=2024-03&to=2024-01", "to"),
        ("/query?metric=sessions&from=0001-01-01&to=9999-12-31", "from"),
        ("/series?metric=sessions&by=day&from=2024-01&to=2100-01-01", "to"),
        ("/patterns/trend?from=1999-12-31&to=2024", "from"),
        ("/patterns/calendar?to=9999", "to"),
        ("/findings?from=0001", "from"),
        ("/query?metric=sessions&from=2024&from=2023", "from"),
        ("/query?metric=sessions&by=colour", "by"),
        ("/query?metric=sessions&operator=", "operator"),
        ("/query?metric=sessions&limit=all", "limit"),
    ] {
        let (status, error) = refused(path).await;
        assert_eq!((status, error["field"].as_str()), (400, Some(field)), "{path}: {error}");
        assert!(!error["advice"].as_str().unwrap().is_empty(), "{path}");
    }
}

#[tokio::test]
async fn a_period_without_sessions_by_nature_is_refused_with_its_bounds() {
    let (status, error) = refused("/series?metric=sessions&by=day&from=0001-01-01&to=9999-12-31").await;
    assert_eq!((status, error["code"].as_str()), (400, Some("period_out_of_range")));
    let message = error["message"].as_str().unwrap();
    assert!(message.contains("2000-01-01") && message.contains("2099-12-31"), "{message}");
    crate::client::ask("/query?metric=sessions&from=2000-01-01&to=2099-12-31").await;
}

#[tokio::test]
async fn unknown_addresses_and_methods_have_the_envelope_too() {
    for (method, path, status, code) in [
        ("GET", "/api/v1/nothing", 404, "unknown_address"),
        ("GET", "/api/v2/health", 404, "unknown_address"),
        ("GET", "/api", 404, "unknown_address"),
        ("POST", "/api/v1/health", 405, "method_not_allowed"),
        ("DELETE", "/api/v1/submissions/1", 405, "method_not_allowed"),
        ("POST", "/", 405, "method_not_allowed"),
        ("GET", "/api/v1/sites/%FF", 400, "bad_request"),
    ] {
        let reply = send(method, path, &[]).await;
        assert_eq!(reply.status, status, "{method} {path}");
        assert_eq!(reply.json()["error"]["code"], code, "{method} {path}");
    }
}
