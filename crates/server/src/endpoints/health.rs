//! Whether the server is there.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use kerbwatt_hub::Hub;
use serde::Serialize;
use utoipa::ToSchema;

use crate::VERSION;
use crate::params::{Given, Nothing};
use crate::problem::{ErrorEnvelope, Problem};

/// That the server is there and can read its data folder.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`.
    status: &'static str,
    /// Version of the program.
    version: &'static str,
    /// Data version; 0 before any data.
    data_version: i64,
}

/// Whether the server is there
#[utoipa::path(get, path = "/health", tag = "About", responses((status = 200, body = Health), (status = "5XX", body = ErrorEnvelope)))]
pub(crate) async fn health(State(hub): State<Arc<Hub>>, _: Given<Nothing>) -> Result<Json<Health>, Problem> {
    Ok(Json(Health { status: "ok", version: VERSION, data_version: hub.data_version().await? }))
}
