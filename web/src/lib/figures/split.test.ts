import { expect, test } from 'vitest';
import type { Catalogue } from '../api/types';
import type { Scope } from '../url/query';
import { noFilters, parseView } from '../url/view';
import { proposed, rowHref, splitPath, splitTitle, withSplit } from './split';

const catalogue = { dimensions: [{ id: 'borough', name: 'Borough', is_time: false }, { id: 'month', name: 'Month', is_time: true }, { id: 'operator', name: 'Operator', is_time: false }] } as Catalogue;
const scope: Scope = { place: { kind: 'hub' }, period: { from: '2025-01-01', to: '2025-12-31' }, filters: { ...noFilters(), band: ['fast'] }, asOf: 7 };

test('proposes operators, or the first split that a measure has', () => {
  expect([proposed({ dimensions: ['borough', 'operator'] }), proposed({ dimensions: ['borough'] }), proposed({ dimensions: [] })]).toEqual([['operator'], ['borough'], []]);
});

test('a split is put in, changed and taken away at its place, and never there twice', () => {
  expect(withSplit(['borough'], 1, 'month')).toEqual(['borough', 'month']);
  expect(withSplit(['borough', 'month'], 0, 'operator')).toEqual(['operator', 'month']);
  expect(withSplit(['borough', 'month'], 0, '')).toEqual(['month']);
  expect(withSplit(['borough', 'month'], 1, 'borough')).toEqual(['borough']);
});

test('asks within the place, period, filters and data version', () => {
  expect(splitPath(scope, 'sessions', ['borough', 'month'])).toBe('/query?metric=sessions&by=borough,month&from=2025-01-01&to=2025-12-31&band=fast&as_of=7');
  expect(splitPath(scope, 'sessions', [])).toBe('/query?metric=sessions&from=2025-01-01&to=2025-12-31&band=fast&as_of=7');
});

test('says what figures are split by', () => {
  const title = (...by: string[]): string => splitTitle(catalogue, { name: 'Sessions' }, by);
  expect([title(), title('month'), title('operator', 'borough', 'month')]).toEqual(['Sessions in all', 'Sessions by month', 'Sessions by operator, borough and month']);
});

test('a row leads to its place one step finer, or becomes a filter', () => {
  const levels = [{ id: 'ward', count: 3 }];
  const { choice } = parseView('/figures', '?band=fast&as_of=7');
  const href = (dimension: string, code: string): string | null => rowHref(scope, choice, [dimension, 'month'], { ...catalogue, levels } as Catalogue, dimension, code);
  expect(href('borough', 'E09000007')).toBe('/borough/E09000007/figures?band=fast&as_of=7&by=ward,month');
  expect(href('funding_scheme', 'ORCS, first')).toBe('/figures?band=fast&funding_scheme=ORCS%2C%20first&as_of=7&by=month');
  expect(href('power_band', 'slow')).toBe('/figures?band=slow&as_of=7&by=month');
  expect(href('month', '2025-01')).toBe(null);
});
