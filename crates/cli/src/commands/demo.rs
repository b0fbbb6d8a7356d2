//! `kerbwatt demo`.

use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};
use kerbwatt_hub::{Hub, NewReturn, Progress as _, london_boroughs, london_contains};
use kerbwatt_model::{OperatorId, Period, Zone};
use kerbwatt_sample::{Borough, Flaw, Sample, Size};

use super::serve::{announce_and_serve, listen};
use super::{Done, now, open_for_writing, some};
use crate::failure::Failure;
use crate::output::Output;
use crate::progress::Bars;

/// The same sample for everybody.
const SEED: u64 = 8060;
const NAME: &str = "London";
const REGISTER: &str = "kerbwatt-register";

/// Make a sample London of invented data, then serve it
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Port on this machine; 0 takes a free one
    #[arg(long, default_value_t = 8060)]
    port: u16,
    /// Data folder; made where it is missing
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
    /// How much: small, london or national
    #[arg(long, default_value = "small", value_parser = size)]
    size: Size,
}

fn size(text: &str) -> Result<Size, String> {
    text.parse().map_err(|_| "choose from small, london, national".to_owned())
}

impl Demo {
    pub(crate) async fn run(self, output: &mut Output) -> Result<Done, Failure> {
        // A port in use is told now, not after minutes of work.
        drop(listen(self.port)?);
        self.make_if_missing().await?;
        let hub = Hub::open_for_reading(&self.data).await?;
        announce_and_serve(hub, listen(self.port)?, output).await
    }

    async fn make_if_missing(&self) -> Result<(), Failure> {
        let hub = open_for_writing(&self.data, "kerbwatt demo").await?;
        let settings = hub.settings();
        let data = self.data.display();
        let (size, last_day) = match unfinished(&settings.hub_name) {
            _ if !settings.sample => (self.size, last_whole_quarter(Zone::london().day(now()))),
            None => {
                say(&format!(
                    "{data} holds a sample already: it is served as it is. For another, give another --data."
                ));
                return Ok(());
            }
            Some(begun) => {
                say(&format!("{data} holds a sample whose making was interrupted: going on with it ({}).", begun.0));
                begun
            }
        };
        hub.mark_as_sample(&unfinished_name(size, last_day))?;
        make(&hub, size, last_day).await?;
        Ok(hub.mark_as_sample(NAME)?)
    }
}

async fn make(hub: &Hub, size: Size, last_day: Date) -> Result<(), Failure> {
    let inside = london_contains()?;
    let boroughs: Vec<Borough> = london_boroughs()?
        .into_iter()
        .map(|outline| Borough { code: outline.code, name: outline.name, bbox: outline.bbox })
        .collect();
    let contains = |code: &str, latitude: f64, longitude: f64| inside.contains(code, latitude, longitude);
    say(&format!("[1/4] A sample London ({size}), invented: its charge points"));
    let sample = Sample::new(size, SEED, &boroughs, &contains, last_day);
    let bars = Bars::new();
    import_registers(hub, &sample, &bars).await?;
    submit_returns(hub, &sample, &bars).await?;
    submit_waiting(hub, &sample).await?;
    say("[4/4] Figures");
    hub.publish(&bars, now()).await?;
    Ok(())
}

async fn import_registers(hub: &Hub, sample: &Sample, bars: &Bars) -> Result<(), Failure> {
    let operators = sample.operators();
    say(&format!("[2/4] Registers of {}", some(operators.len(), "operator", "operators")));
    for (done, operator) in (0..).zip(operators) {
        bars.step("registers", done, operators.len() as u64);
        let id = OperatorId::parse(operator.id)?;
        let file = format!("{}-register.csv", operator.id);
        let register = sample.register_csv(operator.id);
        hub.import_register(&file, register.as_bytes(), &id, Some(REGISTER), now()).await?;
        hub.name_operator(&id, operator.name)?;
    }
    bars.clear();
    Ok(())
}

/// One file in memory at a time.
async fn submit_returns(hub: &Hub, sample: &Sample, bars: &Bars) -> Result<(), Failure> {
    let returns = sample.returns();
    say(&format!("[3/4] {}, through the same checks as real ones", some(returns.len(), "return", "returns")));
    for (done, which) in (0..).zip(&returns) {
        bars.step("returns", done, returns.len() as u64);
        let mut bytes = Vec::new();
        sample.write_return(which, &mut bytes);
        let operator = OperatorId::parse(&which.operator)?;
        let file = NewReturn {
            profile: Some(which.layout.to_owned()),
            period: Some(which.period),
            ..NewReturn::new(&which.file_name, bytes, operator)
        };
        hub.submit(&file, received(&which.operator, which.period)).await?;
    }
    bars.clear();
    Ok(())
}

/// Returns that came late or wrong. They are not accepted: what is to be decided about them is for whoever looks at the demo.
async fn submit_waiting(hub: &Hub, sample: &Sample) -> Result<(), Failure> {
    let (last_day, all) = (sample.period().last, sample.waiting());
    say(&format!("      and {} that came late or wrong: they wait under Data for somebody to decide", all.len()));
    for (late, waiting) in (0..).zip(all) {
        let mut bytes = Vec::new();
        sample.write_waiting(&waiting, &mut bytes);
        let which = waiting.which;
        let file = NewReturn {
            profile: (waiting.flaw != Flaw::UnknownLayout).then(|| which.layout.to_owned()),
            period: Some(which.period),
            accept: false,
            ..NewReturn::new(&which.file_name, bytes, OperatorId::parse(&which.operator)?)
        };
        hub.submit(&file, morning(last_day, 28 + late)).await?;
    }
    Ok(())
}

/// When an invented return came: some days after its period, as each operator is used to, and not in the future.
fn received(operator: &str, period: Period) -> Timestamp {
    morning(period.last, operator.bytes().map(i64::from).sum::<i64>() % 40 + 3)
}

/// The morning some days after a day, and not in the future.
fn morning(day: Date, days_after: i64) -> Timestamp {
    let on = day.checked_add(Span::new().days(days_after)).unwrap_or(day);
    let morning = Offset::UTC.to_timestamp(on.at(9, 30, 0, 0));
    morning.map_or_else(|_| now(), |at| at.min(now()))
}

/// While the sample is being made the hub's name says so, and how to go on after an interruption.
fn unfinished_name(size: Size, last_day: Date) -> String {
    format!("{NAME} (unfinished: {size} to {last_day})")
}

fn unfinished(hub_name: &str) -> Option<(Size, Date)> {
    let begun = hub_name.strip_prefix(NAME)?.strip_prefix(" (unfinished: ")?.strip_suffix(')')?;
    let (size, last_day) = begun.split_once(" to ")?;
    Some((size.parse().ok()?, last_day.parse().ok()?))
}

/// Last day of the last quarter that is over.
fn last_whole_quarter(today: Date) -> Date {
    let month = (today.month() - 1) / 3 * 3 + 1;
    Date::new(today.year(), month, 1).and_then(Date::yesterday).unwrap_or(today)
}

fn say(line: &str) {
    // Where stderr is closed there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_sample_ends_with_the_last_quarter_that_is_over() {
        assert_eq!(last_whole_quarter(date(2026, 11, 24)), date(2026, 9, 30));
        assert_eq!(last_whole_quarter(date(2026, 3, 31)), date(2025, 12, 31));
        assert_eq!(last_whole_quarter(date(2026, 4, 1)), date(2026, 3, 31));
    }

    #[test]
    fn an_interrupted_making_is_known_by_the_hubs_name() {
        let name = unfinished_name(Size::London, date(2026, 9, 30));
        assert!(unfinished(&name).is_some_and(|(size, day)| size.to_string() == "london" && day == date(2026, 9, 30)));
        assert!(unfinished(NAME).is_none());
    }
}
