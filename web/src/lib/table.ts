/** The figures behind a chart as plain text, for its table twin. */
import type { Answer, Catalogue, Cell, Column, Metric } from './api/types';
import { hourName } from './findings/hours';
import { say } from './format/number';
import { formatDay, formatMonth } from './format/period';
import { metricById } from './metrics/metrics';
import { valueName } from './place/names';

export interface TableColumn {
  label: string;
  /** Figures stand right-aligned. */
  number: boolean;
}

export interface Table {
  columns: TableColumn[];
  rows: string[][];
  /** Where the cells of each row lead; none where no cell leads anywhere. */
  hrefs?: (string | null)[][];
}

/** A column made from each row of a list. */
export interface Field<T> extends TableColumn {
  text: (row: T) => string;
  href?: ((row: T) => string | null) | undefined;
}

/** A table of a list, one column for each field. */
export function tableOf<T>(rows: readonly T[], fields: readonly Field<T>[]): Table {
  const table = { columns: fields.map(({ label, number }) => ({ label, number })), rows: rows.map((row) => fields.map((field) => field.text(row))) };
  return fields.some(({ href }) => href) ? { ...table, hrefs: rows.map((row) => fields.map(({ href }) => href?.(row) ?? null)) } : table;
}

const BEFORE = '_before';
/** Says why a row is not compared: most rows are. */
const REASON = 'not_compared';
const DATES: Record<string, (day: string) => string> = { day: formatDay, week: (day) => `Week of ${formatDay(day)}`, month: formatMonth };

function text(column: Column, metric: Metric | undefined, cell: Cell | undefined, catalogue: Catalogue): string {
  if (metric) return say(cell, metric);
  if (column.name === REASON) return typeof cell === 'string' ? cell : '';
  const date = DATES[column.name];
  if (date && typeof cell === 'string') return date(cell);
  if (column.name === 'hour_of_week' && typeof cell === 'number') return hourName(cell);
  return cell === null || cell === undefined ? 'Not known' : valueName(catalogue, column.name, String(cell));
}

const NAME = '_name';

/** An answer as a table. A name stands for its code where the answer has both, and leads where its code does. */
export function answerTable(answer: Answer, catalogue: Catalogue, hrefOf?: (dimension: string, code: string) => string | null): Table {
  const columns = answer.columns.filter((column) => column.kind !== 'dimension' || !answer.columns.some(({ name }) => name === column.name + NAME));
  const fields = columns.map((column): Field<Answer['rows'][number]> => {
    const metric = metricById(catalogue, column.name.replace(BEFORE, ''));
    const before = column.name.endsWith(BEFORE) ? ', a year before' : '';
    const dimension = column.name.endsWith(NAME) ? column.name.slice(0, -NAME.length) : column.name;
    const code = (row: Answer['rows'][number]): string => String(row[dimension] ?? '');
    return {
      label: metric ? metric.name + before : column.label,
      number: column.kind === 'metric',
      text: (row) => text(column, metric, row[column.name], catalogue),
      href: hrefOf && !metric ? (row) => (code(row) === '' ? null : hrefOf(dimension, code(row))) : undefined,
    };
  });
  return tableOf(answer.rows, fields);
}
