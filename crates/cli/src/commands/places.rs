//! `kerbwatt places import`

use std::io::{self, Write as _};
use std::process::ExitCode;

use jiff::Timestamp;
use kerbwatt_hub::Hub;

use super::read;
use crate::arguments::PlacesArguments;
use crate::bars::Bars;
use crate::failure::Failure;
use crate::report::grouped;

pub(crate) async fn run(arguments: PlacesArguments) -> Result<ExitCode, Failure> {
    let (file_name, bytes) = read(&arguments.file)?;
    let hub = Hub::open_for_writing(&arguments.data, "kerbwatt places import").await?;
    let (code, name) = (&arguments.code, &arguments.name);
    let imported = hub.import_places(&file_name, &bytes, arguments.level, code, name, Timestamp::now()).await?;
    let bars = Bars::new();
    let published = hub.publish(&bars, Timestamp::now()).await?;
    bars.clear();
    let (count, plural) = (grouped(imported.areas as u64), imported.level.names().1);
    writeln!(io::stdout(), "{file_name}: {count} {plural}; data version {}.", published.data_version)?;
    Ok(ExitCode::SUCCESS)
}
