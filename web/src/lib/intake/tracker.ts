/** The grid of operators by months: who has reported what. */
import type { Tracker, TrackerMonth, TrackerState } from '../api/intake-types';
import { number } from '../format/number';
import { formatMonth, monthName } from '../format/period';

/** Sign and words of each state. A sign differs from the others in shape, so that none rests on colour. */
export const TRACKED: Record<TrackerState, { sign: string; name: string; means: string }> = {
  needs_decision: { sign: '!', name: 'Needs a decision', means: 'something waits for you: a repair, a layout or a finding to look at' },
  received: { sign: '?', name: 'Received', means: 'its columns are not understood yet' },
  checked: { sign: '○', name: 'Checked', means: 'ready to accept' },
  accepted: { sign: '●', name: 'Accepted', means: 'in the figures' },
  superseded: { sign: '↻', name: 'Replaced', means: 'a later return replaced it' },
  nothing_to_report: { sign: '0', name: 'Nothing to report', means: 'the operator said so' },
  missing: { sign: '×', name: 'Missing', means: 'no return for this month' },
  not_due: { sign: '–', name: 'Not due yet', means: 'its quarter has not ended, or did so under 31 days ago' },
  none: { sign: '', name: 'Nothing expected', means: '' },
};

/** States in the order of the legend: what is to be done comes first. */
export const LEGEND: TrackerState[] = ['needs_decision', 'received', 'checked', 'accepted', 'superseded', 'nothing_to_report', 'missing', 'not_due'];

export interface TrackedCell {
  month: string;
  state: TrackerState;
  /** For a screen reader and for hover. */
  name: string;
  /** `null` where there is no return to go to. */
  href: string | null;
  /** Whether a return could be sent for it, as there is none. */
  send: boolean;
}

export interface TrackedRow {
  id: string;
  name: string;
  cells: TrackedCell[];
  missing: number;
}

export interface TrackedYear {
  year: string;
  months: { month: string; short: string; long: string }[];
}

/** Months by their year, for a heading of two rows. */
export function years(months: readonly string[]): TrackedYear[] {
  const list: TrackedYear[] = [];
  for (const month of months) {
    const day = `${month}-01`;
    const year = month.slice(0, 4);
    if (list.at(-1)?.year !== year) list.push({ year, months: [] });
    list.at(-1)?.months.push({ month, short: monthName(day), long: formatMonth(day) });
  }
  return list;
}

function href(operator: string, { month, submissions }: TrackerMonth): string | null {
  const [first, ...more] = submissions;
  if (first === undefined) return null;
  return more.length === 0 ? `/data/${first}` : `/data?operator=${encodeURIComponent(operator)}&month=${month}#returns`;
}

function cellName(operator: string, cell: TrackerMonth): string {
  const replaced = cell.superseded.length > 0 ? `, ${cell.superseded.length} of them replaced by a later one` : '';
  const returns = cell.submissions.length > 1 ? `, ${cell.submissions.length} returns${replaced}` : '';
  const rows = cell.rows > 0 ? `, ${number(cell.rows)} ${cell.rows === 1 ? 'row' : 'rows'}` : '';
  return `${operator}, ${formatMonth(`${cell.month}-01`)}: ${TRACKED[cell.state].name.toLowerCase()}${returns}${rows}`;
}

/** Rows of the grid. A month that an operator's list leaves out counts as before its first return. */
export function trackedRows({ months, operators }: Tracker, wanted: readonly string[]): TrackedRow[] {
  return operators
    .filter(({ id }) => wanted.length === 0 || wanted.includes(id))
    .map(({ id, name, months: known }) => {
      const by = new Map(known.map((one) => [one.month, one]));
      const cells = months.map((month): TrackedCell => {
        const cell: TrackerMonth = by.get(month) ?? { month, state: 'none', submissions: [], superseded: [], rows: 0 };
        return { month, state: cell.state, name: cellName(name, cell), href: href(id, cell), send: cell.state === 'missing' || cell.state === 'not_due' };
      });
      return { id, name, cells, missing: cells.filter(({ state }) => state === 'missing').length };
    });
}

/** Returns that have to do with a month, of some operators or of all. */
export function returnsOf({ operators }: Tracker, month: string, wanted: readonly string[]): Set<number> {
  return new Set(
    operators
      .filter(({ id }) => wanted.length === 0 || wanted.includes(id))
      .flatMap(({ months }) => months.filter((one) => one.month === month).flatMap(({ submissions }) => submissions)),
  );
}

/** The finding above the grid. */
export function trackerFinding(rows: readonly TrackedRow[]): string {
  if (rows.length === 0) return 'No operator to follow';
  const cells = rows.flatMap((row) => row.cells);
  const missing = cells.filter(({ state }) => state === 'missing').length;
  const waiting = cells.filter(({ state }) => state === 'needs_decision' || state === 'received').length;
  if (missing === 0 && waiting === 0) return 'No month is missing';
  const gaps = missing === 0 ? null : `${number(missing)} ${missing === 1 ? 'month is' : 'months are'} missing`;
  const open = waiting === 0 ? null : `${number(waiting)} ${waiting === 1 ? 'waits' : 'wait'} for a decision`;
  return [gaps, open].filter(Boolean).join(', ');
}

/** The way from cell to cell by key. Cells that lead nowhere are passed over; `null` where the key leads to none. */
export function cellByKey(rows: readonly TrackedRow[], from: { row: number; column: number }, key: string): { row: number; column: number } | null {
  const opens = (row: number, column: number): boolean => {
    const cell = rows[row]?.cells[column];
    return cell !== undefined && (cell.href !== null || cell.send);
  };
  const width = rows[from.row]?.cells.length ?? 0;
  const walk = (row: number, column: number, down: number, right: number): { row: number; column: number } | null => {
    for (; row >= 0 && row < rows.length && column >= 0 && column < width; row += down, column += right) if (opens(row, column)) return { row, column };
    return null;
  };
  const { row, column } = from;
  if (key === 'ArrowRight') return walk(row, column + 1, 0, 1);
  if (key === 'ArrowLeft') return walk(row, column - 1, 0, -1);
  if (key === 'ArrowDown') return walk(row + 1, column, 1, 0);
  if (key === 'ArrowUp') return walk(row - 1, column, -1, 0);
  if (key === 'Home') return walk(row, 0, 0, 1);
  return key === 'End' ? walk(row, width - 1, 0, -1) : null;
}

/** The cell that Tab comes to first: the newest that leads anywhere. */
export function firstCell(rows: readonly TrackedRow[]): { row: number; column: number } | null {
  for (const row of rows.keys()) {
    const found = cellByKey(rows, { row, column: 0 }, 'End');
    if (found) return found;
  }
  return null;
}
