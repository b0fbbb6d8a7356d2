import { expect, test } from 'vitest';
import type { Answer, Catalogue, LedgerLine } from '../api/types';
import { amountText, ledgerPath, ratesOf } from './ledger';

const answer = {
  provenance: {
    from: '2024-01-01',
    to: '2024-03-31',
    filters: [{ dimension: 'borough', values: ['E09000007', 'E09000022'] }, { dimension: 'location', values: ['gb-abc:L 1'] }],
    metrics: [{ id: 'sessions', version: 1 }, { id: 'utilisation_time', version: 1 }],
  },
} as unknown as Answer;

test('the ledger is asked for the rates of an answer, in its period and with its filters', () => {
  const catalogue = { metrics: [{ id: 'sessions', combine: 'sum' }, { id: 'utilisation_time', combine: 'ratio_of_sums' }] } as unknown as Catalogue;
  expect(ratesOf(answer, catalogue)).toEqual(['utilisation_time']);
  expect(ledgerPath(answer, ['utilisation_time'])).toBe(
    '/query?metric=utilisation_time&ledger=true&from=2024-01-01&to=2024-03-31&borough=E09000007,E09000022&location=gb-abc%3AL%201',
  );
});

test('what is taken off has a minus, and nothing has none', () => {
  const line = (role: LedgerLine['role'], amount: number): LedgerLine => ({ id: 'x', label: 'x', unit: 'EVSE-minutes', role, amount });
  expect([amountText(line('start', 12_960)), amountText(line('minus', 1440)), amountText(line('minus', 0)), amountText(line('denominator', 7.25))]).toEqual([
    '12,960',
    '−1,440',
    '0',
    '7.3',
  ]);
});
