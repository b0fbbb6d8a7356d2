//! All addresses.

use std::sync::Arc;

use axum::{Router, middleware};
use kerbwatt_hub::Hub;
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::endpoints::{
    areas, catalogue, changes, decide, document, evses, health, layouts, metrics, nothing_to_report, patterns, query,
    ranking, search, series, sharing, sites, submissions, submit, tracker, versions,
};
use crate::{envelope, etag, guard, page, security};

/// Where the API begins.
const API: &str = "/api/v1";

/// A middle way between time and size: answers are made anew for each data version.
const EFFORT: CompressionLevel = CompressionLevel::Precise(4);

/// The endpoints with their description.
pub(crate) fn api() -> OpenApiRouter<App> {
    OpenApiRouter::new().nest(API, data(None).merge(changing(None)).merge(actions()))
}

/// What depends on the data version alone.
fn data(hub: Option<&Arc<Hub>>) -> OpenApiRouter<App> {
    let router = OpenApiRouter::new()
        .routes(routes!(metrics::metrics))
        .routes(routes!(series::series))
        .routes(routes!(ranking::ranking))
        .routes(routes!(query::query))
        .routes(routes!(areas::outlines))
        .routes(routes!(areas::area))
        .routes(routes!(sites::sites))
        .routes(routes!(sites::site))
        .routes(routes!(evses::evses))
        .routes(routes!(evses::evse))
        .routes(routes!(search::search))
        .routes(routes!(patterns::typical_day))
        .routes(routes!(patterns::calendar))
        .routes(routes!(patterns::trend))
        .routes(routes!(patterns::archetypes))
        .routes(routes!(patterns::concentration))
        .routes(routes!(patterns::unused))
        .routes(routes!(patterns::findings));
    match hub {
        Some(hub) => router.route_layer(middleware::from_fn_with_state(Arc::clone(hub), etag::by_version)),
        None => router,
    }
}

/// What changes without a new data version.
fn changing(hub: Option<&Arc<Hub>>) -> OpenApiRouter<App> {
    let router = OpenApiRouter::new()
        .routes(routes!(health::health))
        .routes(routes!(catalogue::catalogue))
        .routes(routes!(submissions::submissions))
        .routes(routes!(submissions::submission))
        .routes(routes!(submissions::quarantine))
        .routes(routes!(submissions::rejected))
        .routes(routes!(tracker::tracker))
        .routes(routes!(versions::versions))
        .routes(routes!(changes::changes))
        .routes(routes!(sharing::sharing))
        .routes(routes!(layouts::profiles))
        .routes(routes!(layouts::fields))
        .routes(routes!(layouts::checks))
        .routes(routes!(layouts::proposal))
        .routes(routes!(document::openapi));
    if hub.is_some() { router.route_layer(middleware::from_fn(etag::by_content)) } else { router }
}

/// What changes something, or takes more than an address holds.
fn actions() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(submit::submit))
        .routes(routes!(submit::check))
        .routes(routes!(decide::preview))
        .routes(routes!(decide::decide))
        .routes(routes!(decide::undo))
        .routes(routes!(versions::undo_register))
        .routes(routes!(nothing_to_report::nothing_to_report))
        .route_layer(middleware::from_fn(guard::meant))
}

/// Everything: the API, the web app, and what each reply passes on its way out.
pub(crate) fn app(hub: Arc<Hub>) -> Router {
    let endpoints = data(Some(&hub)).merge(changing(Some(&hub))).merge(actions());
    let (router, _) = OpenApiRouter::new().nest(API, endpoints).split_for_parts();
    router
        .fallback(page::fallback)
        .with_state(App::new(hub))
        .layer(middleware::from_fn(envelope::wrap))
        .layer(CompressionLayer::new().quality(EFFORT))
        .layer(middleware::from_fn(security::headers))
}
