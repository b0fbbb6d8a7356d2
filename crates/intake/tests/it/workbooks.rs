//! Workbooks: dates, titles, headers of two rows, gaps, and sheets that claim more than they hold.

use kerbwatt_model::Flag;
use proptest::prelude::*;

use crate::made::{self, Cell, Sheet};
use crate::read;

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn words(words: &[&str]) -> Vec<Cell> {
    words.iter().map(|word| if word.is_empty() { Cell::Nothing } else { text(word) }).collect()
}

/// Serial dates from 1900.
fn row(device: f64, start: f64, end: f64, energy: Cell) -> Vec<Cell> {
    vec![
        Cell::Number(device),
        Cell::Number(1.0),
        Cell::Styled(start.floor(), 1),
        Cell::Styled(start.fract(), 2),
        Cell::Styled(end.floor(), 1),
        Cell::Styled(end.fract(), 2),
        energy,
        Cell::Number(3.2),
    ]
}

#[test]
fn serial_dates_below_a_title_and_a_header_of_two_rows_are_read() {
    // 45352 is 1 March 2024.
    let mut sheet = Sheet::of(
        "Usage",
        vec![
            words(&["Usage report"]),
            Vec::new(),
            words(&["CPID", "Connector", "Start", "", "End", "", "Total kWh", "Cost"]),
            words(&["", "", "Date", "Time", "Date", "Time"]),
            row(50_914.0, 45_352.343_75, 45_352.385_416_666_664, Cell::Number(7.25)),
            Vec::new(),
            row(50_914.0, 45_353.0, 45_353.5, Cell::Error),
            vec![Cell::Bool(true), text("x")],
        ],
    );
    sheet.merged = ["A1:H1", "A3:A4", "B3:B4", "C3:D3", "E3:F3", "G3:G4", "H3:H4"].map(str::to_owned).to_vec();
    let read = read(&made::workbook(&[sheet], false)).unwrap();
    let session = read.sessions.at(0);
    assert_eq!((read.profile.name.as_str(), session.row, session.evse), ("split-date", 1, "50914/1"));
    assert_eq!(session.plug_in.to_string(), "2024-03-01T08:15:00Z");
    assert_eq!((session.plugged_s(), session.energy_kwh, session.fee_pence), (3600, 7.25, Some(320.0)));
    let rules: Vec<(u64, &str)> = read.quarantined.iter().map(|row| (row.row, row.rule)).collect();
    assert_eq!(rules, [(3, "open_session"), (4, "missing_start")], "row 2 is blank, and still a row");
}

#[test]
fn groups_above_a_whole_header_do_not_hide_the_layout() {
    let header =
        "Charging event,CP ID,Connector,Start Date,Start Time,End Date,End Time,Total kWh,Cost,Site,Group,Model";
    let header: Vec<&str> = header.split(',').collect();
    let values = ["7", "50914", "1", "01/06/2018", "08:15", "01/06/2018", "09:15", "7.25", "1.20", "S", "G", "M"];
    let mut groups = vec![""; header.len()];
    (groups[0], groups[3], groups[7]) = ("Session", "Times", "Energy and cost");
    let mut sheet = Sheet::of("Usage", vec![words(&groups), words(&header), words(&values)]);
    sheet.merged = ["A1:C1", "D1:G1", "H1:I1"].map(str::to_owned).to_vec();
    let read = read(&made::workbook(&[sheet], false)).unwrap();
    assert_eq!((read.profile.name.as_str(), read.totals.accepted), ("dundee-2017", 1));
}

#[test]
fn days_counted_from_1904_are_the_same_days() {
    let header = words(&[
        "Transaction ID",
        "Charge point",
        "Socket",
        "Start time",
        "End time",
        "Energy (kWh)",
        "Amount (GBP)",
        "Card",
    ]);
    let sheet = |shift: f64| {
        let row = |id: f64, from: f64, to: f64| {
            vec![
                Cell::Number(id),
                text("CP1"),
                Cell::Number(2.0),
                Cell::Styled(from - shift, 3),
                Cell::Styled(to - shift, 3),
                Cell::Number(7.25),
                Cell::Number(3.2),
                Cell::Number(1e15),
            ]
        };
        Sheet::of("S", vec![header.clone(), row(77.0, 45_352.343_75, 45_352.5), row(78.0, 45_353.0, 45_353.25)])
    };
    let from_1900 = read(&made::workbook(&[sheet(0.0)], false)).unwrap();
    let from_1904 = read(&made::workbook(&[sheet(1462.0)], true)).unwrap();
    assert_eq!(from_1900.sessions, from_1904.sessions);
    let starts: Vec<String> = from_1900.sessions.iter().map(|session| session.plug_in.to_string()).collect();
    assert_eq!(starts, ["2024-03-01T08:15:00Z", "2024-03-02T00:00:00Z"]);
    assert!(from_1900.sessions.iter().all(|session| !session.has(Flag::ClockChange) && session.session_id != "77.0"));
}

#[test]
fn a_sheet_that_claims_to_be_huge_costs_nothing() {
    let xml = made::sheet("S").xml();
    let claimed = xml.replace("<sheetData>", r#"<dimension ref="A1:XFD1048576"/><sheetData>"#);
    let stray = claimed.replace("</sheetData>", r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>"#);
    for xml in [claimed, stray] {
        let read = read(&made::workbook_of(&[("S".into(), false, xml)], false)).unwrap();
        assert_eq!(read.sessions.len(), 8);
    }
}

#[test]
fn more_rows_than_are_taken_are_refused() {
    let xml = made::sheet("S").xml();
    let tall = xml.replace("</sheetData>", r#"<row r="2000001"><c r="A2000001"><v>1</v></c></row></sheetData>"#);
    let refusal = read(&made::workbook_of(&[("S".into(), false, tall)], false)).unwrap_err();
    assert_eq!(refusal.code(), "too_large", "{refusal}");
}

#[test]
fn a_workbook_that_claims_what_it_cannot_hold_is_refused() {
    let xml = made::sheet("S").xml();
    // A place for each text it claims to have would be more memory than there is.
    for claim in ["9999999999999", "99999999999999999999"] {
        let texts = format!(r#"<sst xmlns="x" uniqueCount="{claim}"><si><t>a</t></si></sst>"#);
        let book = made::workbook_with(&[("S".into(), false, xml.clone())], false, &[("xl/sharedStrings.xml", &texts)]);
        assert_eq!(read(&book).unwrap_err().code(), "damaged_file");
    }
    let far = xml.replace(r#"r="A2""#, r#"r="ZZZZ2""#);
    assert_eq!(read(&made::workbook_of(&[("S".into(), false, far)], false)).unwrap_err().code(), "damaged_file");
}

/// A return of `rows` sessions, the energy of each its number, below titles and a header of one row or two. Rows in `gaps` are
/// left blank on the sheet.
fn numbered(titles: usize, has_two_rows: bool, rows: u32, gaps: &[u32]) -> Sheet {
    let mut all: Vec<Vec<Cell>> = (0..titles).map(|at| words(&[&format!("Title {at}")])).collect();
    let upper = titles + 1;
    let mut merged = Vec::new();
    if has_two_rows {
        all.push(words(&["CP ID", "Connector", "Start", "", "End", "", "Total kWh", "Cost"]));
        all.push(words(&["", "", "Date", "Time", "Date", "Time"]));
        merged.extend([format!("A{upper}:A{}", upper + 1), format!("C{upper}:D{upper}"), format!("E{upper}:F{upper}")]);
    } else {
        all.push(words(&[
            "CP ID",
            "Connector",
            "Start Date",
            "Start Time",
            "End Date",
            "End Time",
            "Total kWh",
            "Cost",
        ]));
    }
    for at in 1..=rows {
        if gaps.contains(&at) {
            all.push(Vec::new());
        }
        let start = 45_352.25 + f64::from(at);
        all.push(row(f64::from(50_000 + at % 7), start, start + 0.25, Cell::Number(f64::from(at))));
    }
    let mut sheet = Sheet::of("Usage", all);
    sheet.merged = merged;
    sheet
}

proptest! {
    #[test]
    fn every_row_of_a_workbook_is_read_whatever_stands_above_it(
        titles in 0_usize..4,
        has_two_rows: bool,
        rows in 1_u32..80,
        gaps in prop::collection::vec(1_u32..80, 0..4),
    ) {
        let read = read(&made::workbook(&[numbered(titles, has_two_rows, rows, &gaps)], false)).unwrap();
        let energies: Vec<f64> = read.sessions.iter().map(|session| session.energy_kwh).collect();
        let all: Vec<f64> = (1..=rows).map(f64::from).collect();
        prop_assert_eq!(energies, all);
        prop_assert_eq!(read.totals.rows_read, u64::from(rows));
    }
}
