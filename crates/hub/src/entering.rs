//! Sessions into the lake and out of it: what a publication does to the table of sessions.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::civil::Date;
use kerbwatt_engine::{HeldFile, HeldRow, Wanted};
use kerbwatt_model::{ByEvse, Period, Sessions, Zone, day_of_number, in_threads};
use kerbwatt_store::{
    Change, Crossing, Entered, NewEvse, PartitionValues, RecordBatch, Replace, Submission, SubmissionState,
    sessions_batch, sessions_spec,
};

use crate::by_month::{ByMonth, Divided, by_month};
use crate::comparing::{Files, wanted};
use crate::crossings::{Crossed, Incoming, cross};
use crate::kept::{Kept, drivers_wanted, keep};
use crate::months::Months;
use crate::points::Points;
use crate::publish::{Writer, partition};
use crate::register::Registers;
use crate::report::Read;
use crate::superseded::{Superseded, at};
use crate::{Hub, HubError, Progress};

/// Sessions that are held before they are committed.
const SESSIONS_HELD: usize = 500_000;

/// Sessions of a return that are made ready at once, give or take a month: one of five years is not to be in memory twice.
const SESSIONS_AT_ONCE: usize = 1_000_000;

/// Rows that a thread makes ready before it takes the next ones.
const OF_A_BATCH: usize = 100_000;

/// What a publication takes out of the lake and puts into it.
#[derive(Debug, Default)]
pub(crate) struct Due {
    /// Returns whose sessions go in, in the order in which they were received.
    pub(crate) enter: Vec<Submission>,
    /// Returns whose sessions, as they were, come out first.
    pub(crate) leave: Vec<Submission>,
}

impl Due {
    pub(crate) fn is_empty(&self) -> bool {
        self.enter.is_empty() && self.leave.is_empty()
    }

    /// Every return that changes.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Submission> {
        self.leave.iter().chain(&self.enter)
    }

    /// Numbers of the returns that come out and do not go in again.
    pub(crate) fn left(&self) -> Vec<i64> {
        let entering: BTreeSet<i64> = self.enter.iter().map(|submission| submission.id).collect();
        self.leave.iter().map(|submission| submission.id).filter(|id| !entering.contains(id)).collect()
    }
}

/// Rows written but not yet committed.
#[derive(Default)]
struct Held {
    writes: Vec<(PartitionValues, Vec<RecordBatch>)>,
    rows: usize,
}

/// What entering did.
#[derive(Default)]
pub(crate) struct Moved {
    pub(crate) months: Months,
    pub(crate) entered: Vec<Entered>,
}

impl Hub {
    /// What has to be done to the lake: everything, or what changed since it was last published and what depends on that.
    pub(crate) async fn due(&self, all: bool) -> Result<Due, HubError> {
        let mut submissions = self.ledger.submissions()?;
        submissions.sort_by_key(|submission| submission.id);
        let is_accepted = |submission: &&Submission| submission.state == SubmissionState::Accepted;
        if all {
            return Ok(Due { enter: submissions.iter().filter(is_accepted).cloned().collect(), leave: Vec::new() });
        }
        let stale: Vec<i64> = submissions.iter().filter(|one| one.is_stale).map(|one| one.id).collect();
        let mut leaving: BTreeSet<i64> = stale.iter().copied().collect();
        leaving.extend(self.ledger.dependants(&stale)?);
        leaving.extend(self.displaced(&submissions, &leaving).await?);
        let leaves = |one: &&Submission| leaving.contains(&one.id);
        let enters = |one: &&Submission| is_accepted(one) && (!one.in_lake || leaving.contains(&one.id));
        Ok(Due {
            enter: submissions.iter().filter(enters).cloned().collect(),
            leave: submissions.iter().filter(leaves).cloned().collect(),
        })
    }

    /// Returns in the lake that were received after one which is accepted only now and shares rows with them, in the lake or out of it: they
    /// go in anew after it, as if all had been accepted in the order in which they came.
    async fn displaced(&self, submissions: &[Submission], leaving: &BTreeSet<i64>) -> Result<BTreeSet<i64>, HubError> {
        let stays = |one: &Submission| one.in_lake && !leaving.contains(&one.id);
        let late = submissions.iter().filter(|one| one.state == SubmissionState::Accepted && !one.in_lake);
        let later_than = |one: &Submission| -> BTreeSet<i64> {
            let is_later = |other: &&Submission| other.operator == one.operator && other.id > one.id && stays(other);
            submissions.iter().filter(is_later).map(|other| other.id).collect()
        };
        let late: Vec<(&Submission, BTreeSet<i64>)> =
            late.map(|one| (one, later_than(one))).filter(|(_, later)| !later.is_empty()).collect();
        let mut displaced = BTreeSet::new();
        if late.is_empty() {
            return Ok(displaced);
        }
        let (mut files, registers) = (Files::default(), self.registers()?);
        files.refresh(self).await?;
        for (one, later) in late {
            let read = self.read_recorded(one, &registers)?;
            let mut numbers = self.numbers(&one.operator)?;
            let evses = numbers.of(&read.sessions);
            let wanted = wanted(&read.sessions, numbers.points().with_others(&evses));
            let mut met = BTreeMap::<i64, HashSet<u64>>::new();
            for file in files.of(&one.operator)? {
                for (submission, row) in file.matching(&wanted)?.iter().map(at) {
                    met.entry(submission).or_default().insert(row);
                }
            }
            for (submission, rows) in met {
                // Rows that stay out for one of these are in no file, and would be compared with another now.
                let out = self.ledger.out_for(submission)?.into_iter().filter(|(_, row)| rows.contains(row));
                let meets = std::iter::once(submission).chain(out.map(|(id, _)| id));
                displaced.extend(meets.filter(|id| later.contains(id)));
            }
        }
        let found: Vec<i64> = displaced.iter().copied().collect();
        displaced.extend(self.ledger.dependants(&found)?);
        Ok(displaced)
    }

    /// Takes the sessions of returns out of the lake and puts those of others in.
    pub(crate) async fn move_sessions(
        &self,
        due: &Due,
        writer: &mut Writer<'_>,
        progress: &dyn Progress,
    ) -> Result<Moved, HubError> {
        let mut moved = Moved::default();
        let mut files = Files::default();
        if writer.is_anew {
            writer.commit(&sessions_spec(), Change { write: Vec::new(), replace: Replace::Everything }, "anew").await?;
        }
        files.refresh(self).await?;
        self.take_out(due, &mut files, writer, &mut moved.months).await?;
        let covers: HashMap<i64, Option<Period>> =
            self.ledger.submissions()?.iter().map(|one| (one.id, one.covers())).collect();
        // Read only where a return has to be read again.
        let mut registers = None;
        let (mut held, mut is_listed) = (Held::default(), true);
        let mut superseded = Superseded::told_anew_by(due.all().map(|one| one.id));
        for (done, submission) in (0..).zip(&due.enter) {
            progress.step("sessions into the lake", done, due.enter.len() as u64);
            if !std::mem::replace(&mut is_listed, true) {
                files.refresh(self).await?;
            }
            let (mut entering, mut by_evse) = self.entering(submission, &mut registers)?;
            let rows = self.rows_to_compare(submission, &mut entering, &mut held, &mut files, writer).await?;
            self.add_superseded(&mut superseded, &rows)?;
            let covered = |other| covers.get(&other).copied().flatten();
            let mut crossed = entering.cross(submission, &rows, &superseded, &covered);
            superseded.add(&crossed);
            let kept = std::mem::take(&mut crossed.kept);
            let is_moved = self.keep(&mut entering, kept, &submission.operator, &mut files)?;
            self.take_replaced(&crossed, &submission.operator, &mut files, writer, &mut moved.months).await?;
            crossed.flag(&mut entering.sessions);
            if is_moved {
                by_evse = entering.sessions.by_evse();
                entering.count(&by_evse);
            }
            entering.forget_elsewhere(&crossed);
            let by_month = self.note(submission, &entering, by_evse, &crossed.out, &mut held, &mut moved.months)?;
            let mut left = by_month.into_iter().peekable();
            loop {
                if held.rows >= SESSIONS_HELD {
                    held.commit(writer).await?;
                    is_listed = false;
                }
                if left.peek().is_none() {
                    break;
                }
                held.add(submission, &entering, &at_once(&mut left))?;
            }
            let overlaps = crossed.overlap_counts();
            moved.entered.push(Entered {
                submission: submission.id,
                covered: entering.covered,
                crossings: crossed.out,
                replaces: crossed.replaces,
                overlaps,
            });
        }
        held.commit(writer).await?;
        Ok(moved)
    }

    /// Rows of the lake that a return has to be compared with; what is held is committed first where it is among them.
    async fn rows_to_compare(
        &self,
        submission: &Submission,
        entering: &mut Entering,
        held: &mut Held,
        files: &mut Files,
        writer: &mut Writer<'_>,
    ) -> Result<Vec<HeldRow>, HubError> {
        let operator = &submission.operator;
        if held.of(operator).next().is_none() && files.of(operator)?.is_empty() {
            return Ok(Vec::new());
        }
        entering.points = self.numbers(operator)?.points();
        let wanted = wanted(&entering.sessions, entering.points.with_others(&entering.evses));
        if held.meets(operator, &wanted)? {
            held.commit(writer).await?;
            files.refresh(self).await?;
        }
        let mut rows = Vec::new();
        for file in files.of(operator)? {
            rows.extend(file.matching(&wanted)?);
        }
        Ok(rows)
    }

    /// Takes the files of returns out, and touches the months that their sessions lay in.
    async fn take_out(
        &self,
        due: &Due,
        files: &mut Files,
        writer: &mut Writer<'_>,
        months: &mut Months,
    ) -> Result<(), HubError> {
        let leaving: HashSet<i64> = due.leave.iter().map(|submission| submission.id).collect();
        let operators: BTreeSet<&str> = due.leave.iter().map(|submission| submission.operator.as_str()).collect();
        let mut paths = Vec::new();
        for operator in operators {
            for file in files.of(operator)?.into_iter().filter(|file| leaving.contains(&file.submission)) {
                paths.push(file.file.path.clone());
                touch(months, operator, file);
            }
        }
        let ids: Vec<i64> = due.leave.iter().map(|submission| submission.id).collect();
        self.ledger.forget_returns(&ids)?;
        if !paths.is_empty() {
            let change = Change { write: Vec::new(), replace: Replace::Files(paths) };
            writer.commit(&sessions_spec(), change, "sessions taken out").await?;
            files.refresh(self).await?;
        }
        Ok(())
    }

    /// Keeps in sessions what they keep of rows that they replace; says whether any went to another EVSE.
    fn keep(
        &self,
        entering: &mut Entering,
        kept: Vec<Kept>,
        operator: &str,
        files: &mut Files,
    ) -> Result<bool, HubError> {
        if kept.is_empty() {
            return Ok(false);
        }
        let (wanted, mut drivers) = (drivers_wanted(&kept), HashMap::new());
        for file in files.of(operator)? {
            let Some(rows) = wanted.get(&file.submission) else { continue };
            drivers.extend(file.drivers(rows)?.into_iter().map(|(row, driver)| ((file.submission, row), driver)));
        }
        let is_any_moved = kept.iter().any(|one| one.evse.is_some());
        let places = if is_any_moved { self.numbers(operator)?.places() } else { HashMap::new() };
        let back = keep(&mut entering.sessions, kept, &drivers, &places);
        let named = entering.sessions.evses().iter().skip(entering.evses.len());
        entering.evses.extend(named.filter_map(|uid| back.get(uid).copied()));
        Ok(!back.is_empty())
    }

    /// Writes the files of other returns anew without the rows that were replaced.
    async fn take_replaced(
        &self,
        crossed: &Crossed,
        operator: &str,
        files: &mut Files,
        writer: &mut Writer<'_>,
        months: &mut Months,
    ) -> Result<(), HubError> {
        if crossed.replaces.is_empty() {
            return Ok(());
        }
        let mut rows: BTreeMap<i64, HashSet<i64>> = BTreeMap::new();
        for (submission, replaced) in &crossed.replaces {
            rows.entry(*submission).or_default().insert(i64::try_from(replaced.row).unwrap_or(i64::MAX));
        }
        let (mut write, mut paths) = (Vec::new(), Vec::new());
        for file in files.of(operator)? {
            let Some(gone) = rows.get(&file.submission) else { continue };
            let kept = file.without(gone)?;
            let left: usize = kept.iter().map(RecordBatch::num_rows).sum();
            if u64::try_from(left).is_ok_and(|left| left == file.file.rows) {
                continue;
            }
            touch(months, operator, file);
            paths.push(file.file.path.clone());
            write.push((file.file.partition.clone(), kept));
        }
        writer.commit(&sessions_spec(), Change { write, replace: Replace::Files(paths) }, "rows replaced").await?;
        files.refresh(self).await
    }

    /// A return read again, its EVSEs numbered; and the positions of the sessions of each EVSE, by its number among them, in order of
    /// plug-in.
    fn entering(
        &self,
        submission: &Submission,
        registers: &mut Option<Registers>,
    ) -> Result<(Entering, ByEvse), HubError> {
        let read = match (self.remembered(submission), &mut *registers) {
            (Some(read), _) => read,
            (None, Some(known)) => self.read_recorded(submission, known)?,
            (None, unread) => self.read_recorded(submission, unread.insert(self.registers()?))?,
        };
        let zone = read.zone()?;
        let (evses, counts) = self.number_evses(submission, &read, &zone)?;
        // Recorded by an earlier version, which did not note it.
        let is_unnoted = submission.declared.is_none() && submission.covered.is_none();
        let covered = is_unnoted.then(|| read.reports()).transpose()?;
        let points = Points::default();
        Ok((Entering { sessions: read.sessions, evses, counts, zone, points, covered }, read.by_evse))
    }

    /// Numbers the EVSEs of a return: gives the number of each by its number among the sessions, and what the return says of it,
    /// by the ledger's number.
    fn number_evses(&self, submission: &Submission, read: &Read, zone: &Zone) -> Result<(Vec<i32>, Counts), HubError> {
        let seen = seen(&read.sessions, &read.by_evse, zone);
        let new: Vec<NewEvse> = seen
            .iter()
            .map(|seen| NewEvse {
                uid: seen.uid.to_owned(),
                device: seen.device.to_owned(),
                zone: zone.name().to_owned(),
            })
            .collect();
        let numbers = self.ledger.number_evses(&submission.operator, &new)?;
        let mut evses = vec![0; read.sessions.evses().len()];
        for (seen, number) in seen.iter().zip(numbers) {
            evses[seen.number] = number;
        }
        let counts = counts(&seen, &evses);
        Ok((evses, counts))
    }

    /// Notes a return's rows with their EVSEs; meanwhile divides its sessions by month and holds those of the first months. Gives
    /// the months that are left.
    fn note(
        &self,
        submission: &Submission,
        entering: &Entering,
        by_evse: ByEvse,
        out: &[Crossing],
        held: &mut Held,
        months: &mut Months,
    ) -> Result<ByMonth, HubError> {
        let covered = entering.covered.clone().unwrap_or_else(|| submission.reports()).last().map(|period| period.last);
        let divide = || {
            let Entering { sessions, evses, zone, .. } = entering;
            let (by_month, touched) = by_month(&Divided { sessions, by_evse, evses, zone, out })?;
            let mut left = by_month.into_iter();
            held.add(submission, entering, &at_once(&mut left))?;
            months.entry(submission.operator.clone()).or_default().extend(touched);
            Ok(left.collect())
        };
        let (noted, divided) = std::thread::scope(|scope| {
            let noting = scope.spawn(|| self.ledger.note_returns(submission.id, covered, &entering.counts));
            let divided = divide();
            (noting.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), divided)
        });
        noted?;
        divided
    }
}

impl Held {
    /// Batches of an operator that are not yet committed.
    fn of(&self, operator: &str) -> impl Iterator<Item = &RecordBatch> {
        let is_own = move |partition: &PartitionValues| partition.get("operator").is_some_and(|own| own == operator);
        self.writes.iter().filter(move |(partition, _)| is_own(partition)).flat_map(|(_, batches)| batches)
    }

    /// Adds the sessions of some months of a return.
    fn add(
        &mut self,
        submission: &Submission,
        entering: &Entering,
        months: &[(Date, Vec<u32>)],
    ) -> Result<(), HubError> {
        let parts: Vec<&[u32]> = months.iter().flat_map(|(_, positions)| positions.chunks(OF_A_BATCH)).collect();
        let batches = in_threads(&parts, |positions| {
            let (sessions, zone) = (&entering.sessions, entering.zone.name());
            sessions_batch(sessions, positions, &entering.evses, zone, submission.id)
        });
        let mut batches = batches.into_iter();
        for (month, positions) in months {
            self.rows += positions.len();
            let of_month = batches.by_ref().take(positions.chunks(OF_A_BATCH).len()).collect::<Result<_, _>>()?;
            self.writes.push((partition("operator", &submission.operator, "month", *month), of_month));
        }
        Ok(())
    }

    /// Whether rows not yet committed are among those looked for.
    fn meets(&self, operator: &str, wanted: &Wanted<'_>) -> Result<bool, HubError> {
        for batch in self.of(operator) {
            if !wanted.among(batch)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn commit(&mut self, writer: &mut Writer<'_>) -> Result<(), HubError> {
        let write = std::mem::take(&mut self.writes);
        self.rows = 0;
        if !write.is_empty() {
            writer.commit(&sessions_spec(), Change { write, replace: Replace::Nothing }, "sessions").await?;
        }
        Ok(())
    }
}

/// EVSE, its rows, and the first and last day of them, by the ledger's number.
type Counts = Vec<(i32, i64, Date, Date)>;

/// A return on its way into the lake.
struct Entering {
    sessions: Sessions,
    /// Number of each EVSE in the ledger, by its number among the sessions.
    evses: Vec<i32>,
    counts: Counts,
    zone: Zone,
    /// Which EVSEs of its operator may be the same; known where there is something to compare with.
    points: Points,
    /// The days that it reports, where they had not been noted.
    covered: Option<Vec<Period>>,
}

impl Entering {
    fn cross(
        &self,
        submission: &Submission,
        rows: &[HeldRow],
        superseded: &Superseded,
        covers: &dyn Fn(i64) -> Option<Period>,
    ) -> Crossed {
        let evses: Vec<Option<i32>> = self.evses.iter().copied().map(Some).collect();
        let incoming = Incoming {
            submission: submission.id,
            covers: submission.covers(),
            is_declared: submission.declared.is_some(),
            zone: &self.zone,
            sessions: &self.sessions,
            evses: &evses,
            points: &self.points,
        };
        cross(&incoming, rows, superseded, covers)
    }

    /// Counts its rows by EVSE anew.
    fn count(&mut self, by_evse: &ByEvse) {
        self.counts = counts(&seen(&self.sessions, by_evse, &self.zone), &self.evses);
    }

    /// An EVSE of which all rows are those of another EVSE of its device is no charge point of its own.
    fn forget_elsewhere(&mut self, crossed: &Crossed) {
        let is_elsewhere = |evse: i32, rows: i64| crossed.elsewhere.get(&evse).is_some_and(|other| *other >= rows);
        self.counts.retain(|(evse, rows, ..)| !is_elsewhere(*evse, *rows));
    }
}

/// The next months to be made ready.
fn at_once(left: &mut impl Iterator<Item = (Date, Vec<u32>)>) -> ByMonth {
    let (mut months, mut rows) = (ByMonth::new(), 0);
    while rows < SESSIONS_AT_ONCE
        && let Some(month) = left.next()
    {
        rows += month.1.len();
        months.push(month);
    }
    months
}

/// What a return says of one EVSE.
struct Seen<'s> {
    uid: &'s str,
    device: &'s str,
    /// Its number among the sessions.
    number: usize,
    count: i64,
    first: Date,
    last: Date,
}

/// What a return says of its EVSEs, by the ledger's number.
fn counts(seen: &[Seen<'_>], evses: &[i32]) -> Counts {
    let count = |seen: &Seen<'_>| Some((*evses.get(seen.number)?, seen.count, seen.first, seen.last));
    let mut counts: Counts = seen.iter().filter_map(count).collect();
    counts.sort_by_key(|(number, ..)| *number);
    counts
}

/// The EVSEs of sessions, by their ids.
fn seen<'s>(sessions: &'s Sessions, by_evse: &ByEvse, zone: &Zone) -> Vec<Seen<'s>> {
    let mut local = zone.local();
    let mut day = |at: u32| day_of_number(local.day(sessions.plug_ins_s()[at as usize]));
    let mut seen: Vec<Seen<'_>> = (0..by_evse.len())
        .filter_map(|number| {
            let positions = by_evse.of_evse(number);
            let (first, last) = (day(*positions.first()?), day(*positions.last()?));
            let session = sessions.at(*positions.iter().min()? as usize);
            let count = i64::try_from(positions.len()).unwrap_or(i64::MAX);
            Some(Seen { uid: session.evse, device: session.device, number, count, first, last })
        })
        .collect();
    seen.sort_by_key(|seen| seen.uid);
    seen
}

/// Touches the months of a file; a day's slack on either side, for no zone is further from UTC.
fn touch(months: &mut Months, operator: &str, file: &HeldFile) {
    let Some((from, to)) = file.span() else { return };
    let utc = Zone::named("UTC").unwrap_or_else(|_| Zone::london());
    let (first, last) = (utc.day(from), utc.day(to));
    let period = Period::new(first.yesterday().unwrap_or(first), last.tomorrow().unwrap_or(last));
    if let Ok(period) = period {
        crate::months::touch(months, operator, &period);
    }
}
