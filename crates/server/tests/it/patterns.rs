//! Patterns, trends and findings.

use crate::client::{ask, get, refused, send};

const EVERY: [&str; 7] = [
    "/patterns/typical-day",
    "/patterns/calendar",
    "/patterns/trend",
    "/patterns/archetypes",
    "/patterns/concentration",
    "/patterns/unused",
    "/findings",
];

#[tokio::test]
async fn every_pattern_carries_coverage_provenance_and_a_tag_and_has_a_table() {
    for path in EVERY {
        let reply = get(&format!("{path}?from=2024-01&to=2024-03")).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        let body = reply.json();
        assert_eq!(body["provenance"]["data_version"], 1, "{path}");
        assert_eq!(
            (body["coverage"]["share"].as_f64(), body["provenance"]["sample"].as_bool()),
            (Some(1.0), Some(false))
        );
        let tag = reply.header("etag").to_owned();
        let again = send("GET", &format!("/api/v1{path}?from=2024-01&to=2024-03"), &[("if-none-match", &tag)]).await;
        assert_eq!(again.status, 304, "{path}");
        let table = get(&format!("{path}?from=2024-01&to=2024-03&format=csv")).await;
        let name = path.rsplit('/').next().unwrap();
        let disposition = format!("attachment; filename=\"kerbwatt-{name}-2024-01-01-to-2024-03-31.csv\"");
        assert_eq!(table.header("content-disposition"), disposition);
    }
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_with_the_choices() {
    let (status, error) = refused("/patterns/trend?metric=peak_concurrency").await;
    assert_eq!((status, error["code"].as_str(), error["field"].as_str()), (400, Some("not_a_measure"), Some("metric")));
    assert!(error["advice"].as_str().unwrap().contains("kwh_per_evse_day"));
    for (path, field) in [
        ("/patterns/archetypes?by=ward", "by"),
        ("/patterns/unused?days=some", "days"),
        ("/findings?metric=sessions", "metric"),
        ("/patterns/calendar?borough=Atlantis", "borough"),
    ] {
        let (status, error) = refused(path).await;
        assert_eq!((status, error["field"].as_str()), (400, Some(field)), "{path}");
    }
}

#[tokio::test]
async fn growth_is_told_of_all_and_of_the_same_charge_points() {
    let trend = ask("/patterns/trend?metric=sessions&from=2024-01&to=2024-03").await;
    let growth = &trend["growth"];
    // Four sessions a month on A1 instead of three, one on B1 as before; A2 and C1 are reported without any.
    assert_eq!((growth["now"].as_f64(), growth["before"].as_f64()), (Some(15.0), Some(12.0)));
    assert_eq!((growth["evses_now"].as_u64(), growth["evses_before"].as_u64()), (Some(4), Some(4)));
    assert_eq!(growth["like_for_like"]["evses"], 4);
    // 91 days, and 90 a year before.
    let change = (15.0 / 91.0) / (12.0 / 90.0) - 1.0;
    assert!((growth["like_for_like"]["change"].as_f64().unwrap() - change).abs() < 1e-12);
    assert_eq!(trend["days"].as_array().unwrap().len(), 91);
    assert!(trend["days"][3]["rate_last_year"].is_number(), "the data holds the year before");
    let early = ask("/patterns/trend?metric=sessions&from=2023-06&to=2023-08").await;
    assert!(early["growth"].is_null() && early["days"][0]["rate_last_year"].is_null());
}

#[tokio::test]
async fn charge_points_without_use_are_listed_with_what_was_to_be_expected() {
    let unused = ask("/patterns/unused?days=20").await;
    let members = unused["members"].as_array().unwrap();
    let states: Vec<_> =
        members.iter().map(|one| (one["evse"].as_str().unwrap(), one["state"].as_str().unwrap())).collect();
    assert_eq!(states, [("gb-abc:B1", "fell_silent"), ("gb-abc:A2", "never_used"), ("gb-abc:C1", "never_used")]);
    assert_eq!(unused["evses"], 4);
    let b1 = &members[0];
    assert_eq!((b1["last_used"].as_str(), b1["days_since_use"].as_i64()), (Some("2024-03-05"), Some(26)));
    assert_eq!(b1["sessions_before"].as_f64(), Some(15.0));
    // One session a month: of 26 days a little less than one is to be expected, and none is nothing special.
    assert!((0.6..1.1).contains(&b1["expected_sessions"].as_f64().unwrap()), "{b1}");
    assert!((1.5..4.0).contains(&b1["one_in"].as_f64().unwrap()), "{b1}");
    assert!(members[1]["chance_of_none"].is_null());
}

#[tokio::test]
async fn half_of_the_energy_is_told_with_how_few_deliver_it() {
    let found = ask("/patterns/concentration?from=2024-01&to=2024-03").await;
    assert_eq!((found["members"].as_u64(), found["members_in_use"].as_u64()), (Some(4), Some(2)));
    assert_eq!((found["half"]["members"].as_u64(), found["largest"][0]["id"].as_str()), (Some(1), Some("gb-abc:A1")));
    let sites = ask("/patterns/concentration?by=location&from=2024-01&to=2024-03").await;
    assert_eq!((sites["members"].as_u64(), sites["by"].as_str()), (Some(3), Some("location")));
}

#[tokio::test]
async fn findings_are_sentences_made_of_the_figures() {
    let found = ask("/findings?from=2024-01&to=2024-03").await;
    let text: Vec<&str> =
        found["sentences"].as_array().unwrap().iter().map(|one| one["text"].as_str().unwrap()).collect();
    assert!(text[0].starts_with("15 charging sessions were reported from January to March 2024;"), "{text:?}");
    assert_eq!(text[1], "Sessions rose to 15 from 12 on the same days a year before, at the same charge points.");
    assert_eq!(text[2], "2 charge points had no session on any day that was reported.");
}
