//! Areas: their outlines, and what one of them holds.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use kerbwatt_hub::{AreaView, Hub};
use kerbwatt_model::AreaKind;
use serde::Serialize;
use utoipa::ToSchema;

use crate::params::{AS_OF, Accepts, Given, Param, WITHIN};
use crate::problem::{ErrorEnvelope, Problem};
use crate::schema::Outlines;

/// An area and what stands in it.
#[derive(Serialize, ToSchema)]
pub(crate) struct AreaDetail {
    /// Kind of area.
    level: &'static str,
    /// Code.
    code: String,
    /// Name.
    name: String,
    /// Areas that it lies in, widest first.
    parents: Vec<AreaParent>,
    /// West, south, east, north, in degrees.
    bbox: [f64; 4],
    /// Charge points in service on the last day with data.
    evses: usize,
    /// Sites of these.
    locations: usize,
}

/// An area that another lies in.
#[derive(Serialize, ToSchema)]
pub(crate) struct AreaParent {
    /// Kind of area.
    level: &'static str,
    /// Code.
    code: String,
    /// Name.
    name: String,
}

impl From<AreaView> for AreaDetail {
    fn from(view: AreaView) -> Self {
        let parents = view.parents.into_iter();
        Self {
            level: view.level.id(),
            code: view.code,
            name: view.name,
            parents: parents
                .map(|area| AreaParent { level: area.kind.id(), code: area.code, name: area.name })
                .collect(),
            bbox: view.bbox,
            evses: view.evses,
            locations: view.locations,
        }
    }
}

/// Parameters of `areas/{level}`.
pub(crate) struct Asked;
impl Accepts for Asked {
    const PARAMS: &'static [Param] = &[WITHIN, AS_OF];
}

/// Outlines of a kind of area, as GeoJSON
#[utoipa::path(
    get, path = "/areas/{level}", tag = "Places",
    params(("level" = String, Path, description = "borough, ward, msoa, lsoa or cell"), Given<Asked>),
    responses(
        (status = 200, body = Outlines, content_type = "application/geo+json"),
        (status = "4XX", body = ErrorEnvelope),
    )
)]
pub(crate) async fn outlines(
    State(hub): State<Arc<Hub>>,
    Path(level): Path<String>,
    given: Given<Asked>,
) -> Result<impl IntoResponse, Problem> {
    let outlines = hub.areas_geojson(kind(&level)?, given.one(WITHIN.name), given.as_of(&hub)?).await?;
    Ok(([(header::CONTENT_TYPE, "application/geo+json")], outlines))
}

/// Parameters of `areas/{level}/{code}`.
pub(crate) struct AskedOne;
impl Accepts for AskedOne {
    const PARAMS: &'static [Param] = &[AS_OF];
}

/// One area, and what stands in it
#[utoipa::path(
    get, path = "/areas/{level}/{code}", tag = "Places",
    params(
        ("level" = String, Path, description = "borough, ward, msoa, lsoa or cell"),
        ("code" = String, Path, description = "Code, such as E09000007"),
        Given<AskedOne>,
    ),
    responses((status = 200, body = AreaDetail), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn area(
    State(hub): State<Arc<Hub>>,
    Path((level, code)): Path<(String, String)>,
    given: Given<AskedOne>,
) -> Result<Json<AreaDetail>, Problem> {
    Ok(Json(hub.area(kind(&level)?, &code, given.as_of(&hub)?).await?.into()))
}

fn kind(level: &str) -> Result<AreaKind, Problem> {
    let known = || {
        let ids: Vec<&str> = AreaKind::ALL.into_iter().map(AreaKind::id).collect();
        let message = format!("there is no kind of area “{level}”");
        Problem::new(StatusCode::NOT_FOUND, "unknown_level", message, format!("Choose from: {}.", ids.join(", ")))
    };
    AreaKind::of_id(level).ok_or_else(known)
}
