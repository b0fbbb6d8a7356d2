//! HTTP and JSON: the API under `/api/v1` and the embedded web app.
//!
//! Everything is asked of a [`Hub`]; there is no SQL, no file and no computed figure here. The server holds no state between
//! requests; one that changes something opens the data folder for writing, does it, and closes it again. Each answer carries an entity tag made from data version and program version, so that an unchanged figure costs
//! one empty reply.

mod app;
mod body;
mod csv;
mod document;
mod endpoints;
mod envelope;
mod etag;
mod export;
mod figures;
mod guard;
mod page;
mod param;
mod params;
mod problem;
mod question;
mod returns;
mod routes;
mod schema;
mod security;
mod serve;

use std::sync::Arc;

use axum::Router;
use kerbwatt_hub::{Answer, Hub, PatternTable};
use utoipa::openapi::OpenApi;

pub use csv::{csv_cell, csv_cell_among};
pub use export::{ExportError, Form};
pub use question::askable;
pub use serve::serve;

/// Program version, as in `/api/v1/health` and in every entity tag.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The API and the web app of a hub.
pub fn router(hub: Arc<Hub>) -> Router {
    routes::app(hub)
}

/// The description of the API, OpenAPI 3.1.
#[must_use]
pub fn openapi() -> OpenApi {
    document::complete(routes::api().into_openapi())
}

/// The description of the API as JSON, as it is served and as it lies in `web/openapi.json`.
#[must_use]
pub fn openapi_json() -> String {
    // A document of strings and lists always has a JSON form.
    openapi().to_pretty_json().map(|json| json + "\n").unwrap_or_default()
}

/// An answer as CSV, as the API gives it with `format=csv`.
#[must_use]
pub fn csv_of(answer: &Answer) -> String {
    csv::Csv::of(answer).into_text()
}

/// A pattern's table as CSV, as the API gives it with `format=csv`.
#[must_use]
pub fn csv_of_table(table: &PatternTable) -> String {
    csv::Csv::of_table(table).into_text()
}
