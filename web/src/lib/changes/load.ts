/** What the screen of changes asks the API. */
import { getJson } from '../api/client';
import type { Request } from '../api/resource.svelte';
import type { Changes, Version } from '../api/types';
import { changesPath, type Scope } from '../url/query';

/** Versions to choose from; older ones are reached by their number in the address. */
const TO_CHOOSE = 200;

/** Changes together with what they are about, so that old figures never stand under a new name. */
export interface FoundChanges {
  changes: Changes;
  metric: string;
  scope: Scope;
}

export function changesRequest(scope: Scope, metric: string, since: string | number, upTo: number): Request<FoundChanges> {
  const path = changesPath(scope, metric, since, upTo);
  return { key: path, load: async (signal) => ({ changes: await getJson<Changes>(path, signal), metric, scope }) };
}

/** Data versions, newest first. */
export function versionsRequest(newest: number): Request<Version[]> {
  const path = `/versions?limit=${TO_CHOOSE}`;
  return { key: `${path} ${newest}`, load: async (signal) => (await getJson<{ versions: Version[] }>(path, signal)).versions };
}
