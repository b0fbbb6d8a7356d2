/** What the cards of Patterns and Trends ask for. */
import { getJson } from '../api/client';
import type { Request, Resource } from '../api/resource.svelte';
import type { Catalogue, Metric, Sourced } from '../api/types';
import { formatPeriod } from '../format/period';
import { metricById } from '../metrics/metrics';
import { snapshot, type Snapshot } from '../overview/load';
import { figuresPath, type Scope } from '../url/query';

/** A pattern's address, asked for with its place beside it. `extra` holds the parameters that this pattern alone has. */
export function patternRequest<T extends Sourced>(name: string, scope: Scope, metric: string, extra: Record<string, string | number>, catalogue: Catalogue): Request<Snapshot<T>> {
  const path = figuresPath(`patterns/${name}`, scope, extra);
  return snapshot(scope, metric, path, catalogue, (_, signal) => getJson<T>(path, signal));
}

/** All the days of the data, so that what takes years is not asked of one. */
export function wholeSpan(scope: Scope, catalogue: Catalogue): Scope {
  const { first_day: from, last_day: to } = catalogue.data;
  return from && to ? { ...scope, period: { from, to } } : scope;
}

/** What a card needs to know of the request behind it. `table` names the one of the answer's tables that the card shows. */
export function cardOf<T extends Sourced>(resource: Resource<Snapshot<T>>, metric: string, table?: string) {
  const { value, loading, error, retry } = resource;
  const path = value?.path ?? '';
  return { answer: value?.data ?? null, path, csv: table ? tablePath(path, table) : path, metric, loading, error, retry };
}

/** The address of one table of a pattern that has several. */
export function tablePath(path: string, table: string): string {
  return `${path}&table=${table}`;
}

/** `Camden, 1 Oct – 31 Dec 2025` */
export function where(now: Snapshot<unknown>): string {
  return `${now.info.name}, ${formatPeriod(now.scope.period)}`;
}

/** Rates by the day that are shown by the hour, as the server's patterns do. */
const BY_HOUR: Record<string, Pick<Metric, 'name' | 'unit_label'>> = {
  sessions_per_evse_day: { name: 'Sessions per charge point an hour', unit_label: 'an hour' },
  kwh_per_evse_day: { name: 'Energy per charge point an hour', unit_label: 'kWh an hour' },
};

/** By how much a rate is multiplied to be one by the hour. */
export function perHour(rate: string): number {
  return rate in BY_HOUR ? 1 / 24 : 1;
}

/** The metric of a pattern's rate, in the words and unit of its figures. */
export function rateOf(catalogue: Catalogue, rate: string, hourly = false): Metric | undefined {
  const metric = metricById(catalogue, rate);
  return metric && hourly ? { ...metric, ...BY_HOUR[rate] } : metric;
}

/** `Energy, median (not told by patterns, so …)`: what to say where another metric is shown than was chosen. */
export function insteadOf(catalogue: Catalogue, chosen: string, shown: string): string {
  return chosen === shown ? '' : ` (there are no patterns of “${metricById(catalogue, chosen)?.name ?? chosen}”)`;
}
