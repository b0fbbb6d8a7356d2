/** What the Data screens ask the API. */
import { getJson, postJson } from '../api/client';
import type { Request } from '../api/resource.svelte';
import type { Decision, FieldInfo, Layout, Preview, ProposedLayout, Sharing, SubmissionDetail, Submission, Tracker } from '../api/intake-types';
import type { Quarantine } from '../api/types';
import { revision } from './revision.svelte';

/** Quarantined rows on one page. */
export const ROWS_A_PAGE = 25;

function request<T>(path: string): Request<T> {
  return { key: `${path} ${revision.now}`, load: (signal) => getJson<T>(path, signal) };
}

export function returnsRequest(): Request<Submission[]> {
  const { key } = request('/submissions');
  return { key, load: async (signal) => (await getJson<{ submissions: Submission[] }>('/submissions', signal)).submissions };
}

export const trackerRequest = (): Request<Tracker> => request('/tracker');

export const sharingRequest = (): Request<Sharing> => request('/sharing');

export const detailRequest = (id: number): Request<SubmissionDetail> => request(`/submissions/${id}`);

export const fieldsRequest = (kind: Layout['kind']): Request<FieldInfo[]> => request(`/fields?kind=${kind}`);

export function quarantineRequest(id: number, rule: string | null, page: number): Request<Quarantine> {
  const narrowed = rule === null ? '' : `&rule=${encodeURIComponent(rule)}`;
  return request(`/submissions/${id}/quarantine?offset=${(page - 1) * ROWS_A_PAGE}&limit=${ROWS_A_PAGE}${narrowed}`);
}

/** Takes the repairs of a register's import back. */
export async function undoRegister(importNumber: number): Promise<{ changed: number }> {
  return changed(await postJson<{ changed: number }>(`/registers/${importNumber}/undo`, {}));
}

/** Records a decision. */
export async function decide(id: number, decision: Decision): Promise<SubmissionDetail> {
  return changed(await postJson<SubmissionDetail>(`/submissions/${id}/decide`, decision));
}

/** Takes a decision back. */
export async function undo(id: number, decision: number): Promise<SubmissionDetail> {
  return changed(await postJson<SubmissionDetail>(`/submissions/${id}/undo`, { decision }));
}

/** Records that an operator had nothing to report. Where sessions of that time are in the figures, the hub refuses it unless it is meant so. */
export async function nothingToReport(operator: string, period: string, operatorName: string | null, overSessions: boolean): Promise<SubmissionDetail> {
  const name = operatorName === null ? {} : { operator_name: operatorName };
  const meant = overSessions ? { over_sessions: true } : {};
  return changed(await postJson<SubmissionDetail>('/nothing-to-report', { operator, period, ...name, ...meant }));
}

/** What the columns of a return seem to hold with a header of so many rows. */
export function proposedLayout(id: number, headerRows: number, signal: AbortSignal): Promise<ProposedLayout> {
  return getJson<ProposedLayout>(`/submissions/${id}/layout?header_rows=${headerRows}`, signal);
}

/** Reads a return another way, without writing anything. */
export function preview(id: number, layout: Layout, signal: AbortSignal): Promise<Preview> {
  return postJson<Preview>(`/submissions/${id}/preview`, { layout }, signal);
}

function changed<T>(result: T): T {
  revision.bump();
  return result;
}
