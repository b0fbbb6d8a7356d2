//! `kerbwatt rebuild`

use std::io::{self, Write as _};
use std::process::ExitCode;

use jiff::Timestamp;
use kerbwatt_hub::Hub;

use crate::arguments::FolderArguments;
use crate::bars::Bars;
use crate::failure::Failure;

pub(crate) async fn run(arguments: FolderArguments) -> Result<ExitCode, Failure> {
    // A folder that does not exist is a slip, not a wish for an empty one.
    drop(Hub::open_for_reading(&arguments.data).await?);
    let hub = Hub::open_for_writing(&arguments.data, "kerbwatt rebuild").await?;
    let bars = Bars::new();
    let published = hub.rebuild(&bars, Timestamp::now()).await?;
    bars.clear();
    writeln!(io::stdout(), "The lake is made anew: data version {}, {} operator-months.", published.data_version, published.months)?;
    Ok(ExitCode::SUCCESS)
}
