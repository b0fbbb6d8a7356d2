//! The door against a brute-force oracle, through every route.

#![expect(clippy::unwrap_used, reason = "tests")]

mod comparisons;
mod door;
mod every;
mod ledgers;
mod oracle;
mod patterns;
mod routes;
mod trends;
mod world;
