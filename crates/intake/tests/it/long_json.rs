//! JSON that is longer than what is kept of it.

use std::collections::BTreeSet;
use std::io::{self, Read, Seek, SeekFrom};

use kerbwatt_intake::{ReadSeek, Source};

use crate::{declared, read_source};

/// Rows of a file that is made while it is read.
const ROWS: usize = 5_000;
/// Bytes of each.
const ROW: usize = 80_000;
/// What stands around the list: the object is far longer than any that is held.
const BEFORE: &[u8] = br#"{"name":"all of them","answer":{"rows":["#;
const AFTER: &[u8] = br#"{}],"more":false},"at":"2024-04-01T00:00:00Z"}"#;
/// Set in the process that is measured.
const MEASURED: &str = "KERBWATT_LONG_JSON";

struct Long;

/// A row, a comma behind it.
fn row(at: usize) -> Vec<u8> {
    let (day, hour) = (at % 28 + 1, at / 28 % 20);
    let begun = format!(
        r#"{{"session_id":"s{at}","evse":"E{}","plug_in":"2024-03-{day:02}T{hour:02}:00:00Z","plug_out":"2024-03-{day:02}T{hour:02}:45:00Z",
        "energy_kwh":7.5,"note":"{{\"]"#,
        at / 560
    );
    let mut row = begun.into_bytes();
    row.resize(ROW - 3, b'x');
    row.extend_from_slice(b"\"},");
    row
}

struct Reading {
    at: usize,
    piece: Vec<u8>,
    given: usize,
}

impl Read for Reading {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.piece.len() && self.at < ROWS + 2 {
            self.piece = match self.at {
                0 => BEFORE.to_vec(),
                at if at <= ROWS => row(at - 1),
                _ => AFTER.to_vec(),
            };
            (self.at, self.given) = (self.at + 1, 0);
        }
        let rest = &self.piece[self.given..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.given += count;
        Ok(count)
    }
}

impl Seek for Reading {
    fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
        Err(io::Error::other("only a zip is read from its end"))
    }
}

impl Source for Long {
    fn open(&self) -> io::Result<Box<dyn ReadSeek + '_>> {
        Ok(Box::new(Reading { at: 0, piece: Vec::new(), given: 0 }))
    }

    fn len(&self) -> u64 {
        (ROWS * ROW + BEFORE.len() + AFTER.len()) as u64
    }
}

/// Reads the file where the environment asks for it, and nothing where it does not.
#[test]
fn the_long_file_is_read() {
    if std::env::var_os(MEASURED).is_none() {
        return;
    }
    let read = read_source(&Long).unwrap();
    // The last row says nothing.
    assert_eq!((read.totals.rows_read, read.totals.accepted), (ROWS as u64, ROWS as u64));
    assert!((read.totals.energy_kwh.accepted - 7.5 * ROWS as f64).abs() < 1e-6);
    let (ids, last) = (read.sessions.iter().map(|session| session.session_id.to_owned()), format!("s{}", ROWS - 1));
    let distinct: BTreeSet<String> = ids.collect();
    assert!(distinct.len() == ROWS && distinct.contains(&last));
    let operator = kerbwatt_model::OperatorId::parse("gb-tst").unwrap();
    let wanted = BTreeSet::from([ROWS as u64]);
    let rows = kerbwatt_intake::original_rows(&Long, &declared(&operator), &wanted).unwrap().rows;
    assert_eq!((rows.len(), rows[0].1[0].as_str()), (1, last.as_str()));
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap().trim();
    let kib: u64 = peak.split(' ').next().unwrap().parse().unwrap();
    println!("peak {kib} KiB");
    assert!(kib < 220 << 10, "{kib} KiB for a file of {} MiB", (ROWS * ROW) >> 20);
}

/// In a process of its own, so that what others take is not counted.
#[cfg(target_os = "linux")]
#[test]
fn json_is_read_without_being_held() {
    let own = std::env::current_exe().unwrap();
    let test = ["--exact", "long_json::the_long_file_is_read", "--test-threads=1", "--nocapture"];
    let output = std::process::Command::new(own).args(test).env(MEASURED, "1").output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    println!("{said}");
}
