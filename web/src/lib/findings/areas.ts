/** Titles of the map and the ranking. */
import type { Metric } from '../api/types';
import { number, say } from '../format/number';
import { noun } from '../place/levels';

const PLACES = new Set(['borough', 'ward', 'cell', 'location', 'evse']);

/** A row of the ranking: one area, site, charge point or category. */
export interface Item {
  code: string;
  name: string;
  value: number | null;
  before: number | null;
  /** Why it is not compared with the year before; `null` where it may be. */
  refused?: string | null;
  /** What to know about its change. */
  aside?: string | null;
  /** Share of its charge-point days that is reported, where that is too little to take part in the order. */
  thin?: number | null;
}

function known(items: readonly Item[]): (Item & { value: number })[] {
  return items.filter((item): item is Item & { value: number } => item.value !== null && item.code !== '');
}

function isThin({ thin }: Item): boolean {
  return typeof thin === 'number';
}

/** `Hackney is highest at 45.4%, Bromley lowest at 15.1%`; where several share the zero, they are counted. Of a list cut short only the top is named. What is hardly reported takes no part. */
export function areasTitle(items: readonly Item[], metric: Metric, many: string, whole = true): string {
  const all = known(items);
  const ranked = all.filter((item) => !isThin(item)).sort((a, b) => b.value - a.value);
  if (all.length === 0) return 'No figures to map in this period';
  if (ranked.length === 0 && all.length > 1) return `Too little is reported to compare ${many}`;
  const out = all.length - ranked.length;
  const aside = out > 0 && ranked.length > 0 ? `; ${number(out)} left out, with too few returns` : '';
  return `${ends(ranked.length > 0 ? ranked : all, metric, many, whole)}${aside}`;
}

/** The ends of a list that is ordered, largest first, and not empty. */
function ends(ranked: readonly (Item & { value: number })[], metric: Metric, many: string, whole: boolean): string {
  const [top, last] = [ranked[0]!, ranked.at(-1)!];
  if (ranked.length === 1) return `${top.name}: ${say(top.value, metric)}`;
  if (!whole) return `${top.name} is highest at ${say(top.value, metric)}`;
  if (top.value === last.value) return `All alike at ${say(top.value, metric)}`;
  const zeros = ranked.filter((item) => item.value === 0).length;
  if (zeros > 1) return `${top.name} is highest at ${say(top.value, metric)}; ${number(zeros)} ${many} have none`;
  return `${top.name} is highest at ${say(top.value, metric)}, ${last.name} lowest at ${say(last.value, metric)}`;
}

const ORDINALS = new Intl.PluralRules('en-GB', { type: 'ordinal' });
const SUFFIX: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };

function ordinal(place: number): string {
  return place === 1 ? '' : `${place}${SUFFIX[ORDINALS.select(place)] ?? 'th'} `;
}

/** `2nd highest`, `lowest`: counted from the nearer end. */
function standing(above: number, below: number): string {
  return above <= below ? `${ordinal(above + 1)}highest` : `${ordinal(below + 1)}lowest`;
}

/** `Alma Road is 2nd highest of 8 sites in Abbey: 37.8%` */
export function siteTitle(items: readonly Item[], code: string, metric: Metric, around: string): string {
  const own = items.find((item) => item.code === code);
  if (!own || own.value === null) return own ? `No figure for ${own.name} in this period` : 'No figures to map in this period';
  const all = known(items);
  const ranked = all.filter((item) => !isThin(item));
  const value = own.value;
  const above = ranked.filter((item) => item.value > value).length;
  const below = ranked.filter((item) => item.value < value).length;
  if (all.length === 1) return `${own.name}: ${say(value, metric)}`;
  if (isThin(own)) return `${own.name}: ${say(value, metric)}, with too few returns to compare`;
  if (ranked.length === 1) return `${own.name}: ${say(value, metric)}; the other sites have too few returns to compare`;
  const which = ranked.length < all.length ? 'well reported sites' : 'sites';
  return `${own.name} is ${standing(above, below)} of ${ranked.length} ${which} in ${around}: ${say(value, metric)}`;
}

/** `Where use is highest`, in the words of the metric; a plain heading where the rows are no places. */
export function rankingTitle(metric: Metric, by: string, lowestFirst: boolean): string {
  const end = lowestFirst ? 'lowest' : 'highest';
  if (!PLACES.has(by)) return `${metric.name} by ${noun(by, 1)}, ${end} first`;
  const plain: Record<string, string> = {
    utilisation_time: `Where use is ${end}`,
    utilisation_energy: `Where use of capacity is ${end}`,
    sessions: lowestFirst ? 'Where sessions are fewest' : 'Where sessions are most',
    energy_kwh: lowestFirst ? 'Where least energy is delivered' : 'Where most energy is delivered',
    evses: lowestFirst ? 'Where charge points are fewest' : 'Where charge points are most',
    evses_unused: lowestFirst ? 'Where fewest charge points stand unused' : 'Where most charge points stand unused',
  };
  return plain[metric.id] ?? `${metric.name}: ${end} first`;
}
