//! What the store promises to those above it, on real files, with processes that are killed.
#![expect(clippy::unwrap_used, reason = "a failing test")]

mod decisions;
mod folder;
mod lake;
mod lake_damage;
mod ledger;
mod ledger_evses;
mod ledger_opening;
mod limits;
mod other_process;
mod publication;
mod register;
mod sessions;
mod vault;
