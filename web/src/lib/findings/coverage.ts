import type { Coverage } from '../api/types';
import { count, number, wholePercent } from '../format/number';

/** Below this share of covered charge-point days every view says so in its first lines. */
export const THIN = 0.9;

export function isThin(coverage: Coverage): boolean {
  return coverage.share !== null && coverage.share < THIN;
}

/** `11 of 12 operators reported · 97% of charge-point days covered` */
export function coverageLine(coverage: Coverage): string {
  const { operators_reported: told, operators_registered: all, share } = coverage;
  const operators = all === 0 ? 'No charge point is registered here' : `${number(told)} of ${count(all, 'operator')} reported`;
  return share === null ? operators : `${operators} · ${wholePercent(share)} of charge-point days covered`;
}

/** What coverage means, for the tooltip of its mark. */
export function coverageSpoken(coverage: Coverage): string {
  if (coverage.share === null) return 'Coverage not known: no charge point is registered here';
  return `Coverage: operators reported on ${wholePercent(coverage.share)} of charge-point days`;
}
