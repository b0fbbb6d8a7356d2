import { describe, expect, test } from 'vitest';
import { alike, unreported } from '../findings/verdict.fixture';
import type { Growth, Metric, StepChange, TrendAnswer } from '../api/types';
import { furthest, growthTitle, growthWords, leftOutText, pointsText, runningMedian, seriesTitle, signed, signedShare, stepDay, stepText, typical } from './words';

const use = { id: 'utilisation_time', name: 'Time plugged in', format: 'percent', unit_label: '% of time' } as Metric;
const rate = { id: 'sessions_per_evse_day', name: 'Sessions per charge point a day', format: 'decimal', unit_label: 'a day' } as Metric;
const step: StepChange = { day: '2026-09-02', earliest: '2026-08-30', latest: '2026-09-05', before: 0.1717, after: 0.1873, change: 0.0156, change_low: 0.0104, change_high: 0.0209, change_share: 0.091, chance: 0.0025 };

const growth: Growth = {
  amount: 'sessions', from: '2025-10-01', to: '2026-09-30', before_from: '2024-10-01', before_to: '2025-09-30', now: 672430, before: 518137, change: 0.2978, comparison: alike, evses_now: 3470, evses_before: 2911,
  coverage_now: 0.97, coverage_before: 0.93, like_for_like: { evses: 1517, now: 339507, before: 324565, change: 0.0456 },
};

describe('growth', () => {
  test('in all is never told without like for like', () => {
    expect(growthTitle(growth)).toBe('Up 30% in all, up 4.6% like for like');
    expect(growthTitle({ ...growth, like_for_like: null })).toBe('Up 30% in all; like for like cannot be told');
    expect(growthTitle({ ...growth, change: -0.2, like_for_like: { ...growth.like_for_like!, change: 0.0001 } })).toBe('Down 20% in all, level like for like');
  });
  test('is not told in all where the totals are not compared', () => {
    const refused = { ...growth, change: null, comparison: unreported, like_for_like: null };
    expect(growthTitle(refused)).toBe('Not compared in all; like for like cannot be told');
    expect(growthWords(refused)[0]).toBe('The totals are not compared. 27% of charge-point days then have no return where there is one now.');
    expect(growthTitle({ ...growth, change: null, comparison: unreported })).toBe('Not compared in all, up 4.6% like for like');
  });
  test('is explained by new points only where there is more in all than like for like', () => {
    expect(growthWords(growth)).toHaveLength(2);
    expect(growthWords(growth)[0]).toMatch(/^The same 1,517 charge points went up 4.6%; the rest of the growth/);
    expect(growthWords({ ...growth, change: 0.01 })[0]).toMatch(/^Like for like counts only/);
    expect(growthWords({ ...growth, coverage_before: 0.96 })).toHaveLength(1);
  });
  test('of one charge point is told in the singular, and of none before as such', () => {
    const one = { evses: 1, now: 8, before: 8, change: 0 };
    expect(growthWords({ ...growth, like_for_like: one })[0]).toMatch(/^The same charge point stayed level; the rest/);
    expect(growthWords({ ...growth, change: 0, like_for_like: one })[0]).toBe('Like for like counts only the charge point that was in service and reported on throughout both periods.');
    expect(growthWords({ ...growth, like_for_like: { ...one, before: 0, change: null } })[0]).toBe('The same charge point had no use in the year before, so that no change like for like can be told.');
  });
  test('as many charge points are not yet the same', () => {
    expect([pointsText(2911, 3470, false), pointsText(12, 12, false), pointsText(12, 12, true), pointsText(1, 1, true)]).toEqual(['2,911 charge points, then 3,470', '12 charge points in each period', 'the same 12 charge points', 'the same charge point']);
  });
});

describe('steps', () => {
  test('are told with day, size and both intervals', () => {
    expect(stepDay(step)).toBe('2 Sep 2026 (between 30 Aug and 5 Sep 2026)');
    expect(stepText(step, use)).toBe('up from 17.2% to 18.7%: +1.6 pts (95% interval +1.0 pts to +2.1 pts)');
    expect(stepText({ ...step, before: 0.62, after: 0.56, change: -0.056, change_share: -0.09 }, rate)).toContain('down from 0.62 a day to 0.56 a day: −0.056 a day, −9%');
  });
  test('differences keep their sign and unit', () => {
    expect([signed(-0.0254, use), signed(0.5, rate), signedShare(-0.09), signedShare(0.298), signedShare(0)]).toEqual(['−2.5 pts', '+0.50 a day', '−9%', '+30%', '0%']);
  });
});

describe('the series', () => {
  const day = (at: number, now: number | null, before: number | null, residual: number | null = null) => ({ day: `2026-01-0${at}`, value: now, rate: now, rate_last_year: before, trend: null, season: null, residual, state: 'reported' as const, coverage: 1, counted: true });
  const answer = (days: TrendAnswer['days'], of: Partial<TrendAnswer> = {}): TrendAnswer => ({
    coverage: null!, provenance: null!, metric: 'utilisation_time', unit: 'ratio', rate: 'utilisation_time', rate_unit: 'ratio', days, decomposition: null, no_decomposition: null, steps: [], steps_left_out: [], growth: null, no_growth: null, seasons: [], ...of,
  });
  const days = [day(1, 0.1, 0.2), day(2, 0.3, 0.2), day(3, 0.2, 0.1), day(4, 0.9, null, -0.4), day(5, null, 0.1, 0.1)];

  const year: Growth = { ...growth, from: '2026-01-01', to: '2026-01-31' };

  test('is told by its last step, else against the year before on the days that have both', () => {
    expect(seriesTitle(answer(days, { steps: [step, step] }), use)).toBe('The last of 2 steps: up from 17.2% to 18.7% around 2 Sep 2026');
    expect(typical(days)).toEqual({ now: 0.2, before: 0.2 });
    expect(seriesTitle(answer(days, { growth: year }), use)).toBe('Steady: 20.0% on the middle day, as a year before, without a clear step');
    expect(seriesTitle(answer(days, { growth: { ...year, from: '2026-01-02' } }), use), 'a longer period').toBe('On the middle day of the last year 25.0%, a year before 15.0%, without a clear step');
    expect(seriesTitle(answer([day(1, 0.1, null)], { growth: year }), use)).toBe('10.0% on the middle day, without a clear step; no year before to compare with');
    expect(seriesTitle(answer([day(1, null, null)]), use)).toBe('No figures over time in this period');
  });
  test('is not compared with a year before that may not be compared, or of which nothing is said', () => {
    expect(seriesTitle(answer(days, { growth: { ...year, comparison: unreported } }), use)).toBe('25.0% on the middle day, without a clear step; not compared with the year before');
    expect(seriesTitle(answer(days), use)).toBe('25.0% on the middle day, without a clear step');
  });
  test('of a point that is seldom used is not called steady', () => {
    const idle = [day(1, 0, 0), day(2, 0, 0), day(3, 0.4, 0)];
    expect(seriesTitle(answer(idle, { growth: year }), use)).toBe('Zero on at least half of the days, without a clear step; too little use to compare by day');
    expect(seriesTitle(answer(idle), use)).toBe('Zero on at least half of the days, without a clear step');
    expect(seriesTitle(answer([day(1, 0.0002, 0)], { growth: year }), use)).toMatch(/^Almost zero on the middle day/);
  });
  test('with a change that is not told is not said to be without one', () => {
    const left = { day: '2026-04-01', reason: 'the returns of an operator begin or end around 1 Apr 2026' };
    expect(seriesTitle(answer(days, { growth: year, steps_left_out: [left] }), use)).toBe('Steady: 20.0% on the middle day, as a year before');
    expect(leftOutText(left)).toBe('1 change near 1 Apr 2026 is not told: the returns of an operator begin or end around 1 Apr 2026.');
  });
  test('names the day furthest from what was to be expected', () => {
    expect(furthest(days)).toEqual({ day: '2026-01-04', residual: -0.4 });
    expect(furthest([])).toBeNull();
  });
  test('a calm line keeps its gaps', () => {
    expect(runningMedian([1, 9, 2, null, 3])).toEqual([2, 2.5, 2.5, null, 3]);
  });
});
