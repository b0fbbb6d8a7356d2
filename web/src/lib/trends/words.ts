/** Titles and sentences of the Trends screen, made from the figures alone. */
import type { Growth, Metric, StepChange, StepLeftOut, TrendAnswer } from '../api/types';
import { count, number, say, wholePercent } from '../format/number';
import { formatDay, formatPeriod } from '../format/period';

/** A difference of two figures with its sign: `+1.6 pts`, `−0.4 kWh a day`. */
export function signed(value: number, metric: Pick<Metric, 'format' | 'unit_label'>): string {
  const sign = value > 0 ? '+' : '';
  return metric.format === 'percent' ? `${sign}${number(value * 100, 1)} pts` : `${sign}${say(value, metric)}`;
}

/** `32%`, `3.8%`: the size of a change. */
function size(change: number): string {
  const percent = Math.abs(change) * 100;
  return `${number(percent, percent < 10 ? 1 : 0).replace(/\.0$/, '')}%`;
}

/** `+32%`, `−0.4%` */
export function signedShare(change: number): string {
  return `${change > 0 ? '+' : change < 0 ? '−' : ''}${size(change)}`;
}

/** `up 32%`, `down 3%`, `level` */
function moved(change: number): string {
  const text = size(change);
  return text === '0%' ? 'level' : `${change > 0 ? 'up' : 'down'} ${text}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** `Up 32% in all, up 3.8% like for like` */
export function growthTitle({ change, comparison, like_for_like: same }: Growth): string {
  const all = !comparison.comparable ? 'Not compared in all' : change === null ? 'No change can be told in all' : `${capital(moved(change))} in all`;
  if (!same || same.change === null) return `${all}; like for like cannot be told`;
  return `${all}, ${moved(same.change)} like for like`;
}

/** `went up 4.6%`, `stayed level` */
function went(change: number): string {
  const text = moved(change);
  return text === 'level' ? 'stayed level' : `went ${text}`;
}

/** `the same 1,517 charge points` */
function theSame(evses: number): string {
  return evses === 1 ? 'the same charge point' : `the same ${count(evses, 'charge point')}`;
}

/** `2,911 charge points, then 3,470`; as many of both periods are not yet the same. */
export function pointsText(before: number, now: number, same: boolean): string {
  if (same) return theSame(now);
  return before === now ? `${count(now, 'charge point')} in each period` : `${count(before, 'charge point')}, then ${number(now)}`;
}

/** What is known of the charge points that both periods have, and what growth in all may come from. */
function sameWords({ change, comparison, like_for_like: same }: Growth): string {
  if (!same) return `No charge point was in service and reported on throughout both periods${comparison.comparable ? ', so growth in all may come from new charge points alone' : ''}.`;
  const which = capital(theSame(same.evses));
  if (same.change === null) return `${which} had no use in the year before, so that no change like for like can be told.`;
  if (change !== null && change > 0 && change > same.change) return `${which} ${went(same.change)}; the rest of the growth comes from charge points that were not there, or not reported on, throughout both periods.`;
  return `Like for like counts only the ${same.evses === 1 ? 'charge point that was' : `${count(same.evses, 'charge point')} that were`} in service and reported on throughout both periods.`;
}

/** What stands behind the two figures, and what they do not say. */
export function growthWords(growth: Growth): string[] {
  const { comparison, coverage_before: then, coverage_now: now } = growth;
  const words: string[] = [];
  if (!comparison.comparable) words.push(`The totals are not compared. ${comparison.words ?? ''}`.trim());
  words.push(sameWords(growth));
  if (comparison.comparable && comparison.words) words.push(`In all, ${comparison.words.charAt(0).toLowerCase()}${comparison.words.slice(1)}`);
  if (comparison.comparable && then !== null && now !== null && Math.abs(now - then) >= 0.02) words.push(`Returns covered ${wholePercent(then)} of registered charge-point days then and ${wholePercent(now)} now, so part of the change in all is one of reporting.`);
  return words;
}

/** `between 30 Aug and 5 Sep 2026` */
function between({ earliest, latest }: StepChange): string {
  return earliest === latest ? `on ${formatDay(latest)}` : `between ${formatPeriod({ from: earliest, to: latest }).replace(' – ', ' and ')}`;
}

/** `up from 17.2% to 18.7%: +1.6 pts (95% interval +1.0 pts to +2.1 pts)` */
export function stepText(step: StepChange, metric: Metric): string {
  const share = step.change_share === null || metric.format === 'percent' ? '' : `, ${signedShare(step.change_share)}`;
  const [low, high] = [signed(step.change_low, metric), signed(step.change_high, metric)];
  return `${step.change > 0 ? 'up' : 'down'} from ${say(step.before, metric)} to ${say(step.after, metric)}: ${signed(step.change, metric)}${share} (95% interval ${low} to ${high})`;
}

/** `2 Sep 2026 (between 30 Aug and 5 Sep 2026)` */
export function stepDay(step: StepChange): string {
  return `${formatDay(step.day)} (${between(step)})`;
}

/** `1 change near 1 Apr 2026 is not told: the returns of an operator begin or end around 1 Apr 2026.` */
export function leftOutText({ day, reason }: StepLeftOut): string {
  return `1 change near ${formatDay(day)} is not told: ${reason.replace(/\.$/, '')}.`;
}

/** The middle value, or the mean of the two in the middle; `null` of none. */
function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

/** Medians of the rate now and a year before, over the days that have both. */
export function typical(days: TrendAnswer['days']): { now: number; before: number } | null {
  const both = days.filter(({ rate, rate_last_year: before }) => rate !== null && before !== null);
  const [now, before] = [median(both.map(({ rate }) => rate ?? 0)), median(both.map((day) => day.rate_last_year ?? 0))];
  return now === null || before === null ? null : { now, before };
}

/** The median of the week around each day: a calm line for days that jump. Days without a figure stay gaps. */
export function runningMedian(values: readonly (number | null)[]): (number | null)[] {
  return values.map((value, at) => (value === null ? null : median(values.slice(Math.max(0, at - 3), at + 4).filter((one) => one !== null))));
}

/** The finding of the series: its last step, else how it stands to last year, where that may be compared. */
export function seriesTitle(trend: TrendAnswer, metric: Metric): string {
  const { days, steps, steps_left_out, no_decomposition, growth } = trend;
  const last = steps.at(-1);
  if (last) {
    const which = steps.length > 1 ? `The last of ${steps.length} steps` : 'A step';
    return `${which}: ${last.change > 0 ? 'up' : 'down'} from ${say(last.before, metric)} to ${say(last.after, metric)} around ${formatDay(last.day)}`;
  }
  const told = no_decomposition || steps_left_out.length > 0 ? '' : ', without a clear step';
  const compared = growth?.comparison.comparable ? againstLastYear(days, growth, metric, told) : null;
  if (compared) return compared;
  const middle = median(days.flatMap(({ rate }) => (rate === null ? [] : [rate])));
  if (middle === null) return 'No figures over time in this period';
  const none = days.every((day) => day.rate_last_year === null);
  const aside = none ? '; no year before to compare with' : growth && !growth.comparison.comparable ? '; not compared with the year before' : '';
  return `${middleDay(middle, metric)}${told}${aside}`;
}

/** `20.0% on the middle day`. Zero says how many days have no use, and nothing of the others. */
function middleDay(value: number, metric: Metric): string {
  return value === 0 ? 'Zero on at least half of the days' : `${say(value, metric)} on the middle day`;
}

/** The middle day now and a year before, of the days that the verdict on comparing speaks of; `null` where no day has both. */
function againstLastYear(days: TrendAnswer['days'], { from, to }: Growth, metric: Metric, told: string): string | null {
  const own = days.filter(({ day }) => day >= from && day <= to);
  const both = typical(own);
  if (!both) return null;
  const [now, before] = [say(both.now, metric), say(both.before, metric)];
  if (!/[1-9]/.test(now + before)) return `${both.now === 0 ? middleDay(0, metric) : 'Almost zero on the middle day'}${told}; too little use to compare by day`;
  const which = `the middle day${own.length < days.length ? ' of the last year' : ''}`;
  return now === before ? `Steady: ${now} on ${which}, as a year before${told}` : `On ${which} ${now}, a year before ${before}${told}`;
}

/** The day whose figure lies furthest from trend and week. */
export function furthest(days: TrendAnswer['days']): { day: string; residual: number } | null {
  let best: { day: string; residual: number } | null = null;
  for (const { day, residual } of days) if (residual !== null && Math.abs(residual) > Math.abs(best?.residual ?? 0)) best = { day, residual };
  return best;
}
