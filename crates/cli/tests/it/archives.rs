//! Archives with a member that cannot be read.

use crate::program::{Folder, close, figures, run, sessions, sessions_from};

#[test]
fn one_damaged_member_of_an_archive_is_told_and_the_others_are_taken_in() {
    let folder = Folder::new();
    let (january, june) = (sessions_from(2024, 1, 30), sessions_from(2024, 6, 20));
    let files = [("january.csv", january.as_str()), ("may.csv", &sessions(2023, 10)), ("june.csv", &june)];
    let file = folder.file("quarter.zip", zip(&files, &["may.csv"]));
    let data = folder.text("data");
    for command in [
        vec!["check", &file],
        vec!["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"],
        vec!["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"],
    ] {
        let out =
            run(&command).refused("quarter.zip › may.csv: the file is packed in a zip archive, but damaged", "alone");
        assert!(out.contains("quarter.zip › january.csv") && out.contains("quarter.zip › june.csv"), "{out}");
        assert!(!out.contains("may.csv"), "{out}");
        let objects = run(&[&command[..], &["--json"]].concat()).objects();
        let told: Vec<_> = objects.iter().map(|one| (one["part"].as_str(), one["error"]["code"].as_str())).collect();
        assert_eq!(told.iter().filter(|(_, code)| code.is_none()).count(), 2, "{told:?}");
        assert!(told.contains(&(Some("may.csv"), Some("damaged_file"))), "{told:?}");
    }
    close(&figures(&data, "sessions", &[])["sessions"], 50.0);
    run(&["verify", "--data", &data]).well();
    run(&["rebuild", "--data", &data]).well();
    close(&figures(&data, "sessions", &[])["sessions"], 50.0);
}

#[test]
fn the_mended_archive_counts_what_came_before_once() {
    let folder = Folder::new();
    let (january, june) = (sessions_from(2024, 1, 30), sessions_from(2024, 6, 20));
    let files = [("january.csv", january.as_str()), ("june.csv", june.as_str())];
    let data = folder.text("data");
    for damaged in [&["june.csv"][..], &[]] {
        let file = folder.file("quarter.zip", zip(&files, damaged));
        let ran = run(&["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]);
        assert_eq!(ran.code, i32::from(!damaged.is_empty()), "{}", ran.err);
    }
    close(&figures(&data, "sessions", &[])["sessions"], 50.0);
}

#[test]
fn an_archive_of_damaged_members_only_is_refused_as_a_whole() {
    let folder = Folder::new();
    let (january, june) = (sessions_from(2024, 1, 30), sessions_from(2024, 6, 20));
    let files =
        [("january.csv", january.as_str()), ("june.csv", june.as_str()), ("README.txt", "The returns.\nOurs.\n")];
    let file = folder.file("quarter.zip", zip(&files, &["january.csv", "june.csv"]));
    let data = folder.text("data");
    for command in [vec!["check", &file], vec!["submit", &file, "--data", &data, "--operator", "gb-abc"]] {
        let out = run(&command).refused("quarter.zip: the file is a zip archive, but damaged: “january.csv”", "again");
        assert!(!out.contains("submission"), "{out}");
        let objects = run(&[&command[..], &["--json"]].concat()).objects();
        assert_eq!(objects.len(), 1);
        assert_eq!(
            (objects[0]["part"].as_str(), objects[0]["error"]["code"].as_str()),
            (Some(""), Some("damaged_file"))
        );
    }
}

#[test]
fn a_month_in_an_old_workbook_is_told_and_not_passed_over() {
    let folder = Folder::new();
    let january = sessions_from(2024, 1, 30);
    let old: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    let files = [("january.csv", january.as_bytes()), ("february.xls", old), ("letter.pdf", b"%PDF-1.7")];
    let file = folder.file("quarter.zip", zip_of(&files, &[]));
    let data = folder.text("data");
    for command in [vec!["check", &file], vec!["submit", &file, "--data", &data, "--operator", "gb-abc", "--accept"]] {
        let out = run(&command).refused("quarter.zip › february.xls", "Save as");
        assert!(out.contains("letter.pdf\n  passed over: a PDF document"), "{out}");
        let objects = run(&[&command[..], &["--json"]].concat()).objects();
        let of = |part: &str| objects.iter().find(|one| one["part"] == part).expect("told");
        assert_eq!(of("february.xls")["error"]["code"], "not_text");
        assert_eq!(of("letter.pdf")["skipped"], "a PDF document");
    }
    close(&figures(&data, "sessions", &[])["sessions"], 30.0);
}

/// A zip whose files are stored as they are; those of the names in `damaged` do not match their check sums.
fn zip(files: &[(&str, &str)], damaged: &[&str]) -> Vec<u8> {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    zip_of(&files, damaged)
}

fn zip_of(files: &[(&str, &[u8])], damaged: &[&str]) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let wrong = u32::from(damaged.contains(name));
        let (crc, size) = (crc32(bytes) ^ wrong, number(bytes.len()));
        let name_size = [&number(name.len())[..2], &[0, 0]].concat();
        let stated =
            [&[20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0x4C][..], &crc.to_le_bytes(), &size, &size, &name_size].concat();
        let at = number(zip.len());
        zip.extend([b"PK\x03\x04", &stated[..], name.as_bytes(), bytes].concat());
        directory.extend([b"PK\x01\x02\x14\0", &stated[..], &[0; 10], &at, name.as_bytes()].concat());
    }
    let (count, size, at) = (number(files.len()), number(directory.len()), number(zip.len()));
    let end = [&b"PK\x05\x06\0\0\0\0"[..], &count[..2], &count[..2], &size, &at, &[0, 0]].concat();
    [zip, directory, end].concat()
}

fn number(value: usize) -> [u8; 4] {
    u32::try_from(value).expect("a small file").to_le_bytes()
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
