//! What may change something: only what was meant, and only what can be right.

use axum::body::Body;
use kerbwatt_hub::Hub;
use serde_json::json;

use crate::writing::{Desk, MEANT, PATHS, month};

#[tokio::test]
async fn nothing_is_done_that_was_not_meant_or_comes_from_elsewhere() {
    let desk = Desk::new().await;
    let host = ("host", "localhost:8060");
    for path in PATHS.map(|path| path.replace("{id}", "1")) {
        for (headers, code) in [
            (vec![host], "action_header_missing"),
            (vec![host, ("origin", "http://localhost:8060")], "action_header_missing"),
            (vec![host, ("kerbwatt-action", "0")], "action_header_missing"),
            (vec![host, ("kerbwatt-action", "1"), ("origin", "http://evil.example")], "foreign_origin"),
            (vec![host, ("kerbwatt-action", "1"), ("origin", "null")], "foreign_origin"),
            (vec![("kerbwatt-action", "1"), ("origin", "http://localhost:8060")], "foreign_origin"),
        ] {
            let reply = desk.send("POST", &path, &headers, Body::from("{}")).await;
            assert_eq!((reply.status.as_u16(), reply.json()["error"]["code"].as_str()), (403, Some(code)), "{path}");
            assert!(!reply.json()["error"]["advice"].as_str().unwrap().is_empty());
        }
    }
    assert_eq!(desk.ask("/submissions").await["submissions"], json!([]));
}

#[tokio::test]
async fn a_program_that_sends_no_origin_may_do_what_it_means() {
    let desk = Desk::new().await;
    let address = "/submissions?operator=gb-abc&file=june.csv";
    let reply = desk.send("POST", address, &[("kerbwatt-action", "1")], Body::from(month(6, 2, 5.0))).await;
    assert_eq!((reply.status.as_u16(), reply.json()["results"][0]["submission"].as_i64()), (200, Some(1)));
}

#[tokio::test]
async fn while_another_program_writes_nothing_is_done_and_it_is_named() {
    let desk = Desk::new().await;
    desk.hand_in("operator=gb-abc&file=june.csv", &month(6, 2, 5.0)).await;
    let writer = Hub::open_for_writing(desk.dir(), "kerbwatt rebuild").await.unwrap();
    let decide = "/submissions/1/decide";
    let reply = desk.post(decide, r#"{"kind": "accept"}"#).await;
    let error = &reply.json()["error"];
    assert_eq!((reply.status.as_u16(), error["code"].as_str()), (409, Some("folder_in_use")));
    assert!(error["message"].as_str().unwrap().contains("kerbwatt rebuild"), "{error}");
    assert_eq!(desk.refused("/submissions?operator=gb-abc&file=july.csv", &month(7, 1, 5.0)).await.0, 409);
    assert_eq!(desk.ask("/submissions/1").await["state"], "checked");
    drop(writer);
    assert_eq!(desk.decide(1, json!({ "kind": "accept" })).await["state"], "accepted");
}

#[tokio::test]
async fn requests_that_write_at_the_same_time_take_turns() {
    let desk = Desk::new().await;
    let files: Vec<String> = (1..=4).map(|at| month(at, 2, 5.0)).collect();
    let queries: Vec<String> = (1..=4).map(|at| format!("operator=gb-abc&file=m{at}.csv&accept=true")).collect();
    let all = tokio::join!(
        desk.hand_in(&queries[0], &files[0]),
        desk.hand_in(&queries[1], &files[1]),
        desk.hand_in(&queries[2], &files[2]),
        desk.hand_in(&queries[3], &files[3]),
    );
    for result in [all.0, all.1, all.2, all.3] {
        assert_eq!(result["state"], "accepted", "{result}");
    }
    assert!((desk.figure("sessions").await - 8.0).abs() < 1e-9);
}

#[tokio::test]
async fn a_return_that_is_not_there_is_not_found() {
    let desk = Desk::new().await;
    for id in ["7", "x", "99999999999999999999"] {
        for (path, body) in [("preview", "{}"), ("decide", r#"{"kind": "accept"}"#), ("undo", "{}")] {
            let refused = desk.refused(&format!("/submissions/{id}/{path}"), body).await;
            assert_eq!((refused.0, refused.1.as_str()), (404, "not_found"), "{id} {path}");
        }
        assert_eq!(desk.get(&format!("/submissions/{id}/rejected.csv")).await.status, 404);
    }
}

#[tokio::test]
async fn a_mistake_in_a_request_is_named_by_its_field() {
    let desk = Desk::new().await;
    desk.hand_in("operator=gb-abc&file=june.csv", &month(6, 2, 5.0)).await;
    let (decide, nothing) = ("/submissions/1/decide", "/nothing-to-report");
    for (path, body, field) in [
        ("/submissions?file=a.csv", "", "operator"),
        ("/submissions?operator=gb-abc", "", "file"),
        ("/submissions?operator=London&file=a.csv", "", "operator"),
        ("/submissions?operator=gb-abc&file=a.csv&period=June", "", "period"),
        ("/submissions?operator=gb-abc&file=a.csv&period=2018-06..2018-01", "", "period"),
        ("/submissions?operator=gb-abc&file=a.csv&period=0001..9999", "", "period"),
        ("/submissions?operator=gb-abc&file=a.csv&accept=yes", "", "accept"),
        ("/submissions?operator=gb-abc&file=a.csv&colour=red", "", "colour"),
        ("/submissions?operator=gb-abc&file=folder%2F", "", "file"),
        ("/check?operator=gb-abc&file=a.csv&operator_name=two%0Alines", "", "operator_name"),
        (decide, "{}", "kind"),
        (decide, r#"{"kind": "guess"}"#, "kind"),
        (decide, r#"{"kind": 7}"#, "kind"),
        (decide, r#"{"kind": "apply_repair"}"#, "repair"),
        (decide, r#"{"kind": "apply_repair", "repair": "guess"}"#, "repair"),
        (decide, r#"{"kind": "confirm_layout"}"#, "layout"),
        (decide, r#"{"kind": "confirm_layout", "layout": {"kind": "sessions"}}"#, "layout"),
        (decide, r#"{"kind": "accept", "colour": "red"}"#, "colour"),
        ("/submissions/1/undo", r#"{"decision": "last"}"#, "decision"),
        ("/submissions/1/preview", r#"{"repairs": "energy_unit"}"#, "repairs"),
        ("/submissions/1/preview", r#"{"repairs": ["guess"]}"#, "repairs"),
        ("/submissions/1/preview", r#"{"period": "soon"}"#, "period"),
        (nothing, r#"{"period": "2024-06"}"#, "operator"),
        (nothing, r#"{"operator": "gb-abc"}"#, "period"),
        (nothing, r#"{"operator": "gb-abc", "period": "1066"}"#, "period"),
        (nothing, r#"{"operator": "gb-abc", "period": "2024-06", "over_sessions": "yes"}"#, "over_sessions"),
    ] {
        let (status, code, named) = desk.refused(path, body).await;
        assert_eq!((status, named.as_deref()), (400, Some(field)), "{path} {body}: {code}");
    }
    for body in ["", "[1]", "{", "\u{0}"] {
        assert_eq!(desk.refused(decide, body).await.1, "malformed_body", "{body}");
    }
    assert_eq!(desk.ask("/submissions").await["submissions"].as_array().unwrap().len(), 1);
    assert_eq!(desk.ask("/submissions/1").await["history"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_too_large_is_refused_with_the_limit() {
    let desk = Desk::new().await;
    let long = format!(r#"{{"kind": "{}"}}"#, "x".repeat(1 << 20));
    assert_eq!(desk.refused("/submissions/1/decide", &long).await, (413, "too_large".to_owned(), None));
    // Told beforehand, so that nothing has to be sent.
    let headers = [MEANT.as_slice(), &[("content-length", "30000000000")]].concat();
    let reply = desk.send("POST", "/submissions?operator=gb-abc&file=a.csv", &headers, Body::empty()).await;
    assert_eq!(reply.status, 413);
    assert!(reply.json()["error"]["message"].as_str().unwrap().contains("20 GiB"));
}

#[tokio::test]
async fn real_returns_are_not_mixed_with_the_invented_ones_of_a_demo() {
    let desk = Desk::new().await;
    Hub::open_for_writing(desk.dir(), "test").await.unwrap().mark_as_sample("Sample").unwrap();
    let refused = desk.refused("/submissions?operator=gb-abc&file=a.csv", &month(6, 2, 5.0)).await;
    assert_eq!((refused.0, refused.1.as_str()), (409, "mixed_data"));
    let refused = desk.refused("/nothing-to-report", r#"{"operator": "gb-abc", "period": "2024-06"}"#).await;
    assert_eq!((refused.0, refused.1.as_str()), (409, "mixed_data"));
    assert_eq!(desk.check("operator=gb-abc&file=a.csv", &month(6, 2, 5.0)).await["report"]["accepted"], 2);
}

#[tokio::test]
async fn what_is_said_twice_is_refused_and_nothing_is_done() {
    let desk = Desk::new().await;
    desk.hand_in("operator=gb-abc&file=june.csv", &month(6, 2, 5.0)).await;
    let twice = desk.refused("/submissions?operator=gb-abc&operator=gb-bee&file=july.csv", &month(7, 1, 5.0)).await;
    assert_eq!(twice, (400, "repeated_parameter".to_owned(), Some("operator".to_owned())));
    let twice = desk.refused("/submissions/1/decide", r#"{"kind": "accept", "kind": "withdraw"}"#).await;
    assert_eq!(twice, (400, "repeated_field".to_owned(), Some("kind".to_owned())));
    let all = desk.ask("/submissions").await;
    assert_eq!(all["submissions"].as_array().unwrap().len(), 1);
    assert_eq!(all["submissions"][0]["state"], "checked");
}
