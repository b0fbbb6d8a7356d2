//! Rows that repeat an earlier row cell by cell.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use csv::ByteRecord;

/// Remembers rows by two hashes under keys of this process: two different rows do not meet in both.
#[derive(Default)]
pub(super) struct Repeats {
    keys: [RandomState; 2],
    seen: HashMap<(u64, u64), u64>,
}

impl Repeats {
    /// The row that this one repeats.
    pub(super) fn seen_before(&mut self, number: u64, record: &ByteRecord) -> Option<u64> {
        let cells = (record.as_slice(), record.len());
        let key = (self.keys[0].hash_one(cells), self.keys[1].hash_one(cells));
        match self.seen.get(&key) {
            Some(first) => Some(*first),
            None => {
                self.seen.insert(key, number);
                None
            }
        }
    }
}
