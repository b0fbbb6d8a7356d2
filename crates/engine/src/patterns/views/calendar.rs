//! Value by day.

use jiff::civil::Date;
use kerbwatt_model::{Query, Viewer};
use serde::Serialize;

use super::days::{Day, DayState, days};
use super::measure::Measure;
use super::source::Source;
use super::table::{PatternTable, pattern, text, trust};
use crate::{Coverage, Engine, EngineError, Provenance, Snapshot, Value};

/// A metric day by day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calendar {
    /// Id of the metric.
    pub metric: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Every day of the period.
    pub days: Vec<CalendarDay>,
    /// Coverage of the whole period.
    pub coverage: Coverage,
    /// Where it comes from.
    pub provenance: Provenance,
}
pattern!(Calendar, "calendar");

/// One day of a calendar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CalendarDay {
    /// The day.
    pub day: Date,
    /// 0 = Monday.
    pub weekday: i8,
    /// The figure; none where nothing was reported, or where there is nothing to divide by.
    pub value: Option<f64>,
    /// Whether the day was reported, missing or before anything was installed.
    pub state: DayState,
    /// Share of registered charge points reported on; none where none is registered.
    pub coverage: Option<f64>,
}

impl Calendar {
    pub(super) fn as_table(&self) -> PatternTable {
        let row = |day: &CalendarDay| {
            vec![
                text(day.day.to_string()),
                Value::Integer(day.weekday.into()),
                day.value.into(),
                text(day.state.id()),
                day.coverage.into(),
            ]
        };
        let columns = vec!["day", "weekday", self.metric, "state", "coverage"];
        PatternTable { columns, rows: self.days.iter().map(row).collect() }
    }
}

impl Engine {
    /// A metric day by day, of what passes the question's filters.
    ///
    /// # Errors
    /// As [`Engine::answer`].
    pub async fn calendar(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        measure: &Measure,
        viewer: Viewer,
    ) -> Result<Calendar, EngineError> {
        let source = Source { engine: self, snapshot, query, viewer };
        let (metric, unit) = (measure.metric.id, measure.metric.unit);
        let Some(period) = source.period() else {
            let answer = source.answer(&[measure.metric], &[], None).await?;
            let (coverage, provenance) = trust(answer, &[measure.metric]);
            return Ok(Calendar { metric, unit, days: Vec::new(), coverage, provenance });
        };
        let (days, answer) = days(&source, measure, &period).await?;
        let day = |day: Day| CalendarDay {
            day: day.day,
            weekday: day.day.weekday().to_monday_zero_offset(),
            value: day.value,
            state: day.state,
            coverage: day.coverage,
        };
        let days = days.into_iter().map(day).collect();
        let (coverage, provenance) = trust(answer, &[measure.metric]);
        Ok(Calendar { metric, unit, days, coverage, provenance })
    }
}
