//! What a file says of its figures, line by line.

use kerbwatt_hub::Answer;

/// Names and values, in the order in which they are read.
pub(super) fn lines(answer: &Answer) -> Vec<(String, String)> {
    let (provenance, coverage) = (&answer.provenance, &answer.coverage);
    let line = |name: &str, value: String| (name.to_owned(), value);
    let mut lines = Vec::new();
    if provenance.sample {
        lines.push(line("Data", "All of it is invented (sample)".to_owned()));
    }
    lines.push(line("Period", provenance.period.map_or_else(|| "no data".to_owned(), |period| period.to_string())));
    for filter in &provenance.filters {
        lines.push(line(&format!("Only where {}", filter.dimension.id()), filter.values.join(", ")));
    }
    lines.push(line("Data version", format!("{} of {}", provenance.data_version, provenance.as_of)));
    let share = coverage.share.map_or_else(|| "nothing registered".to_owned(), |share| share.to_string());
    lines.push(line("Coverage", share));
    lines.push(line("Charge-point days registered", coverage.registered_evse_days.to_string()));
    lines.push(line("Charge-point days reported", coverage.reported_evse_days.to_string()));
    lines.push(line("Operators registered", coverage.operators_registered.to_string()));
    lines.push(line("Operators reported", coverage.operators_reported.to_string()));
    lines.push(line("Operators reported without a register", coverage.operators_unregistered.to_string()));
    lines.push(line("Charge points not in the register", coverage.unregistered_evses.to_string()));
    lines.push(line("Charge points in no borough", coverage.evses_outside_areas.to_string()));
    lines.push(line("Returns behind the figures", provenance.returns.count.to_string()));
    for repair in &provenance.returns.repairs {
        let rows = repair.rows.map_or_else(|| "not noted".to_owned(), |rows| rows.to_string());
        let text = format!("{}: {} of them; rows changed: {rows}", repair.title, repair.returns);
        lines.push(line("Returns repaired", text));
    }
    lines.push(line("Figures held back", provenance.suppressed.to_string()));
    for metric in &provenance.metrics {
        let text = format!(
            "{} Formula: {}. Unit: {}. Source: {}.",
            metric.sentence, metric.formula, metric.unit, metric.source
        );
        lines.push(line(&format!("{} (version {})", metric.id, metric.version), text));
        lines.extend(metric.exclusions.iter().map(|exclusion| line("", (*exclusion).to_owned())));
    }
    lines
}
