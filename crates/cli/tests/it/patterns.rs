//! `kerbwatt patterns`.

use serde_json::Value;

use crate::program::{Folder, run, sessions};

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
