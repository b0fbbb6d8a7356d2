//! Files that are refused as a whole, each with what and what to do.

use kerbwatt_intake::{Refusal, read_register};

use crate::{read, read_as};

const ROW: &[u8] = b"evse,plug_in,plug_out,energy_kwh\nE1,2024-03-01T08:15:00Z,2024-03-01T09:15:00Z,7\n";

#[test]
fn each_refusal_has_its_code_and_advice() {
    let cases: Vec<(Result<_, Refusal>, &str)> = vec![
        (read(b""), "empty_file"),
        (read(b" \r\n\r\n"), "empty_file"),
        (read(b"%PDF-1.7\n%abc"), "not_text"),
        (read(b"PK\x03\x04abcdefgh"), "damaged_file"),
        (read(b"\xEF\xBB\xBFevse,\xFF\n1,2\n"), "wrong_encoding"),
        (read(b"colour,shape\nred,round\n"), "unknown_layout"),
        (read(b"evse,plug_in,plug_out,energy_kwh\n"), "no_rows"),
        (read_as(ROW, Some("nonsense"), None), "unknown_profile"),
        (read_as(ROW, Some("boulder"), None), "profile_does_not_fit"),
        (read_as(ROW, None, Some("2020")), "period_fits_no_row"),
    ];
    for (result, code) in cases {
        let refusal = result.unwrap_err();
        assert_eq!(refusal.code(), code);
        assert!(refusal.advice().ends_with('.') && !refusal.to_string().is_empty(), "{refusal}");
    }
}

#[test]
fn a_file_of_which_most_rows_are_wrong_is_refused_before_they_fill_the_memory() {
    let rows = |count: usize| -> String { (0..count).map(|row| format!("{row},no time,,\n")).collect() };
    let right = &ROW[ROW.iter().position(|byte| *byte == b'\n').unwrap() + 1..];
    let file = |wrong: usize| [ROW, rows(wrong).as_bytes(), right].concat();
    let refusal = read(&file(1_200_000)).unwrap_err();
    let is_early = |rows: u64, wrong: u64| wrong > 1_000_000 && wrong < rows && rows < 1_200_000;
    assert!(matches!(refusal, Refusal::MostlyWrong { rows, wrong, .. } if is_early(rows, wrong)), "{refusal}");
    let kept = read(&file(1_000_000)).unwrap();
    assert_eq!((kept.totals.quarantined, kept.totals.accepted, kept.totals.duplicates), (1_000_000, 1, 1));
}

#[test]
fn a_register_is_not_a_return_nor_the_other_way_round() {
    let register = b"evse,device,location,latitude,longitude,rated_kw\nE1,D1,L1,51.5,-0.1,7\n";
    assert_eq!(read(register).unwrap_err().code(), "wrong_kind");
    assert_eq!(read_register(ROW, "f.csv", None).unwrap_err().code(), "wrong_kind");
}

#[test]
fn an_unknown_layout_names_the_nearest_one_and_what_it_misses() {
    let refusal = read(b"evse,plug_in,plug_out\nE1,2024-03-01T08:15:00Z,2024-03-01T09:15:00Z\n").unwrap_err();
    assert!(refusal.advice().contains("kerbwatt") && refusal.advice().contains("energy_kwh"), "{}", refusal.advice());
}

/// Each of them took minutes while every word of it was looked up in every way that it can be divided.
#[test]
fn a_file_of_absurd_width_is_refused_and_an_endless_word_is_no_header() {
    let wide = |cell: &str| vec![cell; 400_000].join(",");
    for cells in [wide("start"), wide("qwertyuiop"), format!("{}\n{}", wide("start"), wide("2024-03-01"))] {
        let refusal = read(cells.as_bytes()).unwrap_err();
        assert_eq!((refusal.code(), refusal.to_string().contains("1000 columns")), ("too_large", true), "{refusal}");
    }
    for text in ["x".repeat(4 << 20), "start ".repeat(700_000), format!("{},end\n1,2\n", "x".repeat(4 << 20))] {
        assert_eq!(read(text.as_bytes()).unwrap_err().code(), "unknown_layout");
    }
}
