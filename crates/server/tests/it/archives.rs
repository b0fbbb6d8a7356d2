//! Archives with a member that cannot be read.

use axum::body::Body;

use crate::contract::must_fit;
use crate::writing::{Desk, MEANT, month};

#[tokio::test]
async fn one_damaged_member_of_an_archive_is_told_and_the_others_are_taken_in() {
    let desk = Desk::new().await;
    let (may, june) = (month(5, 2, 5.0), month(6, 3, 5.0));
    let bytes = zip(&[("may.csv", may.as_str()), ("june.csv", june.as_str())], &["may.csv"]);
    for (path, is_recorded) in [("/check", false), ("/submissions", true)] {
        let query = format!("{path}?operator=gb-abc&file=quarter.zip&accept=true");
        let reply = desk.send("POST", &query, &MEANT, Body::from(bytes.clone())).await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        must_fit(&reply.json(), path);
        let reply = reply.json();
        let [may, june] = reply["results"].as_array().unwrap().as_slice() else { panic!("{reply}") };
        assert_eq!((may["part"].as_str(), may["error"]["code"].as_str()), (Some("may.csv"), Some("damaged_file")));
        assert!(may["error"]["message"].as_str().unwrap().starts_with("quarter.zip › may.csv: "), "{may}");
        assert!(may["error"]["advice"].as_str().unwrap().contains("send it, alone or in the archive"), "{may}");
        assert!(may["submission"].is_null() && may["report"].is_null());
        assert_eq!((june["part"].as_str(), june["report"]["accepted"].as_i64()), (Some("june.csv"), Some(3)));
        assert!(june["error"].is_null() && june["submission"].is_null() != is_recorded);
    }
    assert!((desk.figure("sessions").await - 3.0).abs() < 1e-9);
}

/// A zip whose files are stored as they are; those of the names in `damaged` do not match their check sums.
fn zip(files: &[(&str, &str)], damaged: &[&str]) -> Vec<u8> {
    let (mut zip, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let wrong = u32::from(damaged.contains(name));
        let (crc, size) = (crc32(text.as_bytes()) ^ wrong, number(text.len()));
        let name_size = [&number(name.len())[..2], &[0, 0]].concat();
        let stated =
            [&[20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0x4C][..], &crc.to_le_bytes(), &size, &size, &name_size].concat();
        let at = number(zip.len());
        zip.extend([b"PK\x03\x04", &stated[..], name.as_bytes(), text.as_bytes()].concat());
        directory.extend([b"PK\x01\x02\x14\0", &stated[..], &[0; 10], &at, name.as_bytes()].concat());
    }
    let (count, size, at) = (number(files.len()), number(directory.len()), number(zip.len()));
    let end = [&b"PK\x05\x06\0\0\0\0"[..], &count[..2], &count[..2], &size, &at, &[0, 0]].concat();
    [zip, directory, end].concat()
}

fn number(value: usize) -> [u8; 4] {
    u32::try_from(value).unwrap().to_le_bytes()
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
