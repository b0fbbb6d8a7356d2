/** Edits of a layout: which column is read as which field, and in which units. Every edit makes a new layout. */
import type { FieldInfo, Layout, ProfileColumn } from '../api/intake-types';

/** What a person says of a column: a field, or nothing, which leaves it aside. */
export type Role = string | null;

/** Whether two spellings of a header are the same: case, blanks, underscores and hyphens do not count, as at intake. */
export function sameHeader(a: string, b: string): boolean {
  const fold = (text: string): string => text.toLowerCase().replace(/[\s_-]+/g, '');
  return fold(a) === fold(b);
}

/** The field that a column is read as. */
export function roleOf(layout: Layout, column: string): Role {
  return Object.entries(layout.columns).find(([, headers]) => headers.some((header) => sameHeader(header, column)))?.[0] ?? null;
}

/** A layout as the server sends it, with what it leaves out when empty. */
export function whole(layout: Layout): Layout {
  const columns = Object.entries(layout.columns).map(([field, headers]: [string, string | string[]]) => [field, typeof headers === 'string' ? [headers] : headers]);
  return { ...layout, columns: Object.fromEntries(columns) as Layout['columns'], ignored: layout.ignored ?? [] };
}

const without = (headers: readonly string[], column: string): string[] => headers.filter((header) => !sameHeader(header, column));

/** The layout with a column read as another field. Spellings that this file does not have stay as they are. */
export function withRole(layout: Layout, column: string, role: Role): Layout {
  const columns: Record<string, string[]> = {};
  for (const [field, headers] of Object.entries(layout.columns)) {
    const left = without(headers, column);
    if (left.length > 0) columns[field] = left;
  }
  if (role !== null) columns[role] = [...(columns[role] ?? []), column];
  const ignored = without(layout.ignored, column);
  const required = layout.required ? { required: layout.required.filter((field) => columns[field] !== undefined) } : {};
  return { ...layout, ...required, columns, ignored: role === null ? [...ignored, column] : ignored };
}

/** Fields that more than one column of the file is read as, with these columns. */
export function clashes(layout: Layout, columns: readonly ProfileColumn[]): { field: string; columns: string[] }[] {
  const by = new Map<string, string[]>();
  for (const { column } of columns) {
    const field = roleOf(layout, column);
    if (field !== null) by.set(field, [...(by.get(field) ?? []), column]);
  }
  return [...by].filter(([, list]) => list.length > 1).map(([field, list]) => ({ field, columns: list }));
}

/** What a layout needs and no column of the file is read as, by title: a field, or the fields of which one is enough. */
export function missingFields(layout: Layout, columns: readonly ProfileColumn[], fields: readonly FieldInfo[]): string[] {
  const read = new Set<Role>([...columns.map(({ column }) => roleOf(layout, column)), ...Object.keys(layout.constants ?? {})]);
  const groups = new Map<string, FieldInfo[]>();
  for (const field of fields) {
    const group = field.needed === 'always' ? field.id : field.needed === 'one_of' ? field.group : null;
    if (group) groups.set(group, [...(groups.get(group) ?? []), field]);
  }
  return [...groups.values()].filter((group) => !group.some(({ id }) => read.has(id))).map((group) => group.map(({ title }) => title).join(' or '));
}

/** Whether two layouts read alike. */
export function sameLayout(a: Layout, b: Layout): boolean {
  return JSON.stringify(tidy(a)) === JSON.stringify(tidy(b));
}

function tidy(layout: Layout): unknown {
  const columns = Object.entries(layout.columns).sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...layout, columns: columns.map(([field, headers]) => [field, [...headers].sort()]), ignored: [...layout.ignored].sort() };
}

/** The place in the name of a column that the file does not name: `column 3` is the third; `null` where it has a name. */
export function placeOf(column: string): number | null {
  const place = /^column (\d+)$/i.exec(column)?.[1];
  return place === undefined ? null : Number(place);
}

/** Rows that make up the header of a layout; 0 where the first row is data. */
export function headerRows(layout: Layout): number {
  return layout.header_rows ?? 1;
}

/** Headers to choose from. */
export const HEADER_ROWS: { value: number; name: string }[] = [
  { value: 0, name: 'None: the first row is data' },
  { value: 1, name: '1 row' },
  ...[2, 3, 4, 5].map((value) => ({ value, name: `${value} rows, joined` })),
];

/** How sure the proposal is, in a word. */
export function sureness(confidence: number): 'certain' | 'likely' | 'unsure' {
  if (confidence >= 0.9) return 'certain';
  return confidence >= 0.6 ? 'likely' : 'unsure';
}

interface Setting<K extends keyof Layout> {
  key: K;
  label: string;
  help: string;
  options: { value: string; name: string; set: Layout[K] }[];
}

const option = <T>(value: string, name: string, set: T): { value: string; name: string; set: T } => ({ value, name, set });
const plain = <T extends string>(options: Record<T, string>): { value: string; name: string; set: T }[] =>
  Object.entries<string>(options).map(([value, name]) => option(value, name, value as T));

export const TIMES: Setting<'times'> = {
  key: 'times',
  label: 'Dates',
  help: 'The order of day, month and year',
  options: plain({
    day_first: 'Day first: 31/12/2025',
    month_first: 'Month first: 12/31/2025',
    year_first: 'Year first: 2025-12-31',
    rfc3339: 'With offset: 2025-12-31T08:00Z',
    mixed: 'Two orders in one column',
    epoch: 'Seconds since 1970',
    epoch_ms: 'Milliseconds since 1970',
    rfc2822: 'Wed, 31 Dec 2025 08:00:00 GMT',
    java_script: 'Wed Dec 31 2025 08:00:00 GMT+0100',
    serial: 'Days as spreadsheets count them: 46022.33',
  }),
};
export const ENERGY: Setting<'energy'> = { key: 'energy', label: 'Energy', help: 'The unit of energy', options: plain({ kwh: 'kWh', wh: 'Wh' }) };
export const FEE: Setting<'fee'> = { key: 'fee', label: 'Fees', help: 'The unit of fees', options: plain({ pounds: 'Pounds', pence: 'Pence' }) };
/** Null is the usual rate, so that a layout of before says nothing new. */
export const VAT: Setting<'vat_percent'> = {
  key: 'vat_percent',
  label: 'VAT',
  help: 'What is added to fees without VAT',
  options: [option('usual', '20 %, as usual', null), option('reduced', '5 %', 5), option('none', '0 %', 0)],
};
export const DURATION: Setting<'duration'> = {
  key: 'duration',
  label: 'Durations',
  help: 'The unit of durations',
  options: plain({ minutes: 'Minutes', seconds: 'Seconds', hours: 'Hours', clock: 'Clock or units: 02:30:00, 2h 30m' }),
};
export const COMMA: Setting<'comma_decimal'> = {
  key: 'comma_decimal',
  label: 'Decimals',
  help: 'What stands before the decimals',
  options: [option('auto', 'As each number shows', null), option('point', 'Point: 7.25', false), option('comma', 'Comma: 7,25', true)],
};

/** Settings that are chosen from a list, in the order shown. The zone is typed. */
export const SETTINGS = [TIMES, ENERGY, DURATION, FEE, VAT, COMMA] as const;

/** Zones offered while typing; any IANA name may be given. */
export const ZONES = ['Europe/London', 'UTC', 'Europe/Dublin', 'Europe/Paris', 'Europe/Berlin', 'America/New_York', 'America/Denver', 'America/Los_Angeles'];
