//! `kerbwatt verify`.

use std::path::PathBuf;

use clap::Args;
use kerbwatt_hub::Hub;

use super::{Done, some};
use crate::failure::Failure;
use crate::number::count;
use crate::output::Output;
use crate::progress::Bars;

/// Prove, on disk, that nothing was lost, doubled or changed
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

impl Verify {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let bars = Bars::new();
        let hub = Hub::open_for_reading(&self.data).await?;
        let verified = hub.verify(&bars).await?;
        bars.clear();
        for checked in &verified.checked {
            output.line(&format!("  {:>12}  {}", count(checked.count), checked.what));
        }
        verified.notes.iter().for_each(|note| output.line(&format!("Note: {note}.")));
        output.flush();
        for problem in &verified.problems {
            Failure::new(problem.what.clone(), problem.advice.clone()).tell();
        }
        if verified.problems.is_empty() {
            output.line("All is well: nothing was lost, doubled or changed.");
            return Ok(Done::Well);
        }
        output.line(&format!("{} found.", some(verified.problems.len(), "problem", "problems")));
        Ok(Done::Partly)
    }
}
