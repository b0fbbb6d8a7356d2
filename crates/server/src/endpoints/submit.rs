//! Handing in returns.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRef as _, Request, State};
use kerbwatt_hub::{Hub, HubError, NewReturn};
use kerbwatt_model::OperatorId;

use crate::app::{App, must_be_real};
use crate::body;
use crate::params::{ACCEPT, Accepts, FILE, Given, OPERATOR, OPERATOR_NAME, PERIOD, PROFILE, Param};
use crate::problem::{ErrorEnvelope, Problem};
use crate::returns::{SentResult, SentResults, now, period};
use crate::schema;

/// Longest name of a file or an operator, characters.
const LONGEST_NAME: usize = 255;

/// Parameters of `submissions` and `check`.
pub(crate) struct Sent;
impl Accepts for Sent {
    const PARAMS: &'static [Param] = &[OPERATOR, FILE, PERIOD, PROFILE, OPERATOR_NAME, ACCEPT];
}

/// Hands in a file: every table in it is a return. Safe to repeat, since the same bytes are the same return
#[utoipa::path(
    post, path = "/submissions", tag = "Returns", params(Given<Sent>),
    request_body(content = schema::FileBytes, content_type = "application/octet-stream"),
    responses((status = 200, body = SentResults), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn submit(
    State(app): State<App>,
    given: Given<Sent>,
    request: Request,
) -> Result<Json<SentResults>, Problem> {
    let name = operator_name(&given)?;
    let _room = app.room().await?;
    let file = file(&app, &given, request).await?;
    let results = app.write(async move |hub: &Hub| record(hub, &file, name.as_deref()).await).await?;
    Ok(Json(SentResults { results }))
}

/// Reads and checks a file as it would be handed in; keeps nothing
#[utoipa::path(
    post, path = "/check", tag = "Returns", params(Given<Sent>),
    request_body(content = schema::FileBytes, content_type = "application/octet-stream"),
    responses((status = 200, body = SentResults), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn check(
    State(app): State<App>,
    given: Given<Sent>,
    request: Request,
) -> Result<Json<SentResults>, Problem> {
    operator_name(&given)?;
    let _room = app.room().await?;
    let file = file(&app, &given, request).await?;
    let results = app
        .read(async move |hub: &Hub| {
            let tables = hub.check_tables(&file).await;
            listed(&file.file_name, tables, SentResult::checked)
        })
        .await?;
    Ok(Json(SentResults { results }))
}

async fn record(hub: &Hub, file: &NewReturn, operator_name: Option<&str>) -> Result<Vec<SentResult>, Problem> {
    must_be_real(hub)?;
    let tables = hub.submit_tables(file, now()).await;
    let results = listed(&file.file_name, tables, SentResult::recorded)?;
    if let Some(name) = operator_name.filter(|_| results.iter().any(|result| result.submission.is_some())) {
        hub.name_operator(&file.operator, name)?;
    }
    if results.iter().any(SentResult::is_accepted) {
        hub.publish(&(), now()).await.map_err(HubError::after_recording)?;
    }
    Ok(results)
}

/// One result for each table; one for the whole file where it was refused as such.
fn listed<T>(
    file: &str,
    tables: Result<Vec<T>, HubError>,
    of: fn(&str, T) -> SentResult,
) -> Result<Vec<SentResult>, Problem> {
    match tables {
        Ok(tables) => Ok(tables.into_iter().map(|table| of(file, table)).collect()),
        Err(error) => Ok(vec![SentResult::refused(file, error)?]),
    }
}

/// The file that is sent. Parameters are checked before a byte of it is taken.
async fn file(app: &App, given: &Given<Sent>, request: Request) -> Result<NewReturn, Problem> {
    let operator = operator(given.one(OPERATOR.name).unwrap_or_default())?;
    let file_name = file_name(given.one(FILE.name).unwrap_or_default())?;
    let stated = |param: &Param| given.one(param.name).map(str::trim).filter(|text| !text.is_empty());
    let declared = stated(&PERIOD).map(|text| period(PERIOD.name, text)).transpose()?;
    let (parts, body) = request.into_parts();
    let bytes = body::file(Arc::from_ref(app), &parts.headers, body).await?;
    Ok(NewReturn {
        profile: stated(&PROFILE).map(str::to_owned),
        period: declared,
        received: Some(now()),
        accept: given.one(ACCEPT.name) == Some("true"),
        ..NewReturn::of(&file_name, bytes, operator)
    })
}

/// An operator's id.
///
/// # Errors
/// 400 when it is none.
pub(crate) fn operator(text: &str) -> Result<OperatorId, Problem> {
    let advice =
        "The ids of operators that are known are in /api/v1/catalogue; any other of this form makes a new one.";
    OperatorId::parse(text)
        .map_err(|error| Problem::parameter(OPERATOR.name, "not_an_operator", error.to_string(), advice))
}

/// A name that is shown: on one line, and not too long.
///
/// # Errors
/// 400 at `field` when it is neither.
pub(crate) fn shown_name(field: &str, text: &str) -> Result<String, Problem> {
    let text = text.trim();
    if text.chars().count() > LONGEST_NAME || text.chars().any(char::is_control) {
        let message = format!("{field} is longer than {LONGEST_NAME} characters, or not on one line");
        return Err(Problem::parameter(field, "unusable_name", message, "Give a shorter one."));
    }
    Ok(text.to_owned())
}

fn operator_name(given: &Given<Sent>) -> Result<Option<String>, Problem> {
    let name = given.one(OPERATOR_NAME.name).filter(|name| !name.trim().is_empty());
    name.map(|name| shown_name(OPERATOR_NAME.name, name)).transpose()
}

/// The name of a file without the folders that it came from.
fn file_name(text: &str) -> Result<String, Problem> {
    let name = shown_name(FILE.name, text.rsplit(['/', '\\']).next().unwrap_or_default())?;
    if name.is_empty() {
        let message = format!("“{text}” is not the name of a file");
        return Err(Problem::parameter(
            FILE.name,
            "unusable_name",
            message,
            "Give the name of the file, such as june.csv.",
        ));
    }
    Ok(name)
}
