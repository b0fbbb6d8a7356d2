//! Rows to mend come back as they were, whatever divides them.

use std::collections::BTreeSet;

use kerbwatt_intake::OriginalRows;
use proptest::prelude::*;

use crate::{read, rows_to_mend};

const HEADER: [&str; 6] = ["session_id", "evse", "plug_in", "plug_out", "energy_kwh", "driver"];
const WRONG: &str = "soon";

/// A table as programs write it.
fn written(header: &[String], rows: &[Vec<String>], delimiter: char) -> String {
    let cell = |text: &String| {
        let is_plain = !text.contains(['"', '\r', '\n', delimiter]);
        if is_plain { text.clone() } else { format!("\"{}\"", text.replace('"', "\"\"")) }
    };
    let line =
        |cells: &[String]| cells.iter().map(cell).collect::<Vec<_>>().join(delimiter.encode_utf8(&mut [0; 4])) + "\r\n";
    std::iter::once(line(header)).chain(rows.iter().map(|row| line(row))).collect()
}

/// The rows, mended and guarded against spreadsheets, which run what begins like a formula.
fn mended(rows: &OriginalRows, right: &[Vec<String>]) -> String {
    let guarded = |text: String| if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text };
    let row = |(number, cells): &(u64, Vec<String>)| {
        let end = &right[usize::try_from(*number).unwrap() - 1][3];
        cells.iter().map(|cell| if cell == WRONG { end.clone() } else { guarded(cell.clone()) }).collect()
    };
    written(&rows.header, &rows.rows.iter().map(row).collect::<Vec<Vec<String>>>(), rows.delimiter)
}

type Said = (String, String, i64, i64, u64, Option<String>);

fn said(bytes: &[u8]) -> Vec<Said> {
    let read = read(bytes).unwrap();
    let of = |session: kerbwatt_model::Session<'_>| {
        let (from, to) = (session.plug_in.as_second(), session.plug_out.as_second());
        let driver = session.driver.map(str::to_owned);
        (session.session_id.to_owned(), session.evse.to_owned(), from, to, session.energy_kwh.to_bits(), driver)
    };
    read.sessions.iter().map(of).collect()
}

proptest! {
    #[test]
    fn rows_that_are_mended_and_sent_again_say_what_the_right_file_said(
        delimiter in prop::sample::select(vec![',', ';', '\t']),
        made in prop::collection::vec(("[=+@-]?[a-z\";,' ]{0,5}[a-z]", "[=-]?[A-Z\",;]{0,3}[A-Z]", 0_u32..90_000, "[a-z]{1,4}", any::<bool>()), 1..12),
    ) {
        let point = if delimiter == ',' { '.' } else { ',' };
        let row = |(at, (id, evse, energy, driver, _)): (usize, &(String, String, u32, String, bool))| {
            let day = at + 1;
            let energy = format!("{}{point}{:03}", energy / 1000, energy % 1000);
            let (from, to) = (format!("2024-03-{day:02}T08:00:00Z"), format!("2024-03-{day:02}T18:30:00Z"));
            vec![format!("{id}{at}"), evse.clone(), from, to, energy, format!("card {driver}")]
        };
        let right: Vec<Vec<String>> = made.iter().enumerate().map(row).collect();
        let wrong = |at: &usize| made[*at].4;
        let mut broken = right.clone();
        (0..made.len()).filter(wrong).for_each(|at| broken[at][3] = WRONG.to_owned());
        let header = HEADER.map(str::to_owned);
        let wanted: BTreeSet<u64> = (0..made.len()).filter(wrong).map(|at| at as u64 + 1).collect();
        prop_assume!(!wanted.is_empty());
        let rows = rows_to_mend(written(&header, &broken, delimiter).as_bytes(), &wanted);
        prop_assert_eq!(rows.rows.len(), wanted.len());
        // Not by position: a point called NA is none, also in the right file, and its row is no session.
        let at = |said: &Said| said.0.trim_start_matches(|letter: char| !letter.is_ascii_digit()).parse().unwrap();
        let truth = said(written(&header, &right, delimiter).as_bytes());
        let expected: Vec<Said> = truth.into_iter().filter(|said| wrong(&at(said))).collect();
        prop_assert_eq!(said(mended(&rows, &right).as_bytes()), expected);
    }
}

/// Where a quotation mark that should not be there is taken for closed.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Closed {
    Never,
    /// At a mark before the cell of a row, which is not closed either.
    Before(usize),
    /// At the first of the two marks around the cell of a row.
    Around(usize),
}

/// Nine sessions, of which a quotation mark before a cell of the third takes in what is below it, to the end or to a mark before or
/// around the same cell of a later one.
fn unclosed(cell: usize, closed: Closed) -> (String, String) {
    let row = |at: usize| {
        let (from, to) = (format!("2024-03-0{at}T08:00:00Z"), format!("2024-03-0{at}T09:00:00Z"));
        vec![format!("s{at}"), format!("E{at}"), from, to, format!("{at}.5"), format!("card{at}")]
    };
    let marked = |at: usize| {
        let mut cells = row(at);
        let is_around = matches!(closed, Closed::Around(closing) if closing == at);
        if at == 3 || is_around || closed == Closed::Before(at) {
            cells[cell].insert(0, '"');
        }
        if is_around {
            cells[cell].push('"');
        }
        cells.join(",") + "\n"
    };
    let header = HEADER.join(",") + "\n";
    let right: String = (1..=9).map(|at| row(at).join(",") + "\n").collect();
    (header.clone() + &right, header + &(1..=9).map(marked).collect::<String>())
}

#[test]
fn rows_that_an_unclosed_quotation_mark_took_in_are_among_those_to_mend_and_count_when_they_are_sent_again() {
    use Closed::{Around, Before, Never};
    let closed = [Never, Before(7), Around(7), Before(4), Around(4)];
    for (cell, closing) in (0..HEADER.len()).flat_map(|cell| closed.map(|one| (cell, one))) {
        let (right, broken) = unclosed(cell, closing);
        let found = read(broken.as_bytes()).unwrap();
        let rules: Vec<(u64, &str)> = found.quarantined.iter().map(|row| (row.row, row.rule)).collect();
        assert_eq!(rules, [(3, "unclosed_quote")], "{cell} {closing:?}");
        let totals = found.totals;
        assert_eq!(totals.rows_read, totals.accepted + totals.quarantined + totals.duplicates);
        let rows = rows_to_mend(broken.as_bytes(), &BTreeSet::from([3]));
        let numbers: BTreeSet<u64> = rows.rows.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, BTreeSet::from([3]));
        assert!(!rows.rows.iter().flat_map(|(_, cells)| cells).any(|cell| cell.contains("card")), "{rows:?}");
        let lines: Vec<Vec<String>> = rows.rows.into_iter().map(|(_, cells)| cells).collect();
        let again = written(&rows.header, &lines, rows.delimiter);
        let mut both = said(broken.as_bytes());
        both.extend(said(again.as_bytes()));
        both.sort();
        assert_eq!(both, said(right.as_bytes()), "{cell} {closing:?}: {again}");
    }
}

#[test]
fn what_names_a_driver_among_rows_taken_in_is_in_no_row_to_mend() {
    let rows: String = (2..=6)
        .map(|at| format!("2024-03-0{at}T08:00:00Z,2024-03-0{at}T09:00:00Z,Marker, Jane{at},s{at},E1,7\n"))
        .collect();
    let text = format!(
        "plug_in,plug_out,driver,session_id,evse,energy_kwh\n\
         2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,x,\"s1,E1,7\n{rows}"
    );
    let found = read(text.as_bytes()).unwrap();
    let wanted: BTreeSet<u64> = found.quarantined.iter().map(|row| row.row).collect();
    assert!(found.quarantined.iter().any(|row| row.rule == "unclosed_quote"), "{:?}", found.quarantined);
    let rows = rows_to_mend(text.as_bytes(), &wanted);
    assert!(rows.rows.len() > wanted.len(), "{rows:?}");
    let shown = format!("{rows:?}");
    assert!(!shown.contains("Marker") && !shown.contains("Jane"), "{shown}");
}
