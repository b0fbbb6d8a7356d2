//! A disk that is full, as near as a process can come: no file may grow beyond a limit, in vault, ledger and lake alike.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::program::{Folder, Ran, close, figures, ran, run, sessions_from};

/// Rows that count, and rows that end in quarantine: files of which the vault needs the most room, or the lake, or the ledger.
const ROWS: [(usize, usize); 3] = [(1_500, 0), (40, 0), (40, 3_000)];
const BLOCKS: [u32; 6] = [0, 16, 64, 160, 800, 4_000];

fn month(number: u16, good: usize, bad: usize) -> String {
    let text = sessions_from(2020 + number / 12, number % 12 + 1, good + bad);
    let row = |(line, text): (usize, &str)| match line {
        line if line > good => text.replace(",5.0,", ",-1,") + "\n",
        _ => text.to_owned() + "\n",
    };
    text.lines().enumerate().map(row).collect()
}

/// Runs with no file of more than so many blocks (of 512 or 1024 bytes, as the shell counts). A write beyond it fails, or
/// kills where `is_killed`.
pub(crate) fn limited(blocks: u32, is_killed: bool, arguments: &[&str]) -> Ran {
    let on_signal = if is_killed { "" } else { "trap '' XFSZ;" };
    let script = format!("ulimit -c 0; {on_signal} ulimit -f {blocks}; exec \"$0\" \"$@\"");
    ran(Command::new("sh").args(["-c", &script, env!("CARGO_BIN_EXE_kerbwatt")]).args(arguments))
}

/// What it printed, as far as it came.
fn objects(ran: &Ran) -> Vec<Value> {
    ran.out.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Returns which parts of the folder had no room.
fn submit_until_there_is_room(is_killed: bool) -> BTreeSet<&'static str> {
    let folder = Folder::new();
    let data = folder.text("data");
    let (mut months, mut rows) = (0_u16, 0);
    let mut parts = BTreeSet::new();
    for (blocks, (good, bad)) in BLOCKS.iter().flat_map(|blocks| ROWS.map(|rows| (*blocks, rows))) {
        (months, rows) = (months + 1, rows + good);
        let case = format!("{good} + {bad} rows, {blocks} blocks");
        let file = folder.file(&format!("{months}.csv"), month(months, good, bad));
        let submit = ["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept", "--json"];
        let tried = limited(blocks, is_killed, &submit);
        let was_told = objects(&tried).iter().any(|object| object["error"].is_null());
        assert!(tried.code != 0 || was_told, "{case}");
        assert!(tried.code == 0 || is_killed || tried.err.contains("what to do: "), "{case}: {}", tried.err);
        parts.extend(["/vault/", "ledger.sqlite", "/lake/"].into_iter().filter(|part| tried.err.contains(part)));
        // Handed in again where there is room it is there once, whatever the first attempt left.
        let again = run(&submit);
        let object = again.objects().remove(0);
        again.well();
        // With so many rows set aside somebody has to look first.
        if object["state"] == "checked" {
            run(&["decide", &object["submission"].to_string(), "--accept", "--data", &data]).well();
        }
        assert!(!was_told || object["repeated"] == true, "{case}: told of it, but it was not there");
        let all = figures(&data, "sessions,energy_kwh", &[]);
        assert_eq!(all["sessions"].as_u64(), Some(rows as u64), "{case}");
        close(&all["energy_kwh"], rows as f64 * 5.0);
        if tried.code != 0 {
            run(&["verify", "--data", &data]).well();
        }
    }
    parts
}

#[test]
fn a_full_disk_loses_nothing_that_was_acknowledged_and_says_what_to_do() {
    let parts = submit_until_there_is_room(false);
    assert!(parts.contains("/vault/") && parts.contains("ledger.sqlite"), "{parts:?}");
}

#[test]
fn a_process_that_a_limit_kills_loses_nothing_that_was_acknowledged() {
    submit_until_there_is_room(true);
}
