/** Loads that failed because the server was away. When one of them succeeds again, or the browser is back online, all are tried again. */
import type { ApiError } from './client';

export interface Retryable {
  retry: () => void;
}

/** Whether the failure may pass by itself: no answer, or a fault of the server's. */
export function mayPass({ code, status }: Pick<ApiError, 'code' | 'status'>): boolean {
  return code === 'offline' || status >= 500;
}

export class Failing {
  #all = new Set<Retryable>();

  add(one: Retryable): void {
    this.#all.add(one);
  }

  delete(one: Retryable): void {
    this.#all.delete(one);
  }

  retryAll = (): void => {
    for (const one of [...this.#all]) one.retry();
  };
}

export const failing = new Failing();
