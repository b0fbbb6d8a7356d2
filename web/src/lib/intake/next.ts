/** The one next step of a return. */
import type { Repair, SubmissionState, SubmitResult } from '../api/intake-types';
import { reasons } from './holding';

export type Next = 'layout' | 'repair' | 'look' | 'accept' | 'none';

/** What decides about the next step, from a return itself or from what sending it came to. */
export interface Standing {
  state: SubmissionState | null;
  needs_decision: boolean;
  openRepairs: number;
}

/** What a person should do next: say how columns are read, decide a repair, look at what holds the return back, then take the rows in. */
export function nextStep({ state, openRepairs, needs_decision }: Standing): Next {
  if (state === 'received') return 'layout';
  if (state === null || state === 'withdrawn') return 'none';
  if (openRepairs > 0) return 'repair';
  if (state === 'checked') return needs_decision ? 'look' : 'accept';
  return needs_decision ? 'layout' : 'none';
}

export const STEPS: Record<Exclude<Next, 'none'>, string> = {
  layout: 'Look at the layout',
  repair: 'Decide the repair',
  look: 'Look at it',
  accept: 'Accept',
};

/** Where the next step is taken. */
export function nextHref(id: number, next: Next): string {
  if (next === 'layout') return `/data/${id}/layout`;
  return next === 'repair' ? `/data/${id}#repairs` : `/data/${id}`;
}

/** Repairs that can be applied and wait for a decision. One that is not proved is for information. */
export const openRepairs = (repairs: readonly Repair[]): Repair[] => repairs.filter(({ state, provable }) => state === 'open' && provable);

/** The standing of a table just sent, or of its return where that is known and may have been decided since. */
export function standing(result: SubmitResult, now: Pick<Standing, 'state' | 'needs_decision'> | null): Standing {
  const open = openRepairs(result.report?.repairs ?? []).length;
  if (now) return { state: now.state, needs_decision: now.needs_decision, openRepairs: now.needs_decision ? open : 0 };
  const held = result.report !== null && reasons(result.report.findings, result.report.profile).length > 0;
  return { state: result.state, openRepairs: open, needs_decision: result.state === 'received' || open > 0 || held };
}

export const NEEDS = 'needs_decision';

/** Returns that pass the list's filters. */
export function narrow<T extends { id: number; state: SubmissionState; operator: string; needs_decision: boolean }>(
  list: readonly T[],
  by: { state: string | null; operators: readonly string[]; ids: ReadonlySet<number> | null },
): T[] {
  return list.filter(
    (one) =>
      (by.state === null || (by.state === NEEDS ? one.needs_decision : one.state === by.state)) &&
      (by.operators.length === 0 || by.operators.includes(one.operator)) &&
      (by.ids === null || by.ids.has(one.id)),
  );
}

/** Pages that a list of this length has. */
export function pages(length: number, size: number): number {
  return Math.max(1, Math.ceil(length / size));
}
