//! What one thread reads of a file: sessions, and rows that come to nothing.

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;
use kerbwatt_model::{Flag, Gathering, Part, Session};

use super::credits::Credit;
use super::row::{Reader, shortened};
use crate::checks::Rule;
use crate::formats::{Block, Row};
use crate::identity::{Pseudonyms, id_from_content};
use crate::{Declared, Example, Rejected, showing};

/// What a thread keeps from one block to the next.
pub(super) struct Thread {
    sessions: Gathering,
    pub(super) pseudonyms: Pseudonyms,
    /// Numbers of drivers among the sessions, by their number among the pseudonyms.
    drivers: Vec<u32>,
    joined: String,
}

impl Thread {
    pub(super) fn new(declared: &Declared<'_>) -> Self {
        let pseudonyms = Pseudonyms::new(declared.hub_key, declared.operator);
        Self { sessions: Gathering::new(), pseudonyms, drivers: Vec::new(), joined: String::new() }
    }
}

/// A row that comes to nothing.
pub(super) struct Nothing {
    /// Of all its cells, or of all that they say.
    pub(super) hash: u64,
    pub(super) rule: Rule,
    pub(super) row: Rejected,
}

impl Thread {
    /// Numbers of drivers among the sessions.
    fn drivers<'r>(&mut self, raw: impl Iterator<Item = &'r str>) -> Vec<u32> {
        let numbers = self.pseudonyms.numbers(raw);
        for pseudonym in self.pseudonyms.all().get(self.drivers.len()..).unwrap_or_default() {
            self.drivers.push(self.sessions.number_driver(pseudonym));
        }
        numbers.into_iter().filter_map(|number| self.drivers.get(number as usize).copied()).collect()
    }
}

/// What was read of a block.
pub(super) struct ReadBlock {
    pub(super) sessions: Part,
    /// Hash of each session's id.
    pub(super) ids: Vec<u64>,
    /// Hash of all cells of each session's row, where a row of the same cells may be read in another way; of no row of a file in
    /// which none is.
    pub(super) cells: Vec<Option<u64>>,
    pub(super) nothing: Vec<Nothing>,
    /// Energy of each row, kWh: added up in the order of the file, so that the sum does not depend on where blocks end.
    pub(super) energies_kwh: Vec<f64>,
    /// The row in which the file ends.
    pub(super) unended_row: Option<u64>,
    pub(super) bytes: usize,
    /// What stands where a fee is not read, by row: of the first rows.
    pub(super) fees: Vec<(u64, String)>,
    /// Totals that the layout says are there.
    pub(super) footers: Vec<Example>,
    pub(super) credits: Vec<Credit>,
}

/// Fees of a block that are kept to be shown: more than there are examples, for some rows repeat others.
const FEES: usize = 64;

/// Reads a block.
pub(super) fn read(reader: &Reader<'_>, hasher: &DefaultHashBuilder, thread: &mut Thread, block: &Block) -> ReadBlock {
    let (mut ids, mut cells, mut nothing, mut energies_kwh) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut drivers, mut fees, mut footers) = (Drivers::default(), Vec::new(), Vec::new());
    let (mut credits, mut last_row) = (Vec::new(), None);
    block.for_each_row(|number, row| {
        last_row = Some(number);
        if reader.is_footer(row) {
            footers.push(reader.footer(number, row));
            return;
        }
        let total = reader.total(row);
        let is_shifted = reader.is_shifted(row);
        // What a total sums up is in the rows already, and which cell of a shifted row is its energy nobody knows.
        let energy = if total.is_none() && !is_shifted { reader.energy_kwh(row) } else { None };
        energies_kwh.push(energy.unwrap_or(0.0));
        let outcome = match total {
            Some(at) => Err(reader.rejected_total(number, row, at)),
            None => reader.read(number, row, energy, &mut thread.joined),
        };
        // Rows that come to nothing name drivers too: what must not be shown is known when the whole file is read.
        drivers.push(reader.driver(row).filter(|_| !is_shifted), outcome.is_ok());
        credits.extend(reader.credit(number, row).filter(|_| !is_shifted));
        match outcome {
            Ok(session) => {
                if reader.reads_row_by_row() {
                    cells.push(reader.is_read_by_itself(number, session.flags).then(|| hash_of(hasher, row)));
                }
                if is_fee_unread(&session) && fees.len() < FEES {
                    fees.push((number, shortened(&showing::content(reader.fee_text(row).unwrap_or_default()))));
                }
                ids.push(put(&mut thread.sessions, session, hasher));
            }
            Err((rule, rejected)) => nothing.push(Nothing { hash: hash_of(hasher, row), rule, row: rejected }),
        }
    });
    let drivers = drivers.numbered(thread);
    let sessions = thread.sessions.take_part(drivers.into_iter());
    let unended_row = last_row.filter(|_| block.is_unended());
    let bytes = block.bytes();
    ReadBlock { sessions, ids, cells, nothing, energies_kwh, unended_row, bytes, fees, footers, credits }
}

fn is_fee_unread(session: &Session<'_>) -> bool {
    session.flags & (Flag::UnreadableFee.bit() | Flag::OtherCurrency.bit()) != 0
}

/// Drivers that the rows of a block name, looked up when it is read: see [`Gathering`].
#[derive(Default)]
struct Drivers {
    texts: String,
    /// Where the text of each row ends, and whether the row is a session.
    rows: Vec<(usize, bool)>,
}

impl Drivers {
    fn push(&mut self, raw: Option<&str>, is_session: bool) {
        self.texts.push_str(raw.unwrap_or_default());
        self.rows.push((self.texts.len(), is_session));
    }

    /// The number of each session's driver.
    fn numbered(self, thread: &mut Thread) -> Vec<Option<u32>> {
        let mut begin = 0;
        let raw = self
            .rows
            .iter()
            .map(|(end, _)| self.texts.get(std::mem::replace(&mut begin, *end)..*end).unwrap_or_default());
        let raw: Vec<&str> = raw.collect();
        let mut numbers = thread.drivers(raw.iter().copied().filter(|raw| !raw.is_empty())).into_iter();
        let of_rows = raw.iter().map(|raw| if raw.is_empty() { None } else { numbers.next() });
        self.rows.iter().zip(of_rows).filter(|((_, is_session), _)| *is_session).map(|(_, number)| number).collect()
    }
}

/// Puts a session in, under a hash of what it says where it has no id; gives the hash of the id.
fn put(sessions: &mut Gathering, session: Session<'_>, hasher: &DefaultHashBuilder) -> u64 {
    if session.session_id.is_empty() {
        let id = id_from_content(&session);
        sessions.push(&Session { session_id: &id, ..session });
        return hasher.hash_one(id.as_str());
    }
    sessions.push(&session);
    hasher.hash_one(session.session_id)
}

fn hash_of(hasher: &DefaultHashBuilder, row: &Row<'_>) -> u64 {
    use std::hash::Hasher as _;
    let mut hash = hasher.build_hasher();
    for cell in row.iter() {
        hash.write(cell.as_bytes());
        hash.write_u8(0xFF); // in no UTF-8: ends the cell
    }
    hash.finish()
}
