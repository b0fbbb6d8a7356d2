//! Repository checks, run as `cargo run -q -p xtask -- <command>`.
//!
//! `tidy` checks the rules of CONTRIBUTING.md that no compiler knows; `licences` checks what the product is
//! made of. Each rule is one file with tests that show that it catches a violation.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test may stop at the first surprise"))]

mod finding;
mod licences;
mod tidy;
mod workspace;

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;

use workspace::Workspace;

const USAGE: &str = "usage: cargo run -q -p xtask -- <command>

commands:
  tidy       sizes, crate graph, machine paths, attributes, names, test binaries
  licences   every dependency, Rust and npm, carries a permissive licence
";

fn main() -> ExitCode {
    let command = std::env::args().nth(1).unwrap_or_default();
    let outcome = match command.as_str() {
        "tidy" => Workspace::open().and_then(|workspace| tidy::check(&workspace)),
        "licences" => Workspace::open().and_then(|workspace| licences::check(&workspace)),
        _ => return say(USAGE, 2),
    };
    match outcome {
        Ok(report) => say(&report.to_string(), u8::from(report.has_failures())),
        Err(error) => say(&format!("xtask {command}: {error:#}\n"), 1),
    }
}

/// Prints `text` and returns `code`. A closed pipe (`xtask tidy | head`) is no failure of the check itself.
fn say(text: &str, code: u8) -> ExitCode {
    let written: Result<(), io::Error> = io::stdout().lock().write_all(text.as_bytes());
    drop(written);
    ExitCode::from(code)
}
