import { describe, expect, test } from 'vitest';
import type { Answer, BucketReported, Comparison, Coverage, LedgerLine, Metric, Row, Summary } from '../api/types';
import { areasTitle, rankingTitle, siteTitle } from './areas';
import { before, beside, whyNot } from './before';
import { coverageLine } from './coverage';
import { denominatorsOf, hoursTitle, typicalDay, weekOf, dayTitle } from './hours';
import { repairedLine, repairsMade } from './repaired';
import { points, stepFor, stepStart, trendTitle } from './trend';
import { alike, unreported } from './verdict.fixture';

const metric = (id: string, format: Metric['format']): Metric => ({
  id, name: id, short_name: id, unit: '', unit_label: '', format, sentence: '', formula: '', exclusions: [], source: '', version: 1, combine: 'sum', combine_words: '', needs: null, within_operator: false, dimensions: [], refused: [], good_direction: 'up',
});
const metrics = [metric('sessions', 'integer'), metric('utilisation_time', 'percent')];
const answer = (row: Row, share = 0.97): Answer => ({
  columns: [], rows: [row],
  coverage: { registered_evse_days: 100, reported_evse_days: share * 100, share, operators_registered: 12, operators_reported: 11, operators_unregistered: 0, unregistered_evses: 0, evses_outside_areas: 0 },
  provenance: { data_version: 1, as_of: '', from: '2025-10-01', to: '2025-12-31', filters: [], metrics: [], route: 'cube_day', suppressed: 0, sample: true, returns: { count: 12, repaired: 0, repairs: [] } },
  ledger: null,
});
const summary = (now: Answer, last: Answer | null, verdict: Comparison = alike): Summary => ({
  answer: now, previous: null, last_year: last, spark: now, spark_buckets: null, comparison: { metrics: ['sessions'], previous: null, last_year: last ? verdict : null },
});

test('no change is claimed where nothing was reported a year before', () => {
  const now = answer({ sessions: 48210 });
  expect(before(summary(now, answer({ sessions: null })))).toBeNull();
  expect(before(summary(now, answer({ sessions: 43432 })))?.label).toBe('on last year');
  expect(coverageLine(now.coverage)).toBe('11 of 12 operators reported · 97% of registered charge-point days covered');
});

test('what the server does not compare is not compared, and what the register tells is', () => {
  const now = answer({ sessions: 99526, evses: 60 });
  const base = before(summary(now, answer({ sessions: 53485, evses: 50 }), unreported))!;
  expect(whyNot(base, 'sessions')).toBe('27% of charge-point days then have no return where there is one now.');
  expect(whyNot(base, 'evses')).toBeNull();
  const grown = before(summary(now, answer({ sessions: 53485 }), { ...alike, words: 'With 60% more charge-point days.' }))!;
  expect([whyNot(grown, 'sessions'), beside(grown, metrics[0]!), beside(grown, metrics[1]!)]).toEqual([null, 'With 60% more charge-point days.', null]);
});

test('returns of operators without a register are not denied', () => {
  const { coverage } = answer({}, 0);
  const line = (of: Partial<Coverage>): string => coverageLine({ ...coverage, ...of });
  expect(line({ operators_registered: 1, operators_reported: 0, operators_unregistered: 1 })).toBe('No return of the 1 operator in the register · returns of 1 operator without a register');
  expect(line({ operators_registered: 0, operators_reported: 0, operators_unregistered: 2, share: null })).toBe('No charge point is registered here · returns of 2 operators without a register');
  expect(line({ share: 0.97, operators_unregistered: 1 })).toBe('11 of 12 operators reported · 97% of registered charge-point days covered · returns of 1 operator without a register');
});

test('a repair behind a figure is told beside it, with the rows where they are known', () => {
  const { provenance } = answer({});
  const line = (repaired: number): string | null => repairedLine({ returns: { ...provenance.returns, repaired } });
  expect([line(0), line(1), line(2)]).toEqual([null, '1 of 12 returns behind it was repaired', '2 of 12 returns behind it were repaired']);
  const repairs = [{ repair: 'energy_unit', title: 'Watt-hours', rows: 1 }, { repair: 'day_month_swap', title: 'Day and month', rows: null }];
  expect(repairsMade({ repairs })).toBe('Watt-hours (1 row); Day and month (rows not noted)');
});

describe('the week', () => {
  const rows = (value: (at: number) => number): Row[] => Array.from({ length: 168 }, (_, at) => ({ hour_of_week: at, x: value(at) }));
  const evening = (at: number): number => (at % 24 >= 18 && at % 24 < 21 && at < 120 ? 1 + at / 1000 : 0.1);
  test('weekday evenings are named as such', () => {
    expect(hoursTitle(weekOf(rows(evening), 'x'))).toBe('Busiest on weekday evenings, most of all Friday 20:00');
  });
  test('a week without use is not called busy', () => {
    expect(hoursTitle(weekOf([], 'x'))).toBe('No use to show by the hour');
  });
  test('ratios of several days are summed first and divided once, by what the server divided by', () => {
    const ratio = rows((at) => (at < 24 ? 0.5 : 0.1));
    // In the order of the answer, with other steps beside the denominator.
    const line = (role: LedgerLine['role']): LedgerLine => ({ id: role, label: role, role, unit: 'EVSE-minutes', amount: 0 });
    const ledger = { rates: [{ metric: 'x', lines: [line('start'), line('denominator')], rows: ratio.map((_, at) => [1000, at < 24 ? 10 : 90]) }], left_out: [], repaired: [] };
    const week = weekOf(ratio, 'x');
    const { weekday } = typicalDay(week, denominatorsOf({ rows: ratio, ledger }, 'x'));
    // 5 of 10 hours on Monday, 9 of 90 on each other weekday: 41 of 370.
    expect(weekday.middle[0]).toBeCloseTo(41 / 370, 12);
    expect([weekday.low[0], weekday.high[0]]).toEqual([0.1, 0.5]);
    expect(typicalDay(week, denominatorsOf({ rows: ratio, ledger: null }, 'x')).weekday.middle[0], 'nothing is made up').toBeNull();
  });
  test('the typical day names both peaks', () => {
    const even = weekOf(rows(() => 1), 'x');
    expect(dayTitle(typicalDay(weekOf(rows(evening), 'x'), even))).toMatch(/^Weekdays peak at 20:00/);
    expect(dayTitle(typicalDay(weekOf(rows(() => 0), 'x'), even))).toBe('No use to show by the hour');
  });
});

describe('the trend', () => {
  const span = { from: '2024-01-03', to: '2025-02-02' };
  const bucket = (of: string, words: string | null, partly: boolean, cut: boolean): BucketReported => ({ bucket: of, days: 7, days_in_period: 7, days_reported: 7, share: 1, partly, cut, words });
  const rows: Row[] = [{ week: '2024-01-01', sessions: 3 }, { week: '2024-01-08', sessions: 7 }, { week: '2024-12-30', sessions: 8 }, { week: '2025-01-06', sessions: 1 }];
  const buckets = [
    bucket('2024-01-01', 'Only 5 of 7 days are in the period', false, true),
    bucket('2024-01-08', null, false, false),
    bucket('2024-12-30', null, false, false),
    bucket('2025-01-06', 'Partly reported: 1 of 7 days', true, false),
  ];
  test('marks weeks that are reported or cut only in part, and compares with none of them', () => {
    const list = points(rows, 'sessions', 'week', span, buckets);
    expect(list[0]).toMatchObject({ day: '2024-01-01', value: 3, partly: 'Only 5 of 7 days are in the period' });
    expect(list.at(-2)).toMatchObject({ day: '2024-12-30', value: 8, before: null, partly: null });
    expect(list.at(-1)).toMatchObject({ day: '2025-01-06', value: 1, before: 7, partly: 'Partly reported: 1 of 7 days' });
  });
  test('takes a rate of a week that the span cuts for what it is', () => {
    expect(points(rows.map(({ week }) => ({ week: week!, utilisation_time: 0.2 })), 'utilisation_time', 'week', span, buckets)[0]).toMatchObject({ value: 0.2, partly: null });
  });
  test('never names a step that is reported in part the highest', () => {
    const list = [{ day: '2024-01-01', value: 9, before: null, partly: 'Partly reported: 1 of 7 days' }, { day: '2024-01-08', value: 7, before: null }];
    expect(trendTitle(null, null, '', metrics[0]!, list, 'week')).toBe('Highest in the week of 8 Jan 2024: 7');
  });
  test('weeks begin on Monday and long spans take longer steps', () => {
    expect(stepStart('2025-12-31', 'week')).toBe('2025-12-29');
    expect([stepFor({ from: '2025-01-01', to: '2025-03-01' }), stepFor(span), stepFor({ from: '2020-01-01', to: '2025-01-01' })]).toEqual(['day', 'week', 'month']);
  });
});

test('the map’s title names both ends', () => {
  const item = (name: string, value: number | null) => ({ code: name, name, value, before: null });
  expect(areasTitle([item('Bromley', 0.151), item('Hackney', 0.454), item('Barnet', null)], metrics[1]!, 'boroughs')).toBe('Hackney is highest at 45.4%, Bromley lowest at 15.1%');
  expect(areasTitle([item('Barnet', null)], metrics[1]!, 'boroughs')).toBe('No figures to map in this period');
  expect(areasTitle([item('A', 0.5), item('B', 0), item('C', 0)], metrics[1]!, 'wards')).toBe('A is highest at 50.0%; 2 wards have none');
  expect(siteTitle([item('A', 0.5), item('B', 0.4), item('C', null)], 'B', metrics[1]!, 'Abbey')).toBe('B is lowest of 2 sites in Abbey: 40.0%');
  expect(rankingTitle(metrics[0]!, 'operator', false)).toBe('sessions by operator, highest first');
});

test('what is hardly reported is no superlative, and no rank counts it', () => {
  const item = (name: string, value: number | null, thin: number | null = null) => ({ code: name, name, value, before: null, thin });
  const list = [item('A', 0.9, 0.3), item('B', 0.5), item('C', 0.4), item('D', 0.1, 0.79), item('E', null, 0)];
  expect(areasTitle(list, metrics[1]!, 'boroughs')).toBe('B is highest at 50.0%, C lowest at 40.0%; 2 left out, with too few returns');
  expect(areasTitle([list[0]!, list[3]!], metrics[1]!, 'boroughs')).toBe('Too little is reported to compare boroughs');
  expect(areasTitle([list[0]!], metrics[1]!, 'boroughs')).toBe('A: 90.0%');
  expect(siteTitle(list, 'C', metrics[1]!, 'Abbey')).toBe('C is lowest of 2 well reported sites in Abbey: 40.0%');
  expect(siteTitle(list, 'A', metrics[1]!, 'Abbey')).toBe('A: 90.0%, with too few returns to compare');
  expect(siteTitle(list.slice(0, 2), 'B', metrics[1]!, 'Abbey')).toBe('B: 50.0%; the other sites have too few returns to compare');
});

test('a highest day is “on”, a highest week or month “in”', () => {
  const list = [{ day: '2025-10-31', value: 7, before: null }];
  const said = (step: 'day' | 'week' | 'month'): string => trendTitle(7, null, '', metrics[0]!, list, step);
  expect([said('day'), said('week'), said('month')]).toEqual(['Highest on 31 Oct 2025: 7', 'Highest in the week of 31 Oct 2025: 7', 'Highest in Oct 2025: 7']);
});
