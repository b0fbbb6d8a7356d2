import { describe, expect, test } from 'vitest';
import type { CalendarDay, LedgerLine, Metric, UnusedMember } from '../api/types';
import { overlapNote } from '../metrics/metrics';
import { byMonth, calendarTitle, dayText, highestDay, monthOf } from './calendar';
import { driversTitle, operatorDrivers } from './drivers';
import { ledgerAmount, ledgerLabel } from './ledger';
import { archetypesTitle, concentrationTitle, indexText, seasonsTitle, sinceText, surpriseText, unusedTitle } from './words';

const use = { id: 'utilisation_time', name: 'Time plugged in', format: 'percent', unit_label: '% of time' } as Metric;
const sourced = { coverage: null!, provenance: null! };

describe('drivers', () => {
  const row = (operator: string, unique_drivers: number | null, top5_share: number | null) => ({ operator, operator_name: operator.toUpperCase(), unique_drivers, top1_share: top5_share === null ? null : top5_share / 2, top5_share });

  test('are told of operators that report them, the most concentrated first', () => {
    const told = operatorDrivers([row('a', 40, 0.2), row('b', null, null), row('c', 900, 0.25)]);
    expect(told.map(({ name, drivers, top1 }) => [name, drivers, top1])).toEqual([['C', 900, 0.125], ['A', 40, 0.1]]);
    expect(driversTitle(told)).toBe('At most 25.0% of an operator’s energy goes to its five heaviest drivers');
    expect(driversTitle(told.slice(1))).toBe('The five heaviest drivers take 20.0% of the energy');
  });
  test('where all are among the five, or none is reported, that is said', () => {
    expect(driversTitle(operatorDrivers([row('a', 1, 1)]))).toBe('All of the energy goes to 1 driver');
    expect(driversTitle([])).toMatch(/^No operator here reports/);
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
    expect(unusedTitle(of)).toBe('157 of 3,406 charge points stand unused, 103 of them not once in this period');
    expect(unusedTitle({ ...of, evses_unused: 0, evses_never_used: 0 })).toBe('All 3,406 charge points are in use');
    expect(unusedTitle({ ...of, evses: 0 })).toBe('No charge point was in service at the end of this period');
  });
  const member: UnusedMember = { evse: 'gb-a:1', location: 'gb-a:S', location_name: 'S', state: 'fell_silent', last_used: '2026-03-28', first_reported: '2025-10-01', last_reported: '2026-09-30', days_since_use: 186, reported_days_since: 186, sessions_before: 20, expected_sessions: 9, chance_of_none: 1 / 2300, one_in: 2300 };
  test('a silence is told with what was expected and its chance, no finer than the model is', () => {
    expect(sinceText(member)).toBe('Since 28 Mar 2026, 186 days');
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
