//! Faults while something is decided, taken back or superseded: a kill, a full disk, a vault that cannot be read. Each change is
//! made or not, and what was begun is finished by the next who writes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::damage::files;
use crate::deciding::dundee;
use crate::full_disk::limited;
use crate::program::{Folder, Ran, command, run, sessions};

const KILLS: u16 = 5;
const BLOCKS: [u32; 5] = [0, 16, 64, 160, 800];

/// What can be seen of a data folder: the rows that count, and what was decided about one return.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    rows: Vec<String>,
    decisions: Vec<Value>,
}

impl Seen {
    fn of(data: &str, submission: &str) -> Self {
        let rows = run(&["export", "sessions", "--data", data]).well();
        let mut rows: Vec<String> = rows.lines().map(str::to_owned).collect();
        rows.sort();
        let history = run(&["history", submission, "--data", data, "--json"]);
        let history = history.out.lines().next().and_then(|line| serde_json::from_str::<Value>(line).ok());
        let entries = history.as_ref().and_then(|history| history["history"].as_array()).into_iter().flatten();
        let decisions = entries.map(|entry| serde_json::json!([entry["kind"], entry["undone"], entry["says"]]));
        Self { rows, decisions: decisions.collect() }
    }
}

/// A step that changes figures, and the folder before it.
struct Step {
    name: String,
    before: PathBuf,
    arguments: Vec<String>,
    submission: &'static str,
    was: Seen,
    is: Seen,
}

/// A layout of the operator's own that reads the energy of the second return in watt-hours.
const IN_WATT_HOURS: &str = "name = 'watt-hours'\nkind = 'sessions'\nzone = 'UTC'\ntimes = 'rfc3339'\nenergy = 'wh'\n[columns]\n\
    session_id = 'session_id'\nevse = 'evse'\ndevice = 'device'\nplug_in = 'plug_in'\nplug_out = 'plug_out'\n\
    energy = 'energy_kwh'\nfee = 'fee_pence'\ndriver = 'driver'\n";

/// Two returns that count, one of them with a repair that is open; then everything that can be decided about them and about a third
/// one, which corrects rows of the second.
struct Steps {
    folder: Folder,
    steps: Vec<Step>,
}

fn copy(from: &Path, to: &Path) {
    for file in files(from) {
        let to = to.join(file.strip_prefix(from).expect("within"));
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::copy(file, to).expect("a copy");
    }
}

impl Steps {
    fn new() -> Self {
        let folder = Folder::new();
        let month = sessions(2020, 300);
        let wrong = folder.file("wrong.csv", dundee(true));
        let earlier = folder.file("earlier.csv", &month);
        let corrected = folder.file("corrected.csv", month.replace(",5.0,", ",7.0,"));
        let layout = folder.file("watt-hours.toml", IN_WATT_HOURS);
        let data = folder.text("data");
        let to = ["--data", &data];
        let accepted = |file, more: &[&str]| {
            let submit = [&["submit", file, "--operator", "gb-abc", "--accept"], more, &to].concat();
            submit.into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        let run_all = |arguments: &[String]| run(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).well();
        run_all(&accepted(&wrong, &["--no-repairs"]));
        run_all(&accepted(&earlier, &[]));
        let decided = |arguments: &[&str]| [arguments, &to].concat().into_iter().map(str::to_owned).collect::<Vec<_>>();
        let all = [
            ("3", accepted(&corrected, &[])),
            ("3", decided(&["decide", "3", "--withdraw"])),
            ("3", decided(&["decide", "3", "--accept"])),
            ("3", decided(&["undo", "3"])),
            ("1", decided(&["decide", "1", "--apply", "day_month_swap"])),
            ("1", decided(&["undo", "1"])),
            ("1", decided(&["decide", "1", "--apply", "day_month_swap"])),
            ("1", decided(&["decide", "1", "--decline", "day_month_swap"])),
            ("1", decided(&["undo", "1"])),
            ("2", decided(&["decide", "2", "--layout", &layout])),
        ];
        let mut steps = Vec::new();
        for (at, (submission, arguments)) in all.into_iter().enumerate() {
            let before = folder.path(&format!("before {at}"));
            copy(&folder.path("data"), &before);
            let was = Seen::of(&data, submission);
            run_all(&arguments);
            let is = Seen::of(&data, submission);
            assert!(was.rows != is.rows && was.decisions != is.decisions, "step {at} changes what is seen");
            let name = format!("step {at}, {}", arguments[0]);
            steps.push(Step { name, before, arguments, submission, was, is });
        }
        Self { folder, steps }
    }

    /// The folder as it is before a step.
    fn rewind(&self, step: &Step) -> String {
        let data = self.folder.path("data");
        fs::remove_dir_all(&data).expect("it goes");
        copy(&step.before, &data);
        self.folder.text("data")
    }

    /// After a fault nothing is half done and nothing is lost, and the next who writes finishes it, once.
    fn must_be_whole(&self, step: &Step, case: &str, is_told: bool) {
        let data = self.folder.text("data");
        let case = format!("{}: {case}", step.name);
        let seen = Seen::of(&data, step.submission);
        let is_decided = seen.decisions == step.is.decisions;
        assert!(is_decided || seen.decisions == step.was.decisions, "{case}: {:?}", seen.decisions);
        let is_shown = seen.rows == step.is.rows;
        assert!(is_shown || seen.rows == step.was.rows, "{case}: figures are neither those before nor those after");
        assert!(is_decided || !is_shown, "{case}: figures show what nobody decided");
        assert!(is_decided || !is_told, "{case}: told of it, but it was not there");
        if is_decided && !is_shown {
            let found = run(&["verify", "--data", &data]).well();
            assert!(found.contains("is not yet so in the figures"), "{case}: {found}");
        }
        self.finish(step, is_decided, &case);
    }

    fn finish(&self, step: &Step, is_decided: bool, case: &str) {
        let data = self.folder.text("data");
        let earlier = self.folder.text("earlier.csv");
        if is_decided {
            // Whoever writes next, whatever it is, catches up first.
            run(&["submit", &earlier, "--operator", "gb-abc", "--data", &data]).well();
        } else {
            run(&step.given()).well();
        }
        assert!(Seen::of(&data, step.submission) == step.is, "{case}: it was not finished, or done twice");
        run(&["verify", "--data", &data]).well();
    }
}

impl Step {
    fn given(&self) -> Vec<&str> {
        self.arguments.iter().map(String::as_str).collect()
    }
}

/// What was told as done.
fn is_told(ran: &Ran) -> bool {
    ran.code == 0
}

#[test]
fn a_kill_at_any_point_leaves_a_decision_made_once_or_not_at_all() {
    let steps = Steps::new();
    let mut interrupted = 0;
    let count = u32::try_from(steps.steps.len()).expect("a few");
    for (at, step) in (0..).zip(&steps.steps) {
        steps.rewind(step);
        let begun = Instant::now();
        run(&step.given()).well();
        let whole = begun.elapsed();
        for kill in 1..=KILLS {
            steps.rewind(step);
            let mut child =
                command(&step.given()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
            // Each step is killed at other points of its run.
            let part = (f64::from(kill) - f64::from(at) / f64::from(count)) / f64::from(KILLS);
            std::thread::sleep(whole.mul_f64(part).max(Duration::from_millis(1)));
            child.kill().expect("it is ours");
            let is_done = child.wait().expect("it ends").success();
            interrupted += u32::from(!is_done);
            steps.must_be_whole(step, &format!("kill {kill}"), is_done);
        }
    }
    println!("{interrupted} of {} runs were interrupted", steps.steps.len() * usize::from(KILLS));
    assert!(interrupted >= 12, "only {interrupted} runs were interrupted");
}

#[test]
fn a_full_disk_leaves_a_decision_made_once_or_not_at_all() {
    let steps = Steps::new();
    let mut behind = 0;
    for (step, blocks) in steps.steps.iter().flat_map(|step| BLOCKS.map(|blocks| (step, blocks))) {
        steps.rewind(step);
        let tried = limited(blocks, false, &step.given());
        assert!(is_told(&tried) || tried.err.contains("what to do: "), "{}, {blocks}: {}", step.name, tried.err);
        let is_decided = Seen::of(&steps.folder.text("data"), step.submission).decisions == step.is.decisions;
        let is_said = tried.err.contains("it is recorded") && tried.err.contains("Do not do it again");
        assert_eq!(is_said, is_decided && !is_told(&tried), "{}, {blocks}: {}", step.name, tried.err);
        behind += u32::from(is_said);
        steps.must_be_whole(step, &format!("{blocks} blocks"), is_told(&tried));
    }
    assert!(behind > 0, "no run ended between the decision and the figures");
}

#[test]
fn a_vault_that_cannot_be_read_leaves_a_decision_made_once_or_not_at_all() {
    let steps = Steps::new();
    let mut failed = 0;
    for step in &steps.steps {
        let stored = files(&step.before.join("vault"));
        assert!(stored.len() >= 2, "{stored:?}");
        for file in stored {
            let data = steps.rewind(step);
            let file = Path::new(&data).join(file.strip_prefix(&step.before).expect("within"));
            let aside = steps.folder.path("aside");
            fs::rename(&file, &aside).expect("it moves");
            // It is there, can be opened, and every read fails: also for the owner of all files.
            fs::create_dir(&file).expect("a folder");
            let tried = run(&step.given());
            failed += u32::from(!is_told(&tried));
            assert!(is_told(&tried) || tried.err.contains("what to do: "), "{}: {}", step.name, tried.err);
            fs::remove_dir(&file).expect("it goes");
            fs::rename(&aside, &file).expect("it moves back");
            steps.must_be_whole(step, &format!("without {}", file.display()), is_told(&tried));
        }
    }
    println!("{failed} runs could not read the vault");
    assert!(failed >= 4, "only {failed} runs noticed");
}

#[test]
fn a_file_damaged_in_the_vault_is_mended_also_while_a_decision_waits_for_it() {
    let steps = Steps::new();
    let withdraw = &steps.steps[1];
    let data = steps.rewind(withdraw);
    let stored = files(&Path::new(&data).join("vault"));
    for file in stored {
        let data = steps.rewind(withdraw);
        fs::remove_file(&file).expect("it goes");
        fs::write(&file, b"damaged").expect("it is written");
        run(&withdraw.given());
        for original in ["wrong.csv", "earlier.csv", "corrected.csv"] {
            let original = steps.folder.text(original);
            run(&["submit", &original, "--operator", "gb-abc", "--data", &data]);
        }
        run(&["verify", "--data", &data]).well();
    }
}
