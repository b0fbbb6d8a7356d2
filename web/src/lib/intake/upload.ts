/** Sends files with their progress, which `fetch` does not tell. */
import { ACTION, API, offline, refusalOf } from '../api/client';
import type { SubmitResult } from '../api/intake-types';

/** Who sends, and for when. */
export interface Sender {
  operator: string;
  /** Name of an operator that is new here. */
  operatorName: string | null;
  /** `2018-06..2018-09`, or nothing where the file's own dates are to tell. */
  period: string | null;
}

/** The address of a file to send, or only to check. */
export function uploadPath(file: string, sender: Sender, checkOnly: boolean): string {
  const pairs = Object.entries({ operator: sender.operator, file, period: sender.period, operator_name: sender.operatorName });
  const query = pairs.flatMap(([name, value]) => (value === null ? [] : [`${name}=${encodeURIComponent(value)}`])).join('&');
  return `/${checkOnly ? 'check' : 'submissions'}?${query}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Sends one file. `onprogress` hears the share that has left, 0..1; 1 means that the server has all of it and is checking.
 * Rejects with an `ApiError`, or with the signal's reason when it is aborted.
 */
export function upload(path: string, file: Blob, onprogress: (share: number) => void, signal: AbortSignal): Promise<SubmitResult[]> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', API + path);
    for (const [name, value] of Object.entries(ACTION)) request.setRequestHeader(name, value);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => onprogress(total > 0 ? loaded / total : 0);
    request.upload.onload = () => onprogress(1);
    request.onerror = () => reject(offline());
    request.onabort = () => reject(signal.reason);
    request.onload = () => {
      const body = parse(request.responseText);
      const fine = request.status >= 200 && request.status < 300 && typeof body === 'object' && body !== null && 'results' in body;
      if (fine) resolve((body as { results: SubmitResult[] }).results);
      else reject(refusalOf(request.status, body));
    };
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}
