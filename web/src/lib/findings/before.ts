/** The earlier period that the figures are measured against, and whether they may be: the server's rule alone decides. */
import type { Answer, Cell, Comparison, Metric, Summary } from '../api/types';
import { isSum } from '../metrics/metrics';

/** The period that changes are measured against. */
export interface Before {
  answer: Answer;
  /** `on last year`, `on the period before` */
  label: string;
  verdict: Comparison | null;
  /** Ids of the metrics of which the verdict speaks. */
  metrics: readonly string[];
}

function figureIn(answer: Answer | null, metric: string): Cell {
  return answer?.rows[0]?.[metric] ?? null;
}

/** Last year where anything was reported then, else the period before, else nothing. */
export function before({ last_year, previous, comparison }: Summary): Before | null {
  const { metrics } = comparison;
  if (last_year && typeof figureIn(last_year, 'sessions') === 'number') {
    return { answer: last_year, label: 'on last year', verdict: comparison.last_year ?? null, metrics };
  }
  if (previous && typeof figureIn(previous, 'sessions') === 'number') {
    return { answer: previous, label: 'on the period before', verdict: comparison.previous ?? null, metrics };
  }
  return null;
}

type Judged = Pick<Before, 'verdict' | 'metrics'>;

/** Why a figure is not compared, as a sentence; `null` where it may be. */
export function whyNot({ verdict, metrics }: Judged, metric: string): string | null {
  if (!verdict || verdict.comparable || !metrics.includes(metric)) return null;
  return verdict.words ?? 'The two periods do not rest on the same days.';
}

/** What to know about a change that is told: of an amount, how many more charge points stand behind it. */
export function beside({ verdict, metrics }: Judged, metric: Metric): string | null {
  return verdict?.comparable && isSum(metric.id) && metrics.includes(metric.id) ? (verdict.words ?? null) : null;
}
