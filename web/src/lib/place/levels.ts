/** The way down: London → borough → ward or cell → site → charge point. */
import type { AreaLevel, Catalogue, Level } from '../api/types';
import type { Place } from '../url/view';

/** Dimension of the API whose rows lie one step below a place, or `null` at a charge point. */
export type Below = AreaLevel | 'location' | 'evse';

/** The finest areas loaded: wards where there are any, else neighbourhood cells. */
export function fineLevel(catalogue: Catalogue): AreaLevel | null {
  const has = (id: string): boolean => catalogue.levels.some((level) => level.id === id && level.count > 0);
  return has('ward') ? 'ward' : has('cell') ? 'cell' : null;
}

/** The dimension one step below a place. */
export function below(place: Place, catalogue: Catalogue): Below | null {
  switch (place.kind) {
    case 'hub':
      return 'borough';
    case 'borough':
      return fineLevel(catalogue) ?? 'location';
    case 'ward':
    case 'cell':
      return 'location';
    case 'site':
      return 'evse';
    case 'evse':
      return null;
  }
}

export function isArea(level: string): level is AreaLevel {
  return level === 'borough' || level === 'ward' || level === 'cell';
}

/** The place that a row of a dimension stands for; `null` for operators and other categories. */
export function placeOf(dimension: string, code: string): Place | null {
  if (isArea(dimension)) return { kind: dimension, code };
  if (dimension === 'location') return { kind: 'site', code };
  return dimension === 'evse' ? { kind: 'evse', code } : null;
}

const NOUNS: Record<string, [string, string]> = {
  borough: ['borough', 'boroughs'],
  ward: ['ward', 'wards'],
  cell: ['neighbourhood', 'neighbourhoods'],
  location: ['site', 'sites'],
  evse: ['charge point', 'charge points'],
  operator: ['operator', 'operators'],
  band: ['power band', 'power bands'],
  siting: ['kind of site', 'kinds of site'],
};

/** What the rows of a dimension are called. */
export function noun(dimension: string, amount = 2): string {
  const [one, many] = NOUNS[dimension] ?? [dimension, dimension];
  return amount === 1 ? one : many;
}

/** The name of a level as a button says it. */
export function levelName(level: Level | undefined, id: string): string {
  const plural = level?.plural ?? noun(id);
  return plural.charAt(0).toUpperCase() + plural.slice(1);
}
