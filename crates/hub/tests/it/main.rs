//! The hub on real folders: from a file to a figure, again and again, and after damage.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod areas;
mod as_of;
mod changes;
mod clocks;
mod covering;
mod damage;
mod declaring;
mod folder;
mod holding;
mod limits;
mod merging;
mod nothing;
mod publishing;
mod real_files;
mod receiving;
mod registering;
mod resends;
mod sharing;
mod tracking;
