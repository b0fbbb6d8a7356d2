//! Integration tests of sample.
#![expect(clippy::unwrap_used, reason = "tests")]

mod counts;
mod files;
mod registers;
mod square;
mod waiting;
