import type { Answer, Catalogue, Cell } from '../api/types';
import { rowName } from '../place/names';
import type { Item } from './areas';

function numeric(cell: Cell | undefined): number | null {
  return typeof cell === 'number' ? cell : null;
}

/** The rows of a ranking as items, in their order. Codes stand in the answer's own dimension column. */
export function items(answer: Pick<Answer, 'columns' | 'rows'>, by: string, metric: string, catalogue: Catalogue): Item[] {
  const dimension = answer.columns.find((column) => column.kind === 'dimension')?.name ?? by;
  return answer.rows.map((row) => ({
    ...rowName(catalogue, dimension, row),
    value: numeric(row[metric]),
    before: numeric(row[`${metric}_before`]),
  }));
}
