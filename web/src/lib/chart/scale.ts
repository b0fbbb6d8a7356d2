/** Straight-line scales and classes for charts. */
import { ticks } from 'd3-array';

export interface Scale {
  (value: number): number;
  /** From a position back to the value. */
  back(position: number): number;
  ticks(count: number): number[];
  readonly domain: readonly [number, number];
}

/** Maps `domain` to `range` on a straight line; a domain of no length maps to the range's start. */
export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [d0, d1] = domain;
  const [r0, r1] = range;
  const slope = d1 === d0 ? 0 : (r1 - r0) / (d1 - d0);
  const scale = (value: number): number => r0 + (value - d0) * slope;
  return Object.assign(scale, {
    back: (position: number): number => (slope === 0 ? d0 : d0 + (position - r0) / slope),
    ticks: (count: number): number[] => ticks(d0, d1, count),
    domain,
  });
}

/** A domain from zero to a round number at or above the highest value. */
export function zeroBased(highest: number, tickCount = 4): [number, number] {
  if (!(highest > 0)) return [0, 1];
  const [first = 0, second = highest] = ticks(0, highest, tickCount);
  const step = second - first || highest;
  return [0, Math.ceil(highest / step - 1e-9) * step];
}

/** A colour of the amount ramp at `share` (0..1), blended between the theme's five stops so that dark mode comes free. */
export function rampColour(share: number): string {
  const at = Math.min(1, Math.max(0, share)) * 4;
  const low = Math.min(3, Math.floor(at));
  const part = Math.round((at - low) * 100);
  if (part === 0) return `var(--ramp-${low})`;
  return part === 100 ? `var(--ramp-${low + 1})` : `color-mix(in oklab, var(--ramp-${low + 1}) ${part}%, var(--ramp-${low}))`;
}

/** Moves the heights of labels up, from the lowest one on, until `gap` lies between any two and none is below `floor`; their order is kept. */
export function spread(heights: readonly number[], gap: number, floor = Infinity): number[] {
  const placed = [...heights];
  let limit = floor;
  for (const at of heights.map((_, place) => place).sort((a, b) => heights[b]! - heights[a]!)) {
    placed[at] = Math.min(heights[at]!, limit);
    limit = placed[at] - gap;
  }
  return placed;
}

/** Colours of amounts between two values. The ramp begins at the lowest, but never above half the highest: small differences stay small. */
export function amountColours(lowest: number, highest: number): (value: number) => string {
  const floor = Math.min(lowest, highest / 2);
  return (value) => rampColour(highest === floor ? 0.6 : (value - floor) / (highest - floor));
}

/** One bar of the legend: the areas whose value falls in `[from, to)`; the last holds its end too. */
export interface Class {
  from: number;
  to: number;
  count: number;
  colour: string;
}

/** Sorts values into classes of equal, round width. */
export function classes(values: readonly number[], wanted = 10): Class[] {
  if (values.length === 0) return [];
  const low = Math.min(...values);
  const high = Math.max(...values);
  const edges = roundEdges(low, high, wanted);
  const bars = edges.slice(0, -1).map((from, at) => ({
    from,
    to: edges[at + 1]!,
    count: 0,
    colour: rampColour(edges.length === 2 ? 0.6 : at / (edges.length - 2)),
  }));
  for (const value of values) bars[classOf(bars, value)]!.count += 1;
  return bars;
}

function roundEdges(low: number, high: number, wanted: number): number[] {
  if (low === high) return [low, low === 0 ? 1 : low + Math.abs(low) * 0.1];
  const inner = ticks(low, high, wanted);
  const step = inner.length > 1 ? inner[1]! - inner[0]! : high - low;
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, at) => Number(((first + at) * step).toPrecision(12)));
}

/** Index of the class that holds a value. */
export function classOf(bars: readonly Class[], value: number): number {
  const at = bars.findIndex((bar) => value < bar.to);
  return at === -1 ? bars.length - 1 : at;
}
