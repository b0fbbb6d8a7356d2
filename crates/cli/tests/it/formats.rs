//! The same figures in every form.

use std::fs;

use crate::program::{Folder, command, run, sessions};

fn data() -> (Folder, String) {
    let folder = Folder::new();
    let data = folder.text("data");
    let file = folder.file("r.csv", sessions(2024, 50));
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    (folder, data)
}

#[test]
fn a_workbook_and_a_parquet_file_come_out_as_bytes() {
    let (folder, data) = data();
    for (format, magic) in [("xlsx", &b"PK"[..]), ("parquet", b"PAR1")] {
        let output = command(&["query", "--data", &data, "--metric", "sessions", "--by", "month", "--format", format])
            .output()
            .expect("the binary starts");
        assert!(output.status.success() && output.stdout.starts_with(magic), "{format}");
        fs::write(folder.path(format), &output.stdout).expect("a file");
    }
}

#[test]
fn the_ledger_says_what_a_rate_was_divided_by() {
    let (_folder, data) = data();
    let ask =
        |more: &[&str]| run(&[&["query", "--data", &data, "--metric", "utilisation_time", "--ledger"], more].concat());
    let words = ask(&[]).well();
    for part in ["denominator of utilisation_time", "Live charge points × minutes", "Not covered by an accepted return"]
    {
        assert!(words.contains(part), "{words}");
    }
    let answer = ask(&["--format", "json"]).objects().remove(0);
    let lines = answer["ledger"]["rates"][0]["lines"].as_array().expect("lines");
    let denominator = lines.last().expect("a line")["amount"].as_f64().expect("a number");
    // Ten charge points live from 1 January to the end of what was found: fifty hours of sessions.
    let rate = answer["rows"][0]["utilisation_time"].as_f64().expect("a rate");
    assert!((rate * denominator - 50.0 * 60.0).abs() < 1e-6, "{rate} × {denominator}");
}

#[test]
fn what_has_no_meaning_is_refused_with_what_to_ask_instead() {
    let (_folder, data) = data();
    let ask = |metric: &str, by: &str| run(&["query", "--data", &data, "--metric", metric, "--by", by]);
    ask("reliability_working", "month").refused("status changes", "coverage");
    ask("evses", "hour").refused("no one end", "month");
    assert!(ask("unique_drivers", "month").well().contains("50"));
}

#[test]
fn owners_and_funding_schemes_split_figures_as_the_register_names_them() {
    let (folder, data) = data();
    let register = "evse,device,location,latitude,longitude,rated_kw,owner_borough,funding_scheme\n\
        E0,D0,L0,51.539,-0.1426,7,Camden,ORCS\nE1,D1,L0,51.539,-0.1426,7,TfL,\n";
    let file = folder.file("register.csv", register);
    run(&["register", "import", &file, "--data", &data, "--operator", "gb-abc"]).well();
    let ask = |more: &[&str]| {
        let asked = [&["query", "--data", &data, "--metric", "sessions", "--format", "csv"], more].concat();
        run(&asked).well()
    };
    let by_owner = ask(&["--by", "owner_borough"]);
    assert_eq!(by_owner.lines().collect::<Vec<_>>(), ["owner_borough,sessions", "Camden,5", "TfL,5", ",40"]);
    assert_eq!(ask(&["--where", "funding_scheme=ORCS"]).lines().last(), Some("5"));
    let bins = ask(&["--by", "session_length"]);
    assert_eq!(bins.lines().last(), Some("1-2_h,1 to 2 hours,50"));
}
