/**
 * Shapes of the HTTP API. They come from `schema.ts`, which `npm run types` makes from the server's own description
 * (`openapi.json`); here they get the names that every other file uses, and what OpenAPI cannot say.
 */
import type { components } from './schema';

type Schemas = components['schemas'];

/** One value of an answer: a figure, a code or name, or `null` where there is no figure. */
export type Cell = Schemas['Cell'];

/** One row of an answer, by column name. Ratios are 0..1. */
export type Row = Record<string, Cell>;

export type Column = Schemas['Column'];

/** How much of the registered time the operators reported on. */
export type Coverage = Schemas['Coverage'];

/** Where figures come from. The app asks for figures only where there is data, so both ends of the period are known. */
export type Provenance = Schemas['Provenance'] & { from: string; to: string };

export type Answer = Schemas['Answer'] & { provenance: Provenance };

/** What every answer ends with: how much was reported, and where the figures come from. */
export interface Sourced {
  coverage: Coverage;
  provenance: Schemas['Provenance'];
}

export type Ledger = Schemas['Ledger'];

export type LedgerLine = Schemas['LedgerLine'];

/** A return behind figures in which a repair was made. */
export type RepairedReturn = Schemas['RepairedReturn'];

export type Findings = Schemas['Findings'];

export type TypicalDayAnswer = Schemas['TypicalDay'];

export type Calendar = Schemas['Calendar'];

export type CalendarDay = Schemas['CalendarDay'];

export type StepLeftOut = Schemas['StepLeftOut'];

export type TrendAnswer = Schemas['Trend'];

export type StepChange = Schemas['StepChange'];

/** Whether two periods may be compared. */
export type Comparison = Schemas['Comparison'];

/** How much of a week, month or other part of the calendar was reported. */
export type BucketReported = Schemas['BucketReported'];

export type Series = Answer & Pick<Schemas['Series'], 'buckets'>;

export type Growth = Schemas['Growth'];

export type Archetypes = Schemas['Archetypes'];

export type ArchetypeKind = Schemas['ArchetypeKind'];

export type Concentration = Schemas['Concentration'];

export type Unused = Schemas['Unused'];

export type UnusedMember = Schemas['UnusedMember'];

export type Ranking = Answer & Schemas['Ranking'];

export type Summary = Schemas['Summary'] & { answer: Answer; previous: Answer | null; last_year: Answer | null; spark: Answer };

export type MetricFormat = Schemas['MetricFormat'];

export type Metric = Schemas['Metric'];

export type Named = Schemas['Named'];

export type Level = Schemas['Level'];

export type DataState = Schemas['DataState'];

/** A period as whole civil days, both ends included: `YYYY-MM-DD`. */
export type Period = Schemas['Period'];

/** What there is to ask about, and the data version that the view asks for: none where it follows the newest. */
export type Catalogue = Schemas['Catalogue'] & { asOf?: number | null };

/** The kinds of area that have pages of their own. */
export type AreaLevel = 'borough' | 'ward' | 'cell';

export type AreaProperties = Schemas['AreaProperties'];

/** The server's geometry, in the names of GeoJSON. */
export type Outline = GeoJSON.Feature<GeoJSON.Polygon | GeoJSON.MultiPolygon, AreaProperties>;

export interface Outlines {
  features: Outline[];
}

export type AreaDetail = Omit<Schemas['AreaDetail'], 'bbox'> & { bbox: [number, number, number, number] };

export type SiteProperties = Schemas['SiteProperties'];

export type Sites = Omit<Schemas['Sites'], 'features'> & { features: { geometry: { coordinates: [number, number] }; properties: SiteProperties }[] };

export type Connector = Schemas['Connector'];

export type Evse = Schemas['Evse'];

/** Where a site is, without its charge points. */
export type SitePlace = Schemas['SitePlace'];

export type Site = Schemas['Site'];

export type EvseReturn = Schemas['EvseReturn'];

export type EvseDetail = Schemas['EvseDetail'];

export type ResultKind = Schemas['ResultKind'];

export type SearchResult = Schemas['SearchResult'];

/** Energy in kWh by the fate of the rows that carried it. */
export type EnergySplit = Schemas['EnergySplit'];

export type { Finding, Submission, SubmissionDetail } from './intake-types';

export type QuarantinedRow = Schemas['QuarantinedRow'];

export type Quarantine = Schemas['Quarantine'];

export type Version = Schemas['Version'];

export type ChangedReturn = Schemas['ChangedReturn'];

export type ChangedFigure = Schemas['ChangedFigure'];

export type Changes = Schemas['Changes'];

export type ErrorEnvelope = Schemas['ErrorEnvelope'];
