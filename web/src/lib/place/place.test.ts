import { expect, test } from 'vitest';
import type { Catalogue, Metric } from '../api/types';
import { dateTicks } from '../chart/date-ticks';
import { items } from '../findings/items';
import { unreported } from '../findings/verdict.fixture';
import { hourlyMetric, isToldByTheHour, kpiMetrics } from '../metrics/metrics';
import { connectorText, lifeText, powerText } from './facts';
import { below, fineLevel, placeOf } from './levels';
import { rowName, shortId, sitingName } from './names';

const level = (id: string, count: number) => ({ id, name: id, plural: `${id}s`, count });
const catalogue = (...levels: Catalogue['levels']): Catalogue => ({
  metrics: [],
  dimensions: [],
  factors: [],
  bands: [{ id: 'slow', name: 'Up to 8 kW' }],
  operators: [{ id: 'gb-alc', name: 'Alder Charge' }],
  levels,
  data: { first_day: null, last_day: null, data_version: 1, made_at: null, newest_version: 1, sample: false, hub_name: 'London', zone: 'Europe/London' },
  default_period: null,
});

test('wards come below boroughs where they are loaded, cells where they are not, else sites', () => {
  const borough = { kind: 'borough' as const, code: 'E09000007' };
  expect(below(borough, catalogue(level('borough', 33), level('ward', 704), level('cell', 900)))).toBe('ward');
  expect(below(borough, catalogue(level('borough', 33), level('cell', 900)))).toBe('cell');
  expect(below(borough, catalogue(level('borough', 33), level('ward', 0)))).toBe('location');
  expect(fineLevel(catalogue(level('borough', 33)))).toBeNull();
  expect(below({ kind: 'evse', code: 'x' }, catalogue())).toBeNull();
});

test('rows lead to places, categories do not', () => {
  expect(placeOf('location', 'gb:L1')).toEqual({ kind: 'site', code: 'gb:L1' });
  expect(placeOf('operator', 'gb-alc')).toBeNull();
});

test('names come from the row, else from the catalogue, and what lies outside is named', () => {
  expect(rowName(catalogue(), 'borough', { borough: 'E09', borough_name: 'Camden' }).name).toBe('Camden');
  expect(rowName(catalogue(), 'operator', { operator: 'gb-alc' }).name).toBe('Alder Charge');
  expect(rowName(catalogue(), 'borough', { borough: null })).toEqual({ code: '', name: 'Outside every borough' });
  expect([shortId('gb-dcc:50914-1'), sitingName('car_park'), sitingName('bus_depot')]).toEqual(['50914-1', 'Car park', 'Bus depot']);
});

test('a ranking is read by the answer’s own column, whatever short name was asked', () => {
  const columns = [{ name: 'power_band', kind: 'dimension' as const, label: 'Power', unit: null }];
  const rows = [{ power_band: 'slow', sessions: 4, sessions_before: null }];
  expect(items({ columns, rows, comparison: null }, 'band', 'sessions', catalogue())).toMatchObject([{ code: 'slow', name: 'Up to 8 kW', value: 4, before: null, refused: null }]);
  const comparison = { metrics: ['sessions'], rows: [unreported] };
  expect(items({ columns, rows, comparison }, 'band', 'sessions', catalogue())[0]?.refused).toBe(unreported.words);
});

test('a row of which too little is reported is marked, but not where the figures do not rest on returns', () => {
  const columns = [{ name: 'operator', kind: 'dimension' as const, label: 'Operator', unit: null }];
  const rows = ['a', 'b', 'c'].map((operator) => ({ operator, sessions: 4 }));
  const fairness = { fair_from: 0.8, row_coverage: [0.79, 0.8, null], rows_below: 1, caution: '1 of 3 rows rests on …' };
  const marks = (of: typeof fairness | { caution: null }): (number | null | undefined)[] => items({ columns, rows, comparison: null, fairness: { ...fairness, ...of } }, 'operator', 'sessions', catalogue()).map(({ thin }) => thin);
  expect([marks(fairness), marks({ caution: null })]).toEqual([[0.79, null, null], [null, null, null]]);
});

test('facts of a charge point read as text', () => {
  const evse = { evse: 'e', device: null, band: 'slow', rated_kw: 7.4, current: 'ac1', connectors: [], commissioned: '2023-06-01', decommissioned: null, registered: true };
  expect(powerText(evse, catalogue())).toBe('7.4 kW (Up to 8 kW)');
  expect(lifeText(evse)).toBe('since 1 Jun 2023');
  expect(lifeText({ ...evse, commissioned: null, decommissioned: '2025-02-04' })).toBe('Not known to 4 Feb 2025');
  expect(connectorText({ standard: 'IEC_62196_T2_COMBO', current: 'dc', rated_kw: 50 })).toBe('CCS, DC, 50 kW');
  expect(connectorText({ standard: 'chademo', current: null, rated_kw: null })).toBe('CHAdeMO');
});

test('a single charge point has its own key figures', () => {
  expect(kpiMetrics('evse')).not.toContain('evses_unused');
});

test('by the hour amounts are told as the rate of a charge point, and what has no ratio as use by time', () => {
  const metric = (id: string, combine: Metric['combine'], dimensions = ['hour_of_week']): Metric => ({ id, combine, dimensions }) as Metric;
  const metrics = [metric('sessions_per_evse_day', 'ratio_of_sums'), metric('energy_per_session', 'ratio_of_sums'), metric('coverage', 'ratio_of_sums', ['day']), metric('top5_share', 'share'), metric('evses_unused', 'distinct')];
  const shown = (id: string): string => hourlyMetric({ ...catalogue(), metrics }, id);
  expect(['sessions', 'energy_per_session_median', 'energy_per_session'].map(shown)).toEqual(['sessions_per_evse_day', 'energy_per_session', 'energy_per_session']);
  expect(['coverage', 'top5_share', 'evses_unused', 'idle_hours'].map(shown)).toEqual(Array(4).fill('utilisation_time'));
  expect([isToldByTheHour('sessions', 'sessions_per_evse_day'), isToldByTheHour('revenue_gbp', 'kwh_per_evse_day')]).toEqual([true, false]);
});

test('date ticks are round and name each year once', () => {
  expect(dateTicks('2024-01-01', '2025-12-29', 9).map(({ text }) => text)).toEqual(['Jan 2024', 'Apr', 'Jul', 'Oct', 'Jan 2025', 'Apr', 'Jul', 'Oct']);
  expect(dateTicks('2024-01-01', '2025-12-29', 5, true).map(({ text }) => text)).toEqual(['2024', 'Jul', '2025', 'Jul']);
  expect(dateTicks('2018-06-06', '2018-06-20', 5).map(({ text }) => text)).toEqual(['6 Jun', '9 Jun', '12 Jun', '15 Jun', '18 Jun']);
});
