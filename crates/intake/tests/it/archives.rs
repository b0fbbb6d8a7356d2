//! Archives of which a member cannot be read: the others are, and it is said which one is not, and why.

use kerbwatt_intake::{Part, PartOf, Refusal, parts};

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
