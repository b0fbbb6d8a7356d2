/** A proposed repair as its evidence: what was at odds before, and what would be after. */
import type { DayCount, EvidenceKind, Headline, Measures, Repair } from '../api/intake-types';
import { count, number } from '../format/number';
import { addDays, dayNumber, formatDay } from '../format/period';

const MEASURES: [keyof Measures, string][] = [
  ['outside_period', 'Rows outside the period'],
  ['outside_months', 'Rows in months far from all others'],
  ['overlaps', 'Sessions that overlap on one connector'],
  ['steps_back', 'Rows that go back in time within the file'],
  ['end_before_start', 'Rows that end before they start'],
  ['month_long', 'Stays of over twenty days'],
  ['contradicts_duration', 'Rows whose duration column says otherwise'],
  ['implausible_power', 'Rows with more power than any charger has'],
  ['missing_hours', 'Rows in the hour that the clocks skip'],
  ['unreadable', 'Numbers that cannot be read'],
];

export interface EvidenceRow {
  what: string;
  before: number;
  after: number;
}

/** Measures that tell of anything, before or after. */
export function evidenceRows({ before, after }: Repair['evidence']): EvidenceRow[] {
  return MEASURES.map(([key, what]) => ({ what, before: before[key] ?? 0, after: after[key] ?? 0 })).filter((row) => row.before > 0 || row.after > 0);
}

/** Words for whether a kind of evidence speaks for a repair. */
export const VERDICTS: Record<EvidenceKind['verdict'], string> = { agrees: 'Speaks for it', silent: 'Says nothing', against: 'Speaks against it' };

/** The headline figures, as text. */
export function headlineRows({ before, after }: Repair['headline']): { what: string; before: string; after: string }[] {
  const row = (what: string, of: (one: Headline) => string): { what: string; before: string; after: string } => ({ what, before: of(before), after: of(after) });
  return [
    row('Sessions', ({ sessions }) => number(sessions)),
    row('Energy, kWh', ({ energy_kwh }) => number(energy_kwh, 1)),
    row('First day', ({ first_day }) => (first_day ? formatDay(first_day) : '–')),
    row('Last day', ({ last_day }) => (last_day ? formatDay(last_day) : '–')),
  ];
}

/** Every day from the first to the last, also those without sessions; bounded, as a wrong year may stretch a file over decades. */
export function everyDay(days: readonly DayCount[], most = 1500): DayCount[] {
  const sorted = [...days].sort((a, b) => (a.day < b.day ? -1 : 1));
  const [first, last] = [sorted[0]?.day, sorted.at(-1)?.day];
  if (first === undefined || last === undefined || dayNumber(last) - dayNumber(first) >= most) return sorted;
  const by = new Map(sorted.map((one) => [one.day, one]));
  const list: DayCount[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) list.push(by.get(day) ?? { day, before: 0, after: 0 });
  return list;
}

/** A sentence with the titles of repairs in place of their ids. */
export function withTitles(sentence: string, repairs: readonly Pick<Repair, 'kind' | 'title'>[]): string {
  return repairs.reduce((text, { kind, title }) => text.replace(new RegExp(`[“"]?\\b${kind}\\b[”"]?`), `“${title}”`), sentence);
}

/** The finding above the chart. */
export function dayFinding(days: readonly DayCount[]): string {
  const used = (of: (one: DayCount) => number): DayCount[] => days.filter((one) => of(one) > 0);
  const reach = (list: DayCount[]): number => (list.length === 0 ? 0 : dayNumber(list.at(-1)!.day) - dayNumber(list[0]!.day) + 1);
  const [before, after] = [reach(used((one) => one.before)), reach(used((one) => one.after))];
  if (before === after) return 'The sessions stay on the same stretch of days';
  return `The sessions cover ${count(after, 'day')} in place of ${number(before)}`;
}
