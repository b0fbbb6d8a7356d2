/** Sentences and values that come whole from the server, in the spelling of the rest of the page. */
import { number } from './number';
import { formatDay, formatInstant, formatPeriod } from './period';

const INSTANT = /\b\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})/g;

/** Instants of a text in the hub's own clock: `25 Oct 2025, 22:33`. */
export function readableInstants(text: string, zone: string): string {
  return text.replace(INSTANT, (instant) => formatInstant(instant, zone));
}

/** The same where a text says more than one instant alone: that may be a cell as it was sent, which stays. */
export function readableExample(text: string, zone: string): string {
  return text.replace(INSTANT, '') === '' ? text : readableInstants(text, zone);
}

/** Periods of a text, `2025-10-01..2025-12-31`, as everywhere else: `1 Oct – 31 Dec 2025`. */
export function readablePeriods(text: string): string {
  return text.replace(/\b(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})\b/g, (_, from: string, to: string) => formatPeriod({ from, to }));
}

/** What was decided about a return without sessions: the server's words are those of one with them. */
export function ofNothing(says: string): string {
  return says.replace(/^Accepted: its sessions count\b/, 'Accepted: these months count as zero').replace(/^Withdrawn: its sessions count no more\b/, 'Withdrawn: these months are missing again');
}

/** A day or a day with its clock, `2025-01-10 08:12`, as `10 Jan 2025, 08:12`; any other text as it is. */
export function readableTime(text: string): string {
  const found = /^(\d{4}-(?:0[1-9]|1[0-2])-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?))?$/.exec(text);
  return found ? `${formatDay(found[1]!)}${found[2] ? `, ${found[2]}` : ''}` : text;
}

const grouped = (digits: string): string => number(Number(digits));

/** Counts with grouped thousands and their noun in the right number, shares without a gap: `780 of 1,600 rows`, `1 row`, `100%`. */
export function tidied(sentence: string): string {
  return sentence
    .replace(/(\d) %/g, '$1%')
    .replace(/\b\d{4,}(?= (?:of the |of \d+ )?(?:rows|sessions|values|cells|stays)\b| as read\b| with the repair\b)/g, grouped)
    .replace(/(?<=\bOverlaps [^:.]*: (?:\d+ and )?)\d{4,}/g, grouped)
    .replace(/(?<![\d.,] ?|of )\b1 (row|day|session|value|month|column|return)s\b/g, '1 $1');
}
