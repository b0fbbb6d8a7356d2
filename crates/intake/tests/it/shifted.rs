//! Rows with more cells than the header: a comma within a cell that is not in quotation marks moves all cells behind it.

use std::collections::BTreeSet;

use kerbwatt_intake::read_register;
use proptest::prelude::*;

use crate::made::{Cell, HEADER as COLUMNS, Sheet, sheet, workbook};
use crate::{read, rows_to_mend};

const HEADER: &str = "session_id,evse,connector,plug_in,plug_out,energy_kwh,fee_pence,driver,email\n";
const CARD: &str = "04A2B3C4D5E6F7";

fn row(energy: &str, fee: &str) -> String {
    format!("s1,E1,2,2024-03-01T08:00:00Z,2024-03-01T10:00:00Z,{energy},{fee},{CARD},jane@example.org\n")
}

fn rules(text: &str) -> (u64, Vec<&'static str>) {
    let read = read(text.as_bytes()).unwrap();
    (read.totals.accepted, read.quarantined.iter().map(|row| row.rule).collect())
}

#[test]
fn a_row_with_a_cell_beyond_the_last_header_is_kept_apart() {
    assert_eq!(rules(&format!("{HEADER}{}", row("12.5", "320"))), (1, vec![]));
    for wrong in [row("12,5", "320"), row("12.5", "3,20"), row("12,5", "3,20")] {
        assert_eq!(rules(&format!("{HEADER}{wrong}")), (0, vec!["too_many_cells"]), "{wrong}");
    }
    let read = read(format!("{HEADER}{}", row("12,5", "320")).as_bytes()).unwrap();
    assert_eq!(&*read.quarantined[0].value, "10 cells, 9 headers");
    assert_eq!(
        (read.totals.energy_kwh.read, read.totals.energy_kwh.quarantined),
        (0.0, 0.0),
        "nobody knows which it is"
    );
}

#[test]
fn blank_cells_behind_the_last_header_say_nothing() {
    let right = row("12.5", "320");
    for blank in [",", ", ,", ",\t", ",,,,,,"] {
        let line = right.trim_end();
        assert_eq!(rules(&format!("{HEADER}{line}{blank}\n")), (1, vec![]), "{blank:?}");
        // Where each line ends in a comma, a moved row has no more cells than its header.
        let with_comma = |text: &str| text.replace('\n', ",\n");
        let wrong = with_comma(&row("12,5", "320"));
        assert_eq!(rules(&format!("{}{wrong}", with_comma(HEADER))), (0, vec!["too_many_cells"]));
        assert_eq!(rules(&format!("{}{}", with_comma(HEADER), with_comma(&right))), (1, vec![]));
    }
}

#[test]
fn a_file_of_which_each_row_has_one_cell_more_is_kept_apart_with_advice() {
    let rows: String =
        (0..30).map(|at| row("12.5", "320").replace("s1", &format!("s{at}")).replace('\n', ",x\n")).collect();
    let read = read(format!("{HEADER}{rows}").as_bytes()).unwrap();
    assert_eq!((read.totals.accepted, read.totals.quarantined), (0, 30));
    let found = &read.findings[0];
    assert_eq!((found.rule, found.count), ("too_many_cells", 30));
    assert!(found.advice.contains("quotation marks") && found.advice.contains("header"), "{}", found.advice);
}

#[test]
fn a_column_without_a_name_that_most_rows_fill_belongs_to_the_table() {
    let with = |text: &str, more: &str| text.replace('\n', &format!("{more}\n"));
    let (filled, plain) = (with(&row("12.5", "320"), ",,Leaf"), row("12.5", "320").replace("s1", "s2"));
    let file = format!("{}{filled}{plain}", with(HEADER, ",,"));
    assert_eq!(rules(&file), (2, vec![]));
    let moved = with(&row("12,5", "320"), ",,Leaf").replace("s1", "s3");
    assert_eq!(rules(&format!("{file}{moved}")), (2, vec!["too_many_cells"]));
}

#[test]
fn moved_rows_prove_no_repair() {
    let right: String = (0..40)
        .map(|at| {
            format!(
                "s{at},E{},2024-03-{:02}T08:00:00Z,2024-03-{:02}T10:00:00Z,1{at}\n",
                at % 3,
                at % 28 + 1,
                at % 28 + 1
            )
        })
        .collect();
    let moved: String = (0..60)
        .map(|at| format!("m{at},E,9,2024-03-{:02}T08:00:00Z,2024-03-{:02}T10:00:00Z,5\n", at % 28 + 1, at % 28 + 1))
        .collect();
    let read = read(format!("session_id,evse,plug_in,plug_out,energy_kwh\n{right}{moved}").as_bytes()).unwrap();
    assert_eq!((read.totals.accepted, read.totals.quarantined), (40, 60));
    assert!(read.repairs.is_empty(), "{:?}", read.repairs);
}

#[test]
fn a_cell_beside_the_table_of_a_workbook_keeps_its_row_apart() {
    let mut table = sheet("May");
    let width = COLUMNS.len();
    for (at, text) in [(2, "card-9"), (5, " ")] {
        table.rows[at].resize(width, Cell::Nothing);
        table.rows[at].push(Cell::Text(text.to_owned()));
    }
    let read = read(&workbook(&[Sheet { name: "May", ..table }], false)).unwrap();
    let moved: Vec<(u64, &str)> = read.quarantined.iter().map(|row| (row.row, row.rule)).collect();
    assert_eq!(moved, [(2, "too_many_cells"), (8, "open_session")]);
}

#[test]
fn a_moved_row_of_a_register_is_no_entry() {
    let header = "evse,device,location,address,latitude,longitude,rated_kw\n";
    let text = format!("{header}E1,D1,L1,1 High Street,51.5,-0.1,7\nE2,D2,L2,2 High Street, Leith,51.5,-0.1,7\n");
    let read = read_register(text.as_bytes(), "r.csv", None).unwrap();
    assert_eq!((read.entries.len(), read.rejected[0].rule), (1, "too_many_cells"));
}

proptest! {
    /// The card never reaches sessions, findings or rows to mend, and these are no sessions when they come again as they are.
    #[test]
    fn a_card_that_a_comma_moves_is_nowhere_shown(
        at in 0usize..9, commas in 1usize..4, others in 0usize..4,
        card in prop::sample::select(vec![CARD, "4711", "12345678", "Jane Marker", "E-7731"]),
    ) {
        let mut cells: Vec<String> = row("12.5", "320").trim_end().split(',').map(str::to_owned).collect();
        cells[7] = card.to_owned();
        let right: String = (0..others)
            .map(|at| format!("r{at},E1,2,2024-03-0{0}T08:00:00Z,2024-03-0{0}T10:00:00Z,7,0,other,x\n", at + 2))
            .collect();
        // A card that a comma divides is no card any more.
        cells[at] = if at == 7 { format!("x{}{card}", ",".repeat(commas)) } else { format!("1{}2", ",".repeat(commas)) };
        let text = format!("{HEADER}{}\n{right}", cells.join(","));
        let read = read(text.as_bytes()).unwrap();
        prop_assert_eq!(read.totals.accepted as usize, others);
        prop_assert_eq!(read.quarantined[0].rule, "too_many_cells");
        let shown = format!("{:?} {:?} {:?} {:?}", read.sessions.iter().collect::<Vec<_>>(), read.quarantined, read.findings, read.repairs);
        prop_assert!(!shown.contains(card), "{}", shown);
        let rows = rows_to_mend(text.as_bytes(), &BTreeSet::from([1]));
        prop_assert!(!rows.rows[0].1.iter().any(|cell| cell.contains(card) || cell.contains("jane")), "{:?}", rows);
        let again = format!("{HEADER}{}\n", rows.rows[0].1.join(","));
        prop_assert_eq!(crate::read(again.as_bytes()).unwrap().totals.accepted, 0, "{}", again);
    }
}
