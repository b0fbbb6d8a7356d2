//! Returns that are accepted and not in the lake yet, such as those that one command hands in: what comes after them is compared with
//! them as it will be when all are published.

use std::collections::{HashMap, HashSet};
use std::sync::PoisonError;

use kerbwatt_engine::{HeldRow, Wanted, is_from_content, plain_id};
use kerbwatt_model::{Period, Session, Sessions};
use kerbwatt_store::{Submission, SubmissionState};

use crate::crossings::{Crossed, Incoming, cross};
use crate::points::{Points, devices};
use crate::report::Read;
use crate::superseded::{Superseded, at};
use crate::{Hub, HubError};

/// Sessions that are remembered between recording a return and publishing it.
const REMEMBERED: usize = 2_000_000;

/// Seconds that the same session may be apart where one return tells it by the minute.
const APART_S: i64 = 60;

/// What was read, by submission, until it is published.
#[derive(Default)]
pub(crate) struct Remembered {
    reads: HashMap<i64, Read>,
    /// Of what was not kept, and of what another return was compared with: one that comes alone needs none.
    outlines: HashMap<i64, Outline>,
}

/// Between which ends the sessions of a return lie: what lies apart needs no comparing.
struct Outline {
    /// Seconds of the first plug-in and the last plug-out.
    span_s: (i64, i64),
    /// First and last of the ids that the operator gave.
    given: Option<(String, String)>,
}

impl Outline {
    fn of(sessions: &Sessions) -> Self {
        let first = sessions.plug_ins_s().iter().copied().min().unwrap_or_default();
        let last = (0..sessions.len()).map(|at| sessions.plug_out_s(at)).max().unwrap_or_default();
        let given = || (0..sessions.len()).map(|at| sessions.id(at)).filter(|id| !is_from_content(id));
        let given = || given().map(plain_id);
        let ends = given().min().zip(given().max());
        Self { span_s: (first, last), given: ends.map(|(first, last)| (first.to_owned(), last.to_owned())) }
    }

    fn meets(&self, other: &Self) -> bool {
        let is_at_once = self.span_s.0 <= other.span_s.1 + APART_S && other.span_s.0 <= self.span_s.1 + APART_S;
        let ids = self.given.as_ref().zip(other.given.as_ref());
        is_at_once || ids.is_some_and(|(own, others)| own.0 <= others.1 && others.0 <= own.1)
    }
}

/// Numbers of an operator's EVSEs: those of the ledger, and of those that it does not number yet some below zero.
pub(crate) struct Numbers {
    known: HashMap<String, i32>,
    /// Each with its id and its device.
    evses: Vec<(i32, String, String)>,
}

impl Numbers {
    /// The number of each EVSE of some sessions, by its number among them.
    pub(crate) fn of(&mut self, sessions: &Sessions) -> Vec<i32> {
        if sessions.evses().iter().any(|uid| !self.known.contains_key(uid)) {
            for (uid, device) in sessions.evses().iter().zip(devices(sessions)) {
                // Below zero: no number of the ledger.
                let next = -i32::try_from(self.evses.len()).unwrap_or(i32::MAX) - 1;
                if !self.known.contains_key(uid) {
                    self.known.insert(uid.to_owned(), next);
                    self.evses.push((next, uid.to_owned(), device.to_owned()));
                }
            }
        }
        sessions.evses().iter().map(|uid| self.known.get(uid).copied().unwrap_or_default()).collect()
    }

    /// The number of each EVSE of some sessions, for those that are numbered.
    pub(crate) fn known(&self, sessions: &Sessions) -> Vec<Option<i32>> {
        sessions.evses().iter().map(|uid| self.known.get(uid).copied()).collect()
    }

    /// Which of them may be the same.
    pub(crate) fn points(&self) -> Points {
        Points::of(self.evses.iter().map(|(number, uid, device)| (*number, uid.as_str(), device.as_str())))
    }

    /// Id and device of each, by its number.
    pub(crate) fn places(self) -> HashMap<i32, (String, String)> {
        self.evses.into_iter().map(|(number, uid, device)| (number, (uid, device))).collect()
    }
}

/// A return that is compared with others.
pub(crate) struct Compared<'a> {
    pub(crate) sessions: &'a Sessions,
    /// Its rows among others.
    pub(crate) wanted: &'a Wanted<'a>,
    /// Days that other returns cover.
    pub(crate) covers: &'a dyn Fn(i64) -> Option<Period>,
}

/// What the lake holds, or will hold.
#[derive(Default)]
pub(crate) struct HeldRows {
    pub(crate) rows: Vec<HeldRow>,
    pub(crate) superseded: Superseded,
}

impl Hub {
    /// Keeps what was just read until it is published, so that it is not read twice.
    pub(crate) fn remember(&self, submission: i64, read: Read) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let held: usize = remembered.reads.values().map(|read| read.sessions.len()).sum();
        if held + read.sessions.len() <= REMEMBERED {
            remembered.reads.insert(submission, read);
        } else {
            remembered.outlines.insert(submission, Outline::of(&read.sessions));
        }
    }

    /// Forgets what was read when a submission was recorded.
    pub(crate) fn forget_read(&self, submission: i64) {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.reads.remove(&submission);
        remembered.outlines.remove(&submission);
    }

    /// What was read when a submission was recorded, if it was just now and is still read in the same way; it is not kept any longer.
    pub(crate) fn remembered(&self, submission: &Submission) -> Option<Read> {
        let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        remembered.outlines.remove(&submission.id);
        remembered.reads.remove(&submission.id).filter(|read| is_as_recorded(submission, read))
    }

    pub(crate) fn numbers(&self, operator: &str) -> Result<Numbers, HubError> {
        let evses = self.ledger.devices_of(operator)?;
        Ok(Numbers { known: evses.iter().map(|(number, uid, _)| (uid.clone(), *number)).collect(), evses })
    }

    /// Makes rows of the lake those that it will have when the returns that wait are in it.
    pub(crate) fn with_waiting(
        &self,
        waiting: &[&Submission],
        compared: &Compared<'_>,
        numbers: &mut Numbers,
        held: &mut HeldRows,
    ) -> Result<(), HubError> {
        if waiting.is_empty() {
            return Ok(());
        }
        let (outline, mut registers) = (Outline::of(compared.sessions), None);
        for one in waiting {
            let mut remembered = self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
            let Remembered { reads, outlines } = &mut *remembered;
            let read = reads.get(&one.id);
            if let Some(read) = read {
                outlines.entry(one.id).or_insert_with(|| Outline::of(&read.sessions));
            }
            if outlines.get(&one.id).is_some_and(|known| !known.meets(&outline)) {
                continue;
            }
            if let Some(read) = read.filter(|read| is_as_recorded(one, read)) {
                enter(one, read, compared, numbers, held)?;
                continue;
            }
            drop(remembered);
            let registers = match &mut registers {
                Some(known) => &*known,
                unread => &*unread.insert(self.registers()?),
            };
            match self.read_recorded(one, registers) {
                Ok(read) => enter(one, &read, compared, numbers, held)?,
                // Publishing will tell it; a return can be received all the same.
                Err(error) => tracing::warn!(%error, "return {} cannot be compared with", one.id),
            }
        }
        Ok(())
    }
}

/// Returns of an operator that are accepted and not in the lake, but for one, in the order in which they were received.
pub(crate) fn waiting<'s>(submissions: &'s [Submission], operator: &str, but_for: i64) -> Vec<&'s Submission> {
    let waits = |one: &&Submission| {
        one.operator == operator && one.state == SubmissionState::Accepted && !one.in_lake && one.id != but_for
    };
    let mut waiting: Vec<&Submission> = submissions.iter().filter(waits).collect();
    waiting.sort_by_key(|one| one.id);
    waiting
}

fn is_as_recorded(submission: &Submission, read: &Read) -> bool {
    submission.totals.accepted == read.sessions.len() as u64 && !submission.is_stale
}

/// Does to rows what publishing a return does to the lake, as far as the one that is compared can tell.
fn enter(
    one: &Submission,
    read: &Read,
    compared: &Compared<'_>,
    numbers: &mut Numbers,
    lake: &mut HeldRows,
) -> Result<(), HubError> {
    let zone = read.zone()?;
    let own = numbers.of(&read.sessions);
    let (evses, points): (Vec<Option<i32>>, _) = (own.iter().copied().map(Some).collect(), numbers.points());
    let (submission, covers, sessions) = (one.id, one.covers(), &read.sessions);
    let is_declared = one.declared.is_some();
    let incoming = Incoming { submission, covers, is_declared, zone: &zone, sessions, evses: &evses, points: &points };
    let HeldRows { rows, superseded } = lake;
    let crossed = cross(&incoming, rows, superseded, compared.covers);
    superseded.add(&crossed);
    let Crossed { out, replaces, kept, .. } = crossed;
    let replaced: HashSet<(i64, u64)> = replaces.iter().map(|(other, crossing)| (*other, crossing.row)).collect();
    rows.retain(|row| !replaced.contains(&at(row)));
    let out: HashSet<u64> = out.iter().map(|crossing| crossing.row).collect();
    let numbered = read.sessions.iter().zip(read.sessions.evse_numbers());
    let staying = numbered.filter(|(session, _)| !out.contains(&session.row));
    let staying = staying.map(|(session, number)| (session, own.get(*number as usize).copied().unwrap_or_default()));
    let is_wanted = |(session, evse): &(Session<'_>, i32)| {
        let takes = |evse: i32| compared.wanted.takes(session.session_id, evse, session.plug_in, session.plug_out);
        takes(*evse) || points.others(*evse).iter().any(|other| takes(*other))
    };
    let mut kept = kept.iter().peekable();
    rows.extend(staying.filter(is_wanted).map(|(session, evse)| {
        let mut row = held(one.id, &session, evse);
        while kept.peek().is_some_and(|kept| kept.row < session.row) {
            kept.next();
        }
        kept.peek().filter(|kept| kept.row == session.row).inspect(|kept| kept.keep_in(&mut row));
        row
    }));
    Ok(())
}

fn held(submission: i64, session: &Session<'_>, evse: i32) -> HeldRow {
    HeldRow {
        submission,
        row: i64::try_from(session.row).unwrap_or(i64::MAX),
        session_id: session.session_id.to_owned(),
        evse,
        connector: session.connector.map(str::to_owned),
        plug_in: session.plug_in,
        plug_out: session.plug_out,
        charging_end: session.charging_end,
        energy_kwh: session.energy_kwh,
        fee_pence: session.fee_pence,
    }
}
