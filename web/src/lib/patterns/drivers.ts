/** How much of the energy few drivers take: within one operator, for a driver has another pseudonym with another. */
import { getJson } from '../api/client';
import type { Request } from '../api/resource.svelte';
import type { Answer, Catalogue, Row } from '../api/types';
import { count, say } from '../format/number';
import { snapshot, type Snapshot } from '../overview/load';
import { figuresPath, type Scope } from '../url/query';

/** The drivers of one operator, and the shares of its energy that the heaviest and the five heaviest take. */
export interface OperatorDrivers {
  operator: string;
  name: string;
  drivers: number;
  top1: number;
  top5: number;
}

export function driversRequest(scope: Scope, catalogue: Catalogue): Request<Snapshot<Answer>> {
  const path = figuresPath('query', scope, { metric: 'unique_drivers,top1_share,top5_share', by: 'operator' });
  return snapshot(scope, 'top5_share', path, catalogue, (_, signal) => getJson<Answer>(path, signal));
}

/** Operators that report drivers, the most concentrated first. */
export function operatorDrivers(rows: readonly Row[]): OperatorDrivers[] {
  const known = rows.flatMap((row) => {
    const [drivers, top1, top5] = [row['unique_drivers'], row['top1_share'], row['top5_share']];
    const isKnown = typeof drivers === 'number' && typeof top1 === 'number' && typeof top5 === 'number';
    return isKnown ? [{ operator: String(row['operator']), name: String(row['operator_name'] ?? row['operator']), drivers, top1, top5 }] : [];
  });
  return known.sort((a, b) => b.top5 - a.top5 || a.name.localeCompare(b.name));
}

export const shareText = (share: number): string => say(share, { format: 'percent', unit_label: '' });

/** `Five drivers take 4.7% of the energy`, `At most 4.7% of an operator’s energy goes to its five heaviest drivers` */
export function driversTitle(operators: readonly OperatorDrivers[]): string {
  const [most] = operators;
  if (!most) return 'No operator here reports which sessions are of the same driver';
  if (operators.length > 1) return `At most ${shareText(most.top5)} of an operator’s energy goes to its five heaviest drivers`;
  return most.drivers <= 5 ? `All of the energy goes to ${count(most.drivers, 'driver')}` : `The five heaviest drivers take ${shareText(most.top5)} of the energy`;
}
