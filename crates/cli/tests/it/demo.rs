//! The sample: made once, gone on with after an interruption, and never mixed with real data.

use std::process::Stdio;
use std::time::Duration;

use crate::damage::files;
use crate::program::{Folder, Server, command, run, sessions};

#[test]
fn a_sample_whose_making_was_killed_is_gone_on_with_and_then_served_as_it_is() {
    let folder = Folder::new();
    let data = folder.text("data");
    let demo = ["demo", "--data", &data, "--port", "0"];
    let mut child = command(&demo).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts");
    // Killed amid its returns: the vault has the twelve registers and some of the files.
    while files(&folder.path("data")).iter().filter(|path| path.to_string_lossy().contains("/vault/")).count() < 30 {
        assert!(child.try_wait().expect("a state").is_none(), "it ended by itself");
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().expect("it is ours");
    child.wait().expect("it ends");
    run(&["verify", "--data", &data]).well();
    let server = Server::start(&demo);
    let catalogue: serde_json::Value = serde_json::from_str(&server.get("/api/v1/catalogue")).expect("JSON");
    assert_eq!(
        (catalogue["data"]["hub_name"].as_str(), catalogue["data"]["sample"].as_bool()),
        (Some("London"), Some(true))
    );
    let version = catalogue["data"]["data_version"].clone();
    assert_eq!(
        waiting(&server),
        WAITING.map(|(operator, state, needs)| (operator.to_owned(), state.to_owned(), needs))
    );
    assert_eq!(server.end("-TERM").0, 0);
    run(&["verify", "--data", &data]).well();
    let server = Server::start(&demo);
    let catalogue: serde_json::Value = serde_json::from_str(&server.get("/api/v1/catalogue")).expect("JSON");
    assert_eq!(catalogue["data"]["data_version"], version, "served as it is");
    assert_eq!(server.end("-INT").0, 0);
    let file = folder.file("r.csv", sessions(2024, 20));
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc"]).refused("invented data", "another folder");
}

/// Whose returns of the sample nobody has decided about, newest first: state, and whether a repair or a layout waits.
const WAITING: [(&str, &str, bool); 3] =
    [("gb-lnt", "checked", true), ("gb-cbs", "received", true), ("gb-tmn", "checked", false)];

fn waiting(server: &Server) -> Vec<(String, String, bool)> {
    let listed: serde_json::Value = serde_json::from_str(&server.get("/api/v1/submissions")).expect("JSON");
    let of = |one: &serde_json::Value| {
        let text = |field: &str| one[field].as_str().map(str::to_owned);
        Some((text("operator")?, text("state")?, one["needs_decision"].as_bool()?))
    };
    let all = listed["submissions"].as_array().expect("a list").iter().filter_map(of);
    all.filter(|(_, state, _)| state != "accepted").collect()
}

#[test]
fn a_sample_is_not_made_in_a_folder_of_real_returns() {
    let folder = Folder::new();
    let (data, file) = (folder.text("data"), folder.file("r.csv", sessions(2024, 20)));
    run(&["submit", &file, "--data", &data, "--operator", "gb-abc"]).well();
    run(&["demo", "--data", &data, "--port", "0"]).refused("must not be mixed", "Use another data folder");
}
