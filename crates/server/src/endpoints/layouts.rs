//! What files may look like: layouts, the fields that columns feed, and the checks.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use kerbwatt_hub::{Check, CheckLimit, FieldInfo, Hub, Kind, KnownLayout, LimitInForce, Severity};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::endpoints::submissions::number;
use crate::endpoints::submit::operator;
use crate::params::{Accepts, Given, HEADER_ROWS, KIND, LIMITS_OF, Nothing, Param};
use crate::problem::{ErrorEnvelope, Problem};
use crate::returns::ProposedLayout;
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
    /// Where it begins to find something; null for a check without a limit. The usual one where it differs between power bands.
    #[schema(value_type = Option<schema::Threshold>)]
    threshold: Option<CheckLimit>,
    /// Every limit of it that can be set.
    limits: Vec<LimitInfo>,
}

/// A limit of a check.
#[derive(Serialize, ToSchema)]
pub(crate) struct LimitInfo {
    /// Name, by which it is set.
    name: &'static str,
    /// What it is, in a few words.
    title: &'static str,
    /// Value in force, for returns received from now on.
    value: f64,
    /// Unit of the values; 1 for a ratio.
    unit: &'static str,
    /// Value where nothing is set.
    usual: f64,
    /// Least value that it may be set to.
    least: f64,
    /// Greatest value that it may be set to.
    most: f64,
    /// For whom the value in force was set.
    #[schema(value_type = LimitSetFor)]
    set_for: &'static str,
    /// When it was set, in UTC; null for a usual value.
    #[schema(format = DateTime)]
    changed_at: Option<String>,
}

/// For whom a limit was set.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "shape to document: the hub has these and their ids")]
enum LimitSetFor {
    /// Nobody: it is as usual.
    Nobody,
    /// All operators.
    Hub,
    /// The operator asked about.
    Operator,
}

impl From<&LimitInForce> for LimitInfo {
    fn from(one: &LimitInForce) -> Self {
        let limit = one.limit;
        Self {
            name: limit.name,
            title: limit.title,
            value: one.value,
            unit: limit.unit,
            usual: limit.usual(),
            least: limit.least,
            most: limit.most,
            set_for: one.set_for.id(),
            changed_at: one.change.as_ref().map(|change| change.at.to_string()),
        }
    }
}

impl CheckInfo {
    fn of(check: Check, in_force: &[LimitInForce]) -> Self {
        let limits = in_force.iter().filter(|one| one.limit.check == check.id);
        let limits: Vec<LimitInfo> = limits.map(LimitInfo::from).collect();
        let threshold = limits.first().map(|one| CheckLimit { name: one.name, value: one.value, unit: one.unit });
        Self { id: check.id, severity: check.severity, title: check.title, advice: check.advice, threshold, limits }
    }
}

/// Parameters of `checks`.
pub(crate) struct Whose;
impl Accepts for Whose {
    const PARAMS: &'static [Param] = &[LIMITS_OF];
}

/// Checks of rows with the limits in force, those that keep a row apart first
#[utoipa::path(
    get, path = "/checks", tag = "Returns", params(Given<Whose>),
    responses((status = 200, body = Vec<CheckInfo>), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn checks(State(hub): State<Arc<Hub>>, given: Given<Whose>) -> Result<Json<Vec<CheckInfo>>, Problem> {
    let stated = given.one(LIMITS_OF.name).map(str::trim).filter(|text| !text.is_empty());
    let in_force = hub.limits(stated.map(operator).transpose()?.as_ref())?;
    Ok(Json(kerbwatt_hub::checks().into_iter().map(|check| CheckInfo::of(check, &in_force)).collect()))
}

/// Parameters of `submissions/{id}/layout`.
pub(crate) struct AskedHeader;
impl Accepts for AskedHeader {
    const PARAMS: &'static [Param] = &[HEADER_ROWS];
}

/// What the columns of a return seem to hold, with a header of as many rows as said; keeps nothing
#[utoipa::path(
    get, path = "/submissions/{id}/layout", tag = "Returns",
    params(("id" = i64, Path, description = "Number of the submission"), Given<AskedHeader>),
    responses((status = 200, body = ProposedLayout), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn proposal(
    State(hub): State<Arc<Hub>>,
    Path(id): Path<String>,
    given: Given<AskedHeader>,
) -> Result<Json<ProposedLayout>, Problem> {
    let rows = given.one(HEADER_ROWS.name).and_then(|rows| rows.parse().ok());
    Ok(Json(hub.proposed(number(&id)?, rows)?.into()))
}
