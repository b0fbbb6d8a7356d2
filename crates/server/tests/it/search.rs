//! Search.

use crate::client::{ask, refused};

#[tokio::test]
async fn places_sites_charge_points_and_operators_are_found() {
    for (text, kind, id) in [
        ("camden", "borough", "E09000007"),
        ("pancras", "site", "gb-abc:L1"),
        ("SW2%201RW", "site", "gb-abc:L2"),
        ("B1", "evse", "gb-abc:B1"),
        ("alder", "operator", "gb-abc"),
    ] {
        let found = ask(&format!("/search?q={text}")).await;
        assert_eq!(
            (found["results"][0]["kind"].as_str(), found["results"][0]["id"].as_str()),
            (Some(kind), Some(id)),
            "{text}"
        );
    }
}

#[tokio::test]
async fn results_are_limited_and_nothing_asked_is_an_error() {
    assert_eq!(ask("/search?q=a&limit=3").await["results"].as_array().unwrap().len(), 3);
    assert_eq!(ask("/search?q=zzzzzz").await["results"].as_array().unwrap().len(), 0);
    assert_eq!(refused("/search").await.1["code"], "missing_parameter");
}
