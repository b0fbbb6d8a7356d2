/** The earlier period that the figures are measured against. */
import type { Answer, Cell, Summary } from '../api/types';

/** The period that changes are measured against. */
export interface Before {
  answer: Answer;
  /** `on last year`, `on the period before` */
  label: string;
}

function figureIn(answer: Answer | null, metric: string): Cell {
  return answer?.rows[0]?.[metric] ?? null;
}

/** Below this part of today's coverage, a period says more of who reported than of how much was charged. */
const COMPARABLE = 0.5;

function isUsable(answer: Answer | null, now: Answer): answer is Answer {
  if (answer === null || typeof figureIn(answer, 'sessions') !== 'number') return false;
  const share = answer.coverage.share ?? 0;
  return share > 0 && share >= COMPARABLE * (now.coverage.share ?? 0);
}

/** Last year where it was reported on well enough, else the period before, else nothing. */
export function before(summary: Summary): Before | null {
  if (isUsable(summary.last_year, summary.answer)) {
    return { answer: summary.last_year, label: 'on last year' };
  }
  if (isUsable(summary.previous, summary.answer)) {
    return { answer: summary.previous, label: 'on the period before' };
  }
  return null;
}
