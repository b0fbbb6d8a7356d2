//! Headers of several rows and files without any, through the shipped binary.

use std::fmt::Write as _;
use std::fs;

use crate::program::{Folder, run};

/// 60 sessions of a month without a header: post, start, end, energy, card.
fn rows(month: u32) -> String {
    let mut text = String::new();
    for row in 0..60 {
        let (day, hour) = (1 + row / 3, 6 + row % 3 * 4);
        let (until, kwh) = (hour + 2, 600 + row * 7);
        writeln!(
            text,
            "Q{},{day:02}/{month:02}/2024 {hour:02}:10,{day:02}/{month:02}/2024 {until:02}:40,{}.{:02},CARDSECRET{row}",
            row % 3,
            kwh / 100,
            kwh % 100
        )
        .expect("memory");
    }
    text
}

#[test]
fn a_file_without_a_header_is_mapped_once_by_place_and_the_next_needs_no_hands() {
    let folder = Folder::new();
    let (data, layout) = (folder.text("data"), folder.text("layout.toml"));
    let (may, june) = (folder.file("may.csv", rows(5)), folder.file("june.csv", rows(6)));
    let checked = run(&["check", &may, "--header-rows", "0", "--save-profile", &layout, "--json"]);
    let profile = checked.objects().remove(0)["profile"].clone();
    assert_eq!((&profile["header_rows"], &profile["columns"][1]["column"]), (&0.into(), &"column 2".into()));
    assert!(!profile.to_string().contains("CARDSECRET"), "{profile}");
    let saved = fs::read_to_string(&layout).expect("saved");
    assert!(saved.contains("header_rows = 0") && !saved.contains("CARDSECRET"), "{saved}");
    let read = run(&["check", &may, "--profile", &layout, "--json"]).objects().remove(0);
    assert_eq!((&read["rows_read"], &read["accepted"]), (&60.into(), &60.into()), "{read}");
    let kept = run(&["submit", &may, "--data", &data, "--operator", "gb-abc"]);
    assert!(!kept.out.contains("CARDSECRET") && !kept.err.contains("CARDSECRET"), "{}{}", kept.out, kept.err);
    run(&["decide", "1", "--data", &data, "--layout", &layout]).well();
    run(&["decide", "1", "--data", &data, "--accept"]).well();
    let next =
        run(&["submit", &june, "--data", &data, "--operator", "gb-abc", "--accept", "--json"]).objects().remove(0);
    assert_eq!((&next["state"], &next["accepted"]), (&"accepted".into(), &60.into()), "{next}");
    let told =
        [run(&["history", "1", "--data", &data]).well(), run(&["history", "1", "--data", &data, "--json"]).well()];
    assert!(!told.concat().contains("CARDSECRET"), "{told:?}");
    let ledgers = fs::read_dir(folder.path("data")).expect("a folder").flatten().filter(|entry| entry.path().is_file());
    for ledger in ledgers {
        let bytes = fs::read(ledger.path()).expect("a file");
        assert!(!String::from_utf8_lossy(&bytes).contains("CARDSECRET"), "{}", ledger.path().display());
    }
}

#[test]
fn a_header_of_three_rows_is_proposed_when_somebody_says_so_and_data_never_is() {
    let folder = Folder::new();
    let layout = folder.text("layout.toml");
    let text = format!("Post,Session,,Energy,Card\nNumber,Debut,Fin,Total,Owner\n,,,kWh,\n{}", rows(5));
    let file = folder.file("three.csv", text);
    let told = run(&["check", &file, "--header-rows", "3", "--save-profile", &layout]).well();
    assert!(told.contains("3 rows") && told.contains("Energy Total kWh"), "{told}");
    let saved = fs::read_to_string(&layout).expect("saved");
    assert!(saved.contains("header_rows = 3"), "{saved}");
    run(&["check", &file, "--header-rows", "5"]).refused("are data, not names", "another number of rows");
    run(&["check", &file, "--header-rows", "3", "--profile", &layout]).misused("--profile");
}
