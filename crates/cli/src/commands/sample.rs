//! Making the sample London: its operators' files go in like anybody's.

use std::io::{self, Write as _};
use std::path::Path;

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use kerbwatt_hub::{BoroughOutline, Hub, NewReturn, Progress as _, london_boroughs, london_contains};
use kerbwatt_model::{OperatorId, Zone};
use kerbwatt_sample::{Borough, Sample, SampleOperator, SampleReturn, Size};

use crate::bars::Bars;
use crate::failure::Failure;
use crate::report::grouped;

/// Any number does; this one never changes, so that everybody sees the same London.
const SEED: u64 = 2_020;

/// Makes the sample in a folder, or continues where it was interrupted, or finds it there.
pub(crate) async fn make(data: &Path, size: Size) -> Result<(), Failure> {
    let hub = Hub::open_for_writing(data, "kerbwatt demo").await?;
    hub.mark_as_sample("London")?;
    let last_day = match hub.catalogue().await?.last_day {
        // What was begun is continued with the days it was begun with.
        Some(day) => day,
        None => last_quarter_day(Zone::london().day(Timestamp::now())),
    };
    let sample = sample(size, last_day)?;
    let returns = sample.returns();
    let known = hub.submissions().await?.len();
    if known == returns.len() && hub.data_version().await? > 0 {
        writeln!(io::stdout(), "The sample London is here already.")?;
        return Ok(());
    }
    let bars = Bars::new();
    say("charge points: one register an operator")?;
    for operator in sample.operators() {
        import(&hub, &sample, operator).await?;
    }
    say(&format!("returns: {} files of {} operators, each in its own layout", returns.len(), sample.operators().len()))?;
    let mut rows = 0;
    for (done, which) in (0..).zip(&returns) {
        bars.step("returns", done, returns.len() as u64);
        rows += submit(&hub, &sample, which).await?;
    }
    bars.clear();
    say(&format!("figures of {} sessions", grouped(rows)))?;
    hub.publish(&bars, Timestamp::now()).await?;
    bars.clear();
    Ok(())
}

fn say(step: &str) -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "      {step}")?;
    out.flush()
}

fn sample(size: Size, last_day: Date) -> Result<Sample, Failure> {
    let of = |outline: BoroughOutline| Borough { code: outline.code, name: outline.name, bbox: outline.bbox };
    let boroughs: Vec<Borough> = london_boroughs()?.into_iter().map(of).collect();
    let inside = london_contains()?;
    let contains = |code: &str, latitude: f64, longitude: f64| inside.contains(code, latitude, longitude);
    Ok(Sample::new(size, SEED, &boroughs, &contains, last_day))
}

async fn import(hub: &Hub, sample: &Sample, operator: &SampleOperator) -> Result<(), Failure> {
    let id = parsed(&operator.id)?;
    let register = sample.register_csv(&operator.id);
    hub.import_register(&format!("{id}-register.csv"), register.as_bytes(), &id, None, Timestamp::now()).await?;
    Ok(hub.name_operator(&id, &operator.name)?)
}

async fn submit(hub: &Hub, sample: &Sample, which: &SampleReturn) -> Result<u64, Failure> {
    let mut bytes = Vec::new();
    sample.write_return(which, &mut bytes);
    let file = NewReturn {
        file_name: which.file_name.clone(),
        bytes,
        operator: parsed(&which.operator)?,
        profile: None,
        period: Some(which.period),
        accept: true,
    };
    Ok(hub.submit(&file, Timestamp::now()).await?.report.totals.accepted)
}

fn parsed(id: &str) -> Result<OperatorId, Failure> {
    OperatorId::parse(id).map_err(|error| Failure::of("a defect of the sample", &error, "Please report it."))
}

/// The last day of the last quarter that is over.
fn last_quarter_day(today: Date) -> Date {
    let month = (today.month() - 1) / 3 * 3 + 1;
    let first = Date::new(today.year(), month, 1).unwrap_or(today);
    first.checked_sub(1.day()).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn the_sample_ends_with_the_last_whole_quarter() {
        assert_eq!(last_quarter_day(date(2026, 11, 24)), date(2026, 9, 30));
        assert_eq!(last_quarter_day(date(2026, 1, 1)), date(2025, 12, 31));
        assert_eq!(last_quarter_day(date(2026, 3, 31)), date(2025, 12, 31));
    }
}
