/** Why a return waits for somebody, beside its repairs. */
import type { Finding } from '../api/intake-types';

/** Findings that hold the return back, before all others. */
export function holdingFirst<T extends Pick<Finding, 'holds'>>(findings: readonly T[]): T[] {
  return [...findings.filter(({ holds }) => holds), ...findings.filter(({ holds }) => !holds)];
}

export interface Reason {
  says: string;
  /** Where on the return's page to look, or its page of the layout. */
  at: 'findings' | 'layout';
}

/** What holds a return back: its findings, and a layout that nobody has confirmed. */
export function reasons(findings: readonly Pick<Finding, 'title' | 'holds'>[], layout: { name: string } | null): Reason[] {
  const found = findings.filter(({ holds }) => holds).map(({ title }): Reason => ({ says: title, at: 'findings' }));
  return layout?.name === 'proposed' ? [...found, { says: 'Its layout is a proposal that nobody has confirmed', at: 'layout' }] : found;
}

/** The same in one line, after a colon. */
export function reasonLine(list: readonly Reason[]): string {
  return list.map(({ says }) => says).join('; ');
}
