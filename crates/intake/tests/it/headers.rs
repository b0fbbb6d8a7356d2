//! Headers of more than one row, columns without a name, and files without any header.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use kerbwatt_intake::{
    Declared, Kind, NoRegister, OriginalRows, Profile, Proposal, Refusal, SessionReturn, original_rows, propose,
    propose_with_header, read_sessions,
};
use kerbwatt_model::OperatorId;

use crate::made::{self, Cell, Sheet};
use crate::{declared, read_by};

const NAMES: &str = "Device,Start,End,Energy,Driver card\n";

/// Rows of three posts without a header: device, start, end, energy, card.
fn rows(count: usize) -> String {
    let mut text = String::new();
    for row in 0..count {
        let (day, hour) = (1 + row / 3 % 28, 6 + row % 3 * 4);
        let kwh = 6.0 + f64::from(u8::try_from(row % 97).unwrap()) * 0.07;
        writeln!(
            text,
            "Q{},{day:02}/05/2024 {hour:02}:10,{day:02}/05/2024 {:02}:40,{kwh:.2},CARDSECRET{row}",
            row % 3,
            hour + 2
        )
        .unwrap();
    }
    text
}

fn proposed(text: &str) -> Proposal {
    propose(text.as_bytes(), Kind::Sessions).unwrap()
}

fn with_header(text: &str, rows: u8) -> Proposal {
    propose_with_header(text.as_bytes(), Kind::Sessions, Some(rows)).unwrap()
}

fn fields(proposal: &Proposal) -> Vec<(String, String)> {
    let of = |column: &kerbwatt_intake::ProposedColumn| Some((column.field.clone()?, column.column.clone()));
    proposal.columns.iter().filter_map(of).collect()
}

fn field<'p>(fields: &'p [(String, String)], wanted: &str) -> Option<&'p str> {
    fields.iter().find(|(field, _)| field == wanted).map(|(_, column)| column.as_str())
}

fn read_in(text: &str, own: &[Profile]) -> Result<SessionReturn, Refusal> {
    let operator = OperatorId::parse("gb-tst").unwrap();
    read_sessions(text.as_bytes(), &Declared { own, propose: true, ..declared(&operator) }, &NoRegister)
}

fn mend_in(text: &str, own: &[Profile], wanted: u64) -> OriginalRows {
    let operator = OperatorId::parse("gb-tst").unwrap();
    original_rows(text.as_bytes(), &Declared { own, ..declared(&operator) }, &BTreeSet::from([wanted])).unwrap()
}

fn by_place(name: &str) -> Profile {
    let text = "kind='sessions'\nzone='Europe/London'\ntimes='day_first'\nheader_rows=0\nignored=['column 5']\n[columns]\n\
        device='column 1'\nplug_in='column 2'\nplug_out='column 3'\nenergy='column 4'\n";
    Profile::from_toml(name, text).unwrap()
}

#[test]
fn a_row_of_units_below_the_names_belongs_to_the_header() {
    let text = format!("{NAMES},dd/mm/yyyy hh:mm,dd/mm/yyyy hh:mm,kWh,\n{}", rows(60));
    let proposal = proposed(&text);
    assert_eq!(proposal.profile.header_rows(), 2);
    let fields = fields(&proposal);
    assert_eq!(field(&fields, "energy"), Some("Energy kWh"), "{proposal:#?}");
    assert_eq!(field(&fields, "plug_in"), Some("Start dd/mm/yyyy hh:mm"));
    let read = read_in(&text, &[]).unwrap();
    assert_eq!((read.totals.rows_read, read.totals.accepted), (60, 60), "the units are no row");
}

#[test]
fn a_row_of_groups_above_the_names_tells_equal_names_apart() {
    let text = format!("Post,Session,,Energy,Card\nId,Begin,End,Total,Id\n{}", rows(60));
    let proposal = proposed(&text);
    assert_eq!(proposal.profile.header_rows(), 2);
    let names: Vec<&str> = proposal.columns.iter().map(|column| column.column.as_str()).collect();
    assert_eq!(names, ["Post Id", "Session Begin", "Session End", "Energy Total", "Card Id"]);
    assert_eq!(field(&fields(&proposal), "device"), Some("Post Id"));
}

#[test]
fn a_title_above_the_names_is_still_no_part_of_the_header() {
    let text = format!("Usage of May,,,,\n{NAMES}{}", rows(60));
    let proposal = proposed(&text);
    assert_eq!(proposal.profile.header_rows(), 1);
    assert_eq!(proposal.columns[0].column, "Device");
    assert_eq!(read_in(&text, &[]).unwrap().totals.accepted, 60);
}

#[test]
fn a_row_of_a_session_below_the_names_is_never_taken_for_units() {
    for first in ["Q0,,,,Jane Marker", "Q,n/a,n/a,n/a,Jane Marker", "Post,Charger,open,many,Jane Marker"] {
        let text = format!("{NAMES}{first}\n{}", rows(60));
        let proposal = proposed(&text);
        assert_eq!(proposal.profile.header_rows(), 1, "{first}");
        assert!(!format!("{proposal:?}").contains("Marker"), "{first}: {proposal:#?}");
    }
}

#[test]
fn a_header_that_is_not_merged_in_a_workbook_is_joined() {
    let words = |words: &[&str]| words.iter().map(|word| Cell::Text((*word).to_owned())).collect::<Vec<_>>();
    let mut sheet =
        vec![words(&["Unit", "Start", "", "End", "", "Energy kWh"]), words(&["", "Date", "Time", "Date", "Time", ""])];
    for row in 0..20_u8 {
        let day = 45_352.0 + f64::from(row / 2);
        let clock = 0.34 + f64::from(row % 2) * 0.2;
        let mut cells = words(&[if row % 2 == 0 { "U1" } else { "U2" }]);
        cells.extend([(day, 1), (clock, 2), (day, 1), (clock + 0.1, 2)].map(|(at, style)| Cell::Styled(at, style)));
        cells.push(Cell::Number(5.0 + f64::from(row) * 0.3));
        sheet.push(cells);
    }
    let book = made::workbook(&[Sheet::of("Usage", sheet)], false);
    let proposal = propose(book.as_slice(), Kind::Sessions).unwrap();
    let names: Vec<&str> = proposal.columns.iter().map(|column| column.column.as_str()).collect();
    assert_eq!(names, ["Unit", "Start Date", "Start Time", "End Date", "End Time", "Energy kWh"]);
    let fields = fields(&proposal);
    assert_eq!((field(&fields, "plug_in_time"), field(&fields, "plug_out")), (Some("Start Time"), Some("End Date")));
}

#[test]
fn the_header_has_as_many_rows_as_somebody_says() {
    let text = format!("Post,Session,,Energy,Card\nNumber,Début,Fin,Total,Owner\n,,,kWh,\n{}", rows(60));
    let names = |rows| with_header(&text, rows).columns.into_iter().map(|column| column.column).collect::<Vec<_>>();
    assert_eq!(names(3), ["Post Number", "Session Début", "Session Fin", "Energy Total kWh", "Card Owner"]);
    assert_eq!(names(2)[1], "Session Début");
    let below_a_title = format!("Usage,of,all,the,posts\n{text}");
    let proposal = with_header(&below_a_title, 2);
    assert_eq!(proposal.columns[0].column, "Post Number", "what is below belongs to it sooner than what is above");
    assert_eq!(names(0), ["column 1", "column 2", "column 3", "column 4", "column 5"]);
    let proposal = with_header(&text, 4);
    assert!(proposal.columns.is_empty() && proposal.doubts[0].contains("4 rows"), "{proposal:?}");
}

#[test]
fn a_layout_of_three_rows_is_recognised_and_its_rows_to_mend_come_back() {
    let header = "Post,Session,,Energy,Card\nNumber,Debut,Fin,Total,Owner\n,,,kWh,\n";
    let text = format!("{header}{}", rows(60));
    let proposal = with_header(&text, 3);
    let own = Profile::from_toml("own", &proposal.profile.to_toml().unwrap()).unwrap();
    let broken = format!("{header}{}Q1,soon,,1,CARD\n", rows(9));
    let read = read_in(&broken, std::slice::from_ref(&own)).unwrap();
    assert_eq!((read.profile.name.as_str(), read.totals.accepted, read.quarantined.len()), ("proposed", 9, 1));
    let mend = mend_in(&broken, &[own], 10);
    assert_eq!((mend.header_rows, mend.header[3].as_str()), (3, "Energy Total kWh"));
}

#[test]
fn a_column_without_a_name_is_known_by_its_place() {
    let text = format!("Device,Start,,Energy,Driver card\n{}", rows(60));
    let proposal = proposed(&text);
    assert_eq!(field(&fields(&proposal), "plug_out"), Some("column 3"), "{proposal:#?}");
    assert!(!proposal.certain, "nothing but its values says so");
    let own = Profile::from_toml("own", &proposal.profile.to_toml().unwrap()).unwrap();
    let read = read_in(&text, &[own]).unwrap();
    assert_eq!((read.totals.accepted, read.profile.confidence.to_bits()), (60, 1.0_f64.to_bits()));
    assert_eq!(read.profile.columns[2].field.as_deref(), Some("plug_out"));
}

#[test]
fn columns_without_a_name_that_nothing_reads_change_nothing() {
    let plain = format!("{NAMES}{}", rows(60));
    let more =
        plain.lines().enumerate().map(|(at, line)| if at == 0 { format!(",{line},") } else { format!("{at},{line},") });
    let more = more.collect::<Vec<_>>().join("\n");
    let (before, after) = (proposed(&plain), proposed(&more));
    assert_eq!((fields(&before), before.certain), (fields(&after), after.certain), "{after:#?}");
    assert_eq!(before.profile, after.profile, "what has no name says nothing of a layout");
    let read = read_in(&more, &[before.profile]).unwrap();
    assert_eq!((read.totals.accepted, read.profile.confidence.to_bits()), (60, 1.0_f64.to_bits()));
}

#[test]
fn a_file_without_a_header_is_proposed_from_its_values_and_waits_for_a_person() {
    let proposal = proposed(&rows(40));
    assert_eq!(proposal.profile.header_rows(), 0);
    let fields = fields(&proposal);
    let expected = [("device", "column 1"), ("plug_in", "column 2"), ("plug_out", "column 3"), ("energy", "column 4")];
    for (wanted, column) in expected {
        assert_eq!(field(&fields, wanted), Some(column), "{proposal:#?}");
    }
    assert!(!proposal.certain && proposal.missing.is_empty(), "{proposal:?}");
    assert!(matches!(read_in(&rows(40), &[]), Err(Refusal::UnknownLayout { header, .. }) if header.is_empty()));
}

#[test]
fn the_first_row_of_a_file_without_a_header_is_a_session() {
    let operator = OperatorId::parse("gb-tst").unwrap();
    let read = read_by(rows(40).as_bytes(), by_place("own"), &operator);
    assert_eq!((read.totals.rows_read, read.totals.accepted, read.sessions.at(0).row), (40, 40, 1));
    let in_a_book = format!("Usage of May,,,,\n\n{}", rows(40));
    assert_eq!(read_by(in_a_book.as_bytes(), by_place("own"), &operator).totals.accepted, 40, "a title is none");
}

#[test]
fn the_next_file_without_a_header_is_recognised_by_its_width_and_values() {
    let own = [by_place("own")];
    assert_eq!(read_in(&rows(20), &own).unwrap().profile.name, "own");
    let plain = rows(20);
    let swapped = plain.lines().map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        [cells[0], cells[2], cells[1], cells[3], cells[4]].join(",")
    });
    let swapped = swapped.collect::<Vec<_>>().join("\n");
    let wider = rows(20).replace('\n', ",x\n");
    let words = rows(20).replace(",6.", ",six ");
    let american = rows(60).replace("/05/2024", "~").replace('~', "/31/2024");
    for (what, text) in [("ends first", swapped), ("wider", wider), ("no energies", words), ("other dates", american)] {
        let found = read_in(&text, &own).map(|read| read.profile.name);
        assert_ne!(found.ok().as_deref(), Some("own"), "{what}");
    }
}

#[test]
fn a_file_with_a_header_is_not_taken_for_one_without() {
    let named = format!("{NAMES}{}", rows(60));
    assert_ne!(read_in(&named, &[by_place("own")]).unwrap().profile.name, "own");
}

#[test]
fn rows_to_mend_of_a_file_without_a_header_name_places_and_come_back() {
    let own = [by_place("own")];
    let broken = format!("{}Q1,soon,03/05/2024 09:40,7.10,CARDSECRET99\n", rows(20));
    let mend = mend_in(&broken, &own, 21);
    assert_eq!(mend.header, ["column 1", "column 2", "column 3", "column 4", "column 5"]);
    assert_eq!(mend.rows[0].1, ["Q1", "soon", "03/05/2024 09:40", "7.10", ""], "nothing is read from the card");
    let again = format!(
        "{},kerbwatt_row,kerbwatt_rule,kerbwatt_advice\nQ1,03/05/2024 08:10,03/05/2024 09:40,7.10,,21,missing_start,x\n",
        mend.header.join(",")
    );
    let read = read_in(&again, &own).unwrap();
    assert_eq!((read.profile.name.as_str(), read.totals.rows_read, read.totals.accepted), ("own", 1, 1));
}

#[test]
fn nothing_of_the_rows_is_kept_or_told_as_if_it_were_a_name() {
    let own = by_place("own");
    let text = rows(60);
    for rows in [None, Some(0), Some(1), Some(2), Some(5)] {
        let proposal = propose_with_header(text.as_bytes(), Kind::Sessions, rows).unwrap();
        assert!(!format!("{proposal:?}").contains("CARDSECRET"), "{rows:?}: {proposal:#?}");
        assert!(!proposal.profile.to_toml().unwrap().contains("Q0"), "{rows:?}");
    }
    let refused = read_in(&text, &[]).err().unwrap();
    assert!(!format!("{refused:?} {refused}").contains("CARDSECRET"), "{refused:?}");
    let read = read_in(&text, &[own]).unwrap();
    assert!(!format!("{:?}{:?}", read.profile, read.layout).contains("CARDSECRET"), "{:?}", read.profile);
    let stored = "kind='sessions'\nzone='UTC'\ntimes='epoch'\nheader_rows=0\nignored=['CARDSECRET1']\n[columns]\n\
        evse='column 1'\nplug_in='column 2'\nplug_out='column 3'\nenergy='column 4'\n";
    let error = Profile::from_toml("own", stored).unwrap_err().to_string();
    assert!(error.contains("by their place") && !error.contains("CARDSECRET"), "{error}");
}
