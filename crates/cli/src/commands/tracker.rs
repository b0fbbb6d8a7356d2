//! `kerbwatt tracker`.

use std::path::PathBuf;

use clap::Args;
use kerbwatt_hub::{Hub, MonthState, TrackedMonth};
use kerbwatt_model::{Period, Zone};
use serde_json::json;

use super::{Done, now};
use crate::arguments;
use crate::failure::Failure;
use crate::output::Output;

/// What each operator has handed in for each month
#[derive(Debug, Args)]
pub(crate) struct Tracker {
    /// Data folder
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Months or years to show, both ends included; all there is unless given
    #[arg(long, value_parser = arguments::period)]
    period: Option<Period>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

impl Tracker {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        let hub = Hub::open_for_reading(&self.data).await?;
        let zone = Zone::named(&hub.settings().zone).unwrap_or_else(|_| Zone::london());
        let tracker = hub.tracker(self.period, zone.day(now())).await?;
        let name = |month: &jiff::civil::Date| month.strftime("%Y-%m").to_string();
        if self.json {
            let operators = tracker.operators.iter().map(|operator| {
                let months = operator.months.iter().map(|month| {
                    json!({
                        "month": name(&month.month), "state": month.state.id(), "submissions": month.submissions,
                        "sessions": month.sessions,
                    })
                });
                json!({ "id": operator.id, "name": operator.name, "months": months.collect::<Vec<_>>() })
            });
            let months: Vec<String> = tracker.months.iter().map(name).collect();
            let object = json!({ "months": months, "operators": operators.collect::<Vec<_>>() });
            output.line(&object.to_string());
            return Ok(Done::Well);
        }
        for operator in &tracker.operators {
            output.line(&format!("{} ({})", operator.name, operator.id));
            runs(&operator.months).iter().for_each(|run| output.line(run));
        }
        if tracker.operators.is_empty() {
            output.line("Nobody has handed anything in yet. To hand in: kerbwatt submit FILE --data DIR --operator ID");
        }
        Ok(Done::Well)
    }
}

/// Months that follow each other in the same state from the same returns, a line for each run.
fn runs(months: &[TrackedMonth]) -> Vec<String> {
    let name = |month: &TrackedMonth| month.month.strftime("%Y-%m").to_string();
    let is_same = |a: &TrackedMonth, b: &TrackedMonth| a.state == b.state && a.submissions == b.submissions;
    let line = |run: &[TrackedMonth]| {
        let (first, last) = (run.first()?, run.last()?);
        let months = if run.len() == 1 { name(first) } else { format!("{}..{}", name(first), name(last)) };
        let submissions: Vec<String> = first.submissions.iter().map(i64::to_string).collect();
        let of =
            if submissions.is_empty() { String::new() } else { format!(" (submission {})", submissions.join(", ")) };
        (first.state != MonthState::None).then(|| format!("  {months:<17} {}{of}", first.state.id().replace('_', " ")))
    };
    months.chunk_by(is_same).filter_map(line).collect()
}
