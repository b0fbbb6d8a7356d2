//! Deciding, and taking decisions back.

use serde_json::{Value, json};

use crate::client::Reply;
use crate::writing::{Desk, month};

fn kinds(detail: &Value) -> Vec<&str> {
    detail["history"].as_array().unwrap().iter().map(|entry| entry["kind"].as_str().unwrap()).collect()
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

#[tokio::test]
async fn accepting_withdrawing_and_taking_back_change_the_figures_at_once() {
    let desk = Desk::new().await;
    desk.hand_in("operator=gb-abc&file=june.csv", &month(6, 3, 5.0)).await;
    let before: Reply = desk.get("/submissions/1").await;
    let accepted = desk.decide(1, json!({ "kind": "accept", "note": "looks right" })).await;
    assert_eq!((accepted["state"].as_str(), accepted["needs_decision"].as_bool()), (Some("accepted"), Some(false)));
    assert!(accepted["history"][0]["says"].as_str().unwrap().contains("looks right"));
    near(desk.figure("sessions").await, 3.0);
    let tag = [("if-none-match", before.header("etag"))];
    let after = desk.send("GET", "/submissions/1", &tag, axum::body::Body::empty()).await;
    assert_eq!((after.status.as_u16(), after.json()), (200, accepted));

    desk.decide(1, json!({ "kind": "withdraw" })).await;
    near(desk.figure("sessions").await, 0.0);
    assert_eq!(desk.undo(1).await["state"], "accepted");
    near(desk.figure("sessions").await, 3.0);
    let back = desk.undo(1).await;
    assert_eq!((back["state"].as_str(), back["accepted_at"].is_null()), (Some("checked"), true));
    near(desk.figure("sessions").await, 0.0);
    assert_eq!(kinds(&back), ["undo", "undo", "withdraw", "accept", "received"]);
}

#[tokio::test]
async fn what_is_so_already_or_cannot_be_taken_back_is_refused() {
    let desk = Desk::new().await;
    desk.hand_in("operator=gb-abc&file=june.csv&accept=true", &month(6, 3, 5.0)).await;
    let decide = "/submissions/1/decide";
    assert_eq!(desk.refused(decide, r#"{"kind": "accept"}"#).await.1, "decided_before");
    let refused = desk.refused(decide, r#"{"kind": "apply_repair", "repair": "energy_unit"}"#).await;
    assert_eq!((refused.0, refused.1.as_str()), (409, "not_proved"));
    assert_eq!(desk.refused("/submissions/1/undo", r#"{"decision": 99}"#).await.0, 404);
    desk.undo(1).await;
    assert_eq!(desk.refused("/submissions/1/undo", "{}").await.0, 404);
}

#[tokio::test]
async fn a_repair_is_previewed_applied_and_taken_back_with_the_figures_following() {
    let desk = Desk::new().await;
    // Watt-hours in the column of kilowatt-hours.
    let sent = desk.hand_in("operator=gb-abc&file=june.csv", &month(6, 25, 7_000.0)).await;
    let repair = &sent["report"]["repairs"][0];
    assert_eq!((repair["kind"].as_str(), repair["state"].as_str()), (Some("energy_unit"), Some("open")), "{sent}");
    assert_eq!(desk.ask("/submissions").await["submissions"][0]["needs_decision"], true);

    let preview = desk.done("/submissions/1/preview", &json!({ "repairs": ["energy_unit"] })).await;
    assert_eq!(preview["report"]["accepted"], 25);
    let row = &preview["rows"][0];
    assert_eq!((row["plug_in_local"].as_str(), row["energy_kwh"].as_f64()), (Some("2024-06-01 13:00:00"), Some(7.0)));
    assert_eq!(desk.ask("/submissions/1").await["accepted"], 0);

    let applied = desk.decide(1, json!({ "kind": "apply_repair", "repair": "energy_unit" })).await;
    assert_eq!((applied["accepted"].as_i64(), applied["repairs"][0]["state"].as_str()), (Some(25), Some("applied")));
    assert_eq!(applied["repairs_applied"], json!(["energy_unit"]));
    desk.decide(1, json!({ "kind": "accept" })).await;
    near(desk.figure("energy_kwh").await, 175.0);
    let answer = desk.ask("/query?metric=energy_kwh&ledger=true").await;
    crate::contract::answer_must_fit(&answer, "/query");
    let made = json!({ "repair": "energy_unit", "title": "Watt-hours in a column of kilowatt-hours", "rows": 25 });
    let sum = json!({ "repair": made["repair"], "title": made["title"], "rows": 25, "returns": 1 });
    assert_eq!(answer["provenance"]["returns"], json!({ "count": 1, "repaired": 1, "repairs": [sum] }));
    let repaired = &answer["ledger"]["repaired"][0];
    assert_eq!((&repaired["submission"], &repaired["repairs"]), (&json!(1), &json!([made])));

    let applied = kinds(&desk.ask("/submissions/1").await).iter().position(|kind| *kind == "apply_repair").unwrap();
    let number = desk.ask("/submissions/1").await["history"][applied]["decision"].clone();
    let back = desk.done("/submissions/1/undo", &json!({ "decision": number })).await;
    assert_eq!((back["accepted"].as_i64(), back["quarantined"].as_i64()), (Some(0), Some(25)));
    near(desk.figure("sessions").await, 0.0);
    let declined = desk.decide(1, json!({ "kind": "decline_repair", "repair": "energy_unit" })).await;
    assert_eq!(
        (declined["repairs"][0]["state"].as_str(), &declined["needs_decision"]),
        (Some("declined"), &json!(false))
    );
}

/// Sessions under headers that say nothing.
fn riddle() -> String {
    let rows: String = month(6, 25, 7.5).lines().skip(1).map(|line| format!("{line}\n")).collect();
    format!("k1,k2,k3,k4,k5\n{rows}")
}

#[tokio::test]
async fn an_unknown_layout_waits_is_previewed_and_becomes_the_operators_own() {
    let desk = Desk::new().await;
    let sent = desk.hand_in("operator=gb-abc&file=riddle.csv&accept=true", &riddle()).await;
    assert_eq!((sent["state"].as_str(), sent["error"].is_null()), (Some("received"), true), "{sent}");
    assert_eq!(
        (sent["report"]["certain"].as_bool(), sent["report"]["profile"]["columns"][0]["column"].as_str()),
        (Some(false), Some("k1"))
    );
    let one = desk.ask("/submissions/1").await;
    assert_eq!(
        (&one["needs_decision"], &one["proposed"], &one["profile"]["own"]),
        (&json!(true), &json!(true), &json!(false))
    );
    assert!(!one["profile"]["columns"][2]["samples"].as_array().unwrap().is_empty(), "{one}");
    assert_eq!(desk.refused("/submissions/1/decide", r#"{"kind": "accept"}"#).await.1, "no_layout");

    let mut layout = json!({
        "name": "", "title": "", "kind": "sessions", "zone": "Europe/London", "times": "rfc3339",
        "columns": { "session_id": ["k1"], "evse": ["k2"], "plug_in": ["k3"], "plug_out": ["k4"] },
    });
    let preview = desk.done("/submissions/1/preview", &json!({ "layout": layout })).await;
    assert!(
        preview["report"].is_null() && preview["problem"]["message"].as_str().unwrap().contains("energy"),
        "{preview}"
    );
    layout["columns"]["energy"] = json!(["k5"]);
    let preview = desk.done("/submissions/1/preview", &json!({ "layout": layout })).await;
    assert_eq!((preview["report"]["accepted"].as_i64(), preview["rows"].as_array().unwrap().len()), (Some(25), 20));

    let confirm = json!({ "kind": "confirm_layout", "layout": layout, "name": "Alder export" });
    let checked = desk.decide(1, confirm).await;
    assert_eq!((checked["state"].as_str(), checked["accepted"].as_i64()), (Some("checked"), Some(25)));
    assert_eq!((&checked["profile"]["title"], &checked["profile"]["own"]), (&json!("Alder export"), &json!(true)));
    let own = &desk.ask("/profiles").await[0];
    assert_eq!((own["name"].as_str(), own["operator"].as_str()), (Some("Alder export"), Some("gb-abc")));
    assert_eq!((own["version"].as_i64(), &own["columns"]["energy"]), (Some(1), &json!(["k5"])));

    let next = riddle().replace("2024-06", "2024-07").replace("m6", "m7");
    let next = desk.hand_in("operator=gb-abc&file=next.csv&accept=true", &next).await;
    assert_eq!(
        (next["state"].as_str(), next["report"]["profile"]["name"].as_str()),
        (Some("accepted"), Some("Alder export"))
    );
}

#[tokio::test]
async fn an_own_layout_does_not_pass_for_a_shipped_one() {
    let desk = Desk::new().await;
    desk.hand_in("operator=gb-abc&file=riddle.csv", &riddle()).await;
    let layout = json!({
        "kind": "sessions", "zone": "UTC", "times": "rfc3339",
        "columns": { "evse": ["k2"], "plug_in": ["k3"], "plug_out": ["k4"], "energy": ["k5"] },
    });
    let confirm = |name: &str| json!({ "kind": "confirm_layout", "layout": layout, "name": name }).to_string();
    let decide = "/submissions/1/decide";
    assert_eq!(desk.refused(decide, &confirm("kerbwatt")).await, (400, "name_taken".into(), Some("name".into())));
    assert_eq!(desk.refused(decide, &confirm(" ")).await, (400, "missing_field".into(), Some("name".into())));
    assert_eq!(desk.refused(decide, &confirm("two\nlines")).await, (400, "unusable_name".into(), Some("name".into())));
}
