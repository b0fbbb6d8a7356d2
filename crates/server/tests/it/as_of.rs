//! Figures as of past data versions, and what changed since. A folder of its own, because it grows.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use jiff::Timestamp;
use kerbwatt_hub::{Hub, NewReturn, Verdict};
use kerbwatt_model::{OperatorId, Period};
use tokio::sync::OnceCell;

use crate::client::{Reply, send_to};

fn a_return(name: &str, month: &str, rows: u32) -> NewReturn {
    let mut text = "session_id,evse,plug_in,plug_out,energy_kwh\n".to_owned();
    for row in 0..rows {
        let day = row + 1;
        text += &format!("{name}{row},A1,{month}-{day:02}T08:00:00Z,{month}-{day:02}T11:00:00Z,7.5\n");
    }
    let new = NewReturn::new(name, text.into_bytes(), OperatorId::parse("gb-abc").unwrap());
    NewReturn { period: Some(Period::parse(month).unwrap()), accept: true, ..new }
}

/// Version 1 of 1 June 2024, version 2 of 2 June, and version 3, which takes the first return out.
async fn made() -> &'static Path {
    static MADE: OnceCell<PathBuf> = OnceCell::const_new();
    MADE.get_or_init(|| async {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("server-as-of");
        if dir.exists() {
            std::fs::remove_dir_all(&dir).unwrap();
        }
        let hub = Hub::open_for_writing(&dir, "test").await.unwrap();
        let at = |day: u8| -> Timestamp { format!("2024-06-0{day}T09:00:00Z").parse().unwrap() };
        hub.submit(&a_return("jan.csv", "2024-01", 10), at(1)).await.unwrap();
        hub.publish(&(), at(1)).await.unwrap();
        hub.submit(&a_return("feb.csv", "2024-02", 20), at(2)).await.unwrap();
        hub.publish(&(), at(2)).await.unwrap();
        hub.decide(1, &Verdict::Withdraw, "sent again by mistake", at(3)).await.unwrap();
        hub.publish(&(), at(3)).await.unwrap();
        dir
    })
    .await
}

async fn get_with(path: &str, headers: &[(&str, &str)]) -> Reply {
    let hub = Arc::new(Hub::open_for_reading(made().await).await.unwrap());
    send_to(kerbwatt_server::router(hub), "GET", &format!("/api/v1{path}"), headers, Body::empty()).await
}

async fn get(path: &str) -> Reply {
    get_with(path, &[]).await
}

#[tokio::test]
async fn every_address_of_figures_and_places_answers_as_of_a_version_or_a_day() {
    for path in [
        "/query?metric=sessions",
        "/query?metric=sessions&format=csv",
        "/metrics?metric=sessions&compare=1",
        "/series?metric=sessions&by=month",
        "/ranking?metric=sessions&by=operator",
        "/evses?metric=sessions",
        "/sites?metric=sessions&format=csv",
        "/sites?metric=sessions",
        "/sites/gb-abc:A1?",
        "/evses/gb-abc:A1?",
        "/areas/borough?",
        "/areas/borough/E09000007?",
        "/search?q=a1",
        "/patterns/calendar?metric=sessions",
        "/patterns/concentration?",
        "/findings?",
        "/catalogue?",
    ] {
        let versions = [get(&format!("{path}&as_of=1")).await, get(&format!("{path}&as_of=2024-06-01")).await];
        for reply in &versions {
            assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        }
        assert_eq!(versions[0].bytes, versions[1].bytes, "{path}");
        if !path.starts_with("/areas") && !path.starts_with("/search") && !path.starts_with("/sites/") {
            assert_ne!(versions[0].bytes, get(path).await.bytes, "{path}");
        }
    }
}

#[tokio::test]
async fn an_answer_says_its_version_and_the_header_says_the_newest() {
    let reply = get("/query?metric=sessions&as_of=2").await;
    let body = reply.json();
    assert_eq!(
        (body["provenance"]["data_version"].as_i64(), body["rows"][0]["sessions"].as_i64()),
        (Some(2), Some(30))
    );
    assert_eq!(body["provenance"]["as_of"], "2024-06-02T09:00:00Z");
    assert_eq!(reply.header("kerbwatt-newest-version"), "3");
    assert_eq!(get("/query?metric=sessions").await.json()["rows"][0]["sessions"], 20);
}

#[tokio::test]
async fn the_tag_is_that_of_the_version_and_not_of_the_newest() {
    let [first, again, newest] = [
        get("/query?metric=sessions&as_of=1").await,
        get("/query?metric=sessions&as_of=2024-06-01").await,
        get("/query?metric=sessions").await,
    ];
    assert_eq!(first.header("etag"), again.header("etag"));
    assert_ne!(first.header("etag"), newest.header("etag"));
    let known = get_with("/query?metric=sessions&as_of=1", &[("if-none-match", first.header("etag"))]).await;
    assert_eq!((known.status.as_u16(), known.header("kerbwatt-newest-version")), (304, "3"));
}

#[tokio::test]
async fn what_names_no_version_is_refused_by_its_field() {
    for (asked, status, code, says) in [
        ("9", 404, "no_such_version", "the newest is 3"),
        ("2024-05-31", 404, "before_first_version", "the first data version is 1"),
        ("2099-01-01", 400, "future_version", "lies ahead"),
        ("soon", 400, "malformed_version", "soon"),
        ("", 400, "malformed_version", ""),
    ] {
        for path in ["/query?metric=sessions", "/areas/borough?", "/catalogue?"] {
            let reply = get(&format!("{path}&as_of={asked}")).await;
            let error = reply.json()["error"].clone();
            assert_eq!((reply.status.as_u16(), error["code"].as_str()), (status, Some(code)), "{path} {asked}");
            assert_eq!(error["field"], "as_of");
            assert!(error["message"].as_str().unwrap().contains(says) && !error["advice"].as_str().unwrap().is_empty());
        }
    }
}

#[tokio::test]
async fn the_record_itself_has_no_versions_and_says_so() {
    for path in ["/submissions", "/submissions/1", "/tracker", "/sharing"] {
        let reply = get(&format!("{path}?as_of=1")).await;
        let error = reply.json()["error"].clone();
        assert_eq!((reply.status.as_u16(), error["code"].as_str()), (400, Some("not_versioned")), "{path}");
        assert!(error["advice"].as_str().unwrap().contains("the record itself"), "{error}");
    }
}

#[tokio::test]
async fn versions_are_listed_newest_first_with_what_they_changed() {
    let all = get("/versions").await.json();
    let told: Vec<_> = all["versions"].as_array().unwrap().iter().map(|one| one["number"].as_i64().unwrap()).collect();
    assert_eq!((told, all["total"].as_i64()), (vec![3, 2, 1], Some(3)));
    let newest = &all["versions"][0];
    assert_eq!(
        (newest["returns"][0]["kind"].as_str(), newest["decisions"][0]["kind"].as_str()),
        (Some("left"), Some("withdraw"))
    );
    let page = get("/versions?offset=1&limit=1").await.json();
    assert_eq!((page["versions"][0]["number"].as_i64(), page["versions"].as_array().unwrap().len()), (Some(2), 1));
}

#[tokio::test]
async fn changes_say_the_figure_before_and_after_and_what_each_version_did() {
    let found = get("/changes?from=1&to=3&metric=sessions,energy_kwh&period=2024").await.json();
    let sessions = &found["figures"][0];
    assert_eq!(
        (sessions["before"].as_f64(), sessions["after"].as_f64(), sessions["difference"].as_f64()),
        (Some(10.0), Some(20.0), Some(10.0))
    );
    let effects: Vec<_> =
        found["steps"].as_array().unwrap().iter().map(|step| step["effects"][0]["effect"].as_f64()).collect();
    assert_eq!(effects, [Some(-10.0), Some(20.0)]);
    assert!(found["steps"][0]["version"]["decisions"][0]["says"].as_str().unwrap().contains("by mistake"));
    assert_eq!(found["before"]["provenance"]["data_version"], 1);
    assert_eq!(get("/changes?from=2024-06-01&metric=sessions").await.json()["to"]["number"], 3);
    let backward = get("/changes?from=3&to=1&metric=sessions").await;
    assert_eq!((backward.status.as_u16(), backward.json()["error"]["code"].as_str()), (400, Some("backward_versions")));
    assert_eq!(get("/changes?metric=sessions").await.json()["error"]["field"], "from");
}
