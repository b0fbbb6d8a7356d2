/** Civil days and periods. A day is an ISO string `YYYY-MM-DD`; arithmetic is on UTC midnights, so no clock change can touch it. */
import type { Period } from '../api/types';

const DAY = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Days since 1970-01-01. */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(`${day}T00:00:00Z`) / DAY);
}

/** The ISO day of a day number. */
export function isoDay(number: number): string {
  return new Date(number * DAY).toISOString().slice(0, 10);
}

export function addDays(day: string, days: number): string {
  return isoDay(dayNumber(day) + days);
}

/** The same date in another month; the 31st becomes the last day where there is none. */
export function addMonths(day: string, months: number): string {
  const [year, month, date] = parts(day);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

/** Days in the period, both ends included. */
export function lengthInDays({ from, to }: Period): number {
  return dayNumber(to) - dayNumber(from) + 1;
}

export function lastOfMonth(day: string): string {
  const [year, month] = parts(day);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

export function firstOfMonth(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

function parts(day: string): [number, number, number] {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return [year, month, date];
}

/** Whether the text is a day, month or year of the calendar. */
export function isDateText(text: string): boolean {
  if (!/^\d{4}(-\d{2}(-\d{2})?)?$/.test(text)) return false;
  const start = firstDay(text);
  return !Number.isNaN(Date.parse(`${start}T00:00:00Z`)) && isoDay(dayNumber(start)) === start;
}

/** First day of a day, month or year. */
export function firstDay(text: string): string {
  return `${text}-01-01`.slice(0, 10);
}

/** Last day of a day, month or year. */
export function lastDay(text: string): string {
  if (text.length === 4) return `${text}-12-31`;
  return text.length === 7 ? lastOfMonth(`${text}-01`) : text;
}

/** The shortest spelling of a period: years, else months, else days. */
export function shortPeriod({ from, to }: Period): Period {
  const months = from.endsWith('-01') && to === lastOfMonth(to);
  const years = from.endsWith('-01-01') && to.endsWith('-12-31');
  const length = years ? 4 : months ? 7 : 10;
  return { from: from.slice(0, length), to: to.slice(0, length) };
}

/** `1 Oct 2025` */
export function formatDay(day: string): string {
  const [year, month, date] = parts(day);
  return `${date} ${MONTHS[month - 1]} ${year}`;
}

/** `Oct 2025` */
export function formatMonth(day: string): string {
  const [year, month] = parts(day);
  return `${MONTHS[month - 1]} ${year}`;
}

/** `Oct` */
export function monthName(day: string): string {
  return MONTHS[parts(day)[1] - 1] ?? '';
}

/** `1 Oct – 31 Dec 2025`, with as little repetition as the two ends allow. */
export function formatPeriod({ from, to }: Period): string {
  if (from === to) return formatDay(from);
  const [fromYear, fromMonth, fromDate] = parts(from);
  const [toYear, toMonth] = parts(to);
  if (fromYear !== toYear) return `${formatDay(from)} – ${formatDay(to)}`;
  if (fromMonth !== toMonth) return `${fromDate} ${MONTHS[fromMonth - 1]} – ${formatDay(to)}`;
  return `${fromDate} – ${formatDay(to)}`;
}

/** `24 Nov 2026, 01:02`, in the hub's zone. */
export function formatInstant(instant: string, zone: string): string {
  const time = new Date(instant);
  if (Number.isNaN(time.getTime())) return instant;
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  })
    .format(time)
    .replace('Sept', 'Sep');
}
