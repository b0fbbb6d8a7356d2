//! `kerbwatt places import`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use kerbwatt_model::AreaKind;

use super::{Done, now, open_for_writing};
use crate::failure::Failure;
use crate::number::count;
use crate::output::Output;
use crate::progress::Bars;
use crate::{arguments, input};

/// Boundaries of areas
#[derive(Debug, Subcommand)]
pub(crate) enum Places {
    /// Import the boundaries of one kind of area from GeoJSON; they replace those of that kind
    Import(Import),
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// GeoJSON in degrees (WGS 84)
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Data folder; made where it is missing
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Kind of area: borough, ward, msoa or lsoa
    #[arg(long, value_parser = arguments::level)]
    level: AreaKind,
    /// Property that holds the code, such as WD25CD
    #[arg(long, value_name = "FIELD")]
    code: String,
    /// Property that holds the name, such as WD25NM
    #[arg(long, value_name = "FIELD")]
    name: String,
}

impl Places {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let Self::Import(import) = self;
        import.run(output).await
    }
}

impl Import {
    async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let (file, bytes) = input::read(&self.file)?;
        let bars = Bars::new();
        // Boundaries are as real as they are for the demo: no harm in mixing.
        let hub = open_for_writing(&self.data, "kerbwatt places import").await?;
        let imported = hub.import_places(&file, &bytes, self.level, &self.code, &self.name, now()).await?;
        let published = hub.publish(&bars, now()).await?;
        bars.clear();
        output.line(&format!("{file}: {} areas of the kind {}", count(imported.areas as u64), imported.level.id()));
        let state = if published.changed { "Figures now use them" } else { "Figures are as before" };
        output.line(&format!("{state}: data version {}.", published.data_version));
        Ok(Done::Well)
    }
}
