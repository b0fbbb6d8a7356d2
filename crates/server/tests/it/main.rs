//! Tests of the server as its clients see it: over a small data folder, made anew for each run.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests, which say what they skip")]

mod actions;
mod archives;
mod areas;
mod as_of;
mod caching;
mod catalogue;
mod client;
mod contract;
mod csv;
mod deciding;
mod errors;
mod evses;
mod export;
mod folder;
mod layouts;
mod ledgers;
mod metrics;
mod openapi;
mod page;
mod patterns;
mod query;
mod ranking;
mod search;
mod series;
mod serving;
mod sites;
mod submissions;
mod submitting;
mod tracking;
mod writing;
