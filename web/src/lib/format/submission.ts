/** Words for returns and what became of their rows. */
import type { Finding, Submission } from '../api/types';
import { formatPeriod } from './period';

export const STATES: Record<Submission['state'], { name: string; means: string }> = {
  accepted: { name: 'Accepted', means: 'its accepted rows are in the figures' },
  checked: { name: 'Checked', means: 'it waits for a decision and is not in the figures' },
};

export const SEVERITIES: Record<Finding['severity'], { name: string; means: string }> = {
  error: { name: 'Set aside', means: 'these rows are in quarantine and not in the figures' },
  warning: { name: 'Flagged', means: 'these rows are kept and in the figures' },
  info: { name: 'Note', means: 'for information' },
};

/** The declared period of a return. */
export function declared({ period }: Submission): string {
  return period?.from && period.to ? formatPeriod({ from: period.from, to: period.to }) : 'Not declared';
}

/** Whether the rows of a return add up: read = accepted + quarantined + duplicates. */
export function addsUp({ rows_read, accepted, quarantined, duplicates }: Submission): boolean {
  return rows_read === accepted + quarantined + duplicates;
}
