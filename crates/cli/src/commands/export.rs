//! `kerbwatt export sessions`

use std::io::{self, Write};
use std::process::ExitCode;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use kerbwatt_hub::{Hub, SessionRow};
use kerbwatt_model::{Flag, Query, Viewer};

use crate::arguments::{ExportArguments, ExportFormat};
use crate::failure::Failure;

const HEADER: &str = "operator,session_id,evse,connector,plug_in_utc,plug_out_utc,plug_in_local,plug_out_local,energy_kwh,flags,submission,row";

pub(crate) async fn run(arguments: ExportArguments) -> Result<ExitCode, Failure> {
    let ExportFormat::Csv = arguments.format;
    let query = Query::of(&["sessions"], &[], &arguments.filters, arguments.period)?;
    let hub = Hub::open_for_reading(&arguments.data).await?;
    let mut out = io::BufWriter::new(io::stdout());
    writeln!(out, "{HEADER}")?;
    let mut trouble = Ok(());
    let mut take = |row: SessionRow| {
        if trouble.is_ok() {
            trouble = write_row(&mut out, &row);
        }
    };
    hub.each_session(&query, Viewer::LocalOwner, &mut take).await?;
    trouble?;
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn write_row(out: &mut dyn Write, row: &SessionRow) -> io::Result<()> {
    let zone = TimeZone::get(&row.zone).unwrap_or(TimeZone::UTC);
    let local = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    let stay = &row.stay;
    writeln!(
        out,
        "{},{},{},{},{},{},{},{},{},{},{},{}",
        text(&row.operator),
        text(&row.session_id),
        text(&row.evse),
        text(row.connector.as_deref().unwrap_or_default()),
        stay.plug_in,
        stay.plug_out,
        local(stay.plug_in),
        local(stay.plug_out),
        stay.energy_kwh,
        Flag::names(row.flags),
        row.submission,
        row.row
    )
}

/// A cell that no spreadsheet takes for a formula.
fn text(cell: &str) -> String {
    let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{guard}{}\"", cell.replace('"', "\"\""))
    } else {
        format!("{guard}{cell}")
    }
}
