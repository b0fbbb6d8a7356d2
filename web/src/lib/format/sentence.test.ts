import { expect, test } from 'vitest';
import { ofNothing, readableExample, readableInstants, readablePeriods, readableTime, tidied } from './sentence';

test('instants are told in the hub’s clock', () => {
  expect(readableInstants('P1-1 from 2025-10-25T21:33:00Z', 'Europe/London')).toBe('P1-1 from 25 Oct 2025, 22:33');
  expect(readableExample('2025-10-25T21:33:00Z', 'Europe/London'), 'a cell as sent').toBe('2025-10-25T21:33:00Z');
  expect(readableExample('P1-1 from 2025-10-25T21:33:00Z', 'Europe/London')).toBe('P1-1 from 25 Oct 2025, 22:33');
});

test('days and times of day are told as on the rest of the page', () => {
  expect(['2025-01-10', '2025-01-10 08:12', '2025-01-10T08:12:30', '10/01/2025', '7.5'].map(readableTime)).toEqual(['10 Jan 2025', '10 Jan 2025, 08:12', '10 Jan 2025, 08:12:30', '10/01/2025', '7.5']);
});

test('counts and shares are spelled as on the rest of the page', () => {
  expect(tidied('780 of 1600 rows changed, 100 % fit')).toBe('780 of 1,600 rows changed, 100% fit');
  expect(tidied('Rows outside the period: 4905 as read, 1062 with the repair. Overlaps at one charge point: 7584 and 1050.')).toBe('Rows outside the period: 4,905 as read, 1,062 with the repair. Overlaps at one charge point: 7,584 and 1,050.');
  expect(tidied('1200 of 1600 rows')).toBe('1,200 of 1,600 rows');
  expect(tidied('1 rows, 21 rows, 1 of 1 days since 2025')).toBe('1 row, 21 rows, 1 of 1 days since 2025');
});

test('periods within a sentence read as everywhere else', () => {
  expect(readablePeriods('Months changed – 2025-10-01..2025-12-31 – a slip')).toBe('Months changed – 1 Oct – 31 Dec 2025 – a slip');
  expect(readablePeriods('Months changed – none')).toBe('Months changed – none');
});

test('decisions about a return without sessions speak of its months', () => {
  expect(['Accepted: its sessions count – a note', 'Withdrawn: its sessions count no more', 'Received and checked'].map(ofNothing)).toEqual(['Accepted: these months count as zero – a note', 'Withdrawn: these months are missing again', 'Received and checked']);
});
