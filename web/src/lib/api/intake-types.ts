/**
 * Shapes of the part of the HTTP API that takes returns in: sending, checking, deciding, and how well operators share.
 * They come from the server's own description where that says as much as the screens need; the others are still written by
 * hand, and are to follow.
 */
import type { components } from './schema';

type Schemas = components['schemas'];

export type Finding = Schemas['Finding'];

type EnergySplit = Schemas['EnergySplit'];

/** Whole days or months as the server writes them, both ends included. */
export type Span = Schemas['Span'];

/** `received`: kept, but its layout needs a person. */
export type SubmissionState = 'received' | 'checked' | 'accepted' | 'withdrawn';

export type RepairKind = string;

export interface Submission extends Omit<Schemas['Submission'], 'state'> {
  state: SubmissionState;
  /** Table within the file; empty when the file is one table. */
  part: string;
  needs_decision: boolean;
  declared: Span | null;
  found: Span | null;
  nothing_to_report: boolean;
  /** Rows that an earlier return holds already; part of `duplicates`. */
  repeated: number;
  /** Accepted rows that a later return replaced; no longer in the figures. */
  superseded: number;
  accepted_at: string | null;
  decided_at: string | null;
  repairs_applied: RepairKind[];
}

/** How one column of the file is read. */
export type ProfileColumn = Schemas['ColumnUse'];

export type ProfileMatch = Schemas['ProfileMatch'];

export type TimesOrder = 'day_first' | 'month_first' | 'year_first' | 'rfc3339' | 'epoch' | 'epoch_ms' | 'rfc2822' | 'java_script' | 'mixed' | 'serial';

/** A layout that a person may change. What the app does not know of it is carried along untouched. */
export interface Layout {
  name: string;
  title: string;
  kind: 'sessions' | 'register';
  zone: string;
  times?: TimesOrder | null;
  energy: 'kwh' | 'wh';
  fee: 'pounds' | 'pence';
  /** VAT that is added to fees without it, per cent. */
  vat_percent?: number | null;
  duration: 'minutes' | 'seconds' | 'hours' | 'clock';
  comma_decimal?: boolean | null;
  /** Rows that make up the header; 1 where nothing is said, 0 where there is none. */
  header_rows?: number | null;
  /** Headers by field; `column 3` for one without a name. */
  columns: Record<string, string[]>;
  ignored: string[];
  /** Fields by which the layout is known. */
  required?: string[];
  /** Values that are the same in every row and in no column, by field. */
  constants?: Record<string, string>;
  [more: string]: unknown;
}

/** What the columns of a file seem to hold with a header of some rows. */
export interface ProposedLayout extends Omit<Schemas['ProposedLayout'], 'layout'> {
  layout: Layout;
}

/** Rows at odds with something, of one reading of a file. */
export interface Measures {
  outside_period: number;
  outside_months?: number;
  overlaps: number;
  steps_back: number;
  end_before_start: number;
  month_long?: number;
  implausible_power: number;
  missing_hours: number;
  contradicts_duration: number;
  unreadable?: number;
}

/** One independent kind of evidence, and whether it speaks for a repair. */
export type EvidenceKind = Schemas['EvidenceKind'];

export type Headline = Schemas['Headline'];

export type DayCount = Schemas['DayCount'];

export interface Repair {
  kind: RepairKind;
  title: string;
  says: string;
  /** Rows whose values change. */
  rows: number;
  /** Rows that it leaves as they are and flags. */
  unresolved?: number;
  /** One that is not proved is only a finding and cannot be applied. */
  provable: boolean;
  state: 'open' | 'applied' | 'declined';
  evidence: { before: Measures; after: Measures; kinds?: EvidenceKind[] };
  headline: { before: Headline; after: Headline };
  by_day: DayCount[];
  examples: { row: number; column: string; before: string; after: string }[];
}

/** What another return has to do with this one. */
export interface Other {
  submission: number;
  file: string;
  kind: 'repeats' | 'repeated_by' | 'replaced_by' | 'replaces' | 'outranks' | 'outranked_by' | 'overlaps';
  rows: number;
  energy_kwh: number;
}

export interface HistoryEntry {
  decision: number;
  at: string;
  kind: 'received' | 'accept' | 'withdraw' | 'apply_repair' | 'decline_repair' | 'confirm_layout' | 'declare_period' | 'read_anew' | 'nothing_to_report' | 'undo';
  says: string;
  undone: boolean;
  can_undo: boolean;
}

/** One return whole. Its `profile` is the match itself, where the list has the name alone. */
export interface SubmissionDetail extends Omit<Submission, 'profile'> {
  profile: ProfileMatch | null;
  findings: Finding[];
  sha256: string;
  layout: Layout | null;
  missing: string[];
  /** Why a proposed layout is not certain, each a sentence. */
  doubts?: string[];
  repairs: Repair[];
  others: Other[];
  history: HistoryEntry[];
}

/** What reading a table came to. */
export interface Report {
  rows_read: number;
  accepted: number;
  flagged: number;
  quarantined: number;
  duplicates: number;
  energy_kwh: EnergySplit;
  profile: { name: string; confidence: number; columns: ProfileColumn[] };
  period: { declared: Span | null; found: Span | null };
  findings: Finding[];
  repairs: Repair[];
  repeated: number;
  replaces: number;
  certain: boolean;
}

export interface Trouble {
  code: string;
  message: string;
  advice: string;
  field?: string | null;
}

/** What became of one table of a file that was sent. */
/** Months given with a file that was sent before under other ones. */
export type Declaration = Schemas['Declaration'];

export interface SubmitResult {
  file: string;
  part: string;
  /** Why the table was passed over. */
  skipped: string | null;
  submission: number | null;
  /** Whether the very same bytes were sent before. */
  repeated: boolean;
  declaration: Declaration | null;
  state: SubmissionState | null;
  report: Report | null;
  error: Trouble | null;
}

export interface PreviewRow {
  row: number;
  evse: string | null;
  connector: string | null;
  plug_in_local: string | null;
  plug_out_local: string | null;
  energy_kwh: number | null;
  fee_pence: number | null;
  flags: string[];
  outcome: 'accepted' | 'quarantined' | 'duplicate';
  rule: string | null;
  /** Header of the column at fault, and what stands there. */
  column: string | null;
  value: string | null;
  /** The row that it repeats. */
  first_row: number | null;
}

export interface Preview {
  report: Report | null;
  rows: PreviewRow[];
  problem: Trouble | null;
}

export type TrackerState = 'nothing_to_report' | 'accepted' | 'superseded' | 'checked' | 'needs_decision' | 'received' | 'missing' | 'not_due' | 'none';

export type TrackerMonth = Schemas['TrackerMonth'];

export type Tracker = Schemas['Tracker'];

/** How one operator shared one month. */
export type SharingMonth = Schemas['SharingMonth'];

/** How well a return was made. Shares are 0..1. */
export type SharingReturn = Schemas['SharingReturn'];

export type SharingOperator = Schemas['SharingOperator'];

export interface Sharing {
  operators: SharingOperator[];
}

/** A field of the canonical model that a column can be read as. */
export interface FieldInfo {
  id: string;
  title: string;
  help: string;
  needed: 'always' | 'one_of' | 'optional';
  /** For `one_of`: the group of which a layout needs one. */
  group?: string | null;
}

export type Decision =
  | { kind: 'accept'; over_sessions?: true; note?: string }
  | { kind: 'withdraw'; note?: string }
  | { kind: 'apply_repair' | 'decline_repair'; repair: RepairKind; note?: string }
  | { kind: 'confirm_layout'; layout: Layout; name: string }
  | { kind: 'declare_period'; period: string; note?: string };
