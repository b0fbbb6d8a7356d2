/** Name and whereabouts of the place that a page is about. */
import { getJson } from '../api/client';
import type { AreaDetail, AreaLevel, Catalogue, EvseDetail, Site, SitePlace } from '../api/types';
import { asOfVersion, segment } from '../url/query';
import type { Place } from '../url/view';
import { fineLevel, isArea } from './levels';
import { shortId } from './names';

export interface Step {
  place: Place;
  name: string;
}

export interface PlaceInfo {
  place: Place;
  name: string;
  /** The places above, widest first. */
  trail: Step[];
  /** Borough that holds the place, for its surroundings on the map. */
  borough: string | null;
  area?: AreaDetail;
  site?: Site;
  evse?: EvseDetail;
}

const asked = new Map<string, Promise<PlaceInfo>>();

/** Asks for a place once; a failed question is forgotten, so that it can be asked again. */
export function placeInfo(place: Place, catalogue: Catalogue): Promise<PlaceInfo> {
  const key = JSON.stringify([place, catalogue.data.data_version, catalogue.asOf ?? null]);
  const before = asked.get(key);
  if (before) return before;
  const answer = load(place, catalogue, new AbortController().signal);
  asked.set(key, answer);
  answer.catch(() => asked.delete(key));
  return answer;
}

async function load(place: Place, catalogue: Catalogue, signal: AbortSignal): Promise<PlaceInfo> {
  const top = hub(catalogue);
  const at = (path: string): string => asOfVersion(path, catalogue.asOf);
  switch (place.kind) {
    case 'hub':
      return { place, name: top.name, trail: [], borough: null };
    case 'site':
      return siteInfo(place, top, await getJson<Site>(at(`/sites/${segment(place.code)}`), signal), catalogue);
    case 'evse':
      return evseInfo(place, top, await getJson<EvseDetail>(at(`/evses/${segment(place.code)}`), signal), catalogue);
    default:
      return areaInfo(place, top, await getJson<AreaDetail>(at(`/areas/${place.kind}/${segment(place.code)}`), signal));
  }
}

function hub(catalogue: Catalogue): Step {
  return { place: { kind: 'hub' }, name: catalogue.data.hub_name };
}

function areaInfo(place: { kind: AreaLevel; code: string }, top: Step, area: AreaDetail): PlaceInfo {
  const parents = area.parents.flatMap(({ level, code, name }): Step[] => (isArea(level) ? [{ place: { kind: level, code }, name }] : []));
  const borough = place.kind === 'borough' ? place.code : (area.parents.find((parent) => parent.level === 'borough')?.code ?? null);
  return { place, name: area.name, trail: [top, ...parents], borough, area };
}

function above(site: SitePlace, catalogue: Catalogue): Step[] {
  const steps: Step[] = [];
  if (site.borough) steps.push({ place: { kind: 'borough', code: site.borough }, name: site.borough_name ?? site.borough });
  if (site.ward && fineLevel(catalogue) === 'ward') steps.push({ place: { kind: 'ward', code: site.ward }, name: site.ward_name ?? site.ward });
  return steps;
}

function siteInfo(place: Place, top: Step, site: Site, catalogue: Catalogue): PlaceInfo {
  return { place, name: site.name, trail: [top, ...above(site, catalogue)], borough: site.borough, site };
}

function evseInfo(place: Place, top: Step, evse: EvseDetail, catalogue: Catalogue): PlaceInfo {
  const site = evse.location;
  const steps: Step[] = site ? [...above(site, catalogue), { place: { kind: 'site', code: site.location }, name: site.name }] : [];
  return { place, name: `Charge point ${shortId(evse.evse)}`, trail: [top, ...steps], borough: site?.borough ?? null, evse };
}
