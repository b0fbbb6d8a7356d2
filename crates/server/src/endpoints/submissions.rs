//! Returns that were handed in.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kerbwatt_hub::{EnergyTotals, Hub, SubmissionView, Value};
use serde::Serialize;
use utoipa::ToSchema;

use crate::csv::Csv;
use crate::endpoints::catalogue::Period;
use crate::figures::csv_reply;
use crate::params::{Accepts, FORMAT, Given, LIMIT, Nothing, OFFSET, Param};
use crate::problem::{ErrorEnvelope, Problem};
use crate::schema;

/// Quarantined rows where no limit is given.
const LIMIT_BY_DEFAULT: u64 = 100;

/// Every return that was handed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Submissions {
    /// Newest first.
    submissions: Vec<Submission>,
}

/// A return that was handed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Submission {
    /// Number.
    id: i64,
    /// Operator id.
    operator: String,
    /// Operator's name.
    operator_name: String,
    /// Name of the file.
    file: String,
    /// When it was received, in UTC.
    #[schema(format = DateTime)]
    received_at: String,
    /// Whether it is in the figures.
    #[schema(value_type = SubmissionState)]
    state: &'static str,
    /// Period that it covers.
    period: Option<Period>,
    /// Rows below the header that are not blank: those accepted, quarantined and repeated.
    rows_read: u64,
    /// Rows accepted, flagged ones included.
    accepted: u64,
    /// Accepted rows about which a check warns.
    flagged: u64,
    /// Rows kept apart.
    quarantined: u64,
    /// Rows that repeat an earlier one.
    duplicates: u64,
    /// Energy by the fate of the rows that carried it.
    #[schema(value_type = schema::EnergySplit)]
    energy_kwh: EnergyTotals,
    /// Layout that it was read with.
    profile: Option<String>,
}

/// Whether a return is in the figures.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "shape to document: the hub has these states and their ids")]
enum SubmissionState {
    Accepted,
    Checked,
}

/// A return with what the checks found.
#[derive(Serialize, ToSchema)]
pub(crate) struct SubmissionDetail {
    #[serde(flatten)]
    submission: Submission,
    /// What the checks found, gravest and most frequent first.
    #[schema(value_type = Vec<schema::Finding>)]
    findings: serde_json::Value,
    /// SHA-256 of the file as it is kept.
    sha256: String,
}

/// Rows kept apart.
#[derive(Serialize, ToSchema)]
pub(crate) struct Quarantine {
    /// Rows in file order.
    rows: Vec<QuarantinedRow>,
    /// How many there are.
    total: u64,
}

/// A row kept apart, with the reason.
#[derive(Serialize, ToSchema)]
pub(crate) struct QuarantinedRow {
    /// Row in the file; the first row below the header is 1.
    row: u64,
    /// Id of the check.
    rule: String,
    /// Header of the column at fault.
    column: Option<String>,
    /// What stands there.
    value: Option<String>,
    /// Energy of the row in kWh, as in the file.
    energy_kwh: f64,
    /// What to do about it.
    advice: String,
}

impl From<SubmissionView> for Submission {
    fn from(view: SubmissionView) -> Self {
        Self {
            id: view.id,
            operator: view.operator,
            operator_name: view.operator_name,
            file: view.file,
            received_at: view.received_at.to_string(),
            state: view.state,
            period: view.period.map(Period::from),
            rows_read: view.totals.rows_read,
            accepted: view.totals.accepted,
            flagged: view.totals.flagged,
            quarantined: view.totals.quarantined,
            duplicates: view.totals.duplicates,
            energy_kwh: view.totals.energy_kwh,
            profile: Some(view.profile),
        }
    }
}

impl From<kerbwatt_hub::QuarantinedRow> for QuarantinedRow {
    fn from(row: kerbwatt_hub::QuarantinedRow) -> Self {
        let told = |text: String| Some(text).filter(|text| !text.is_empty());
        Self {
            row: row.row,
            rule: row.rule,
            column: told(row.column),
            value: told(row.value),
            energy_kwh: row.energy_kwh,
            advice: row.advice,
        }
    }
}

/// Every return that was handed in, newest first
#[utoipa::path(
    get, path = "/submissions", tag = "Returns",
    responses((status = 200, body = Submissions), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn submissions(State(hub): State<Arc<Hub>>, _: Given<Nothing>) -> Result<Json<Submissions>, Problem> {
    let submissions = hub.submissions().await?.into_iter().map(Submission::from).collect();
    Ok(Json(Submissions { submissions }))
}

/// One return with what the checks found
#[utoipa::path(
    get, path = "/submissions/{id}", tag = "Returns",
    params(("id" = i64, Path, description = "Number of the submission")),
    responses((status = 200, body = SubmissionDetail), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn submission(
    State(hub): State<Arc<Hub>>,
    Path(id): Path<String>,
    _: Given<Nothing>,
) -> Result<Json<SubmissionDetail>, Problem> {
    let detail = hub.submission(number(&id)?).await?;
    let (sha256, findings) = (detail.submission.sha256.clone(), detail.findings);
    Ok(Json(SubmissionDetail { submission: detail.submission.into(), findings, sha256 }))
}

/// Parameters of `submissions/{id}/quarantine`.
pub(crate) struct Asked;
impl Accepts for Asked {
    const PARAMS: &'static [Param] = &[OFFSET, LIMIT, FORMAT];
}

/// Rows of a return that were kept apart; 100 where no limit is given, all of them as CSV
#[utoipa::path(
    get, path = "/submissions/{id}/quarantine", tag = "Returns",
    params(("id" = i64, Path, description = "Number of the submission"), Given<Asked>),
    responses(
        (status = 200, content((Quarantine = "application/json"), (String = "text/csv"))),
        (status = "4XX", body = ErrorEnvelope),
    )
)]
pub(crate) async fn quarantine(
    State(hub): State<Arc<Hub>>,
    Path(id): Path<String>,
    given: Given<Asked>,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    let by_default = if given.csv { u64::from(u32::MAX) } else { LIMIT_BY_DEFAULT };
    let limit = given.number(&LIMIT).map_or(by_default, u64::from);
    let offset = given.number(&OFFSET).map_or(0, u64::from);
    let (rows, total) = hub.quarantine(id, offset, limit).await?;
    let rows = rows.into_iter().map(QuarantinedRow::from).collect();
    if given.csv {
        return Ok(csv_reply(table(rows), &format!("kerbwatt-quarantine-of-submission-{id}.csv")));
    }
    Ok(Json(Quarantine { rows, total }).into_response())
}

fn table(rows: Vec<QuarantinedRow>) -> Csv {
    let text = |text: &str| Value::Text(text.to_owned());
    let or_null = |text: Option<String>| text.map_or(Value::Null, Value::Text);
    let mut csv = Csv::default();
    csv.row(["row", "rule", "column", "value", "energy_kwh", "advice"].map(text).iter());
    for row in rows {
        let number = Value::Integer(i64::try_from(row.row).unwrap_or(i64::MAX));
        let (column, value) = (or_null(row.column), or_null(row.value));
        csv.row(
            [number, Value::Text(row.rule), column, value, Value::Number(row.energy_kwh), Value::Text(row.advice)]
                .iter(),
        );
    }
    csv
}

fn number(id: &str) -> Result<i64, Problem> {
    let missing = |_| {
        let message = format!("there is no submission “{id}”");
        Problem::new(StatusCode::NOT_FOUND, "not_found", message, "All submissions are at /api/v1/submissions.")
    };
    id.parse().map_err(missing)
}
