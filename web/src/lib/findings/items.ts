import type { Catalogue, Cell, Ranking } from '../api/types';
import { metricById } from '../metrics/metrics';
import { rowName } from '../place/names';
import type { Item } from './areas';
import { beside, whyNot } from './before';

function numeric(cell: Cell | undefined): number | null {
  return typeof cell === 'number' ? cell : null;
}

/** How much of a row is reported, where the server finds it too little for a fair order; it says so only of figures that rest on returns. */
function thin(fairness: Ranking['fairness'] | undefined, at: number): number | null {
  const share = fairness?.row_coverage[at];
  return fairness?.caution && typeof share === 'number' && share < fairness.fair_from ? share : null;
}

/** The rows of a ranking as items, in their order. Codes stand in the answer's own dimension column. */
export function items(answer: Pick<Ranking, 'columns' | 'rows' | 'comparison'> & Partial<Pick<Ranking, 'fairness'>>, by: string, id: string, catalogue: Catalogue): Item[] {
  const dimension = answer.columns.find((column) => column.kind === 'dimension')?.name ?? by;
  const metric = metricById(catalogue, id);
  return answer.rows.map((row, at) => {
    const judged = { verdict: answer.comparison?.rows[at] ?? null, metrics: answer.comparison?.metrics ?? [] };
    return {
      ...rowName(catalogue, dimension, row),
      value: numeric(row[id]),
      before: numeric(row[`${id}_before`]),
      refused: whyNot(judged, id),
      aside: metric ? beside(judged, metric) : null,
      thin: thin(answer.fairness, at),
    };
  });
}
