//! The `kerbwatt` command.

mod arguments;
mod bars;
mod commands;
mod failure;
mod report;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Command, PlacesCommand, RegisterCommand, ExportCommand};
use failure::Failure;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_max_level(tracing::Level::WARN).init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure::report(&Failure::of("the program cannot start", &error, "Free some memory, then try again.")),
    };
    match runtime.block_on(run(arguments.command)) {
        Ok(code) => code,
        Err(failure) => failure::report(&failure),
    }
}

async fn run(command: Command) -> Result<ExitCode, Failure> {
    match command {
        Command::Demo(arguments) => commands::demo::run(arguments).await,
        Command::Serve(arguments) => commands::serve::run(arguments).await,
        Command::Submit(arguments) => commands::submit::run(arguments).await,
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Register(RegisterCommand::Import(arguments)) => commands::register::run(arguments).await,
        Command::Places(PlacesCommand::Import(arguments)) => commands::places::run(arguments).await,
        Command::Query(arguments) => commands::query::run(arguments).await,
        Command::Export(ExportCommand::Sessions(arguments)) => commands::export::run(arguments).await,
        Command::Rebuild(arguments) => commands::rebuild::run(arguments).await,
        Command::Verify(arguments) => commands::verify::run(arguments).await,
    }
}
