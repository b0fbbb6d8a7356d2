//! Data versions: when each was made and what it changed.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use jiff::civil::Date;
use kerbwatt_intake::RepairKind;
use kerbwatt_model::Period;
use kerbwatt_store::{DataVersion, PlacesRecord, RegisterImportRecord, Shown};

use crate::past::why_not_held;
use crate::register_undo::RepairsOfImport;
use crate::submissions::in_words;
use crate::{Hub, HubError};

/// A data version, and what it changed against the one before.
#[derive(Debug, Clone, PartialEq)]
pub struct VersionView {
    /// Number.
    pub number: i64,
    /// When it was made.
    pub made_at: Timestamp,
    /// Why it was made.
    pub reason: String,
    /// First and last day with data.
    pub days: Option<(Date, Date)>,
    /// Why it can no longer be asked; none where it can.
    pub not_held: Option<String>,
    /// Returns that came into the figures, left them, or changed in them.
    pub returns: Vec<ReturnChange>,
    /// Decisions since the version before, oldest first.
    pub decisions: Vec<DecisionView>,
    /// Registers and boundaries imported since the version before.
    pub imports: Vec<ImportView>,
}

/// What became of a return in the figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ReturnChangeKind {
    /// It came in.
    Entered,
    /// It went.
    Left,
    /// It was read in another way, or rows of it were replaced by another return or are so no longer.
    Changed,
}

impl ReturnChangeKind {
    /// Id for machines.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Left => "left",
            Self::Changed => "changed",
        }
    }
}

/// A return that came into the figures, left them, or changed in them.
#[derive(Debug, Clone, PartialEq)]
pub struct ReturnChange {
    /// Number of the submission.
    pub submission: i64,
    /// Operator id.
    pub operator: String,
    /// Operator's name.
    pub operator_name: String,
    /// Name of the file.
    pub file: String,
    /// The table within the file; empty where the file is one table.
    pub part: String,
    /// What became of it.
    pub kind: ReturnChangeKind,
    /// Period that it covers; before, where it left.
    pub period: Option<Period>,
    /// Its sessions in the figures before.
    pub sessions_before: u64,
    /// Its sessions in the figures now.
    pub sessions: u64,
    /// Their energy before, kWh.
    pub energy_before_kwh: f64,
    /// Their energy now, kWh.
    pub energy_kwh: f64,
}

/// A decision about a return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecisionView {
    /// Number of the decision.
    pub id: i64,
    /// Number of the submission.
    pub submission: i64,
    /// When it was taken.
    pub at: Timestamp,
    /// `accept`, `withdraw`, `undo`, …
    pub kind: String,
    /// In words, with the note of who took it.
    pub says: String,
    /// Whether it was taken back since.
    pub undone: bool,
}

/// A register or a file of boundaries that was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportView {
    /// `register`, or the level of the boundaries, such as `ward`.
    pub kind: String,
    /// Whose register it is.
    pub operator: Option<String>,
    /// Name of the file.
    pub file: String,
    /// When it was imported.
    pub at: Timestamp,
    /// In words, what else there is to say: which repairs it applied, or that it takes those of another back; empty where there is nothing.
    pub says: String,
    /// Number of the import, of a register.
    pub import: Option<i64>,
    /// What became of the repairs that it applied; none where it applied none.
    pub repairs: Option<RepairsOfImport>,
}

impl Hub {
    /// Data versions, newest first, from `offset` on and at most `limit`; and how many there are.
    ///
    /// # Errors
    /// Store errors.
    pub async fn versions(&self, offset: usize, limit: usize) -> Result<(Vec<VersionView>, usize), HubError> {
        let all = self.ledger.data_versions()?;
        let page = all.get(offset..offset.saturating_add(limit).min(all.len())).unwrap_or_default();
        let (Some(newest), Some(oldest)) = (page.first(), page.last()) else { return Ok((Vec::new(), all.len())) };
        let mut views = self.versions_between(oldest.number - 1, newest.number)?;
        views.reverse();
        Ok((views, all.len()))
    }

    /// Data versions after one and up to another, oldest first.
    pub(crate) fn versions_between(&self, after: i64, up_to: i64) -> Result<Vec<VersionView>, HubError> {
        let all = self.ledger.data_versions()?;
        let lake = self.identities();
        let mut returns = self.return_changes(after, up_to)?;
        let imports = self.ledger.register_imports()?;
        let mut views = Vec::new();
        // Newest first, so the one before comes next.
        for (at, version) in all.iter().enumerate().filter(|(_, v)| after < v.number && v.number <= up_to) {
            let before = all.get(at + 1);
            // Of the first version that is known, it is not known what it changed.
            let is_known = version.places.is_some() && before.is_none_or(|before| before.places.is_some());
            let since = before.filter(|_| is_known).map_or(0, |before| before.last_decision);
            let decisions =
                if is_known { self.ledger.decisions_between(since, version.last_decision)? } else { vec![] };
            let own = returns.remove(&version.number).unwrap_or_default();
            views.push(VersionView {
                number: version.number,
                made_at: version.made_at,
                reason: version.reason.clone(),
                days: version.days,
                not_held: why_not_held(version, &all, &lake),
                returns: if is_known { own } else { Vec::new() },
                decisions: decisions.into_iter().map(|(submission, one)| decision_view(submission, &one)).collect(),
                imports: if is_known { imported(before, version, &imports) } else { Vec::new() },
            });
        }
        views.reverse();
        Ok(views)
    }

    /// What became of returns, by the version that shows it first.
    fn return_changes(&self, after: i64, up_to: i64) -> Result<BTreeMap<i64, Vec<ReturnChange>>, HubError> {
        let names = self.operator_names()?;
        let mut sides: BTreeMap<(i64, i64), (Option<Shown>, Option<Shown>)> = BTreeMap::new();
        for shown in self.ledger.shown_between(after, up_to)? {
            if after < shown.since && shown.since <= up_to {
                sides.entry((shown.since, shown.submission)).or_default().1 = Some(shown.clone());
            }
            if let Some(until) = shown.until.filter(|until| after <= *until && *until < up_to) {
                let side = sides.entry((until + 1, shown.submission)).or_default();
                side.0 = Some(shown);
            }
        }
        let mut changes: BTreeMap<i64, Vec<ReturnChange>> = BTreeMap::new();
        for ((version, submission), (before, now)) in sides {
            let change = self.return_change(submission, before.as_ref(), now.as_ref(), &names)?;
            changes.entry(version).or_default().push(change);
        }
        Ok(changes)
    }

    fn return_change(
        &self,
        id: i64,
        before: Option<&Shown>,
        now: Option<&Shown>,
        names: &HashMap<String, String>,
    ) -> Result<ReturnChange, HubError> {
        let known = self.recorded(id)?;
        let kind = match (before, now) {
            (Some(_), Some(_)) => ReturnChangeKind::Changed,
            (Some(_), None) => ReturnChangeKind::Left,
            (None, _) => ReturnChangeKind::Entered,
        };
        let sessions = |shown: Option<&Shown>| shown.map_or(0, |shown| shown.sessions);
        let energy = |shown: Option<&Shown>| shown.map_or(0.0, |shown| shown.energy_kwh);
        Ok(ReturnChange {
            submission: id,
            operator_name: names.get(&known.operator).unwrap_or(&known.operator).clone(),
            operator: known.operator,
            file: known.file_name,
            part: known.part,
            kind,
            period: now.or(before).and_then(|shown| shown.covers),
            sessions_before: sessions(before),
            sessions: sessions(now),
            energy_before_kwh: energy(before),
            energy_kwh: energy(now),
        })
    }
}

fn decision_view(submission: i64, decision: &kerbwatt_store::Decision) -> DecisionView {
    DecisionView {
        id: decision.id,
        submission,
        at: decision.at,
        kind: decision.kind.clone(),
        says: in_words(decision),
        undone: decision.undone_by.is_some(),
    }
}

/// Registers and boundaries that a version has and the one before had not.
fn imported(
    before: Option<&DataVersion>,
    version: &DataVersion,
    registers: &[RegisterImportRecord],
) -> Vec<ImportView> {
    let since = before.map_or(0, |before| before.register_import);
    let all = registers;
    let registers = all.iter().filter(|import| since < import.id && import.id <= version.register_import);
    let register = |import: &RegisterImportRecord| ImportView {
        kind: "register".to_owned(),
        operator: Some(import.operator.clone()),
        file: import.file_name.clone(),
        at: import.at,
        says: said_of(import),
        import: Some(import.id),
        repairs: (!import.repaired.is_empty()).then(|| RepairsOfImport::of(import, all)),
    };
    let known = before.and_then(|before| before.places.clone()).unwrap_or_default();
    let places = version.places.iter().flatten().filter(|record| !known.contains(record));
    let boundaries = |record: &PlacesRecord| ImportView {
        kind: record.level.clone(),
        operator: None,
        file: record.file_name.clone(),
        at: record.at,
        says: String::new(),
        import: None,
        repairs: None,
    };
    registers.map(register).chain(places.map(boundaries)).collect()
}

/// What there is to say of a register's import besides its file.
fn said_of(import: &RegisterImportRecord) -> String {
    let title = |id: &str| RepairKind::of_id(id).map_or_else(|| id.to_owned(), |kind| kind.title().to_owned());
    let repaired =
        |(id, rows): &(String, u64)| format!("{}, {rows} {}", title(id), if *rows == 1 { "row" } else { "rows" });
    match import.undoes {
        Some(other) => format!("Took back the repair made in import {other}"),
        None if import.repaired.is_empty() => String::new(),
        None => format!("Repaired: {}", import.repaired.iter().map(repaired).collect::<Vec<_>>().join("; ")),
    }
}
