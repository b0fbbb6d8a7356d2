//! What is made from the catalogue.

#![expect(clippy::unwrap_used, reason = "tests")]

mod methods_page;
