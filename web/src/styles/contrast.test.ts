import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

function tokens(text: string): Map<string, string> {
  return new Map([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6})/g)].map((found) => [found[1]!, found[2]!]));
}

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');
const TEXT = ['ink', 'ink-2', 'brand', 'good', 'bad', 'series-1', 'series-2-text'];
const LINES = ['series-1', 'series-2', 'mark', 'bar', 'rule-strong'];

describe.each([
  ['light', tokens(light)],
  ['dark', tokens(dark)],
])('in the %s theme', (_, theme) => {
  const at = (name: string): string => theme.get(name) ?? 'missing';
  test.each(TEXT)('%s is readable as text on every ground', (name) => {
    for (const ground of ['paper', 'ground', 'strip']) expect(contrast(at(name), at(ground))).toBeGreaterThanOrEqual(4.5);
  });
  test.each(LINES)('%s stands out from the paper as a line', (name) => {
    expect(contrast(at(name), at('paper'))).toBeGreaterThanOrEqual(3);
  });
  test('the strongest amount stands out from the paper', () => {
    expect(contrast(at('ramp-4'), at('paper'))).toBeGreaterThanOrEqual(3);
  });
});
