/** What each card of the Overview asks for. A snapshot keeps figures together with what they are about, so that old figures never stand under a new name. */
import { getJson } from '../api/client';
import type { Request } from '../api/resource.svelte';
import type { Answer, AreaLevel, Catalogue, Findings, Outlines, Period, Ranking, Series, Sites, Summary } from '../api/types';
import { stepFor, type Step } from '../findings/trend';
import { hourlyMetric, KPI_METRICS, kpiMetrics, shownMetric } from '../metrics/metrics';
import { placeInfo, type PlaceInfo, type Step as PlaceStep } from '../place/info';
import { fineLevel, type Below } from '../place/levels';
import { asOfVersion, figuresPath, type Scope } from '../url/query';
import type { Choice, Place } from '../url/view';

/** What a view asks about: the period that is chosen or proposed, as of its data version; `null` where there is no data yet. */
export function scopeOf(place: Place, choice: Choice, catalogue: Catalogue): Scope | null {
  const period = choice.period ?? catalogue.default_period;
  return period && catalogue.data.first_day ? { place, period, filters: choice.filters, asOf: catalogue.asOf } : null;
}

/** Figures with their place, period and filters. */
export interface Snapshot<T> {
  info: PlaceInfo;
  scope: Scope;
  metric: string;
  /** Address of the answer below the API. */
  path: string;
  data: T;
}

/** A request for figures together with the place that they are about. */
export function snapshot<T>(scope: Scope, metric: string, path: string, catalogue: Catalogue, load: (info: PlaceInfo, signal: AbortSignal) => Promise<T>): Request<Snapshot<T>> {
  return {
    key: path,
    load: async (signal) => {
      const [info, data] = await withInfo(placeInfo(scope.place, catalogue), (found) => load(found, signal));
      return { info, scope, metric, path, data };
    },
  };
}

async function withInfo<T>(asked: Promise<PlaceInfo>, load: (info: PlaceInfo) => Promise<T>): Promise<[PlaceInfo, T]> {
  const info = await asked;
  return [info, await load(info)];
}

/** The sentences under the heading. */
export function findingsRequest(scope: Scope, catalogue: Catalogue): Request<Snapshot<Findings>> {
  const path = figuresPath('findings', scope);
  return snapshot(scope, 'sessions', path, catalogue, (_, signal) => getJson<Findings>(path, signal));
}

/** The KPI row and the chosen metric, with both comparisons and sparklines. */
export function summaryRequest(scope: Scope, metric: string, catalogue: Catalogue): Request<Snapshot<Summary>> {
  const known = [...new Set([...KPI_METRICS, ...kpiMetrics(scope.place.kind), metric])].filter((id) => shownMetric(catalogue, id) !== undefined);
  const path = figuresPath('metrics', scope, { metric: known.join(','), compare: 1 });
  return snapshot(scope, 'sessions', path, catalogue, (_, signal) => getJson<Summary>(path, signal));
}

/** Hour of week of the metric's ratio, with what each hour was divided by. */
export function hoursRequest(scope: Scope, metric: string, catalogue: Catalogue): Request<Snapshot<Answer>> {
  const id = hourlyMetric(catalogue, metric);
  const path = figuresPath('query', scope, { metric: id, by: 'hour_of_week', ledger: 'true' });
  return snapshot(scope, id, path, catalogue, (_, signal) => getJson<Answer>(path, signal));
}

export interface Trend {
  answer: Series;
  step: Step;
  span: Period;
}

/** The metric over all the data's days, so that a chosen period is seen within its history. */
export function trendRequest(scope: Scope, metric: string, catalogue: Catalogue): Request<Snapshot<Trend>> {
  const { first_day, last_day } = catalogue.data;
  const span = first_day && last_day ? { from: first_day, to: last_day } : scope.period;
  const step = stepFor(span);
  const path = figuresPath('series', { ...scope, period: span }, { metric, by: step });
  return snapshot(scope, metric, path, catalogue, async (_, signal) => ({ answer: await getJson<Series>(path, signal), step, span }));
}

/** Every row of a dimension with last year's figure beside it. */
export function rankingRequest(scope: Scope, metric: string, by: string, catalogue: Catalogue): Request<Snapshot<Ranking & { by: string }>> {
  const path = figuresPath('ranking', scope, { metric, by, limit: 1000, compare: 'last_year' });
  return snapshot(scope, metric, path, catalogue, async (_, signal) => ({ ...(await getJson<Ranking>(path, signal)), by }));
}

/** What the map draws beside the ranking's figures. */
export interface MapData {
  ranking: Ranking;
  level: Below;
  outlines: Outlines;
  /** Level of the outlines. */
  drawn: AreaLevel;
  sites: Sites | null;
  /** Name of the area that the map shows. */
  around: string;
}

function outlinePath(level: AreaLevel, borough: string | null): string {
  return borough && level !== 'borough' ? `/areas/${level}?within=${borough}` : `/areas/${level}`;
}

function drawnLevel(scope: Scope, level: Below, info: PlaceInfo, catalogue: Catalogue): AreaLevel {
  if (level !== 'location' && level !== 'evse') return level;
  if (scope.place.kind === 'hub' || info.borough === null) return 'borough';
  return fineLevel(catalogue) ?? 'borough';
}

/** The map of a single site shows its ward, or else its borough, so that it is seen among its neighbours. */
function around(scope: Scope, info: PlaceInfo): PlaceStep {
  return scope.place.kind === 'site' ? (info.trail.findLast((step) => step.place.kind !== 'hub') ?? info) : info;
}

/** Outlines, sites and figures of the map; the figures are those of the ranking beside it. */
export function mapRequest(scope: Scope, metric: string, level: Below, catalogue: Catalogue): Request<Snapshot<MapData>> {
  const request = { metric, by: level, limit: 1000, compare: 'last_year' };
  const key = figuresPath('map', scope, request);
  const load = async (signal: AbortSignal): Promise<Snapshot<MapData>> => {
    const info = await placeInfo(scope.place, catalogue);
    const shown = around(scope, info);
    const wider = { ...scope, place: shown.place };
    const path = figuresPath('ranking', wider, request);
    const drawn = drawnLevel(scope, level, info, catalogue);
    const borough = scope.place.kind === 'hub' ? null : info.borough;
    const withSites = scope.place.kind !== 'hub' || level === 'location';
    const [ranking, outlines, sites] = await Promise.all([
      getJson<Ranking>(path, signal),
      getJson<Outlines>(asOfVersion(outlinePath(drawn, borough), scope.asOf), signal),
      withSites ? getJson<Sites>(figuresPath('sites', wider, { metric }), signal) : null,
    ]);
    return { info, scope, metric, path, data: { ranking, level, outlines, drawn, sites, around: shown.name } };
  };
  return { key, load };
}
