import { describe, expect, test } from 'vitest';
import type { Metric } from '../api/types';
import { change, signedChange } from './change';
import { axis, count, figure, number, say, wholePercent } from './number';
import { addMonths, firstDay, formatPeriod, isDateText, lastDay, lengthInDays, shortPeriod } from './period';
import { presets } from './presets';

const metric = (id: string, format: Metric['format'], good: Metric['good_direction'] = 'up'): Metric => ({
  id, name: id, short_name: id, unit: '', unit_label: '', format, sentence: '', formula: '', exclusions: [], source: '', version: 1, combine: 'sum', combine_words: '', needs: null, within_operator: false, dimensions: [], refused: [], good_direction: good,
});

describe('numbers', () => {
  test('are grouped and carry a true minus', () => {
    expect(number(48210)).toBe('48,210');
    expect(number(-5.94, 1)).toBe('−5.9');
    expect(number(-0.04, 1)).toBe('0.0');
  });
  test('energy changes its unit with its size', () => {
    expect(figure(12.5, 'pounds')).toEqual({ value: '£12.50', unit: '' });
    expect(figure(48_210.4, 'pounds')).toEqual({ value: '£48,210', unit: '' });
    expect(figure(9120, 'kwh')).toEqual({ value: '9,120', unit: 'kWh' });
    expect(figure(812_345, 'kwh')).toEqual({ value: '812', unit: 'MWh' });
    expect(figure(1_234_000, 'kwh')).toEqual({ value: '1.23', unit: 'GWh' });
  });
  test('no figure is a dash, zero is a zero', () => {
    expect(figure(null, 'integer', 'sessions').value).toBe('–');
    expect(figure(0, 'integer', 'sessions').value).toBe('0');
  });
  test('percentages, minutes and counts read as text', () => {
    expect(say(0.342, metric('u', 'percent'))).toBe('34.2%');
    expect(say(133, metric('d', 'minutes'))).toBe('2 h 13 min');
    expect(count(1, 'session')).toBe('1 session');
  });
  test('an axis has one unit for all its labels', () => {
    const { unit, label } = axis('kwh', 2_500_000);
    expect([unit, label(0), label(500_000), label(2_500_000)]).toEqual(['GWh', '0', '0.5', '2.5']);
    expect(axis('percent', 0.4).label(0.2)).toBe('20%');
  });
  test('a share never rounds up to all or down to nothing', () => {
    expect(wholePercent(0.998)).toBe('99%');
    expect(wholePercent(0.001)).toBe('under 1%');
    expect(wholePercent(1)).toBe('100%');
  });
});

describe('periods', () => {
  test('repeat no more than they must', () => {
    expect(formatPeriod({ from: '2025-10-01', to: '2025-12-31' })).toBe('1 Oct – 31 Dec 2025');
    expect(formatPeriod({ from: '2024-10-01', to: '2025-03-31' })).toBe('1 Oct 2024 – 31 Mar 2025');
    expect(formatPeriod({ from: '2025-10-01', to: '2025-10-07' })).toBe('1 – 7 Oct 2025');
    expect(formatPeriod({ from: '2025-10-01', to: '2025-10-01' })).toBe('1 Oct 2025');
  });
  test('are spelt in the URL as years, months or days', () => {
    expect(shortPeriod({ from: '2025-01-01', to: '2025-12-31' })).toEqual({ from: '2025', to: '2025' });
    expect(shortPeriod({ from: '2024-02-01', to: '2024-02-29' })).toEqual({ from: '2024-02', to: '2024-02' });
    expect(shortPeriod({ from: '2024-02-01', to: '2024-02-28' })).toEqual({ from: '2024-02-01', to: '2024-02-28' });
  });
  test('short spellings open to whole days', () => {
    expect([firstDay('2024'), lastDay('2024-02'), firstDay('2024-02')]).toEqual(['2024-01-01', '2024-02-29', '2024-02-01']);
    expect(lengthInDays({ from: '2024-02-01', to: '2024-02-29' })).toBe(29);
    expect(addMonths('2024-03-31', -1)).toBe('2024-02-29');
  });
  test('dates that are not in the calendar are refused', () => {
    expect(['2024-13', '2024-02-30', '24', 'x', '2024-02-29'].map(isDateText)).toEqual([false, false, false, false, true]);
  });
  test('presets end with the data and never begin before it', () => {
    const list = presets('2018-06-06', '2018-09-06');
    expect(list.every(({ period }) => period.from >= '2018-06-06' && period.to <= '2018-09-06')).toBe(true);
    expect(presets('2024-01-01', '2025-12-31').find(({ id }) => id === 'quarter')?.period).toEqual({ from: '2025-10-01', to: '2025-12-31' });
  });
});

describe('changes', () => {
  test('of shares are told in points, of amounts in per cent, of charge points in counts', () => {
    expect(change(0.342, 0.331, metric('utilisation_time', 'percent'))?.text).toBe('▲ 1.1 pts');
    expect(change(111, 100, metric('sessions', 'integer'))?.text).toBe('▲ 11%');
    expect(change(31, 25, metric('evses_unused', 'integer', 'down'))).toMatchObject({ text: '▲ 6', good: false });
    expect(signedChange(0.3, 0.359, metric('utilisation_time', 'percent'))).toBe('−5.9 pts');
  });
  test('cannot be told from nothing or from zero', () => {
    expect(change(5, null, metric('sessions', 'integer'))).toBeNull();
    expect(change(5, 0, metric('sessions', 'integer'))).toBeNull();
    expect(change(5, 5, metric('sessions', 'integer'))?.text).toBe('no change');
  });
});
