//! Figures as of past data versions through the shipped binary.

use serde_json::Value;

use crate::program::{Folder, run, sessions_from};

#[test]
fn a_past_version_answers_as_it_did_and_what_changed_since_is_told() {
    let folder = Folder::new();
    let data = folder.text("data");
    let first = folder.file("first.csv", sessions_from(2024, 1, 30));
    let second = folder.file("second.csv", sessions_from(2024, 2, 20));
    run(&["submit", &first, "--data", &data, "--operator", "gb-abc", "--period", "2024-01", "--accept"]).well();
    let query = |more: &[&str]| {
        let plain = ["query", "--data", &data, "--metric", "sessions,energy_kwh", "--by", "month", "--format", "json"];
        run(&[&plain[..], more].concat()).well()
    };
    let then = query(&[]);
    run(&["submit", &second, "--data", &data, "--operator", "gb-abc", "--period", "2024-02", "--accept"]).well();
    run(&["decide", "1", "--data", &data, "--withdraw", "--note", "wrong meter"]).well();
    assert_ne!(query(&[]), then);
    assert_eq!(query(&["--as-of", "1"]), then, "bytes for bytes");
    run(&["rebuild", "--data", &data]).well();
    assert_eq!(query(&["--as-of", "1"]), then, "also after a rebuild");

    let patterns = |more: &[&str]| {
        let plain = ["patterns", "--data", &data, "--what", "calendar", "--metric", "sessions", "--format", "csv"];
        run(&[&plain[..], more].concat()).well()
    };
    assert!(!patterns(&[]).contains("2024-01-02,") && patterns(&["--as-of", "1"]).contains("2024-01-02,"));

    let table = run(&["query", "--data", &data, "--metric", "sessions", "--as-of", "1"]).well();
    assert!(table.contains("data version 1 of") && table.contains("NOT THE NEWEST, which is 4"), "{table}");

    let versions: Value = run(&["versions", "--data", &data, "--json"]).objects().remove(0);
    assert_eq!((versions["total"].as_i64(), versions["versions"][0]["reason"].as_str()), (Some(4), Some("rebuild")));
    let words = run(&["versions", "--data", &data]).well();
    assert!(words.contains("left submission 1 of gb-abc: first.csv") && words.contains("wrong meter"), "{words}");

    let asked = ["changes", "--data", &data, "--from", "1", "--to", "3", "--metric", "sessions"];
    let changes: Value = run(&[&asked[..], &["--json"]].concat()).objects().remove(0);
    let effects: Vec<f64> =
        changes["steps"].as_array().into_iter().flatten().filter_map(|s| s["effects"][0]["effect"].as_f64()).collect();
    assert_eq!((effects, changes["figures"][0]["difference"].as_f64()), (vec![-30.0, 20.0], Some(-10.0)));
    let words = run(&asked).well();
    assert!(words.contains("sessions: 30 before, 20 now: -10") && words.contains("effect: sessions +20"), "{words}");
}

#[test]
fn what_names_no_version_is_refused_with_what_to_do() {
    let folder = Folder::new();
    let data = folder.text("data");
    let first = folder.file("first.csv", sessions_from(2024, 1, 5));
    run(&["submit", &first, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    let query = |as_of: &str| run(&["query", "--data", &data, "--metric", "sessions", "--as-of", as_of]);
    query("7").refused("there is no data version 7; the newest is 1", "kerbwatt versions");
    query("2020-01-01").refused("the first data version is 1", "later day");
    query("2099-01-01").refused("lies ahead", "newest figures");
    assert_eq!(query("soon").code, 2, "wrong usage");
    run(&["changes", "--data", &data, "--from", "1", "--to", "1", "--metric", "colour"])
        .refused("colour", "Choose from");
}
