//! Archives of which a member cannot be read: the others are, and it is said which one is not, and why.

use std::cell::Cell;
use std::io;

use kerbwatt_intake::{Part, PartOf, ReadSeek, Refusal, Source, parts};

use crate::containers::{plain, said};
use crate::{made, read, read_source};

/// Places in the entry that the directory of a zip has for a file, bytes.
const FLAGS: usize = 8;
const METHOD: usize = 10;
const CRC: usize = 16;
const PACKED: usize = 20;
const SIZE: usize = 24;

/// Changes what the directory of a zip says of a file.
fn tampered(mut zip: Vec<u8>, name: &str, at: usize, with: &[u8]) -> Vec<u8> {
    let named =
        |place: &usize| zip[*place..].starts_with(b"PK\x01\x02") && zip[place + 46..].starts_with(name.as_bytes());
    let entry = (0..zip.len() - 46).find(named).unwrap();
    zip[entry + at..entry + at + with.len()].copy_from_slice(with);
    zip
}

fn two() -> Vec<u8> {
    let csv = made::csv(",", "\n");
    made::zip(&[("a/good.csv", csv.as_bytes()), ("a/bad.csv", csv.as_bytes()), ("README.md", b"# March\n")])
}

/// What can be wrong with a member, and the words that say so.
fn damages() -> [(&'static str, Vec<u8>, &'static str); 6] {
    let bad = |at, with: &[u8]| tampered(two(), "a/bad.csv", at, with);
    [
        ("damaged_file", bad(CRC, &[1, 2, 3, 4]), "its check sum does not match"),
        ("damaged_file", bad(PACKED, &[60, 0, 0, 0]), "packed in a zip archive, but damaged"),
        ("damaged_file", bad(SIZE, &[60, 0, 0, 0]), "more than the 60 bytes"),
        ("damaged_file", bad(SIZE, &[0xFF; 3]), "bytes can be unpacked"),
        ("damaged_file", bad(METHOD, &[14, 0]), "packed by the method"),
        ("encrypted_file", bad(FLAGS, &[1, 0]), "protected by a password"),
    ]
}

#[test]
fn a_member_that_cannot_be_read_does_not_stand_in_the_way_of_the_others() {
    for (code, bytes, words) in damages() {
        let listed = parts(&bytes).unwrap();
        assert_eq!(listed.len(), 3, "{listed:?}");
        let (good, bad, readme) = (&listed[0], &listed[1], &listed[2]);
        assert_eq!(good, &Part { name: "a/good.csv".into(), skipped: None, refused: None }, "{words}");
        assert_eq!((bad.name.as_str(), bad.skipped.as_ref()), ("a/bad.csv", None));
        assert_eq!(readme.skipped.as_deref(), Some("text without a table"));
        let refusal = bad.refused.clone().unwrap();
        assert_eq!(refusal.code(), code);
        assert!(refusal.to_string().contains(words), "{refusal}");
        assert!(refusal.advice().contains("send it"), "{}", refusal.advice());
        assert_eq!(said(&read_source(&PartOf::new(&bytes, "a/good.csv")).unwrap()), plain());
        assert_eq!(read_source(&PartOf::new(&bytes, "a/bad.csv")).unwrap_err(), refusal, "asked by its name");
    }
}

#[test]
fn what_is_one_table_by_itself_is_refused_where_another_may_be_meant() {
    for (code, bytes, _) in damages() {
        let refusal = read(&bytes).unwrap_err();
        assert_eq!(refusal.code(), code, "{refusal}");
        let names_it = refusal.to_string().contains("“a/bad.csv”");
        assert!(names_it || code == "encrypted_file", "{refusal}");
    }
}

#[test]
fn an_archive_of_which_no_table_can_be_read_is_refused_as_a_whole() {
    for (code, bytes, _) in damages() {
        let none = tampered(bytes, "a/good.csv", CRC, &[1, 2, 3, 4]);
        let refusal = parts(&none).unwrap_err();
        assert_eq!(refusal.code(), "damaged_file", "the first is told: {code}");
        let words = refusal.to_string();
        assert!(words.contains("a zip archive, but damaged: “a/good.csv”: its check sum"), "{words}");
    }
}

#[test]
fn a_workbook_that_is_damaged_within_an_archive_is_told_by_its_name() {
    let (book, csv) = (made::workbook(&[made::sheet("March")], false), made::csv(",", "\n"));
    let cut = &book[..book.len() / 2];
    let bytes = made::zip(&[("cut.xlsx", cut), ("book.xlsx", &book), ("march.csv", csv.as_bytes())]);
    let listed = parts(&bytes).unwrap();
    let refused: Vec<(&str, bool)> = listed.iter().map(|part| (part.name.as_str(), part.refused.is_some())).collect();
    assert_eq!(refused, [("cut.xlsx", true), ("book.xlsx", false), ("march.csv", false)]);
    assert_eq!(said(&read_source(&PartOf::new(&bytes, "book.xlsx")).unwrap()), plain());
}

#[test]
fn a_bomb_among_members_is_stopped_and_the_others_are_read() {
    let (zeros, csv) = ([b"a,b\n1,2\n".to_vec(), vec![b'0'; 40 << 20]].concat(), made::csv(",", "\n"));
    let bytes = made::zip(&[("bomb.csv", &zeros), ("good.csv", csv.as_bytes())]);
    assert_eq!(read_source(&PartOf::new(&bytes, "bomb.csv")).unwrap_err().code(), "too_large");
    assert_eq!(said(&read_source(&PartOf::new(&bytes, "good.csv")).unwrap()), plain());
    let lying = tampered(bytes, "bomb.csv", SIZE, &[0, 1, 0, 0]);
    let refused = parts(&lying).unwrap().remove(0).refused.unwrap();
    assert!(refused.to_string().contains("more than the 256 bytes"), "{refused}");
}

#[test]
fn what_an_archive_unpacks_to_is_limited_for_all_members_together() {
    let csv = made::csv(",", "\n");
    let names = ["a.csv", "b.csv", "c.csv", "d.csv", "e.csv", "f.csv"];
    let mut bytes = made::zip(&names.map(|name| (name, csv.as_bytes())));
    for name in names {
        bytes = tampered(bytes, name, SIZE, &[0xFE, 0xFF, 0xFF, 0xFF]);
    }
    assert_eq!(parts(&bytes).unwrap_err(), Refusal::TooLarge { what: "a zip archive of more than 20 GiB".into() });
}

/// What may be a return of another kind, and words of what to do with it.
fn other_kinds() -> [(&'static str, Vec<u8>, &'static str); 7] {
    let csv = made::csv(",", "\n");
    let ods = made::zip(&[("mimetype", b"application/vnd.oasis"), ("content.xml", b"<x/>")]);
    [
        ("feb.xls", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec(), "Save as"),
        ("feb.xlsb", made::zip(&[("xl/workbook.bin", b"x")]), "Save as"),
        ("feb.ods", ods, "Save as"),
        ("feb.zip", made::zip(&[("feb.csv", csv.as_bytes())]), "Unpack it"),
        ("feb.7z", b"7z\xBC\xAF\x27\x1C".to_vec(), "Unpack it"),
        ("feb.parquet", b"PAR1".to_vec(), "as CSV"),
        ("feb.csv", b"<!DOCTYPE html><html>".to_vec(), "log-in"),
    ]
}

#[test]
fn a_member_that_may_be_a_return_of_another_kind_is_told_with_what_to_do_and_a_document_is_passed_over() {
    let csv = made::csv(",", "\n");
    let letters: [(&str, &[u8]); 4] = [
        ("letter.pdf", b"%PDF-1.7"),
        ("plan.png", b"\x89PNG"),
        ("letter.DOC", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"),
        ("page.html", b"<html>"),
    ];
    for (name, bytes, advice) in other_kinds() {
        let with = |more: &[(&str, &[u8])]| made::zip(&[&[(name, bytes.as_slice())], more].concat());
        let both = with(&[&letters[..], &[("jan.csv", csv.as_bytes())]].concat());
        let listed = parts(&both).unwrap();
        let refused = listed[0].refused.as_ref().expect(name);
        assert!(refused.advice().contains(advice), "{name}: {}", refused.advice());
        assert!(listed[1..5].iter().all(|part| part.skipped.is_some()), "{listed:?}");
        assert_eq!(said(&read_source(&PartOf::new(&both, "jan.csv")).unwrap()), plain());
        assert_eq!(read_source(&PartOf::new(&both, name)).as_ref().unwrap_err(), refused);
        let names = vec![name.to_owned(), "jan.csv".to_owned()];
        assert_eq!(read(&both).unwrap_err(), Refusal::SeveralTables { names }, "nobody said which one is meant");
        // Where it is all there is, it is told as well.
        let alone = with(&letters);
        assert_eq!(parts(&alone).unwrap()[0].refused.as_ref(), Some(refused));
        assert_eq!(&read(&alone).unwrap_err(), refused);
    }
}

#[test]
fn a_file_and_its_packed_twin_are_two_tables() {
    let csv = made::csv(",", "\n");
    let other = csv.replace("s0,", "t0,");
    let packed = made::gzip(other.as_bytes());
    let bytes = made::zip(&[("x.csv.gz", &packed), ("x.csv", csv.as_bytes()), ("y.csv.gz", &packed)]);
    let listed = parts(&bytes).unwrap();
    let names: Vec<&str> = listed.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["x.csv.gz", "x.csv", "y.csv"]);
    assert_eq!(said(&read_source(&PartOf::new(&bytes, "x.csv")).unwrap()), plain());
    for name in ["x.csv.gz", "y.csv"] {
        assert_eq!(read_source(&PartOf::new(&bytes, name)).unwrap().sessions.iter().next().unwrap().session_id, "t0");
    }
}

/// Bytes that count how often they are opened.
struct Counted(Vec<u8>, Cell<usize>);

impl Source for Counted {
    fn open(&self) -> io::Result<Box<dyn ReadSeek + '_>> {
        self.1.set(self.1.get() + 1);
        self.0.open()
    }

    fn len(&self) -> u64 {
        Source::len(&self.0)
    }
}

#[test]
fn one_table_of_an_archive_is_read_without_looking_into_the_others() {
    let (csv, book) = (made::csv(",", "\n"), made::workbook(&[made::sheet("March"), made::sheet("April")], false));
    let opened = |others: usize, part: &str| {
        let names: Vec<String> = (0..others).map(|at| format!("{at}.xlsx")).collect();
        let mut files: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), book.as_slice())).collect();
        files.extend([("a.csv", csv.as_bytes()), ("book.xlsx", &book)]);
        let source = Counted(made::zip(&files), Cell::new(0));
        assert_eq!(said(&read_source(&PartOf::new(&source, part)).unwrap()), plain());
        source.1.get()
    };
    for part in ["a.csv", "book.xlsx/April"] {
        assert_eq!(opened(30, part), opened(1, part), "{part}");
    }
}
