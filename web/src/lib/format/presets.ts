import type { Period } from '../api/types';
import { addDays, addMonths, firstOfMonth, lastOfMonth } from './period';

export interface Preset {
  id: string;
  name: string;
  period: Period;
}

/** The last day that ends a whole month with data. */
function lastWholeMonthEnd(lastDay: string): string {
  return lastDay === lastOfMonth(lastDay) ? lastDay : addDays(firstOfMonth(lastDay), -1);
}

/** The last day that ends a whole quarter with data. */
function lastWholeQuarterEnd(monthEnd: string): string {
  const beyond = Number(monthEnd.slice(5, 7)) % 3;
  return lastOfMonth(addMonths(firstOfMonth(monthEnd), -beyond));
}

function back(to: string, months: number): Period {
  return { from: addMonths(firstOfMonth(to), 1 - months), to };
}

/** Periods to choose from, each ending with the data that is there; those that begin before the data are cut to it. */
export function presets(firstDay: string, lastDay: string): Preset[] {
  const month = lastWholeMonthEnd(lastDay);
  const year = lastDay.slice(0, 4);
  const all: Preset[] = [
    { id: 'year', name: 'Last 12 months', period: back(month, 12) },
    { id: 'half', name: 'Last 6 months', period: back(month, 6) },
    { id: 'quarter', name: 'Last whole quarter', period: back(lastWholeQuarterEnd(month), 3) },
    { id: 'month', name: 'Last whole month', period: back(month, 1) },
    { id: 'this-year', name: `Year ${year}`, period: { from: `${year}-01-01`, to: `${year}-12-31` } },
    { id: 'year-before', name: `Year ${Number(year) - 1}`, period: { from: `${Number(year) - 1}-01-01`, to: `${Number(year) - 1}-12-31` } },
    { id: 'all', name: 'All data', period: { from: firstDay, to: lastDay } },
  ];
  return distinct(all.flatMap((preset) => cut(preset, firstDay, lastDay)));
}

function cut(preset: Preset, firstDay: string, lastDay: string): Preset[] {
  const from = preset.period.from < firstDay ? firstDay : preset.period.from;
  const to = preset.period.to > lastDay ? lastDay : preset.period.to;
  return from > to ? [] : [{ ...preset, period: { from, to } }];
}

function distinct(list: Preset[]): Preset[] {
  const key = ({ period }: Preset): string => `${period.from}/${period.to}`;
  return list.filter((preset, at) => list.findIndex((other) => key(other) === key(preset)) === at);
}
