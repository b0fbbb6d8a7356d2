/** Builds the API addresses of a view's figures. */
import type { Metric, Period } from '../api/types';
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
  /** Data version as of which; without one, the newest. */
  asOf?: number | null | undefined;
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
    ...narrowed(scope),
  ];
  return asOfVersion(address(endpoint, pairs), scope.asOf);
}

/** Where and which charge points. */
function narrowed({ place, filters }: Scope): [string, string][] {
  const chosen = FILTERS.filter((name) => filters[name].length > 0);
  return [...placePair(place), ...chosen.map((name): [string, string] => [name, filters[name].join(',')])];
}

function address(endpoint: string, pairs: [string, string | number][]): string {
  return `/${endpoint}?${pairs.map(([name, value]) => `${name}=${encode(String(value))}`).join('&')}`;
}

/** The address below the API of what changed in a figure between two data versions. */
export function changesPath(scope: Scope, metric: string, from: string | number, to: number): string {
  const period = `${scope.period.from}..${scope.period.to}`;
  return address('changes', [['from', from], ['to', to], ['metric', metric], ['period', period], ...narrowed(scope)]);
}

/** An address below the API as of a data version; as of the newest where none is given. */
export function asOfVersion(path: string, version: number | null | undefined): string {
  return version === null || version === undefined ? path : `${path}${path.includes('?') ? '&' : '?'}as_of=${version}`;
}

/** A path segment of the API, for ids that hold `:` or blanks. */
export function segment(id: string): string {
  return encodeURIComponent(id);
}

/** Parameters that say where, when, of which charge points and as of which data version. */
const SCOPE = new Set<string>(['from', 'to', 'as_of', ...Object.values(PLACE_FILTER).filter((name) => name !== null), ...FILTERS]);

/** The address that tells how a metric's denominator came about, in the scope of another answer; operator by operator where there is none over several. */
export function ledgerPath(path: string, { id, within_operator }: Pick<Metric, 'id' | 'within_operator'>): string {
  const pairs = (path.split('?')[1] ?? '').split('&').filter((pair) => SCOPE.has(pair.split('=')[0] ?? ''));
  return `/query?${[`metric=${encode(id)}`, ...(within_operator ? ['by=operator'] : []), 'ledger=true', ...pairs].join('&')}`;
}
