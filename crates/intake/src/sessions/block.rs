//! What one thread reads of a file: sessions, and rows that come to nothing.

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;
use kerbwatt_model::{Part, Session, Sessions};

use super::row::Reader;
use crate::checks::Rule;
use crate::formats::{Block, Row};
use crate::identity::{Pseudonyms, id_from_content};
use crate::{Declared, Rejected};

/// What a thread keeps from one block to the next.
pub(super) struct Thread {
    sessions: Sessions,
    pub(super) pseudonyms: Pseudonyms,
    /// Numbers of drivers among the sessions, by their number among the pseudonyms.
    drivers: Vec<u32>,
    joined: String,
}

impl Thread {
    pub(super) fn new(declared: &Declared<'_>) -> Self {
        let pseudonyms = Pseudonyms::new(declared.hub_key, declared.operator);
        Self { sessions: Sessions::new(), pseudonyms, drivers: Vec::new(), joined: String::new() }
    }
}

/// A row that comes to nothing.
pub(super) struct Nothing {
    /// Of all its cells.
    pub(super) hash: u64,
    pub(super) rule: Rule,
    pub(super) row: Rejected,
}

impl Thread {
    /// The number of a driver among the sessions.
    fn driver(&mut self, raw: &str) -> u32 {
        let (number, pseudonym) = self.pseudonyms.numbered(raw);
        if number == self.drivers.len() {
            self.drivers.push(self.sessions.number_driver(pseudonym));
        }
        self.drivers[number]
    }
}

/// What was read of a block.
pub(super) struct ReadBlock {
    pub(super) sessions: Part,
    /// Hash of each session's id.
    pub(super) ids: Vec<u64>,
    /// Hash of all cells of each session's row.
    pub(super) cells: Vec<u64>,
    pub(super) nothing: Vec<Nothing>,
    /// Energy of each row, kWh: added up in the order of the file, so that the sum does not depend on where blocks end.
    pub(super) energies_kwh: Vec<f64>,
    pub(super) bytes: usize,
}

/// Reads a block.
pub(super) fn read(reader: &Reader<'_>, hasher: &DefaultHashBuilder, thread: &mut Thread, block: &Block) -> ReadBlock {
    let (mut ids, mut cells, mut nothing, mut energies_kwh) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    block.for_each_row(|number, row| {
        if reader.is_footer(row) {
            return;
        }
        energies_kwh.push(reader.energy_kwh(row).unwrap_or(0.0));
        let hash = hash_of(hasher, row);
        // Rows that come to nothing name drivers too: what must not be shown is known when the whole file is read.
        let driver = reader.driver(row).map(|raw| thread.driver(raw));
        match reader.read(number, row, &mut thread.joined) {
            Ok(session) => {
                ids.push(put(&mut thread.sessions, session, driver, hasher));
                cells.push(hash);
            }
            Err((rule, row)) => nothing.push(Nothing { hash, rule, row }),
        }
    });
    ReadBlock { sessions: thread.sessions.take_part(), ids, cells, nothing, energies_kwh, bytes: block.bytes() }
}

/// Puts a session in, under a hash of what it says where it has no id; gives the hash of the id.
fn put(sessions: &mut Sessions, session: Session<'_>, driver: Option<u32>, hasher: &DefaultHashBuilder) -> u64 {
    if session.session_id.is_empty() {
        let id = id_from_content(&session);
        sessions.push_driven(&Session { session_id: &id, ..session }, driver);
        return hasher.hash_one(id.as_str());
    }
    sessions.push_driven(&session, driver);
    hasher.hash_one(session.session_id)
}

fn hash_of(hasher: &DefaultHashBuilder, row: &Row<'_>) -> u64 {
    use std::hash::Hasher as _;
    let mut hash = hasher.build_hasher();
    for cell in row.iter() {
        hash.write(cell);
        hash.write_u8(0xFF); // in no UTF-8: ends the cell
    }
    hash.finish()
}
