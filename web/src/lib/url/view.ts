/** The URL owns the state: this file is the only one that reads or writes addresses of the app. */
import { firstDay, isDateText, lastDay, shortPeriod } from '../format/period';
import type { AreaLevel, Period } from '../api/types';

export type Place =
  | { kind: 'hub' }
  | { kind: AreaLevel; code: string }
  | { kind: 'site'; code: string }
  | { kind: 'evse'; code: string };

/** Filters that hold several values each; the values of one are alternatives. */
export const FILTERS = ['operator', 'band', 'siting', 'current', 'owner_borough', 'funding_scheme', 'msoa', 'lsoa', 'device'] as const;
export type FilterName = (typeof FILTERS)[number];
export type Filters = Record<FilterName, string[]>;

/** The filter by which rows of a dimension are chosen; none where there is no such filter. */
export function filterOf(dimension: string): FilterName | undefined {
  return dimension === 'power_band' ? 'band' : FILTERS.find((name) => name === dimension);
}

/** What the figures on the Overview are asked for. */
export interface Choice {
  /** `null`: the period the catalogue proposes. */
  period: Period | null;
  filters: Filters;
  metric: string;
  /** Level of areas on the map when it is not the place's own next level. */
  level: string | null;
  /** Dimension of the ranking when it is not the map's. */
  rank: string | null;
  /** Dimensions that Figures are split by, in their order; `null`: those that it proposes. */
  by: readonly string[] | null;
  /** Data version, day or time as of which figures are shown; `null`: the newest. Kept as written, so that the server can say what is wrong with it. */
  asOf: string | null;
}

/** The list of returns, narrowed to a state, to one month, and turned to a page. The operator is a filter of the choice. */
export interface DataScreen {
  name: 'data';
  state: string | null;
  /** `YYYY-MM` */
  month: string | null;
  page: number;
}

/** One return; its quarantined rows narrowed to a rule and turned to a page. */
export interface SubmissionScreen {
  name: 'submission';
  id: number;
  rule: string | null;
  page: number;
}

/** Screens about one place; all of them share place, period and filters. */
export const PLACE_SCREENS = ['overview', 'patterns', 'trends', 'figures'] as const;
export type PlaceScreenName = (typeof PLACE_SCREENS)[number];

/** What changed in the figures of a place since a data version, up to the one that the choice is as of. */
export interface ChangesScreen {
  name: 'changes';
  /** `null`: the version before. */
  since: string | null;
  place: Place;
}

export type Screen =
  | { name: PlaceScreenName; place: Place }
  | DataScreen
  | SubmissionScreen
  | { name: 'layout'; id: number }
  | ChangesScreen
  | { name: 'methods' }
  | { name: 'about' }
  | { name: 'missing' };

export interface View {
  screen: Screen;
  choice: Choice;
}

export const DEFAULT_METRIC = 'utilisation_time';
/** Screens of the record itself, which is always that of now. */
const UNVERSIONED = new Set<Screen['name']>(['data', 'submission', 'layout']);
const PLACES = new Set(['borough', 'ward', 'cell', 'site', 'evse']);

export function noFilters(): Filters {
  return filtersOf(() => []);
}

function filtersOf(values: (name: FilterName) => string[]): Filters {
  return Object.fromEntries(FILTERS.map((name) => [name, values(name)])) as Filters;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function parseScreen(path: string, query: URLSearchParams): Screen {
  const [head = '', rest, sub, ...more] = path.replace(/^\/+|\/+$/g, '').split('/').map(decode);
  if (more.length > 0) return { name: 'missing' };
  if (rest === undefined) return parseTop(head, query);
  if (head === 'data' && /^\d+$/.test(rest)) return parseReturn(Number(rest), sub, query);
  const name = PLACES.has(head) ? placeScreen(sub ?? 'overview') : null;
  return name && sub !== 'overview' ? { name, place: { kind: head, code: rest } as Place } : { name: 'missing' };
}

/** The screen about a place by its name in the address. */
function placeScreen(text: string): PlaceScreenName | null {
  return PLACE_SCREENS.find((name) => name === text) ?? null;
}

/** The screen about a place that one is on; from any other, the Overview. */
export function placeScreenOf({ name }: Screen): PlaceScreenName {
  return placeScreen(name) ?? 'overview';
}

function parseTop(head: string, query: URLSearchParams): Screen {
  if (head === '') return { name: 'overview', place: { kind: 'hub' } };
  const about = placeScreen(head);
  if (about && about !== 'overview') return { name: about, place: { kind: 'hub' } };
  if (head === 'data') return { name: 'data', state: query.get('state') || null, month: parseMonth(query), page: parsePage(query) };
  if (head === 'changes') return { name: 'changes', since: query.get('since')?.trim() || null, place: parsePlace(query) };
  return head === 'methods' || head === 'about' ? { name: head } : { name: 'missing' };
}

function parseReturn(id: number, sub: string | undefined, query: URLSearchParams): Screen {
  if (sub === undefined) return { name: 'submission', id, rule: query.get('rule') || null, page: parsePage(query) };
  return sub === 'layout' ? { name: 'layout', id } : { name: 'missing' };
}

function parsePlace(query: URLSearchParams): Place {
  const [kind = '', ...code] = (query.get('place') ?? '').split(':');
  return PLACES.has(kind) && code.length > 0 ? ({ kind, code: code.join(':') } as Place) : { kind: 'hub' };
}

function parseMonth(query: URLSearchParams): string | null {
  const month = query.get('month') ?? '';
  return month.length === 7 && isDateText(month) ? month : null;
}

function parsePage(query: URLSearchParams): number {
  const page = Number(query.get('page') ?? 1);
  return Number.isInteger(page) && page > 1 ? page : 1;
}

function parsePeriod(query: URLSearchParams): Period | null {
  const from = query.get('from') ?? '';
  const to = query.get('to') ?? '';
  if (!isDateText(from) || !isDateText(to)) return null;
  const period = { from: firstDay(from), to: lastDay(to) };
  return period.from <= period.to ? period : null;
}

/** The values of a filter. A comma within a name is written as `%2C`, one between values as it is. */
function parseValues(search: string, name: string): string[] {
  const pair = search.replace(/^\?/, '').split('&').find((one) => one.startsWith(`${name}=`)) ?? '';
  const values = pair.slice(name.length + 1).replaceAll('+', ' ').split(',').map(decode);
  return [...new Set(values.filter(Boolean))].sort();
}

/** Stands for no split at all, in an address. */
const WHOLE = 'nothing';

function parseBy(query: URLSearchParams): string[] | null {
  const by = query.get('by');
  return by ? [...new Set(by.split(',').filter((name) => name !== '' && name !== WHOLE))] : null;
}

/** Reads an address. Unknown parameters and malformed periods are left aside. */
export function parseView(path: string, search: string): View {
  const query = new URLSearchParams(search);
  const screen = parseScreen(path, query);
  return {
    screen,
    choice: {
      period: parsePeriod(query),
      filters: filtersOf((name) => parseValues(search, name)),
      metric: query.get('metric') || DEFAULT_METRIC,
      level: query.get('level'),
      rank: query.get('rank'),
      by: parseBy(query),
      asOf: UNVERSIONED.has(screen.name) ? null : query.get('as_of')?.trim() || null,
    },
  };
}

/** The path of a place's Overview. */
export function placePath(place: Place): string {
  return place.kind === 'hub' ? '/' : `/${place.kind}/${encodeURIComponent(place.code)}`;
}

function screenPath(screen: Screen): string {
  switch (screen.name) {
    case 'overview':
      return placePath(screen.place);
    case 'patterns':
    case 'trends':
    case 'figures':
      return `${placePath(screen.place).replace(/\/$/, '')}/${screen.name}`;
    case 'submission':
      return `/data/${screen.id}`;
    case 'layout':
      return `/data/${screen.id}/layout`;
    default:
      return `/${screen.name}`;
  }
}

/** Encodes a value for a query string, leaving the `:` and `,` of ids and lists readable. */
function encode(value: string): string {
  return encodeValue(value).replace(/%2C/gi, ',');
}

/** Encodes one of several values, leaving the `:` of ids readable. */
function encodeValue(value: string): string {
  return encodeURIComponent(value).replace(/%3A/gi, ':');
}

/** A parameter of the address, with one value or several. */
type Pair = [string, string | readonly string[]];

function choicePairs(choice: Choice): Pair[] {
  const period = choice.period ? shortPeriod(choice.period) : null;
  return [
    ['from', period?.from ?? ''],
    ['to', period?.to ?? ''],
    ...FILTERS.map((name): Pair => [name, choice.filters[name]]),
    ['metric', choice.metric === DEFAULT_METRIC ? '' : choice.metric],
    ['level', choice.level ?? ''],
    ['rank', choice.rank ?? ''],
    ['as_of', choice.asOf ?? ''],
  ];
}

function screenPairs(screen: Screen, { by }: Choice): Pair[] {
  if (screen.name === 'figures') return [['by', by === null ? '' : by.join(',') || WHOLE]];
  if (screen.name === 'changes') {
    const { since, place } = screen;
    return [
      ['since', since ?? ''],
      ['place', place.kind === 'hub' ? '' : `${place.kind}:${place.code}`],
    ];
  }
  if (screen.name !== 'data' && screen.name !== 'submission') return [];
  const own: Pair[] =
    screen.name === 'data'
      ? [
          ['state', screen.state ?? ''],
          ['month', screen.month ?? ''],
        ]
      : [['rule', screen.rule ?? '']];
  return [...own, ['page', screen.page > 1 ? String(screen.page) : '']];
}

/** Writes the address of a view: defaults are left out, so that it stays short. */
export function viewHref({ screen, choice }: View): string {
  const shown = UNVERSIONED.has(screen.name) ? { ...choice, asOf: null } : choice;
  const query = [...choicePairs(shown), ...screenPairs(screen, shown)]
    .filter(([, value]) => value.length > 0)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? encode(value) : value.map(encodeValue).join(',')}`)
    .join('&');
  return screenPath(screen) + (query ? `?${query}` : '');
}

/** The address of another place under the same choice; level and ranking belong to the place left. */
export function placeHref(place: Place, choice: Choice, name: PlaceScreenName = 'overview'): string {
  return viewHref({ screen: { name, place }, choice: { ...choice, level: null, rank: null } });
}

/** The address of what changed in a view's figures since a data version; level and ranking say nothing there. */
export function changesHref(place: Place, choice: Choice, since: number | null): string {
  const screen: Screen = { name: 'changes', since: since === null ? null : String(since), place };
  return viewHref({ screen, choice: { ...choice, level: null, rank: null } });
}
