//! The real files of sessions against a reading of them that shares no code with the program: `independent/figures.py`, whose figures lie beside
//! it.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::program::{Folder, real_file, run};

#[test]
fn each_month_of_the_real_files_is_what_an_independent_reading_says() {
    let files = ["dundee-2017-12-to-2018-03", "dundee-2018-06-to-09", "boulder-2018-to-2020"];
    let [Some(winter), Some(summer), Some(boulder)] = files.map(|name| real_file(&format!("sessions/{name}.csv")))
    else {
        return;
    };
    let folder = Folder::new();
    let data = folder.text("data");
    for (file, operator) in [(&winter, "gb-dcc"), (&summer, "gb-dcc"), (&boulder, "us-bou")] {
        run(&["submit", file, "--data", &data, "--operator", operator, "--accept", "--json"]).well();
    }
    let expected: BTreeMap<String, BTreeMap<String, Value>> =
        serde_json::from_str(include_str!("independent/figures.json")).expect("figures");
    let metrics = ["sessions", "energy_kwh", "plugged_hours", "revenue_gbp", "unique_drivers"];
    for (operator, months) in expected {
        let filter = format!("operator={operator}");
        let asked = run(&[
            "query",
            "--data",
            &data,
            "--metric",
            &metrics.join(","),
            "--by",
            "month",
            "--where",
            &filter,
            "--format",
            "json",
        ]);
        let answer = asked.objects().remove(0);
        let found: BTreeMap<&str, &Value> = answer["rows"]
            .as_array()
            .expect("rows")
            .iter()
            .filter(|row| row["sessions"].as_i64().unwrap_or(0) > 0)
            .map(|row| (row["month"].as_str().expect("a month"), row))
            .collect();
        assert_eq!(found.keys().copied().collect::<Vec<_>>(), months.keys().map(String::as_str).collect::<Vec<_>>());
        for (month, figures) in months {
            for metric in metrics {
                let (found, expected) = (&found[month.as_str()][metric], &figures[metric]);
                // What a file does not report, such as fees and drivers of Boulder, is unknown and not zero.
                assert_eq!(found.is_null(), expected.is_null(), "{metric} of {operator} in {month}");
                let gap = (found.as_f64().unwrap_or(0.0) - expected.as_f64().unwrap_or(0.0)).abs();
                assert!(gap < 1e-5, "{metric} of {operator} in {month}: {found} instead of {expected}");
            }
        }
    }
}
