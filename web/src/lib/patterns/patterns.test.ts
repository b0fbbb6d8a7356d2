import { describe, expect, test } from 'vitest';
import type { Answer, CalendarDay, LedgerLine, Metric, Row, UnusedMember } from '../api/types';
import { overlapNote } from '../metrics/metrics';
import { byMonth, calendarTitle, dayText, highestDay, monthOf } from './calendar';
import { driversText, driversTitle, operatorDrivers } from './drivers';
import { ledgerAmount, ledgerByOperator, ledgerLabel, undivided } from './ledger';
import { archetypesTitle, concentrationTitle, indexText, seasonsTitle, sinceText, surpriseText, topText, unusedTitle } from './words';

const use = { id: 'utilisation_time', name: 'Time plugged in', format: 'percent', unit_label: '% of time' } as Metric;
const sourced = { coverage: null!, provenance: null! };

/** Denominators of the share of the five heaviest, with the amounts of each row. */
function ledgerOf(rows: number[][]): Answer['ledger'] {
  const line = (id: string, label: string, role: LedgerLine['role']): LedgerLine => ({ id, label, role, unit: 'kWh', amount: 250 });
  const lines = [line('started', 'Energy of sessions started', 'start'), line('no_driver', 'Of sessions without a driver', 'minus'), line('denominator', 'Divided by', 'denominator')];
  return { rates: [{ metric: 'top5_share', lines, rows }], left_out: [], repaired: [] };
}

describe('drivers', () => {
  const row = (operator: string, unique_drivers: number | null, top5_share: number | null) => ({ operator, operator_name: operator.toUpperCase(), unique_drivers, top1_share: top5_share === null ? null : top5_share / 2, top5_share });

  test('are told of operators that report them, the most concentrated first', () => {
    const told = operatorDrivers({ rows: [row('a', 40, 0.2), row('b', null, null), row('c', 900, 0.25)], ledger: null });
    expect(told.map(({ name, drivers, top1 }) => [name, drivers, top1])).toEqual([['C', 900, 0.125], ['A', 40, 0.1]]);
    expect(driversTitle(told)).toBe('At most 25.0% of an operator’s energy with a known driver goes to its five heaviest');
    expect(driversTitle(told.slice(1))).toBe('The five heaviest drivers take 20.0% of the energy with a known driver');
  });
  test('where all are among the five, or none is reported, that is said', () => {
    expect(driversTitle(operatorDrivers({ rows: [row('a', 1, 1)], ledger: null }))).toBe('All of the energy with a known driver goes to 1 driver');
    expect(driversTitle([])).toMatch(/^No operator here reports/);
  });
  test('stand beside how much of the energy has a known driver at all, row by row', () => {
    const rows: Row[] = [row('b', null, null), row('a', 900, 0.25)];
    const told = operatorDrivers({ rows, ledger: ledgerOf([[50, 50, 0], [200, 34, 166]]) })[0]!;
    expect(told.known).toBeCloseTo(0.83, 12);
    expect(driversText(told)).toBe('900 drivers; the heaviest takes 12.5%, the five heaviest 25.0%. The driver is known for 83% of the energy');
    expect(driversText({ ...told, drivers: 1, known: null })).toBe('1 driver, who takes all of it');
    expect(driversText({ ...told, drivers: 2, known: null })).toBe('2 drivers; the heaviest takes 12.5%');
  });
});

describe('the calendar', () => {
  const day = (text: string, weekday: number, value: number | null, state: CalendarDay['state'] = 'reported', coverage: number | null = 1): CalendarDay => ({ day: text, weekday, value, state, coverage });
  const days = [day('2025-10-30', 3, 0.2), day('2025-10-31', 4, 0.3), day('2025-11-01', 5, null, 'missing', 0), day('2025-11-02', 6, null, 'not_installed', null), day('2025-11-03', 0, 0.25, 'reported', 0.8)];

  test('puts days below their weekday, month by month', () => {
    const months = byMonth(days);
    expect(months.map(({ name, blanks, days: list }) => [name, blanks, list.length])).toEqual([['Oct 2025', 3, 2], ['Nov 2025', 5, 3]]);
    expect(months[1]!.days.map(({ at }) => at)).toEqual([2, 3, 4]);
  });
  test('gives the month of a day within the days that are shown', () => {
    expect(monthOf(days, 1)).toEqual({ from: '2025-10-30', to: '2025-10-31' });
    expect(monthOf(days, 2)).toEqual({ from: '2025-11-01', to: '2025-11-03' });
  });
  test('names the highest day and the days that are missing, which are not zero', () => {
    expect(highestDay(days)).toBe(1);
    expect(calendarTitle(days, use)).toBe('Highest on Friday 31 Oct 2025: 30.0%; no return on 1 day');
    expect(calendarTitle([days[2]!], use)).toBe('No figures by day in this period');
  });
  test('says why a share of time is above 100%, and of nothing else', () => {
    expect(overlapNote(use, 1.3)).toMatch(/^Above 100%: sessions overlap/);
    expect([overlapNote(use, 1), overlapNote({ ...use, unit_label: 'sessions' }, 7)]).toEqual([null, null]);
  });
  test('says why a day has no figure', () => {
    expect(days.map((one) => dayText(one, use))).toEqual([
      'Thursday 30 Oct 2025: 20.0%',
      'Friday 31 Oct 2025: 30.0%',
      'Saturday 1 Nov 2025: no return',
      'Sunday 2 Nov 2025: no charge point in service',
      'Monday 3 Nov 2025: 25.0% (returns for 80% of charge points)',
    ]);
  });
});

describe('seasons', () => {
  test('tell both ends against the year around them', () => {
    expect(seasonsTitle([{ month: 1, index: 1.17 }, { month: 6, index: 0.78 }, { month: 9, index: 1 }])).toBe('Highest in January, 17% above the year around it; lowest in June, 22% below');
    expect([1.17, 0.78, 1].map(indexText)).toEqual(['+17%', '−22%', '0%']);
  });
  test('of a year without seasons are not made up', () => {
    expect(seasonsTitle([{ month: 1, index: 1.001 }, { month: 2, index: 0.999 }])).toBe('Every month is about as busy as the year around it');
    expect(seasonsTitle([])).toBe('No seasons can be told yet');
  });
});

describe('charge points', () => {
  test('half of the energy is told in charge points or sites', () => {
    const of = { ...sourced, by: 'evse', metric: 'energy_kwh', unit: 'kWh', total: 1, members: 3470, members_in_use: 3363, gini: 0.56, half: { members: 365, share_of_members: 0.105 }, top: [], curve: [], largest: [] };
    expect(concentrationTitle(of)).toBe('Half of the energy comes from 365 of 3,470 charge points');
    expect(concentrationTitle({ ...of, by: 'location', members: 8, half: { members: 2, share_of_members: 0.25 } })).toBe('Half of the energy comes from 2 of 8 sites');
    expect(concentrationTitle({ ...of, half: null })).toBe('No energy was delivered in this period');
  });
  test('the busiest are told by their share, or by their number where whole ones are no such share', () => {
    expect(topText(0.01, 3470, 'evse')).toBe('busiest 1% of charge points');
    expect([topText(0.2, 5, 'location'), topText(0.2, 7, 'evse')]).toEqual(['busiest 20% of sites', 'busiest 1 of 7 charge points']);
  });
  test('the commonest kind is one with a shape', () => {
    const kind = (id: string, members: number, week: number[]) => ({ id, name: id, sentence: '', members, share_of_plugged: null, week });
    const of = { ...sourced, by: 'evse', from: null, to: null, members: [], total_members: 9, kinds: [kind('Overnight', 2, [1]), kind('Too little', 7, [])] };
    expect(archetypesTitle(of)).toBe('Overnight is the commonest kind: 2 of 9 charge points');
    expect(archetypesTitle({ ...of, kinds: [kind('Too little', 9, [])] })).toBe('Too little use to tell a kind for any charge point');
    const month = { ...of, from: '2026-09-01', to: '2026-09-30', kinds: [kind('Overnight', 2, [1]), kind('too_little_use', 7, [1])] };
    expect(archetypesTitle(month)).toBe('Too little use to tell a kind for 7 of 9 charge points; choose a longer period');
    expect(archetypesTitle({ ...month, from: '2025-10-01' })).toBe('Too little use to tell a kind for 7 of 9 charge points');
  });
  test('unused ones are counted, with those not used in the period apart', () => {
    const of = { ...sourced, min_days: 28, evses: 3406, evses_unused: 157, evses_never_used: 103, members: [] };
    const year = { from: '2025-10-01', to: '2026-09-30' };
    expect(unusedTitle(of, year)).toBe('157 of 3,406 charge points stand unused, 103 of them not once in this period');
    expect(unusedTitle({ ...of, evses: 0 }, year)).toBe('No charge point in service at the end of this period was reported on');
  });
  test('where none is listed, no more is said than that none was silent for so long; a short period tells nothing', () => {
    const of = { ...sourced, min_days: 28, evses: 3406, evses_unused: 0, evses_never_used: 0, members: [] };
    const title = (from: string, to: string, evses = 3406): string => unusedTitle({ ...of, evses }, { from, to });
    expect(title('2026-02-01', '2026-02-28')).toBe('None of 3,406 charge points has been unused for 28 reported days');
    expect(title('2026-03-15', '2026-03-28', 1), 'the past is read from the first of the month').toBe('It has not been unused for 28 reported days');
    expect(title('2026-03-15', '2026-03-27')).toBe('This period is too short to tell which charge points stand unused');
  });
  const member: UnusedMember = { evse: 'gb-a:1', location: 'gb-a:S', location_name: 'S', state: 'fell_silent', last_used: '2026-03-28', first_reported: '2025-10-01', last_reported: '2026-09-30', days_since_use: 186, reported_days_since: 186, sessions_before: 20, expected_sessions: 9, chance_of_none: 1 / 2300, one_in: 2300 };
  test('a silence is told with what was expected and its chance, no finer than the model is', () => {
    expect(sinceText(member)).toBe('Since 28 Mar 2026, 186 reported days');
    expect(surpriseText(member)).toBe('Expected 9 sessions in that time; chance of none 1 in 2,300');
    expect(surpriseText({ ...member, expected_sessions: 1, one_in: 2.5 })).toBe('Expected 1 session in that time; chance of none 1 in 2.5');
    expect(surpriseText({ ...member, one_in: 1e12 })).toContain('less than 1 in a million');
  });
  test('one that was never used has no past to tell from', () => {
    const never: UnusedMember = { ...member, state: 'never_used', last_used: null, days_since_use: null, expected_sessions: null, chance_of_none: null, one_in: null };
    expect([sinceText(never), surpriseText(never)]).toEqual(['Not used in this period; reported since 1 Oct 2025', 'No past to tell from']);
  });
});

test('the lines of a ledger are told in hours, with what each step does', () => {
  const line = (role: LedgerLine['role'], unit: string, amount: number): LedgerLine => ({ id: role, label: 'Live charge points × minutes', role, unit, amount });
  expect(ledgerAmount(line('start', 'EVSE-minutes', 21_129_720))).toBe('352,162 charge-point hours');
  expect(ledgerAmount(line('minus', 'EVSE-minutes', 90))).toBe('−\u20091.5 charge-point hours');
  expect(ledgerAmount(line('denominator', 'EVSE-seconds', 1_267_783_200))).toBe('÷\u2009352,162 charge-point hours');
  expect(ledgerAmount(line('left', 'sessions', 0))).toBe('=\u20090 sessions');
  expect([ledgerLabel(line('start', 'EVSE-minutes', 1)), ledgerLabel(line('start', 'sessions', 1))]).toEqual(['Live charge points × hours', 'Live charge points × minutes']);
});

test('a share within operators is opened operator by operator', () => {
  const rows: Row[] = [{ operator: 'a', operator_name: 'A', top5_share: null }, { operator: 'b', operator_name: 'B', top5_share: 0.25 }];
  const share = { ...use, id: 'top5_share', short_name: 'Top five', unit_label: '% of energy' };
  const { columns, rows: cells } = ledgerByOperator({ rows, ledger: ledgerOf([[50, 50, 0], [200, 34, 166]]) }, share);
  expect(columns.map(({ label }) => label)).toEqual(['Operator', 'Energy of sessions started', 'Of sessions without a driver', 'Divided by', 'Top five']);
  expect(cells).toEqual([['A', '50.0 kWh', '−\u200950.0 kWh', '÷\u20090 kWh', '–'], ['B', '200 kWh', '−\u200934.0 kWh', '÷\u2009166 kWh', '25.0%']]);
});

test('what is not divided is said to be what it is', () => {
  const of = (combine: Metric['combine']): string => undivided({ combine });
  expect([of('sum'), of('quantile'), of('maximum')]).toEqual(['It is an amount or a count: nothing is divided.', 'It is the middle of single values: nothing is divided.', 'It is the highest of single values: nothing is divided.']);
});
