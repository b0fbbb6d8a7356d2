/** Invented returns for the mock: every quarter of four operators, and one return of each state that needs a person. */
import type { DayCount, FieldInfo, Layout, Measures, ProfileColumn, Repair, SubmissionDetail } from '../src/lib/api/intake-types';

export const OPERATORS = [
  ['gb-ald', 'Alderbrook Street Charging'],
  ['gb-arw', 'Arrowmere Ultra'],
  ['gb-cbl', 'Cobbleway Charging'],
  ['gb-pwk', 'Pennywick Kerbside'],
] as const;

const LAST_DAY = { '03': '31', '06': '30', '09': '30', '12': '31' } as Record<string, string>;
const QUARTERS = ['2024-12', '2025-03', '2025-06', '2025-09', '2025-12', '2026-03', '2026-06', '2026-09'];

export const monthsOf = (last: string): string[] => [2, 1, 0].map((back) => before(last, back));

function before(month: string, back: number): string {
  return new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)) - 1 - back, 1)).toISOString().slice(0, 7);
}

const NONE: Measures = { outside_period: 0, overlaps: 0, steps_back: 0, end_before_start: 0, implausible_power: 0, missing_hours: 0, contradicts_duration: 0 };

const COLUMNS: ProfileColumn[] = [
  { column: 'Charging event', field: 'session_id', confidence: 0.98, why: 'The name says so, and no value repeats', samples: ['88120', '88121', '88124'] },
  { column: 'Charge Point ID', field: 'device', confidence: 0.97, why: 'The name says so, and 41 values repeat', samples: ['50911', '50914', '50923'] },
  { column: 'Conn', field: 'connector', confidence: 0.74, why: 'Small whole numbers; the name is a short form of connector', samples: ['1', '2'] },
  { column: 'From', field: 'plug_in', confidence: 0.93, why: 'Dates with times, never after the other date column', samples: ['03/07/2026 08:12', '14/07/2026 19:40', '02/07/2026 07:01'] },
  { column: 'Until', field: 'plug_out', confidence: 0.91, why: 'Dates with times, never before the other date column', samples: ['03/07/2026 10:31', '15/07/2026 06:58', '02/07/2026 08:25'] },
  { column: 'Drawn', field: 'energy', confidence: 0.55, why: 'Gives between 1 and 11 kW over the time plugged in, if it is kWh', samples: ['14.21', '31.75', '6.02'] },
  { column: 'Member', field: 'driver', confidence: 0.88, why: 'Looks like an account; its values are never shown', samples: ['(hidden)', '(hidden)'] },
  { column: 'Remark', field: null, confidence: 0, why: null, samples: ['ok', 'cable stuck'] },
];

const LAYOUT: Layout = {
  name: 'proposed', title: 'Proposed', required: ['energy'], kind: 'sessions', zone: 'Europe/London', times: 'day_first', energy: 'kwh', fee: 'pounds', duration: 'minutes', comma_decimal: null,
  columns: { session_id: ['Charging event'], device: ['Charge Point ID'], connector: ['Conn'], plug_in: ['From'], plug_out: ['Until'], energy: ['Drawn'], driver: ['Member'] },
  ignored: ['Remark'],
};

export const FIELDS: FieldInfo[] = [
  { id: 'session_id', title: 'Session number', help: 'The operator’s own number of the session', needed: 'optional' },
  { id: 'evse', title: 'Charge point (EVSE)', help: 'Serves one vehicle at a time', needed: 'one_of', group: 'charge_point' },
  { id: 'device', title: 'Device', help: 'The unit on the pavement; with the connector it names the charge point', needed: 'one_of', group: 'charge_point' },
  { id: 'connector', title: 'Connector', help: 'Number or letter of the socket', needed: 'optional' },
  { id: 'plug_in', title: 'Plugged in', help: 'Date and time at which the vehicle was plugged in', needed: 'always' },
  { id: 'plug_out', title: 'Unplugged', help: 'Date and time at which it was unplugged', needed: 'one_of', group: 'end' },
  { id: 'duration', title: 'Time plugged in', help: 'In place of the end', needed: 'one_of', group: 'end' },
  { id: 'energy', title: 'Energy', help: 'Energy delivered', needed: 'always' },
  { id: 'fee', title: 'Fee', help: 'What the driver paid', needed: 'optional' },
  { id: 'driver', title: 'Driver', help: 'Kept only as a pseudonym', needed: 'optional' },
];

/** Sessions by day, read as sent with days up to 12 taken for months, and read right. */
function swapped(): DayCount[] {
  const days = new Map<string, DayCount>();
  const at = (day: string): DayCount => days.get(day) ?? days.set(day, { day, before: 0, after: 0 }).get(day)!;
  for (const month of monthsOf('2026-09')) {
    for (let date = 1; date <= 30; date += 1) {
      const sessions = 30 + ((date * 7) % 11);
      const two = String(date).padStart(2, '0');
      at(`${month}-${two}`).after += sessions;
      at(date <= 12 ? `2026-${two}-${month.slice(5)}` : `${month}-${two}`).before += sessions;
    }
  }
  return [...days.values()];
}

export function swap(): Repair {
  return {
    kind: 'day_month_swap', title: 'Day and month are swapped', rows: 1182, provable: true, state: 'open',
    says: '1,182 of 3,164 rows have a day of 12 or less, and in nearly all of these the day stands where the month belongs: an export tool read them as month/day. Read the other way, every row falls into the declared quarter and no session overlaps another.',
    evidence: {
      before: { ...NONE, outside_period: 1041, overlaps: 312, steps_back: 655, end_before_start: 88 },
      after: { ...NONE, overlaps: 2 },
      kinds: [
        { id: 'period', verdict: 'agrees', says: '1,041 rows lie outside the declared quarter as sent, none when exchanged.' },
        { id: 'order', verdict: 'agrees', says: '655 rows go back in time as sent, none when exchanged.' },
        { id: 'week', verdict: 'silent', says: 'The days of the week look alike both ways.' },
      ],
    },
    unresolved: 2,
    headline: { before: { sessions: 3071, energy_kwh: 41210.4, first_day: '2026-01-07', last_day: '2026-12-09' }, after: { sessions: 3159, energy_kwh: 42388.9, first_day: '2026-07-01', last_day: '2026-09-30' } },
    by_day: swapped(),
    examples: [
      { row: 4, column: 'plug_in', before: '2026-03-07 08:12', after: '2026-07-03 08:12' },
      { row: 4, column: 'plug_out', before: '2026-03-07 10:31', after: '2026-07-03 10:31' },
      { row: 19, column: 'plug_in', before: '2026-11-08 18:20', after: '2026-08-11 18:20' },
    ],
  };
}

const FINDINGS: SubmissionDetail['findings'] = [
  { rule: 'end_before_start', severity: 'error', title: 'Ends before it starts', count: 26, advice: 'Check the two times and send these rows again.', holds: false, limits: [], examples: [{ row: 112, column: 'Until', value: '2025-10-12 06:20' }] },
  { rule: 'energy_too_high', severity: 'error', title: 'More energy than a vehicle holds', count: 9, advice: 'Check the unit: is this Wh?', holds: false, limits: [], examples: [{ row: 240, column: 'Drawn', value: '1430' }] },
  { rule: 'long_stay', severity: 'warning', title: 'Plugged in for more than two days', count: 41, advice: 'Nothing to do where the vehicle did stay.', holds: false, limits: [], examples: [{ row: 77, column: 'Until', value: '2025-11-03 09:00' }] },
];

function base(id: number, operator: number, last: string): SubmissionDetail {
  const [code, name] = OPERATORS[operator]!;
  const rows = 2400 + ((id * 137) % 900);
  const kwh = rows * 13.4;
  const first = `${monthsOf(last)[0]}-01`;
  const end = `${last}-${LAST_DAY[last.slice(5)]}`;
  return {
    id, operator: code, operator_name: name, file: `${code}-${last}.csv`, part: '', received_at: `${end}T09:20:00Z`, state: 'accepted', needs_decision: false, nothing_to_report: false,
    period: { from: first, to: end }, declared: { first, last: end }, found: { first, last: end }, rows_read: rows, accepted: rows - 40, flagged: 41, quarantined: 35, duplicates: 5, repeated: 0, superseded: 0,
    energy_kwh: { read: kwh, accepted: kwh - 500, quarantined: 430, duplicates: 70 }, accepted_at: `${end}T10:00:00Z`, decided_at: `${end}T10:00:00Z`, repairs_applied: [],
    profile: { name: 'kerbwatt', title: 'Kerbwatt sessions', confidence: 1, own: false, columns: COLUMNS.map((one) => ({ ...one, confidence: 1, why: null })) },
    findings: FINDINGS, sha256: '9f2c1e'.repeat(10) + 'abcd', layout: LAYOUT, missing: [], repairs: [], others: [],
    history: [
      { decision: id * 10 + 1, at: `${end}T10:00:00Z`, kind: 'accept', says: `Accepted ${rows - 40} rows`, undone: false, can_undo: true },
      { decision: id * 10, at: `${end}T09:20:00Z`, kind: 'received', says: 'Received from the web app', undone: false, can_undo: false },
    ],
  };
}

const received = (one: SubmissionDetail): SubmissionDetail['history'] => one.history.slice(1);

/** All returns, newest last. */
export function returns(): SubmissionDetail[] {
  const list: SubmissionDetail[] = [];
  for (const last of QUARTERS) {
    OPERATORS.forEach((_, at) => {
      const gap = (at === 1 && last === '2025-12') || (last === '2026-09' && at > 0);
      if (!gap && !(at === 3 && last < '2025-06')) list.push(base(list.length + 1, at, last));
    });
  }
  const next = (operator: number, more: Partial<SubmissionDetail>): void => {
    const one = base(list.length + 1, operator, '2026-09');
    list.push({ ...one, accepted_at: null, decided_at: null, history: received(one), ...more });
  };
  list[8]!.others = [{ submission: 12, file: list[11]!.file, kind: 'replaced_by', rows: 210, energy_kwh: 2811.2 }, { submission: 5, file: list[4]!.file, kind: 'repeats', rows: 5, energy_kwh: 70 }];
  list[8]!.superseded = 210;
  next(1, { state: 'received', needs_decision: true, file: 'usage export (final) v2.xlsx', part: 'Q3', accepted: 0, flagged: 0, quarantined: 0, duplicates: 0, rows_read: 0, energy_kwh: { read: 0, accepted: 0, quarantined: 0, duplicates: 0 }, findings: [], missing: [], doubts: ['The energy column is named by nothing but its values.'], declared: null, profile: { name: 'proposed', title: 'Proposed', confidence: 0.71, own: false, columns: COLUMNS } });
  next(2, { state: 'checked', needs_decision: true, repairs: [swap()], quarantined: 1129, accepted: 2030, duplicates: 5, rows_read: 3164 });
  next(3, { state: 'checked', needs_decision: false });
  return list;
}
