//! `kerbwatt tracker`.

use std::path::PathBuf;

use clap::Args;
use kerbwatt_hub::{Hub, MonthState, TrackedMonth, UnregisteredEvse};
use kerbwatt_model::{Period, Zone};
use serde_json::json;

use super::{Done, now, some};
use crate::arguments;
use crate::failure::Failure;
use crate::number::count;
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
        let unregistered = hub.unregistered().await?;
        let of = |operator: &str| unregistered.get(operator).map_or(&[][..], Vec::as_slice);
        let name = |month: &jiff::civil::Date| month.strftime("%Y-%m").to_string();
        if self.json {
            let operators = tracker.operators.iter().map(|operator| {
                let months = operator.months.iter().map(|month| {
                    json!({
                        "month": name(&month.month), "state": month.state.id(), "submissions": month.submissions,
                        "superseded": month.superseded,
                        "sessions": month.sessions,
                    })
                });
                let unregistered = of(&operator.id).iter().map(|evse| {
                    json!({
                        "evse": evse.uid, "device": evse.device, "sessions": evse.sessions, "first_seen": evse.first,
                        "last_seen": evse.last,
                    })
                });
                json!({
                    "id": operator.id, "name": operator.name, "months": months.collect::<Vec<_>>(),
                    "unregistered_evses": unregistered.collect::<Vec<_>>(),
                })
            });
            let months: Vec<String> = tracker.months.iter().map(name).collect();
            let object = json!({ "months": months, "operators": operators.collect::<Vec<_>>() });
            output.line(&object.to_string());
            return Ok(Done::Well);
        }
        for operator in &tracker.operators {
            output.line(&format!("{} ({})", operator.name, operator.id));
            runs(&operator.months).iter().for_each(|run| output.line(run));
            if let Some(line) = not_registered(of(&operator.id)) {
                output.line(&line);
            }
        }
        if tracker.operators.is_empty() {
            output.line("Nobody has handed anything in yet. To hand in: kerbwatt submit FILE --data DIR --operator ID");
        }
        Ok(Done::Well)
    }
}

/// Charge points that the register does not know, those with the most sessions by name; none where it knows all.
fn not_registered(evses: &[UnregisteredEvse]) -> Option<String> {
    const SHOWN: usize = 10;
    let shown = evses.iter().take(SHOWN).map(|evse| format!("{} ({} sessions)", evse.uid, count(evse.sessions)));
    let shown = shown.collect::<Vec<_>>().join(", ");
    let more = evses.len().checked_sub(SHOWN).filter(|more| *more > 0);
    let more = more.map_or_else(String::new, |more| format!(" and {} more, which --json lists", count(more as u64)));
    let points = some(evses.len(), "charge point", "charge points");
    (!evses.is_empty()).then(|| format!("  not in the register: {points}: {shown}{more}"))
}

/// Months that follow each other in the same state from the same returns, a line for each run.
fn runs(months: &[TrackedMonth]) -> Vec<String> {
    let name = |month: &TrackedMonth| month.month.strftime("%Y-%m").to_string();
    let is_same = |a: &TrackedMonth, b: &TrackedMonth| {
        (a.state, &a.submissions, &a.superseded) == (b.state, &b.submissions, &b.superseded)
    };
    let line = |run: &[TrackedMonth]| {
        let (first, last) = (run.first()?, run.last()?);
        let months = if run.len() == 1 { name(first) } else { format!("{}..{}", name(first), name(last)) };
        let named = |id: &i64| if first.superseded.contains(id) { format!("{id} superseded") } else { id.to_string() };
        let submissions: Vec<String> = first.submissions.iter().map(named).collect();
        let of =
            if submissions.is_empty() { String::new() } else { format!(" (submission {})", submissions.join(", ")) };
        (first.state != MonthState::None).then(|| format!("  {months:<17} {}{of}", first.state.id().replace('_', " ")))
    };
    months.chunk_by(is_same).filter_map(line).collect()
}
