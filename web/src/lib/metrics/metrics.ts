/** What the screens need to know about metrics beyond the catalogue's own words. */
import type { Catalogue, Metric } from '../api/types';
import { axis } from '../format/number';

/** The figures of the KPI row, in order; the findings are made from the same. */
export const KPI_METRICS = ['sessions', 'energy_kwh', 'utilisation_time', 'evses', 'evses_unused'];

/** For a single charge point, where counts of charge points say nothing. */
const POINT_METRICS = ['sessions', 'energy_kwh', 'utilisation_time', 'energy_per_session', 'duration_per_session'];

/** What the KPI row shows for a kind of place. */
export function kpiMetrics(kind: string): string[] {
  return kind === 'evse' ? POINT_METRICS : KPI_METRICS;
}

/** Medians of several hours do not join into one, so the hours are told by the mean. */
const MEDIANS: Record<string, string> = {
  energy_per_session_median: 'energy_per_session',
  duration_per_session_median: 'duration_per_session',
  power_per_session_median: 'power_per_session',
};

/** By the hour an amount is told as what one charge point does: neither lost returns nor new charge points change that. */
const RATES: Record<string, string> = {
  sessions: 'sessions_per_evse_day',
  energy_kwh: 'kwh_per_evse_day',
  plugged_hours: 'utilisation_time',
  charging_hours: 'utilisation_charging',
};

/** Amounts without a rate of their own, and what comes nearest. */
const NEAREST: Record<string, string> = {
  failed_starts: 'failed_start_rate',
  revenue_gbp: 'kwh_per_evse_day',
  co2e_avoided_kg: 'kwh_per_evse_day',
  electric_miles: 'kwh_per_evse_day',
};

/** Metrics that add up over time, so that part of a week would look like a fall. */
const SUMS = new Set(['sessions', 'failed_starts', 'evse_days', 'energy_kwh', 'plugged_hours', 'charging_hours', 'idle_hours', 'revenue_gbp', 'co2e_avoided_kg', 'electric_miles']);

/** What the server finds patterns of: use, of which there is a figure for every hour and day. */
export const PATTERN_METRICS: ReadonlySet<string> = new Set([
  'utilisation_time', 'utilisation_energy', 'sessions', 'sessions_per_evse_day', 'energy_kwh', 'kwh_per_evse_day', 'plugged_hours', 'energy_per_session', 'duration_per_session', 'failed_start_rate',
]);

/** The metric to show patterns of: itself, the mean for a median, else the use by time. */
export function patternMetric(id: string): string {
  const mean = MEDIANS[id] ?? id;
  return PATTERN_METRICS.has(mean) ? mean : 'utilisation_time';
}

/** Why a share of time is above 100%; none where it is not. */
export function overlapNote(metric: Metric, highest: number): string | null {
  const isAbove = metric.unit_label === '% of time' && highest > 1;
  return isAbove ? 'Above 100%: sessions overlap at the same charge point, and each counts in full. Take these figures with care.' : null;
}

/** What a view of places over time can show: what this hub has the data for, can split both ways, and may add over operators. */
export function offered(catalogue: Catalogue): Metric[] {
  const splits = (metric: Metric): boolean => ['borough', 'evse', 'month', 'day'].every((id) => metric.dimensions.includes(id));
  return catalogue.metrics.filter((metric) => !metric.needs && !metric.within_operator && splits(metric));
}

export function metricById(catalogue: Catalogue, id: string): Metric | undefined {
  return catalogue.metrics.find((metric) => metric.id === id);
}

/** A metric of which there can be figures: one that needs data which this hub does not have is known, and has none. */
export function shownMetric(catalogue: Catalogue, id: string): Metric | undefined {
  const metric = metricById(catalogue, id);
  return metric?.needs ? undefined : metric;
}

/** Whether more of the metric means that more is going on. */
export function isUse(id: string): boolean {
  return !id.includes('_per_session') && !id.startsWith('failed');
}

/** Whether values of the metric add up over time. */
export function isSum(id: string): boolean {
  return SUMS.has(id);
}

/** The metric to show by the hour: a ratio, for which the server says what it was divided by. Where there is none, the use by time. */
export function hourlyMetric(catalogue: Catalogue, id: string): string {
  const ratio = RATES[id] ?? NEAREST[id] ?? MEDIANS[id] ?? id;
  const metric = metricById(catalogue, ratio);
  return metric?.combine === 'ratio_of_sums' && metric.dimensions.includes('hour_of_week') ? ratio : 'utilisation_time';
}

/** Whether the metric shown by the hour says the same as the one chosen. */
export function isToldByTheHour(chosen: string, shown: string): boolean {
  return shown === chosen || RATES[chosen] === shown;
}

/** Formats whose figures carry their own unit, which changes with their size. */
const SELF_EXPLAINED = new Set(['integer', 'minutes', 'kwh', 'hours']);

/** Heading of a chart's subtitle: the metric with its unit, `Plugged in, % of time`. */
export function withUnit(metric: Metric): string {
  const known = SELF_EXPLAINED.has(metric.format) || metric.name.includes(metric.unit_label);
  return known || !metric.unit_label ? metric.name : `${metric.name}, ${metric.unit_label}`;
}

/** The same for a chart with an axis up to `highest`: `Energy delivered, MWh`. */
export function withAxisUnit(metric: Metric, highest: number): string {
  const { unit } = axis(metric.format, highest);
  return unit ? `${metric.name}, ${unit}` : withUnit(metric);
}
