//! The description of the API itself.

use axum::http::header;
use axum::response::IntoResponse;

use crate::params::{Given, Nothing};

/// This document
#[utoipa::path(
    get, path = "/openapi.json", tag = "About",
    responses((status = 200, description = "OpenAPI 3.1", body = Object))
)]
pub(crate) async fn openapi(_: Given<Nothing>) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], crate::openapi_json())
}
