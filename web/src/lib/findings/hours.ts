/** Reading the 168 hours of a week. Hour 0 is Monday 00:00, local time. */
import type { Answer, Row } from '../api/types';

export const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** Value of each hour of the week, `null` where there is no figure. */
export type Week = readonly (number | null)[];

/** Puts the rows of an answer by `hour_of_week` into their places. */
export function weekOf(rows: readonly Row[], metric: string): Week {
  const week: (number | null)[] = Array.from({ length: 168 }, () => null);
  for (const row of rows) {
    const at = Number(row['hour_of_week']);
    const value = row[metric];
    if (Number.isInteger(at) && at >= 0 && at < 168 && typeof value === 'number') week[at] = value;
  }
  return week;
}

/** `19:00` */
export function clock(hour: number): string {
  return `${String(hour % 24).padStart(2, '0')}:00`;
}

/** `Thursday 19:00` */
export function hourName(at: number): string {
  return `${WEEKDAYS[Math.floor(at / 24)]} ${clock(at % 24)}`;
}

function extreme(week: Week, better: (a: number, b: number) => boolean): number | null {
  let found: number | null = null;
  week.forEach((value, at) => {
    if (value === null) return;
    const best = found === null ? null : week[found];
    if (best === null || best === undefined || better(value, best)) found = at;
  });
  return found;
}

/** Index of the highest hour, or `null` in an empty week. */
export function peak(week: Week): number | null {
  return extreme(week, (a, b) => a > b);
}

/** Index of the lowest hour, or `null` in an empty week. */
export function trough(week: Week): number | null {
  return extreme(week, (a, b) => a < b);
}

/** Part of the day that an hour belongs to. */
function partOfDay(hour: number): string {
  if (hour < 6) return 'night';
  if (hour < 12) return 'morning';
  if (hour < 17) return 'afternoon';
  return hour < 22 ? 'evening' : 'late evening';
}

/** The days on which the peak hours fall, named as loosely as they are spread. */
function when(hours: readonly number[]): string {
  const days = [...new Set(hours.map((at) => Math.floor(at / 24)))];
  const parts = [...new Set(hours.map((at) => partOfDay(at % 24)))];
  const [part = ''] = parts;
  if (parts.length > 1) return '';
  if (days.length === 1) return `${WEEKDAYS[days[0]!]} ${part}s`;
  if (days.every((day) => day < 5)) return `weekday ${part}s`;
  return days.every((day) => day > 4) ? `weekend ${part}s` : `${part}s`;
}

/** Hours of the highest values, best first. */
function highest(week: Week, amount: number): number[] {
  return week
    .map((value, at) => ({ value, at }))
    .filter((hour): hour is { value: number; at: number } => hour.value !== null)
    .sort((a, b) => b.value - a.value)
    .slice(0, amount)
    .map((hour) => hour.at);
}

/** `Busiest on weekday evenings, most of all Thursday 19:00`; never more than the top hours say. */
export function hoursTitle(week: Week, word = 'Busiest'): string {
  const top = peak(week);
  if (top === null || !(week[top]! > 0)) return 'No use to show by the hour';
  const day = WEEKDAYS[Math.floor(top / 24)];
  const spread = when(highest(week, 8));
  return spread ? `${word} on ${spread}, most of all ${day} ${clock(top % 24)}` : `${word} on ${day}s around ${clock(top % 24)}`;
}

/** One line of the typical day: 24 means or medians with the range of its days. */
export interface DayLine {
  middle: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
}

export interface TypicalDay {
  weekday: DayLine;
  weekend: DayLine;
}

/** How hours of several days join into one: each ratio counts by its own denominator. */
function join(values: Week, denominators: Week, hours: readonly number[]): number | null {
  let [sum, divided] = [0, 0];
  for (const at of hours) {
    const [value, by] = [values[at], denominators[at]];
    if (typeof value !== 'number' || typeof by !== 'number') continue;
    sum += value * by;
    divided += by;
  }
  return divided > 0 ? sum / divided : null;
}

function line(values: Week, denominators: Week, days: readonly number[]): DayLine {
  const hours = Array.from({ length: 24 }, (_, hour) => days.map((day) => day * 24 + hour));
  const present = hours.map((some) => some.map((at) => values[at]).filter((value) => typeof value === 'number'));
  return {
    middle: hours.map((some) => join(values, denominators, some)),
    low: present.map((some) => (some.length > 0 ? Math.min(...some) : null)),
    high: present.map((some) => (some.length > 0 ? Math.max(...some) : null)),
  };
}

/** The weekday and the weekend day of a week of ratios, from what each hour was divided by: sum first, divide once. */
export function typicalDay(values: Week, denominators: Week): TypicalDay {
  return { weekday: line(values, denominators, [0, 1, 2, 3, 4]), weekend: line(values, denominators, [5, 6]) };
}

/** What the figure of each hour of the week was divided by, as the ledger of the answer says. */
export function denominatorsOf({ rows, ledger }: Pick<Answer, 'rows' | 'ledger'>, metric: string): Week {
  const rate = ledger?.rates.find((one) => one.metric === metric);
  const at = rate?.lines.findIndex(({ role }) => role === 'denominator') ?? -1;
  return weekOf(rows.map((row, place) => ({ hour_of_week: row['hour_of_week'] ?? null, by: rate?.rows[place]?.[at] ?? null })), 'by');
}

/** A line that lies at zero all day has no peak. */
function peakHour(line: DayLine): number | null {
  const top = peak(line.middle);
  return top !== null && line.middle[top]! > 0 ? top : null;
}

/** `Weekdays peak at 19:00, weekends at 14:00` */
export function dayTitle({ weekday, weekend }: TypicalDay): string {
  const [work, rest] = [peakHour(weekday), peakHour(weekend)];
  if (work === null && rest === null) return 'No use to show by the hour';
  if (rest === null) return `Weekdays peak at ${clock(work!)}`;
  if (work === null) return `Weekends peak at ${clock(rest)}`;
  return work === rest ? `Weekdays and weekends both peak at ${clock(work)}` : `Weekdays peak at ${clock(work)}, weekends at ${clock(rest)}`;
}
