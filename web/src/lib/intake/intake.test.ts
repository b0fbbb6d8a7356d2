import { describe, expect, test } from 'vitest';
import type { FieldInfo, Layout, ProfileColumn, SharingMonth, SharingOperator, SubmitResult, Tracker } from '../api/intake-types';
import { bytes } from '../format/number';
import { declared, span, title } from '../format/submission';
import { clashes, COMMA, headerRows, missingFields, placeOf, roleOf, sameHeader, sameLayout, sureness, whole, withRole } from './mapping';
import { holdingFirst, reasonLine, reasons } from './holding';
import { narrow, NEEDS, nextHref, nextStep, pages, standing } from './next';
import { operatorsOf } from './operators';
import { pickedPeriod, wrongMonths, wrongOperator } from './period';
import { became } from './queue.svelte';
import { dayFinding, everyDay, evidenceRows, withTitles } from './repair';
import { arrival, completeness, lateness, series, share } from './sharing';
import { cellByKey, firstCell, returnsOf, trackedRows, trackerFinding, years } from './tracker';
import { uploadPath } from './upload';

describe('what became of files that were sent', () => {
  test('calls no file checked that could not be read', () => {
    const result = (error: SubmitResult['error']): SubmitResult => ({ error }) as SubmitResult;
    const read = { stage: 'done' as const, results: [result(null)] };
    const unread = { stage: 'done' as const, results: [result({ code: 'damaged_file', message: '', advice: '' })] };
    expect(became([read])).toBe('The file is checked');
    expect(became([read, read])).toBe('Both files are checked');
    expect(became([unread])).toBe('The file could not be read whole');
    expect(became([read, unread, read])).toBe('1 of 3 files could not be read whole, the others are checked');
    expect(became([read, { stage: 'failed' as const, results: [] }])).toBe('1 of 2 files could not be sent');
  });
});

describe('the next step of a return', () => {
  test('is the layout, then the repair, then accepting', () => {
    const of = (state: 'received' | 'checked' | 'accepted' | 'withdrawn', openRepairs = 0, needs_decision = openRepairs > 0): string => nextStep({ state, openRepairs, needs_decision });
    expect(of('received', 1)).toBe('layout');
    expect(of('checked', 1)).toBe('repair');
    expect(of('checked')).toBe('accept');
    expect(of('accepted')).toBe('none');
    expect(of('accepted', 1)).toBe('repair');
    expect(of('accepted', 0, true)).toBe('layout');
    expect(of('withdrawn', 1)).toBe('none');
    expect([nextHref(7, 'layout'), nextHref(7, 'repair'), nextHref(7, 'accept')]).toEqual(['/data/7/layout', '/data/7#repairs', '/data/7']);
  });
  test('follows what was decided since the file was sent', () => {
    const sent = { state: 'checked', report: { repairs: [{ state: 'open', provable: true }, { state: 'open', provable: false }], findings: [], profile: { name: 'kerbwatt' } } } as unknown as SubmitResult;
    expect(nextStep(standing(sent, null))).toBe('repair');
    expect(nextStep(standing(sent, { state: 'checked', needs_decision: false }))).toBe('accept');
    expect(nextStep(standing(sent, { state: 'accepted', needs_decision: false }))).toBe('none');
  });
  test('is to look where a finding or a layout holds it back', () => {
    const sent = (findings: { rule: string; title: string; holds?: boolean }[], name = 'kerbwatt'): SubmitResult => ({ state: 'checked', report: { repairs: [], findings, profile: { name } } }) as unknown as SubmitResult;
    const step = (result: SubmitResult): string => nextStep(standing(result, null));
    expect(step(sent([{ rule: 'any', title: 'Odd', holds: true }]))).toBe('look');
    expect(step(sent([{ rule: 'mostly_set_aside', title: 'Most', holds: false }, { rule: 'long_stay', title: 'Long', holds: false }]))).toBe('accept');
    expect(step(sent([], 'proposed'))).toBe('look');
    expect(nextStep(standing(sent([]), { state: 'checked', needs_decision: true })), 'as the hub says').toBe('look');
    expect(nextHref(7, 'look')).toBe('/data/7');
  });
});

test('what holds a return back is told first, and in one line', () => {
  const findings = [{ rule: 'long_stay', title: 'Long', holds: false }, { rule: 'any', title: 'Odd', holds: true }];
  expect(holdingFirst(findings).map(({ rule }) => rule)).toEqual(['any', 'long_stay']);
  expect(reasonLine(reasons(findings, { name: 'proposed' }))).toBe('Odd; Its layout is a proposal that nobody has confirmed');
  expect(reasons([findings[0]!], null)).toEqual([]);
});

test('the list narrows to a state, to what needs a decision, to operators and to returns of a month', () => {
  const list = [
    { id: 1, state: 'checked' as const, operator: 'gb-a', needs_decision: true },
    { id: 2, state: 'checked' as const, operator: 'gb-b', needs_decision: false },
    { id: 3, state: 'accepted' as const, operator: 'gb-b', needs_decision: false },
  ];
  const ids = (by: Partial<Parameters<typeof narrow>[1]>): number[] => narrow(list, { state: null, operators: [], ids: null, ...by }).map(({ id }) => id);
  expect(ids({})).toEqual([1, 2, 3]);
  expect(ids({ state: NEEDS })).toEqual([1]);
  expect(ids({ state: 'checked', operators: ['gb-b'] })).toEqual([2]);
  expect(ids({ ids: new Set([3]) })).toEqual([3]);
  expect([pages(0, 15), pages(15, 15), pages(16, 15)]).toEqual([1, 1, 2]);
});

describe('the tracker', () => {
  const tracker: Tracker = {
    months: ['2025-11', '2025-12', '2026-01'],
    operators: [
      { id: 'gb-a', name: 'Ald', months: [{ month: '2025-12', state: 'accepted', submissions: [4], superseded: [], rows: 1204 }, { month: '2026-01', state: 'needs_decision', submissions: [5, 6], superseded: [5], rows: 1 }] },
      { id: 'gb-b', name: 'Bri', months: [{ month: '2025-12', state: 'missing', submissions: [], superseded: [], rows: 0 }] },
    ],
  };
  test('has a cell for every month, and one that leads to its returns', () => {
    const [first, second] = trackedRows(tracker, []);
    expect(first!.cells.map(({ href }) => href)).toEqual([null, '/data/4', '/data?operator=gb-a&month=2026-01#returns']);
    expect(first!.cells.map(({ name }) => name)).toEqual(['Ald, Nov 2025: nothing expected', 'Ald, Dec 2025: accepted, 1,204 rows', 'Ald, Jan 2026: needs a decision, 2 returns, 1 of them replaced by a later one, 1 row']);
    expect(second!.missing).toBe(1);
    expect(trackedRows(tracker, ['gb-b']).map(({ id }) => id)).toEqual(['gb-b']);
  });
  test('says what is missing and what waits', () => {
    expect(trackerFinding(trackedRows(tracker, []))).toBe('1 month is missing, 1 waits for a decision');
    expect(trackerFinding(trackedRows({ ...tracker, operators: [] }, []))).toBe('No operator to follow');
  });
  test('does not count a month as missing that the hub says is not due, and starts a return for it', () => {
    const not_due = { month: '2026-01', state: 'not_due' as const, submissions: [], superseded: [], rows: 0 };
    const rows = trackedRows({ ...tracker, operators: [{ id: 'gb-c', name: 'Cob', months: [not_due] }] }, []);
    expect([trackerFinding(rows), rows[0]!.missing, rows[0]!.cells[2]!.name, rows[0]!.cells[2]!.send]).toEqual(['No month is missing', 0, 'Cob, Jan 2026: not due yet', true]);
  });
  test('is gone through by arrow keys from sign to sign', () => {
    const rows = trackedRows(tracker, []);
    const from = { row: 0, column: 1 };
    expect(firstCell(rows)).toEqual({ row: 0, column: 2 });
    expect(['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'Home', 'End', 'a'].map((key) => cellByKey(rows, from, key))).toEqual([{ row: 0, column: 2 }, null, { row: 1, column: 1 }, null, from, { row: 0, column: 2 }, null]);
    expect(firstCell([])).toBeNull();
  });
  test('heads its months by year', () => {
    expect(years(tracker.months).map(({ year, months }) => [year, months.map(({ short }) => short)])).toEqual([['2025', ['Nov', 'Dec']], ['2026', ['Jan']]]);
  });
  test('knows the returns of a month', () => {
    expect([...returnsOf(tracker, '2026-01', [])]).toEqual([5, 6]);
    expect([...returnsOf(tracker, '2026-01', ['gb-b'])]).toEqual([]);
  });
});

describe('a layout', () => {
  const layout: Layout = {
    name: 'own', title: 'Own', kind: 'sessions', zone: 'UTC', times: 'day_first', energy: 'kwh', fee: 'pounds', duration: 'minutes', comma_decimal: null,
    columns: { plug_in: ['Start', 'START TIME'], energy: ['kWh'] }, ignored: ['Remark'], footer: 2,
  };
  const column = (name: string): ProfileColumn => ({ column: name, field: null, confidence: 0, why: null, samples: [] });
  const columns = ['Start', 'kWh', 'Remark', 'Cost'].map(column);
  test('reads headers as intake does', () => {
    expect(sameHeader('CP ID', 'cp_id')).toBe(true);
    expect(sameHeader('CP ID', 'CP IDs')).toBe(false);
    expect([roleOf(layout, 'start_time'), roleOf(layout, 'Remark')]).toEqual(['plug_in', null]);
  });
  test('gives a column another role and keeps all else', () => {
    const next = withRole(layout, 'Start', 'plug_out');
    expect(next.columns).toEqual({ plug_in: ['START TIME'], energy: ['kWh'], plug_out: ['Start'] });
    expect(next['footer']).toBe(2);
    expect(layout.columns['plug_in']).toEqual(['Start', 'START TIME']);
    expect(withRole(layout, 'Remark', 'fee').ignored).toEqual([]);
  });
  test('leaves a column aside, and takes it back', () => {
    const aside = withRole(layout, 'kWh', null);
    expect([aside.columns['energy'], aside.ignored]).toEqual([undefined, ['Remark', 'kWh']]);
    expect(sameLayout(withRole(aside, 'kWh', 'energy'), layout)).toBe(true);
    expect(sameLayout(aside, layout)).toBe(false);
    expect(sameLayout({ ...layout, comma_decimal: COMMA.options[1]!.set }, layout)).toBe(false);
  });
  test('is made whole where the server leaves out what is empty', () => {
    const { ignored: _, ...sent } = layout;
    expect(whole({ ...sent, columns: { energy: 'kWh' } } as unknown as Layout)).toMatchObject({ columns: { energy: ['kWh'] }, ignored: [] });
    expect(withRole({ ...layout, required: ['energy', 'plug_in'] }, 'kWh', null).required).toEqual(['plug_in']);
  });
  test('names what is missing and what is said twice', () => {
    const fields: FieldInfo[] = [{ id: 'energy', title: 'Energy', help: '', needed: 'always' }, { id: 'fee', title: 'Fee', help: '', needed: 'optional' }, { id: 'evse', title: 'EVSE', help: '', needed: 'one_of', group: 'point' }, { id: 'device', title: 'Device', help: '', needed: 'one_of', group: 'point' }];
    expect(missingFields(layout, columns, fields)).toEqual(['EVSE or Device']);
    expect(missingFields({ ...layout, constants: { device: 'hub' } }, columns, fields)).toEqual([]);
    expect(missingFields(withRole(withRole(layout, 'Cost', 'evse'), 'kWh', 'fee'), columns, fields)).toEqual(['Energy']);
    expect(clashes(withRole(layout, 'Cost', 'energy'), columns)).toEqual([{ field: 'energy', columns: ['kWh', 'Cost'] }]);
    expect(clashes(layout, columns)).toEqual([]);
  });
  test('tells how sure it is in words', () => {
    expect([1, 0.9, 0.74, 0.3].map(sureness)).toEqual(['certain', 'certain', 'likely', 'unsure']);
  });
});

describe('a repair', () => {
  const none = { outside_period: 0, overlaps: 0, steps_back: 0, end_before_start: 0, implausible_power: 0, missing_hours: 0, contradicts_duration: 0 };
  test('shows only evidence that tells something', () => {
    expect(evidenceRows({ before: { ...none, overlaps: 312 }, after: { ...none, missing_hours: 1 } }).map(({ before, after }) => [before, after])).toEqual([[312, 0], [0, 1]]);
  });
  test('draws every day between the first and the last, unless they lie decades apart', () => {
    const days = [{ day: '2026-01-03', before: 1, after: 0 }, { day: '2026-01-01', before: 0, after: 2 }];
    expect(everyDay(days).map(({ day, before, after }) => [day, before, after])).toEqual([['2026-01-01', 0, 2], ['2026-01-02', 0, 0], ['2026-01-03', 1, 0]]);
    expect(everyDay([{ day: '1970-01-01', before: 1, after: 0 }, ...days])).toHaveLength(3);
    expect(everyDay([])).toEqual([]);
  });
  test('is told by its title', () => {
    const repairs = [{ kind: 'day_month_swap', title: 'Day and month exchanged' }];
    expect(withTitles('Repair day_month_swap applied', repairs)).toBe('Repair “Day and month exchanged” applied');
    expect(withTitles('Received and checked', repairs)).toBe('Received and checked');
  });
  test('says how the stretch of days shrinks', () => {
    expect(dayFinding([{ day: '2026-01-01', before: 5, after: 0 }, { day: '2026-07-01', before: 0, after: 2 }, { day: '2026-07-02', before: 1, after: 2 }])).toBe('The sessions cover 2 days in place of 183');
    expect(dayFinding([{ day: '2026-01-01', before: 5, after: 4 }])).toBe('The sessions stay on the same stretch of days');
  });
});

test('a column without a name is known by its place, and a layout without a word of its header has one row', () => {
  expect(['column 3', 'Column 12', 'Column', 'Column 3 (2)'].map(placeOf)).toEqual([3, 12, null, null]);
  const layout = { header_rows: undefined } as unknown as Layout;
  expect([headerRows(layout), headerRows({ ...layout, header_rows: 0 })]).toEqual([1, 0]);
});

describe('data sharing', () => {
  const month = (more: Partial<SharingMonth>): SharingMonth => ({ month: '2026-01', days_late: null, missing: false, sessions: 10, expected_evses: 4, reporting_evses: 3, unregistered_evses: 0, profile: null, layout_changed: false, ...more });
  const of = (more: Partial<SharingOperator>): SharingOperator => ({ id: 'gb-a', name: 'A', months: [], returns: [], overall: { timeliness_days_median: null, completeness: null, unregistered_evses: 0, layouts: 0, warning_share: null, error_share: null, missing_months: 0 }, ...more });
  test('has words for late, early, on time and unknown', () => {
    expect([12, 1, 0.2, -2, null].map(lateness)).toEqual(['12 days late', '1 day late', 'On time', '2 days early', '–']);
  });
  test('rounds shares without hiding small ones', () => {
    expect([0, 0.0004, 0.004, 0.34, 0.999, 1, null].map(share)).toEqual(['0%', 'under 1%', '0.4%', '34%', '99%', '100%', '–']);
  });
  test('leaves unknown what cannot be known', () => {
    expect(completeness(month({ expected_evses: 0 }))).toBeNull();
    expect(completeness(month({ reporting_evses: null })), 'no return came').toBeNull();
    const sent = { submission: 1, file: 'a.csv', part: '', received: '2026-02-01', covers: null, rows: 10, warning_share: 0.1, error_share: null, duplicate_share: 0 };
    expect(series(of({ months: [month({}), month({ reporting_evses: null })], returns: [sent] }))).toEqual({ late: [null, null], complete: [0.75, null], warnings: [0.1], errors: [null] });
  });
  test('counts a month that never came as late', () => {
    expect([month({ days_late: 95, missing: true }), month({ days_late: 3 })].map(arrival)).toEqual(['Missing, 95 days late so far', '3 days late']);
  });
});

test('months picked become a period, or a reason why not', () => {
  expect(pickedPeriod('', '')).toEqual({ period: null, wrong: null });
  expect(pickedPeriod('2025-10', '').period).toBe('2025-10');
  expect(pickedPeriod('2025-10', '2025-12').period).toBe('2025-10..2025-12');
  expect(pickedPeriod('2025-12', '2025-10').wrong).toContain('before');
  expect(pickedPeriod('Oct', '').wrong).toContain('2025-10');
});

test('the month field at fault is known', () => {
  const at = (first: string, last: string): boolean[] => Object.values(wrongMonths(first, last));
  expect([at('', ''), at('2025-12', '2025-10'), at('Oct', '2025-10'), at('2025-10', 'Oct'), at('a', 'b')]).toEqual([[true, false], [false, true], [true, false], [false, true], [true, true]]);
});

test('an operator’s id is country and party', () => {
  expect(wrongOperator(' GB-xyz ')).toBeNull();
  for (const id of ['', 'gb', 'gbr-xyz', 'gb-x', 'gb-xy z']) expect(wrongOperator(id), id).not.toBeNull();
});

test('an upload names its operator, file and period', () => {
  const sender = { operator: 'gb-xyz', operatorName: null, period: '2025-10..2025-12' };
  expect(uploadPath('a & b.csv', sender, false)).toBe('/submissions?operator=gb-xyz&file=a%20%26%20b.csv&period=2025-10..2025-12');
  expect(uploadPath('a.csv', { operator: 'gb-new', operatorName: 'New & Co', period: null }, true)).toBe('/check?operator=gb-new&file=a.csv&operator_name=New%20%26%20Co');
});

test('words for a return', () => {
  expect(span({ first: '2025-10', last: '2025-12' })).toBe('1 Oct – 31 Dec 2025');
  expect(declared({ declared: null, found: { first: '2025-10-02', last: '2025-10-02' }, period: null })).toBe('2 Oct 2025, as found');
  expect(title({ file: 'q3.xlsx', part: 'Sep', nothing_to_report: false })).toBe('q3.xlsx › Sep');
  expect([bytes(1), bytes(1400), bytes(2.5e7)]).toEqual(['1 byte', '1.4 kB', '25 MB']);
});

test('operators are those with figures and those whose returns wait', () => {
  const returns = [{ operator: 'gb-b', operator_name: 'Ald' }, { operator: 'gb-a', operator_name: 'Old name' }];
  expect(operatorsOf({ operators: [{ id: 'gb-a', name: 'Bri' }] }, returns).map(({ name }) => name)).toEqual(['Ald', 'Bri']);
});
