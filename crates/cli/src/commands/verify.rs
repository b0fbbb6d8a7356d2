//! `kerbwatt verify`

use std::io::{self, Write as _};
use std::process::ExitCode;

use kerbwatt_hub::Hub;

use crate::arguments::FolderArguments;
use crate::bars::Bars;
use crate::failure::Failure;
use crate::report::grouped;

pub(crate) async fn run(arguments: FolderArguments) -> Result<ExitCode, Failure> {
    let hub = Hub::open_for_reading(&arguments.data).await?;
    let bars = Bars::new();
    let verified = hub.verify(&bars).await?;
    bars.clear();
    let mut out = io::stdout().lock();
    for checked in &verified.checked {
        writeln!(out, "checked {:>11} {}", grouped(checked.count), checked.what)?;
    }
    if verified.problems.is_empty() {
        writeln!(out, "Everything is as it must be.")?;
        return Ok(ExitCode::SUCCESS);
    }
    for problem in &verified.problems {
        writeln!(out, "problem: {}\n  what to do: {}", problem.what, problem.advice)?;
    }
    writeln!(out, "{} found.", if verified.problems.len() == 1 { "1 problem".to_owned() } else { format!("{} problems", verified.problems.len()) })?;
    Ok(ExitCode::FAILURE)
}
