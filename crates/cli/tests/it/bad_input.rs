//! Bad input at every door: what, where and what to do; and nothing half-done.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;

use crate::program::{Folder, HEADER, Ran, command, figures, run, sessions};

/// `submit --accept` of one file into a new folder.
fn submit(name: &str, bytes: impl AsRef<[u8]>, more: &[&str]) -> Ran {
    let folder = Folder::new();
    let file = folder.file(name, bytes);
    run(&[&["submit", &file, "--data", &folder.text("data"), "--operator", "gb-abc", "--accept"], more].concat())
}

#[test]
fn a_file_that_is_not_there_is_named_and_no_folder_is_made_for_it() {
    let folder = Folder::new();
    let (data, missing) = (folder.text("data"), folder.text("missing.csv"));
    run(&["submit", &missing, "--data", &data, "--operator", "gb-abc"]).refused("missing.csv", "Check the path");
    run(&["check", &missing]).refused("missing.csv", "Check the path");
    run(&["check", &folder.text("")]).refused("is a folder", "files in it");
    run(&["register", "import", &missing, "--data", &data, "--operator", "gb-abc"]).refused("missing.csv", "path");
    assert!(!folder.path("data").exists());
}

#[test]
fn empty_files_other_kinds_and_unreadable_text_are_refused_as_what_they_are() {
    submit("a.csv", "", &[]).refused("a.csv: the file is empty", "Export the return again");
    submit("a.csv", HEADER, &[]).refused("no row", "Export the return again");
    submit("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", &[]).refused("PDF", "");
    submit("a.xlsx", b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0", &[])
        .refused("a zip archive, but damaged", "export the file again");
    submit("a.csv", "name,colour\nx,red\n", &[]).refused("no known layout", "layout");
    let utf16_cut = [b"\xff\xfes\0e\0".as_slice(), b"\x00\xd8\x41\x00"].concat();
    submit("a.csv", utf16_cut, &[]).refused("UTF-16", "UTF-8");
}

#[test]
fn an_empty_file_of_a_declared_period_says_that_there_was_nothing_to_report() {
    for (name, text) in
        [("a.csv", ""), ("a.json", r#"{"data":[],"status_code":1000}"#), ("a.json", "[]"), ("a.csv", HEADER)]
    {
        let out = submit(name, text, &["--period", "2024-05"]).well();
        assert!(out.contains("nothing-to-report") && out.contains("submission 1: accepted"), "{text:?}: {out}");
        submit(name, text, &[]).refused("", "declare the period");
        let folder = Folder::new();
        let checked = run(&["check", &folder.file(name, text), "--period", "2024-05", "--json"]).objects().remove(0);
        assert_eq!(checked["profile"]["name"], "nothing-to-report");
    }
}

#[test]
fn an_archive_without_a_table_is_refused_by_check_as_by_submit() {
    let mut bytes = b"PK\x05\x06".to_vec();
    bytes.resize(22, 0);
    let folder = Folder::new();
    let file = folder.file("a.zip", &bytes);
    run(&["check", &file]).refused("holds no table", "the one that was meant");
    let object = run(&["check", &file, "--json"]).objects().remove(0);
    assert_eq!(object["error"]["code"], "no_table");
    submit("a.zip", &bytes, &[]).refused("holds no table", "the one that was meant");
}

#[test]
fn a_truncated_row_is_kept_apart_and_counted() {
    let cut = format!("{}2024-x,E1,D1,1,2024-05-0", sessions(2024, 3));
    let out = submit("a.csv", cut, &[]).well();
    assert!(out.contains("[truncated_row]") && out.contains("row 4"), "{out}");
}

#[test]
fn a_period_that_fits_no_row_is_refused_with_the_one_that_would() {
    submit("a.csv", sessions(2024, 3), &["--period", "2019"]).refused("2019-01-01..2019-12-31", "2024-01-01");
    let out = submit("a.csv", sessions(2024, 300), &["--period", "2024-01-01..2024-01-02"]).well();
    assert!(out.contains("[outside_period]"), "{out}");
}

#[test]
fn a_profile_that_does_not_exist_is_refused_with_those_that_do() {
    submit("a.csv", sessions(2024, 3), &["--profile", "dundee"]).refused("“dundee”", "dundee-2018");
    submit("a.csv", sessions(2024, 3), &["--profile", "boulder"]).refused("boulder", "");
}

#[test]
fn a_register_is_not_a_return_and_the_other_way_round() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 3)));
    submit("register.csv", crate::program::REGISTER, &[]).refused("register", "Import it as a register");
    run(&["register", "import", &file, "--data", &data, "--operator", "gb-abc"])
        .refused("r.csv", "Submit it as a return");
}

#[test]
fn boundaries_that_are_none_are_refused() {
    let folder = Folder::new();
    let (data, json) =
        (folder.text("data"), folder.file("a.geojson", "{\"type\":\"FeatureCollection\",\"features\":[]}"));
    let broken = folder.file("b.geojson", "{\"type\":");
    for file in [&json, &broken] {
        let import = ["places", "import", file, "--data", &data, "--level", "ward", "--code", "C", "--name", "N"];
        run(&import).refused(".geojson", "");
    }
    let cell = run(&["places", "import", &json, "--data", &data, "--level", "cell", "--code", "C", "--name", "N"]);
    assert!(cell.code == 2 && cell.err.contains("borough, ward, msoa, lsoa"), "{}", cell.err);
}

#[test]
fn wrong_usage_has_exit_code_2_and_says_how_to_write_it() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 3)));
    for (arguments, says) in [
        (vec!["submit", &file, "--data", &data, "--operator", "abacus"], "such as gb-dcc"),
        (vec!["submit", &file, "--data", &data, "--operator", "gb-abc", "--period", "June"], "2018-06..2018-09"),
        (
            vec!["submit", &file, "--data", &data, "--operator", "gb-abc", "--period", "2024-02..2024-01"],
            "earlier date first",
        ),
        (vec!["submit", "--data", &data, "--operator", "gb-abc"], "FILE"),
        (vec!["query", "--data", &data, "--metric", "sessions", "--where", "operator"], "operator=gb-dcc"),
        (
            vec!["query", "--data", &data, "--metric", "sessions", "--format", "ods"],
            "possible values: table, json, csv, xlsx, parquet",
        ),
        (vec!["demo", "--size", "huge"], "small, london, national"),
        (vec!["serve", "--data", &data, "--port", "70000"], "65535"),
        (vec!["decides"], "unrecognized subcommand"),
        (vec![], "Usage: kerbwatt"),
    ] {
        let ran = run(&arguments);
        assert!(ran.code == 2 && ran.err.contains(says), "{arguments:?}: {} {}", ran.code, ran.err);
        assert_eq!(ran.out, "");
    }
    assert!(!folder.path("data").exists());
}

#[test]
fn questions_that_cannot_be_asked_are_refused_with_the_choices() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 3)));
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]).well();
    let ask = |metric, more: &[&str]| run(&[&["query", "--data", &data, "--metric", metric], more].concat());
    ask("sesions", &[]).refused("“sesions”", "energy_kwh");
    ask("sessions", &["--by", "colour"]).refused("“colour”", "borough");
    ask("evses", &["--by", "hour_of_week"]).refused("evses", "Ask it by day");
    ask("sessions", &["--where", "operator=gb-xyz"]).refused("gb-xyz", "operator");
    ask("sessions", &["--where", "borough=Atlantis"]).refused("Atlantis", "borough");
    ask("sessions", &["--where", "day=2024-01-01"]).refused("day", "--period");
    ask("sessions", &["--where", "operator="]).refused("no value", "value");
}

#[test]
fn a_folder_that_is_none_is_not_made_by_commands_that_read() {
    let folder = Folder::new();
    let data = folder.text("nowhere");
    for arguments in [
        vec!["serve", "--data", &data, "--port", "0"],
        vec!["query", "--data", &data, "--metric", "sessions"],
        vec!["export", "sessions", "--data", &data],
        vec!["verify", "--data", &data],
        vec!["rebuild", "--data", &data],
    ] {
        run(&arguments).refused("no Kerbwatt data folder", "Check the path");
    }
    assert!(!folder.path("nowhere").exists());
}

#[test]
fn somebody_elses_folder_a_newer_one_and_a_file_are_refused() {
    let folder = Folder::new();
    let file = folder.file("r.csv", sessions(2024, 3));
    let submit = |data: &str| run(&["submit", &file, "--data", data, "--operator", "gb-abc", "--accept"]);
    submit(&folder.text("")).refused("not a Kerbwatt data folder", "new or empty folder");
    submit(&file).refused("is a file", "new or empty folder");
    let data = folder.text("data");
    submit(&data).well();
    fs::write(folder.path("data/FORMAT"), "kerbwatt 99\n").expect("a file");
    submit(&data).refused("newer version", "update this one");
    run(&["verify", "--data", &data]).refused("newer version", "update this one");
    fs::write(folder.path("data/FORMAT"), "hello\n").expect("a file");
    submit(&data).refused("FORMAT", "");
}

#[test]
fn a_folder_in_use_names_who_uses_it() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 3)));
    let submit = ["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"];
    run(&submit).well();
    let mut lock = fs::File::options().write(true).open(folder.path("data/LOCK")).expect("the lock");
    lock.lock().expect("nobody else has it");
    lock.write_all(b"4711 kerbwatt rebuild\n").expect("a line");
    let refused = run(&submit);
    assert_eq!(refused.code, 1, "{}", refused.err);
    let [waits, what, advice] = refused.err.lines().collect::<Vec<_>>()[..] else { unreachable!("{}", refused.err) };
    assert!(waits.contains("in use by process 4711 (kerbwatt rebuild): waiting"), "{waits}");
    assert!(what.starts_with("error: ") && what.contains("in use by process 4711 (kerbwatt rebuild)"), "{what}");
    assert!(advice.contains("use another data folder"), "{advice}");
    run(&["query", "--data", &data, "--metric", "sessions"]).well();
    run(&["verify", "--data", &data]).well();
    drop(lock);
    run(&submit).well();
}

#[test]
fn a_folder_that_another_writes_to_for_moments_is_waited_for() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 3)));
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc"]).well();
    let lock = fs::File::options().write(true).open(folder.path("data/LOCK")).expect("the lock");
    lock.lock().expect("nobody else has it");
    let mut decide = command(&["decide", "1", "--accept", "--data", &data]);
    let mut waiting = decide.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut told = BufReader::new(waiting.stderr.take().expect("a pipe"));
    let mut line = String::new();
    told.read_line(&mut line).expect("a line");
    assert!(line.contains("is in use by") && line.contains("waiting"), "{line}");
    drop(lock);
    assert!(waiting.wait().expect("it ends").success());
    assert_eq!(figures(&data, "sessions", &[])["sessions"], 3);
}

#[test]
fn a_submission_that_is_no_number_and_a_period_of_no_sessions_are_told_as_what_they_are() {
    let folder = Folder::new();
    let data = folder.text("data");
    for arguments in [&["decide", "abc", "--accept"][..], &["undo", "abc"], &["history", "abc"], &["rejected", "abc"]] {
        run(&[arguments, &["--data", &data]].concat()).misused("a submission is named by its number");
    }
    let query = ["query", "--data", &data, "--metric", "sessions", "--by", "day", "--period", "0001..9999"];
    run(&query).misused("from 2000-01-01 to 2099-12-31");
    run(&["patterns", "--data", &data, "--period", "0001..9999"]).misused("from 2000-01-01 to 2099-12-31");
}
