//! Sites: with figures for the map, and one by one.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use kerbwatt_hub::{Answer, Column, ColumnKind, Coverage, Hub, Provenance, SiteView, Value};
use kerbwatt_model::Query;
use serde::Serialize;
use utoipa::ToSchema;

use crate::endpoints::evses::Evse;
use crate::params::{AS_OF, Accepts, FORMAT, FROM, Given, METRIC, Param, TO};
use crate::problem::{ErrorEnvelope, Problem};
use crate::{figures, question, schema};

/// Counts charge points; asked along with every question about sites, so that one without use has a row too.
const EVSES: &str = "evses";

/// Sites with figures: a GeoJSON FeatureCollection of those whose position is known.
#[derive(Serialize, ToSchema)]
pub(crate) struct Sites {
    /// `FeatureCollection`.
    r#type: &'static str,
    /// Sites whose position is known.
    features: Vec<SiteFeature>,
    /// All sites that pass the filters, with and without position.
    total: usize,
    /// Coverage of the figures.
    #[schema(value_type = schema::Coverage)]
    coverage: Coverage,
    /// Provenance of the figures.
    #[schema(value_type = schema::Provenance)]
    provenance: Provenance,
}

/// A site: a GeoJSON feature.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteFeature {
    /// `Feature`.
    r#type: &'static str,
    /// Where it is.
    geometry: SitePoint,
    /// What it is, and its figures.
    properties: SiteProperties,
}

/// A GeoJSON point.
#[derive(Serialize, ToSchema)]
pub(crate) struct SitePoint {
    /// `Point`.
    r#type: &'static str,
    /// Degrees east and north, WGS84.
    coordinates: [f64; 2],
}

/// What a site is, and its figures by the id of the metric.
#[derive(Serialize, ToSchema)]
pub(crate) struct SiteProperties {
    /// `operator:location`.
    location: String,
    /// Name.
    name: String,
    /// Charge points: as the metric where it is asked for, else all that the site ever had.
    evses: i64,
    /// Figures by the id of the metric.
    #[serde(flatten)]
    #[schema(value_type = BTreeMap<String, schema::Cell>)]
    figures: BTreeMap<&'static str, Value>,
}

/// Where a site is, without its charge points.
#[derive(Serialize, ToSchema)]
pub(crate) struct SitePlace {
    /// `operator:location`.
    location: String,
    /// Name.
    name: String,
    /// Address, one line.
    address: Option<String>,
    /// Postcode.
    postcode: Option<String>,
    /// Operator id.
    operator: String,
    /// Operator's name.
    operator_name: String,
    /// Degrees north, WGS84.
    latitude: Option<f64>,
    /// Degrees east, WGS84.
    longitude: Option<f64>,
    /// Kind of site.
    siting: Option<String>,
    /// Code of the borough.
    borough: Option<String>,
    /// Its name.
    borough_name: Option<String>,
    /// Code of the ward.
    ward: Option<String>,
    /// Its name.
    ward_name: Option<String>,
    /// Code of the neighbourhood cell.
    cell: Option<String>,
    /// Its name.
    cell_name: Option<String>,
}

impl From<SiteView> for SitePlace {
    fn from(view: SiteView) -> Self {
        let (borough, borough_name) = view.borough.unzip();
        let (ward, ward_name) = view.ward.unzip();
        let (cell, cell_name) = view.cell.unzip();
        Self {
            location: view.location,
            name: view.name,
            address: view.address,
            postcode: view.postcode,
            operator: view.operator,
            operator_name: view.operator_name,
            latitude: view.latitude,
            longitude: view.longitude,
            siting: Some(view.siting.id().to_owned()),
            borough,
            borough_name,
            ward,
            ward_name,
            cell,
            cell_name,
        }
    }
}

/// A site with its charge points.
#[derive(Serialize, ToSchema)]
pub(crate) struct Site {
    #[serde(flatten)]
    place: SitePlace,
    /// Charge points.
    evses: Vec<Evse>,
}

/// Parameters of `sites`.
pub(crate) struct Asked;
impl Accepts for Asked {
    const PARAMS: &'static [Param] = &[METRIC, FROM, TO, AS_OF, FORMAT];
    const FILTERS: bool = true;
}

/// Sites with figures, as GeoJSON points
#[utoipa::path(
    get, path = "/sites", tag = "Places", params(Given<Asked>),
    responses(
        (status = 200, content((Sites = "application/json"), (String = "text/csv"))),
        (status = "4XX", body = ErrorEnvelope),
    )
)]
pub(crate) async fn sites(State(hub): State<Arc<Hub>>, given: Given<Asked>) -> Result<Response, Problem> {
    let query = question::of(&hub, &given, &["location"]).await?;
    let asked: Vec<&'static str> = query.metrics.iter().map(|metric| metric.id).collect();
    let answer = figures::answer(&hub, &with_stock(&query)?).await?;
    let views: HashMap<String, SiteView> =
        hub.sites(query.as_of).await?.into_iter().map(|site| (site.location.clone(), site)).collect();
    if given.csv {
        let table = table(answer, &views, &asked);
        return Ok(figures::reply(true, &table, &()));
    }
    Ok(Json(collection(answer, &views, &asked)).into_response())
}

/// Parameters of `sites/{location}`.
pub(crate) struct AskedOne;
impl Accepts for AskedOne {
    const PARAMS: &'static [Param] = &[AS_OF];
}

/// One site with its charge points
#[utoipa::path(
    get, path = "/sites/{location}", tag = "Places",
    params(("location" = String, Path, description = "operator:location, such as gb-abc:L17"), Given<AskedOne>),
    responses((status = 200, body = Site), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn site(
    State(hub): State<Arc<Hub>>,
    Path(location): Path<String>,
    given: Given<AskedOne>,
) -> Result<Json<Site>, Problem> {
    let (site, evses) = hub.site(&location, given.as_of(&hub)?).await?;
    Ok(Json(Site { place: site.into(), evses: evses.into_iter().map(Evse::from).collect() }))
}

fn with_stock(query: &Query) -> Result<Query, Problem> {
    let mut query = query.clone();
    if !query.metrics.iter().any(|metric| metric.id == EVSES) {
        query.metrics.extend(Query::of(&[EVSES], &[], &[], None)?.metrics);
    }
    Ok(query)
}

fn collection(answer: Answer, views: &HashMap<String, SiteView>, asked: &[&'static str]) -> Sites {
    let mut features = Vec::new();
    let mut total = 0;
    for row in &answer.rows {
        let figure = |name: &str| answer.position(name).and_then(|at| row.get(at));
        let Some(site) = figure("location").and_then(Value::text).and_then(|id| views.get(id)) else { continue };
        total += 1;
        let (Some(latitude), Some(longitude)) = (site.latitude, site.longitude) else { continue };
        let mut figures: BTreeMap<&'static str, Value> =
            asked.iter().map(|metric| (*metric, figure(metric).cloned().unwrap_or(Value::Null))).collect();
        let evses = match figures.remove(EVSES) {
            Some(Value::Integer(evses)) => evses,
            _ => i64::try_from(site.evses).unwrap_or(i64::MAX),
        };
        let properties = SiteProperties { location: site.location.clone(), name: site.name.clone(), evses, figures };
        let geometry = SitePoint { r#type: "Point", coordinates: [longitude, latitude] };
        features.push(SiteFeature { r#type: "Feature", geometry, properties });
    }
    Sites { r#type: "FeatureCollection", features, total, coverage: answer.coverage, provenance: answer.provenance }
}

/// The answer as a table, with the position of each site and without what was not asked for.
fn table(mut answer: Answer, views: &HashMap<String, SiteView>, asked: &[&'static str]) -> Answer {
    let at = answer.position("location");
    let kept: Vec<usize> = (0..answer.columns.len())
        .filter(|at| answer.columns.get(*at).is_some_and(|c| c.kind != ColumnKind::Metric || asked.contains(&&*c.name)))
        .collect();
    for row in &mut answer.rows {
        let site = at.and_then(|at| row.get(at)).and_then(Value::text).and_then(|id| views.get(id));
        let degrees = |of: fn(&SiteView) -> Option<f64>| site.and_then(of).map_or(Value::Null, Value::Number);
        let position = [degrees(|site| site.latitude), degrees(|site| site.longitude)];
        *row = kept.iter().filter_map(|at| row.get(*at).cloned()).chain(position).collect();
    }
    answer.columns = kept.iter().filter_map(|at| answer.columns.get(*at).cloned()).collect();
    answer.columns.extend(["latitude", "longitude"].map(|name| Column {
        name: name.to_owned(),
        kind: ColumnKind::Name,
        label: name.to_owned(),
        unit: Some("degrees"),
    }));
    answer.provenance.metrics.retain(|metric| asked.contains(&metric.id));
    answer
}
