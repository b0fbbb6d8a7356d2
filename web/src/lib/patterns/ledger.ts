/** The lines of a denominator, in units that an officer reads. */
import type { Answer, LedgerLine, Metric } from '../api/types';
import { number, say } from '../format/number';
import { tableOf, type Table } from '../table';

/** Units in which the server counts, and what they are shown in. */
const UNITS: Record<string, { by: number; name: string }> = {
  'EVSE-seconds': { by: 3600, name: 'charge-point hours' },
  'EVSE-minutes': { by: 60, name: 'charge-point hours' },
  'EVSE-hours': { by: 1, name: 'charge-point hours' },
  'EVSE-days': { by: 1, name: 'charge-point days' },
  min: { by: 60, name: 'hours' },
  s: { by: 3600, name: 'hours' },
};

const SIGNS: Record<LedgerLine['role'], string> = { start: '', minus: '−\u2009', left: '=\u2009', denominator: '÷\u2009' };

/** `−\u2009858,525 charge-point hours`: the sign of the step, how much, and of what. */
export function ledgerAmount({ role, amount, unit }: LedgerLine): string {
  const { by, name } = UNITS[unit] ?? { by: 1, name: unit };
  const value = amount / by;
  return `${SIGNS[role]}${number(value, value !== 0 && Math.abs(value) < 100 ? 1 : 0)} ${name}`;
}

/** The step in words; what is shown in hours is told in hours. */
export function ledgerLabel({ label, unit }: LedgerLine): string {
  return UNITS[unit]?.by === 60 ? label.replace(/\bminutes\b/g, 'hours') : label;
}

/** Why there is no denominator to tell. */
export function undivided({ combine }: Pick<Metric, 'combine'>): string {
  if (combine === 'quantile') return 'It is the middle of single values: nothing is divided.';
  return combine === 'maximum' ? 'It is the highest of single values: nothing is divided.' : 'It is an amount or a count: nothing is divided.';
}

/** The same steps operator by operator, where there is no figure over several. */
export function ledgerByOperator({ rows, ledger }: Pick<Answer, 'rows' | 'ledger'>, metric: Metric): Table {
  const rate = ledger?.rates.find((one) => one.metric === metric.id);
  const step = (line: LedgerLine, at: number) => ({ label: ledgerLabel(line), number: true, text: ({ place }: { place: number }) => ledgerAmount({ ...line, amount: rate?.rows[place]?.[at] ?? 0 }) });
  return tableOf(rows.map((row, place) => ({ row, place })), [
    { label: 'Operator', number: false, text: ({ row }) => String(row['operator_name'] ?? row['operator'] ?? '') },
    ...(rate?.lines ?? []).map(step),
    { label: metric.short_name, number: true, text: ({ row }) => say(row[metric.id], metric) },
  ]);
}
