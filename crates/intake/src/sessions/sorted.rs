//! Rows by what became of them, block by block in the order of the file.

use std::cmp::Ordering;
use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use kerbwatt_model::{Flag, Period, Renames, Session, Sessions};

use super::block::{Nothing, ReadBlock};
use super::checking;
use super::credits::Credit;
use super::lengths;
use super::row;
use crate::checks::{self, Rule, TOTAL_PASSED_OVER, Tally, overlapping};
use crate::identity::same_content;
use crate::profiles::{Field, Recognised};
use crate::repairs::{Examined, swapped_date};
use crate::showing::HIDDEN;
use crate::{Declared, DuplicateRow, Example, Refusal, Register, Rejected, SessionReturn, Thresholds, Totals};

/// Rows kept apart beyond which a file is refused if they are most of it: to list them helps nobody, and takes more memory than
/// the file.
const MOST_WRONG: u64 = 1_000_000;

/// Sessions whose ids are looked up together.
const AHEAD: usize = 128;

/// Fees that were not read, kept to be shown, beyond which no more are.
const MOST_FEES: usize = 256;

/// Rows by what became of them.
pub(super) struct Sorted<'l> {
    layout: &'l Recognised,
    sessions: Sessions,
    /// As many sessions as the file seems to hold.
    expected: usize,
    /// How ids follow each other, as long as they do: then none can have been there before.
    in_order: Option<InOrder>,
    /// Position of each session, by the hash of its id, once they do not.
    by_id: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Rows accepted, by the hash of their cells: those whose cells may be read differently elsewhere.
    by_cells: HashMap<u64, u64>,
    /// Rows kept apart, by the hash of their cells.
    nothing: HashMap<u64, u64>,
    names: Vec<Renames>,
    quarantined: Vec<Rejected>,
    duplicates: Vec<DuplicateRow>,
    pub(super) totals: Totals,
    tally: Tally,
    bytes_read: usize,
    /// What stands where a fee is not read, by row: of the first rows.
    fees: HashMap<u64, String>,
    credits: Vec<Credit>,
}

impl<'l> Sorted<'l> {
    pub(super) fn new(layout: &'l Recognised, hasher: DefaultHashBuilder) -> Self {
        Self {
            layout,
            sessions: Sessions::new(),
            expected: 0,
            in_order: Some(InOrder::default()),
            by_id: HashTable::new(),
            hasher,
            by_cells: HashMap::new(),
            nothing: HashMap::new(),
            names: Vec::new(),
            quarantined: Vec::new(),
            duplicates: Vec::new(),
            totals: Totals::default(),
            tally: Tally::default(),
            bytes_read: 0,
            fees: HashMap::new(),
            credits: Vec::new(),
        }
    }

    /// The credits in the file.
    pub(super) fn take_credits(&mut self) -> Vec<Credit> {
        std::mem::take(&mut self.credits)
    }

    /// Takes in what a thread read of the next block; `bytes` are those of the whole file, where that is known.
    pub(super) fn take(&mut self, thread: usize, mut read: ReadBlock, bytes: Option<u64>) {
        if self.refusal().is_some() {
            return;
        }
        if self.names.len() <= thread {
            self.names.resize_with(thread + 1, Renames::default);
        }
        self.names[thread].learn(&read.sessions);
        self.make_room(&read, bytes);
        if let Some(row) = read.unended_row {
            self.sessions.end_within(row);
        }
        self.totals.rows_read += (read.ids.len() + read.nothing.len()) as u64;
        self.totals.energy_kwh.read = read.energies_kwh.iter().fold(self.totals.energy_kwh.read, |sum, kwh| sum + kwh);
        if self.fees.len() < MOST_FEES {
            self.fees.extend(std::mem::take(&mut read.fees));
        }
        for footer in std::mem::take(&mut read.footers) {
            self.tally.count(&TOTAL_PASSED_OVER, || footer);
        }
        self.credits.append(&mut read.credits);
        let duplicates = self.duplicates.len();
        let conflicts = self.place(thread, &read);
        if !conflicts.is_empty() {
            read.nothing.extend(conflicts);
            read.nothing.sort_by_key(|nothing| nothing.row.row);
        }
        read.nothing.into_iter().for_each(|nothing| self.reject(nothing));
        self.duplicates[duplicates..].sort_by_key(|row| row.row);
        self.bytes_read += read.bytes;
    }

    /// Makes room for as many sessions as the file seems to hold, by its first block, so that nothing moves while it grows.
    fn make_room(&mut self, read: &ReadBlock, bytes: Option<u64>) {
        let left = bytes.and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(0).saturating_sub(self.bytes_read);
        if !self.sessions.is_empty() || read.sessions.is_empty() || left <= read.bytes {
            return;
        }
        // A tenth more, for rows get shorter and longer on the way.
        let in_all = |of_block: usize| (of_block as u128 * left as u128 * 11 / 10 / read.bytes.max(1) as u128) as usize;
        let id_bytes: usize = (0..read.sessions.len()).map(|at| read.sessions.id(at).len()).sum();
        self.expected = in_all(read.sessions.len());
        self.sessions.reserve_like(&read.sessions, self.expected, in_all(id_bytes));
    }

    /// Accepts sessions, unless their ids were there before. Gives those that say something else under the same id.
    fn place(&mut self, thread: usize, read: &ReadBlock) -> Vec<Nothing> {
        let mut conflicts = Vec::new();
        let mut begun = 0;
        for at in 0..read.sessions.len() {
            if at % AHEAD == 0 && self.in_order.is_none() {
                self.touch(&read.ids[at..(at + AHEAD).min(read.ids.len())]);
            }
            let Some(first) = self.known(read, at, begun) else { continue };
            self.accept(thread, read, begun..at);
            begun = at + 1;
            self.repeated(thread, read, at, first, &mut conflicts);
        }
        self.accept(thread, read, begun..read.sessions.len());
        conflicts
    }

    /// Asks for the memory in which ids are looked up: one after the other, each would wait for its own.
    fn touch(&self, ids: &[u64]) {
        let mut touched = 0;
        for id in ids {
            self.by_id.find(*id, |position| {
                touched ^= position;
                true
            });
        }
        std::hint::black_box(touched);
    }

    /// Where a session's id was there before; where not, the session is noted at the place that it is about to get: behind those
    /// of its block that were taken since `begun`.
    fn known(&mut self, read: &ReadBlock, at: usize, begun: usize) -> Option<First> {
        if let Some(cells) = read.cells.get(at).copied().flatten() {
            match self.by_cells.entry(cells) {
                hashbrown::hash_map::Entry::Occupied(first) => return Some(First::Cells(*first.get())),
                hashbrown::hash_map::Entry::Vacant(free) => free.insert(read.sessions.row(at)),
            };
        }
        let (sessions, accepted, hasher) = (&self.sessions, self.sessions.len(), &self.hasher);
        let taken = accepted + at - begun;
        let id_of = |position: u32| match (position as usize).checked_sub(accepted) {
            None => sessions.id(position as usize),
            Some(ahead) => read.sessions.id(begun + ahead),
        };
        let id = read.sessions.id(at);
        let number = |position: usize| u32::try_from(position).unwrap_or(u32::MAX);
        let hash = |position: &u32| hasher.hash_one(id_of(*position));
        if let Some(in_order) = &mut self.in_order {
            if in_order.goes_on(taken.checked_sub(1).map(|last| id_of(number(last))), id) {
                return None;
            }
            self.in_order = None;
            self.by_id.reserve(self.expected.max(taken), |_| 0);
            for position in (0..taken).map(number) {
                self.by_id.insert_unique(hash(&position), position, hash);
            }
        }
        let is_same = |position: &u32| id_of(*position) == id;
        let entry = self.by_id.entry(read.ids[at], is_same, hash);
        match entry {
            hashbrown::hash_table::Entry::Occupied(first) => Some(First::Session(*first.get())),
            hashbrown::hash_table::Entry::Vacant(free) => {
                free.insert(number(taken));
                None
            }
        }
    }

    fn accept(&mut self, thread: usize, read: &ReadBlock, stretch: std::ops::Range<usize>) {
        self.totals.accepted += stretch.len() as u64;
        let energies_kwh = stretch.clone().map(|at| read.sessions.energy_kwh(at));
        self.totals.energy_kwh.accepted = energies_kwh.fold(self.totals.energy_kwh.accepted, |sum, kwh| sum + kwh);
        self.sessions.append(&read.sessions, stretch, &mut self.names[thread]);
    }

    /// A session under an id that was there before: a duplicate, or in conflict with the first.
    fn repeated(&mut self, thread: usize, read: &ReadBlock, at: usize, first: First, conflicts: &mut Vec<Nothing>) {
        let session = self.names[thread].view(&read.sessions, at);
        let first_row = match first {
            First::Cells(row) => row,
            First::Session(position) => {
                let first = self.sessions.at(position as usize);
                if !same_content(&first, &session) {
                    let value = format!("{} (also in row {})", session.session_id, first.row);
                    let column = row::id_column(self.layout);
                    let (rule, row) =
                        row::rejected(Rule::ConflictingSession, session.row, column, &value, session.energy_kwh);
                    conflicts.push(Nothing { hash: said(&self.hasher, &session), rule, row });
                    return;
                }
                first.row
            }
        };
        let (row, energy_kwh) = (session.row, session.energy_kwh);
        self.duplicate(row, first_row, energy_kwh);
    }

    fn duplicate(&mut self, row: u64, first_row: u64, energy_kwh: f64) {
        self.totals.duplicates += 1;
        self.totals.energy_kwh.duplicates += energy_kwh;
        self.duplicates.push(DuplicateRow { row, first_row, energy_kwh });
    }

    /// Keeps a row apart, unless it repeats one that is.
    fn reject(&mut self, nothing: Nothing) {
        let Nothing { hash, rule, row } = nothing;
        let first = *self.nothing.entry(hash).or_insert(row.row);
        if first != row.row {
            self.duplicate(row.row, first, row.energy_kwh);
            return;
        }
        self.totals.quarantined += 1;
        self.totals.energy_kwh.quarantined += row.energy_kwh;
        self.tally.count(&rule.check(), || row.example());
        self.quarantined.push(row);
    }

    /// Takes drivers' ids out of what is shown: a row whose cells are shifted holds them anywhere.
    pub(super) fn hide(&mut self, is_private: impl Fn(&str) -> bool) {
        for row in self.quarantined.iter_mut().filter(|row| is_private(&row.value)) {
            row.value = HIDDEN.into();
        }
        for value in self.tally.shown().chain(self.fees.values_mut()).filter(|value| is_private(value)) {
            HIDDEN.clone_into(value);
        }
    }

    /// Why the file is refused as a whole, where so much of it is wrong that it is.
    pub(super) fn refusal(&self) -> Option<Refusal> {
        if self.totals.rows_read >= Sessions::MOST_ROWS {
            let what = format!("a table of {} rows and more", Sessions::MOST_ROWS);
            return Some(Refusal::TooLarge { what });
        }
        let most = self.tally.most_frequent()?;
        let (rows, wrong, title, advice) = (self.totals.rows_read, self.totals.quarantined, most.title, most.advice);
        self.is_mostly_wrong().then_some(Refusal::MostlyWrong { rows, wrong, title, advice })
    }

    fn is_mostly_wrong(&self) -> bool {
        let wrong = self.totals.quarantined;
        wrong > MOST_WRONG && 2 * wrong > self.totals.rows_read
    }

    /// Whether so many energies cannot be that their unit or their commas may be another than declared.
    pub(super) fn is_amiss(&self, thresholds: &Thresholds) -> bool {
        let of_energy = ["implausible_energy", "unreadable_energy"];
        let amiss = self.quarantined.iter().filter(|row| of_energy.contains(&row.rule)).count();
        // Where a higher limit lets such energies pass, the file is looked at all the same.
        let usual_kwh = Thresholds::default().impossible_kwh;
        let is_lenient = thresholds.impossible_kwh > usual_kwh;
        let looked_at = if is_lenient { self.sessions.len() } else { 0 };
        let passed = (0..looked_at).filter(|at| self.sessions.energy_kwh(*at) > usual_kwh).count();
        let amiss = (amiss + passed) as u64;
        amiss >= 20 && amiss * 5 >= self.totals.rows_read
    }

    /// Checks the sessions against each other, the declaration and the register.
    pub(super) fn finish(
        mut self,
        declared: &Declared<'_>,
        register: &dyn Register,
        examined: &Examined,
    ) -> Result<SessionReturn, Refusal> {
        let zone = self.layout.profile.zone();
        let starts = self.sessions.plug_ins_s();
        let day = |second: i64| zone.day(jiff::Timestamp::from_second(second).unwrap_or_default());
        let (first, last) = (starts.iter().min().map(|at| day(*at)), starts.iter().max().map(|at| day(*at)));
        let found = first.zip(last).and_then(|(first, last)| Period::new(first, last).ok());
        if let (Some(period), Some(found)) = (declared.period, found)
            && !examined.proposed.iter().any(|repair| repair.provable)
            && !starts.iter().any(|at| period.contains(day(*at)))
        {
            let exchanged = starts.iter().filter(|at| swapped_date(day(**at)).is_some_and(|day| period.contains(day)));
            let is_exchanged = exchanged.count() * 10 >= starts.len() * 9;
            return Err(Refusal::PeriodFitsNoRow { declared: period, found, is_exchanged });
        }
        drop(std::mem::take(&mut self.by_id));
        lengths::settle(&mut self.sessions);
        let by_evse = self.sessions.by_evse();
        for at in overlapping(&self.sessions, &by_evse) {
            self.sessions.flag(at, Flag::Overlap);
        }
        if !examined.doubtful.is_empty() {
            for at in 0..self.sessions.len() {
                if u32::try_from(self.sessions.row(at)).is_ok_and(|row| examined.doubtful.contains(&row)) {
                    self.sessions.flag(at, Flag::UnclearOrder);
                }
            }
        }
        checking::check(&mut self.sessions, self.layout, (declared, &self.fees), register, &mut self.tally);
        self.tell_far_starts();
        self.totals.flagged = self.sessions.flags().iter().filter(|flags| **flags & !notes() != 0).count() as u64;
        Ok(SessionReturn {
            profile: self.layout.described(),
            layout: self.layout.profile.clone(),
            zone,
            sessions: self.sessions,
            by_evse,
            quarantined: self.quarantined,
            duplicates: self.duplicates,
            findings: self.tally.findings_with(declared.thresholds),
            totals: self.totals,
            found,
            repairs: Vec::new(),
            applied: Vec::new(),
        })
    }

    /// Tells starts that are far from nearly all others.
    fn tell_far_starts(&mut self) {
        let Some(bulk) = checks::bulk(self.sessions.plug_ins_s()) else { return };
        let starts = self.sessions.plug_ins_s().iter().enumerate();
        for (at, _) in starts.filter(|(_, start)| !bulk.contains(start)) {
            let session = self.sessions.at(at);
            let column = self.layout.header_of(Field::PlugIn);
            self.tally.count(&checks::FAR, || Example { row: session.row, column, value: session.plug_in.to_string() });
        }
    }
}

/// Ids of which each is larger than the one before, or each smaller: such as numbers that are counted up. The longer one is larger.
#[derive(Debug, Default)]
struct InOrder(Option<Ordering>);

impl InOrder {
    /// Whether an id goes on as those before it.
    fn goes_on(&mut self, before: Option<&str>, id: &str) -> bool {
        let Some(before) = before else { return true };
        let order = before.len().cmp(&id.len()).then_with(|| before.cmp(id));
        order != Ordering::Equal && order == *self.0.get_or_insert(order)
    }
}

/// Hash of all that a session says.
fn said(hasher: &DefaultHashBuilder, session: &Session<'_>) -> u64 {
    let Session { session_id, evse, device, connector, plug_in, plug_out, charging_end, energy_kwh, fee_pence, .. } =
        session;
    let amounts = (energy_kwh.to_bits(), fee_pence.map(f64::to_bits));
    hasher.hash_one((session_id, evse, device, connector, plug_in, plug_out, charging_end, amounts))
}

/// What was there before a row.
#[derive(Clone, Copy)]
enum First {
    /// A session under the same id.
    Session(u32),
    /// The row with the same cells.
    Cells(u64),
}

/// Flags that note something without warning of it.
fn notes() -> i32 {
    [Flag::FailedStart, Flag::LowEnergy, Flag::EndDerived, Flag::Repaired]
        .into_iter()
        .fold(0, |bits, flag| bits | flag.bit())
}
