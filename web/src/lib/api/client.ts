/** Reads the JSON API. Answers are kept with their ETag, so an unchanged figure costs one empty reply. */
import type { ErrorEnvelope } from './types';

export const API = '/api/v1';
const KEPT = 150;

/** What went wrong, in the server's words, and what to do about it. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly advice: string,
    readonly code: string,
  ) {
    super(message);
  }
}

const kept = new Map<string, { etag: string; body: unknown }>();

function keep(url: string, etag: string, body: unknown): void {
  kept.delete(url);
  kept.set(url, { etag, body });
  const oldest = kept.keys().next().value;
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
}

function isEnvelope(body: unknown): body is ErrorEnvelope {
  return typeof body === 'object' && body !== null && 'error' in body;
}

async function refusal(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  if (isEnvelope(body)) {
    const { message, advice, code } = body.error;
    return new ApiError(response.status, message, advice ?? '', code);
  }
  return new ApiError(
    response.status,
    `The server could not answer (HTTP ${response.status}).`,
    'Try again. When it happens again, look at the server’s log.',
    'http',
  );
}

async function send(url: string, signal: AbortSignal, etag: string | undefined): Promise<Response> {
  try {
    return await fetch(url, { signal, headers: etag ? { 'If-None-Match': etag } : {} });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new ApiError(0, 'The server does not answer.', 'Check that Kerbwatt is still running, then try again.', 'offline');
  }
}

/** Fetches one address below the API. Throws {@link ApiError}, or an abort when the signal says so. */
export async function getJson<T>(path: string, signal: AbortSignal): Promise<T> {
  const url = API + path;
  const before = kept.get(url);
  const response = await send(url, signal, before?.etag);
  if (response.status === 304 && before) return before.body as T;
  if (!response.ok) throw await refusal(response);
  const body: unknown = await response.json();
  const etag = response.headers.get('ETag');
  if (etag) keep(url, etag, body);
  return body as T;
}
