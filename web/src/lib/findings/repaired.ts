/** That returns behind figures were repaired: in a few words beside them, and one by one where they are explained. */
import type { Provenance, RepairedReturn } from '../api/types';
import { count, number } from '../format/number';

type Behind = Pick<Provenance, 'returns'>;

/** `2 of 12 returns behind it were repaired`; nothing where none was. */
export function repairedLine({ returns: { count: all, repaired } }: Behind): string | null {
  if (repaired === 0) return null;
  return `${number(repaired)} of ${count(all, 'return')} behind it ${repaired === 1 ? 'was' : 'were'} repaired`;
}

/** `Day and month exchanged where the day is 12 or less (351 rows)`, repair by repair. */
export function repairsMade({ repairs }: Pick<RepairedReturn, 'repairs'>): string {
  return repairs.map(({ title, rows }) => `${title} (${rows === null ? 'rows not noted' : count(rows, 'row')})`).join('; ');
}

/** Which returns are meant: what one of them gave to the figure, its rows would have to tell. */
export const WHICH_RETURNS = 'Counted are accepted returns that cover some of the days, of operators with a charge point in the figure.';
