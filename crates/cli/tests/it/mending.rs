//! Rows to mend of a return that is read with a repair: they are written as it reads them, for by themselves they prove none.

use crate::deciding::dundee;
use crate::program::{Folder, run};

/// Changes cells of some rows of a file; 0 is the header.
fn changed(text: &str, change: impl Fn(usize, &mut Vec<String>)) -> String {
    let mut lines = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        change(at, &mut cells);
        lines.push(cells.join(","));
    }
    lines.join("\n") + "\n"
}

/// Sessions as exported, but for where they come from and what is flagged.
fn exported(data: &str) -> Vec<String> {
    let rows = run(&["export", "sessions", "--data", data]).well();
    let bare = |line: &str| line.split(',').take(9).collect::<Vec<_>>().join(",");
    let mut rows: Vec<String> = rows.lines().skip(1).map(bare).collect();
    rows.sort();
    rows
}

/// Sends a file, mends what was set aside and sends that; gives the sessions, and those of the right file.
fn sent_and_mended(sent: &str, repair: &str, mend: impl Fn(usize, &mut Vec<String>)) -> [Vec<String>; 2] {
    let folder = Folder::new();
    let (data, truth) = (folder.text("data"), folder.text("truth"));
    let submit = |data: &str, file: &str| {
        let object =
            run(&["submit", file, "--data", data, "--operator", "gb-abc", "--accept", "--json"]).objects().remove(0);
        assert_eq!(object["state"], "accepted", "{object}");
        object
    };
    let whole = submit(&data, &folder.file("sent.csv", sent));
    assert_eq!(whole["repairs_applied"][0]["kind"], repair, "{whole}");
    let rows = run(&["rejected", "1", "--data", &data]).well();
    assert_eq!(rows.lines().count() as u64, whole["quarantined"].as_u64().expect("a count") + 1);
    let rows = changed(&rows, |at, cells| {
        if at > 0 {
            mend(at, cells);
        }
    });
    let mended = submit(&data, &folder.file("mended.csv", rows));
    assert_eq!(mended["quarantined"], 0, "{mended}");
    submit(&truth, &folder.file("right.csv", dundee(false)));
    [exported(&data), exported(&truth)]
}

#[test]
fn exchanged_dates_come_back_right_in_rows_that_are_mended_and_sent_again() {
    let is_wrong = |at: usize| at % 40 == 7;
    let sent = changed(&dundee(true), |at, cells| {
        if is_wrong(at) {
            cells[8].insert(0, '-');
        }
    });
    let [mended, right] = sent_and_mended(&sent, "day_month_swap", |_, cells| {
        cells[8] = cells[8].trim_start_matches('\'').trim_start_matches('-').to_owned();
    });
    assert_eq!(mended, right);
}

#[test]
fn watt_hours_come_back_as_kilowatt_hours_in_rows_that_are_mended_and_sent_again() {
    let is_wrong = |at: usize| at % 90 == 8;
    let right = dundee(false);
    let sent = changed(&right, |at, cells| {
        if at > 0 {
            cells[8] = format!("{}00", cells[8].replace('.', ""));
        }
        if is_wrong(at) {
            (cells[6], cells[7]) = (String::new(), String::new());
        }
    });
    let ends: Vec<(String, String)> = right
        .lines()
        .enumerate()
        .filter(|(at, _)| is_wrong(*at))
        .map(|(_, line)| {
            let cells: Vec<&str> = line.split(',').collect();
            (cells[6].to_owned(), cells[7].to_owned())
        })
        .collect();
    let [mended, right] =
        sent_and_mended(&sent, "energy_unit", |at, cells| (cells[6], cells[7]) = ends[at - 1].clone());
    assert_eq!(mended, right);
}
