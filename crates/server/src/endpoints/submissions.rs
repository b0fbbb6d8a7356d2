//! Returns that were handed in.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kerbwatt_hub::{Hub, Value, rejected_csv};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::App;
use crate::csv::{Csv, csv_cell_among};
use crate::figures::{csv_reply, csv_text_reply};
use crate::params::{Accepts, FORMAT, Given, LIMIT, Nothing, OFFSET, Param, RULE};
use crate::problem::{ErrorEnvelope, Problem};
use crate::returns::{Submission, SubmissionDetail};

/// Quarantined rows where no limit is given.
const LIMIT_BY_DEFAULT: u64 = 100;

/// Every return that was handed in.
#[derive(Serialize, ToSchema)]
pub(crate) struct Submissions {
    /// Newest first.
    submissions: Vec<Submission>,
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

/// One return with what the checks found and what was decided
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
    Ok(Json(hub.submission(number(&id)?).await?.into()))
}

/// Parameters of `submissions/{id}/quarantine`.
pub(crate) struct Asked;
impl Accepts for Asked {
    const PARAMS: &'static [Param] = &[OFFSET, LIMIT, RULE, FORMAT];
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
    let (rows, total) = match given.one(RULE.name) {
        None => hub.quarantine(id, offset, limit).await?,
        Some(rule) => of_rule(&hub, id, rule, offset, limit).await?,
    };
    let rows = rows.into_iter().map(QuarantinedRow::from).collect();
    if given.csv {
        return Ok(csv_reply(table(rows), &format!("kerbwatt-quarantine-of-submission-{id}.csv")));
    }
    Ok(Json(Quarantine { rows, total }).into_response())
}

/// Rows that one check set aside, and how many there are.
async fn of_rule(
    hub: &Hub,
    id: i64,
    rule: &str,
    offset: u64,
    limit: u64,
) -> Result<(Vec<kerbwatt_hub::QuarantinedRow>, u64), Problem> {
    let (all, _) = hub.quarantine(id, 0, u64::from(u32::MAX)).await?;
    let mut rows: Vec<_> = all.into_iter().filter(|row| row.rule == rule).collect();
    let total = rows.len() as u64;
    let counted = |number| usize::try_from(number).unwrap_or(usize::MAX);
    rows.drain(..counted(offset).min(rows.len()));
    rows.truncate(counted(limit));
    Ok((rows, total))
}

/// Rows to mend: those kept apart, in the file's own columns, with row, check and advice beside them. Drivers' ids are replaced
#[utoipa::path(
    get, path = "/submissions/{id}/rejected.csv", tag = "Returns",
    params(("id" = i64, Path, description = "Number of the submission")),
    responses((status = 200, content((String = "text/csv"))), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn rejected(
    State(app): State<App>,
    Path(id): Path<String>,
    _: Given<Nothing>,
) -> Result<Response, Problem> {
    let id = number(&id)?;
    let text = app
        .read(async move |hub: &Hub| {
            let (rows, reasons) = hub.rejected(id)?;
            Ok(rejected_csv(&rows, &reasons, csv_cell_among))
        })
        .await?;
    Ok(csv_text_reply(text, &format!("kerbwatt-rows-to-mend-of-submission-{id}.csv")))
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

/// The number of a submission in an address.
pub(crate) fn number(id: &str) -> Result<i64, Problem> {
    let missing = |_| {
        let message = format!("there is no submission “{id}”");
        Problem::new(StatusCode::NOT_FOUND, "not_found", message, "All submissions are at /api/v1/submissions.")
    };
    id.parse().map_err(missing)
}
