/** Builds the API addresses of a view's figures. */
import type { Period } from '../api/types';
import { FILTERS, type Filters, type Place } from './view';

/** API filter that narrows figures to a place; `null` for the whole hub. */
const PLACE_FILTER: Record<Place['kind'], string | null> = {
  hub: null,
  borough: 'borough',
  ward: 'ward',
  cell: 'cell',
  site: 'location',
  evse: 'evse',
};

/** Everything that narrows a figure: where, when and which charge points. */
export interface Scope {
  place: Place;
  period: Period;
  filters: Filters;
}

function encode(value: string): string {
  return encodeURIComponent(value).replace(/%2C/gi, ',');
}

function placePair(place: Place): [string, string][] {
  const name = PLACE_FILTER[place.kind];
  return name === null || place.kind === 'hub' ? [] : [[name, place.code]];
}

/** The address below the API of an endpoint within a scope, with parameters in a stable order. */
export function figuresPath(endpoint: string, scope: Scope, extra: Record<string, string | number> = {}): string {
  const pairs: [string, string | number][] = [
    ...Object.entries(extra),
    ['from', scope.period.from],
    ['to', scope.period.to],
    ...placePair(scope.place),
    ...FILTERS.filter((name) => scope.filters[name].length > 0).map((name): [string, string] => [
      name,
      scope.filters[name].join(','),
    ]),
  ];
  return `/${endpoint}?${pairs.map(([name, value]) => `${name}=${encode(String(value))}`).join('&')}`;
}

/** A path segment of the API, for ids that hold `:` or blanks. */
export function segment(id: string): string {
  return encodeURIComponent(id);
}

/** Parameters that say where, when and of which charge points. */
const SCOPE = new Set<string>(['from', 'to', ...Object.values(PLACE_FILTER).filter((name) => name !== null), ...FILTERS]);

/** The address that tells how a metric's denominator came about, in the scope of another answer. */
export function ledgerPath(path: string, metric: string): string {
  const pairs = (path.split('?')[1] ?? '').split('&').filter((pair) => SCOPE.has(pair.split('=')[0] ?? ''));
  return `/query?${[`metric=${encode(metric)}`, 'ledger=true', ...pairs].join('&')}`;
}
