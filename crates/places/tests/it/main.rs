//! Integration tests of places.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod assigning;
mod cells;
mod drawing;
mod entry;
mod fuzzed;
mod reading;
mod real_files;
