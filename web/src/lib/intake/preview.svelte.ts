import { asApiError, type ApiError } from '../api/client';
import type { Layout, Preview } from '../api/intake-types';
import { preview } from './load';

/** How long the hand must rest before the file is read anew. */
const REST_MS = 350;

/** What a file comes to with the layout at hand. The old result stays until the new one is in. */
export class LivePreview {
  value = $state.raw<Preview | null>(null);
  error = $state.raw<ApiError | null>(null);
  loading = $state(true);
  #attempt = $state(0);

  constructor(id: number, layout: () => Layout) {
    let first = true;
    $effect(() => {
      void this.#attempt;
      const wanted = layout();
      const abort = new AbortController();
      this.loading = true;
      const timer = setTimeout(() => void this.#run(id, wanted, abort.signal), first ? 0 : REST_MS);
      first = false;
      return () => {
        clearTimeout(timer);
        abort.abort();
      };
    });
  }

  retry = (): void => {
    this.#attempt += 1;
  };

  async #run(id: number, layout: Layout, signal: AbortSignal): Promise<void> {
    try {
      const value = await preview(id, layout, signal);
      if (signal.aborted) return;
      this.value = value;
      this.error = null;
    } catch (cause) {
      if (signal.aborted) return;
      this.error = asApiError(cause);
    }
    this.loading = false;
  }
}
