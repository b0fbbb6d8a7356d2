/** A hub that exists only in memory: it answers the addresses of intake as the server does, for work on the screens without one. */
import type { Layout, Preview, PreviewRow, Report, Sharing, SubmissionDetail, SubmitResult, Tracker, TrackerState } from '../src/lib/api/intake-types';
import { FIELDS, monthsOf, OPERATORS, returns } from './fixtures';

export interface Reply {
  status: number;
  body: unknown;
}

const MONTHS = Array.from({ length: 24 }, (_, at) => new Date(Date.UTC(2024, 9 + at, 1)).toISOString().slice(0, 7));
const MINUS_ROWS = (one: SubmissionDetail): boolean => one.state === 'received';

/** Months, such as `2025-11` or `2025-10..2025-12`, as days. */
function daysOf(months: string): { first: string; last: string } {
  const [first = '', last = first] = months.split('..');
  const [year = 0, month = 0] = last.split('-').map(Number);
  return { first: `${first}-01`, last: new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10) };
}

const HELD: SubmissionDetail['findings'][number] = { rule: 'held_already', severity: 'info', title: 'Held by another return already', count: 5, advice: 'Nothing to do: the rows count once.', holds: false, limits: [], examples: [] };

const HOLDING: SubmissionDetail['findings'][number] = { rule: 'mostly_set_aside', severity: 'warning', title: 'More than half of the rows are set aside', count: 1800, advice: 'Mend the rows and hand the file in again, or accept it as it is.', limits: [], examples: [], holds: true };

export class MockHub {
  list: SubmissionDetail[];
  #next = 10_000;

  constructor(empty = false) {
    this.list = empty ? [] : returns();
  }

  /** The reply, or `null` where the address is not one of intake. `name` is a file's in an upload. */
  answer(method: string, address: string, body: unknown): Reply | null {
    const url = new URL(address, 'http://hub');
    const path = url.pathname.replace(/^\/api\/v1/, '');
    const [, head = '', id, sub] = path.split('/');
    if (head === 'submissions' && id) return this.#one(method, Number(id), sub, url.searchParams, body);
    if (method === 'POST') return this.#post(head, url.searchParams, body as { operator?: string; period?: string });
    const made: Record<string, () => unknown> = {
      submissions: () => ({ submissions: [...this.list].reverse().map((one) => ({ ...one, profile: one.profile?.name ?? null })) }),
      tracker: () => this.tracker(),
      sharing: () => this.sharing(),
      fields: () => FIELDS,
    };
    return made[head] ? { status: 200, body: made[head]() } : null;
  }

  #one(method: string, id: number, sub: string | undefined, query: URLSearchParams, body: unknown): Reply {
    const one = this.list.find((other) => other.id === id);
    if (!one) return trouble(404, 'not_found', `there is no submission “${id}”`, 'All submissions are at /api/v1/submissions.');
    if (method === 'GET') return { status: 200, body: sub === 'quarantine' ? quarantine(one, query) : one };
    if (sub === 'preview') return { status: 200, body: preview((body as { layout: Layout }).layout) };
    if (sub === 'decide' && (body as { kind: string }).kind === 'accept' && one.state === 'accepted') return trouble(409, 'decided_before', `submission ${id} is accepted already`, 'Look at its history.');
    if (sub === 'decide') this.#decide(one, body as { kind: string; repair?: string; name?: string });
    if (sub === 'undo') this.#undo(one, (body as { decision: number }).decision);
    return { status: 200, body: one };
  }

  #decide(one: SubmissionDetail, { kind, repair, name }: { kind: string; repair?: string; name?: string }): void {
    const says = { accept: `Accepted ${one.accepted} rows`, withdraw: 'Withdrawn', apply_repair: 'Applied the repair', decline_repair: 'Declined the repair', confirm_layout: `Saved the layout “${name}”` }[kind] ?? kind;
    if (kind === 'accept') one.state = 'accepted';
    if (kind === 'withdraw') one.state = 'withdrawn';
    for (const open of one.repairs.filter((each) => each.kind === repair)) open.state = kind === 'apply_repair' ? 'applied' : 'declined';
    if (kind === 'apply_repair') Object.assign(one, { accepted: 3159, quarantined: 0, duplicates: 5 });
    if (kind === 'confirm_layout') Object.assign(one, { state: 'checked', missing: [], rows_read: 820, accepted: 802, quarantined: 12, duplicates: 6 });
    one.needs_decision = MINUS_ROWS(one) || one.repairs.some(({ state }) => state === 'open');
    one.history.unshift({ decision: (this.#next += 1), at: '2026-10-09T11:00:00Z', kind: kind as 'accept', says, undone: false, can_undo: true });
  }

  #undo(one: SubmissionDetail, decision: number): void {
    const entry = one.history.find((each) => each.decision === decision);
    if (!entry) return;
    Object.assign(entry, { undone: true, can_undo: false });
    if (entry.kind === 'accept') one.state = 'checked';
    if (entry.kind === 'withdraw') one.state = 'accepted';
    if (/repair/.test(entry.kind)) one.repairs.forEach((each) => (each.state = 'open'));
    one.needs_decision = one.repairs.some(({ state }) => state === 'open');
    one.history.unshift({ decision: (this.#next += 1), at: '2026-10-09T11:05:00Z', kind: 'undo', says: `Took back: ${entry.says}`, undone: false, can_undo: false });
  }

  #post(head: string, query: URLSearchParams, body: { operator?: string; period?: string }): Reply | null {
    if (head === 'nothing-to-report') {
      const one: SubmissionDetail = { ...returns()[0]!, id: this.list.length + 1, operator: body.operator ?? '', nothing_to_report: true, file: '', rows_read: 0, accepted: 0, quarantined: 0, duplicates: 0, flagged: 0, findings: [], profile: null, layout: null };
      this.list.push(one);
      return { status: 200, body: one };
    }
    if (head !== 'submissions' && head !== 'check') return null;
    return { status: 200, body: { results: [this.#receive(query, head === 'check')] } };
  }

  #receive(query: URLSearchParams, checkOnly: boolean): SubmitResult {
    const file = query.get('file') ?? '';
    const result = { file, part: '', skipped: null, submission: null, repeated: false, declaration: null, state: null, report: null, error: null };
    if (/broken/.test(file)) return { ...result, error: { code: 'unreadable', message: `${file} is not a table: the zip archive ends in the middle`, advice: 'Send the file again, or export it anew.' } };
    const before = this.list.find((one) => one.file === file);
    const [plain] = returns();
    const like = (/swapped/.test(file) && returns().find(({ repairs }) => repairs.length > 0)) || plain!;
    const one = before ?? { ...like, id: this.list.length + 1, file, operator: query.get('operator') ?? '', state: 'checked' as const };
    if (one.repairs.length > 0) one.findings = [...one.findings, HELD];
    if (/held/.test(file) && !before) Object.assign(one, { needs_decision: true, findings: [...one.findings, HOLDING], history: one.history.slice(1) });
    if (!before && !checkOnly) this.list.push(one);
    const period = query.get('period');
    const declaration = before && period ? { kept: null, passed_over: daysOf(period) } : null;
    return { ...result, declaration, submission: checkOnly ? null : one.id, repeated: before !== undefined, state: one.state, report: report(one) };
  }

  tracker(): Tracker {
    const operators = OPERATORS.map(([id, name]) => {
      const own = this.list.filter((one) => one.operator === id);
      let begun = false;
      const months = MONTHS.map((month) => {
        const found = own.filter((one) => one.period && monthsOf(one.period.to!.slice(0, 7)).includes(month));
        begun ||= found.length > 0;
        return { month, submissions: found.map((one) => one.id), superseded: [], rows: found.reduce((sum, one) => sum + Math.round(one.accepted / 3), 0), state: stateOf(found, begun, month) };
      });
      return { id, name, months };
    });
    return { months: this.list.length === 0 ? [] : MONTHS, operators: this.list.length === 0 ? [] : operators };
  }

  sharing(): Sharing {
    const operators = this.tracker().operators.map(({ id, name, months }, at) => ({
      id,
      name,
      months: months.filter(({ state }) => state !== 'none').map(({ month, state, rows }, place) => ({
        month, days_late: state === 'missing' ? 40 + 30 * (24 - place) : 4 + ((place * (at + 3)) % 9) * (at + 1) - 3, missing: state === 'missing', sessions: rows, expected_evses: 40 + at * 12, reporting_evses: rows === 0 ? null : 36 + at * 12 + (place % 4),
        unregistered_evses: at === 2 ? 3 : 0, profile: 'kerbwatt', layout_changed: at === 1 && place === 7,
      })),
      returns: this.list.filter((one) => one.operator === id && one.rows_read > 0).map((one) => ({
        submission: one.id, file: one.file, part: one.part, received: one.received_at.slice(0, 10), covers: one.declared ?? one.found ?? null, rows: one.rows_read,
        warning_share: one.flagged / Math.max(1, one.accepted), error_share: one.quarantined / one.rows_read, duplicate_share: one.duplicates / one.rows_read,
      })),
      overall: { timeliness_days_median: 3 + at * 6, completeness: at === 3 ? null : 0.97 - at * 0.11, unregistered_evses: at === 2 ? 3 : 0, layouts: at === 1 ? 2 : 1, warning_share: 0.019, error_share: 0.0021, missing_months: months.filter(({ state }) => state === 'missing').length },
    }));
    return { operators };
  }
}

/** The newest quarter is not due yet, as on a day in the month after it. */
function stateOf(found: SubmissionDetail[], begun: boolean, month: string): TrackerState {
  if (found.length === 0) return !begun ? 'none' : MONTHS.slice(-3).includes(month) ? 'not_due' : 'missing';
  if (found.some((one) => one.state === 'received')) return 'received';
  if (found.some((one) => one.needs_decision)) return 'needs_decision';
  if (found.some((one) => one.nothing_to_report)) return 'nothing_to_report';
  return found.some((one) => one.state === 'checked') ? 'checked' : 'accepted';
}

function quarantine(one: SubmissionDetail, query: URLSearchParams): unknown {
  const errors = one.findings.filter(({ severity, rule }) => severity === 'error' && (query.get('rule') ?? rule) === rule);
  const rows = errors.flatMap(({ rule, count, advice, examples }) => Array.from({ length: count }, (_, at) => ({ row: 112 + at * 37, rule, column: examples[0]?.column ?? null, value: at % 5 === 4 ? null : (examples[0]?.value ?? null), energy_kwh: 12.1, advice })));
  const offset = Number(query.get('offset') ?? 0);
  return { total: rows.length, rows: rows.slice(offset, offset + Number(query.get('limit') ?? 100)) };
}

function report(one: SubmissionDetail): Report {
  return { ...one, profile: { name: one.profile?.title ?? '', confidence: one.profile?.confidence ?? 1, columns: one.profile?.columns ?? [] }, period: { declared: one.declared, found: one.found }, replaces: 0, certain: one.state !== 'received' };
}

function preview(layout: Layout): Preview {
  const lost = ['plug_in', 'energy'].find((field) => !layout.columns[field]);
  if (lost) return { report: null, rows: [], problem: { code: 'incomplete_layout', message: `No column says “${lost}”`, advice: 'Choose the column that holds it.' } };
  const bad = layout.times === 'month_first' ? 507 : 12;
  const rows = Array.from({ length: 20 }, (_, at): PreviewRow => {
    const wrong = at % 9 === 4;
    return { row: at + 1, evse: `5091${at % 7}-1`, connector: '1', plug_in_local: `2026-07-${String(at + 1).padStart(2, '0')} 08:12`, plug_out_local: `2026-07-${String(at + 1).padStart(2, '0')} 10:31`, energy_kwh: (14.21 + at) / (layout.energy === 'wh' ? 1000 : 1), fee_pence: null, flags: at === 2 ? ['long_stay'] : [], outcome: wrong ? 'quarantined' : 'accepted', rule: wrong ? 'end_before_start' : null, column: wrong ? 'Until' : null, value: wrong ? '2026-07-01 06:20' : null, first_row: null };
  });
  const one = returns()[0]!;
  return { rows, problem: null, report: { ...report(one), rows_read: 820, accepted: 814 - bad, quarantined: bad, duplicates: 6, findings: [{ ...one.findings[0]!, count: bad }] } };
}

function trouble(status: number, code: string, message: string, advice: string): Reply {
  return { status, body: { error: { code, message, advice, field: null } } };
}
