/** “Nothing to report” as a return: what is asked before it counts, and which returns say otherwise. */
import type { Span } from '../api/intake-types';
import type { Submission } from '../api/types';
import { count } from '../format/number';
import { firstDay, lastDay } from '../format/period';
import { span, title } from '../format/submission';

type Kept = Pick<Submission, 'id' | 'operator' | 'state' | 'nothing_to_report' | 'accepted' | 'found' | 'declared' | 'file' | 'part'>;

/** Months or days as the fields of a form and the API write them: `2025-10`, `2025-10..2025-12`. */
export function spanOf(period: string): Span {
  const [first = period, last = first] = period.split('..');
  return { first, last };
}

/** Accepted returns of the operator whose sessions reach into the months said to be without any. */
export function saysOtherwise<T extends Kept>(returns: readonly T[], operator: string, said: Span | null): T[] {
  if (!said) return [];
  const [from, to] = [firstDay(said.first), lastDay(said.last)];
  return returns.filter((one) => {
    const reach = one.found ?? one.declared;
    return one.operator === operator && one.state === 'accepted' && !one.nothing_to_report && one.accepted > 0 && reach !== null && firstDay(reach.first) <= to && lastDay(reach.last) >= from;
  });
}

/** The warning that names them, or nothing. */
export function otherwiseWords(others: readonly Kept[]): string {
  if (others.length === 0) return '';
  const names = others.slice(0, 3).map((one) => `${title(one)} (${count(one.accepted, 'row')}, ${span(one.found ?? one.declared)})`);
  const more = others.length > 3 ? ` and ${count(others.length - 3, 'further return')}` : '';
  return `Sessions of this operator are in the figures for that time: ${names.join(', ')}${more}. Recorded all the same, they stay there, and the whole time counts as reported. If they were sent by mistake, withdraw their return first.`;
}
