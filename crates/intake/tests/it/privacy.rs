//! What names a driver is shown nowhere, also where it stands in a cell that is not the driver's.

use std::collections::BTreeSet;

use kerbwatt_intake::{Kind, propose};

use crate::{read, rows_to_mend};

const HEADER: &str = "session_id,evse,plug_in,plug_out,charging_end,energy_kwh,fee_pence,driver,email\n";

#[test]
fn a_drivers_id_in_a_cell_of_a_time_or_an_amount_is_not_shown_even_if_it_stands_nowhere_else() {
    let good = ["a", "E1", "2024-03-01T08:00:00Z", "2024-03-01T09:00:00Z", "", "7", "", "card", "x"];
    for (at, secret) in
        (2..=6).flat_map(|at| ["RFIDSECRET9", "04A1B2C3D4E5F6", "Jane Marker", "819483H"].map(|id| (at, id)))
    {
        let mut cells = good;
        cells[at] = secret;
        let text = format!("{HEADER}{}\n", cells.join(","));
        let read = read(text.as_bytes()).unwrap();
        assert!(!format!("{read:?}").contains(secret), "{read:?}");
        let rows = rows_to_mend(text.as_bytes(), &BTreeSet::from([1]));
        assert!(!format!("{rows:?}").contains(secret), "{rows:?}");
    }
}

#[test]
fn what_is_wrong_with_a_cell_is_still_shown() {
    for (at, value) in
        [(2, "32/13/2024 08:00"), (2, "1970-01-01"), (3, "soon"), (5, "-5.2"), (5, "12.5.7"), (5, "many")]
    {
        let mut cells = ["a", "E1", "2024-03-01T08:00:00Z", "2024-03-01T09:00:00Z", "", "7", "", "card", "x"];
        cells[at] = value;
        let text = format!("{HEADER}{}\n", cells.join(","));
        assert_eq!(&*read(text.as_bytes()).unwrap().quarantined[0].value, value);
        assert_eq!(rows_to_mend(text.as_bytes(), &BTreeSet::from([1])).rows[0].1[at], value);
    }
}

#[test]
fn rows_to_mend_are_blank_where_nothing_is_read_from_a_column() {
    let text = format!("{HEADER}a,E1,soon,2024-03-01T09:00:00Z,,7,,card,jane@example.org\n");
    let rows = rows_to_mend(text.as_bytes(), &BTreeSet::from([1]));
    assert_eq!(rows.header.join(",") + "\n", HEADER, "the header stays, so that the file is recognised");
    let cells = &rows.rows[0].1;
    assert_eq!((cells[1].as_str(), cells[2].as_str(), cells[8].as_str()), ("E1", "soon", ""));
    assert!(cells[7].starts_with("kw:"), "{cells:?}");
}

#[test]
fn rows_to_mend_of_json_name_nobody_either() {
    let text = r#"[{"session_id":"a","evse":"E1","plug_in":"soon","plug_out":"2024-03-01T09:00:00Z","energy_kwh":7,
        "user":{"name":"Jane Marker","mail":"jane@example.org"}}]"#;
    let rows = rows_to_mend(text.as_bytes(), &BTreeSet::from([1]));
    assert!(rows.header.iter().any(|header| header == "user.name"), "{rows:?}");
    assert!(!format!("{rows:?}").contains("Jane") && !format!("{rows:?}").contains('@'), "{rows:?}");
}

#[test]
fn rows_to_mend_are_divided_as_in_their_file() {
    let text = HEADER.replace(',', ";") + "a;E1;soon;2024-03-01T09:00:00Z;;0,512;;card;x\n";
    let rows = rows_to_mend(text.as_bytes(), &BTreeSet::from([1]));
    assert_eq!((rows.delimiter, rows.rows[0].1[5].as_str()), (';', "0,512"));
}

#[test]
fn samples_of_columns_that_may_name_a_person_are_hidden() {
    for header in [
        "UID",
        "Identifier",
        "Name",
        "Kortnr",
        "Number",
        "Reference",
        "Kunde",
        "Carte",
        "Subscriber",
        "Vehicle Registration",
    ] {
        let rows: String = (0..60)
            .map(|at| {
                format!(
                    "C{},0{}/06/2024 08:{at:02},0{}/06/2024 09:{at:02},7.5,MARK{}\n",
                    at % 5,
                    at % 9 + 1,
                    at % 9 + 1,
                    at % 6
                )
            })
            .collect();
        let text = format!("Charger ID,Start,End,Energy (kWh),{header}\n{rows}");
        let proposal = propose(text.as_bytes(), Kind::Sessions).unwrap();
        assert!(!format!("{proposal:?}").contains("MARK"), "{header}: {proposal:?}");
        assert!(format!("{proposal:?}").contains("08:00"), "the others are shown");
    }
}

#[test]
fn what_somebody_noted_is_not_among_the_samples() {
    for header in
        ["Notes", "Comment", "Remarks", "Description", "Bemerkung", "Commentaire", "Ended By", "Error", "Status"]
    {
        let rows: String = (1..=9)
            .map(|at| {
                format!("C{},0{at}/06/2024 08:00,0{at}/06/2024 09:00,7.5,\"lost card 04A2B3C4, J. Smith\"\n", at % 5)
            })
            .collect();
        let text = format!("Charger ID,Start,End,Energy (kWh),{header}\n{rows}");
        let proposal = propose(text.as_bytes(), Kind::Sessions).unwrap();
        let column = &proposal.columns[4];
        assert!(column.field.is_none() && !column.samples.is_empty(), "{column:?}");
        for secret in ["04A2", "B3C4", "Smith"] {
            assert!(!format!("{proposal:?}").contains(secret), "{header}: {column:?}");
        }
    }
}

#[test]
fn a_row_of_a_session_is_not_shown_for_a_header() {
    let card = "04A2B3C4D5E6F7";
    let without_header = format!("E1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,7.5,{card}\n").repeat(5);
    let row = format!("3,Ladepkt 7,Ja,01/03/2024,7.5,{card}");
    let with_comma = format!("Nr,Xyz,Ok,Dat,Wert,Kort\n{}", format!("{row},\n").repeat(5));
    let of_words = format!("Completed,E1,08:00,09:00,J. Smith,{card},Dundee,Ja,Nej,CCS\n").repeat(5);
    for text in [without_header, with_comma, of_words] {
        let refusal = read(text.as_bytes()).unwrap_err();
        assert_eq!(refusal.code(), "unknown_layout", "{text}");
        let proposal = propose(text.as_bytes(), Kind::Sessions).unwrap();
        for said in [format!("{refusal} {refusal:?} {}", refusal.advice()), format!("{proposal:?}")] {
            assert!(!said.contains(card) && !said.contains("Smith"), "{said}");
        }
    }
    let good = read(format!("Start,End,kWh,Card\n{}", "a,b,c,d,\n".repeat(5)).as_bytes()).unwrap_err();
    assert!(good.to_string().contains("“Start”, “End”, “kWh”, “Card”"), "{good}");
}

#[test]
fn words_that_stand_for_nobody_are_no_driver() {
    let words = ["NULL", "N/A", "-", "unknown", "None", "n/a", "", "card"];
    let row = |(at, word): (usize, &&str)| {
        format!("s{at},E1,2024-03-0{0}T08:00:00Z,2024-03-0{0}T09:00:00Z,,7,,{word},x\n", at + 1)
    };
    let text = format!("{HEADER}{}", words.iter().enumerate().map(row).collect::<String>());
    let read = read(text.as_bytes()).unwrap();
    let drivers: Vec<bool> = read.sessions.iter().map(|session| session.driver.is_some()).collect();
    assert_eq!(drivers, words.map(|word| word == "card"));
    // Nor are they after they were given back to be mended.
    let rows = rows_to_mend(text.as_bytes(), &(1..=8).collect());
    let given: Vec<bool> = rows.rows.iter().map(|(_, cells)| !cells[7].is_empty()).collect();
    assert_eq!(given, drivers);
}

#[test]
fn a_row_whose_cells_stand_one_column_beside_their_own_is_given_out_without_ids() {
    let header = "session_id,driver,evse,plug_in,plug_out,charging_end,energy_kwh,fee_pence\n";
    let right = "s1,04A1B2C3D4E5F6,E1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,,7,5\n";
    let to_the_left = right.replacen("s1,", "", 1).replace('\n', ",\n");
    let missing_header = header.replacen("driver,", "", 1).replace('\n', ",\n");
    for text in [format!("{header}{to_the_left}"), format!("{missing_header}{right}")] {
        let rows = rows_to_mend(text.as_bytes(), &BTreeSet::from([1]));
        assert_eq!(rows.rows.len(), 1);
        assert!(!format!("{rows:?}").contains("04A1B2C3D4E5F6"), "{rows:?}");
    }
}

#[test]
fn the_driver_in_another_column_of_the_row_is_kept_nowhere() {
    let header = "session_id,evse,connector,plug_in,plug_out,energy_kwh,driver\n";
    let row =
        |ids: [&str; 3]| format!("{},2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,7,04A1B2C3D4E5F6\n", ids.join(","));
    for (ids, accepted) in [
        (["04A1B2C3D4E5F6", "E1", "1"], 1),
        (["s1", "04A1B2C3D4E5F6", "1"], 0),
        (["s1", "E1", "04A1B2C3D4E5F6"], 0),
        (["s1", "E1", "1"], 1),
    ] {
        let text = format!("{header}{}", row(ids));
        let read = read(text.as_bytes()).unwrap();
        assert_eq!(read.totals.accepted, accepted, "{ids:?}");
        assert!(!format!("{read:?}").to_uppercase().contains("04A1B2C3D4E5F6"), "{read:?}");
        let rows = rows_to_mend(text.as_bytes(), &BTreeSet::from([1]));
        assert!(!format!("{rows:?}").to_uppercase().contains("04A1B2C3D4E5F6"), "{rows:?}");
    }
    let badge = format!("{header}s1,E1,1,2024-03-01T08:00:00Z,2024-03-01T09:00:00Z,8840123457,d\n");
    let read = read(badge.as_bytes()).unwrap();
    assert_eq!((read.quarantined[0].rule, &*read.quarantined[0].value), ("unreadable_energy", "(hidden)"));
    assert!(read.totals.energy_kwh.read.abs() < 1e-9, "a number of a badge is no energy");
}
