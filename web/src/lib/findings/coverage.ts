import type { Coverage } from '../api/types';
import { count, number, wholePercent } from '../format/number';

/** Below this share of covered charge-point days every view says so in its first lines. */
export const THIN = 0.9;

export function isThin(coverage: Coverage): boolean {
  return coverage.share !== null && coverage.share < THIN;
}

/** Operators that have no register: their returns are there, and no share of them can be told. */
function unregistered(operators: number): string {
  return operators === 0 ? '' : ` · returns of ${count(operators, 'operator')} without a register`;
}

/** `11 of 12 operators reported · 97% of registered charge-point days covered` */
export function coverageLine(coverage: Coverage): string {
  const { operators_reported: told, operators_registered: all, operators_unregistered: others, share } = coverage;
  if (all === 0 || share === null) return `No charge point is registered here${unregistered(others)}`;
  if (told === 0 && others > 0) return `No return of the ${count(all, 'operator')} in the register${unregistered(others)}`;
  return `${number(told)} of ${count(all, 'operator')} reported · ${wholePercent(share)} of registered charge-point days covered${unregistered(others)}`;
}

/** What coverage means, for the tooltip of its mark. */
export function coverageSpoken(coverage: Coverage): string {
  if (coverage.share === null) return 'Coverage not known: no charge point is registered here';
  return `Coverage: operators reported on ${wholePercent(coverage.share)} of registered charge-point days${unregistered(coverage.operators_unregistered)}`;
}
