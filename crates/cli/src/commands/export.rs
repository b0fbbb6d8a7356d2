//! `kerbwatt export sessions`.

use std::collections::HashMap;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use jiff::Timestamp;
use kerbwatt_hub::{Hub, SessionRow};
use kerbwatt_model::{Flag, Period, Query, Viewer, Zone};
use kerbwatt_server::csv_cell as cell;

use super::Done;
use crate::arguments;
use crate::failure::Failure;
use crate::output::Output;

const HEADER: &str = "operator,session_id,evse,connector,plug_in_utc,plug_out_utc,plug_in_local,plug_out_local,energy_kwh,flags,submission,row";

/// Rows as they are kept
#[derive(Debug, Subcommand)]
pub(crate) enum Export {
    /// Accepted sessions, one a row, with the file and row each comes from
    Sessions(Sessions),
}

#[derive(Debug, Args)]
pub(crate) struct Sessions {
    /// Data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Only where, such as operator=gb-dcc; each further one must hold too
    #[arg(long = "where", value_name = "DIM=VALUE[,VALUE]", num_args = 1.., value_parser = arguments::filter)]
    filters: Vec<(String, Vec<String>)>,
    /// Days, months or years of plug-in, both ends included; all there is unless given
    #[arg(long, value_parser = arguments::asked_period)]
    period: Option<Period>,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    /// For spreadsheets and databases
    Csv,
}

impl Export {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let Self::Sessions(sessions) = self;
        let Format::Csv = sessions.format;
        let query = Query::of(&["sessions"], &[], &sessions.filters, sessions.period)?;
        let hub = Hub::open_for_reading(&sessions.data).await?;
        let mut clocks = Clocks::default();
        output.line(HEADER);
        hub.each_session(&query, Viewer::LocalOwner, &mut |row| output.line(&line(&row, &mut clocks))).await?;
        Ok(Done::Well)
    }
}

fn line(row: &SessionRow, clocks: &mut Clocks) -> String {
    let stay = &row.stay;
    let clock = clocks.of(&row.zone);
    [
        cell(&row.operator),
        cell(&row.session_id),
        cell(&row.evse),
        cell(row.connector.as_deref().unwrap_or_default()),
        stay.plug_in.to_string(),
        stay.plug_out.to_string(),
        local(stay.plug_in, clock),
        local(stay.plug_out, clock),
        stay.energy_kwh.to_string(),
        Flag::names(row.flags),
        row.submission.to_string(),
        row.row.to_string(),
    ]
    .join(",")
}

/// Zones by name: a file has few, and finding one is slow.
#[derive(Default)]
struct Clocks(HashMap<String, Zone>);

impl Clocks {
    fn of(&mut self, name: &str) -> &Zone {
        self.0.entry(name.to_owned()).or_insert_with(|| Zone::named(name).unwrap_or_else(|_| Zone::london()))
    }
}

/// The clock on the wall with its distance from UTC, RFC 3339.
fn local(instant: Timestamp, zone: &Zone) -> String {
    let minutes = zone.offset_s(instant.as_second()) / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{}{sign}{:02}:{:02}", zone.civil(instant), minutes.abs() / 60, minutes.abs() % 60)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn local_times_carry_their_distance_from_utc() {
        let (summer, winter): (Timestamp, Timestamp) =
            ("2018-06-06T08:15:00Z".parse().unwrap(), "2018-12-06T08:15:30Z".parse().unwrap());
        assert_eq!(local(summer, &Zone::london()), "2018-06-06T09:15:00+01:00");
        assert_eq!(local(winter, &Zone::named("America/Denver").unwrap()), "2018-12-06T01:15:30-07:00");
    }

    #[test]
    fn a_cell_is_quoted_where_needed_and_never_a_formula() {
        assert_eq!(cell("50914-1"), "50914-1");
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(cell("=1+1"), "'=1+1");
    }
}
