//! `kerbwatt patterns`.

use serde_json::Value;

use crate::program::{Folder, close, figures, real_file, run, sessions};

const WHAT: [&str; 7] = ["findings", "typical-day", "calendar", "trend", "archetypes", "concentration", "unused"];

#[test]
fn every_pattern_comes_as_table_json_and_csv() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 60)));
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    for what in WHAT {
        let ask = |more: &[&str]| run(&[&["patterns", "--data", &data, "--what", what], more].concat()).well();
        let table = ask(&[]);
        assert!(table.contains("reported:") && table.contains("from:"), "{what}: {table}");
        let json: Value = serde_json::from_str(&ask(&["--json"])).expect("JSON");
        assert!(json["coverage"].is_object() && json["provenance"].is_object(), "{what}");
        let csv = ask(&["--format", "csv"]);
        let columns = csv.lines().next().expect("a header").split(',').count();
        assert!(columns >= 2 && table.lines().count() >= 4, "{what}: {csv}");
    }
    let data = data.as_str();
    run(&["patterns", "--data", data, "--what", "trend", "--metric", "peak_concurrency"])
        .refused("there are no patterns of “peak_concurrency”", "utilisation_time");
}

#[test]
fn the_summer_of_dundee_reads_as_it_is_known() {
    let Some(summer) = real_file("sessions/dundee-2018-06-to-09.csv") else { return };
    let Some(register) = real_file("registers/dundee-charge-point-locations.csv") else { return };
    let folder = Folder::new();
    let data = folder.text("data");
    let period = "2018-06-06..2018-09-06";
    run(&["submit", &summer, "--data", &data, "--operator", "gb-dcc", "--period", period, "--accept"]).well();
    run(&["register", "import", &register, "--data", &data, "--operator", "gb-dcc"]).well();
    let ask = |what: &str| -> Value {
        let answer = run(&["patterns", "--data", &data, "--what", what, "--by", "location", "--json"]).well();
        serde_json::from_str(&answer).expect("JSON")
    };
    let sentences = ask("findings")["sentences"].clone();
    let first = sentences[0]["text"].as_str().expect("a sentence");
    assert!(first.starts_with("19,146 charging sessions were reported from 6 Jun to 6 Sep 2018;"), "{first}");
    // Short stops at the rapid points of a car park; residents at the points of sheltered housing.
    let members = ask("archetypes")["members"].clone();
    let kind = |site: &str| {
        let members = members.as_array().expect("sites");
        let member = members.iter().find(|member| member["id"].as_str().is_some_and(|id| id.contains(site)));
        member.map(|member| member["archetype"].clone())
    };
    assert_eq!(kind("Queen Street Car Park"), Some("all_day_hub".into()));
    assert_eq!(kind("Brington Place"), Some("overnight_residential".into()));
    let concentration = ask("concentration");
    close(&concentration["total"], figures(&data, "energy_kwh", &[])["energy_kwh"].as_f64().expect("kWh"));
}
