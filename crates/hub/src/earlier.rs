//! What returns received before say of the clocks of a new one that is read as local time.
//!
//! Compared are the accepted returns of the same operator that are in the figures when the return is received. What they say is
//! kept with it (`How::overlap`), not looked up again: so a return proves later what it proved then, whatever was accepted or
//! withdrawn since, and a rebuild gives the same rows. A return that is read anew in a layout of other clocks loses it.
//!
//! The other way round it is the earlier return that may be on UTC. It is not changed by what comes after it; the new one says so, and waits
//! for somebody to look.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::{Span, Timestamp};
use kerbwatt_engine::{HeldRow, Wanted, is_from_content};
use kerbwatt_intake::{EARLIER_ON_UTC, Finding, Overlap, Profile, Repair, RepairKind, TimedSession, profiles};
use kerbwatt_model::{Session, Sessions, Zone};
use kerbwatt_store::Submission;

use crate::holding::told;
use crate::reading::How;
use crate::report::Read;
use crate::{Hub, HubError, NewReturn};

impl How {
    /// Whether a layout has the clocks of the one that a return is read in.
    pub(crate) fn has_clocks_of(&self, layout: &Profile) -> bool {
        let name = self.profile.as_deref().unwrap_or_default();
        let own = self.layout.as_ref().and_then(|text| Profile::from_toml(name, text).ok());
        let shipped = || profiles().iter().find(|profile| profile.name == name).cloned();
        own.or_else(shipped).is_some_and(|profile| profile.has_clocks_of(layout))
    }
}

impl Hub {
    /// A new return, read again with what earlier returns say of its clocks where that is anything; and repaired, where that was
    /// asked for and is proved by it.
    pub(crate) async fn compared_with_earlier(
        &self,
        file: &NewReturn,
        read: Read,
        how: How,
    ) -> Result<(Read, How), HubError> {
        let operator = file.operator.as_str();
        let local = self.local_returns(operator, &read)?;
        let has_local_clocks = !read.is_on_utc() && read.layout.as_ref().is_some_and(Profile::has_local_clocks);
        if local.is_empty() && !has_local_clocks {
            return Ok((read, how));
        }
        let evses = self.numbers(operator)?.known(&read.sessions);
        let held = self.held_around(operator, &read.sessions, &evses).await?;
        let earlier_on_utc = earlier_on_utc(&local, &read, &evses, &held)?;
        let overlap = if has_local_clocks { self.overlap(&read, &evses, &held)? } else { None };
        let (read, how) = self.compared_by_clocks(file, read, how, overlap)?;
        Ok((Read { earlier_on_utc, ..read }, how))
    }

    fn compared_by_clocks(
        &self,
        file: &NewReturn,
        read: Read,
        mut how: How,
        overlap: Option<Overlap>,
    ) -> Result<(Read, How), HubError> {
        let Some(overlap) = overlap.filter(Overlap::says_anything) else { return Ok((read, how)) };
        // That it is local time, as its layout says, matters only where the file itself seems to say otherwise.
        if !overlap.speaks_for_utc() && !read.report.repairs.iter().any(|repair| is_of_clocks(repair.kind)) {
            return Ok((read, how));
        }
        how.overlap = Some(overlap);
        let registers = self.registers()?;
        let register = registers.of_operator(file.operator.as_str());
        let own = self.own_layouts(&file.operator)?;
        let mut read = self.read(file, &how, &own, register)?;
        if file.accept && file.repair && read.provable().any(is_of_clocks) {
            how.repairs.push(RepairKind::MislabelledZone.id().to_owned());
            read = self.read(file, &how, &own, register)?;
        }
        Ok((read, how))
    }

    fn overlap(&self, read: &Read, evses: &[Option<i32>], held: &[HeldRow]) -> Result<Option<Overlap>, HubError> {
        if held.is_empty() {
            return Ok(None);
        }
        let zone = read.zone()?;
        let submissions = self.ledger.submissions()?;
        let mut is_local: HashMap<i64, bool> = HashMap::new();
        for row in held {
            if let Entry::Vacant(unknown) = is_local.entry(row.submission) {
                let known = submissions.iter().find(|one| one.id == row.submission);
                unknown.insert(known.map_or(Ok(false), |known| self.is_local(known, &zone))?);
            }
        }
        let earlier: Vec<TimedSession<'_>> =
            held.iter().map(|row| of_held(row, is_local.get(&row.submission) == Some(&true))).collect();
        Ok(Some(Overlap::of(&of_read(read, evses, true), &earlier, &zone)))
    }

    /// Returns in the figures that are read as local time and meet a new one.
    fn local_returns(&self, operator: &str, read: &Read) -> Result<BTreeSet<i64>, HubError> {
        let zone = read.zone()?;
        let mut local = BTreeSet::new();
        for one in self.ledger.submissions()?.iter().filter(|one| one.operator == operator && one.in_lake) {
            let meets = one.found.zip(read.report.found).is_some_and(|(a, b)| a.meets(&b));
            if meets && self.is_local(one, &zone)? {
                local.insert(one.id);
            }
        }
        Ok(local)
    }

    /// Whether a return was read as clocks on the wall of a zone.
    fn is_local(&self, submission: &Submission, zone: &Zone) -> Result<bool, HubError> {
        let layout: Option<Profile> = serde_json::from_value(self.details(submission.id)?.layout).ok();
        Ok(submission.zone == zone.name() && layout.is_some_and(|layout| layout.has_local_clocks()))
    }

    /// Rows of the lake that may be the same sessions, at most some hours away.
    async fn held_around(
        &self,
        operator: &str,
        sessions: &Sessions,
        evses: &[Option<i32>],
    ) -> Result<Vec<HeldRow>, HubError> {
        let span = sessions.iter().map(|session| session.plug_in).min().zip(sessions.iter().map(|s| s.plug_out).max());
        let Some((from, to)) = span else { return Ok(Vec::new()) };
        let moved = |at: Timestamp, hours: i64| at.checked_add(Span::new().hours(hours)).unwrap_or(at);
        let (from, to) = (moved(from, -APART_H), moved(to, APART_H));
        let ids = || (0..sessions.len()).map(|at| sessions.id(at)).collect();
        let wanted = || Wanted::new(ids(), evses.iter().copied().flatten().collect(), from, to);
        self.held_between(operator, (from, to), wanted).await
    }
}

/// Whether one of the returns that are read as local time has the sessions of a new one as if its clocks were on UTC.
fn earlier_on_utc(
    local: &BTreeSet<i64>,
    read: &Read,
    evses: &[Option<i32>],
    held: &[HeldRow],
) -> Result<Option<Finding>, HubError> {
    let mut of_return: BTreeMap<i64, Vec<TimedSession<'_>>> = BTreeMap::new();
    for row in held.iter().filter(|row| local.contains(&row.submission)) {
        of_return.entry(row.submission).or_default().push(of_held(row, true));
    }
    if of_return.is_empty() {
        return Ok(None);
    }
    let zone = read.zone()?;
    let ours = of_read(read, evses, read.layout.as_ref().is_some_and(Profile::has_local_clocks));
    let mut found = Vec::new();
    for (submission, theirs) in &of_return {
        let overlap = Overlap::of(theirs, &ours, &zone);
        if overlap.speaks_for_utc() {
            let rows = overlap.with_local.as_utc + overlap.with_instants.as_utc;
            let says = format!("{rows} sessions of return {submission} are early by what local time is ahead of UTC");
            found.push((rows, told(says)));
        }
    }
    let rows = found.iter().map(|(rows, _)| rows).sum();
    Ok((!found.is_empty()).then(|| EARLIER_ON_UTC.found(rows, found.into_iter().map(|(_, example)| example))))
}

/// Hours that the same session may be apart in two returns: no zone is further from UTC.
const APART_H: i64 = 15;

fn is_of_clocks(kind: RepairKind) -> bool {
    kind == RepairKind::MislabelledZone
}

impl Read {
    /// Whether earlier returns have its sessions on other clocks and nothing proves who is right.
    pub(crate) fn disputes_earlier(&self) -> bool {
        self.report.repairs.iter().any(Repair::is_dispute_with_earlier)
    }

    fn is_on_utc(&self) -> bool {
        self.report.applied.iter().any(|repair| is_of_clocks(repair.kind))
    }
}

/// The sessions of a return; `evses` are the numbers of its EVSEs.
fn of_read<'r>(read: &'r Read, evses: &[Option<i32>], is_local: bool) -> Vec<TimedSession<'r>> {
    let evse_of = |at: usize| evses.get(read.sessions.evse_numbers()[at] as usize).copied().flatten();
    (0..read.sessions.len()).map(|at| of_session(read.sessions.at(at), evse_of(at), is_local)).collect()
}

fn of_session(session: Session<'_>, evse: Option<i32>, is_local: bool) -> TimedSession<'_> {
    TimedSession {
        id: Some(session.session_id).filter(|id| !is_from_content(id)),
        evse,
        plug_in: session.plug_in,
        plug_out: session.plug_out,
        energy_kwh: session.energy_kwh,
        is_local,
    }
}

fn of_held(row: &HeldRow, is_local: bool) -> TimedSession<'_> {
    TimedSession {
        id: Some(row.session_id.as_str()).filter(|_| !row.is_named_by_content()),
        evse: Some(row.evse),
        plug_in: row.plug_in,
        plug_out: row.plug_out,
        energy_kwh: row.energy_kwh,
        is_local,
    }
}
