//! What files may look like: layouts, the fields that columns feed, and the checks.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kerbwatt_hub::{Check, CheckLimit, FieldInfo, Hub, Kind, KnownLayout, Severity};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::params::{Accepts, Given, KIND, Nothing, Param};
use crate::problem::{ErrorEnvelope, Problem};
use crate::schema;

/// A layout that files are recognised by.
#[derive(Serialize, ToSchema)]
pub(crate) struct ProfileInfo {
    /// Name.
    name: String,
    /// What it is, in a few words.
    title: String,
    /// What a file of this layout holds.
    #[schema(value_type = FileKind)]
    kind: Kind,
    /// Operator whose own it is; null for one that is shipped.
    operator: Option<String>,
    /// Version of an operator's own, from 1.
    version: Option<i64>,
    /// When that version was made, in UTC.
    #[schema(format = DateTime)]
    made_at: Option<String>,
    /// Headers by the id of the field that the column feeds.
    columns: BTreeMap<String, Vec<String>>,
    /// The layout itself.
    #[schema(value_type = schema::Layout)]
    layout: Value,
}

/// What a file holds.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "shape to document")]
enum FileKind {
    Sessions,
    Register,
}

impl ProfileInfo {
    fn of(known: KnownLayout) -> Self {
        let layout = serde_json::to_value(&known.profile).unwrap_or_default();
        let text = |of: &Value| of.as_str().map(str::to_owned);
        let headers = |of: &Value| -> Vec<String> { of.as_array().into_iter().flatten().filter_map(text).collect() };
        let columns = layout["columns"].as_object().into_iter().flatten();
        let (operator, made) = match known.own {
            None => (None, None),
            Some((operator, version, at)) => (Some(operator), Some((version, at))),
        };
        Self {
            columns: columns.map(|(field, list)| (field.clone(), headers(list))).collect(),
            name: known.profile.name,
            title: known.profile.title,
            kind: known.profile.kind,
            operator,
            version: made.map(|(version, _)| version),
            made_at: made.map(|(_, at)| at.to_string()),
            layout,
        }
    }
}

/// Layouts that files are recognised by: operators' own, then those that are shipped
#[utoipa::path(
    get, path = "/profiles", tag = "Returns",
    responses((status = 200, body = Vec<ProfileInfo>), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn profiles(
    State(hub): State<Arc<Hub>>,
    _: Given<Nothing>,
) -> Result<Json<Vec<ProfileInfo>>, Problem> {
    Ok(Json(hub.layouts()?.into_iter().map(ProfileInfo::of).collect()))
}

/// Parameters of `fields`.
pub(crate) struct Asked;
impl Accepts for Asked {
    const PARAMS: &'static [Param] = &[KIND];
}

/// Fields that the columns of a file can feed
#[utoipa::path(
    get, path = "/fields", tag = "Returns", params(Given<Asked>),
    responses((status = 200, body = Vec<schema::Field>), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn fields(given: Given<Asked>) -> Json<Vec<FieldInfo>> {
    let kind = if given.one(KIND.name) == Some("register") { Kind::Register } else { Kind::Sessions };
    Json(kerbwatt_hub::fields(kind))
}

/// A check of rows.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckInfo {
    /// Id.
    id: &'static str,
    /// How grave a finding is.
    #[schema(value_type = schema::Severity)]
    severity: Severity,
    /// What it is, in a few words.
    title: &'static str,
    /// What to do, in a sentence for the operator.
    advice: &'static str,
    /// Where it begins to find something; null for a check without a limit.
    #[schema(value_type = Option<schema::Threshold>)]
    threshold: Option<CheckLimit>,
}

impl From<Check> for CheckInfo {
    fn from(check: Check) -> Self {
        let threshold = check.limit();
        Self { id: check.id, severity: check.severity, title: check.title, advice: check.advice, threshold }
    }
}

/// Checks of rows, those that keep a row apart first
#[utoipa::path(
    get, path = "/checks", tag = "Returns",
    responses((status = 200, body = Vec<CheckInfo>), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn checks(_: Given<Nothing>) -> Json<Vec<CheckInfo>> {
    Json(kerbwatt_hub::checks().into_iter().map(CheckInfo::from).collect())
}
