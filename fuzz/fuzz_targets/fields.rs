#![no_main]

#[path = "../../crates/intake/tests/it/entries.rs"]
#[expect(dead_code, reason = "each target calls one of them")]
mod entries;
#[path = "../quiet.rs"]
mod quiet;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    quiet::about_workbooks();
    entries::fields(bytes);
});
