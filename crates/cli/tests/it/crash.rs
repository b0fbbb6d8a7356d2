//! Power loss, as near as a process can come: SIGKILL at many points of a run.

use std::fs;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::program::{Folder, close, command, figures, run, sessions_from};

const KILLS: u16 = 24;
const ROWS: usize = 1_000;

/// Each file is of a month of its own.
fn month(number: u16) -> String {
    sessions_from(2020 + number / 12, number % 12 + 1, ROWS)
}

#[test]
fn whatever_was_acknowledged_is_there_once_after_a_kill_at_any_point() {
    let folder = Folder::new();
    let data = folder.text("data");
    let submit = |file: &str| ["submit", file, "--data", &data, "--operator", "gb-abc", "--accept"].map(str::to_owned);
    let mut whole = {
        let file = folder.file("0.csv", month(0));
        let start = Instant::now();
        run(&submit(&file).each_ref().map(String::as_str)).well();
        start.elapsed()
    };
    let (mut acknowledged, mut interrupted) = (0, 0);
    for kill in 1..=KILLS {
        let file = folder.file(&format!("{kill}.csv"), month(kill));
        let arguments = submit(&file);
        let arguments = arguments.each_ref().map(String::as_str);
        let printed = fs::File::create(folder.path("printed")).expect("a file");
        let mut child =
            command(&arguments).stdout(Stdio::from(printed)).stderr(Stdio::null()).spawn().expect("the binary starts");
        // Spread over the run, a little beyond its end.
        let slept = whole.mul_f64(f64::from(kill) / f64::from(KILLS) * 1.1).max(Duration::from_millis(1));
        std::thread::sleep(slept);
        child.kill().expect("it is ours");
        let was_interrupted = !child.wait().expect("it ends").success();
        interrupted += usize::from(was_interrupted);
        let was_told = fs::read_to_string(folder.path("printed")).expect("text").contains(&format!("{kill}.csv\n"));
        acknowledged += usize::from(was_told);
        // Nothing half-done is visible: either all of the file or none of it, and every invariant holds.
        let before = figures(&data, "sessions", &[])["sessions"].as_u64().unwrap_or_default();
        assert!(
            [kill, kill + 1].map(|files| u64::from(files) * ROWS as u64).contains(&before),
            "kill {kill}: {before}"
        );
        run(&["verify", "--data", &data]).well();
        // How long a whole run takes just now: the machine may have other work.
        let start = Instant::now();
        let again = run(&[&arguments[..], &["--json"]].concat());
        whole = match (was_interrupted, was_told) {
            // It had ended before: a whole run takes less.
            (false, _) => whole.min(slept),
            (true, true) => whole,
            (true, false) => start.elapsed(),
        };
        let object = again.objects().remove(0);
        again.well();
        assert!(!was_told || object["repeated"] == true, "kill {kill}: told of it, but it was not there");
        let all = figures(&data, "sessions,energy_kwh", &[]);
        let expected = u32::from(kill + 1) * 1_000;
        assert_eq!(all["sessions"].as_u64(), Some(u64::from(expected)), "kill {kill}");
        close(&all["energy_kwh"], f64::from(expected) * 5.0);
    }
    run(&["verify", "--data", &data]).well();
    println!("{interrupted} of {KILLS} runs were interrupted, {acknowledged} had acknowledged before");
    assert!(interrupted >= usize::from(KILLS) / 2, "only {interrupted} runs were interrupted");
    assert!(acknowledged > 0 && acknowledged < usize::from(KILLS), "{acknowledged} of {KILLS} were acknowledged");
}
