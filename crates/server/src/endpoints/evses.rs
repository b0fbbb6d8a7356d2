//! Charge points (EVSEs).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::response::Response;
use kerbwatt_hub::{EvseView, Hub};
use serde::Serialize;
use utoipa::ToSchema;

use crate::endpoints::ranking::{self, Ranking};
use crate::endpoints::sites::SitePlace;
use crate::params::{AS_OF, Accepts, COMPARE_LAST_YEAR, FORMAT, FROM, Given, LIMIT, METRIC, ORDER, Param, TO};
use crate::problem::{ErrorEnvelope, Problem};
use crate::question;

/// A charge point.
#[derive(Serialize, ToSchema)]
pub(crate) struct Evse {
    /// `operator:uid`.
    evse: String,
    /// The operator's own id of the device.
    device: Option<String>,
    /// Power band.
    band: &'static str,
    /// Rated power of the strongest connector, kW.
    rated_kw: Option<f64>,
    /// Kind of current.
    current: Option<&'static str>,
    /// Connectors, as registered.
    connectors: Vec<Connector>,
    /// First day in service, as registered.
    commissioned: Option<String>,
    /// Last day in service, as registered.
    decommissioned: Option<String>,
    /// Whether the register holds it.
    registered: bool,
}

/// A connector of a charge point.
#[derive(Serialize, ToSchema)]
pub(crate) struct Connector {
    /// Standard, as registered.
    standard: String,
    /// Kind of current; null where the charge point has several connectors, which may differ.
    current: Option<&'static str>,
    /// Rated power, kW; null where the charge point has several connectors, which may differ.
    rated_kw: Option<f64>,
}

impl From<EvseView> for Evse {
    fn from(view: EvseView) -> Self {
        let current = view.current.map(kerbwatt_model::CurrentType::id);
        let is_one = view.connectors.len() == 1;
        let connector = |standard| Connector {
            standard,
            current: current.filter(|_| is_one),
            rated_kw: view.rated_kw.filter(|_| is_one),
        };
        Self {
            evse: view.evse,
            device: Some(view.device),
            band: view.band.id(),
            rated_kw: view.rated_kw,
            current,
            connectors: view.connectors.into_iter().map(connector).collect(),
            commissioned: view.commissioned.map(|day| day.to_string()),
            decommissioned: view.decommissioned.map(|day| day.to_string()),
            registered: view.registered,
        }
    }
}

/// A charge point with its site and its returns.
#[derive(Serialize, ToSchema)]
pub(crate) struct EvseDetail {
    #[serde(flatten)]
    evse: Evse,
    /// Operator id.
    operator: String,
    /// Operator's name.
    operator_name: String,
    /// Where it stands.
    location: Option<SitePlace>,
    /// Day of the first session.
    first_session: Option<String>,
    /// Day of the last session.
    last_session: Option<String>,
    /// All sessions.
    sessions: i64,
    /// Returns in which it appears, newest first.
    returns: Vec<EvseReturn>,
}

/// A return in which a charge point appears.
#[derive(Serialize, ToSchema)]
pub(crate) struct EvseReturn {
    /// Number of the submission.
    submission: i64,
    /// Name of its file.
    file: String,
    /// First day that it covers.
    from: Option<String>,
    /// Last day that it covers.
    to: Option<String>,
    /// Sessions of the charge point in it.
    sessions: i64,
}

impl From<kerbwatt_hub::EvseReturn> for EvseReturn {
    fn from(found: kerbwatt_hub::EvseReturn) -> Self {
        Self {
            submission: found.submission,
            file: found.file,
            from: found.period.map(|period| period.first.to_string()),
            to: found.period.map(|period| period.last.to_string()),
            sessions: found.sessions,
        }
    }
}

impl From<kerbwatt_hub::EvseDetail> for EvseDetail {
    fn from(detail: kerbwatt_hub::EvseDetail) -> Self {
        Self {
            evse: detail.evse.into(),
            operator: detail.site.operator.clone(),
            operator_name: detail.site.operator_name.clone(),
            location: Some(detail.site.into()),
            first_session: detail.first_session.map(|day| day.to_string()),
            last_session: detail.last_session.map(|day| day.to_string()),
            sessions: detail.sessions,
            returns: detail.returns.into_iter().map(EvseReturn::from).collect(),
        }
    }
}

/// Parameters of `evses`.
pub(crate) struct Asked;
impl Accepts for Asked {
    const PARAMS: &'static [Param] = &[METRIC, FROM, TO, COMPARE_LAST_YEAR, ORDER, LIMIT, AS_OF, FORMAT];
    const FILTERS: bool = true;
}

/// Charge points side by side, in the order of the first metric; 100 rows where no limit is given
#[utoipa::path(
    get, path = "/evses", tag = "Places", params(Given<Asked>),
    responses(
        (status = 200, content((Ranking = "application/json"), (String = "text/csv"))),
        (status = "4XX", body = ErrorEnvelope),
    )
)]
pub(crate) async fn evses(State(hub): State<Arc<Hub>>, given: Given<Asked>) -> Result<Response, Problem> {
    let query = question::of(&hub, &given, &["evse"]).await?;
    ranking::reply(&hub, &given, &query).await
}

/// Parameters of `evses/{evse}`.
pub(crate) struct AskedOne;
impl Accepts for AskedOne {
    const PARAMS: &'static [Param] = &[AS_OF];
}

/// One charge point, its site, and the returns in which it appears
#[utoipa::path(
    get, path = "/evses/{evse}", tag = "Places",
    params(("evse" = String, Path, description = "operator:uid, such as gb-abc:CP17*1"), Given<AskedOne>),
    responses((status = 200, body = EvseDetail), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn evse(
    State(hub): State<Arc<Hub>>,
    Path(evse): Path<String>,
    given: Given<AskedOne>,
) -> Result<Json<EvseDetail>, Problem> {
    Ok(Json(hub.evse(&evse, given.as_of(&hub)?).await?.into()))
}
