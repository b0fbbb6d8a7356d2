/** A verdict for tests: a year against the one before, all of both reported. */
import type { Comparison } from '../api/types';

export const alike: Comparison = {
  from: '2025-10-01', to: '2026-09-30', before_from: '2024-10-01', before_to: '2025-09-30', comparable: true, reason: null, words: null,
  evse_days_now: 365, evse_days_before: 365, missing_now: 0, missing_before: 0, days_now: 365, days_before: 365, days_both: 365,
};

export const unreported: Comparison = {
  ...alike, comparable: false, reason: 'returns', words: '27% of charge-point days then have no return where there is one now.', missing_before: 99, evse_days_before: 266, days_before: 266, days_both: 266,
};
