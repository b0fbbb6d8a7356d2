/** Words for returns and what became of their rows. */
import type { Finding, Submission } from '../api/types';
import type { Span } from '../api/intake-types';
import { firstDay, formatPeriod, lastDay } from './period';

export const STATES: Record<Submission['state'], { name: string; means: string }> = {
  received: { name: 'Received', means: 'it is kept, but nobody has said yet how its columns are to be read' },
  checked: { name: 'Checked', means: 'it waits for a decision and is not in the figures' },
  accepted: { name: 'Accepted', means: 'its rows that passed the checks are in the figures' },
  withdrawn: { name: 'Withdrawn', means: 'it is kept, and none of its rows is in the figures' },
};

export const SEVERITIES: Record<Finding['severity'], { name: string; means: string }> = {
  error: { name: 'Set aside', means: 'these rows are in quarantine and not in the figures' },
  warning: { name: 'Flagged', means: 'these rows passed, with a mark, and count where the return does' },
  info: { name: 'Note', means: 'for information' },
};

/** Days or months of a span, in words; a dash where there is none. */
export function span(days: Span | null | undefined): string {
  return days ? formatPeriod({ from: firstDay(days.first), to: lastDay(days.last) }) : '–';
}

/** The period that a return is for: as declared, or else as found in it. */
export function declared({ declared: said, found, period }: Pick<Submission, 'declared' | 'found' | 'period'>): string {
  if (said) return span(said);
  if (found) return `${span(found)}, as found`;
  return period?.from && period.to ? formatPeriod({ from: period.from, to: period.to }) : 'Not declared';
}

/** The name of a return: its file, and the table within it where there are several. */
export function title({ file, part, nothing_to_report }: Pick<Submission, 'file' | 'part' | 'nothing_to_report'>): string {
  if (nothing_to_report) return 'Nothing to report';
  return part ? `${file} › ${part}` : file;
}

/** Whether a later return says all of it anew, so that none of its rows is in the figures. */
export function isReplaced({ state, accepted, superseded }: Pick<Submission, 'state' | 'accepted' | 'superseded'>): boolean {
  return state === 'accepted' && accepted > 0 && superseded === accepted;
}

/** Whether the rows of a return add up: read = accepted + quarantined + duplicates. */
export function addsUp({ rows_read, accepted, quarantined, duplicates }: Pick<Submission, 'rows_read' | 'accepted' | 'quarantined' | 'duplicates'>): boolean {
  return rows_read === accepted + quarantined + duplicates;
}
