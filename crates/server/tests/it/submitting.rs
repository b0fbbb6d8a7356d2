//! Handing in files.

use axum::body::Body;

use crate::writing::{Desk, MEANT, month};

const JUNE: &str = "operator=gb-abc&file=june.csv";

#[tokio::test]
async fn a_file_is_checked_and_waits_and_sending_it_twice_changes_nothing() {
    let desk = Desk::new().await;
    let first = desk.hand_in(&format!("{JUNE}&period=2024-06&operator_name=Alder%20Charge"), &month(6, 3, 5.0)).await;
    assert_eq!((first["submission"].as_i64(), first["repeated"].as_bool()), (Some(1), Some(false)));
    assert_eq!((first["state"].as_str(), first["report"]["accepted"].as_i64()), (Some("checked"), Some(3)));
    assert_eq!(first["report"]["period"]["declared"]["last"], "2024-06-30");
    assert_eq!(first["report"]["period"]["found"]["last"], "2024-06-03");
    assert_eq!(first["report"]["profile"]["title"], "Kerbwatt sessions");
    let again = desk.hand_in(&format!("{JUNE}&period=2024-06"), &month(6, 3, 5.0)).await;
    assert_eq!((again["submission"].as_i64(), again["repeated"].as_bool()), (Some(1), Some(true)));
    let list = desk.ask("/submissions").await["submissions"].clone();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!((list[0]["operator_name"].as_str(), list[0]["state"].as_str()), (Some("Alder Charge"), Some("checked")));
    assert!(list[0]["accepted_at"].is_null() && list[0]["declared"]["first"] == "2024-06-01");
    assert!(desk.figure("sessions").await.abs() < 1e-9);
}

#[tokio::test]
async fn a_file_that_is_accepted_at_once_is_in_the_figures_when_the_reply_is_there() {
    let desk = Desk::new().await;
    let result = desk.hand_in(&format!("{JUNE}&accept=true"), &month(6, 3, 5.0)).await;
    assert_eq!(result["state"], "accepted");
    assert!((desk.figure("energy_kwh").await - 15.0).abs() < 1e-9);
    assert!(desk.ask("/submissions/1").await["accepted_at"].is_string());
}

#[tokio::test]
async fn checking_says_the_same_and_keeps_nothing() {
    let desk = Desk::new().await;
    let checked = desk.check(JUNE, &month(6, 3, 5.0)).await;
    assert!(checked["submission"].is_null() && checked["state"].is_null());
    assert_eq!(desk.ask("/submissions").await["submissions"].as_array().unwrap().len(), 0);
    let kept = desk.hand_in(JUNE, &month(6, 3, 5.0)).await;
    assert_eq!(checked["report"], kept["report"]);
}

#[tokio::test]
async fn a_file_that_cannot_be_a_return_is_told_with_its_reason() {
    let desk = Desk::new().await;
    for (text, code) in [("", "empty_file"), ("%PDF-1.7 and more", "not_text"), ("a,b,c\n1,2,3\n", "unknown_layout")] {
        for result in [desk.hand_in(JUNE, text).await, desk.check(JUNE, text).await] {
            assert_eq!(result["error"]["code"], code, "{result}");
            assert!(result["submission"].is_null() && result["report"].is_null());
            assert!(!result["error"]["advice"].as_str().unwrap().is_empty());
        }
    }
    assert_eq!(desk.ask("/submissions").await["submissions"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn a_file_that_does_not_arrive_whole_is_refused_and_leaves_nothing() {
    let desk = Desk::new().await;
    for path in ["/submissions", "/check"] {
        let parts = [Ok(month(6, 2, 5.0)), Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))];
        let body = Body::from_stream(futures::stream::iter(parts));
        let reply = desk.send("POST", &format!("{path}?operator=gb-abc&file=june.csv"), &MEANT, body).await;
        assert_eq!((reply.status.as_u16(), reply.json()["error"]["code"].as_str()), (400, Some("cut_off")));
    }
    assert_eq!(desk.ask("/submissions").await["submissions"], serde_json::json!([]));
    assert_eq!(std::fs::read_dir(desk.dir().join("vault")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_file_in_many_small_parts_is_the_same_return_as_in_one() {
    let desk = Desk::new().await;
    let (query, text) = ("/submissions?operator=gb-abc&file=june.csv", month(6, 2, 5.0));
    let parts: Vec<std::io::Result<Vec<u8>>> = text.bytes().map(|byte| Ok(vec![byte])).collect();
    let reply = desk.send("POST", query, &MEANT, Body::from_stream(futures::stream::iter(parts))).await;
    assert_eq!(reply.json()["results"][0]["report"]["accepted"], 2, "{}", reply.text());
    assert_eq!(desk.hand_in("operator=gb-abc&file=june.csv", &text).await["repeated"], true);
}

#[tokio::test]
async fn the_folders_that_a_file_came_from_are_not_recorded() {
    let desk = Desk::new().await;
    desk.hand_in("operator=gb-abc&file=C%3A%5CUsers%5Cann%5Cjune.csv", &month(6, 1, 5.0)).await;
    assert_eq!(desk.ask("/submissions/1").await["file"], "june.csv");
}

#[tokio::test]
async fn rejected_rows_are_mended_in_the_files_own_columns_and_then_accepted() {
    let desk = Desk::new().await;
    let text = "evse,plug_in,plug_out,energy_kwh,driver,remark\n\
        P1,2024-06-01T12:00:00Z,2024-06-01T13:00:00Z,5,card77,fine\n\
        =P1+1,2024-06-02T12:00:00Z,2024-06-02T13:00:00Z,-3.5,card77,Jane\n\
        P1,2024-06-03T12:00:00Z,2024-06-03T13:00:00Z,many,,\"a, b\"\n\
        P1,2024-06-04T12:00:00Z,2024-06-04T13:00:00Z,2,,\n\
        P1,2024-06-05T12:00:00Z,2024-06-05T13:00:00Z,3,,\n";
    let sent = desk.hand_in(&format!("{JUNE}&accept=true"), text).await;
    assert_eq!((sent["report"]["accepted"].as_i64(), sent["report"]["quarantined"].as_i64()), (Some(3), Some(2)));
    let reply = desk.get("/submissions/1/rejected.csv").await;
    assert!(reply.header("content-type").starts_with("text/csv; charset=utf-8"));
    assert!(reply.header("content-disposition").starts_with("attachment; filename=\"kerbwatt-rows-to-mend"));
    let table = reply.text();
    let head = "evse,plug_in,plug_out,energy_kwh,driver,remark,kerbwatt_row,kerbwatt_rule,kerbwatt_advice\r\n";
    assert!(table.starts_with(head), "{table}");
    assert!(table.contains(",-3.5,kw:") && table.contains("\n'=P1+1,2024-06-02"), "{table}");
    assert!(table.contains(",,2,negative_energy,"), "a column that nothing is read from is blank: {table}");
    assert!(!table.contains("card77") && !table.contains("fine") && !table.contains("Jane"), "{table}");

    let mended = table.replace("-3.5", "3.5").replace("many", "4");
    let sent = desk.hand_in("operator=gb-abc&file=mended.csv&accept=true", &mended).await;
    assert_eq!((sent["state"].as_str(), sent["report"]["accepted"].as_i64()), (Some("accepted"), Some(2)), "{sent}");
    assert!((desk.figure("energy_kwh").await - 17.5).abs() < 1e-9);
}

#[tokio::test]
async fn a_return_without_rejected_rows_has_a_table_without_rows() {
    let desk = Desk::new().await;
    desk.hand_in(JUNE, &month(6, 1, 5.0)).await;
    let table = desk.get("/submissions/1/rejected.csv").await.text();
    assert_eq!(table.lines().count(), 1, "{table}");
}

#[tokio::test]
async fn quarantined_rows_narrow_to_one_reason() {
    let desk = Desk::new().await;
    let bad = "P1,2024-06-09T12:00:00Z,2024-06-09T13:00:00Z,";
    let text = format!("{}x1,{bad}-1\nx2,{bad}many\nx3,{bad}-2\n", month(6, 2, 5.0));
    desk.hand_in(JUNE, &text).await;
    let page = desk.ask("/submissions/1/quarantine?rule=negative_energy&offset=1&limit=5").await;
    assert_eq!((page["total"].as_i64(), page["rows"].as_array().unwrap().len()), (Some(2), 1));
    assert_eq!(page["rows"][0]["value"], "-2");
    assert_eq!(desk.ask("/submissions/1/quarantine?rule=none").await["total"], 0);
    let past = desk.ask("/submissions/1/quarantine?rule=negative_energy&offset=9").await;
    assert_eq!((past["total"].as_i64(), past["rows"].as_array().unwrap().len()), (Some(2), 0));
}
