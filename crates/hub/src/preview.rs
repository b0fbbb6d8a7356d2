//! Looking at a return before anything is decided: how it would be read, and the rows to mend.

use std::collections::{BTreeMap, BTreeSet};

use kerbwatt_intake::{
    Kind, OriginalRows, Profile, Proposal, RepairKind, is_pseudonym, original_rows, propose_with_header,
};
use kerbwatt_model::{Flag, Period, Session, Stay};
use kerbwatt_store::QuarantinedRow;

use crate::reading::{How, NOTHING_TO_REPORT, with_declared};
use crate::receive::refused;
use crate::report::Read;
use crate::{Hub, HubError, NewReturn, Report};

/// Rows that a preview shows.
const SHOWN: usize = 20;

/// How a return would be read.
#[derive(Debug, Clone)]
pub struct Preview {
    /// What would be found.
    pub report: Report,
    /// The first rows, in file order.
    pub rows: Vec<PreviewRow>,
}

/// A row of a preview.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewRow {
    /// Row in the file.
    pub row: u64,
    /// What it would become.
    pub outcome: PreviewOutcome,
}

/// What a row would become.
#[derive(Debug, Clone, PartialEq)]
pub enum PreviewOutcome {
    /// A session.
    Accepted(PreviewSession),
    /// Kept apart: the check that fails, the column and what stands there.
    Quarantined {
        /// Id of the check.
        rule: &'static str,
        /// Header of the column at fault.
        column: String,
        /// What stands there.
        value: String,
    },
    /// A repeat of an earlier row.
    Duplicate {
        /// The row it repeats.
        first_row: u64,
    },
}

/// A session of a preview.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewSession {
    /// The operator's own id of the EVSE.
    pub evse: String,
    /// Connector, as the return names it.
    pub connector: Option<String>,
    /// When and how much.
    pub stay: Stay,
    /// Fee in pence, where reported.
    pub fee_pence: Option<f64>,
    /// What the checks found.
    pub flags: Vec<Flag>,
}

impl PreviewSession {
    fn of(session: &Session<'_>) -> Self {
        Self {
            evse: session.evse.to_owned(),
            connector: session.connector.map(str::to_owned),
            stay: session.stay(),
            fee_pence: session.fee_pence,
            flags: Flag::ALL.into_iter().filter(|flag| session.has(*flag)).collect(),
        }
    }
}

/// How a return is to be read for a preview: what is not said is as recorded.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The layout.
    pub layout: Option<Profile>,
    /// Repairs applied.
    pub repairs: Option<Vec<RepairKind>>,
    /// Period declared.
    pub period: Option<Period>,
}

impl Hub {
    /// Reads a recorded return as a draft says; writes nothing.
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is no such submission, [`HubError::Refused`] when it cannot be read in this way; store
    /// errors.
    pub fn preview(&self, submission: i64, draft: &Draft) -> Result<Preview, HubError> {
        let known = self.recorded(submission)?;
        let mut how = How::of(&known);
        if let Some(layout) = &draft.layout {
            how = how.in_layout(layout, &known.file_name)?;
        }
        if let Some(repairs) = &draft.repairs {
            how.repairs = repairs.iter().map(|kind| kind.id().to_owned()).collect();
        }
        how.declared = draft.period.or(how.declared);
        let read = self.read(&self.kept(&known)?, &how, &[], self.registers()?.of_operator(&known.operator))?;
        Ok(Preview { rows: first_rows(&read), report: read.report })
    }

    /// What the columns of a recorded return seem to hold with a header of as many rows as said, or of as many as is evident; writes
    /// nothing.
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is no such submission, [`HubError::Refused`] when it cannot be read as text; store errors.
    pub fn proposed(&self, submission: i64, header_rows: Option<u8>) -> Result<Proposal, HubError> {
        proposed_of(&self.kept(&self.recorded(submission)?)?, header_rows)
    }

    /// Quarantined rows of a submission in the file's own columns, each with the reason it was kept apart.
    ///
    /// # Errors
    /// [`HubError::NoSuch`] when there is no such submission; store errors.
    pub fn rejected(&self, submission: i64) -> Result<(OriginalRows, BTreeMap<u64, QuarantinedRow>), HubError> {
        let known = self.recorded(submission)?;
        let (kept, _) = self.ledger.quarantine(submission, 0, u64::MAX)?;
        let reasons: BTreeMap<u64, QuarantinedRow> = kept.into_iter().map(|row| (row.row, row)).collect();
        if reasons.is_empty() || known.profile == NOTHING_TO_REPORT {
            return Ok((OriginalRows::default(), reasons));
        }
        let wanted: BTreeSet<u64> = reasons.keys().copied().collect();
        let rows = self.with_declared(&known, |file, declared| original_rows(file, declared, &wanted))?;
        Ok((rows, reasons))
    }

    /// The same of a file that was only checked: read in the operator's own layouts, its drivers under the key of this hub, so that
    /// they are the same when the rows are sent again.
    ///
    /// # Errors
    /// [`HubError::Refused`] when the file as a whole cannot be read; store errors.
    pub fn rejected_in(
        &self,
        file: &NewReturn,
        report: &Report,
    ) -> Result<(OriginalRows, BTreeMap<u64, QuarantinedRow>), HubError> {
        rows_to_mend(file, report, &self.own_layouts(&file.operator)?, &self.settings.hub_key)
    }
}

/// What the columns of a table seem to hold with a header of as many rows as said, or of as many as is evident.
///
/// # Errors
/// [`HubError::Refused`] when it cannot be read as text.
pub fn proposed_of(file: &NewReturn, header_rows: Option<u8>) -> Result<Proposal, HubError> {
    propose_with_header(file, Kind::Sessions, header_rows).map_err(|refusal| refused(&file.shown_name(), refusal))
}

/// Quarantined rows of a file that was only checked without a data folder, in the file's own columns. There is no key of a hub
/// without one, and whoever knows a key finds the card behind a pseudonym: drivers are left blank.
///
/// # Errors
/// [`HubError::Refused`] when the file as a whole cannot be read.
pub fn rejected_of(
    file: &NewReturn,
    report: &Report,
) -> Result<(OriginalRows, BTreeMap<u64, QuarantinedRow>), HubError> {
    let (mut rows, reasons) = rows_to_mend(file, report, &[], &[0; 32])?;
    let cells = rows.rows.iter_mut().flat_map(|(_, cells)| cells);
    cells.filter(|cell| is_pseudonym(cell)).for_each(String::clear);
    Ok((rows, reasons))
}

fn rows_to_mend(
    file: &NewReturn,
    report: &Report,
    own: &[Profile],
    hub_key: &[u8; 32],
) -> Result<(OriginalRows, BTreeMap<u64, QuarantinedRow>), HubError> {
    let reasons: BTreeMap<u64, QuarantinedRow> =
        report.quarantined.iter().map(|row| (row.row, crate::record::quarantined(row))).collect();
    let wanted: BTreeSet<u64> = reasons.keys().copied().collect();
    let provable = report.repairs.iter().filter(|repair| repair.provable).map(|repair| repair.kind.id().to_owned());
    let how = How { repairs: provable.collect(), ..How::of_new(file, report.thresholds) };
    let rows = with_declared(file, &how, own, hub_key, |declared| original_rows(file, declared, &wanted))?;
    Ok((rows, reasons))
}

/// Rows to mend as CSV: the file's own columns, and beside them row, rule and advice, which are passed over when the rows are
/// sent again. Cells are divided as in the file, so that they are read as they were. `cell` writes one among such dividers, so that
/// no spreadsheet takes it for a formula.
#[must_use]
pub fn rejected_csv(
    rows: &OriginalRows,
    reasons: &BTreeMap<u64, QuarantinedRow>,
    cell: impl Fn(&str, char) -> String,
) -> String {
    let (width, delimiter) = (rows.header.len(), rows.delimiter);
    let cell = |text: &str| cell(text, delimiter);
    let line = |cells: &[String], more: [&str; 3]| {
        let own = (0..width).map(|at| cells.get(at).map_or_else(String::new, |text| cell(text)));
        own.chain(more.map(cell)).collect::<Vec<_>>().join(delimiter.encode_utf8(&mut [0; 4])) + "\r\n"
    };
    let mut text = line(&rows.header, ["kerbwatt_row", "kerbwatt_rule", "kerbwatt_advice"]);
    // Names are whole in the first row of a header: nothing is left to add in those below. Without one, places are named.
    (1..rows.header_rows).for_each(|_| text.push_str(&line(&[], [""; 3])));
    for (number, cells) in &rows.rows {
        let (rule, advice) = reasons.get(number).map_or(("", ""), |row| (row.rule.as_str(), row.advice.as_str()));
        text.push_str(&line(cells, [&number.to_string(), rule, advice]));
    }
    text
}

fn first_rows(read: &Read) -> Vec<PreviewRow> {
    let accepted = read.sessions.iter().take(SHOWN).map(|session| PreviewRow {
        row: session.row,
        outcome: PreviewOutcome::Accepted(PreviewSession::of(&session)),
    });
    let quarantined = read.report.quarantined.iter().take(SHOWN).map(|row| PreviewRow {
        row: row.row,
        outcome: PreviewOutcome::Quarantined {
            rule: row.rule,
            column: row.column.to_string(),
            value: row.value.to_string(),
        },
    });
    let duplicates = read
        .report
        .duplicates
        .iter()
        .take(SHOWN)
        .map(|row| PreviewRow { row: row.row, outcome: PreviewOutcome::Duplicate { first_row: row.first_row } });
    let mut rows: Vec<PreviewRow> = accepted.chain(quarantined).chain(duplicates).collect();
    rows.sort_by_key(|row| row.row);
    rows.truncate(SHOWN);
    rows
}
