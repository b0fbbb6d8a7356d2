/** Change between two periods, in the words that fit the metric. */
import type { Cell, Metric } from '../api/types';
import { number, say } from './number';

export interface Change {
  /** `▲ 11%`, `▼ 1.1 pts`, `no change` */
  text: string;
  /** For a screen reader: `up 11%`. */
  spoken: string;
  direction: 'up' | 'down' | 'same';
  /** Whether the direction is the one hoped for; `null` where neither is better. */
  good: boolean | null;
}

/** Metrics whose change is told as a count, not as a share: small stocks. */
const COUNTED = new Set(['evses', 'evses_in_use', 'evses_unused', 'devices', 'locations', 'peak_concurrency']);

function amount(now: number, before: number, metric: Metric): string | null {
  const step = now - before;
  if (metric.format === 'percent') return `${number(Math.abs(step) * 100, 1)} pts`;
  if (COUNTED.has(metric.id)) return number(Math.abs(step));
  if (before === 0) return null;
  const share = Math.abs(step / before) * 100;
  return `${number(share, share < 10 && share >= 0.05 ? 1 : 0)}%`;
}

/** The change from `before` to `now`, or `null` where either is missing or it cannot be told. */
export function change(now: Cell | undefined, before: Cell | undefined, metric: Metric): Change | null {
  if (typeof now !== 'number' || typeof before !== 'number') return null;
  const text = amount(now, before, metric);
  if (text === null) return null;
  if (/^0(\.0)?( pts|%)?$/.test(text)) return { text: 'no change', spoken: 'no change', direction: 'same', good: null };
  const direction = now > before ? 'up' : 'down';
  return {
    text: `${direction === 'up' ? '▲' : '▼'} ${text}`,
    spoken: `${direction} ${text}`,
    direction,
    good: metric.good_direction === 'none' ? null : metric.good_direction === direction,
  };
}

/** A signed change for a table column: `+1.1 pts`, `−6`, `+12%`. */
export function signedChange(now: Cell | undefined, before: Cell | undefined, metric: Metric): string {
  const step = change(now, before, metric);
  if (step === null) return '';
  if (step.direction === 'same') return metric.format === 'percent' ? '0.0 pts' : COUNTED.has(metric.id) ? '0' : '0%';
  return (step.direction === 'up' ? '+' : '−') + step.text.slice(2);
}

/** A difference of figures with its sign: `+10`, `−1.1 pts`, `+812 MWh`, `0`; a dash where there is none. */
export function signedStep(step: number | null, metric: Metric): string {
  if (step === null) return '–';
  const size = Math.abs(step);
  const text = metric.format === 'percent' ? `${number(size * 100, 1)} pts` : say(size, metric);
  if (step === 0) return '0';
  if (!/[1-9]/.test(text)) return 'almost 0';
  return (step > 0 ? '+' : '−') + text;
}

/** `from 31.1% to 34.2%` */
export function fromTo(now: Cell | undefined, before: Cell | undefined, metric: Metric): string {
  return `from ${say(before, metric)} to ${say(now, metric)}`;
}
