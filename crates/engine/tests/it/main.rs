//! The door against a brute-force oracle, through every route.

#![expect(clippy::unwrap_used, reason = "tests")]

mod door;
mod oracle;
mod patterns;
mod routes;
mod world;
