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

  /** Message and advice in one line. */
  get line(): string {
    return `${/[.?!]$/.test(this.message) ? this.message : `${this.message}.`} ${this.advice}`.trim();
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

/** The failure that a reply with this status and body tells of. */
export function refusalOf(status: number, body: unknown): ApiError {
  if (isEnvelope(body)) {
    const { message, advice, code } = body.error;
    return new ApiError(status, message, advice ?? '', code);
  }
  return new ApiError(status, `The server could not answer (HTTP ${status}).`, 'Try again. When it happens again, look at the server’s log.', 'http');
}

async function refusal(response: Response): Promise<ApiError> {
  return refusalOf(response.status, await response.json().catch(() => null));
}

/** The failure where no reply came at all. */
export function offline(): ApiError {
  return new ApiError(0, 'The server does not answer.', 'Check that Kerbwatt is still running, then try again.', 'offline');
}

async function send(url: string, signal: AbortSignal, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...request, signal });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw offline();
  }
}

/** Fetches one address below the API. Throws {@link ApiError}, or an abort when the signal says so. */
export async function getJson<T>(path: string, signal: AbortSignal): Promise<T> {
  const url = API + path;
  const before = kept.get(url);
  const response = await send(url, signal, { headers: before ? { 'If-None-Match': before.etag } : {} });
  if (response.status === 304 && before) return before.body as T;
  if (!response.ok) throw await refusal(response);
  const body: unknown = await response.json();
  const etag = response.headers.get('ETag');
  if (etag) keep(url, etag, body);
  return body as T;
}

/** Marks a request as made by the app itself: a page elsewhere cannot send this header. */
export const ACTION = { 'Kerbwatt-Action': '1' } as const;

/** Sends a change or a question too long for an address. Throws {@link ApiError}, or an abort when the signal says so. */
export async function postJson<T>(path: string, body: unknown, signal: AbortSignal = new AbortController().signal): Promise<T> {
  const headers = { 'Content-Type': 'application/json', ...ACTION };
  const response = await send(API + path, signal, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw await refusal(response);
  return (await response.json()) as T;
}

/** Whatever was thrown, as the failure that the screens can show. */
export function asApiError(cause: unknown): ApiError {
  return cause instanceof ApiError ? cause : new ApiError(0, String(cause), 'Reload the page.', 'internal');
}
