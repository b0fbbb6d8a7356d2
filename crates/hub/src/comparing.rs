//! What the lake holds that a return has to be compared with, and what comes of comparing.

use std::collections::HashMap;
use std::path::PathBuf;

use jiff::Timestamp;
use kerbwatt_engine::{HeldFile, HeldRow, Wanted};
use kerbwatt_model::{Period, Sessions};
use kerbwatt_store::{LakeFile, SESSIONS, sessions_spec};

use crate::crossings::{Crossed, Incoming, cross};
use crate::of_period::OfPeriod;
use crate::report::Read;
use crate::waiting::{Compared, HeldRows, waiting};
use crate::{Hub, HubError};

/// Session files of the lake. A footer is read once, and only where its operator is asked for: what other operators have sent
/// costs nothing.
#[derive(Default)]
pub(crate) struct Files {
    by_operator: HashMap<String, Vec<LakeFile>>,
    footers: HashMap<PathBuf, HeldFile>,
}

impl Files {
    /// Takes notice of what the lake holds now, published or not.
    pub(crate) async fn refresh(&mut self, hub: &Hub) -> Result<(), HubError> {
        let version = hub.lake.version(&sessions_spec()).await?.unwrap_or(0);
        self.list(hub.lake.files(&sessions_spec(), version).await?);
        Ok(())
    }

    pub(crate) fn list(&mut self, files: Vec<LakeFile>) {
        self.by_operator.clear();
        for file in files {
            let operator = file.partition.get("operator").cloned().unwrap_or_default();
            self.by_operator.entry(operator).or_default().push(file);
        }
    }

    /// The files of an operator.
    pub(crate) fn of(&mut self, operator: &str) -> Result<Vec<&HeldFile>, HubError> {
        let files = self.by_operator.get(operator).map_or(&[][..], Vec::as_slice);
        for file in files {
            if !self.footers.contains_key(&file.path) {
                self.footers.insert(file.path.clone(), HeldFile::of(file)?);
            }
        }
        Ok(files.iter().filter_map(|file| self.footers.get(&file.path)).collect())
    }
}

impl Hub {
    /// The session files of the figures as they are. What else a data version holds takes longer to read than most returns, and
    /// is not read for them.
    async fn published_files(&self) -> Result<Files, HubError> {
        let version = self.readable_version()?.and_then(|version| version.tables.get(SESSIONS).copied());
        let mut files = Files::default();
        if let Some(version) = version {
            files.list(self.lake.files(&sessions_spec(), version).await?);
        }
        Ok(files)
    }

    /// Rows of the figures as they are that are looked for, in files that hold anything between two instants. What is looked for
    /// is not made where there is no such file: it takes nearly as much memory as the return.
    pub(crate) async fn held_between<'s>(
        &self,
        operator: &str,
        (from, to): (Timestamp, Timestamp),
        wanted: impl FnOnce() -> Wanted<'s>,
    ) -> Result<Vec<HeldRow>, HubError> {
        let mut files = self.published_files().await?;
        let is_near = |file: &&HeldFile| file.span().is_none_or(|(first, last)| first <= to && last >= from);
        let near: Vec<&HeldFile> = files.of(operator)?.into_iter().filter(is_near).collect();
        let mut rows = Vec::new();
        if !near.is_empty() {
            let wanted = wanted();
            for file in near {
                rows.extend(file.matching(&wanted)?);
            }
        }
        Ok(rows)
    }

    /// What a return that is not accepted yet has to do with those in the lake, and with those that are accepted and on their way into it.
    pub(crate) async fn crossed(&self, operator: &str, submission: i64, read: &Read) -> Result<Crossed, HubError> {
        let sessions = &read.sessions;
        let mut files = self.published_files().await?;
        let submissions = self.ledger.submissions()?;
        let waiting = waiting(&submissions, operator, submission);
        if (files.of(operator)?.is_empty() && waiting.is_empty()) || sessions.is_empty() {
            return Ok(Crossed::default());
        }
        let (zone, covers) = (&read.zone()?, read.covers()?);
        let mut numbers = self.numbers(operator)?;
        let evses = numbers.of(sessions);
        let points = numbers.points();
        let wanted = wanted(sessions, points.with_others(&evses));
        let mut held = HeldRows::default();
        let mut of_period = read.report.declared.map(|period| OfPeriod::of(period, zone));
        for file in files.of(operator)?.into_iter().filter(|file| file.submission != submission) {
            let matching = file.matching(&wanted)?;
            if let Some(of_period) = of_period.as_mut().filter(|_| file.submission < submission) {
                of_period.add(file, &matching)?;
            }
            held.rows.extend(matching);
        }
        self.add_superseded(&mut held.superseded, &held.rows)?;
        let others: HashMap<i64, Option<Period>> = submissions.iter().map(|one| (one.id, one.covers())).collect();
        let covered = |other: i64| others.get(&other).copied().flatten();
        let compared = Compared { sessions, wanted: &wanted, covers: &covered };
        self.with_waiting(&waiting, &compared, &mut numbers, &mut held)?;
        // Those that wait may name EVSEs that nobody named before.
        let points = if waiting.is_empty() { points } else { numbers.points() };
        let evses: Vec<Option<i32>> = evses.into_iter().map(Some).collect();
        let is_declared = read.report.declared.is_some();
        let incoming = Incoming { submission, covers, is_declared, zone, sessions, evses: &evses, points: &points };
        let mut crossed = cross(&incoming, &held.rows, &held.superseded, &covered);
        crossed.declared = of_period.map(|of_period| of_period.compared(&incoming, &held.rows, &crossed));
        Ok(crossed)
    }
}

/// The rows of the lake that a return has to be compared with.
pub(crate) fn wanted(sessions: &Sessions, evses: Vec<i32>) -> Wanted<'_> {
    let ids = (0..sessions.len()).map(|at| sessions.id(at)).collect();
    let instant = |second: Option<i64>| Timestamp::from_second(second.unwrap_or_default()).unwrap_or_default();
    let from = instant(sessions.plug_ins_s().iter().copied().min());
    let to = instant((0..sessions.len()).map(|at| sessions.plug_out_s(at)).max());
    Wanted::new(ids, evses.into_iter().collect(), from, to)
}
