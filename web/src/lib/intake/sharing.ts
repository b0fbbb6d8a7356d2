/** How well each operator shares its data, in words and series. */
import type { SharingMonth, SharingOperator } from '../api/intake-types';
import { count, number, wholePercent } from '../format/number';

/** `12 days late`, `on time`, `2 days early`. `null` stays unknown. */
export function lateness(days: number | null): string {
  if (days === null) return '–';
  if (Math.round(days) === 0) return 'On time';
  return `${count(Math.round(Math.abs(days)), 'day')} ${days > 0 ? 'late' : 'early'}`;
}

/** A share of 0..1, small ones with a decimal: `0.4%`. */
export function share(part: number | null): string {
  if (part === null) return '–';
  if (part === 0) return '0%';
  return part < 0.1 && part >= 0.0005 ? `${number(part * 100, 1)}%` : wholePercent(part);
}

/** Charge points that reported, of those the register expects; `null` where it expects none. */
export function completeness({ expected_evses, reporting_evses }: SharingMonth): number | null {
  return expected_evses === 0 ? null : Math.min(1, reporting_evses / expected_evses);
}

export interface SharingSeries {
  late: (number | null)[];
  complete: (number | null)[];
  warnings: (number | null)[];
  errors: (number | null)[];
}

/** One series a measure, month by month. A month without rows has no share. */
export function series(months: readonly SharingMonth[]): SharingSeries {
  const of = (value: (one: SharingMonth) => number | null): (number | null)[] => months.map(value);
  return {
    late: of((one) => one.days_late),
    complete: of(completeness),
    warnings: of((one) => (one.accepted > 0 ? one.warning_share : null)),
    errors: of((one) => (one.accepted > 0 || one.error_share > 0 ? one.error_share : null)),
  };
}

/** Times that the layout of the files changed. */
export function layoutChanges({ months }: SharingOperator): number {
  return months.filter(({ layout_changed }) => layout_changed).length;
}

/** The finding above the table. */
export function sharingFinding(operators: readonly SharingOperator[]): string {
  const only = operators.length === 1 ? operators[0] : undefined;
  const gaps = operators.filter(({ overall }) => overall.missing_months > 0).length;
  const strange = operators.reduce((sum, { overall }) => sum + overall.unregistered_evses, 0);
  if (gaps === 0 && strange === 0) return 'Every operator is complete, and every charge point is registered';
  const missing = only && gaps > 0 ? `${only.name} misses ${count(only.overall.missing_months, 'month')}` : gaps === 0 ? 'No operator misses a month' : `${count(gaps, 'operator')} ${gaps === 1 ? 'misses' : 'miss'} months`;
  const unknown = strange === 0 ? 'every charge point is registered' : `${count(strange, 'charge point')} ${strange === 1 ? 'is' : 'are'} not in the register`;
  return `${missing}; ${unknown}`;
}
