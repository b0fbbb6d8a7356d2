//! What keeps a return from being accepted unseen: figures would say what nobody knows, or say it twice.
//!
//! What the file alone does not show (that it was sent for another operator too, that it collides with other returns) is kept among the
//! findings of the record, so that whoever looks later sees why it waits.

use kerbwatt_intake::{
    ALL_SET_ASIDE, CORRECTED_SINCE, Check, EARLIER_ON_UTC, Example, Finding, LACKS_EARLIER, MOSTLY_LOW_ENERGY,
    MOSTLY_OVERLAPS, MOSTLY_SET_ASIDE, REPLACES_EARLIER, Rejected, Repair, RepairKind, SAME_FILE,
    TAKES_CORRECTION_BACK, UNPROVED_REPAIR, sort_findings,
};
use kerbwatt_store::{Digest, Submission, SubmissionState};

use crate::crossings::{Beside, Crossed, beside};
use crate::report::{Read, Report};
use crate::{Hub, HubError};

/// Findings of comparing that are kept with the record.
static KEPT: [&Check; 7] = [
    &SAME_FILE,
    &MOSTLY_OVERLAPS,
    &EARLIER_ON_UTC,
    &LACKS_EARLIER,
    &REPLACES_EARLIER,
    &CORRECTED_SINCE,
    &TAKES_CORRECTION_BACK,
];

/// Rows that are rightly set aside: nothing is wrong with a return that has many of them.
const RIGHTLY: [&str; 5] = ["totals_row", "credit_record", "credited_record", "reservation", "invalid_session"];

/// Sessions with hardly any energy.
const LOW_ENERGY: &str = "low_energy";

/// So few rows that overlap those of other returns are no reason to hold a return.
const FEW_OVERLAPS: usize = 3;

impl Report {
    /// What keeps the return from being accepted unseen.
    pub fn held_by(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| finding.holds)
    }

    /// Whether anything does.
    pub(crate) fn is_held(&self) -> bool {
        self.held_by().next().is_some()
    }

    /// Tells what is wrong with the file as a whole.
    pub(crate) fn tell_of_whole(&mut self) {
        self.tell_set_aside();
        let low = self.findings.iter().find(|finding| finding.rule == LOW_ENERGY).map_or(0, |finding| finding.count);
        if low * 2 > self.totals.accepted {
            self.findings.push(MOSTLY_LOW_ENERGY.found(low, std::iter::empty()));
        }
        let is_large = |repair: &&Repair| repair.rows * 20 >= self.totals.rows_read;
        let is_doubt = |repair: &&Repair| !repair.provable && repair.kind != RepairKind::MislabelledZone;
        let doubts: Vec<&Repair> = self.repairs.iter().filter(is_doubt).filter(is_large).collect();
        if let Some(rows) = doubts.iter().map(|repair| repair.rows).max() {
            let examples = doubts.iter().map(|repair| told(repair.title.to_owned()));
            let found = UNPROVED_REPAIR.found(rows, examples);
            self.findings.push(found);
        }
        sort_findings(&mut self.findings);
    }

    /// Tells where all or most rows were set aside.
    fn tell_set_aside(&mut self) {
        let totals = &self.totals;
        let is_wrong = |row: &&Rejected| !RIGHTLY.contains(&row.rule);
        let wrong = self.quarantined.iter().filter(is_wrong).count() as u64;
        let found = if totals.rows_read > 0 && totals.accepted == 0 {
            ALL_SET_ASIDE.found(totals.rows_read, std::iter::empty())
        } else if wrong * 2 > totals.rows_read {
            MOSTLY_SET_ASIDE.found(wrong, std::iter::empty())
        } else {
            return;
        };
        self.findings.push(found);
    }

    /// Adds what comparing found; what was found of the same before is replaced.
    pub(crate) fn tell_compared(&mut self, found: Vec<Finding>) {
        self.findings.retain(|finding| !KEPT.iter().any(|check| check.id == finding.rule));
        self.findings.extend(found);
        sort_findings(&mut self.findings);
    }
}

impl Crossed {
    /// Whether most of the rows that would go in are at the same charge point at the same time as rows of other returns.
    fn mostly_overlaps(&self, read: &Read) -> Option<Finding> {
        let overlaps = self.overlaps.len();
        let staying = read.sessions.len().saturating_sub(self.out.len());
        let example = |(other, rows): (i64, u64)| told(format!("{rows} of them with return {other}"));
        (overlaps >= FEW_OVERLAPS && overlaps * 2 > staying)
            .then(|| MOSTLY_OVERLAPS.found(overlaps as u64, self.overlap_counts().into_iter().map(example)))
    }
}

impl Crossed {
    /// Rows of other returns that this one replaces once it is accepted.
    fn replaces_earlier(&self) -> Option<Finding> {
        let replaced = self.replaces.iter().map(|(other, row)| beside(row.other_row, *other, row.row));
        (!self.replaces.is_empty()).then(|| REPLACES_EARLIER.found(self.replaces.len() as u64, replaced))
    }

    /// Rows that say what others have corrected since: those that stay out, and those that take the correction back.
    fn says_superseded(&self) -> [Option<Finding>; 2] {
        let of = |check: &Check, rows: &[Beside]| {
            (!rows.is_empty()).then(|| check.found(rows.len() as u64, rows.iter().map(Beside::example)))
        };
        [of(&CORRECTED_SINCE, &self.corrected_since), of(&TAKES_CORRECTION_BACK, &self.take_back)]
    }
}

impl Hub {
    /// What is kept of comparing a return with others.
    pub(crate) fn found_by_comparing(
        &self,
        operator: &str,
        digest: Option<Digest>,
        read: &Read,
        crossed: &Crossed,
    ) -> Result<Vec<Finding>, HubError> {
        let same = digest.map(|digest| self.same_file(operator, digest)).transpose()?.flatten();
        let [corrected_since, takes_back] = crossed.says_superseded();
        let across = [
            crossed.mostly_overlaps(read),
            read.earlier_on_utc.clone(),
            crossed.lacks_earlier(),
            crossed.replaces_earlier(),
            corrected_since,
            takes_back,
        ];
        Ok(same.into_iter().chain(across.into_iter().flatten()).collect())
    }

    /// Whether the same file was handed in for another operator.
    fn same_file(&self, operator: &str, digest: Digest) -> Result<Option<Finding>, HubError> {
        let is_same = |one: &&Submission| {
            one.digest == digest && one.operator != operator && one.state != SubmissionState::Withdrawn
        };
        let example = |one: &Submission| told(format!("return {} of {}", one.id, one.operator));
        let others: Vec<Example> = self.ledger.submissions()?.iter().filter(is_same).map(example).collect();
        Ok((!others.is_empty()).then(|| SAME_FILE.found(others.len() as u64, others.into_iter())))
    }

    /// Tells of a recorded return that was read again what its record holds of comparing it with others.
    pub(crate) fn tell_kept(&self, read: &mut Read, submission: i64) -> Result<(), HubError> {
        read.report.tell_compared(self.kept_findings(submission)?);
        Ok(())
    }

    /// What the record holds of comparing a return with others.
    pub(crate) fn kept_findings(&self, submission: i64) -> Result<Vec<Finding>, HubError> {
        let (findings, _) = self.ledger.findings_and_details(submission)?.unwrap_or_default();
        let recorded: Vec<serde_json::Value> = serde_json::from_str(&findings).map_err(crate::record::defect)?;
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let example = |one: &serde_json::Value| Example {
            row: one["row"].as_u64().unwrap_or_default(),
            column: text(&one["column"]),
            value: text(&one["value"]),
        };
        let kept = |one: &serde_json::Value| {
            let check = KEPT.iter().find(|check| one["rule"] == check.id)?;
            let examples = one["examples"].as_array().into_iter().flatten().map(example);
            Some(check.found(one["count"].as_u64().unwrap_or_default(), examples))
        };
        Ok(recorded.iter().filter_map(kept).collect())
    }
}

/// An example that is of no single row.
pub(crate) fn told(value: String) -> Example {
    Example { row: 0, column: String::new(), value }
}
