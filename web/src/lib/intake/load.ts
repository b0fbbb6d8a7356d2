/** What the Data screens ask the API. */
import { ApiError, getJson, postJson } from '../api/client';
import type { Request } from '../api/resource.svelte';
import type { Decision, FieldInfo, Layout, Preview, ProposedLayout, Sharing, SubmissionDetail, Submission, Tracker } from '../api/intake-types';
import type { Quarantine } from '../api/types';
import { live } from '../live.svelte';
import { MEANWHILE, revision } from './revision.svelte';

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
export function decide(id: number, decision: Decision): Promise<SubmissionDetail> {
  return deciding(id, postJson<SubmissionDetail>(`/submissions/${id}/decide`, decision));
}

/** Takes a decision back. */
export function undo(id: number, decision: number): Promise<SubmissionDetail> {
  return deciding(id, postJson<SubmissionDetail>(`/submissions/${id}/undo`, { decision }));
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

/** Whether a decision came too late, as somebody else had decided. */
export function isOvertaken(cause: unknown): boolean {
  return cause instanceof ApiError && cause.code === 'overtaken';
}

/** A decision that comes too late can only fail again: the return is asked for anew, and it is said that it was decided. What is to be taken back is then not found. */
async function deciding(id: number, work: Promise<SubmissionDetail>): Promise<SubmissionDetail> {
  try {
    const one = await work;
    revision.overtaken = null;
    return changed(one);
  } catch (cause) {
    if (!(cause instanceof ApiError) || !(cause.code === 'decided_before' || cause.code === 'not_found')) throw cause;
    revision.overtaken = id;
    revision.bump();
    live.say(MEANWHILE);
    throw new ApiError(cause.status, MEANWHILE, '', 'overtaken');
  }
}

function changed<T>(result: T): T {
  revision.bump();
  return result;
}
