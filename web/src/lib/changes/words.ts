/** Words for what changed between two data versions. */
import type { ChangedFigure, ChangedReturn, Changes, Metric, Version } from '../api/types';
import { signedStep } from '../format/change';
import { count, figure, number, say } from '../format/number';
import { formatPeriod } from '../format/period';

export const RETURNS: Record<ChangedReturn['kind'], string> = {
  entered: 'Came into the figures',
  left: 'Left the figures',
  changed: 'Changed in the figures',
};

/** `Sessions: from 10 to 20 (+10)`, as a sentence about one figure in two versions. */
export function figureSentence(one: ChangedFigure, metric: Metric): string {
  const { before, after, difference } = one;
  if (before === null && after === null) return `${metric.name}: no figure in either version.`;
  if (before === null) return `${metric.name}: no figure before, ${say(after, metric)} now.`;
  if (after === null) return `${metric.name}: ${say(before, metric)} before, no figure now.`;
  if (difference === 0 || difference === null) return `${metric.name}: ${say(after, metric)} in both versions.`;
  return `${metric.name} ${difference > 0 ? 'rose' : 'fell'} from ${say(before, metric)} to ${say(after, metric)} (${signedStep(difference, metric)}).`;
}

/** Sessions and energy of a return in the figures: `20 sessions, 150 kWh`, or what they were before and are now. */
export function amounts(one: ChangedReturn): string {
  const energy = (kwh: number): string => Object.values(figure(kwh, 'kwh')).join(' ');
  if (one.kind === 'entered') return `${count(one.sessions, 'session')}, ${energy(one.energy_kwh)}`;
  if (one.kind === 'left') return `${count(one.sessions_before, 'session')}, ${energy(one.energy_before_kwh)}`;
  return `from ${count(one.sessions_before, 'session')}, ${energy(one.energy_before_kwh)} to ${number(one.sessions)}, ${energy(one.energy_kwh)}`;
}

/** Period that a return covers; empty where that is not known. */
export function covered({ from, to }: ChangedReturn): string {
  return from && to ? formatPeriod({ from, to }) : '';
}

/** Whether a version says nothing of what made it: no return, decision or import. */
export function isBare(version: Version): boolean {
  return version.returns.length + version.decisions.length + version.imports.length === 0;
}

/** Why a version was made, where no return, decision or import says it. */
export function bareReason(version: Version): string {
  if (version.reason === 'rebuild') return 'Everything derived was made anew from the files as they came.';
  return version.reason === 'register or places' ? 'Names of operators or places changed.' : 'Returns went in and out again, and the figures are as they were.';
}

/** What the whole way was: `2 versions in between`. */
export function wayOf({ from, to, steps }: Changes): string {
  return steps.length === 0 ? 'Both are the same version.' : `${count(steps.length, 'version')} made after version ${from.number}, up to version ${to.number}.`;
}

/** How many versions were made since, in words. */
export function since(newer: number): string {
  return newer === 0 ? 'Nothing has changed since.' : `${count(newer, 'change')} since.`;
}
