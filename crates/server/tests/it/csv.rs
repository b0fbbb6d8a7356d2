//! Answers as CSV.

use serde_json::Value;

use crate::client::{ask, get, send};

const PATH: &str = "/query?metric=sessions,energy_kwh,utilisation_time&by=location";

#[tokio::test]
async fn the_table_says_the_same_as_the_answer_digit_for_digit() {
    let answer = ask(PATH).await;
    let table = get(&format!("{PATH}&format=csv")).await.text();
    let mut lines = table.split("\r\n");
    assert_eq!(lines.next(), Some("location,location_name,sessions,energy_kwh,utilisation_time"));
    for (row, line) in answer["rows"].as_array().unwrap().iter().zip(lines) {
        let cell = |name: &str| match &row[name] {
            Value::Null => String::new(),
            Value::String(text) if text.starts_with('=') => format!("'{text}"),
            Value::String(text) => text.clone(),
            number => number.to_string(),
        };
        let names = ["location", "location_name", "sessions", "energy_kwh", "utilisation_time"];
        assert_eq!(line, names.map(cell).join(","));
    }
    assert!(table.contains("'=Somewhere"), "{table}");
}

#[tokio::test]
async fn a_table_is_had_by_the_accept_header_too_and_is_named_for_what_it_holds() {
    let address = "/api/v1/ranking?metric=sessions&by=borough&from=2024-01&to=2024-03";
    let reply = send("GET", address, &[("accept", "text/csv")]).await;
    assert!(reply.header("content-type").starts_with("text/csv; charset=utf-8"));
    let disposition = "attachment; filename=\"kerbwatt-sessions-by-borough-2024-01-01-to-2024-03-31.csv\"";
    assert_eq!(reply.header("content-disposition"), disposition);
    assert!(reply.text().starts_with("borough,borough_name,sessions\r\n"));
}

#[tokio::test]
async fn every_answer_has_a_table() {
    for path in ["/metrics?metric=sessions&compare=1", "/series?metric=sessions&by=month", "/evses?metric=sessions"] {
        let reply = get(&format!("{path}&format=csv")).await;
        assert!(reply.text().lines().next().unwrap().ends_with("sessions"), "{path}: {}", reply.text());
    }
}
