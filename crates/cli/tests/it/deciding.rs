//! Decisions through the shipped binary: repairs, layouts, nothing to report, and taking back.

use std::fmt::Write as _;

use serde_json::Value;

use crate::program::{Folder, figures, run, sessions};

/// 900 sessions from 1 June 2024 on at three points, in Dundee's layout; where `exchanged`, as an export tool writes them that
/// reads dates with a day up to 12 month first.
pub(crate) fn dundee(exchanged: bool) -> String {
    let mut text =
        "Charging event,User ID,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Cost,Site,Group,Model\n"
            .to_owned();
    let first = jiff::civil::date(2024, 6, 1).at(0, 10, 0, 0);
    let date = |at: jiff::civil::DateTime| {
        let (day, month) = (at.day(), at.month());
        if exchanged && day <= 12 { format!("{month:02}/{day:02}/2024") } else { format!("{day:02}/{month:02}/2024") }
    };
    for row in 0..900_i64 {
        let from = first + jiff::Span::new().minutes(row * 150);
        let to = from + jiff::Span::new().minutes(40 + row % 4 * 25);
        let (start, end) = (from.strftime("%H:%M"), to.strftime("%H:%M"));
        let (event, card, point, kwh) = (7_000 + row, row % 37, row % 3, 4 + row % 9);
        writeln!(text, "{event},CARD-{card},P{point},1,{},{start},{},{end},{kwh}.5,1.20,S,G,M", date(from), date(to))
            .expect("memory");
    }
    text
}

fn exported(data: &str) -> Vec<String> {
    let rows = run(&["export", "sessions", "--data", data]).well();
    let mut rows: Vec<String> =
        rows.lines().skip(1).map(|line| line.split(',').take(9).collect::<Vec<_>>().join(",")).collect();
    rows.sort();
    rows
}

#[test]
fn exchanged_dates_are_proved_repaired_on_acceptance_and_taken_back_and_applied_again() {
    let folder = Folder::new();
    let (right, wrong) = (folder.file("right.csv", dundee(false)), folder.file("wrong.csv", dundee(true)));
    let (truth, data) = (folder.text("truth"), folder.text("data"));
    let checked = run(&["check", &right, "--json"]).objects().remove(0);
    assert_eq!(checked["repairs"], Value::Array(vec![]), "a right file has nothing to repair");
    let checked = run(&["check", &wrong, "--json"]).objects().remove(0);
    let repair = &checked["repairs"][0];
    assert_eq!((&repair["kind"], &repair["provable"]), (&"day_month_swap".into(), &true.into()));
    assert!(repair["evidence"]["before"].is_object() && repair["evidence"]["after"].is_object());
    run(&["submit", &right, "--data", &truth, "--operator", "gb-abc", "--accept"]).well();
    run(&["submit", &wrong, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    assert_eq!(exported(&data), exported(&truth), "every row comes back exactly");
    run(&["undo", "1", "--data", &data, "--decision", "1"]).well();
    assert_ne!(exported(&data), exported(&truth));
    let refused = run(&["decide", "1", "--data", &data, "--apply", "energy_unit"]);
    refused.refused("does not prove the repair energy_unit", "evidence");
    run(&["decide", "1", "--data", &data, "--apply", "day_month_swap"]).well();
    assert_eq!(exported(&data), exported(&truth));
    run(&["verify", "--data", &data]).well();
}

#[test]
fn what_a_repair_changes_is_counted_as_the_return_is_counted_that_is_read_both_ways() {
    let folder = Folder::new();
    let text = dundee(true);
    // Rows that are set aside either way, each for another reason.
    let spoiled: Vec<String> = text
        .lines()
        .enumerate()
        .map(|(at, line)| match at {
            40 => line.replace(".5,1.20", "x,1.20"),
            80 => line.replace(".5,1.20", "00000.5,1.20"),
            120 => line.replace("P", ""),
            _ => line.to_owned(),
        })
        .collect();
    let (file, data, as_it_is) =
        (folder.file("spoiled.csv", spoiled.join("\n")), folder.text("data"), folder.text("as-it-is"));
    let submit = |data: &str, more: &[&str]| {
        let rest = ["--data", data, "--operator", "gb-abc", "--accept", "--json"];
        run(&[&["submit", &file][..], &rest, more].concat()).objects().remove(0)
    };
    let (repaired, unrepaired) = (submit(&data, &[]), submit(&as_it_is, &["--no-repairs"]));
    let counted = |object: &Value| (object["accepted"].clone(), object["energy_kwh"]["accepted"].clone());
    assert!(repaired["quarantined"].as_u64() > Some(1) && counted(&repaired) != counted(&unrepaired));
    for repair in [&run(&["check", &file, "--json"]).objects().remove(0)["repairs"][0], &repaired["repairs_applied"][0]]
    {
        for (side, object) in [("before", &unrepaired), ("after", &repaired)] {
            let headline = &repair["headline"][side];
            assert_eq!((headline["sessions"].clone(), headline["energy_kwh"].clone()), counted(object), "{side}");
            let by_day = repair["by_day"].as_array().expect("days").iter().filter_map(|day| day[side].as_u64());
            assert_eq!(Some(by_day.sum()), headline["sessions"].as_u64(), "{side}");
        }
    }
}

#[test]
fn rows_without_energy_are_called_changed_only_where_their_times_change() {
    let folder = Folder::new();
    let whole = dundee(true);
    let blank = |(at, line): (usize, &str)| if at % 3 == 1 { blanked(line) } else { line.to_owned() };
    let some: Vec<String> = whole.lines().enumerate().map(blank).collect();
    let rows = |name: &str, text: String| {
        let file = folder.file(name, text);
        let repair = run(&["check", &file, "--json"]).objects()[0]["repairs"][0].clone();
        assert_eq!(repair["kind"], "day_month_swap");
        repair["rows"].clone()
    };
    assert_eq!(rows("some.csv", some.join("\n")), rows("whole.csv", whole));
}

/// A row without its energy.
fn blanked(line: &str) -> String {
    let cells: Vec<&str> = line.split(',').enumerate().map(|(at, cell)| if at == 8 { "" } else { cell }).collect();
    cells.join(",")
}

#[test]
fn a_repair_is_told_at_every_figure_that_it_touches_as_of_each_version_and_nowhere_else() {
    let folder = Folder::new();
    let (wrong, right) = (folder.file("wrong.csv", dundee(true)), folder.file("right.csv", sessions(2024, 30)));
    let data = folder.text("data");
    let rows = run(&["check", &wrong, "--json"]).objects()[0]["repairs"][0]["rows"].clone();
    run(&["submit", &wrong, "--data", &data, "--operator", "gb-abc", "--accept", "--period", "2024-06..2024-09"])
        .well();
    run(&["submit", &right, "--data", &data, "--operator", "gb-bee", "--accept", "--period", "2024-01"]).well();
    let asked = |more: &[&str]| {
        let query = ["query", "--data", &data, "--metric", "sessions", "--format", "json"];
        let answer = run(&[&query[..], more].concat()).well();
        serde_json::from_str::<Value>(&answer).expect("JSON")
    };
    let returns = |more: &[&str]| {
        let returns = asked(more)["provenance"]["returns"].clone();
        (returns["count"].as_u64(), returns["repaired"].as_u64(), returns["repairs"][0]["rows"].clone())
    };
    assert_eq!(returns(&[]), (Some(2), Some(1), rows.clone()));
    assert_eq!(returns(&["--where", "operator=gb-abc"]), (Some(1), Some(1), rows.clone()));
    assert_eq!(returns(&["--where", "operator=gb-bee"]), (Some(1), Some(0), Value::Null));
    assert_eq!(returns(&["--period", "2024-01"]), (Some(1), Some(0), Value::Null));
    let repaired = asked(&["--ledger"])["ledger"]["repaired"].clone();
    assert_eq!((&repaired[0]["submission"], &repaired[0]["from"]), (&1.into(), &"2024-06-01".into()));
    let told = |more: &[&str]| run(&[&["query", "--data", &data, "--metric", "sessions"][..], more].concat()).well();
    let words = format!(
        "repaired:   1 of 2 returns behind the figures: Day and month exchanged where the day is 12 or less (1 return, {rows} rows)"
    );
    assert!(told(&[]).contains(&words), "{}", told(&[]));
    assert!(told(&["--ledger"]).contains("return 1 of GB-ABC, 2024-06-01 to 2024-09-30"), "{}", told(&["--ledger"]));
    run(&["decide", "1", "--data", &data, "--decline", "day_month_swap"]).well();
    assert_eq!(returns(&[]).1, Some(0));
    assert!(!told(&[]).contains("repaired:"));
    assert_eq!(returns(&["--as-of", "1"]), (Some(1), Some(1), rows), "as it was");
}

#[test]
fn no_repairs_leaves_what_is_proved_as_a_proposal() {
    let folder = Folder::new();
    let (wrong, data) = (folder.file("wrong.csv", dundee(true)), folder.text("data"));
    let arguments = ["submit", &wrong, "--data", &data, "--operator", "gb-abc", "--accept", "--no-repairs", "--json"];
    let object = run(&arguments).objects().remove(0);
    assert_eq!((&object["state"], &object["needs_decision"]), (&"accepted".into(), &true.into()));
    assert_eq!(object["repairs_applied"], Value::Array(vec![]));
    assert!(run(&["tracker", "--data", &data]).well().contains("needs decision"));
    run(&["decide", "1", "--data", &data, "--decline", "day_month_swap", "--note", "meant so"]).well();
    assert!(!run(&["tracker", "--data", &data]).well().contains("needs decision"));
}

#[test]
fn a_repair_that_was_applied_is_declined_and_taken_up_again() {
    let folder = Folder::new();
    let (wrong, data, as_it_is) =
        (folder.file("wrong.csv", dundee(true)), folder.text("data"), folder.text("as-it-is"));
    let submit = |data: &str, more: &[&str]| {
        run(&[&["submit", &wrong, "--data", data, "--operator", "gb-abc", "--accept"][..], more].concat()).well();
    };
    submit(&data, &[]);
    submit(&as_it_is, &["--no-repairs"]);
    let repaired = exported(&data);
    run(&["decide", "1", "--data", &data, "--decline", "day_month_swap", "--note", "the operator objects"]).well();
    assert_eq!(exported(&data), exported(&as_it_is));
    run(&["undo", "1", "--data", &data]).well();
    assert_eq!(exported(&data), repaired);
    run(&["verify", "--data", &data]).well();
}

#[test]
fn coordinates_of_a_register_are_put_right_when_that_is_asked_for() {
    let folder = Folder::new();
    let data = folder.text("data");
    let mut text = "evse,device,location,latitude,longitude,rated_kw,postcode\n".to_owned();
    for at in 0..60 {
        let (north, east) = (51.5 + f64::from(at % 10) * 0.01, -0.2 + f64::from(at / 10) * 0.02);
        let (latitude, longitude) = if at < 50 { (north, east) } else { (east, north) };
        writeln!(text, "E{at},D{at},L{at},{latitude:.5},{longitude:.5},22,E1 1AA").expect("memory");
    }
    let register = folder.file("register.csv", text);
    let import = ["register", "import", &register, "--data", &data, "--operator", "gb-abc"];
    let told = run(&import).well();
    assert!(told.contains("[coordinates]") && told.contains("--apply coordinates"), "{told}");
    let told = run(&[&import[..], &["--apply", "coordinates"]].concat()).well();
    assert!(told.contains("repair applied"), "{told}");
    let changed = told.lines().find(|line| line.trim_start().starts_with("changed")).expect("a line");
    assert!(changed.trim_end().ends_with(" 10"), "{told}");
    assert!(told.contains("kerbwatt undo --register 2"), "{told}");
}

#[test]
fn a_repair_of_a_register_is_in_the_versions_and_taken_back() {
    let folder = Folder::new();
    let data = folder.text("data");
    let returned =
        folder.file("r.csv", "evse,plug_in,plug_out,energy_kwh\nE1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,7\n");
    run(&["submit", &returned, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    let mut text = "evse,device,location,postcode,latitude,longitude,rated_kw\n".to_owned();
    for at in 0..60 {
        let (north, east) = (51.5 + f64::from(at) * 0.001, -0.2 + f64::from(at) * 0.001);
        let (latitude, longitude) = if at < 50 { (north, east) } else { (east, north) };
        writeln!(text, "E{at},D{at},L{at},E1 1AA,{latitude:.5},{longitude:.5},22").expect("memory");
    }
    let register = folder.file("register.csv", text);
    run(&["register", "import", &register, "--data", &data, "--operator", "gb-abc", "--apply", "coordinates"]).well();
    let told = run(&["versions", "--data", &data]).well();
    assert!(told.contains("Repaired: Latitude and longitude") && told.contains("undo --register 1"), "{told}");
    let import = |of: &Value| of["versions"][0]["imports"][0].clone();
    let before = import(&run(&["versions", "--data", &data, "--json"]).objects()[0]);
    assert_eq!((&before["import"], &before["can_undo"], &before["undone"]), (&1.into(), &true.into(), &false.into()));
    let undone = run(&["undo", "--register", "1", "--data", &data, "--json"]).objects().remove(0);
    assert_eq!((&undone["undone"], &undone["changed"]), (&true.into(), &10.into()));
    let told = run(&["versions", "--data", &data]).well();
    assert!(told.contains("Took back the repair made in import 1") && told.contains("(taken back since)"), "{told}");
    run(&["undo", "--register", "1", "--data", &data]).refused("can be taken back", "Look it up");
    run(&["verify", "--data", &data]).well();
}

#[test]
fn coordinates_that_are_wrong_in_every_row_of_a_register_are_told() {
    let folder = Folder::new();
    let import = |name: &str, place: fn(f64, f64) -> (f64, f64)| {
        let mut text = "evse,device,location,latitude,longitude,rated_kw\n".to_owned();
        for at in 0..30 {
            let (first, second) = place(56.4 + f64::from(at) * 0.001, -2.9);
            writeln!(text, "E{at},D{at},L{at},{first:.5},{second:.5},22").expect("memory");
        }
        let (register, data) = (folder.file(&format!("{name}.csv"), text), folder.text(name));
        run(&["register", "import", &register, "--data", &data, "--operator", "gb-abc"]).well()
    };
    for (name, place) in [
        ("coordinates_exchanged", (|north, east| (east, north)) as fn(f64, f64) -> (f64, f64)),
        ("coordinates_without_sign", |north, east: f64| (north, -east)),
    ] {
        let told = import(name, place);
        assert!(told.contains("30  ") && told.contains(&format!("[{name}]")), "{told}");
        assert!(told.contains("import the register again"), "{told}");
    }
    assert!(!import("right", |north, east| (north, east)).contains("[coordinates"));
}

#[test]
fn a_register_in_a_layout_never_seen_is_mapped_by_hand() {
    let folder = Folder::new();
    let (data, layout) = (folder.text("data"), folder.text("layout.toml"));
    let mut text = "Säule;Breite;Länge;Leistung kW\n".to_owned();
    (0..30).for_each(|at| writeln!(text, "S{at};52.{at:02};13.4;22").expect("memory"));
    let register = folder.file("register.csv", text);
    let import = ["register", "import", &register, "--data", &data, "--operator", "de-abc"];
    let told = run(&[&import[..], &["--save-profile", &layout]].concat());
    let told = told.refused("no known layout fits the header", "--profile layout.toml");
    assert!(told.contains("Leistung kW"), "{told}");
    assert!(std::fs::read_to_string(&layout).expect("the proposal").contains("register"));
    let own = "kind = \"register\"\nzone = \"Europe/Berlin\"\n[columns]\ndevice = \"Säule\"\nlatitude = \"Breite\"\n\
        longitude = \"Länge\"\nrated_kw = \"Leistung kW\"\n";
    let broken = folder.file("broken.toml", own.replace("Europe/Berlin", "Nowhere"));
    let own = folder.file("own.toml", own);
    let told = run(&[&import[..], &["--profile", &own]].concat()).well();
    let added = told.lines().find(|line| line.trim_start().starts_with("new")).expect("a line");
    assert!(added.ends_with(" 30"), "{told}");
    run(&[&import[..], &["--profile", &broken]].concat()).refused("broken", "--save-profile");
}

/// A month in a layout that nobody knows.
fn foreign(month: u32) -> String {
    let mut text = "Ladepunkt;Beginn;Ende;Energie [kWh];Karte\n".to_owned();
    for row in 0..60 {
        let (day, hour) = (row / 3 + 1, row % 3 * 7);
        writeln!(
            text,
            "LP{};{day:02}.{month:02}.2024 {hour:02}:05;{day:02}.{month:02}.2024 {:02}:50;{}.5;K{row}",
            row % 5,
            hour + 2,
            5 + row % 7
        )
        .expect("memory");
    }
    text
}

#[test]
fn a_layout_never_seen_is_kept_mapped_once_and_then_known() {
    let folder = Folder::new();
    let data = folder.text("data");
    let (march, april) = (folder.file("march.csv", foreign(3)), folder.file("april.csv", foreign(4)));
    let layout = folder.text("layout.toml");
    let submit = |file: &str| run(&["submit", file, "--data", &data, "--operator", "de-abc", "--accept"]);
    submit(&march).refused("kept as submission 1", "--layout");
    assert!(figures(&data, "sessions", &[])["sessions"].is_null());
    run(&["check", &march, "--save-profile", &layout]);
    let proposed = run(&["check", &march, "--json"]).objects().remove(0);
    assert_eq!(proposed["profile"]["columns"][3]["field"], "energy", "{proposed}");
    assert!(proposed["profile"]["confidence"].as_f64().is_some_and(|sure| sure > 0.0), "{proposed}");
    assert!(!proposed["profile"]["doubts"].as_array().expect("a list").is_empty(), "{proposed}");
    let draft = std::fs::read_to_string(&layout).expect("the proposal").replace("Europe/London", "Europe/Berlin");
    std::fs::write(&layout, draft).expect("a file");
    run(&["decide", "1", "--data", &data, "--layout", &layout]).well();
    run(&["decide", "1", "--data", &data, "--accept"]).well();
    submit(&april).well();
    assert_eq!(figures(&data, "sessions", &[])["sessions"], 120);
    assert!(run(&["export", "sessions", "--data", &data]).well().contains("+01:00"), "on the clock of Berlin");
    run(&["verify", "--data", &data]).well();
}

#[test]
fn rejected_rows_are_mended_and_sent_again_without_naming_a_driver() {
    let folder = Folder::new();
    let data = folder.text("data");
    let text = sessions(2024, 20).replacen(",5.0,150,card3\n", ",-5.0,150,card3\n", 1);
    let file = folder.file("a.csv", text);
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    let rows = run(&["rejected", "1", "--data", &data]).well();
    assert!(rows.contains("kerbwatt_rule") && rows.contains("negative_energy") && rows.contains("kw:"), "{rows}");
    assert!(!rows.contains("card3"), "{rows}");
    let mended = folder.file("mended.csv", rows.replace("-5.0", "5.0"));
    let object =
        run(&["submit", &mended, "--data", &data, "--operator", "gb-abc", "--accept", "--json"]).objects().remove(0);
    assert_eq!((&object["accepted"], &object["quarantined"]), (&1.into(), &0.into()));
    assert_eq!(figures(&data, "sessions", &[])["sessions"], 20);
}

#[test]
fn rows_to_mend_of_a_check_have_the_drivers_of_the_hub_or_none() {
    let folder = Folder::new();
    let data = folder.text("data");
    let text = sessions(2024, 20).replacen(",5.0,150,card3\n", ",-5.0,150,card3\n", 1);
    let (file, rejected) = (folder.file("a.csv", text), folder.text("rejected.csv"));
    let written = |more: &[&str]| {
        run(&[&["check", &file, "--rejected", &rejected], more].concat()).well();
        std::fs::read_to_string(&rejected).expect("the rows")
    };
    // Whoever knows a key finds the card behind a pseudonym, and without a hub there is none that is secret.
    let without = written(&[]);
    assert!(without.contains("negative_energy") && without.contains(",-5.0,150,,"), "{without}");
    assert!(!without.contains("kw:") && !without.contains("card3"), "{without}");
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc"]).well();
    let of_hub = run(&["rejected", "1", "--data", &data]).well();
    assert_eq!(written(&["--data", &data, "--operator", "gb-abc"]), of_hub);
}

#[test]
fn rows_to_mend_of_several_files_are_each_in_a_file_of_their_own_and_a_layout_is_written_once() {
    let folder = Folder::new();
    let wrong = |year: u16| sessions(year, 20).replacen(",5.0,150,card3\n", ",-5.0,150,card3\n", 1);
    let (one, two) = (folder.file("one.csv", wrong(2023)), folder.file("two.csv", wrong(2024)));
    let other = folder.file("other.csv", dundee(false));
    let (rejected, layout) = (folder.text("rejected.csv"), folder.text("layout.toml"));
    let told =
        run(&["check", &one, &two, &other, "--rejected", &rejected, "--save-profile", &layout, "--json"]).objects();
    for (object, (name, year)) in told.iter().zip([("one", "2023-01"), ("two", "2024-01")]) {
        let own = folder.text(&format!("rejected-{name}.csv"));
        assert_eq!(object["rejected_file"], own.as_str());
        let rows = std::fs::read_to_string(&own).expect("the rows");
        assert!(rows.contains("negative_energy") && rows.lines().count() == 2 && rows.contains(year), "{rows}");
    }
    assert!(!folder.path("rejected.csv").exists());
    let layouts = ["layout.toml", "layout-other.toml"].map(|name| std::fs::read_to_string(folder.path(name)));
    assert!(layouts.iter().all(Result::is_ok) && !folder.path("layout-two.toml").exists());
    let told = run(&["check", &one, "--rejected", &rejected]).well();
    assert!(told.contains(&format!("rows kept apart are in {rejected}")), "{told}");
}

#[test]
fn rows_to_mend_of_a_check_are_read_in_the_operators_own_layout() {
    let folder = Folder::new();
    let (data, layout, rejected) = (folder.text("data"), folder.text("layout.toml"), folder.text("rejected.csv"));
    let (march, april) =
        (folder.file("march.csv", foreign(3)), folder.file("april.csv", foreign(4).replace(";7.5;", ";-7.5;")));
    let operator = ["--data", &data, "--operator", "de-abc"];
    run(&[&["submit", &march], &operator[..]].concat()).refused("kept as submission 1", "--layout");
    run(&["check", &march, "--save-profile", &layout]);
    run(&["decide", "1", "--data", &data, "--layout", &layout]).well();
    run(&[&["check", &april, "--rejected", &rejected], &operator[..]].concat()).well();
    let rows = std::fs::read_to_string(&rejected).expect("the rows");
    assert!(rows.starts_with("Ladepunkt;Beginn;") && rows.contains("negative_energy"), "{rows}");
}

#[test]
fn rejected_rows_keep_the_dividers_of_their_file_so_that_decimal_commas_stay_decimal() {
    let folder = Folder::new();
    for (name, divider) in [("semicolon", ";"), ("tab", "\t")] {
        let data = folder.text(name);
        let energy = |row: usize| format!("{},512", row % 7);
        let lines = sessions(2024, 20).replace(',', divider);
        let lines = lines.lines().enumerate().map(|(at, line)| line.replace("5.0", &energy(at)) + "\n");
        let text: String = lines.collect();
        let right = format!("2024-01-01T01:00:00Z{divider}{divider}4,512");
        assert!(text.contains(&right));
        let file = folder.file("a.csv", text.replace(&right, &format!("soon{divider}{divider}4,512")));
        run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
        let rows = run(&["rejected", "1", "--data", &data]).well();
        assert!(rows.contains(&format!("soon{divider}{divider}4,512{divider}")), "{rows}");
        let mended = folder.file("mended.csv", rows.replace("soon", "2024-01-01T01:00:00Z"));
        run(&["submit", &mended, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
        let (truth, whole) = (folder.text(&format!("{name}-truth")), folder.file("whole.csv", text));
        run(&["submit", &whole, "--data", &truth, "--operator", "gb-abc", "--accept"]).well();
        assert_eq!(exported(&data), exported(&truth));
    }
}

#[test]
fn nothing_to_report_is_a_return_that_can_be_withdrawn() {
    let folder = Folder::new();
    let data = folder.text("data");
    let submit = ["submit", "--nothing-to-report", "--data", &data, "--operator", "gb-abc", "--period", "2024-03"];
    run(&submit).well();
    assert!(run(&["tracker", "--data", &data]).well().contains("2024-03           nothing to report"));
    let again = run(&[&submit[..], &["--json"]].concat()).objects().remove(0);
    assert_eq!((&again["submission"], &again["repeated"]), (&1.into(), &true.into()));
    run(&["undo", "1", "--data", &data]).well();
    assert!(!run(&["tracker", "--data", &data]).well().contains("nothing to report"));
    run(&["submit", "--nothing-to-report", "--data", &data, "--operator", "gb-abc"]);
    run(&["verify", "--data", &data]).well();
}

#[test]
fn nothing_to_report_over_sessions_has_to_be_meant() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 30)));
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    let submit = ["submit", "--nothing-to-report", "--data", &data, "--operator", "gb-abc", "--period", "2024-01"];
    run(&submit).refused("gb-abc cannot have had nothing to report for 2024-01-01..2024-01-31", "--over-sessions");
    let object = run(&[&submit[..], &["--json"]].concat()).objects().remove(0);
    assert_eq!((object["error"]["code"].as_str(), object["submission"].as_i64()), (Some("has_sessions"), None));
    let empty = folder.file("empty.csv", "");
    let submit_empty = ["submit", &empty, "--data", &data, "--operator", "gb-abc", "--period", "2024-01", "--accept"];
    run(&submit_empty).refused("30 of its sessions of that time, from submission 1", "Withdraw");
    run(&submit_empty[..submit_empty.len() - 1]).well();
    let accept = ["decide", "2", "--accept", "--data", &data];
    run(&accept).refused("30 of its sessions", "--over-sessions");
    run(&[&accept[..], &["--over-sessions"]].concat()).well();
    run(&["decide", "2", "--withdraw", "--data", &data]).well();
    run(&[&submit[..], &["--over-sessions"]].concat()).well();
    assert!(run(&["tracker", "--data", &data]).well().contains("2024-01           accepted (submission 3, 2, 1)"));
    run(&["verify", "--data", &data]).well();
}
