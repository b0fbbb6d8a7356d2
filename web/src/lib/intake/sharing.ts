/** How well each operator shares its data, in words and series. */
import type { SharingMonth, SharingOperator, SharingReturn } from '../api/intake-types';
import { count, number, wholePercent } from '../format/number';

/** `12 days late`, `on time`, `2 days early`. `null` stays unknown. */
export function lateness(days: number | null | undefined): string {
  if (days === null || days === undefined) return '–';
  if (Math.round(days) === 0) return 'On time';
  return `${count(Math.round(Math.abs(days)), 'day')} ${days > 0 ? 'late' : 'early'}`;
}

/** A share of 0..1, small ones with a decimal: `0.4%`. */
export function share(part: number | null | undefined): string {
  if (part === null || part === undefined) return '–';
  if (part === 0) return '0%';
  return part < 0.1 && part >= 0.0005 ? `${number(part * 100, 1)}%` : wholePercent(part);
}

/** How a month came: a missing one is late too, and gets later every day. */
export function arrival({ days_late, missing }: SharingMonth): string {
  return missing ? `Missing, ${lateness(days_late).toLowerCase()} so far` : lateness(days_late);
}

/** Charge points with sessions, of those that the register has in service; `null` where it has none, or no return came. */
export function completeness({ expected_evses, reporting_evses }: SharingMonth): number | null {
  if (expected_evses === 0 || reporting_evses === null || reporting_evses === undefined) return null;
  return Math.min(1, reporting_evses / expected_evses);
}

export interface SharingSeries {
  late: (number | null)[];
  complete: (number | null)[];
  warnings: (number | null)[];
  errors: (number | null)[];
}

/** One series a measure: by month, and of what was wrong by return, for a row that is set aside may have no month. */
export function series({ months, returns }: SharingOperator): SharingSeries {
  const of = (value: (one: SharingMonth) => number | null | undefined): (number | null)[] => months.map((one) => value(one) ?? null);
  const by = (value: (one: SharingReturn) => number | null | undefined): (number | null)[] => returns.map((one) => value(one) ?? null);
  return {
    late: of((one) => one.days_late),
    complete: of(completeness),
    warnings: by((one) => one.warning_share),
    errors: by((one) => one.error_share),
  };
}

/** Times that the layout of the files changed. */
export function layoutChanges({ months }: SharingOperator): number {
  return months.filter(({ layout_changed }) => layout_changed).length;
}

/** The finding above the table. */
export function sharingFinding(operators: readonly SharingOperator[]): string {
  if (operators.length === 0) return 'No operator to tell of';
  const only = operators.length === 1 ? operators[0] : undefined;
  const gaps = operators.filter(({ overall }) => overall.missing_months > 0).length;
  const strange = operators.reduce((sum, { overall }) => sum + overall.unregistered_evses, 0);
  if (gaps === 0 && strange === 0) return 'Every operator is complete, and every charge point is registered';
  const missing = only && gaps > 0 ? `${only.name} misses ${count(only.overall.missing_months, 'month')}` : gaps === 0 ? 'No operator misses a month' : `${count(gaps, 'operator')} ${gaps === 1 ? 'misses' : 'miss'} months`;
  const unknown = strange === 0 ? 'every charge point is registered' : `${count(strange, 'charge point')} ${strange === 1 ? 'is' : 'are'} not in the register`;
  return `${missing}; ${unknown}`;
}
