//! `kerbwatt rebuild`.

use std::path::PathBuf;

use clap::Args;

use super::{Done, now, open_for_writing};
use crate::failure::Failure;
use crate::number::count;
use crate::output::Output;
use crate::progress::Bars;

/// Make everything derived anew from the files as they came
#[derive(Debug, Args)]
pub(crate) struct Rebuild {
    /// Data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
}

impl Rebuild {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        super::must_exist(&self.data).await?;
        let bars = Bars::new();
        let hub = open_for_writing(&self.data, "kerbwatt rebuild").await?;
        let published = hub.rebuild(&bars, now()).await?;
        bars.clear();
        output.line(&format!(
            "Made anew from vault and ledger: {} operator-months. Figures now show data version {}.",
            count(published.months as u64),
            published.data_version
        ));
        Ok(Done::Well)
    }
}
