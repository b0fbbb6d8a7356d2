/** How much of the energy few drivers take: within one operator, for a driver has another pseudonym with another. */
import { getJson } from '../api/client';
import type { Request } from '../api/resource.svelte';
import type { Answer, Catalogue } from '../api/types';
import { count, say, wholePercent } from '../format/number';
import { snapshot, type Snapshot } from '../overview/load';
import { figuresPath, type Scope } from '../url/query';

/** The drivers of one operator, and what the heaviest and the five heaviest take of the energy of which the driver is known. */
export interface OperatorDrivers {
  operator: string;
  name: string;
  drivers: number;
  top1: number;
  top5: number;
  /** Share of all its energy of which the driver is known. */
  known: number | null;
}

export function driversRequest(scope: Scope, catalogue: Catalogue): Request<Snapshot<Answer>> {
  const path = figuresPath('query', scope, { metric: 'unique_drivers,top1_share,top5_share', by: 'operator', ledger: 'true' });
  return snapshot(scope, 'top5_share', path, catalogue, (_, signal) => getJson<Answer>(path, signal));
}

/** Operators that report drivers, the most concentrated first. */
export function operatorDrivers({ rows, ledger }: Pick<Answer, 'rows' | 'ledger'>): OperatorDrivers[] {
  const told = rows.flatMap((row, at) => {
    const [drivers, top1, top5] = [row['unique_drivers'], row['top1_share'], row['top5_share']];
    const isTold = typeof drivers === 'number' && typeof top1 === 'number' && typeof top5 === 'number';
    return isTold ? [{ operator: String(row['operator']), name: String(row['operator_name'] ?? row['operator']), drivers, top1, top5, known: knownShare(ledger, at) }] : [];
  });
  return told.sort((a, b) => b.top5 - a.top5 || a.name.localeCompare(b.name));
}

/** What a row's share is divided by, as a part of all its energy. */
function knownShare(ledger: Answer['ledger'], row: number): number | null {
  const rate = ledger?.rates.find(({ metric }) => metric === 'top5_share');
  const amount = (role: 'start' | 'denominator'): number => rate?.rows[row]?.[rate.lines.findIndex((line) => line.role === role)] ?? 0;
  return amount('start') > 0 ? amount('denominator') / amount('start') : null;
}

export const shareText = (share: number): string => say(share, { format: 'percent', unit_label: '' });

/** `900 drivers; the heaviest takes 12.5%, the five heaviest 25.0%. The driver is known for 83% of the energy` */
export function driversText({ drivers, top1, top5, known }: OperatorDrivers): string {
  const five = drivers > 5 ? `, the five heaviest ${shareText(top5)}` : '';
  const all = drivers === 1 ? '1 driver, who takes all of it' : `${count(drivers, 'driver')}; the heaviest takes ${shareText(top1)}${five}`;
  return known === null ? all : `${all}. The driver is known for ${wholePercent(known)} of the energy`;
}

/** `The five heaviest drivers take 4.7% of the energy with a known driver`, or of several operators the most that they take of one. */
export function driversTitle(operators: readonly OperatorDrivers[]): string {
  const [most] = operators;
  if (!most) return 'No operator here reports which sessions are of the same driver';
  if (operators.length > 1) return `At most ${shareText(most.top5)} of an operator’s energy with a known driver goes to its five heaviest`;
  return most.drivers <= 5 ? `All of the energy with a known driver goes to ${count(most.drivers, 'driver')}` : `The five heaviest drivers take ${shareText(most.top5)} of the energy with a known driver`;
}
