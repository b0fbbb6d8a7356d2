//! Handing in, accepting, and what is said about it.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::json;

use crate::program::{Folder, HEADER, REGISTER, command, figures, run, sessions};

#[test]
fn the_same_file_twice_is_there_once() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 100)));
    let submit = ["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"];
    assert!(run(&submit).well().contains("submission 1: accepted\n"));
    let again = run(&submit).well();
    assert!(again.contains("was handed in before") && again.contains("Figures are as before"), "{again}");
    assert_eq!(figures(&data, "sessions", &[])["sessions"], 100);
}

#[test]
fn a_return_counts_only_once_it_is_accepted() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 100)));
    let submit = ["submit", &file, "--data", &data, "--operator", "gb-abc"];
    let recorded = run(&submit).well();
    assert!(recorded.contains("recorded, not accepted") && recorded.contains("again with --accept"), "{recorded}");
    let ran = run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--json"]);
    assert_eq!(
        (ran.objects()[0]["state"].as_str(), ran.objects()[0]["data_version"].as_i64()),
        (Some("checked"), Some(0))
    );
    let export = run(&["export", "sessions", "--data", &data]).well();
    assert_eq!(export.lines().count(), 1, "only the header");
    let accepted = run(&[&submit[..], &["--accept"]].concat()).well();
    assert!(
        accepted.contains("submission 1: accepted") && accepted.contains("Figures now show this file"),
        "{accepted}"
    );
    assert_eq!(figures(&data, "sessions", &[])["sessions"], 100);
}

#[test]
fn files_of_one_command_are_compared_with_those_before_them() {
    let folder = Folder::new();
    let data = folder.text("data");
    let of_site = |site: &str, hour: usize| {
        let row = |id: usize| {
            format!(
                "{id},{site},{site},1,2024-01-{id:02}T{hour:02}:00:00Z,2024-01-{id:02}T{:02}:00:00Z,,{hour}.5,,\n",
                hour + 1
            )
        };
        HEADER.to_owned() + &(1..=20).map(row).collect::<String>()
    };
    let first = folder.file("a.csv", of_site("A", 8));
    let second = folder.file("b.csv", of_site("B", 11));
    let again = folder.file("again.csv", of_site("A", 8).replace("\n20,", "\n21,"));
    let submit = ["submit", &first, &second, &again, "--data", &data, "--operator", "gb-abc", "--period", "2024-01"];
    let told = run(&[&submit[..], &["--accept", "--json"]].concat()).objects();
    let count = |at: usize, rule: &str| {
        let findings = told[at]["findings"].as_array().expect("findings");
        findings
            .iter()
            .find(|finding| finding["rule"] == rule)
            .map_or(0, |finding| finding["count"].as_u64().expect("a count"))
    };
    assert_eq!((count(0, "same_id_in_other_return"), count(1, "same_id_in_other_return")), (0, 20));
    assert_eq!((count(2, "held_already"), &told[2]["duplicates"]), (19, &19.into()));
    // The one under another id is at the same point at the same time.
    assert_eq!(count(2, "overlaps_other_return"), 1);
    assert_eq!(figures(&data, "sessions", &[])["sessions"], 41);
    run(&["verify", "--data", &data]).well();
}

#[test]
fn a_refused_file_does_not_stop_the_others() {
    let folder = Folder::new();
    let data = folder.text("data");
    let (first, second) = (folder.file("a.csv", sessions(2023, 30)), folder.file("b.csv", sessions(2024, 40)));
    let bad = folder.file("bad.csv", "a,b\n1,2\n");
    let ran = run(&["submit", &first, &bad, &second, "--data", &data, "--operator", "gb-abc", "--accept", "--json"]);
    let objects = ran.objects();
    assert_eq!(objects.len(), 3);
    assert_eq!(objects[1]["error"]["code"], "unknown_layout");
    assert_eq!(
        (&objects[0]["data_version"], &objects[2]["data_version"]),
        (&1.into(), &1.into()),
        "one publish for all"
    );
    ran.refused("bad.csv", "known layout");
    assert_eq!(figures(&data, "sessions", &[])["sessions"], 70);
}

#[test]
fn check_says_the_same_as_submit_and_writes_nothing() {
    let folder = Folder::new();
    let file = folder.file("r.csv", sessions(2024, 100));
    let ran = run(&["check", &file, "--period", "2024", "--json"]);
    let checked = ran.objects().remove(0);
    ran.well();
    assert_eq!(std::fs::read_dir(folder.path(".")).map(Iterator::count).ok(), Some(1), "only the file itself");
    let submitted =
        run(&["submit", &file, "--data", &folder.text("d"), "--operator", "gb-abc", "--period", "2024", "--json"]);
    let submitted = submitted.objects().remove(0);
    for (field, value) in checked.as_object().into_iter().flatten() {
        assert_eq!(value, &submitted[field], "{field}");
    }
    assert_eq!(checked["period"]["declared"]["to"], "2024-12-31");
    assert_eq!(checked["profile"]["name"], "kerbwatt");
}

#[test]
fn every_row_is_counted_and_each_left_out_row_has_its_reason() {
    let folder = Folder::new();
    let rows = "1,E1,D1,1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,,7.5,,\n\
                1,E1,D1,1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,,7.5,,\n\
                2,E1,D1,1,2024-03-02T08:00:00Z,,,3.0,,\n\
                3,E1,D1,1,2024-03-03T08:00:00Z,2024-03-03T09:00:00Z,,-2.0,,\n\
                4,E1,D1\n";
    let file = folder.file("r.csv", format!("{HEADER}{rows}"));
    let ran = run(&["check", &file, "--json"]);
    let object = ran.objects().remove(0);
    assert_eq!(
        ["rows_read", "accepted", "quarantined", "duplicates"].map(|field| object[field].as_i64()),
        [5, 1, 3, 1].map(Some)
    );
    let energy = ["read", "accepted", "quarantined", "duplicates"].map(|field| object["energy_kwh"][field].as_f64());
    assert_eq!(energy, [16.0, 7.5, 1.0, 7.5].map(Some));
    let reasons: Vec<_> =
        object["quarantined_rows"].as_array().into_iter().flatten().map(|row| row["rule"].clone()).collect();
    assert_eq!(reasons, ["open_session", "negative_energy", "truncated_row"]);
    let words = run(&["check", &file]).well();
    for part in
        ["layout       kerbwatt", "rows read", "quarantined", "[negative_energy]", "row 4", "Nothing was handed in"]
    {
        assert!(words.contains(part), "{part}: {words}");
    }
}

#[test]
fn a_drivers_card_is_on_no_output_and_nowhere_in_the_data_folder() {
    let folder = Folder::new();
    let card = "CARD-0123456789";
    let row = |id: u8, energy: &str| {
        format!("{id},E1,D1,1,2024-03-0{id}T08:00:00Z,2024-03-0{id}T09:00:00Z,,{energy},,{card}\n")
    };
    let file = folder.file("r.csv", format!("{HEADER}{}{}", row(1, "7.5"), row(2, "-1")));
    let data = folder.text("data");
    let mut seen = run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept", "--json"]).well();
    seen += &run(&["export", "sessions", "--data", &data]).well();
    assert!(!seen.contains(card));
    // The vault holds it, encrypted.
    let files = crate::damage::files(&folder.path("data"));
    assert!(
        ["/vault/", "/lake/", "ledger.sqlite"]
            .iter()
            .all(|part| { files.iter().any(|path| path.to_string_lossy().contains(part)) })
    );
    for path in files {
        let bytes = std::fs::read(&path).expect("a file of the folder");
        assert!(!bytes.windows(card.len()).any(|window| window == card.as_bytes()), "{}", path.display());
    }
}

#[test]
fn a_drivers_card_in_a_wrong_cell_or_an_unread_column_is_on_no_output_and_nowhere_in_the_data_folder() {
    let folder = Folder::new();
    let marks = ["RFIDSECRET9", "04MARKED77", "Jane Marker", "MARKUID5"];
    let rows = sessions(2024, 20)
        .replacen(",driver\n", ",driver,user_name\n", 1)
        .replacen("2024-01-01T00:00:00Z,2024-01-01T01:00:00Z,,5.0", "RFIDSECRET9,2024-01-01T01:00:00Z,,5.0", 1)
        .replacen(",5.0,150,card4\n", ",04MARKED77,150,card4,Jane Marker\n", 1);
    let unknown: String = (0..60)
        .map(|at| {
            format!(
                "C{},0{}/06/2024 08:{at:02},0{}/06/2024 09:{at:02},7.5,MARKUID{at}\n",
                at % 5,
                at % 9 + 1,
                at % 9 + 1
            )
        })
        .collect();
    let known = folder.file("r.csv", rows);
    let unknown = folder.file("u.csv", format!("Charger ID,Start,End,Energy (kWh),UID\n{unknown}"));
    let data = folder.text("data");
    let mut seen = String::new();
    for file in [&known, &unknown] {
        for more in [&["--json"][..], &[]] {
            for command in
                [vec!["check", file], vec!["submit", file, "--data", &data, "--operator", "gb-abc", "--accept"]]
            {
                let ran = run(&[&command[..], more].concat());
                seen += &(ran.out + &ran.err);
            }
        }
    }
    assert!(seen.contains("unreadable_start") && seen.contains("(hidden)"), "{seen}");
    seen += &run(&["rejected", "1", "--data", &data]).well();
    seen += &run(&["export", "sessions", "--data", &data]).well();
    assert!(seen.contains("user_name"), "the header stays");
    for path in crate::damage::files(&folder.path("data")) {
        let bytes = std::fs::read(&path).expect("a file of the folder");
        for mark in marks {
            assert!(!seen.contains(mark), "{mark}");
            let is_there = bytes.windows(mark.len()).any(|window| window == mark.as_bytes());
            assert!(!is_there, "{mark} is in {}", path.display());
        }
    }
}

#[test]
fn another_period_for_the_same_file_is_passed_over_and_the_answer_says_how_to_change_it() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 20)));
    let submit = |period: &str, more: &[&str]| {
        run(&[&["submit", &file, "--data", &data, "--operator", "gb-abc", "--period", period], more].concat())
    };
    submit("2024", &[]).well();
    let again = submit("2024", &["--json"]).objects().remove(0);
    assert!(again["period_passed_over"].is_null());
    let other = submit("2024-01", &["--json"]).objects().remove(0);
    assert_eq!(other["period_passed_over"]["to"], "2024-01-31");
    assert_eq!(other["period"]["declared"]["to"], "2024-12-31");
    let words = submit("2024-01", &[]).well();
    assert!(
        words.contains(
            "stays as it was, 2024-01-01..2024-12-31: to change it, `kerbwatt decide 1 --period 2024-01-01..2024-01-31`"
        ),
        "{words}"
    );
    let decide = |period: &str| run(&["decide", "1", "--data", &data, "--period", period, "--json"]);
    for (period, first) in [("2024-01-01..2024-01-31", json!("2024-01-01")), ("none", json!(null))] {
        assert_eq!(decide(period).objects()[0]["period"]["declared"]["from"], first);
    }
    decide("2024-13").misused("is not a period");
}

#[test]
fn an_operators_name_is_shown_once_it_is_given() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 20)));
    run(&["submit", &file, "--data", &data, "--operator", "GB-ABC", "--operator-name", "Abacus Charge", "--accept"])
        .well();
    let row = figures(&data, "sessions", &["--by", "operator"]);
    assert_eq!((row["operator"].as_str(), row["operator_name"].as_str()), (Some("gb-abc"), Some("Abacus Charge")));
}

#[test]
fn a_register_needs_no_operator_where_there_is_only_one() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 20)));
    let register = folder.file("register.csv", REGISTER);
    let import = ["register", "import", &register, "--data", &data];
    run(&import).refused("no operator yet", "--operator");
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    assert!(run(&import).well().contains("new                 1"));
    assert!(run(&import).well().contains("Figures are as before"));
    let other = folder.file("other.csv", sessions(2023, 20));
    run(&["submit", &other, "--data", &data, "--operator", "gb-xyz", "--accept"]).well();
    run(&import).refused("several operators", "--operator");
}

#[test]
fn answers_come_as_table_json_and_csv_with_the_same_figures() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 1_200)));
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    let ask = ["query", "--data", &data, "--metric", "sessions,energy_kwh", "--by", "operator", "--period", "2024-01"];
    let table = run(&ask).well();
    assert!(table.contains("1,200") && table.contains("6,000") && table.contains("data version 1"), "{table}");
    assert!(table.contains("no charge point is registered"), "{table}");
    let csv = run(&[&ask[..], &["--format", "csv"]].concat()).well();
    assert_eq!(csv, "operator,operator_name,sessions,energy_kwh\r\ngb-abc,GB-ABC,1200,6000.0\r\n");
    let json: serde_json::Value =
        serde_json::from_str(&run(&[&ask[..], &["--format", "json"]].concat()).well()).expect("JSON");
    assert_eq!((&json["rows"][0]["sessions"], &json["rows"][0]["energy_kwh"]), (&1200.into(), &6000.0.into()));
    assert!(json["coverage"].is_object() && json["provenance"]["data_version"] == 1);
}

#[test]
fn exported_rows_carry_both_clocks_and_where_they_come_from() {
    let folder = Folder::new();
    let row = "S-1,E1,D1,2,2024-07-01T08:00:00Z,2024-07-01T09:30:00Z,,7.5,,\n";
    let (data, file) = (folder.text("data"), folder.file("r.csv", format!("{HEADER}{row}")));
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--period", "2024-06..2024-07", "--accept"]).well();
    let export =
        run(&["export", "sessions", "--data", &data, "--where", "operator=gb-abc", "--period", "2024-07-01"]).well();
    assert_eq!(
        export.lines().last(),
        Some(
            "gb-abc,S-1,E1,2,2024-07-01T08:00:00Z,2024-07-01T09:30:00Z,2024-07-01T09:00:00+01:00,2024-07-01T10:30:00+01:00,7.5,,1,1"
        )
    );
    assert_eq!(run(&["export", "sessions", "--data", &data, "--period", "2024-06"]).well().lines().count(), 1);
}

#[test]
fn a_reader_who_leaves_early_stops_neither_the_work_nor_makes_noise() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 4_000)));
    let leave = |arguments: &[&str], lines: usize| {
        let mut child =
            command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        for _ in 0..lines {
            out.read_line(&mut String::new()).expect("a line");
        }
        drop(out);
        let ended = child.wait_with_output().expect("it ends");
        assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
    };
    leave(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"], 0);
    assert_eq!(figures(&data, "sessions", &[])["sessions"], 4_000);
    leave(&["export", "sessions", "--data", &data], 2);
}

#[test]
fn charge_points_that_the_register_does_not_know_are_listed_with_their_sessions() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("a.csv", sessions(2024, 115)));
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    let tracker = ["tracker", "--data", &data];
    assert!(!run(&tracker).well().contains("register"), "nothing is said before there is one");
    let register = folder.file("register.csv", REGISTER);
    run(&["register", "import", &register, "--data", &data, "--operator", "gb-abc"]).well();
    let told = run(&tracker).well();
    assert!(told.contains("not in the register: 9 charge points: E1 (12 sessions), E2 (12 sessions)"), "{told}");
    let object = run(&[&tracker[..], &["--json"]].concat()).objects().remove(0);
    let listed = object["operators"][0]["unregistered_evses"].as_array().expect("a list");
    assert_eq!((listed.len(), &listed[8]["evse"], &listed[8]["sessions"]), (9, &"E9".into(), &11.into()));
}

#[test]
fn a_return_of_which_no_row_counts_is_recorded_and_not_accepted_and_says_what_to_do() {
    let folder = Folder::new();
    let data = folder.text("data");
    let row = |id: u8| format!("{id},E1,D1,1,2024-03-0{id}T08:00:00Z,2024-03-0{id}T09:00:00Z,,-1,,\n");
    let file = folder.file("r.csv", HEADER.to_owned() + &(1..=5).map(row).collect::<String>());
    let submit = ["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"];
    let told = run(&submit).well();
    for part in ["recorded, not accepted", "it waits: Every row is set aside", "kerbwatt rejected 1"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    let told = run(&[&submit[..], &["--json"]].concat()).objects().remove(0);
    assert_eq!((&told["state"], &told["held_by"][0]), (&"checked".into(), &"all_set_aside".into()));
    run(&["decide", "1", "--accept", "--data", &data]).refused("5 rows is set aside", "kerbwatt rejected 1");
    run(&["verify", "--data", &data]).well();
}

#[test]
fn nothing_to_report_is_refused_before_its_period_has_begun() {
    let folder = Folder::new();
    let data = folder.text("data");
    let ahead = ["submit", "--nothing-to-report", "--period", "2098", "--data", &data, "--operator", "gb-abc"];
    run(&[&ahead[..], &["--accept"]].concat()).refused("the period has not begun", "Check the period");
}
