import { expect, test } from 'vitest';
import type { ChangedReturn, Metric, Version } from '../api/types';
import { signedStep } from '../format/change';
import { amounts, bareReason, covered, figureSentence, since } from './words';

const metric = (format: Metric['format'], name: string): Metric => ({ id: 'x', name, short_name: name, unit: '', unit_label: '', format, sentence: '', formula: '', exclusions: [], source: '', version: 1, combine: 'sum', combine_words: '', needs: null, within_operator: false, dimensions: [], refused: [], good_direction: 'up' });
const sessions = metric('integer', 'Sessions');
const share = metric('percent', 'Plugged in');

const one = (kind: ChangedReturn['kind']): ChangedReturn => ({ submission: 1, operator: 'gb-abc', operator_name: 'Abc', file: 'a.csv', part: '', kind, from: '2024-01-01', to: '2024-01-31', sessions_before: 1200, sessions: 1, energy_before_kwh: 9000, energy_kwh: 7.5 });

test('a figure in two versions is told in a sentence that says which way it went', () => {
  const told = (before: number | null, after: number | null, difference: number | null): string => figureSentence({ metric: 'x', unit: '', before, after, difference }, sessions);
  expect(told(10, 20, 10)).toBe('Sessions rose from 10 to 20 (+10).');
  expect(told(20, 10, -10)).toBe('Sessions fell from 20 to 10 (−10).');
  expect(told(20, 20, 0)).toBe('Sessions: 20 in both versions.');
  expect(told(null, 20, 20)).toBe('Sessions: no figure before, 20 now.');
  expect(told(20, null, -20)).toBe('Sessions: 20 before, no figure now.');
  expect(told(null, null, null)).toBe('Sessions: no figure in either version.');
  expect(figureSentence({ metric: 'x', unit: '', before: 0.311, after: 0.342, difference: 0.031 }, share)).toBe('Plugged in rose from 31.1% to 34.2% (+3.1 pts).');
});

test('an effect has its sign, nothing is 0, and no figure is a dash', () => {
  expect([10, -3, 0, null].map((step) => signedStep(step, sessions))).toEqual(['+10', '−3', '0', '–']);
  expect(signedStep(-0.0111, share)).toBe('−1.1 pts');
  expect(signedStep(0.00001, share)).toBe('almost 0');
});

test('a return says what it brought, took away or changed', () => {
  expect(amounts(one('entered'))).toBe('1 session, 7.5 kWh');
  expect(amounts(one('left'))).toMatch(/^1,200 sessions, 9/);
  expect(amounts(one('changed'))).toMatch(/^from 1,200 sessions, .* to 1, 7.5 kWh$/);
  expect(covered(one('entered'))).toBe('1 – 31 Jan 2024');
});

test('a version that no return explains says why it was made', () => {
  const version = (reason: string): Version => ({ number: 1, made_at: '', reason, first_day: null, last_day: null, held: true, not_held_because: null, returns: [], decisions: [], imports: [] });
  expect(bareReason(version('rebuild'))).toContain('made anew');
  expect(bareReason(version('register or places'))).toContain('Names');
});

test('changes since are counted', () => {
  expect([0, 1, 3].map(since)).toEqual(['Nothing has changed since.', '1 change since.', '3 changes since.']);
});
