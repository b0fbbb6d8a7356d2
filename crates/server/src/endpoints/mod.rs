//! Endpoints, one file each family: parameters in, a question to the hub, a shape out.

pub(crate) mod areas;
pub(crate) mod catalogue;
pub(crate) mod changes;
pub(crate) mod decide;
pub(crate) mod document;
pub(crate) mod evses;
pub(crate) mod fairness;
pub(crate) mod health;
pub(crate) mod layouts;
pub(crate) mod metrics;
pub(crate) mod nothing_to_report;
pub(crate) mod patterns;
pub(crate) mod query;
pub(crate) mod ranking;
pub(crate) mod search;
pub(crate) mod series;
pub(crate) mod sharing;
pub(crate) mod sites;
pub(crate) mod submissions;
pub(crate) mod submit;
pub(crate) mod tracker;
pub(crate) mod versions;
