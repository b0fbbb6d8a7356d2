import type { Catalogue, Row } from '../api/types';
import type { FilterName } from '../url/view';

/** The operator's own part of an id such as `gb-dcc:50914-1`. */
export function shortId(id: string): string {
  const at = id.indexOf(':');
  return at === -1 ? id : id.slice(at + 1);
}

const SITINGS: Record<string, string> = {
  on_street: 'On-street residential',
  destination: 'Destination',
  hub: 'Charging hub',
  car_park: 'Car park',
  taxi: 'Taxi only',
  unknown: 'Siting unknown',
};

/** `car_park` → `Car park` */
export function sitingName(id: string): string {
  return SITINGS[id] ?? id.charAt(0).toUpperCase() + id.slice(1).replaceAll('_', ' ');
}

/** What each filter is called. */
export const FILTER_NAMES: Record<FilterName, string> = {
  operator: 'Operator',
  band: 'Power',
  siting: 'Kind of site',
  current: 'Current',
  owner_borough: 'Owner',
  funding_scheme: 'Funding',
  msoa: 'MSOA',
  lsoa: 'LSOA',
  device: 'Device',
};

/** Dimensions whose values are names of the register's own, in which a colon is nothing special. */
const NAMED_AS_THEY_ARE = new Set(['owner_borough', 'funding_scheme']);
const CURRENTS: Record<string, string> = { ac1: 'AC, one phase', ac3: 'AC, three phases', dc: 'DC' };

/** Name of a filter's value in the catalogue's words. */
export function valueName(catalogue: Catalogue, dimension: string, id: string): string {
  if (dimension === 'operator') return catalogue.operators.find((one) => one.id === id)?.name ?? id;
  if (dimension === 'band' || dimension === 'power_band') return catalogue.bands.find((one) => one.id === id)?.name ?? id;
  if (dimension === 'siting') return sitingName(id);
  if (dimension === 'current') return CURRENTS[id] ?? id;
  return NAMED_AS_THEY_ARE.has(dimension) ? id : shortId(id);
}

const NOWHERE: Record<string, string> = {
  borough: 'Outside every borough',
  ward: 'Outside every ward',
  cell: 'Without a position',
};

/** Code and name of a row of a dimension. A row without a code holds what lies outside. */
export function rowName(catalogue: Catalogue, dimension: string, row: Row): { code: string; name: string } {
  const code = row[dimension];
  if (code === null || code === undefined || code === '') return { code: '', name: NOWHERE[dimension] ?? 'Not known' };
  const name = row[`${dimension}_name`];
  const text = String(code);
  return { code: text, name: typeof name === 'string' && name !== '' ? name : valueName(catalogue, dimension, text) };
}
