/**
 * Shapes of the HTTP API, as the server documents them in `/api/v1/openapi.json`.
 * Every other file takes its API types from here, so that generated types can stand behind these names.
 */

/** One value of an answer: a figure, a code or name, or `null` where there is no figure. */
export type Cell = number | string | null;

/** One row of an answer, by column name. Ratios are 0..1. */
export type Row = Record<string, Cell>;

export interface Column {
  name: string;
  kind: 'dimension' | 'name' | 'metric';
  label: string;
  unit: string | null;
}

/** How much of the registered time the operators reported on. */
export interface Coverage {
  registered_evse_days: number;
  reported_evse_days: number;
  /** 0..1, or `null` where nothing is registered. */
  share: number | null;
  operators_registered: number;
  operators_reported: number;
  unregistered_evses: number;
  evses_outside_areas: number;
}

export interface Provenance {
  data_version: number;
  as_of: string;
  from: string;
  to: string;
  suppressed: number;
  sample: boolean;
}

export interface Answer {
  columns: Column[];
  rows: Row[];
  coverage: Coverage;
  provenance: Provenance;
}

export interface Ranking extends Answer {
  total_rows: number;
}

export interface Summary {
  answer: Answer;
  previous: Answer | null;
  last_year: Answer | null;
  spark: Answer;
}

export type MetricFormat = 'integer' | 'decimal' | 'percent' | 'hours' | 'kwh' | 'minutes';

export interface Metric {
  id: string;
  name: string;
  short_name: string;
  unit: string;
  unit_label: string;
  format: MetricFormat;
  sentence: string;
  formula: string;
  exclusions: string[];
  source: string;
  version: number;
  combine: string;
  good_direction: 'up' | 'down' | 'none';
}

export interface Named {
  id: string;
  name: string;
}

export interface Level extends Named {
  plural: string;
  count: number;
}

export interface DataState {
  first_day: string | null;
  last_day: string | null;
  data_version: number;
  sample: boolean;
  hub_name: string;
  zone: string;
}

/** A period as whole civil days, both ends included: `YYYY-MM-DD`. */
export interface Period {
  from: string;
  to: string;
}

export interface Catalogue {
  metrics: Metric[];
  bands: Named[];
  operators: Named[];
  levels: Level[];
  data: DataState;
  default_period: Period | null;
}

export type AreaLevel = 'borough' | 'ward' | 'cell';

export interface AreaProperties {
  code: string;
  name: string;
  parent: string | null;
}

export type Outline = GeoJSON.Feature<GeoJSON.Polygon | GeoJSON.MultiPolygon, AreaProperties>;

export interface Outlines {
  features: Outline[];
}

export interface AreaDetail {
  level: string;
  code: string;
  name: string;
  parents: { level: string; code: string; name: string }[];
  bbox: [number, number, number, number];
  evses: number;
  locations: number;
}

export type SiteProperties = Record<string, Cell> & { location: string; name: string; evses: number };

export interface Sites {
  features: { geometry: { coordinates: [number, number] }; properties: SiteProperties }[];
  total: number;
  coverage: Coverage;
}

export interface Connector {
  id?: string;
  standard?: string | null;
  current?: string | null;
  rated_kw?: number | null;
}

export interface Evse {
  evse: string;
  device: string | null;
  band: string;
  rated_kw: number | null;
  current: string | null;
  connectors: Connector[];
  commissioned: string | null;
  decommissioned: string | null;
  registered: boolean;
}

/** Where a site is, without its charge points. */
export interface SitePlace {
  location: string;
  name: string;
  address: string | null;
  operator: string;
  operator_name: string;
  latitude: number | null;
  longitude: number | null;
  siting: string | null;
  borough: string | null;
  borough_name: string | null;
  ward: string | null;
  ward_name: string | null;
}

export interface Site extends SitePlace {
  evses: Evse[];
}

export interface EvseReturn {
  submission: number;
  file: string;
  from: string | null;
  to: string | null;
  sessions: number;
}

export interface EvseDetail extends Evse {
  operator: string;
  operator_name: string;
  location: SitePlace | null;
  first_session: string | null;
  last_session: string | null;
  sessions: number;
  returns: EvseReturn[];
}

export type ResultKind = 'borough' | 'ward' | 'cell' | 'site' | 'evse' | 'operator';

export interface SearchResult {
  kind: ResultKind;
  id: string;
  name: string;
  detail: string | null;
}

/** Energy in kWh by the fate of the rows that carried it. */
export interface EnergySplit {
  read: number;
  accepted: number;
  quarantined: number;
  duplicates: number;
}

export interface Submission {
  id: number;
  operator: string;
  operator_name: string;
  file: string;
  received_at: string;
  state: 'accepted' | 'checked' | 'received';
  period: { from: string | null; to: string | null } | null;
  rows_read: number;
  accepted: number;
  flagged: number;
  quarantined: number;
  duplicates: number;
  energy_kwh: EnergySplit;
  profile: string | null;
}

export interface Finding {
  rule: string;
  severity: 'error' | 'warning' | 'info';
  count: number;
  advice: string;
  title: string;
  examples: { row: number; column: string | null; value: string | null }[];
}

export interface SubmissionDetail extends Submission {
  findings: Finding[];
  sha256: string;
}

export interface QuarantinedRow {
  row: number;
  rule: string;
  column: string | null;
  value: string | null;
  advice: string;
}

export interface Quarantine {
  rows: QuarantinedRow[];
  total: number;
}

export interface ErrorEnvelope {
  error: { code: string; message: string; advice?: string | null; field?: string | null };
}
