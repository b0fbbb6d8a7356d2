import { addDays, addMonths, dayNumber, firstOfMonth, formatMonth, monthName } from '../format/period';

export interface DateTick {
  day: string;
  number: number;
  text: string;
}

/** Steps between ticks, in months. */
const STEPS = [1, 2, 3, 6, 12, 24, 60];

function label(day: string, first: boolean, months: number, short: boolean): string {
  const january = day.slice(5, 7) === '01';
  if (months >= 12 || (short && january)) return day.slice(0, 4);
  return january || (first && !short) ? formatMonth(day) : monthName(day);
}

/** Round dates between two days, no more than `most`; the year stands with the first and with each January, in short form alone. */
export function dateTicks(from: string, to: string, most: number, short = false): DateTick[] {
  const span = dayNumber(to) - dayNumber(from);
  if (span < 45) return dayTicks(from, to, most);
  const months = STEPS.find((step) => span / (30.4 * step) <= most) ?? 120;
  const start = from.endsWith('-01') ? from : addMonths(firstOfMonth(from), 1);
  let day = start;
  while ((Number(day.slice(5, 7)) - 1 + 12 * Number(day.slice(0, 4))) % months !== 0) day = addMonths(day, 1);
  const list: DateTick[] = [];
  for (; day <= to; day = addMonths(day, months)) {
    list.push({ day, number: dayNumber(day), text: label(day, list.length === 0, months, short) });
  }
  return list;
}

function dayTicks(from: string, to: string, most: number): DateTick[] {
  const step = Math.max(1, Math.ceil((dayNumber(to) - dayNumber(from)) / most));
  const list: DateTick[] = [];
  for (let day = from; day <= to; day = addDays(day, step)) {
    list.push({ day, number: dayNumber(day), text: `${Number(day.slice(8))} ${monthName(day)}` });
  }
  return list;
}
