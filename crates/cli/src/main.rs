//! The `kerbwatt` command: arguments in, exit code and words out. All work is done by `hub`, `server` and `sample`.

mod arguments;
mod as_of;
mod commands;
mod failure;
mod input;
mod number;
mod output;
mod progress;
mod report;
mod table;
mod targets;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::Arguments;
use crate::commands::Done;
use crate::failure::Failure;
use crate::output::Output;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    start_log();
    match run(arguments) {
        Ok(Done::Well) => ExitCode::SUCCESS,
        Ok(Done::Partly) => ExitCode::FAILURE,
        Err(failure) => {
            failure.tell();
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<Done, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| {
        Failure::new(format!("the program cannot start: {error}"), "See that the system has threads and memory left.")
    })?;
    let mut output = Output::stdout();
    let done = runtime.block_on(arguments.command.run(&mut output));
    // What was printed before a failure is worth having.
    let printed = output.finish();
    let done = done?;
    printed?;
    Ok(done)
}

/// Logs go to stderr; `KERBWATT_LOG` sets how much: error (unless set), warn, info, debug or trace.
fn start_log() {
    let asked = std::env::var("KERBWATT_LOG").ok().and_then(|level| level.parse().ok());
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(false)
        .with_max_level(asked.unwrap_or(tracing::level_filters::LevelFilter::ERROR))
        .init();
}
