//! The way to a figure: everything here hands a question to the hub and a reply to the client.

use std::collections::HashMap;

use axum::Json;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use kerbwatt_hub::{Answer, BucketReported, Comparisons, Hub, Row, Value, rests_on_returns};
use kerbwatt_model::{Period, Query, Viewer};
use serde::Serialize;

use crate::csv::Csv;
use crate::export::Form;
use crate::problem::Problem;

/// Answers a question. Who asks is decided here, for every endpoint.
pub(crate) async fn answer(hub: &Hub, query: &Query) -> Result<Answer, Problem> {
    Ok(hub.answer(query, Viewer::LocalOwner).await?)
}

/// The same question over another period; none where the data does not hold all of it, which would look like growth.
pub(crate) async fn in_period(hub: &Hub, query: &Query, period: Option<Period>) -> Result<Option<Answer>, Problem> {
    let Some(period) = period else { return Ok(None) };
    let catalogue = hub.catalogue_at(query.as_of).await?;
    let (Some(first), Some(last)) = (catalogue.first_day, catalogue.last_day) else { return Ok(None) };
    if period.first < first || period.last > last {
        return Ok(None);
    }
    answer(hub, &Query { period: Some(period), ..query.clone() }).await.map(Some)
}

/// Whether figures may be compared between a period and an earlier one, for each place of the question.
pub(crate) async fn comparisons(hub: &Hub, query: &Query, periods: (&Period, &Period)) -> Result<Comparisons, Problem> {
    Ok(hub.comparisons(query, periods, Viewer::LocalOwner).await?)
}

/// The metrics of a question that rest on returns: of these alone a verdict on comparing speaks.
pub(crate) fn resting_on_returns(query: &Query) -> Vec<&'static str> {
    query.metrics.iter().filter(|metric| rests_on_returns(metric)).map(|metric| metric.id).collect()
}

/// How much of each row of a series was reported; none where it is not split by a part of the calendar alone.
pub(crate) async fn reported(
    hub: &Hub,
    query: &Query,
    answer: &Answer,
) -> Result<Option<Vec<Option<BucketReported>>>, Problem> {
    let Some(buckets) = hub.reported_by_bucket(query, Viewer::LocalOwner).await? else { return Ok(None) };
    let mut buckets: HashMap<String, BucketReported> =
        buckets.into_iter().map(|one| (one.bucket.clone(), one)).collect();
    let of_row = |row: &Row| buckets.remove(row.first().and_then(Value::text)?);
    Ok(Some(answer.rows.iter().map(of_row).collect()))
}

/// The period that a question is about; without one, all days with data.
pub(crate) async fn period_of(hub: &Hub, query: &Query) -> Result<Option<Period>, Problem> {
    if query.period.is_some() {
        return Ok(query.period);
    }
    let catalogue = hub.catalogue_at(query.as_of).await?;
    Ok(catalogue.first_day.zip(catalogue.last_day).and_then(|(first, last)| Period::new(first, last).ok()))
}

/// An answer in the form that was asked for: `whole` as JSON, or the answer's table as CSV.
pub(crate) fn reply(csv: bool, answer: &Answer, whole: &impl Serialize) -> Response {
    if csv { csv_reply(Csv::of(answer), &file_name(answer)) } else { Json(whole).into_response() }
}

/// An answer as a file of some form.
pub(crate) fn file_reply(form: Form, answer: &Answer) -> Result<Response, Problem> {
    let bytes = form.bytes(answer).map_err(|error| {
        tracing::error!("{error}");
        Problem::internal()
    })?;
    let name = file_name(answer).replace(".csv", form.extension());
    let disposition = format!("attachment; filename=\"{name}\"");
    Ok(([(header::CONTENT_TYPE, form.media_type().to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response())
}

/// A table for download.
pub(crate) fn csv_reply(csv: Csv, file_name: &str) -> Response {
    csv_text_reply(csv.into_text(), file_name)
}

/// A table that is text already, for download.
pub(crate) fn csv_text_reply(text: String, file_name: &str) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
    // The name is made of ids and days, which need no escaping.
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{file_name}\"")) {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    response
}

/// Such as `kerbwatt-sessions-by-borough-2024-01-01-to-2024-12-31.csv`.
fn file_name(answer: &Answer) -> String {
    let metrics: Vec<&str> = answer.provenance.metrics.iter().map(|metric| metric.id).collect();
    let about = match metrics[..] {
        [one] => one,
        _ => "figures",
    };
    let dimensions = answer.columns.iter().filter(|column| column.kind == kerbwatt_hub::ColumnKind::Dimension);
    let by: String = dimensions.map(|column| format!("-by-{}", column.name)).collect();
    let period = answer.provenance.period.map(|p| format!("-{}-to-{}", p.first, p.last)).unwrap_or_default();
    format!("kerbwatt-{about}{by}{period}.csv").replace('_', "-")
}
