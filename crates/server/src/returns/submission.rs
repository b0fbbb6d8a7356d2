//! A return and all that is known of it.

use kerbwatt_hub::{CheckLimit, EnergyTotals, HistoryEntry, OtherReturn, SubmissionView};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::Span;
use super::layout::ProfileMatch;
use crate::endpoints::catalogue::Period;
use crate::schema;

/// A return that was handed in, with the name of its layout.
#[derive(Serialize, ToSchema)]
pub(crate) struct Submission {
    #[serde(flatten)]
    facts: SubmissionFacts,
    /// Name of the layout that it was read with.
    profile: Option<String>,
}

/// What is known of a return.
#[derive(Serialize, ToSchema)]
pub(crate) struct SubmissionFacts {
    /// Number.
    id: i64,
    /// Operator id.
    operator: String,
    /// Operator's name.
    operator_name: String,
    /// Name of the file.
    file: String,
    /// Table within the file; empty where the file is one table.
    part: String,
    /// When it was received, in UTC.
    #[schema(format = DateTime)]
    received_at: String,
    /// When it was accepted, in UTC; null unless it is.
    #[schema(format = DateTime)]
    accepted_at: Option<String>,
    /// When it was accepted or withdrawn, in UTC.
    #[schema(format = DateTime)]
    decided_at: Option<String>,
    /// What became of it.
    #[schema(value_type = SubmissionState)]
    state: &'static str,
    /// Whether somebody has to decide something before it can be trusted.
    needs_decision: bool,
    /// Whether the operator says that there was nothing.
    nothing_to_report: bool,
    /// Period that it covers: as declared, or else as found.
    period: Option<Period>,
    /// Period that the operator declared.
    declared: Option<Span>,
    /// First to last day on which an accepted session starts.
    found: Option<Span>,
    /// Rows below the header that are not blank: those accepted, quarantined and repeated.
    rows_read: u64,
    /// Rows accepted, flagged ones included.
    accepted: u64,
    /// Accepted rows about which a check warns.
    flagged: u64,
    /// Rows kept apart.
    quarantined: u64,
    /// Rows that repeat an earlier one, of this return or of another.
    duplicates: u64,
    /// Rows that another return holds already; part of `duplicates`.
    repeated: u64,
    /// Accepted rows that a later return replaced; they are not in the figures.
    superseded: u64,
    /// Energy by the fate of the rows that carried it.
    #[schema(value_type = schema::EnergySplit)]
    energy_kwh: EnergyTotals,
    /// Ids of the repairs that were applied.
    repairs_applied: Vec<String>,
}

/// What became of a return.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "shape to document: the hub has these states and their ids")]
pub(crate) enum SubmissionState {
    /// Kept; nobody has said yet how it is to be read.
    Received,
    /// Read and checked; not in the figures.
    Checked,
    /// In the figures.
    Accepted,
    /// No longer in the figures.
    Withdrawn,
}

/// A return with what the checks found and what was decided.
#[derive(Serialize, ToSchema)]
pub(crate) struct SubmissionDetail {
    #[serde(flatten)]
    facts: SubmissionFacts,
    /// SHA-256 of the file as it is kept.
    sha256: String,
    /// How its columns are read; null where there is nothing to read.
    profile: Option<ProfileMatch>,
    /// The layout, to be looked at and changed; null where there is nothing to read.
    #[schema(value_type = Option<schema::Layout>)]
    layout: Option<Value>,
    /// Whether the layout was proposed and nobody has confirmed it.
    proposed: bool,
    /// Ids of fields that a layout needs and no column seems to hold.
    missing: Vec<String>,
    /// Why a proposed layout is not certain, each a sentence.
    doubts: Vec<String>,
    /// What the checks found, gravest and most frequent first.
    #[schema(value_type = Vec<schema::Finding>)]
    findings: Value,
    /// Every limit that it was checked with.
    #[schema(value_type = Vec<schema::Threshold>)]
    limits: Vec<CheckLimit>,
    /// Repairs found or applied.
    #[schema(value_type = Vec<schema::DecidedRepair>)]
    repairs: Vec<Value>,
    /// What other returns have to do with it.
    others: Vec<Other>,
    /// What happened to it, newest first.
    history: Vec<Event>,
}

/// What another return has to do with a return.
#[derive(Serialize, ToSchema)]
pub(crate) struct Other {
    /// Its number.
    submission: i64,
    /// Name of its file.
    file: String,
    /// `repeats`, `repeated_by`, `replaces`, `replaced_by`, `outranks`, `outranked_by` or `overlaps`.
    kind: &'static str,
    /// Rows concerned.
    rows: u64,
    /// Their energy, kWh; 0 for overlaps.
    energy_kwh: f64,
}

/// Something that happened to a return.
#[derive(Serialize, ToSchema)]
pub(crate) struct Event {
    /// Number of the decision; null for the receipt.
    decision: Option<i64>,
    /// When, in UTC.
    #[schema(format = DateTime)]
    at: String,
    /// `received`, `accept`, `withdraw`, `apply_repair`, `decline_repair`, `confirm_layout`, `declare_period`, `read_anew` or `undo`.
    kind: String,
    /// In words.
    says: String,
    /// Whether it was taken back.
    undone: bool,
    /// Whether it can be taken back.
    can_undo: bool,
}

impl From<SubmissionView> for Submission {
    fn from(view: SubmissionView) -> Self {
        let profile = Some(view.profile.clone()).filter(|name| !name.is_empty());
        Self { facts: view.into(), profile }
    }
}

impl From<SubmissionView> for SubmissionFacts {
    fn from(view: SubmissionView) -> Self {
        let decided_at = view.decided_at.map(|at| at.to_string());
        Self {
            id: view.id,
            operator: view.operator,
            operator_name: view.operator_name,
            file: view.file,
            part: view.part,
            received_at: view.received_at.to_string(),
            accepted_at: decided_at.clone().filter(|_| view.state == "accepted"),
            decided_at,
            state: view.state,
            needs_decision: view.needs_decision,
            nothing_to_report: view.nothing_to_report,
            period: view.period.map(Period::from),
            declared: view.declared.map(Span::from),
            found: view.found.map(Span::from),
            rows_read: view.totals.rows_read,
            accepted: view.totals.accepted,
            flagged: view.totals.flagged,
            quarantined: view.totals.quarantined,
            duplicates: view.totals.duplicates,
            repeated: view.repeated,
            superseded: view.superseded,
            energy_kwh: view.totals.energy_kwh,
            repairs_applied: view.repairs_applied,
        }
    }
}

impl From<kerbwatt_hub::SubmissionDetail> for SubmissionDetail {
    fn from(detail: kerbwatt_hub::SubmissionDetail) -> Self {
        // Whoever accepts what was read in a proposed layout confirms the layout.
        let proposed = detail.layout_is_proposed && detail.submission.state != "accepted";
        let own = detail.layout_is_own && !proposed;
        let reads = !detail.submission.nothing_to_report;
        let texts = |of: &Value| -> Vec<String> {
            of.as_array().into_iter().flatten().filter_map(|text| text.as_str().map(str::to_owned)).collect()
        };
        Self {
            sha256: detail.submission.sha256.clone(),
            profile: ProfileMatch::of_record(&detail, own).filter(|_| reads),
            missing: texts(&detail.proposal["missing"]),
            doubts: texts(&detail.proposal["doubts"]),
            layout: Some(detail.layout).filter(|layout| reads && layout.is_object()),
            proposed,
            findings: detail.findings,
            limits: detail.thresholds.all(),
            repairs: detail.repairs.into_iter().map(with_state).collect(),
            others: detail.others.into_iter().map(Other::from).collect(),
            history: detail.history.into_iter().map(Event::from).collect(),
            facts: detail.submission.into(),
        }
    }
}

fn with_state((mut repair, state): (Value, &'static str)) -> Value {
    if let Some(repair) = repair.as_object_mut() {
        repair.insert("state".to_owned(), state.into());
    }
    repair
}

impl From<OtherReturn> for Other {
    fn from(other: OtherReturn) -> Self {
        let OtherReturn { submission, file, kind, rows, energy_kwh } = other;
        Self { submission, file, kind, rows, energy_kwh }
    }
}

impl From<HistoryEntry> for Event {
    fn from(entry: HistoryEntry) -> Self {
        let HistoryEntry { decision, at, kind, says, undone, can_undo } = entry;
        Self { decision, at: at.to_string(), kind, says, undone, can_undo }
    }
}
