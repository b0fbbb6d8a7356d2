/** How the denominators of figures came about: where to ask, and how to say it. */
import type { Answer, Catalogue, LedgerLine } from '../api/types';
import { number } from '../format/number';

/** Ids of the metrics of an answer that have a denominator. */
export function ratesOf(answer: Answer, catalogue: Catalogue): string[] {
  const isRate = (id: string): boolean => catalogue.metrics.some((metric) => metric.id === id && ['ratio_of_sums', 'share'].includes(metric.combine));
  return answer.provenance.metrics.map((metric) => metric.id).filter(isRate);
}

/** The address below the API of the ledger of some metrics, with the period and the filters of an answer. */
export function ledgerPath(answer: Answer, metrics: string[]): string {
  const { from, to, filters } = answer.provenance;
  const pairs: [string, string][] = [
    ['metric', metrics.join(',')],
    ['ledger', 'true'],
    ['from', from],
    ['to', to],
    ...filters.map((filter): [string, string] => [filter.dimension, filter.values.join(',')]),
  ];
  return `/query?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2C/gi, ',')}`).join('&')}`;
}

/** The amount of a line, with the sign that it has in the sum. */
export function amountText(line: LedgerLine): string {
  const amount = number(line.amount, Math.abs(line.amount) < 100 && !Number.isInteger(line.amount) ? 1 : 0);
  return line.role === 'minus' && line.amount > 0 ? `−${amount}` : amount;
}
