import { untrack } from 'svelte';
import { asApiError, type ApiError } from './client';
import { failing, mayPass } from './failing';

// A machine that comes back online asks again for all that it could not get.
globalThis.addEventListener?.('online', failing.retryAll);

/** What to load. A new `key` starts a new load; the old value stays until the new one is in. */
export interface Request<T> {
  key: string;
  load: (signal: AbortSignal) => Promise<T>;
}

/** A value that is loaded, and loaded anew when its request changes. */
export class Resource<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<ApiError | null>(null);
  loading = $state(true);
  #attempt = $state(0);

  constructor(request: () => Request<T> | null) {
    const current = $derived(request());
    const key = $derived(current?.key ?? null);
    $effect(() => {
      void this.#attempt;
      if (key === null) return this.#clear();
      const wanted = untrack(() => current);
      const abort = new AbortController();
      if (wanted) void this.#run(wanted, abort.signal);
      return () => {
        abort.abort();
        failing.delete(this);
      };
    });
  }

  /** Asks again after a failure. */
  retry = (): void => {
    this.#attempt += 1;
  };

  #clear(): void {
    this.value = null;
    this.error = null;
    this.loading = false;
  }

  async #run(request: Request<T>, signal: AbortSignal): Promise<void> {
    this.loading = true;
    try {
      const value = await request.load(signal);
      if (signal.aborted) return;
      const back = this.error !== null && mayPass(this.error);
      this.value = value;
      this.error = null;
      if (back) failing.retryAll();
    } catch (cause) {
      if (signal.aborted) return;
      const error = (this.error = asApiError(cause));
      if (mayPass(error)) failing.add(this);
    }
    this.loading = false;
  }
}
