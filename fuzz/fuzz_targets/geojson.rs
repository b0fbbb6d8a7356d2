#![no_main]

#[path = "../../crates/places/tests/it/entry.rs"]
mod entry;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| entry::geojson(bytes));
