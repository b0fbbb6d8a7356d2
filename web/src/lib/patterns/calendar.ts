/** The days of a period by month, and what stands out among them. */
import type { CalendarDay, Metric, Period } from '../api/types';
import { count, say } from '../format/number';
import { dayNumber, formatDay, formatMonth } from '../format/period';
import { WEEKDAYS } from '../findings/hours';

export interface MonthOfDays {
  /** `2025-10` */
  key: string;
  name: string;
  /** Empty places before the first day, so that Mondays stand below one another. */
  blanks: number;
  days: { at: number; day: CalendarDay }[];
}

/** The days in months, each with its place in the whole list. */
export function byMonth(days: readonly CalendarDay[]): MonthOfDays[] {
  const months: MonthOfDays[] = [];
  days.forEach((day, at) => {
    const key = day.day.slice(0, 7);
    if (months.at(-1)?.key !== key) months.push({ key, name: formatMonth(day.day), blanks: day.weekday, days: [] });
    months.at(-1)!.days.push({ at, day });
  });
  return months;
}

/** Those of the days that lie in the same month as the one at a place, as a period. */
export function monthOf(days: readonly CalendarDay[], place: number): Period {
  const month = days[place]?.day.slice(0, 7);
  const own = days.filter(({ day }) => day.slice(0, 7) === month);
  return { from: own[0]?.day ?? '', to: own.at(-1)?.day ?? '' };
}

/** Place of the highest day; `null` where nothing was reported. */
export function highestDay(days: readonly CalendarDay[]): number | null {
  let best: number | null = null;
  days.forEach(({ value }, at) => {
    if (value !== null && (best === null || value > (days[best]?.value ?? -Infinity))) best = at;
  });
  return best;
}

/** `Tuesday 2 Sep 2025` */
export function dayName({ day }: CalendarDay): string {
  return `${WEEKDAYS[(dayNumber(day) + 3) % 7]} ${formatDay(day)}`;
}

/** `Tuesday 2 Sep 2025: 23.4%`, or why there is no figure. */
export function dayText(day: CalendarDay, metric: Metric): string {
  if (day.state === 'not_installed') return `${dayName(day)}: no charge point in service`;
  if (day.value === null) return `${dayName(day)}: no return`;
  const part = day.coverage !== null && day.coverage < 0.995 ? ` (returns for ${Math.floor(day.coverage * 100)}% of charge points)` : '';
  return `${dayName(day)}: ${say(day.value, metric)}${part}`;
}

/** `Highest on Tuesday 2 Sep 2025: 23.4%; no return on 12 days` */
export function calendarTitle(days: readonly CalendarDay[], metric: Metric): string {
  const top = highestDay(days);
  const missing = days.filter(({ state }) => state === 'missing').length;
  const gap = missing > 0 ? `; no return on ${count(missing, 'day')}` : '';
  const best = top === null ? undefined : days[top];
  return best ? `Highest on ${dayName(best)}: ${say(best.value, metric)}${gap}` : 'No figures by day in this period';
}
