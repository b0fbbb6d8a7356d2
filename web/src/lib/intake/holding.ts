/** Why a return waits for somebody, beside its repairs. */
import type { Finding } from '../api/intake-types';

/** Checks of a whole return, not of rows of it. Somebody has to look before a return counts of which one of them tells. */
const OF_THE_WHOLE = new Set(['all_set_aside', 'mostly_set_aside', 'same_file_of_other_operator', 'mostly_overlaps', 'earlier_on_utc', 'takes_correction_back']);

/** Whether a finding keeps a return from being accepted unseen. A server that does not say so yet has the same checks. */
export function holds({ rule, holds: says }: Pick<Finding, 'rule' | 'holds'>): boolean {
  return says ?? OF_THE_WHOLE.has(rule);
}

/** Findings that hold the return back, before all others. */
export function holdingFirst<T extends Pick<Finding, 'rule' | 'holds'>>(findings: readonly T[]): T[] {
  return [...findings.filter(holds), ...findings.filter((one) => !holds(one))];
}

export interface Reason {
  says: string;
  /** Where on the return's page to look, or its page of the layout. */
  at: 'findings' | 'layout';
}

/** What holds a return back: its findings, and a layout that nobody has confirmed. */
export function reasons(findings: readonly Pick<Finding, 'rule' | 'title' | 'holds'>[], layout: { name: string } | null): Reason[] {
  const found = findings.filter(holds).map(({ title }): Reason => ({ says: title, at: 'findings' }));
  return layout?.name === 'proposed' ? [...found, { says: 'Its layout is a proposal that nobody has confirmed', at: 'layout' }] : found;
}

/** The same in one line, after a colon. */
export function reasonLine(list: readonly Reason[]): string {
  return list.map(({ says }) => says).join('; ');
}
