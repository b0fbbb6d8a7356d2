/** Any measure split by any dimensions: what is asked for, and how it is told. */
import { getJson } from '../api/client';
import type { Request } from '../api/resource.svelte';
import type { Answer, Catalogue, Metric } from '../api/types';
import { snapshot, type Snapshot } from '../overview/load';
import { below, placeOf } from '../place/levels';
import { figuresPath, type Scope } from '../url/query';
import { filterOf, viewHref, type Choice } from '../url/view';

/** Splits that can be chosen at once. */
export const SPLITS = 3;
/** Rows that are shown; files hold all. */
export const MOST_ROWS = 500;

/** What figures are split by where nothing is chosen: operators, or else the first dimension that the measure has. */
export function proposed(metric: Pick<Metric, 'dimensions'>): string[] {
  const first = metric.dimensions.includes('operator') ? 'operator' : metric.dimensions[0];
  return first ? [first] : [];
}

/** The address of all rows. */
export function splitPath(scope: Scope, metric: string, by: readonly string[]): string {
  return figuresPath('query', scope, { metric, ...(by.length > 0 ? { by: by.join(',') } : {}) });
}

/** The rows to show, and one more where there are more. */
export function splitRequest(scope: Scope, metric: string, by: readonly string[], catalogue: Catalogue): Request<Snapshot<Answer>> {
  const path = splitPath(scope, metric, by);
  return snapshot(scope, metric, path, catalogue, (_, signal) => getJson<Answer>(`${path}&limit=${MOST_ROWS + 1}`, signal));
}

/** The choice after a place in it got another dimension, or none. */
export function withSplit(by: readonly string[], at: number, id: string): string[] {
  const next = by.slice(0, SPLITS);
  next.splice(at, 1, ...(id === '' ? [] : [id]));
  return [...new Set(next)];
}

/** `Sessions by borough and month`, `Sessions in all` */
export function splitTitle(catalogue: Catalogue, metric: Pick<Metric, 'name'>, by: readonly string[]): string {
  const names = by.map((id) => (catalogue.dimensions.find((one) => one.id === id)?.name ?? id).toLowerCase());
  const last = names.pop();
  if (last === undefined) return `${metric.name} in all`;
  return `${metric.name} by ${names.length > 0 ? `${names.join(', ')} and ${last}` : last}`;
}

/** Where a row of a dimension leads: to the figures of that place, split one step finer, or to those with the row as a filter. */
export function rowHref(scope: Scope, choice: Choice, by: readonly string[], catalogue: Catalogue, dimension: string, code: string): string | null {
  const place = placeOf(dimension, code);
  if (place) {
    const finer = below(place, catalogue);
    const split = by.flatMap((one) => (one !== dimension ? [one] : finer ? [finer] : []));
    return viewHref({ screen: { name: 'figures', place }, choice: { ...choice, by: [...new Set(split)] } });
  }
  const filter = filterOf(dimension);
  if (!filter) return null;
  const chosen = { ...choice, filters: { ...choice.filters, [filter]: [code] }, by: by.filter((one) => one !== dimension) };
  return viewHref({ screen: { name: 'figures', place: scope.place }, choice: chosen });
}
