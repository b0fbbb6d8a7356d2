//! What there is to ask about.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kerbwatt_hub::{CatalogueView, Hub};
use kerbwatt_model::{AreaKind, CATALOGUE, Dimension, FACTORS, PowerBand};
use serde::Serialize;
use utoipa::ToSchema;

use crate::params::{AS_OF, Accepts, Given, Param};
use crate::problem::{ErrorEnvelope, Problem};
use crate::schema;

/// What there is to ask about.
#[derive(Serialize, ToSchema)]
pub(crate) struct Catalogue {
    /// Metrics with their definitions.
    #[schema(value_type = Vec<schema::Metric>)]
    metrics: &'static [kerbwatt_model::Metric],
    /// What figures can be split by.
    dimensions: Vec<Split>,
    /// Factors behind the estimates.
    #[schema(value_type = Vec<schema::Factor>)]
    factors: &'static [kerbwatt_model::Factor],
    /// Power bands that occur, weakest first.
    bands: Vec<Named>,
    /// Operators, by name.
    operators: Vec<Named>,
    /// Kinds of area, widest first.
    levels: Vec<Level>,
    /// State of the data.
    data: DataState,
    /// Period to begin with.
    default_period: Option<Period>,
}

/// Something with an id and a name.
#[derive(Serialize, ToSchema)]
pub(crate) struct Named {
    /// Id.
    id: String,
    /// Name.
    name: String,
}

/// What figures can be split by.
#[derive(Serialize, ToSchema)]
pub(crate) struct Split {
    /// Id.
    id: &'static str,
    /// Name.
    name: &'static str,
    /// Whether it is a part of time, and not a place or a kind.
    is_time: bool,
}

/// A kind of area.
#[derive(Serialize, ToSchema)]
pub(crate) struct Level {
    /// Id.
    id: &'static str,
    /// Name of one.
    name: &'static str,
    /// Name of several.
    plural: &'static str,
    /// How many there are.
    count: usize,
}

/// State of the data.
#[derive(Serialize, ToSchema)]
pub(crate) struct DataState {
    /// First day with data.
    first_day: Option<String>,
    /// Last day with data.
    last_day: Option<String>,
    /// Data version; 0 before any data.
    data_version: i64,
    /// When it was made, in UTC; null before any data.
    #[schema(format = DateTime)]
    made_at: Option<String>,
    /// Newest data version; larger than the other where an earlier one is asked.
    newest_version: i64,
    /// Whether all data is invented.
    sample: bool,
    /// Name of the hub.
    hub_name: String,
    /// IANA zone of the hub.
    zone: String,
}

/// A period as whole civil days, both ends included: `YYYY-MM-DD`.
#[derive(Serialize, ToSchema)]
pub(crate) struct Period {
    /// First day.
    from: String,
    /// Last day, included.
    to: String,
}

impl From<kerbwatt_model::Period> for Period {
    fn from(period: kerbwatt_model::Period) -> Self {
        Self { from: period.first.to_string(), to: period.last.to_string() }
    }
}

impl From<CatalogueView> for Catalogue {
    fn from(view: CatalogueView) -> Self {
        let level = |(kind, count): (AreaKind, usize)| Level {
            id: kind.id(),
            name: kind.names().0,
            plural: kind.names().1,
            count,
        };
        let band = |band: PowerBand| Named { id: band.id().to_owned(), name: band.name().to_owned() };
        Self {
            metrics: CATALOGUE,
            dimensions: Dimension::ALL
                .into_iter()
                .map(|one| Split { id: one.id(), name: one.name(), is_time: one.is_time() })
                .collect(),
            factors: &FACTORS,
            bands: view.bands.into_iter().map(band).collect(),
            operators: view.operators.into_iter().map(|(id, name)| Named { id, name }).collect(),
            levels: view.levels.into_iter().map(level).collect(),
            data: DataState {
                first_day: view.first_day.map(|day| day.to_string()),
                last_day: view.last_day.map(|day| day.to_string()),
                data_version: view.data_version,
                made_at: view.made_at.map(|at| at.to_string()),
                newest_version: view.newest_version,
                sample: view.sample,
                hub_name: view.hub_name,
                zone: view.zone,
            },
            default_period: view.default_period.map(Period::from),
        }
    }
}

/// Parameters of `catalogue`.
pub(crate) struct Asked;
impl Accepts for Asked {
    const PARAMS: &'static [Param] = &[AS_OF];
}

/// Metrics, operators, power bands, kinds of area, and the state of the data
#[utoipa::path(
    get, path = "/catalogue", tag = "About", params(Given<Asked>),
    responses((status = 200, body = Catalogue), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn catalogue(State(hub): State<Arc<Hub>>, given: Given<Asked>) -> Result<Json<Catalogue>, Problem> {
    Ok(Json(hub.catalogue_at(given.as_of(&hub)?).await?.into()))
}
