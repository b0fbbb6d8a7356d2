//! The way in by name.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kerbwatt_hub::{Found, Hub};
use serde::Serialize;
use utoipa::ToSchema;

use crate::params::{AS_OF, Accepts, Given, LIMIT, Param, SEARCH};
use crate::problem::{ErrorEnvelope, Problem};

/// Results where no limit is given: what fits below a field.
const LIMIT_BY_DEFAULT: u32 = 12;

/// What fits a text, best first.
#[derive(Serialize, ToSchema)]
pub(crate) struct SearchResults {
    /// Results, best first.
    results: Vec<SearchResult>,
}

/// Something that fits a text.
#[derive(Serialize, ToSchema)]
pub(crate) struct SearchResult {
    /// What it is.
    #[schema(value_type = ResultKind)]
    kind: &'static str,
    /// Code or id.
    id: String,
    /// Name.
    name: String,
    /// Where it is, or whose.
    detail: Option<String>,
}

/// What a result is.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "shape to document: the hub has these kinds and their ids")]
enum ResultKind {
    Borough,
    Ward,
    Cell,
    Site,
    Evse,
    Operator,
}

impl From<Found> for SearchResult {
    fn from(found: Found) -> Self {
        Self { kind: found.kind.id(), id: found.id, name: found.name, detail: found.detail }
    }
}

/// Parameters of `search`.
pub(crate) struct Asked;
impl Accepts for Asked {
    const PARAMS: &'static [Param] = &[SEARCH, LIMIT, AS_OF];
}

/// Places, sites, charge points and operators by name, address, postcode or id; 12 where no limit is given
#[utoipa::path(
    get, path = "/search", tag = "Places", params(Given<Asked>),
    responses((status = 200, body = SearchResults), (status = "4XX", body = ErrorEnvelope))
)]
pub(crate) async fn search(State(hub): State<Arc<Hub>>, given: Given<Asked>) -> Result<Json<SearchResults>, Problem> {
    let limit = given.number(&LIMIT).unwrap_or(LIMIT_BY_DEFAULT) as usize;
    let found = hub.search(given.one(SEARCH.name).unwrap_or_default(), limit, given.as_of(&hub)?).await?;
    Ok(Json(SearchResults { results: found.into_iter().map(SearchResult::from).collect() }))
}
