//! `kerbwatt rejected`.

use std::path::PathBuf;

use clap::Args;
use kerbwatt_hub::{Hub, rejected_csv};
use kerbwatt_server::csv_cell_among;

use super::Done;
use crate::arguments;
use crate::failure::Failure;
use crate::output::Output;

/// Rows of a return that were kept apart, in its own columns, to mend and send again
#[derive(Debug, Args)]
pub(crate) struct Rejected {
    /// Number of the submission
    #[arg(value_parser = arguments::submission)]
    submission: i64,
    /// Data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

impl Rejected {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let hub = Hub::open_for_reading(&self.data).await?;
        let (rows, reasons) = hub.rejected(self.submission)?;
        if reasons.is_empty() {
            let what = format!("no row of submission {} was kept apart", self.submission);
            return Err(Failure::new(what, "There is nothing to mend."));
        }
        output.text(&rejected_csv(&rows, &reasons, csv_cell_among));
        Ok(Done::Well)
    }
}
