//! What was handed in for each month, and how well data is shared.

use kerbwatt_hub::{Hub, NewRegister, RepairKind};
use kerbwatt_model::OperatorId;
use serde_json::json;

use crate::writing::{Desk, month};

#[tokio::test]
async fn nothing_to_report_shows_in_the_tracker_between_months_with_data() {
    let desk = Desk::new().await;
    desk.hand_in("operator=gb-abc&file=june.csv&period=2024-06&accept=true", &month(6, 3, 5.0)).await;
    let said = json!({ "operator": "gb-abc", "period": "2024-07", "operator_name": "Alder Charge" });
    let nothing = desk.done("/nothing-to-report", &said).await;
    assert_eq!((&nothing["nothing_to_report"], &nothing["state"]), (&json!(true), &json!("accepted")));
    assert!(nothing["profile"].is_null() && nothing["layout"].is_null());
    assert_eq!(desk.done("/nothing-to-report", &said).await["id"], nothing["id"]);
    desk.hand_in("operator=gb-abc&file=september.csv&period=2024-09", &month(9, 2, 5.0)).await;

    let tracker = desk.ask("/tracker?from=2024-05&to=2024-09").await;
    assert_eq!(tracker["months"], json!(["2024-05", "2024-06", "2024-07", "2024-08", "2024-09"]));
    let operator = &tracker["operators"][0];
    assert_eq!((operator["id"].as_str(), operator["name"].as_str()), (Some("gb-abc"), Some("Alder Charge")));
    let months: Vec<(&str, i64)> = operator["months"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["state"].as_str().unwrap(), one["rows"].as_i64().unwrap()))
        .collect();
    let expected = [("none", 0), ("accepted", 3), ("nothing_to_report", 0), ("missing", 0), ("checked", 0)];
    assert_eq!(months, expected);
    assert_eq!(operator["months"][2]["submissions"], json!([2]));
}

#[tokio::test]
async fn nothing_to_report_over_sessions_is_a_conflict_unless_it_is_meant() {
    let desk = Desk::new().await;
    desk.hand_in("operator=gb-abc&file=june.csv&period=2024-06&accept=true", &month(6, 3, 5.0)).await;
    let said = json!({ "operator": "gb-abc", "period": "2024-06" });
    for body in [said.clone(), json!({ "operator": "gb-abc", "period": "2024-06", "over_sessions": false })] {
        let reply = desk.post("/nothing-to-report", &body.to_string()).await;
        let error = &reply.json()["error"];
        assert_eq!((reply.status.as_u16(), error["code"].as_str()), (409, Some("has_sessions")));
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("3 of its sessions") && message.contains("submission 1"), "{message}");
        assert!(error["advice"].as_str().unwrap().contains("over_sessions"));
    }
    assert_eq!(desk.ask("/submissions").await["submissions"].as_array().unwrap().len(), 1);
    let meant = json!({ "operator": "gb-abc", "period": "2024-06", "over_sessions": true });
    assert_eq!(desk.done("/nothing-to-report", &meant).await["state"], "accepted");
    assert_eq!(desk.done("/nothing-to-report", &said).await["id"], 2, "what is recorded is only repeated");
    let empty = desk.hand_in("operator=gb-abc&file=none.csv&period=2024-06&accept=true", "").await;
    assert_eq!(empty["error"]["code"], "has_sessions", "an empty file says the same");
    let empty = desk.hand_in("operator=gb-abc&file=none.csv&period=2024-06", "").await;
    let decide = format!("/submissions/{}/decide", empty["submission"]);
    let refused = desk.refused(&decide, r#"{"kind": "accept"}"#).await;
    assert_eq!((refused.0, refused.1.as_str()), (409, "has_sessions"), "nor is it accepted later");
    desk.done(&decide, &json!({ "kind": "accept", "over_sessions": true })).await;
    assert!((desk.figure("sessions").await - 3.0).abs() < 1e-9);
    let june = &desk.ask("/tracker?from=2024-06&to=2024-06").await["operators"][0]["months"][0];
    assert_eq!((june["state"].as_str(), june["rows"].as_i64()), (Some("accepted"), Some(3)));
}

#[tokio::test]
async fn the_tracker_shows_all_months_unless_both_ends_are_given() {
    let desk = Desk::new().await;
    assert_eq!(desk.ask("/tracker").await, json!({ "months": [], "operators": [] }));
    desk.hand_in("operator=gb-abc&file=june.csv", &month(6, 3, 5.0)).await;
    assert_eq!(desk.ask("/tracker").await["months"][0], "2024-06");
    for (path, field) in [
        ("/tracker?from=2024-01", "to"),
        ("/tracker?to=2024-01", "from"),
        ("/tracker?from=2024-02&to=2024-01", "to"),
        ("/tracker?from=0001&to=9999", "from"),
    ] {
        let reply = desk.get(path).await;
        assert_eq!((reply.status.as_u16(), reply.json()["error"]["field"].as_str()), (400, Some(field)), "{path}");
    }
}

#[tokio::test]
async fn the_tracker_and_sharing_follow_a_return_that_changes_no_figure() {
    let desk = Desk::new().await;
    let (tracker, sharing) = (desk.get("/tracker").await, desk.get("/sharing").await);
    desk.hand_in("operator=gb-abc&file=june.csv", &month(6, 3, 5.0)).await;
    for (path, before) in [("/tracker", tracker), ("/sharing", sharing)] {
        let tag = [("if-none-match", before.header("etag"))];
        let after = desk.send("GET", path, &tag, axum::body::Body::empty()).await;
        assert_eq!(after.status, 200, "{path}");
        assert_ne!(after.bytes, before.bytes, "{path}");
    }
}

#[tokio::test]
async fn sharing_tells_counts_and_shares_and_nothing_where_there_are_no_rows() {
    let desk = Desk::new().await;
    let text = format!("{}x,P1,2024-06-09T12:00:00Z,2024-06-09T13:00:00Z,-1\n", month(6, 3, 5.0));
    desk.hand_in("operator=gb-abc&file=june.csv&period=2024-06&accept=true", &text).await;
    desk.done("/nothing-to-report", &json!({ "operator": "gb-abc", "period": "2024-07" })).await;
    let operator = &desk.ask("/sharing").await["operators"][0];
    let (june, july) = (&operator["months"][0], &operator["months"][1]);
    assert_eq!((june["month"].as_str(), june["sessions"].as_i64()), (Some("2024-06"), Some(3)));
    assert_eq!((june["reporting_evses"].as_i64(), june["unregistered_evses"].as_i64()), (Some(0), Some(1)));
    assert!(july["reporting_evses"].is_null() && july["sessions"] == 0, "a statement says nothing of single points");
    let returns = operator["returns"].as_array().unwrap();
    assert_eq!(returns.len(), 1, "a statement holds no rows");
    assert_eq!((returns[0]["error_share"].as_f64(), returns[0]["rows"].as_i64()), (Some(0.25), Some(4)));
    assert!(operator["overall"]["completeness"].is_null());
    assert_eq!(operator["overall"]["error_share"], 0.25);
}

#[tokio::test]
async fn a_repair_of_a_register_is_told_and_taken_back() {
    let desk = Desk::new().await;
    desk.hand_in("operator=gb-abc&file=june.csv&period=2024-06&accept=true", &month(6, 3, 5.0)).await;
    let mut register = "evse,device,location,postcode,latitude,longitude,rated_kw\n".to_owned();
    for at in 0..60 {
        let (north, east) = (51.5 + f64::from(at) * 0.001, -0.2 + f64::from(at) * 0.001);
        let (latitude, longitude) = if at < 50 { (north, east) } else { (east, north) };
        register += &format!("P{at},P{at},L{at},E1 1AA,{latitude:.5},{longitude:.5},22\n");
    }
    let (operator, now) = (OperatorId::parse("gb-abc").unwrap(), jiff::Timestamp::now());
    let hub = Hub::open_for_writing(desk.dir(), "test").await.unwrap();
    let file = NewRegister {
        file_name: "r.csv",
        bytes: register.as_bytes(),
        operator: &operator,
        profile: None,
        layout: None,
        repairs: &[RepairKind::Coordinates],
    };
    let import = hub.import_as(&file, now).await.unwrap().import;
    hub.publish(&(), now).await.unwrap();
    drop(hub);
    let imports = async || desk.ask("/versions").await["versions"][0]["imports"].clone();
    let before = imports().await;
    assert_eq!((&before[0]["can_undo"], &before[0]["undone"]), (&true.into(), &false.into()), "{before}");
    assert!(before[0]["says"].as_str().unwrap().contains("10 rows"), "{before}");
    let undone = desk.done(&format!("/registers/{import}/undo"), &json!({})).await;
    assert_eq!((undone["import"].as_i64(), undone["changed"].as_i64()), (Some(import), Some(10)));
    assert!(imports().await[0]["says"].as_str().unwrap().contains("Took back"));
    let (status, code, _) = desk.refused(&format!("/registers/{import}/undo"), "{}").await;
    assert_eq!((status, code.as_str()), (404, "not_found"));
}
