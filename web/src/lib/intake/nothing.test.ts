import { expect, test } from 'vitest';
import { otherwiseWords, saysOtherwise, spanOf } from './nothing';

const kept = (more: object) => ({ id: 1, operator: 'gb-a', state: 'accepted' as const, nothing_to_report: false, accepted: 1204, found: { first: '2025-07-02', last: '2025-09-29' }, declared: null, file: 'q3.csv', part: '', ...more });

test('accepted returns with sessions contradict a month said to be without any', () => {
  const ids = (period: string, ...list: ReturnType<typeof kept>[]): number[] => saysOtherwise(list, 'gb-a', spanOf(period)).map(({ id }) => id);
  expect(ids('2025-09', kept({}))).toEqual([1]);
  expect(ids('2025-06..2025-07', kept({}))).toEqual([1]);
  expect(ids('2025-10', kept({}))).toEqual([]);
  expect(ids('2025-09', kept({ operator: 'gb-b' }), kept({ state: 'checked' }), kept({ accepted: 0 }), kept({ nothing_to_report: true }))).toEqual([]);
  expect(saysOtherwise([kept({})], 'gb-a', null)).toEqual([]);
});

test('the warning names them', () => {
  expect(otherwiseWords([])).toBe('');
  expect(otherwiseWords([kept({}), kept({}), kept({}), kept({})])).toMatch(/^Sessions of this operator are in the figures for that time: q3\.csv \(1,204 rows, 2 Jul – 29 Sep 2025\), .* and 1 further return\. Recorded all the same, they stay there/);
});
