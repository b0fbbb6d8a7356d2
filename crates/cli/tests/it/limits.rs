//! Limits of checks through the shipped binary.

use crate::program::{Folder, run};

const FILE: &str = "session_id,evse,device,connector,plug_in,plug_out,charging_end,energy_kwh,fee_pence,driver\n\
    s1,E1,E1,1,2024-06-03T08:00:00Z,2024-06-06T08:00:00Z,,20.5,,\n\
    s2,E2,E2,1,2024-06-03T08:00:00Z,2024-06-03T10:00:00Z,,10.5,,\n";

fn long_stays(object: &serde_json::Value) -> Vec<f64> {
    let findings = object["findings"].as_array().expect("findings").iter();
    findings.filter(|finding| finding["rule"] == "long_stay").filter_map(|f| f["limits"][0]["value"].as_f64()).collect()
}

#[test]
fn a_limit_is_tried_out_set_for_an_operator_shown_and_reset() {
    let folder = Folder::new();
    let (file, data) = (folder.file("june.csv", FILE), folder.text("data"));
    let check = |more: &[&str]| run(&[&["check", &file, "--json"], more].concat()).objects().remove(0);
    assert_eq!(long_stays(&check(&[])), [2880.0]);
    let tried = check(&["--limit", "long_stay_min=5000", "--limit", "over_rated=1.2"]);
    assert_eq!((long_stays(&tried).len(), tried["limits"]["over_rated"].as_f64()), (0, Some(1.2)));
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]).well();

    let limits = |more: &[&str]| run(&[&["limits", "--data", &data, "--json"], more].concat()).objects().remove(0);
    let value = |object: &serde_json::Value| {
        let of = object["limits"].as_array().expect("limits").iter().find(|one| one["name"] == "long_stay_min");
        of.map(|one| {
            (one["value"].as_f64().unwrap_or_default(), one["set_for"].as_str().unwrap_or_default().to_owned())
        })
    };
    let own = ["--operator", "gb-abc"];
    assert_eq!(value(&limits(&own)), Some((2880.0, "nobody".into())));
    let set =
        run(&["limits", "set", "long_stay_min=4321", "--data", &data, "--operator", "gb-abc", "--by", "Ann"]).well();
    assert!(set.contains("4,321") && set.contains("returns received from now on"), "{set}");
    assert_eq!(value(&limits(&own)), Some((4321.0, "operator".into())));
    assert_eq!(value(&limits(&[])), Some((2880.0, "nobody".into())));
    assert_eq!(limits(&own)["changes"][0]["by"], "Ann");
    assert_eq!(long_stays(&check(&["--data", &data, "--operator", "gb-abc"])), Vec::<f64>::new());
    let recorded = run(&["history", "1", "--data", &data, "--json"]).objects().remove(0);
    assert_eq!((long_stays(&recorded), recorded["limits"]["long_stay_min"].as_f64()), (vec![2880.0], Some(2880.0)));
    run(&["limits", "reset", "long_stay_min", "--data", &data, "--operator", "gb-abc"]).well();
    assert_eq!(value(&limits(&own)), Some((2880.0, "nobody".into())));
    run(&["verify", "--data", &data]).well();
}

#[test]
fn what_cannot_be_set_is_refused_with_what_can() {
    let folder = Folder::new();
    let data = folder.text("data");
    let unknown = run(&["limits", "set", "long_say_min=5", "--data", &data]);
    unknown.misused("there is no limit “long_say_min”; choose from impossible_kwh");
    run(&["limits", "set", "over_rated=0", "--data", &data]).misused("from 0.5 to 100");
    run(&["check", "x.csv", "--limit", "over_rated"]).misused("NAME=VALUE");
    run(&["limits"]).misused("--data");
}
