/** The series behind the trend chart. */
import type { BucketReported, Metric, Period, Row, Series } from '../api/types';
import { fromTo, change } from '../format/change';
import { say } from '../format/number';
import { addDays, addMonths, dayNumber, formatDay, formatMonth, isoDay, lastOfMonth, lengthInDays } from '../format/period';
import { isSum } from '../metrics/metrics';

export type Step = 'day' | 'week' | 'month';

export interface Point {
  /** First day of the step. */
  day: string;
  value: number | null;
  /** Value of the same step a year before. */
  before: number | null;
  /** `Partly reported: 1 of 7 days`: such a value does not stand beside the others. */
  partly?: string | null;
}

/** Steps fine enough to show a shape and coarse enough to be quiet. */
export function stepFor(period: Period): Step {
  const days = lengthInDays(period);
  if (days <= 100) return 'day';
  return days <= 3.2 * 366 ? 'week' : 'month';
}

/** First day of the step that holds a day. Weeks begin on Monday. */
export function stepStart(day: string, step: Step): string {
  if (step === 'day') return day;
  if (step === 'month') return `${day.slice(0, 7)}-01`;
  const number = dayNumber(day);
  return isoDay(number - ((number + 3) % 7));
}

export function nextStep(day: string, step: Step): string {
  return step === 'month' ? addMonths(day, 1) : addDays(day, step === 'week' ? 7 : 1);
}

/** Last day of the step that begins on a day. */
export function stepEnd(day: string, step: Step): string {
  return step === 'month' ? lastOfMonth(day) : addDays(nextStep(day, step), -1);
}

function startOf(label: string, step: Step): string {
  return step === 'month' ? `${label.slice(0, 7)}-01` : label.slice(0, 10);
}

/** The step a year earlier: the same month, day, or the week 52 weeks before so that weekdays match. */
function yearBefore(day: string, step: Step): string {
  return step === 'week' ? addDays(day, -364) : addMonths(day, -12);
}

/** Why a step does not stand beside the others: too little of it was reported, or for an amount, the span cuts it. */
export function partlyOf(bucket: BucketReported | null | undefined, metric: string): string | null {
  return bucket && (bucket.partly || (bucket.cut && isSum(metric))) ? (bucket.words ?? null) : null;
}

/** Every step of the data's span in order, with gaps as `null`. Steps that were reported only in part say so, and are nothing to compare a later year with. */
export function points(rows: readonly Row[], metric: string, step: Step, span: Period, buckets: Series['buckets'] = null): Point[] {
  const values = new Map<string, { value: number; partly: string | null }>();
  rows.forEach((row, at) => {
    const value = row[metric];
    if (typeof value === 'number') values.set(startOf(String(row[step]), step), { value, partly: partlyOf(buckets?.[at], metric) });
  });
  const list: Point[] = [];
  for (let day = stepStart(span.from, step); day <= span.to; day = nextStep(day, step)) {
    const [now, past] = [values.get(day), values.get(yearBefore(day, step))];
    list.push({ day, value: now?.value ?? null, before: past && past.partly === null ? past.value : null, partly: now?.partly ?? null });
  }
  return trimmed(list);
}

function trimmed(list: Point[]): Point[] {
  const first = list.findIndex((point) => point.value !== null);
  const last = list.findLastIndex((point) => point.value !== null);
  return first === -1 ? [] : list.slice(first, last + 1);
}

/** `Week of 3 Mar 2025` */
export function stepName(day: string, step: Step): string {
  if (step === 'month') return formatMonth(day);
  return step === 'week' ? `Week of ${formatDay(day)}` : formatDay(day);
}

/** The finding of the trend: change on a year or period before, else the highest step. */
export function trendTitle(now: number | null, past: number | null, label: string, metric: Metric, list: readonly Point[], step: Step): string {
  const delta = change(now, past, metric);
  const alike = delta !== null && (delta.direction === 'same' || say(now, metric) === say(past, metric));
  if (delta && !alike) {
    const verb = delta.direction === 'up' ? 'Up' : 'Down';
    return `${verb} ${delta.text.slice(2)} ${label}, ${fromTo(now, past, metric)}`;
  }
  if (delta) return `Steady: ${say(now, metric)}, as in ${label.replace(/^on (last year)?/, (_, year) => (year ? 'the year before' : ''))}`;
  const top = list.reduce<Point | null>((best, point) => (point.value !== null && !point.partly && point.value > (best?.value ?? -Infinity) ? point : best), null);
  return top ? `Highest ${step === 'day' ? 'on' : 'in'} ${stepName(top.day, step).replace(/^Week/, 'the week')}: ${say(top.value, metric)}` : 'No figures over time in this period';
}
